"""The demonstration, whole."""

from datetime import date

from apps.demo.assignments import assign
from apps.demo.chains import tie
from apps.demo.oversight import oversee
from apps.demo.people import People
from apps.demo.records import Records
from apps.demo.reminders import remind
from apps.demo.reports import report
from apps.demo.supervision import supervise
from apps.demo.surveys import surveys
from apps.demo.voices import listen
from apps.duties.services.laying_out import materialise


def seed(today: date) -> None:
    """People first, then the periods their branches owe, then the records that fulfil them, then what is said of them."""
    branches = People(today).build()
    materialise(today=today)
    for branch in branches:
        Records(branch, today).build()
    organizations = [branch.organization for branch in branches]
    assign(today)
    report(organizations, today)
    surveys(organizations, today)
    oversee(today)
    supervise(organizations, today)
    listen(today)
    tie(organizations, today)
    remind(today)
