"""How minutes and sign-in sheets are drawn: widths, heights, what may part at the end of a page."""

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL
from docx.table import Table, _Cell

from apps.activities import papers
from apps.activities.papers import COUNTS, WORDS, Block, Correction, MinutesPaper, SignInPaper, SignInPerson
from apps.core import docx as word
from apps.core.docx import FORM_HEADING, FORM_SMALL, FORM_TITLE, TABLE_FORM, Face

MM_PER_PT = 25.4 / 72
CELL_PADDING_MM = 3.8
TITLE_MM = 15
LINE_MM = TABLE_FORM.line_pt * MM_PER_PT

MINUTES_WIDTHS = (30, 71, 22, 42)
CONTENT_MM = sum(MINUTES_WIDTHS[1:])
HEAD_ROW_MM = 9
PADDING_MM = 0.7
SIGN_SPACE_MM = 2.2
SIGN_LINE_MM = 30 * MM_PER_PT
TAIL_LINES = (4, 12)  # lines of the record that go with the signatures to the next page: at least, at most
SAFETY_MM = 16  # two lines more than estimated still fit

SIGN_IN_WIDTHS = (13, 26, 27, 16.5) * 2
SIGN_IN_HEAD_WIDTHS = (24, 71, 22, 48)
SHEET_ROWS = 26
SHEET_GAP_MM, SHEET_FOOT_MM, SHEET_HEADER_MM, SHEET_SAFETY_MM = 3, 10, 8, 4
SIGN_ROW_MM = (6.8, 11.0)  # room to sign: at least, at most
SMALL_LINE_PT = 10.5
SPARE_LINES = 4


def width_em(width_mm: float, face: Face = TABLE_FORM.body) -> float:
    """Characters of full width in a column; a little less than would fit, as lines do not break anywhere."""
    return (width_mm - CELL_PADDING_MM) / MM_PER_PT / face.size - 0.5


# ---- minutes


def draw_minutes(paper: MinutesPaper) -> bytes:
    title = paper.title.strip() or WORDS["minutes"]
    document = word.table_form(title=title, footer=" · ".join(filter(None, (paper.branch.strip(), title))))
    free_mm = TABLE_FORM.text_height - SAFETY_MM - _draw_title(document, title)
    if paper.correction:
        free_mm -= _draw_correction(document, paper.correction)
    table = word.add_grid(document, MINUTES_WIDTHS, padding_mm=PADDING_MM)
    for number, pairs in enumerate(papers.head_rows(paper)):
        free_mm -= _draw_head_row(table, pairs, MINUTES_WIDTHS, repeats=number == 0)
    roles = papers.signing_roles(paper)
    free_mm -= SIGN_LINE_MM * len(roles) + SIGN_SPACE_MM
    *earlier, (label, blocks) = papers.sections(paper)
    free_mm -= sum(_height_mm(blocks) for _, blocks in [*earlier, (label, blocks)])
    body, tail = (blocks, []) if free_mm >= 0 and not earlier else divide(blocks)
    # A short record fills its page, as a printed form does: the signatures stand at the lower right of the sheet.
    for name, others in [*earlier, *([(label, body)] if body else [])]:
        spare_mm, free_mm = max(0.0, free_mm), 0
        _draw_content(table, name, others, height_mm=_height_mm(others) + spare_mm if spare_mm else 0)
    cells = word.add_row(table)
    _draw_tail(cells, tail, roles, label="" if body else label)
    if body:
        # Where pages end the line is seen as well, so a record of several pages has a dotted one.
        _read_as_one(table, "dotted" if tail else "nil")
    return _finished(document)


