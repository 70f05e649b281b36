"""One person's record: entered, changed by two at once, left, come back; and who opened it."""

from datetime import date

import pytest
from django.urls import reverse

from apps.branches import services as branches
from apps.branches.models import Membership, Person, Post
from apps.core.models import AuditEntry
from tests.factories.branches import SINCE, TODAY
from tests.factories.people import fake_id

NUMBER = fake_id(date(1980, 1, 2), "female", 1)


@pytest.fixture
def client(client_of):
    return client_of("secretary")


@pytest.fixture
def member(world):
    person = world.people["member"]
    branches.person_id_number(person, NUMBER)
    person.save()
    return person


def url(name, person, world):
    return reverse(f"members:{name}", args=[world.branch.public_id, person.public_id])


def form_of(person: Person, **changes) -> dict:
    return {"name": person.name, "version": person.version} | changes


# --- Entering -------------------------------------------------------------------------------------------------------------


def create(client, world, **fields):
    data = {"name": "钱知行", "category": "full_member", "starts_on": "2026-03-01"} | fields
    return client.post(reverse("members:person-create", args=[world.branch.public_id]), data)


def test_a_new_member(world, client):
    assert create(client, world, id_number=NUMBER, admitted_on="2005.07", dues_standard="12.5").status_code == 302
    person = Person.objects.get(name="钱知行")
    assert (person.sex, person.born_on, person.admitted_on, person.admitted_precision) == (
        "female",
        date(1980, 1, 2),
        date(2005, 7, 1),
        "month",
    )
    assert (person.memberships.get().starts_on, str(person.details.dues_standard)) == (date(2026, 3, 1), "12.50")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Fill in the name."),
        ("name", "钱知行1号", "Leave only the name."),
        ("name", "钱" * 61, "at most 60"),
        ("starts_on", "2026-03-19", "Choose today or an earlier day."),
        ("starts_on", "2026-02-30", "Enter a valid date."),
        ("starts_on", "1234-05-06", "check the year"),
        ("category", "emperor", "valid choice"),
        ("born_on", "1990.13", "no such date"),
        ("born_on", "1990", "Only the year"),
        ("born_on", "2030.01", "still to come"),
        ("id_number", NUMBER[:17], "18 characters"),
        ("id_number", NUMBER[:16] + "99", "digit is wrong"),
        ("mobile_phone", "12345", "11 digits"),
        ("dues_standard", "-1", "greater than or equal to 0"),
        ("dues_standard", "x", "Enter a number"),
        ("remarks", "长" * 201, "at most 200"),
        ("group", "999999", "not one of the available choices"),
    ],
)
def test_bad_input_is_refused_in_words_and_kept(world, client, field, value, said):
    response = create(client, world, **{field: value, "work_post": "工艺技术员"})
    text = response.content.decode()
    assert response.status_code == 422
    assert said in text
    assert "工艺技术员" in text
    assert world.branch.people.count() == 8


def test_dates_in_impossible_order(world, client):
    text = create(client, world, born_on="1990.05", admitted_on="1980.07", full_member_on="1979.01").content.decode()
    assert "Admission cannot come before birth." in text
    assert "Full membership cannot come before admission." in text


def test_a_group_of_another_branch_is_no_choice(world, client):
    foreign = branches.group_create(organization=world.other_branch, name="外组", starts_on=SINCE, by=None)
    assert create(client, world, group=foreign.pk).status_code == 422


def test_an_id_number_of_another_branch(world, client):
    stranger = world.people["other_member"]
    branches.person_id_number(stranger, NUMBER)
    stranger.save()
    response = create(client, world, id_number=NUMBER)
    assert response.status_code == 422
    assert "already registered elsewhere" in response.content.decode()
    assert not Person.objects.filter(name="钱知行").exists()


def test_a_double_submit_enters_one_person(world, client):
    assert create(client, world).status_code == 302
    assert create(client, world).status_code == 422
    assert Person.objects.filter(name="钱知行").count() == 1


# --- Changing -------------------------------------------------------------------------------------------------------------


def test_an_empty_id_number_keeps_the_one_on_record(world, client, member):
    response = client.post(url("person-change", member, world), form_of(member, remarks="调整"))
    member.refresh_from_db()
    assert response.status_code == 302
    assert (member.remarks, member.version, bool(member.id_number_hash)) == ("调整", 2, True)
    assert NUMBER not in client.get(url("person-change", member, world)).content.decode()


