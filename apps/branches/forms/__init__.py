"""What comes over HTTP about organizations, groups, posts and accounts."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.branches import notes
from apps.branches.models import NotCounted, Organization, PartyGroup, Person, Post
from apps.core.widgets import DateInput
from apps.core.workbook import LIMITS, Sheet, WorkbookError, read_pasted, read_workbook

EARLIEST, LATEST = date(1921, 7, 1), date(2099, 12, 31)


class DayField(forms.DateField):
    """A day from the founding of the Party on; closer limits are the service's."""

    widget = DateInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators += [
            MinValueValidator(EARLIEST, _("Use a date from 1 July 1921 on.")),
            MaxValueValidator(LATEST, _("This date is too far ahead.")),
        ]


class OrganizationFacts(forms.ModelForm):
    """What is known of an organization, apart from its place in the tree."""

    name = forms.CharField(
        label=pgettext_lazy("organization or group", "Name"), max_length=80, help_text=_("In full, as on the seal.")
    )
    short_name = forms.CharField(
        label=_("Short name"), max_length=30, required=False, help_text=_("For lists and the phone.")
    )
    branch_type = forms.ChoiceField(
        label=_("Type of branch"), choices=Organization.BranchType.choices, widget=forms.RadioSelect, required=False
    )
    founded_on = DayField(label=_("Founded on"), required=False)
    term_started_on = DayField(label=_("Term began on"), required=False)
    election_due_on = DayField(
        label=_("Election due on"), required=False,
        help_text=_("Left empty: three years after the term began. Villages and communities: five."),
    )  # fmt: skip
    tracked_from = DayField(
        label=_("Duties counted from"), required=False, help_text=_("Left empty: the first day of this month.")
    )
    usual_place = forms.CharField(label=_("Usual meeting place"), max_length=80, required=False)
    theme_day = forms.IntegerField(
        label=_("Fixed theme day of the month"), min_value=1, max_value=31, required=False,
        help_text=_("A day from 1 to 31. It is filled in when a theme day is logged."),
    )  # fmt: skip

    class Meta:
        model = Organization
        fields = [
            "name", "short_name", "branch_type", "founded_on", "term_started_on", "election_due_on", "tracked_from",
            "usual_place", "theme_day",
        ]  # fmt: skip

    def __init__(self, *args: Any, kind: str, today: date, only: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.today = kind, today
        branch_only = (
            ("branch_type", "usual_place", "theme_day", "tracked_from") if kind != Organization.Kind.BRANCH else ()
        )
        for name in list(self.fields):
            if name in branch_only or (only and name not in only):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        began, due, founded = data.get("term_started_on"), data.get("election_due_on"), data.get("founded_on")
        if founded and founded > self.today:
            self.add_error("founded_on", _("Use today or an earlier date."))
        if began and founded and began < founded:
            self.add_error("term_started_on", _("A term begins after the founding."))
        if began and due and due <= began:
            self.add_error("election_due_on", _("The election comes after the beginning of the term."))
        if began and not due and "election_due_on" in self.fields and "election_due_on" not in self.errors:
            data["election_due_on"] = notes.months_later(began, 12 * notes.TERM_YEARS)
        if "branch_type" in self.fields and not data.get("branch_type"):
            data["branch_type"] = self.instance.branch_type or Organization.BranchType.ORDINARY
        if "tracked_from" in self.fields and not data.get("tracked_from"):
            data["tracked_from"] = self.instance.tracked_from or self.today.replace(day=1)
        return data

    def _post_clean(self) -> None:
        """The service writes; the instance stays as it was read, so that both texts can be shown."""


class OrganizationForm(OrganizationFacts):
    """A new one: also its kind. Without a branch's fields for other kinds."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Organization.Kind.choices, widget=forms.RadioSelect)
    field_order = ["kind"]

    def __init__(self, *args: Any, kinds: list[str], today: date, **kwargs: Any) -> None:
        super().__init__(*args, kind=Organization.Kind.BRANCH, today=today, **kwargs)
        self.fields["kind"].choices = [choice for choice in Organization.Kind.choices if choice[0] in kinds]
        if len(kinds) == 1:
            self.initial.setdefault("kind", kinds[0])


class VersionForm(forms.Form):
    """The version the page was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class MoveForm(VersionForm):
    parent = forms.CharField(
        label=_("New place"), max_length=80,
        help_text=_("Full name of the committee or general branch that will stand above."),
    )  # fmt: skip

    def __init__(self, *args: Any, parents: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parents = parents

    def clean_parent(self) -> Organization:
        text = self.cleaned_data["parent"].strip()
        found = list(self.parents.filter(name=text)[:2])
        if not found:
            raise forms.ValidationError(_("There is no such organization within your reach. Write the full name."))
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several organizations have this name. Open the right one and move from there.")
            )
        return found[0]


class DissolveForm(forms.Form):
    on = DayField(label=_("Dissolved on"))


class GroupForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("organization or group", "Name"), max_length=40)
    starts_on = DayField(label=pgettext_lazy("first day", "From"))


class GroupNameForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("organization or group", "Name"), max_length=40)


class EndForm(forms.Form):
    ends_before = DayField(label=_("First day without it"))


class PersonChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("to_field_name", "public_id")
        kwargs.setdefault("empty_label", _("Choose a person"))
        super().__init__(**kwargs)


class PostForm(forms.Form):
    """A person from the list, or a new name where the level above enters somebody who is in no books yet."""

    kind = forms.ChoiceField(label=_("Post"), widget=forms.RadioSelect)
    person = PersonChoice(
        label=pgettext_lazy("who holds or is left out", "Person"), queryset=Person.objects.none(), required=False
    )
    new_name = forms.CharField(
        label=_("Or a new name"), max_length=60, required=False, help_text=_("For somebody who is in no list yet.")
    )
    username = forms.CharField(
        label=_("Or a user name"), max_length=60, required=False,
        help_text=_("For somebody who has an account already, as a member of a branch for example."),
    )  # fmt: skip
    group = forms.ModelChoiceField(
        label=_("Party group"), queryset=PartyGroup.objects.none(), required=False, to_field_name="public_id",
        help_text=_("For group leaders."),
    )  # fmt: skip
    starts_on = DayField(label=pgettext_lazy("first day", "From"))

    def __init__(
        self, *args: Any, kinds: tuple[str, ...], people: Any, groups: Any, may_add: bool, may_name: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [choice for choice in Post.Kind.choices if choice[0] in kinds]
        self.fields["person"].queryset = people
        self.fields["group"].queryset = groups
        if Post.Kind.GROUP_LEADER not in kinds:
            del self.fields["group"]
        if not may_add:
            del self.fields["new_name"]
        if not may_name:
            del self.fields["username"]
        if not may_add and not may_name:
            self.fields["person"].required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        given = [name for name in ("person", "new_name", "username") if data.get(name)]
        if "person" not in self.errors and self.fields["person"].required is False:
            if not given:
                self.add_error("person", _("Choose a person, or write who it is."))
            elif len(given) > 1:
                self.add_error(given[1], _("Either choose a person or write one, not both."))
        leads = data.get("kind") == Post.Kind.GROUP_LEADER
        if leads and not data.get("group") and "group" not in self.errors:
            self.add_error("group", _("Choose the group."))
        if not leads:
            data["group"] = None
        return data


class NotCountedForm(forms.Form):
    person = PersonChoice(label=pgettext_lazy("who holds or is left out", "Person"), queryset=Person.objects.none())
    ground = forms.ChoiceField(label=_("Ground"), choices=NotCounted.Ground.choices, widget=forms.RadioSelect)
    resolution = forms.CharField(
        label=_("Resolution and consent"), max_length=120,
        help_text=_("Which meeting agreed on which day, and who above consented."),
    )  # fmt: skip
    starts_on = DayField(label=pgettext_lazy("first day", "From"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people


class IssueForm(forms.Form):
    """Whose codes are made."""

    people = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(), to_field_name="public_id",
        error_messages={"required": _("Choose at least one person.")},
    )  # fmt: skip

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people


class ImportForm(forms.Form):
    """A file, or cells copied from a sheet. What is inside decides, not the name."""

    file = forms.FileField(
        label=_("Excel or WPS file"),
        required=False,
        help_text=_(".xlsx, .xls or .csv, at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt,.tsv"}),
    )
    pasted = forms.CharField(
        label=_("Or paste cells"),
        required=False,
        strip=False,
        max_length=LIMITS.file_bytes,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Copy the table in Excel with its header row, then paste it here."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file, pasted = data.get("file"), (data.get("pasted") or "").strip()
        if not self.errors and not file and not pasted:
            raise forms.ValidationError(_("Choose a file or paste cells."))
        if file and pasted:
            raise forms.ValidationError(_("Choose one: the file or the pasted cells."))
        return data

    def sheets(self) -> list[Sheet]:
        """WorkbookError says in words why a file cannot be read."""
        file = self.cleaned_data["file"]
        if file:
            if file.size > LIMITS.file_bytes:
                raise WorkbookError("too_big", _("The file is larger than 5 MB."))
            return read_workbook(file.read(), file.name)
        return read_pasted(self.cleaned_data["pasted"])


class ConfirmImportForm(forms.Form):
    """`lines`: what was read, sealed for this person and place."""

    lines = forms.CharField(widget=forms.HiddenInput, max_length=4 * 1024 * 1024)
    with_slips = forms.BooleanField(
        label=_("Open accounts for the new secretaries and show their slips"), required=False, initial=True
    )
