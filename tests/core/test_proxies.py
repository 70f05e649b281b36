"""Behind a proxy each visitor has an address of their own: who guesses is let wait, and nobody else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
PROXY = "127.0.0.1"
GUESS = "2" * 32


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> None:
    cache.clear()


def guess(forwarded_for: str) -> int:
    address = reverse("reminders:feed", args=[GUESS])
    return Client().get(address, headers={"x-forwarded-for": forwarded_for}, REMOTE_ADDR=PROXY).status_code


def test_without_the_setting_all_the_world_is_one_address(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert {guess("198.51.100.7") for _ in range(31)} == {404, 429}
    assert guess("203.0.113.9") == 429


def test_with_it_each_is_counted_alone(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert {guess("198.51.100.7") for _ in range(31)} == {404, 429}
    assert guess("203.0.113.9") == 404


def test_what_a_visitor_adds_themselves_does_not_count(settings):
    """The proxy adds the address it sees at the end."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert {guess(f"10.0.0.{number}, 198.51.100.7") for number in range(31)} == {404, 429}


def test_one_office_cannot_lock_another_out_of_the_sign_in(settings, world):
    """Twenty wrong passwords a minute from one place."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def sign_in(place: str, login: str, password: str) -> int:
        data, headers = {"login": login, "password": password}, {"x-forwarded-for": place}
        return Client().post(reverse("account_login"), data, headers=headers, REMOTE_ADDR=PROXY).status_code

    for number in range(25):
        sign_in("198.51.100.7", f"nobody{number}", "guessed-password")
    assert sign_in("203.0.113.9", "secretary", "a-long-password") == 302
    assert sign_in("198.51.100.7", "secretary", "a-long-password") == 200


@pytest.mark.parametrize(("value", "expected"), [("", "1"), ("0", "0"), ("2", "2")])
def test_the_setting_of_a_server(value, expected):
    answer = _prod(value)
    assert answer.stdout.strip() == expected, answer.stderr


def test_what_is_no_number_stops_the_start():
    assert _prod("many").returncode != 0


def _prod(value: str) -> subprocess.CompletedProcess:
    env = os.environ | {"SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "zhibu.example.org", "PROXY_COUNT": value}
    env.pop("ZHIBU_NOW", None)
    line = "from config.settings import prod; print(prod.ALLAUTH_TRUSTED_PROXY_COUNT)"
    return subprocess.run([sys.executable, "-c", line], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
