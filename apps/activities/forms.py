"""What comes over HTTP: one field or a small group each. `log.py` puts them together to the log flow."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.activities.models import Activity, ActivityKind, Attendance, Invitation
from apps.branches.models import PartyGroup
from apps.core.carried import LARGEST
from apps.core.fields import DayField
from apps.core.widgets import TimeInput

LONGEST_TEXT = 20_000
Choices = list[tuple[str, str]]


class WhenForm(forms.Form):
    """Block one: what, when, where, by whom."""

    kind = forms.ChoiceField(label=_("Kind"))
    also = forms.MultipleChoiceField(label=_("Also counts as"), required=False, widget=forms.CheckboxSelectMultiple)
    group = forms.ChoiceField(label=_("Party group"), required=False)
    held_on = DayField(label=_("Date"), error_messages={"required": _("Enter the date, for example 3.5")})
    starts_at = forms.TimeField(label=_("Begins at"), required=False, widget=TimeInput)
    ends_at = forms.TimeField(label=_("Ends at"), required=False, widget=TimeInput)
    place = forms.CharField(label=_("Place"), max_length=80, required=False)
    chair = forms.ChoiceField(label=_("Chair"), required=False)
    minute_taker = forms.ChoiceField(label=_("Minutes by"), required=False)
    people = forms.MultipleChoiceField(label=_("Who took part"), required=False, widget=forms.CheckboxSelectMultiple)
    counts_for = forms.DateField(required=False, widget=forms.HiddenInput)
    for_year = forms.IntegerField(
        label=_("For the year"), required=False, min_value=2000, max_value=2100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, today: date, kinds: list[ActivityKind], also: list[ActivityKind], groups: Iterable[PartyGroup],
        people: Choices, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["held_on"].today = today
        self.fields["kind"].choices = [(kind.slug, kind.name) for kind in kinds]
        self.fields["also"].choices = [(kind.slug, kind.short) for kind in also]
        # Looked up when the field is drawn or has a value: most meetings are not of a group.
        self.fields["group"].choices = lambda: [("", _("—")), *((group.public_id, group.name) for group in groups)]
        for name in ("chair", "minute_taker"):
            self.fields[name].choices = [("", _("Not filled in")), *people]
        self.fields["people"].choices = people


class PartForm(forms.Form):
    """Block three for one kind. `own`, and the three columns of decisions, come as several values of one name."""

    chips = forms.MultipleChoiceField(label=_("Agenda"), required=False, widget=forms.CheckboxSelectMultiple)
    topic = forms.CharField(label=_("Topic"), max_length=120, required=False)
    lecturer = forms.CharField(label=_("Lecturer"), max_length=60, required=False)
    minutes = forms.CharField(
        label=_("Notes"), max_length=LONGEST_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": _("The notes are too long. Attach the text as a file instead.")},
    )  # fmt: skip

    def __init__(self, *args: Any, topics: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chips"].choices = [(topic, topic) for topic in topics]


class MoreForm(forms.Form):
    """Optional: the line of work, and what it did for the unit's own work and for people."""

    focus = forms.MultipleChoiceField(
        label=_("Line of work"), choices=Activity.Focus.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    unit_work = forms.CharField(label=_("For the unit's own work"), max_length=120, required=False)
    for_people = forms.CharField(label=_("For people"), max_length=120, required=False)


class TaskForm(forms.Form):
    """One decision: who, what, by when."""

    person = forms.ChoiceField(label=_("Who"), required=False)
    task = forms.CharField(
        label=_("What"), max_length=200, error_messages={"required": _("Say what was decided, or clear the line.")}
    )
    due_on = DayField(label=_("By when"), required=False)

    def __init__(self, *args: Any, today: date, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].today = today
        self.fields["person"].choices = [("", "—"), *people]


class VoteForm(forms.Form):
    """The three counts of one item; none or all."""

    in_favour = forms.IntegerField(label=pgettext_lazy("vote", "For"), min_value=0, max_value=9999, required=False)
    against = forms.IntegerField(label=pgettext_lazy("vote", "Against"), min_value=0, max_value=9999, required=False)
    abstain = forms.IntegerField(label=pgettext_lazy("vote", "Abstaining"), min_value=0, max_value=9999, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"), max_length=200, error_messages={"required": _("Write one sentence saying why.")}
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=Invitation.Answer.choices)
    ground = forms.ChoiceField(choices=[("", ""), *Attendance.Ground.choices], required=False)


class ToldForm(forms.Form):
    """An answer noted for somebody else. Each button is one value: the person, the answer and, for leave, its ground."""

    told = forms.CharField(max_length=40)

    def clean(self) -> dict[str, str]:
        person, answer, ground = [*super().clean().get("told", "").split(":"), "", ""][:3]
        if not AnswerForm({"answer": answer, "ground": ground}).is_valid():
            raise forms.ValidationError(_("Choose “Coming” or “Cannot come”."))
        return {"person": person, "answer": answer, "ground": ground}


class PlanForm(forms.Form):
    """A meeting ahead."""

    kind = forms.ChoiceField(label=_("Kind"))
    also = forms.MultipleChoiceField(label=_("Also counts as"), required=False, widget=forms.CheckboxSelectMultiple)
    group = forms.ChoiceField(label=_("Party group"), required=False)
    held_on = DayField(label=_("Date"), error_messages={"required": _("Enter the date, for example 3.5")})
    starts_at = forms.TimeField(label=_("Begins at"), required=False, widget=TimeInput)
    ends_at = forms.TimeField(label=_("Ends at"), required=False, widget=TimeInput)
    place = forms.CharField(label=_("Place"), max_length=80, required=False)
    note = forms.CharField(label=_("Note to those invited"), max_length=200, required=False)
    counts_for = forms.DateField(required=False, widget=forms.HiddenInput)
    request_key = forms.CharField(max_length=36, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, today: date, kinds: list[ActivityKind], groups: list[PartyGroup], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].today = today
        self.fields["kind"].choices = [(kind.slug, kind.name) for kind in kinds]
        self.fields["also"].choices = [(kind.slug, kind.short) for kind in kinds if kind.behaviour == "general"]
        self.fields["group"].choices = [("", _("—")), *((group.public_id, group.name) for group in groups)]


class MoveForm(forms.Form):
    held_on = DayField(label=_("Date"), error_messages={"required": _("Enter the date, for example 3.5")})
    starts_at = forms.TimeField(label=_("Begins at"), required=False, widget=TimeInput)
    ends_at = forms.TimeField(label=_("Ends at"), required=False, widget=TimeInput)
    place = forms.CharField(label=_("Place"), max_length=80, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].today = today


class PastImportForm(forms.Form):
    file = forms.FileField(
        label=_("Excel or WPS file"),
        help_text=_(".xlsx, at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


class PastConfirmForm(forms.Form):
    """`lines`: what was read, sealed for this person and place."""

    lines = forms.CharField(widget=forms.HiddenInput, max_length=LARGEST)
