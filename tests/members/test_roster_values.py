from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.workbook import Cell
from apps.core.workbook.values import cell_of
from apps.core.written_dates import PartialDate
from apps.members import id_numbers
from apps.members.roster_codes import EDUCATION_WORDS, ETHNIC_GROUPS
from apps.members.roster_columns import FIELDS
from apps.members.roster_values import PARSERS, Coded, Parsed, PartyPosts, Reading, parse
from tests.factories.people import fake_birth, fake_id

TODAY = date(2026, 3, 1)
BIRTH = date(1990, 5, 6)
MAN = fake_id(BIRTH, "male", 12)


def with_x():
    return next(number for n in range(100) if (number := fake_id(BIRTH, "male", n)).endswith("X"))


def ends_in_000():
    return next(number for n in range(28) if (number := fake_id(date(1990, 5, n + 1), "female", 50)).endswith("000"))


def clean(name):
    return "".join(name.split())


def read(kind, value, **kwargs) -> Parsed:
    cell = value if isinstance(value, Cell) else cell_of(value)
    found = parse(kind, cell, Reading(TODAY, clean, **kwargs))
    assert found.trouble is None or str(found.trouble.message)
    return found


def outcome(kind, value, **kwargs):
    """The value, or the code of what is wrong."""
    found = read(kind, value, **kwargs)
    return found.trouble.code if found.trouble else found.value


def table(kind, *cases):
    return [pytest.param(kind, *case, id=f"{kind}-{case[0]!r}"[:60]) for case in cases]


