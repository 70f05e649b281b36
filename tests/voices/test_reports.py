"""Situation reports go around whoever is concerned; the author sees where they stand."""

from datetime import timedelta
from itertools import combinations

import pytest
from django.urls import reverse

from apps.branches.models import Post
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import AuditEntry
from apps.core.sources import private, source_of
from apps.reminders.models import Reminder
from apps.reminders.services import owing
from apps.voices.models import ReportEvent, SituationReport
from apps.voices.services import reports
from apps.voices.services.erasing import erase_due
from tests.factories import branches as people
from tests.factories import voices as make
from tests.factories.branches import TODAY

pytestmark = pytest.mark.django_db
LINE = ("secretary", "committee_member", "discipline", "group_leader", "affairs_worker", "upper_worker")
READERS = (
    "group_leader",
    "committee_member",
    "secretary",
    "other_secretary",
    "affairs_worker",
    "upper_worker",
    "administrator",
)


def url(name, world, *args):
    return reverse(f"voices:{name}", args=[world.branch.public_id, *args])


def recipients(row):
    return sorted(row.recipients.values_list("person__user__username", flat=True))


@pytest.mark.parametrize(
    ("fields", "heard_by"),
    [
        ({}, ["secretary"]),
        ({"past_branch": True}, ["affairs_worker"]),
        ({"concerned": ("secretary",)}, ["affairs_worker"]),
        ({"concerned": ("discipline",)}, ["affairs_worker"]),  # a colleague at that level would know
        ({"concerned": ("secretary", "affairs_worker")}, ["upper_worker"]),
        ({"concerned": ("affairs_worker",)}, ["secretary"]),
        ({"concerned": ("affairs_worker",), "past_branch": True}, ["upper_worker"]),
        ({"by": "secretary"}, ["affairs_worker"]),
        ({"by": "secretary", "on_behalf": True}, ["affairs_worker"]),
        ({"by": "secretary", "concerned": ("affairs_worker",)}, ["upper_worker"]),
    ],
)
def test_which_level_hears_it(world, fields, heard_by):
    assert recipients(make.report(world, **fields)) == heard_by


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"concerned": ("secretary", "affairs_worker", "upper_worker")}, "on paper"),
        ({"concerned": ("member",)}, "own report"),
        ({"on_behalf": True}, "Only the secretary or deputy"),
        ({"by": "other_secretary"}, "members and committees"),
        ({"by": "affairs_worker"}, "members and committees"),
    ],
)
def test_what_is_not_sent(world, fields, why):
    with pytest.raises(RuleBroken, match=why):
        make.report(world, **fields)
    assert not SituationReport.objects.exists()


@pytest.mark.parametrize("past_branch", [False, True])
def test_the_concerned_never_receive_it_whoever_they_are(world, past_branch):
    """Every set of people of the line: no one of it is a recipient, sees the row, or is reminded; nor passed up to later."""
    for size in range(len(LINE)):
        for concerned in combinations(LINE, size):
            try:
                row = make.report(world, concerned=concerned, past_branch=past_branch)
            except RuleBroken:
                assert "upper_worker" in concerned
                continue
            named = {world.people[one].pk for one in concerned}
            while True:
                assert not named & set(row.recipients.values_list("person", flat=True))
                for one in concerned:
                    if user := world.users.get(one):
                        assert not SituationReport.objects.visible_to(user).filter(pk=row.pk).exists(), (one, concerned)
                receiver = row.recipients.select_related("person__user").get().person.user.username
                try:
                    reports.report_pass_up(
                        report=row, by=world.users[receiver], today=TODAY, version=row.version, words=""
                    )
                except RuleBroken:
                    break
                row.refresh_from_db()


