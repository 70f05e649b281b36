# ruff: noqa: DTZ001 - a cell knows no time zone
import struct
import zipfile
from datetime import date, datetime
from io import BytesIO

import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.chart import BarChart
from xlwt.CompoundDoc import XlsDoc

from apps.core.workbook import LIMITS, Limits, WorkbookError, column_index, column_letter, read_pasted, read_workbook
from tests.factories.workbooks import saved, xls, xlsx

TABLE = [["姓名", "备注"], ["张三", "好"], [], ["李四"]]


def texts(sheet):
    return [[cell.text for cell in row.cells] for row in sheet.rows]


def only(data, filename="名册.xlsx", **kwargs):
    (sheet,) = read_workbook(data, filename, **kwargs)
    return sheet


def code_of(data, filename="名册.xlsx", **kwargs):
    with pytest.raises(WorkbookError) as caught:
        read_workbook(data, filename, **kwargs)
    assert str(caught.value)
    return caught.value.code


def read_or_refusal(data):
    """The sheets, or the words of the refusal; never another error."""
    try:
        return read_workbook(data, "a.csv")
    except WorkbookError as error:
        return str(error)


# --- Kinds of file --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [xlsx, xls])
@pytest.mark.parametrize("filename", ["名册.xlsx", "名册.xls", "名册.csv", "名册.png", ""])
def test_content_decides_not_the_extension(make, filename):
    sheet = only(make(TABLE), filename)
    assert texts(sheet) == [["姓名", "备注"], ["张三", "好"], [], ["李四"]]
    assert [row.number for row in sheet.rows] == [1, 2, 3, 4]
    assert not sheet.as_shown


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_text_tables(encoding, delimiter, end):
    lines = [f'姓名{delimiter}"备\n注"{delimiter}电话', f'张三{delimiter}"他说""好"""{delimiter}="0571"', "", "李四"]
    sheet = only(end.join(lines).encode(encoding), "名册.csv")
    assert texts(sheet) == [["姓名", "备\n注", "电话"], ["张三", '他说"好"', "0571"], [], ["李四"]]
    assert sheet.as_shown
    assert sheet.name == "名册"


def test_delimiter_is_the_one_that_cuts_most():
    assert texts(only("姓名;住址;备注\n张三;甲,乙;x\n".encode(), "a.csv"))[1] == ["张三", "甲,乙", "x"]
    assert texts(only("sep=;\n姓名;住址\n".encode(), "a.csv")) == [["姓名", "住址"]]


def test_pasted_cells():
    (sheet,) = read_pasted('姓名\t备注\r\n张三\t"两\n行"\r\n')
    assert texts(sheet) == [["姓名", "备注"], ["张三", "两\n行"]]
    (sheet,) = read_pasted('姓名\t备注\n张三\t"好"人\n')  # a quotation mark of the cell's own
    assert texts(sheet)[1] == ["张三", '"好"人']


def test_unclosed_quotation_mark_does_not_swallow_people():
    assert code_of('姓名,备注\n张三,"好\n李四,x\n'.encode(), "a.csv") == "quotes"


def zipped(*names):
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return target.getvalue()


def compound(stream, name="Workbook"):
    target = BytesIO()
    XlsDoc().save(target, stream.ljust(4096, b"\0"))
    data = bytearray(target.getvalue())
    at = data.index("Workbook".encode("utf-16-le"))
    data[at : at + 64] = name.encode("utf-16-le").ljust(64, b"\0")
    data[at + 64 : at + 66] = (2 * len(name) + 2).to_bytes(2, "little")
    return bytes(data)


def xls_with_password():
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "姓名")
    stream = book.get_biff_data()
    return compound(stream[:20] + b"\x2f\x00\x06\x00\0\0\1\2\3\4" + stream[20:])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b",,,\n,,\n", "empty"),
        (zipped("[Content_Types].xml", "word/document.xml"), "word"),
        (zipped("ppt/presentation.xml"), "slides"),
        (zipped("mimetype", "content.xml"), "other_sheet"),
        (zipped("xl/workbook.bin"), "other_sheet"),
        (zipped("照片.jpg"), "archive"),
        (zipped("xl/workbook.xml"), "damaged"),
        (b"PK\x03\x04 cut short", "damaged"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"MZ\x90\0\3\0\0\0", "program"),
        (b"{\\rtf1", "word"),
        (b"Rar!\x1a", "archive"),
        ("<html><table><tr><td>姓名</td></tr></table>".encode(), "web"),
        ("\ufeff<!DOCTYPE html>".encode(), "web"),
        ("<?xml version='1.0'?><Workbook/>".encode("utf-16"), "web"),
        (bytes(range(256)) * 4, "not_a_table"),
        (compound(b"", "EncryptedPackage"), "encrypted"),
        (compound(b"", "WordDocument"), "word"),
        (compound(b"", "Something"), "not_a_table"),
        (xls_with_password(), "encrypted"),
        (compound(b"")[:600], "damaged"),
    ],
)
def test_what_is_not_a_table_is_refused_by_name(data, code):
    assert code_of(data, "名册.xlsx") == code
    assert code_of(data, "名册.csv") == code


