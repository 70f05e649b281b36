"""One ledger of everything that is to be put right (整改台账), wherever it was found."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.branches.models import Organization, Person, Post
from apps.core.ids import public_id
from apps.core.paths import PathField
from apps.supervision.querysets import RectificationQuerySet

NO_DATE = date(9999, 12, 31)  # rows without a date stand after all others


def name_of(user: object) -> str:
    """The person behind a login; a dash where it is not known (any more)."""
    person = getattr(user, "person", None) if user else None
    return person.name if person else "—"


class Rectification(models.Model):
    """One problem on its way to a result: measures, progress with proof, and a closing that is never the owner's."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("rectification status", "Open")
        RECTIFYING = "rectifying", pgettext_lazy("rectification status", "Rectifying")
        CLOSURE_REQUESTED = "closure_requested", pgettext_lazy("rectification status", "Closure requested")
        REOPENED = "reopened", pgettext_lazy("rectification status", "Reopened")
        ONGOING = "ongoing", pgettext_lazy("rectification status", "Ongoing")
        CLOSED = "closed", pgettext_lazy("rectification status", "Closed")

    class Source(models.TextChoices):
        VISIT = "visit", _("Supervision visit")
        OWN_CHECK = "own_check", _("The branch's own check")
        LIFE_MEETING = "life_meeting", _("Organizational life meeting")
        OPINIONS = "opinions", _("Opinions heard")
        REPORT = "report", pgettext_lazy("source of a problem", "Report")
        INSPECTION = "inspection", _("Inspection from above")
        BY_HAND = "by_hand", _("Entered by hand")

    class Category(models.TextChoices):
        ORGANIZATIONAL_LIFE = "organizational_life", _("Organizational life")
        STUDY = "study", _("Study and theory")
        MEMBERS = "members", _("Members and their development")
        DISCIPLINE = "discipline", _("Discipline and conduct")
        INSTITUTIONS = "institutions", _("Institutions and records")
        MASSES = "masses", _("Work with the people")
        POSITION = "position", _("Rooms and equipment")
        OTHER = "other", pgettext_lazy("category of a problem", "Other")

    class Nature(models.TextChoices):
        AT_ONCE = "at_once", _("At once")
        BY_DATE = "by_date", _("By a date")
        LONG_TERM = "long_term", _("Long-term")

    WORKING = (State.OPEN, State.RECTIFYING, State.REOPENED)  # something is still to be done by the branch
    UNFINISHED = (*WORKING, State.CLOSURE_REQUESTED)

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="rectifications")
    path = PathField(editable=False)  # of the organization: a subtree is a range of one index
    source = models.CharField(max_length=12, choices=Source)
    source_label = models.CharField(max_length=120, blank=True)
    source_url = models.CharField(max_length=200, blank=True)
    # Whoever opens the same thing twice gets the same row.
    source_key = models.CharField(max_length=60, null=True, unique=True, editable=False)
    found_on = models.DateField()
    category = models.CharField(max_length=20, choices=Category, default=Category.OTHER)
    problem = models.CharField(max_length=500)
    goal = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    nature = models.CharField(max_length=9, choices=Nature)
    due_on = models.DateField(null=True, blank=True)
    order_on = models.DateField(editable=False)  # due_on, or NO_DATE: what lists run by
    lead = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="rectifications")
    owner_post = models.CharField(max_length=20, choices=Post.Kind, blank=True)
    # Everyone who ever was the owner: handing it on does not make a checker.
    owners_ever = ArrayField(models.BigIntegerField(), default=list, blank=True)
    owner_posts_ever = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    # Whose staff check it; empty where the branch found it itself: then its discipline member or its leaders do.
    checking = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=18, choices=State, default=State.OPEN)
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RectificationQuerySet.as_manager()

    class Meta:
        ordering = ["order_on", "pk"]
        indexes = [
            models.Index(fields=["organization", "state", "order_on"], name="rectification_of_organization"),
            models.Index(fields=["path", "order_on"], name="rectification_open", condition=~Q(state="closed")),
            models.Index(fields=["order_on", "id"], name="rectification_by_date", condition=~Q(state="closed")),
            models.Index(fields=["path"], name="rectification_asked", condition=Q(state="closure_requested")),
            models.Index(fields=["owner"], name="rectification_of_owner", condition=~Q(state="closed")),
        ]
        constraints = [
            models.CheckConstraint(name="rectification_one_owner", condition=Q(owner=None) | Q(owner_post="")),
            models.CheckConstraint(
                name="rectification_date_of_by_date", condition=~Q(nature="by_date") | Q(due_on__isnull=False)
            ),
            models.CheckConstraint(
                name="rectification_order_follows_due",
                condition=Q(due_on=None, order_on=NO_DATE) | Q(due_on__isnull=False, order_on=F("due_on")),
            ),
            models.CheckConstraint(name="rectification_closed_at", condition=Q(state="closed") ^ Q(closed_at=None)),
            models.CheckConstraint(
                name="rectification_ongoing_is_long_term", condition=~Q(state="ongoing") | Q(nature="long_term")
            ),
        ]

    def __str__(self) -> str:
        return self.problem[:60]

    @property
    def owner_text(self) -> str:
        """A name or a post; empty where nobody has been named yet."""
        if self.owner_id:
            return self.owner.name
        return str(Post.Kind(self.owner_post).label) if self.owner_post else ""

    @property
    def created_by_name(self) -> str:
        return name_of(self.created_by)

    @property
    def asked_by_name(self) -> str:
        return name_of(self.asked_by)

    @property
    def closed_by_name(self) -> str:
        return name_of(self.closed_by)


