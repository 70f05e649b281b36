"""The flagship: a routine committee meeting on a phone, within 14 taps, 12 characters and a minute."""

import re
import time

import pytest

from apps.activities.models import Activity
from tests.e2e.conftest import DESKTOP, PHONE, Hand
from tests.factories import activities as act
from tests.factories.branches import TODAY

pytestmark = pytest.mark.e2e


def started(page, world, slug="committee_meeting"):
    page.goto(f"/b/{world.branch.public_id}/log/")
    page.locator(f'button[name=kind][value="{slug}"]').click()
    page.wait_for_url(re.compile(r"/log/\w{12}/"))
    return Activity.objects.latest("pk")


def test_a_routine_committee_meeting_takes_a_minute(world, browse, capsys):
    away = world.people["discipline"]
    with browse("secretary", "zh-hans", PHONE) as page:
        page.goto("/")
        hand, began = Hand(page), time.monotonic()
        hand.tap(page.locator(".tabbar__link--primary"))
        hand.tap(page.locator('button[name=kind][value="committee_meeting"]'))
        hand.tap(page.locator("#block-1 .log-next .button--primary"))
        hand.tap(page.locator(f'li:has(input[name="att-{away.public_id}"]) [data-cycle]'))
        hand.choose(page.locator(f'select[name="why-{away.public_id}"]'), "business")
        hand.tap(page.locator("#block-2 .log-next .button--primary"))
        chips = page.locator('.chip:has(input[name="main-chips"])')
        hand.tap(chips.nth(0))
        hand.tap(chips.nth(2))
        hand.write(page.locator('input[name="main-own"]').first, "走访困难党员两户")
        hand.tap(page.locator("#block-4 .log-to-check .button--primary"))
        sentence = page.locator(".log-sentence").inner_text()
        assert page.locator(".undo").count() == 0  # what was sent is not offered as unsent
        assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('zhibu-draft:'))") == []
        hand.tap(page.locator("#block-4 .button--primary"))
        page.wait_for_url("**filed=1")
        page_seconds = time.monotonic() - began
    assert "3" in sentence
    assert "2" in sentence
    one = Activity.objects.get(state="filed")
    rows = dict(one.sitting.attendances.values_list("person__name", "status"))
    assert rows == {
        world.people["secretary"].name: "present",
        world.people["committee_member"].name: "present",
        away.name: "excused",
    }
    assert one.sitting.attendances.get(person=away).ground == "business"
    assert [item.title for item in one.agenda.all()] == [
        one.kind.topics_zh[0],
        one.kind.topics_zh[2],
        "走访困难党员两户",
    ]
    assert (one.held_on, one.sitting.place, one.sitting.chair) == (TODAY, "党员活动室101", world.people["secretary"])
    estimate = hand.seconds(page_seconds)
    with capsys.disabled():
        print(f"\nlog flow: {hand.taps} taps, {hand.characters} characters, about {estimate:.0f} s")
    assert hand.taps <= 14
    assert hand.characters <= 12
    assert estimate <= 60


def test_the_same_without_scripts(world, browse):
    away = world.people["discipline"]
    with browse("secretary", "zh-hans", PHONE, scripts=False) as page:
        one = started(page, world)
        page.locator("#block-1 .log-next .button--primary").click()
        page.locator(f'li:has(input[name="att-{away.public_id}"]) .chip:has(input[value="absent"])').click()
        page.locator("#block-2 .log-next .button--primary").click()
        page.locator('.chip:has(input[name="main-chips"])').first.click()
        page.locator("#block-4 .log-to-check .button--primary").click()
        page.locator("#block-4 .button--primary").click()
        page.wait_for_url("**filed=1")
    one.refresh_from_db()
    assert one.state == "filed"
    assert one.sitting.attendances.get(person=away).status == "absent"


def test_on_the_desktop_all_blocks_are_one_page(world, browse):
    with browse("secretary", "en", DESKTOP, expected=("status of 422",)) as page:
        one = started(page, world)
        for block in (1, 2, 3, 4):
            assert page.locator(f"#block-{block}").is_visible()
        page.locator('textarea[name="main-minutes"]').fill("Notes of the meeting")
        page.locator("#block-4 .button--primary").click()
        page.locator("#block-4 .log-sentence").wait_for()
        # What changes after the check asks again, and nothing typed is lost.
        page.locator(f'li:has(input[name="att-{world.people["discipline"].public_id}"]) [data-cycle]').click()
        page.locator("#block-4 .button--primary").click()
        page.locator("#error-summary").first.wait_for()
        assert page.locator('textarea[name="main-minutes"]').input_value() == "Notes of the meeting"
        page.locator("#block-4 .button--primary").click()
        page.wait_for_url("**filed=1")
    one.refresh_from_db()
    assert (one.state, one.minutes) == ("filed", "Notes of the meeting")


