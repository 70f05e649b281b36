"""What comes over HTTP about reports."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.reports.models import OPINION_AT_MOST, REASON_AT_MOST, WORDS_AT_MOST, CannedReason
from apps.reports.reading import BLOCKS, TextLine

PASSAGE_AT_MOST = 200
MOST_PASSAGES = 20


def _words(name: str) -> forms.CharField:
    return forms.CharField(
        label=BLOCKS[name], max_length=WORDS_AT_MOST, required=False, widget=forms.Textarea(attrs={"rows": 12})
    )


class WordsForm(forms.Form):
    """The two blocks the branch writes. Numbers are not among them."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    plan = _words("plan")
    work = _words("work")


class VersionForm(forms.Form):
    """Which version the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class OpinionForm(VersionForm):
    """Approving; a word is not needed."""

    opinion = forms.CharField(
        label=pgettext_lazy("review", "Opinion"), max_length=OPINION_AT_MOST, required=False, widget=forms.TextInput
    )


class ReturnForm(VersionForm):
    """Returning: one sentence for the whole, and what is asked at a line (`passage-work-3`)."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence; the branch sees it."),
        error_messages={"required": _("Write one sentence saying why; the branch sees it.")},
    )

    def __init__(self, *args: Any, lines: list[TextLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["passages"] = found = []
        for line in self.lines:
            text = " ".join(self.data.get(f"passage-{line.key}", "").split())
            if text:
                name, _dash, place = line.key.partition("-")
                found.append({"block": name, "line": int(place), "quote": line.text, "text": text})
        if any(len(one["text"]) > PASSAGE_AT_MOST for one in found):
            self.add_error(None, _("At most %(count)d characters at a line.") % {"count": PASSAGE_AT_MOST})
        if len(found) > MOST_PASSAGES:
            self.add_error(None, _("At most %(count)d lines; say the rest in the reason.") % {"count": MOST_PASSAGES})
        return cleaned


class SentenceForm(forms.ModelForm):
    class Meta:
        model = CannedReason
        fields = ("use", "text")
        widgets = {"use": forms.RadioSelect}
        labels = {"use": pgettext_lazy("canned sentence", "Used for"), "text": _("Sentence")}

    def validate_constraints(self) -> None:
        """One that is there already is no fault."""
