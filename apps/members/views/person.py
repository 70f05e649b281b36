"""One person's record: read, enter, change, leave, return."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.branches.models import Membership, Organization, Person
from apps.core.errors import EditConflict, RuleBroken
from apps.core.http import HtmxRequest
from apps.members import record, registry, services
from apps.members.forms import EndForm, MembershipForm, NewMemberForm, PersonForm, ReturnForm, initial_of
from apps.members.rules import Sight, can_keep
from apps.members.views.scope import branch_of, sent


def person_in(request: HtmxRequest, organization: str, public_id: str) -> tuple[Person, Sight]:
    """The person within reach at this address, and how much of the record may be seen."""
    mine = Person.objects.visible_to(request.user, request.today).select_related("organization")
    person = get_object_or_404(mine, public_id=public_id, organization__public_id=organization)
    reach = request.user.reach
    if can_keep(request.user, person):
        return person, Sight.KEEPER
    if person.pk == reach.person_id:
        return person, Sight.PERSONS
    # Only two ways are left into `visible_to`: the nearest staff, and the leader of the person's group.
    is_staff = any(person.organization.path.startswith(path) for path in reach.staff_paths)
    return person, Sight.PERSONS if is_staff else Sight.GROUP


def kept_person(request: HtmxRequest, organization: str, public_id: str) -> Person:
    people = Person.objects.filter(organization__in=request.user.reach.committee_of).select_related("organization")
    return get_object_or_404(people, public_id=public_id, organization__public_id=organization)


def page_of(request: HtmxRequest, person: Person, sight: Sight) -> dict[str, Any]:
    rows = record.history_of(person)
    here = [row for row in rows if row.organization_id == person.organization_id]
    current = next((row for row in reversed(here) if row.ends_before is None), None)
    is_own = person.pk == request.user.reach.person_id
    keeper = sight == Sight.KEEPER
    context = {
        "person": person,
        "organization": person.organization,
        "current": current,
        "sections": record.sections(person, sight, current),
        "periods": record.periods(rows if sight >= Sight.PERSONS else here[-1:]),
        "posts": record.posts_of(person),
        "is_own": is_own,
        "keeper": keeper,
        "sees_details": sight >= Sight.PERSONS,
        "has_left": bool(here) and current is None,
    }
    if is_own:
        branches = {row.organization_id: row.organization for row in rows}
        context["openings"] = record.openings(person, branches.values())
        panels = (ask(person, request.today) for ask in registry.own_panels)
        context["panels"] = [panel for panel in panels if panel]
    return context


@require_GET
def person_detail(request: HtmxRequest, organization: str, public_id: str) -> HttpResponse:
    person, sight = person_in(request, organization, public_id)
    return render(request, "members/person_detail.html", page_of(request, person, sight))


@require_GET
def person_own(request: HtmxRequest) -> HttpResponse:
    """One's own record, wherever it is kept."""
    person = get_object_or_404(Person.objects.select_related("organization"), pk=request.user.reach.person_id or 0)
    sight = Sight.KEEPER if can_keep(request.user, person) else Sight.PERSONS
    return render(request, "members/person_detail.html", page_of(request, person, sight))


