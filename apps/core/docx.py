"""Plain Word papers: one clean A4 document, two families of layout, and the parts both are built from.

*Table forms* (宋体, grid lines of half a point) are what people sign; *running text* follows GB/T 9704-2012.
Fonts are named, never bundled. Word, WPS and LibreOffice read the result; nothing in it can run.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from typing import Any

from docx import Document as new_docx
from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import _Footer
from docx.shared import Emu, Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run


@dataclass(frozen=True, slots=True)
class Face:
    """A font by name and its size in points."""

    font: str
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """Body face, line pitch in points and page margins in millimetres of one kind of paper."""

    body: Face
    line_pt: float
    top: float
    right: float
    bottom: float
    left: float
    footer: float

    @property
    def text_width(self) -> float:
        return 210 - self.left - self.right

    @property
    def text_height(self) -> float:
        return 297 - self.top - self.bottom


TABLE_FORM = Family(Face("宋体", 12), 20, top=20, right=20, bottom=18, left=25, footer=9)
FORM_TITLE = Face("宋体", 22, bold=True)
FORM_HEADING = Face("黑体", 12)
FORM_SMALL = Face("宋体", 10.5)
FORM_FOOTER = Face("宋体", 9)

# 22 lines of 28 characters. 28.95 pt and not 29: the twenty-second line would no longer fit.
RUNNING_TEXT = Family(Face("仿宋", 16), 28.95, top=37, right=26, bottom=35, left=28, footer=25)
RUNNING_TITLE = Face("方正小标宋简体", 22)
RUNNING_LEVELS = {1: Face("黑体", 16), 2: Face("楷体", 16), 3: Face("仿宋", 16), 4: Face("仿宋", 16)}
RUNNING_FOOTER = Face("宋体", 14)

ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# What XML 1.0 cannot hold, the other controls, and the marks that make text read in another order than it is stored.
UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
KEPT_STYLES = {"Normal", "Default Paragraph Font", "Normal Table", "No List"}
KEPT_RELATIONS = ("/styles", "/settings", "/theme")


def clean(text: str) -> str:
    """The same text without characters a .docx cannot hold; every kind of line end becomes a newline."""
    return UNWANTED.sub("", LINE_ENDS.sub("\n", text))


def paragraphs_of(text: str) -> list[str]:
    """Paragraphs of a typed text, without the empty ones and without typed indents."""
    return [line.strip() for line in clean(text).split("\n") if line.strip()]


def em(text: str) -> float:
    """Width in characters of full width; a narrow character counts half."""
    return sum(1 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in text)


def lines_of(text: str, width_em: float) -> int:
    """About how many lines the text takes in a column of `width_em` characters; at least one."""
    return sum(max(1, ceil(em(part) / width_em)) for part in paragraphs_of(text)) or 1


# ---- the document


def table_form(*, title: str, footer: str) -> Document:
    """An empty table form; each page says at its foot what it belongs to and which page of how many it is."""
    document = _blank(TABLE_FORM, title)
    paragraph = _foot_paragraph(document.sections[0].footer)
    tabs = paragraph.paragraph_format.tab_stops
    tabs.add_tab_stop(Mm(TABLE_FORM.text_width), WD_TAB_ALIGNMENT.RIGHT)
    add_run(paragraph, _clip(" ".join(clean(footer).split()), 36) + "\t第 ", FORM_FOOTER)
    add_field(paragraph, "PAGE", FORM_FOOTER)
    add_run(paragraph, " 页 / 共 ", FORM_FOOTER)
    add_field(paragraph, "NUMPAGES", FORM_FOOTER)
    add_run(paragraph, " 页", FORM_FOOTER)
    return document


def running_text(*, title: str) -> Document:
    """A GB/T 9704 paper with its title; the page number stands outside: right on odd pages, left on even ones."""
    document = _blank(RUNNING_TEXT, title)
    section = document.sections[0]
    _set(section._sectPr.find(qn("w:docGrid")), type="lines", linePitch="579")
    # A quarter of a point closer, or a line holds 27 characters. Set on the text and not as a grid of characters:
    # LibreOffice reads a negative one wrongly.
    closer = OxmlElement("w:spacing")
    _set(closer, val="-5")
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    defaults.find(qn("w:sz")).addprevious(closer)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = _foot_paragraph(footer)
        paragraph.alignment = ALIGN[align]
        indent(paragraph, RUNNING_FOOTER, align, 1)
        add_run(paragraph, "— ", RUNNING_FOOTER)
        add_field(paragraph, "PAGE", RUNNING_FOOTER)
        add_run(paragraph, " —", RUNNING_FOOTER)
    add_paragraph(document, title, RUNNING_TITLE, align="center", line_pt=35, keep=True)
    add_paragraph(document, "", RUNNING_TEXT.body, line_pt=RUNNING_TEXT.line_pt, keep=True)
    return document


def add_heading(document: Document, text: str, level: int) -> None:
    """A heading of running text; `level` 1 is 一、, 2 is （一）, 3 is 1. and 4 is （1）. Numbers come with the text."""
    paragraph = add_paragraph(document, text, RUNNING_LEVELS[level], line_pt=RUNNING_TEXT.line_pt, keep=True)
    indent(paragraph, RUNNING_TEXT.body, "firstLine", 2)


def add_body(document: Document, text: str) -> None:
    """Paragraphs of running text: two characters in, both edges straight."""
    for part in paragraphs_of(text):
        paragraph = add_paragraph(document, part, RUNNING_TEXT.body, align="both", line_pt=RUNNING_TEXT.line_pt)
        indent(paragraph, RUNNING_TEXT.body, "firstLine", 2)


def add_signed_by(document: Document, name: str, day: str) -> None:
    """Who issues the paper and the date, four characters from the right edge, on the page of the last line."""
    above = document.paragraphs[-1]
    # LibreOffice moves a paragraph that keeps with the next as a whole: a long one would leave half a page empty.
    above.paragraph_format.keep_with_next = lines_of(above.text, 28) <= 6 or None
    for text in ("", name, day):
        paragraph = add_paragraph(
            document, text, RUNNING_TEXT.body, align="right", line_pt=RUNNING_TEXT.line_pt, keep=text != day
        )
        indent(paragraph, RUNNING_TEXT.body, "right", 4)


def to_bytes(document: Document) -> bytes:
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


# ---- paragraphs


def add_paragraph(
    parent: Any,
    text: str,
    face: Face,
    *,
    align: str = "left",
    line_pt: float = TABLE_FORM.line_pt,
    after_pt: float = 0,
    keep: bool = False,
) -> Paragraph:
    """A paragraph in a document, footer or cell. `keep` holds it on the page of the next one."""
    paragraph: Paragraph = parent.add_paragraph()
    _format(paragraph, align=align, line_pt=line_pt, after_pt=after_pt, keep=keep)
    if text:
        add_run(paragraph, text, face)
    return paragraph


def add_run(paragraph: Paragraph, text: str, face: Face, *, underline: bool = False) -> Run:
    run = paragraph.add_run(clean(text))
    run.font.size, run.font.bold, run.font.underline = (Pt(face.size), face.bold or None, underline or None)
    _set_fonts(run._r.get_or_add_rPr(), face.font)
    return run


def add_field(paragraph: Paragraph, name: str, face: Face) -> None:
    """PAGE or NUMPAGES; the program that opens the paper fills it in."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    field.append(add_run(paragraph, "1", face)._r)
    paragraph._p.append(field)


