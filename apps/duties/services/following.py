"""Periods carry a copy of their branch's path: where a subtree moves, they follow."""

from collections.abc import Iterator, Sequence

from django.db import connection, transaction

from apps.branches.models import Organization
from apps.core.paths import subtree_end

CHUNK = 500  # branches a transaction
AT_ONCE = 50  # branches whose periods move with them in the same transaction


def chunks(top: str = "") -> Iterator[list[int]]:
    """Ids of the branches below `top` (empty: all), so many at a time, in the order of the tree."""
    branches = Organization.objects.filter(kind=Organization.Kind.BRANCH).order_by("path").values_list("pk", "path")
    if top:
        branches = branches.filter(path__gte=top, path__lt=subtree_end(top))
    after = ""
    while rows := list(branches.filter(path__gt=after)[:CHUNK]):
        yield [pk for pk, _ in rows]
        after = rows[-1][1]


def follow_now(branches: Sequence[int]) -> int:
    """Set path and root of their periods to those of the branches; returns how many were elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE duties_dutyperiod p SET path = o.path, root_id = o.root_id FROM branches_organization o "
            "WHERE o.id = p.organization_id AND o.id = ANY(%s) AND (p.path, p.root_id) IS DISTINCT FROM (o.path, o.root_id)",
            [list(branches)],
        )
        return int(cursor.rowcount)


def follow(old: str, new: str) -> None:
    """Listener of moves: a small subtree at once, so that nobody reads from the old place; a large one in the background."""
    from apps.duties import tasks

    first = next(chunks(new), [])
    if len(first) <= AT_ONCE:
        follow_now(first)
        return
    top = Organization.objects.get(path=new).pk
    transaction.on_commit(lambda: tasks.follow_tree.delay(top))


def follow_tree(organization: int) -> None:
    """Chunk by chunk, each committed, so that it can be stopped and started again."""
    top = Organization.objects.get(pk=organization)
    for branches in chunks(top.path):
        with transaction.atomic():
            follow_now(branches)
