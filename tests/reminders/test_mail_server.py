"""Mail over the wire, to a server that is there, down, slow, or refuses one address."""

import time
from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from apps.activities.models import Invitation
from apps.reminders.models import Delivery, Digest, Preference
from apps.reminders.services import delivering
from tests.factories.duties import plan
from tests.factories.reminders import at, confirmed, hold_is_over, say, send, told
from tests.factories.smtp import free_port, mail_server

DUE_7 = date(2026, 3, 24)
MORNING = at(DUE_7, "09:00")
SECRETARY, MEMBER = "secretary@example.test", "member@example.test"


@pytest.fixture
def server(settings):
    with mail_server() as one:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", one.port, 0.3
        yield one


@pytest.fixture
def two(march, meeting):
    """A digest for the secretary, one for a member who is invited: two mails wait."""
    confirmed(march.users["member"])
    sitting = plan(march.branch, "general_meeting", date(2026, 3, 25)).sitting
    Invitation.objects.create(sitting=sitting, person=march.people["member"])
    say(DUE_7)
    assert Delivery.objects.filter(state="waiting").count() == 2
    return march


def of(person):
    return Delivery.objects.get(person=person)


def test_it_arrives_whole(two, server):
    outcome = send(DUE_7)
    assert (outcome.sent, server.addresses()) == (2, [MEMBER, SECRETARY])
    by_address = {addresses[0]: message for addresses, message in server.taken}
    letter = by_address[SECRETARY]
    assert letter["Message-ID"] == f"<{of(two.people['secretary']).key}@zhibu.example.org>"
    assert "March branch committee meeting" in letter.get_payload(decode=True).decode()
    assert (mail.outbox, send(DUE_7, "10:00").sent) == ([], 0)


def test_one_address_refused_parks_that_one_alone(two, server, caplog):
    """The others get theirs; the code stays, neither address nor answer does."""
    server.answers[SECRETARY] = f"550 no such user {SECRETARY}"
    outcome = send(DUE_7)
    assert (outcome.sent, outcome.parked, server.addresses()) == (1, 1, [MEMBER])
    refused = of(two.people["secretary"])
    assert (refused.state, refused.last_error) == ("parked", "smtp-550")
    assert of(two.people["member"]).state == "sent"
    assert "example.test" not in caplog.text
    assert send(DUE_7, "10:00").sent == 0
    assert told(two.people["secretary"], DUE_7)  # in the app it stands in any case


def test_busy_is_tried_again(two, server):
    server.answers[SECRETARY] = "451 try later"
    assert (send(DUE_7).again, of(two.people["secretary"]).last_error) == (1, "smtp-451")
    server.answers.clear()
    assert send(DUE_7, "09:10").sent == 1
    assert server.addresses() == [MEMBER, SECRETARY]


def test_the_text_refused_is_parked(two, server):
    server.after_data = "554 looks like spam"
    assert send(DUE_7).parked == 2
    assert set(Delivery.objects.values_list("last_error", flat=True)) == {"smtp-554"}


@pytest.mark.parametrize("slow_at", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_slow_server_is_tried_again_under_the_same_key(two, server, slow_at):
    """Slow before it has taken the text: nothing arrives twice."""
    server.pauses[slow_at] = 1
    keys = set(Delivery.objects.values_list("key", flat=True))
    began = time.monotonic()
    outcome = send(DUE_7)
    assert time.monotonic() - began < 4
    assert (outcome.again, outcome.sent) == (2, 0)
    assert set(Delivery.objects.values_list("last_error", flat=True)) == {"timeout"}
    time.sleep(1)
    server.pauses.clear()
    server.taken.clear()
    assert send(DUE_7, "09:10").sent == 2
    assert set(Delivery.objects.values_list("key", flat=True)) == keys
    assert server.addresses() == [MEMBER, SECRETARY]


def test_down_and_up_again(two, server, settings):
    settings.EMAIL_PORT = free_port()
    assert (send(DUE_7).again, set(Delivery.objects.values_list("state", flat=True))) == (2, {"waiting"})
    assert set(Delivery.objects.values_list("last_error", flat=True)) == {"mail-ConnectionRefusedError"}
    settings.EMAIL_PORT = server.port
    assert send(DUE_7, "09:10").sent == 2
    assert server.addresses() == [MEMBER, SECRETARY]


def test_the_pauses_grow_and_the_fifth_try_is_the_last(two, server, settings):
    settings.EMAIL_PORT = free_port()
    pauses = []
    for _ in range(5):
        hold_is_over()
        began = of(two.people["secretary"]).next_try_at
        delivering.deliver(now=MORNING)
        pauses.append(round((of(two.people["secretary"]).next_try_at - began).total_seconds() / 60))
    assert pauses == [1, 5, 25, 125, 0]
    one = of(two.people["secretary"])
    assert (one.state, one.attempts, one.last_error) == ("parked", 5, "mail-ConnectionRefusedError")


def test_a_refused_address_is_said_to_its_owner_until_it_is_mended(two, server, client_of):
    secretary, member = client_of("secretary"), client_of("member")
    hint, page = "refused the last mail to you", reverse("reminders:settings")
    assert hint not in secretary.get(page).content.decode()
    server.answers[SECRETARY] = "550 no"
    send(DUE_7)
    assert hint in secretary.get(page).content.decode()
    assert hint not in member.get(page).content.decode()
    confirmed(two.users["secretary"], "new@example.test")
    assert hint not in secretary.get(page).content.decode()


def test_who_wants_no_mail_gets_none_though_it_was_waiting(two, server):
    Preference.objects.create(person=two.people["secretary"], outside="none")
    assert (send(DUE_7).dropped, server.addresses()) == (1, [MEMBER])
    assert Digest.objects.filter(person=two.people["secretary"]).exists()


def test_a_test_mail_says_what_the_server_said(world, server, settings, client_of):
    confirmed(world.users["administrator"], "root@example.test")
    administrator, address = client_of("administrator"), reverse("reminders:test-mail")
    assert "on its way" in administrator.post(address, follow=True).content.decode()
    assert server.addresses() == ["root@example.test"]
    server.answers["root@example.test"] = "550 no such user root@example.test"
    answer = administrator.post(address, follow=True).content.decode()
    assert "The mail server did not take it: SMTPRecipientsRefused" in answer
    assert "root@example.test" not in answer
    settings.EMAIL_PORT = free_port()
    assert "ConnectionRefusedError" in administrator.post(address, follow=True).content.decode()
