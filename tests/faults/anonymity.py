"""An attacker without keys against anonymous surveys: who wrote which of the texts that the committee reads?

He has every row of the database with its system columns before the first answer, after each of them and after closing, every
SQL statement with its values (a server that logs everything), and from the web log who handed in when and how long it took. He
pairs people with texts by every order he can make of either, learns on surveys whose truth he is told which pair of orders
serves him best, and uses that one on the surveys that count. Chance finds one of `PEOPLE`.
"""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from math import exp, lgamma, log, log1p
from time import perf_counter
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.surveys import results
from apps.surveys.models import Survey
from apps.surveys.services import answering, editing
from tests.factories import surveys as ask
from tests.factories.branches import TODAY

PEOPLE = 20
ABOUT = {"surveys_survey": "id", "surveys_participation": "survey_id", "surveys_box": "survey_id",
         "surveys_namedanswer": "survey_id", "surveys_result": "survey_id", "surveys_question": "survey_id"}  # fmt: skip
Dump = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Seen:
    """One survey as the attacker has it. `arrived` are people in the order of the web log."""

    arrived: list[int]
    took: list[float]
    dumps: list[Dump]  # before, after each answer, after closing
    statements: list[list[str]]
    texts: list[str]  # as published


def dump(survey: Survey) -> Dump:
    found: Dump = {}
    with connection.cursor() as cursor:
        for table, key in ABOUT.items():
            cursor.execute(f"SELECT ctid::text, xmin::text, xmax::text, * FROM {table} WHERE {key} = %s", [survey.pk])
            names = [column[0] for column in cursor.description]
            found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def hold(branch: Organization, keeper: User, people: Sequence[User], number: int) -> tuple[Seen, dict[int, str]]:
    """One survey from opening to result, watched; and the truth, which the attacker does not have."""
    survey = ask.opened(branch, keeper)
    truth, order = {}, random.sample(list(people), len(people))
    dumps, statements, took = [dump(survey)], [], []
    for user in order:
        person: int = user.reach.person_id
        truth[person] = f"{number}:" + random.choice("甲乙丙丁戊己庚辛") * random.randint(1, 400) + f"{random.random()}"
        connection.queries_log.clear()  # it keeps nine thousand, and counts from the end once it is full
        with CaptureQueriesContext(connection) as captured:
            began = perf_counter()
            answering.answer(survey=survey, by=user, today=TODAY, answers=[random.randrange(2), truth[person]])
            took.append(perf_counter() - began)
        statements.append([one["sql"] for one in captured.captured_queries])
        dumps.append(dump(survey))
    editing.survey_close(survey=survey, today=TODAY)
    survey = Survey.objects.select_related("result").get(pk=survey.pk)
    dumps.append(dump(survey))
    shown = results.read(survey, list(survey.questions.all()), with_texts=True).shown
    assert shown is not None
    return Seen([user.reach.person_id for user in order], took, dumps, statements, shown[1].texts), truth


def _box(one: Dump) -> bytes:
    return bytes(one["surveys_box"][0]["sealed"])


def _ranked(seen: Seen, key: Callable[[dict[str, Any]], Any]) -> list[int]:
    """People by their rows after the last answer."""
    return [row["person_id"] for row in sorted(seen.dumps[-2]["surveys_participation"], key=key)]


def _by(seen: Seen, values: Sequence[Any]) -> list[int]:
    return [person for _value, _place, person in sorted(zip(values, range(PEOPLE), seen.arrived, strict=True))]


def _place(row: dict[str, Any]) -> tuple[int, ...]:
    return tuple(map(int, row["ctid"].strip("()").split(",")))


