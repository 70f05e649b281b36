# ruff: noqa: DTZ001 - a cell knows no time zone
import csv
from datetime import date, datetime
from io import BytesIO, StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from apps.core.sheets import SheetColumn, Table, write_csv, write_xlsx
from apps.core.workbook import read_workbook
from apps.core.written_dates import PartialDate, read_date
from tests.factories.people import fake_id

COLUMNS = [
    SheetColumn("姓名"),
    SheetColumn("身份证号", 20, "id"),
    SheetColumn("出生年月", 10, "month"),
    SheetColumn("人数", 8, "number"),
]
NUMBER = fake_id(date(1990, 5, 6))
BORN = PartialDate(date(1990, 5, 1), "month")
DANGEROUS = ["=1+1", "=cmd|' /C calc'!A0", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"]


def table(rows, **kwargs):
    return Table(**{"name": "花名册", "title": "某支部党员花名册", "columns": COLUMNS, "rows": rows} | kwargs)


def sheet_of(data):
    return load_workbook(BytesIO(data)).active


def test_layout_on_paper():
    sheet = sheet_of(
        write_xlsx([table([["张三", NUMBER, BORN, 3]], subline="2026年3月", footer=["填表人：", "审核人："])])
    )
    assert [sheet[f"A{row}"].value for row in range(1, 7)] == [
        "某支部党员花名册",
        "2026年3月",
        "姓名",
        "张三",
        "填表人：",
        "审核人：",
    ]
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:D1", "A2:D2"}
    assert sheet.freeze_panes == "A4"
    assert sheet.print_title_rows == "$1:$3"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet["A1"].font.size == 18
    assert sheet["A3"].font.bold
    assert sheet["A3"].border.left.style == sheet["D4"].border.bottom.style == "thin"
    assert sheet.column_dimensions["B"].width == 20


def test_ids_are_text_and_dates_are_dates():
    rows = [
        ["张三", NUMBER, BORN, 3],
        ["李四", "1", PartialDate(date(1990, 5, 6)), 1.5],
        ["王五", None, date(1990, 5, 6), None],
    ]
    sheet = sheet_of(write_xlsx([table(rows)]))
    assert [(sheet[f"B{row}"].value, sheet[f"B{row}"].data_type) for row in (3, 4)] == [(NUMBER, "s"), ("1", "s")]
    assert sheet["B3"].number_format == "@"
    assert [sheet[f"C{row}"].value for row in (3, 4, 5)] == [
        datetime(1990, 5, 1),
        datetime(1990, 5, 6),
        datetime(1990, 5, 6),
    ]
    assert [sheet[f"C{row}"].number_format for row in (3, 4, 5)] == ["yyyy.mm", "yyyy.mm.dd", "yyyy.mm"]
    assert [sheet[f"D{row}"].data_type for row in (3, 4)] == ["n", "n"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_nothing_typed_becomes_a_formula(text):
    sheet = sheet_of(write_xlsx([table([[text, text, text, text]], title=text, subline=text, footer=[text])]))
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type == "s" for cell in cells)
    assert sheet["A4"].value.strip() == text.strip()
    assert sheet["A4"].quotePrefix
    (row,) = list(csv.reader(StringIO(write_csv(table([[text] * 4])).decode("utf-8-sig"), newline="")))[1:]
    assert row == [f"'{text}"] * 4


def test_csv_has_a_mark_and_keeps_long_digits():
    data = write_csv(table([["张三", NUMBER[:17] + "1", BORN, -3], ["李,四", None, None, None]]))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").splitlines() == [
        "姓名,身份证号,出生年月,人数",
        f"张三,'{NUMBER[:17]}1,1990.05,-3",
        '"李,四",,,',
    ]


def test_sheet_names_are_allowed_and_different():
    data = write_xlsx(
        [table([], name="甲/乙:[1]"), table([], name="甲/乙:[1]"), table([], name=""), table([], name="长" * 40)]
    )
    names = load_workbook(BytesIO(data)).sheetnames
    assert len(set(names)) == 4
    assert all(0 < len(name) <= 31 and not set(name) & set("/:[]") for name in names)


def test_a_row_of_the_wrong_width_is_a_fault_of_ours():
    with pytest.raises(ValueError, match="does not fit"):
        write_xlsx([table([["张三"]])])


DATES = st.builds(
    lambda day, precision: PartialDate(day.replace(day=1) if precision == "month" else day, precision),
    st.dates(date(1900, 3, 1), date(2026, 3, 1)),
    st.sampled_from(["day", "month"]),
)


@given(st.lists(st.tuples(st.text(max_size=20), st.none() | DATES), max_size=5))
@settings(max_examples=60, deadline=None)
def test_what_is_written_can_be_read_back(rows):
    columns = [SheetColumn("姓名"), SheetColumn("日期", kind="month")]
    (sheet,) = read_workbook(write_xlsx([Table("a", "标题", columns, rows)]))
    for (text, day), row in zip(rows, sheet.rows[2:], strict=False):
        assert all(cell.fault == "" for cell in row.cells) or text.strip() in ("#N/A",)
        if day:
            assert read_date(row.cell(1), today=date(2026, 3, 1)) == day
