"""Moving, dissolving, dividing a branch, leaving members uncounted."""

from datetime import date, timedelta

import pytest

from apps.branches import registry, services, structure
from apps.branches.models import Membership, NotCounted, Organization, PartyGroup, Post
from apps.branches.reach import reach_of
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import AuditEntry
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.world import World


@pytest.fixture
def second(world: World) -> Organization:
    """A second general branch under the same committee."""
    return make.organization(world.committee, kind="general_branch", name="后勤党总支")


def move(organization: Organization, parent: Organization, by) -> None:
    structure.organization_move(organization=organization, parent=parent, by=by, version=organization.version)


class TestMove:
    def test_a_subtree_moves_whole_and_its_neighbours_stay(self, world: World, second: Organization) -> None:
        below = [world.branch, world.other_branch]
        move(world.general_branch, second, world.users["upper_worker"])
        paths = {each.pk: each.path for each in Organization.objects.all()}
        assert paths[world.general_branch.pk].startswith(second.path)
        assert all(paths[each.pk].startswith(paths[world.general_branch.pk]) for each in below)
        assert len(set(paths.values())) == 5
        assert paths[world.committee.pk] == world.committee.path

    def test_the_new_level_above_sees_it_and_the_old_one_no_more(self, world: World, second: Organization) -> None:
        new = make.person(second, "钱芳")
        make.post(new, "affairs_worker")
        user = make.account(new)
        move(world.branch, second, world.users["upper_worker"])
        assert world.branch in Organization.objects.visible_to(user)
        assert world.branch not in Organization.objects.visible_to(world.users["affairs_worker"])

    def test_it_is_one_update_whatever_the_size(
        self, world: World, second: Organization, django_assert_max_num_queries
    ) -> None:
        for _ in range(12):
            make.organization(world.general_branch)
        with django_assert_max_num_queries(15):
            move(world.general_branch, second, world.users["upper_worker"])

    @pytest.mark.parametrize("role", ["secretary", "affairs_worker", "committee_member", "member"])
    def test_only_staff_above_both_move(self, world: World, second: Organization, role: str) -> None:
        with pytest.raises(RuleBroken, match="above both"):
            move(world.branch, second, world.users[role])

    def test_nothing_hangs_below_itself(self, world: World) -> None:
        deeper = make.organization(world.general_branch, kind="general_branch", name="分党总支")
        with pytest.raises(RuleBroken, match="below itself"):
            move(world.general_branch, deeper, world.users["administrator"])

    def test_a_branch_has_nothing_below_it(self, world: World) -> None:
        with pytest.raises(RuleBroken, match="of this kind below"):
            move(world.branch, world.other_branch, world.users["administrator"])

    def test_seven_levels_are_the_limit(self, world: World) -> None:
        deep = world.general_branch
        for number in range(4):
            deep = make.organization(deep, kind="general_branch", name=f"第{number}层")
        top = make.organization(kind="committee", name="另一委员会")
        two = make.organization(top, kind="general_branch", name="两层")
        make.organization(two, name="底层支部")
        with pytest.raises(RuleBroken, match="seven levels"):
            move(two, deep, world.users["administrator"])
        assert Organization.objects.get(pk=two.pk).path == two.path

    def test_the_second_of_two_movers_is_told(self, world: World, second: Organization) -> None:
        seen = Organization.objects.get(pk=world.branch.pk)
        move(world.branch, second, world.users["upper_worker"])
        with pytest.raises(EditConflict):
            move(seen, world.committee, world.users["upper_worker"])

    def test_a_name_taken_there_is_refused_and_nothing_moves(self, world: World, second: Organization) -> None:
        make.organization(second, name="一车间党支部")
        before = dict(Organization.objects.values_list("pk", "path"))
        with pytest.raises(RuleBroken, match="already there"):
            move(world.branch, second, world.users["upper_worker"])
        assert dict(Organization.objects.values_list("pk", "path")) == before

    def test_another_tree_changes_the_root_of_all(self, world: World) -> None:
        top = make.organization(kind="committee", name="另一委员会")
        move(world.general_branch, top, world.users["administrator"])
        roots = set(Organization.objects.under(world.general_branch.path).values_list("root_id", flat=True))
        assert roots == {top.pk}

    def test_later_apps_hear_of_it(self, world: World, second: Organization, monkeypatch) -> None:
        heard = []
        monkeypatch.setattr(registry, "move_listeners", [lambda old, new: heard.append((old, new))])
        old = world.branch.path
        move(world.branch, second, world.users["upper_worker"])
        assert heard == [(old, world.branch.path)]


