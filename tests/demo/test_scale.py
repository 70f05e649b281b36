"""The tree for measuring is right in shape."""

from apps.branches.models import Membership, Organization, Post
from apps.core import paths
from apps.demo import scale
from tests.factories.branches import TODAY


def test_a_small_tree_has_paths_posts_and_members(db) -> None:
    scale.seed(TODAY, branches=80)
    rows = list(Organization.objects.select_related("parent"))
    assert len(rows) == 1 + 1 + 40 + 80
    assert all(row.path == (row.parent.path if row.parent else "") + paths.segment(paths.number_of(row.path)) for row in rows)
    assert {row.root_id for row in rows} == {rows[0].pk}
    assert Post.objects.filter(kind=Post.Kind.SECRETARY).count() == 80
    assert Membership.objects.of_branch(rows[-1], TODAY).count() == scale.MEMBERS