def test_an_edit_of_something_just_changed_shows_both(world, client, member, client_of):
    client_of("committee_member").post(
        url("person-change", member, world), form_of(member, remarks="对方填的", work_post="检验员")
    )
    response = client.post(url("person-change", member, world), form_of(member, remarks="我填的", work_post="检验员"))
    text = response.content.decode()
    member.refresh_from_db()
    assert response.status_code == 409
    assert "对方填的" in text
    assert "我填的" in text
    assert member.remarks == "对方填的"
    assert 'name="version" value="2"' in text
    again = client.post(
        url("person-change", member, world), form_of(member, version=2, remarks="我填的", work_post="检验员")
    )
    member.refresh_from_db()
    assert (again.status_code, member.remarks) == (302, "我填的")


def test_saving_without_a_change_is_no_change(world, client, member):
    page = client.post(url("person-change", member, world), form_of(member, version=1))
    member.refresh_from_db()
    assert (page.status_code, member.version) == (302, 1)
    assert not AuditEntry.objects.filter(action="person_change").exists()


def test_a_name_with_markup_or_formula_is_refused(world, client, member):
    for name in ("=HYPERLINK(1)", "<script>alert(1)</script>"):
        assert client.post(url("person-change", member, world), form_of(member, name=name)).status_code == 422


# --- Membership -----------------------------------------------------------------------------------------------------------


def change(client, world, person, **fields):
    return client.post(url("membership-change", person, world), changed(person, **fields))


def changed(person, **fields) -> dict:
    current = person.memberships.order_by("starts_on").last()
    return {
        "version": Person.objects.get(pk=person.pk).version, "from_day": "2026-03-01", "category": current.category,
        "standing": current.standing, "group": current.group_id or "",
    } | fields  # fmt: skip


def test_voting_rights_on_a_past_day_stay_right(world, client):
    person = world.people["probationary"]
    assert change(client, world, person, category="full_member", from_day="2026-02-10").status_code == 302
    assert change(client, world, person, standing="rights_suspended", from_day="2026-03-05").status_code == 302
    rights = {
        day: person.memberships.on(day).get().can_vote
        for day in map(date.fromisoformat, ("2026-02-09", "2026-02-10", "2026-03-04", "2026-03-05", "2026-03-18"))
    }
    assert list(rights.values()) == [False, True, True, False, False]


def test_a_late_entry_reaches_through_later_changes(world, client):
    person = world.people["probationary"]
    group = person.memberships.get().group_id
    change(client, world, person, group=world.group.pk, from_day="2026-03-01")
    change(client, world, person, category="full_member", group=world.group.pk, from_day="2026-02-10")
    rows = [(m.starts_on, m.category, m.group_id) for m in person.memberships.order_by("starts_on")]
    assert rows == [
        (SINCE, "probationary_member", group),
        (date(2026, 2, 10), "full_member", group),
        (date(2026, 3, 1), "full_member", world.group.pk),
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"from_day": "2026-03-19"}, "Choose today or an earlier day."),
        ({"from_day": "2023-05-01", "standing": "suspended"}, "began on"),
        ({"category": "probationary_member"}, "does not become probationary again"),
        ({"mobile_to": "苏州"}, "not to be a mobile member"),
        ({"lost_contact_on": "2027-01-01"}, "Choose today or an earlier day."),
        ({"standing": "angry"}, "valid choice"),
    ],
)
def test_impossible_changes_are_refused(world, client, fields, said):
    response = change(client, world, world.people["member"], **fields)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert world.people["member"].memberships.count() == 1


def test_two_changes_at_once(world, client):
    person = world.people["member"]
    change(client, world, person, standing="suspended")
    response = change(client, world, person, version=1, standing="normal", from_day="2026-03-02")
    assert response.status_code == 409
    assert "Membership suspended" in response.content.decode()


def test_leaving_ends_membership_and_own_posts(world, client):
    person = world.people["group_leader"]
    data = {"version": 1, "last_day": "2026-03-10", "reason": "transferred", "note": "市一院党支部"}
    assert client.post(url("membership-end", person, world), data).status_code == 302
    membership = person.memberships.get()
    assert (membership.ends_before, membership.end_reason) == (date(2026, 3, 11), "transferred:市一院党支部")
    assert Post.objects.get(person=person).ends_before == date(2026, 3, 11)
    assert "市一院党支部" in client.get(url("person-detail", person, world)).content.decode()