def test_nothing_is_lost_on_a_dead_network(world, browse):
    with browse("secretary", "zh-hans", PHONE, expected=("ERR_INTERNET_DISCONNECTED",)) as page:
        one = started(page, world)
        page.goto(page.url.split("?")[0] + "?step=3")
        page.context.set_offline(True)
        page.locator('textarea[name="main-minutes"]').fill("断网时写的")
        page.locator("#offline").wait_for(state="visible")
        page.locator(".saved--trouble").wait_for()
        page.context.set_offline(False)
        page.wait_for_function("document.getElementById('offline').hidden")
        page.locator(".saved:not(.saved--trouble)").wait_for()
    one.refresh_from_db()
    assert one.draft["main-minutes"] == ["断网时写的"]


def test_nothing_is_lost_with_an_ended_session(world, browse):
    from django.contrib.sessions.models import Session

    from tests.e2e.conftest import session_of

    with browse("secretary", "zh-hans", PHONE, expected=("Failed to load resource",)) as page:
        started(page, world)
        address = page.url.split("?")[0] + "?step=3"
        page.goto(address)
        Session.objects.all().delete()
        page.locator('textarea[name="main-minutes"]').fill("会话结束后写的")
        page.locator(".saved--trouble").wait_for()
        name, value = "sessionid", session_of(world.users["secretary"])
        page.context.add_cookies([{"name": name, "value": value, "url": page.url.split("/b/")[0]}])
        page.goto(address)
        page.locator(".undo .button").first.click()
        assert page.locator('textarea[name="main-minutes"]').input_value() == "会话结束后写的"


def test_what_the_server_writes_otherwise_is_not_offered_as_unsent(world, browse):
    with browse("secretary", "zh-hans", PHONE) as page:
        started(page, world)
        page.goto(page.url.split("?")[0] + "?step=3")
        page.locator('input[name="main-own"]').first.fill("  走访   困难党员 ")
        page.locator("#block-4 .log-to-check .button--primary").click()
        page.locator(".log-sentence").wait_for()
        assert page.locator(".undo").count() == 0
        page.reload()
        assert page.locator(".undo").count() == 0


