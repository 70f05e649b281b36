"""What comes over HTTP: the head of a survey, its questions, an answer, the branch's reply."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.branches.models import PartyGroup
from apps.core.fields import DayField
from apps.surveys.models import Question, Survey
from apps.surveys.rules import LONGEST_TEXT, MOST_CHOICES, MOST_QUESTIONS, Answer, choices_of

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
Kind = Question.Kind
NEEDS_CHOICES = (Kind.SINGLE, Kind.MULTIPLE, Kind.MATRIX)


class SurveyForm(forms.Form):
    """The head."""

    title = forms.CharField(label=_("Title"), max_length=80)
    intro = forms.CharField(
        label=_("What it is for"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    due_on = DayField(label=_("Answers until"), error_messages={"required": _("Enter the date, for example 3.5")})
    audience = forms.ChoiceField(label=_("Who is asked"), choices=Survey.Audience.choices, widget=forms.RadioSelect)
    group = forms.ChoiceField(label=_("Party group"), required=False)
    secrecy = forms.ChoiceField(
        label=_("Names"), choices=[("anonymous", _("Anonymous")), ("named", _("With names"))], widget=forms.RadioSelect
    )
    request_key = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, groups: Iterable[PartyGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].today = today
        self.groups = {one.public_id: one for one in groups}
        self.fields["group"].choices = [("", _("—")), *((key, one.name) for key, one in self.groups.items())]
        if not self.groups:
            choices = self.fields["audience"].choices
            self.fields["audience"].choices = [one for one in choices if one[0] != Survey.Audience.GROUP]

    def clean(self) -> dict:
        said = super().clean()
        audience, group = said.get("audience"), self.groups.get(said.get("group") or "")
        if audience == Survey.Audience.GROUP and group is None:
            self.add_error("group", _("Choose the Party group."))
        if audience == Survey.Audience.LINK and said.get("secrecy") == "named":
            self.add_error("secrecy", _("A survey by link cannot know names. Choose “Anonymous”."))
        said["group"] = group if audience == Survey.Audience.GROUP else None
        said["is_anonymous"] = said.pop("secrecy", "anonymous") == "anonymous"
        return said


def lines(text: str) -> list[str]:
    """One entry a line; empty lines and repetitions fall away."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class QuestionForm(forms.Form):
    """One question. An empty text means that the question is not meant."""

    kind = forms.ChoiceField(label=_("Kind of answer"), choices=Kind.choices, initial=Kind.SINGLE)
    text = forms.CharField(label=_("Question"), max_length=200, required=False)
    choices = forms.CharField(
        label=_("Answers to choose from"), help_text=_("One a line."), required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    rows = forms.CharField(
        label=_("What is rated"), help_text=_("One a line."), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    is_required = forms.BooleanField(label=_("Has to be answered"), required=False, initial=True)

    def clean(self) -> dict:
        said = super().clean()
        if not said.get("text"):
            return said
        kind = said.get("kind")
        said["choices"] = self._list("choices", 2) if kind in NEEDS_CHOICES else []
        said["rows"] = self._list("rows", 1) if kind == Kind.MATRIX else []
        return said

    def _list(self, name: str, least: int) -> list[str]:
        entries = lines(self.cleaned_data.get(name) or "")
        if len(entries) < least:
            self.add_error(name, _("Write at least %(count)d, one a line.") % {"count": least})
        if len(entries) > MOST_CHOICES:
            self.add_error(name, _("At most %(count)d fit on a phone. Shorten the list.") % {"count": MOST_CHOICES})
        if any(len(entry) > 60 for entry in entries):
            self.add_error(name, _("Keep each line to 60 characters."))
        return entries


class BaseQuestions(forms.BaseFormSet):
    """Questions in the order in which they stand; numbers move them."""

    def asked(self) -> list[dict]:
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data.get("text")]
        kept = [one for one in kept if not one.get("DELETE")]
        ordered = sorted(enumerate(kept), key=lambda pair: (pair[1].get("ORDER") or pair[0] + 1, pair[0]))
        return [one for _place, one in ordered]

    def clean(self) -> None:
        if not any(self.errors) and not self.asked():
            raise forms.ValidationError(_("Write at least one question."))


QuestionFormSet = forms.formset_factory(
    QuestionForm, formset=BaseQuestions, extra=0, can_delete=True, can_order=True, max_num=MOST_QUESTIONS,
    absolute_max=MOST_QUESTIONS + 1, validate_max=True,
)  # fmt: skip


class AnswerForm(forms.Form):
    """All questions of one survey. Fields are `q1`, `q2`…; a matrix has `q3_1`, `q3_2`… for its rows."""

    def __init__(self, questions: Sequence[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for one in self.questions:
            for name, label in self._names(one):
                self.fields[name] = _field(one, label)

    @staticmethod
    def _names(question: Question) -> list[tuple[str, str]]:
        name = f"q{question.position}"
        if question.kind == Kind.MATRIX:
            return [(f"{name}_{place}", row) for place, row in enumerate(question.rows, start=1)]
        return [(name, question.text)]

    def steps(self) -> list[tuple[Question, list[forms.BoundField]]]:
        return [(one, [self[name] for name, _label in self._names(one)]) for one in self.questions]

    def answers(self) -> list[Answer]:
        """By question, as rules.Answer; only of a valid form."""
        return [self._answer(one) for one in self.questions]

    def _answer(self, question: Question) -> Answer:
        values = [self.cleaned_data.get(name) for name, _label in self._names(question)]
        if question.kind == Kind.MATRIX:
            return [_place(value) for value in values]
        if question.kind == Kind.MULTIPLE:
            return sorted(int(value) for value in values[0] or ())
        return (values[0] or None) if question.kind == Kind.TEXT else _place(values[0])


def _place(value: str | None) -> int | None:
    return int(value) if value else None


def _field(question: Question, label: str) -> forms.Field:
    missing = {"required": _("This one has to be answered.")}
    if question.kind == Kind.TEXT:
        return WordsField(
            label=label, max_length=LONGEST_TEXT, required=question.is_required, error_messages=missing,
            widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        )  # fmt: skip
    choices = [(str(place), text) for place, text in enumerate(choices_of(question))]
    several = question.kind == Kind.MULTIPLE
    kind, widget = (
        (forms.MultipleChoiceField, forms.CheckboxSelectMultiple) if several else (forms.ChoiceField, forms.RadioSelect)
    )
    return kind(label=label, choices=choices, required=question.is_required, widget=widget, error_messages=missing)


class WordsField(forms.CharField):
    """Words without control characters; a line end is one character, as it is counted in the browser."""

    def to_python(self, value: Any) -> str:
        return CONTROL.sub("", super().to_python(value).replace("\r\n", "\n")).strip()


class ReplyForm(forms.Form):
    reply = forms.CharField(
        label=_("What the branch answers"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
