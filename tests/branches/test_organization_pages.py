"""The tree and the pages of one organization: what stands on them, bad input, two people at once."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.branches.models import Membership, Organization, Post
from apps.core.models import AuditEntry
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.world import World


@pytest.fixture
def staff(client_of) -> Client:
    return client_of("affairs_worker")


def url(name: str, *args: object) -> str:
    return reverse(f"branches:{name}", args=args)


def at(organization: Organization, name: str) -> str:
    return url(f"organization-{name}", organization.public_id)


class TestTree:
    def names(self, page: str) -> list[str]:
        return [part.partition('">')[2].partition("<")[0] for part in page.split('class="tree__name"><a href="')[1:]]

    def test_staff_begin_at_their_committee_and_open_level_by_level(self, world: World, staff: Client) -> None:
        make.organization(world.committee, name="机关党支部")  # outside
        assert self.names(staff.get(url("organization-list")).content.decode()) == [
            "制造党总支",
            "一车间党支部",
            "二车间党支部",
        ]
        below = staff.get(url("organization-list"), {"under": world.general_branch.public_id}).content.decode()
        assert self.names(below) == ["一车间党支部", "二车间党支部"]

    def test_the_administrator_begins_at_the_top(self, world: World, client_of) -> None:
        make.organization(kind="committee", name="另一委员会")
        page = client_of("administrator").get(url("organization-list")).content.decode()
        assert self.names(page) == ["北辰机床厂委员会", "制造党总支", "另一委员会"]

    def test_a_long_first_level_stays_closed(self, world: World, staff: Client, monkeypatch) -> None:
        from apps.branches.views import tree

        monkeypatch.setattr(tree, "PAGE", 1)
        page = staff.get(url("organization-list")).content.decode()
        assert self.names(page) == ["制造党总支"]
        assert "hx-trigger" in page

    def test_staff_of_two_levels_meet_no_row_twice(self, world: World, staff: Client) -> None:
        make.post(world.people["affairs_worker"], "affairs_worker", at=world.committee)
        assert self.names(staff.get(url("organization-list")).content.decode()) == ["北辰机床厂委员会", "制造党总支"]

    def test_what_is_above_or_beside_is_not_there(self, world: World, staff: Client) -> None:
        other = make.organization(world.committee, kind="general_branch", name="后勤党总支")
        for organization in (world.committee, other):
            assert staff.get(url("organization-list"), {"under": organization.public_id}).status_code == 404

    def test_a_search_stays_within_reach(self, world: World, staff: Client) -> None:
        other = make.organization(world.committee, kind="general_branch", name="后勤党总支")
        make.organization(other, name="三车间党支部")
        page = staff.get(url("organization-list"), {"q": "车间"}).content.decode()
        assert self.names(page) == ["一车间党支部", "二车间党支部"]
        assert "No organization within your reach" in staff.get(url("organization-list"), {"q": "无"}).content.decode()

    @pytest.mark.parametrize("query", ["%", "_", "'; DROP TABLE", "x" * 500])
    def test_odd_searches_find_nothing(self, world: World, staff: Client, query: str) -> None:
        assert self.names(staff.get(url("organization-list"), {"q": query}).content.decode()) == []

    def test_long_levels_come_a_page_at_a_time(self, world: World, staff: Client, monkeypatch) -> None:
        from apps.branches.views import tree

        monkeypatch.setattr(tree, "PAGE", 2)
        for number in range(3):
            make.organization(world.general_branch, name=f"新{number}支部")
        seen, after = [], ""
        for _page in range(3):
            data = {"under": world.general_branch.public_id, "after": after}
            page = staff.get(url("organization-list"), data).content.decode()
            seen += self.names(page)
            after = page.partition('id="more-')[2].partition("after=")[2].partition('"')[0].replace("%2F", "/")
        assert after == ""
        assert seen == ["一车间党支部", "二车间党支部", "新0支部", "新1支部", "新2支部"]

    def test_htmx_gets_the_rows_alone(self, world: World, staff: Client) -> None:
        target = f"below-{world.general_branch.public_id}"
        answer = staff.get(
            url("organization-list"), {"under": world.general_branch.public_id},
            headers={"HX-Request": "true", "HX-Target": target},
        )  # fmt: skip
        page = answer.content.decode()
        assert "<html" not in page
        assert self.names(page) == ["一车间党支部", "二车间党支部"]
        assert "HX-Request" in answer["Vary"]

    def test_rows_name_the_secretary_and_what_needs_a_look(self, world: World, staff: Client) -> None:
        data = {"under": world.general_branch.public_id}
        Membership.objects.filter(person=world.people["other_third"]).update(ends_before=TODAY)
        page = staff.get(url("organization-list"), data).content.decode()
        assert world.people["secretary"].name in page
        assert "2 full members." in page

    @pytest.mark.parametrize("more", [0, 6])
    def test_queries_do_not_grow(self, world: World, staff: Client, query_baseline, more: int) -> None:
        for _number in range(more):
            make.post(make.member(make.organization(world.general_branch), "张三"), "branch_secretary")
        with query_baseline("branches:organization-list"):
            page = staff.get(url("organization-list"), {"under": world.general_branch.public_id}).content.decode()
        assert len(self.names(page)) == 2 + more


class TestDetail:
    def test_a_member_reads_facts_and_posts_without_buttons_and_notes(self, world: World, client_of) -> None:
        Organization.objects.filter(pk=world.branch.pk).update(election_due_on=date(2026, 3, 1))
        page = client_of("member").get(at(world.branch, "detail")).content.decode()
        main = page.partition("<main")[2].partition("</main>")[0]
        assert world.people["secretary"].name in main
        assert "党员活动室101" in main
        assert '<a class="button' not in main
        assert "<form" not in main
        assert "overdue" not in main
        assert "entered by the staff above" in main

    def test_notes_are_for_those_who_work_here(self, world: World, client_of) -> None:
        Organization.objects.filter(pk=world.branch.pk).update(election_due_on=date(2026, 3, 1))
        for role in ("secretary", "committee_member", "affairs_worker", "upper_worker", "administrator"):
            page = client_of(role).get(at(world.branch, "detail")).content.decode()
            assert "The election is overdue." in page
            assert "art. 21" in page

    def test_posts_that_ended_are_history_and_later_ones_wait(self, world: World, client_of) -> None:
        make.post(world.people["third"], "publicity_member", starts_on=TODAY + timedelta(days=5))
        Post.objects.filter(kind="discipline_member").update(ends_before=TODAY)
        page = client_of("secretary").get(at(world.branch, "detail")).content.decode()
        today, _, rest = page.partition("From a later day on")
        later, _, earlier = rest.partition("Earlier posts")
        assert world.people["discipline"].name in earlier
        assert world.people["discipline"].name not in today
        assert world.people["third"].name in later

    @pytest.mark.parametrize("more", [0, 5])
    def test_queries_do_not_grow(self, world: World, staff: Client, query_baseline, more: int) -> None:
        for number in range(more):
            make.post(make.member(world.branch, f"新人{number}"), "committee_member")
        with query_baseline("branches:organization-detail"):
            page = staff.get(at(world.branch, "detail")).content.decode()
        assert page.count('<li class="task') == 4 + more + 2

    def test_ending_a_post_ends_reach_on_the_next_request(self, world: World, client_of, staff: Client) -> None:
        secretary = client_of("secretary")
        assert secretary.get(at(world.branch, "change")).status_code == 200
        post = world.branch.posts.get(kind="branch_secretary")
        answer = staff.post(url("post-end", world.branch.public_id, post.pk), {"ends_before": TODAY.isoformat()})
        assert answer.status_code == 302
        assert secretary.get(at(world.branch, "change")).status_code == 404
        assert secretary.get(at(world.branch, "detail")).status_code == 200  # still a member
        Membership.objects.filter(person=world.people["secretary"]).update(ends_before=TODAY)
        assert secretary.get(at(world.branch, "detail")).status_code == 404


NEW = {
    "kind": "branch", "branch_type": "ordinary", "name": "三车间党支部", "short_name": "三车间", "founded_on": "2025-07-01",
    "term_started_on": "2025-08-01", "election_due_on": "", "tracked_from": "", "usual_place": "三车间会议室", "theme_day": "5",
}  # fmt: skip


class TestCreate:
    def post(self, client: Client, parent: Organization | None, **change: str):
        under = {"under": parent.public_id} if parent else {}
        return client.post(url("organization-create"), NEW | under | change)

    def test_staff_set_up_a_branch_below(self, world: World, staff: Client) -> None:
        answer = self.post(staff, world.general_branch)
        made = Organization.objects.get(name="三车间党支部")
        assert answer["Location"] == at(made, "detail")
        assert (made.parent, made.path[: len(world.general_branch.path)]) == (
            world.general_branch,
            world.general_branch.path,
        )
        assert (made.tracked_from, made.election_due_on) == (
            date(2026, 3, 1),
            date(2028, 8, 1),
        )  # three years by default
        assert made.created_by == world.users["affairs_worker"]

    def test_a_general_branch_has_none_of_a_branchs_fields(self, world: World, client_of) -> None:
        self.post(client_of("upper_worker"), world.committee, kind="general_branch", name="后勤党总支")
        made = Organization.objects.get(name="后勤党总支")
        assert (made.branch_type, made.usual_place, made.theme_day) == ("", "", None)

    def test_pressed_twice_it_is_there_once(self, world: World, staff: Client) -> None:
        self.post(staff, world.general_branch)
        again = self.post(staff, world.general_branch)
        assert again.status_code == 422
        assert "already there" in again.content.decode()
        assert Organization.objects.filter(name="三车间党支部").count() == 1

    @pytest.mark.parametrize(("change", "words"), [
        ({"name": ""}, "Fill in"),
        ({"name": "名" * 81}, "at most 80"),
        ({"name": "   "}, "Fill in"),
        ({"kind": ""}, "Choose"),
        ({"kind": "committee"}, "valid choice"),  # not below a general branch
        ({"kind": "nonsense"}, "valid choice"),
        ({"branch_type": "nonsense"}, "valid choice"),
        ({"founded_on": "2026-03-19"}, "Use today or an earlier date."),
        ({"founded_on": "1900-01-01"}, "1 July 1921"),
        ({"founded_on": "2025-02-30"}, "valid date"),
        ({"founded_on": "yesterday"}, "valid date"),
        ({"term_started_on": "2025-06-30"}, "after the founding"),
        ({"election_due_on": "2025-08-01"}, "after the beginning of the term"),
        ({"election_due_on": "2300-01-01"}, "too far ahead"),
        ({"theme_day": "32"}, "less than or equal to 31"),
        ({"theme_day": "fifth"}, "whole number"),
        ({"usual_place": "所" * 81}, "at most 80"),
        ({"name": "支部\x00"}, "Null characters"),
    ])  # fmt: skip
    def test_bad_input_is_told_and_kept(self, world: World, staff: Client, change: dict, words: str) -> None:
        answer = self.post(staff, world.general_branch, **change)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert words in page
        assert "三车间" in page
        assert "error-summary" in page
        assert Organization.objects.count() == 4

    def test_nothing_stands_below_a_branch(self, world: World, client_of) -> None:
        assert self.post(client_of("administrator"), world.branch).status_code == 404

    def test_not_outside_ones_reach(self, world: World, staff: Client) -> None:
        assert self.post(staff, world.committee).status_code == 404
        assert self.post(staff, None).status_code == 404

    def test_only_the_administrator_founds_a_top(self, world: World, client_of) -> None:
        answer = self.post(client_of("administrator"), None, kind="committee", name="另一委员会")
        assert answer.status_code == 302
        assert Organization.objects.get(name="另一委员会").parent is None

    def test_a_name_that_is_markup_stays_text(self, world: World, staff: Client) -> None:
        self.post(staff, world.general_branch, name="<b>=1+1</b>", short_name="")
        made = Organization.objects.get(name="<b>=1+1</b>")
        assert "<b>=1+1" not in staff.get(at(made, "detail")).content.decode()

    def test_queries(self, world: World, staff: Client, query_baseline) -> None:
        with query_baseline("branches:organization-create"):
            self.post(staff, world.general_branch)


def typed(organization: Organization, **change: object) -> dict[str, object]:
    names = [
        "name", "short_name", "branch_type", "founded_on", "term_started_on", "election_due_on", "tracked_from", "usual_place",
        "theme_day", "version",
    ]  # fmt: skip
    return {name: getattr(organization, name) or "" for name in names} | change


class TestChange:
    def test_staff_above_change_facts(self, world: World, staff: Client) -> None:
        data = typed(world.branch, name="第一车间党支部", election_due_on="2027-01-01")
        assert staff.post(at(world.branch, "change"), data).status_code == 302
        world.branch.refresh_from_db()
        assert (world.branch.name, world.branch.election_due_on, world.branch.version) == (
            "第一车间党支部",
            date(2027, 1, 1),
            2,
        )
        entry = AuditEntry.objects.get(action="organization_change")
        assert sorted(entry.fields) == ["election_due_on", "name"]

    def test_the_secretary_changes_place_and_theme_day_only(self, world: World, client_of) -> None:
        data = typed(
            world.branch, name="别的名字", usual_place="大会议室", theme_day="10", election_due_on="2099-01-01"
        )
        client_of("secretary").post(at(world.branch, "change"), data)
        world.branch.refresh_from_db()
        assert (world.branch.usual_place, world.branch.theme_day) == ("大会议室", 10)
        assert (world.branch.name, world.branch.election_due_on) == ("一车间党支部", None)

    def test_the_second_of_two_sees_both_texts_and_may_save_then(self, world: World, staff: Client, client_of) -> None:
        stale = typed(world.branch, usual_place="小会议室")
        client_of("secretary").post(at(world.branch, "change"), typed(world.branch, usual_place="大会议室"))
        answer = staff.post(at(world.branch, "change"), stale)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "大会议室" in page
        assert 'value="小会议室"' in page
        assert 'name="version" value="2"' in page
        world.branch.refresh_from_db()
        assert world.branch.usual_place == "大会议室"
        assert staff.post(at(world.branch, "change"), stale | {"version": 2}).status_code == 302
        world.branch.refresh_from_db()
        assert world.branch.usual_place == "小会议室"

    def test_a_name_taken_beside_it_is_refused(self, world: World, staff: Client) -> None:
        answer = staff.post(at(world.branch, "change"), typed(world.branch, name="二车间党支部"))
        assert answer.status_code == 422
        assert "already there" in answer.content.decode()

    @pytest.mark.parametrize("version", ["", "one", "-1", "99"])
    def test_a_broken_version_changes_nothing(self, world: World, staff: Client, version: str) -> None:
        answer = staff.post(at(world.branch, "change"), typed(world.branch, name="别的名字", version=version))
        assert answer.status_code in (409, 422)
        assert Organization.objects.get(pk=world.branch.pk).name == "一车间党支部"

    def test_queries(self, world: World, staff: Client, query_baseline) -> None:
        with query_baseline("branches:organization-change"):
            staff.post(at(world.branch, "change"), typed(world.branch, name="第一车间党支部"))


class TestMoveAndDissolve:
    def test_moved_by_name(self, world: World, client_of, query_baseline) -> None:
        other = make.organization(world.committee, kind="general_branch", name="后勤党总支")
        browser = client_of("upper_worker")
        with query_baseline("branches:organization-move"):
            answer = browser.post(at(world.branch, "move"), {"parent": "后勤党总支", "version": 1})
        assert answer.status_code == 302
        assert Organization.objects.get(pk=world.branch.pk).parent == other
        again = browser.post(at(world.branch, "move"), {"parent": "后勤党总支", "version": 1})
        assert again.status_code == 409

    @pytest.mark.parametrize(("parent", "words"), [
        ("", "Fill in"), ("没有这个", "no such organization"), ("二车间党支部", "no such organization"),
        ("制造党总支", "there already"), ("x" * 90, "at most 80"),
    ])  # fmt: skip
    def test_bad_places(self, world: World, client_of, parent: str, words: str) -> None:
        answer = client_of("upper_worker").post(at(world.branch, "move"), {"parent": parent, "version": 1})
        assert answer.status_code == 422
        assert words in answer.content.decode()

    def test_the_target_is_within_reach(self, world: World, staff: Client) -> None:
        answer = staff.post(at(world.branch, "move"), {"parent": "北辰机床厂委员会", "version": 1})
        assert answer.status_code == 422
        assert "within your reach" in answer.content.decode()

    def test_dissolved_once(self, world: World, staff: Client) -> None:
        Membership.objects.filter(organization=world.other_branch).update(ends_before=TODAY)
        send = {"on": TODAY.isoformat()}
        assert staff.post(at(world.other_branch, "dissolve"), send).status_code == 302
        assert staff.post(at(world.other_branch, "dissolve"), send).status_code == 409
        assert "dissolved" in staff.get(url("organization-list"), {"q": "二车间"}).content.decode()

    def test_members_keep_it(self, world: World, staff: Client) -> None:
        answer = staff.post(at(world.branch, "dissolve"), {"on": TODAY.isoformat()})
        assert answer.status_code == 422
        assert "Members are registered here" in answer.content.decode()
