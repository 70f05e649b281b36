"""Visitors: reception days, what they brought, and the days promised to them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.branches.models import Organization, Person
from apps.core.ids import public_id
from apps.voices import terms
from apps.voices.querysets import MatterQuerySet, ReceptionDayQuerySet
from apps.voices.sealing import MARK


class OwnTerm(models.Model):
    """Days an organization chose for itself and those below it: `terms.TERMS`."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    key = models.CharField(max_length=20)
    value = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="own_term_once")]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.key}: {self.value}"


class ReceptionDay(models.Model):
    """When and where somebody listens; published to everyone with the branch's link (art. 18)."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="reception_days")
    held_on = models.DateField(_("day"))
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("to"))
    place = models.CharField(_("place"), max_length=80)
    receiver = models.CharField(_("who receives"), max_length=40)
    is_cancelled = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = ReceptionDayQuerySet.as_manager()

    class Meta:
        ordering = ["held_on", "starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "held_on", "starts_at"],
                condition=Q(is_cancelled=False),
                name="reception_day_once",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="reception_day_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.held_on} {self.place}"


class Matter(models.Model):
    """What a visitor brought. `state` and `due_on` are `progress.standing` of its events, kept for queries.

    `number` is drawn, not counted: a gap would tell that there is one you may not know of.
    """

    class Category(models.TextChoices):
        SUGGESTION = "suggestion", pgettext_lazy("visitor's matter", "Suggestion")
        ACCUSATION = "accusation", _("Report or accusation")
        APPEAL = "member_appeal", _("Appeal of a Party member")
        REQUEST = "request", _("Other request")

    class Way(models.TextChoices):
        VISIT = "visit", pgettext_lazy("way to speak up", "Visit")
        LETTER = "letter", pgettext_lazy("way to speak up", "Letter")
        PHONE = "phone", pgettext_lazy("way to speak up", "Telephone")
        ONLINE = "online", pgettext_lazy("way to speak up", "Online")

    class Satisfaction(models.TextChoices):
        SATISFIED = "satisfied", pgettext_lazy("visitor", "Satisfied")
        FAIRLY = "fairly", pgettext_lazy("visitor", "Fairly satisfied")
        NOT = "not", pgettext_lazy("visitor", "Not satisfied")
        UNSAID = "unsaid", pgettext_lazy("visitor", "Would not say")

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="matters")
    number = models.CharField(max_length=12)
    received_on = models.DateField(_("received on"))
    way = models.CharField(_("way"), max_length=6, choices=Way, default=Way.VISIT)
    category = models.CharField(_("category"), max_length=14, choices=Category)
    people = models.PositiveSmallIntegerField(_("how many came"), default=1)
    is_forwarded = models.BooleanField(default=False)
    objection_due_on = models.DateField(null=True)
    promised = models.JSONField(default=dict)  # the organization's own days on the day of receipt: a promise is kept
    state = models.CharField(max_length=10, default="received")
    due_on = models.DateField(null=True)
    receiver = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    handler = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    # Who must not know: the accused or concerned (art. 30) and whoever stepped aside (art. 28). Marks, not ids.
    barred = ArrayField(models.CharField(max_length=MARK), default=list)
    identity_sealed = models.BinaryField(null=True)
    words_sealed = models.BinaryField(null=True)
    code_hash = models.BinaryField(max_length=32, null=True, unique=True)
    submission = models.UUIDField(unique=True)  # the form it came from: sent twice, it is one
    satisfaction = models.CharField(max_length=10, choices=Satisfaction, blank=True)
    retain_until = models.DateField()
    erased_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = MatterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="matter_number_once"),
            models.CheckConstraint(condition=Q(people__gte=1), name="matter_somebody_came"),
            models.CheckConstraint(
                name="matter_erased_whole",
                condition=Q(erased_on=None) | Q(identity_sealed=None, words_sealed=None, code_hash=None, due_on=None),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "received_on"], name="matter_of_branch"),
            models.Index(fields=["handler", "due_on"], name="matter_owed", condition=Q(due_on__isnull=False)),
            models.Index(fields=["retain_until"], name="matter_to_erase", condition=Q(erased_on=None)),
            GinIndex(fields=["barred"], name="matter_barred"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def representatives(self) -> int:
        """Of a group at most five are received (art. 20)."""
        return min(self.people, terms.REPRESENTATIVES)


class MatterEvent(models.Model):
    """One step, in order; its words are sealed."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="events")
    key = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    step = models.CharField(max_length=14)  # progress.Step, or a change of hands
    on = models.DateField()
    days = models.PositiveSmallIntegerField(default=0)
    words_sealed = models.BinaryField(null=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["matter", "pk"]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.step} {self.on}"
