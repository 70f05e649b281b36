"""Minutes and sign-in sheets read back from the Word file."""

import re
import string
import unicodedata
import zipfile
from dataclasses import fields
from datetime import date, time
from io import BytesIO
from pathlib import Path

import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.activities import paper_layout, papers
from apps.activities.papers import (
    AgendaItem,
    Away,
    Decision,
    MinutesPaper,
    Remark,
    SignInPaper,
    SignInPerson,
    Someone,
    Vote,
    away_text,
    held_text,
    minutes_docx,
    numeral,
    sign_in_docx,
    spread,
)
from tests.factories.papers import (
    committee_meeting,
    general_meeting,
    lecture,
    members,
    opened,
    rows_of,
    sign_in_sheet,
    text_of,
)


def fonts_of(element):
    return {(r.get(qn("w:ascii")), r.get(qn("w:hAnsi")), r.get(qn("w:eastAsia"))) for r in element.iter(qn("w:rFonts"))}


def test_the_head_of_a_committee_meeting_is_the_customary_grid():
    table = opened(minutes_docx(committee_meeting())).tables[0]
    assert rows_of(table)[:9] == [
        ["活动（会议）\n名称", "3月支部委员会会议"],
        ["党支部", "梧桐社区第一党支部", "类　型", "支部委员会"],
        ["时　间", "2026年3月5日 9:05—10:30", "地　点", "社区二楼会议室"],
        ["主持人", "李芳（党支部书记）", "记录人", "陈静"],
        ["主　题", "研究3月主题党日方案"],
        ["应到人数", "5人", "实到人数", "4人"],
        ["请假人数", "1人", "缺席人数", "0人"],
        ["缺席人员\n及原因", "请假：张强（公出）"],
        ["其　他", "围绕的重点工作：冬春用电安全检查\n对本单位工作和群众的作用：为12户独居老人检修线路"],
    ]


def test_the_content_ends_with_adjourned_and_two_signatures():
    *_, content, decisions = rows_of(opened(minutes_docx(committee_meeting())).tables[0])
    assert content[0] == "主要内容"
    assert content[1] == (
        "议题一　研究主题党日方案\n陈静：建议与社区结对，帮独居老人检修水电。\n刘洋：人手分成三组，每组带一名电工。\n"
        "表决（举手）：应到会有表决权5人，实到会有表决权4人；赞成4人，不赞成0人，弃权0人。通过。"
    )
    assert decisions == [
        "决定事项",
        "1. 联系社区，商定名单（责任人：陈静；完成时限：2026年3月8日）\n散会\n\t主持人（签名）：\t\n\t记录人（签名）：\t\n",
    ]


def test_a_general_meeting_names_who_was_away_not_counted_and_not_voting():
    paper = minutes_docx(general_meeting())
    rows = dict(row for row in rows_of(opened(paper).tables[0]) if len(row) == 2)
    assert rows["缺席人员\n及原因"] == "请假：张强（公出）、欧阳建华（病假，住院）\n缺席：周平（原因未填）"
    assert rows["经批准不计算\n在应到会\n人数内"] == "马长顺（长期卧床，生活不能自理）"
    assert rows["列席人员"] == "孙倩（入党积极分子）、赵敏"
    assert opened(paper).paragraphs[1].text == "更正：第2版　2026年4月2日　原因：补记缺席人员一名"


def test_rows_of_one_kind_appear_only_with_their_data():
    plain = text_of(minutes_docx(committee_meeting()))
    assert not re.search("主讲人|党课题目|党小组名称|年度|不计算|列席|更正|到会人员", plain)
    taught = text_of(minutes_docx(lecture()))
    assert "主讲人\n王建国（街道党工委委员）\n党课题目\n怎样做群众工作\n" in taught
    assert "主讲人（签名）" in taught
    group = text_of(minutes_docx(committee_meeting(group="第二党小组", group_leader="刘洋")))
    assert "党小组名称\n第二党小组\n组　长\n刘洋\n" in group
    assert "所属年度\n2025年度\n" in text_of(minutes_docx(committee_meeting(for_year=2025)))
    assert "到会人员\n李芳、陈静\n" in text_of(minutes_docx(committee_meeting(present_people=("李芳", "陈静"))))


