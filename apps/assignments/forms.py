"""What comes over HTTP about assignments."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.assignments.people import assignable
from apps.branches.models import Organization, Person
from apps.core.widgets import DateInput

LEFT = _("This person is no longer a member of this branch. Choose someone else.")


class GiveForm(forms.Form):
    """A leader of the branch to a member."""

    title = forms.CharField(label=pgettext_lazy("assignment", "What is to be done"), max_length=200)
    assignee = forms.ModelChoiceField(label=pgettext_lazy("assignment", "Who"), queryset=Person.objects.none(),
                                      error_messages={"invalid_choice": LEFT})  # fmt: skip
    due_on = forms.DateField(label=pgettext_lazy("assignment", "Due"), required=False, widget=DateInput)
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, organization: Organization, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = assignable(organization, today)


class ActForm(forms.Form):
    """One step: the words, and where the step needs one, the person or the day."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(max_length=1000, required=False)
    person = forms.ModelChoiceField(
        queryset=Person.objects.none(), required=False, error_messages={"invalid_choice": LEFT}
    )
    due_on = forms.DateField(required=False)

    def __init__(self, *args: Any, organization: Organization, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = assignable(organization, today)


class RequestForm(forms.Form):
    """A committee to the branches below it. Which ones of “some” comes as boxes of its own."""

    title = forms.CharField(label=pgettext_lazy("assignment", "What is to be done"), max_length=200)
    due_on = forms.DateField(label=pgettext_lazy("assignment", "Due"), required=False, widget=DateInput)
    note = forms.CharField(label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    to = forms.ChoiceField(label=_("To which branches"), widget=forms.RadioSelect)
    request_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, has_own: bool, **kwargs: Any) -> None:
        """`has_own`: the sender follows branches."""
        super().__init__(*args, **kwargs)
        mine = [("mine", _("My branches"))] if has_own else []
        self.fields["to"].choices = [("all", _("All branches below")), *mine, ("some", _("Those picked below"))]


class CancelForm(forms.Form):
    """Calling off a whole request."""

    reason = forms.CharField(label=_("In one sentence"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
