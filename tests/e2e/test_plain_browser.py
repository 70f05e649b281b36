"""A browser without JavaScript: what people come for works by plain forms. The log flow is in test_log_flow."""

import re

import pytest

from apps.activities.models import Invitation
from apps.branches.models import Person
from tests.e2e.conftest import PHONE
from tests.factories import activities as act
from tests.factories.branches import TODAY
from tests.factories.rosters import roster, row

pytestmark = pytest.mark.e2e


def test_an_import_from_file_to_undo(world, browse):
    with browse("secretary", "zh-hans", PHONE, scripts=False) as page:
        page.goto(f"/b/{world.branch.public_id}/members/import/")
        file = roster([row("钱知行"), row("孙若水", n=2, 身份证号="123")])
        page.locator("input[name=file]").set_input_files({"name": "花名册.xlsx", "mimeType": "", "buffer": file})
        page.locator("main form .button--primary").first.click()
        page.wait_for_url(re.compile(r"/import/\w{12}/"))
        assert not Person.objects.filter(name="钱知行").exists()
        page.locator('button[name=action][value="import"]').click()
        page.locator('a[href$="/problems/"]').wait_for()
        assert Person.objects.filter(name="钱知行").exists()
        assert not Person.objects.filter(name="孙若水").exists()
        page.locator(".confirm summary").click()
        page.locator('form[action$="/undo/"] button').click()
        page.locator(".notice--info").wait_for()
    assert not Person.objects.filter(name="钱知行").exists()


def test_an_invitation_is_answered_and_answered_anew(world, browse):
    meeting = act.planned(world.branch, world.users["secretary"], held_on=TODAY, invite=(world.people["member"],))
    with browse("member", "en", PHONE, scripts=False) as page:
        page.goto(f"/e/{meeting.public_id}/")
        page.locator('button[name=answer][value="come"]').click()
        page.locator(".answer__given").wait_for()
        assert Invitation.objects.get().answer == "come"
        page.locator(".answer__cannot summary").click()
        page.locator('button[name=ground][value="sick"]').click()
        page.locator(".answer__given", has_text="cannot come").wait_for()
    assert (Invitation.objects.get().answer, Invitation.objects.get().ground) == ("cannot", "sick")


def test_language_and_text_size_are_kept(world, browse):
    with browse("member", "zh-hans", PHONE, scripts=False) as page:
        page.goto("/")
        page.locator(".topbar__tools .menu").last.locator("summary").click()
        page.locator('.menu__item[name=language][value="en"]').click()
        assert page.locator("html").get_attribute("lang") == "en"
        page.goto("/me/settings/")
        page.locator('.chip:has(input[value="xlarge"])').click()
        page.locator("main form .button--primary").first.click()
        page.locator('html[data-text="xlarge"]').wait_for()
