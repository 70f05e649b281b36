"""Every change to one person's record on the roster. Imports write in bulk and by the same rules: `importing`."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.branches import rules as branch_rules
from apps.branches import services as branches
from apps.branches.models import Membership, NotCounted, Organization, PartyGroup, Person, Post
from apps.core import keyring
from apps.core.days import long_day
from apps.core.errors import EditConflict, RuleBroken
from apps.core.models import audit
from apps.members import ending, history, rules
from apps.members.models import MemberDetails

if TYPE_CHECKING:
    from apps.accounts.models import User

PERSON_FIELDS = (
    "sex",
    "ethnicity",
    "born_on",
    "born_precision",
    "native_place",
    "education",
    "occupation",
    "work_post",
    "works_since",
    "works_since_precision",
    "mobile_phone",
    "landline",
    "address",
    "remarks",
    "applied_on",
    "admitted_on",
    "admitted_precision",
    "full_member_on",
    "full_member_precision",
    "introducers",
)
DETAIL_FIELDS = (
    "applied_precision",
    "activist_on",
    "activist_precision",
    "candidate_on",
    "candidate_precision",
    "admitted_at",
    "confirmed_at",
    "dues_standard",
    "honors",
    "staff_number",
)


def open_rows(person: Person, organization: Organization) -> list[Membership]:
    """The person's memberships in the branch, oldest first, locked until the transaction ends."""
    return list(person.memberships.filter(organization=organization).select_for_update().order_by("starts_on"))


def details_of(person: Person) -> MemberDetails:
    """The row, or an unsaved empty one."""
    return MemberDetails.objects.filter(person=person).first() or MemberDetails(person=person)


@transaction.atomic
def member_create(
    *,
    organization: Organization,
    by: "User",
    name: str,
    id_number: str,
    category: str,
    starts_on: date,
    group: PartyGroup | None,
    is_hosted: bool,
    values: Mapping[str, Any],
) -> Person:
    """A person new to the branch, with membership from `starts_on` (included).

    RuleBroken for a person of the same name who cannot be told apart, and for an ID number in another roster.
    """
    _refuse_strangers(by, organization)
    _refuse_other_group(organization, group)
    fields = {field: values[field] for field in PERSON_FIELDS if field in values}
    person = branches.person_create(organization=organization, name=name, by=by, id_number=id_number, **fields)
    twins = Person.objects.filter(organization=organization, name=person.name).exclude(pk=person.pk)
    unlike = {twin.born_on for twin in twins if twin.born_on and person.born_on and twin.born_on != person.born_on}
    if len(unlike) != len(twins):
        raise RuleBroken(
            _("%(name)s is already on record here. For another person of this name, fill in the date of birth of both.")
            % {"name": person.name}
        )
    if (
        any(values.get(field) for field in DETAIL_FIELDS if not field.endswith("_precision"))
        or "applied_precision" in values
    ):
        _save_details(person, values)
    branches.membership_start(
        person=person,
        organization=organization,
        category=category,
        starts_on=starts_on,
        by=by,
        group=group,
        is_hosted=is_hosted,
    )
    return person


@transaction.atomic
def person_change(
    *, person: Person, by: "User", version: int, name: str, id_number: str | None, values: Mapping[str, Any]
) -> list[str]:
    """Change the record. `version` is the one the user saw: EditConflict if it moved on. Answers the names of what changed.

    `id_number` None leaves the number as it is.
    """
    if not rules.can_keep(by, person):
        raise RuleBroken(_("Only the branch committee keeps this record."))
    current = Person.objects.select_for_update().get(pk=person.pk)
    if current.version != version:
        raise EditConflict(_("Someone else has just changed this. Compare the two, then save again."))
    changed = [field for field in PERSON_FIELDS if field in values and getattr(current, field) != values[field]]
    for field in changed:
        setattr(current, field, values[field])
    written = [*changed, "version"]
    before = current.name
    branches.person_named(current, name)
    if current.name != before:
        changed.append("name")
        written += ["name", "stroke_key", "search_keys"]
    if id_number is not None and _other_number(current, id_number):
        branches.person_id_number(current, id_number)
        changed.append("id_number")
        written += ["id_number_sealed", "id_number_hash", "id_number_masked"]
    changed += _save_details(current, values)
    if not changed:
        return []
    current.version = version + 1
    try:
        with transaction.atomic():
            current.save(update_fields=written)
    except IntegrityError as error:
        if "id_number_hash" in str(error):
            raise RuleBroken(
                _("This ID number is already registered elsewhere. Ask the committee above to check.")
            ) from None
        raise
    audit(by=by, action="person_change", subject=current, organization_id=current.organization_id, fields=changed)
    return changed


def _other_number(person: Person, number: str) -> bool:
    known = bytes(person.id_number_hash) if person.id_number_hash else None
    return known != (keyring.fingerprint(number, purpose="id_number") if number else None)


def _save_details(person: Person, values: Mapping[str, Any]) -> list[str]:
    details = details_of(person)
    changed = [field for field in DETAIL_FIELDS if field in values and getattr(details, field) != values[field]]
    for field in changed:
        setattr(details, field, values[field])
    if changed:
        details.save()
    return changed


