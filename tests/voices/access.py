"""Who may open what; tests/access.py explains."""

from tests.access import Row

ACCESS: dict[str, Row | list[Row]] = {}