CASES = [
    *table(
        "name",
        ("张三", "张三"),
        ("张　三", "张三"),
        (" 张 三 ", "张三"),
        ("张\u200b三\ufeff", "张三"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("John", "John"),
        ("𠮷田", "𠮷田"),
        ("张三（书记）", "name_unclear"),
        ("张三13800000001", "name_unclear"),
        ("张三*", "name_unclear"),
        ("张三、李四", "name_unclear"),
        ("=HYPERLINK(1)", "name_unclear"),
        ("张?", "name_damaged"),
        ("张\ufffd", "name_damaged"),
        ("张□", "name_damaged"),
        ("张\ue000", "name_private"),
        ("张", "name_length"),
        ("长" * 51, "name_length"),
        (12, "name_unclear"),
        ("无", None),
        ("", None),
    ),
    *table(
        "sex",
        ("男", "male"),
        (" 女 ", "female"),
        ("男性", "male"),
        ("1 男", "male"),
        ("2女", "female"),
        (2, "female"),
        ("F", "female"),
        ("男女", "sex"),
        ("难", "sex"),
        (0, "sex"),
        (None, None),
        ("—", None),
    ),
    *table(
        "ethnic_group",
        ("汉族", "01"),
        ("汉", "01"),
        ("01 汉族", "01"),
        ("01汉族", "01"),
        ("1", "01"),
        (1, "01"),
        ("０１　汉族", "01"),
        ("56 基诺族", "56"),
        ("维吾尔", "05"),
        ("91", "91"),
        ("外国血统", "92"),
        ("02 汉族", "code_conflict"),
        ("57", "ethnic_group"),
        ("漢族", "ethnic_group"),
        ("汉人", "ethnic_group"),
    ),
    *table(
        "education",
        ("21 大学", Coded("21", "大学")),
        ("大学本科", Coded("", "大学")),
        ("本科", Coded("", "大学")),
        ("21", Coded("21", "大学")),
        (22, Coded("22", "大专")),
        ("6 普通高中", Coded("6", "普通高中")),
        ("12 硕士研究生", Coded("12", "硕士研究生")),
        ("22 大学", "code_conflict"),
        ("21 大专", "code_conflict"),
        ("12", "education"),
        ("大学肄业", "education"),
    ),
    *table(
        "occupation",
        ("011 某类在岗职工", Coded("011", "某类在岗职工")),
        ("5 离退休", Coded("5", "离退休")),
        ("农牧渔民", Coded("", "农牧渔民")),
        (31, Coded("31", "")),
        ("99 某类", "occupation"),
    ),
    *table(
        "category",
        ("正式党员", "full_member"),
        ("正式", "full_member"),
        ("1 正式党员", "full_member"),
        ("预备党员", "probationary_member"),
        ("中共党员（预备）", "probationary_member"),
        ("中共党员", "category_open"),
        ("入党积极分子", "not_a_member"),
        ("群众", "not_a_member"),
        ("已转出", "category"),
    ),
    *table("standing", ("正常", "normal"), ("停止党籍", "suspended"), ("出党", "standing"), ("", None)),
    *table(
        "yes_no",
        ("是", True),
        ("否", False),
        ("√", True),
        ("Y", True),
        (True, True),
        (0, False),
        ("无", False),
        ("可能", "yes_no"),
        ("", None),
    ),
    *table(
        "mobile",
        ("13800001234", "13800001234"),
        (13800001234, "13800001234"),
        (13800001234.0, "13800001234"),
        ("138 0000 1234", "13800001234"),
        ("138-0000-1234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("+86 13800001234", "13800001234"),
        ("86-13800001234", "13800001234"),
        ("008613800001234", "13800001234"),
        ("'13800001234", "13800001234"),
        ("1380000123", "phone_length"),
        ("138000012345", "phone_length"),
        ("12800001234", "phone_length"),
        ("1.38E+10", "digits_lost"),
        ("138****1234", "masked"),
        ("13800001234/13800005678", "two_numbers"),
        ("13800001234、 13800005678", "two_numbers"),
        ("0571-88881234", "phone_length"),
        ("见备注", "phone"),
        ("无", None),
    ),
    *table(
        "landline",
        ("0571-88881234", "0571-88881234"),
        ("057188881234", "0571-88881234"),
        ("(0571)88881234", "0571-88881234"),
        ("010-88881234", "010-88881234"),
        ("01088881234", "010-88881234"),
        ("88881234", "88881234"),
        (88881234, "88881234"),
        ("0571-88881234转801", "0571-88881234-801"),
        ("0571—8888123", "0571-8888123"),
        ("13800001234", "mobile_as_landline"),
        ("123", "phone"),
    ),
    *table(
        "phone",
        ("13800001234", "13800001234"),
        ("0571-88881234", "0571-88881234"),
        ("88881234", "88881234"),
        ("123456", "phone_length"),
    ),
    *table(
        "id_number",
        (MAN, MAN),
        (with_x().lower(), with_x()),
        (f"'{MAN}", MAN),
        (f" {MAN[:6]} {MAN[6:14]} {MAN[14:]} ", MAN),
        ("".join(chr(ord(c) + 0xFEE0) for c in with_x()), with_x()),
        (f"\u202d{MAN}\u202c", MAN),
        (int(MAN), "digits_lost"),
        (float(MAN), "digits_lost"),
        ("9.90000199005060E+17", "digits_lost"),
        ("9.9E17", "digits_lost"),
        ("990000900506012", "id_old"),
        (990000900506012, "id_old"),
        (MAN[:-1], "id_length"),
        (MAN + "1", "id_length"),
        (MAN[:10] + "O" + MAN[11:], "id_characters"),
        ("身份证遗失", "id_characters"),
        (MAN[:16] + ("1" if MAN[16] != "1" else "3") + MAN[17], "id_check"),
        (MAN[:10] + "13" + MAN[12:], "id_birth"),
        (fake_id(date(2026, 3, 2)), "id_birth"),
        (fake_id(date(1899, 12, 31)), "id_birth"),
        ("990000********1234", "masked"),
        (ends_in_000(), "id_zeros"),
        ("暂无", None),
    ),
    *table(
        "date",
        ("1990.05", PartialDate(date(1990, 5, 1), "month")),
        ("1990年", "date_incomplete"),
        (1990.1, "month_ambiguous"),
    ),
    *table(
        "money",
        ("20", Decimal("20.00")),
        (20.5, Decimal("20.50")),
        ("20元", Decimal("20.00")),
        ("二十", "amount"),
        ("NaN", "amount"),
        (-1, "amount"),
    ),
    *table(
        "party_post",
        ("书记", PartyPosts(("branch_secretary",), "书记")),
        ("党支部书记兼组织委员", PartyPosts(("branch_secretary", "organization_member"), "党支部书记兼组织委员")),
        ("组织、宣传委员", PartyPosts(("organization_member", "publicity_member"), "组织、宣传委员")),
        ("党小组长", PartyPosts(("group_leader",), "党小组长")),
        ("普通党员", None),
        ("部门经理", "party_post"),
    ),
    *table("text", ("  一 \n 二 ", "一 二"), ("'=1+1", "=1+1"), ("字" * 501, "too_long"), (12, "12")),
    *table("code", (" 00 12 ", "0012"), (12.0, "12"), ("1" * 41, "too_long")),
]


@pytest.mark.parametrize(("kind", "written", "expected"), CASES)
def test_what_a_cell_says(kind, written, expected):
    assert outcome(kind, written) == expected


def test_every_parser_is_tried_above_and_every_field_has_one():
    assert {case.values[0] for case in CASES} == set(PARSERS)
    assert {field.kind for field in FIELDS} == set(PARSERS)


@pytest.mark.parametrize("kind", sorted(PARSERS))
def test_faulty_formulas_are_errors_everywhere(kind):
    assert outcome(kind, Cell(fault="formula")) == "formula"
    assert outcome(kind, Cell(None, "#REF!", fault="error")) == "formula_error"


def test_october_may_be_lost_in_text_tables():
    assert outcome("date", "1990.1") == PartialDate(date(1990, 1, 1), "month")
    assert outcome("date", "1990.1", as_shown=True) == "month_ambiguous"


def test_what_is_left_out_says_so_and_what_is_doubtful_asks():
    assert read("education", "大学肄业").trouble.level == "note"
    assert read("id_number", ends_in_000()).trouble.level == "ask"
    assert read("id_number", ends_in_000()).value == ends_in_000()
    assert read("id_number", MAN[:-1]).value is None


def test_ethnic_groups_are_58():
    assert len(ETHNIC_GROUPS) == 58
    assert len(set(ETHNIC_GROUPS.values())) == 58


@given(st.integers(0, 10_000), st.sampled_from(["male", "female"]), st.integers(0, 499))
def test_an_id_number_tells_birth_and_sex(day, sex, n):
    number = fake_id(fake_birth(day), sex, n)
    assert id_numbers.is_checked(number)
    assert (id_numbers.born_on(number), id_numbers.sex(number)) == (fake_birth(day), sex)


@given(st.integers(0, 499), st.integers(0, 17), st.characters(whitelist_categories=["Nd"], max_codepoint=127))
def test_one_wrong_digit_is_always_found(n, at, digit):
    number = fake_id(BIRTH, "male", n)
    changed = number[:at] + digit + number[at + 1 :]
    found = read("id_number", changed)
    assert changed == number or (found.trouble is not None and found.value is None)


@given(
    st.sampled_from(sorted(PARSERS)),
    st.text(max_size=30) | st.integers() | st.floats() | st.datetimes() | st.booleans() | st.none(),
)
def test_anything_is_read_or_has_a_trouble(kind, value):
    read(kind, value)
    read(kind, value, as_shown=True, date_1904=True)


@given(
    st.sampled_from(sorted(ETHNIC_GROUPS)), st.sampled_from(["{c} {n}", "{c}{n}", "{c}", "{n}", "{c}　{n}", "{c}.{n}"])
)
def test_coded_values_come_back_from_every_writing(code, form):
    assert outcome("ethnic_group", form.format(c=code, n=ETHNIC_GROUPS[code])) == code


@given(st.sampled_from(sorted(EDUCATION_WORDS)))
def test_every_word_for_a_level_is_known(word):
    assert outcome("education", word).label == EDUCATION_WORDS[word]
