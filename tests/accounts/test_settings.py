"""One's own settings, e-mail address and signed-in browsers."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from apps.accounts import services
from apps.core.models import AuditEntry
from tests.world import World


@pytest.fixture
def browser(client_of: Callable[[str], Client]) -> Client:
    return client_of("secretary")


def link_of(letter) -> str:
    return re.search(r"http://\S+", letter.body)[0]


def test_language_and_text_size_belong_to_the_account(world: World, browser: Client) -> None:
    assert browser.post("/me/settings/", {"language": "en", "text_size": "large"}).status_code == 302
    page = Client()
    page.force_login(world.users["secretary"])
    assert 'lang="en" data-text="large"' in page.get("/me/settings/").content.decode()


@pytest.mark.parametrize(
    "data", [{}, {"language": "fr", "text_size": "large"}, {"language": "en", "text_size": "huge"}]
)
def test_unknown_choices_change_nothing(world: World, browser: Client, data: dict) -> None:
    assert browser.post("/me/settings/", data).status_code == 422
    world.users["secretary"].refresh_from_db()
    assert (world.users["secretary"].language, world.users["secretary"].text_size) == ("", "")


def test_an_address_counts_once_its_owner_has_opened_the_link(world: World, browser: Client) -> None:
    user = world.users["secretary"]
    browser.post("/me/email/", {"email": "Li@example.org"})
    (letter,) = mail.outbox
    user.refresh_from_db()
    assert (letter.to, user.email) == (["li@example.org"], "")
    elsewhere = Client()  # where the mail is read
    assert elsewhere.get(link_of(letter)).status_code == 200
    user.refresh_from_db()
    assert user.email == ""  # looking is not confirming
    assert elsewhere.post(link_of(letter)).status_code == 302
    user.refresh_from_db()
    assert user.email == "li@example.org"
    assert user.email_confirmed_at is not None
    assert elsewhere.get("/me/settings/").status_code == 302  # the link signs nobody in
    assert AuditEntry.objects.filter(action="email_confirm", actor=user, fields=["email"]).count() == 1


def test_a_link_works_once_and_a_changed_one_never(world: World, browser: Client) -> None:
    browser.post("/me/email/", {"email": "li@example.org"})
    link = link_of(mail.outbox[0])
    browser.post(link)
    assert browser.post(link).status_code == 422
    assert browser.get(link[:-3] + "xx/").status_code == 422


def test_a_link_dies_with_the_password_it_was_asked_under(world: World) -> None:
    user = world.users["secretary"]
    token = services.email_token(user=user, email="li@example.org")
    user.set_password("quiet river morning")
    user.save()
    assert Client().post(f"/me/email/confirm/{token}/").status_code == 422


@pytest.mark.parametrize("email", ["", "not an address", "x" * 300 + "@example.org", "a@b.c\r\nBcc: d@e.f"])
def test_bad_addresses_get_no_mail(browser: Client, email: str) -> None:
    assert browser.post("/me/email/", {"email": email}).status_code == 422
    assert mail.outbox == []


def test_a_mail_server_that_is_down_is_told_in_words(browser: Client, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    answer = browser.post("/me/email/", {"email": "li@example.org"})
    assert answer.status_code == 422
    assert "could not be sent" in answer.content.decode()
    assert 'value="li@example.org"' in answer.content.decode()


def test_the_sixth_mail_of_an_hour_is_not_sent(browser: Client) -> None:
    for _ in range(5):
        browser.post("/me/email/", {"email": "li@example.org"})
    assert browser.post("/me/email/", {"email": "li@example.org"}).status_code == 429
    assert len(mail.outbox) == 5


def test_an_address_can_be_removed(world: World, browser: Client) -> None:
    browser.post("/me/email/", {"email": "li@example.org"})
    browser.post(link_of(mail.outbox[0]))
    browser.post("/me/email/remove/")
    world.users["secretary"].refresh_from_db()
    assert (world.users["secretary"].email, world.users["secretary"].email_confirmed_at) == ("", None)


def sign_in(username: str, agent: str) -> Client:
    browser = Client(headers={"User-Agent": agent})
    browser.cookies["zhibu_language"] = "en"
    browser.post("/accounts/login/", {"login": username, "password": "a-long-password"})
    return browser


def test_own_browsers_are_listed_and_ended(world: World) -> None:
    here = sign_in("secretary", "Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537")
    there = sign_in("secretary", "Mozilla/5.0 (iPhone) MicroMessenger/8")
    sign_in("member", "Mozilla/5.0 Firefox/130")
    page = here.get("/me/sessions/").content.decode()
    assert "Chrome · Windows" in page
    assert "WeChat · iPhone" in page
    assert "Firefox" not in page
    (end,) = re.findall(r"/me/sessions/\d+/end/", page)
    assert here.post(end).status_code == 302
    assert there.get("/me/settings/").status_code == 302
    assert here.get("/me/settings/").status_code == 200


def test_nobody_ends_the_browser_of_another(world: World) -> None:
    mine, other = sign_in("secretary", "A"), sign_in("member", "B")
    (row,) = world.users["member"].usersession_set.all()
    mine.post(f"/me/sessions/{row.pk}/end/")
    assert other.get("/me/settings/").status_code == 200


def test_all_others_are_ended_together(world: World) -> None:
    here, *others = (sign_in("secretary", name) for name in "ABC")
    here.post("/me/sessions/end-others/")
    assert [browser.get("/me/settings/").status_code for browser in (here, *others)] == [200, 302, 302]


@pytest.mark.parametrize("number", [1, 4])
def test_queries_do_not_grow_with_browsers(world: World, number: int, query_baseline: Callable) -> None:
    browser, *_others = [sign_in("secretary", f"browser {each}") for each in range(number)]
    with query_baseline("accounts:session-list"):
        page = browser.get("/me/sessions/").content.decode()
    assert page.count('<li class="task') == number


@pytest.mark.parametrize("name", ["settings-detail", "email-change"])
def test_query_counts(name: str, browser: Client, query_baseline: Callable) -> None:
    from django.urls import reverse

    with query_baseline(f"accounts:{name}"):
        assert browser.get(reverse(f"accounts:{name}")).status_code == 200
