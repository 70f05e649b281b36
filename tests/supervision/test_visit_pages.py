"""The pages of a visit: plan, fill, send, read; autosave and conflicts; the letter; queries."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from apps.supervision import letter
from apps.supervision.models import Rectification, Visit
from apps.supervision.services import visits
from tests.factories import branches as make
from tests.factories.activities import at as moment
from tests.factories.activities import picture
from tests.factories.branches import TODAY
from tests.factories.supervision import closed_visit, filled, photo, row, visit

pytestmark = pytest.mark.django_db


def url(name, place, one=None):
    return reverse(f"supervision:visit-{name}", args=[place.public_id, one.public_id] if one else [place.public_id])


def test_from_the_plan_to_the_ledger(world, client_of):
    client, at = client_of("affairs_worker"), world.general_branch
    form = client.get(url("plan", at)).context["form"]
    plan = {
        "branches": [world.branch.public_id, world.other_branch.public_id], "topic": "一季度督导", "starts_on": "2026-03-18",
        "ends_on": "", "team": [world.people["affairs_worker"].public_id], "request_key": str(form.initial["request_key"]),
    }  # fmt: skip
    for _ in range(2):
        assert client.post(url("plan", at), plan).status_code == 302
    assert Visit.objects.count() == 2
    one = Visit.objects.get(branch=world.branch)
    typed = {
        "version": "1", "held_on": "2026-03-18", "way": ["listened", "called"], "record": "<b>都好</b>", "ans-room": "problem",
        "note-room": "制度没上墙", "f1-problem": "制度没有上墙", "f1-nature": "at_once", "f1-category": "position", "go": "send",
    }  # fmt: skip
    answer = client.post(url("fill", at, one), typed)
    assert answer.headers["Location"] == url("send", at, one)
    page = client.get(url("send", at, one))
    assert page.context["faults"] == []
    done = client.post(url("send", at, one), {"version": page.context["visit"].version}, follow=True)
    text = done.content.decode()
    assert "&lt;b&gt;都好" in text
    assert "制度没上墙" in text
    found = Rectification.objects.get()
    assert (found.problem, found.nature, found.category) == ("制度没有上墙", "at_once", "position")
    read = client_of("secretary").get(url("detail", at, one)).content.decode()
    assert "制度没有上墙" in read
    assert client.post(url("fill", at, one), typed).headers["Location"] == url("detail", at, one)


def test_what_is_missing_stands_on_the_check_page(world, client_of):
    one = filled(visit(world), problems=[], way=[])
    page = client_of("affairs_worker").get(url("send", world.general_branch, one))
    assert any("at least one way" in fault for fault in page.context["faults"])
    answer = client_of("affairs_worker").post(url("send", world.general_branch, one), {"version": one.version})
    assert answer.status_code == 422
    one.refresh_from_db()
    assert one.state == "planned"


def test_autosave_answers_with_the_stamp_and_the_version(world, client_of):
    one, client = visit(world), client_of("affairs_worker")
    save = {"version": "1", "record": "写到一半"}
    answer = client.post(url("fill", world.general_branch, one), save, headers={"X-Autosave": "1"})
    assert (answer.status_code, answer.content.decode(), answer.headers["X-Version"]) == (200, "Saved 09:00", "2")
    late = client.post(
        url("fill", world.general_branch, one), save | {"record": "别人写的"}, headers={"X-Autosave": "1"}
    )
    assert late.status_code == 409
    form = client.post(url("fill", world.general_branch, one), save | {"record": "别人写的"})
    text = form.content.decode()
    assert form.status_code == 409
    assert "别人写的" in text
    assert "写到一半" in text  # both are shown
    too_long = client.post(
        url("fill", world.general_branch, one), {"version": "2", "record": "长" * 100_001}, headers={"X-Autosave": "1"}
    )
    assert too_long.status_code == 422


def test_autosave_of_a_closed_visit_says_so(world, client_of):
    one = closed_visit(world)
    answer = client_of("affairs_worker").post(
        url("fill", world.general_branch, one), {"record": "改"}, headers={"X-Autosave": "1"}
    )
    assert answer.status_code == 409
    assert "closed" in answer.content.decode()


def test_the_form_keeps_a_copy_on_the_device(world, client_of):
    text = client_of("affairs_worker").get(url("fill", world.general_branch, one := visit(world))).content.decode()
    assert f'data-local-draft="visit-{one.public_id}"' in text


def test_a_guest_on_the_team_reads_numbers_without_links(world, client_of):
    one = visit(world, team=[world.people["other_secretary"]])
    row(world.branch, problem="要改的", checking=world.general_branch)
    page = client_of("other_secretary").get(url("fill", world.general_branch, one)).content.decode()
    assert "要改的" in page
    assert f"/b/{world.branch.public_id}/duties/" not in page
    assert (
        f"/b/{world.branch.public_id}/"
        in client_of("affairs_worker").get(url("fill", world.general_branch, one)).content.decode()
    )
    home = client_of("other_secretary").get("/")
    assert [todo.title for todo in home.context["mine"] if "visit" in todo.title] == ["一车间 · visit: 一季度督导"]


def test_a_visit_to_come_is_known_but_not_open(world, client_of):
    visit(world, team=[world.people["other_secretary"]], starts_on=TODAY + timedelta(days=3))
    visit(world, team=[world.people["other_secretary"]], starts_on=TODAY + timedelta(days=8))
    rows = [todo for todo in client_of("other_secretary").get("/").context["calendar"] if "visit" in todo.title]
    assert [(todo.title, todo.url) for todo in rows] == [("一车间 · visit: 一季度督导", "")]


def test_cancelled_with_a_reason(world, client_of):
    one, client = visit(world), client_of("affairs_worker")
    assert client.post(url("cancel", world.general_branch, one), {"text": " "}).status_code == 422
    assert client.post(url("cancel", world.general_branch, one), {"text": "车间大修"}).status_code == 302
    assert "车间大修" in client.get(url("detail", world.general_branch, one)).content.decode()


def test_the_letter_in_word(world, client_of):
    one = closed_visit(world, ["2月党小组会没有开", "制度没有上墙"], team=[world.people["affairs_worker"]])
    answer = client_of("secretary").get(url("letter", world.general_branch, one))
    text = "\n".join(part.text for part in Document(io.BytesIO(answer.content)).paragraphs)
    assert "关于对一车间党支部督导情况的反馈" in text
    assert "督导组成员：卫东" in text
    assert "采取听、看的方式" in text
    assert "（二）制度没有上墙。整改时限：2026年3月31日。" in text
    assert "由制造党总支验收" in text
    assert text.rstrip().endswith("2026年3月18日")


@pytest.mark.parametrize(
    ("record", "findings", "headings"),
    [
        ("好", True, ["一、总的情况", "二、发现的问题", "三、有关要求"]),
        ("", True, ["一、发现的问题", "二、有关要求"]),
        ("", False, ["一、发现的问题", "二、有关要求"]),
    ],
)
def test_headings_are_numbered_as_they_come(world, record, findings, headings):
    one = Visit(branch=world.branch, organization=world.general_branch, topic="督导", starts_on=TODAY, record=record)
    from apps.supervision.models import Finding

    rows = [Finding(problem="没有开", nature="at_once")] if findings else []
    parts = letter.letter_parts(one, rows, [])
    assert [text for is_heading, text in parts if is_heading] == headings
    assert any("没有发现需要整改" in text for _, text in parts) is not findings


def test_photos_until_it_is_closed(world, client_of):
    one, client, at = visit(world), client_of("affairs_worker"), world.general_branch
    files = [SimpleUploadedFile("公开栏.jpg", picture(64, 48)), SimpleUploadedFile("坏的.pdf", b"no pdf")]
    page = client.post(url("photos", at, one), {"files": files}, follow=True).content.decode()
    assert "公开栏.jpg" in page
    assert "not what its name says" in page
    shot = one.photos.get()
    one = filled(one)
    visits.visit_close(visit=one, by=world.users["affairs_worker"], now=moment(), version=one.version, known=[])
    after = client.post(url("photos", at, one), {"remove": shot.public_id}, follow=True).content.decode()
    assert "This visit is closed" in after
    assert one.photos.get() == shot
    image = client_of("secretary").get(reverse("supervision:photo-detail", args=[at.public_id, shot.public_id]))
    assert image.headers["Content-Type"] == "image/jpeg"
    other = visit(world)
    client.post(url("photos", at, other), {"files": [SimpleUploadedFile("另一张.jpg", picture(64, 48))]})
    client.post(url("photos", at, other), {"remove": other.photos.get().public_id})
    assert not other.photos.exists()


@pytest.mark.parametrize("many", [1, 8])
def test_queries_do_not_grow(world, client_of, query_baseline, many):
    worker, secretary, place = client_of("affairs_worker"), client_of("secretary"), world.general_branch
    team = [world.people["affairs_worker"], world.people["other_secretary"]]
    last = None
    for _ in range(many):
        last = closed_visit(world, ["甲", "乙", "丙"][: min(many, 3)], team=team)
    one = filled(visit(world, team=team), ["甲"] * many)
    for number in range(min(many, 3)):
        photo(one, world.users["affairs_worker"], name=f"{number}.jpg")
    with query_baseline("supervision:visit-list"):
        worker.get(url("list", place))
    with query_baseline("supervision:visit-list-branch"):
        secretary.get(url("list", world.branch))
    with query_baseline("supervision:visit-plan"):
        worker.get(url("plan", place))
    with query_baseline("supervision:visit-detail-planned"):
        worker.get(url("detail", place, one))
    with query_baseline("supervision:visit-detail-closed"):
        worker.get(url("detail", place, last))
    with query_baseline("supervision:visit-fill"):
        worker.get(url("fill", place, one))
    with query_baseline("supervision:visit-autosave"):
        worker.post(url("fill", place, one), {"version": one.version, "record": "又"}, headers={"X-Autosave": "1"})
    with query_baseline("supervision:visit-send"):
        worker.get(url("send", place, one))


def test_closing_with_three_findings_stays_within_its_budget(world, client_of, query_baseline):
    one, worker = filled(visit(world), ["甲", "乙", "丙"]), client_of("affairs_worker")
    with query_baseline("supervision:visit-close-three"):
        worker.post(url("send", world.general_branch, one), {"version": one.version})
    assert Rectification.objects.count() == 3


def test_the_discipline_member_plans_an_own_check(world, client_of):
    world.users["discipline"] = make.account(world.people["discipline"], username="discipline")
    plan = {"topic": "3月监督例会", "starts_on": "2026-03-18", "ends_on": "", "request_key": "k"}
    answer = client_of("discipline").post(url("plan", world.branch), plan)
    one = Visit.objects.get()
    assert (one.organization, one.branch, one.is_own) == (world.branch, world.branch, True)
    assert answer.headers["Location"] == url("fill", world.branch, one)