def add_line_to_sign(cell: _Cell, label: str, *, starts_mm: float, ends_mm: float) -> Paragraph:
    """`label` and a rule to write on. A tab leader draws it: underlined spaces vanish at the end of a line."""
    paragraph = add_paragraph(cell, "", TABLE_FORM.body, line_pt=30)
    tabs = paragraph.paragraph_format.tab_stops
    tabs.add_tab_stop(Mm(starts_mm))
    tabs.add_tab_stop(Mm(ends_mm), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)
    add_run(paragraph, f"\t{label}\t", TABLE_FORM.body)
    return paragraph


def indent(paragraph: Paragraph, face: Face, side: str, characters: int) -> None:
    """In by so many characters at "left", "right" or "firstLine": Word counts them, LibreOffice takes the length."""
    length = {f"{side}Chars": str(characters * 100), side: str(round(face.size * characters * 20))}
    _set(paragraph._p.get_or_add_pPr().get_or_add_ind(), **length)


# ---- grids


def add_grid(document: Document, widths_mm: Sequence[float], *, padding_mm: float = 0) -> Table:
    """A table without rows, as wide as told whatever stands in it, with lines of half a point.

    `padding_mm` is left free above and below the text of each cell; left and right it is always 1.9 mm.
    """
    table: Table = document.add_table(rows=0, cols=len(widths_mm))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
    properties = table._tbl.tblPr
    _set(_child(properties, "w:tblW"), type="dxa", w=str(Mm(sum(widths_mm)).twips))
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        _set(_child(borders, f"w:{side}"), val="single", sz="4", space="0", color="000000")
    properties.find(qn("w:tblLayout")).addprevious(borders)
    margins = OxmlElement("w:tblCellMar")
    for side, margin in (("top", padding_mm), ("left", 1.9), ("bottom", padding_mm), ("right", 1.9)):
        _set(_child(margins, f"w:{side}"), w=str(Mm(margin).twips), type="dxa")
    properties.find(qn("w:tblLayout")).addnext(margins)
    return table