ORDERS_OF_PEOPLE: dict[str, Callable[[Seen], list[int]]] = {
    "time of the web log": lambda seen: seen.arrived,
    "how long it took": lambda seen: _by(seen, seen.took),
    "place of the row on disk": lambda seen: _ranked(seen, _place),
    "transaction of the row": lambda seen: _ranked(seen, lambda row: (int(row["xmin"]), _place(row))),
    "number of the row": lambda seen: _ranked(seen, lambda row: row["id"]),
    "growth of the box": lambda seen: _by(
        seen, [len(_box(two)) - len(_box(one)) for one, two in zip(seen.dumps, seen.dumps[1:-1], strict=False)]
    ),
    "first bytes of the box": lambda seen: _by(seen, [_box(one)[4:16] for one in seen.dumps[1:-1]]),
    "last bytes of the box": lambda seen: _by(seen, [_box(one)[-16:] for one in seen.dumps[1:-1]]),
    "length of the statements": lambda seen: _by(
        seen, [sum(map(len, now)) - place * 2 * len(_box(seen.dumps[1])) for place, now in enumerate(seen.statements)]
    ),
}
ORDERS_OF_TEXTS: dict[str, Callable[[Seen], list[str]]] = {
    "as published": lambda seen: seen.texts,
    "from the end": lambda seen: seen.texts[::-1],
    "by length": lambda seen: sorted(seen.texts, key=len),
    "by words": lambda seen: sorted(seen.texts),
}
Attack = tuple[str, str]


def hits(seen: Seen, truth: dict[int, str], attack: Attack) -> int:
    people, texts = ORDERS_OF_PEOPLE[attack[0]](seen), ORDERS_OF_TEXTS[attack[1]](seen)
    return sum(truth[person] == text for person, text in zip(people, texts, strict=True))


def plain_words(seen: Seen, truth: dict[int, str]) -> int:
    """Texts that stand readable in a dump or in a logged statement, whoever wrote them."""
    heap = "".join(
        f"{bytes(value).decode('utf-8', 'ignore') if isinstance(value, bytes | memoryview) else value}"
        for one in seen.dumps
        for rows in one.values()
        for row in rows
        for value in row.values()
    ) + "".join(sql for now in seen.statements for sql in now)
    return sum(text in heap for text in truth.values())


def bound(trials: int, chance: float, level: float = 0.99) -> int:
    """The smallest number of hits that chance alone stays at or under with this probability."""
    total = 0.0
    for hit in range(trials + 1):
        choose = lgamma(trials + 1) - lgamma(hit + 1) - lgamma(trials - hit + 1)
        total += exp(choose + hit * log(chance) + (trials - hit) * log1p(-chance))
        if total >= level:
            return hit
    return trials


@dataclass(frozen=True, slots=True)
class Outcome:
    attack: Attack
    surveys: int
    hits: int
    bound: int
    readable: int

    @property
    def is_within_chance(self) -> bool:
        return self.hits <= self.bound and self.readable == 0

    def __str__(self) -> str:
        rate = self.hits / (self.surveys * PEOPLE)
        return (
            f"{self.surveys} surveys of {PEOPLE}: {self.hits} of {self.surveys * PEOPLE} texts laid at the right door "
            f"({rate:.2%}, chance {1 / PEOPLE:.2%}, upper 99 % bound {self.bound}), by “{' × '.join(self.attack)}”; "
            f"readable in dumps and statements: {self.readable}"
        )


def attack(branch: Organization, keeper: User, people: Sequence[User], *, surveys: int, learning: int) -> Outcome:
    learned: Counter[Attack] = Counter()
    for number in range(learning):
        seen, truth = hold(branch, keeper, people, number)
        for one in product(ORDERS_OF_PEOPLE, ORDERS_OF_TEXTS):
            learned[one] += hits(seen, truth, one)
    best = learned.most_common(1)[0][0]
    found = readable = 0
    for number in range(surveys):
        seen, truth = hold(branch, keeper, people, number)
        found += hits(seen, truth, best)
        readable += plain_words(seen, truth)
    return Outcome(best, surveys, found, bound(surveys * PEOPLE, 1 / PEOPLE), readable)
