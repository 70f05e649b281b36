"""One cell of a roster → its value, or what is wrong with it. Nothing is guessed; nothing is silently left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.workbook import Cell
from apps.core.written_dates import DateUnreadable, read_date

from . import id_numbers
from .roster_codes import (
    EDUCATION_CODES,
    EDUCATION_WORDS,
    ETHNIC_GROUPS,
    NO_POST,
    OCCUPATION_FAMILIES,
    PARTY_POST_WORDS,
)

ERROR = "error"  # the row is not imported
ASK = "ask"  # the row is imported if the user says it is right
NOTE = "note"  # the row is imported; the user is told


@dataclass(frozen=True, slots=True)
class Trouble:
    code: str
    message: str | Promise
    level: str = ERROR


@dataclass(frozen=True, slots=True)
class Parsed:
    value: Any = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read: the day, how names are cleaned, and what kind of sheet the cells come from."""

    today: date
    clean: Callable[[str], str]
    as_shown: bool = False
    date_1904: bool = False


@dataclass(frozen=True, slots=True)
class PartyPosts:
    """`kinds`: identifiers of posts, in the order written."""

    kinds: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Coded:
    """A value from a coded list; either part may be empty."""

    code: str
    label: str


EMPTY_WORDS = frozenset(
    {
        "无",
        "暂无",
        "没有",
        "空",
        "-",
        "--",
        "---",
        "—",
        "——",
        "－",
        "/",
        "\\",
        "n/a",
        "na",
        "none",
        "null",
        "·",
        ".",
        "、",
        "×",
        "未填",
    }
)
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CODED = re.compile(r"([0-9]{1,3})[\s.、:-]*(.*)\Z", re.DOTALL)


def fail(code: str, message: str | Promise, level: str = ERROR, value: Any = None) -> Parsed:
    return Parsed(value, Trouble(code, message, level))


