"""A plan written to the roster in bulk: a fixed number of statements per five hundred rows, all of it or nothing."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder

from apps.branches import services as branches
from apps.branches.models import Membership, PartyGroup, Person, Post
from apps.branches.registry import on_structure
from apps.core import keyring
from apps.core.models import AuditEntry
from apps.members.history import STORED, Timeline
from apps.members.importing.membership import Start
from apps.members.importing.plan import NEW, Plan, RowPlan
from apps.members.importing.snapshot import Known
from apps.members.models import ImportBatch, ImportChange, MemberDetails
from apps.members.services import DETAIL_FIELDS, PERSON_FIELDS

if TYPE_CHECKING:
    from apps.accounts.models import User

SIZE = 500
NAME_FIELDS = ("name", "stroke_key", "search_keys")
NUMBER_FIELDS = ("id_number_sealed", "id_number_hash", "id_number_masked")
KEPT_PERSON = (*NAME_FIELDS, *NUMBER_FIELDS, *PERSON_FIELDS, "organization_id")
ROW_FIELDS = ("group_id", *STORED[1:])


@dataclass(slots=True)
class Work:
    """Everything to be written, gathered before the first statement. `before`: the record of a known person as it was."""

    batch: ImportBatch
    by: "User"
    groups: dict[str, PartyGroup]
    new_people: list[Person] = field(default_factory=list)
    knowns: list[Known] = field(default_factory=list)
    person_fields: set[str] = field(default_factory=set)
    new_details: list[MemberDetails] = field(default_factory=list)
    details: list[MemberDetails] = field(default_factory=list)
    detail_fields: set[str] = field(default_factory=set)
    changed_rows: list[Membership] = field(default_factory=list)
    new_rows: list[Membership] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    before: dict[int, dict[str, Any]] = field(default_factory=dict)
    audited: dict[int, tuple[str, list[str]]] = field(default_factory=dict)


def write(plan: Plan, *, batch: ImportBatch, by: "User", today: date) -> None:
    """Inside the caller's transaction, with the branch locked."""
    groups = dict(plan.snapshot.groups)
    for name in plan.new_groups:
        groups[name] = branches.group_create(organization=batch.organization, name=name, starts_on=batch.since, by=by)
    work = Work(batch, by, groups)
    chosen = [each for each in plan.rows if each.writes]
    fresh = [each for each in chosen if each.kind == NEW]
    for each in fresh:
        work.new_people.append(_new_person(each, work))
    Person.objects.bulk_create(work.new_people, batch_size=SIZE)
    for each, person in zip(fresh, work.new_people, strict=True):
        _gather_new(each, person, work)
    for each in chosen:
        if each.known:
            _gather_known(each, work)
    _save(work)
    _audit(work, today)
    _remember(work)
    on_structure(batch.organization_id)


def _new_person(each: RowPlan, work: Work) -> Person:
    person = Person(organization=work.batch.organization, created_by=work.by)
    branches.person_named(person, each.row.values["name"])
    branches.person_id_number(person, each.id_number)
    for difference in each.differences:
        for attribute, value in difference.person.items():
            setattr(person, attribute, value)
    return person


def _gather_new(each: RowPlan, person: Person, work: Work) -> None:
    details = {name: value for difference in each.differences for name, value in difference.details.items()}
    if details:
        work.new_details.append(MemberDetails(person=person, **details))
    work.new_rows += _first_rows(each.start, person, work)
    work.posts += _posts(each, person, work)
    work.audited[person.pk] = ("person_create", [])


def _first_rows(start: Start, person: Person, work: Work) -> list[Membership]:
    """Two rows where somebody became a full member after the beginning: who may vote stays right for every day."""
    state = {name: value for name, value in start.state.items() if name != "group"}
    common = {
        "person": person,
        "organization": work.batch.organization,
        "group": work.groups.get(start.state["group"]),
        **state,
    }
    if start.full_from is None:
        return [Membership(category=start.category, starts_on=start.on, **common)]
    return [
        Membership(
            category=Membership.Category.PROBATIONARY, starts_on=start.on, ends_before=start.full_from, **common
        ),
        Membership(category=start.category, starts_on=start.full_from, **common),
    ]


def _posts(each: RowPlan, person: Person, work: Work) -> list[Post]:
    return [
        Post(
            person=person,
            organization=work.batch.organization,
            kind=post.kind,
            starts_on=post.starts_on,
            entered_by=work.by,
            group=work.groups[post.group] if post.group else None,
        )
        for post in each.posts
    ]


