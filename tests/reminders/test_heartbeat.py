"""Signs of life, and the address that turns red within two minutes of a silent stop."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.models import F
from django.test import Client

from apps.reminders import heartbeat
from apps.reminders.models import Heartbeat
from apps.reminders.tasks import deliver_tick, round_tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive(monkeypatch):
    """Every loop has just come round."""
    monkeypatch.setattr(heartbeat, "_said", {})
    for task in (round_tick, deliver_tick):
        task.delay()


def ask() -> tuple[int, dict]:
    answer = Client().get("/healthz")
    return answer.status_code, answer.json()


def older(name: str, **age) -> None:
    Heartbeat.objects.filter(name=name).update(at=F("at") - timedelta(**age))


def test_a_system_that_never_ran_is_not_well():
    assert ask() == (503, {"status": "stale", "stale": ["deliver", "round", "worker"]})


def test_all_is_well(alive):
    assert ask() == (200, {"status": "ok", "stale": []})


@pytest.mark.parametrize(
    ("name", "seconds", "status"),
    [("worker", 100, 200), ("worker", 116, 503), ("deliver", 300, 200), ("deliver", 361, 503), ("round", 361, 503)],
)
def test_a_silent_loop_is_named(alive, name, seconds, status):
    older(name, seconds=seconds)
    assert ask() == (status, {"status": "ok" if status == 200 else "stale", "stale": [] if status == 200 else [name]})


def test_red_within_two_minutes_of_a_stop_of_worker_broker_or_beat():
    assert heartbeat.LIMITS["worker"] < timedelta(minutes=2)


def test_a_database_that_is_away_is_said(monkeypatch):
    def away():
        raise OperationalError("password of zhibu_app")

    monkeypatch.setattr(heartbeat, "silent", away)
    assert ask() == (503, {"status": "stale", "stale": ["database"]})


def test_one_question_and_no_session(alive, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = Client().get("/healthz")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_only_reading():
    assert Client().post("/healthz").status_code == 405


def test_many_small_tasks_give_one_sign(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(heartbeat, "_said", {})
    with django_assert_num_queries(1):
        for _ in range(10):
            heartbeat.worker_is_alive()