@pytest.mark.parametrize(
    ("counts", "people", "said"),
    [
        ((None, None), ((), ()), "未填"),
        ((0, None), ((), ()), "未填"),
        ((0, 0), ((), ()), "无"),
        ((2, 0), ((), ()), "请假：未填"),
        ((0, 1), ((), (Away(name="周平", category="无故"),)), "缺席：周平（无故）"),
        ((1, 1), ((Away(name="张强", reason="住院"),), ()), "请假：张强（住院）\n缺席：未填"),
    ],
)
def test_absence_is_never_left_empty_and_never_invented(counts, people, said):
    paper = MinutesPaper(excused=counts[0], absent=counts[1], excused_people=people[0], absent_people=people[1])
    assert away_text(paper) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ((None, None, None), "未填"),
        ((date(2026, 11, 2), None, time(9)), "2026年11月2日"),
        ((date(2026, 11, 2), time(9), None), "2026年11月2日 9:00—未填"),
        ((date(2026, 11, 2), time(19, 5), time(20)), "2026年11月2日 19:05—20:00"),
    ],
)
def test_dates_have_no_zeros_and_an_unknown_end_is_said(moment, said):
    assert held_text(*moment) == said


@pytest.mark.parametrize(
    ("number", "said"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100"), (0, "0")]
)
def test_agenda_items_are_numbered_in_chinese(number, said):
    assert numeral(number) == said


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("李芳", "李　芳"),
        (" 李芳 ", "李　芳"),
        ("王建国", "王建国"),
        ("Li", "Li"),
        ("李A", "李A"),
        ("𠮷田", "𠮷　田"),
        ("", ""),
    ],
)
def test_only_names_of_two_chinese_characters_are_spread(name, printed):
    assert spread(name) == printed


# ---- the form


def test_every_text_names_its_font_for_chinese_too():
    for paper in (minutes_docx(general_meeting()), sign_in_docx(sign_in_sheet(3))):
        document = opened(paper)
        for run in document.element.body.iter(qn("w:r")):
            assert fonts_of(run) <= {("宋体",) * 3, ("黑体",) * 3}
            assert fonts_of(run)
        defaults = document.styles.element.find(qn("w:docDefaults"))
        assert fonts_of(defaults) == {("宋体",) * 3}
        assert defaults.find(f".//{qn('w:lang')}").get(qn("w:eastAsia")) == "zh-CN"
        assert not [r for r in document.styles.element.iter(qn("w:rFonts")) if r.get(qn("w:eastAsiaTheme"))]


def test_the_page_is_a4_with_a_grid_of_half_a_point_as_wide_as_the_text():
    document = opened(minutes_docx(committee_meeting()))
    section, table = document.sections[0], document.tables[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.right_margin, section.left_margin)
    assert all(Mm(19.9) <= margin <= Mm(25.1) for margin in margins)
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.iter(qn("w:gridCol"))]
    assert len(widths) == 4
    assert sum(widths) == pytest.approx(Mm(165).twips, abs=4)
    lines = table._tbl.tblPr.find(qn("w:tblBorders"))
    assert {(line.get(qn("w:val")), line.get(qn("w:sz"))) for line in lines} == {("single", "4")}
    title = document.paragraphs[0]
    assert (title.text, title.runs[0].font.size, title.alignment.name) == ("支部委员会会议记录", Pt(22), "CENTER")


def test_only_the_long_cell_parts_and_the_first_row_repeats():
    for paper in (committee_meeting(), general_meeting(), lecture(minutes="很长的记录。\n" * 200)):
        rows = opened(minutes_docx(paper)).tables[0]._tbl.findall(qn("w:tr"))
        flags = [{flag.tag for flag in row.trPr} for row in rows]
        assert [qn("w:cantSplit") in flag for flag in flags] == [True] * (len(rows) - 2) + [False, True]
        assert [qn("w:tblHeader") in flag for flag in flags] == [True] + [False] * (len(rows) - 1)


def test_the_last_lines_share_a_row_with_the_signatures():
    paper = lecture(minutes="\n".join(f"第{number}段。" for number in range(200)))
    *_, body, tail = rows_of(opened(minutes_docx(paper)).tables[0])
    assert body[1].endswith("第196段。")
    assert tail == [
        "",
        "第197段。\n第198段。\n第199段。\n散会\n\t主讲人（签名）：\t\n\t主持人（签名）：\t\n\t记录人（签名）：\t\n",
    ]


def test_many_decisions_run_over_and_the_last_ones_stay_with_the_signatures():
    paper = committee_meeting(decisions=tuple(Decision(what=f"第{n}件") for n in range(1, 60)))
    *_, first, last = rows_of(opened(minutes_docx(paper)).tables[0])
    assert first[0] == "决定事项"
    assert first[1].startswith("1. 第1件（责任人：未填；完成时限：未填）")
    assert last[0] == ""
    assert last[1].startswith("57. ")


