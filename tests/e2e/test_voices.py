"""Voices, from what was said to the answer; by the people it is for, in both languages."""

import pytest

from apps.voices.models import Matter, Suggestion
from tests.e2e import page_checks as check
from tests.e2e.conftest import DESKTOP, PHONE
from tests.factories import voices as make

pytestmark = pytest.mark.e2e
SAY = {
    "zh-hans": {
        "register": "登记", "category": "其他诉求", "accept": "受理", "answer": "答复", "open": "办理中",
        "done": "已答复", "code": "查询码",
    },
    "en": {
        "register": "Register", "category": "Other request", "accept": "Accept", "answer": "Answer",
        "open": "Being handled", "done": "Answered", "code": "Receipt code",
    },
}  # fmt: skip


def step(page, verb):
    page.locator("summary", has_text=verb).first.click()
    form = page.locator("details[open] form").first
    if form.locator("textarea").is_visible():
        form.locator("textarea").fill("台阶的灯四月装好")
    form.get_by_role("button", name=verb, exact=True).click()


@pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESKTOP)])
def test_a_visitors_matter_from_register_to_answer(world, browse, language, size):
    say, at = SAY[language], world.branch.public_id
    make.day(world)
    with browse("anonymous", language, size) as page:
        page.goto(f"/visit/{at}/")
        assert "14:00–16:00" in page.locator("main").inner_text()
        assert check.axe(page) == []
    with browse("secretary", language, size) as page:
        page.goto(f"/b/{at}/voices/matters/add/")
        page.get_by_label(say["category"]).check(force=True)
        page.locator("#id_words").fill(make.WORDS)
        assert check.axe(page) == []
        page.get_by_role("button", name=say["register"], exact=True).click()
        code = page.locator(".notice b").inner_text()
        assert check.axe(page) == []
        assert check.too_wide(page) == []
        step(page, say["accept"])
    with browse("anonymous", language, size) as page:
        page.goto("/visit/")
        page.get_by_label(say["code"]).fill(code)
        page.locator("main form button").click()
        told = page.locator("main").inner_text()
        assert say["open"] in told
        assert make.WORDS not in told
        assert check.axe(page) == []
        assert code not in page.url
    with browse("secretary", language, size) as page:
        page.goto(f"/b/{at}/voices/matters/{Matter.objects.get().public_id}/")
        step(page, say["answer"])
        assert check.axe(page) == []
        page.goto(f"/b/{at}/voices/matters/")
        assert check.axe(page) == []
    with browse("anonymous", language, size) as page:
        page.goto("/visit/")
        page.get_by_label(say["code"]).fill(code)
        page.locator("main form button").click()
        assert say["done"] in page.locator("main").inner_text()


@pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESKTOP)])
def test_a_suggestion_is_answered_publicly(world, browse, language, size):
    at = world.branch.public_id
    with browse("member", language, size) as page:
        page.goto(f"/b/{at}/voices/box/add/")
        page.locator("#id_words").fill(make.IDEA)
        assert check.axe(page) == []
        page.locator("main form button[type=submit], main form button:not([type])").last.click()
        page.wait_for_url(f"**/b/{at}/voices/box/")
        assert check.axe(page) == []
    row = Suggestion.objects.get()
    with browse("secretary", language, size) as page:
        page.goto(f"/b/{at}/voices/box/{row.public_id}/")
        assert make.IDEA in page.locator("main").inner_text()
        page.locator("#id_public_words").fill("给柜子编号")
        page.locator("#id_answer").fill("已经编好")
        page.locator("#id_public_change").fill("柜子有号了")
        assert check.axe(page) == []
        page.locator("main form .form-actions button").first.click()
        page.wait_for_load_state()
        assert check.axe(page) == []
        assert check.too_wide(page) == []
    with browse("group_leader", language, size) as page:
        page.goto(f"/b/{at}/voices/box/")
        told = page.locator("main").inner_text()
        assert "已经编好" in told
        assert make.IDEA not in told
        page.goto(f"/b/{at}/voices/changed/")
        assert "柜子有号了" in page.locator("main").inner_text()
        assert check.axe(page) == []
        assert check.too_wide(page) == []


@pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESKTOP)])
def test_a_report_goes_around_the_secretary(world, browse, language, size):
    at = world.branch.public_id
    with browse("member", language, size) as page:
        page.goto(f"/b/{at}/voices/reports/add/")
        page.locator("input[name=category]").first.check(force=True)
        page.locator("#id_words").fill(make.REPORT)
        page.get_by_label(world.people["secretary"].name).check(force=True)
        assert check.axe(page) == []
        page.locator("main form .form-actions button").first.click()
        page.wait_for_load_state()
        assert world.general_branch.name in page.locator("main").inner_text()
        assert check.axe(page) == []
    with browse("secretary", language, size) as page:
        page.goto(f"/b/{at}/voices/reports/")
        assert page.locator("main .task").count() == 0
    with browse("affairs_worker", language, size) as page:
        page.goto(f"/b/{world.general_branch.public_id}/voices/reports/")
        page.locator("main .task a").first.click()
        page.wait_for_load_state()
        assert make.REPORT in page.locator("main").inner_text()
        assert check.axe(page) == []
        assert check.too_wide(page) == []
