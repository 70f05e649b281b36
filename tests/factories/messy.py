"""The roster a secretary really has: cover, titles, a header two rows high, gaps in names, totals, and eight planted faults."""

from dataclasses import dataclass, field
from datetime import date

from openpyxl import Workbook

from tests.factories.people import fake_birth, fake_id, fake_mobile, fake_name
from tests.factories.workbooks import saved

PEOPLE = 50
FIRST_ROW = 6  # of the people, as Excel shows it
UPPER = [
    "序号",
    "党员基本情况",
    None,
    None,
    None,
    None,
    None,
    "入党时间",
    "转正时间",
    "所在党小组",
    "联系方式",
    None,
    "备注",
]
LOWER = [None, "姓 名", "性别", "民族", "出生年月", "身份证号码", "学历", None, None, None, "手机", "固定电话", None]
MERGED = ("A1:M1", "A2:M2", "A4:A5", "B4:G4", "H4:H5", "I4:I5", "J4:J5", "K4:L4", "M4:M5")


@dataclass
class Messy:
    """`planted`: code of the problem → cell it has to be found at. `good`: names that can be imported as they are."""

    data: bytes
    planted: dict[str, str] = field(default_factory=dict)
    good: list[str] = field(default_factory=list)


def workbook(elsewhere: str, on_record: str) -> Messy:
    """`elsewhere`: ID number of a person on another roster. `on_record`: name of somebody known here by name only."""
    rows = [clean_row(n) for n in range(PEOPLE - 1)]
    names = [row[1] for row in rows]
    rows.append([*rows[10][:1], spaced(names[10]), *rows[10][2:]])  # the duplicate, at the end where it is overlooked
    rows[4][5] = float(fake_id(birth(4), "male", 4)[:15] + "000")  # Excel has lost the last digits
    number = fake_id(birth(13), "male", 13)
    rows[13][5] = number[:17] + ("1" if number[17] != "1" else "2")
    rows[16][4], rows[16][5] = "1990", ""
    rows[19][4], rows[19][5] = 1990.1, ""
    rows[25][5] = elsewhere
    rows[25][2], rows[25][4] = "", ""
    rows[31][7] = f"{birth(31).year + 15}.07.01"
    rows[37][1], rows[37][4], rows[37][5] = on_record, "", ""
    planted = {
        "digits_lost": f"F{FIRST_ROW + 4}", "id_check": f"F{FIRST_ROW + 13}", "date_incomplete": f"E{FIRST_ROW + 16}",
        "month_ambiguous": f"E{FIRST_ROW + 19}", "duplicate_id": f"F{FIRST_ROW + 10}", "id_elsewhere": f"F{FIRST_ROW + 25}",
        "admitted_too_young": f"H{FIRST_ROW + 31}", "candidates": f"{FIRST_ROW + 37}",
    }  # fmt: skip
    bad = {4, 10, 13, 16, 19, 25, 31, 37}
    return Messy(written(rows), planted, [fake_name(n) for n in range(PEOPLE - 1) if n not in bad])


def birth(n: int) -> date:
    born = fake_birth(n)
    return born.replace(year=1955 + n % 35)


def clean_row(n: int) -> list:
    born, admitted = birth(n), birth(n).year + 22
    return [
        n + 1, spaced(fake_name(n)), "男", "汉", f"{born.year}.{born.month:02d}", f"{fake_id(born, 'male', n)}", "大学本科",
        f"{admitted}年7月1日", date(admitted + 1, 7, 1), f"第{'一二三'[n % 3]}小组", int(fake_mobile(n)), "", "",
    ]  # fmt: skip


def spaced(name: str) -> str:
    return f"{name[0]}　{name[1:]} "


def written(rows: list[list]) -> bytes:
    book = Workbook()
    cover = book.active
    cover.title = "封面"
    cover["B4"], cover["B8"] = "党员花名册", "一车间党支部　2026年3月"
    sheet = book.create_sheet("党员名册")
    sheet["A1"] = "北辰机床厂一车间党支部党员花名册"
    sheet["A2"] = "填报单位：一车间　　　　　　2026年3月18日"
    for index, (upper, lower) in enumerate(zip(UPPER, LOWER, strict=True), 1):
        sheet.cell(4, index, upper)
        sheet.cell(5, index, lower)
    for at, row in enumerate(rows, FIRST_ROW):
        for index, value in enumerate(row, 1):
            sheet.cell(at, index, value)
    end = FIRST_ROW + len(rows)
    sheet.cell(end, 1, "合计")
    sheet.cell(end, 2, f"{len(rows)}人")
    sheet.cell(end + 2, 1, "填表人：　　　　审核人：　　　　填表日期：")
    for area in MERGED:
        sheet.merge_cells(area)
    notes = book.create_sheet("填表说明")
    notes["A1"] = "1. 出生年月填到月。2. 身份证号设为文本格式。"
    return saved(book)
