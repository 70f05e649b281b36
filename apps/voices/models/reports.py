"""Situation reports upward (情况反映): to the nearest level that is not concerned."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.branches.models import Organization, Person
from apps.core.ids import public_id
from apps.voices.querysets import SituationReportQuerySet
from apps.voices.sealing import MARK


class SituationReport(models.Model):
    """From a member or a branch committee. Author and concerned are marks: a dump names neither.

    `due_on` is the next day owed to the author: first the acknowledgement, then the answer.
    """

    class Category(models.TextChoices):
        WORK = "work", _("Work and production")
        LIFE = "life", _("Life and welfare")
        CONDUCT = "conduct", _("Conduct and discipline")
        SAFETY = "safety", _("Safety and risks")
        OPINION = "opinion", _("What people think and say")
        OTHER = "other", pgettext_lazy("situation report", "Other")

    class State(models.TextChoices):
        SENT = "sent"
        ACKNOWLEDGED = "acknowledged"
        ANSWERED = "answered"

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="situation_reports")
    category = models.CharField(_("category"), max_length=8, choices=Category)
    sent_on = models.DateField()
    on_behalf = models.BooleanField(default=False)  # of the branch committee
    past_branch = models.BooleanField(default=False)  # the branch is not to know
    author_mark = models.CharField(max_length=MARK, db_index=True)
    author_sealed = models.BinaryField(null=True)
    words_sealed = models.BinaryField(null=True)
    barred = ArrayField(models.CharField(max_length=MARK), default=list)
    routed_to = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.SENT)
    due_on = models.DateField(null=True)
    answer_due_on = models.DateField()
    submission = models.UUIDField(unique=True)
    retain_until = models.DateField()
    erased_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = SituationReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="situation_erased_whole",
                condition=Q(erased_on=None)
                | Q(author_sealed=None, words_sealed=None, author_mark="", barred=[], due_on=None),
            ),
        ]
        indexes = [
            models.Index(fields=["routed_to", "-sent_on"], name="situation_received"),
            models.Index(fields=["organization", "-sent_on"], name="situation_of_branch"),
            models.Index(fields=["due_on"], name="situation_owed", condition=Q(due_on__isnull=False)),
            models.Index(fields=["retain_until"], name="situation_to_erase", condition=Q(erased_on=None)),
            GinIndex(fields=["barred"], name="situation_barred"),
        ]

    def __str__(self) -> str:
        return self.public_id


class ReportRecipient(models.Model):
    """Who may open it at the level it has reached, beside holding a receiving post there on the day."""

    report = models.ForeignKey(SituationReport, models.CASCADE, related_name="recipients")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "person"], name="report_recipient_once")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.person_id}"


class ReportEvent(models.Model):
    """Acknowledged, passed up, answered; `level` did it."""

    report = models.ForeignKey(SituationReport, models.CASCADE, related_name="events")
    key = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    step = models.CharField(max_length=12)
    on = models.DateField()
    level = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    words_sealed = models.BinaryField(null=True)

    class Meta:
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.step} {self.on}"
