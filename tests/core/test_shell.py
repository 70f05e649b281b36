"""What surrounds every page: menus, language, text size, and the pages for when something went wrong."""

import json
import re

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from apps.core import views
from apps.core.navigation import NavItem, navigation, providers
from apps.core.shell import text_size


def items(*names: str, **more: object) -> list[NavItem]:
    return [NavItem(name, f"/{name}/", "home", active=False, order=order, **more) for order, name in enumerate(names)]


@pytest.fixture
def menu(monkeypatch):
    """The menus of a page, from these entries alone."""

    def build(*entries: NavItem):
        monkeypatch.setattr("apps.core.navigation.providers", [lambda request: entries])
        return navigation(RequestFactory().get("/"))

    return build


def labels(entries: list[NavItem]) -> list[str]:
    return [entry.label for entry in entries]


LOG = NavItem("log", "/log/", "plus", active=False, primary=True)


def test_few_entries_all_fit_on_the_tab_bar(menu):
    nav = menu(*items("home", "schedule", "tasks", "me"))
    assert (labels(nav.tabs_before), nav.primary, labels(nav.tabs_after), nav.more) == (
        ["home", "schedule", "tasks", "me"], None, [], [],
    )  # fmt: skip


def test_the_main_thing_stands_in_the_centre(menu):
    nav = menu(*items("home", "duties", "tasks", "members", "reports"), LOG)
    assert labels(nav.tabs_before) == ["home", "duties"]
    assert nav.primary is LOG
    assert labels(nav.tabs_after) == ["tasks"]
    assert labels(nav.more) == ["members", "reports"]
    assert labels(nav.main) == ["home", "duties", "tasks", "members", "reports"]


def test_four_entries_and_the_main_thing_need_no_more(menu):
    nav = menu(*items("home", "duties", "tasks", "me"), LOG)
    assert (labels(nav.tabs_before), labels(nav.tabs_after), nav.more) == (["home", "duties"], ["tasks", "me"], [])


def test_ledgers_always_go_under_more(menu):
    ledger = NavItem("ledgers", "/ledgers/", "ledgers", active=True, order=0, extra=True)
    nav = menu(ledger, *items("home", "tasks"))
    assert labels(nav.main) == ["home", "tasks"]
    assert labels(nav.extra) == labels(nav.more) == ["ledgers"]
    assert nav.more_active


def test_order_decides_not_the_order_of_the_apps(menu):
    assert labels(menu(*reversed(items("home", "duties", "tasks"))).main) == ["home", "duties", "tasks"]


def test_providers_are_one_list_for_all():
    from apps.core import navigation as module

    assert module.providers is providers


# --- Text size and language ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("account", "cookie", "size"),
    [("", "", "standard"), ("", "large", "large"), ("xlarge", "large", "xlarge"), ("", "huge", "standard")],
)
def test_the_account_decides_before_the_device(account, cookie, size):
    request = RequestFactory().get("/")
    request.COOKIES = {"zhibu_text": cookie} if cookie else {}
    request.user = type("Someone", (), {"text_size": account})()
    assert text_size(request) == size


def test_a_request_that_failed_early_has_no_user():
    assert text_size(RequestFactory().get("/")) == "standard"


@pytest.mark.parametrize(
    ("name", "data", "cookie", "value"),
    [
        ("core:language-set", {"language": "en"}, "zhibu_language", "en"),
        ("core:text-size-set", {"size": "xlarge"}, "zhibu_text", "xlarge"),
    ],
)
def test_signed_out_the_device_remembers(db, client, name, data, cookie, value):
    response = client.post(reverse(name), {**data, "next": "/somewhere/?page=2"})
    assert (response.status_code, response["Location"]) == (302, "/somewhere/?page=2")
    assert response.cookies[cookie].value == value


