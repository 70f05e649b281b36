"""One person's record as a page shows it: who, in the Party, work and contact; membership and posts with their dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.branches.models import Membership, Organization, Person, Post
from apps.core.models import AuditEntry
from apps.members import ending, listing
from apps.members.models import MemberDetails
from apps.members.rules import Sight
from apps.members.services import details_of

OPENED = 50  # entries of "who opened my record" on the page


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: list[tuple[str, object]]


def sections(person: Person, sight: Sight, current: Membership | None) -> list[Section]:
    """A group leader reads names and where people belong, nothing personal."""
    if sight < Sight.PERSONS:
        return []
    details = details_of(person)

    def day(name: str, holder: Person | MemberDetails = person, precision: str = "") -> object:
        on = getattr(holder, name)
        return listing.partial(on, getattr(details if precision == "applied_precision" else holder, precision)) or ""

    first = [
        (_("Sex"), person.get_sex_display()),
        (_("Ethnic group"), person.ethnicity),
        (_("Born"), day("born_on", precision="born_precision")),
        (_("Ancestral home"), person.native_place),
        (_("Education"), person.education),
    ]
    party = [
        (_("Date of application"), day("applied_on", precision="applied_precision")),
        (_("Activist since"), day("activist_on", details, "activist_precision")),
        (_("Candidate since"), day("candidate_on", details, "candidate_precision")),
        (_("Date of admission"), day("admitted_on", precision="admitted_precision")),
        (_("Date of full membership"), day("full_member_on", precision="full_member_precision")),
        (_("Recommenders"), person.introducers),
        (_("Branch at admission"), details.admitted_at),
        (_("Branch at full membership"), details.confirmed_at),
        (_("Dues (yuan a month)"), "" if details.dues_standard is None else details.dues_standard),
        (_("Commendations in the Party"), details.honors),
        (pgettext("roster", "Remarks"), person.remarks),
    ]
    work = [
        (_("Workplace and position"), person.work_post),
        (_("Occupation"), person.occupation),
        (_("Start of work"), day("works_since", precision="works_since_precision")),
        (_("Staff number"), details.staff_number),
        (_("Mobile number"), person.mobile_phone),
        (_("Landline number"), person.landline),
        (_("Address"), person.address),
    ]
    # Rare columns show once they hold something; the usual ones always, so that a gap is seen.
    rare = {
        _("Activist since"),
        _("Candidate since"),
        _("Branch at admission"),
        _("Branch at full membership"),
        _("Staff number"),
        _("Commendations in the Party"),
        _("Dues (yuan a month)"),
        _("Landline number"),
        _("Occupation"),
        pgettext("roster", "Remarks"),
        _("Date of application"),
        _("Recommenders"),
    }
    found = [Section(_("Person"), first), Section(_("In the Party"), party), Section(_("Work and contact"), work)]
    return [Section(s.title, [(k, v) for k, v in s.rows if k not in rare or v != ""]) for s in found]


@dataclass(frozen=True, slots=True)
class Period:
    """One row of the membership history."""

    membership: Membership
    last_day: date | None
    end_words: str


def periods(rows: Iterable[Membership]) -> list[Period]:
    """The newest first."""
    found = [
        Period(row, row.ends_before - timedelta(days=1) if row.ends_before else None, ending.words(row.end_reason))
        for row in rows
    ]
    return sorted(found, key=lambda period: period.membership.starts_on, reverse=True)


def history_of(person: Person) -> list[Membership]:
    return list(person.memberships.select_related("organization", "group").order_by("starts_on"))


def posts_of(person: Person) -> list[Post]:
    return list(person.posts.select_related("organization", "group").order_by("-starts_on"))


@dataclass(frozen=True, slots=True)
class Opening:
    """Somebody saw the full ID number: of this person, or in a roster that was exported with them."""

    entry: AuditEntry
    who: str
    in_export: bool


def openings(person: Person, branches: Iterable[Organization]) -> list[Opening]:
    """The newest first."""
    mine = Q(subject="branches.person", subject_id=person.pk, action="id_number_open")
    lists = Q(
        action="roster_export", organization_id__in=[branch.pk for branch in branches], fields__contains="id_number"
    )
    entries = AuditEntry.objects.filter(mine | lists).select_related("actor__person").order_by("-at")[:OPENED]
    found = []
    for entry in entries:
        actor = entry.actor
        name = "" if actor is None else getattr(getattr(actor, "person", None), "name", actor.username)
        found.append(Opening(entry, name, entry.action == "roster_export"))
    return found
