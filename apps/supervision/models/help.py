"""Plans by which a committee helps a branch that has grown weak (软弱涣散) back on its feet."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from apps.branches.models import Organization
from apps.core.ids import public_id
from apps.supervision.help_querysets import HelpPlanQuerySet
from apps.supervision.models.ledger import name_of


class HelpPlan(models.Model):
    """A dated plan of one committee with one branch: causes, measures, who helps, reviews, lifting. No label, no degree."""

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="help_plans")
    set_by = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="help_plans_set")
    causes = models.CharField(max_length=1000)
    goal = models.CharField(max_length=300, blank=True)
    helper = models.CharField(max_length=60)  # name and post: leaders from above need not be in these books
    starts_on = models.DateField()
    ends_on = models.DateField()
    lifted_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    request_key = models.CharField(max_length=60, unique=True, null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = HelpPlanQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["organization", "starts_on"], name="help_plan_of_branch")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(lifted_on=None), name="help_plan_one_at_a_time"
            ),
            models.CheckConstraint(name="help_plan_ends_after_start", condition=Q(ends_on__gt=F("starts_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.starts_on}"


class HelpMeasure(models.Model):
    """One measure of the plan."""

    plan = models.ForeignKey(HelpPlan, on_delete=models.PROTECT, related_name="measures")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    done_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["plan", "order"]
        constraints = [models.UniqueConstraint(fields=["plan", "order"], name="help_measure_order")]

    def __str__(self) -> str:
        return self.text


class HelpStep(models.Model):
    """What was done under the plan, in order. Added, never changed (trigger)."""

    class Kind(models.TextChoices):
        SET = "set", pgettext_lazy("step of a help plan", "Set up")
        NOTED = "noted", pgettext_lazy("step of a help plan", "Progress")
        DONE = "done", pgettext_lazy("step of a help plan", "Measure done")
        REVIEWED = "reviewed", pgettext_lazy("step of a help plan", "Review")
        LIFTED = "lifted", pgettext_lazy("step of a help plan", "Concluded")

    plan = models.ForeignKey(HelpPlan, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=9, choices=Kind)
    on = models.DateField()
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    at = models.DateTimeField()
    request_key = models.CharField(max_length=36, unique=True, null=True, editable=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"

    @property
    def by_name(self) -> str:
        return name_of(self.by)
