"""Rows: what a good one becomes, every planted fault at its cell, and rows that speak of each other."""

from datetime import date

import pytest

from apps.core.written_dates import PartialDate
from tests.factories.people import fake_birth, fake_id, fake_mobile, fake_name
from tests.factories.workbooks import xlsx
from tests.members.roster_files import BIRTH, HEAD, codes, faults, messy_workbook, one, person, read, rows_of

# --- A good row -----------------------------------------------------------------------------------------------------------


def test_a_row_without_fault():
    row = one()
    assert row.problems == []
    assert row.number == 3
    assert row.sheet == "花名册"
    assert row.values == {
        "name": fake_name(1),
        "sex": "female",
        "ethnic_group": "01",
        "born_on": PartialDate(date(1951, 2, 1), "month"),
        "id_number": fake_id(fake_birth(1), "female"),
        "admitted_on": PartialDate(date(2015, 7, 1)),
        "full_member_on": PartialDate(date(2016, 7, 1)),
        "category": "full_member",
        "mobile": fake_mobile(1),
    }
    assert row.columns["mobile"] == "J"
    assert not row.derived


@pytest.mark.parametrize("n", range(28))
def test_every_made_up_person_is_read(n):
    (row,) = read(xlsx(rows_of(person(n)))).rows
    assert row.problems == []


def test_sex_birth_and_category_follow_where_the_roster_is_silent():
    row = one(性别=None, 出生年月=None, 人员类别=None)
    assert row.values["sex"] == "female"
    assert row.values["born_on"] == PartialDate(fake_birth(1))
    assert row.values["category"] == "full_member"
    assert row.derived == {"sex", "born_on", "category"}


def test_nothing_follows_from_nothing():
    row = one(性别=None, 出生年月=None, 身份证号=None, 转正时间=None, 人员类别=None)
    assert not row.values.keys() & {"sex", "born_on", "category", "full_member_on", "id_number"}
    assert row.problems == []


# --- Planted faults -------------------------------------------------------------------------------------------------------


def test_messy_workbook_of_fifty_with_eight_faults():
    reading = read(messy_workbook())
    assert len(reading.rows) == 50
    assert [sheet.name for sheet in reading.chosen] == ["花名册"]
    assert reading.is_mapped
    assert {(p.column, p.code) for row in reading.rows for p in row.problems} == {
        ("G", "digits_lost"),
        ("G", "id_check"),
        ("H", "month_ambiguous"),
        ("K", "phone_length"),
        ("E", "date_impossible"),
        ("C", "id_sex_conflict"),
        ("G", "duplicate_id"),
        ("E", "id_birth_conflict"),  # the borrowed ID number contradicts birth and sex as well
        ("I", "full_before_admitted"),
    }
    assert sum(row.is_blocked for row in reading.rows) == 9  # eight faults; both holders of one ID number wait
    good = [row for row in reading.rows if not row.is_blocked]
    assert all(not row.problems and len(row.values) == 9 for row in good)
    assert [(row.number, row.reason) for row in reading.skipped] == [
        (15, "empty"),
        (56, "total"),
        (57, "signature"),
        (58, "note"),
    ]


