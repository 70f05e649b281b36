"""Taking past records over as secretaries and staff do it: choose, look, confirm; and what such a record looks like."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document

from apps.activities import registry
from apps.activities.models import Activity, ActivityVersion, Attendance, Invitation
from apps.branches.models import Post
from apps.core.models import AuditEntry
from tests.activities.past_files import meeting, workbook
from tests.factories import activities as act
from tests.factories.branches import TODAY
from tests.factories.workbooks import xlsx
from tests.world import World

pytestmark = pytest.mark.django_db


def url(world: World, name: str = "start") -> str:
    return reverse(f"activities:past-{name}", args=[world.branch.public_id])


def upload(client: Client, world: World, *rows: dict[str, Any], data: bytes = b"") -> Any:
    file = SimpleUploadedFile("往期.xlsx", data or workbook(list(rows)))
    return client.post(url(world), {"file": file})


def packed(response: Any) -> str:
    return re.search(r'name="lines" value="([^"]+)"', response.content.decode())[1]


def confirm(client: Client, world: World, shown: Any) -> Any:
    return client.post(url(world, "confirm"), {"lines": packed(shown)})


@pytest.fixture
def filed(world: World, client_of) -> Activity:
    """One record taken over by the secretary."""
    client = client_of("secretary")
    confirm(client, world, upload(client, world, meeting(参会人员="王建国、李芳、外来人", 主持人姓名="外来人")))
    return Activity.objects.get()


@pytest.mark.parametrize("role", ["secretary", "affairs_worker"])
def test_choose_look_confirm(world: World, client_of, role: str) -> None:
    client = client_of(role)
    shown = upload(client, world, meeting(), meeting(会议类型="舞会"), meeting())
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "is not a known type" in text
    assert "The same as row 3." in text
    assert "File 1 record" in text
    assert not Activity.objects.exists()
    done = client.post(url(world, "confirm"), {"lines": packed(shown)}, follow=True)
    assert done.redirect_chain == [(reverse("activities:activity-list", args=[world.branch.public_id]), 302)]
    assert "1 past record is filed." in done.content.decode()
    assert Activity.objects.filter(state="filed", filed_by=world.users[role]).count() == 1
    entry = AuditEntry.objects.get(action="past_import")
    assert (entry.organization_id, entry.note, entry.fields) == (world.branch.pk, "1", [])


def test_a_second_press_files_nothing_and_says_so(world: World, client_of) -> None:
    client = client_of("secretary")
    shown = upload(client, world, meeting())
    assert confirm(client, world, shown).status_code == 302
    again = confirm(client, world, shown)
    assert again.status_code == 409
    assert "imported already" in again.content.decode()
    assert "There is nothing to write." in again.content.decode()
    assert Activity.objects.count() == 1


def test_a_branch_that_moved_on_is_looked_at_once_more(world: World, client_of) -> None:
    client = client_of("secretary")
    shown = upload(client, world, meeting(), meeting(会议名称="另一次"))
    act.filed(
        world.branch, world.users["secretary"], "general_meeting", date(2025, 3, 5), part={"topic": "一季度党员大会"}
    )
    again = confirm(client, world, shown)
    assert again.status_code == 409
    assert "File 1 record" in again.content.decode()
    assert confirm(client, world, again).status_code == 302
    assert Activity.objects.count() == 2


@pytest.mark.parametrize("lines", ["", "no such thing", "of another"])
def test_a_preview_of_somebody_else_or_of_nobody_is_refused(world: World, client_of, lines: str) -> None:
    if lines == "of another":
        lines = packed(upload(client_of("affairs_worker"), world, meeting()))
    answer = client_of("secretary").post(url(world, "confirm"), {"lines": lines})
    assert answer.status_code == 422
    assert "out of date" in answer.content.decode()
    assert not Activity.objects.exists()


def test_a_preview_is_good_for_a_day(world: World, client_of, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of("secretary")
    shown = upload(client, world, meeting())
    monkeypatch.setenv("ZHIBU_NOW", f"{TODAY + timedelta(days=1)}T09:00:01")
    assert confirm(client, world, shown).status_code == 422
    monkeypatch.setenv("ZHIBU_NOW", f"{TODAY + timedelta(days=1)}T09:00:00")
    assert confirm(client, world, shown).status_code == 302


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7 \x00", "This is a PDF"),
        (xlsx([["姓名"], ["王建国"]]), "No header was found"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\xd0\xcf", "Only .xlsx"),
    ],
)
def test_a_file_that_cannot_be_read_is_said(world: World, client_of, data: bytes, words: str) -> None:
    answer = upload(client_of("secretary"), world, data=data)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_committee_keeps_no_records_of_its_own(world: World, client_of) -> None:
    for organization in (world.general_branch, world.committee):
        address = reverse("activities:past-start", args=[organization.public_id])
        assert client_of("affairs_worker").get(address).status_code == 404


def test_the_button_is_there_for_whom_it_works(world: World, client_of) -> None:
    address = reverse("activities:activity-list", args=[world.branch.public_id])
    seen = {
        role: url(world) in client_of(role).get(address).content.decode()
        for role in ("member", "committee_member", "secretary", "affairs_worker", "upper_worker")
    }
    assert seen == {
        "member": False, "committee_member": False, "secretary": True, "affairs_worker": True, "upper_worker": False,
    }  # fmt: skip


def test_the_empty_workbook(world: World, client_of) -> None:
    answer = client_of("secretary").get(url(world, "template"))
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer.content.startswith(b"PK")


# --- What such a record is ------------------------------------------------------------------------------------------------


def test_it_is_filed_whole_with_its_version(filed: Activity, world: World) -> None:
    assert (filed.state, filed.topic, filed.held_on, filed.filed_at.date()) == (
        "filed", "一季度党员大会", date(2025, 3, 5), TODAY
    )  # fmt: skip
    (version,) = ActivityVersion.objects.all()
    assert (version.number, version.state, version.filed_by) == (1, "filed", world.users["secretary"])
    assert [row["name"] for row in version.snapshot["people"]] == ["王建国", "李芳"]
    assert version.snapshot["taken_over"] == filed.taken_over
    assert [item["title"] for item in version.snapshot["agenda"]] == ["学习上级文件", "讨论年度计划"]
    assert set(Attendance.objects.values_list("status", flat=True)) == {"present"}


def test_what_was_decided_long_ago_makes_no_assignment_and_nobody_is_invited(
    world: World, client_of, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(registry, "listeners", [lambda *said: heard.append(said)])
    monkeypatch.setattr(registry, "schedule_listeners", [lambda *said: heard.append(said)])
    counted: list[list[ActivityVersion]] = []
    monkeypatch.setattr(registry, "past_listeners", [counted.append])
    client = client_of("secretary")
    confirm(client, world, upload(client, world, meeting(), meeting(会议类型="党课")))
    assert heard == []
    assert [len(versions) for versions in counted] == [2]
    one = Activity.objects.first()
    assert not one.decisions.exists()
    assert "李芳四月底前完成资料归档。" in one.minutes
    assert not Invitation.objects.exists()


def figures(text: str) -> list[str]:
    return re.findall(r"<b>(\d+)</b>", re.search(r'<p class="log-counts">.*?</p>', text, re.S)[0])


def page(client: Client, one: Activity) -> str:
    address = reverse("activities:activity-detail", args=[one.organization.public_id, one.public_id])
    return client.get(address).content.decode()


def test_the_page_says_where_it_comes_from_and_names_strangers_to_whom_names_are_shown(
    filed: Activity, world: World, client_of
) -> None:
    text = page(client_of("secretary"), filed)
    assert "Recorded late" in text
    assert "Taken over from an earlier system" in text
    assert figures(text) == ["8", "7", "1", "0"]
    assert "外来人" in text
    assert "外来人" in page(client_of("affairs_worker"), filed)
    assert "外来人" not in page(client_of("upper_worker"), filed)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ({}, ["8", "7", "1", "0"]),
        ({"应到人数": None, "请假人数": None, "实到人数": 2}, ["3", "2", "0", "1"]),  # three were named, two counted
        ({"应到人数": 9, "请假人数": None}, ["9", "7", "0", "2"]),
        ({"应到人数": None, "请假人数": None, "实到人数": None}, ["3", "3", "0", "0"]),
        ({"应到人数": 6}, ["6", "7", "1", "0"]),  # the paper's own contradiction stays the paper's
    ],
)
def test_the_paper_s_figures_weigh_more_than_the_names(world: World, client_of, told: dict, shown: list[str]) -> None:
    client = client_of("secretary")
    confirm(client, world, upload(client, world, meeting(**told)))
    assert figures(page(client, Activity.objects.get())) == shown


def test_the_list_marks_it(filed: Activity, world: World, client_of) -> None:
    address = reverse("activities:activity-list", args=[world.branch.public_id])
    assert "党员活动室101 · Recorded late" in client_of("member").get(address).content.decode()


def test_the_minutes_in_word_have_the_figures_of_the_old_paper(filed: Activity, client_of) -> None:
    from io import BytesIO

    address = reverse("activities:minutes-paper", args=[filed.organization.public_id, filed.public_id])
    document = Document(BytesIO(client_of("secretary").get(address).content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*cells, *(one.text for one in document.paragraphs)])
    assert "外来人" in text  # the chair
    assert {"8", "7"} <= {cell.strip(" 人") for cell in cells}


def test_a_member_finds_the_meeting_in_the_own_record(filed: Activity, world: World) -> None:
    attendance = Attendance.objects.get(person=world.people["committee_member"])
    assert (attendance.sitting_id, attendance.is_expected, attendance.can_vote) == (filed.sitting_id, True, True)


def test_a_new_secretary_may_and_the_former_may_not(world: World, client_of) -> None:
    Post.objects.filter(person=world.people["secretary"]).update(ends_before=TODAY)
    assert client_of("secretary").get(url(world)).status_code == 404


def test_queries(world: World, client_of, query_baseline) -> None:
    client = client_of("secretary")
    client.get("/")
    with query_baseline("activities:past-start"):
        client.get(url(world))
    with query_baseline("activities:past-start (file)"):
        shown = upload(client, world, meeting(), meeting(会议类型="党小组会", 党小组="第一小组"))
    with query_baseline("activities:past-confirm"):
        confirm(client, world, shown)
    with query_baseline("activities:past-template"):
        client.get(url(world, "template"))
