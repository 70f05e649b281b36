"""What comes over HTTP about reminders."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.widgets import DateInput
from apps.reminders.models import Preference


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
