"""What the user decided about a batch: sheets, columns, open questions, rows to leave out. No personal data."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True)
class Choices:
    """`mapping`: sheet → column letter → field ("" leaves it out). `sheets` None: those that look like a roster.

    Rows are named "sheet!number". `same`: row → public id of the person it is, or "new". `right`: rows said to be right as
    they are. `category`: for rows that do not tell; "" asks at each.
    """

    mapping: dict[str, dict[str, str]] = field(default_factory=dict)
    sheets: list[str] | None = None
    include_hidden: bool = False
    category: str = ""
    same: dict[str, str] = field(default_factory=dict)
    right: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Choices":
        return cls(**stored)

    def as_stored(self) -> dict[str, Any]:
        return asdict(self)
