"""A new key, and everything stored sealed with it: what opened before opens after, and the old key opens nothing any more."""

import secrets
import threading

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction

from apps.branches.services import person_id_number
from apps.core import keyring, resealing
from apps.core.resealing import columns, reseal
from apps.surveys import sealing as boxes
from apps.surveys.models import Box, NamedAnswer, Result
from apps.voices.models import Matter, SituationReport
from apps.voices.services.matters import matter_read
from tests.factories import surveys as ask
from tests.factories import voices as said

# Kept for a day at most, or no seal at all but a hash.
LEFT_OUT = {"members.ImportFile.sealed", "members.ImportChange.sealed"}


@pytest.fixture
def ring(tmp_path, monkeypatch):
    """A ring of its own with one key; `ring()` adds a newer one."""
    monkeypatch.setattr(settings, "KEYRING", tmp_path)
    keyring.make_first(tmp_path)

    def more() -> None:
        file = tmp_path / f"0002-{secrets.token_hex(keyring.ID_LENGTH)}.key"
        file.write_bytes(secrets.token_bytes(keyring.KEY_LENGTH))
        file.chmod(0o600)
        keyring._ring.cache_clear()  # as a start does

    return more


def stored() -> list[bytes]:
    """Every sealed value there is."""
    found = []
    for column in columns:
        rows = apps.get_model(column.model)._default_manager.exclude(**{column.field: None})
        found += [bytes(value) for value in rows.values_list(column.field, flat=True) if value]
    return found


def fill(world) -> tuple[Matter, dict]:
    matter = said.matter(world)
    said.move(world, matter, "accept", words="已告知")
    said.report(world)
    said.answered(world, said.suggestion(world), is_public=False)
    said.need(world)
    secretary = world.users["secretary"]
    survey = ask.opened(world.branch, secretary)
    for user in ask.members(world.branch, 6):
        ask.answered(survey, user, 1, "说一句")
    return matter, {"box": survey.pk}


def test_every_sealed_column_is_named():
    """Whoever adds one must say how it is sealed anew."""
    known = {f"{column.model}.{column.field}" for column in columns} | LEFT_OUT
    sealed = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and not field.name.endswith("hash")
    }
    assert sealed == known


@pytest.mark.django_db
def test_what_opened_before_opens_after_and_the_old_key_opens_nothing(world, ring):
    matter, more = fill(world)
    before = matter_read(matter=matter, by=world.users["secretary"])
    first = keyring.newest()
    assert {value[: len(first)] for value in stored()} == {first}
    ring()
    assert {done.column.model for done in reseal() if done.sealed} >= {
        "voices.Matter", "voices.MatterEvent", "voices.SituationReport", "voices.Suggestion", "voices.PracticalHelp",
        "surveys.Box",
    }  # fmt: skip
    assert {value[: len(first)] for value in stored()} == {keyring.newest()} != {first}
    matter.refresh_from_db()
    assert matter_read(matter=matter, by=world.users["secretary"]) == before
    box = Box.objects.get(survey=more["box"])
    questions = list(box.survey.questions.all())
    assert len(boxes.opened(bytes(box.sealed), box.survey, boxes.slot(questions))) == 6
    assert sum(done.sealed for done in reseal()) == 0


@pytest.mark.django_db
def test_named_answers_and_results_are_sealed_anew(world, ring):
    named = ask.opened(world.branch, world.users["secretary"], is_anonymous=False)
    ask.answered(named, world.users["member"], 1, "记名的话")
    closing = ask.opened(world.branch, world.users["secretary"])
    for user in ask.members(world.branch, 5):
        ask.answered(closing, user, 1, "不记名的话")
    ask.closed(closing)
    ring()
    list(reseal())
    assert {value[: keyring.ID_LENGTH] for value in stored()} == {keyring.newest()}
    answer = NamedAnswer.objects.get()
    assert boxes.open_named(bytes(answer.sealed), named, answer.person_id)[1] == "记名的话"
    assert "不记名的话" in str(boxes.open_texts(bytes(Result.objects.get().texts), closing))


@pytest.mark.django_db
def test_numbers_are_found_as_before(world, ring):
    person = world.people["member"]
    person_id_number(person, "990000199001010017")
    person.save()
    person.refresh_from_db()
    known = bytes(person.id_number_hash)
    ring()
    list(reseal())
    person.refresh_from_db()
    assert bytes(person.id_number_hash) == known
    assert bytes(person.id_number_sealed).startswith(keyring.newest())


@pytest.mark.django_db
def test_a_changed_value_is_named_and_left(world, ring, capsys):
    good, bad = said.matter(world), said.matter(world)
    broken = bytes(bad.words_sealed)[:-1] + bytes([bytes(bad.words_sealed)[-1] ^ 1])
    Matter.objects.filter(pk=bad.pk).update(words_sealed=broken)
    ring()
    with pytest.raises(SystemExit):
        call_command("reseal")
    assert f"1 did not open and stay as they are: {bad.pk}" in capsys.readouterr().err
    bad.refresh_from_db()
    good.refresh_from_db()
    assert bytes(bad.words_sealed) == broken
    assert bytes(good.words_sealed).startswith(keyring.newest())


@pytest.mark.django_db
def test_stopped_half_way_it_goes_on_with_what_is_left(world, ring, monkeypatch):
    for _one in range(5):
        said.matter(world)
    ring()
    monkeypatch.setattr(resealing, "AT_ONCE", 2)
    column = next(one for one in columns if (one.model, one.field) == ("voices.Matter", "words_sealed"))
    assert resealing._batch(column, keyring.newest(), 0)[0] == 2
    assert {done.column.field: done.sealed for done in reseal() if done.column.model == "voices.Matter"} == {
        "identity_sealed": 5, "words_sealed": 3,
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_not_lost(ring):
    """The row is locked by somebody who writes; the new seal is of what was written."""
    from tests import world as worlds

    world = worlds.build()
    report = said.report(world)
    ring()
    words = boxes.keyring.seal('{"words": "改过的", "concerned": []}', bound_to=f"report:{report.public_id}")
    ready, let_go = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            SituationReport.objects.filter(pk=report.pk).update(words_sealed=words)
            ready.set()
            let_go.wait(20)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    ready.wait(20)
    threading.Timer(0.5, let_go.set).start()
    list(reseal())
    writer.join()
    report.refresh_from_db()
    assert bytes(report.words_sealed).startswith(keyring.newest())
    assert "改过的" in keyring.unseal(report.words_sealed, bound_to=f"report:{report.public_id}")
