"""Two machines tick in the same second, two colleagues file in the same second: the outcome is that of one after the other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from apps.activities.models import ActivityKind
from apps.branches import registry
from apps.duties.catalogue.loading import load
from apps.duties.models import DutyPeriod, DutyRule, Materialised
from apps.duties.services import laying_out
from apps.duties.services.counting import recount_periods
from apps.duties.services.laying_out import materialise
from tests.factories import branches as make
from tests.factories.duties import owed, plan

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 3, 18)


@pytest.fixture
def committee(transactional_db, monkeypatch):
    """Emptied tables have lost the catalogue and the kinds. Here nobody but the tick lays out."""
    monkeypatch.setattr(registry, "structure_listeners", [])
    if not DutyRule.objects.exists():
        load(DutyRule)
    for slug, behaviour in (("theme_day", "general"),):
        ActivityKind.objects.get_or_create(slug=slug, defaults={"name_zh": slug, "behaviour": behaviour})
    return make.organization(kind="committee")


def at_once(count, call):
    """`count` threads, each with a connection of its own, released together."""
    gate = Barrier(count)

    def run(number):
        try:
            gate.wait(timeout=10)
            return call(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_two_ticks_lay_out_each_period_once(committee):
    branches = [make.organization(committee, tracked_from=date(2026, 1, 1)) for _ in range(20)]
    new = at_once(3, lambda _: materialise(today=TODAY))
    rows = DutyPeriod.objects.values_list("organization", "rule", "starts_on", "group")
    assert len(rows) == len(set(rows)) == sum(new) > 0
    assert {frozenset(owed(branch)) for branch in branches} == {frozenset(owed(branches[0]))}
    ledger = Materialised.objects.values_list("rule", "starts_on")
    assert {(rule, day) for _, rule, day, _ in rows} <= set(ledger)
    assert len(ledger) == len(set(ledger))


def test_filings_at_once_are_all_counted(committee):
    branch = make.organization(committee, tracked_from=date(2026, 1, 1))
    laying_out.materialise(today=TODAY)
    records = [plan(branch, "theme_day", date(2026, 3, day)) for day in range(2, 8)]
    period = DutyPeriod.objects.get(organization=branch, rule__slug="theme_day", starts_on=date(2026, 3, 1))

    def file(number):
        from django.db import transaction
        from django.utils import timezone

        record = records[number]
        with transaction.atomic():
            type(record).objects.filter(pk=record.pk).update(state="filed", filed_at=timezone.now())
            recount_periods([period.pk], today=TODAY)

    at_once(6, file)
    period.refresh_from_db()
    assert period.done == 6
