"""Inputs that Django has under another type."""

from django.forms import widgets


class DateInput(widgets.DateInput):
    """The browser's own date picker; it reads and writes ISO dates in every language."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(widgets.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%H:%M")
