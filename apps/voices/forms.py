"""What comes over HTTP about visitors and their matters."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.branches.forms import DayField
from apps.branches.models import Person
from apps.core.widgets import TimeInput
from apps.voices.models import Matter, SituationReport
from apps.voices.progress import Step
from apps.voices.terms import TERMS, Terms

LONGEST = 5000  # characters of one text


def text(label: Any, required: str = "", **kwargs: Any) -> forms.CharField:
    """A text of several lines; `required` is what is said where it is empty."""
    kwargs.setdefault("max_length", LONGEST)
    kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}))
    messages = {"required": required} if required else {}
    return forms.CharField(label=label, required=bool(required), error_messages=messages, **kwargs)


class PeopleField(forms.MultipleChoiceField):
    """People out of a given list, as chips; cleans to the people."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.people: dict[str, Person] = {}

    def offer(self, people: Sequence[Person]) -> None:
        self.people = {person.public_id: person for person in people}
        self.choices = [(key, person.name) for key, person in self.people.items()]

    def clean(self, value: Any) -> list[Person]:
        return [self.people[key] for key in super().clean(value)]


class PersonField(forms.ChoiceField):
    """One of a given list; cleans to the person, or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.people: dict[str, Person] = {}

    def offer(self, people: Sequence[Person]) -> None:
        self.people = {person.public_id: person for person in people}
        self.choices = [("", "—"), *((key, person.name) for key, person in self.people.items())]

    def clean(self, value: Any) -> Person | None:
        return self.people.get(super().clean(value))


class ReceptionDayForm(forms.Form):
    held_on = DayField(label=_("Day"))
    starts_at = forms.TimeField(label=_("From"), widget=TimeInput, initial=time(14))
    ends_at = forms.TimeField(label=_("To"), widget=TimeInput, initial=time(16))
    place = forms.CharField(label=_("Place"), max_length=80)
    receiver = forms.CharField(
        label=_("Who receives"), max_length=40, help_text=_("The post is enough, for example: the secretary")
    )


class MatterForm(forms.Form):
    """The least that is needed: name and contact may stay empty."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    received_on = DayField(label=_("Received on"))
    way = forms.ChoiceField(
        label=_("How it came"), choices=Matter.Way.choices, initial=Matter.Way.VISIT, widget=forms.RadioSelect
    )
    category = forms.ChoiceField(
        label=pgettext_lazy("matters", "Category"), choices=Matter.Category.choices, widget=forms.RadioSelect
    )
    words = text(_("What it is about"), _("Write down what it is about, as it was said."))
    count = forms.IntegerField(
        label=_("How many people"), min_value=1, max_value=1000, initial=1,
        help_text=_("A group sends at most 5 representatives (art. 20)."),
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=60, required=False, help_text=_("Only if it was given."))
    contact = forms.CharField(
        label=_("How to reach the visitor"), max_length=120, required=False, help_text=_("Telephone or address.")
    )
    about = forms.CharField(label=_("Unit or home"), max_length=120, required=False)
    is_forwarded = forms.BooleanField(label=_("Forwarded by a petition department or a level above"), required=False)
    concerned = PeopleField(
        label=_("Whom does it concern"),
        help_text=_("They neither see it nor its count, and never handle it (arts 28 and 30)."),
    )
    handler = PersonField(label=_("Who handles it"), error_messages={"required": _("Choose who handles it.")})

    def __init__(self, *args: Any, line: Sequence[Person], handlers: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["concerned"].offer(line)
        self.fields["handler"].offer(handlers)


class StepForm(forms.Form):
    """One step; which fields it has depends on the step."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    on = DayField(label=_("On which day"))
    to = forms.CharField(label=_("To whom it goes"), max_length=120)
    receipt = forms.CharField(label=_("Receipt from there"), max_length=120, required=False)
    days = forms.IntegerField(label=_("How many days more"), min_value=1)
    words = text(pgettext_lazy("visitor's matter", "What was said or written"), _("Write what the visitor was told."))

    def __init__(self, *args: Any, step: Step, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", today)
        if step not in (Step.PASS_ON, Step.REFER):
            del self.fields["to"]
        if step != Step.PASS_ON:
            del self.fields["receipt"]
        if step != Step.EXTEND:
            del self.fields["days"]
        if step in (Step.ASK_REVIEW, Step.ASK_RECHECK, Step.WITHDRAW, Step.ACCEPT):
            self.fields["words"].required = False


class HandOverForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    handler = PersonField(label=_("To whom"), error_messages={"required": _("Choose who handles it.")})
    steps_aside = forms.BooleanField(label=_("I step aside: it concerns me or my own people (art. 28)"), required=False)

    def __init__(self, *args: Any, handlers: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].offer(handlers)


class SatisfactionForm(forms.Form):
    satisfaction = forms.ChoiceField(
        label=_("What the visitor says of the answer"), choices=Matter.Satisfaction.choices, widget=forms.RadioSelect
    )


class CodeForm(forms.Form):
    """Any text is taken: a wrong shape gets the same answer as a wrong code."""

    code = forms.CharField(label=_("Receipt code"), max_length=60, error_messages={"required": _("Type the code.")})


class TermsForm(forms.Form):
    """The days that may be chosen."""

    def __init__(self, *args: Any, terms: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, term in TERMS.items():
            if term.is_open:
                self.fields[key] = forms.IntegerField(
                    label=term.label, min_value=term.least, max_value=term.most, initial=terms[key]
                )


class ReportForm(forms.Form):
    submission = forms.UUIDField(widget=forms.HiddenInput)
    category = forms.ChoiceField(
        label=pgettext_lazy("matters", "Category"), choices=SituationReport.Category.choices, widget=forms.RadioSelect
    )
    words = text(
        _("What you want to report"), _("Write what you want to report."),
        help_text=_("What happens, why, and what you propose."),
    )  # fmt: skip
    concerned = PeopleField(
        label=_("Whom does it concern"),
        help_text=_("They never receive it. It goes to the next level above where nobody is concerned."),
    )
    past_branch = forms.BooleanField(label=_("My branch is not to know of it"), required=False)
    on_behalf = forms.BooleanField(label=_("On behalf of the branch committee"), required=False)

    def __init__(self, *args: Any, line: Sequence[Person], leads: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["concerned"].offer(line)
        del self.fields["past_branch" if leads else "on_behalf"]


class VersionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class PassUpForm(VersionForm):
    words = text(_("Why it goes further up"))


class AnswerForm(VersionForm):
    words = text(pgettext_lazy("situation report", "Answer"), _("Write the answer."))


class SuggestionForm(forms.Form):
    submission = forms.UUIDField(widget=forms.HiddenInput)
    words = text(
        _("What should be better"), _("Write what should be better."), max_length=2000,
        help_text=_("For what somebody has done or left undone, use a situation report: it goes around whoever it concerns."),
    )  # fmt: skip
    is_anonymous = forms.BooleanField(
        label=_("Without my name"), required=False,
        help_text=_("Then nobody can ask back, and only a public answer is possible."),
    )  # fmt: skip


class SuggestionAnswerForm(VersionForm):
    public_words = forms.CharField(
        label=_("What was suggested, in your own words"), max_length=300, required=False,
        help_text=_("Everyone in the branch reads it. No names, not the author's phrases."),
    )  # fmt: skip
    answer = text(pgettext_lazy("suggestion", "Answer"), _("Write the answer."), max_length=2000)
    public_change = forms.CharField(
        label=_("What has changed"), max_length=200, required=False,
        help_text=_("One line for the monthly page; it can be added later."),
    )  # fmt: skip
    is_alone = forms.BooleanField(label=_("Answer the author alone"), required=False)

    def __init__(self, *args: Any, is_anonymous: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_anonymous:
            del self.fields["is_alone"]
            self.fields["public_words"].required = True

    def given(self) -> dict[str, Any]:
        """As the service takes it."""
        given = dict(self.cleaned_data)
        return {"is_public": not given.pop("is_alone", False), **given}


class ChangeForm(VersionForm):
    public_change = forms.CharField(
        label=_("What has changed"), max_length=200, error_messages={"required": _("Write one line.")}
    )


class HelpForm(forms.Form):
    submission = forms.UUIDField(widget=forms.HiddenInput)
    need = text(_("What is needed"), _("Write what is needed."), max_length=2000)
    owner = PersonField(label=_("Who does it"), error_messages={"required": _("Choose who does it.")})
    due_on = DayField(
        label=pgettext_lazy("practical help", "By when"), required=False, help_text=_("Empty: the branch's usual days.")
    )

    def __init__(self, *args: Any, committee: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(committee)


class HelpDoneForm(VersionForm):
    done_on = DayField(label=_("Done on"))
    result = text(_("What was done"), _("Write what was done."), max_length=2000)
    satisfaction = forms.ChoiceField(
        label=_("What those who needed it say"), choices=Matter.Satisfaction.choices, widget=forms.RadioSelect
    )
    public_line = forms.CharField(
        label=_("One line for the monthly page"), max_length=200, required=False,
        help_text=_("Everyone in the branch reads it. No names."),
    )  # fmt: skip
