"""Drafts: what was typed is kept as typed, by whoever types last knowingly."""

from datetime import date, timedelta

import pytest

from apps.activities import services
from apps.activities.models import Activity, Sitting
from apps.activities.services.drafts import DraftConflict
from apps.core.errors import EditConflict, RuleBroken
from tests.factories import activities as act
from tests.factories import branches as make

DAY = make.TODAY


def save(activity, by, version, **typed):
    return services.draft_save(
        activity=activity, by=by, now=act.at(), version=version, typed={name: [value] for name, value in typed.items()}
    )


def test_what_was_typed_is_kept_even_where_it_is_wrong(world):
    one = act.draft(world.branch, world.users["secretary"])
    assert save(one, world.users["secretary"], 1, held_on="3.99", minutes="一半") == 2
    one.refresh_from_db()
    assert one.draft == {"held_on": ["3.99"], "minutes": ["一半"]}
    assert (one.state, one.saved_by) == ("draft", world.users["secretary"])


def test_two_people_in_one_draft_see_both_texts(world):
    one = act.draft(world.branch, world.users["secretary"])
    save(one, world.users["committee_member"], 1, minutes="他写的")
    with pytest.raises(DraftConflict) as conflict:
        save(one, world.users["secretary"], 1, minutes="我写的")
    assert conflict.value.theirs == {"minutes": ["他写的"]}
    assert (conflict.value.version, conflict.value.by_name) == (2, world.people["committee_member"].name)
    one.refresh_from_db()
    assert one.draft == {"minutes": ["他写的"]}
    assert save(one, world.users["secretary"], conflict.value.version, minutes="合在一起") == 3


def test_the_same_text_again_conflicts_with_nobody(world):
    one = act.draft(world.branch, world.users["secretary"])
    save(one, world.users["secretary"], 1, minutes="一样")
    assert save(one, world.users["secretary"], 1, minutes="一样") == 2


def test_a_filed_record_takes_no_draft(world):
    one = act.filed(world.branch, world.users["secretary"])
    with pytest.raises(EditConflict, match="filed or withdrawn"):
        save(one, world.users["secretary"], one.version, minutes="x")


def test_others_cannot_write_into_a_draft(world):
    one = act.draft(world.branch, world.users["secretary"])
    for role in ("member", "other_secretary", "affairs_worker", "administrator", "group_leader"):
        with pytest.raises(RuleBroken):
            save(one, world.users[role], 1, minutes="x")


def test_the_same_page_starts_one_draft(world):
    first = act.draft(world.branch, world.users["secretary"], request_key="k1")
    again = act.draft(world.branch, world.users["secretary"], request_key="k1")
    assert (first, Activity.objects.count(), Sitting.objects.count()) == (again, 1, 1)


def test_a_text_without_end_is_refused_in_words(world):
    one = act.draft(world.branch, world.users["secretary"])
    with pytest.raises(RuleBroken, match="Attach it as a file"):
        save(one, world.users["secretary"], 1, minutes="长" * 200_001)


def test_discarding_deletes_a_draft_and_spares_the_calendar(world):
    secretary = world.users["secretary"]
    services.draft_discard(activity=act.draft(world.branch, secretary), by=secretary)
    assert (Activity.objects.count(), Sitting.objects.count()) == (0, 0)
    meeting = act.planned(world.branch, secretary, held_on=DAY).activities.get()
    save(meeting, secretary, 1, minutes="x")
    services.draft_discard(activity=meeting, by=secretary)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.draft) == ("scheduled", {})
    filed = act.filed(world.branch, secretary, held_on=DAY - timedelta(days=3))
    with pytest.raises(RuleBroken, match="withdrawn with a reason"):
        services.draft_discard(activity=filed, by=secretary)


@pytest.mark.parametrize(("days", "found"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_colleague_has_logged_it_already(world, days, found):
    held = date(2026, 3, 10)
    one = act.filed(world.branch, world.users["committee_member"], held_on=held)
    other = act.filed(world.branch, world.users["secretary"], "group_meeting", held, group=world.group)
    ask = {
        "organization": world.branch,
        "group": None,
        "kind": act.kind("committee_meeting"),
        "by": world.users["secretary"],
    }
    near = services.colleague_logged(**ask, held_on=held + timedelta(days=days))
    assert near == (one if found else None)
    assert services.colleague_logged(**ask, held_on=held, but=one) is None
    services.activity_withdraw(
        activity=one, by=world.users["secretary"], now=act.at(), version=one.version, reason="重复"
    )
    assert services.colleague_logged(**ask, held_on=held) is None
    assert other.state == "filed"


def test_own_drafts_say_nothing_those_of_colleagues_do(world):
    secretary, colleague = world.users["secretary"], world.users["committee_member"]
    ask = {"organization": world.branch, "group": None, "kind": act.kind("committee_meeting"), "held_on": DAY}
    draft = act.draft(world.branch, secretary)
    assert services.colleague_logged(**ask, by=secretary) is None
    assert services.colleague_logged(**ask, by=colleague) == draft
