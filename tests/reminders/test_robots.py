"""Group robots through apprise, over real TLS: what is said, what is never reached, what is tried again."""

import logging
import socket
from datetime import date

import pytest
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import translation

from apps.core import keyring
from apps.core.errors import RuleBroken
from apps.core.models import AuditEntry
from apps.core.sources import Line
from apps.reminders.channels import Refused, Unreachable, robots, send, wire
from apps.reminders.letters import Letter, Said
from apps.reminders.models import Delivery, Robot
from apps.reminders.services import connecting, delivering
from apps.reminders.services.announcing import announce
from tests.factories.duties import plan
from tests.factories.reminders import at, hold_is_over
from tests.factories.robots import HOOK, URLS, certificate, serving

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 24)


@pytest.fixture(scope="module")
def pem(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def platform(pem, monkeypatch):
    """Every name leads to a server on this machine, by a connection of the real kind."""
    with serving(pem) as one:
        dial = wire.dial
        monkeypatch.setattr(wire, "CA", str(pem))
        monkeypatch.setattr(wire, "resolve", lambda host, port: ["127.0.0.1"])
        monkeypatch.setattr(wire, "dial", lambda address, port, timeout: dial(address, one.port, timeout))
        yield one


def robot_of(world, kind="wecom", url=""):
    robot = Robot(organization=world.branch, kind=kind, name=f"支部群 {kind}", url_host="x")
    robot.url_sealed = keyring.seal(url or URLS[kind], bound_to=robot.bound_to)
    robot.save()
    return robot


def said_to(robot):
    """One attempt; the letter is what the engine would write."""
    sitting = plan(robot.organization, "general_meeting", date(2026, 3, 27)).sitting
    delivery = Delivery.objects.create(channel="robot", robot=robot, sitting_id=sitting.pk, state="sending")
    line = Line("General meeting", "27 Mar 14:30 Room 101", f"/m/{sitting.public_id}/")
    letter = Letter(str(delivery.key), "zh-hans", DAY, (Said(line, "own", str(robot.organization)),), robot=robot)
    with translation.override("zh-hans"):
        send(delivery, letter)
    return delivery


def text_in(kind, body):
    return {"wecom": lambda: body["text"]["content"], "dingtalk": lambda: body["text"]["content"],
            "feishu": lambda: body["content"]["text"], "webhook": lambda: body["message"]}[kind]()  # fmt: skip


# --- what is said ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(URLS))
def test_each_kind_says_kind_time_and_place(world, platform, kind):
    said_to(robot_of(world, kind))
    ((path, headers, body),) = platform.asked
    assert URLS[kind].endswith(path.rstrip("/"))
    assert headers["Host"] == URLS[kind].split("/")[2]
    lines = text_in(kind, body).splitlines()
    assert lines[0].endswith("一车间")
    assert lines[1:3] == ["General meeting", "27 Mar 14:30 Room 101"]
    assert lines[3].startswith("https://zhibu.example.org/")


def test_a_webhook_is_given_the_key_of_the_message(world, platform):
    """The same at every attempt, so that the other side can tell a repetition."""
    delivery = said_to(robot_of(world, "webhook"))
    assert platform.asked[0][1]["Idempotency-Key"] == str(delivery.key)


def test_from_the_plan_to_the_group(world, platform):
    """Through the engine: one message for a planned meeting, no name in it, then none."""
    robot_of(world)
    announce(plan(world.branch, "general_meeting", date(2026, 3, 27)).sitting)
    hold_is_over()
    outcomes = [delivering.deliver(now=at(DAY, "09:00")).sent for _ in range(2)]
    assert outcomes == [1, 0]
    ((_path, _headers, body),) = platform.asked
    assert "一车间" in body["text"]["content"]
    for person in world.people.values():
        assert person.name not in body["text"]["content"]


def test_a_long_text_stays_within_what_a_platform_takes():
    line = Line("会" * 2000, "", "/")
    letter = Letter("key", "zh-hans", DAY, (Said(line, "own", "一车间"),))
    assert 2000 < len(robots.text_of(letter).encode()) <= 2048


# --- what happens when it does not work -----------------------------------------------------------------------------------

ANSWERS = [  # kind, HTTP status, answer, headers, tried again, code
    ("wecom", 200, b'{"errcode": 93000}', {}, False, "wecom-93000"),
    ("wecom", 200, b'{"errcode": 45009}', {}, True, "wecom-45009"),
    ("dingtalk", 200, b'{"errcode": 310000}', {}, False, "dingtalk-310000"),
    ("dingtalk", 200, b'{"errcode": 130101}', {}, True, "dingtalk-130101"),
    ("feishu", 200, b'{"code": 19001}', {}, False, "feishu-19001"),
    ("feishu", 200, b'{"code": 11232}', {}, True, "feishu-11232"),
    ("wecom", 200, b"<html>maintenance</html>", {}, True, "odd-answer"),
    ("wecom", 200, b"[]", {}, True, "odd-answer"),
    ("webhook", 404, b"", {}, False, "http-404"),
    ("webhook", 429, b"", {}, True, "http-429"),
    ("webhook", 503, b"", {}, True, "http-503"),
    ("webhook", 302, b"", {"Location": "https://hook.example.test/elsewhere"}, False, "redirect"),
    ("webhook", 307, b"", {"Location": "http://169.254.169.254/"}, False, "redirect"),
]


@pytest.mark.parametrize(("kind", "status", "answer", "headers", "again", "code"), ANSWERS)
def test_what_an_answer_means(world, platform, kind, status, answer, headers, again, code):
    platform.status, platform.answer, platform.headers = status, answer, headers
    with pytest.raises(Refused) as caught:
        said_to(robot_of(world, kind))
    assert (isinstance(caught.value, Unreachable), caught.value.code) == (again, code)
    assert len(platform.asked) == 1  # a redirect is not followed


def test_slow_is_tried_again(world, platform, monkeypatch):
    monkeypatch.setattr(wire, "READ", 0.2)
    platform.pause = 5
    with pytest.raises(Unreachable, match="timeout"):
        said_to(robot_of(world))


def test_an_endless_answer_is_not_read_to_its_end(world, platform):
    platform.answer = b"x" * (wire.MOST * 4)
    with pytest.raises(Unreachable, match="timeout"):
        said_to(robot_of(world, "webhook"))


def test_a_wrong_certificate_is_not_believed(world, platform, monkeypatch):
    monkeypatch.setattr(wire, "CA", True)
    with pytest.raises(Unreachable, match="tls"):
        said_to(robot_of(world))
    assert platform.asked == []


def test_down_and_unknown(world, platform, monkeypatch):
    def refused(*_args):
        raise ConnectionRefusedError

    def unknown(*_args):
        raise socket.gaierror

    monkeypatch.setattr(wire, "dial", refused)
    with pytest.raises(Unreachable, match="no-connection"):
        said_to(robot_of(world))
    monkeypatch.setattr(wire, "resolve", unknown)
    with pytest.raises(Unreachable, match="unknown-host"):
        said_to(robot_of(world, "webhook"))


def test_twenty_a_minute(world, platform):
    robot = robot_of(world)
    for number in range(20):
        Delivery.objects.create(channel="robot", robot=robot, sitting_id=number, state="sent", ended_at=Now())
    with pytest.raises(Unreachable, match="too-many"):
        said_to(robot)
    Delivery.objects.filter(sitting_id=0).update(ended_at=at(date(2020, 1, 1)))
    said_to(robot)
    assert len(platform.asked) == 1


def test_a_sealed_address_moved_to_another_row_does_not_open(world, platform):
    robot, other = robot_of(world), robot_of(world, "feishu")
    Robot.objects.filter(pk=other.pk).update(url_sealed=robot.url_sealed)
    other.refresh_from_db()
    with pytest.raises(Refused, match="sealed"):
        said_to(other)


def test_no_address_in_a_log(world, platform, caplog):
    caplog.set_level(logging.DEBUG)
    for kind in URLS:
        for status in (200, 500):
            platform.status = status
            try:
                said_to(robot_of(world, kind))
            except Unreachable:
                assert status == 500
            Robot.objects.all().update(name="other")
    assert len(platform.asked) == 8
    for record in caplog.records:
        assert "fictitious" not in record.getMessage()


# --- what is never reached ------------------------------------------------------------------------------------------------

INSIDE = """10.0.0.1 172.16.3.4 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 240.0.0.1
192.0.2.1 :: fe80::1 fe80::1%eth0 fc00::1 fd12:3456::1 ff02::1 fec0::1 ::ffff:10.0.0.1 ::ffff:192.168.0.1 64:ff9b::a00:1
2002:a00:1:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 ::10.0.0.1""".split()
LOOP = "127.0.0.1 127.8.8.8 ::1 ::ffff:127.0.0.1 64:ff9b::7f00:1 2002:7f00:1::".split()


@pytest.mark.parametrize("address", INSIDE)
def test_inner_addresses(address):
    assert not wire.is_public(address)


@pytest.mark.parametrize("address", LOOP)
def test_this_machine_is_for_tests_alone(address, settings):
    settings.ROBOT_LOOPBACK = False
    assert not wire.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "119.29.29.29", "2400:3200::1", "::ffff:8.8.8.8"])
