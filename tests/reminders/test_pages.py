"""One's own reminders and settings, and the outbox of whoever runs the system."""

from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from apps.reminders.models import Delivery, HolidayOverride, OutsideSwitch, Preference
from apps.reminders.services import switching
from tests.factories import activities as act
from tests.factories.reminders import confirmed, hold_is_over, say

DUE_7 = date(2026, 3, 24)


@pytest.fixture
def secretary(client_of):
    return client_of("secretary")


@pytest.fixture
def administrator(client_of):
    return client_of("administrator")


def titles(client):
    return [one.line.title for one in client.get(reverse("reminders:list")).context["said"]]


def test_what_is_done_goes_from_the_list(march, meeting, secretary):
    assert titles(secretary) == []
    say(DUE_7)
    assert titles(secretary) == ["March branch committee meeting"]
    act.filed(march.branch, march.users["secretary"], "committee_meeting", date(2026, 3, 17))
    assert titles(secretary) == []


def test_nobody_sees_what_another_was_told(march, meeting, client_of):
    say(DUE_7)
    for role in ("member", "committee_member", "other_secretary", "affairs_worker", "administrator"):
        assert titles(client_of(role)) == [], role


def test_settings_are_kept_and_obeyed(march, meeting, secretary):
    address = reverse("reminders:settings")
    assert secretary.post(address, {"outside": "none", "meeting": "on"}).status_code == 302
    row = Preference.objects.get()
    assert (row.outside, row.meeting, row.duty, row.urgent_meetings) == ("none", True, False, False)
    say(DUE_7)
    assert not Delivery.objects.exists()
    assert titles(secretary) == ["March branch committee meeting"]  # in the app in any case
    assert secretary.post(address, {"outside": "pigeon"}).status_code == 422
    assert Preference.objects.get().outside == "none"


def test_the_outbox_shows_counts_and_no_content(march, meeting, administrator):
    say(DUE_7)
    Delivery.objects.update(state="parked", last_error="smtp-550")
    html = administrator.get(reverse("reminders:outbox")).content.decode()
    assert "smtp-550" in html
    for secret in ("committee meeting", "@example.test", *(person.name for person in march.people.values())):
        assert secret not in html


def test_a_parked_one_goes_out_again_under_its_key(march, meeting, administrator):
    say(DUE_7)
    Delivery.objects.update(state="parked", attempts=5, last_error="timeout")
    key = Delivery.objects.get().key
    address = reverse("reminders:delivery-retry", args=[key])
    assert administrator.post(address).status_code == 302
    one = Delivery.objects.get()
    assert (one.state, one.attempts, one.key) == ("waiting", 0, key)
    assert "not parked any more" in administrator.post(address, follow=True).content.decode()


def test_released_after_a_restore(march, meeting, administrator):
    switching.hold()
    assert "restored from a backup" in administrator.get(reverse("reminders:outbox")).content.decode()
    administrator.post(reverse("reminders:release"))
    assert not switching.is_held()
    assert OutsideSwitch.objects.get().released_by == march.users["administrator"]


def test_a_test_mail_goes_to_oneself_alone(march, administrator):
    administrator.post(reverse("reminders:test-mail"))
    assert mail.outbox == []  # no confirmed address
    confirmed(march.users["administrator"], "root@example.test")
    administrator.post(reverse("reminders:test-mail"))
    assert [letter.to for letter in mail.outbox] == [["root@example.test"]]


def test_a_day_is_entered_replaced_and_removed(world, administrator):
    address = reverse("reminders:holiday-create")
    administrator.post(address, {"day": "2027-02-06", "name": "Make-up day", "is_working": "on"})
    administrator.post(address, {"day": "2027-02-06", "name": "Day off after all"})
    (row,) = HolidayOverride.objects.all()
    assert (row.is_working, row.name) == (False, "Day off after all")
    assert administrator.post(address, {"day": "2027-02-30"}).status_code == 422
    administrator.post(reverse("reminders:holiday-delete", args=[row.pk]))
    assert not HolidayOverride.objects.exists()


def test_what_the_pages_cost(march, meeting, secretary, administrator, query_baseline):
    say(DUE_7)
    hold_is_over()
    with query_baseline("reminders:list"):
        secretary.get(reverse("reminders:list"))
    with query_baseline("reminders:settings"):
        secretary.get(reverse("reminders:settings"))
    with query_baseline("reminders:outbox"):
        administrator.get(reverse("reminders:outbox"))
