"""The way from an Excel roster to a fulfilled duty, as three people walk it: staff, the new secretary, a member."""

import os
import re
import shutil
import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from PIL import Image, ImageOps

from apps.activities.models import Activity, Invitation
from apps.branches.models import Membership, Organization, Person, Post
from apps.core import keyring
from apps.duties.models import DutyPeriod
from apps.duties.tasks import materialise
from tests.e2e import page_checks as check
from tests.e2e.conftest import DESKTOP, PHONE, Hand
from tests.e2e.test_papers import run
from tests.factories.branches import TODAY
from tests.factories.people import fake_birth, fake_id, fake_mobile, fake_name
from tests.members.roster_files import messy_workbook

pytestmark = pytest.mark.e2e
SECRETARY = "欧阳知远"
ELECTED = "2026-01-10"  # a committee that stands on the first of the month owes the meeting of that month
PASSWORD = "蓝天下的一棵树 2026"
# Rows of the workbook that cannot be right, counted from 0: eight faults, and both holders of one ID number wait.
FAULTY = {3, 7, 11, 15, 19, 23, 27, 28, 31}
GOOD = [n for n in range(50) if n not in FAULTY]
ARTICLE = re.compile(
    r"《中国共产党支部工作条例（试行）》第十二条|Regulations on the Work of Party Branches \(Trial\), art\. 12"
)


@dataclass
class Tour:
    """What one step leaves for the next."""

    page_of: Any
    world: Any
    branch: Organization | None = None
    slips: dict[str, tuple[str, str]] = field(default_factory=dict)
    record: Activity | None = None

    def at(self, path: str) -> str:
        return f"/b/{self.branch.public_id}/{path}"

    @property
    def members(self) -> dict[str, Person]:
        return {person.name: person for person in Person.objects.filter(organization=self.branch)}


def clean(page, code: str = "") -> None:
    """What the access tables cannot show: answers to a POST, and pages in the middle of the way. `code`: letters by chance."""
    assert check.axe(page) == []
    assert check.too_wide(page) == []
    if page.locator("html").get_attribute("lang") != "en":
        assert check.english_on(page) - set(re.findall("[A-Za-z]+", code)) == set()


