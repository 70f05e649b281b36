"""A whole batch taken back within a day, except what somebody has touched since."""

from datetime import date, timedelta

import pytest

from apps.branches import services as branches
from apps.branches.models import Membership, Person
from apps.core.errors import RuleBroken
from apps.members import services
from apps.members.importing import batches
from apps.members.models import ImportBatch, ImportChange, ImportFile
from tests.factories.branches import TODAY, account
from tests.factories.rosters import NOW, imported, row, started
from tests.members.test_importing import stored


@pytest.fixture
def secretary(world):
    return world.users["secretary"]


ROWS = [
    row("钱知行", 所在党小组="第二小组", 人员类别="预备党员", 入党时间="2025.01.10", 转正时间=""),
    row("孙若水", date(1980, 1, 2), 2, 党内职务="宣传委员", 党费标准="20"),
]


def test_undo_restores_everything(world, secretary):
    imported(world.branch, secretary, ROWS)
    before = stored_but_versions()
    later = [
        ROWS[0]
        | {
            "所在党小组": "第一小组",
            "手机号": "13800000003",
            "人员类别": "正式党员",
            "转正时间": "2026.01.10",
            "工号": "A17",
        },
        ROWS[1] | {"党费标准": "30", "备注": "调整"},
        row("李水", date(1981, 1, 2), 3, 党内职务="委员"),
    ]
    batch = imported(world.branch, secretary, later)
    assert (batch.created, batch.updated) == (1, 2)
    assert batches.undo(batch=batch, by=secretary, now=NOW + timedelta(hours=23)) == 0
    assert stored_but_versions() == before
    assert batch.undone_at


def stored_but_versions() -> list:
    """Versions go up on an undo as on any change."""
    Person.objects.update(version=1)
    return stored()


def test_who_was_changed_since_is_skipped_and_listed(world, secretary):
    batch = imported(
        world.branch, secretary, [*ROWS, row("李水", date(1981, 1, 2), 3), row("赵远", date(1982, 1, 2), 4)]
    )
    changed = Person.objects.get(name="孙若水")
    services.person_change(
        person=changed, by=secretary, version=changed.version, name="孙若水", id_number=None, values={"remarks": "新"}
    )
    account(Person.objects.get(name="李水"), username="lishui")
    ends = Membership.objects.get(person__name="赵远")
    ends.lost_contact_on = date(2026, 1, 1)
    ends.save()
    assert batches.undo(batch=batch, by=secretary, now=NOW) == 3
    assert set(ImportChange.objects.filter(batch=batch, was_skipped=True).values_list("name", flat=True)) == {
        "孙若水",
        "李水",
        "赵远",
    }
    assert not Person.objects.filter(name="钱知行").exists()
    assert Person.objects.filter(name__in=["孙若水", "李水", "赵远"]).count() == 3


def test_a_person_something_else_speaks_of_stays(world, secretary):
    batch = imported(world.branch, secretary, ROWS)
    person = Person.objects.get(name="钱知行")
    branches.post_start(
        person=person, organization=world.branch, kind="discipline_member", starts_on=TODAY, by=secretary, today=TODAY
    )
    assert batches.undo(batch=batch, by=secretary, now=NOW) == 1
    assert Person.objects.filter(name="钱知行").exists()


def test_after_a_day_or_a_first_undo_it_is_over(world, secretary):
    batch = imported(world.branch, secretary, ROWS)
    with pytest.raises(RuleBroken):
        batches.undo(batch=batch, by=secretary, now=NOW + timedelta(hours=24))
    batches.undo(batch=batch, by=secretary, now=NOW)
    with pytest.raises(RuleBroken):
        batches.undo(batch=batch, by=secretary, now=NOW)


def test_others_cannot_undo(world, secretary):
    batch = imported(world.branch, secretary, ROWS)
    with pytest.raises(RuleBroken):
        batches.undo(batch=batch, by=world.users["other_secretary"], now=NOW)
    assert Person.objects.filter(name="钱知行").exists()


def test_everything_of_a_file_is_gone_after_a_day(world, secretary):
    done = imported(world.branch, secretary, ROWS)
    started(world.branch, secretary, [row("李水", date(1981, 1, 2), 3)])
    batches.purge(now=NOW + timedelta(hours=23))
    assert ImportFile.objects.count() == 4
    batches.purge(now=NOW + timedelta(hours=24))
    assert (ImportFile.objects.count(), ImportChange.objects.count()) == (0, 0)
    [left] = ImportBatch.objects.all()
    assert (left, left.created, left.choices, left.file_name) == (done, 2, {}, "")
