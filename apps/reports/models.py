"""Reports of a branch over a period, what was handed in each time, and what the level above decided about it."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from apps.branches.models import Organization
from apps.core.ids import public_id
from apps.duties.schedule import Span
from apps.duties.vocabulary import Months
from apps.reports.periods import code_of
from apps.reports.querysets import ReportQuerySet

WORDS_AT_MOST = 6000  # characters of one block
REASON_AT_MOST = 300
OPINION_AT_MOST = 300


class Report(models.Model):
    """One branch, one kind (`months`), one period. Its words are drafted from the records until somebody edits them.

    `plan` and `work` are None as long as nobody did: then the draft keeps up with the records. Figures are never stored here;
    what was handed in stands in `ReportVersion`.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"
        RETURNED = "returned"
        APPROVED = "approved"
        WITHDRAWN = "withdrawn"

    # Where the branch may write and hand in.
    WITH_BRANCH = (State.DRAFT, State.RETURNED, State.WITHDRAWN)

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="reports")
    months = models.PositiveSmallIntegerField(choices=Months)
    starts_on = models.DateField()
    ends_before = models.DateField()
    drafted_from = models.DateField()  # from this day on it is shown
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=[(s, s.value) for s in State], default=State.DRAFT)
    plan = models.TextField(null=True, blank=True)
    work = models.TextField(null=True, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)  # the last time
    handed_in = models.PositiveSmallIntegerField(default=0)  # how often: the number of the last version
    opened_at = models.DateTimeField(null=True)  # since then the review has begun and it is not withdrawn any more
    put_aside_at = models.DateTimeField(null=True)  # at the end of the queue until taken up again
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    reviewed_for = models.ForeignKey(Organization, on_delete=models.SET_NULL, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)  # counts every change

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "months", "starts_on"], name="report_one_per_period"),
            models.CheckConstraint(name="report_ends_after_start", condition=Q(ends_before__gt=F("starts_on"))),
            models.CheckConstraint(
                name="report_handed_in_has_its_time",
                condition=Q(state="draft") | Q(submitted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at", "organization"],
                condition=Q(state__in=["submitted", "returned"]),
                name="report_in_review",
            ),
            models.Index(
                fields=["due_on", "organization"],
                condition=Q(state__in=["draft", "returned", "withdrawn"]),
                name="report_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.code}"

    @property
    def code(self) -> str:
        """`2026-03`, `2026-q1`: the period as it stands in an address."""
        return code_of(self.starts_on, self.months)

    @property
    def span(self) -> Span:
        return Span(self.starts_on, self.ends_before)

    @property
    def is_with_branch(self) -> bool:
        return self.state in self.WITH_BRANCH

    def is_over(self, today: date) -> bool:
        """Handed in only once the period has ended."""
        return today >= self.ends_before


class ReportVersion(models.Model):
    """What was handed in, whole: the words, each number and the rows behind it. Never changed, never deleted (trigger).

    `figures`: [{"slug", "value", "of", "rows": [[row id, mark], …]}, …]; `mark` is how the row stood then.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    plan = models.TextField()
    work = models.TextField()
    figures = models.JSONField()
    fields_typed = models.PositiveSmallIntegerField()  # blocks of words changed by hand, of the two
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["report", "number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="report_version_once")]

    def __str__(self) -> str:
        return f"{self.report_id} · {self.number}"


class ReportNote(models.Model):
    """What happened to a report after it was handed in, one line after the other; never changed.

    `passages`: what is asked for at which line, [{"block", "line", "quote", "text"}, …].
    """

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn", pgettext_lazy("report note", "Withdrawn by the branch")
        APPROVED = "approved", pgettext_lazy("report note", "Approved")
        RETURNED = "returned", pgettext_lazy("report note", "Returned")
        UNDONE = "undone", pgettext_lazy("report note", "Decision taken back")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="notes")
    number = models.PositiveIntegerField()  # of the version it is about
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=REASON_AT_MOST, blank=True)
    passages = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="report_note_returned_says_why", condition=~Q(kind="returned") | ~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"

    @property
    def author(self) -> str:
        """Name of who wrote it; the login where no person is behind it."""
        if self.by is None:
            return ""
        person = getattr(self.by, "person", None)
        return person.name if person else self.by.username


class CannedReason(models.Model):
    """A sentence that the staff of one committee use again and again."""

    class Use(models.TextChoices):
        APPROVE = "approved", pgettext_lazy("canned sentence", "Approving")
        RETURN = "returned", pgettext_lazy("canned sentence", "Returning")

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="canned_reasons")
    use = models.CharField(max_length=10, choices=Use)
    text = models.CharField(max_length=120)

    class Meta:
        ordering = ["organization", "use", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "use", "text"], name="canned_reason_once"),
        ]

    def __str__(self) -> str:
        return self.text