def add_row(table: Table, *, height_mm: float = 0, splits: bool = False, repeats: bool = False) -> list[_Cell]:
    """The cells of a new row that is `height_mm` or higher. It moves to the next page whole unless it `splits`."""
    row: _Row = table.add_row()
    if height_mm:
        row.height, row.height_rule = Mm(height_mm), WD_ROW_HEIGHT_RULE.AT_LEAST
    properties = row._tr.get_or_add_trPr()
    for name, is_on in (("w:cantSplit", not splits), ("w:tblHeader", repeats)):
        if is_on:
            properties.append(OxmlElement(name))
    cells = list(row.cells)
    for cell in cells:
        cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    return cells


def write(
    cell: _Cell, text: str, face: Face = TABLE_FORM.body, *, align: str = "left", line_pt: float = TABLE_FORM.line_pt
) -> None:
    """Put the text into an empty cell, a paragraph for each line."""
    for part in paragraphs_of(text) or [""]:
        add_paragraph(cell, part, face, align=align, line_pt=line_pt)
    drop_first_paragraph(cell)


def drop_first_paragraph(cell: _Cell) -> None:
    """A new cell starts with an empty paragraph; one that got its own has it taken away."""
    first, *rest = cell.paragraphs
    if rest and not first.runs:
        cell._tc.remove(first._p)


def border(cell: _Cell, **sides: tuple[str, int]) -> None:
    """Sides of one cell as (kind, width in eighths of a point): `border(cell, top=("nil", 0))`."""
    borders = OxmlElement("w:tcBorders")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            kind, width = sides[side]
            _set(_child(borders, f"w:{side}"), val=kind, sz=str(width), space="0", color="000000")
    properties = cell._tc.get_or_add_tcPr()
    before = properties.find(qn("w:vAlign"))
    properties.append(borders) if before is None else before.addprevious(borders)


# ---- inside


def _blank(family: Family, title: str) -> Document:
    document = new_docx()
    _forget_the_template(document, title)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.right_margin = Mm(family.top), Mm(family.right)
    section.bottom_margin, section.left_margin = Mm(family.bottom), Mm(family.left)
    section.header_distance, section.footer_distance = Mm(10), Mm(family.footer)
    _set_defaults(document, family)
    return document


