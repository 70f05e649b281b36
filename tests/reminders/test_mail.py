"""What a mail says, to whom, and what becomes of it when a server is down, slow, or refuses one address."""

import smtplib
from datetime import date

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend

from apps.core.mail_address import mail_settings
from apps.reminders.models import Delivery
from tests.factories.reminders import say, send

DUE_7 = date(2026, 3, 24)
SERVER = "django.core.mail.backends.smtp.EmailBackend"


def the_delivery():
    return Delivery.objects.get()


def test_one_mail_with_titles_dates_and_links(march, meeting):
    say(DUE_7)
    send(DUE_7)
    (letter,) = django_mail.outbox
    assert letter.to == ["secretary@example.test"]
    assert letter.subject == "1 thing to do"
    assert "March branch committee meeting" in letter.body
    assert "https://zhibu.example.org/b/" in letter.body
    assert "https://zhibu.example.org/me/reminders/" in letter.body
    assert not any(person.name in letter.body for person in march.people.values())
    assert letter.extra_headers["Message-ID"] == f"<{the_delivery().key}@zhibu.example.org>"
    assert the_delivery().state == "sent"


def test_an_address_nobody_confirmed_gets_nothing(march, meeting):
    user = march.users["secretary"]
    user.email_confirmed_at = None
    user.save()
    say(DUE_7)
    send(DUE_7)
    assert django_mail.outbox == []


@pytest.mark.parametrize(
    ("problem", "state", "code"),
    [
        (smtplib.SMTPRecipientsRefused({"a": (550, b"no such user a@example.test")}), "parked", "smtp-550"),
        (smtplib.SMTPRecipientsRefused({"a": (450, b"mailbox busy")}), "waiting", "smtp-450"),
        (smtplib.SMTPDataError(554, b"looks like spam"), "parked", "smtp-554"),
        (smtplib.SMTPDataError(451, b"later"), "waiting", "smtp-451"),
        (smtplib.SMTPAuthenticationError(535, b"who are you"), "waiting", "smtp-535"),
        (smtplib.SMTPServerDisconnected("gone"), "waiting", "mail-SMTPServerDisconnected"),
        (TimeoutError("slow"), "waiting", "timeout"),
        (ConnectionRefusedError("down"), "waiting", "mail-ConnectionRefusedError"),
    ],
    ids=["refused", "busy", "spam", "later", "sign-in", "disconnected", "slow", "down"],
)
def test_a_server_in_trouble(march, meeting, monkeypatch, caplog, problem, state, code):
    """Nothing is lost, and neither the address nor the text gets into the row or the log."""

    def fail(self, messages):
        raise problem

    say(DUE_7)
    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    send(DUE_7)
    one = the_delivery()
    assert (one.state, one.last_error) == (state, code)
    assert "example.test" not in caplog.text + one.last_error
    monkeypatch.undo()
    key = one.key
    if state == "waiting":
        send(DUE_7, "10:00")
        assert (the_delivery().state, the_delivery().key) == ("sent", key)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.org", {"EMAIL_HOST": "mail.example.org", "EMAIL_PORT": 25, "EMAIL_USE_TLS": False}),
        ("smtp+tls://u%40x:p%2Fw@mail.example.org", {
            "EMAIL_PORT": 587, "EMAIL_USE_TLS": True, "EMAIL_HOST_USER": "u@x", "EMAIL_HOST_PASSWORD": "p/w"}),
        ("smtps://mail.example.org:4465", {"EMAIL_PORT": 4465, "EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False}),
    ],
)  # fmt: skip
def test_the_address_of_a_server(url, expected):
    found = mail_settings(url)
    assert found["EMAIL_BACKEND"] == SERVER
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://secret@host:99999"])
def test_an_address_that_cannot_be(url):
    with pytest.raises(ValueError, match="EMAIL_URL") as refused:
        mail_settings(url)
    assert "secret" not in str(refused.value)
