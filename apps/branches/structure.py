"""Changes to the shape of the tree and of a branch: move, dissolve, groups, members who are not counted."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.db.models import BigIntegerField, Case, F, PositiveIntegerField, Subquery, Value, When
from django.db.models.functions import Concat, Length, Substr
from django.utils.translation import gettext as _

from apps.branches import registry, rules
from apps.branches.models import Membership, NotCounted, Organization, PartyGroup, Person, Post
from apps.branches.services import path_after
from apps.core import paths
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import AuditEntry, audit

if TYPE_CHECKING:
    from apps.accounts.models import User


def organization_move(*, organization: Organization, parent: Organization, by: "User", version: int) -> None:
    """Hang the organization, with all below it, under `parent`: one UPDATE. The current path decides reach at once.

    Raises RuleBroken where `by` may not set up here or there, EditConflict if it was changed since `version`.
    """
    if not (rules.can_manage(by, organization) and rules.can_set_up(by, parent)):
        raise RuleBroken(_("Only staff of a committee above both, or the administrator, can move an organization."))
    try:
        with transaction.atomic():
            _move(organization, parent, by, version)
    except IntegrityError as error:
        if "organization_name_once" in str(error):
            raise RuleBroken(
                _("“%(name)s” is already there. Choose another name.") % {"name": organization.name}
            ) from None
        raise


def _move(organization: Organization, parent: Organization, by: "User", version: int) -> None:
    with connection.cursor() as cursor:  # one move at a time: two could otherwise hang below each other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('organization_move'))")
    locked = Organization.objects.select_for_update().order_by("pk").in_bulk([organization.pk, parent.pk])
    mover, parent = locked[organization.pk], locked[parent.pk]
    if mover.version != version:
        raise EditConflict(_("Someone else has just changed this. Compare the two, then save again."))
    old = mover.path
    if parent.path.startswith(old):
        raise RuleBroken(_("An organization cannot stand below itself."))
    if parent.pk == mover.parent_id:
        raise RuleBroken(_("It is there already."))
    rules.check_parent(mover.kind, parent)
    depth, last = Length("path"), Organization.objects.filter(parent=parent).order_by("-path").values("path")[:1]
    below = Organization.objects.under(old).order_by(depth.desc()).values_list(depth, Subquery(last))
    deepest, last_child = below[0]
    if len(parent.path) + deepest - len(old) + paths.WIDTH + 1 > paths.LEVELS * (paths.WIDTH + 1):
        raise RuleBroken(_("The tree is at most seven levels deep."))
    new = path_after(last_child, parent)
    top = {"pk": mover.pk}
    moved = (
        Organization.objects.under(old)
        .order_by()
        .update(
            path=Concat(Value(new), Substr("path", len(old) + 1)),
            root_id=parent.root_id,
            parent=Case(When(**top, then=Value(parent.pk)), default=F("parent_id"), output_field=BigIntegerField()),
            version=F("version")
            + Case(When(**top, then=Value(1)), default=Value(0), output_field=PositiveIntegerField()),
        )
    )
    registry.on_moved(old, new)
    audit(
        by=by, action="organization_move", subject=mover, organization_id=mover.pk, fields=["parent"], note=f"{moved}"
    )
    registry.on_structure(mover.pk)
    organization.path, organization.parent, organization.root_id, organization.version = (
        new,
        parent,
        parent.root_id,
        version + 1,
    )


@transaction.atomic
def organization_dissolve(*, organization: Organization, on: date, by: "User", today: date) -> None:
    """From `on` it is no more. 支部工作条例（试行） art. 7. Its posts end that day; the records stay.

    Raises RuleBroken while members are registered or organizations stand below it.
    """
    if not rules.can_manage(by, organization):
        raise RuleBroken(_("Only the staff of a committee above, or the administrator, can dissolve an organization."))
    if organization.founded_on and on <= organization.founded_on:
        raise RuleBroken(_("An organization is dissolved after it was founded."))
    if Organization.objects.filter(parent=organization).active(on).exists():
        raise RuleBroken(_("There are organizations below it. Move or dissolve them first."))
    if Membership.objects.filter(organization=organization, ends_before=None).exists():
        raise RuleBroken(_("Members are registered here. Move them to another branch first."))
    if not Organization.objects.filter(pk=organization.pk, dissolved_on=None).update(
        dissolved_on=on, version=F("version") + 1
    ):
        raise EditConflict(_("It is dissolved already."))
    open_posts = Post.objects.filter(organization=organization, ends_before=None)
    ended = list(open_posts.filter(starts_on__lt=on).values_list("pk", "kind"))
    open_posts.filter(starts_on__lt=on).update(ends_before=on)
    AuditEntry.objects.bulk_create(
        AuditEntry(actor=by, action="post_end", subject="branches.post", subject_id=pk, organization_id=organization.pk,
                   fields=[kind], note="dissolved")
        for pk, kind in ended
    )  # fmt: skip
    note = "backdated" if on < today else ""
    audit(by=by, action="organization_dissolve", subject=organization, organization_id=organization.pk, note=note)
    registry.on_structure(organization.pk)
    organization.refresh_from_db()


@transaction.atomic
def group_change(*, group: PartyGroup, name: str, by: "User") -> None:
    """A new name; the records of the group keep theirs through the group itself."""
    if not rules.can_group(by, group.organization):
        raise RuleBroken(rules.who_groups())
    group.name = name.strip()
    try:
        with transaction.atomic():
            group.save(update_fields=["name"])
    except IntegrityError:
        raise RuleBroken(_("“%(name)s” is already there. Choose another name.") % {"name": name}) from None
    audit(by=by, action="group_change", subject=group, organization_id=group.organization_id, fields=["name"])


@transaction.atomic
def group_close(*, group: PartyGroup, ends_before: date, by: "User") -> None:
    """`ends_before` is the first day without the group. Its leader's post ends with it.

    Raises RuleBroken while members are in it.
    """
    if not rules.can_group(by, group.organization):
        raise RuleBroken(rules.who_groups())
    if ends_before <= group.starts_on:
        raise RuleBroken(_("A group is closed after it began."))
    if Membership.objects.filter(group=group, ends_before=None).exists():
        raise RuleBroken(_("There are members in this group. Put them into another one first."))
    if not PartyGroup.objects.filter(pk=group.pk, ends_before=None).update(ends_before=ends_before):
        raise EditConflict(_("Someone else has just closed this group."))
    Post.objects.filter(group=group, ends_before=None, starts_on__lt=ends_before).update(ends_before=ends_before)
    audit(by=by, action="group_close", subject=group, organization_id=group.organization_id)
    registry.on_structure(group.organization_id)


@transaction.atomic
def not_counted_start(
    *,
    person: Person,
    organization: Organization,
    ground: str,
    resolution: str,
    starts_on: date,
    by: "User",
    today: date,
) -> NotCounted:
    """Leave a member out of the number who ought to attend, by resolution. Backdating is allowed and logged."""
    if not rules.can_leave_out(by, organization):
        raise RuleBroken(rules.who_leaves_out())
    if not Membership.objects.on(starts_on).filter(person=person, organization=organization, is_hosted=False).exists():
        raise RuleBroken(_("%(name)s is not registered in this branch on that day.") % {"name": person})
    try:
        with transaction.atomic():
            row = NotCounted.objects.create(
                person=person, organization=organization, ground=ground, resolution=resolution.strip(), starts_on=starts_on,
                entered_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise RuleBroken(_("%(name)s is left out over these days already.") % {"name": person}) from None
    note = "backdated" if starts_on < today else ""
    audit(by=by, action="not_counted_start", subject=row, organization_id=organization.pk, fields=[ground], note=note)
    return row


@transaction.atomic
def not_counted_end(*, row: NotCounted, ends_before: date, by: "User", today: date) -> None:
    """`ends_before` is the first day on which the member counts again."""
    if not rules.can_leave_out(by, row.organization):
        raise RuleBroken(rules.who_leaves_out())
    if ends_before <= row.starts_on:
        raise RuleBroken(_("The end comes after the beginning."))
    if not NotCounted.objects.filter(pk=row.pk, ends_before=None).update(ends_before=ends_before):
        raise EditConflict(_("Someone else has just ended this."))
    note = "backdated" if ends_before < today else ""
    audit(by=by, action="not_counted_end", subject=row, organization_id=row.organization_id, note=note)
