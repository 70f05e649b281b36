"""Sittings and activities: what was planned, who came, what was said and decided."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.activities.querysets import ActivityQuerySet, SittingQuerySet
from apps.branches.models import Organization, PartyGroup, Person
from apps.core.days import long_day, near_day, weekday
from apps.core.ids import public_id


class Behaviour(models.TextChoices):
    """The closed list: who is expected, who logs, who may read. Kinds are data and point to one of these."""

    GENERAL = "general", _("All members")  # general meeting, lecture, theme day, life meeting as general meeting
    COMMITTEE = "committee", _("The branch committee")
    GROUP = "group", _("A Party group")
    TALK = "talk", _("The people named")
    INVITED = "invited", _("The people invited; nobody is absent")
    PAPER = "paper", _("A document: nobody attends")  # year plan, year summary


class ActivityKind(models.Model):
    """A kind of activity (活动类型): name, order, length and template are data; behaviour is code."""

    slug = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    short_zh = models.CharField(max_length=12)
    short_en = models.CharField(max_length=30)
    behaviour = models.CharField(max_length=12, choices=Behaviour)
    can_vote = models.BooleanField(default=False)
    minutes_long = models.PositiveSmallIntegerField(default=60)
    topics_zh = ArrayField(models.CharField(max_length=60), default=list)  # agenda chips
    topics_en = ArrayField(models.CharField(max_length=120), default=list)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" else self.name_zh

    @property
    def short(self) -> str:
        return self.short_en if get_language() == "en" else self.short_zh

    @property
    def topics(self) -> list[str]:
        return self.topics_en if get_language() == "en" else self.topics_zh


class Sitting(models.Model):
    """One gathering in time and place with one attendance (一次活动); holds one or more activities."""

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="sittings")
    group = models.ForeignKey(PartyGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="sittings")
    held_on = models.DateField(_("date"))
    starts_at = models.TimeField(_("begins at"), null=True, blank=True)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    chair = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    minute_taker = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # People from outside (列席), as they are written on paper.
    guests = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # Who ought to have come beyond the roster, or not: [[person id, name, "added" or "left_out", reason], …]. Never a figure.
    expected_changes = models.JSONField(default=list, blank=True)
    invitation_note = models.CharField(_("note to those invited"), max_length=200, blank=True)
    ics_sequence = models.PositiveIntegerField(default=0)  # a moved or cancelled event replaces its calendar entry
    version = models.PositiveIntegerField(default=1)
    # Set by the page that asked for it: the second press of the same button finds the first one's row.
    request_key = models.CharField(max_length=36, unique=True, null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SittingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "-held_on"], name="sitting_of_organization")]
        constraints = [
            models.CheckConstraint(
                name="sitting_ends_after_start",
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} {self.held_on}"

    @property
    def clock(self) -> str:
        """14:30–15:30, 14:30, or nothing."""
        return "–".join(f"{moment:%H:%M}" for moment in (self.starts_at, self.ends_at) if moment)

    @property
    def when_text(self) -> str:
        return " ".join(filter(None, [long_day(self.held_on), weekday(self.held_on), self.clock]))

    def near_text(self, today: date) -> str:
        """As `when_text`, short: for lists on a phone."""
        return " ".join(filter(None, [near_day(self.held_on, today), self.clock]))

    @property
    def kinds_text(self) -> str:
        """Of prefetched activities: those that take place, or all of a cancelled one."""
        return kinds_text(self.activities.all())

    @property
    def is_cancelled(self) -> bool:
        """Of prefetched activities."""
        return all(one.state == Activity.State.CANCELLED for one in self.activities.all())

    @property
    def is_scheduled(self) -> bool:
        """Of prefetched activities."""
        return any(one.state == Activity.State.SCHEDULED for one in self.activities.all())


def kinds_text(activities: Iterable["Activity"]) -> str:
    """Of one sitting, with their kinds: those that take place, or all of a cancelled one."""
    rows = list(activities)
    live = [one for one in rows if one.state != Activity.State.CANCELLED]
    return "、".join(one.kind.short for one in live or rows)


class Attendance(models.Model):
    """One person at one sitting, as confirmed by the filer. A person without a row is unknown (未填), never "present"."""

    class Status(models.TextChoices):
        PRESENT = "present", _("Present")
        ONLINE = "online", _("Online")
        EXCUSED = "excused", _("Excused")
        ABSENT = "absent", _("Absent")
        OBSERVER = "observer", _("Non-voting")

    class Ground(models.TextChoices):
        BUSINESS = "business", _("Away on business")
        SICK = "sick", _("Sick")
        PRIVATE = "private", _("Private matters")
        STUDY = "study", _("Training")
        OTHER = "other", _("Other")

    PRESENT = (Status.PRESENT, Status.ONLINE)

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    status = models.CharField(max_length=10, choices=Status)
    is_expected = models.BooleanField(default=True)
    can_vote = models.BooleanField(default=False)  # as of the date held
    ground = models.CharField(_("reason"), max_length=10, choices=Ground, blank=True)
    reason = models.CharField(_("in words"), max_length=60, blank=True)
    print_reason = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sitting", "person"], name="attendance_once"),
            models.CheckConstraint(
                name="attendance_reason_of_those_away",
                condition=Q(status__in=["excused", "absent"]) | Q(ground="", reason=""),
            ),
        ]
        indexes = [models.Index(fields=["person", "status"], name="attendance_of_person")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_status_display()}"


def _name_of(user: Any) -> str:
    """The person behind a login; a dash where it is not known (any more)."""
    person = getattr(user, "person", None) if user else None
    return person.name if person else "—"


class Activity(models.Model):
    """One record of one kind, part of a sitting. Filed it is immutable: only a further version changes it."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("Scheduled")
        DRAFT = "draft", _("Draft")
        MINUTES_DUE = "minutes_due", _("Minutes needed")
        FILED = "filed", _("Filed")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        CANCELLED = "cancelled", _("Cancelled")

    class Focus(models.TextChoices):
        IDEOLOGY = "ideology", _("Ideological work")
        ORGANIZATION = "organization", _("Organizational work")
        CONDUCT = "conduct", _("Conduct")
        INSTITUTIONS = "institutions", _("Institution building")

    OPEN = (State.SCHEDULED, State.DRAFT, State.MINUTES_DUE)

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="activities")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="activities")
    group = models.ForeignKey(PartyGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="activities")
    kind = models.ForeignKey(ActivityKind, on_delete=models.PROTECT, related_name="activities")
    # A copy of the sitting's date, so that a period's count is one index range.
    held_on = models.DateField()
    state = models.CharField(max_length=12, choices=State)
    topic = models.CharField(_("topic"), max_length=120, blank=True)
    lecturer = models.CharField(_("lecturer"), max_length=60, blank=True)
    minutes = models.TextField(_("notes"), blank=True)
    # The period it counts for, as that period's first day, where that is not the one of its date (补开). decisions: once.
    counts_for = models.DateField(null=True, blank=True)
    for_year = models.PositiveSmallIntegerField(null=True, blank=True)  # 组织生活会、民主评议 of which year
    focus = ArrayField(models.CharField(max_length=20, choices=Focus), default=list, blank=True)
    unit_work = models.CharField(_("for the unit's own work"), max_length=120, blank=True)
    for_people = models.CharField(_("for people"), max_length=120, blank=True)
    # What the log flow has collected so far, as it was typed: field name → values. Emptied when filed.
    draft = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)  # the draft
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)  # counts every change; versions below count filings
    filed_at = models.DateTimeField(null=True, blank=True)  # first filing
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    signed = models.BooleanField(default=False)  # a mark on a filed record, never a gate
    # Taken over from the old platform's workbook (补录): the figures and names on paper that no roster of ours can confirm.
    # Keys: expected, present, leave, chair, minute_taker, names. Empty object: nothing beyond the record. None: logged here.
    taken_over = models.JSONField(null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "kind", "held_on"], name="activity_of_organization"),
            models.Index(fields=["organization", "-held_on", "-id"], name="activity_newest"),
            models.Index(fields=["held_on", "id"], name="activity_scheduled", condition=Q(state="scheduled")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "kind"],
                condition=~Q(state__in=["withdrawn", "cancelled"]),
                name="activity_once_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.held_on}"

    @property
    def title(self) -> str:
        if not self.group:
            return self.kind.name
        return _("%(kind)s (%(group)s)") % {"kind": self.kind.name, "group": self.group.name}

    @property
    def when_text(self) -> str:
        return self.sitting.when_text

    @property
    def where(self) -> str:
        """Time and place of the sitting: 14:30–15:30 room 101."""
        return " ".join(filter(None, [self.sitting.clock, self.sitting.place]))

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.WITHDRAWN, self.State.CANCELLED)

    @property
    def created_by_name(self) -> str:
        return _name_of(self.created_by)

    @property
    def filed_by_name(self) -> str:
        return _name_of(self.filed_by)

    @property
    def saved_by_name(self) -> str:
        return _name_of(self.saved_by)