def plain(cell: Cell) -> str:
    """The text without full-width digits, invisible characters and the apostrophe that keeps Excel from calculating."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", cell.text)).strip()
    return text[1:].strip() if text[:1] in ("'", "’", "‘") else text


def compact(cell: Cell) -> str:
    return re.sub(r"\s+", "", plain(cell))


def parse(kind: str, cell: Cell, reading: Reading) -> Parsed:
    """`kind` as in roster_columns. An empty cell says nothing: no value, no trouble."""
    if cell.fault == "formula":
        return fail(
            "formula", _("The file holds a formula without its result. Open it in Excel or WPS and save it again.")
        )
    if cell.fault:
        return fail("formula_error", _("Excel shows an error here. Type the value itself."))
    text = compact(cell)
    if not text or (kind != "yes_no" and text.lower() in EMPTY_WORDS):
        return Parsed()
    return PARSERS[kind](cell, reading)


# --- Names and plain words ------------------------------------------------------------------------------------------------

_NAME = re.compile(r"[^\W\d_]+(?:[ ·.'’-]+[^\W\d_]+)*\.?\Z")


def parse_name(cell: Cell, reading: Reading) -> Parsed:
    name = reading.clean(_INVISIBLE.sub("", cell.text).lstrip("'"))
    if not name:
        return Parsed()
    if "?" in name or "？" in name or "\ufffd" in name or "□" in name:
        return fail("name_damaged", _("A character of this name has been lost. Type the name again."))
    private = any(unicodedata.category(character) == "Co" for character in name)
    letters = "".join("某" if unicodedata.category(c) == "Co" else c for c in name)
    if not _NAME.match(letters):
        return fail("name_unclear", _("There is more than a name here. Leave only the name."))
    if len(name) > 50 or (len(name) < 2 and name.isalpha()):
        return fail("name_length", _("This is too short or too long for a name."))
    if private:
        return fail(
            "name_private", _("This name holds a home-made character that other devices cannot show."), NOTE, name
        )
    return Parsed(name)


def parse_text(cell: Cell, reading: Reading) -> Parsed:
    text = " ".join(_INVISIBLE.sub("", cell.text).split())
    if text[:1] == "'" and text[1:2] in tuple("=+-@"):
        text = text[1:]
    if len(text) > 500:
        return fail("too_long", _("This text is longer than 500 characters."))
    return Parsed(text)


def parse_code(cell: Cell, reading: Reading) -> Parsed:
    text = compact(cell)
    return fail("too_long", _("This number is too long.")) if len(text) > 40 else Parsed(text)


def parse_money(cell: Cell, reading: Reading) -> Parsed:
    text = compact(cell).replace(",", "").lstrip("¥￥").removesuffix("元/月").removesuffix("元")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return fail("amount", _("This is not an amount; it is left out."), NOTE)
    if not amount.is_finite() or amount < 0 or amount >= 1_000_000:
        return fail("amount", _("This is not an amount; it is left out."), NOTE)
    return Parsed(amount.quantize(Decimal("0.01")))


# --- Words from a short list ----------------------------------------------------------------------------------------------

_SEX = {"男": "male", "男性": "male", "m": "male", "male": "male", "1": "male", "1男": "male", "1男性": "male"} | {
    "女": "female", "女性": "female", "f": "female", "female": "female", "2": "female", "2女": "female", "2女性": "female"
}  # fmt: skip
_YES_NO = dict.fromkeys(("是", "y", "yes", "true", "1", "√", "✓", "✔", "1是", "有"), True) | dict.fromkeys(
    ("否", "不是", "n", "no", "false", "0", "×", "x", "无", "0否", "2否", "-", "—", "/"), False
)
_CATEGORY = dict.fromkeys(("正式党员", "正式", "中共正式党员", "1正式党员", "01正式党员"), "full_member") | dict.fromkeys(
    ("预备党员", "预备", "中共预备党员", "2预备党员", "02预备党员", "中共党员(预备)", "党员(预备)"), "probationary_member"
) | dict.fromkeys(("中共党员(正式)", "党员(正式)"), "full_member")  # fmt: skip
_NOT_MEMBERS = ("积极分子", "发展对象", "申请人", "团员", "群众", "民主党派", "无党派")
_STANDING = {
    "正常": "normal",
    "1正常": "normal",
    "正常党籍": "normal",
    "停止党籍": "suspended",
    "2停止党籍": "suspended",
    "已停止党籍": "suspended",
}


def parse_sex(cell: Cell, reading: Reading) -> Parsed:
    found = _SEX.get(compact(cell).lower())
    return Parsed(found) if found else fail("sex", _("Write 男 or 女."))


def parse_yes_no(cell: Cell, reading: Reading) -> Parsed:
    found = _YES_NO.get(compact(cell).lower())
    return fail("yes_no", _("Write 是 or 否.")) if found is None else Parsed(found)


def parse_category(cell: Cell, reading: Reading) -> Parsed:
    text = compact(cell)
    if found := _CATEGORY.get(text):
        return Parsed(found)
    if text in ("中共党员", "党员", "中国共产党党员"):
        return fail("category_open", _("This does not tell full from probationary; it is left out."), NOTE)
    if any(word in text for word in _NOT_MEMBERS):
        return fail(
            "not_a_member", _("This person is not a member yet. A roster holds full and probationary members only.")
        )
    return fail("category", _("Write 正式党员 or 预备党员."))


def parse_standing(cell: Cell, reading: Reading) -> Parsed:
    found = _STANDING.get(compact(cell))
    return Parsed(found) if found else fail("standing", _("Write 正常 or 停止党籍."))


def parse_ethnic_group(cell: Cell, reading: Reading) -> Parsed:
    """The two-digit code."""
    text = compact(cell)
    coded = _CODED.match(text)
    code, label = (coded[1].zfill(2), coded[2]) if coded else ("", text)
    if coded and code not in ETHNIC_GROUPS:
        return fail("ethnic_group", _("There is no ethnic group with this code."))
    if not label:
        return Parsed(code)
    named = next((c for c, name in ETHNIC_GROUPS.items() if label in (name, name.removesuffix("族"))), "")
    if not named:
        return fail("ethnic_group", _("This ethnic group is not on the list. Write its full name, for example 汉族."))
    if code and code != named:
        return fail("code_conflict", _("Code and name do not belong together."))
    return Parsed(named)


def parse_education(cell: Cell, reading: Reading) -> Parsed:
    text = compact(cell)
    coded = _CODED.match(text)
    code, label = (coded[1], coded[2]) if coded else ("", text)
    level = EDUCATION_WORDS.get(label, "") if label else EDUCATION_CODES.get(code, "")
    if code in EDUCATION_CODES and level and EDUCATION_CODES[code] != level:
        return fail("code_conflict", _("Code and name do not belong together."))
    if not level:
        return fail(
            "education", _("This education is not on the list; it is left out. Write for example 大学 or 大专."), NOTE
        )
    return Parsed(Coded(code, level))


def parse_occupation(cell: Cell, reading: Reading) -> Parsed:
    coded = _CODED.match(plain(cell))
    if not coded:
        return Parsed(Coded("", " ".join(plain(cell).split())))
    if coded[1][0] not in OCCUPATION_FAMILIES:
        return fail("occupation", _("There is no occupation with this code; it is left out."), NOTE)
    return Parsed(Coded(coded[1], " ".join(coded[2].split())))


def parse_party_post(cell: Cell, reading: Reading) -> Parsed:
    """书记兼组织委员 → two kinds. 组织、宣传委员 → two kinds."""
    text = compact(cell)
    kinds = []
    for part in re.split(r"[、,，;；/和及兼]+", text):
        if kind := PARTY_POST_WORDS.get(part):
            kinds.append(kind)
        elif part and part not in NO_POST and part not in EMPTY_WORDS:
            return fail("party_post", _("This post in the Party is not on the list; it is left out."), NOTE)
    return Parsed(PartyPosts(tuple(dict.fromkeys(kinds)), text)) if kinds else Parsed()


# --- Numbers --------------------------------------------------------------------------------------------------------------

_AREA = r"010|02[0-9]|000|0[3-9][0-9]{2}"
_LANDLINE = re.compile(rf"(?:({_AREA})-?)?([2-9][0-9]{{6,7}})(?:(?:转|-|ext\.?|分机)([0-9]{{1,6}}))?\Z")
_HYPHENS = str.maketrans(dict.fromkeys("–—−‐‑―~", "-"))


def parse_mobile(cell: Cell, reading: Reading) -> Parsed:
    return read_phone(cell, landline=False)


def parse_landline(cell: Cell, reading: Reading) -> Parsed:
    return read_phone(cell, landline=True)


def parse_phone(cell: Cell, reading: Reading) -> Parsed:
    """Either kind: the length tells which."""
    return read_phone(cell, landline=None)


def is_mobile(number: str) -> bool:
    return bool(re.fullmatch(r"1[3-9][0-9]{9}", number))


def read_phone(cell: Cell, *, landline: bool | None) -> Parsed:
    text = plain(cell)
    if "*" in text or "＊" in text:
        return fail("masked", _("The digits are hidden by asterisks. Use a list with the full number."))
    if re.search(r"[eE]\+", text):
        return fail("digits_lost", _("Excel has shortened this number. Type it again as text."))
    if len(re.findall(r"(?:(?<=\D)|\A)(?:\+?86[- ]?)?1[3-9][0-9](?:[- ]?[0-9]{4}){2}(?=\D|\Z)", text)) > 1:
        return fail("two_numbers", _("There are two numbers here. Leave one."))
    bare = re.sub(r"[\s().]+", "", text.translate(_HYPHENS))
    bare = re.sub(r"\A(\+|00)?86-?(?=(1[3-9]|0))", "", bare)
    digits = bare.replace("-", "")
    if digits.isascii() and is_mobile(digits):
        if landline:
            return fail("mobile_as_landline", _("This is a mobile number in the column for landlines."))
        return Parsed(digits)
    if landline is not False and (match := _LANDLINE.match(bare)):
        return Parsed("-".join(part for part in match.groups() if part))
    if not re.fullmatch(r"[0-9]+", digits):
        return fail("phone", _("This is not a phone number."))
    if landline:
        return fail("phone", _("This is not a landline number. Write for example 0571-12345678."))
    return fail(
        "phone_length",
        format_lazy(
            _("A mobile number has 11 digits and begins with 13 to 19; this one has {count} digits."), count=len(digits)
        ),
    )


def parse_id_number(cell: Cell, reading: Reading) -> Parsed:
    """Fifteen digits, issued until 1999 and void since 2013, are refused: they cannot be matched with the present number."""
    text = compact(cell).upper().replace("-", "")
    if (isinstance(cell.value, int | float) and abs(cell.value) >= 10**15) or re.search(r"[0-9.]E\+?[0-9]", text):
        return fail(
            "digits_lost",
            _("Excel has stored this ID number as a number and lost its last digits. Type it again as text."),
        )
    if "*" in text:
        return fail("masked", _("The digits are hidden by asterisks. Use a list with the full number."))
    if re.fullmatch(r"[0-9]{15}", text):
        return fail("id_old", _("This is an ID number of 15 digits, no longer valid. Write the one with 18."))
    if not id_numbers.has_shape(text):
        if len(text) == 18 or not re.fullmatch(r"[0-9X]+", text):
            return fail("id_characters", _("An ID number has 17 digits, then a digit or X."))
        return fail(
            "id_length", format_lazy(_("An ID number has 18 characters; this one has {count}."), count=len(text))
        )
    born = id_numbers.born_on(text)
    if born is None or not date(1900, 1, 1) <= born <= reading.today:
        return fail("id_birth", _("The date of birth inside this ID number does not exist. Please check the digits."))
    if not id_numbers.is_checked(text):
        return fail(
            "id_check", _("The last character does not fit the others: a digit is wrong. Please check the ID number.")
        )
    if text.endswith("000"):  # what Excel leaves of a number; one in eleven passes the check by chance
        return fail(
            "id_zeros", _("This ID number ends in 000, as after a loss of digits. Please compare it."), ASK, text
        )
    return Parsed(text)


def parse_date(cell: Cell, reading: Reading) -> Parsed:
    try:
        return Parsed(read_date(cell, today=reading.today, as_shown=reading.as_shown, date_1904=reading.date_1904))
    except DateUnreadable as error:
        return fail(error.code, error.message)


PARSERS: dict[str, Callable[[Cell, Reading], Parsed]] = {
    "name": parse_name,
    "text": parse_text,
    "code": parse_code,
    "money": parse_money,
    "sex": parse_sex,
    "yes_no": parse_yes_no,
    "category": parse_category,
    "standing": parse_standing,
    "ethnic_group": parse_ethnic_group,
    "education": parse_education,
    "occupation": parse_occupation,
    "party_post": parse_party_post,
    "mobile": parse_mobile,
    "landline": parse_landline,
    "phone": parse_phone,
    "id_number": parse_id_number,
    "date": parse_date,
}
