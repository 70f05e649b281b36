"""A visit on a phone whose network is cut, three findings, and what becomes of them: one is returned, all are closed."""

import pytest

from apps.supervision.models import Rectification, Visit
from tests.e2e import page_checks as check
from tests.e2e.conftest import DESKTOP, PHONE
from tests.factories.supervision import row, visit

pytestmark = pytest.mark.e2e
BOTH = pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESKTOP)], ids=["zh", "en"])
PROBLEMS = ("二月党小组会没有开", "制度没有上墙", "签到表有代签")


def looks_right(page, size):
    """axe, and nothing wider than the page in the largest text of a narrow phone."""
    assert check.axe(page) == []
    check.largest_on_the_narrowest(page)
    assert check.too_wide(page) == []
    page.set_viewport_size(size)
    page.evaluate("delete document.documentElement.dataset.text")


@BOTH
def test_a_visit_with_the_network_cut_in_the_middle(world, browse, language, size):
    """The secretary of the other branch goes along without a post above; what is typed in the cellar is there afterwards."""
    one = visit(world, team=[world.people["other_secretary"]])
    with browse("other_secretary", language, size, expected=("ERR_INTERNET_DISCONNECTED",)) as page:
        page.goto("/")
        page.locator(f'a.button[href$="/visits/{one.public_id}/fill/"]').click()
        page.locator("#visit").wait_for()
        looks_right(page, size)
        page.locator('.chip:has(input[name="way"][value="looked"])').click()
        page.locator("#f1-problem").fill(PROBLEMS[0])
        page.locator(".saved:not(.saved--trouble)", has_text="9:00").wait_for()
        page.context.set_offline(True)
        page.locator("#f1-due").fill("2026-03-31")
        page.locator("details:has(#f2-problem) summary").click()
        page.locator("#f2-problem").fill(PROBLEMS[1])
        page.locator('.chip:has(input[name="f2-nature"][value="at_once"])').click()
        page.locator("details:has(#f3-problem) summary").click()
        page.locator("#f3-problem").fill(PROBLEMS[2])
        page.locator('.chip:has(input[name="f3-nature"][value="at_once"])').click()
        page.locator("#offline").wait_for(state="visible")
        kept = page.evaluate("Object.values(localStorage).join()")
        assert all(problem in kept for problem in PROBLEMS)
        page.context.set_offline(False)
        page.wait_for_function("document.getElementById('offline').hidden")
        page.locator(".saved:not(.saved--trouble)").wait_for()
        page.locator('button[name=go][value="send"]').click()
        page.wait_for_url("**/send/")
        looks_right(page, size)
        assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('zhibu-draft:'))") == []
        page.locator(".form-actions .button--primary").click()
        page.wait_for_url(f"**/visits/{one.public_id}/")
        looks_right(page, size)
    one.refresh_from_db()
    assert one.state == "closed"
    assert list(Rectification.objects.order_by("pk").values_list("problem", flat=True)) == list(PROBLEMS)


@BOTH
def test_typed_text_is_offered_again_after_the_browser_was_closed(world, browse, language, size):
    one = visit(world)
    at = f"/b/{world.general_branch.public_id}/visits/{one.public_id}/fill/"
    with browse("affairs_worker", language, size, expected=("ERR_INTERNET_DISCONNECTED",)) as page:
        page.goto(at)
        page.context.set_offline(True)
        page.locator("#f1-problem").fill(PROBLEMS[0])
        page.locator("#offline").wait_for(state="visible")
        page.locator(".saved--trouble").wait_for()
        page.goto("about:blank")
        page.context.set_offline(False)
        page.goto(at)
        page.locator(".undo button").first.click()
        assert page.locator("#f1-problem").input_value() == PROBLEMS[0]
        page.locator(".saved:not(.saved--trouble)", has_text="9:00").wait_for()
    assert Visit.objects.get().draft["f1-problem"] == [PROBLEMS[0]]


@BOTH
def test_rectified_returned_closed(world, browse, language, size):
    rows = [row(world.branch, problem=problem, checking=world.general_branch) for problem in PROBLEMS]
    ledger, general = (f"/b/{place.public_id}/rectifications/" for place in (world.branch, world.general_branch))
    refused = ("status of 422",)
    with browse("secretary", language, size, expected=refused) as page:
        page.goto(ledger)
        looks_right(page, size)
        for one in rows:
            page.goto(f"{ledger}{one.public_id}/")
            page.locator("#new-measures").fill("补开一次\n写进月历")
            page.locator('form[action$="/measures/"] .button').click()
            page.locator('form[action$="/progress/"] textarea').fill("3月17日已补开")
            page.locator('form[action$="/progress/"] .button').last.click()
            page.locator(".way__step", has_text="3月17日已补开").wait_for()
            page.locator("details:has(#text-ask) summary").click()
            page.locator("#text-ask").fill("都办完了")
            page.locator('form[action$="/ask/"] .button').click()
            page.locator(".notice").first.wait_for()
        looks_right(page, size)
        assert page.locator('form[action$="/decide/"]').count() == 0
    with browse("affairs_worker", language, size) as page:
        page.goto("/")
        page.locator(f'a[href$="{rows[0].public_id}/"]').first.click()
        looks_right(page, size)
        page.locator("details:has(#text-return) summary").click()
        page.locator("#text-return").fill("会议记录还没有归档")
        page.locator('form:has(input[value="return"]) .button').click()
        page.locator(".way__step", has_text="会议记录还没有归档").wait_for()
        page.goto(f"{general}?state=asked")
        looks_right(page, size)
        for box in page.locator("input[name=row]").all():
            box.check()
        page.locator("#accept-form .button").click()
        page.wait_for_load_state()
    assert dict(Rectification.objects.values_list("problem", "state")) == dict(
        zip(PROBLEMS, ("reopened", "closed", "closed"), strict=True)
    )
    with browse("secretary", language, size) as page:
        page.goto(f"{ledger}{rows[0].public_id}/")
        page.locator("details:has(#text-ask) summary").click()
        page.locator("#text-ask").fill("记录已归档")
        page.locator('form[action$="/ask/"] .button').click()
        page.locator(".way__step", has_text="记录已归档").wait_for()
    with browse("affairs_worker", language, size) as page:
        page.goto(f"{ledger}{rows[0].public_id}/")
        page.locator('form:has(input[value="accept"]) .button').click()
        page.wait_for_load_state()
        looks_right(page, size)
    assert set(Rectification.objects.values_list("state", flat=True)) == {"closed"}
