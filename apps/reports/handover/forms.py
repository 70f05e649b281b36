"""Who is secretary from which day."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.branches.forms import DayField, PersonChoice
from apps.branches.models import Person


class HandoverForm(forms.Form):
    """One of the branch, or a name that is in no books yet."""

    person = PersonChoice(label=_("New secretary"), queryset=Person.objects.none(), required=False)
    new_name = forms.CharField(
        label=_("Or a new name"), max_length=60, required=False, help_text=_("For somebody who is in no list yet.")
    )
    starts_on = DayField(
        label=pgettext_lazy("first day", "From"),
        help_text=_("The first day in office. Until the day before, the old one is."),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "person" in self.errors:
            return data
        if not data.get("person") and not data.get("new_name"):
            self.add_error("person", _("Choose a person, or write who it is."))
        elif data.get("person") and data.get("new_name"):
            self.add_error("new_name", _("Either choose a person or write one, not both."))
        return data
