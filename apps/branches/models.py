"""The tree of Party organizations, the people in it and their dated posts: where reach comes from."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from apps.branches.querysets import MembershipQuerySet, OrganizationQuerySet, PersonQuerySet, PostQuerySet
from apps.core.ids import public_id
from apps.core.paths import PathField, ancestors
from apps.core.querysets import DatedQuerySet


def no_overlap(name: str, *same: str, condition: Q | None = None) -> ExclusionConstraint:
    """Two rows that agree in `same` never cover the same day."""
    days = Func(F("starts_on"), F("ends_before"), function="daterange", output_field=models.TextField())
    return ExclusionConstraint(
        name=name, expressions=[*((field, RangeOperators.EQUAL) for field in same), (days, RangeOperators.OVERLAPS)],
        condition=condition,
    )  # fmt: skip


def ends_after_start(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(ends_before=None) | Q(ends_before__gt=F("starts_on")))


class Organization(models.Model):
    """A node of the tree: committee, general branch or branch (党委、党总支、党支部)."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", _("Party committee")
        GENERAL_BRANCH = "general_branch", _("General Party branch")
        BRANCH = "branch", _("Party branch")

    class BranchType(models.TextChoices):
        ORDINARY = "ordinary", _("Ordinary")
        JOINT = "joint", _("Joint")
        TEMPORARY = "temporary", _("Temporary")
        MOBILE_MEMBER = "mobile_member", _("Mobile members")

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    branch_type = models.CharField(_("type of branch"), max_length=20, choices=BranchType, blank=True)
    name = models.CharField(_("name"), max_length=80)
    short_name = models.CharField(_("short name"), max_length=30, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = PathField(unique=True, editable=False)
    root_id = models.BigIntegerField(editable=False)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    # Where duties begin; default the first day of the month in which the branch came here. founded_on is history.
    tracked_from = models.DateField(_("duties counted from"))
    dissolved_on = models.DateField(_("dissolved on"), null=True, blank=True)
    term_started_on = models.DateField(_("term began on"), null=True, blank=True)
    election_due_on = models.DateField(_("election due on"), null=True, blank=True)
    # What the log flow fills in by itself.
    usual_place = models.CharField(_("usual meeting place"), max_length=80, blank=True)
    theme_day = models.PositiveSmallIntegerField(_("fixed theme day of the month"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        indexes = [
            models.Index(fields=["parent", "path"], name="organization_children"),
            GinIndex(OpClass("name", name="gin_trgm_ops"), name="organization_search"),
            models.Index(
                fields=["election_due_on", "path"], name="organization_election",
                condition=Q(election_due_on__isnull=False, dissolved_on=None),
            ),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="organization_name_once", nulls_distinct=False),
            models.CheckConstraint(
                name="organization_branch_type_of_branches", condition=Q(kind="branch") ^ Q(branch_type="")
            ),
            models.CheckConstraint(
                name="organization_theme_day_in_month", condition=Q(theme_day=None) | Q(theme_day__range=(1, 31))
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def is_branch(self) -> bool:
        return self.kind == self.Kind.BRANCH

    @property
    def ancestor_paths(self) -> list[str]:
        """From the top down, without itself."""
        return ancestors(self.path)


class PartyGroup(models.Model):
    """A Party group inside a branch (党小组)."""

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(_("name"), max_length=40)
    order = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField(_("from"))
    ends_before = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["organization", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"], condition=Q(ends_before=None), name="party_group_name_once"
            ),
            ends_after_start("party_group_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """A person in the branch's books: a member, an applicant, or staff. Membership, posts and login are separate rows.

    `organization` is where the record is kept: the branch of the current membership, else where it was entered.
    """

    class Sex(models.TextChoices):
        MALE = "male", _("Male")
        FEMALE = "female", _("Female")

    class Precision(models.TextChoices):
        DAY = "day", _("day")
        MONTH = "month", _("month")

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="people")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="person"
    )
    name = models.CharField(_("name"), max_length=60)
    # Written with the name (apps.branches.names), so that no list has to load a table of strokes or readings.
    stroke_key = models.TextField(db_collation="C", editable=False)
    search_keys = models.TextField(editable=False)
    sex = models.CharField(_("sex"), max_length=6, choices=Sex, blank=True)
    ethnicity = models.CharField(_("ethnic group"), max_length=20, blank=True)
    born_on = models.DateField(_("born"), null=True, blank=True)
    born_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    native_place = models.CharField(_("ancestral home"), max_length=60, blank=True)
    education = models.CharField(_("education"), max_length=30, blank=True)
    occupation = models.CharField(_("occupation"), max_length=60, blank=True)
    work_post = models.CharField(_("unit and post"), max_length=100, blank=True)
    works_since = models.DateField(_("in work since"), null=True, blank=True)
    works_since_precision = models.CharField(max_length=5, choices=Precision, default=Precision.MONTH)
    mobile_phone = models.CharField(_("mobile phone"), max_length=20, blank=True)
    landline = models.CharField(_("landline"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=120, blank=True)
    remarks = models.CharField(_("remarks"), max_length=200, blank=True)
    # Sealed by the keyring (bound to the public id); the hash keeps a number from standing in two rosters.
    id_number_sealed = models.BinaryField(null=True, editable=False)
    id_number_hash = models.BinaryField(max_length=32, null=True, unique=True, editable=False)
    id_number_masked = models.CharField(max_length=18, blank=True, editable=False)
    applied_on = models.DateField(_("application handed in"), null=True, blank=True)
    admitted_on = models.DateField(_("date of admission"), null=True, blank=True)
    admitted_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    full_member_on = models.DateField(_("date of full membership"), null=True, blank=True)
    full_member_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    introducers = models.CharField(_("introducers"), max_length=60, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = PersonQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "stroke_key"], name="person_by_strokes"),
            GinIndex(OpClass("search_keys", name="gin_trgm_ops"), name="person_search"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's Party membership in one branch over a span of days: category, standing and group as they were."""

    class Category(models.TextChoices):
        FULL = "full_member", _("Full member")
        PROBATIONARY = "probationary_member", _("Probationary member")

    class Standing(models.TextChoices):
        NORMAL = "normal", _("Normal")
        PARTY_PROBATION = "party_probation", _("On probation within the Party")
        RIGHTS_SUSPENDED = "rights_suspended", _("Rights suspended")
        SUSPENDED = "suspended", _("Membership suspended")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="memberships")
    group = models.ForeignKey(PartyGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    category = models.CharField(_("category"), max_length=20, choices=Category)
    standing = models.CharField(_("standing"), max_length=20, choices=Standing, default=Standing.NORMAL)
    # Takes part here while the registration stays elsewhere: may attend, is not expected, owes nothing here.
    is_hosted = models.BooleanField(_("hosted"), default=False)
    is_mobile = models.BooleanField(_("mobile member"), default=False)
    mobile_to = models.CharField(_("where to"), max_length=80, blank=True)
    lost_contact_on = models.DateField(_("out of contact since"), null=True, blank=True)
    starts_on = models.DateField(_("from"))
    ends_before = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=80, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organization", "starts_on", "ends_before"], name="membership_of_day")]
        constraints = [
            no_overlap("membership_one_at_a_time", "person", condition=Q(is_hosted=False)),
            no_overlap("membership_hosted_once", "person", "organization", condition=Q(is_hosted=True)),
            ends_after_start("membership_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organization}"

    @property
    def can_vote(self) -> bool:
        """Full members whose rights are not suspended. 基层组织选举工作条例 art. 5."""
        return self.category == self.Category.FULL and self.standing == self.Standing.NORMAL and not self.is_hosted


class NotCounted(models.Model):
    """Approved to be left out of the number who ought to attend, with the resolution (应到会人数)."""

    class Ground(models.TextChoices):
        UNABLE = "unable", _("Cannot express their will")
        ABROAD = "abroad", _("Abroad for over half a year")
        SENTENCE = "sentence", _("Serving a sentence")
        BEDRIDDEN = "bedridden", _("Long ill, cannot care for themselves")
        AWAY = "away", _("Away for over half a year, registration not moved")
        RETIRED = "retired", _("Retired, long resident in the home place (elections)")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="not_counted")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="not_counted")
    ground = models.CharField(_("ground"), max_length=10, choices=Ground)
    resolution = models.CharField(_("resolution and consent"), max_length=120)
    starts_on = models.DateField(_("from"))
    ends_before = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints = [
            no_overlap("not_counted_once", "person", "organization"),
            ends_after_start("not_counted_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_ground_display()}"


class Post(models.Model):
    """A person holds a post in an organization over a span of days. Reach follows from it and ends with it."""

    class Kind(models.TextChoices):
        SECRETARY = "branch_secretary", _("Secretary")
        DEPUTY = "deputy_secretary", _("Deputy secretary")
        ORGANIZATION_MEMBER = "organization_member", _("Committee member for organization")
        PUBLICITY_MEMBER = "publicity_member", _("Committee member for publicity")
        DISCIPLINE_MEMBER = "discipline_member", _("Committee member for discipline inspection")
        COMMITTEE_MEMBER = "committee_member", _("Committee member")
        ACTING_SECRETARY = "acting_secretary", _("Acting secretary")
        GROUP_LEADER = "group_leader", _("Party group leader")
        AFFAIRS_WORKER = "affairs_worker", _("Party affairs worker")

    # Who belongs to the branch committee, and who may submit, ask waivers and hand over.
    COMMITTEE = (
        Kind.SECRETARY, Kind.DEPUTY, Kind.ORGANIZATION_MEMBER, Kind.PUBLICITY_MEMBER, Kind.DISCIPLINE_MEMBER,
        Kind.COMMITTEE_MEMBER,
    )  # fmt: skip
    LEADERS = (Kind.SECRETARY, Kind.DEPUTY, Kind.ACTING_SECRETARY)

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="posts")
    group = models.ForeignKey(PartyGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    kind = models.CharField(_("post"), max_length=20, choices=Kind)
    starts_on = models.DateField(_("from"))
    ends_before = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organization", "kind", "starts_on"], name="post_of_organization"),
            models.Index(fields=["person", "starts_on"], name="post_of_person"),
        ]
        constraints = [
            no_overlap("post_one_secretary", "organization", condition=Q(kind="branch_secretary")),
            ExclusionConstraint(
                name="post_once_a_person",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("organization", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (Coalesce("group", 0, output_field=models.BigIntegerField()), RangeOperators.EQUAL),
                    (
                        Func(F("starts_on"), F("ends_before"), function="daterange", output_field=models.TextField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                name="post_group_of_group_leaders", condition=Q(kind="group_leader") ^ Q(group=None)
            ),
            ends_after_start("post_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.organization} · {self.get_kind_display()}"

    @property
    def last_day(self) -> date | None:
        """As people say it: the last day in office, included."""
        return self.ends_before - timedelta(days=1) if self.ends_before else None

    def is_current(self, today: date) -> bool:
        return self.starts_on <= today and (self.ends_before is None or self.ends_before > today)


class Liaison(models.Model):
    """A staff member follows a branch over a span of days (分片联系): what opens first, never what may be seen."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="liaisons")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="liaisons")
    starts_on = models.DateField(_("from"))
    ends_before = models.DateField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = DatedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "starts_on"], name="liaison_of_person")]
        constraints = [
            no_overlap("liaison_once", "organization", "person"),
            ends_after_start("liaison_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.organization}"
