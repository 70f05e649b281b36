"""The register sheet of one visitor (群众来访接待登记表), for whoever received or handles the matter, in Chinese."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from apps.core.days import long_day
from apps.core.docx import FORM_SMALL, FORM_TITLE, add_grid, add_paragraph, add_row, table_form, to_bytes, write
from apps.voices.models import Matter, MatterEvent

WIDTHS = (28, 53, 28, 53)
NOBODY = "未留姓名"


def register_docx(
    matter: Matter, read: dict[str, Any], history: Iterable[tuple[MatterEvent, str, dict[str, Any]]], *, printed_by: str,
    today: date,
) -> bytes:  # fmt: skip
    """`history`: each event, what it is called, and what was said; the foot says who printed it and when."""
    place = matter.organization
    document = table_form(
        title="群众来访接待登记表", footer=f"{place.name}　{printed_by} {long_day(today)}打印　内部资料，注意保密"
    )
    add_paragraph(document, "群众来访接待登记表", FORM_TITLE, align="center", line_pt=34, after_pt=4, keep=True)
    add_paragraph(document, f"{place.name}　　编号 {matter.number}", FORM_SMALL, align="center", after_pt=8)
    table = add_grid(document, WIDTHS)
    receiver, handler = (str(one or "") for one in (matter.receiver, matter.handler))
    for pair in (
        ("来访人", read["name"] or NOBODY, "联系方式", read["contact"]),
        ("单位或住址", read["about"], "人数", str(matter.people)),
        ("来访日期", long_day(matter.received_on), "方式", str(matter.get_way_display())),
        ("类别", str(matter.get_category_display()), "接待人", receiver),
        ("经办人", handler, "答复期限", long_day(matter.due_on) if matter.due_on else ""),
    ):
        for cell, text in zip(add_row(table, height_mm=9), pair, strict=True):
            write(cell, text)
    _wide(table, "反映事项", read["words"], 40)
    lines = [
        "　".join(filter(None, [long_day(event.on), name, event.by.name if event.by else "", said.get("words", "")]))
        for event, name, said in history
    ]
    _wide(table, "办理情况", "\n".join(lines), 40)
    _wide(table, "回访", str(matter.get_satisfaction_display()) if matter.satisfaction else "", 12)
    _wide(table, "备注", "", 12)
    return to_bytes(document)


def _wide(table: Any, label: str, text: str, height_mm: float) -> None:
    first, *rest = add_row(table, height_mm=height_mm, splits=True)
    write(first, label)
    write(rest[0].merge(rest[-1]), text)
