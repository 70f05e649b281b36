"""What an import writes, what it asks, and what it never does."""

from datetime import date, timedelta

import pytest
from django.db import connection

from apps.branches.models import Membership, PartyGroup, Person, Post
from apps.core import keyring
from apps.core.errors import EditConflict
from apps.members.importing import files
from apps.members.models import ImportBatch, ImportChange, ImportFile
from tests.factories.branches import SINCE, TODAY, member, person
from tests.factories.people import fake_id
from tests.factories.rosters import NOW, answered, confirmed, imported, row, started

TABLES = ("branches_person", "branches_membership", "branches_post", "branches_partygroup", "members_memberdetails")


def stored() -> str:
    """Everything the roster holds, byte for byte."""
    with connection.cursor() as cursor:
        found = []
        for table in TABLES:
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t")
            found.append(cursor.fetchone()[0])
    return " ".join(found)


def shown(batch: ImportBatch) -> dict[str, dict]:
    return {each["name"]: each for each in files.plan_of(batch)["rows"]}


def codes(batch: ImportBatch, name: str) -> set[str]:
    return {problem["code"] for problem in shown(batch)[name]["problems"]}


@pytest.fixture
def secretary(world):
    return world.users["secretary"]


def test_nothing_is_written_before_the_confirmation(world, secretary):
    before = stored()
    batch = started(world.branch, secretary, [row("钱知行", 所在党小组="第三小组"), row("王建国", date(1970, 1, 2), 3)])
    assert batch.state == "to_check"
    assert stored() == before


def test_a_new_person_gets_record_membership_and_group(world, secretary):
    batch = imported(
        world.branch, secretary, [row("钱知行", 所在党小组="第三小组", 学历="本科", 民族="满族", 备注="'=1+1")]
    )
    assert (batch.state, batch.created, batch.updated) == ("done", 1, 0)
    person = Person.objects.get(name="钱知行")
    assert (person.organization, person.born_on, person.sex, person.education) == (
        world.branch,
        date(1985, 5, 6),
        "male",
        "大学",
    )
    assert (person.ethnicity, person.remarks, person.search_keys.split()[0]) == ("满族", "=1+1", "qianzhixing")
    number = keyring.unseal(person.id_number_sealed, bound_to=f"person:{person.public_id}:id_number")
    assert number == fake_id(date(1985, 5, 6), "male", 1)
    [membership] = person.memberships.all()
    assert (membership.starts_on, membership.category, membership.group.name) == (SINCE, "full_member", "第三小组")


def test_the_same_file_again_changes_nothing(world, secretary):
    rows = [
        row("钱知行", 所在党小组="第三小组", 党内职务="委员", 手机号="13800000001"),
        row("孙若水", date(1999, 8, 7), 2, 人员类别="预备党员", 入党时间="2025.06.28", 转正时间=""),
        row("李水", date(1980, 1, 1), 4, 是否为流动党员="是", 外出流向="苏州", 党费标准="12.5"),
    ]
    imported(world.branch, secretary, rows)
    after = stored()
    again = started(world.branch, secretary, rows)
    assert (again.created, again.updated, again.unchanged, again.problems) == (0, 0, 3, 0)
    confirmed(again, secretary)
    assert stored() == after


def test_changes_are_shown_cell_by_cell(world, secretary):
    imported(world.branch, secretary, [row("钱知行", 手机号="13800000001")])
    batch = started(world.branch, secretary, [row("钱知行", 手机号="13800000002", 学历="")])
    [change] = shown(batch)["钱知行"]["changes"]
    assert (change["letter"], change["before"], change["after"]) == ("L", "13800000001", "13800000002")


def test_an_empty_cell_erases_nothing_and_a_month_no_day(world, secretary):
    imported(world.branch, secretary, [row("钱知行", 备注="技术骨干")])
    batch = started(world.branch, secretary, [row("钱知行", 备注="", 入党时间="2010.07", 出生年月="1985.05")])
    assert batch.unchanged == 1