def test_a_submit_into_a_dead_network_is_offered_again(world, browse):
    with browse("secretary", "zh-hans", PHONE, expected=("ERR_INTERNET_DISCONNECTED", "ERR_FAILED")) as page:
        started(page, world)
        address = page.url.split("?")[0] + "?step=3"
        page.goto(address)
        page.route("**/log/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
        page.locator('textarea[name="main-minutes"]').fill("没发出去的")
        page.locator("#block-4 .log-to-check .button--primary").click()
        page.wait_for_timeout(300)
        page.unroute("**/log/**")
        page.goto(address)
        page.locator(".undo .button").first.click()
        assert page.locator('textarea[name="main-minutes"]').input_value() == "没发出去的"


def test_quorum_and_reasons_follow_the_board(world, browse):
    """Three on the committee: with two away no vote can be taken, whatever the page said when it came."""
    away = [world.people["discipline"], world.people["committee_member"]]
    with browse("secretary", "zh-hans", PHONE) as page:
        one = started(page, world)
        page.goto(page.url.split("?")[0] + "?step=2")
        line, reasons = page.locator("[data-quorum]"), page.locator("[data-away-rows]")
        whole = line.inner_text()
        assert "3" in whole
        assert not reasons.is_visible()
        for person in away:
            page.locator(f'li:has(input[name="att-{person.public_id}"]) [data-cycle]').click()
        short = line.inner_text()
        assert short != whole
        assert "1" in short
        reasons.locator("summary").click()
        assert reasons.locator(".log-reason:visible").count() == 2
        page.locator(f'input[name="say-{away[0].public_id}"]').fill("带班值守")
        page.locator(f'label:has(input[name="print-{away[0].public_id}"])').click()
        page.locator("#block-2 .log-next .button--primary").click()
        page.locator("#block-4 .log-to-check .button--primary").click()
        page.locator(".log-sentence").wait_for()
        assert short in page.locator("#block-4").inner_text()
        page.locator("#block-4 .button--primary").click()
        page.wait_for_url("**filed=1")
        assert "带班值守" in page.locator("#people").inner_text()
    row = one.sitting.attendances.get(person=away[0])
    assert (row.status, row.reason, row.print_reason) == ("excused", "带班值守", True)
    assert not one.sitting.attendances.get(person=away[1]).print_reason


def test_a_closed_page_is_found_again(world, browse):
    with browse("secretary", "zh-hans", PHONE) as page:
        started(page, world)
        page.locator('input[name="place"]').fill("三楼会议室")
        page.locator(".saved:not(:empty)").wait_for()
        page.wait_for_timeout(1200)
        page.goto(f"/b/{world.branch.public_id}/log/")
        page.locator(".task__title a").first.click()
        assert page.locator('input[name="place"]').input_value() == "三楼会议室"


def test_a_photo_leaves_at_once_and_autosave_never_carries_it(world, browse):
    with browse("secretary", "zh-hans", PHONE) as page:
        one = started(page, world)
        page.goto(page.url.split("?")[0] + "?step=3")
        page.locator("#id_files").set_input_files(
            {"name": "笔记.jpg", "mimeType": "image/jpeg", "buffer": act.picture(800, 600)}
        )
        page.locator(".file__thumb").wait_for()
        assert page.locator("#id_files").input_value() == ""
    assert one.attachments.get().name == "笔记.jpg"


def test_a_talk_is_two_taps_after_its_kind(world, browse):
    with browse("secretary", "zh-hans", PHONE) as page:
        one = started(page, world, "talk")
        member = world.people["member"].public_id
        hand = Hand(page)
        hand.tap(page.locator(f'.chip:has(input[name="people"][value="{member}"])'))
        hand.tap(page.locator("#block-1 .log-next .button--primary"))
        page.locator("#block-4 .button--primary").click()
        page.wait_for_url("**filed=1")
    one.refresh_from_db()
    assert one.state == "filed"
    assert hand.taps == 2
    assert set(one.sitting.attendances.values_list("person", flat=True)) == {
        world.people["secretary"].pk,
        world.people["member"].pk,
    }


def test_a_pasted_notice_fills_the_page(world, browse):
    notice = "定于3月17日下午2:30在二楼会议室召开支部委员会会议。议题：1.研究发展党员；2.走访老党员"
    with browse("secretary", "zh-hans", PHONE) as page:
        page.goto(f"/b/{world.branch.public_id}/log/")
        page.locator(".disclosure__summary").first.click()
        page.locator("#id_notice").fill(notice)
        page.locator(".disclosure .button").click()
        page.wait_for_url(re.compile(r"/log/\w{12}/"))
        values = [page.locator(f'input[name="{name}"]').input_value() for name in ("held_on", "starts_at", "place")]
        assert values == ["2026-03-17", "14:30", "二楼会议室"]
        assert page.locator('input[name="main-own"]').first.input_value() == "走访老党员"


def test_a_member_answers_with_one_tap(world, browse):
    meeting = act.planned(world.branch, world.users["secretary"], held_on=TODAY, invite=(world.people["member"],))
    with browse("member", "zh-hans", PHONE) as page:
        page.goto(f"/e/{meeting.public_id}/")
        hand = Hand(page)
        hand.tap(page.locator('button[name=answer][value="come"]'))
        page.locator(".answer__given").wait_for()
        assert hand.taps == 1
        leave = Hand(page)
        leave.tap(page.locator(".answer__cannot summary"))
        leave.tap(page.locator('button[name=ground][value="business"]'))
        page.locator(".answer__given", has_text="公出").or_(
            page.locator(".answer__given", has_text="business")
        ).wait_for()
        assert (leave.taps, leave.characters) == (2, 0)
    assert meeting.invitations.get().answer == "cannot"


def test_a_submit_waits_for_what_is_being_saved(world, browse):
    """A slow line: the answer to the autosave, with the new version, comes after the button is pressed."""
    with browse("secretary", "zh-hans", DESKTOP) as page:
        one = started(page, world)

        def slow(route):
            response = route.fetch()
            page.wait_for_timeout(700)
            route.fulfill(response=response)

        page.route(
            "**/log/**", lambda route: slow(route) if "x-autosave" in route.request.headers else route.continue_()
        )
        page.locator('.chip:has(input[name="main-chips"])').first.click()
        page.locator('input[name="main-own"]').first.fill("走访老党员")
        page.locator("#block-4 .button--primary").click()
        page.locator(".log-sentence").wait_for()
    one.refresh_from_db()
    assert one.draft["main-own"][0] == "走访老党员"
