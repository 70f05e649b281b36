"""A whole batch taken back within a day. Whoever has been touched since stays as they are, and is listed."""

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import ForeignKey, OneToOneField
from django.utils.dateparse import parse_date

from apps.branches.models import Membership, Person, Post
from apps.core import keyring
from apps.members.importing.writing import KEPT_PERSON, ROW_FIELDS, SIZE, bound_to, plain, state_of
from apps.members.models import ImportBatch, ImportChange, MemberDetails
from apps.members.services import DETAIL_FIELDS

OURS = (Membership, Post, MemberDetails)


def take_back(batch: ImportBatch) -> tuple[list[Person], list[ImportChange]]:
    """Inside the caller's transaction, with the branch locked. People restored, and changes that were skipped."""
    changes = {change.person_id: change for change in batch.changes.all()}
    people = {
        person.pk: person
        for person in Person.objects.filter(pk__in=changes).select_related("details").select_for_update(of=["self"])
    }
    rows: dict[int, list[Membership]] = {pk: [] for pk in people}
    for row in Membership.objects.filter(person__in=people, organization=batch.organization).order_by("starts_on"):
        rows[row.person_id].append(row)
    open_posts = set(Post.objects.filter(person__in=people, ends_before=None).values_list("pk", flat=True))
    new = [pk for pk, change in changes.items() if change.is_new]
    needed = _mentioned_elsewhere(new, batch) | set(
        Membership.objects.filter(person__in=new)
        .exclude(organization=batch.organization)
        .values_list("person_id", flat=True)
    )
    restored, skipped, to_restore = [], [], []
    for pk, change in changes.items():
        person = people.get(pk)
        kept = json.loads(keyring.unseal(change.sealed, bound_to=bound_to(batch, pk)))
        if person is None or pk in needed or not _is_untouched(person, rows[pk], kept, open_posts):
            change.was_skipped = True
            skipped.append(change)
        else:
            restored.append(person)
            to_restore.append((person, kept, change.is_new))
    _restore(to_restore, rows)
    ImportChange.objects.bulk_update(skipped, ["was_skipped"], batch_size=SIZE)
    return restored, skipped


def _is_untouched(person: Person, rows: list[Membership], kept: dict[str, Any], open_posts: set[int]) -> bool:
    if not set(kept["posts"]) <= open_posts:
        return False
    if kept["before"] is None and person.user_id is not None:
        return False
    now = json.loads(plain(state_of(person, getattr(person, "details", None), rows)))
    return all(now[part] == kept["after"][part] for part in ("rows", "details", "person"))


def _mentioned_elsewhere(people: list[int], batch: ImportBatch) -> set[int]:
    """New people that something else in the database speaks of by now: attendance, a task, a post entered by hand."""
    found: set[int] = set()
    for relation in Person._meta.related_objects:
        field = relation.field
        if isinstance(field, ForeignKey | OneToOneField) and relation.related_model not in OURS:
            mentions = relation.related_model._base_manager.filter(**{f"{field.name}__in": people})
            found.update(mentions.values_list(field.attname, flat=True))
    ours = set(_post_ids(batch))
    others = Post.objects.filter(person__in=people).exclude(pk__in=ours)
    return found | set(others.values_list("person_id", flat=True))


def _post_ids(batch: ImportBatch) -> Iterable[int]:
    for change in batch.changes.all():
        yield from json.loads(keyring.unseal(change.sealed, bound_to=bound_to(batch, change.person_id)))["posts"]


def _restore(chosen: list[tuple[Person, dict[str, Any], bool]], rows: dict[int, list[Membership]]) -> None:
    """Rows that are too many go first, so that days do not overlap on the way back."""
    posts = [pk for __, kept, __ in chosen for pk in kept["posts"]]
    Post.objects.filter(pk__in=posts).delete()
    gone = [person.pk for person, __, is_new in chosen if is_new]
    Membership.objects.filter(person__in=gone).delete()
    MemberDetails.objects.filter(person__in=gone).delete()
    Person.objects.filter(pk__in=gone).delete()
    people, changed_rows, extra_rows, extra_details, changed_details = [], [], [], [], []
    person_fields, row_fields, detail_fields = set(), set(), set()
    for person, kept, is_new in chosen:
        if is_new:
            continue
        before = kept["before"]
        old = {row["pk"]: row for row in before["rows"]}
        for row in rows[person.pk]:
            if row.pk not in old:
                extra_rows.append(row.pk)
            elif differing := _set(row, old[row.pk], ROW_FIELDS, Membership):
                row_fields |= differing
                changed_rows.append(row)
        details = getattr(person, "details", None)
        if details and before["details"] is None:
            extra_details.append(person.pk)
        elif details and (differing := _set(details, before["details"], DETAIL_FIELDS, MemberDetails)):
            detail_fields |= differing
            changed_details.append(details)
        person_fields |= _set(person, before["person"], KEPT_PERSON, Person)
        person.version += 1
        people.append(person)
    Membership.objects.filter(pk__in=extra_rows).delete()
    MemberDetails.objects.filter(pk__in=extra_details).delete()
    _update(Membership, changed_rows, row_fields)
    _update(MemberDetails, changed_details, detail_fields)
    _update(Person, people, person_fields | {"version"})


def _update(model: Any, rows: list[Any], fields: set[str]) -> None:
    """Only what differs: a statement over all columns of five hundred rows takes seconds."""
    if rows:
        model.objects.bulk_update(rows, sorted(field.removesuffix("_id") for field in fields), batch_size=SIZE)


def _set(target: Any, values: dict[str, Any], names: Iterable[str], model: Any) -> set[str]:
    """From plain values; answers the names of what differed."""
    differed = set()
    for name in names:
        value = values[name]
        if isinstance(value, str):
            kind = model._meta.get_field(name.removesuffix("_id")).get_internal_type()
            if kind == "BinaryField":
                value = bytes.fromhex(value)
            elif kind == "DateField":
                value = parse_date(value)
            elif kind == "DecimalField":
                value = Decimal(value)
        current = getattr(target, name)
        if isinstance(current, memoryview):
            current = bytes(current)
        if current != value:
            setattr(target, name, value)
            differed.add(name)
    return differed
