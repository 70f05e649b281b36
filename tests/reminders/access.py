"""Who may open what; tests/access.py explains."""

from tests.access import Row

ACCESS: dict[str, Row | list[Row]] = {
    "reminders:healthz": Row((503,) * 9),  # nothing has run in a test: red, and no sign-in asked for
}
