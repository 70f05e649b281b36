"""Which kind of file is this? Its content decides; people rename files and web systems save HTML as .xls."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from .compound import COMPOUND, Compound
from .model import LIMITS, Limits, Sheet, WorkbookError
from .plain import decode, not_a_table, read_plain
from .xls import read_xls
from .xlsx import check_archive, read_xlsx

_MARKUP = re.compile(
    r"\s*(<!doctype|<html|<head|<body|<meta|<table|<style|<\?xml|<script|<div|mime-version:)", re.IGNORECASE
)
_OTHERS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"RIFF", "picture"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"{\\rtf", "word"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)
_SAVE_AS = {
    "pdf": _("This is a PDF, not a table. Choose the Excel file it was made from."),
    "picture": _("This is a picture, not a table. Choose an Excel file."),
    "word": _("This is a Word document. Copy its table into Excel or WPS and save it as .xlsx."),
    "slides": _("This is a presentation, not a table. Choose an Excel file."),
    "program": _("This is a program, not a table. Choose an Excel file."),
    "archive": _("This is a compressed archive. Unpack it first, then choose the Excel file inside."),
    "web": _("This is a web page saved under another name. Open it in Excel or WPS and save it as .xlsx."),
    "other_sheet": _("This kind of table cannot be read. Open it in Excel or WPS and save it as .xlsx."),
}


def read_workbook(data: bytes, filename: str = "", *, limits: Limits = LIMITS) -> list[Sheet]:
    """All worksheets, hidden ones too. `filename` only names the sheet of a text file. WorkbookError if it cannot be read."""
    if len(data) > limits.file_bytes:
        raise WorkbookError(
            "too_big",
            format_lazy(
                _("The file is larger than {size} MB. Remove pictures or copy the roster into a new workbook."),
                size=limits.file_bytes // (1024 * 1024),
            ),
        )
    if not data.strip(b"\0\t\r\n "):
        raise WorkbookError("empty", _("The file is empty."))
    if data.startswith(b"PK"):
        sheets = read_zip(data, limits)
    elif data.startswith(COMPOUND):
        sheets = read_compound(data, limits)
    else:
        refuse_others(data)
        text = decode(data)
        if _MARKUP.match(text.removeprefix("\ufeff")):
            raise refusal("web")
        sheets = [read_plain(text, limits, name=filename.rpartition(".")[0] or filename or "CSV")]
    if not any(sheet.rows for sheet in sheets):
        raise WorkbookError("empty", _("The file is empty."))
    return sheets


def read_pasted(text: str, *, limits: Limits = LIMITS) -> list[Sheet]:
    """Cells copied from a sheet: tabs between columns, quotation marks around cells with line breaks."""
    if len(text) > limits.file_bytes:
        raise WorkbookError("too_big", _("This is too much to paste. Save it as a file and choose the file."))
    return [read_plain(text, limits, name="", delimiter="\t" if "\t" in text else "")]


def refusal(kind: str) -> WorkbookError:
    return WorkbookError(kind, _SAVE_AS[kind])


def damaged() -> WorkbookError:
    return WorkbookError(
        "damaged", _("The file is damaged. Open it in Excel or WPS, save it again as .xlsx and choose that file.")
    )


def refuse_others(data: bytes) -> None:
    for signature, kind in _OTHERS:
        # Two letters may well begin a text; real programs and pictures hold zero bytes right behind them.
        if data.startswith(signature) and (len(signature) > 2 or b"\0" in data[:64]):
            raise refusal(kind)
    if data[4:8] == b"ftyp":
        raise refusal("picture")


def read_zip(data: bytes, limits: Limits) -> list[Sheet]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
            if any(name.startswith("word/") for name in names):
                raise refusal("word")
            if any(name.startswith("ppt/") for name in names):
                raise refusal("slides")
            if "xl/workbook.bin" in names or "mimetype" in names:
                raise refusal("other_sheet")
            if not any(name.startswith("xl/") for name in names):
                raise refusal("archive")
            check_archive(archive, limits)
        return read_xlsx(data, limits)
    except WorkbookError:
        raise
    except Exception as error:  # a damaged part may fail anywhere inside the libraries
        raise damaged() from error


def read_compound(data: bytes, limits: Limits) -> list[Sheet]:
    try:
        compound = Compound(data)
        names = set(compound.names)
        if "EncryptedPackage" in names:
            raise WorkbookError(
                "encrypted", _("The file is protected by a password. Remove the password, then choose it again.")
            )
        if "WordDocument" in names:
            raise refusal("word")
        if "PowerPoint Document" in names:
            raise refusal("slides")
        if not names & {"Workbook", "Book"}:
            raise not_a_table()
        return read_xls(compound, limits)
    except WorkbookError:
        raise
    except Exception as error:
        raise damaged() from error