def test_outer_addresses(address):
    assert wire.is_public(address)


@pytest.mark.parametrize("found", [["10.0.0.5"], ["8.8.8.8", "10.0.0.5"], ["::1"], []])
def test_a_name_that_leads_inside_since_is_not_dialled(world, platform, settings, monkeypatch, found):
    """Looked at again when it is sent, at the very moment of connecting."""
    settings.ROBOT_LOOPBACK = False
    monkeypatch.setattr(wire, "resolve", lambda host, port: found)
    monkeypatch.setattr(wire, "dial", lambda *_args: pytest.fail("dialled"))
    with pytest.raises(Refused, match="private-address") as caught:
        said_to(robot_of(world, "webhook"))
    assert not isinstance(caught.value, Unreachable)


def test_the_address_looked_at_is_the_one_dialled(world, platform, monkeypatch):
    """A name that answers differently the second time is asked once."""
    answers, dialled, dial = iter([["127.0.0.1"], ["10.0.0.5"]]), [], wire.dial
    monkeypatch.setattr(wire, "resolve", lambda host, port: next(answers))
    monkeypatch.setattr(wire, "dial", lambda address, *rest: (dialled.append(address), dial(address, *rest))[1])
    said_to(robot_of(world, "webhook"))
    assert dialled == ["127.0.0.1"]