def test_whoever_is_named_sees_no_trace(world, client_of):
    make.report(world, concerned=("secretary",))
    for role in READERS:
        client = client_of(role)
        for path in ("/", url("report-list", world), url("matter-list", world), url("day-list", world), "/reminders/"):
            page = client.get(path)
            text = page.content.decode()
            assert make.REPORT not in text
            if page.context and "received" in page.context:
                assert (page.context["received"], page.context["own"]) == ([], []), role
            if role not in ("affairs_worker",):
                assert "Life and welfare" not in text, (role, path)
                assert 'situation report"' not in text
    general = reverse("voices:report-list", args=[world.general_branch.public_id])
    assert len(client_of("affairs_worker").get(general).context["received"]) == 1
    assert client_of("upper_worker").get(general).context["received"] == []


def test_from_sent_to_answered(world, client_of):
    member, secretary = client_of("member"), client_of("secretary")
    typed = {"submission": "0b0e7a60-0000-4000-8000-000000000001", "category": "life", "words": make.REPORT}
    page = member.post(url("report-add", world), typed, follow=True).content.decode()
    assert (
        "It is with 一车间党支部. Acknowledged by 23 Mar 2026, answered by 2 Apr 2026." in page
    )  # 3 working days, 15 days
    assert member.post(url("report-add", world), typed).status_code == 302
    row = SituationReport.objects.get()
    seen = secretary.get(url("report-detail", world, row.public_id)).content.decode()
    assert make.REPORT in seen
    assert world.people["member"].name in seen
    (read,) = AuditEntry.objects.filter(action="situation_read")
    assert (read.actor, read.fields) == (world.users["secretary"], ["author", "words"])
    secretary.post(url("report-acknowledge", world, row.public_id), {"version": 1})
    assert "answers by 2 Apr 2026" in member.get(url("report-detail", world, row.public_id)).content.decode()
    secretary.post(url("report-answer", world, row.public_id), {"version": 2, "words": "四月起轮岗"})
    page = member.get(url("report-detail", world, row.public_id)).content.decode()
    assert "四月起轮岗" in page
    assert (
        secretary.post(url("report-answer", world, row.public_id), {"version": 3, "words": "又答"}).status_code == 422
    )


def test_nobody_learns_who_wrote_past_the_branch(world, client_of):
    """Neither a row nor the audit trail names the author, and the branch meets nothing."""
    row = make.report(world, past_branch=True)
    for role in ("secretary", "committee_member", "group_leader"):
        assert client_of(role).get(url("report-detail", world, row.public_id)).status_code == 404
    (sent,) = AuditEntry.objects.filter(action="situation_sent")
    assert (sent.actor, sent.organization_id) == (None, None)
    stored = str(SituationReport.objects.values().get())
    assert world.people["member"].name not in stored
    assert make.REPORT not in stored


def test_on_behalf_belongs_to_whoever_leads_now(world):
    row = make.report(world, by="secretary", on_behalf=True)
    Post.objects.filter(person=world.people["secretary"]).update(ends_before=TODAY)
    people.post(world.people["discipline"], "deputy_secretary", starts_on=TODAY)
    deputy = people.account(world.people["discipline"])
    assert list(SituationReport.objects.written_by(deputy)) == [row]


def test_two_who_answer_at_once(world):
    row = make.report(world)
    secretary = world.users["secretary"]
    reports.report_acknowledge(report=row, by=secretary, today=TODAY, version=1)
    with pytest.raises(EditConflict):
        reports.report_answer(report=row, by=secretary, today=TODAY, version=1, words="答复")


def test_a_post_that_is_given_to_the_concerned_moves_it_up(world):
    row = make.report(world, concerned=("group_leader",))  # a post in the branch: past it at once
    assert recipients(row) == ["affairs_worker"]
    assert reports.reports_follow(today=TODAY) == 0
    people.post(world.people["group_leader"], "affairs_worker", at=world.general_branch, starts_on=TODAY)
    newcomer = world.users["group_leader"]
    newcomer.reach = people.reach_of(newcomer, TODAY)
    assert not SituationReport.objects.visible_to(newcomer).exists()  # even before the night
    assert reports.reports_follow(today=TODAY) == 1
    assert reports.reports_follow(today=TODAY) == 0
    row.refresh_from_db()
    assert recipients(row) == ["upper_worker"]
    assert row.events.get().step == "moved"


