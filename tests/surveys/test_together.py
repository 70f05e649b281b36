"""Answers that come at the same moment: one a person, none lost, none after closing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from apps.core.errors import RuleBroken
from apps.surveys import sealing
from apps.surveys.models import Box, Result
from apps.surveys.services import answering, editing
from tests.factories import surveys as ask
from tests.factories.branches import TODAY

pytestmark = pytest.mark.django_db(transaction=True)
TRIES, AT_ONCE = 1000, 8


def at_once(*acts: Callable[[], None]) -> list[bool]:
    """Each in a thread and connection of its own, released together; whether it was let in."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], None]) -> bool:
        try:
            gate.wait(timeout=30)
            act()
            return True
        except RuleBroken:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("is_late", [False, True], ids=["asked at opening", "came later"])
def test_of_a_thousand_answers_of_one_person_one_is_taken(world, is_late):
    one = ask.opened(world.branch, world.users["secretary"])
    (user,) = ask.members(world.branch, 1) if is_late else [world.users["member"]]
    taken = []

    def again() -> None:
        for number in range(TRIES // AT_ONCE):
            try:
                answering.answer(survey=one, by=user, today=TODAY, answers=[number % 2, None])
                taken.append(number)
            except RuleBroken:
                continue

    at_once(*[again] * AT_ONCE)
    assert len(taken) == 1
    assert (Box.objects.get().answers, one.participations.filter(has_answered=True).count()) == (1, 1)


def test_answers_at_once_are_all_kept(world):
    """The box is rewritten whole by each; newcomers get their row with the answer."""
    one = ask.opened(world.branch, world.users["secretary"])
    users = [world.users["member"], world.users["group_leader"], *ask.members(world.branch, 6)]
    acts = [lambda user=user, said=str(place): ask.answered(one, user, 0, said) for place, user in enumerate(users)]
    assert at_once(*acts) == [True] * 8
    box = Box.objects.get()
    kept = sealing.opened(bytes(box.sealed), one, sealing.slot(list(one.questions.all())))
    assert sorted(said for _place, said in kept) == sorted(map(str, range(8)))


def test_whoever_is_let_in_at_the_last_moment_is_counted(world):
    one = ask.opened(world.branch, world.users["secretary"])
    users = ask.members(world.branch, 7)
    acts = [lambda user=user: ask.answered(one, user, 0, None) for user in users]
    came = at_once(*acts, lambda: editing.survey_close(survey=one, today=TODAY))
    assert Result.objects.get().answers == sum(came[:-1]) == one.participations.filter(has_answered=True).count()
    assert not Box.objects.exists()
