"""What comes over HTTP about assignments."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.branches.models import Organization, Person


def members_of(organization: Organization, today: date) -> Any:
    from apps.branches.models import Membership

    rows = Membership.objects.on(today).filter(organization=organization)
    return Person.objects.filter(pk__in=rows.values("person")).order_by("name", "pk")


class GiveForm(forms.Form):
    """A leader of the branch to a member."""

    title = forms.CharField(label=pgettext_lazy("assignment", "What is to be done"), max_length=200)
    assignee = forms.ModelChoiceField(label=pgettext_lazy("assignment", "Who"), queryset=Person.objects.none())
    due_on = forms.DateField(
        label=pgettext_lazy("assignment", "Due"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, organization: Organization, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = members_of(organization, today)


class ActForm(forms.Form):
    """One step: the words, and where the step needs one, the person or the day."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(max_length=1000, required=False)
    person = forms.ModelChoiceField(queryset=Person.objects.none(), required=False)
    due_on = forms.DateField(required=False)

    def __init__(self, *args: Any, organization: Organization, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = members_of(organization, today)
