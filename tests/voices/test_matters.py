"""A visitor's matter through the services and pages: who sees it, who never does, what is refused."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from apps.branches.models import Post
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import AuditEntry
from apps.voices.models import Matter
from apps.voices.services import matters
from tests.factories import voices as make
from tests.factories.branches import TODAY
from tests.factories.branches import account as make_account

pytestmark = pytest.mark.django_db
SECRETS = (make.NAME, make.CONTACT, make.ABOUT, make.WORDS)


@pytest.fixture(autouse=True)
def discipline(world):
    world.users["discipline"] = make_account(world.people["discipline"], username="discipline")


def url(name, world, *args):
    return reverse(f"voices:{name}", args=[world.branch.public_id, *args])


def form(world, **fields):
    typed = {
        "submission": str(uuid4()), "received_on": TODAY.isoformat(), "way": "visit", "category": "request",
        "words": make.WORDS, "count": "1", "name": make.NAME, "contact": make.CONTACT, "about": make.ABOUT,
        "handler": world.people["secretary"].public_id,
    }  # fmt: skip
    return typed | fields


def test_registered_answered_and_asked_by_code(world, client_of):
    secretary, visitor = client_of("secretary"), client_of("anonymous")
    page = secretary.post(url("matter-add", world), form(world), follow=True).content.decode()
    (code,) = re.findall(r"<b>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</b>", page)
    row = Matter.objects.get()
    assert code not in secretary.get(url("matter-detail", world, row.public_id)).content.decode()  # this once
    shown = visitor.post("/visit/", {"code": code.upper().replace("-", " ")})
    assert "2 Apr 2026" in shown.content.decode()
    assert not [word for word in (*SECRETS, row.number, world.branch.name) if word in shown.content.decode()]
    assert "no-store" in shown.headers["Cache-Control"]
    for step in ("accept", "answer"):
        typed = {"version": row.version, "on": TODAY.isoformat(), "words": "路灯四月装好"}
        assert secretary.post(url("matter-step", world, row.public_id, step), typed).status_code == 302
        row.refresh_from_db()
    shown = visitor.post("/visit/", {"code": code}).content.decode()
    assert "Answered" in shown
    assert "路灯" not in shown
    answer = secretary.post(
        url("matter-satisfaction", world, row.public_id), {"satisfaction": "satisfied"}, follow=True
    )
    assert "Satisfied" in answer.content.decode()
    secretary.post(url("code-renew", world, row.public_id))
    assert visitor.post("/visit/", {"code": code}).status_code == 422


def test_the_stored_state_is_what_happened(world):
    row = make.matter(world)
    for step, on, more in (("accept", TODAY, {}), ("extend", TODAY, {"days": 20}), ("answer", TODAY, {}),
                           ("ask_review", TODAY + timedelta(days=9), {})):  # fmt: skip
        row = make.move(world, row, step, on, **more)
        derived = matters.progress_of(row, list(row.events.all()))
        assert (row.state, row.due_on) == (derived.state, derived.due_on)


@pytest.mark.parametrize("code", ["", "x", "aaaa-bbbb-cccc", "' OR 1=1 --", "长" * 60, "a" * 61, "a" * 100_000, "\x00"])
def test_a_guessed_code_gets_one_answer(world, client_of, code):
    make.matter(world)
    assert client_of("anonymous").post("/visit/", {"code": code}).status_code == 422


def test_wrong_codes_cannot_be_told_apart(world, client_of):
    _row, code = make.received(world)
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")

    def answer(text):
        page = client_of("anonymous").post("/visit/", {"code": text}).content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|x-csrftoken": "\w+"', "", page.replace(text, ""))

    assert answer(wrong) == answer("zzzz") == answer("neverissued2")


def test_guessing_is_slowed_down(world, client_of):
    visitor = client_of("anonymous")
    _row, code = make.received(world)
    answers = [visitor.post("/visit/", {"code": f"{number:012}"}).status_code for number in range(12)]
    assert answers == [422] * 10 + [429] * 2
    assert visitor.post("/visit/", {"code": code}).status_code == 429  # nor is a right one told


@pytest.fixture(autouse=True)
def fresh_rates():
    from django.core.cache import cache

    cache.clear()


def test_nobody_else_reads_a_word(world, client_of):
    """Lists, home, other committee members, staff, administrator: figures at most. Reading is noted by field names."""
    row = make.matter(world)
    for role in ("member", "group_leader", "committee_member", "affairs_worker", "upper_worker", "administrator"):
        for path in (
            url("matter-list", world),
            url("day-list", world),
            url("matter-detail", world, row.public_id),
            "/",
        ):
            text = client_of(role).get(path).content.decode()
            assert not [word for word in (*SECRETS, row.number) if word in text], (role, path)
    for path in (url("matter-list", world), "/", "/reminders/"):
        assert not [word for word in SECRETS if word in client_of("secretary").get(path).content.decode()]
    assert make.WORDS in client_of("secretary").get(url("matter-detail", world, row.public_id)).content.decode()
    (read,) = AuditEntry.objects.filter(action="matter_read")
    assert (read.actor, read.fields, read.note) == (world.users["secretary"], ["identity", "words"], "")


def test_whoever_is_accused_meets_no_row_and_no_count(world, client_of):
    """Art. 30. The secretary is named: no row, no count, no number that could be missed, no reminder, no way to take it over."""
    row = make.matter(world, by="discipline", handler="affairs_worker", category="accusation", concerned=("secretary",))
    secretary, other = client_of("secretary"), client_of("committee_member")
    for role, client, count in (("secretary", secretary, 0), ("committee_member", other, 1)):
        page = client.get(url("matter-list", world))
        assert sum(one["all"] for one in page.context["counts"]) == count, role
    assert secretary.get(url("matter-detail", world, row.public_id)).status_code == 404
    Matter.objects.update(handler=world.people["secretary"])  # even if somebody wrote it there
    assert secretary.get(url("matter-detail", world, row.public_id)).status_code == 404
    assert row.number not in secretary.get("/").content.decode()
    Matter.objects.update(handler=None)
    assert secretary.get(url("matter-list", world)).context["orphans"] == 0
    assert matters.matters_take_over(organization=world.branch, by=world.users["secretary"], today=TODAY) == 0


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"handler": "secretary", "concerned": ("secretary",), "by": "discipline"}, "is concerned"),  # arts 28, 30
        ({"concerned": ("secretary",)}, "concerns yourself"),
        ({"handler": "member"}, "who has an account"),  # an account, but no post
        ({"handler": "other_secretary"}, "who has an account"),
        ({"received_on": TODAY + timedelta(days=1)}, "not ahead"),
        ({"received_on": date(1949, 10, 1)}, "within the last year"),
        ({"by": "member"}, "Only those who receive"),
        ({"by": "other_secretary"}, "Only those who receive"),
    ],
)
def test_what_cannot_be_registered(world, fields, why):
    with pytest.raises(RuleBroken, match=why):
        make.matter(world, **fields)
    assert not Matter.objects.exists()


@pytest.mark.parametrize(
    ("step", "fields", "why"),
    [
        ("accept", {"on": TODAY + timedelta(days=1), "today": TODAY}, "still ahead"),
        ("accept", {"on": TODAY - timedelta(days=1)}, "before what happened last"),
        ("answer", {}, "does not fit"),
        ("accept", {"by": "committee_member"}, "Only whoever handles"),
        ("object", {}, "does not fit"),
    ],
)
def test_steps_that_are_refused(world, step, fields, why):
    row = make.matter(world)
    with pytest.raises(RuleBroken, match=why):
        make.move(world, row, step, **fields)


def test_an_objection_has_five_working_days(world):
    row = make.matter(world, is_forwarded=True)
    assert row.objection_due_on == date(2026, 3, 25)
    with pytest.raises(RuleBroken, match="5 working days"):
        make.move(world, row, "object", date(2026, 3, 26))
    assert make.move(world, row, "object", date(2026, 3, 25)).state == "objected"


def test_an_accusation_is_not_passed_to_the_accused(world):
    accused = world.people["group_leader"].name
    row = make.matter(world, category="accusation", concerned=("group_leader",))
    with pytest.raises(RuleBroken, match=r"art. 30"):
        make.move(world, row, "pass_on", to=f"{accused}同志")
    with pytest.raises(RuleBroken, match="does not fit"):
        make.move(world, row, "accept")
    assert make.move(world, row, "pass_on", to="厂纪委", receipt="收字3号").state == "passed_on"


def test_stepping_aside_is_for_good(world):
    """Art. 28."""
    row = make.matter(world, by="discipline", handler="secretary")
    secretary = world.users["secretary"]
    matters.matter_hand_over(matter=row, by=secretary, today=TODAY, handler=world.people["committee_member"],
                             version=1, steps_aside=True)  # fmt: skip
    assert not Matter.objects.countable(secretary, world.branch).exists()
    row.refresh_from_db()
    with pytest.raises(RuleBroken, match="is concerned"):
        matters.matter_hand_over(matter=row, by=world.users["committee_member"], today=TODAY,
                                 handler=world.people["secretary"], version=2)  # fmt: skip


def test_two_who_write_at_once(world):
    row = make.matter(world)
    make.move(world, row, "accept")
    with pytest.raises(EditConflict):
        make.move(world, row, "answer", version=1)


def test_sent_twice_it_is_one(world, client_of):
    typed = form(world)
    pages = [client_of("secretary").post(url("matter-add", world), typed) for _ in range(2)]
    assert pages[0].url == pages[1].url
    assert Matter.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"words": "<script>alert(1)</script>", "name": "=HYPERLINK(1)"}, 302),
        ({"words": "字" * 100_000}, 422), ({"name": "名" * 61}, 422), ({"category": "gossip"}, 422),
        ({"received_on": "3026-01-01"}, 422), ({"received_on": "2026-02-30"}, 422), ({"count": "0"}, 422),
        ({"count": "-1"}, 422), ({"handler": "nobody"}, 422), ({"concerned": ["nobody"]}, 422),
        ({"submission": "x"}, 422), ({"name": "", "contact": "", "about": ""}, 302), ({"words": "\x00"}, 422),
    ],
)  # fmt: skip
def test_bad_input(world, client_of, fields, status):
    secretary = client_of("secretary")
    answer = secretary.post(url("matter-add", world), form(world, **fields))
    assert answer.status_code == status
    if status == 302:
        page = secretary.get(answer.url).content.decode()
        assert "<script>alert" not in page
    else:
        assert not Matter.objects.exists()


def test_a_group_sends_five(world):
    """Art. 20."""
    assert make.matter(world, count=12).representatives == 5
    assert make.matter(world, count=3).representatives == 3


def test_after_a_post_ends_the_leader_takes_over(world, client_of):
    row = make.matter(world, by="discipline", handler="discipline")
    secretary = client_of("secretary")
    assert secretary.get(url("matter-list", world)).context["orphans"] == 0
    Post.objects.filter(person=world.people["discipline"]).update(ends_before=TODAY)
    assert secretary.get(url("matter-list", world)).context["orphans"] == 1
    secretary.post(url("matters-take-over", world))
    row.refresh_from_db()
    assert row.handler == world.people["secretary"]


@pytest.mark.parametrize("name", ["day-list", "matter-list", "matter-add", "matter-detail", "terms-edit"])
@pytest.mark.parametrize("rows", [1, 12])
def test_budgets(world, client_of, query_baseline, name, rows):
    made = [make.matter(world) for _ in range(rows)]
    for number in range(rows):
        make.day(world, TODAY + timedelta(days=number))
    client = client_of("secretary")
    args = [made[0].public_id] if name == "matter-detail" else []
    with query_baseline(f"voices:{name}"):
        assert client.get(url(name, world, *args)).status_code == 200


def test_budget_of_a_step(world, client_of, query_baseline):
    row = make.matter(world)
    typed, client = {"version": 1, "on": TODAY.isoformat()}, client_of("secretary")
    with query_baseline("voices:matter-step POST"):
        assert client.post(url("matter-step", world, row.public_id, "accept"), typed).status_code == 302


def test_budget_of_registering(world, client_of, query_baseline):
    make.matter(world)
    client, typed = client_of("secretary"), form(world)
    with query_baseline("voices:matter-add POST"):
        assert client.post(url("matter-add", world), typed).status_code == 302
