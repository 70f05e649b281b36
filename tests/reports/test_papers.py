"""One definition per number: whatever the records, the page, what is stored, its rows, Word and Excel say the same."""

import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from apps.activities.models import Attendance
from apps.core.errors import RuleBroken
from apps.duties.services.laying_out import materialise
from apps.reports.figures import FIGURES
from apps.reports.models import ReportVersion
from tests.factories import activities as act
from tests.factories import assignments as tasks
from tests.factories import branches as make
from tests.factories import reports as rep
from tests.world import World

KINDS = ("general_meeting", "committee_meeting", "theme_day", "party_lecture")
RECORDS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 28), st.sets(st.integers(0, 2))), max_size=5)
DUE = st.lists(st.tuples(st.integers(1, 28), st.sampled_from(["todo", "done", "cancelled"])), max_size=3)
SHOWN = re.compile(r"<dt>([^<]+)</dt><dd><a[^>]*>([^<]+)<span")


def record(world: World, kind: str, day: int, away: set[int]) -> None:
    roster = [one.person for one in act.board(world.branch, None, act.kind(kind), make.TODAY).expected]
    gone = {roster[place]: Attendance.Status.ABSENT for place in away if place < len(roster) - 1}
    try:
        act.filed(world.branch, world.users["secretary"], kind, date(2026, 2, day), away=gone)
    except RuleBroken:  # the log flow warns of the same kind within a day
        return


def on_page(client, url: str) -> dict[str, str]:
    return {unescape(name): unescape(value) for name, value in SHOWN.findall(client.get(url).content.decode())}


def in_word(client, url: str) -> dict[str, str]:
    table = Document(io.BytesIO(client.get(f"{url}report.docx").content)).tables[1]
    cells = [cell.text for row in table.rows for cell in row.cells]
    return {name: value for name, value in zip(cells[::2], cells[1::2], strict=True) if name}


def in_excel(client, url: str) -> list[tuple[str, int, int | None]]:
    sheet = load_workbook(io.BytesIO(client.get(f"{url}figures.xlsx").content)).active
    return [tuple(row[:3]) for row in sheet.iter_rows(min_row=4, values_only=True) if row[0]]


def said(value: int, of: int | None) -> str:
    """As people read it; written here anew, not taken from the program."""
    if of is None:
        return str(value)
    return f"{value * 100 // of}%（{value}/{of}）" if of else "—"


@pytest.mark.parametrize("handed_in", [False, True])
@given(records=RECORDS, later=RECORDS, due=DUE)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_page_snapshot_rows_word_and_excel_agree(world: World, client_of, records, later, due, handed_in: bool) -> None:
    """Before it is handed in all follow the records; afterwards all keep what stood there, whatever is filed later."""
    materialise(today=make.TODAY - timedelta(days=1))
    for kind, day, away in records:
        record(world, kind, day, away)
    for day, state in due:
        tasks.assignment(world.branch, due_on=date(2026, 2, day), state=state)
    one = rep.fresh(world.branch) if rep.report(world.branch).handed_in else rep.report(world.branch)
    if handed_in and one.is_with_branch:
        rep.submitted(world.branch, world.users["secretary"])
    for kind, day, away in later:
        record(world, kind, day, away)
    if later:
        tasks.assignment(world.branch, due_on=date(2026, 2, 14), state="done")
    url, client = f"/b/{world.branch.public_id}/reports/2026-02/", client_of("secretary", "zh-hans")
    numbers = in_excel(client, url)
    read = {name: said(value, of) for name, value, of in numbers}
    assert len(read) == len(FIGURES)
    assert on_page(client, url) == read
    assert in_word(client, url) == read
    for figure, (_name, value, of) in zip(FIGURES, numbers, strict=True):
        page = client.get(f"{url}figures/{figure.slug}/").context
        assert (page["value"].value, page["value"].of) == (value, of)
        if figure.slug != "attendance":  # its rows are told by meeting
            assert len(page["behind"].rows) + page["behind"].hidden == value
    if handed_in:
        stored = ReportVersion.objects.filter(report=one).latest("number").figures
        assert [(row["value"], row["of"]) for row in stored] == [(value, of) for _name, value, of in numbers]
