"""Who is owed a word, what was said to whom, and what went out. Never a text: lines are written when they are shown or sent."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.branches.models import Organization, PartyGroup, Person
from apps.core.paths import PathField
from apps.reminders.querysets import DeliveryQuerySet, DigestQuerySet, ReminderQuerySet, RobotQuerySet

HOLD = timedelta(seconds=60)  # an outside message waits this long, so that a slip can be taken back


def loose(model: type[models.Model], **options: object) -> models.ForeignKey:
    """Without a constraint in the database: a million rows a day are written in one statement, and rows may be dropped by age."""
    return models.ForeignKey(model, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+", **options)


class Reminder(models.Model):
    """One step of one thing that somebody owes. The unique key is what makes every rerun harmless.

    The owing party is exactly one of `organization`, `group`, `person`; people are found when it is said, not before.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("reminder", "For the next digest")
        TOLD = "told", pgettext_lazy("reminder", "Told")
        SETTLED = "settled", pgettext_lazy("reminder", "Done")  # nothing is owed any more: silence
        NOBODY = "nobody", pgettext_lazy("reminder", "Nobody to tell")

    source = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    step = models.CharField(max_length=24)
    organization = loose(Organization, null=True)
    group = loose(PartyGroup, null=True)
    person = loose(Person, null=True)
    branch = loose(Organization)  # the organization concerned, whoever owes
    path = PathField()  # its path when the step was written
    step_on = models.DateField()
    due_on = models.DateField(null=True)
    nudged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State, default=State.WAITING, db_default=State.WAITING)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    settled_at = models.DateTimeField(null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id", "step", "organization", "group", "person"],
                name="reminder_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="reminder_one_party",
                condition=Q(organization__isnull=False, group=None, person=None)
                | Q(organization=None, group__isnull=False, person=None)
                | Q(organization=None, group=None, person__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="waiting"), name="reminder_waiting"),
            models.Index(fields=["branch", "-step_on"], name="reminder_of_branch"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.source_id} {self.step}"


class Round(models.Model):
    """One day's run: what is owed is written down, then said. A round that a crash cut short is taken up by the next tick."""

    day = models.DateField(primary_key=True)
    owed_at = models.DateTimeField(null=True)
    # Opened at 08:30 on a working day: reminders up to this id are said today; later ones wait for the next round.
    up_to = models.BigIntegerField(null=True)
    said_to = models.BigIntegerField(default=0)  # how far it has come
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.day}"


