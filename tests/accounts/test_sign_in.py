"""Sign-in by user name: what a refusal says, when it locks, how long a browser stays signed in."""

from collections.abc import Callable

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password
from django.core import mail
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.settings import base
from tests.world import World

LOGIN = "/accounts/login/"


def sign_in(client: Client, username: str, password: str = "a-long-password", **more: str):
    return client.post(LOGIN, {"login": username, "password": password, **more})


@pytest.fixture
def browser(world: World) -> Client:
    client = Client()
    client.cookies["zhibu_language"] = "en"
    return client


def test_the_right_password_opens_the_home_page(browser: Client) -> None:
    answer = sign_in(browser, "Secretary")  # capitals do not matter
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert browser.get("/me/settings/").status_code == 200


def test_passwords_are_hashed_by_argon2() -> None:
    assert base.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


def test_a_password_made_with_the_real_settings_is_argon2(settings) -> None:
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    assert identify_hasher(make_password("a-long-password")).algorithm == "argon2"
    assert get_hasher().algorithm == "argon2"


def test_a_refusal_is_the_same_for_a_wrong_name_and_a_wrong_password(browser: Client) -> None:
    pages = []
    for name in ("secretary", "nobody-here"):
        text = sign_in(browser, name, "wrong password").content.decode()
        assert "The user name or the password is not right" in text
        pages.append(text.replace(name, "NAME").partition('<form method="post" action="/accounts/login/"')[2])
    strip = [page.partition("csrfmiddlewaretoken")[0] + page.partition('name="login"')[2] for page in pages]
    assert strip[0] == strip[1]


def test_a_refusal_takes_the_same_queries_and_a_hash_either_way(browser: Client) -> None:
    from django.db import connection

    counts = []
    for name in ("secretary", "nobody-here"):
        with CaptureQueriesContext(connection) as queries:
            sign_in(browser, name, "wrong password")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_sixth_wrong_try_is_refused_and_says_when_to_try_again(browser: Client) -> None:
    for _ in range(5):
        assert "not right" in sign_in(browser, "secretary", "wrong password").content.decode()
    sixth = sign_in(browser, "secretary").content.decode()  # even the right one
    assert "Too many wrong tries. Try again in 15 minutes." in sixth
    assert browser.get("/me/settings/").status_code == 302


def test_others_are_not_locked_with_one(browser: Client) -> None:
    for _ in range(5):
        sign_in(browser, "secretary", "wrong password")
    assert sign_in(browser, "member").status_code == 302


def test_right_tries_do_not_count(browser: Client) -> None:
    for _ in range(7):
        assert sign_in(Client(), "secretary").status_code == 302


def test_an_account_that_waits_for_its_code_has_no_password(world: World, browser: Client) -> None:
    user = world.users["secretary"]
    user.set_unusable_password()
    user.save()
    for password in ("", "!", user.password):
        assert sign_in(browser, "secretary", password).status_code == 200


def test_a_closed_account_says_so_only_to_who_knows_the_password(world: World, browser: Client) -> None:
    world.users["secretary"].is_active = False
    world.users["secretary"].save()
    assert "account is closed" not in sign_in(browser, "secretary", "wrong password").content.decode()
    assert "This account is closed" in sign_in(browser, "secretary").content.decode()
    assert browser.get("/me/settings/").status_code == 302


def test_ones_own_device_stays_signed_in_for_half_a_year(browser: Client) -> None:
    sign_in(browser, "secretary")
    assert browser.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 180 * 24 * 3600
    assert "data-keep-drafts" in browser.get("/me/settings/").content.decode()


def test_a_shared_computer_forgets_with_the_browser_and_keeps_no_drafts(browser: Client) -> None:
    sign_in(browser, "secretary", is_shared="on")
    assert browser.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""
    assert "data-keep-drafts" not in browser.get("/me/settings/").content.decode()


def test_nobody_registers(browser: Client) -> None:
    assert browser.get("/accounts/signup/").status_code == 404
    assert "signup" not in browser.get(LOGIN).content.decode()


def test_signing_in_keeps_no_record_of_use(world: World, browser: Client) -> None:
    sign_in(browser, "secretary")
    first = UserSession.objects.get(user=world.users["secretary"])
    browser.get("/me/settings/")
    again = UserSession.objects.get(user=world.users["secretary"])
    assert (first.last_seen_at, first.pk) == (again.last_seen_at, again.pk)


