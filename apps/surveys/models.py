"""Surveys: what is asked, who has answered, and the answers, which of an anonymous survey nobody can tell apart.

An anonymous survey keeps all its answers in one sealed box; who has answered stands elsewhere and says neither when nor what.
At closing the box is opened once, counted into `Result` and deleted. docs/decisions/17 has the reasons.
"""

import secrets
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.branches.models import Organization, PartyGroup, Person
from apps.core.ids import public_id
from apps.surveys.querysets import SurveyQuerySet


class Survey(models.Model):
    """A set of questions to the members of a branch, of one group, or to whoever has the link."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("survey", "Draft")
        OPEN = "open", pgettext_lazy("survey", "Open")
        CLOSED = "closed", pgettext_lazy("survey", "Closed")

    class Audience(models.TextChoices):
        MEMBERS = "members", _("All members of the branch")
        GROUP = "group", _("One Party group")
        LINK = "link", _("Anyone with the link")

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="surveys")
    group = models.ForeignKey(PartyGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="surveys")
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.MEMBERS)
    is_anonymous = models.BooleanField(default=True)
    title = models.CharField(max_length=80)
    intro = models.CharField(max_length=500, blank=True)
    due_on = models.DateField()  # the last day on which it can be answered
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    link_token = models.CharField(max_length=32, null=True, blank=True, unique=True)
    papers = models.PositiveIntegerField(default=0)  # of the answers, how many came on paper
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    reply = models.CharField(max_length=2000, blank=True)  # what the branch answers to those who were asked
    replied_on = models.DateField(null=True)
    request_key = models.CharField(max_length=36, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["organization", "state", "due_on"])]
        constraints = [
            models.CheckConstraint(
                name="survey_group_for_groups",
                condition=Q(audience="group", group__isnull=False) | (~Q(audience="group") & Q(group__isnull=True)),
            ),
            models.CheckConstraint(
                name="survey_link_is_anonymous", condition=~Q(audience="link") | Q(is_anonymous=True)
            ),
            models.UniqueConstraint(fields=["created_by", "request_key"], name="survey_requested_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def is_answerable(self, today: date) -> bool:
        return self.state == self.State.OPEN and today <= self.due_on


class Question(models.Model):
    """One question. `choices` are the answers to pick from; `rows` the lines of a matrix, each answered with one of them."""

    class Kind(models.TextChoices):
        SINGLE = "single", pgettext_lazy("question", "Choose one")
        MULTIPLE = "multiple", pgettext_lazy("question", "Choose several")
        SCALE = "scale", pgettext_lazy("question", "From 1 to 5")
        MATRIX = "matrix", pgettext_lazy("question", "Rate several things")
        TEXT = "text", pgettext_lazy("question", "In one's own words")

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.CharField(max_length=200)
    choices = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    rows = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    is_required = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["survey", "position"], name="survey_question_place")]

    def __str__(self) -> str:
        return self.text


def random_id() -> int:
    """A key that says nothing about what came first; exact in JavaScript too."""
    return secrets.randbelow(2**53 - 1) + 1


class Participation(models.Model):
    """Somebody who was asked when the survey was opened, and whether they have answered. Never when, and nothing that could be
    laid beside an answer: all rows of a survey are written anew with each answer.
    """

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="participations")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    has_answered = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "person"], name="survey_answered_once")]

    def __str__(self) -> str:
        return f"{self.person} → {self.survey}"


class Box(models.Model):
    """All answers to one anonymous survey as a single sealed value, rewritten in a new order with each of them.

    Its length is `answers` times a length that the questions alone decide. Gone once the survey is closed.
    """

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="box")
    answers = models.PositiveIntegerField(default=0)
    sealed = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"{self.survey}: {self.answers}"


class NamedAnswer(models.Model):
    """One person's answers to a survey that said it was named, sealed."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="named_answers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")  # None: came on paper
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "person"], name="survey_named_once")]

    def __str__(self) -> str:
        return f"{self.person} → {self.survey}"


class Result(models.Model):
    """What a closed survey says, counted once: later there is nothing left to count another way.

    `counts` is None where fewer than `rules.THRESHOLD` answered; then no texts are kept either.
    """

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="result")
    answers = models.PositiveIntegerField()
    counts: Any = models.JSONField(
        null=True
    )  # by question: {"answered": n, "counts": [...]}; a matrix has a list a row
    texts = models.BinaryField(null=True)  # sealed: by question a list of texts in no order

    def __str__(self) -> str:
        return f"{self.survey}: {self.answers}"
