"""The suggestion box (意见箱) and practical help (办实事)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.branches.models import Organization, Person
from apps.core.ids import public_id
from apps.voices.models.visits import Matter
from apps.voices.querysets import PracticalHelpQuerySet, SuggestionQuerySet
from apps.voices.sealing import MARK


class Suggestion(models.Model):
    """The author's words are sealed; what is made public is written anew by whoever answers. An anonymous one has no author
    anywhere: no mark, no name, nothing finer than the day.
    """

    class State(models.TextChoices):
        OPEN = "open"
        PUBLIC = "public"
        ALONE = "alone"

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="suggestions")
    said_on = models.DateField()
    author_mark = models.CharField(max_length=MARK, blank=True, db_index=True)
    author_sealed = models.BinaryField(null=True)
    words_sealed = models.BinaryField(null=True)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    due_on = models.DateField()
    answered_on = models.DateField(null=True)
    answered_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    public_words = models.CharField(_("what was suggested"), max_length=300, blank=True)
    public_answer = models.TextField(_("answer"), blank=True)
    public_change = models.CharField(_("what has changed"), max_length=200, blank=True)
    answer_sealed = models.BinaryField(null=True)  # to the author alone
    submission = models.UUIDField(unique=True)
    retain_until = models.DateField()
    erased_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="suggestion_public_has_answer",
                condition=~Q(state="public") | ~Q(public_answer="", public_words=""),
            ),
            models.CheckConstraint(
                name="suggestion_erased_whole",
                condition=Q(erased_on=None)
                | Q(author_mark="", author_sealed=None, words_sealed=None, answer_sealed=None),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-said_on"], name="suggestion_of_branch"),
            models.Index(fields=["organization", "answered_on"], name="suggestion_public", condition=Q(state="public")),
            models.Index(fields=["due_on"], name="suggestion_owed", condition=Q(state="open")),
            models.Index(fields=["retain_until"], name="suggestion_to_erase", condition=Q(erased_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.said_on}"

    @property
    def is_anonymous(self) -> bool:
        return self.author_sealed is None and self.erased_on is None


class PracticalHelp(models.Model):
    """A need, who does something about it, what came of it, and whether those who needed it are content."""

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="practical_help")
    suggestion = models.ForeignKey(Suggestion, models.SET_NULL, null=True, related_name="helped_by")
    asked_on = models.DateField(_("heard on"))
    due_on = models.DateField(_("to be done by"))
    owner = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    need_sealed = models.BinaryField(null=True)
    result_sealed = models.BinaryField(null=True)
    done_on = models.DateField(null=True)
    satisfaction = models.CharField(max_length=10, choices=Matter.Satisfaction, blank=True)
    public_line = models.CharField(_("line for everyone"), max_length=200, blank=True)
    submission = models.UUIDField(unique=True)
    retain_until = models.DateField()
    erased_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = PracticalHelpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="practical_help_erased_whole",
                condition=Q(erased_on=None) | Q(need_sealed=None, result_sealed=None),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-asked_on"], name="practical_help_of_branch"),
            models.Index(fields=["owner", "due_on"], name="practical_help_owed", condition=Q(done_on=None)),
            models.Index(fields=["retain_until"], name="practical_help_to_erase", condition=Q(erased_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.asked_on}"
