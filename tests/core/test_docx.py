"""Running text after GB/T 9704 and what every paper is cleaned of."""

import pytest
from docx.oxml.ns import qn

from apps.core import docx as word
from tests.factories.papers import opened


@pytest.fixture
def summary():
    document = word.running_text(title="2026年上半年工作总结")
    word.add_heading(document, "一、主要做法", 1)
    word.add_heading(document, "（一）把会开好", 2)
    word.add_body(document, "  第一段。\n\n　　第二段。")
    word.add_signed_by(document, "梧桐社区第一党支部", "2026年7月5日")
    return opened(word.to_bytes(document))


def test_running_text_has_the_margins_and_lines_of_the_standard(summary):
    size, margins = summary.sections[0]._sectPr.pgSz, summary.sections[0]._sectPr.pgMar
    assert (size.get(qn("w:w")), size.get(qn("w:h"))) == ("11906", "16838")
    assert [margins.get(qn(f"w:{side}")) for side in ("top", "right", "bottom", "left")] == [
        "2098",
        "1474",
        "1984",
        "1587",
    ]
    body = summary.paragraphs[4]
    assert body._p.pPr.find(qn("w:spacing")).get(qn("w:line")) == "579"  # 580 would lose the twenty-second line
    assert body._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"


def test_running_text_uses_a_font_for_each_level(summary):
    fonts = [
        (run.text, run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size.pt)
        for paragraph in summary.paragraphs
        for run in paragraph.runs
    ]
    assert fonts == [
        ("2026年上半年工作总结", "方正小标宋简体", 22),
        ("一、主要做法", "黑体", 16),
        ("（一）把会开好", "楷体", 16),
        ("第一段。", "仿宋", 16),
        ("第二段。", "仿宋", 16),
        ("梧桐社区第一党支部", "仿宋", 16),
        ("2026年7月5日", "仿宋", 16),
    ]


def test_page_numbers_stand_outside(summary):
    section = summary.sections[0]
    assert summary.settings.odd_and_even_pages_header_footer
    for footer, align in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        paragraph = footer.paragraphs[0]
        assert "".join(node.text for node in paragraph._p.iter(qn("w:t"))) == "— 1 —"
        assert paragraph.alignment.name == align


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("张\x00三\x07", "张三"),
        ("一\r\n二\r三\x0b四\u2029五", "一\n二\n三\n四\n五"),
        ("甲\u202e乙\u2066丙", "甲乙丙"),
        ("\ud800\uffff𠮷\t·&<>\"'é", "𠮷\t·&<>\"'é"),
    ],
)
def test_clean_leaves_out_only_what_a_paper_cannot_hold(typed, kept):
    assert word.clean(typed) == kept


@pytest.mark.parametrize(
    ("text", "lines"), [("", 1), ("\n\n", 1), ("一" * 10, 1), ("一" * 11, 2), ("ab" * 10, 1), ("一\n二", 2)]
)
def test_lines_are_estimated_by_width(text, lines):
    assert word.lines_of(text, 10) == lines
