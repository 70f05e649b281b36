"""What a dump shows of who has answered: that they have, and nothing about when or in which order."""

import pytest
from django.db import connection

from tests.factories import branches as make
from tests.factories import surveys as ask

pytestmark = pytest.mark.django_db(transaction=True)  # a transaction of its own for each answer, as in service


def rows(survey):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, has_answered, xmin::text FROM surveys_participation WHERE survey_id = %s ORDER BY ctid",
            [survey.pk],
        )
        return cursor.fetchall()


def test_all_rows_are_of_the_last_transaction(world):
    """Those who have not answered too: else a dump tells the order, and two dumps whose answer made the difference."""
    early, late = ask.members(world.branch, 6), []
    one = ask.opened(world.branch, world.users["secretary"])
    for user in reversed(early):
        ask.answered(one, user, 0, None)
        assert len({xmin for _person, _has_answered, xmin in rows(one)}) == 1
    late.append(make.account(make.member(world.branch, "新来者")))
    ask.answered(one, late[0], 1, None)
    found = rows(one)
    assert len({xmin for _person, _has_answered, xmin in found}) == 1
    done = {person for person, has_answered, _xmin in found if has_answered}
    assert done == {user.reach.person_id for user in early + late}


def test_the_place_on_disk_is_drawn_anew(world):
    """Six answers: that all orders agree happens once in far more runs than there will ever be."""
    users = ask.members(world.branch, 8)
    one = ask.opened(world.branch, world.users["secretary"])
    seen = set()
    for user in users[:6]:
        ask.answered(one, user, 0, None)
        seen.add(tuple(person for person, _has_answered, _xmin in rows(one)))
    assert len(seen) > 1
