"""Every change to organizations, groups, people, memberships and posts."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from apps.branches import names, registry, rules
from apps.branches.models import Membership, Organization, PartyGroup, Person, Post
from apps.core import keyring, paths
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import audit

if TYPE_CHECKING:
    from apps.accounts.models import User

ORGANIZATION_FIELDS = (
    "name", "short_name", "branch_type", "founded_on", "tracked_from", "term_started_on", "election_due_on", "usual_place",
    "theme_day",
)  # fmt: skip
PLACE_FIELDS = ("short_name", "usual_place", "theme_day")


@transaction.atomic
def organization_create(
    *, by: "User | None", today: date, parent: Organization | None, kind: str, name: str, **fields: Any
) -> Organization:
    """Set up an organization below `parent` (none: at the top). Duties count from the first day of this month unless told.

    Raises RuleBroken for a parent that cannot have children of this kind, a seventh level, or a name taken beside it.
    """
    if by is not None and not rules.can_set_up(by, parent):
        raise RuleBroken(
            _("Only the staff of a committee above, or the administrator, can set up an organization here.")
        )
    rules.check_parent(kind, parent)
    if kind == Organization.Kind.BRANCH:
        fields["branch_type"] = fields.get("branch_type") or Organization.BranchType.ORDINARY
    else:
        fields["branch_type"] = ""
    fields["tracked_from"] = fields.get("tracked_from") or today.replace(day=1)
    path = free_path(parent)
    organization = Organization(parent=parent, kind=kind, name=name.strip(), path=path, created_by=by, **fields)
    organization.root_id = parent.root_id if parent else 0
    try:
        with transaction.atomic():
            organization.save()
    except IntegrityError as error:
        if "organization_name_once" in str(error):
            raise RuleBroken(_("“%(name)s” is already there. Choose another name.") % {"name": name}) from None
        raise
    if parent is None:
        organization.root_id = organization.pk
        organization.save(update_fields=["root_id"])
    audit(by=by, action="organization_create", subject=organization, organization_id=organization.pk)
    registry.on_structure(organization.pk)
    return organization


def free_path(parent: Organization | None) -> str:
    """The next segment below `parent`; the lock on the parent keeps two creators apart."""
    if parent is not None:
        if len(parent.path) >= paths.LEVELS * (paths.WIDTH + 1):
            raise RuleBroken(_("The tree is at most seven levels deep."))
        Organization.objects.select_for_update().get(pk=parent.pk)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('organization_root'))")
    return next_path(parent)


def next_path(parent: Organization | None) -> str:
    """After the last child. The caller holds the lock."""
    return path_after(Organization.objects.filter(parent=parent).aggregate(last=Max("path"))["last"], parent)


def path_after(last: str | None, parent: Organization | None) -> str:
    """The path that follows the last child's, or the first one below `parent`."""
    return (parent.path if parent else "") + paths.segment(paths.number_of(last) + 1 if last else 1)


@transaction.atomic
def organization_change(*, organization: Organization, by: "User", version: int, **fields: Any) -> None:
    """Change what is known of an organization. `version` is the one the user saw.

    The branch's own secretary keeps what the branch uses daily (PLACE_FIELDS); the rest is for the staff above.
    """
    allowed: tuple[str, ...] = ORGANIZATION_FIELDS if rules.can_manage(by, organization) else ()
    if organization.pk in by.reach.leader_of:
        allowed += PLACE_FIELDS
    if not allowed:
        raise RuleBroken(_("Only the staff of a committee above, or the administrator, can change this."))
    changed = [name for name, value in fields.items() if name in allowed and getattr(organization, name) != value]
    try:
        with transaction.atomic():
            done = Organization.objects.filter(pk=organization.pk, version=version).update(
                version=F("version") + 1, **{name: fields[name] for name in changed}
            )
    except IntegrityError as error:
        if "organization_name_once" in str(error):
            raise RuleBroken(
                _("“%(name)s” is already there. Choose another name.") % {"name": fields["name"]}
            ) from None
        raise
    if not done:
        raise EditConflict(_("Someone else has just changed this. Compare the two, then save again."))
    audit(by=by, action="organization_change", subject=organization, organization_id=organization.pk, fields=changed)
    registry.on_structure(organization.pk)
    organization.refresh_from_db()


@transaction.atomic
def group_create(*, organization: Organization, name: str, starts_on: date, by: "User | None") -> PartyGroup:
    """Divide the branch: one more Party group from `starts_on`. 支部工作条例（试行） art. 13."""
    if not organization.is_branch:
        raise RuleBroken(_("Only a branch has Party groups."))
    if by is not None and not rules.can_group(by, organization):
        raise RuleBroken(rules.who_groups())
    order = organization.groups.count() + 1
    try:
        with transaction.atomic():
            group = PartyGroup.objects.create(
                organization=organization, name=name.strip(), order=order, starts_on=starts_on
            )
    except IntegrityError:
        raise RuleBroken(_("“%(name)s” is already there. Choose another name.") % {"name": name}) from None
    audit(by=by, action="group_create", subject=group, organization_id=organization.pk)
    registry.on_structure(organization.pk)
    return group


def person_named(person: Person, name: str) -> None:
    """Set the name and the keys that lists sort and search by."""
    person.name = names.clean_name(name)
    person.stroke_key = names.stroke_key(person.name)
    person.search_keys = names.search_keys(person.name)