def test_a_secretary_has_to_be_relieved_by_those_who_appoint(world, client_of):
    person = world.people["secretary"]
    data = {"version": 1, "last_day": "2026-03-10", "reason": "transferred"}
    response = client_of("committee_member").post(url("membership-end", person, world), data)
    assert response.status_code == 422
    assert "entered by the staff of the committee above" in response.content.decode()
    assert person.memberships.get().ends_before is None


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"last_day": "2026-04-01", "reason": "died"}, "Choose today or an earlier day."),
        ({"last_day": "2023-01-01", "reason": "died"}, "took effect on"),
        ({"last_day": "2026-03-01", "reason": "other"}, "Say in a few words why."),
        ({"last_day": "2026-03-01", "reason": "vanished"}, "valid choice"),
        ({"last_day": "2026-03-01", "reason": "died", "version": "7"}, "just changed"),
    ],
)
def test_leaving_refused(world, client, data, said):
    response = client.post(url("membership-end", world.people["member"], world), {"version": "1"} | data)
    assert response.status_code in (409, 422)
    assert said in response.content.decode()
    assert world.people["member"].memberships.get().ends_before is None


def test_back_on_the_roster(world, client):
    person = world.people["member"]
    person.memberships.update(ends_before=date(2026, 2, 1))
    data = {"version": 1, "starts_on": "2026-01-15", "category": "full_member"}
    assert client.post(url("member-return", person, world), data).status_code == 422  # both at once cannot be
    assert client.post(url("member-return", person, world), data | {"starts_on": "2026-03-01"}).status_code == 302
    assert [m.starts_on for m in person.memberships.order_by("starts_on")] == [SINCE, date(2026, 3, 1)]


# --- Seeing ---------------------------------------------------------------------------------------------------------------


def test_the_id_number_is_shown_once_asked_noted_and_seen_by_the_person(world, client, member, client_of):
    assert NUMBER not in client.get(url("person-detail", member, world)).content.decode()
    shown = client.post(url("id-number-show", member, world))
    assert NUMBER in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    fragment = client.post(url("id-number-show", member, world), headers={"hx-request": "true"}).content.decode()
    assert NUMBER in fragment
    assert "<html" not in fragment
    own = client_of("member").get(reverse("members:person-own")).content.decode()
    assert own.count("<p>王建国</p>") == 2
    assert (
        "王建国"
        not in client_of("secretary").get(url("person-detail", member, world)).content.decode().partition("<main")[2]
    )


def test_an_export_with_id_numbers_is_seen_by_the_people_in_it(world, client, client_of):
    export = reverse("members:roster-export", args=[world.branch.public_id])
    client.post(export, {"layout": "everyday"})
    own = reverse("members:person-own")
    assert "Nobody so far." in client_of("member").get(own).content.decode()
    client.post(export, {"layout": "everyday", "with_id_numbers": "on"})
    assert "roster exported with ID numbers" in client_of("member").get(own).content.decode()
    assert "Nobody so far." in client_of("other_secretary").get(own).content.decode()


def test_the_own_record_cannot_be_changed_by_oneself(world, client_of, member):
    page = client_of("member").get(reverse("members:person-own")).content.decode()
    assert url("person-change", member, world) not in page
    assert client_of("member").post(url("person-change", member, world), form_of(member)).status_code == 404


def test_after_leaving_the_own_record_stays_readable_for_ninety_days(world, client_of):
    memberships = Membership.objects.filter(person=world.people["member"])
    memberships.update(ends_before=date(2025, 12, 19))
    assert client_of("member").get(reverse("members:person-own")).status_code == 200
    memberships.update(ends_before=date(2025, 12, 18))
    assert client_of("member").get(reverse("members:person-own")).status_code == 404


def test_a_group_leader_sees_no_personal_data(world, client_of):
    person = world.people["second"]
    person.mobile_phone, person.address, person.born_on = "13812345678", "清河路8号", date(1977, 7, 7)
    person.save()
    text = client_of("group_leader").get(url("person-detail", person, world)).content.decode()
    assert person.name in text
    assert not any(said in text for said in ("13812345678", "清河路8号", "1977"))


def test_queries(world, client, member, query_baseline):
    with query_baseline("members:person-detail"):
        client.get(url("person-detail", member, world))
    with query_baseline("members:person-change"):
        assert (
            client.post(url("person-change", member, world), form_of(member, remarks="x", staff_number="7")).status_code
            == 302
        )
    data = changed(member, standing="suspended")
    with query_baseline("members:membership-change"):
        assert client.post(url("membership-change", member, world), data).status_code == 302
    with query_baseline("members:membership-end"):
        data = {"version": 3, "last_day": TODAY.isoformat(), "reason": "died"}
        assert client.post(url("membership-end", member, world), data).status_code == 302
    with query_baseline("members:person-create"):
        assert create(client, world).status_code == 302
    with query_baseline("members:id-number-show"):
        assert client.post(url("id-number-show", member, world)).status_code == 200
