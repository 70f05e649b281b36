"""What comes over HTTP about reminders."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.widgets import DateInput
from apps.reminders.models import Preference, Robot


class PreferenceForm(forms.ModelForm):
    """How one wants to be reminded outside the app."""

    class Meta:
        model = Preference
        fields = ["outside", "meeting", "assignment", "duty", "urgent_meetings"]
        labels = {
            "outside": _("Besides the app"),
            "meeting": pgettext_lazy("reminded of", "Meetings"),
            "assignment": pgettext_lazy("reminded of", "Assignments"),
            "duty": pgettext_lazy("reminded of", "Duties"),
            "urgent_meetings": _("Meetings of the same day also outside these hours"),
        }
        widgets = {"outside": forms.RadioSelect}


class HolidayForm(forms.Form):
    """A day the published calendar does not know, or knows wrongly. Entered again, it is replaced."""

    day = forms.DateField(label=_("Day"), widget=DateInput)
    name = forms.CharField(label=pgettext_lazy("holiday", "Name"), max_length=40, required=False)
    is_working = forms.BooleanField(label=_("People work on this day"), required=False)


class RobotForm(forms.Form):
    """A group robot. Its address is a password: after a mistake it is asked for again."""

    kind = forms.ChoiceField(label=_("Platform"), choices=Robot.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=pgettext_lazy("of a robot", "Name"),
        max_length=40,
        help_text=_("How you tell it from others, such as the group."),
    )
    url = forms.CharField(
        label=_("Address of the robot"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Copied from the robot's page. It is kept sealed and never shown again."),
    )


class DiscardForm(forms.Form):
    """Why a parked message is given up."""

    reason = forms.CharField(
        label=pgettext_lazy("of giving up a message", "Reason"),
        max_length=200,
        help_text=_("Such as: the address no longer exists. No names and no addresses."),
    )
