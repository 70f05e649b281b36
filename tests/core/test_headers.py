import pytest

from apps.core.headers import FieldNames, HeaderTable, find_header, header_key, no_header, pick_sheets
from apps.core.workbook import read_workbook
from apps.members.roster_columns import ROSTER
from tests.factories.workbooks import xlsx

PEOPLE = [["1", "张三", "男", "x"], ["2", "李四", "女", "y"]]


def sheet_of(rows, **kwargs):
    return read_workbook(xlsx(rows, **kwargs))[0]


def header_of(rows, table=ROSTER, **kwargs):
    return find_header(sheet_of(rows, **kwargs), table)


def keys(header):
    return {column.letter: column.key for column in header.columns if column.key}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("姓　名", "姓名"),
        ("姓\n名", "姓名"),
        ("※姓名", "姓名"),
        ("*姓名：", "姓名"),
        ("姓名（必填）", "姓名"),
        ("【必填】姓名", "姓名"),
        ("身份证号（１８位）", "身份证号(18位)"),
        ("姓\u200b名 ", "姓名"),
    ],
)
def test_marks_breaks_and_spaces_do_not_count(written, key):
    assert header_key(written) == key


@pytest.mark.parametrize("depth", [0, 1, 3, 12])
def test_header_below_titles(depth):
    titles = [["××党支部党员花名册"], ["填报单位：某支部", None, "日期：2026.3"]] * 6
    rows = [*titles[:depth], ["序号", "姓 名", "性别", "入党\n时间"], *PEOPLE]
    header = header_of(rows, merged=["A1:D1"] if depth else [])
    assert keys(header) == {"B": "name", "C": "sex", "D": "admitted_on"}
    assert (header.first, header.last, header.score) == (depth + 1, depth + 1, 3)
    assert [c.letter for c in header.columns if c.ignored] == ["A"]


TWO_ROWS = [
    ["党员基本信息汇总表"],
    ["序号", "姓名", "性别", "出生年月", None, "联系电话", None, "备注"],
    [None, None, None, "年", "月", "手机号", "固定电话", None],
    ["1", "张三", "男", 1990, 5, "13800000001", None, None],
]
EXPECTED = {
    "B": "name",
    "C": "sex",
    "D": "born_on:year",
    "E": "born_on:month",
    "F": "mobile",
    "G": "landline",
    "H": "remarks",
}


@pytest.mark.parametrize(
    "merged",
    [[], ["A1:H1"], ["A1:H1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:G2", "H2:H3"]],
    ids=["none", "title", "all"],
)
def test_header_of_two_rows(merged):
    header = header_of(TWO_ROWS, merged=merged)
    assert keys(header) == EXPECTED
    assert (header.first, header.last) == (2, 3)
    assert [c.title for c in header.columns][5] == "联系电话 / 手机号"


def test_cells_two_rows_high_make_a_header_of_two_rows():
    rows = [
        ["姓名", "性别", "民族", "学历", None],
        [None, None, None, "全日制", "在职"],
        ["张三", "男", "汉", "大学", None],
    ]
    header = header_of(rows, merged=["A1:A2", "B1:B2", "C1:C2", "D1:E1"])
    assert (header.first, header.last) == (1, 2)
    assert keys(header) == {"A": "name", "B": "sex", "C": "ethnic_group"}
    assert [column.title for column in header.unmapped] == ["学历 / 全日制", "学历 / 在职"]


def test_names_of_others_are_not_the_members_name():
    rows = [
        ["姓名", "性别", "民族", "家庭成员", None],
        [None, None, None, "姓名", "手机号"],
        ["张三", "男", "汉", "李四", "1"],
    ]
    header = header_of(rows, merged=["A1:A2", "B1:B2", "C1:C2", "D1:E1"])
    assert keys(header) == {"A": "name", "B": "sex", "C": "ethnic_group"}
    assert len(header.unmapped) == 2


