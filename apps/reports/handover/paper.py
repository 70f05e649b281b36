"""The hand-over pack as a Word paper with lines to sign. Papers are Chinese whatever the language of the screen."""

from apps.core.days import long_day
from apps.core.docx import (
    FORM_HEADING,
    FORM_SMALL,
    FORM_TITLE,
    TABLE_FORM,
    add_grid,
    add_line_to_sign,
    add_paragraph,
    add_row,
    drop_first_paragraph,
    table_form,
    to_bytes,
    write,
)  # fmt: skip
from apps.reports.handover.pack import Pack

WIDTHS = (70, 48, 44)
HEAD = ("事项", "时间", "情况")
SIGNERS = ("移交人（签名）：", "接收人（签名）：", "监交人（签名）：")
NUMBERS = "一二三四五六七八九十"


def handover_docx(pack: Pack) -> bytes:
    """`pack` was built with Chinese active, so its words are Chinese too."""
    title = "党支部书记工作交接清单"
    document = table_form(title=title, footer=f"{pack.organization.name} {title}")
    add_paragraph(document, title, FORM_TITLE, align="center", line_pt=34, after_pt=4, keep=True)
    add_paragraph(
        document, f"{pack.organization.name}　　截至 {long_day(pack.today)}", FORM_SMALL, align="center", after_pt=8
    )
    for post in pack.secretaries:
        span = f"{long_day(post.starts_on)}起" + (f"，至{long_day(post.last_day)}" if post.last_day else "")
        add_paragraph(document, f"{post.get_kind_display()}　{post.person.name}　{span}", TABLE_FORM.body)
    for number, section in enumerate(pack.sections):
        add_paragraph(document, "", TABLE_FORM.body, line_pt=8)
        add_paragraph(document, f"{NUMBERS[number]}、{section.title}", FORM_HEADING, line_pt=24, keep=True)
        if not section.rows:
            add_paragraph(document, section.nothing, TABLE_FORM.body)
            continue
        table = add_grid(document, WIDTHS)
        for cell, text in zip(add_row(table, height_mm=8, repeats=True), HEAD, strict=True):
            write(cell, text, FORM_HEADING, align="center")
        for row in section.rows:
            for cell, text in zip(add_row(table, height_mm=8), (row.title, row.when, row.detail), strict=True):
                write(cell, text)
    add_paragraph(document, "", TABLE_FORM.body, line_pt=14, keep=True)
    signatures = add_grid(document, (162,))
    (cell,) = add_row(signatures, height_mm=36)
    for label in SIGNERS:
        add_line_to_sign(cell, label, starts_mm=36, ends_mm=100)
    drop_first_paragraph(cell)
    return to_bytes(document)
