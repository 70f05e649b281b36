"""Form fields for what people type."""

from datetime import date
from typing import Any

from django import forms

from apps.core.dates import DayUnreadable, read_day


class DayField(forms.CharField):
    """A day typed in any usual way. `today` decides the year where none is given; the form sets it."""

    today: date | None = None

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> date | None:  # type: ignore[override]
        text = super().clean(value)
        if not text:
            return None
        if self.today is None:
            raise RuntimeError("the form has not said which day it is")
        try:
            return read_day(text, self.today)
        except DayUnreadable as error:
            raise forms.ValidationError(str(error)) from None

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value
