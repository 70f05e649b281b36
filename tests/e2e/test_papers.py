"""Papers as LibreOffice prints them: how many pages, what stands together on one, what keeps to the margins."""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from apps.activities.papers import Away, Decision, MinutesPaper, minutes_docx, sign_in_docx
from apps.core import docx as word
from tests.factories.papers import committee_meeting, general_meeting, lecture, members, sign_in_sheet

pytestmark = pytest.mark.e2e
PROGRAMS = ("soffice", "pdfinfo", "pdftotext", "pdftoppm", "fc-list")
# Offices have these fonts, most servers do not: without the alias a sans font of other widths steps in.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  {}
</fontconfig>
"""
ALIAS = '<alias binding="same"><family>{}</family><prefer><family>{}</family></prefer></alias>'
STAND_INS = {
    "宋体": "Noto Serif CJK SC",
    "仿宋": "Noto Serif CJK SC",
    "方正小标宋简体": "Noto Serif CJK SC",
    "黑体": "Noto Sans CJK SC",
    "楷体": "Noto Serif CJK SC",
}


def paragraphs(count):
    return "\n".join(f"第{number}段：说明情况。" for number in range(1, count + 1))


def running_text():
    document = word.running_text(title="2026年上半年工作总结")
    word.add_heading(document, "一、主要做法", 1)
    word.add_body(document, "一二三四五六七八九十" * 130)
    word.add_signed_by(document, "梧桐社区第一党支部", "2026年7月5日")
    return word.to_bytes(document)


SWEEP = range(12, 40, 2)  # from a page half full to well onto the second
PAPERS = {
    "committee": lambda: minutes_docx(committee_meeting()),
    "general": lambda: minutes_docx(general_meeting()),
    "lecture": lambda: minutes_docx(lecture()),
    "empty": lambda: minutes_docx(MinutesPaper()),
    "long": lambda: minutes_docx(lecture(minutes=paragraphs(2000))),
    "away": lambda: minutes_docx(
        committee_meeting(absent_people=tuple(Away(name=one.name, category="公出") for one in members(300)))
    ),
    "sheet_12": lambda: sign_in_docx(sign_in_sheet(12, expected=12)),
    "sheet_52": lambda: sign_in_docx(sign_in_sheet(52, expected=52, present=50, excused=2, absent=0)),
    "sheet_52_long": lambda: sign_in_docx(
        replace(sign_in_sheet(52), place="梧桐社区党群服务中心二楼会议室", branch="梧桐社区党群服务中心第一联合党支部")
    ),
    "sheet_300": lambda: sign_in_docx(sign_in_sheet(300)),
    "sheet_blank": lambda: sign_in_docx(sign_in_sheet(3), blank=True),
    "running": running_text,
} | {
    f"{name}_{count}": lambda count=count, more=more: minutes_docx(committee_meeting(minutes=paragraphs(count), **more))
    for count in SWEEP
    for name, more in (
        ("text", {"agenda": (), "decisions": ()}),
        ("decided", {"decisions": (Decision(what="办"),) * 4}),
    )
}


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """The folder with all papers as PDF: one start of LibreOffice for all of them."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if not missing and not run("fc-list", ":lang=zh-cn", "family"):
        missing = ["a Chinese font"]
    if missing:
        reason = f"printing papers needs {', '.join(missing)}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    folder = tmp_path_factory.mktemp("papers")
    (folder / "fonts.conf").write_text(FONTS.format("\n".join(ALIAS.format(*pair) for pair in STAND_INS.items())))
    for name, make in PAPERS.items():
        (folder / f"{name}.docx").write_bytes(make())
    run(
        "soffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--convert-to", "pdf", "--outdir", str(folder)),
        *(str(folder / f"{name}.docx") for name in PAPERS),
        env=os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf")},
    )
    return folder


def run(*command, env=None):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300, env=env).stdout


def page_count(path):
    return int(re.search(r"Pages:\s+(\d+)", run("pdfinfo", str(path)))[1])


def pages_of(path):
    """Text of each page without spaces."""
    pages = run("pdftotext", "-layout", str(path), "-").split("\f")[:-1]
    assert len(pages) == page_count(path)
    return [re.sub(r"[ \u3000]+", "", page) for page in pages]


@pytest.mark.parametrize(
    ("name", "pages"),
    [
        ("committee", 1),
        ("general", 3),
        ("lecture", 1),
        ("empty", 1),
        ("away", 3),
        ("sheet_12", 1),
        ("sheet_52", 1),
        ("sheet_52_long", 1),
        ("sheet_300", 6),
        ("sheet_blank", 1),
        ("running", 3),
    ],
)
def test_a_paper_takes_its_pages_and_no_more(name, pages, printed):
    assert page_count(printed / f"{name}.pdf") == pages


@pytest.mark.parametrize("name", ["general", "long", *(f"{kind}_{n}" for kind in ("text", "decided") for n in SWEEP)])
def test_signatures_never_stand_alone_and_never_part(name, printed):
    *earlier, last = pages_of(printed / f"{name}.pdf")
    assert not [page for page in earlier if "签名" in page or "散会" in page]
    assert re.search("(?s)(段：说明情况。|完成时限).*散会.*主持人（签名）.*记录人（签名）", last)


def test_each_page_says_which_of_how_many_and_which_meeting(printed):
    pages = pages_of(printed / "general.pdf")
    for number, page in enumerate(pages, 1):
        assert f"第{number}页/共3页" in page
        assert "梧桐社区第一党支部·支部党员大会会议记录" in page
        assert "2026年第一季度党员大会" in page


def test_each_sheet_has_its_head_and_the_last_one_the_counts(printed):
    pages = pages_of(printed / "sheet_300.pdf")
    assert all("2026年第一季度党员大会" in page and "序号姓名签名备注" in page for page in pages)
    assert ["应到" in page for page in pages] == [False] * 5 + [True]


def test_running_text_has_28_characters_a_line_and_22_lines_a_page(printed):
    first, second, third = [[line for line in page.splitlines() if line] for page in pages_of(printed / "running.pdf")]
    assert [len(line) for line in second] == [28] * 22 + [len("—2—")]
    assert (first[-1], second[-1], third[-1]) == ("—1—", "—2—", "—3—")
    assert third[-3:-1] == ["梧桐社区第一党支部", "2026年7月5日"]


@pytest.mark.parametrize("name", ["committee", "general", "lecture", "empty", "sheet_12", "sheet_52", "sheet_52_long"])
def test_nothing_reaches_into_the_margins(name, printed):
    run("pdftoppm", "-r", "50", "-gray", "-png", str(printed / f"{name}.pdf"), str(printed / name))
    pages = sorted(Path(printed).glob(f"{name}-*.png"))
    assert len(pages) == page_count(printed / f"{name}.pdf")
    for page in pages:
        image = Image.open(page).convert("L")
        left, top, right, bottom = ImageOps.invert(image).point(lambda level: 255 * (level > 64)).getbbox()
        mm = 210 / image.width
        assert left * mm >= 24
        assert 210 - right * mm >= 19
        assert top * mm >= 19
        assert 297 - bottom * mm >= 8
