"""The ways out of the house. Each module has `send(delivery, letter)`, which returns once the other side has taken it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.reminders.letters import Letter
    from apps.reminders.models import Delivery


class Refused(Exception):
    """The other side will never take this: parked at once. `code` says why, without an address or a text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unreachable(Refused):
    """Not now: tried again with growing pauses."""


def send(delivery: "Delivery", letter: "Letter") -> None:
    """Raises Refused or Unreachable. A channel is imported where it is used: a worker that sends nothing stays small."""
    if delivery.channel != delivery.Channel.MAIL:
        raise Refused("no-such-channel")
    from apps.reminders.channels import mail

    mail.send(delivery, letter)
