"""People's spreadsheets, whatever they are saved as, read into plain rows. Nothing here knows what the columns mean."""

from .model import LIMITS, Cell, Limits, Row, Sheet, WorkbookError, column_index, column_letter
from .reading import read_pasted, read_workbook

__all__ = [
    "LIMITS",
    "Cell",
    "Limits",
    "Row",
    "Sheet",
    "WorkbookError",
    "column_index",
    "column_letter",
    "read_pasted",
    "read_workbook",
]
