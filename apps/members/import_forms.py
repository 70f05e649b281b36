"""What people choose about an import."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.branches.models import Membership
from apps.core.widgets import DateInput
from apps.core.workbook import LIMITS
from apps.members.forms import TodayForm, not_later
from apps.members.importing.files import Upload


class UploadForm(forms.Form):
    """A file, or cells copied from a sheet. What is inside decides, not the name."""

    file = forms.FileField(
        label=_("Excel or WPS file"),
        required=False,
        help_text=_(".xlsx, .xls or .csv, at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt,.tsv"}),
    )
    pasted = forms.CharField(
        label=_("Or paste cells"),
        required=False,
        strip=False,
        max_length=5 * 1024 * 1024,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Copy the table in Excel with its header row, then paste it here."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LIMITS.file_bytes:
            raise forms.ValidationError(
                _("The file is larger than 5 MB. Remove pictures or copy the roster into a new workbook.")
            )
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        file, pasted = data.get("file"), (data.get("pasted") or "").strip()
        if not self.errors and not file and not pasted:
            raise forms.ValidationError(_("Choose a file or paste cells."))
        if file and pasted:
            raise forms.ValidationError(_("Choose one: the file or the pasted cells."))
        return data

    def upload(self) -> Upload:
        file = self.cleaned_data["file"]
        return Upload(file.read(), file.name) if file else Upload(self.cleaned_data["pasted"])


class OptionsForm(TodayForm):
    """What holds for the whole batch."""

    since = forms.DateField(
        label=_("On the roster since"),
        widget=DateInput,
        help_text=_("For people whose file names no date of transfer; changes of group hold from this day too."),
    )
    category = forms.ChoiceField(
        label=_("People without category"),
        required=False,
        choices=[("", _("Ask at each")), *Membership.Category.choices],
    )
    include_hidden = forms.BooleanField(label=_("Read hidden rows too"), required=False)

    def clean_since(self) -> date:
        return not_later(self.cleaned_data["since"], self.today)