# --- Limits ---------------------------------------------------------------------------------------------------------------


def test_size_limit():
    assert code_of(b"a" * (LIMITS.file_bytes + 1)) == "too_big"
    with pytest.raises(WorkbookError):
        read_pasted("a" * (LIMITS.file_bytes + 1))


@pytest.mark.parametrize("make", [xlsx, xls, lambda rows: "\n".join(",".join(map(str, row)) for row in rows).encode()])
def test_row_and_column_limits(make):
    small = Limits(rows=3, columns=2)
    assert len(only(make([["a", "b"]] * 3), limits=small).rows) == 3
    assert code_of(make([["a", "b"]] * 4), limits=small) == "too_large"
    assert code_of(make([["a", "b", "c"]]), limits=small) == "too_large"


def test_the_real_row_limit():
    text = "张三,1\n" * (LIMITS.rows + 1)
    assert code_of(text.encode(), "a.csv") == "too_large"
    assert len(only(text[: -len("张三,1\n")].encode(), "a.csv").rows) == LIMITS.rows


def test_zip_bomb_is_refused_before_it_is_unpacked():
    source = zipfile.ZipFile(BytesIO(xlsx(TABLE)))
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name))
        archive.writestr("xl/media/bomb.xml", b"\0" * (LIMITS.unpacked_bytes + 1))
    assert len(target.getvalue()) < LIMITS.file_bytes
    assert code_of(target.getvalue()) == "too_large"


def with_sheet_xml(xml):
    source = zipfile.ZipFile(BytesIO(xlsx(TABLE)))
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else source.read(name))
    return target.getvalue()


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'


def test_far_away_formats_and_huge_merges_cost_nothing():
    xml = SHEET.format(
        '<dimension ref="A1"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>张三</t></is></c><c r="XFD1" s="0"/></row>'
        '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
        '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells><hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>'
    )
    assert texts(only(with_sheet_xml(xml))) == [["张三"]]


@pytest.mark.parametrize("place", ["A1048576", "A999999999", "XFD1"])
def test_content_far_away_is_too_large(place):
    row = place.lstrip("AXFD")
    xml = SHEET.format(f'<sheetData><row r="{row}"><c r="{place}"><v>1</v></c></row></sheetData>')
    assert code_of(with_sheet_xml(xml)) in ("too_large", "damaged")


def test_too_many_stored_cells():
    assert code_of(xlsx([["a"] * 5] * 5), limits=Limits(cells=20)) == "too_large"
    assert code_of(xls([["a"] * 5] * 5), limits=Limits(cells=20)) == "too_large"


def test_entities_are_refused():
    xml = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + SHEET.format(
        '<sheetData><row><c t="str"><v>&a;</v></c></row></sheetData>'
    )
    assert code_of(with_sheet_xml(xml)) == "damaged"


# --- What the values alone do not tell ------------------------------------------------------------------------------------


def test_hidden_rows_columns_and_sheets():
    def change(sheet):
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.parent.create_sheet("旧").append(["x"])
        sheet.parent["旧"].sheet_state = "veryHidden"

    first, second = read_workbook(xlsx(TABLE, change=change))
    assert [row.hidden for row in first.rows] == [False, True, False, False]
    assert first.hidden_columns == {1}
    assert not first.hidden
    assert second.hidden


def test_hidden_rows_columns_and_sheets_of_old_files():
    def change(sheet):
        sheet.row(1).hidden = True
        sheet.col(1).hidden = True
        other = sheet.get_parent().add_sheet("旧")
        other.write(0, 0, "x")
        other.visibility = 1

    first, second = read_workbook(xls(TABLE, change=change))
    assert [row.hidden for row in first.rows] == [False, True, False, False]
    assert first.hidden_columns == {1}
    assert not first.hidden
    assert second.hidden


def test_merged_cells_are_filled_and_marked():
    rows = [["标题", None, None], ["甲组", "张三", 1], [None, "李四", 2], ["大", None, 3], [None, None, 4]]
    sheet = only(xlsx(rows, merged=["A1:C1", "A2:A3", "A4:B5"]))
    assert texts(sheet) == [
        ["标题"] * 3,
        ["甲组", "张三", "1"],
        ["甲组", "李四", "2"],
        ["大", "大", "3"],
        ["大", "大", "4"],
    ]
    assert [[cell.filled for cell in row.cells] for row in sheet.rows] == [
        ["", "right", "right"],
        ["", "", ""],
        ["down", "", ""],
        ["", "right", ""],
        ["down", "right", ""],
    ]