@pytest.mark.parametrize("to", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_the_way_back_stays_on_this_site(db, client, to):
    response = client.post(reverse("core:language-set"), {"language": "en", "next": to})
    assert response["Location"] == "/"


@pytest.mark.parametrize(
    ("name", "data"),
    [("core:language-set", {"language": "fr"}), ("core:text-size-set", {"size": "120px"}), ("core:text-size-set", {})],
)
def test_unknown_choices_are_refused(db, client, name, data):
    response = client.post(reverse(name), data)
    assert response.status_code == 400
    assert not response.cookies


@pytest.mark.parametrize("name", ["core:language-set", "core:text-size-set"])
def test_choices_are_posted(db, client, name):
    assert client.get(reverse(name)).status_code == 405


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [("core:language-set", {"language": "en"}, "language"), ("core:text-size-set", {"size": "large"}, "text_size")],
)
def test_signed_in_the_account_remembers(world, client_of, name, data, field):
    member, secretary = world.users["member"], world.users["secretary"]
    client_of("member").post(reverse(name), data)
    member.refresh_from_db()
    secretary.refresh_from_db()
    assert (getattr(member, field), getattr(secretary, field)) == (next(iter(data.values())), "")


# --- When something went wrong ------------------------------------------------------------------------------------------


def refused(data: dict) -> HttpResponse:
    request = RequestFactory().post("/meetings/7/file/", data)
    with translation.override("en"):
        return views.csrf_failure(request)


def test_an_expired_page_gives_the_text_back():
    response = refused(
        {
            "minutes": "学习<3月>通知",
            "attendance-12": "present",
            "password": "hunter22",
            "csrfmiddlewaretoken": "abc",
            "one_time_code": "778899x",
        }
    )
    page = response.content.decode()
    assert response.status_code == 403
    assert re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page) == ["学习&lt;3月&gt;通知", "present"]
    assert "hunter22" not in page
    assert "778899x" not in page


def test_an_expired_page_offers_no_second_try():
    """The request may be forged: its content must not come back as a form that is ready to be sent."""
    page = refused({"minutes": "text"}).content.decode()
    assert 'action="/meetings/7/file/"' not in page
    assert 'name="minutes"' not in page


def test_a_forged_post_is_stopped(db):
    response = Client(enforce_csrf_checks=True).post(reverse("core:text-size-set"), {"size": "large"})
    assert response.status_code == 403
    assert "页面" in response.content.decode() or "open too long" in response.content.decode()
    assert "zhibu_text" not in response.cookies


def test_the_number_on_the_error_page_stands_in_the_log(caplog):
    response = views.server_error(RequestFactory().get("/meetings/7/"))
    page = response.content.decode()
    number = re.search(r"编号 <strong>(\w+)</strong>", page)[1]
    assert response.status_code == 500
    assert f"Reference {number}" in caplog.text
    assert "系统出了问题" in page
    assert "Something went wrong" in page


def test_other_error_pages_read_well(db, client, settings):
    assert client.get("/nowhere/").status_code == 404
    response = views.bad_request(RequestFactory().get("/"), ValueError())
    assert response.status_code == 400
    assert "<h1>" in response.content.decode()


# --- The page itself ----------------------------------------------------------------------------------------------------


@pytest.fixture
def page(client_of) -> str:
    return client_of("secretary").get(reverse("core:styleguide")).content.decode()


def test_the_style_guide_is_for_trying_out_only(client_of, settings):
    settings.DEMO_ALLOWED = False
    assert client_of("secretary").get(reverse("core:styleguide")).status_code == 404


def test_nothing_inline_that_the_browser_would_refuse(page):
    assert re.findall(r'\sstyle="|\son\w+="|<style|javascript:', page) == []
    assert [tag for tag in re.findall(r"<script[^>]*>", page) if "src=" not in tag] == []
    assert "https://" not in page
    assert "http://" not in page


def test_the_frame_of_a_page(page):
    assert page.count("<h1>") == 1
    assert '<html lang="en" data-text="standard">' in page
    assert '<a class="skip-link" href="#main">' in page
    assert 'id="main"' in page
    assert "Do not enter state secrets" in page


def test_htmx_is_kept_on_a_short_leash(page):
    config = json.loads(re.search(r"name=\"htmx-config\" content='([^']+)'", page)[1])
    assert (config["allowEval"], config["includeIndicatorStyles"], config["selfRequestsOnly"], config["historyCacheSize"]) == (
        False, False, True, 0,
    )  # fmt: skip
    first = {code: next(rule["swap"] for rule in config["responseHandling"] if re.fullmatch(rule["code"], code))
             for code in ("200", "204", "409", "422", "404", "500")}  # fmt: skip
    assert first == {"200": True, "204": False, "409": True, "422": True, "404": False, "500": False}


def test_ids_are_unique(page):
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert [name for name in ids if ids.count(name) > 1] == []
