"""What people type about one person. The same words are read by the same rules as in a workbook."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.branches import names
from apps.branches.models import Membership, Organization, PartyGroup, Person
from apps.core.widgets import DateInput
from apps.core.workbook import Cell
from apps.core.written_dates import DateUnreadable, PartialDate, read_date
from apps.members import ending, id_numbers
from apps.members.models import MemberDetails
from apps.members.roster_codes import EDUCATION, ETHNIC_GROUPS
from apps.members.roster_values import ERROR, Reading, parse

# Partial dates of the record: the field of the form and where its two parts are stored.
DATES = {
    "born_on": "born_precision",
    "works_since": "works_since_precision",
    "admitted_on": "admitted_precision",
    "full_member_on": "full_member_precision",
    "applied_on": "applied_precision",
    "activist_on": "activist_precision",
    "candidate_on": "candidate_precision",
}
IN_DETAILS = ("activist_on", "candidate_on", "admitted_at", "confirmed_at", "dues_standard", "honors", "staff_number")
OWN_DETAILS_PRECISION = ("applied_precision", "activist_precision", "candidate_precision")


def reading(today: date) -> Reading:
    return Reading(today=today, clean=names.clean_name)


class PartialDateField(forms.CharField):
    """1990.05 or 1990-05-06 as people write it; `today` is set by the form. The value is a PartialDate or None."""

    today: date

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> PartialDate | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_date(Cell(text, text), today=self.today)
        except DateUnreadable as error:
            raise forms.ValidationError(error.message, code=error.code) from None

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, PartialDate) else value


class RosterField(forms.CharField):
    """Read as the roster reader reads a cell of this kind; the value is what it makes of it, or ""."""

    today: date

    def __init__(self, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        kwargs.setdefault("max_length", 60)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        parsed = parse(self.kind, Cell(text, text), reading(self.today))
        if parsed.trouble and parsed.trouble.level == ERROR:
            raise forms.ValidationError(parsed.trouble.message, code=parsed.trouble.code)
        if parsed.value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return "" if parsed.value is None else parsed.value


class TodayForm(forms.Form):
    """A form that knows the day."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for field in self.fields.values():
            if isinstance(field, PartialDateField | RosterField):
                field.today = today


def group_choices(organization: Organization, today: date) -> Any:
    return PartyGroup.objects.on(today).filter(organization=organization)


