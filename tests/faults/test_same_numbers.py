"""Board, home, panel, command and the committee's list say the same of every period, whatever its history."""

import re
from collections import Counter
from datetime import date, timedelta
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command
from django.utils import translation

from apps.activities import registry
from apps.branches import services as branches
from apps.core.errors import RuleBroken
from apps.duties.board import Board, Cell
from apps.duties.models import DutyPeriod
from apps.duties.schedule import span_containing
from apps.duties.services import deciding
from apps.duties.services.laying_out import materialise
from apps.duties.services.reconciling import reconcile
from tests.factories.duties import file, plan, withdraw
from tests.world import World

pytestmark = pytest.mark.django_db
DONE = ("done", "held_late", "recorded_late")
KINDS = (
    "theme_day", "theme_day", "committee_meeting", "committee_meeting", "group_meeting", "group_meeting", "general_meeting",
    "party_lecture", "talk", "life_meeting", "member_appraisal", "year_plan",
)  # fmt: skip
# The last line of the command's reasoning, and the sign it stands for.
VERDICTS = {
    "Overdue": "overdue", "Done.": "done", "Done, held late": "held_late", "Done, recorded late": "recorded_late",
    "Waived": "waived", "Explained": "explained", "Not applicable": "not_applicable", "In progress": "in_progress",
    "Due soon": "due_soon", "The period is over": "due_soon", "Not due yet": "not_due",
}  # fmt: skip


def live_through(world: World, random: Random, today: date) -> None:
    """A random history of the branch and its neighbor: filed, made good, withdrawn, planned, waived, explained."""
    begin = today - timedelta(days=random.randint(100, 420))
    for branch in (world.branch, world.other_branch):
        branch.tracked_from = begin
        branch.save()
    materialise(today=begin)
    groups = list(world.branch.groups.all())
    everyone = [world.people[role] for role in ("member", "second", "third", "probationary")]
    for _ in range(random.randint(10, 60)):
        branch, slug = random.choice([world.branch, world.branch, world.other_branch]), random.choice(KINDS)
        if slug == "group_meeting" and branch != world.branch:
            continue
        fields = {"group": random.choice(groups)} if slug == "group_meeting" else {}
        held_on = begin + timedelta(days=random.randrange((today - begin).days + 1))
        if random.random() < 0.15:
            plan(branch, slug, min(held_on + timedelta(days=40), today + timedelta(days=20)), **fields)
            continue
        if slug == "talk":
            fields["people"] = [world.people["secretary"], random.choice(everyone)] if branch == world.branch else []
        if slug == "life_meeting" and random.random() < 0.3:
            fields["for_year"] = held_on.year - 1
        if slug in ("theme_day", "committee_meeting") and random.random() < 0.2:
            fields["counts_for"] = (held_on.replace(day=1) - timedelta(days=1)).replace(day=1)
        entered = min(held_on + timedelta(days=random.choice([0, 0, 1, 2, 15, 50])), today)
        one = file(branch, slug, held_on, filed_on=entered, **fields)
        if random.random() < 0.1:
            withdraw(one, today)
    materialise(today=today)
    open_periods = list(DutyPeriod.objects.unfulfilled().select_related("rule", "organization"))
    for period in random.sample(open_periods, min(6, len(open_periods))):
        leader = "secretary" if period.organization == world.branch else "other_secretary"
        try:
            if random.random() < 0.5:
                deciding.period_waive(period=period, by=world.users["affairs_worker"], today=today, reason="防汛")
            else:
                deciding.period_explain(period=period, by=world.users[leader], reason="设备大修，顺延")
        except RuleBroken:
            continue
    if random.random() < 0.5:
        for post in world.branch.posts.filter(kind__in=["organization_member", "discipline_member"]):
            branches.post_end(post=post, ends_before=today - timedelta(days=1), by=None, today=today)
    if random.random() < 0.5:
        groups[0].ends_before = today - timedelta(days=1)
        groups[0].save()
    assert reconcile(today=today).is_clean


def boards_of(client, branch, today: date) -> list[Board]:
    years = range(today.year - 2, today.year + 1)
    return [client.get(f"/b/{branch.public_id}/duties/?year={year}").context["board"] for year in years]


def cells_of(boards: list[Board]) -> dict[int, Cell]:
    """What they show of every period, by its id."""
    found: dict[int, Cell] = {}
    for board in boards:
        for row in board.rows:
            for cell in row.periods:
                if cell.pk and cell.pk in found:
                    assert (found[cell.pk].status, found[cell.pk].done) == (cell.status, cell.done)
                if cell.pk:
                    found[cell.pk] = cell
    return found


