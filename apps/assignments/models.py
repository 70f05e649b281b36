"""Who is to do what by when, and every step of it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.activities.models import Activity
from apps.assignments.querysets import AssignmentQuerySet, BatchQuerySet
from apps.assignments.rules import OPEN, Act, State
from apps.branches.models import Organization, Person
from apps.core.ids import public_id


class Batch(models.Model):
    """One request of a committee to many branches: its words once, and the roll-up over its rows."""

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")  # who asks
    title = models.CharField(max_length=200)
    note = models.TextField(max_length=1000, blank=True)
    due_on = models.DateField(null=True, blank=True)
    size = models.PositiveIntegerField(default=0)  # branches asked
    # Set by the page that asked for it: the second press of the same button finds the first one's rows.
    request_key = models.CharField(max_length=36, unique=True, null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = BatchQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "-id"], name="assignment_batch_newest")]

    def __str__(self) -> str:
        return self.title


class Assignment(models.Model):
    """One thing to do (任务) for one person, or for the branch itself, which is its secretary's then."""

    class Source(models.TextChoices):
        DECISION = "decision", _("A decision of a meeting")
        BY_HAND = "by_hand", pgettext_lazy("source of an assignment", "By hand")
        REQUEST = "request", _("A request of the committee")

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    source = models.CharField(max_length=10, choices=Source)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="assignments")
    assignee = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    given_by_organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("what is to be done"), max_length=200)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in State], default=State.TODO)
    # The decision it comes from: found again by a correction of the record. Empty again once the decision is dropped.
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments")
    decision_order = models.PositiveSmallIntegerField(null=True, blank=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments")
    # A later day asked for by whoever is to do it, until it is answered.
    asked_due_on = models.DateField(null=True, blank=True)
    asked_reason = models.CharField(max_length=200, blank=True)
    # Of one declined: who could do it instead.
    substitute = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    nudged_on = models.DateField(null=True, blank=True)
    # Set by the page that asked for it: the second press of the same button finds the first one's row.
    request_key = models.CharField(max_length=36, unique=True, null=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "-id"], name="assignment_of_branch"),
            models.Index(fields=["assignee", "due_on"], name="assignment_mine", condition=Q(state__in=OPEN)),
            models.Index(fields=["due_on", "id"], name="assignment_due", condition=Q(state__in=OPEN)),
            models.Index(fields=["organization", "due_on"], name="assignment_open_of", condition=Q(state__in=OPEN)),
            models.Index(
                fields=["given_by_organization", "due_on"], name="assignment_open_from", condition=Q(state__in=OPEN)
            ),
            models.Index(fields=["batch", "id"], name="assignment_batch_rows", condition=Q(batch__isnull=False)),
            models.Index(fields=["batch", "state", "id"], name="assignment_of_batch", condition=Q(batch__isnull=False)),
        ]
        constraints = [
            # Deferred: a correction may let two decisions change places.
            models.UniqueConstraint(
                fields=["activity", "decision_order"],
                name="assignment_once_a_decision",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    def is_overdue(self, today: date) -> bool:
        return self.state in OPEN and self.state != State.SUBMITTED and bool(self.due_on) and self.due_on < today


class AssignmentEvent(models.Model):
    """One step, as it was taken. Never changed, never deleted (trigger)."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Act])
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    on_behalf = models.BooleanField(default=False)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.act} {self.at:%Y-%m-%d %H:%M}"


class Evidence(models.Model):
    """A file handed in with an assignment: content checked, location removed; its reach is the assignment's."""

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="evidence/%Y/%m/", max_length=200)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["assignment", "pk"]
        constraints = [models.UniqueConstraint(fields=["assignment", "sha256"], name="evidence_once")]

    def __str__(self) -> str:
        return self.name
