"""Any order of filing, correcting and withdrawing: numbers stay whole, the last version is what the rows say."""

from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from apps.activities import services
from apps.activities.models import Activity
from apps.activities.records import Part
from apps.activities.services.snapshots import stored_snapshot
from apps.core.errors import RuleBroken
from tests.factories import activities as act
from tests.factories import branches as make

STEPS = some.lists(
    some.tuples(
        some.sampled_from(["file", "correct", "withdraw", "sign", "save"]),
        some.integers(0, 3),  # which record
        some.integers(0, 2),  # days earlier
        some.sampled_from(["general_meeting", "theme_day", "committee_meeting"]),
        some.sampled_from([None, "absent", "excused"]),
        some.booleans(),  # a second kind in the sitting; a stale version
    ),
    min_size=1,
    max_size=6,
)


def take(step, records, world, by):
    action, which, days, slug, away, flag = step
    day = make.TODAY - timedelta(days=days)
    said = act.record(world.branch, slug, day, away={world.people["discipline"]: away} if away else None)
    if action == "file":
        also = (Part(kind=act.kind("party_lecture")),) if flag and slug != "committee_meeting" else ()
        said = act.record(world.branch, slug, day, also=also)
        one = act.draft(world.branch, by, slug)
        records += services.activity_file(
            activity=one, by=by, now=act.at(), version=one.version, record=said, confirmed=said.digest()
        )
        return
    if not records:
        return
    one = Activity.objects.get(pk=records[which % len(records)].pk)
    seen = {"activity": one, "by": by, "now": act.at(), "version": one.version - flag}
    if action == "correct":
        services.activity_correct(**seen, record=said, confirmed=said.digest(), reason="更正")
    elif action == "withdraw":
        services.activity_withdraw(**seen, reason="作废")
    elif action == "sign":
        services.activity_sign(activity=one, by=by, signed=flag)
    else:
        services.draft_save(**seen, typed={"minutes": ["偷偷改"]})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_versions_tell_the_whole_story(world, steps):
    begun = transaction.savepoint()
    try:
        check_history(world, steps)
    finally:
        transaction.savepoint_rollback(begun)


def check_history(world, steps):
    by, records = world.users["secretary"], []
    shared = ("file", 0, 0, "general_meeting", None, True)  # a sitting with two records
    for step in [shared, *steps]:
        before = {
            one.pk: (one.versions.count(), stored_snapshot(one)) for one in Activity.objects.filter(state="filed")
        }
        try:
            with transaction.atomic():
                take(step, records, world, by)
        except RuleBroken:
            pass
        for one in Activity.objects.filter(pk__in=before):
            count, text = before[one.pk]
            assert stored_snapshot(one) == text or one.versions.count() > count, (
                "a filed record changed without a version"
            )
    for one in Activity.objects.filter(pk__in=[record.pk for record in records]).select_related("sitting"):
        versions = list(one.versions.order_by("number"))
        assert [version.number for version in versions] == list(range(1, len(versions) + 1))
        assert (versions[-1].state, versions[-1].held_on, versions[-1].kind_id) == (one.state, one.held_on, one.kind_id)
        if one.state == "filed":
            assert versions[-1].snapshot == stored_snapshot(one)
        assert one.held_on == one.sitting.held_on or one.state == "withdrawn"
