"""A month's report from its draft to approval: handed in on a phone without a number typed, reviewed by keyboard alone."""

import pytest
from django.urls import reverse

from apps.reports.models import Report
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.page_checks import axe, too_wide
from tests.factories import activities as act
from tests.factories import reports as rep
from tests.factories.branches import TODAY

pytestmark = pytest.mark.e2e
WORDS = {
    "zh-hans": {"hand_in": "报送", "edit": "改文字", "save": "保存", "asked": "请补充缺席原因", "approved": "审核通过"},
    "en": {
        "hand_in": "Hand in", "edit": "Edit the words", "save": "Save", "asked": "Please say who was absent",
        "approved": "Approved",
    },
}  # fmt: skip


def sound(page):
    assert axe(page) == []
    assert too_wide(page) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_from_draft_to_approved_with_one_return(world, browse, language):
    words = WORDS[language]
    act.filed(world.branch, world.users["secretary"], "theme_day", rep.FEBRUARY.replace(day=10))
    one = rep.report(world.branch)
    page_of_report = reverse("reports:report-detail", args=[world.branch.public_id, one.code])
    queue = reverse("reports:review-queue", args=[world.general_branch.public_id])

    with browse("secretary", language, PHONE) as page:
        page.goto("/")
        page.locator(f"main a[href='{page_of_report}']").first.click()
        sound(page)
        page.get_by_role("button", name=words["hand_in"], exact=True).click()
        page.wait_for_load_state()
        assert rep.fresh(world.branch).state == Report.State.SUBMITTED
        sound(page)

    with browse("affairs_worker", language, DESKTOP) as page:
        page.goto(queue)
        sound(page)
        page.keyboard.press("r")
        page.locator("#id_reason:focus").wait_for()
        page.keyboard.type(words["asked"])
        page.keyboard.press("Control+Enter")
        page.locator("[data-undo]").wait_for()
        assert rep.fresh(world.branch).state == Report.State.RETURNED
        sound(page)

    with browse("secretary", language, PHONE) as page:
        page.goto(page_of_report)
        page.get_by_text(words["asked"]).first.wait_for()
        page.get_by_role("link", name=words["edit"], exact=True).click()
        sound(page)
        text = page.locator("textarea").last
        text.fill(f"{text.input_value()}\n缺席的同志已补学。")
        page.get_by_role("button", name=words["save"], exact=True).click()
        page.get_by_role("button", name=words["hand_in"], exact=True).click()
        page.wait_for_load_state()
        assert rep.fresh(world.branch).state == Report.State.SUBMITTED

    with browse("affairs_worker", language, DESKTOP) as page:
        page.goto(queue)
        assert page.get_by_text("缺席的同志已补学。").is_visible()
        for keys, state in (("a", "approved"), ("u", "submitted"), ("a", "approved")):
            page.keyboard.press(keys)
            page.locator("[data-undo]").wait_for(state="visible" if keys == "a" else "detached")
            assert rep.fresh(world.branch).state == state

    with browse("secretary", language, PHONE) as page:
        page.goto(page_of_report)
        assert page.get_by_text(words["approved"]).first.is_visible()
        for name, ending in (("Word", ".docx"), ("Excel", ".xlsx")):
            with page.expect_download() as download:
                page.get_by_role("link", name=name).click()
            assert download.value.suggested_filename.endswith(ending)
        assert TODAY.isoformat() not in page.locator("main").inner_text()  # days are written as people write them