def test_a_proxy_of_the_environment_is_not_used(world, platform, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    said_to(robot_of(world))
    assert len(platform.asked) == 1


# --- connecting one -------------------------------------------------------------------------------------------------------

WRONG = [  # kind, address, found, words of the refusal
    ("webhook", f"http://{HOOK}/x", ["8.8.8.8"], "https"),
    ("webhook", "ftp://x", ["8.8.8.8"], "https"),
    ("webhook", "https://", ["8.8.8.8"], "https"),
    ("webhook", "https://[::1", ["8.8.8.8"], "not an address"),
    ("webhook", "https://a.test:99999/", ["8.8.8.8"], "not an address"),
    ("webhook", "https://user:pass@a.test/", ["8.8.8.8"], "out of the address"),
    ("webhook", "https://intranet.test/", ["10.1.2.3"], "inner network"),
    ("webhook", "https://mixed.test/", ["8.8.8.8", "192.168.0.9"], "inner network"),
    ("webhook", "https://169.254.169.254/latest", ["169.254.169.254"], "inner network"),
    ("wecom", URLS["dingtalk"], ["8.8.8.8"], "of this platform"),
    (
        "wecom",
        "https://qyapi.weixin.qq.com.evil.test/cgi-bin/webhook/send?key=0000-fictitious",
        ["8.8.8.8"],
        "platform",
    ),
    ("feishu", URLS["feishu"] + "/../../x", ["8.8.8.8"], "of this platform"),
]


@pytest.mark.parametrize(("kind", "url", "found", "words"), WRONG)
def test_wrong_addresses_are_not_kept(world, monkeypatch, kind, url, found, words):
    monkeypatch.setattr(wire, "resolve", lambda host, port: found)
    with pytest.raises(RuleBroken, match=words):
        connecting.robot_add(organization=world.branch, kind=kind, name="群", url=url, by=world.users["secretary"])
    assert not Robot.objects.exists()


def test_numbers_that_spell_this_machine(settings):
    """Resolved by the system, as a browser would."""
    settings.ROBOT_LOOPBACK = False
    for spelling in ("2130706433", "0x7f.1", "127.1"):
        with pytest.raises(RuleBroken, match="inner network"):
            connecting.check_address("webhook", f"https://{spelling}/")


def test_the_address_is_sealed_and_never_shown_again(world, client_of, platform):
    secretary, page = client_of("secretary"), reverse("reminders:branch", args=[world.branch.public_id])
    form = reverse("reminders:robot-create", args=[world.branch.public_id])
    answer = secretary.post(form, {"kind": "webhook", "name": "支部群", "url": URLS["webhook"]}, follow=True)
    assert "支部群" in answer.content.decode()
    robot = Robot.objects.get()
    assert keyring.unseal(robot.url_sealed, bound_to=robot.bound_to) == URLS["webhook"]
    for html in (answer.content.decode(), secretary.get(page).content.decode()):
        assert HOOK in html
        assert "fictitious" not in html
    assert not any("fictitious" in str(vars(entry)) for entry in AuditEntry.objects.all())
    said_to(robot)
    assert len(platform.asked) == 1


def test_what_was_typed_wrong_does_not_come_back(world, client_of):
    form = reverse("reminders:robot-create", args=[world.branch.public_id])
    answer = client_of("secretary").post(form, {"kind": "wecom", "name": "群", "url": URLS["feishu"]})
    assert answer.status_code == 422
    assert "fictitious" not in answer.content.decode()


def test_removed_it_is_silent_and_its_address_forgotten(world, client_of, platform):
    robot = robot_of(world)
    announce(plan(world.branch, "general_meeting", date(2026, 3, 27)).sitting)
    address = reverse("reminders:robot-remove", args=[world.branch.public_id, robot.pk])
    assert client_of("other_secretary").post(address).status_code == 404
    assert client_of("secretary").post(address).status_code == 302
    robot.refresh_from_db()
    assert (bytes(robot.url_sealed), Delivery.objects.get().state) == (b"", "dropped")
    hold_is_over()
    assert delivering.deliver(now=at(DAY, "09:00")).sent == 0
    assert platform.asked == []


def test_five_robots_and_no_two_of_one_name(world):
    def add(name):
        connecting.robot_add(
            organization=world.branch, kind="wecom", name=name, url=URLS["wecom"], by=world.users["secretary"]
        )

    add("0")
    with pytest.raises(RuleBroken, match="this name"):
        add("0")
    for name in "1234":
        add(name)
    with pytest.raises(RuleBroken, match="at most 5"):
        add("5")


# --- a test message -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "answer", "words"),
    [(200, b'{"errcode": 0}', "took the test message"),
     (200, b'{"errcode": 93000}', "did not take the test message (wecom-93000)"),
     (503, b"", "cannot be reached at the moment (http-503)")],
)  # fmt: skip
def test_a_test_message_says_how_it_went(world, platform, client_of, status, answer, words):
    platform.status, platform.answer = status, answer
    robot = robot_of(world)
    address = reverse("reminders:robot-test", args=[world.branch.public_id, robot.pk])
    html = client_of("secretary").post(address, follow=True).content.decode()
    assert words in html
    ((_path, _headers, body),) = platform.asked
    assert "A test: meetings of the whole branch will be announced here." in body["text"]["content"]
    assert not Delivery.objects.exists()
    assert URLS["wecom"] not in html


def test_a_test_message_goes_nowhere_inside(world, monkeypatch, client_of):
    """A name that led outside when it was entered, and leads inside now."""
    monkeypatch.setattr(wire, "resolve", lambda host, port: ["10.0.0.7"])
    address = reverse("reminders:robot-test", args=[world.branch.public_id, robot_of(world, "webhook").pk])
    assert "private-address" in client_of("secretary").post(address, follow=True).content.decode()


def test_nobody_tests_all_day(world, platform, client_of):
    secretary = client_of("secretary")
    address = reverse("reminders:robot-test", args=[world.branch.public_id, robot_of(world).pk])
    answers = [secretary.post(address, follow=True).content.decode() for _ in range(7)]
    assert len(platform.asked) == 6
    assert "That is many tests" in answers[-1]
