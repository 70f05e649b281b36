"""A survey is written, opened, closed, replied to; what stands once it is open."""

from datetime import timedelta

import pytest

from apps.core.errors import EditConflict, RuleBroken
from apps.surveys.models import Box, Result, Survey
from apps.surveys.services import editing
from tests.factories import surveys as ask
from tests.factories.branches import TODAY

pytestmark = pytest.mark.django_db


def save(world, role="secretary", **changed):
    given = {
        "organization": world.branch, "by": world.users[role], "today": TODAY, "head": ask.head(), "questions": [ask.SINGLE],
    } | changed  # fmt: skip
    return editing.survey_save(**given)


def test_the_same_page_writes_one_survey(world):
    assert save(world, request_key="k1") == save(world, request_key="k1")
    assert Survey.objects.count() == 1


@pytest.mark.parametrize("role", ["member", "group_leader", "other_secretary", "affairs_worker", "administrator"])
def test_only_the_committee_keeps_surveys(world, role):
    one = ask.opened(world.branch, world.users["secretary"])
    by = world.users[role]
    for attempt in (
        lambda: save(world, role),
        lambda: editing.survey_open(survey=one, by=by, today=TODAY),
        lambda: editing.survey_close(survey=one, by=by, today=TODAY),
        lambda: editing.survey_copy(survey=one, by=by, due_on=TODAY),
        lambda: editing.survey_delete(survey=one, by=by),
        lambda: editing.survey_reply(survey=one, by=by, today=TODAY, reply="好", version=one.version),
    ):
        with pytest.raises(RuleBroken, match="Only the branch committee"):
            attempt()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"head": ask.head(due_on=TODAY - timedelta(days=1))}, "has passed"),
    ],
)
def test_what_cannot_be_written_is_said(world, changed, words):
    with pytest.raises(RuleBroken, match=words):
        save(world, **changed)


def test_a_group_of_another_branch_is_not_asked(world):
    with pytest.raises(RuleBroken, match="Choose the Party group"):
        save(
            world,
            "other_secretary",
            organization=world.other_branch,
            head=ask.head(audience="group", group=world.group),
        )


def test_once_open_its_words_stand(world):
    one = ask.opened(world.branch, world.users["secretary"])
    with pytest.raises(RuleBroken, match="Make a copy"):
        save(world, survey=one, version=one.version)
    with pytest.raises(RuleBroken, match="cannot be deleted"):
        editing.survey_delete(survey=one, by=world.users["secretary"])
    copy = editing.survey_copy(survey=one, by=world.users["secretary"], due_on=TODAY)
    asked = lambda survey: list(survey.questions.values_list("position", "kind", "text", "choices"))  # noqa: E731
    assert (copy.state, asked(copy)) == ("draft", asked(one))


def test_a_draft_can_be_thrown_away(world):
    editing.survey_delete(survey=save(world), by=world.users["secretary"])
    assert not Survey.objects.exists()


def test_of_two_writers_the_second_is_told(world):
    one = save(world)
    save(world, survey=one, version=1)
    with pytest.raises(EditConflict):
        save(world, survey=one, version=1)


def test_opened_twice_and_closed_twice_it_is_once(world):
    one = ask.opened(world.branch, world.users["secretary"])
    editing.survey_open(survey=one, by=world.users["secretary"], today=TODAY)
    assert Box.objects.count() == 1
    for _again in range(2):
        editing.survey_close(survey=one, by=world.users["secretary"], today=TODAY)
    assert (Result.objects.count(), Box.objects.count()) == (1, 0)


@pytest.mark.parametrize(("given", "is_kept"), [(4, False), (5, True)])
def test_below_five_nothing_is_kept(world, given, is_kept):
    one = ask.opened(world.branch, world.users["secretary"])
    for user in ask.members(world.branch, given):
        ask.answered(one, user, 1, "一句话")
    result = ask.closed(one).result
    assert result.answers == given
    assert (result.counts is not None, result.texts is not None) == (is_kept, is_kept)


def test_a_link_ends_with_its_survey(world):
    one = ask.opened(world.branch, world.users["secretary"], audience="link")
    assert one.link_token
    assert ask.closed(one).link_token is None


@pytest.mark.parametrize(("days", "closed"), [(7, 0), (8, 1)])
def test_the_night_after_the_last_day_closes(world, days, closed):
    one = ask.opened(world.branch, world.users["secretary"])
    assert editing.close_overdue(today=TODAY + timedelta(days=days)) == closed
    one.refresh_from_db()
    assert one.state == ("closed" if closed else "open")
    assert editing.close_overdue(today=TODAY + timedelta(days=days)) == 0


def test_a_reply_comes_after_the_result_and_keeps_the_other_ones_words(world):
    one = ask.opened(world.branch, world.users["secretary"])
    by = world.users["secretary"]
    with pytest.raises(RuleBroken, match="Close the survey first"):
        editing.survey_reply(survey=one, by=by, today=TODAY, reply="好", version=one.version)
    one = ask.closed(one)
    editing.survey_reply(survey=one, by=by, today=TODAY, reply="已改", version=one.version)
    with pytest.raises(EditConflict):
        editing.survey_reply(survey=one, by=by, today=TODAY, reply="另一句", version=one.version)
    one.refresh_from_db()
    assert one.reply == "已改"