# --- Who is meant ---------------------------------------------------------------------------------------------------------


def test_an_id_number_on_another_roster_says_so_and_nothing_more(world, secretary):
    other = world.users["other_secretary"]
    imported(world.other_branch, other, [row("钱知行")])
    batch = started(world.branch, secretary, [row("钱知行")])
    found = shown(batch)["钱知行"]
    assert found["kind"] == "problem"
    [problem] = found["problems"]
    assert problem["code"] == "id_elsewhere"
    assert "二车间" not in str(found)
    assert found["candidates"] == []


def test_two_people_of_one_name_told_apart_by_birth(world, secretary):
    batch = imported(world.branch, secretary, [row("张伟", date(1980, 1, 2), 1), row("张伟", date(1990, 3, 4), 1)])
    assert batch.created == 2
    again = started(world.branch, secretary, [row("张伟", date(1990, 3, 4), 1, 备注="装配组")])
    confirmed(again, secretary)
    assert list(Person.objects.filter(name="张伟").order_by("born_on").values_list("remarks", flat=True)) == [
        "",
        "装配组",
    ]


def test_a_name_alone_is_a_question_never_a_guess(world, secretary):
    before = stored()
    batch = started(world.branch, secretary, [{"姓名": "王建国", "性别": "男", "人员类别": "正式党员", "备注": "改"}])
    found = shown(batch)["王建国"]
    assert (found["kind"], batch.problems, batch.updated) == ("ask", 1, 0)
    assert [candidate["id"] for candidate in found["candidates"]] == [world.people["secretary"].public_id]
    assert stored() == before
    answered(batch, secretary, same={found["ref"]: world.people["secretary"].public_id})
    confirmed(batch, secretary)
    assert Person.objects.get(name="王建国").remarks == "改"


def test_who_holds_a_post_without_membership_is_asked_about_once(world, secretary):
    known = person(world.branch, "冯安")
    batch = started(world.branch, secretary, [row("冯安")])
    found = shown(batch)["冯安"]
    assert (found["kind"], [each["is_member"] for each in found["candidates"]]) == ("ask", [False])
    answered(batch, secretary, same={found["ref"]: known.public_id})
    assert (batch.problems, batch.updated) == (0, 1)
    confirmed(batch, secretary)
    assert known.memberships.count() == 1


def test_another_person_of_the_name_is_entered_only_when_somebody_says_so(world, secretary):
    batch = started(world.branch, secretary, [{"姓名": "王建国", "性别": "男", "人员类别": "正式党员"}])
    ref = shown(batch)["王建国"]["ref"]
    answered(batch, secretary, same={ref: "new"})
    confirmed(batch, secretary)
    assert Person.objects.filter(name="王建国").count() == 2


def test_other_precision_of_birth_is_a_question(world, secretary):
    imported(world.branch, secretary, [row("钱知行", 身份证号="", 出生年月="1985.05")])
    batch = started(world.branch, secretary, [row("钱知行", 身份证号="", 出生年月="1985.05.06")])
    assert shown(batch)["钱知行"]["kind"] == "ask"


def test_another_id_number_for_one_name_and_birth_is_a_question(world, secretary):
    imported(world.branch, secretary, [row("钱知行", n=1)])
    batch = started(world.branch, secretary, [row("钱知行", n=2)])
    assert shown(batch)["钱知行"]["kind"] == "ask"


def test_two_rows_for_one_person_on_record_are_problems(world, secretary):
    imported(world.branch, secretary, [row("钱知行", date(1985, 5, 6), 1)])
    batch = started(world.branch, secretary, [row("钱知行", n=1), row("钱致行", n=1)])
    assert {each["kind"] for each in shown(batch).values()} == {"problem"}