def test_a_new_colleague_receives_it_and_the_old_one_no_more(world):
    row = make.report(world, past_branch=True)
    someone = people.person(world.general_branch, "冉竹青")
    people.post(someone, "affairs_worker", starts_on=TODAY)
    people.account(someone, username="newcomer")
    Post.objects.filter(person=world.people["affairs_worker"]).update(ends_before=TODAY)
    world.users["affairs_worker"].reach = people.reach_of(world.users["affairs_worker"], TODAY)
    assert not SituationReport.objects.visible_to(world.users["affairs_worker"]).exists()
    assert reports.reports_follow(today=TODAY) == 1
    assert recipients(row) == ["newcomer"]


def test_recipients_are_reminded_alone(world):
    row = make.report(world, concerned=("secretary",))  # to acknowledge by 23 March
    owing.owe(today=TODAY + timedelta(days=5))
    rows = Reminder.objects.filter(source="situation")
    assert list(rows.values_list("step", "person__user__username")) == [("due@2026-03-23", "affairs_worker")]
    assert "situation" in private()
    for role in ("secretary", "committee_member", "member"):
        assert not Reminder.objects.visible_to(world.users[role]).filter(source="situation").exists()
    source = source_of("situation")
    (line,) = source.lines([row.pk], TODAY).values()
    assert (line.title, line.is_late) == ("Situation report", False)
    assert source.overdue([row.pk], TODAY + timedelta(days=6)) == source.still_owed([row.pk], TODAY) == {row.pk}


def test_home_of_the_recipient_names_no_one(world, client_of):
    make.report(world)
    page = client_of("secretary").get("/").content.decode()
    assert "Situation report" in page
    assert world.people["member"].name not in page
    assert "Situation report" not in client_of("committee_member").get("/").content.decode().replace(
        "Situation reports", ""
    )


def test_erased_when_its_day_has_come(world):
    row = make.report(world, concerned=("group_leader",))
    reports.report_acknowledge(report=row, by=world.users["affairs_worker"], today=TODAY, version=1)
    ReportEvent.objects.update(words_sealed=b"x")
    assert erase_due(today=row.retain_until) == 1
    row.refresh_from_db()
    assert (row.author_mark, row.author_sealed, row.words_sealed, row.barred, row.due_on) == ("", None, None, [], None)
    assert not row.recipients.exists()
    assert not ReportEvent.objects.exclude(words_sealed=None).exists()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"words": "<script>alert(1)</script>"}, 302), ({"words": "字" * 100_000}, 422), ({"words": " "}, 422),
        ({"category": "gossip"}, 422), ({"concerned": ["nobody"]}, 422), ({"submission": ""}, 422),
    ],
)  # fmt: skip
def test_bad_input(world, client_of, fields, status):
    typed = {"submission": "0b0e7a60-0000-4000-8000-000000000002", "category": "life", "words": "话"} | fields
    member = client_of("member")
    answer = member.post(url("report-add", world), typed)
    assert answer.status_code == status
    if status == 302:
        assert "<script>alert" not in member.get(answer.url).content.decode()


@pytest.mark.parametrize("rows", [1, 9])
@pytest.mark.parametrize("name", ["report-list", "report-add", "report-detail"])
def test_budgets(world, client_of, query_baseline, name, rows):
    made = [make.report(world) for _ in range(rows)]
    client = client_of("secretary")
    with query_baseline(f"voices:{name}"):
        assert client.get(url(name, world, *([made[0].public_id] if "detail" in name else []))).status_code == 200


def test_budgets_of_writing(world, client_of, query_baseline):
    typed = {"submission": "0b0e7a60-0000-4000-8000-000000000003", "category": "life", "words": "话"}
    member, secretary = client_of("member"), client_of("secretary")
    with query_baseline("voices:report-add POST"):
        assert member.post(url("report-add", world), typed).status_code == 302
    row = SituationReport.objects.get()
    with query_baseline("voices:report-answer POST"):
        secretary.post(url("report-answer", world, row.public_id), {"version": 1, "words": "答"})
