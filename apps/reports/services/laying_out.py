"""A row for each report that is asked for, from the day on which it is drafted: one INSERT … SELECT over the whole tree."""

from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction

from apps.duties.schedule import DAY, Span
from apps.reminders.working_days import working_days
from apps.reports import periods

LAY_OUT = """
INSERT INTO reports_report (organization_id, months, starts_on, ends_before, drafted_from, due_on, state, handed_in, version)
SELECT o.id, %(months)s, %(starts_on)s, %(ends_before)s, %(drafted_from)s, %(due_on)s, 'draft', 0, 1
FROM branches_organization o
WHERE o.kind = 'branch' AND (o.dissolved_on IS NULL OR o.dissolved_on > %(ends_before)s) AND o.tracked_from <= %(tracked)s
ON CONFLICT (organization_id, months, starts_on) DO NOTHING
"""


def asked_for(today: date, months: int) -> Iterator[Span]:
    """The last period that has ended and, from its tenth last day on, the one that runs: a night without a worker heals."""
    running = periods.span_of(today, months)
    yield periods.span_of(running.starts_on - DAY, months)
    if today >= periods.drafted_from(running):
        yield running


@transaction.atomic
def lay_out(*, today: date) -> int:
    """Returns how many were new. A newcomer reports a month from the first whole one on, longer periods from the running one."""
    new, working = 0, working_days(today)
    with connection.cursor() as cursor:
        for months in periods.CADENCES:
            for span in asked_for(today, months):
                cursor.execute(
                    LAY_OUT,
                    {
                        "months": months,
                        "starts_on": span.starts_on,
                        "ends_before": span.ends_before,
                        "drafted_from": periods.drafted_from(span),
                        "due_on": periods.due_on(span, working),
                        "tracked": span.starts_on if months == 1 else span.ends_before - DAY,
                    },
                )
                new += cursor.rowcount
    return new
