"""What filing costs in use, with everything that listens: tests.activities counts the bare page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.duties.models import DutyPeriod
from apps.duties.services.laying_out import materialise
from tests.factories import activities as act
from tests.factories import branches as make
from tests.factories.branches import TODAY

MOST = 15
BRACKETS = ("SAVEPOINT", "RELEASE")  # stand for the BEGIN and COMMIT that the test's own transaction hides


def url(world, name, *rest):
    return reverse(f"activities:{name}", args=[world.branch.public_id, *rest])


def statements(client, address, data):
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(address, data)
    assert answer.status_code == 302
    return [row["sql"] for row in captured.captured_queries if not row["sql"].startswith(BRACKETS)]


@pytest.mark.parametrize("decided", [0, 1, 3])
def test_filing_a_meeting_with_decisions(world, client_of, decided):
    materialise(today=TODAY)
    secretary = client_of("secretary")
    said = {"kind": ["committee_meeting"], "held_on": ["0318"], "main-own": ["议题"]}
    said |= (
        {f"main-{name}": [text] * decided for name, text in (("who", ""), ("task", "联系"), ("by", "3.25"))}
        if decided
        else {}
    )
    one = act.draft(world.branch, world.users["secretary"], "committee_meeting", typed=said)
    log = secretary.get(url(world, "log-edit", one.public_id) + "?step=4").context["log"]
    data = said | {"version": one.version, "confirmed": log.record.digest()}
    assert len(statements(secretary, url(world, "log-file", one.public_id), data)) <= MOST
    one.refresh_from_db()
    assert one.decisions.count() == decided


@pytest.mark.parametrize("more", [0, 4])
@pytest.mark.parametrize("kind", ["general_meeting", "committee_meeting", "theme_day"])
def test_filing_a_record(world, client_of, kind, more):
    materialise(today=TODAY)
    for _number in range(more):
        make.member(world.branch)
    secretary = client_of("secretary")
    said = {"kind": [kind], "held_on": ["0318"], "main-own": [f"议题{number}" for number in range(1 + more)]}
    one = act.draft(world.branch, world.users["secretary"], kind, typed=said)
    log = secretary.get(url(world, "log-edit", one.public_id) + "?step=4").context["log"]
    data = said | {"version": one.version, "confirmed": log.record.digest()}
    assert len(statements(secretary, url(world, "log-file", one.public_id), data)) <= MOST
    period = DutyPeriod.objects.get(
        organization=world.branch, rule__fulfilled_by__contains=[kind], starts_on__lte=TODAY, ends_before__gt=TODAY
    )
    assert period.done == 1


def test_beginning_a_record(world, client_of):
    materialise(today=TODAY)
    data = {"kind": "committee_meeting", "request_key": "k1"}
    assert len(statements(client_of("secretary"), url(world, "log-start"), data)) <= MOST