def test_the_same_file_says_the_same_twice():
    first, second = read(messy_workbook()), read(messy_workbook())
    assert [row.values for row in first.rows] == [row.values for row in second.rows]
    assert faults(first) == faults(second)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"姓名": None}, [("name", "name_missing", "error")]),
        ({"姓名": "张?"}, [("name", "name_damaged", "error")]),
        ({"性别": "男"}, [("sex", "id_sex_conflict", "error")]),
        ({"出生年月": "1951.03"}, [("born_on", "id_birth_conflict", "ask")]),
        ({"出生年月": "1951"}, [("born_on", "date_incomplete", "error")]),
        ({"出生年月": date(1951, 2, 2)}, []),
        ({"出生年月": date(1951, 2, 3)}, [("born_on", "id_birth_conflict", "ask")]),
        ({"入党时间": "1969.01"}, [("admitted_on", "admitted_too_young", "ask")]),
        ({"入党时间": "1969.02"}, []),  # of age that month
        ({"入党时间": "1950.01"}, [("admitted_on", "admitted_before_birth", "error")]),
        ({"转正时间": "2015.06"}, [("full_member_on", "full_before_admitted", "error")]),
        ({"转正时间": "2015.07"}, []),  # the month may be later than the day
        ({"转正时间": None}, []),
        ({"人员类别": "预备党员"}, [("category", "category_conflict", "error")]),
        ({"人员类别": "预备党员", "转正时间": None}, []),
        ({"人员类别": "中共党员"}, [("category", "category_open", "note")]),
        ({"人员类别": "积极分子"}, [("category", "not_a_member", "error")]),
        ({"入党时间": "2027.01"}, [("admitted_on", "date_future", "error")]),
        ({"联系电话": "13800"}, [("phone", "phone_length", "error")]),
    ],
)
def test_logic_inside_a_row(changes, found):
    assert codes(**changes) == found


def test_a_problem_points_at_its_cell():
    (problem,) = one(入党时间="1990年").problems
    assert (problem.column, problem.field, problem.text) == ("G", "admitted_on", "1990年")
    assert str(problem.message)


# --- Between rows ---------------------------------------------------------------------------------------------------------


def twins(first, second):
    return faults(read(xlsx(rows_of(person(1, **first), person(2, **first | second)))))


SAME = {"姓名": "张三", "性别": None, "出生年月": None, "身份证号": None, "联系电话": None}


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        ({}, {}, {("B", 3, "duplicate_person"), ("B", 4, "duplicate_person")}),
        ({"出生年月": "1990.05"}, {}, {("B", 3, "duplicate_person"), ("B", 4, "duplicate_person")}),
        (
            {"出生年月": "1990.05"},
            {"出生年月": "1990.05.06"},
            {("B", 3, "duplicate_person"), ("B", 4, "duplicate_person")},
        ),
        ({"出生年月": "1990.05"}, {"出生年月": None}, {("B", 3, "duplicate_person"), ("B", 4, "duplicate_person")}),
        ({"出生年月": "1990.05"}, {"出生年月": "1990.06"}, set()),
        ({"身份证号": fake_id(BIRTH)}, {"身份证号": fake_id(BIRTH, n=2)}, set()),
        ({"身份证号": fake_id(BIRTH)}, {"身份证号": None, "出生年月": "1991.05"}, set()),
        (
            {"身份证号": fake_id(BIRTH)},
            {"身份证号": None},
            {("B", 3, "duplicate_person"), ("B", 4, "duplicate_person")},
        ),
        ({"身份证号": fake_id(BIRTH)}, {}, {("F", 3, "duplicate_id"), ("F", 4, "duplicate_id")}),
        ({"身份证号": fake_id(BIRTH)}, {"姓名": "李四"}, {("F", 3, "duplicate_id"), ("F", 4, "duplicate_id")}),
        ({"联系电话": "13800001234"}, {"姓名": "李四"}, {("J", 3, "shared_mobile"), ("J", 4, "shared_mobile")}),
        (
            {"姓名": "张 三", "出生年月": None},
            {"姓名": "张三"},
            {("B", 3, "duplicate_person"), ("B", 4, "duplicate_person")},
        ),
    ],
)
def test_people_of_one_name(first, second, found):
    assert twins(SAME | first, second) == found


def test_a_duplicate_on_another_sheet_names_it():
    def change(sheet):
        other = sheet.parent.create_sheet("预备党员")
        other.append(HEAD)
        other.append(person(1))

    reading = read(xlsx(rows_of(person(1)), change=change))
    assert [sheet.name for sheet in reading.chosen] == ["花名册", "预备党员"]
    (problem,) = reading.rows[0].problems
    assert problem.code == "duplicate_id"
    assert "预备党员" in str(problem.message)


def test_a_crowd_of_one_name_does_not_take_all_day():
    people = [person(n, **SAME) for n in range(1, 200)]
    assert {p.code for row in read(xlsx(rows_of(*people))).rows for p in row.problems} == {"too_many_namesakes"}