@transaction.atomic
def membership_change(
    *, person: Person, organization: Organization, by: "User", version: int, from_day: date, today: date, **values: Any
) -> bool:
    """From `from_day` (included) on the membership is as `values` say; the days before stay as they were.

    Answers whether anything changed. RuleBroken for a day outside the membership or in the future, for a group of another
    branch, and for a full member who would become probationary again.
    """
    if organization.pk not in by.reach.committee_of:
        raise RuleBroken(_("Only the branch committee keeps this record."))
    _refuse_other_group(organization, values.get("group"))
    if from_day > today:
        raise RuleBroken(_("Choose today or an earlier day."))
    if "group" in values:
        group = values.pop("group")
        values["group_id"] = group.pk if group else None
    timeline = history.Timeline(open_rows(person, organization))
    full, probationary = Membership.Category.FULL, Membership.Category.PROBATIONARY
    was_full = any(row.category == full and row.starts_on < from_day for row in timeline.rows)
    if values.get("category") == probationary and was_full:
        raise RuleBroken(_("A full member does not become probationary again."))
    try:
        timeline.change(from_day, **values)
    except history.OutsideHistory:
        first = long_day(timeline.rows[0].starts_on) if timeline.rows else ""
        raise RuleBroken(
            _("The membership here began on %(day)s. Choose a day from then on.") % {"day": first}
        ) from None
    if not timeline.is_changed:
        return False
    _next_version(person, version)
    for row in timeline.changed:  # closed rows first: the database refuses two rows for one day
        row.save(update_fields=history.STORED)
    for row in timeline.added:
        row.save(force_insert=True)
    audit(
        by=by,
        action="membership_change",
        subject=person,
        organization_id=organization.pk,
        fields=sorted(values),
        note="backdated" if from_day < today else "",
    )
    return True


def _next_version(person: Person, version: int) -> None:
    if not Person.objects.filter(pk=person.pk, version=version).update(version=F("version") + 1):
        raise EditConflict(_("Someone else has just changed this. Compare the two, then save again."))


@transaction.atomic
def membership_end(
    *,
    person: Person,
    organization: Organization,
    by: "User",
    version: int,
    last_day: date,
    reason: str,
    note: str,
    today: date,
) -> None:
    """The last day of the membership in this branch, included. Posts in the branch that the user may end are ended too.

    RuleBroken while the person holds a post somebody else has to end, and where later rows would begin after that day.
    """
    if organization.pk not in by.reach.committee_of:
        raise RuleBroken(_("Only the branch committee keeps this record."))
    if last_day > today:
        raise RuleBroken(_("Choose today or an earlier day."))
    rows = open_rows(person, organization)
    current = rows[-1] if rows else None
    ends_before = date.fromordinal(last_day.toordinal() + 1)
    if current is None or current.ends_before is not None:
        raise RuleBroken(_("%(name)s is not on the roster any more.") % {"name": person})
    if ends_before <= current.starts_on:
        raise RuleBroken(
            _("The last change took effect on %(day)s. Choose a day from then on.")
            % {"day": long_day(current.starts_on)}
        )
    _next_version(person, version)
    for post in Post.objects.filter(person=person, organization=organization, ends_before=None):
        if not branch_rules.can_enter_post(by, organization, post.kind, person, today):
            raise RuleBroken(
                _("%(name)s is still %(post)s. End that first. %(who)s")
                % {"name": person, "post": post.get_kind_display(), "who": branches.who_enters(post.kind)}
            )
        branches.post_end(
            post=post,
            ends_before=max(ends_before, date.fromordinal(post.starts_on.toordinal() + 1)),
            by=by,
            today=today,
        )
    NotCounted.objects.filter(
        person=person, organization=organization, ends_before=None, starts_on__lt=ends_before
    ).update(ends_before=ends_before)
    current.ends_before, current.end_reason = ends_before, ending.compose(reason, note)
    current.save(update_fields=["ends_before", "end_reason"])
    audit(
        by=by,
        action="membership_end",
        subject=person,
        organization_id=organization.pk,
        fields=[reason],
        note="backdated" if last_day < today else "",
    )


@transaction.atomic
def member_return(
    *,
    person: Person,
    organization: Organization,
    by: "User",
    version: int,
    category: str,
    starts_on: date,
    group: PartyGroup | None,
    today: date,
) -> None:
    """Back on the roster of the branch that kept the record, from `starts_on` (included)."""
    if not rules.can_keep(by, person) or person.organization_id != organization.pk:
        raise RuleBroken(_("Only the branch committee keeps this record."))
    if starts_on > today:
        raise RuleBroken(_("Choose today or an earlier day."))
    _refuse_other_group(organization, group)
    _next_version(person, version)
    branches.membership_start(
        person=person, organization=organization, category=category, starts_on=starts_on, by=by, group=group
    )


@transaction.atomic
def id_number_open(*, person: Person, by: "User") -> str:
    """The ID number in full. That it was opened, and by whom, is noted and shown to the person concerned."""
    if not person.id_number_sealed:
        raise RuleBroken(_("No ID number is on record."))
    audit(by=by, action="id_number_open", subject=person, organization_id=person.organization_id, fields=["id_number"])
    return keyring.unseal(bytes(person.id_number_sealed), bound_to=f"person:{person.public_id}:id_number")


def _refuse_strangers(by: "User", organization: Organization) -> None:
    if organization.pk not in by.reach.committee_of:
        raise RuleBroken(_("Only the branch committee keeps this roster."))


def _refuse_other_group(organization: Organization, group: PartyGroup | None) -> None:
    if group is not None and group.organization_id != organization.pk:
        raise RuleBroken(_("This group belongs to another branch."))
