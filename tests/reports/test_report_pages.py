"""The branch's pages: draft, words, handing in, rows behind a number, papers."""

import io
import re
from datetime import date
from html import unescape

import pytest
from docx import Document
from openpyxl import load_workbook

from apps.branches.models import Post
from apps.core.sources import source_of
from apps.reports import figures
from apps.reports.models import Report, ReportVersion
from apps.reports.services import reviewing
from tests.factories import activities as act
from tests.factories import branches as make
from tests.factories import duties as owe
from tests.factories import reports as rep
from tests.world import World


def at(world: World, *more: str) -> str:
    return "/".join(["", "b", world.branch.public_id, "reports", *more, ""])


FEB = "2026-02"


def text(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_from_draft_to_handed_in_without_typing(world: World, client_of, query_baseline) -> None:
    act.filed(world.branch, world.users["secretary"], "theme_day", date(2026, 2, 5), part={"topic": "义务植树"})
    rep.report(world.branch)
    client = client_of("secretary")
    with query_baseline("reports:report-list-branch"):
        listed = client.get(at(world))
    assert "February report" in text(listed)
    with query_baseline("reports:report-detail-draft"):
        page = client.get(at(world, FEB))
    assert "义务植树" in text(page)
    assert "Due on 10 Mar 2026" in text(page)
    form = re.search(r'name="version" value="(\d+)"', page.content.decode())
    with query_baseline("reports:report-submit"):
        sent = client.post(at(world, FEB, "submit"), {"version": form[1]})
    assert sent.url == at(world, FEB)
    with query_baseline("reports:report-detail-submitted"):
        page = client.get(at(world, FEB))
    assert "With 制造党总支 for review" in text(page)
    assert "without a number typed, and without a word changed" in text(page)
    again = client.post(at(world, FEB, "submit"), {"version": form[1]})
    assert again.status_code == 302
    assert ReportVersion.objects.count() == 1


def test_before_the_period_ends_the_page_says_what_is_open_and_has_no_button(
    world: World, client_of, monkeypatch
) -> None:
    from apps.duties.services.laying_out import materialise

    materialise(today=make.TODAY)
    rep.report(world.branch, date(2026, 3, 1))
    monkeypatch.setenv("ZHIBU_NOW", "2026-03-25T09:00:00")
    client = client_of("secretary")
    page = client.get(at(world, "2026-03"))
    assert "can be handed in from 1 Apr 2026 on" in text(page)
    assert "0/1" in text(page)
    assert "Hand in" not in text(page)
    refused = client.post(at(world, "2026-03", "submit"), {"version": "1"})
    assert (refused.status_code, "once the period has ended" in text(refused)) == (422, True)


def test_the_page_waits_for_the_tenth_day_before_the_end(world: World, client_of) -> None:
    rep.report(world.branch, date(2026, 3, 1))
    assert client_of("secretary").get(at(world, "2026-03")).status_code == 404


def test_one_who_was_secretary_yesterday_finds_no_report(world: World, client_of) -> None:
    rep.report(world.branch)
    Post.objects.filter(person=world.people["secretary"]).update(ends_before=make.TODAY)
    assert client_of("secretary").post(at(world, FEB, "submit"), {"version": "1"}).status_code == 404
    assert not ReportVersion.objects.exists()


def test_the_committee_reads_and_edits_and_is_told_who_hands_in(world: World, client_of) -> None:
    rep.report(world.branch)
    page = client_of("committee_member").get(at(world, FEB))
    assert "The secretary, the deputy or the acting secretary hands it in." in text(page)
    assert "Edit the words" in text(page)


def test_words_are_edited_and_drafted_again(world: World, client_of, query_baseline) -> None:
    rep.report(world.branch)
    client = client_of("committee_member")
    with query_baseline("reports:report-write"):
        page = client.get(at(world, FEB, "write"))
    assert "本期没有归档的会议和活动。" in page.content.decode()
    with query_baseline("reports:report-write-post"):
        client.post(at(world, FEB, "write"), {"version": "1", "plan": "", "work": "我们写的。"})
    one = rep.fresh(world.branch)
    assert (one.work, one.plan) == ("我们写的。", "")
    client.post(at(world, FEB, "write"), {"version": "2", "afresh": "1"})
    assert rep.fresh(world.branch).work is None


def test_typed_text_stays_when_a_colleague_was_faster(world: World, client_of) -> None:
    one = rep.report(world.branch)
    rep.edited(one, world.users["secretary"], work="甲的话。")
    page = client_of("committee_member").post(
        at(world, FEB, "write"), {"version": "1", "plan": "计划", "work": "乙的话。"}
    )
    assert page.status_code == 409
    assert "甲的话。" in text(page)
    assert "乙的话。" in text(page)
    assert 'name="version" value="2"' in page.content.decode()


def test_a_text_too_long_comes_back_whole(world: World, client_of) -> None:
    rep.report(world.branch)
    long = "长" * 6001
    page = client_of("secretary").post(at(world, FEB, "write"), {"version": "1", "plan": "", "work": long})
    assert page.status_code == 422
    assert long in page.content.decode()


def test_each_number_opens_the_rows_of_its_day(world: World, client_of, query_baseline) -> None:
    secretary = world.users["secretary"]
    kept = owe.file(world.branch, "theme_day", date(2026, 2, 5), topic="义务植树")
    gone = owe.file(world.branch, "theme_day", date(2026, 2, 9), topic="写错的")
    rep.submitted(world.branch, secretary)
    owe.withdraw(gone, make.TODAY)
    owe.file(world.branch, "theme_day", date(2026, 2, 12), topic="后来补录")
    client = client_of("secretary")
    with query_baseline("reports:figure-rows"):
        page = client.get(at(world, FEB, "figures", "held_theme_day"))
    said = text(page)
    assert "Theme days held 2" in said
    assert (said.count("changed since"), "1 row has come since" in said) == (1, True)
    assert "后来补录" not in said
    assert f"/meetings/{kept.public_id}/" in page.content.decode()


@pytest.mark.parametrize("slug", [figure.slug for figure in figures.FIGURES])
def test_every_number_has_a_page(world: World, client_of, slug: str) -> None:
    from apps.duties.services.laying_out import materialise

    materialise(today=make.TODAY)
    secretary = world.users["secretary"]
    act.filed(world.branch, secretary, "committee_meeting", date(2026, 2, 5))
    marks = tuple(act.Mark(person=world.people[role], status="present") for role in ("secretary", "member"))
    act.filed(world.branch, secretary, "talk", date(2026, 2, 6), marks=marks)
    rep.submitted(world.branch, secretary)
    stored = next(row for row in ReportVersion.objects.get().figures if row["slug"] == slug)
    page = client_of("secretary").get(at(world, FEB, "figures", slug))
    rows = page.context["behind"]
    assert str(figures.BY_SLUG[slug].definition) in text(page)
    if slug == "attendance":
        assert len(rows.rows) == 1
    else:
        assert len(rows.rows) + rows.hidden == len(stored["rows"])
    if slug == "talks":
        assert not any(row.url for row in rows.rows)
        assert [row.text for row in rows.rows] == ["6 Feb Fri Heart-to-heart talk"]


def test_the_number_of_members_opens_names_for_the_nearest_staff_alone(world: World, client_of) -> None:
    rep.submitted(world.branch, world.users["secretary"])
    url = at(world, FEB, "figures", "members")
    assert "王建国" in text(client_of("affairs_worker").get(url))
    upper = text(client_of("upper_worker").get(url))
    assert "8 rows are personal" in upper
    assert "王建国" not in upper


def test_page_word_and_excel_agree(world: World, client_of) -> None:
    """Issue 3: one definition per number; page, report, Excel and Word agree."""
    act.filed(world.branch, world.users["secretary"], "committee_meeting", date(2026, 2, 5))
    rep.submitted(world.branch, world.users["secretary"])
    act.filed(world.branch, world.users["secretary"], "theme_day", date(2026, 2, 6))
    client = client_of("secretary", "zh-hans")
    word = Document(io.BytesIO(client.get(at(world, FEB, "report.docx").rstrip("/")).content))
    cells = [cell.text for row in word.tables[1].rows for cell in row.cells]
    in_word = dict(zip(cells[::2], cells[1::2], strict=True))
    sheet = load_workbook(io.BytesIO(client.get(at(world, FEB, "figures.xlsx").rstrip("/")).content)).active
    in_excel = [tuple(row[:3]) for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]
    page = client.get(at(world, FEB))
    shown = page.context["reading"].figures
    assert [(value.value, value.of) for _figure, value in shown] == [(row[1], row[2]) for row in in_excel]
    from django.utils import translation

    with translation.override("zh-hans"):
        assert [str(value) for _figure, value in shown] == [in_word[name] for name, _value, _of in in_excel]
        assert all(str(value) in page.content.decode() for _figure, value in shown)
    stored = ReportVersion.objects.get().figures
    assert [(row["value"], row["of"]) for row in stored] == [(value.value, value.of) for _figure, value in shown]


def test_the_paper_has_three_blocks(world: World, client_of) -> None:
    one = rep.submitted(world.branch, world.users["secretary"])
    rep.decided(one, world.users["affairs_worker"], text="格式齐全，同意。")
    word = Document(io.BytesIO(client_of("secretary").get(at(world, FEB, "report.docx").rstrip("/")).content))
    labels = [row.cells[0].text.replace("\n", "").replace("　", "") for row in word.tables[0].rows]
    assert labels == ["工作安排及分工", "工作执行情况", "上级党组织意见"]
    assert "审核通过：格式齐全，同意。" in word.tables[0].rows[2].cells[1].text


def test_withdrawn_it_is_the_branchs_again_and_closed_to_the_level_above(world: World, client_of) -> None:
    rep.submitted(world.branch, world.users["secretary"])
    client = client_of("secretary")
    assert "Withdraw" in text(client.get(at(world, FEB)))
    client.post(at(world, FEB, "withdraw"))
    assert "Hand in" in text(client.get(at(world, FEB)))
    above = client_of("affairs_worker")
    page = text(above.get(at(world, FEB)))
    assert "has withdrawn this report" in page
    assert "本期没有归档的会议和活动。" not in page
    assert above.get(at(world, FEB, "report.docx").rstrip("/")).status_code == 404


def test_once_it_is_open_above_there_is_no_button_to_withdraw(world: World, client_of) -> None:
    one = rep.submitted(world.branch, world.users["secretary"], days_ago=3)
    reviewing.reading_begins(report=one, now=act.at())
    client = client_of("secretary")
    page = text(client.get(at(world, FEB)))
    assert "3 days ago" in page
    assert "The review has begun." in page
    assert "Withdraw" not in page
    assert client.post(at(world, FEB, "withdraw")).status_code == 422


def test_a_returned_report_says_why_at_the_line(world: World, client_of, query_baseline) -> None:
    one = rep.submitted(world.branch, world.users["secretary"])
    line = ReportVersion.objects.get().work
    rep.decided(
        one, world.users["affairs_worker"], "returned", "请补充。",
        passages=({"block": "work", "line": 0, "quote": line, "text": "为什么没有开展"},),
    )  # fmt: skip
    client = client_of("secretary")
    with query_baseline("reports:report-detail-returned"):
        page = text(client.get(at(world, FEB)))
    assert "请补充。" in page
    assert "为什么没有开展" in page
    assert "为什么没有开展" in text(client.get(at(world, FEB, "write")))


def test_a_committees_list_is_of_what_was_handed_in_below(world: World, client_of, query_baseline) -> None:
    rep.report(world.other_branch)
    rep.submitted(world.branch, world.users["secretary"])
    client = client_of("upper_worker")
    with query_baseline("reports:report-list-committee"):
        page = text(client.get(f"/b/{world.committee.public_id}/reports/"))
    assert "一车间党支部 · February report" in page
    assert "二车间党支部" not in page


# --- Home page and reminders -----------------------------------------------------------------------------------------------


def rows_of(page) -> dict[str, list]:
    return {name: [row for row in page.context[name] if row.domain == "report"] for name in ("mine", "others")}


def test_the_secretarys_home_page(world: World, client_of) -> None:
    rep.report(world.branch)
    home = rows_of(client_of("secretary").get("/"))
    assert [(row.title, row.status) for row in home["mine"]] == [
        ("Q4 2025 report", "draft"), ("February report", "draft"),
    ]  # fmt: skip
    one = rep.submitted(world.branch, world.users["secretary"], days_ago=3)
    home = rows_of(client_of("secretary").get("/"))
    assert [(row.title, row.when) for row in home["others"]] == [
        ("制造党总支 · reviews February report", "reported 3 days ago")
    ]
    rep.decided(one, world.users["affairs_worker"], "returned", "请补充缺席原因。")
    back = next(row for row in rows_of(client_of("secretary").get("/"))["mine"] if row.status == "returned")
    assert back.detail == "请补充缺席原因。"


def test_the_staffs_home_page_counts_what_waits(world: World, client_of) -> None:
    rep.submitted(world.branch, world.users["secretary"], days_ago=3)
    rep.submitted(world.other_branch, world.users["other_secretary"])
    home = rows_of(client_of("affairs_worker").get("/"))
    assert [(row.title, row.when) for row in home["mine"]] == [
        ("2 monthly reports to review", "the oldest: reported 3 days ago")
    ]
    assert rows_of(client_of("upper_worker").get("/")) == {"mine": [], "others": []}


@pytest.mark.parametrize("role", ["member", "group_leader", "committee_member"])
def test_nobody_else_has_a_row_about_reports(world: World, client_of, role: str) -> None:
    rep.report(world.branch)
    assert rows_of(client_of(role).get("/")) == {"mine": [], "others": []}


@pytest.mark.parametrize(("today", "step"), [
    (date(2026, 3, 6), None), (date(2026, 3, 7), "due-3"), (date(2026, 3, 9), "due-3"), (date(2026, 3, 10), "due"),
    (date(2026, 3, 11), "overdue"), (date(2026, 3, 24), "overdue"), (date(2026, 3, 25), "repeat"),
])  # fmt: skip
def test_reminders_come_three_days_before_on_the_day_and_once_it_is_late(
    world: World, today: date, step: str | None
) -> None:
    one = rep.report(world.branch)
    source = source_of("report")
    owed = {row[0]: row for query in source.owed(today) for row in query}
    assert (owed[one.pk][1] if one.pk in owed else None) == step
    if step:
        assert owed[one.pk][4:] == (world.branch.path, world.branch.pk, world.branch.pk, None, None)
        assert source.still_owed([one.pk], today) == {one.pk}
        line = source.lines([one.pk], today)[one.pk]
        assert (line.title, line.is_late) == ("February report", today > date(2026, 3, 10))


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_what_is_handed_in_reminds_nobody(world: World, state: str) -> None:
    one = rep.submitted(world.branch, world.users["secretary"])
    if state == "approved":
        rep.decided(one, world.users["affairs_worker"])
    source = source_of("report")
    assert source.still_owed([one.pk], make.TODAY) == set()
    assert one.pk not in {row[0] for query in source.owed(make.TODAY) for row in query}
    assert Report.objects.get(pk=one.pk).state == state