def divide(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """What may run over pages, and the last lines: they stay whole with the signatures, which so never stand alone.

    The tail is the last paragraph and as many before it as make four lines, unless that gets longer than twelve.
    """
    least, most = TAIL_LINES
    cut = len(blocks) - 1
    taken = block_lines(blocks[cut])
    while cut and (taken < least or blocks[cut - 1].role == "heading"):
        lines = block_lines(blocks[cut - 1])
        if taken + lines > most:
            break
        cut, taken = cut - 1, taken + lines
    if sum(map(block_lines, blocks)) <= most:
        cut = 0
    return blocks[:cut], blocks[cut:]


def block_lines(block: Block) -> int:
    return sum(word.lines_of("　　" + part, width_em(CONTENT_MM)) for part in word.paragraphs_of(block.text)) or 1


def _height_mm(blocks: list[Block]) -> float:
    return sum(map(block_lines, blocks)) * LINE_MM + 2 * PADDING_MM


def _draw_correction(document: Document, correction: Correction) -> float:
    """The line that says which version this is and why. Returns its height in millimetres."""
    day, reason = (papers.day_text(correction.filed_on), correction.reason.strip() or WORDS["unknown"])
    line = WORDS["correction"].format(number=correction.number, day=day, reason=reason)
    for part in word.paragraphs_of(line):
        word.add_paragraph(document, part, FORM_SMALL, align="center", after_pt=4, keep=True)
    return (LINE_MM + 1.5) * word.lines_of(line, width_em(TABLE_FORM.text_width, FORM_SMALL))


def _draw_content(table: Table, label: str, blocks: list[Block], *, height_mm: float) -> None:
    cells = word.add_row(table, height_mm=height_mm, splits=True)
    word.write(cells[0], label, align="center")
    content = _join(cells, 1, 3)
    content.vertical_alignment = WD_ALIGN_VERTICAL.TOP
    _draw_blocks(content, blocks)


def _draw_tail(cells: list[_Cell], blocks: list[Block], roles: list[str], *, label: str) -> None:
    word.write(cells[0], label, align="center")
    tail = _join(cells, 1, 3)
    _draw_blocks(tail, blocks)
    for role in roles:
        text = WORDS["signature"].format(role=role)
        word.add_line_to_sign(tail, text, starts_mm=CONTENT_MM - 75, ends_mm=CONTENT_MM - 6)
    word.add_paragraph(tail, "", FORM_SMALL, line_pt=6)
    word.drop_first_paragraph(tail)


def _read_as_one(table: Table, kind: str) -> None:
    """One part of the record in two rows, because rows and not lines stay whole: a faint line or none between them."""
    above, below = table.rows[-2].cells, table.rows[-1].cells
    for column in (0, 1):
        word.border(above[column], bottom=(kind, 4))
        word.border(below[column], top=(kind, 4))


def _draw_blocks(cell: _Cell, blocks: list[Block]) -> None:
    for block in blocks:
        face = FORM_HEADING if block.role == "heading" else TABLE_FORM.body
        for part in word.paragraphs_of(block.text):
            paragraph = word.add_paragraph(cell, part, face, keep=block.role == "heading")
            if block.role != "heading":
                word.indent(paragraph, face, "firstLine", 2)
    word.drop_first_paragraph(cell)


def _draw_head_row(
    table: Table, pairs: tuple[tuple[str, str], ...], widths: tuple[float, ...], *, repeats: bool = False
) -> float:
    """Returns the height the row will have, in millimetres."""
    values_mm = widths[1::2] if len(pairs) > 1 else (sum(widths[1:]),)
    lines = max(
        max(word.lines_of(value, width_em(width)), label.count("\n") + 1)
        for (label, value), width in zip(pairs, values_mm, strict=True)
    )
    # A row as high as a page cannot move whole: three hundred names may run over.
    cells = word.add_row(table, height_mm=HEAD_ROW_MM, splits=lines > 12, repeats=repeats and lines < 4)
    columns = [cells[0], cells[1], cells[2], cells[3]] if len(pairs) > 1 else [cells[0], _join(cells, 1, 3)]
    for (label, value), label_cell, value_cell in zip(pairs, columns[::2], columns[1::2], strict=True):
        word.write(label_cell, label, align="center")
        word.write(value_cell, value)
    return max(HEAD_ROW_MM, lines * LINE_MM + 2 * PADDING_MM)


# ---- sign-in sheet


def draw_sign_in(paper: SignInPaper, *, blank: bool) -> bytes:
    title = paper.title.strip() or WORDS["sign_in"]
    document = word.table_form(title=title, footer=" · ".join(filter(None, (paper.branch.strip(), title))))
    people: list[SignInPerson | None] = list(paper.people)
    if blank or not people:
        people = [None for _ in range(SHEET_ROWS * 2)]
    start = 0
    while start < len(people):
        free_mm = TABLE_FORM.text_height - SHEET_GAP_MM - SHEET_FOOT_MM - SHEET_HEADER_MM - SHEET_SAFETY_MM
        free_mm -= _draw_title(document, title, new_page=start > 0) + _draw_sign_in_head(document, paper)
        word.add_paragraph(document, "", FORM_SMALL, line_pt=SHEET_GAP_MM / MM_PER_PT)
        rows = rows_that_fit(people[start:], free_mm)
        end = min(start + rows * 2, len(people))
        _draw_names(document, people[start:end], first=start + 1, rows=rows, free_mm=free_mm)
        start = end
    _draw_counts(document, paper, blank=blank)
    return _finished(document, ends_with_table=False)


def rows_that_fit(people: list[SignInPerson | None], free_mm: float) -> int:
    """Rows of two people each on the next sheet: 26, fewer where long names need higher rows."""
    most = min(SHEET_ROWS, (len(people) + SPARE_LINES + 1) // 2)
    for rows in range(most, 1, -1):
        pairs = [
            (people[row], people[row + rows] if row + rows < len(people) else None)
            for row in range(min(rows, len(people)))
        ]
        if sum(max(map(_row_mm, pair)) for pair in pairs) + (rows - len(pairs)) * SIGN_ROW_MM[0] <= free_mm:
            return rows
    return 1


def _row_mm(person: SignInPerson | None) -> float:
    texts = (person.name, person.signed, person.note) if person else ()
    lines = max(
        (
            word.lines_of(text, width_em(width, Face("", 9)) - 0.5)
            for text, width in zip(texts, SIGN_IN_WIDTHS[1:], strict=False)
        ),
        default=1,
    )
    return max(SIGN_ROW_MM[0], lines * SMALL_LINE_PT * MM_PER_PT + 0.3)


def _draw_sign_in_head(document: Document, paper: SignInPaper) -> float:
    table = word.add_grid(document, SIGN_IN_HEAD_WIDTHS, padding_mm=PADDING_MM)
    # Printed before the meeting: nobody knows yet when it ends.
    held = papers.held_text(paper.held_on, paper.starts_at, None, says_end=False) if paper.held_on else ""
    chair = papers.someone_text(paper.chair)
    rows = (
        ((WORDS["meeting"], paper.name),),
        ((WORDS["held"], held), (WORDS["place"], paper.place)),
        ((WORDS["branch"], paper.branch), (WORDS["chair"], chair)),
    )
    return sum(_draw_head_row(table, pairs, SIGN_IN_HEAD_WIDTHS) for pairs in rows)


def _draw_names(
    document: Document, people: list[SignInPerson | None], *, first: int, rows: int, free_mm: float
) -> None:
    """Down the left block, then down the right; lines left over are for people who join without a vote."""
    higher_mm = sum(_row_mm(person) - SIGN_ROW_MM[0] for person in people)
    height_mm = max(SIGN_ROW_MM[0], min(SIGN_ROW_MM[1], (free_mm - higher_mm) / rows))
    table = word.add_grid(document, SIGN_IN_WIDTHS)
    columns = [WORDS[f"column_{name}"] for name in ("number", "name", "signature", "note")] * 2
    cells = word.add_row(table, height_mm=SHEET_HEADER_MM, repeats=True)
    for cell, text in zip(cells, columns, strict=True):
        word.write(cell, text, FORM_HEADING, align="center")
    word.border(cells[4], left=("double", 4))
    for row in range(rows):
        cells = word.add_row(table, height_mm=height_mm)
        for place, half in ((row, cells[:4]), (row + rows, cells[4:])):
            person = people[place] if place < len(people) else None
            texts = (str(first + place), papers.spread(person.name), person.signed, person.note) if person else None
            for cell, text, width in zip(
                half, texts or (_spare(place, people, first), "", "", ""), SIGN_IN_WIDTHS, strict=False
            ):
                _write_fitting(cell, text, width)
        word.border(cells[4], left=("double", 4))


def _spare(place: int, people: list[SignInPerson | None], first: int) -> str:
    """Lines of a blank sheet are numbered, spare lines below names are not: those people are not expected."""
    return str(first + place) if place < len(people) else ""


def _write_fitting(cell: _Cell, text: str, width_mm: float) -> None:
    """A long name gets smaller, then a second line, from the dot on if it has one, before the row gets higher."""
    size = next((size for size in (12, 10.5) if word.em(text) <= width_em(width_mm, Face("", size)) + 0.5), 9)
    shown = text if size > 9 else text.replace("·", "·\n")
    word.write(cell, shown, Face(TABLE_FORM.body.font, size), align="center", line_pt=14 if size > 9 else SMALL_LINE_PT)


def _draw_counts(document: Document, paper: SignInPaper, *, blank: bool) -> None:
    paragraph = word.add_paragraph(document, "", TABLE_FORM.body, line_pt=26)
    for number, (name, label) in enumerate(COUNTS.items()):
        count = None if blank else getattr(paper, name)
        word.add_run(paragraph, ("　　" if number else "") + label, TABLE_FORM.body)
        word.add_run(paragraph, "　" * 3 if count is None else f"　{count}　", TABLE_FORM.body, underline=True)
        word.add_run(paragraph, WORDS["people"], TABLE_FORM.body)


# ---- both


def _draw_title(document: Document, title: str, *, new_page: bool = False) -> float:
    paragraph = word.add_paragraph(
        document, " ".join(title.split()), FORM_TITLE, align="center", line_pt=32, after_pt=6, keep=True
    )
    paragraph.paragraph_format.page_break_before = new_page or None
    return TITLE_MM * word.lines_of(title, TABLE_FORM.text_width / MM_PER_PT / FORM_TITLE.size)


def _join(cells: list[_Cell], first: int, last: int) -> _Cell:
    joined: _Cell = cells[first].merge(cells[last])
    joined.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    return joined


def _finished(document: Document, *, ends_with_table: bool = True) -> bytes:
    if ends_with_table:  # Word wants a paragraph after a table; a high one would ask for a page of its own
        word.add_paragraph(document, "", Face(TABLE_FORM.body.font, 1), line_pt=1)
    return word.to_bytes(document)