class VoteRule(models.TextChoices):
    """Which rule of apps.activities.voting a vote is judged by."""

    GENERAL = "general", _("General meeting")
    ADMISSION = "admission", _("Admission of a member")
    COMMITTEE = "committee", _("Branch committee")
    ELECTION = "election", _("Election")


class AgendaItem(models.Model):
    """One item of the agenda, with what was said and a vote where there was one (议题)."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="agenda")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    notes = models.TextField(blank=True)
    # [[speaker's name, text], …]: seen on the record only; there is no list and no search by speaker.
    remarks = models.JSONField(default=list, blank=True)
    vote_rule = models.CharField(max_length=10, choices=VoteRule, blank=True)  # empty: no vote was taken
    votes_for = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_abstain = models.PositiveSmallIntegerField(null=True, blank=True)
    entitled = models.PositiveSmallIntegerField(null=True, blank=True)
    entitled_present = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["activity", "order"]
        constraints = [models.UniqueConstraint(fields=["activity", "order"], name="agenda_item_order")]

    def __str__(self) -> str:
        return self.title


class Decision(models.Model):
    """Who is to do what by when (决定事项)."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="decisions")
    order = models.PositiveSmallIntegerField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    task = models.CharField(max_length=200)
    due_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["activity", "order"]

    def __str__(self) -> str:
        return self.task