def person_id_number(person: Person, number: str) -> None:
    """Seal an ID number into the record; the empty text removes it. Uniqueness is the database's."""
    if not number:
        person.id_number_sealed, person.id_number_hash, person.id_number_masked = None, None, ""
        return
    person.id_number_sealed = keyring.seal(number, bound_to=f"person:{person.public_id}:id_number")
    person.id_number_hash = keyring.fingerprint(number, purpose="id_number")
    person.id_number_masked = number[:4] + "*" * (len(number) - 8) + number[-4:]


@transaction.atomic
def person_create(
    *, organization: Organization, name: str, by: "User | None", id_number: str = "", **fields: Any
) -> Person:
    """A person in the organization's books, without membership, post or login.

    Raises RuleBroken for an ID number that stands in another roster; says no more than that.
    """
    person = Person(organization=organization, created_by=by, **fields)
    person_named(person, name)
    person_id_number(person, id_number)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        if "id_number_hash" in str(error):
            raise RuleBroken(
                _("This ID number is already registered elsewhere. Ask the committee above to check.")
            ) from None
        raise
    audit(by=by, action="person_create", subject=person, organization_id=organization.pk)
    return person


@transaction.atomic
def membership_start(
    *, person: Person, organization: Organization, category: str, starts_on: date, by: "User | None",
    group: PartyGroup | None = None, **fields: Any,
) -> Membership:  # fmt: skip
    """Begin a membership. A membership that is still open is ended the same day; both stay readable."""
    if not organization.is_branch:
        raise RuleBroken(_("Members belong to a branch."))
    if not fields.get("is_hosted"):
        person.memberships.filter(is_hosted=False, ends_before=None, starts_on__lt=starts_on).update(
            ends_before=starts_on
        )
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                person=person, organization=organization, category=category, group=group, starts_on=starts_on, **fields
            )
    except IntegrityError:
        raise RuleBroken(_("%(name)s already has a membership over these days.") % {"name": person}) from None
    if person.organization_id != organization.pk and not membership.is_hosted:
        person.organization = organization
        person.save(update_fields=["organization"])
    audit(by=by, action="membership_start", subject=membership, organization_id=organization.pk)
    return membership


@transaction.atomic
def post_start(
    *, person: Person, organization: Organization, kind: str, starts_on: date, by: "User | None", today: date,
    group: PartyGroup | None = None,
) -> Post:  # fmt: skip
    """Enter a post from `starts_on` (included). Backdating is allowed and logged. `by` none: set-up by command only.

    Raises RuleBroken where `by` may not enter this post, where a secretary is still in office, or the post is held already.
    """
    if by is not None and not rules.can_enter_post(by, organization, kind, person, today):
        raise RuleBroken(_("You cannot enter this post. %(who)s") % {"who": who_enters(kind)})
    if group is not None and group.organization_id != organization.pk:
        raise RuleBroken(_("This group belongs to another branch."))
    if organization.founded_on and starts_on < organization.founded_on:
        raise RuleBroken(_("“%(name)s” was founded later than that day.") % {"name": organization})
    if organization.dissolved_on and starts_on >= organization.dissolved_on:
        raise RuleBroken(_("“%(name)s” has been dissolved.") % {"name": organization})
    try:
        with transaction.atomic():
            post = Post.objects.create(
                person=person, organization=organization, kind=kind, starts_on=starts_on, entered_by=by, group=group
            )
    except IntegrityError as error:
        if "post_one_secretary" in str(error):
            raise RuleBroken(_("The branch has a secretary over these days. End that post first.")) from None
        if "post_once_a_person" in str(error):
            raise RuleBroken(_("%(name)s already holds this post over these days.") % {"name": person}) from None
        raise
    note = "backdated" if starts_on < today else ""
    audit(by=by, action="post_start", subject=post, organization_id=organization.pk, fields=[kind], note=note)
    registry.on_structure(organization.pk)
    return post


@transaction.atomic
def post_end(*, post: Post, ends_before: date, by: "User | None", today: date) -> None:
    """End a post: `ends_before` is the first day without it. Reach ends with the next request."""
    if by is not None and not rules.can_enter_post(by, post.organization, post.kind, post.person, today):
        raise RuleBroken(_("You cannot end this post. %(who)s") % {"who": who_enters(post.kind)})
    if ends_before <= post.starts_on:
        raise RuleBroken(_("A post ends after it began, on %(day)s.") % {"day": post.starts_on.isoformat()})
    if not Post.objects.filter(pk=post.pk, ends_before=None).update(ends_before=ends_before):
        raise EditConflict(_("Someone else has just ended this post."))
    post.ends_before = ends_before
    note = "backdated" if ends_before < today else ""
    audit(by=by, action="post_end", subject=post, organization_id=post.organization_id, fields=[post.kind], note=note)
    registry.on_structure(post.organization_id)


def who_enters(kind: str) -> str:
    """One sentence that says whom to ask."""
    if kind == Post.Kind.AFFAIRS_WORKER:
        return _("Staff are entered by the administrator.")
    if kind in rules.BY_SECRETARY:
        return _("Committee members and group leaders are entered by the branch secretary.")
    return _("Secretaries are entered by the staff of the committee above.")
