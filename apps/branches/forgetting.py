"""The right to be forgotten: a person's name and data leave every table; records, numbers and dates stay.

Runs as the owner role: filed records and what was handed in are guarded by triggers that the application cannot pass. Who was
forgotten is noted in a file beside the database, by public id alone, so that a restored backup forgets them before it opens.
"""

import json
from collections.abc import Collection, Iterator
from datetime import date, datetime
from functools import reduce
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, Replace
from django.utils import timezone

from apps.accounts import services as accounts
from apps.branches import names
from apps.branches.models import Membership, Organization, Person, Post
from apps.core.models import audit

MARK = "某"  # stands for each character of the name: as long as it was, so that it fits wherever that stood
SAVED = 0xE000  # private characters that stand for the names of others while this one is taken out
DEPTH = 3  # steps from a row to the organization or the person it belongs to
TEXTS = (models.CharField, models.TextField, models.JSONField, ArrayField)


def list_file() -> Path:
    return Path(settings.HOME) / "forgotten.jsonl"


@transaction.atomic
def person_forget(*, person: Person, today: date) -> int:
    """How many rows held the name. Twice is harmless. Words that are sealed go on their own day; files are not read.

    Names of other people there that contain this one stay as they are; whoever has the very same name in the same branch is
    indistinguishable in free text and loses the name there, not in the roster.
    """
    name, places = person.name, _places(person)
    others, written = _others(name, places), _models() if name.strip(MARK) else ()
    changed = sum(_take_out(model, name, others, places, person) for model in written)
    _empty(person)
    if person.user is not None:
        _close(person)
    audit(by=None, action="person_forgotten", subject=person, organization_id=person.organization_id, note=str(changed))
    _note(person, today)
    return changed


def on_prepared(now: datetime) -> None:
    """Registered with `core.backup`: a backup is older than what was forgotten since."""
    forget_again(timezone.localdate(now))


def forget_again(today: date) -> int:
    """After a restore: everybody on the list who has a name again. How many."""
    if not list_file().exists():
        return 0
    ids = {json.loads(line)["person"] for line in list_file().read_text().splitlines() if line.strip()}
    back = [one for one in Person.objects.filter(public_id__in=ids).order_by("pk") if one.name.strip(MARK)]
    for one in back:
        person_forget(person=one, today=today)
    return len(back)


def _places(person: Person) -> list[int]:
    """Wherever the person ever belonged or held a post, and every level above, since these write about it too."""
    rows = [Membership.objects.filter(person=person), Post.objects.filter(person=person)]
    ids = {person.organization_id, *(pk for found in rows for pk in found.values_list("organization_id", flat=True))}
    here = Organization.objects.filter(pk__in=ids)
    paths = {path for one in here for path in (*one.ancestor_paths, one.path)}
    return list(Organization.objects.filter(path__in=paths).values_list("pk", flat=True))


def _others(name: str, places: Collection[int]) -> list[str]:
    longer = Person.objects.filter(organization__in=places, name__contains=name).exclude(name=name)
    return sorted(set(longer.values_list("name", flat=True)), key=len, reverse=True)


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy and model not in (Person, Organization):
            yield model


def _ways(model: type[models.Model], target: type[models.Model], depth: int = DEPTH) -> Iterator[str]:
    """Lookups that lead from a row of `model` to one of `target`."""
    for field in model._meta.concrete_fields:
        related = field.related_model
        if not isinstance(field, models.ForeignKey) or related is None or related is model:
            continue
        if related is target:
            yield field.name
        elif depth > 1 and related is not Organization and related is not Person:
            yield from (f"{field.name}__{way}" for way in _ways(related, target, depth - 1))


def _take_out(model: type[models.Model], name: str, others: list[str], places: Collection[int], person: Person) -> int:
    fields = [
        one for one in model._meta.concrete_fields if isinstance(one, TEXTS) and not one.choices and not one.unique
    ]
    ways = [Q(**{f"{way}__in": places}) for way in _ways(model, Organization)]
    ways += [Q(**{way: person}) for way in _ways(model, Person)]
    if not fields or not ways:
        return 0
    texts = {field.name: Cast(F(field.name), TextField()) for field in fields}
    holds = reduce(lambda some, one: some | Q(**{f"{one}_as_text__contains": name}), texts, Q(pk__in=()))
    rows = model._default_manager.filter(reduce(lambda some, one: some | one, ways))
    rows = rows.annotate(**{f"{one}_as_text": text for one, text in texts.items()}).filter(holds)
    found = list(rows.order_by().values_list("pk", flat=True).distinct())
    if not found:
        return 0
    changes = {field.name: Cast(_without(texts[field.name], name, others), field) for field in fields}
    with _unguarded(model._meta.db_table):
        model._default_manager.filter(pk__in=found).update(**changes)
    return len(found)


def _without(text: Any, name: str, others: list[str]) -> Any:
    for number, other in enumerate(others):
        text = Replace(text, Value(other), Value(chr(SAVED + number)))
    text = Replace(text, Value(name), Value(MARK * len(name)))
    for number, other in enumerate(others):
        text = Replace(text, Value(chr(SAVED + number)), Value(other))
    return text


class _unguarded:
    """Without the table's own triggers, for the length of a block inside the transaction."""

    def __init__(self, table: str) -> None:
        self.table = connection.ops.quote_name(table)

    def __enter__(self) -> None:
        self._say("DISABLE")

    def __exit__(self, *problem: object) -> None:
        if problem[0] is None:  # a failed transaction takes the change back by itself
            self._say("ENABLE")

    def _say(self, what: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while something waits for its check
            cursor.execute(f"ALTER TABLE {self.table} {what} TRIGGER USER")


def _empty(person: Person) -> None:
    """What identifies goes; dates that decide who was expected and could vote stay."""
    person.name = MARK * len(person.name)
    for field in (
        "sex", "ethnicity", "native_place", "education", "occupation", "work_post", "mobile_phone", "landline", "address",
        "remarks", "introducers", "id_number_masked",
    ):  # fmt: skip
        setattr(person, field, "")
    person.born_on = person.works_since = None
    person.id_number_sealed = person.id_number_hash = None
    person.stroke_key, person.search_keys = names.stroke_key(person.name), ""
    person.save()


def _close(person: Person) -> None:
    user = person.user
    if user.is_active:
        accounts.account_close(user=user, by=None, organization_id=person.organization_id, note="forgotten")
    type(user).objects.filter(pk=user.pk).update(
        username=f"forgotten-{person.public_id}", email="", email_confirmed_at=None
    )
    user.set_unusable_password()
    user.save(update_fields=["password"])


def _note(person: Person, today: date) -> None:
    line = json.dumps({"person": person.public_id, "on": today.isoformat()})
    known = list_file().read_text() if list_file().exists() else ""
    if f'"{person.public_id}"' not in known:
        with list_file().open("a") as file:
            file.write(line + "\n")
