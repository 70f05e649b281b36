"""Every page of activities: no fault of accessibility, no sideways scroll, in both languages and in the largest text."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.activities.records import Count, Item
from tests.e2e.conftest import DESKTOP, PHONE
from tests.factories import activities as act
from tests.factories.branches import TODAY

pytestmark = pytest.mark.e2e
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def pages(world):
    """Addresses by role, full of things and, for the other branch, empty."""
    by, branch, away = world.users["secretary"], world.branch, {world.people["second"]: "excused"}
    item = Item(
        title="讨论接收预备党员",
        remarks=((world.people["member"].name, "同意"),),
        count=Count(in_favour=5, against=0, abstain=0),
    )
    said = {
        "part": {"agenda": (item,), "minutes": "要点\n第二段"},
        "away": away,
        "guests": ("何伟",),
        "focus": ("conduct",),
    }
    filed = act.filed(branch, by, "general_meeting", TODAY - timedelta(days=3), **said)
    record = act.record(branch, "general_meeting", TODAY - timedelta(days=4), **said)
    act.services.activity_correct(
        activity=filed,
        by=by,
        now=act.at(),
        version=filed.version,
        record=record,
        confirmed=record.digest(),
        reason="日期写错",
    )
    gone = act.filed(branch, by, "theme_day", TODAY - timedelta(days=9))
    act.services.activity_withdraw(activity=gone, by=by, now=act.at(), version=gone.version, reason="重复")
    draft = act.draft(branch, by, "general_meeting", typed={
        "kind": ["general_meeting"], "also": ["party_lecture"], "held_on": ["3.18"], "main-own": ["自己的议题"], "online": ["on"],
        "main-who": [""], "main-task": ["联系社区"], "main-by": ["3.25"], "focus": ["conduct"],
    })  # fmt: skip
    act.attached(filed, by)
    act.attached(draft, by)
    people = (world.people["member"], world.people["discipline"])
    meeting = act.planned(branch, by, held_on=TODAY + timedelta(days=2), invite=people)
    act.services.invitation_answer(
        sitting=meeting, person=people[1], by=by, now=act.at(), answer="cannot", ground="business"
    )
    act.planned(branch, by, held_on=TODAY - timedelta(days=5), now=act.at(TODAY - timedelta(days=6)))

    def at(name, *args, query=""):
        return reverse(f"activities:{name}", args=args) + query

    here, empty, shown = branch.public_id, world.other_branch.public_id, filed.public_id
    return {
        "secretary": [
            "/",
            at("log-start", here),
            *(at("log-edit", here, draft.public_id, query=f"?step={step}") for step in (1, 2, 3, 4)),
            at("activity-list", here),
            *(at("activity-detail", here, shown, query=query) for query in ("", "?version=1", "?filed=1")),
            at("activity-correct", here, shown),
            at("activity-withdraw", here, shown),
            at("activity-detail", here, gone.public_id),
            at("sitting-list", here),
            at("sitting-plan", here),
            at("activity-detail", here, meeting.activities.get().public_id),
            at("sitting-move", here, meeting.public_id),
            at("sitting-invite", here, meeting.public_id),
        ],
        "member": [
            "/",
            at("schedule"),
            at("sitting-detail", meeting.public_id),
            at("activity-list", here),
            at("activity-detail", here, shown),
            at("log-choose"),
        ],
        "other_secretary": [
            at("log-start", empty),
            at("activity-list", empty),
            at("activity-list", empty, query="?state=filed"),
            at("sitting-list", empty),
            at("schedule"),
        ],
    }


@pytest.mark.parametrize(
    ("language", "size", "text"),
    [
        ("zh-hans", PHONE, ""),
        ("en", DESKTOP, ""),
        ("zh-hans", {"width": 360, "height": 780}, "xlarge"),
        ("en", PHONE, "xlarge"),
    ],
    ids=["zh-phone", "en-desktop", "zh-xlarge-360", "en-xlarge-phone"],
)
def test_pages_are_readable_by_everyone(world, browse, pages, language, size, text):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    faults = []
    for role, addresses in pages.items():
        with browse(role, language, size, text=text) as page:
            for address in addresses:
                answer = page.goto(address)
                assert answer.status == 200, address
                found = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
                assert found.response["passes"], "axe looked at nothing"
                faults += [
                    f"{address}: {row['id']} {row['nodes'][0]['html'][:160]}" for row in found.response["violations"]
                ]
                if sideways := page.evaluate(SIDEWAYS):
                    faults.append(f"{address}: {sideways}px wider than the screen")
    assert faults == []