def test_the_way_back_is_ours_alone(browser: Client) -> None:
    assert sign_in(browser, "secretary", next="https://elsewhere.example/")["Location"] == "/"
    assert sign_in(Client(), "secretary", next="/me/sessions/")["Location"] == "/me/sessions/"


class TestPasswordReset:
    @pytest.fixture
    def confirmed(self, world: World) -> World:
        from django.utils import timezone

        user = world.users["secretary"]
        user.email, user.email_confirmed_at = "li@example.org", timezone.now()
        user.save()
        return world

    def ask(self, browser: Client, email: str, capture: Callable) -> list:
        with capture(execute=True):
            answer = browser.post("/accounts/password/reset/", {"email": email})
        assert answer["Location"] == "/accounts/password/reset/done/"
        return mail.outbox

    def test_a_link_goes_to_a_confirmed_address_and_works_once(
        self, confirmed: World, browser: Client, django_capture_on_commit_callbacks: Callable
    ) -> None:
        old = Client()
        sign_in(old, "secretary")
        (letter,) = self.ask(browser, "Li@example.org", django_capture_on_commit_callbacks)
        assert letter.to == ["li@example.org"]
        link = next(line for line in letter.body.splitlines() if line.startswith("http"))
        form = browser.get(link, follow=True)
        target = form.redirect_chain[-1][0]
        new = {"password1": "quiet river morning", "password2": "quiet river morning"}
        assert browser.post(target, new)["Location"] == "/accounts/password/reset/key/done/"
        assert sign_in(Client(), "secretary").status_code == 200  # the old one
        assert sign_in(Client(), "secretary", "quiet river morning").status_code == 302
        assert old.get("/me/settings/").status_code == 302
        assert "used before" in Client(headers={"Cookie": "zhibu_language=en"}).get(link).content.decode()

    @pytest.mark.parametrize("state", ["unconfirmed", "closed", "unknown"])
    def test_nothing_is_sent_otherwise_and_the_page_says_the_same(
        self, state: str, confirmed: World, browser: Client, django_capture_on_commit_callbacks: Callable
    ) -> None:
        user = confirmed.users["secretary"]
        if state == "unconfirmed":
            user.email_confirmed_at = None
        elif state == "closed":
            user.is_active = False
        else:
            user.email = "other@example.org"
        user.save()
        assert self.ask(browser, "li@example.org", django_capture_on_commit_callbacks) == []

    def test_the_mail_holds_no_password_and_no_code(
        self, confirmed: World, browser: Client, django_capture_on_commit_callbacks: Callable
    ) -> None:
        (letter,) = self.ask(browser, "li@example.org", django_capture_on_commit_callbacks)
        links = [line for line in letter.body.splitlines() if "://" in line]
        assert len(links) == 1
        assert "a-long-password" not in letter.body

    def test_too_many_requests_are_told_so(self, confirmed: World, browser: Client) -> None:
        for _ in range(5):
            browser.post("/accounts/password/reset/", {"email": "li@example.org"})
        answer = browser.post("/accounts/password/reset/", {"email": "li@example.org"})
        assert answer.status_code == 429
        assert "Wait a minute" in answer.content.decode()


@pytest.mark.parametrize(("old", "new", "again", "words"), [
    ("wrong", "quiet river morning", "quiet river morning", "not your present password"),
    ("a-long-password", "quiet river morning", "quiet river evening", "two passwords differ"),
    ("a-long-password", "short", "short", "too short"),
    ("a-long-password", "48151623421", "48151623421", "entirely numeric"),
    ("a-long-password", "secretary1", "secretary1", "too similar"),
    ("", "", "", "required"),
    ("a-long-password", "x" * 300, "x" * 300, "at most 200"),
])  # fmt: skip
def test_bad_passwords_are_refused_in_words(browser: Client, old: str, new: str, again: str, words: str) -> None:
    sign_in(browser, "secretary")
    data = {"oldpassword": old, "password1": new, "password2": again}
    assert words in browser.post("/accounts/password/change/", data).content.decode()
    assert sign_in(Client(), "secretary").status_code == 302


def test_changing_the_password_signs_out_the_other_browsers(world: World, browser: Client) -> None:
    other = Client()
    sign_in(browser, "secretary")
    sign_in(other, "secretary")
    data = {"oldpassword": "a-long-password", "password1": "quiet river morning", "password2": "quiet river morning"}
    assert browser.post("/accounts/password/change/", data).status_code == 302
    assert browser.get("/me/settings/").status_code == 200
    assert other.get("/me/settings/").status_code == 302
    assert browser.get(reverse("accounts:session-list")).content.decode().count('<li class="task') == 1