class PersonForm(TodayForm):
    """The record itself; membership is dated and has its own form."""

    name = RosterField("name", label=_("Name"), error_messages={"required": _("Fill in the name.")})
    sex = forms.ChoiceField(label=_("Sex"), choices=Person.Sex.choices, required=False, widget=forms.RadioSelect)
    ethnicity = forms.ChoiceField(label=_("Ethnic group"), required=False)
    born_on = PartialDateField(label=_("Date of birth"), help_text=_("For example 1990.05 or 1990-05-06."))
    id_number = RosterField("id_number", label=_("ID number"), required=False, max_length=30)
    native_place = forms.CharField(label=_("Ancestral home"), max_length=60, required=False)
    education = forms.ChoiceField(label=_("Education"), required=False)
    work_post = forms.CharField(label=_("Workplace and position"), max_length=100, required=False)
    occupation = forms.CharField(label=_("Occupation"), max_length=60, required=False)
    works_since = PartialDateField(label=_("Start of work"))
    mobile_phone = RosterField("mobile", label=_("Mobile number"), required=False)
    landline = RosterField("landline", label=_("Landline number"), required=False)
    address = forms.CharField(label=_("Address"), max_length=120, required=False)
    applied_on = PartialDateField(label=_("Date of application"))
    activist_on = PartialDateField(label=_("Activist since"))
    candidate_on = PartialDateField(label=_("Candidate since"))
    admitted_on = PartialDateField(label=_("Date of admission"))
    full_member_on = PartialDateField(label=_("Date of full membership"))
    introducers = forms.CharField(label=_("Recommenders"), max_length=60, required=False)
    admitted_at = forms.CharField(label=_("Branch at admission"), max_length=80, required=False)
    confirmed_at = forms.CharField(label=_("Branch at full membership"), max_length=80, required=False)
    dues_standard = forms.DecimalField(
        label=_("Dues (yuan a month)"), max_digits=8, decimal_places=2, min_value=0, required=False
    )
    honors = forms.CharField(label=_("Commendations in the Party"), max_length=200, required=False)
    staff_number = forms.CharField(label=_("Staff number"), max_length=40, required=False)
    remarks = forms.CharField(
        label=pgettext_lazy("roster", "Remarks"), max_length=200, required=False, widget=forms.Textarea
    )

    SECTIONS = (
        (_("Person"), ("name", "sex", "ethnicity", "born_on", "id_number", "native_place", "education")),
        (
            _("Work and contact"),
            ("work_post", "occupation", "works_since", "staff_number", "mobile_phone", "landline", "address"),
        ),
        (
            _("In the Party"),
            (
                "applied_on",
                "activist_on",
                "candidate_on",
                "admitted_on",
                "full_member_on",
                "introducers",
                "admitted_at",
                "confirmed_at",
                "dues_standard",
                "honors",
                "remarks",
            ),
        ),
    )

    def __init__(
        self, *args: Any, person: Person | None = None, details: MemberDetails | None = None, **kwargs: Any
    ) -> None:
        self.person = person
        if person is not None:
            kwargs["initial"] = initial_of(person, details) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        own = (person.ethnicity, person.education) if person else ("", "")
        self.fields["ethnicity"].choices = with_own(ETHNIC_GROUPS.values(), own[0])
        self.fields["education"].choices = with_own(EDUCATION, own[1])
        if person is not None and person.id_number_masked:
            self.fields["id_number"].help_text = _("On record: %(number)s. Leave empty to keep it.") % {
                "number": person.id_number_masked
            }

    @property
    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names_]) for title, names_ in self.SECTIONS]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        born, admitted, full = data.get("born_on"), data.get("admitted_on"), data.get("full_member_on")
        if born and admitted and admitted.last < born.first:
            self.add_error("admitted_on", _("Admission cannot come before birth."))
        if admitted and full and full.last < admitted.first:
            self.add_error("full_member_on", _("Full membership cannot come before admission."))
        if number := data.get("id_number"):
            if data.get("sex") and data["sex"] != id_numbers.sex(number):
                self.add_error(
                    "sex", _("The ID number says otherwise: its second last digit is odd for men, even for women.")
                )
            day = id_numbers.born_on(number)
            if born and day and not born.agrees_with(PartialDate(day)):
                self.add_error(
                    "born_on",
                    _("The ID number says %(day)s. Please find out which is right.") % {"day": PartialDate(day)},
                )
        return data

    def values(self) -> dict[str, Any]:
        """As the service stores them: a date and its precision apart, what the ID number tells filled in."""
        data = dict(self.cleaned_data)
        data.pop("name")
        if number := data.pop("id_number"):
            data["sex"] = data["sex"] or id_numbers.sex(number)
            day = id_numbers.born_on(number)
            data["born_on"] = data["born_on"] or (PartialDate(day) if day else None)
        for name, precision in DATES.items():
            partial = data[name]
            data[name] = partial.on if partial else None
            if partial:
                data[precision] = partial.precision
        return data


def with_own(values: Any, own: str) -> list[tuple[str, str]]:
    """A select that does not lose what is on record."""
    choices = [("", "—"), *((value, value) for value in values)]
    return choices if not own or own in dict(choices) else [*choices, (own, own)]


def initial_of(person: Person, details: MemberDetails | None) -> dict[str, Any]:
    """What the form shows of a record; the ID number never leaves it this way."""
    details = details or MemberDetails(person=person)
    initial: dict[str, Any] = {}
    for name in PersonForm.base_fields:
        if name == "id_number":
            continue
        holder = details if name in IN_DETAILS else person
        value = getattr(holder, name)
        if name in DATES and value:
            precision = DATES[name]
            value = PartialDate(value, getattr(details if precision in OWN_DETAILS_PRECISION else person, precision))
        initial[name] = value
    return initial


