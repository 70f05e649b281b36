"""What the customary roster knows beyond the person, and rosters on their way in from a file."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.branches.models import Organization, Person
from apps.core.ids import public_id

KEPT = timedelta(hours=24)  # uploads are gone, and an import can no longer be undone, after this


class MemberDetails(models.Model):
    """Columns of the customary roster that few pages need; a person without any of them has no row."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="details")
    applied_precision = models.CharField(max_length=5, choices=Person.Precision, default=Person.Precision.DAY)
    activist_on = models.DateField(_("activist since"), null=True, blank=True)
    activist_precision = models.CharField(max_length=5, choices=Person.Precision, default=Person.Precision.DAY)
    candidate_on = models.DateField(_("candidate since"), null=True, blank=True)
    candidate_precision = models.CharField(max_length=5, choices=Person.Precision, default=Person.Precision.DAY)
    admitted_at = models.CharField(_("branch at admission"), max_length=80, blank=True)
    confirmed_at = models.CharField(_("branch at full membership"), max_length=80, blank=True)
    dues_standard = models.DecimalField(_("dues (yuan a month)"), max_digits=8, decimal_places=2, null=True, blank=True)
    honors = models.CharField(_("commendations in the Party"), max_length=200, blank=True)
    staff_number = models.CharField(_("staff number"), max_length=40, blank=True)

    def __str__(self) -> str:
        return str(self.person)


class ImportBatchQuerySet(models.QuerySet):
    """Rosters on their way in."""

    def manageable_by(self, user):
        """The branch committee, nobody else: a file holds full personal data."""
        return self.filter(organization__in=user.reach.committee_of)


class ImportBatch(models.Model):
    """One file or one paste, from upload to result. Nothing of it is in the roster before it is confirmed."""

    class State(models.TextChoices):
        READING = "reading", _("Reading")
        TO_CHECK = "to_check", _("To check")
        IMPORTING = "importing", _("Importing")
        DONE = "done", _("Done")
        PARTLY_DONE = "partly_done", _("Partly done")

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="imports")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    # With whose rights the preview was made (posts a file proposes); nobody confirms what another one previewed.
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    file_name = models.CharField(max_length=120, blank=True)  # empty: pasted cells
    state = models.CharField(max_length=12, choices=State)
    # What the user chose: sheets, columns, answers and rows left out (see importing.choices). Emptied with the upload.
    choices = models.JSONField(default=dict)
    since = models.DateField(_("on the roster since"))
    language = models.CharField(max_length=10)
    total = models.PositiveIntegerField(default=0)  # rows with people in them
    progress = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    problems = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    # Of what the preview showed. The roster may move on between looking and pressing the button: then nothing is written.
    digest = models.CharField(max_length=64, blank=True)
    is_stale = models.BooleanField(default=False)  # it did move on; the user has to look again
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    purged_at = models.DateTimeField(null=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="import_of_organization")]
        constraints = [
            models.CheckConstraint(
                name="import_finished_when_done", condition=Q(finished_at=None) ^ Q(state__in=["done", "partly_done"])
            ),
            models.CheckConstraint(
                name="import_undone_after_done", condition=Q(undone_at=None) | Q(state__in=["done", "partly_done"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_finished(self) -> bool:
        return self.finished_at is not None

    def can_be_undone(self, now: datetime) -> bool:
        wrote = self.created or self.updated
        return bool(self.finished_at and wrote and self.undone_at is None and now < self.finished_at + KEPT)


class ImportFile(models.Model):
    """Sealed text of a batch: the upload, and what the preview shows. The table is unlogged: it reaches no backup."""

    class Kind(models.TextChoices):
        UPLOAD = "upload", _("Upload")
        PLAN = "plan", _("Preview")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=6, choices=Kind)
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "kind"], name="import_file_one_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.batch} {self.kind}"


class ImportChange(models.Model):
    """What a batch did to one person: `sealed` holds the state before and after, for the undo within a day."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="changes")
    person_id = models.BigIntegerField()
    is_new = models.BooleanField()
    was_skipped = models.BooleanField(default=False)  # by the undo: the row had changed since
    name = models.CharField(max_length=60)
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "person_id"], name="import_change_once_a_person")]

    def __str__(self) -> str:
        return self.name
