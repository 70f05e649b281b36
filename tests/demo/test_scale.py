"""The tree for measuring is right in shape, and its records are such as services would have written."""

import pytest

from apps.activities.models import Activity, Attendance, Sitting
from apps.activities.services.snapshots import stored_snapshot
from apps.branches.models import Membership, Organization, PartyGroup, Post
from apps.core import paths
from apps.demo import scale
from apps.duties.models import DutyPeriod
from apps.duties.services.reconciling import reconcile
from tests.factories.branches import TODAY


@pytest.fixture
def tree(db) -> list[Organization]:
    scale.seed(TODAY, branches=80)
    return list(Organization.objects.select_related("parent"))


def test_a_small_tree_has_paths_posts_groups_and_members(tree: list[Organization]) -> None:
    assert len(tree) == 1 + 1 + 40 + 80
    assert all(
        row.path == (row.parent.path if row.parent else "") + paths.segment(paths.number_of(row.path)) for row in tree
    )
    assert {row.root_id for row in tree} == {tree[0].pk}
    assert Post.objects.filter(kind=Post.Kind.SECRETARY).count() == 80
    assert Membership.objects.of_branch(tree[-1], TODAY).count() == scale.MEMBERS
    divided = PartyGroup.objects.values("organization").distinct().count()
    assert 25 <= divided <= 28
    assert Post.objects.filter(kind=Post.Kind.GROUP_LEADER, group__isnull=False).count() == 2 * divided
    assert Post.objects.get(person__user__username="secretary").kind == Post.Kind.SECRETARY


def test_three_months_of_records_count_as_if_they_had_been_filed(tree: list[Organization]) -> None:
    assert Activity.objects.filter(state="filed").count() > 80 * 6
    assert not Activity.objects.filter(held_on__gte=TODAY).exists()
    assert Attendance.objects.filter(status="excused").exists()
    done = DutyPeriod.objects.filter(rule__slug="theme_day", starts_on__month=2, done=1).count()
    assert 65 <= done < 80  # most, not all
    report = reconcile(today=TODAY, full=True)
    assert (report.differences, report.orphans, report.added) == ([], [], 0)


def test_each_record_is_kept_as_it_stands(tree: list[Organization]) -> None:
    newest = Activity.objects.order_by("kind_id", "-held_on", "pk").distinct("kind_id")
    rows = {one.kind.slug: one for one in newest.select_related("kind", "organization", "group", "sitting")}
    assert set(rows) == {"theme_day", "committee_meeting", "group_meeting", "general_meeting", "party_lecture"}
    for one in rows.values():
        assert one.versions.get().snapshot == stored_snapshot(one)
    assert not Sitting.objects.filter(activities=None).exists()