def sign_in(page, username: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(username)
    page.locator("input[name=password]").fill(password)
    page.locator("main form .button--primary").click()
    page.wait_for_url(re.compile(r"^[^?]*/$"))


def activate(page, username: str, code: str) -> None:
    page.goto(f"/activate/?name={username}")
    assert page.locator("input[name=username]").input_value() == username
    page.locator("input[name=code]").fill(code.lower())
    page.locator("input[name=password1]").fill(PASSWORD)
    page.locator("input[name=password2]").fill(PASSWORD)
    page.locator("main form .button--primary").click()
    page.wait_for_url(re.compile(r"^[^?]*/$"))


def slip_for(tour: Tour, page, name: str) -> None:
    """Make a code; it is on the page this once."""
    page.goto(tour.at("accounts/"))
    page.get_by_role("row", name=name).locator(".check").click()
    page.locator('button[form="issue"]').click()
    slip = page.locator(".slip", has_text=name)
    slip.wait_for()
    username, code = slip.locator("dd").all_inner_texts()
    tour.slips[name] = (username.strip(), code.strip())
    assert slip.locator("svg").is_visible()
    clean(page, code)


def staff_sets_up_the_branch(tour: Tour) -> None:
    general = tour.world.general_branch
    with tour.page_of("anonymous") as page:
        sign_in(page, "affairs_worker", "a-long-password")
        page.goto(f"/b/{general.public_id}/organization/")
        page.locator(f'a[href$="/organizations/new/?under={general.public_id}"]').click()
        page.locator('.chip:has(input[name=kind][value="branch"])').click()
        page.locator("input[name=name]").fill("三车间党支部")
        page.locator("input[name=short_name]").fill("三车间")
        page.locator("input[name=usual_place]").fill("三车间会议室")
        page.locator("main form .button--primary").click()
        page.locator(".notice--done").wait_for()
        tour.branch = Organization.objects.get(name="三车间党支部")
        page.goto(tour.at("posts/new/"))
        page.locator('.chip:has(input[name=kind][value="branch_secretary"])').click()
        page.locator("input[name=new_name]").fill(SECRETARY)
        page.locator("input[name=starts_on]").fill(ELECTED)
        page.locator("main form .button--primary").click()
        page.locator(".notice--done").wait_for()
        slip_for(tour, page, SECRETARY)
    assert Post.objects.get(organization=tour.branch).person.name == SECRETARY


def secretary_imports_the_roster(tour: Tour, page) -> None:
    began = time.monotonic()
    page.goto(tour.at("members/"))
    page.locator(f'a[href="{tour.at("members/import/")}"]').first.click()
    page.locator("input[name=file]").set_input_files(
        {"name": "三车间花名册.xlsx", "mimeType": "application/octet-stream", "buffer": messy_workbook()}
    )
    page.locator("main form .button--primary").click()
    page.wait_for_url(re.compile(r"/import/\w{12}/"))
    assert Person.objects.filter(organization=tour.branch).count() == 1  # nothing is written before the confirmation
    clean(page)
    rows = page.locator(".import-error")
    said = " ".join(rows.locator("b").all_inner_texts())
    for n, letter in ((3, "G"), (7, "G"), (11, "H"), (15, "K"), (19, "E"), (23, "C"), (27, "G"), (28, "G"), (31, "I")):
        assert f"{letter}{n + 5 + (n >= 10)} " in said + " ", f"fault of row {n} is not shown"
    assert set(re.findall(r"[A-L]\d+", said)) == {"G8", "G12", "H17", "K21", "E25", "C29", "G33", "C33", "G34", "I37"}
    page.locator('button[name=action][value="import"]').click()
    page.locator('a[href$="/problems/"]').wait_for()
    clean(page)
    print(f"roster of 50 imported in {time.monotonic() - began:.1f} s of page time")
    nothing_wrong_is_written(tour)


def nothing_wrong_is_written(tour: Tour) -> None:
    """Exactly the people without a fault, each value as in the workbook."""
    found = tour.members
    assert set(found) == {SECRETARY, *(fake_name(n) for n in GOOD)}
    for n in GOOD:
        person = found[fake_name(n)]
        number = keyring.unseal(person.id_number_sealed, bound_to=f"person:{person.public_id}:id_number")
        birth, sex = fake_birth(n), ("male", "female")[n % 2]
        assert (number, person.sex, person.mobile_phone) == (fake_id(birth, sex), sex, fake_mobile(n))
        assert (person.born_on.year, person.born_on.month) == (birth.year, birth.month)
        assert (person.admitted_on, person.full_member_on) == (date(2015, 7, 1), date(2016, 7, 1))
        [membership] = person.memberships.all()
        assert (membership.category, membership.organization) == (Membership.Category.FULL, tour.branch)
    assert Membership.objects.filter(organization=tour.branch).count() == len(GOOD)


def secretary_enters_the_committee(tour: Tour, page) -> None:
    for n, kind in ((0, "organization_member"), (1, "discipline_member")):
        page.goto(tour.at("posts/new/"))
        page.locator(f'.chip:has(input[name=kind][value="{kind}"])').click()
        page.locator("select[name=person]").select_option(tour.members[fake_name(n)].public_id)
        page.locator("input[name=starts_on]").fill(ELECTED)
        page.locator("main form .button--primary").click()
        page.locator(".notice--done").wait_for()
    assert (
        Post.objects.filter(organization=tour.branch, kind__in=("organization_member", "discipline_member")).count()
        == 2
    )


def secretary_logs_a_meeting(tour: Tour, page, size: dict) -> None:
    """Within 14 taps, 12 characters and a minute, from the home page to the sentence that it is done."""
    away = tour.members[fake_name(1)]
    page.goto("/")
    hand, began = Hand(page), time.monotonic()
    hand.tap(page.locator(".tabbar__link--primary, .sidebar__primary .button").locator("visible=true").first)
    hand.tap(page.locator('button[name=kind][value="committee_meeting"]'))
    if size is PHONE:
        hand.tap(page.locator("#block-1 .log-next .button--primary"))
    hand.tap(page.locator(f'li:has(input[name="att-{away.public_id}"]) [data-cycle]'))
    hand.choose(page.locator(f'select[name="why-{away.public_id}"]'), "business")
    if size is PHONE:
        hand.tap(page.locator("#block-2 .log-next .button--primary"))
    hand.tap(page.locator('.chip:has(input[name="main-chips"])').nth(0))
    hand.write(page.locator('input[name="main-own"]').first, "三季度检修安排")
    hand.tap(page.locator("#block-4 .log-to-check .button--primary"))
    page.locator(".log-sentence").wait_for()
    hand.tap(page.locator("#block-4 .button--primary"))
    page.wait_for_url("**filed=1")
    page_seconds = time.monotonic() - began
    tour.record = Activity.objects.get(organization=tour.branch, state="filed")
    estimate = hand.seconds(page_seconds)
    print(
        f"log flow: {hand.taps} taps, {hand.characters} characters, about {estimate:.0f} s ({page_seconds:.1f} s of pages)"
    )
    assert hand.taps <= 14
    assert hand.characters <= 12
    assert estimate <= 60
    present = dict(tour.record.sitting.attendances.values_list("person__name", "status"))
    assert present == {SECRETARY: "present", fake_name(0): "present", fake_name(1): "excused"}


def the_duty_is_done(tour: Tour, page) -> None:
    """The page after filing says so; behind it the article and the record that did it."""
    clean(page)
    done = page.locator(".filed .notice--done")
    assert "3" in done.inner_text() or "March" in done.inner_text()
    done.locator('a[href*="/duties/"]').click()
    main = page.locator("main")
    main.locator("h1").wait_for()
    clean(page)
    assert ARTICLE.search(main.inner_text())
    assert page.locator(".tag--done, .tag--plain").first.is_visible()
    assert main.locator(f'a[href*="{tour.record.public_id}"]').is_visible()
    materialise.delay()  # as every ten minutes: now there is a month's worth of duties
    page.goto(tour.at("duties/"))
    period = DutyPeriod.objects.get(rule__slug="committee_meeting", organization=tour.branch, starts_on="2026-03-01")
    cells = page.locator(f'main a[href*="/duties/{period.pk}/"]').locator("visible=true")
    assert re.search("已完成|Done", cells.first.evaluate("a => a.closest('li, td').textContent"))
    page.goto("/")
    owed = page.locator(".task__title").all_inner_texts()
    assert any(re.search("主题党日|heme (Party )?day", title) for title in owed)
    assert not any(re.search("支委会|ommittee meeting", title) for title in owed)


def the_minutes_print(tour: Tour, page, tmp_path, language: str) -> None:
    page.goto(tour.at(f"meetings/{tour.record.public_id}/"))
    with page.expect_download() as download:
        page.locator('.page-head__actions a[href$="minutes.docx"]').click()
    paper = tmp_path / "minutes.docx"
    download.value.save_as(paper)
    missing = [name for name in ("soffice", "pdftotext", "pdftoppm") if not shutil.which(name)]
    if missing:
        assert not os.environ.get("CI"), missing
        return
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(paper))
    text = re.sub(r"\s+", "", run("pdftotext", "-layout", str(tmp_path / "minutes.pdf"), "-"))
    for words in ("三车间党支部", "会议记录", "三车间会议室", SECRETARY, fake_name(0), "公出", "三季度检修安排"):
        assert words in text
    run("pdftoppm", "-r", "70", "-png", str(tmp_path / "minutes.pdf"), str(tmp_path / "minutes"))
    [picture] = tmp_path.glob("minutes-*.png")
    image = Image.open(picture).convert("L")
    left, top, right, bottom = ImageOps.invert(image).point(lambda level: 255 * (level > 64)).getbbox()
    assert left > 0.1 * image.width < right < 0.92 * image.width
    assert top > 0.05 * image.height
    assert bottom < 0.97 * image.height
    shots = os.environ.get("ZHIBU_SHOTS")
    if shots:
        shutil.copy(picture, os.path.join(shots, f"minutes-{language}.png"))


