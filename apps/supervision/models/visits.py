"""Visits: a level above looks at a branch, or the branch at itself, for some days, with a team, a record and findings."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from apps.branches.models import Organization, Person
from apps.core.ids import public_id
from apps.supervision.models.ledger import Rectification, name_of
from apps.supervision.visit_querysets import VisitQuerySet


class Visit(models.Model):
    """One look at one branch (督导、监督会议). `organization` looks at `branch`; where they are the same it is the branch's own.

    What is typed is kept in `draft` as it was typed; closing writes the record and sends the findings. Closed it is immutable
    (trigger).
    """

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("visit status", "Planned")
        CLOSED = "closed", pgettext_lazy("visit status", "Closed")
        CANCELLED = "cancelled", pgettext_lazy("visit status", "Cancelled")

    class Way(models.TextChoices):
        """听、看、查、访."""

        LISTENED = "listened", pgettext_lazy("way of a visit", "Listen")
        LOOKED = "looked", pgettext_lazy("way of a visit", "Look")
        CHECKED = "checked", pgettext_lazy("way of a visit", "Check")
        CALLED = "called", pgettext_lazy("way of a visit", "Call on people")

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="visits_made")
    branch = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="visits_received")
    topic = models.CharField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField()  # included
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    # What the form has collected so far: field name → values. Emptied when closed.
    draft = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    ways = ArrayField(models.CharField(max_length=10, choices=Way), default=list, blank=True)
    met = models.CharField(max_length=300, blank=True)
    record = models.TextField(blank=True)
    # [[key, state, note], …] of the questions asked, and [[label, text], …] of what was known that day.
    answers = models.JSONField(default=list, blank=True)
    known = models.JSONField(default=list, blank=True)
    held_on = models.DateField(null=True, blank=True)  # the day it really took place
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    why_cancelled = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    request_key = models.CharField(max_length=60, unique=True, null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        indexes = [
            models.Index(fields=["organization", "starts_on"], name="visit_by_organization"),
            models.Index(fields=["branch", "starts_on"], name="visit_of_branch"),
        ]
        constraints = [
            models.CheckConstraint(name="visit_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="visit_closed_at", condition=Q(state="closed") ^ Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.branch} {self.starts_on}"

    @property
    def is_own(self) -> bool:
        """The branch looks at itself: the discipline member's regular meeting."""
        return self.organization_id == self.branch_id

    @property
    def day(self) -> date:
        return self.held_on or self.starts_on

    @property
    def saved_by_name(self) -> str:
        return name_of(self.saved_by)

    @property
    def closed_by_name(self) -> str:
        return name_of(self.closed_by)


class VisitMember(models.Model):
    """A person of the team. Without a post above the branch, the reach is this visit, for its days."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="visits")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "person"], name="visit_member_once")]

    def __str__(self) -> str:
        return str(self.person)


class VisitPhoto(models.Model):
    """A photo or a file from the spot: checked like every upload, reached like its visit, kept as it is once that is closed."""

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="photos")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="proofs/%Y/%m/", max_length=200)
    thumbnail = models.FileField(upload_to="thumbnails/%Y/%m/", max_length=200, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["visit", "sha256"], name="visit_photo_once")]

    def __str__(self) -> str:
        return self.name


class Finding(models.Model):
    """A problem found on a visit, as it was sent; what became of it stands in its row of the ledger."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="findings")
    order = models.PositiveSmallIntegerField()
    problem = models.CharField(max_length=500)
    category = models.CharField(max_length=20, choices=Rectification.Category)
    basis = models.CharField(max_length=200, blank=True)
    advice = models.CharField(max_length=200, blank=True)
    nature = models.CharField(max_length=9, choices=Rectification.Nature)
    due_on = models.DateField(null=True, blank=True)
    row = models.OneToOneField(Rectification, on_delete=models.PROTECT, related_name="finding")

    class Meta:
        ordering = ["visit", "order"]
        constraints = [models.UniqueConstraint(fields=["visit", "order"], name="finding_order")]

    def __str__(self) -> str:
        return self.problem[:60]
