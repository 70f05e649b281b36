"""Who answers for whose account, what is handed over, and when accounts close."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from apps.accounts import services as logins
from apps.accounts.models import ActivationCode, User
from apps.branches import accounts, services
from apps.branches.models import Person, Post
from apps.core.errors import RuleBroken
from apps.core.models import AuditEntry
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.world import World

NOW = datetime(2026, 3, 18, 1, tzinfo=UTC)
MEMBERS = {"committee_member", "discipline", "group_leader", "member", "second", "third", "probationary"}
OTHERS = {"other_member", "other_third"}

# role → whose account it may open, reset and close
MAY = {
    "member": set(),
    "group_leader": set(),
    "committee_member": set(),
    "secretary": MEMBERS,
    "other_secretary": OTHERS,
    "affairs_worker": {"secretary", "other_secretary"},
    "upper_worker": set(),
    "administrator": {"affairs_worker", "upper_worker"},
}


def allowed(world: World, role: str) -> set[str]:
    people = Person.objects.select_related("user", "organization")
    answers = accounts.permissions(world.users[role], people, TODAY)
    return {name for name, person in world.people.items() if answers[person.pk].may}


@pytest.mark.parametrize("role", MAY)
def test_who_answers_for_whose_account(world: World, role: str) -> None:
    assert allowed(world, role) == MAY[role]


def test_a_secretary_does_not_get_at_the_account_of_a_member_who_is_staff(world: World) -> None:
    make.post(world.people["third"], "affairs_worker", at=world.committee)
    assert "third" not in allowed(world, "secretary")
    assert "third" in allowed(world, "administrator")


def test_nor_at_one_who_sits_on_another_committee(world: World) -> None:
    make.post(world.people["third"], "publicity_member", at=world.other_branch)
    assert "third" not in allowed(world, "secretary")
    assert "third" in allowed(world, "affairs_worker")


def test_nor_at_the_deputy_or_an_administrator(world: World) -> None:
    make.post(world.people["second"], "deputy_secretary")
    User.objects.filter(pk=world.users["member"].pk).update(is_administrator=True)
    assert allowed(world, "secretary") == MEMBERS - {"second", "member"}
    assert "second" in allowed(world, "affairs_worker")
    assert "member" not in allowed(world, "administrator")


def test_nobody_answers_for_the_own_account(world: World) -> None:
    make.post(world.people["affairs_worker"], "branch_secretary", at=world.general_branch)
    assert "affairs_worker" not in allowed(world, "affairs_worker")


def test_where_nobody_leads_the_staff_above_answer(world: World) -> None:
    services.post_end(post=Post.objects.get(organization=world.other_branch), ends_before=TODAY, by=None, today=TODAY)
    assert {"other_member", "other_third", "other_secretary"} <= allowed(world, "affairs_worker")


def test_where_no_level_has_staff_the_administrator_answers_for_secretaries(world: World) -> None:
    Post.objects.filter(kind="affairs_worker").update(ends_before=TODAY)
    assert {"secretary", "other_secretary"} <= allowed(world, "administrator")
    assert "member" not in allowed(world, "administrator")


def issue(world: World, names: list[str], role: str = "secretary") -> list[accounts.Handed]:
    people = Person.objects.filter(pk__in=[world.people[name].pk for name in names]).select_related(
        "user", "organization"
    )
    return accounts.accounts_issue(
        people=people.order_by("pk"), organization=world.branch, by=world.users[role], today=TODAY, now=NOW
    )


def test_a_name_becomes_a_user_name(world: World) -> None:
    (handed,) = issue(world, ["second"])  # 孙丽 has no account yet
    world.people["second"].refresh_from_db()
    assert handed.person == world.people["second"]
    assert world.people["second"].user.username == accounts.username_base(world.people["second"].name) + "1"
    assert logins.code_check(username=handed.slip.user.username, code=handed.slip.code, now=NOW)


@pytest.mark.parametrize(("name", "base"), [
    ("王建国", "wangjianguo"), ("单丽", "shanli"), ("阿里·买买提", "alimaimaiti"), ("J. R. Smith", "jrsmith"),
    ("吕梁", "lvliang"), ("★", "user"),
])  # fmt: skip
def test_bases_of_user_names(name: str, base: str) -> None:
    assert accounts.username_base(name) == base


def test_an_existing_account_keeps_its_name(world: World) -> None:
    (handed,) = issue(world, ["member"])
    assert handed.slip.user == world.users["member"]
    assert AuditEntry.objects.get(action="code_issue").note == "again"


def test_one_forbidden_person_stops_all(world: World) -> None:
    before = ActivationCode.objects.count()
    make.post(world.people["second"], "deputy_secretary")
    with pytest.raises(RuleBroken, match="staff of the committee above"):
        issue(world, ["member", "second"])
    assert ActivationCode.objects.count() == before
    assert Person.objects.get(pk=world.people["second"].pk).user is None


@pytest.mark.parametrize("number", [2, 12])
def test_issuing_costs_the_same_for_many(world: World, number: int, django_assert_num_queries) -> None:
    people = [make.member(world.branch, f"新人{chr(0x4E00 + each)}") for each in range(number)]
    rows = Person.objects.filter(pk__in=[person.pk for person in people]).select_related("user", "organization")
    with django_assert_num_queries(10):
        accounts.accounts_issue(
            people=rows, organization=world.branch, by=world.users["secretary"], today=TODAY, now=NOW
        )


class TestPages:
    @pytest.fixture
    def desk(self, client_of) -> Client:
        return client_of("secretary")

    def url(self, world: World, rest: str = "") -> str:
        return f"/b/{world.branch.public_id}/accounts/{rest}"

    def test_slips_show_name_code_and_address_once(self, world: World, desk: Client) -> None:
        people = [world.people[name].public_id for name in ("second", "third")]
        answer = desk.post(self.url(world, "issue/"), {"people": people})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert page.count('class="slip"') == 2
        assert "no-store" in answer["Cache-Control"]
        assert "http://testserver/activate/" in page
        assert page.count("<svg") >= 2
        code = page.partition('slip__code">')[2].partition("<")[0]
        username = page.partition("<dd>")[2].partition("<")[0]
        assert logins.code_check(username=username, code=code, now=NOW).user.username == username
        assert code not in desk.get(self.url(world)).content.decode()

    def test_the_code_is_not_in_the_qr(self, world: World, desk: Client, monkeypatch) -> None:
        import segno

        made = []
        real = segno.make
        monkeypatch.setattr(segno, "make", lambda text, **options: made.append(text) or real(text, **options))
        page = desk.post(self.url(world, "issue/"), {"people": [world.people["second"].public_id]}).content.decode()
        (url,) = made
        username = User.objects.get(person=world.people["second"]).username
        assert url == f"http://testserver/activate/?name={username}"
        assert page.partition('slip__code">')[2].partition("<")[0].replace("-", "") not in url

    def test_nothing_is_mailed(self, world: World, desk: Client, mailoutbox) -> None:
        User.objects.filter(pk=world.users["member"].pk).update(email="a@example.org", email_confirmed_at=NOW)
        desk.post(self.url(world, "issue/"), {"people": [world.people["member"].public_id]})
        assert mailoutbox == []

    @pytest.mark.parametrize("people", [[], ["nonsense"], ["OTHER"], ["nonsense\x00"]])
    def test_bad_choices_are_told_and_do_nothing(self, world: World, desk: Client, people: list) -> None:
        people = [world.people["other_third"].public_id if each == "OTHER" else each for each in people]
        answer = desk.post(self.url(world, "issue/"), {"people": people})
        assert answer.status_code == 422
        assert not ActivationCode.objects.exists()
        assert "notice--error" in answer.content.decode()

    def test_closing_signs_out_and_reopening_lets_in(self, world: World, desk: Client) -> None:
        phone = Client()
        phone.force_login(world.users["member"])
        who = world.people["member"].public_id
        assert desk.post(self.url(world, f"{who}/close/")).status_code == 302
        assert phone.get("/me/settings/").status_code == 302
        assert desk.post(self.url(world, f"{who}/close/")).status_code == 422  # pressed twice
        assert desk.post(self.url(world, f"{who}/reopen/")).status_code == 302
        assert Client().post("/accounts/login/", {"login": "member", "password": "a-long-password"}).status_code == 302

    def test_a_closed_account_gets_no_code(self, world: World, desk: Client) -> None:
        who = world.people["member"].public_id
        desk.post(self.url(world, f"{who}/close/"))
        answer = desk.post(self.url(world, "issue/"), {"people": [who]})
        assert answer.status_code == 422
        assert "Reopen it first" in answer.content.decode()

    def test_staff_see_whom_to_ask_for_members(self, world: World, client_of) -> None:
        page = client_of("affairs_worker").get(self.url(world)).content.decode()
        assert page.count('name="people"') == 1  # the secretary
        assert "The branch secretary answers for this account." in page

    def test_the_administrator_sees_no_names_of_members(self, world: World, client_of) -> None:
        page = client_of("administrator").get(self.url(world)).content.decode()
        assert not any(world.people[name].name in page for name in MEMBERS)

    @pytest.mark.parametrize("more", [0, 5])
    def test_queries_do_not_grow_with_people(self, world: World, desk: Client, query_baseline, more: int) -> None:
        for each in range(more):
            make.account(make.member(world.branch, f"新人{chr(0x4E00 + each)}"))
        with query_baseline("branches:account-list"):
            page = desk.get(self.url(world)).content.decode()
        assert page.count("<tr>") == 9 + more

    @pytest.mark.parametrize("names", [["second"], ["second", "third", "probationary"]])
    def test_issuing_queries(self, world: World, desk: Client, query_baseline, names: list[str]) -> None:
        people = [world.people[name].public_id for name in names]
        with query_baseline("branches:account-issue"):
            assert desk.post(self.url(world, "issue/"), {"people": people}).status_code == 200


class TestDeparture:
    def leave(self, world: World, days: int) -> None:
        world.people["member"].memberships.update(ends_before=TODAY - timedelta(days=days))

    @pytest.mark.parametrize(("days", "closed"), [(0, 0), (89, 0), (90, 1), (400, 1)])
    def test_ninety_days_after_leaving_the_account_closes(self, world: World, days: int, closed: int) -> None:
        self.leave(world, days)
        assert accounts.close_departed(today=TODAY) == closed
        assert User.objects.get(pk=world.users["member"].pk).is_active is not bool(closed)
        assert User.objects.filter(is_active=False).count() == closed

    def test_twice_is_once(self, world: World) -> None:
        self.leave(world, 100)
        assert [accounts.close_departed(today=TODAY) for _ in range(2)] == [1, 0]
        assert AuditEntry.objects.get(action="account_close").note == "departed"

    def test_a_member_who_moved_to_another_branch_stays(self, world: World) -> None:
        services.membership_start(
            person=world.people["member"], organization=world.other_branch, category="full_member", by=None,
            starts_on=TODAY - timedelta(days=200),
        )  # fmt: skip
        assert accounts.close_departed(today=TODAY) == 0

    def test_staff_without_membership_stay_while_in_office(self, world: World) -> None:
        assert accounts.close_departed(today=TODAY) == 0
        Post.objects.filter(person=world.people["upper_worker"]).update(ends_before=TODAY - timedelta(days=90))
        assert accounts.close_departed(today=TODAY) == 1

    def test_applicants_and_administrators_stay(self, world: World) -> None:
        make.account(make.person(world.branch, "申请人"))
        assert accounts.close_departed(today=TODAY) == 0

    def test_the_daily_task_takes_a_day_by_hand(self, world: World) -> None:
        from apps.branches import tasks

        self.leave(world, 0)
        tasks.close_departed((TODAY + timedelta(days=90)).isoformat())
        assert not User.objects.get(pk=world.users["member"].pk).is_active