def explained(branch, since: date, today: date) -> dict[str, tuple[str, list[str]]]:
    """What the command prints: title → status, all lines."""
    out = StringIO()
    call_command(
        "duties", "explain", branch.public_id, f"--since={since}", f"--today={today}", "--language=en", stdout=out
    )
    found: dict[str, tuple[str, list[str]]] = {}
    for block in re.split(r"\n(?=\S)", out.getvalue().strip()):
        title, *lines = block.split("\n")
        lines = [line.strip() for line in lines]
        (status,) = {status for words, status in VERDICTS.items() if lines[-1].startswith(words)}
        assert title not in found
        found[title] = (status, lines)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_every_screen_says_the_same(seed: int, world, client_of, monkeypatch) -> None:
    random = Random(seed)
    today = date(2025, 9, 1) + timedelta(days=random.randrange(330))
    if seed % 2:  # the first days of a month or quarter, when the last one may still be entered
        today = today.replace(month=random.choice([1, 4, 7, today.month]), day=random.randint(1, 7))
    live_through(world, random, today)
    monkeypatch.setenv("ZHIBU_NOW", f"{today}T09:00:00")
    secretary, staff = client_of("secretary"), client_of("affairs_worker")
    boards = {place: boards_of(staff, place, today) for place in (world.branch, world.other_branch)}
    seen = {place: cells_of(boards[place]) for place in boards}
    assert cells_of(boards_of(secretary, world.branch, today)) == seen[world.branch]

    # The command, period by period.
    first = min(cell.starts_on for cells in seen.values() for cell in cells.values())
    for place, cells in seen.items():
        told = explained(place, first, today)
        assert {cell.title: cell.status for cell in cells.values()} == {
            title: status for title, (status, _) in told.items()
        }
        for board in boards[place]:
            for row in board.rows:
                due = [cell for cell in row.periods if cell.due_on.year == board.year]
                states = [told[cell.title][0] if cell.pk else cell.status for cell in due]
                asked = [state for state in states if state != "not_applicable"]
                done = sum(state in DONE for state in asked)
                assert row.total(board.year) == (f"{done}/{len(asked)}" if asked else "")
        for cell in cells.values():
            lines = told[cell.title][1]
            if cell.status == "overdue":
                assert re.search(rf"\b{cell.late_days} days? late", lines[-1])
            if talked := [line for line in lines if line.startswith("Talked with")]:
                assert talked == [f"Talked with so far: {cell.done} of {cell.required} people."]
            elif cell.status in DONE:
                assert sum(line.startswith("Fulfilled by") for line in lines) == cell.done

    # The panel beside the board.
    for pk in random.sample(sorted(seen[world.branch]), 8):
        shown = secretary.get(f"/b/{world.branch.public_id}/duties/{pk}/").context["explanation"]
        assert shown.status == seen[world.branch][pk].status

    # The home page: the same signs, and all of what is open this month or earlier.
    rows = [row for row in secretary.get("/").context["mine"] if row.domain == "duty"]
    by_pk = {int(pk): row for row in rows for pk in re.findall(r"/duties/(\d+)/$", row.url)}
    assert {pk: row.status for pk, row in by_pk.items()} == {pk: seen[world.branch][pk].status for pk in by_pk}
    pressing = {
        pk for pk, cell in seen[world.branch].items()
        if cell.status in ("overdue", "due_soon", "in_progress")
        or (cell.status == "not_due" and cell.due_on < span_containing(today, 1).ends_before)
    }  # fmt: skip
    from_before = sum(
        int(re.match(r"(\d+) dut", row.title)[1]) for row in rows if not re.search(r"/duties/\d+/$", row.url)
    )
    assert set(by_pk) <= pressing
    assert len(by_pk) + from_before == len(pressing)

    # The log flow offers nothing that is done.
    with translation.override("en"):
        offered = {row.label for row in registry.owed(world.branch, today)}
    assert offered <= {
        cell.title for cell in seen[world.branch].values() if cell.status not in (*DONE, "waived", "explained")
    }

    # The committee's list of three months.
    month = today.replace(day=1)
    for _ in range(3):
        page = staff.get(f"/b/{world.general_branch.public_id}/duties/branches/?month={month:%Y-%m}").context["page"]
        late = staff.get(
            f"/b/{world.general_branch.public_id}/duties/branches/?month={month:%Y-%m}&state=overdue"
        ).context
        in_month = span_containing(month, 1)
        overdue = set()
        for line in page.lines:
            cells = [cell for several in line.cells.values() for cell in several]
            mine = [
                cell for cell in seen[line.organization].values()
                if cell.starts_on < in_month.ends_before and cell.due_on >= in_month.starts_on
            ]  # fmt: skip
            assert Counter((cell.pk, cell.status, cell.done) for cell in cells) == Counter(
                (cell.pk, cell.status, cell.done) for cell in mine
            )
            if any(cell.status == "overdue" for cell in mine):
                overdue.add(line.organization)
        assert {line.organization for line in late["page"].lines} == overdue
        month = (month - timedelta(days=1)).replace(day=1)
