"""An anonymous survey of twelve: written, answered tap by tap on a phone, on paper too, counted, and replied to."""

import pytest
from django.urls import reverse

from apps.surveys.models import Box, Survey
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.page_checks import axe, too_wide
from tests.factories import surveys as ask

pytestmark = pytest.mark.e2e
WORDS = {
    "zh-hans": {
        "from": "对支部班子的意见", "save": "保存", "open": "开始问卷", "next": "下一题", "back": "上一题",
        "check": "看看填得对不对", "send": "提交", "thanks": "谢谢，已经提交", "enter": "录入，接着录", "close": "结束并统计",
        "publish": "公布答复",
    },
    "en": {
        "from": "Opinions on the branch committee", "save": "Save", "open": "Open the survey", "next": "Next",
        "back": "Back", "check": "Look at my answers", "send": "Hand in", "thanks": "has been handed in",
        "enter": "Enter and go on", "close": "Close and count", "publish": "Publish the reply",
    },
}  # fmt: skip
OWN, ON_PAPER, SECRET, REPLY = 9, 2, "活动室周末也想用", "从下月起周末开放。"


def sound(page):
    assert axe(page) == []
    assert too_wide(page) == []


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def tap(page, name, value):
    page.locator(f'.chip:has(input[name="{name}"][value="{value}"])').click()


def stored_in_browser(page):
    return page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_twelve_answers_and_a_reply(world, browse, language):
    words, others = WORDS[language], ask.members(world.branch, OWN)
    list_page = reverse("surveys:survey-list", args=[world.branch.public_id])

    with browse("secretary", language, DESKTOP) as page:
        page.goto(list_page)
        sound(page)
        page.get_by_role("link", name=words["from"], exact=True).click()
        sound(page)
        press(page, words["save"])
        press(page, words["open"])
        page.wait_for_load_state()
        sound(page)
    survey = Survey.objects.get()
    page_of_survey = reverse("surveys:survey-detail", args=[world.branch.public_id, survey.public_id])
    own_page = reverse("surveys:survey-answer", args=[survey.public_id])

    with browse("member", language, PHONE) as page:
        page.goto("/")
        page.locator(f"main a[href='{own_page}']").first.click()
        sound(page)
        for place in range(1, 5):
            tap(page, f"q1_{place}", 0)
        press(page, words["next"])
        page.locator("textarea:visible").fill(SECRET)
        press(page, words["back"])
        press(page, words["next"])
        assert page.locator("textarea:visible").input_value() == SECRET
        press(page, words["next"])
        sound(page)
        press(page, words["check"])
        assert page.get_by_text(SECRET).last.is_visible()
        sound(page)
        assert SECRET not in stored_in_browser(page)
        press(page, words["send"])
        page.get_by_text(words["thanks"]).wait_for()
        assert SECRET not in stored_in_browser(page)
        sound(page)
        page.goto("/")
        assert page.locator(f"main a[href='{own_page}']").count() == 0

    for number, user in enumerate(others):
        ask.answered(survey, user, [number % 4] * 4, None, None)

    with browse("secretary", language, PHONE) as page:
        page.goto(page_of_survey)
        sound(page)
        assert SECRET not in page.content()
        page.goto(reverse("surveys:survey-paper", args=[world.branch.public_id, survey.public_id]))
        sound(page)
        for _sheet in range(ON_PAPER):
            for place in range(1, 5):
                tap(page, f"q1_{place}", 1)
            press(page, words["enter"])
        assert Box.objects.get().answers == 1 + OWN + ON_PAPER == 12
        page.goto(page_of_survey)
        page.locator("summary", has_text=words["close"]).click()
        press(page, words["close"])
        page.get_by_text(SECRET).wait_for()
        assert not Box.objects.exists()
        sound(page)
        page.locator("textarea[name=reply]").fill(REPLY)
        press(page, words["publish"])
        page.wait_for_load_state()
        with page.expect_download() as download:
            page.get_by_role("link", name="Word").click()
        assert download.value.suggested_filename.endswith(".docx")

    with browse("member", language, PHONE) as page:
        page.goto(own_page)
        assert page.get_by_text(REPLY).is_visible()
        assert SECRET not in page.content()
        sound(page)


def test_without_scripts_it_is_one_form(world, browse):
    survey = ask.opened(world.branch, world.users["secretary"])
    with browse("member", "zh-hans", PHONE, scripts=False) as page:
        page.goto(reverse("surveys:survey-answer", args=[survey.public_id]))
        tap(page, "q1", 1)
        page.locator("textarea").fill("没有脚本也能写")
        page.get_by_role("button", name="提交", exact=True).click()
        page.get_by_text("谢谢，已经提交").wait_for()
    assert Box.objects.get().answers == 1


def test_the_link_is_for_people_without_an_account(world, browse):
    survey = ask.opened(world.branch, world.users["secretary"], audience="link")
    with browse("anonymous", "zh-hans", PHONE) as page:
        page.goto(reverse("surveys:survey-link", args=[survey.link_token]))
        sound(page)
        tap(page, "q1", 1)
        page.get_by_role("button", name="看看填得对不对", exact=True).click()
        page.get_by_role("button", name="提交", exact=True).click()
        page.get_by_text("谢谢，已经提交").wait_for()
        page.reload()
        sound(page)
    assert Box.objects.get().answers == 1
