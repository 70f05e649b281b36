"""The post of secretary changes hands: the form, the slip, the pack, and two people whose reach changes."""

import pytest
from django.urls import reverse

from apps.branches.models import Person, Post
from apps.duties.services.laying_out import materialise
from tests.e2e.conftest import DESKTOP, PHONE
from tests.factories.branches import TODAY

pytestmark = pytest.mark.e2e
WORDS = {
    "zh-hans": {"way": "工作交接", "change": "更换书记", "send": "确认交接", "pack": "看交接清单", "open": "没办完的事项"},
    "en": {
        "way": "Hand-over", "change": "Change the secretary", "send": "Hand over", "pack": "Open the hand-over pack",
        "open": "Duties that are open",
    },
}  # fmt: skip


@pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESKTOP)])
def test_a_new_secretary_with_a_slip_and_the_pack(world, browse, language, size):
    materialise(today=TODAY)
    words, board = WORDS[language], reverse("duties:board-detail", args=[world.branch.public_id])
    with browse("affairs_worker", language, size) as page:
        page.goto(reverse("branches:organization-detail", args=[world.branch.public_id]))
        page.get_by_role("link", name=words["way"], exact=True).click()
        page.get_by_role("link", name=words["change"], exact=True).click()
        page.locator("input[name=new_name]").fill("沈一鸣")
        page.get_by_role("button", name=words["send"], exact=True).click()
        code = page.locator(".slip__code").inner_text()
        page.get_by_role("link", name=words["pack"], exact=True).click()
        assert page.get_by_role("heading", name=words["open"]).is_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Word").click()
        assert download.value.suggested_filename.endswith(".docx")

    person = Person.objects.get(name="沈一鸣")
    assert Post.objects.on(TODAY).get(organization=world.branch, kind=Post.Kind.SECRETARY).person == person
    with browse("secretary", language, size) as page:
        page.goto(reverse("reports:handover-pack", args=[world.branch.public_id]))
        assert page.get_by_role("heading", name=words["open"]).is_visible()
        assert page.locator(f"a[href='{board}']").count() == 0  # no longer a way into the branch's work
    with browse("anonymous", language, size) as page:
        page.goto(f"{reverse('accounts:activation-redeem')}?name={person.user.username}")
        page.locator("input[name=code]").fill(code)
        for field in ("password1", "password2"):
            page.locator(f"input[name={field}]").fill("langes-Kennwort-9")
        page.locator("main form button[type=submit]").click()
        page.goto(board)
        assert page.locator("h1").is_visible()
        assert page.url.endswith(board)
