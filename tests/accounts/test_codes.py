"""Activation codes: handed over on paper, used once, told to nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts import services
from apps.accounts.models import ActivationCode
from apps.core.errors import RuleBroken
from apps.core.models import AuditEntry
from tests.world import World

NOW = datetime(2026, 3, 18, 1, tzinfo=UTC)  # nine in the morning in Shanghai
PASSWORD = "quiet river morning"


@pytest.fixture
def slip(world: World) -> services.Slip:
    return services.code_issue(user=world.users["member"], by=world.users["secretary"], now=NOW)


def redeem(browser: Client, code: str, username: str = "member", **more: str):
    data = {"username": username, "code": code, "password1": PASSWORD, "password2": PASSWORD, **more}
    return browser.post("/activate/", data)


@pytest.fixture
def browser(world: World) -> Client:
    client = Client()
    client.cookies["zhibu_language"] = "en"
    return client


def test_a_code_sets_the_password_and_signs_in(slip: services.Slip, browser: Client) -> None:
    assert redeem(browser, slip.code)["Location"] == "/"
    assert browser.get("/me/settings/").status_code == 200
    slip.user.refresh_from_db()
    assert slip.user.check_password(PASSWORD)


@pytest.mark.parametrize("style", ["{0}-{1}", " {0} {1} ", "{0}－{1}", "UPPER", "FULL WIDTH"])
def test_a_code_is_read_as_people_type_it(slip: services.Slip, style: str) -> None:
    typed = style.format(slip.code[:5], slip.code[5:])
    if style == "UPPER":
        typed = slip.code.upper()
    if style == "FULL WIDTH":
        typed = "".join(chr(ord(char) + 0xFEE0) for char in slip.code)
    assert services.code_check(username=" Member ", code=typed, now=NOW).user == slip.user


def test_only_a_keyed_hash_is_kept(slip: services.Slip) -> None:
    row = ActivationCode.objects.values().get()
    assert slip.code not in str(row)
    assert bytes(row["code_hash"]) == services.code_hash(slip.user.pk, slip.code)
    assert services.code_hash(slip.user.pk + 1, slip.code) != bytes(row["code_hash"])


def test_a_code_works_once(slip: services.Slip, browser: Client) -> None:
    redeem(browser, slip.code)
    assert "not right" in redeem(Client(headers={"Cookie": "zhibu_language=en"}), slip.code).content.decode()


def test_of_two_browsers_with_one_slip_the_first_counts(slip: services.Slip) -> None:
    first = services.code_check(username="member", code=slip.code, now=NOW)
    second = services.code_check(username="member", code=slip.code, now=NOW)
    services.code_redeem(code=first, password=PASSWORD, now=NOW)
    with pytest.raises(RuleBroken, match="just been used"):
        services.code_redeem(code=second, password="another password", now=NOW)
    slip.user.refresh_from_db()
    assert slip.user.check_password(PASSWORD)


@pytest.mark.parametrize(("age", "works"), [(timedelta(days=14, seconds=-1), True), (timedelta(days=14), False)])
def test_a_code_runs_out_after_two_weeks(slip: services.Slip, age: timedelta, works: bool) -> None:
    if works:
        assert services.code_check(username="member", code=slip.code, now=NOW + age)
    else:
        with pytest.raises(RuleBroken):
            services.code_check(username="member", code=slip.code, now=NOW + age)


def test_a_new_code_ends_the_one_before(slip: services.Slip, world: World) -> None:
    again = services.code_issue(user=slip.user, by=world.users["secretary"], now=NOW)
    assert ActivationCode.objects.filter(user=slip.user, used_at=None).count() == 1
    with pytest.raises(RuleBroken):
        services.code_check(username="member", code=slip.code, now=NOW)
    assert services.code_check(username="member", code=again.code, now=NOW)


def test_one_open_code_is_the_databases_rule(slip: services.Slip) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivationCode.objects.create(user=slip.user, code_hash=b"x" * 32, expires_at=NOW)


def test_a_new_code_puts_a_lost_phone_out_at_once(world: World) -> None:
    phone = Client()
    phone.post("/accounts/login/", {"login": "member", "password": "a-long-password"})
    assert phone.get("/me/settings/").status_code == 200
    services.code_issue(user=world.users["member"], by=world.users["secretary"], now=NOW)
    assert phone.get("/me/settings/").status_code == 302
    assert phone.post("/accounts/login/", {"login": "member", "password": "a-long-password"}).status_code == 200


def test_issue_and_use_are_logged(slip: services.Slip, world: World, browser: Client) -> None:
    redeem(browser, slip.code)
    rows = (
        AuditEntry.objects.filter(action__startswith="code_")
        .order_by("pk")
        .values_list("action", "actor", "subject_id")
    )
    secretary, member = world.users["secretary"].pk, world.users["member"].pk
    assert list(rows) == [("code_issue", secretary, member), ("code_redeem", member, member)]
    assert slip.code not in str(list(AuditEntry.objects.values()))


def test_the_sixth_wrong_code_is_refused_and_says_when_to_try_again(slip: services.Slip, browser: Client) -> None:
    for _ in range(5):
        assert redeem(browser, "wrong-wrong").status_code == 422
    answer = redeem(browser, slip.code)
    assert answer.status_code == 429
    assert "Try again in 15 minutes" in answer.content.decode()


def test_a_wrong_name_and_a_wrong_code_look_and_cost_the_same(
    slip: services.Slip, browser: Client, monkeypatch
) -> None:
    compared = []
    monkeypatch.setattr(services.hmac, "compare_digest", lambda a, b: compared.append((len(a), len(b))) or a == b)
    counts, words = [], []
    for username in ("member", "nobody-here", "secretary"):  # right name; no such name; a name without an open code
        with CaptureQueriesContext(connection) as queries:
            page = redeem(browser, "abcde-fghjk", username).content.decode()
        counts.append(len(queries))
        words.append("The user name or the code is not right, or the code has run out." in page)
    assert words == [True] * 3
    assert len(set(counts)) == 1
    assert compared[-3:] == [(32, 32)] * 3


def test_a_closed_account_has_no_code(slip: services.Slip, world: World) -> None:
    services.account_close(user=slip.user, by=world.users["secretary"])
    assert not ActivationCode.objects.filter(used_at=None).exists()
    with pytest.raises(RuleBroken):
        services.code_check(username="member", code=slip.code, now=NOW)


@pytest.mark.parametrize(("change", "words"), [
    ({"username": ""}, "required"),
    ({"code": ""}, "required"),
    ({"username": "x" * 61}, "at most 60"),
    ({"code": "x" * 41}, "at most 40"),
    ({"password1": "", "password2": ""}, "required"),
    ({"password2": "quiet river evening"}, "two passwords differ"),
    ({"password1": "member1234", "password2": "member1234"}, "too similar"),
    ({"username": "member\x00"}, "Null characters"),
])  # fmt: skip
def test_bad_input_is_answered_in_words_and_uses_nothing_up(
    slip: services.Slip, browser: Client, change: dict, words: str
) -> None:
    data = {"username": "member", "code": slip.code, "password1": PASSWORD, "password2": PASSWORD} | change
    answer = browser.post("/activate/", data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    assert ActivationCode.objects.filter(used_at=None).count() == 1


def test_the_slip_names_the_account_in_advance(browser: Client, world: World) -> None:
    assert 'value="member"' in browser.get("/activate/?name=member").content.decode()


def test_user_names_take_the_next_free_number(world: World) -> None:
    first = services.users_create(bases=["wangwei", "liu", "wangwei"], by=None)
    second = services.users_create(bases=["wangwei"], by=None)
    assert [user.username for user in first + second] == ["wangwei1", "liu1", "wangwei2", "wangwei3"]
    assert not any(user.is_activated for user in first)


@pytest.mark.parametrize("number", [1, 20])
def test_many_codes_cost_as_many_statements_as_one(world: World, number: int, django_assert_num_queries) -> None:
    users = services.users_create(bases=["wangwei"] * number, by=None)
    with django_assert_num_queries(3):
        slips = services.codes_issue(users=users, by=world.users["secretary"], now=NOW)
    assert len({slip.code for slip in slips}) == number