def secretary_corrects_the_record(tour: Tour, page) -> None:
    page.goto(tour.at(f"meetings/{tour.record.public_id}/"))
    page.locator(".page-head__actions .menu summary").click()
    page.locator('.menu__item[href$="/correct/"]').click()
    page.locator('input[name="place"]').fill("二楼会议室")
    clean(page)
    file = page.locator('button[name=go][value="file"]')
    file.click()
    page.locator(
        "#error-summary, .field--error"
    ).first.wait_for()  # not without a reason, and not before what changed is seen
    assert tour.record.versions.count() == 1
    page.locator("input[name=reason]").fill("地点写错")
    file.click()
    page.locator("#versions").wait_for()
    clean(page)
    assert "地点写错" in page.locator("#versions").inner_text()
    assert "二楼会议室" in page.locator("#notice").inner_text()
    tour.record.refresh_from_db()
    assert list(tour.record.versions.values_list("number", "reason").order_by("number")) == [(1, ""), (2, "地点写错")]


def secretary_invites(tour: Tour, page) -> None:
    page.goto(tour.at("schedule/plan/?kind=general_meeting"))
    page.locator("input[name=held_on]").fill("2026-03-25")
    page.locator("input[name=starts_at]").fill("14:30")
    page.locator("main form .button--primary").click()
    page.locator(".notice--done").wait_for()
    slip_for(tour, page, fake_name(2))


def member_answers(tour: Tour) -> None:
    invitation = Invitation.objects.get(person=tour.members[fake_name(2)])
    with tour.page_of("anonymous") as page:
        activate(page, *tour.slips[fake_name(2)])
        page.goto(f"/e/{invitation.sitting.public_id}/")
        hand = Hand(page)
        hand.tap(page.locator('button[name=answer][value="come"]'))
        page.locator(".answer__given").wait_for()
        clean(page)
        assert (hand.taps, hand.characters) == (1, 0)
    invitation.refresh_from_db()
    assert invitation.answer == "come"


@pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESKTOP)], ids=["phone-zh", "desktop-en"])
def test_from_an_excel_roster_to_a_fulfilled_duty(language, size, world, browse, tmp_path, capsys):
    tour = Tour(page_of=lambda role: browse(role, language, size), world=world)
    with capsys.disabled():
        print(f"\n{language} at {size['width']} px")
        staff_sets_up_the_branch(tour)
        with browse("anonymous", language, size, expected=("status of 422",)) as page:
            activate(page, *tour.slips[SECRETARY])
            secretary_imports_the_roster(tour, page)
            secretary_enters_the_committee(tour, page)
            secretary_logs_a_meeting(tour, page, size)
            the_duty_is_done(tour, page)
            the_minutes_print(tour, page, tmp_path, language)
            secretary_corrects_the_record(tour, page)
            secretary_invites(tour, page)
        member_answers(tour)
    assert tour.record.held_on == TODAY