def _gather_known(each: RowPlan, work: Work) -> None:
    known, person = each.known, each.known.person
    work.before[person.pk] = state_of(person, known.details, known.rows)
    fields: set[str] = set()
    if each.name:
        branches.person_named(person, each.name)
        fields.update(NAME_FIELDS)
    if each.id_number:
        branches.person_id_number(person, each.id_number)
        fields.update(NUMBER_FIELDS)
    details: dict[str, Any] = {}
    for difference in each.differences:
        details |= difference.details
        for attribute, value in difference.person.items():
            setattr(person, attribute, value)
            fields.add(attribute)
    if details:
        _gather_details(known, details, work)
    timeline = Timeline(known.rows)
    for turn in each.turns:
        values = dict(turn.values)
        if "group" in values:
            group = work.groups.get(values.pop("group"))
            values["group_id"] = group.pk if group else None
        timeline.change(turn.day, **values)
    if each.start:
        timeline.rows += _first_rows(each.start, person, work)
    work.changed_rows += timeline.changed
    work.new_rows += timeline.added
    known.rows = timeline.rows
    work.posts += _posts(each, person, work)
    person.version += 1
    work.knowns.append(known)
    work.person_fields |= fields
    work.audited[person.pk] = (
        "person_change",
        sorted(fields | details.keys() | {name for turn in each.turns for name in turn.values}),
    )


def _gather_details(known: Known, values: dict[str, Any], work: Work) -> None:
    if known.details is None:
        known.details = MemberDetails(person=known.person, **values)
        work.new_details.append(known.details)
        return
    for name, value in values.items():
        setattr(known.details, name, value)
    work.details.append(known.details)
    work.detail_fields |= values.keys()


def _save(work: Work) -> None:
    """Closed membership rows before new ones: the database refuses two rows for one day."""
    people = [known.person for known in work.knowns]
    Person.objects.bulk_update(people, [*sorted(work.person_fields), "version"], batch_size=SIZE)
    MemberDetails.objects.bulk_create(work.new_details, batch_size=SIZE)
    if work.details:
        MemberDetails.objects.bulk_update(work.details, sorted(work.detail_fields), batch_size=SIZE)
    Membership.objects.bulk_update(work.changed_rows, STORED, batch_size=SIZE)
    Membership.objects.bulk_create(work.new_rows, batch_size=SIZE)
    Post.objects.bulk_create(work.posts, batch_size=SIZE)


def _audit(work: Work, today: date) -> None:
    """One line a person, as if each had been entered by hand, and one for each post."""
    common = {"actor": work.by, "organization_id": work.batch.organization_id}
    entries = [
        AuditEntry(
            action=action,
            subject="branches.person",
            subject_id=pk,
            fields=fields,
            note=f"import {work.batch.public_id}",
            **common,
        )
        for pk, (action, fields) in work.audited.items()
    ]
    entries += [
        AuditEntry(
            action="post_start",
            subject="branches.post",
            subject_id=post.pk,
            fields=[post.kind],
            note="backdated" if post.starts_on < today else "",
            **common,
        )
        for post in work.posts
    ]
    AuditEntry.objects.bulk_create(entries, batch_size=SIZE)


# --- For the undo ---------------------------------------------------------------------------------------------------------


def state_of(person: Person, details: MemberDetails | None, rows: Sequence[Membership]) -> dict[str, Any]:
    """Everything of one record an import may change, as plain values."""
    kept = {name: getattr(person, name) for name in KEPT_PERSON}
    for name in ("id_number_sealed", "id_number_hash"):
        kept[name] = bytes(kept[name]).hex() if kept[name] else None
    return {
        "person": kept,
        "details": {name: getattr(details, name) for name in DETAIL_FIELDS} if details else None,
        "rows": [{"pk": row.pk, **{name: getattr(row, name) for name in ROW_FIELDS}} for row in rows],
    }


def plain(state: Any) -> str:
    return json.dumps(state, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)


def _remember(work: Work) -> None:
    """Before and after, sealed: an undo takes back only what nobody has touched since."""
    rows_of: dict[int, list[Membership]] = defaultdict(list)
    for row in work.new_rows:
        rows_of[row.person_id].append(row)
    posts_of: dict[int, list[int]] = defaultdict(list)
    for post in work.posts:
        posts_of[post.person_id].append(post.pk)
    details_of = {details.person_id: details for details in work.new_details}
    written = [(person, details_of.get(person.pk), rows_of[person.pk]) for person in work.new_people]
    written += [(known.person, known.details, known.rows) for known in work.knowns]
    changes = []
    for person, details, rows in written:
        state = {
            "before": work.before.get(person.pk),
            "after": state_of(person, details, rows),
            "posts": posts_of[person.pk],
        }
        changes.append(
            ImportChange(
                batch=work.batch,
                person_id=person.pk,
                is_new=person.pk not in work.before,
                name=person.name,
                sealed=keyring.seal(plain(state), bound_to=bound_to(work.batch, person.pk)),
            )
        )
    ImportChange.objects.bulk_create(changes, batch_size=SIZE)


def bound_to(batch: ImportBatch, person_id: int) -> str:
    return f"import:{batch.public_id}:change:{person_id}"
