"""Whole files: which rows and sheets are read or skipped and why, every kind of file, and anything at all."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.workbook import WorkbookError
from apps.members.roster_columns import BY_KEY, FIELDS
from apps.members.roster_rows import SKIPPED
from tests.factories.people import fake_id
from tests.factories.workbooks import xls, xlsx
from tests.members.roster_files import BIRTH, HEAD, faults, person, read, rows_of

# --- Skipped rows ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([], "empty"),
        ([2], "empty"),
        (["合计", "2人"], "total"),
        ([None, "小计", None, 3], "total"),
        (["共 2 人"], "total"),
        (["填表人：张三", None, None, "审核人：李四"], "signature"),
        ([None, "填表人：", "张三"], "signature"),
        (["制表：", "张三"], "signature"),
        (["支部书记（签字）："], "signature"),
        (["填报日期", "2026.3"], "signature"),
        (["注：不得更改"], "note"),
        (["备注1：见说明"], "note"),
        (["二、预备党员"], "title"),
        (HEAD, "header"),
        ([None, "姓 名", "性别"], "header"),
        ([None, None, None, None, None, None, "2015.07"], "fragment"),
    ],
)
def test_rows_that_are_nobodys(row, reason):
    reading = read(xlsx(rows_of(person(1), row, person(2))))
    assert [(skipped.number, skipped.reason) for skipped in reading.skipped] == [(4, reason)]
    assert [row.number for row in reading.rows] == [3, 5]
    assert not faults(reading)
    assert reason in SKIPPED


@pytest.mark.parametrize(
    "row",
    [
        [None, "张三"],
        ["书记（兼）", "张三", "男"],
        [2, "合计生", "男"],
        [2, None, "男", "汉族"],
        ["备注：", "张三", "男"],
    ],
)
def test_rows_that_may_be_somebodys_are_kept(row):
    head = ["党内职务", *HEAD[1:]]
    reading = read(xlsx([head, ["书记", *person(1)[1:]], row]))
    assert [row.number for row in reading.rows] == [2, 3]
    assert not reading.skipped


def test_hidden_rows_are_listed_not_read():
    def change(sheet):
        sheet.row_dimensions[4].hidden = True

    data = xlsx(rows_of(person(1), person(2), person(3)), change=change)
    reading = read(data)
    assert [(row.number, row.reason, row.text) for row in reading.skipped] == [(4, "hidden", "2")]
    assert [row.number for row in reading.rows] == [3, 5]
    assert [row.number for row in read(data, include_hidden=True).rows] == [3, 4, 5]
    old = xls(rows_of(person(1), person(2), person(3)), change=lambda sheet: setattr(sheet.row(3), "hidden", True))
    assert [row.number for row in read(old).rows] == [3, 5]


def test_a_branch_merged_over_its_people_is_everyones_and_a_name_is_not():
    head = ["姓名", "党小组", "性别", "民族"]
    rows = [head, ["张三", "一组", "男", "汉"], ["李四", None, "男", "汉"], [None, None, "女", "汉"]]
    reading = read(xlsx(rows, merged=["B2:B4", "A3:A4"]))
    assert [row.values.get("group") for row in reading.rows] == ["一组"] * 3
    assert faults(reading) == {("A", 4, "merged")}


# --- Sheets, mapping, other kinds of file ---------------------------------------------------------------------------------


def test_hidden_cover_and_sign_in_sheets_are_offered_not_read():
    def change(sheet):
        book = sheet.parent
        book.create_sheet("封面", 0).append(["某支部", "2026年"])
        for name, rows in {
            "签到": [["姓名", "联系电话", "备注"], ["张三", "13800000001", ""]],
            "旧": [HEAD, person(9)],
        }.items():
            other = book.create_sheet(name)
            for row in rows:
                other.append(row)
        book["旧"].sheet_state = "hidden"

    reading = read(xlsx(rows_of(person(1)), change=change))
    assert [(s.name, s.hidden, s.header is not None, s.chosen) for s in reading.sheets] == [
        ("封面", False, False, False),
        ("花名册", False, True, True),
        ("签到", False, True, False),
        ("旧", True, True, False),
    ]
    assert len(reading.rows) == 1
    assert [row.sheet for row in read(xlsx(rows_of(person(1)), change=change), sheet="旧").rows] == ["旧"]


def test_an_unclear_column_waits_for_its_answer():
    data = xlsx([["姓名", "性别", "民族", "职务"], ["张三", "男", "汉", "书记"]])
    reading = read(data)
    assert not reading.is_mapped
    assert "party_post" not in reading.rows[0].values
    (column,) = reading.chosen[0].columns.unclear
    assert column.choices == ("party_post", "work_post")
    answered = read(data, mapping={"花名册": {column.letter: "party_post"}})
    assert answered.is_mapped
    assert answered.rows[0].values["party_post"].kinds == ("branch_secretary",)
    left_out = read(data, mapping={"花名册": {column.letter: ""}})
    assert left_out.is_mapped
    assert not left_out.rows[0].values.keys() & {"party_post", "work_post"}


def test_a_table_without_header_is_mapped_by_hand():
    reading = read("张三\t男\t13800000001\n李四\t女\t13800000002\n", "")
    assert not reading.rows
    assert not reading.chosen
    assert reading.sheets[0].columns.columns[0].samples == ("张三", "李四")
    reading = read(
        "张三\t男\t13800000001\n李四\t女\t13800000002\n", "", mapping={"": {"A": "name", "B": "sex", "C": "mobile"}}
    )
    assert [(row.number, row.values["name"], row.values["mobile"]) for row in reading.rows] == [
        (1, "张三", "13800000001"),
        (2, "李四", "13800000002"),
    ]


@pytest.mark.parametrize(
    ("mapping", "code"),
    [({"A": "name", "B": "name"}, "mapping"), ({"A": "nonsense"}, "mapping")],
)
def test_a_mapping_that_cannot_be_is_refused(mapping, code):
    with pytest.raises(WorkbookError) as caught:
        read("张三\t男\n", "", mapping={"": mapping})
    assert caught.value.code == code
    assert str(caught.value)


def test_a_sheet_that_is_not_there_is_refused():
    with pytest.raises(WorkbookError) as caught:
        read(xlsx(rows_of(person(1))), sheet="没有")
    assert caught.value.code == "no_sheet"
    assert "没有" in str(caught.value)


def as_text(rows, delimiter=","):
    return "\r\n".join(delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows)


@pytest.mark.parametrize(
    "data",
    [
        xls(rows_of(*map(person, range(1, 9)))),
        as_text(rows_of(*map(person, range(1, 9)))).encode("utf-8-sig"),
        as_text(rows_of(*map(person, range(1, 9)))).encode("gb18030"),
        as_text(rows_of(*map(person, range(1, 9))), ";").encode(),
        as_text(rows_of(*map(person, range(1, 9))), "\t").encode("utf-16"),
        as_text(rows_of(*map(person, range(1, 9))), "\t"),
    ],
    ids=["xls", "utf-8", "gb18030", "semicolon", "utf-16", "pasted"],
)
def test_every_kind_of_file_says_the_same(data):
    expected = read(xlsx(rows_of(*map(person, range(1, 9)))))
    found = read(data, "名册")
    assert [row.values for row in found.rows] == [row.values for row in expected.rows]
    assert not faults(found)
    assert not faults(expected)
    assert len(found.rows) == 8


def test_the_central_collection_sheet():
    head = (
        "序号 姓名 所在党支部 公民身份证号 性别 民族 出生日期 学历 人员类别 加入党组织日期 转为正式党员日期 工作岗位 "
        "联系电话 + 党籍状态 是否为失联党员 失去联系日期 是否为流动党员 外出流向"
    )
    head = [None if title == "+" else title for title in head.split()]
    below = [None] * 12 + ["手机号", "固定电话"] + [None] * 5
    row = [1, "张三", "某支部", fake_id(BIRTH), "男", "01 汉族", BIRTH, "21 大学", "正式党员", date(2015, 7, 1)]
    row += [date(2016, 7, 1), "011 某类", 13800000001, "0571-88880001", "正常", "否", None, "是", "某市"]
    merged = ["A1:S1", "M4:N4", *(f"{letter}4:{letter}5" for letter in "ABCDEFGHIJKLOPQRS")]
    reading = read(
        xlsx(
            [
                ["党员基本信息汇总表"],
                ["基层党委：某党委"],
                ["汇总日期：2026-3-1"],
                head,
                below,
                row,
                ["注：本表由中央统一制发"],
            ],
            merged=merged,
        )
    )
    (found,) = reading.rows
    assert found.problems == []
    assert reading.is_mapped
    assert not reading.chosen[0].columns.unmapped
    assert found.values.keys() == {
        *(
            "name",
            "organization",
            "id_number",
            "sex",
            "ethnic_group",
            "born_on",
            "education",
            "category",
            "admitted_on",
        ),
        *("full_member_on", "occupation", "mobile", "landline", "standing", "is_lost_contact", "is_mobile_member"),
        "mobile_destination",
    }


def test_the_everyday_roster():
    head = "序号 姓名 性别 民族 出生年月 学历 入党时间 转正时间 工作单位及职务（岗位） 党内职务".split()
    head += "联系电话 备注 籍贯 身份证号 参加工作时间 所在党小组 党籍状态 入党介绍人".split()
    head += "递交申请书时间 确定积极分子时间 确定发展对象时间 入党时所在支部 转正时所在支部".split()
    head += "组织关系转入时间 党费标准 党内奖励 住址".split()
    reading = read(xlsx([["某支部党员花名册"], head, [1, "张三", "男", "汉", "1990.05", *["无"] * 22]]))
    assert reading.is_mapped
    assert not reading.chosen[0].columns.unmapped
    assert not reading.rows[0].problems
    assert len(reading.chosen[0].columns.keys) == 26


def test_every_customary_name_finds_its_field():
    """The header made of our own export names maps every field; an export can come back."""
    reading = read(xlsx([[field.names[0] for field in FIELDS], ["张三"]]))
    assert set(reading.chosen[0].columns.keys) == set(BY_KEY)
    assert not reading.chosen[0].columns.unclear


# --- Size and anything at all ---------------------------------------------------------------------------------------------


def test_five_thousand_rows_are_read():
    data = xlsx(rows_of(*map(person, range(5000))))
    reading = read(data)
    assert len(reading.rows) == 5000
    assert not faults(reading)


TEXTS = st.text(max_size=8) | st.sampled_from(
    ["姓名", "性别", "民族", "年", "月", "联系电话", "职务", "合计", "张三", "男", "1990.1", "无", "注："]
)


@given(st.lists(st.lists(TEXTS, max_size=6), max_size=8))
@settings(max_examples=200, deadline=None)
def test_any_pasted_cells_are_read_or_refused(rows):
    try:
        reading = read("\n".join("\t".join(row) for row in rows), "")
    except WorkbookError:
        return
    assert all(str(problem.message) for row in reading.rows for problem in row.problems)
    numbers = [row.number for row in reading.rows] + [row.number for row in reading.skipped]
    assert len(numbers) == len(set(numbers))  # each row is somebody's or skipped, never both


VALUES = st.text(max_size=6) | st.integers(-(10**19), 10**19) | st.floats() | st.booleans() | st.none()


@given(st.lists(st.lists(VALUES, min_size=6, max_size=6), max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_cells_under_a_header_are_read(rows):
    bare = [[v if not isinstance(v, str) else "".join(c for c in v if c.isprintable()) for v in row] for row in rows]
    reading = read(xlsx([["姓名", "出生年月", "身份证号", "联系电话", "人员类别", "学历"], *bare]))
    assert len(reading.rows) + len(reading.skipped) <= len(rows)