class Delivery(models.Model):
    """One message on its way out: to one person by one channel, or to one group robot. In-app needs none.

    `key` is the same at every attempt. What is said is put together at the moment of sending from what is then still owed.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", pgettext_lazy("channel", "Mail")
        ROBOT = "robot", pgettext_lazy("channel", "Group robot")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("delivery", "Waiting")
        SENDING = "sending", pgettext_lazy("delivery", "Sending")
        SENT = "sent", pgettext_lazy("delivery", "Sent")
        DROPPED = "dropped", pgettext_lazy("delivery", "Nothing left to say")
        PARKED = "parked", pgettext_lazy("delivery", "Parked")
        DISCARDED = "discarded", pgettext_lazy("delivery", "Discarded")  # parked, and given up by the administrator
        HELD = "held", pgettext_lazy("delivery", "Held back")  # from before a restore; never sent

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField(max_length=5, choices=Channel)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="deliveries")
    robot = models.ForeignKey("reminders.Robot", models.CASCADE, null=True, related_name="deliveries")
    sitting_id = models.BigIntegerField(null=True)  # what a robot tells
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    next_try_at = models.DateTimeField(db_default=Now() + HOLD)
    last_error = models.CharField(max_length=60, blank=True)  # a code ("smtp-550", "timeout"): no address, no text
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True)  # sent, dropped, parked, discarded or held
    discard_reason = models.CharField(max_length=200, blank=True, db_default="")
    discarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False, related_name="+"
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="delivery_to_one",
                condition=Q(channel="mail", person__isnull=False, robot=None, sitting_id=None)
                | Q(channel="robot", person=None, robot__isnull=False, sitting_id__isnull=False),
            ),
            # What has not gone out yet takes in what comes later: a silence of days gives one message.
            models.UniqueConstraint(
                fields=["person", "channel", "robot", "sitting_id"],
                condition=Q(state="waiting"),
                name="delivery_one_waiting",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state__in=["waiting", "sending"]), name="delivery_under_way"
            ),
            models.Index(
                fields=["-state", "-id"], condition=Q(state__in=["parked", "discarded"]), name="delivery_given_up"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"


class Digest(models.Model):
    """What one person was told on one day. The row with its lines is the delivery in the app; `delivery` takes it outside."""

    class Kind(models.TextChoices):
        DAILY = "daily", pgettext_lazy("digest", "Daily")
        URGENT = "urgent", pgettext_lazy("digest", "Urgent meeting")  # only for those who asked for it

    person = models.ForeignKey(Person, models.CASCADE, related_name="digests")
    day = models.DateField()
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.DAILY)
    delivery = models.ForeignKey(Delivery, models.SET_NULL, null=True, related_name="digests")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = DigestQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day", "kind"], name="digest_once_a_day")]
        indexes = [models.Index(fields=["day"], name="digest_of_day")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class DigestLine(models.Model):
    """One reminder said to one person, and why to this one."""

    class Reason(models.TextChoices):
        OWN = "own", pgettext_lazy("reminded because", "it is theirs")
        POST = "post", pgettext_lazy("reminded because", "of their post")
        STAND_IN = "stand_in", pgettext_lazy("reminded because", "the post is vacant or without an account")
        VACANT = "vacant", pgettext_lazy("reminded because", "the branch has nobody with an account in these posts")
        OVERDUE = "overdue", pgettext_lazy("reminded because", "the group is overdue")
        NO_ACCOUNT = "no_account", pgettext_lazy("reminded because", "the member has no account")

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="lines")
    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="lines")
    reason = models.CharField(max_length=10, choices=Reason)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest", "reminder"], name="digest_line_once")]

    def __str__(self) -> str:
        return f"{self.digest_id} {self.reminder_id}"


class Preference(models.Model):
    """How one person wants to be reminded. No row: mail to the confirmed address, where there is one. In-app is always there."""

    class Outside(models.TextChoices):
        NONE = "none", pgettext_lazy("reminded by", "Not at all")
        MAIL = "mail", pgettext_lazy("reminded by", "Mail")

    person = models.OneToOneField(Person, models.CASCADE, related_name="reminder_preference")
    outside = models.CharField(max_length=4, choices=Outside, default=Outside.MAIL)
    # What goes outside; the classes are the `topic` of a source.
    meeting = models.BooleanField(_("meetings"), default=True)
    assignment = models.BooleanField(_("tasks"), default=True)
    duty = models.BooleanField(_("duties"), default=True)
    urgent_meetings = models.BooleanField(_("urgent meetings also in quiet hours"), default=False)

    def __str__(self) -> str:
        return f"{self.person_id} {self.outside}"


class Robot(models.Model):
    """A group robot of a branch: it carries invitations to events of the whole branch and nothing else."""

    class Kind(models.TextChoices):
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        FEISHU = "feishu", _("Feishu")
        WEBHOOK = "webhook", _("Webhook")

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="robots")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=40)
    # The address holds the secret: sealed by core.keyring, bound to "robot:<token>:url" (`bound_to`).
    token = models.CharField(max_length=36, unique=True, default=uuid.uuid4, editable=False)
    url_sealed = models.BinaryField(editable=False)
    url_host = models.CharField(max_length=120)  # what pages may show of it
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = RobotQuerySet.as_manager()

    class Meta:
        ordering = ["organization", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def bound_to(self) -> str:
        return f"robot:{self.token}:url"


class FeedToken(models.Model):
    """The secret part of a calendar address: of one person's own events, or of a branch's. Only a keyed hash is kept."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="feed_tokens")
    organization = models.ForeignKey(Organization, models.CASCADE, null=True, related_name="feed_tokens")
    token_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="feed_token_of_one",
                condition=Q(person__isnull=False, organization=None) | Q(person=None, organization__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["person", "organization"],
                condition=Q(revoked_at=None),
                name="feed_token_one_open",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id or self.organization_id} {self.created_at:%Y-%m-%d}"


class HolidayOverride(models.Model):
    """A day the library does not know, or knows wrongly: entered by the administrator."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=40, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class Heartbeat(models.Model):
    """When a loop last came round."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class OutsideSwitch(models.Model):
    """One row: whether messages may leave. A restored system is held until somebody releases it. No row: they may."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_held = models.BooleanField(default=False)
    held_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=40, blank=True)  # a code: "restore", "by-hand"
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(name="outside_switch_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return "held" if self.is_held else "open"