@require_POST
def id_number_show(request: HtmxRequest, organization: str, public_id: str) -> HttpResponse:
    """The page once more, this time with the number. Not a redirect: the number stands in this answer only."""
    person, sight = person_in(request, organization, public_id)
    if sight < Sight.PERSONS:
        raise Http404
    try:
        number = services.id_number_open(person=person, by=request.user)
    except RuleBroken as error:
        messages.warning(request, str(error))
        return redirect("members:person-detail", organization, public_id)
    context = page_of(request, person, sight) | {"id_number": number, "opened_at": request.now}
    if request.htmx:
        response = render(request, "members/_id_number.html", context)
    else:
        response = render(request, "members/person_detail.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def person_create(request: HtmxRequest, organization: str) -> HttpResponse:
    branch, __ = branch_of(request, organization, Sight.KEEPER)
    form = NewMemberForm(
        sent(request),
        organization=branch,
        today=request.today,
        initial={"starts_on": request.today, "category": "full_member"},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                person = services.member_create(
                    organization=branch,
                    by=request.user,
                    name=data["name"],
                    id_number=data["id_number"],
                    category=data["category"],
                    starts_on=data["starts_on"],
                    group=data["group"],
                    is_hosted=data["is_hosted"],
                    values=form.values(),
                )
            except RuleBroken as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("%(name)s is on the roster.") % {"name": person.name})
                return redirect("members:person-detail", organization, person.public_id)
    return render(request, "members/person_form.html", {"organization": branch, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def person_change(request: HtmxRequest, organization: str, public_id: str) -> HttpResponse:
    person = kept_person(request, organization, public_id)
    details = services.details_of(person)
    form = PersonForm(sent(request), person=person, details=details, today=request.today)
    status, differences, version = 200, [], person.version
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                changed = services.person_change(
                    person=person,
                    by=request.user,
                    version=version_of(request),
                    name=form.cleaned_data["name"],
                    id_number=form.cleaned_data["id_number"] or None,
                    values=form.values(),
                )
            except EditConflict as error:
                form.add_error(None, str(error))
                status, differences = error.status, both_texts(form, person)
            except RuleBroken as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Saved.") if changed else _("Nothing was different."))
                return redirect("members:person-detail", organization, public_id)
        # After a conflict the page carries the version it shows: saving again is then on purpose.
        version = person.version if status == 409 else version_of(request)
    context = {
        "organization": person.organization,
        "person": person,
        "form": form,
        "version": version,
        "differences": differences,
    }
    return render(request, "members/person_form.html", context, status=status)


def version_of(request: HtmxRequest) -> int:
    """The version the user saw; nonsense never matches one."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def both_texts(form: PersonForm, person: Person) -> list[dict[str, object]]:
    """Field by field: what is on record by now, and what was typed."""
    stored = initial_of(person, services.details_of(person))
    rows = []
    for name, theirs in stored.items():
        field = form.fields[name]
        mine = form.cleaned_data[name]
        if (theirs or "") != (mine or ""):
            words = dict(getattr(field, "choices", []))
            rows.append(
                {"label": field.label, "theirs": words.get(theirs, theirs) or "—", "mine": words.get(mine, mine) or "—"}
            )
    return rows


@require_http_methods(["GET", "POST"])
def membership_change(request: HtmxRequest, organization: str, public_id: str) -> HttpResponse:
    branch, person, current = member_here(request, organization, public_id)
    if current is None or current.ends_before is not None:
        raise Http404
    names = ("category", "standing", "group", "is_mobile", "mobile_to", "lost_contact_on")
    initial = {name: getattr(current, name) for name in names} | {"from_day": request.today}
    form = MembershipForm(sent(request), organization=branch, today=request.today, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            values = dict(form.cleaned_data)
            from_day = values.pop("from_day")
            try:
                services.membership_change(
                    person=person,
                    organization=branch,
                    by=request.user,
                    version=version_of(request),
                    from_day=from_day,
                    today=request.today,
                    **{name: value for name, value in values.items() if name in form.changed_data},
                )
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                return redirect(after(person, branch))
    context = form_page(branch, person, form, request, status, current)
    return render(request, "members/membership_change.html", context, status=status)


def member_here(
    request: HtmxRequest, organization: str, public_id: str
) -> tuple[Organization, Person, Membership | None]:
    """A person with a membership in a branch the user keeps; the record itself may be kept elsewhere (hosted members)."""
    branch, __ = branch_of(request, organization, Sight.KEEPER)
    people = Person.objects.filter(memberships__organization=branch).distinct()
    person = get_object_or_404(people, public_id=public_id)
    rows = person.memberships.filter(organization=branch).select_related("group")
    return branch, person, rows.order_by("starts_on").last()


def after(person: Person, branch: Organization) -> str:
    """The record of a hosted member is not kept here: back to the roster then."""
    if person.organization_id == branch.pk:
        return reverse("members:person-detail", args=[branch.public_id, person.public_id])
    return reverse("members:roster-list", args=[branch.public_id])


def form_page(
    branch: Organization, person: Person, form: Any, request: HtmxRequest, status: int, current: Membership | None
) -> dict[str, Any]:
    if status == 409:
        person.refresh_from_db(fields=["version"])
    version = version_of(request) if status == 422 else person.version
    return {
        "organization": branch,
        "person": person,
        "form": form,
        "version": version,
        "current": current,
        "is_conflict": status == 409,
        "back": after(person, branch),
    }


@require_http_methods(["GET", "POST"])
def membership_end(request: HtmxRequest, organization: str, public_id: str) -> HttpResponse:
    branch, person, current = member_here(request, organization, public_id)
    if current is None or current.ends_before is not None:
        raise Http404
    initial = {"last_day": request.today, "reason": "hosting_ended" if current.is_hosted else "transferred"}
    form = EndForm(sent(request), today=request.today, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.membership_end(
                    person=person,
                    organization=branch,
                    by=request.user,
                    version=version_of(request),
                    today=request.today,
                    **form.cleaned_data,
                )
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                messages.success(
                    request, _("%(name)s is no longer on the roster. The record stays.") % {"name": person.name}
                )
                return redirect(after(person, branch))
    context = form_page(branch, person, form, request, status, current)
    return render(request, "members/membership_end.html", context, status=status)


@require_http_methods(["GET", "POST"])
def member_return(request: HtmxRequest, organization: str, public_id: str) -> HttpResponse:
    branch, person, current = member_here(request, organization, public_id)
    if current is None or current.ends_before is None or person.organization_id != branch.pk:
        raise Http404
    form = ReturnForm(
        sent(request),
        organization=branch,
        today=request.today,
        initial={"starts_on": request.today, "category": current.category},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.member_return(
                    person=person,
                    organization=branch,
                    by=request.user,
                    version=version_of(request),
                    today=request.today,
                    **form.cleaned_data,
                )
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
            else:
                messages.success(request, _("%(name)s is on the roster.") % {"name": person.name})
                return redirect(after(person, branch))
    context = form_page(branch, person, form, request, status, current)
    return render(request, "members/member_return.html", context, status=status)
