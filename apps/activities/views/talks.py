"""Who has talked with whom: for the committee that arranges it. Pressing a button begins the record of a talk."""

import uuid
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from apps.activities.coverage import Coverage, Talk, coverage
from apps.branches.models import Organization, Person
from apps.core.days import short_day
from apps.core.http import HtmxRequest

FIRST_YEAR = 2018


@dataclass(frozen=True, slots=True)
class Line:
    """`people`: public ids of the two whose talk the button logs; empty where there is no button."""

    title: str
    meta: str
    people: tuple[str, ...] = ()


@require_GET
def talk_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """`?year=`; this year's unless said."""
    mine = Organization.objects.filter(pk__in=request.user.reach.committee_of, kind=Organization.Kind.BRANCH)
    at = get_object_or_404(mine, public_id=organization)
    this, asked = request.today.year, request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 and FIRST_YEAR <= int(asked) <= this else this
    found = coverage(at, year, request.today)
    return render(request, "activities/talk_list.html", {
        "organization": at, "year": year, "missing": found.missing, "request_key": uuid.uuid4().hex,
        "committee": [
            _pair(talk, may_log=year == this) for talk in sorted(found.committee, key=lambda talk: talk.on is not None)
        ],
        "members": _members(found, request.user.person if year == this else None),
        "others": [_pair(talk, may_log=False) for talk in found.others],
        "earlier": year - 1 if year > FIRST_YEAR else None, "later": year + 1 if year < this else None,
    })  # fmt: skip


def _pair(talk: Talk, *, may_log: bool) -> Line:
    title = _("%(one)s and %(other)s") % {"one": talk.one, "other": talk.other}
    if talk.on:
        return Line(title, short_day(talk.on))
    return Line(title, pgettext("talk", "not yet"), (talk.one.public_id, talk.other.public_id) if may_log else ())


def _members(found: Coverage, me: Person | None) -> list[Line]:
    """Whoever nobody has talked with stands on top; the button logs that the reader did."""
    lines = []
    for member in sorted(found.members, key=lambda one: bool(one.talks)):
        said = [
            _("%(name)s on %(day)s") % {"name": talk.one, "day": short_day(talk.on)} for talk in member.talks if talk.on
        ]
        mine = me is not None and me.pk != member.person.pk and not said
        people = (me.public_id, member.person.public_id) if me is not None and mine else ()
        lines.append(Line(member.person.name, " · ".join(said) or pgettext("talk", "not yet"), people))
    return lines
