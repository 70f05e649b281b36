"""What the style guide shows: every part once, with content as it comes in a branch. The people do not exist."""

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import pgettext, pgettext_lazy

from apps.core.icons import ICONS
from apps.core.status import STATUSES
from apps.core.widgets import DateInput, TimeInput


class SampleForm(forms.Form):
    kind = forms.ChoiceField(
        label=pgettext_lazy("style guide", "Kind of meeting"),
        widget=forms.RadioSelect,
        choices=[
            ("committee_meeting", pgettext_lazy("style guide", "Committee meeting")),
            ("group_meeting", pgettext_lazy("style guide", "Group meeting")),
            ("theme_day", pgettext_lazy("style guide", "Theme Party day")),
        ],
    )
    held_on = forms.DateField(label=pgettext_lazy("style guide", "Date"), widget=DateInput)
    starts_at = forms.TimeField(label=pgettext_lazy("style guide", "Start"), widget=TimeInput)
    place = forms.CharField(
        label=pgettext_lazy("style guide", "Place"),
        help_text=pgettext_lazy("style guide", "Last time: Members' room 101"),
    )
    focus = forms.MultipleChoiceField(
        label=pgettext_lazy("style guide", "Focus"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("ideological", pgettext_lazy("style guide", "Ideological")),
            ("organizational", pgettext_lazy("style guide", "Organizational")),
            ("conduct", pgettext_lazy("style guide", "Conduct")),
        ],
    )
    notes = forms.CharField(
        label=pgettext_lazy("style guide", "Main points"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=pgettext_lazy("style guide", "Type, paste, or use the microphone of your keyboard."),
    )
    owner = forms.ChoiceField(
        label=pgettext_lazy("style guide", "Minutes taken by"),
        choices=[("1", pgettext_lazy("style guide", "Li Fang")), ("2", pgettext_lazy("style guide", "Zhang Qiang"))],
    )
    has_decisions = forms.BooleanField(label=pgettext_lazy("style guide", "Something was decided"), required=False)


def sample(request: HttpRequest) -> dict[str, Any]:
    today: date = timezone.localdate()
    typed = {"kind": "committee_meeting", "place": "", "owner": "1", "held_on": "", "starts_at": "14:30"}
    wrong = SampleForm({f"wrong-{name}": value for name, value in typed.items()}, prefix="wrong")
    people = [
        (pgettext("style guide", "Wang Jianguo"), "wjg", "present", ""),
        (pgettext("style guide", "Li Fang"), "lf", "present", pgettext("style guide", "secretary")),
        (pgettext("style guide", "Zhang Qiang"), "zq", "excused", ""),
        (pgettext("style guide", "Liu Yang"), "ly", "present", ""),
        (pgettext("style guide", "Chen Jing"), "cj", "online", pgettext("style guide", "committee member")),
        (pgettext("style guide", "Zhao Jun"), "zj", "absent", ""),
    ]
    return {
        "form": SampleForm(initial={"kind": "committee_meeting", "held_on": today, "starts_at": "14:30", "owner": "1"}),
        "wrong": wrong,
        "day": today,
        "statuses": [(domain, list(states)) for domain, states in STATUSES.items()],
        "people": people,
        "reasons": [
            ("duty", pgettext("style guide", "Away on duty")),
            ("ill", pgettext("style guide", "Sick leave")),
            ("private", pgettext("style guide", "Private matter")),
        ],
        "step_labels": [
            pgettext("style guide", "What"),
            pgettext("style guide", "Who came"),
            pgettext("style guide", "Content"),
            pgettext("style guide", "Check"),
        ],
        "step_urls": ["?step=1", "?step=2", "?step=3"],
        "months": range(1, 7),
        "icon_names": list(ICONS),
    }
