"""Duty rules as dated data, the periods in which they are owed, and what people decided about a period."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.branches.models import Organization, PartyGroup
from apps.core.ids import token
from apps.core.ladder import Ladder
from apps.core.paths import PathField
from apps.duties.querysets import DutyPeriodQuerySet, DutyRuleQuerySet
from apps.duties.schedule import Cadence, Due, Window
from apps.duties.vocabulary import Anchor, AppliesIf, Binding, Counted, Each, Months, Owner, Softness, Verified


def own_slug() -> str:
    """The slug of a duty that somebody added: unlike any of the catalogue's."""
    return f"own-{token(8)}"


class DutyRule(models.Model):
    """What is owed how often, from `valid_from` on, by whom and by which article.

    Rows with one slug are one duty over time and over levels: without `set_by` it holds everywhere, with it in that subtree,
    where it replaces the row from above. The past is judged by the row of its time.
    """

    slug = models.SlugField(max_length=40, default=own_slug)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    article_zh = models.CharField(max_length=200, blank=True)
    article_en = models.CharField(max_length=200, blank=True)
    wording_zh = models.CharField(max_length=200, blank=True)  # the clause as read; empty where it was not
    binding = models.CharField(max_length=10, choices=Binding)
    softness = models.CharField(max_length=10, choices=Softness)
    verified = models.CharField(max_length=3, choices=Verified)
    owner = models.CharField(max_length=10, choices=Owner)
    applies_if = models.CharField(max_length=20, choices=AppliesIf, default=AppliesIf.ALWAYS)
    months = models.PositiveSmallIntegerField(choices=Months)
    window = models.CharField(max_length=12, blank=True)  # "10-01..03-31", both days included
    for_next_year = models.BooleanField(default=False)
    # A duty that no calendar knows waits for its anchor. Loaded, inactive, until the part that fulfils it exists.
    anchor = models.CharField(max_length=30, choices=Anchor, blank=True)
    anchor_months = models.SmallIntegerField(default=0)  # within so many after it; negative: before it
    anchor_days = models.SmallIntegerField(default=0)
    times = models.PositiveSmallIntegerField(default=1)
    counted = models.CharField(max_length=12, choices=Counted, default=Counted.RECORDS)
    each = models.CharField(max_length=20, choices=Each, blank=True)
    fulfilled_by = ArrayField(models.SlugField(max_length=40), default=list)  # slugs of activity kinds
    grace_days = models.PositiveSmallIntegerField()
    soon_days = models.PositiveSmallIntegerField()
    # Reminders: days relative to the due day, each zero or less; then the day it is overdue and one repeat (apps.core.ladder).
    ladder = ArrayField(models.SmallIntegerField(), default=list, blank=True)
    help_days = models.PositiveSmallIntegerField(default=14)  # overdue for so long: the level above looks
    order = models.PositiveSmallIntegerField(default=0)
    set_by = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="duty_rules")
    set_by_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_before = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)  # False with `set_by`: switched off in that subtree

    objects = DutyRuleQuerySet.as_manager()

    class Meta:
        ordering = ["order", "slug", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "set_by", "valid_from"], name="duty_rule_once_a_day", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="duty_rule_window_of_yearly_duties", condition=Q(window="") | Q(months=Months.YEAR)
            ),
            models.CheckConstraint(
                name="duty_rule_only_practice_is_switched_off",
                condition=Q(is_active=True) | Q(set_by=None) | Q(binding=Binding.PRACTICE),
            ),
            models.CheckConstraint(name="duty_rule_times", condition=Q(times__gte=1)),
            models.CheckConstraint(
                name="duty_rule_ends_after_start", condition=Q(valid_before=None) | Q(valid_before__gt=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" and self.name_en else self.name_zh

    @property
    def article(self) -> str:
        return self.article_en if get_language() == "en" and self.article_en else self.article_zh

    @property
    def cadence(self) -> Cadence:
        return Cadence(self.months, Window.parse(self.window) if self.window else None, self.for_next_year)

    @property
    def steps(self) -> Ladder:
        """By which its owing party is reminded."""
        return Ladder.of(self.ladder)

    @property
    def is_own(self) -> bool:
        """A branch chose it for itself (自选动作)."""
        return self.set_by is not None and self.set_by.is_branch

    @property
    def is_added(self) -> bool:
        """Somebody added it: a branch for itself, or a committee for its subtree. The catalogue does not know it."""
        return self.slug.startswith("own-")

    @property
    def may_be_explained(self) -> bool:
        """Asked generally or by custom: the branch may close a period with its own written reason."""
        return self.softness in (Softness.GENERALLY, Softness.CUSTOMARY)

    @property
    def may_be_switched_off(self) -> bool:
        return self.binding == Binding.PRACTICE


class DutyPeriod(models.Model):
    """One duty of one organization or group over one span of days. Its state is derived from this row and today.

    No database foreign keys in or out: reconcile proves the integrity, and the table can be partitioned.
    """

    class Closed(models.TextChoices):
        OPEN = "", "open"
        WAIVED = "waived"
        EXPLAINED = "explained"
        NOT_APPLICABLE = "not_applicable"

    class Late(models.IntegerChoices):
        """How the record that completed it was late. Ordered: the better record counts first."""

        IN_TIME = 0
        RECORDED_LATE = 1
        HELD_LATE = 2

    rule = models.ForeignKey(DutyRule, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="periods")
    organization = models.ForeignKey(
        Organization, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="duty_periods"
    )
    group = models.ForeignKey(
        PartyGroup, models.DO_NOTHING, db_constraint=False, db_index=False, null=True, related_name="duty_periods"
    )
    root_id = models.BigIntegerField()
    path = PathField()  # a copy: a month of a subtree is one index range
    for_year = models.SmallIntegerField()
    starts_on = models.DateField()
    ends_before = models.DateField()
    due_on = models.DateField()
    soon_from = models.DateField()
    overdue_from = models.DateField()
    required = models.SmallIntegerField()
    done = models.SmallIntegerField(default=0)
    held_on = models.DateField(null=True)  # of the record that completed it
    late = models.SmallIntegerField(choices=Late, default=Late.IN_TIME)
    closed_as = models.CharField(max_length=14, choices=Closed, default=Closed.OPEN, blank=True)

    objects = DutyPeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "starts_on", "rule", "group"],
                name="duty_period_one_per_span",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="duty_period_ends_after_start", condition=Q(ends_before__gt=F("starts_on"))),
        ]
        indexes = [
            models.Index(
                fields=["starts_on", "path"], include=["rule", "done", "required"], name="duty_period_of_month"
            ),
            models.Index(
                fields=["overdue_from", "path"],
                condition=Q(closed_as="", done__lt=F("required")),
                name="duty_period_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.organization_id} {self.starts_on}"

    @property
    def due(self) -> Due:
        """As `schedule` wants it."""
        return Due(
            due_on=self.due_on,
            required=self.required,
            grace_days=(self.overdue_from - self.due_on).days - 1,
            soon_days=(self.due_on - self.soon_from).days + 1,
        )


class DutyNote(models.Model):
    """What was asked and decided about a period, one line after the other; never changed. The period keeps the outcome."""

    class Kind(models.TextChoices):
        WAIVER_ASKED = "waiver_asked", pgettext_lazy("duty note", "Waiver asked for")
        WAIVED = "waived", pgettext_lazy("duty note", "Waived")
        WAIVER_REFUSED = "waiver_refused", pgettext_lazy("duty note", "Waiver refused")
        EXPLAINED = "explained", pgettext_lazy("duty note", "Explained")
        REOPENED = "reopened", pgettext_lazy("duty note", "Reopened")
        NOT_APPLICABLE = "not_applicable", pgettext_lazy("duty note", "Not applicable")

    class Code(models.TextChoices):
        """Why the calendar itself found a period not applicable."""

        WRITTEN = "", "as written"
        DISSOLVED = "dissolved", _("The branch was dissolved within the period.")
        GROUP_ENDED = "group_ended", _("The group ended within the period.")
        NO_COMMITTEE = "no_committee", _("The branch had no committee at the end of the period.")
        TEMPORARY = "temporary", _("The branch became a temporary one within the period.")
        APPLIES_AGAIN = "applies_again", _("The ground is gone; it is owed again.")

    period = models.ForeignKey(DutyPeriod, models.DO_NOTHING, db_constraint=False, related_name="notes")
    kind = models.CharField(max_length=14, choices=Kind)
    reason = models.CharField(max_length=300, blank=True)
    code = models.CharField(max_length=14, choices=Code, blank=True)
    # Who wrote it, and for which level: the approver of a waiver is the staff of `organization`. Nobody: the calendar.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="duty_note_says_why", condition=~Q(reason="") ^ ~Q(code="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"

    @property
    def author(self) -> str:
        """Name of who wrote it; the login where no person is behind it; empty for what the calendar found."""
        if self.by is None:
            return ""
        person = getattr(self.by, "person", None)
        return person.name if person else self.by.username

    @property
    def why(self) -> str:
        return self.reason or str(self.get_code_display())


class Materialised(models.Model):
    """Ledger: this period of this rule has been laid out over the whole tree."""

    rule = models.ForeignKey(DutyRule, on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField()
    rows = models.IntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "starts_on"], name="materialised_once")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.starts_on}"
