"""What comes over HTTP about duties."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.activities.models import ActivityKind
from apps.duties.models import DutyRule
from apps.duties.schedule import Window
from apps.duties.vocabulary import Months


def month_of(text: str) -> date | None:
    """The first day of `2026-03`; None for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


class ReasonForm(forms.Form):
    """One sentence that says why; kept with the decision."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write one sentence saying why.")},
    )

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())


class OverrideForm(forms.Form):
    """Tighten a duty: starts from what holds."""

    times = forms.IntegerField(label=_("At least how many times"), min_value=1, max_value=31)
    grace_days = forms.IntegerField(label=_("Days to enter it after the period"), min_value=0, max_value=60)
    first = forms.CharField(label=_("Window from"), max_length=5, help_text=_("Month and day, for example 10-01"))
    last = forms.CharField(label=_("Window to"), max_length=5, help_text=_("Month and day, for example 12-31"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write one sentence saying why.")},
    )

    def __init__(self, *args: Any, rule: DutyRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        if not rule.window:
            del self.fields["first"], self.fields["last"]
        if not rule.window or not self.is_bound:
            ends = rule.window.split("..") if rule.window else ["", ""]
            self.initial |= {"times": rule.times, "grace_days": rule.grace_days, "first": ends[0], "last": ends[1]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["window"] = ""
        if self.rule.window:
            cleaned["window"] = f"{cleaned.pop('first', '')}..{cleaned.pop('last', '')}"
            try:
                cleaned["window"] = str(Window.parse(cleaned["window"]))
            except ValueError:
                self.add_error(
                    "first", _("Write month and day, for example 10-01; days that not every year has do not count.")
                )
        return cleaned


class DutyForm(forms.Form):
    """A duty of one's own (自选动作)."""

    name = forms.CharField(
        label=_("What is to be done"), max_length=40, error_messages={"required": _("Give the duty a name.")}
    )
    months = forms.TypedChoiceField(
        label=_("How often"), coerce=int, choices=Months.choices, initial=Months.MONTH, widget=forms.RadioSelect
    )
    times = forms.IntegerField(label=_("At least how many times"), min_value=1, max_value=31, initial=1)
    kinds = forms.ModelMultipleChoiceField(
        label=_("Fulfilled by"),
        queryset=ActivityKind.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one kind of activity that fulfils it.")},
    )
    basis = forms.CharField(
        label=_("Basis"), max_length=200, required=False, help_text=_("A resolution or a notice, if there is one")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ActivityKind.objects.filter(is_active=True).exclude(slug="talk")
        self.fields["kinds"].queryset = kinds