@pytest.mark.parametrize(
    ("others", "key", "choices"),
    [
        ([], "", ("party_post", "work_post")),
        (["行政职务"], "party_post", ()),
        (["工作单位及职务（岗位）"], "party_post", ()),
        (["党内职务"], "work_post", ()),
    ],
)
def test_a_post_may_be_of_two_kinds(others, key, choices):
    header = header_of([["姓名", "性别", "民族", *others, "职务"], ["张三", "男", "汉", *["x"] * len(others), "书记"]])
    column = header.columns[-1]
    assert column.key == key
    assert [c.choices for c in header.unclear] == ([choices] if choices else [])


def test_two_columns_of_one_name_are_asked_about():
    header = header_of([["姓名", "性别", "民族", "手机", "手机号"], ["张三", "男", "汉", "1", "2"]])
    assert [(c.letter, c.choices) for c in header.unclear] == [("D", ("mobile",)), ("E", ("mobile",))]


def test_the_double_without_data_does_not_count():
    header = header_of([["姓名", None, "性别", "民族"], ["张三", None, "男", "汉"]], merged=["A1:B1"])
    assert keys(header) == {"A": "name", "C": "sex", "D": "ethnic_group"}
    assert not header.unclear


def test_unknown_columns_are_listed_with_samples():
    header = header_of([["姓名", "性别", "民族", "血型"], ["张三", "男", "汉", "A型"], ["李四", "女", "汉", "B型"]])
    (column,) = header.unmapped
    assert (column.letter, column.title, column.samples) == ("D", "血型", ("A型", "B型"))


@pytest.mark.parametrize(
    "rows",
    [
        [["填表说明"], ["一、姓名按身份证填写"], ["二、性别填男或女"]],
        [["姓名", "签到时间", "签到方式"], ["张三", "8:30", "扫码"]],
        [["性别", "民族", "学历", "备注"], ["男", "汉", "大学", ""]],
        [["张三", "男", "汉"], ["李四", "女", "汉"]],
    ],
)
def test_no_header_is_made_up(rows):
    sheet = sheet_of(rows)
    assert find_header(sheet, ROSTER) is None
    assert [column.letter for column in no_header(sheet).columns] == ["A", "B", "C", "D"][: sheet.width]


def test_sheets_of_one_table_are_picked_and_others_left():
    full = header_of([["姓名", "性别", "民族", "入党时间", "转正时间"], *PEOPLE])
    alike = header_of([["序号", "姓名", "性别", "民族", "入党时间"], *PEOPLE])
    sign_in = header_of([["姓名", "联系电话", "备注"], *PEOPLE])
    assert pick_sheets({"签到": sign_in, "正式": full, "预备": alike}) == ["正式", "预备"]
    assert pick_sheets({}) == []


ORGANIZATIONS = HeaderTable(
    fields=(
        FieldNames("parent", ("上级党组织", "所属党委")),
        FieldNames("name", ("名称", "党组织名称", "党支部名称")),
        FieldNames("type", ("类型", "党支部类型")),
        FieldNames("founded_on", ("成立时间",), is_date=True, stem="成立"),
        FieldNames("term_ends_on", ("换届时间", "任期届满时间"), is_date=True),
        FieldNames("secretary", ("书记", "书记姓名")),
    ),
    required=("name",),
    fewest=2,
    ignored=("序号",),
)


def test_the_same_search_serves_another_table():
    rows = [
        ["某党委所属党组织一览表"],
        ["序号", "上级党组织", "党组织名称", "类型", "成立时间", "书记"],
        [1, "某党委", "甲支部", "普通", "2020.1", "张三"],
    ]
    header = header_of(rows, ORGANIZATIONS)
    assert keys(header) == {"B": "parent", "C": "name", "D": "type", "E": "founded_on", "F": "secretary"}


def test_no_two_fields_share_a_name():
    seen: dict[str, str] = {}
    for names in ROSTER.fields:
        for name in names.names:
            assert seen.setdefault(header_key(name), names.key) == names.key
    assert not seen.keys() & {header_key(name) for name in (*ROSTER.unclear, *ROSTER.ignored)}