class ActivityVersion(models.Model):
    """The record as it stood from one filing to the next, whole. Never changed, never deleted (trigger)."""

    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=12, choices=[(s, s.label) for s in (Activity.State.FILED, Activity.State.WITHDRAWN)]
    )
    # What a count needs without opening the snapshot.
    kind = models.ForeignKey(ActivityKind, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(PartyGroup, on_delete=models.PROTECT, null=True, related_name="+")
    held_on = models.DateField()
    counts_for = models.DateField(null=True)
    for_year = models.PositiveSmallIntegerField(null=True)
    snapshot = models.JSONField()
    reason = models.CharField(max_length=200, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    filed_at = models.DateTimeField()

    class Meta:
        ordering = ["activity", "number"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "number"], name="activity_version_once"),
            models.CheckConstraint(name="activity_version_reason", condition=Q(number=1) | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.activity} · {self.number}"

    @property
    def filed_by_name(self) -> str:
        return _name_of(self.filed_by)


class Invitation(models.Model):
    """One person asked to one sitting, and the answer: come or cannot. Not asked means no row."""

    class Answer(models.TextChoices):
        COME = "come", _("Coming")
        CANNOT = "cannot", _("Cannot come")

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    answer = models.CharField(max_length=6, choices=Answer, blank=True)
    ground = models.CharField(max_length=10, choices=Attendance.Ground, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sitting", "person"], name="invitation_once")]

    def __str__(self) -> str:
        return f"{self.person} → {self.sitting}"


class Attachment(models.Model):
    """A file with a record: its content was checked, its location removed, its reach is the record's."""

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="attachments/%Y/%m/", max_length=200)
    thumbnail = models.FileField(upload_to="thumbnails/%Y/%m/", max_length=200, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