class TestDissolve:
    def dissolve(self, organization: Organization, by, on: date = TODAY) -> None:
        structure.organization_dissolve(organization=organization, on=on, by=by, today=TODAY)

    def test_with_members_it_is_refused(self, world: World) -> None:
        with pytest.raises(RuleBroken, match="Members are registered"):
            self.dissolve(world.branch, world.users["affairs_worker"])

    def test_with_organizations_below_it_is_refused(self, world: World) -> None:
        with pytest.raises(RuleBroken, match="organizations below"):
            self.dissolve(world.general_branch, world.users["upper_worker"])

    def test_posts_end_with_it_and_reach_with_them(self, world: World) -> None:
        Membership.objects.filter(organization=world.other_branch).update(ends_before=TODAY)
        self.dissolve(world.other_branch, world.users["affairs_worker"])
        assert not Post.objects.on(TODAY).filter(organization=world.other_branch).exists()
        assert reach_of(world.users["other_secretary"], TODAY).leader_of == frozenset()
        assert AuditEntry.objects.filter(action="post_end", note="dissolved").count() == 1
        assert world.other_branch not in Organization.objects.active(TODAY)

    def test_not_by_its_own_secretary(self, world: World) -> None:
        with pytest.raises(RuleBroken, match="staff of a committee above"):
            self.dissolve(world.other_branch, world.users["other_secretary"])

    def test_not_before_its_founding(self, world: World) -> None:
        Organization.objects.filter(pk=world.other_branch.pk).update(founded_on=TODAY)
        world.other_branch.refresh_from_db()
        with pytest.raises(RuleBroken, match="after it was founded"):
            self.dissolve(world.other_branch, world.users["affairs_worker"], on=TODAY)

    def test_nobody_is_entered_afterwards(self, world: World) -> None:
        Membership.objects.filter(organization=world.other_branch).update(ends_before=TODAY)
        self.dissolve(world.other_branch, world.users["affairs_worker"])
        with pytest.raises(RuleBroken, match="dissolved"):
            services.post_start(
                person=world.people["other_third"], organization=world.other_branch, kind="branch_secretary", starts_on=TODAY,
                by=world.users["affairs_worker"], today=TODAY,
            )  # fmt: skip


class TestGroups:
    @pytest.mark.parametrize(("role", "may"), [
        ("secretary", True), ("affairs_worker", True), ("administrator", True), ("committee_member", False),
        ("other_secretary", False), ("group_leader", False),
    ])  # fmt: skip
    def test_the_secretary_and_the_staff_above_divide_a_branch(self, world: World, role: str, may: bool) -> None:
        new = {"organization": world.branch, "name": "第三小组", "starts_on": TODAY, "by": world.users[role]}
        if may:
            assert services.group_create(**new).organization == world.branch
        else:
            with pytest.raises(RuleBroken, match="secretary or the staff above"):
                services.group_create(**new)

    def test_a_name_is_there_once(self, world: World) -> None:
        with pytest.raises(RuleBroken, match="already there"):
            structure.group_change(group=world.group, name="第二小组", by=world.users["secretary"])
        assert PartyGroup.objects.get(pk=world.group.pk).name == "第一小组"

    def test_with_members_it_is_not_closed(self, world: World) -> None:
        with pytest.raises(RuleBroken, match="members in this group"):
            structure.group_close(group=world.group, ends_before=TODAY, by=world.users["secretary"])

    def test_its_leader_goes_with_it(self, world: World) -> None:
        second = world.branch.groups.get(name="第二小组")
        Membership.objects.filter(group=second).update(group=world.group)
        structure.group_close(group=second, ends_before=TODAY, by=world.users["secretary"])
        assert reach_of(world.users["group_leader"], TODAY).leads_groups == frozenset()
        assert [each.name for each in world.branch.groups.on(TODAY)] == ["第一小组"]


class TestNotCounted:
    def leave_out(
        self, world: World, role: str = "secretary", person: str = "third", starts_on: date = TODAY
    ) -> NotCounted:
        return structure.not_counted_start(
            person=world.people[person], organization=world.branch, ground="away", resolution="3月5日党员大会",
            starts_on=starts_on, by=world.users[role], today=TODAY,
        )  # fmt: skip

    def test_the_member_is_not_expected_from_that_day_until_it_ends(self, world: World) -> None:
        row = self.leave_out(world)
        end = TODAY + timedelta(days=30)
        structure.not_counted_end(row=row, ends_before=end, by=world.users["secretary"], today=TODAY)
        expected = {
            day: Membership.objects.filter(person=world.people["third"]).expected(TODAY + timedelta(days=day)).exists()
            for day in (-1, 0, 29, 30)
        }
        assert expected == {-1: True, 0: False, 29: False, 30: True}

    @pytest.mark.parametrize("role", ["committee_member", "other_secretary", "affairs_worker", "administrator"])
    def test_only_the_branchs_own_secretary_enters_it(self, world: World, role: str) -> None:
        with pytest.raises(RuleBroken):
            self.leave_out(world, role)

    def test_twice_over_the_same_days_is_refused(self, world: World) -> None:
        self.leave_out(world)
        with pytest.raises(RuleBroken, match="already"):
            self.leave_out(world)

    def test_not_a_person_of_another_branch(self, world: World) -> None:
        with pytest.raises(RuleBroken, match="not registered in this branch"):
            self.leave_out(world, person="other_third")

    def test_backdating_is_logged(self, world: World) -> None:
        self.leave_out(world, starts_on=TODAY - timedelta(days=3))
        assert AuditEntry.objects.get(action="not_counted_start").note == "backdated"
