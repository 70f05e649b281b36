"""A secretary brings the roster of fifty that is there already: every planted fault is found, nothing wrong is written."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse

from apps.branches import services as branches
from apps.branches.models import Membership, Person
from apps.members.importing import files
from apps.members.models import ImportBatch
from tests.e2e.conftest import DESKTOP, PHONE, Hand
from tests.factories import messy
from tests.factories.people import fake_id

pytestmark = pytest.mark.e2e
ELSEWHERE = fake_id(date(1970, 2, 3), "female", 9)
SHOTS = Path(__file__).parent / "shots"


@pytest.fixture
def workbook(world, tmp_path):
    stranger = world.people["other_member"]
    branches.person_id_number(stranger, ELSEWHERE)
    stranger.save()
    made = messy.workbook(ELSEWHERE, world.people["member"].name)
    made.path = tmp_path / "花名册（最新）.xlsx"
    made.path.write_bytes(made.data)
    return made


def found_at(batch: ImportBatch) -> dict[str, set[str]]:
    """Code of the problem → cells at which the preview shows it; questions about who is meant by their row."""
    cells: dict[str, set[str]] = {}
    for row in files.plan_of(batch)["rows"]:
        if row["kind"] not in ("problem", "ask"):
            continue
        for problem in row["problems"]:
            if problem["level"] != "note":
                cells.setdefault(problem["code"], set()).add(f"{problem['letter']}{row['number']}")
        if row["candidates"]:
            cells.setdefault("candidates", set()).add(str(row["number"]))
    return cells


@pytest.mark.parametrize(("language", "size"), [("zh-hans", PHONE), ("en", DESKTOP)])
def test_a_messy_roster_of_fifty(world, browse, workbook, language, size):
    before = set(Person.objects.values_list("pk", flat=True))
    SHOTS.mkdir(exist_ok=True)
    with browse("secretary", language, size) as page:
        hand = Hand(page)
        page.goto(reverse("members:roster-list", args=[world.branch.public_id]))
        hand.tap(page.get_by_role("link", name="导入" if language == "zh-hans" else "Import", exact=True).first)
        hand.taps += 2  # the chooser, the file
        page.locator("input[type=file]").set_input_files(workbook.path)
        hand.tap(page.locator("main form button").first)

        page.wait_for_url("**/import/*/")
        batch = ImportBatch.objects.get()
        assert Person.objects.count() == len(before)
        found = found_at(batch)
        double = f"F{messy.FIRST_ROW + messy.PEOPLE - 1}"
        assert found == {code: {cell} for code, cell in workbook.planted.items()} | {
            "duplicate_id": {workbook.planted["duplicate_id"], double}
        }
        text = page.locator("main").inner_text()
        for code, cell in workbook.planted.items():
            assert cell in text, code
        page.screenshot(path=SHOTS / f"import-preview-{language}.png", full_page=True)

        # She compares the young one with the file, knows her colleague, and leaves the rest for later.
        hand.tap(page.locator("input[name=right]").first)
        hand.tap(page.locator(f"input[type=radio][value='{world.people['member'].public_id}']"))
        hand.tap(page.locator("button[name=action][value=check]"))
        page.wait_for_load_state()
        hand.tap(page.locator("button[name=action][value=import]"))
        page.wait_for_load_state()
        batch.refresh_from_db()
        assert batch.state == "partly_done"
        page.screenshot(path=SHOTS / f"import-result-{language}.png", full_page=True)
        with page.expect_download() as download:
            page.get_by_role(
                "link", name="下载有问题的行" if language == "zh-hans" else "Download rows with problems"
            ).click()
        assert download.value.suggested_filename.endswith(".xlsx")

    new = Person.objects.exclude(pk__in=before)
    young = messy.fake_name(31)
    assert sorted(new.values_list("name", flat=True)) == sorted([*workbook.good, young])
    assert Membership.objects.filter(person__in=new, organization=world.branch).count() == len(new)
    assert {person.born_on.isoformat()[:7] for person in new} <= {
        messy.birth(n).isoformat()[:7] for n in range(messy.PEOPLE)
    }
    seconds = hand.seconds(page_seconds=10)
    print(
        f"\nroster of {messy.PEOPLE}, {language}: {hand.taps} taps, {hand.characters} characters, about {seconds:.0f} s"
    )
    assert seconds <= 180


def test_without_scripts_the_import_works_all_the_same(world, browse, workbook):
    with browse("secretary", "zh-hans", PHONE, scripts=False) as page:
        page.goto(reverse("members:import-start", args=[world.branch.public_id]))
        page.locator("input[type=file]").set_input_files(workbook.path)
        page.locator("main form button").first.click()
        page.locator("button[name=action][value=import]").click()
        page.locator("summary", has_text="撤销这次导入").click()
        page.locator("details button", has_text="撤销这次导入").click()
        assert "已撤销" in page.locator("main").inner_text()
    assert Person.objects.count() == 13