@pytest.mark.parametrize(
    ("number_format", "shows_day", "text"),
    [
        ("yyyy-mm-dd", True, "1990-05-01"),
        ('yyyy"年"m"月"d"日"', True, "1990-05-01"),
        ('yyyy"年"m"月"', False, "1990-05"),
        ("yyyy.mm", False, "1990-05"),
        ("mmm-yy", False, "1990-05"),
        ('[$-804]yyyy"年"m"月";@', False, "1990-05"),
    ],
)
def test_dates_know_whether_their_day_is_shown(number_format, shows_day, text):
    def new(sheet):
        sheet["A1"] = date(1990, 5, 1)
        sheet["A1"].number_format = number_format

    def old(sheet):
        sheet.write(0, 0, date(1990, 5, 1), xlwt.easyxf(num_format_str=number_format))

    for data in (xlsx([], change=new), xls([], change=old)):
        cell = only(data).rows[0].cells[0]
        assert (cell.value, cell.shows_day, cell.text) == (date(1990, 5, 1), shows_day, text)


@pytest.mark.parametrize(("number", "shows_day"), [(31, True), (57, False), (27, False)])
def test_reserved_date_formats_of_chinese_excel(number, shows_day):
    data = xlsx([[33000]])
    source = zipfile.ZipFile(BytesIO(data))
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/styles.xml":
                content = content.replace(b'<xf numFmtId="0"', f'<xf numFmtId="{number}"'.encode())
            archive.writestr(name, content)
    cell = only(target.getvalue()).rows[0].cells[0]
    assert (cell.value, cell.shows_day) == (date(1990, 5, 7), shows_day)


def test_values_and_texts():
    rows = [
        [
            1,
            1.5,
            1990.05,
            13800000001,
            True,
            datetime(1990, 5, 6),
            datetime(1990, 5, 6, 8, 30),
            " 张三 ",
            9.9e17,
            None,
            "x",
        ]
    ]
    cells = only(xlsx(rows)).rows[0].cells
    assert [c.text for c in cells] == [
        "1", "1.5", "1990.05", "13800000001", "TRUE", "1990-05-06", "1990-05-06 08:30", "张三", "990000000000000000", "", "x"
    ]  # fmt: skip
    assert cells[5].value == date(1990, 5, 6)
    assert cells[6].value == datetime(1990, 5, 6, 8, 30)


def test_formulas_without_result_and_errors_are_faults():
    cells = only(xlsx([["张三", "=1+1", "#N/A"]])).rows[0].cells
    assert [cell.fault for cell in cells] == ["", "formula", "error"]
    assert not cells[1].is_empty


def test_numbers_and_long_texts_of_old_files():
    rows = [[n, n / 100, -n, 2.0**40 + n, f"{'长' * 300}{n}", f"{'long' * 80}{n}", f"短{n}"] for n in range(60)]
    sheet = only(xls(rows))  # the texts fill several records and cross their borders in both widths
    assert [[cell.value for cell in row.cells] for row in sheet.rows] == rows


def test_sizes_written_in_old_files_are_not_trusted():
    data = bytearray(xls(TABLE))
    at = data.index(b"\x00\x02\x0e\x00")  # DIMENSIONS: first and last row, first and last column
    data[at + 4 : at + 12] = struct.pack("<2I", 0, 0xFFFFFFF0)
    assert texts(only(bytes(data))) == [["姓名", "备注"], ["张三", "好"], [], ["李四"]]


def test_old_mac_dates():
    def change(sheet):
        sheet.parent.epoch = datetime(1904, 1, 1)

    assert only(xlsx([[1]], change=change)).date_1904
    assert not only(xlsx([[1]])).date_1904


def test_chart_sheets_are_no_sheets():
    book = Workbook()
    book.active.append(["姓名"])
    book.create_chartsheet("图").add_chart(BarChart())
    assert [sheet.name for sheet in read_workbook(saved(book))] == ["Sheet"]


@pytest.mark.parametrize(("index", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letters(index, letter):
    assert column_letter(index) == letter
    assert column_index(letter) == index


# --- Anything at all ------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(data):
    assert read_or_refusal(data)


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_damaged_workbooks_are_read_or_refused(data):
    source = data.draw(st.sampled_from(SOURCES))
    at = data.draw(st.integers(8, len(source) - 1))
    length = data.draw(st.integers(1, 40))
    junk = data.draw(st.binary(min_size=length, max_size=length))
    assert read_or_refusal(source[:at] + junk + source[at + length :])


SOURCES = [xlsx(TABLE, merged=["A2:B2"]), xls(TABLE)]

CELLS = st.text(st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters="\ufeff"), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=5), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_pasted_cells_come_back(rows):
    kept = [[" ".join(text.replace('"', "").split()) for text in row] for row in rows]
    if not any(any(row) for row in kept):
        return
    if any(text.startswith("=") or text.lower().startswith("sep=") for row in kept for text in row):
        return
    (sheet,) = read_pasted("\n".join("\t".join(row) for row in kept))
    got = [[cell.text or "" for cell in row.cells] for row in sheet.rows]
    for expected, found in zip(kept, got, strict=False):
        assert found + [""] * (len(expected) - len(found)) == expected
