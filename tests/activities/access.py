"""Who gets which answer from the addresses of activities."""

from datetime import timedelta

from tests.access import Row
from tests.factories import activities as act
from tests.factories import branches as make

TODAY = make.TODAY
HELD = TODAY - timedelta(days=2)


def branch(world):
    return [world.branch.public_id]


def draft(world):
    one = act.draft(world.branch, world.users["secretary"], typed={"place": ["101"]})
    return [world.branch.public_id, one.public_id]


def group_draft(world):
    leader = world.users["group_leader"]
    (group,) = make.PartyGroup.objects.filter(pk__in=leader.reach.leads_groups)
    return [world.branch.public_id, act.draft(world.branch, leader, "group_meeting", group=group).public_id]


def general(world):
    return [
        world.branch.public_id,
        act.filed(world.branch, world.users["secretary"], "general_meeting", HELD).public_id,
    ]


def committee(world):
    return [
        world.branch.public_id,
        act.filed(world.branch, world.users["secretary"], "committee_meeting", HELD).public_id,
    ]


def planned(world, **fields):
    people = (world.people["member"], world.people["secretary"])
    return act.planned(
        world.branch, world.users["secretary"], held_on=TODAY + timedelta(days=2), invite=people, **fields
    )


def sitting(world):
    return [world.branch.public_id, planned(world).public_id]


def scheduled(world):
    return [world.branch.public_id, planned(world).activities.get().public_id]


def event(world):
    return [planned(world).public_id]


def file_of(slug, world):
    one = act.filed(world.branch, world.users["secretary"], slug, HELD)
    return [world.branch.public_id, act.attached(one, world.users["secretary"]).public_id]


def picture(world):
    return file_of("general_meeting", world)


def committee_picture(world):
    return file_of("committee_meeting", world)


# anonymous, member, group_leader, committee_member, secretary, other_secretary, affairs_worker, upper_worker, administrator
KEEPS = (302, 404, 404, 200, 200, 404, 404, 404, 404)
LOGS = (302, 404, 200, 200, 200, 404, 404, 404, 404)
READS = (302, 200, 200, 200, 200, 404, 200, 200, 404)
REFUSES = (302, 404, 404, 422, 422, 404, 404, 404, 404)
GOES_ON = (302, 404, 404, 302, 302, 404, 404, 404, 404)
OUTDATED = (302, 404, 404, 409, 409, 404, 404, 404, 404)  # 409: let in, no version given
ABOVE = (302, 404, 404, 200, 200, 404, 200, 200, 404)  # not the members: a committee meeting
ACCESS = {
    "activities:log-choose": Row((302, 200, 302, 302, 302, 302, 200, 200, 200)),
    "activities:schedule": Row((302, 200, 200, 200, 200, 200, 200, 200, 200)),
    "activities:log-start": [Row(LOGS, branch), Row((302, 404, 422, 422, 422, 404, 404, 404, 404), branch, "post")],
    "activities:log-restore": Row((302, 404, 302, 302, 302, 404, 404, 404, 404), branch, "post"),
    "activities:log-edit": [Row(KEEPS, draft), Row(LOGS, group_draft), Row(OUTDATED, draft, "post")],
    "activities:log-file": Row(OUTDATED, draft, "post"),
    "activities:log-merge": Row(GOES_ON, draft, "post", {"version": "9"}),
    "activities:log-discard": Row(GOES_ON, scheduled, "post"),
    "activities:sitting-list": Row(LOGS, branch),
    "activities:sitting-plan": [Row(LOGS, branch), Row((302, 404, 422, 422, 422, 404, 404, 404, 404), branch, "post")],
    "activities:sitting-move": [Row(KEEPS, sitting), Row(REFUSES, sitting, "post")],
    "activities:sitting-cancel": Row(GOES_ON, sitting, "post"),
    "activities:sitting-invite": [Row(KEEPS, sitting), Row(GOES_ON, sitting, "post")],
    "activities:sitting-told": Row(GOES_ON, sitting, "post"),
    "activities:sitting-detail": Row((302, 200, 404, 200, 200, 404, 404, 404, 404), event),
    "activities:sitting-answer": Row((302, 302, 404, 302, 302, 404, 404, 404, 404), event, "post", {"answer": "come"}),
    "activities:sitting-calendar": Row((302, 200, 404, 200, 200, 404, 404, 404, 404), event),
    "activities:activity-list": Row(READS, branch),
    "activities:talk-list": Row((302, 404, 404, 200, 200, 404, 404, 404, 404), branch),
    "activities:past-start": [
        Row((302, 404, 404, 404, 200, 404, 200, 404, 404), branch),
        Row((302, 404, 404, 404, 422, 404, 422, 404, 404), branch, "post"),
    ],
    "activities:past-confirm": Row((302, 404, 404, 404, 422, 404, 422, 404, 404), branch, "post"),
    "activities:past-template": Row((302, 404, 404, 404, 200, 404, 200, 404, 404), branch),
    "activities:activity-detail": [Row(READS, general), Row(ABOVE, committee), Row(KEEPS, scheduled)],
    "activities:activity-correct": [Row(KEEPS, general), Row(REFUSES, general, "post")],
    "activities:activity-withdraw": [Row(KEEPS, general), Row(REFUSES, general, "post")],
    "activities:activity-sign": Row(GOES_ON, general, "post", {"signed": "1"}),
    "activities:minutes-paper": Row((302, 404, 404, 200, 200, 404, 200, 404, 404), general),
    "activities:sign-in-paper": Row(KEEPS, general),
    "activities:attachment-add": Row(GOES_ON, general, "post"),
    "activities:attachment-remove": Row((302, 404, 404, 404, 404, 404, 404, 404, 404), general, "post"),
    "activities:attachment-detail": [Row(READS, picture), Row(ABOVE, committee_picture)],
    "activities:attachment-thumb": [Row(READS, picture), Row(ABOVE, committee_picture)],
}  # fmt: skip
