"""More than two hundred rows go to a worker; a lost or doubled message changes nothing."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.branches.models import Person
from apps.members import tasks
from apps.members.importing import batches
from apps.members.models import ImportBatch
from tests.factories.people import fake_name
from tests.factories.rosters import NOW, confirmed, imported, roster, row, started


def many(count: int) -> list[dict]:
    return [row(fake_name(n), date(1950 + n % 40, n % 12 + 1, n % 28 + 1), n) for n in range(count)]


@pytest.fixture
def secretary(world):
    return world.users["secretary"]


@pytest.fixture
def large(world, secretary, django_capture_on_commit_callbacks):
    """A batch of 210 rows, planned by the worker."""
    with django_capture_on_commit_callbacks(execute=True):
        batch = started(world.branch, secretary, many(210))
        assert batch.state == "reading"
    batch.refresh_from_db()
    return batch


def test_a_worker_compares_and_writes(world, secretary, large, django_capture_on_commit_callbacks):
    assert (large.state, large.created) == ("to_check", 210)
    with django_capture_on_commit_callbacks(execute=True):
        confirmed(large, secretary)
        assert large.state == "importing"
        assert Person.objects.filter(name=fake_name(3)).count() == 0
    large.refresh_from_db()
    assert (large.state, large.progress) == ("done", 210)
    assert world.branch.people.count() == 218


def test_a_message_that_comes_twice_writes_once(world, secretary, large, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        confirmed(large, secretary)
    tasks.run_import(large.pk)
    tasks.prepare_import(large.pk)
    assert world.branch.people.count() == 218


def test_a_lost_message_is_made_up_for(world, secretary, large, django_capture_on_commit_callbacks):
    confirmed(large, secretary)  # the message is lost
    with django_capture_on_commit_callbacks(execute=True):
        assert batches.resume(now=NOW + timedelta(minutes=10)) == [large.pk]
    large.refresh_from_db()
    assert large.state == "done"


def test_a_batch_whose_file_is_gone_goes_back_without_a_word_written(world, secretary, large):
    confirmed(large, secretary)
    large.files.all().delete()
    tasks.run_import(large.pk)
    large.refresh_from_db()
    assert (large.state, large.is_stale) == ("to_check", True)
    assert world.branch.people.count() == 8


# --- The command ----------------------------------------------------------------------------------------------------------


def test_the_command_looks_first(world, secretary, tmp_path, capsys):
    file = tmp_path / "roster.xlsx"
    file.write_bytes(roster([row("钱知行"), row("孙若水", 身份证号="99000019800102001")]))
    call_command("import_roster", str(file), "--organization", world.branch.public_id, "--language", "en")
    said = capsys.readouterr().out
    assert "2 rows: 1 new, 0 changed, 0 the same, 1 with problems" in said
    assert "E3 ID number" in said
    assert (world.branch.people.count(), ImportBatch.objects.count()) == (8, 0)
    call_command("import_roster", str(file), "--organization", world.branch.public_id, "--confirm")
    assert world.branch.people.count() == 9


def test_the_command_refuses_what_it_cannot_decide(world, secretary, tmp_path):
    file = tmp_path / "roster.xlsx"
    file.write_bytes(roster([row("钱知行", 职务="班长")], heads=("姓名", "性别", "出生年月")))
    with pytest.raises(CommandError, match="unclear"):
        call_command("import_roster", str(file), "--organization", world.branch.public_id)
    file.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError):
        call_command("import_roster", str(file), "--organization", world.branch.public_id)
    with pytest.raises(CommandError):
        call_command("import_roster", str(file), "--organization", world.branch.public_id, "--by", "member")
    with pytest.raises(CommandError):
        call_command("import_roster", str(file), "--organization", "nowhere")
    assert ImportBatch.objects.count() == 0


def queries_for(world, secretary, count: int) -> int:
    rows = many(count)
    imported(world.branch, secretary, rows)
    with CaptureQueriesContext(connection) as queries:
        batch = started(world.branch, secretary, [each | {"备注": f"核对{count}"} for each in rows])
        confirmed(batch, secretary)
    assert batch.updated == count
    return len(queries)


def test_queries_do_not_grow_with_rows(world, secretary):
    assert queries_for(world, secretary, 3) == queries_for(world, secretary, 150)