def test_a_row_left_out_frees_its_double(world, secretary):
    batch = started(world.branch, secretary, [row("钱知行", 备注="旧"), row("钱知行", 备注="新")])
    assert (batch.problems, batch.created) == (2, 0)
    answered(batch, secretary, left_out=[files.plan_of(batch)["rows"][0]["ref"]])
    assert (batch.problems, batch.created, batch.left_out) == (0, 1, 1)
    confirmed(batch, secretary)
    assert batch.state == "partly_done"
    assert Person.objects.get(name="钱知行").remarks == "新"


def test_somebody_who_left_is_a_question_and_comes_back_without_overlap(world, secretary):
    member(world.branch, "冯安", starts_on=SINCE)
    gone = Person.objects.get(name="冯安", organization=world.branch)
    gone.born_on = date(1980, 2, 3)
    gone.save()
    gone.memberships.update(ends_before=date(2025, 6, 1))
    batch = started(world.branch, secretary, [row("冯安", date(1980, 2, 3), 身份证号="", 出生年月="1980.02.03")])
    assert "had_left" in codes(batch, "冯安")
    answered(batch, secretary, right=[shown(batch)["冯安"]["ref"]])
    confirmed(batch, secretary)
    assert [m.starts_on for m in gone.memberships.order_by("starts_on")] == [SINCE, date(2025, 6, 1)]


# --- Membership -----------------------------------------------------------------------------------------------------------


def test_without_category_the_row_asks_or_takes_the_answer_for_all(world, secretary):
    batch = started(world.branch, secretary, [row("钱知行", 人员类别="", 转正时间="")])
    assert codes(batch, "钱知行") == {"category_missing"}
    answered(batch, secretary, category="full_member")
    assert batch.created == 1


def test_full_membership_on_this_roster_splits_the_history(world, secretary):
    imported(world.branch, secretary, [row("钱知行", 入党时间="2024.05.10", 转正时间="2025.05.10")])
    rows = Membership.objects.filter(person__name="钱知行").order_by("starts_on")
    assert [(m.starts_on, m.ends_before, m.category) for m in rows] == [
        (date(2024, 5, 10), date(2025, 5, 10), "probationary_member"),
        (date(2025, 5, 10), None, "full_member"),
    ]
    assert not rows.on(date(2025, 5, 9)).get().can_vote
    assert rows.on(date(2025, 5, 10)).get().can_vote


def test_a_probationary_member_becomes_full_from_the_day_in_the_file(world, secretary):
    imported(world.branch, secretary, [row("钱知行", 人员类别="预备党员", 入党时间="2025.01.10", 转正时间="")])
    batch = imported(world.branch, secretary, [row("钱知行", 入党时间="2025.01.10", 转正时间="2026.01.10")])
    assert batch.updated == 1
    rows = Membership.objects.filter(person__name="钱知行").order_by("starts_on")
    assert [(m.starts_on, m.category) for m in rows] == [
        (date(2025, 1, 10), "probationary_member"),
        (date(2026, 1, 10), "full_member"),
    ]


def test_a_full_member_does_not_become_probationary(world, secretary):
    imported(world.branch, secretary, [row("钱知行")])
    batch = started(world.branch, secretary, [row("钱知行", 人员类别="预备党员", 转正时间="")])
    assert codes(batch, "钱知行") == {"category_backwards"}


def test_a_change_of_group_keeps_the_days_before(world, secretary):
    first = confirmed(started(world.branch, secretary, [row("钱知行", 所在党小组="第一小组")]), secretary)
    ImportBatch.objects.filter(pk=first.pk).update(finished_at=NOW - timedelta(days=31))
    imported(world.branch, secretary, [row("钱知行", 所在党小组="第二 小组")])
    rows = Membership.objects.filter(person__name="钱知行").order_by("starts_on")
    assert [(m.starts_on, m.ends_before, m.group.name) for m in rows] == [
        (SINCE, TODAY, "第一小组"),
        (TODAY, None, "第二小组"),
    ]
    assert PartyGroup.objects.filter(organization=world.branch).count() == 2