class NewMemberForm(PersonForm):
    """A person and the first row of the membership."""

    category = forms.ChoiceField(
        label=_("Membership category"), choices=Membership.Category.choices, widget=forms.RadioSelect
    )
    starts_on = forms.DateField(label=_("On the roster since"), widget=DateInput)
    group = forms.ModelChoiceField(label=_("Party group"), queryset=PartyGroup.objects.none(), required=False)
    is_hosted = forms.BooleanField(
        label=_("Takes part here, registered elsewhere"),
        required=False,
        help_text=_("May attend, is not expected, owes nothing here."),
    )

    SECTIONS = (
        PersonForm.SECTIONS[0],
        (_("On the roster"), ("category", "starts_on", "group", "is_hosted")),
        *PersonForm.SECTIONS[1:],
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = group_choices(organization, self.today)

    def clean_starts_on(self) -> date:
        return not_later(self.cleaned_data["starts_on"], self.today)

    def values(self) -> dict[str, Any]:
        data = super().values()
        return {
            name: value for name, value in data.items() if name not in ("category", "starts_on", "group", "is_hosted")
        }


def not_later(day: date, today: date) -> date:
    if day > today:
        raise forms.ValidationError(_("Choose today or an earlier day."))
    if day < date(1921, 7, 1):
        raise forms.ValidationError(_("This day lies too far back. Please check the year."))
    return day


class MembershipForm(TodayForm):
    """What holds from a day on."""

    from_day = forms.DateField(label=_("From"), widget=DateInput)
    category = forms.ChoiceField(
        label=_("Membership category"), choices=Membership.Category.choices, widget=forms.RadioSelect
    )
    standing = forms.ChoiceField(label=_("Membership standing"), choices=Membership.Standing.choices)
    group = forms.ModelChoiceField(label=_("Party group"), queryset=PartyGroup.objects.none(), required=False)
    is_mobile = forms.BooleanField(label=_("Mobile member (away six months or more)"), required=False)
    mobile_to = forms.CharField(label=_("Where the mobile member is"), max_length=80, required=False)
    lost_contact_on = forms.DateField(
        label=_("Out of contact since"), widget=DateInput, required=False, help_text=_("Empty: in contact.")
    )

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = group_choices(organization, self.today)

    def clean_from_day(self) -> date:
        return not_later(self.cleaned_data["from_day"], self.today)

    def clean_lost_contact_on(self) -> date | None:
        day = self.cleaned_data["lost_contact_on"]
        return not_later(day, self.today) if day else None

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("mobile_to") and not data.get("is_mobile"):
            self.add_error("mobile_to", _("There is a place, but the person is said not to be a mobile member."))
        return data


class EndForm(TodayForm):
    """Leaving the roster."""

    last_day = forms.DateField(
        label=_("Last day here"), widget=DateInput, help_text=_("For a transfer the date on the letter counts.")
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=ending.Reason.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Where to, or in words"), max_length=50, required=False)

    def clean_last_day(self) -> date:
        return not_later(self.cleaned_data["last_day"], self.today)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("reason") == ending.Reason.OTHER and not data.get("note"):
            self.add_error("note", _("Say in a few words why."))
        return data


class ReturnForm(TodayForm):
    """Back on the roster."""

    starts_on = forms.DateField(label=_("On the roster since"), widget=DateInput)
    category = forms.ChoiceField(
        label=_("Membership category"), choices=Membership.Category.choices, widget=forms.RadioSelect
    )
    group = forms.ModelChoiceField(label=_("Party group"), queryset=PartyGroup.objects.none(), required=False)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = group_choices(organization, self.today)

    def clean_starts_on(self) -> date:
        return not_later(self.cleaned_data["starts_on"], self.today)


class ExportForm(forms.Form):
    """Which sheet, and whether with full ID numbers."""

    layout = forms.ChoiceField(
        label=_("Form"),
        choices=[
            ("everyday", _("Everyday roster, 12 columns")),
            ("central", _("Central collection sheet, 19 columns")),
            ("import", _("All columns, same as for import")),
        ],
        widget=forms.RadioSelect,
        initial="everyday",
    )
    with_id_numbers = forms.BooleanField(
        label=_("With full ID numbers"),
        required=False,
        help_text=_("Your name and the time stand in the file, and the people concerned can see it."),
    )
    on = forms.DateField(label=_("As of"), widget=DateInput, required=False)
