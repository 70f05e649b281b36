"""What the style guide shows: every part once, with content as it comes in a branch. The people do not exist."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.status import STATUSES
from apps.core.widgets import DateInput, TimeInput


class SampleForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of meeting"),
        widget=forms.RadioSelect,
        choices=[
            ("committee_meeting", gettext_lazy("Committee meeting")),
            ("group_meeting", gettext_lazy("Group meeting")),
            ("theme_day", gettext_lazy("Theme Party day")),
        ],
    )
    held_on = forms.DateField(label=gettext_lazy("Date"), widget=DateInput)
    starts_at = forms.TimeField(label=gettext_lazy("Start"), widget=TimeInput)
    place = forms.CharField(label=gettext_lazy("Place"), help_text=gettext_lazy("Last time: Members' room 101"))
    focus = forms.MultipleChoiceField(
        label=gettext_lazy("Focus"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("ideological", gettext_lazy("Ideological")),
            ("organizational", gettext_lazy("Organizational")),
            ("conduct", gettext_lazy("Conduct")),
        ],
    )
    notes = forms.CharField(
        label=gettext_lazy("Main points"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Type, paste, or use the microphone of your keyboard."),
    )
    owner = forms.ChoiceField(
        label=gettext_lazy("Minutes taken by"), choices=[("1", gettext_lazy("Li Fang")), ("2", gettext_lazy("Zhang Qiang"))]
    )
    has_decisions = forms.BooleanField(label=gettext_lazy("Something was decided"), required=False)


def sample(request: HttpRequest) -> dict[str, Any]:
    today: date = timezone.localdate()
    wrong = SampleForm({"kind": "committee_meeting", "place": "", "owner": "1", "held_on": "x", "starts_at": "14:30"})
    people = [
        (_("Wang Jianguo"), "wjg", "present", ""),
        (_("Li Fang"), "lf", "present", _("secretary")),
        (_("Zhang Qiang"), "zq", "excused", ""),
        (_("Liu Yang"), "ly", "present", ""),
        (_("Chen Jing"), "cj", "online", _("committee member")),
        (_("Zhao Jun"), "zj", "absent", ""),
    ]
    return {
        "form": SampleForm(initial={"kind": "committee_meeting", "held_on": today, "starts_at": "14:30", "owner": "1"}),
        "wrong": wrong,
        "day": today,
        "statuses": [(domain, list(states)) for domain, states in STATUSES.items()],
        "people": people,
        "reasons": [("duty", _("Away on duty")), ("ill", _("Sick leave")), ("private", _("Private matter"))],
        "step_labels": [_("What"), _("Who came"), _("Content"), _("Check")],
        "step_urls": ["?step=1", "?step=2", "?step=3"],
        "months": range(1, 7),
    }