class Measure(models.Model):
    """One measure of several; done or not."""

    rectification = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="measures")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["rectification", "order"]
        constraints = [models.UniqueConstraint(fields=["rectification", "order"], name="measure_order")]

    def __str__(self) -> str:
        return self.text


class Step(models.Model):
    """One step of the way of a row, in order. Added, never changed (trigger)."""

    class Kind(models.TextChoices):
        OPENED = "opened", pgettext_lazy("step of a rectification", "Entered")
        ASSIGNED = "assigned", pgettext_lazy("step of a rectification", "Owner")
        MEASURES = "measures", pgettext_lazy("step of a rectification", "Measures")
        MEASURE_DONE = "measure_done", pgettext_lazy("step of a rectification", "Measure done")
        PROGRESS = "progress", pgettext_lazy("step of a rectification", "Progress")
        ASKED = "asked", pgettext_lazy("step of a rectification", "Closing asked for")
        RETURNED = "returned", pgettext_lazy("step of a rectification", "Returned")
        CLOSED = "closed", pgettext_lazy("step of a rectification", "Closed")
        KEPT_UP = "kept_up", pgettext_lazy("step of a rectification", "Kept up from now on")
        REOPENED = "reopened", pgettext_lazy("step of a rectification", "Opened again")
        CHANGED = "changed", pgettext_lazy("step of a rectification", "Changed")

    rectification = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    on = models.DateField()  # what it speaks of: progress may be entered a day later
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    at = models.DateTimeField()
    # The second press of the same button finds the first one's step.
    request_key = models.CharField(max_length=36, unique=True, null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["rectification", "id"], name="step_of_rectification")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"

    @property
    def by_name(self) -> str:
        return name_of(self.by)


class Proof(models.Model):
    """A photo or a file that shows the progress: checked like every upload, reached like its row."""

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    rectification = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="proofs")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="proofs/%Y/%m/", max_length=200)
    thumbnail = models.FileField(upload_to="thumbnails/%Y/%m/", max_length=200, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["rectification", "sha256"], name="proof_once")]

    def __str__(self) -> str:
        return self.name