@pytest.mark.parametrize("paper", [minutes_docx(committee_meeting()), sign_in_docx(sign_in_sheet(3))])
def test_the_foot_of_the_page_says_what_it_belongs_to_and_counts_pages(paper):
    footer = opened(paper).sections[0].footer
    text = "".join(node.text for node in footer._element.iter(qn("w:t")))
    assert re.fullmatch("梧桐社区第一党支部 · (支部委员会会议记录|签到表)第 1 页 / 共 1 页", text)
    assert [field.get(qn("w:instr")) for field in footer._element.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]


def test_a_paper_carries_nothing_of_the_machine_and_nothing_that_runs():
    paper = minutes_docx(committee_meeting())
    with zipfile.ZipFile(BytesIO(paper)) as archive:
        names = set(archive.namelist())
        everything = b"".join(map(archive.read, names)).decode()
    assert names == {
        "[Content_Types].xml",
        "_rels/.rels",
        "docProps/core.xml",
        "word/_rels/document.xml.rels",
        "word/document.xml",
        "word/footer1.xml",
        "word/settings.xml",
        "word/styles.xml",
        "word/theme/theme1.xml",
    }
    assert not re.search("python|Macintosh|vbaProject|macro|TargetMode", everything, re.IGNORECASE)
    core = opened(paper).core_properties
    assert (core.title, core.author, core.last_modified_by, core.comments) == ("支部委员会会议记录", "", "", "")
    assert core.created is None
    assert core.modified is None


# ---- sign-in


def test_names_run_down_two_blocks_and_spare_lines_have_no_number():
    head, names = opened(sign_in_docx(sign_in_sheet(12, expected=12))).tables
    assert rows_of(head) == [
        ["会议名称", "2026年第一季度党员大会"],
        ["时　间", "2026年3月26日 9:00", "地　点", "社区一楼大会议室"],
        ["党支部", "梧桐社区第一党支部", "主持人", "李芳（党支部书记）"],
    ]
    rows = [[cell.text for cell in row.cells] for row in names.rows]
    assert rows[0] == ["序号", "姓名", "签名", "备注"] * 2
    assert rows[1] == ["1", "李　芳", "", "", "9", "赵　芳", "", ""]
    assert rows[4] == ["4", "刘　芳", "", "", "12", "张建国", "", ""]
    assert rows[5:] == [[str(n), spread(members(8)[n - 1].name), *[""] * 6] for n in (5, 6, 7, 8)]


def test_counts_are_blank_until_known():
    unknown = opened(sign_in_docx(sign_in_sheet(3, expected=12))).paragraphs[-1]
    assert unknown.text == "应到　12　人　　实到　　　人　　请假　　　人　　缺席　　　人"
    assert [run.text for run in unknown.runs if run.font.underline] == ["　12　", "　　　", "　　　", "　　　"]
    known = opened(sign_in_docx(sign_in_sheet(3, expected=12, present=10, excused=2, absent=0))).paragraphs[-1]
    assert known.text == "应到　12　人　　实到　10　人　　请假　2　人　　缺席　0　人"


def test_a_blank_sheet_has_numbers_and_no_names():
    document = opened(sign_in_docx(sign_in_sheet(3, expected=3), blank=True))
    rows = [[cell.text for cell in row.cells] for row in document.tables[1].rows]
    assert [(row[0], row[4]) for row in rows[1:]] == [(str(n), str(n + 26)) for n in range(1, 27)]
    assert {text for row in rows[1:] for text in (*row[1:4], *row[5:])} == {""}
    assert document.paragraphs[-1].text == "应到　　　人　　实到　　　人　　请假　　　人　　缺席　　　人"


def test_three_hundred_people_make_six_sheets_in_order():
    document = opened(sign_in_docx(sign_in_sheet(300)))
    assert len(document.tables) == 12
    numbers = []
    for table in document.tables[1::2]:
        rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
        numbers += [row[0] for row in rows] + [row[4] for row in rows if row[4]]
    assert numbers == [str(number) for number in range(1, 301)]
    breaks = [p.text for p in document.paragraphs if p.paragraph_format.page_break_before]
    assert breaks == ["签到表"] * 5


def test_long_names_are_whole_and_cost_lines_on_the_sheet():
    people = tuple(
        SignInPerson(name="阿布都热合曼·买买提依明·托合提", note="列席，社区工作人员代表") for _ in range(52)
    )
    document = opened(sign_in_docx(sign_in_sheet(0, people=people)))
    assert len(document.tables) > 2
    assert document.tables[1].rows[1].cells[1].text == "阿布都热合曼·\n买买提依明·\n托合提"


def test_a_signature_given_on_a_screen_is_printed_in_its_place():
    sheet = sign_in_sheet(0, people=(SignInPerson(name="李芳", signed="扫码 8:55", note="书记"),))
    assert [cell.text for cell in opened(sign_in_docx(sheet)).tables[1].rows[1].cells[:4]] == [
        "1",
        "李　芳",
        "扫码 8:55",
        "书记",
    ]


