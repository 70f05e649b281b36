"""Group robots, through apprise: invitations to events of the whole branch; kind, time and place."""

import json
import logging
import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.conf import settings
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from apps.core import keyring
from apps.reminders.channels import Refused, Unreachable
from apps.reminders.models import Delivery, Robot

if TYPE_CHECKING:
    from apps.reminders.channels.wire import Seen
    from apps.reminders.letters import Letter

A_MINUTE = 20  # messages a robot may say: what WeCom allows, the least of them
MINUTE = timedelta(minutes=1)
MOST_BYTES = 2048  # of a text, WeCom again
Kind = Robot.Kind
# What the platforms give out, with the secret as its only group.
ADDRESSES = {
    Kind.WECOM: re.compile(r"https://qyapi\.weixin\.qq\.com/cgi-bin/webhook/send/?\?key=([A-Za-z0-9_-]{8,80})"),
    Kind.DINGTALK: re.compile(r"https://oapi\.dingtalk\.com/robot/send/?\?access_token=([A-Za-z0-9]{8,100})"),
    Kind.FEISHU: re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([A-Za-z0-9_-]{8,80})/?"),
}
# They answer 200 and say in the text that they did not take it. These codes mean: not now.
BUSY = {Kind.WECOM: {-1, 45009, 45033}, Kind.DINGTALK: {-1, 130101}, Kind.FEISHU: {9499, 11232}}


def send(delivery: "Delivery", letter: "Letter") -> None:
    """Refused where the address is wrong or leads inside; Unreachable where the platform is away, slow, or has had enough."""
    robot = letter.robot
    if robot is None:
        raise Refused("no-robot")
    said = Delivery.objects.filter(robot=robot, state=Delivery.State.SENT, ended_at__gt=Now() - MINUTE)
    if said.count() >= A_MINUTE:
        raise Unreachable("too-many")
    try:
        url = keyring.unseal(robot.url_sealed, bound_to=robot.bound_to)
    except keyring.Sealed:
        raise Refused("sealed") from None
    _say(robot.kind, url, letter.key, text_of(letter))


def try_out(robot: Robot) -> None:
    """A word that only shows that it arrives, in the language now active. Raises as `send`."""
    if not robot.url_sealed:
        raise Refused("no-robot")
    try:
        url = keyring.unseal(robot.url_sealed, bound_to=robot.bound_to)
    except keyring.Sealed:
        raise Refused("sealed") from None
    lines = [
        _("[Branch Desk] %(branch)s") % {"branch": robot.organization},
        _("A test: meetings of the whole branch will be announced here."),
    ]
    _say(robot.kind, url, str(uuid.uuid4()), "\n".join(lines))


def _say(kind: str, url: str, key: str, text: str) -> None:
    from apps.reminders.channels.wire import WIRE

    plug_in = _plug_in(kind, url, key)
    with WIRE.watched() as seen:
        plug_in.send(body=text, title="")
    _judge(kind, seen)


def text_of(letter: "Letter") -> str:
    """Begins with the program's name: platforms that ask for a keyword are given this one."""
    lines = [_("[Branch Desk] %(branch)s") % {"branch": letter.said[0].place}]
    for one in letter.said:
        lines += [one.line.title, one.line.when, urljoin(settings.SITE_URL, one.line.url)]
    return "\n".join(lines).encode()[:MOST_BYTES].decode(errors="ignore")


def _plug_in(kind: str, url: str, key: str) -> Any:
    """Imported here: apprise is large, and most workers never say a word to a robot."""
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it writes down addresses
    from apprise.plugins import custom_json, dingtalk, feishu, wecombot

    from apps.reminders.channels.wire import WIRE

    for module in (custom_json, dingtalk, feishu, wecombot):
        module.requests = WIRE
    if kind == Kind.WEBHOOK:
        parts = urlsplit(url)
        return custom_json.NotifyJSON(
            secure=True, host=parts.hostname, port=parts.port, fullpath=parts.path or "/",
            params=dict(parse_qsl(parts.query, keep_blank_values=True)), headers={"Idempotency-Key": key},
        )  # fmt: skip
    match = ADDRESSES[Kind(kind)].fullmatch(url)
    if match is None:
        raise Refused("wrong-address")
    if kind == Kind.WECOM:
        return wecombot.NotifyWeComBot(key=match[1])
    if kind == Kind.DINGTALK:
        return dingtalk.NotifyDingTalk(token=match[1])
    return feishu.NotifyFeishu(token=match[1])


def _judge(kind: str, seen: "Seen") -> None:
    status = seen.status
    if seen.fault or not status:
        raise Unreachable(seen.fault or "no-answer")
    if 300 <= status < 400:
        raise Refused("redirect")
    if status in (408, 429) or status >= 500:
        raise Unreachable(f"http-{status}")
    if status >= 400:
        raise Refused(f"http-{status}")
    if kind == Kind.WEBHOOK:
        return
    try:
        answer = json.loads(seen.content)
        code = int(answer.get("errcode", answer.get("code", answer.get("StatusCode"))))
    except (ValueError, TypeError, AttributeError):
        raise Unreachable("odd-answer") from None
    if code:
        raise (Unreachable if code in BUSY[Kind(kind)] else Refused)(f"{kind}-{code}")
