"""Who is to do what by when, and every step of it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.activities.models import Activity
from apps.assignments.querysets import AssignmentQuerySet
from apps.assignments.rules import OPEN, Act, State
from apps.branches.models import Organization, Person
from apps.core.ids import public_id


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
    batch = models.CharField(max_length=36, blank=True)  # the same for one request to many branches
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