# ---- whatever people type


def test_empty_papers_say_unknown_and_still_end():
    text = text_of(minutes_docx(MinutesPaper()))
    assert text.count("未填") == 13
    assert "散会" in text
    assert opened(sign_in_docx(SignInPaper())).tables[0].rows[0].cells[1].text == ""
    hollow = MinutesPaper(
        title="",
        chair=Someone(name=""),
        agenda=(AgendaItem(title="", vote=Vote()),),
        decisions=(Decision(what=""),),
        excused_people=(Away(name=""),),
    )
    assert "赞成未填，不赞成未填，弃权未填" in text_of(minutes_docx(hollow))
    assert opened(minutes_docx(hollow)).paragraphs[0].text == "会议记录"


def test_twenty_thousand_characters_are_all_there():
    minutes = "\n".join(f"第{number}段" + "记录" * 48 for number in range(200))
    assert len(minutes) > 19_900
    assert squeezed(minutes) in squeezed(text_of(minutes_docx(MinutesPaper(minutes=minutes))))


def test_three_hundred_absent_names_may_run_over_the_page():
    away = tuple(Away(name=person.name, category="公出") for person in members(300))
    paper = minutes_docx(MinutesPaper(absent_people=away))
    assert "缺席：" + "、".join(f"{one.name}（公出）" for one in away) in text_of(paper)
    row = opened(paper).tables[0].rows[7]._tr
    assert "缺席人员" in "".join(node.text for node in row.iter(qn("w:t")))
    assert row.trPr.find(qn("w:cantSplit")) is None


AWKWARD = ['=HYPERLINK("x")', "+1-2@A1", "<b>&amp;\"'</b>", "]]>", "{{ name }}", "{% if %}", "O'Neil·李", "𠮷野"]


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_text_stays_text_everywhere(text):
    written = MinutesPaper(**{f.name: text for f in fields(MinutesPaper) if f.type is str})
    assert text_of(minutes_docx(written)).count(text) >= 9
    sheet = SignInPaper(name=text, people=(SignInPerson(name="名" + text),))
    assert squeezed("名" + text) in squeezed(text_of(sign_in_docx(sheet)))
    assert not list(opened(minutes_docx(written)).element.body.iter(qn("w:fldSimple"), qn("w:instrText")))


def test_control_characters_go_and_line_ends_stay():
    paper = MinutesPaper(minutes="甲\x00乙\x1b[0m\r\n丙\x0b丁\u2028戊\ud800\ufffe", topic="己\u202e庚")
    text = text_of(minutes_docx(paper))
    assert "甲乙[0m\n丙\n丁\n戊\n" in text
    assert "\n己庚\n" in text


ANYTHING = st.text(max_size=60)


def squeezed(text):
    """What must survive: all but spaces, line ends, controls, what XML cannot hold and marks of reading order."""
    kept = (c for c in text if unicodedata.category(c) not in {"Cc", "Cs"} and not c.isspace())
    return "".join(c for c in kept if c not in "\ufffe\uffff" and not re.match("[\u202a-\u202e\u2066-\u2069]", c))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANYTHING, ANYTHING, ANYTHING, st.lists(ANYTHING, max_size=4), st.integers(0, 400) | st.none())
def test_any_text_opens_again_and_is_all_there(title, branch, speaker, texts, count):
    paper = MinutesPaper(
        title=title,
        branch=branch,
        name=title,
        minutes="\n".join(texts),
        expected=count,
        agenda=tuple(
            AgendaItem(title=text, remarks=(Remark(speaker=speaker, text=text),), notes=text) for text in texts
        ),
        decisions=tuple(Decision(what="办" + text + "好", who=speaker) for text in texts),
        absent_people=(Away(name=speaker, category=branch, reason=title),),
    )
    found = squeezed(text_of(minutes_docx(paper)))
    for text in (title, branch, speaker, *texts):
        assert squeezed(text) in found
    sheet = SignInPaper(title=title, branch=branch, people=tuple(SignInPerson(name=t, note=t, signed=t) for t in texts))
    found = squeezed(text_of(sign_in_docx(sheet)))
    for text in (title, branch, *texts):
        assert squeezed(text) in found


def test_words_on_paper_stand_in_one_table():
    """The layout writes no Chinese of its own, so a form's wording is changed in one place."""
    code = re.sub(r'""".*?"""|#.*', "", Path(paper_layout.__file__).read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search("[\u4e00-\u9fff]", code)
    placeholders = {name for _, name, _, _ in string.Formatter().parse(papers.WORDS["vote_counts"]) if name}
    assert placeholders == {"entitled", "present", "for_", "against", "abstain"}
