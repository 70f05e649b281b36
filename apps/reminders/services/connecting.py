"""A branch's group robots: connected, taken away. The address is a secret: sealed, and never shown again."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from apps.branches.models import Organization
from apps.core import keyring
from apps.core.errors import RuleBroken
from apps.core.models import audit
from apps.reminders.channels import Refused
from apps.reminders.models import Delivery, Robot

if TYPE_CHECKING:
    from apps.accounts.models import User

MOST = 5  # robots of one branch


def check_address(kind: str, url: str) -> str:
    """Its host. Raises RuleBroken where the address cannot be one of this kind, or leads into our own network."""
    from apps.reminders.channels import robots, wire

    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 443
    except ValueError:
        raise RuleBroken(_("This is not an address.")) from None
    if parts.scheme != "https" or not host:
        raise RuleBroken(_("The address has to begin with https://."))
    if kind in robots.ADDRESSES:
        if not robots.ADDRESSES[Robot.Kind(kind)].fullmatch(url):
            raise RuleBroken(_("This is not a robot's address of this platform. Copy it whole from the robot's page."))
        return host
    if parts.username or parts.password or parts.fragment:
        raise RuleBroken(_("Leave names, passwords and # out of the address."))
    try:
        wire.addresses(host, port)
    except Refused:
        raise RuleBroken(_("The address leads into an inner network. Only public addresses are allowed.")) from None
    except (OSError, UnicodeError):
        raise RuleBroken(_("No such server is known. Check the address.")) from None
    return host


@transaction.atomic
def robot_add(*, organization: Organization, kind: str, name: str, url: str, by: "User") -> Robot:
    """Raises RuleBroken: see `check_address`."""
    host = check_address(kind, url)
    Organization.objects.select_for_update().only("pk").get(pk=organization.pk)
    others = Robot.objects.filter(organization=organization, removed_at=None)
    if others.filter(kind=kind, name=name).exists():
        raise RuleBroken(_("There is a robot with this name already."))
    if others.count() >= MOST:
        raise RuleBroken(_("A branch has at most %(count)d robots. Remove one first.") % {"count": MOST})
    robot = Robot(organization=organization, kind=kind, name=name, url_host=host[:120], created_by=by)
    robot.url_sealed = keyring.seal(url, bound_to=robot.bound_to)
    robot.save()
    audit(by=by, action="robot_add", subject=robot, organization_id=organization.pk, fields=["kind", "name"])
    return robot


@transaction.atomic
def robot_remove(*, robot: Robot, by: "User") -> None:
    """What was on its way to it is not sent; the address is forgotten. Twice is once."""
    if not Robot.objects.filter(pk=robot.pk, removed_at=None).update(removed_at=Now(), url_sealed=b""):
        return
    Delivery.objects.filter(robot=robot, state=Delivery.State.WAITING).update(
        state=Delivery.State.DROPPED, ended_at=Now()
    )
    audit(by=by, action="robot_remove", subject=robot, organization_id=robot.organization_id)
