"""A worker that hears nothing while ticks are sent ends itself; in every other trouble it stays."""

from datetime import timedelta

import psycopg
import pytest
from django.conf import settings
from django.db.models import F

from apps.core.stack.broker import connection_string
from apps.reminders import heartbeat, watching
from apps.reminders.models import Heartbeat


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("beat", "worker", "deaf"),
    [
        (10, 10, False),  # all is well
        (10, 170, False),  # a long task
        (10, 181, True),
        (114, 600, True),
        (116, 600, False),  # beat or the broker is away: starting anew would not help
        (None, 600, False),
        (10, None, True),  # none has ever begun a task
        (None, None, False),
    ],
)
def test_when_a_worker_is_deaf(beat, worker, deaf):
    for name, age in (("beat", beat), ("worker", worker)):
        if age is not None:
            heartbeat.beat(name)
            Heartbeat.objects.filter(name=name).update(at=F("at") - timedelta(seconds=age))
    assert watching.is_deaf() is deaf


def test_it_asks_by_a_connection_of_its_own():
    with psycopg.connect(connection_string(settings.DATABASES["default"])) as connection:
        assert connection.execute("SELECT current_user").fetchone() == (settings.APP_DATABASE["USER"],)


def test_it_waits_looks_and_ends_once(caplog):
    answers, slept, ended = iter([False, psycopg.OperationalError("password"), False, True]), [], []

    def asked() -> bool:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    watching._watch(asked=asked, sleep=slept.append, end=lambda: ended.append(True))
    assert slept == [180, 30, 30, 30, 30]
    assert ended == [True]
    assert "password" not in caplog.text
    assert "the worker ends and should be started anew" in caplog.text


def test_three_minutes_are_longer_than_any_task():
    assert timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT) < watching.DEAF
    assert heartbeat.LIMITS["worker"] < watching.DEAF
