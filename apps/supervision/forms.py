"""What comes over HTTP about the ledger."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from apps.branches.models import Membership, Organization, Person, Post
from apps.core.widgets import DateInput
from apps.supervision.models import Rectification

TYPED_SOURCES = (
    Rectification.Source.BY_HAND, Rectification.Source.OWN_CHECK, Rectification.Source.LIFE_MEETING,
    Rectification.Source.OPINIONS, Rectification.Source.REPORT, Rectification.Source.INSPECTION,
)  # fmt: skip
DATE_WANTED = gettext_lazy("Say by when it is to be put right.")


def one_line(text: str) -> str:
    return " ".join(text.split())


class Facts(forms.Form):
    """What was found. `today` bounds its day."""

    problem = forms.CharField(
        label=gettext_lazy("Problem"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say what the problem is.")},
    )  # fmt: skip
    category = forms.ChoiceField(
        label=gettext_lazy("Kind of problem"), choices=Rectification.Category.choices,
        initial=Rectification.Category.ORGANIZATIONAL_LIFE,
    )  # fmt: skip
    basis = forms.CharField(
        label=gettext_lazy("Basis"), max_length=200, required=False,
        help_text=gettext_lazy("The article or the duty it falls short of"),
    )  # fmt: skip
    goal = forms.CharField(label=gettext_lazy("What it should be like"), max_length=200, required=False)
    nature = forms.ChoiceField(
        label=gettext_lazy("Put right"), choices=Rectification.Nature.choices, initial=Rectification.Nature.BY_DATE,
        widget=forms.RadioSelect,
    )  # fmt: skip
    due_on = forms.DateField(
        label=pgettext_lazy("rectification", "By"), required=False, widget=DateInput(),
        help_text=gettext_lazy("For “at once” and “long-term” it may stay empty"),
    )  # fmt: skip

    def clean_problem(self) -> str:
        return one_line(self.cleaned_data["problem"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("nature") == Rectification.Nature.BY_DATE and "due_on" in cleaned and not cleaned["due_on"]:
            self.add_error("due_on", str(DATE_WANTED))
        return cleaned


class ChangeForm(Facts):
    """The checker changes what was found or by when."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is changed"), max_length=300,
        error_messages={"required": gettext_lazy("Write one sentence saying why.")},
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


class OwnerField(forms.ChoiceField):
    """A person of the branch or a post in one list: “post:…”, “person:…”."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Who puts it right"))
        super().__init__(**kwargs)

    def fill(self, people: list[Person], *, empty: str, posts: bool = True) -> None:
        names = [(f"person:{one.public_id}", one.name) for one in people]
        held = [(f"post:{kind.value}", kind.label) for kind in Post.COMMITTEE]
        groups = (
            [(pgettext("choice of an owner", "Posts"), held), (pgettext("choice of an owner", "People"), names)]
            if posts
            else [(pgettext("choice of an owner", "People"), names)]
        )
        self.people = {one.public_id: one for one in people}
        self.choices = [("", empty), *groups]

    def clean(self, value: Any) -> tuple[Person | None, str]:  # type: ignore[override]
        kind, _colon, name = super().clean(value).partition(":")
        return (self.people[name], "") if kind == "person" else (None, name)


def people_of(organization: Organization, today: date) -> list[Person]:
    """Who can be named: the roster of today, in its order."""
    rows = Membership.objects.of_branch(organization, today).in_roster_order(today).select_related("person")
    return [row.person for row in rows if not row.is_hosted]


class AssignForm(forms.Form):
    """Who puts it right, and who leads."""

    owner = OwnerField(error_messages={"required": gettext_lazy("Choose who puts it right.")})
    lead = OwnerField(label=gettext_lazy("Leader in charge"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].fill(people, empty=_("Choose"))
        self.fields["lead"].fill(people, empty="—", posts=False)


class AddForm(Facts):
    """A row entered by hand."""

    source = forms.ChoiceField(label=gettext_lazy("Where it comes from"))
    source_label = forms.CharField(
        label=gettext_lazy("Which one"), max_length=120, required=False,
        help_text=gettext_lazy("For example: life meeting of 20 January"),
    )  # fmt: skip
    found_on = forms.DateField(label=gettext_lazy("Found on"), widget=DateInput())
    measures = forms.CharField(
        label=gettext_lazy("Measures"), max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One a line"),
    )  # fmt: skip
    owner = OwnerField(required=False)
    branch = forms.ChoiceField(label=gettext_lazy("Branch"), required=False)
    request_key = forms.CharField(max_length=36, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, today: date, people: list[Person] | None = None, branches: list[Organization] | None = None,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        """`branches` for staff, who say which one; `people` for a branch, which says who."""
        super().__init__(*args, **kwargs)
        self.today = today
        own = branches is None
        sources = [one for one in TYPED_SOURCES if own or one != Rectification.Source.OWN_CHECK]
        self.fields["source"].choices = [(one.value, one.label) for one in sources]
        if own:
            del self.fields["branch"]
            self.fields["owner"].fill(people or [], empty=_("Decide later"))
        else:
            del self.fields["owner"], self.fields["measures"]
            self.fields["branch"].required = True
            self.fields["branch"].choices = [("", _("Choose")), *((one.public_id, one.name) for one in branches)]
            self.branches = {one.public_id: one for one in branches}

    def clean_found_on(self) -> date:
        day: date = self.cleaned_data["found_on"]
        if day > self.today or day.year < self.today.year - 5:
            raise forms.ValidationError(_("Use today or an earlier date of the last five years."))
        return day


class ProgressForm(forms.Form):
    """One dated line; the photos come beside it."""

    text = forms.CharField(
        label=gettext_lazy("What has been done"), max_length=900, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say in a sentence what has been done.")},
    )  # fmt: skip
    on = forms.DateField(label=pgettext_lazy("rectification", "On"), widget=DateInput())
    request_key = forms.CharField(max_length=36, widget=forms.HiddenInput, required=False)


class SentenceForm(forms.Form):
    """One sentence with a decision."""

    text = forms.CharField(label=gettext_lazy("In a sentence"), max_length=900, required=False)
