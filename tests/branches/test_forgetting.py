"""The right to be forgotten: a name in many places is in none afterwards; what is counted, and everybody else, stays."""

import json

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, models, transaction

from apps.activities.models import Activity, ActivityVersion, Attendance
from apps.assignments.models import Assignment
from apps.branches import forgetting
from apps.branches.forgetting import forget_again, person_forget
from apps.branches.models import Membership, Person
from apps.core.models import AuditEntry
from tests.conftest import connect_as
from tests.factories import activities as act
from tests.factories import assignments as tasks
from tests.factories import branches as make
from tests.factories import reports as rep
from tests.factories import supervision as made
from tests.factories.branches import TODAY

NAME, LONGER, NAMESAKE = "欧阳静", "欧阳静怡", "欧阳静"


@pytest.fixture
def owner_role(django_db_setup, django_db_blocker):
    connect_as(settings.OWNER_DATABASE)
    yield
    connect_as(settings.APP_DATABASE)


@pytest.fixture
def owner(owner_role, db, tmp_path, monkeypatch):
    """Asked for first: the test runs with the rights of the owner, and has a home of its own for the list."""
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def person(world):
    """Named in minutes, their version, an assignment, a row of the ledger, a report, a file, and a post of the committee's."""
    one = make.member(world.branch, NAME)
    make.member(world.branch, LONGER)
    by = world.users["secretary"]
    Person.objects.filter(pk=one.pk).update(
        mobile_phone="13800001111", address="北区", native_place="虚构省", remarks="老党员"
    )
    record = act.filed(
        world.branch, by, "committee_meeting", part={"topic": f"{NAME}同志汇报", "minutes": f"{NAME}、{LONGER}发言"}
    )
    act.attached(record, by, name=f"{NAME}签字.jpg")
    tasks.assignment(world.branch, one, title=f"请{NAME}送材料")
    made.row(world.branch, by, f"{NAME}没有交思想汇报", owner=one, measures=[f"与{NAME}谈心"])
    rep.submitted(world.branch, by)
    rep.edited(rep.report(world.branch, TODAY.replace(month=1, day=1)), by, work=f"{NAME}讲了党课")
    one.refresh_from_db()
    return one


def readable() -> str:
    kinds = (models.CharField, models.TextField, models.JSONField)
    rows = []
    for model in apps.get_models():
        names = [
            field.name for field in model._meta.concrete_fields if isinstance(field, (*kinds, forgetting.ArrayField))
        ]
        rows += [str(row) for row in model._default_manager.values_list(*names)] if names else []
    return "\n".join(rows)


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models() if model is not AuditEntry}


def test_the_name_is_nowhere_and_everything_is_still_counted(owner, world, person):
    assert readable().replace(LONGER, "").count(NAME) >= 7
    before, expected = counts(), Attendance.objects.filter(person=person).count()
    person_forget(person=person, today=TODAY)
    text = readable()
    assert NAME not in text.replace(LONGER, "")
    assert "13800001111" not in text
    assert "虚构省" not in text
    assert counts() == before
    assert Attendance.objects.filter(person=person).count() == expected
    record = Activity.objects.get(kind__slug="committee_meeting")
    assert (record.topic, record.minutes) == ("某某某同志汇报", f"某某某、{LONGER}发言")
    assert Assignment.objects.get().title == "请某某某送材料"
    assert "某某某" in json.dumps(ActivityVersion.objects.filter(activity=record).get().snapshot, ensure_ascii=False)


def test_what_is_filed_is_guarded_again_afterwards(owner, world, person):
    person_forget(person=person, today=TODAY)
    for change in (
        lambda: Activity.objects.filter(state="filed").update(topic="改写"),
        lambda: ActivityVersion.objects.update(reason="改写"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_others_keep_their_data(owner, world, person):
    elsewhere = make.member(world.other_branch, NAMESAKE)
    tasks.assignment(world.other_branch, elsewhere, title=f"请{NAMESAKE}带队")
    person_forget(person=person, today=TODAY)
    assert Person.objects.get(pk=elsewhere.pk).name == NAMESAKE
    assert Assignment.objects.get(organization=world.other_branch).title == f"请{NAMESAKE}带队"
    assert Person.objects.filter(name=LONGER).count() == 1


def test_the_account_is_closed_and_has_no_name(owner, world):
    person, user = world.people["member"], world.users["member"]
    person_forget(person=person, today=TODAY)
    user.refresh_from_db()
    assert (user.is_active, user.email, user.has_usable_password()) == (False, "", False)
    assert user.username == f"forgotten-{person.public_id}"


def test_a_restored_name_is_forgotten_again(owner, world, person):
    kept = {field.attname: getattr(person, field.attname) for field in Person._meta.concrete_fields}
    person_forget(person=person, today=TODAY)
    assert forget_again(TODAY) == 0
    Person.objects.filter(pk=person.pk).update(**kept)  # as a backup of yesterday brings it back
    tasks.assignment(world.branch, person, title=f"{NAME}又来了")
    assert forget_again(TODAY) == 1
    assert NAME not in readable().replace(LONGER, "")
    lines = forgetting.list_file().read_text().splitlines()
    assert [json.loads(line) for line in lines] == [{"person": person.public_id, "on": TODAY.isoformat()}]


def test_a_fault_half_way_leaves_everything_as_it_was(owner, world, person, monkeypatch):
    def broken(one):
        raise RuntimeError("the power went")

    monkeypatch.setattr(forgetting, "_empty", broken)
    with pytest.raises(RuntimeError):
        person_forget(person=person, today=TODAY)
    assert readable().replace(LONGER, "").count(NAME) >= 7
    assert not forgetting.list_file().exists()


def test_a_member_of_today_is_not_forgotten(owner, world, person, monkeypatch):
    monkeypatch.setattr(settings, "AS_OWNER", True)
    with pytest.raises(CommandError, match="member today"):
        call_command("forget_person", person.public_id)
    Membership.objects.filter(person=person).update(ends_before=TODAY)
    call_command("forget_person", person.public_id)
    assert Person.objects.get(pk=person.pk).name == "某某某"


@pytest.mark.parametrize(
    ("key", "as_owner", "says"),
    [("zzzzzzzzzzzz", True, "no such person"), ("", True, "no such"), ("x", False, "owner")],
)
def test_the_command_says_what_to_do(owner, world, monkeypatch, key, as_owner, says):
    monkeypatch.setattr(settings, "AS_OWNER", as_owner)
    with pytest.raises(CommandError, match=says):
        call_command("forget_person", key)