def _forget_the_template(document: Document, title: str) -> None:
    """The library's own template names a program, an author and a year, and carries a picture and unused styles."""
    package = document.part.package
    core = package.core_properties  # before the loop: the part is kept, its content is not
    core._element[:] = []
    core.title, core.language = _clip(" ".join(clean(title).split()), 80), "zh-CN"
    for rels, kept in ((package.rels, ("officeDocument", "core-properties")), (document.part.rels, KEPT_RELATIONS)):
        for key in [key for key, rel in rels.items() if not rel.reltype.endswith(kept)]:
            rels.pop(key)
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.find(qn("w:name")).get(qn("w:val")) not in KEPT_STYLES:
            styles.remove(style)
    settings = document.settings.element
    for name in ("w:rsids", "w:savePreviewPicture", "w:proofState"):
        for element in settings.findall(qn(name)):
            settings.remove(element)
    _set(settings.find(qn("w:zoom")), percent="100")
    _set(settings.find(qn("w:themeFontLang")), val="en-US", eastAsia="zh-CN")
    _set(settings.find(qn("w:characterSpacingControl")), val="compressPunctuation")
    # Mode 14 makes Word open the paper in "compatibility mode".
    _set(settings.find(f"{qn('w:compat')}/{qn('w:compatSetting')}"), val="15")


def _set_defaults(document: Document, family: Family) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = defaults.find(f"{qn('w:rPrDefault')}/{qn('w:rPr')}")
    _set_fonts(properties, family.body.font)
    half_points = str(round(family.body.size * 2))
    _set(properties.find(qn("w:sz")), val=half_points)
    _set(properties.find(qn("w:szCs")), val=half_points)
    # Without it the Japanese forms of characters are chosen where the named font is missing.
    _set(properties.find(qn("w:lang")), val="en-US", eastAsia="zh-CN")
    spacing = defaults.find(f"{qn('w:pPrDefault')}/{qn('w:pPr')}/{qn('w:spacing')}")
    _set(spacing, after="0", line="240", lineRule="auto")
    normal = document.styles["Normal"]
    normal.font.size = Pt(family.body.size)
    _set_fonts(normal.element.get_or_add_rPr(), family.body.font)


def _set_fonts(properties: Any, font: str) -> None:
    fonts = (
        properties.get_or_add_rFonts() if hasattr(properties, "get_or_add_rFonts") else properties.find(qn("w:rFonts"))
    )
    fonts.attrib.clear()
    _set(fonts, ascii=font, hAnsi=font, eastAsia=font, cs=font)


def _format(paragraph: Paragraph, *, align: str, line_pt: float, after_pt: float, keep: bool) -> None:
    layout = paragraph.paragraph_format
    layout.alignment = ALIGN[align]
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line_pt)
    layout.space_before, layout.space_after = Emu(0), Pt(after_pt)
    layout.keep_with_next = keep or None
    layout.widow_control = True


def _foot_paragraph(footer: _Footer) -> Paragraph:
    """The only paragraph of a new footer, plain: its own style would bring tab stops of a narrower page."""
    footer.is_linked_to_previous = False
    paragraph: Paragraph = footer.paragraphs[0]
    paragraph._p.get_or_add_pPr()._remove_pStyle()
    return paragraph


def _child(parent: Any, name: str) -> Any:
    child = parent.find(qn(name))
    if child is None:
        child = OxmlElement(name)
        parent.append(child)
    return child


def _set(element: Any, **values: str) -> None:
    for name, value in values.items():
        element.set(qn(f"w:{name}"), value)


def _clip(text: str, width_em: int) -> str:
    if em(text) <= width_em:
        return text
    while em(text) > width_em - 1:
        text = text[:-1]
    return text + "…"