@pytest.mark.parametrize(("days", "since"), [(0, SINCE), (30, SINCE), (31, TODAY)])
def test_rows_corrected_within_a_month_join_with_the_others(world, secretary, days, since):
    first = imported(world.branch, secretary, [row("钱知行"), row("孙若水", n=2, 人员类别="", 转正时间="")])
    assert (first.state, first.created) == ("partly_done", 1)
    ImportBatch.objects.filter(pk=first.pk).update(finished_at=NOW - timedelta(days=days))
    again = started(world.branch, secretary, [row("钱知行"), row("孙若水", n=2)])
    assert again.since == since
    confirmed(again, secretary)
    assert Person.objects.get(name="孙若水").memberships.get().starts_on == since


# --- Posts ----------------------------------------------------------------------------------------------------------------


def test_committee_posts_are_taken_secretary_and_deputy_never(world, secretary):
    rows = [
        row("钱知行", 党内职务="宣传委员"),
        row("孙若水", date(1980, 1, 2), 2, 党内职务="副书记"),
        row("李水", date(1981, 1, 2), 3, 党内职务="书记"),
    ]
    batch = started(world.branch, secretary, rows)
    assert codes(batch, "孙若水") == codes(batch, "李水") == {"post_by_superior"}
    confirmed(batch, secretary)
    new = Post.objects.filter(person__name__in=["钱知行", "孙若水", "李水"])
    assert [(post.person.name, post.kind, post.entered_by) for post in new] == [
        ("钱知行", "publicity_member", secretary)
    ]


def test_who_may_not_enter_posts_imports_people_only(world):
    batch = started(world.branch, world.users["committee_member"], [row("钱知行", 党内职务="宣传委员")])
    assert codes(batch, "钱知行") == {"post_not_yours"}
    confirmed(batch, world.users["committee_member"])
    assert not Post.objects.filter(person__name="钱知行").exists()


def test_posts_another_one_proposed_are_not_confirmed_in_passing(world, secretary):
    batch = started(world.branch, secretary, [row("钱知行", 党内职务="宣传委员")])
    colleague = world.users["committee_member"]
    with pytest.raises(EditConflict):
        confirmed(batch, colleague)
    batch.refresh_from_db()
    confirmed(batch, colleague)
    assert Person.objects.filter(name="钱知行").exists()
    assert not Post.objects.filter(person__name="钱知行").exists()


# --- Once -----------------------------------------------------------------------------------------------------------------


def test_a_second_confirmation_writes_nothing(world, secretary):
    batch = started(world.branch, secretary, [row("钱知行")])
    twin = ImportBatch.objects.get(pk=batch.pk)
    confirmed(batch, secretary)
    after = stored()
    with pytest.raises(EditConflict):
        confirmed(twin, secretary)
    assert stored() == after


def test_a_roster_that_moved_on_is_looked_at_again(world, secretary):
    batch = started(world.branch, secretary, [row("钱知行", 手机号="13800000001")])
    other = imported(world.branch, secretary, [row("钱知行", 手机号="13800000009")])
    assert other.created == 1
    before = stored()
    confirmed(batch, secretary)
    assert (batch.state, batch.is_stale) == ("to_check", True)
    assert stored() == before


def test_what_is_kept_cannot_be_read_in_the_database(world, secretary):
    number = fake_id(date(1985, 5, 6), "male", 1)
    batch = imported(world.branch, secretary, [row("钱知行")])
    kept = [bytes(file.sealed) for file in ImportFile.objects.filter(batch=batch)]
    kept += [bytes(change.sealed) for change in ImportChange.objects.filter(batch=batch)]
    assert len(kept) == 3
    assert all(number.encode() not in text and "钱知行".encode() not in text for text in kept)
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'members_importfile'")
        assert cursor.fetchone() == ("u",)
