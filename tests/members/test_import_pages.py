"""The pages of an import, as a person without scripts meets them: every wrong file answered in words, nothing half-written."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from apps.branches.models import Person
from apps.members.models import ImportBatch
from tests.factories.people import fake_id
from tests.factories.rosters import answered, imported, roster, row, started
from tests.factories.workbooks import saved, xls, xlsx


@pytest.fixture
def client(client_of):
    return client_of("secretary")


def to(name, world, batch=None):
    return reverse(f"members:{name}", args=[world.branch.public_id, *([batch.public_id] if batch else [])])


def upload(client, world, data: bytes, name: str = "roster.xlsx", **more):
    return client.post(to("import-start", world), {"file": SimpleUploadedFile(name, data), **more})


def press(client, world, batch, **data):
    batch.refresh_from_db()
    return client.post(to("import-confirm", world, batch), {"digest": batch.digest, **data})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7 not a table", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "picture"),
        (b"PK\x03\x04broken", "damaged"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "web"),
        (b"MZ" + b"\0" * 90, "program"),
    ],
)
def test_a_file_that_is_not_what_it_says(world, client, data, said):
    response = upload(client, world, data)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert ImportBatch.objects.count() == 0


def test_no_file_both_or_an_empty_one(world, client):
    assert "Choose a file or paste cells." in client.post(to("import-start", world)).content.decode()
    both = upload(client, world, roster([row("钱知行")]), pasted="姓名\t性别")
    assert "Choose one" in both.content.decode()
    assert upload(client, world, b"").status_code == 422
    assert ImportBatch.objects.count() == 0


def test_a_large_file_is_refused_before_it_is_read(world, client):
    response = upload(client, world, b"x" * (5 * 1024 * 1024 + 1))
    assert response.status_code == 422
    assert "larger than 5 MB" in response.content.decode()


def test_pasted_cells_and_old_formats_lead_to_the_same_preview(world, client):
    table = [["姓名", "性别", "出生年月", "人员类别"], ["钱知行", "男", "1985.05", "正式党员"]]
    pasted = "\n".join("\t".join(line) for line in table)
    answers = [
        client.post(to("import-start", world), {"pasted": pasted}),
        upload(client, world, xls(table), "roster.xls"),
        upload(client, world, "\n".join(",".join(line) for line in table).encode("gb18030"), "roster.csv"),
    ]
    for answer in answers:
        page = client.get(answer["Location"]).content.decode()
        assert "钱知行" in page
        assert "Import 1 row without problems" in page


def test_a_sheet_without_any_roster_asks_for_the_columns(world, client):
    answer = upload(client, world, xlsx([["甲", "乙"], ["钱知行", "1985.05"]]))
    batch = ImportBatch.objects.get()
    columns = client.get(answer["Location"])
    assert columns["Location"] == to("import-columns", world, batch)
    page = client.get(columns["Location"])
    assert "No header row was recognised here." in page.content.decode()
    empty = client.post(to("import-columns", world, batch), {"since": "2026-03-01"})
    assert empty.status_code == 422
    assert "which one holds the name" in empty.content.decode()


def test_an_unclear_column_is_asked_for_and_taken(world, client):
    upload(client, world, roster([row("钱知行", 职务="委员")], heads=("姓名", "性别", "身份证号", "人员类别")))
    batch = ImportBatch.objects.get()
    url = to("import-columns", world, batch)
    page = client.get(url).content.decode()
    letter = "G"
    assert f'name="column-0-{letter}"' in page
    assert page.count("Please choose") == 2  # in the list of choices, and beside it
    assert client.post(url, {"since": "2026-03-01", f"column-0-{letter}": "?"}).status_code == 422
    twice = client.post(url, {"since": "2026-03-01", f"column-0-{letter}": "name"})
    assert twice.status_code == 422
    assert "cannot both be" in twice.content.decode()
    for since in ("2026-03-19", "2026-02-31", "", "0001-01-01"):
        assert client.post(url, {"since": since, f"column-0-{letter}": "party_post"}).status_code == 422
    done = client.post(url, {"since": "2026-03-01", f"column-0-{letter}": "party_post"})
    assert done.status_code == 302
    assert "Committee member" in client.get(done["Location"]).content.decode()


def test_sheets_can_be_chosen(world, client):
    book = Workbook()
    for title, name in (("一组", "钱知行"), ("备用", "孙若水")):
        sheet = book.create_sheet(title)
        for line in (["姓名", "性别", "出生年月", "人员类别"], [name, "男", "1985.05", "正式党员"]):
            sheet.append(line)
    upload(client, world, saved(book))
    batch = ImportBatch.objects.get()
    assert batch.created == 2
    client.post(to("import-columns", world, batch), {"since": "2026-03-01", "sheet-1": "1"})
    batch.refresh_from_db()
    assert batch.created == 1
    assert "孙若水" not in client.get(to("import-detail", world, batch)).content.decode()


def test_new_answers_are_shown_before_they_are_written(world, client):
    batch = started(world.branch, world.users["secretary"], [row("钱知行", date(1999, 1, 2)), row("孙若水", n=3)])
    page = client.get(to("import-detail", world, batch)).content.decode()
    assert "Admitted before the age of 18" in page
    [ref] = [part.partition('"')[0] for part in page.split('name="row" value="')[1:]]
    press(client, world, batch, action="import", row=ref, right=ref)
    assert not Person.objects.filter(name="钱知行").exists()
    press(client, world, batch, action="import", row=ref, right=ref)
    assert Person.objects.filter(name__in=["钱知行", "孙若水"]).count() == 2


def test_pressing_twice_or_with_an_old_page_writes_once(world, client):
    batch = started(world.branch, world.users["secretary"], [row("钱知行")])
    old = batch.digest
    answered(batch, world.users["secretary"], category="full_member")
    stale = client.post(to("import-confirm", world, batch), {"digest": "0" * 64, "action": "import"})
    assert stale.status_code == 409
    assert not Person.objects.filter(name="钱知行").exists()
    assert press(client, world, batch, action="import").status_code == 302
    again = client.post(to("import-confirm", world, batch), {"digest": old, "action": "import"})
    assert again["Location"] == to("import-detail", world, batch)
    assert Person.objects.filter(name="钱知行").count() == 1


def test_answers_for_rows_that_are_not_there_are_harmless(world, client):
    batch = started(world.branch, world.users["secretary"], [row("钱知行")])
    press(
        client,
        world,
        batch,
        action="check",
        row="花名册!99",
        right="花名册!99",
        left_out="x!1",
        **{"same-花名册!2": "nobody"},
    )
    batch.refresh_from_db()
    assert batch.created == 1


def test_the_preview_speaks_the_readers_language(world, client, client_of):
    batch = started(world.branch, world.users["secretary"], [row("钱知行", 身份证号="123")])
    assert "18 characters" in client.get(to("import-detail", world, batch)).content.decode()
    assert (
        "18 characters" not in client_of("secretary", "zh-hans").get(to("import-detail", world, batch)).content.decode()
    )


def test_id_numbers_are_masked_on_every_page(world, client):
    number = fake_id(date(1985, 5, 6), "male", 1)
    batch = started(
        world.branch,
        world.users["secretary"],
        [row("钱知行", n=1), row("钱知行", n=1), row("孙若水", 身份证号=number[:17] + "Y")],
    )
    for url in (to("import-detail", world, batch), to("import-columns", world, batch)):
        assert number[4:14] not in client.get(url).content.decode()


def test_the_problem_file_holds_the_cells_and_the_problem(world, client):
    rows = [row("钱知行", 身份证号="99000019850506", 备注="=1+1"), row("孙若水", n=2)]
    batch = started(world.branch, world.users["secretary"], [rows[0] | {"备注": "'=1+1"}, rows[1]])
    press(client, world, batch, action="import")
    response = client.get(to("import-problems", world, batch))
    sheet = load_workbook(BytesIO(response.content)).active
    [heads, cells] = list(sheet.iter_rows(min_row=2, values_only=True))[:2]
    found = dict(zip(heads, cells, strict=True))
    assert (found["姓名"], found["身份证号"], found["备注"]) == ("钱知行", "99000019850506", "'=1+1")
    assert "An ID number has 18 characters; this one has 14." in found["问题"]
    assert response["Cache-Control"] == "no-store"
    corrected = xlsx(
        [heads, [*cells[: heads.index("身份证号")], fake_id(date(1985, 5, 6)), *cells[heads.index("身份证号") + 1 :]]]
    )
    upload(client, world, corrected)
    assert ImportBatch.objects.first().created == 1


def test_a_deleted_file_is_asked_for_again(world, client):
    batch = started(world.branch, world.users["secretary"], [row("钱知行")])
    batch.files.all().delete()
    for answer in (
        client.get(to("import-detail", world, batch)),
        client.get(to("import-columns", world, batch)),
        client.get(to("import-problems", world, batch)),
    ):
        assert answer["Location"] == to("import-start", world)


def test_thrown_away(world, client):
    batch = started(world.branch, world.users["secretary"], [row("钱知行")])
    assert client.post(to("import-discard", world, batch))["Location"] == to("import-start", world)
    assert ImportBatch.objects.count() == 0


def test_the_result_can_be_undone_from_its_page(world, client):
    batch = imported(world.branch, world.users["secretary"], [row("钱知行")])
    assert "Undo this import" in client.get(to("import-detail", world, batch)).content.decode()
    client.post(to("import-undo", world, batch))
    page = client.get(to("import-detail", world, batch)).content.decode()
    assert "Undo this import" not in page
    assert not Person.objects.filter(name="钱知行").exists()
    assert client.post(to("import-undo", world, batch)).status_code == 302


def test_progress_moves_on_by_itself_when_there_is_something_to_see(world, client):
    batch = started(world.branch, world.users["secretary"], [row("钱知行")])
    ImportBatch.objects.filter(pk=batch.pk).update(state="reading", total=900, progress=300)
    page = client.get(to("import-detail", world, batch)).content.decode()
    assert "300/900" in page
    fragment = client.get(to("import-progress", world, batch))
    assert "HX-Redirect" not in fragment
    ImportBatch.objects.filter(pk=batch.pk).update(state="to_check")
    assert client.get(to("import-progress", world, batch))["HX-Redirect"] == to("import-detail", world, batch)


@pytest.mark.parametrize("rows", [1, 8])
def test_queries(world, client, query_baseline, rows):
    people = [row(f"钱知{'行远山明月清和安'[n]}", n=n) for n in range(rows)]
    with query_baseline("members:import-start"):
        answer = upload(client, world, roster(people))
    with query_baseline("members:import-detail"):
        client.get(answer["Location"])
    batch = ImportBatch.objects.get()
    with query_baseline("members:import-confirm"):
        press(client, world, batch, action="import")
    assert world.branch.people.count() == 8 + rows
