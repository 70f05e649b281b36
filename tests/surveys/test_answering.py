"""Answers: once a person, only from those asked, only while the survey is open, and kept so that nobody finds them."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import connection

from apps.core.errors import EditConflict, RuleBroken
from apps.core.keyring import Sealed
from apps.surveys import rules, sealing
from apps.surveys.models import Box, NamedAnswer, Participation, Survey
from apps.surveys.services import answering, editing
from tests.factories import branches as make
from tests.factories import surveys as ask
from tests.factories.branches import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(world):
    return ask.opened(world.branch, world.users["secretary"])


def box(survey):
    return Box.objects.get(survey=survey)


def test_a_person_answers_once(world, survey):
    ask.answered(survey, world.users["member"], 0, "说一句")
    with pytest.raises(RuleBroken, match="answered this survey already"):
        ask.answered(survey, world.users["member"], 1, "再说一句")
    assert box(survey).answers == 1
    assert sealing.opened(box(survey).sealed, survey, sealing.slot(survey.questions.all())) == [[0, "说一句"]]


@pytest.mark.parametrize("role", ["other_secretary", "affairs_worker", "administrator"])
def test_who_is_not_asked_does_not_answer(world, survey, role):
    with pytest.raises(RuleBroken, match="does not ask you"):
        ask.answered(survey, world.users[role], 0, None)
    assert box(survey).answers == 0


def test_one_group_is_asked_and_not_the_other(world):
    one = ask.opened(world.branch, world.users["secretary"], audience="group", group=world.group)
    inside = [person for person in world.people.values() if person.memberships.filter(group=world.group).exists()]
    assert set(one.participations.values_list("person", flat=True)) == {person.pk for person in inside}
    outside = world.users["group_leader"]
    assert outside.reach.person_id not in {person.pk for person in inside}
    with pytest.raises(RuleBroken, match="does not ask you"):
        ask.answered(one, outside, 0, None)


def test_one_who_came_later_answers_too_and_one_who_left_does_not(world, survey):
    newcomer = make.account(make.member(world.branch, "新来者"))
    ask.answered(survey, newcomer, 1, None)
    assert Participation.objects.get(survey=survey, person=newcomer.reach.person_id).has_answered
    gone = world.users["member"]
    world.people["member"].memberships.update(ends_before=TODAY)
    gone.reach = make.reach_of(gone, TODAY)
    with pytest.raises(RuleBroken, match="does not ask you"):
        ask.answered(survey, gone, 0, None)


@pytest.mark.parametrize(("days", "is_let_in"), [(7, True), (8, False)])
def test_the_last_day_counts(world, survey, days, is_let_in):
    late = TODAY + timedelta(days=days)
    outcome = nullcontext() if is_let_in else pytest.raises(RuleBroken, match="closed")
    with outcome:
        answering.answer(survey=survey, by=world.users["member"], today=late, answers=[0, None])
    assert box(survey).answers == int(is_let_in)


def test_a_closed_survey_takes_nothing(world, survey):
    editing.survey_close(survey=survey, today=TODAY, by=world.users["secretary"])
    for attempt in (
        lambda: ask.answered(survey, world.users["member"], 0, None),
        lambda: answering.answer_on_paper(
            survey=survey, by=world.users["secretary"], today=TODAY, answers=[0, None], sheet=1
        ),
        lambda: answering.answer_by_link(survey=Survey.objects.get(pk=survey.pk), today=TODAY, answers=[0, None]),
    ):
        with pytest.raises(RuleBroken, match="closed"):
            attempt()


def test_paper_is_entered_by_the_committee_and_mixed_in(world, survey):
    with pytest.raises(RuleBroken, match="Only the branch committee"):
        answering.answer_on_paper(survey=survey, by=world.users["member"], today=TODAY, answers=[0, None], sheet=1)
    for sheet in (1, 2):
        answering.answer_on_paper(
            survey=survey, by=world.users["secretary"], today=TODAY, answers=[1, None], sheet=sheet
        )
    assert (box(survey).answers, Survey.objects.get(pk=survey.pk).papers) == (2, 2)
    assert not survey.participations.filter(has_answered=True).exists()


@pytest.mark.parametrize("sheet", [0, 1, 3])
def test_a_sheet_entered_already_is_not_entered_again(world, survey, sheet):
    by = world.users["secretary"]
    answering.answer_on_paper(survey=survey, by=by, today=TODAY, answers=[1, None], sheet=1)
    with pytest.raises(EditConflict, match="entered already"):
        answering.answer_on_paper(survey=survey, by=by, today=TODAY, answers=[1, None], sheet=sheet)
    assert (box(survey).answers, Survey.objects.get(pk=survey.pk).papers) == (1, 1)


def test_a_link_holds_so_many_and_no_more(world, monkeypatch):
    monkeypatch.setattr(answering, "MOST_BY_LINK", 1)
    one = ask.opened(world.branch, world.users["secretary"], audience="link")
    answering.answer_by_link(survey=one, today=TODAY, answers=[0, None])
    with pytest.raises(RuleBroken, match="all the answers it can hold"):
        answering.answer_by_link(survey=one, today=TODAY, answers=[0, None])
    assert box(one).answers == 1


def test_the_length_of_the_box_says_how_many_and_nothing_else(world):
    """Whatever is answered: long words, no words, characters of four bytes, quotes."""
    users, lengths = ask.members(world.branch, 6), []
    said = ("", "短", "长" * rules.LONGEST_TEXT, "𠀀" * rules.LONGEST_TEXT, '"\\' * (rules.LONGEST_TEXT // 2), "\n" * 9)
    for user, words in zip(users, said, strict=True):
        one = ask.opened(world.branch, world.users["secretary"])
        ask.answered(one, user, 0, words or None)
        lengths.append(len(box(one).sealed))
    assert len(set(lengths)) == 1


def test_a_changed_box_is_refused_and_not_shown(world, survey):
    ask.answered(survey, world.users["member"], 0, "说一句")
    sealed = bytearray(box(survey).sealed)
    sealed[-1] ^= 1
    Box.objects.filter(survey=survey).update(sealed=bytes(sealed))
    with pytest.raises(Sealed):
        editing.survey_close(survey=survey, today=TODAY)
    survey.refresh_from_db()
    assert survey.state == Survey.State.OPEN  # nothing is lost by trying


def test_no_row_says_when_or_what(world, survey):
    """No clock, no order, no words in anything that names a person."""
    ask.answered(survey, world.users["member"], 0, "只有我会这么说")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'surveys_participation'"
        )
        columns = dict(cursor.fetchall())
        assert set(columns) == {"id", "survey_id", "person_id", "has_answered"}
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', ["%只有我会这么说%"])
            assert cursor.fetchone() == (0,), table


def test_a_named_survey_keeps_who_said_it_sealed(world):
    one = ask.opened(world.branch, world.users["secretary"], is_anonymous=False)
    ask.answered(one, world.users["member"], 1, "名字写上了")
    row = NamedAnswer.objects.get()
    assert row.person == world.people["member"]
    assert "名字写上了".encode() not in bytes(row.sealed)
    assert sealing.open_named(row.sealed, one, row.person_id) == [1, "名字写上了"]
    with pytest.raises(Sealed):
        sealing.open_named(row.sealed, one, world.people["second"].pk)
