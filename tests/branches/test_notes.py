"""Structural notes, edges first."""

from datetime import date

import pytest
from django.utils import translation

from apps.branches import notes, services
from apps.branches.models import Organization
from apps.branches.notes import Facts, months_later, notes_of
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.world import World

FINE = Facts(members=10, full_members=10, has_committee=True, has_secretary=True)


def codes(facts: Facts | None = FINE, **fields) -> list[str]:
    fields = {"kind": "branch", "branch_type": "ordinary", "name": "支部"} | fields
    return [note.code for note in notes_of(Organization(**fields), facts, TODAY)]


@pytest.mark.parametrize(("members", "full", "committee", "expected"), [
    (2, 2, False, ["few"]),
    (5, 2, False, ["few"]),  # probationary members do not make a branch
    (3, 3, False, []),
    (6, 6, False, []),
    (7, 7, False, ["no_committee"]),
    (9, 6, False, []),  # full members count
    (7, 7, True, []),
    (50, 50, True, []),
    (51, 40, True, ["many"]),
])  # fmt: skip
def test_size_and_committee(members: int, full: int, committee: bool, expected: list[str]) -> None:
    assert codes(Facts(members, full, committee, has_secretary=True)) == expected


@pytest.mark.parametrize(("due", "expected"), [
    (None, []),
    (date(2026, 3, 17), ["election_overdue"]),
    (date(2026, 3, 18), ["election_soon"]),  # today is still the term
    (date(2026, 9, 18), ["election_soon"]),
    (date(2026, 9, 19), []),
])  # fmt: skip
def test_the_term(due: date | None, expected: list[str]) -> None:
    assert codes(election_due_on=due) == expected
    assert codes(None, kind="committee", branch_type="", election_due_on=due) == expected


def test_a_temporary_branch_has_no_term_and_no_least_size() -> None:
    temporary = {"branch_type": "temporary", "election_due_on": date(2020, 1, 1)}
    assert codes(Facts(0, 0, False, True), **temporary) == []


def test_a_vacant_secretary_is_a_note() -> None:
    assert codes(Facts(10, 10, True, False)) == ["vacant"]


def test_each_note_names_its_article() -> None:
    found = notes_of(
        Organization(kind="branch", branch_type="ordinary", election_due_on=date(2026, 1, 1)),
        Facts(60, 60, False, False),
        TODAY,
    )
    assert {note.code: note.article.rpartition("art. ")[2] for note in found} == {
        "no_committee": "20", "many": "4", "vacant": "21", "election_overdue": "21",
    }  # fmt: skip


@pytest.mark.parametrize(("day", "months", "later"), [
    (date(2026, 3, 18), 6, date(2026, 9, 18)),
    (date(2026, 8, 31), 6, date(2027, 2, 28)),
    (date(2023, 8, 31), 6, date(2024, 2, 29)),
    (date(2024, 2, 29), 36, date(2027, 2, 28)),
    (date(2026, 12, 1), 1, date(2027, 1, 1)),
])  # fmt: skip
def test_months_later(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


def test_facts_count_todays_members_without_guests_in_one_query(world: World, django_assert_num_queries) -> None:
    make.member(world.branch, "客人", is_hosted=True)
    make.member(world.branch, "新人", starts_on=date(2026, 3, 19))
    with django_assert_num_queries(1):
        facts = notes.facts_of([world.branch, world.other_branch, world.committee], TODAY)
    assert facts == {
        world.branch.pk: Facts(members=8, full_members=7, has_committee=True, has_secretary=True),
        world.other_branch.pk: Facts(members=3, full_members=3, has_committee=False, has_secretary=True),
    }


def test_a_branch_without_a_roster_is_told_nothing_about_its_size(world: World) -> None:
    new = make.organization(world.general_branch)
    facts = notes.facts_of([new], TODAY)[new.pk]
    assert facts.is_new
    assert [note.code for note in notes_of(new, facts, TODAY)] == ["vacant"]
    membership = make.member(new, "新人").memberships.get()
    assert [note.code for note in notes_of(new, notes.facts_of([new], TODAY)[new.pk], TODAY)] == ["few", "vacant"]
    membership.ends_before = TODAY
    membership.save()
    assert not notes.facts_of([new], TODAY)[new.pk].is_new  # all have left: that is no beginning


@pytest.mark.parametrize(("numbers", "words"), [
    ((4, 5), "第四条、第五条"), ((10,), "第十条"), ((11,), "第十一条"), ((20,), "第二十条"), ((21,), "第二十一条"),
])  # fmt: skip
def test_articles_are_numbered_as_in_the_law(numbers: tuple[int, ...], words: str) -> None:
    with translation.override("zh-hans"):
        assert words in notes.article(*numbers)
    assert notes.article(*numbers).endswith("art. " + ", ".join(map(str, numbers)))


def test_the_end_of_a_post_counts_on_its_day(world: World) -> None:
    post = world.branch.posts.get(kind="branch_secretary")
    services.post_end(post=post, ends_before=TODAY, by=None, today=TODAY)
    assert not notes.facts_of([world.branch], TODAY)[world.branch.pk].has_secretary
