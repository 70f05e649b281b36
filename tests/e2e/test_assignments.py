"""A decision becomes an assignment that gets done: passed on, handed in with a file, sent back, handed in again, accepted."""

import re

import pytest
from django.urls import reverse

from apps.assignments.models import Assignment, Batch
from tests.e2e import page_checks as check
from tests.e2e.conftest import DESKTOP, PHONE
from tests.factories import activities as act
from tests.factories.branches import TODAY

pytestmark = pytest.mark.e2e
WORDS = {
    "zh-hans": {
        "delegate": "转交", "submit": "提交", "return": "退回", "accept": "同意办结", "state": "已完成",
        "send": "下发", "remind": "提醒所有没办完的",
    },
    "en": {
        "delegate": "Pass on", "submit": "Hand in", "return": "Return", "accept": "Accept", "state": "Done", "send": "Send",
        "remind": "Remind all that are not done",
    },
}  # fmt: skip
PICTURE = {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": act.picture(64, 48)}


def looked_at(page):
    assert check.axe(page) == []
    assert check.too_wide(page) == []


def act_on(page, verb, **typed):
    """Open the form of the act, fill it in, send it; `person` is the label in the list."""
    page.locator("details.confirm summary", has_text=re.compile(f"^{verb}$")).click()
    form = page.locator("details.confirm[open] form")
    if person := typed.get("person"):
        form.locator("select").select_option(label=person)
    if text := typed.get("text"):
        form.locator("textarea").fill(text)
    if files := typed.get("files"):
        form.locator("input[type=file]").set_input_files(files)
    looked_at(page)
    form.locator("button[type=submit], button:not([type])").last.click()
    page.wait_for_load_state()


@pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESKTOP)])
def test_from_the_meeting_to_the_accepted_result(world, browse, language, size):
    words, people = WORDS[language], world.people
    with browse("secretary", language, size) as page:
        page.goto(f"/b/{world.branch.public_id}/log/")
        page.locator('button[name=kind][value="committee_meeting"]').click()
        page.wait_for_url(re.compile(r"/log/\w{12}/"))
        page.goto(page.url.partition("?")[0] + "?step=3")
        page.locator("#tasks summary").click()
        page.locator("select[name=main-who]").first.select_option(label=people["committee_member"].name)
        page.locator("input[name=main-task]").first.fill("联系社区定场地")
        page.locator("input[name=main-by]").first.fill("3.25")
        page.locator("#block-4 .log-to-check .button--primary").click()
        page.locator("#block-4 .button--primary").click()
        page.wait_for_url("**filed=1")
        one = Assignment.objects.get()
        assert one.assignee == people["committee_member"]
        url = reverse("assignments:assignment-detail", args=[world.branch.public_id, one.public_id])
        page.goto(reverse("assignments:assignment-list", args=[world.branch.public_id]))
        looked_at(page)
        page.locator(f'a[href="{url}"]').click()
        act_on(page, words["delegate"], person=people["member"].name, text="你熟悉情况")
    with browse("member", language, size) as page:
        page.goto("/")
        page.locator(f'a[href="{url}"]').click()
        act_on(page, words["submit"], text="已经联系", files=[PICTURE])
        assert page.locator("a[href*='/files/']").inner_text() == "现场.jpg"
    with browse("secretary", language, size) as page:
        page.goto("/")
        page.locator(f'a[href="{url}"]').click()
        act_on(page, words["return"], text="请写明哪一天、能坐多少人")
    with browse("member", language, size) as page:
        page.goto("/")
        page.locator(f'a[href="{url}"]').click()
        assert "请写明哪一天" in page.locator("main").inner_text()
        act_on(page, words["submit"], text="3月22日，能坐三十人")
    with browse("secretary", language, size) as page:
        page.goto(url)
        page.get_by_role("button", name=words["accept"], exact=True).click()
        page.wait_for_load_state()
        assert words["state"] in page.locator(".page-head").inner_text()
        looked_at(page)
    steps = list(one.events.values_list("act", flat=True))
    assert steps == ["give", "delegate", "submit", "return", "submit", "accept"]
    assert one.evidence.get().content_type == "image/jpeg"


@pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESKTOP)])
def test_a_committee_asks_all_its_branches_and_reminds_them(world, browse, language, size):
    words = WORDS[language]
    with browse("affairs_worker", language, size) as page:
        page.goto(reverse("assignments:request-new", args=[world.general_branch.public_id]))
        page.locator("input[name=title]").fill("报送年度计划")
        looked_at(page)
        page.get_by_role("button", name=words["send"], exact=True).click()
        page.wait_for_url(re.compile(r"/requests/\w{12}/$"))
        looked_at(page)
        assert page.locator("tbody tr").count() == 2
        page.get_by_role("button", name=words["remind"], exact=True).click()
        page.wait_for_load_state()
        page.goto(reverse("assignments:request-list", args=[world.general_branch.public_id]))
        looked_at(page)
    batch = Batch.objects.get()
    assert set(batch.assignments.values_list("state", "nudged_on")) == {("todo", TODAY)}
