"""Planted identifiers: sealed while kept, none left when their day has come; the figures stay."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from apps.branches.models import Person
from apps.core.models import AuditEntry
from apps.reminders.models import Reminder
from apps.reminders.services import owing
from apps.voices.models import Matter, MatterEvent, PracticalHelp, Suggestion
from apps.voices.services import matters
from apps.voices.services.erasing import erase_due
from apps.voices.services.reports import reports_follow
from apps.voices.tasks import erase_due as erase_task
from tests.factories import voices as make
from tests.factories.branches import TODAY, member

pytestmark = pytest.mark.django_db
PLANTED = (
    "来访者甘雨田",
    "13800004321",
    "光明里9号楼",
    "台阶夜里没有灯7731",
    "厂工会7732",
    "回执7733",
    "答复7734",
    "延期7735",
)


def dump() -> str:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        said = []
        for table in tables:
            cursor.execute(f"SELECT t::text FROM {table} t")
            said += [row for (row,) in cursor.fetchall()]
    return "\n".join(said)


def sealed_texts() -> int:
    kept = [Matter.objects.exclude(**{field: None}) for field in ("identity_sealed", "words_sealed", "code_hash")]
    return sum(rows.count() for rows in (*kept, MatterEvent.objects.exclude(words_sealed=None)))


def figures(client, world):
    return client.get(reverse("voices:matter-list", args=[world.branch.public_id])).context["counts"]


def test_nothing_is_left_and_the_figures_stay(world, client_of):
    name, contact, about, words, to, receipt, reply, extension = PLANTED
    row, code = make.received(world, name=name, contact=contact, about=about, words=words, concerned=("group_leader",))
    row = make.move(world, row, "accept", words=reply)
    row = make.move(world, row, "extend", days=9, words=extension)
    row = make.move(world, row, "pass_on", to=to, receipt=receipt, words=reply)
    make.matter(world, words=words)
    client_of("secretary").get(reverse("voices:matter-detail", args=[world.branch.public_id, row.public_id]))
    owing.owe(today=TODAY + timedelta(days=14))
    assert Reminder.objects.filter(source="matter").exists()
    text = dump()
    assert [planted for planted in (*PLANTED, code) if planted in text] == []  # sealed from the first moment
    assert world.people["group_leader"].name in text  # the search does find what is there

    before, day = figures(client_of("affairs_worker"), world), row.retain_until
    assert erase_due(today=day - timedelta(days=1)) == 0
    assert sealed_texts() > 0
    assert erase_due(today=day) == 2
    assert erase_due(today=day) == 0
    assert sealed_texts() == 0
    assert Matter.objects.filter(barred=[]).count() == 2
    after = figures(client_of("affairs_worker"), world)
    assert [(one["label"], one["all"]) for one in after] == [(one["label"], one["all"]) for one in before]
    assert AuditEntry.objects.filter(action="matter_erased", fields=["identity", "words"]).count() == 2
    assert matters.by_code(code) is None
    page = client_of("secretary").get(reverse("voices:matter-detail", args=[world.branch.public_id, row.public_id]))
    assert "Names and words were erased" in page.content.decode()
    assert [planted for planted in PLANTED if planted in page.content.decode() + dump()] == []


def test_the_task_asks_the_clock_once(world):
    row = make.matter(world)
    Matter.objects.update(retain_until=TODAY)
    erase_task()
    row.refresh_from_db()
    assert row.erased_on == TODAY


def test_an_erased_matter_owes_and_takes_nothing(world):
    from apps.core.errors import RuleBroken

    row = make.matter(world)
    erase_due(today=row.retain_until)
    row.refresh_from_db()
    assert row.due_on is None
    with pytest.raises(RuleBroken):
        make.move(world, row, "accept")


def test_a_sealed_text_opens_in_its_own_row_only(world):
    from apps.core.keyring import Sealed
    from apps.voices import sealing

    one, other = make.matter(world), make.matter(world)
    with pytest.raises(Sealed):
        sealing.opened("words", other.public_id, one.words_sealed)
    with pytest.raises(Sealed):
        sealing.opened("identity", one.public_id, one.words_sealed)


def test_somebody_named_in_five_places_can_be_deleted(world):
    """Receiver, handler and author of a step; recipient of a report; who answered a suggestion; who does practical help. What
    was said and its figures stay.
    """
    someone = member(world.branch, "贺小川")
    row = make.move(world, make.matter(world), "accept")
    report, idea, need = make.report(world), make.answered(world, make.suggestion(world)), make.need(world)
    Matter.objects.update(receiver=someone, handler=someone)
    MatterEvent.objects.update(by=someone)
    report.recipients.update(person=someone)
    Suggestion.objects.update(answered_by=someone)
    PracticalHelp.objects.update(owner=someone)
    someone.memberships.all().delete()
    Person.objects.filter(pk=someone.pk).delete()
    for one in (row, report, idea, need):
        one.refresh_from_db()
    assert (row.receiver, row.handler, row.state, row.events.get().by) == (None, None, "handling", None)
    assert (idea.answered_by, need.owner, report.recipients.count()) == (None, None, 0)
    assert reports_follow(today=TODAY) == 1  # the report finds its level again
    assert report.recipients.get().person == world.people["secretary"]


def test_by_hand_after_a_restore(world, capsys):
    row = make.matter(world)
    call_command("voices", "erase", today=row.retain_until)
    call_command("voices", "follow", today=TODAY)
    assert capsys.readouterr().out.split() == ["1", "0"]
    assert sealed_texts() == 0
