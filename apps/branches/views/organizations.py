"""One organization: its page, set up, change, move, dissolve."""

from datetime import date

from django.contrib import messages
from django.db.models import F
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from apps.branches import accounts, notes, registry, rules, services, structure
from apps.branches.forms import DissolveForm, MoveForm, OrganizationFacts, OrganizationForm, VersionForm
from apps.branches.models import Organization, Post
from apps.branches.views import refuse_unless, visible
from apps.core.days import long_day
from apps.core.errors import EditConflict, RuleBroken
from apps.core.http import HtmxRequest

HISTORY = 50  # posts shown that have ended


@require_GET
def organization_detail(request: HtmxRequest, organization: str) -> HttpResponse:
    """Facts and posts for all who see it; notes and buttons for those whose work it is."""
    at = visible(request, organization)
    user, today = request.user, request.today
    posts = list(
        Post.objects.visible_to(user).filter(organization=at).select_related("person", "group")
        .order_by(F("ends_before").desc(nulls_first=True), "starts_on", "pk")[: 100 + HISTORY]
    )  # fmt: skip
    may_enter = rules.enterable_posts(user, at, today)
    for post in posts:
        post.may_end = post.ends_before is None and post.kind in may_enter and post.person_id != user.reach.person_id
    may_manage = rules.can_manage(user, at)
    facts = notes.facts_of([at], today).get(at.pk)
    works_here = may_manage or at.pk in user.reach.committee_of or bool(user.reach.staff_of)
    groups = at.groups.on(today) if at.is_branch else at.groups.none()
    return render(request, "branches/organization_detail.html", {
        "organization": at, "facts": facts, "notes": notes.notes_of(at, facts, today) if works_here else [],
        "posts": [post for post in posts if post.is_current(today)],
        "later": [post for post in posts if post.starts_on > today],
        "earlier": [post for post in posts if not post.is_current(today) and post.starts_on <= today][:HISTORY],
        "groups": list(groups), "may_enter": bool(may_enter), "may_manage": may_manage,
        "may_change": may_manage or at.pk in user.reach.leader_of, "may_group": rules.can_group(user, at),
        "may_leave_out": at.is_branch and rules.can_leave_out(user, at), "works_here": works_here,
        "links": [link for ask in registry.page_links for link in ask(request, at, Post.Kind.SECRETARY in may_enter)],
        "may_assign_liaisons": rules.can_assign_liaisons(user, at),
        "may_list_accounts": works_here and accounts.can_list(user, at, today),
        "may_create": not at.is_branch and rules.can_set_up(user, at),
        "above": list(Organization.objects.visible_to(user).ancestors_of(at)) if works_here else [],
    })  # fmt: skip


def _kinds(parent: Organization | None) -> list[str]:
    kinds = []
    for kind in Organization.Kind.values:
        try:
            rules.check_parent(kind, parent)
        except RuleBroken:
            continue
        kinds.append(kind)
    return kinds


@require_http_methods(["GET", "POST"])
def organization_create(request: HtmxRequest) -> HttpResponse:
    """`under` names the level above; without it the administrator founds a new top."""
    under = request.GET.get("under") or request.POST.get("under") or ""
    parent = visible(request, under) if under else None
    refuse_unless(rules.can_set_up(request.user, parent))
    kinds = _kinds(parent)
    refuse_unless(bool(kinds))
    form, status = OrganizationForm(request.POST or None, kinds=kinds, today=request.today), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            fields = dict(form.cleaned_data)
            if fields["kind"] != Organization.Kind.BRANCH:
                for name in ("branch_type", "usual_place", "theme_day"):
                    fields.pop(name)
            try:
                made = services.organization_create(by=request.user, today=request.today, parent=parent, **fields)
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
        if form.is_valid():
            messages.success(request, _("“%(name)s” is set up. Now enter who is in charge.") % {"name": made})
            return redirect("branches:organization-detail", made.public_id)
    return render(request, "branches/organization_create.html", {"form": form, "parent": parent}, status=status)


@require_http_methods(["GET", "POST"])
def organization_change(request: HtmxRequest, organization: str) -> HttpResponse:
    """The staff above change all of it, the branch's secretary what the branch uses daily. 409 shows both texts."""
    at = visible(request, organization)
    may_manage = rules.can_manage(request.user, at)
    refuse_unless(may_manage or at.pk in request.user.reach.leader_of)
    only = () if may_manage else services.PLACE_FIELDS
    options = {"kind": at.kind, "today": request.today, "only": only}
    if request.method == "GET":
        form, seen = OrganizationFacts(instance=at, **options), VersionForm(initial={"version": at.version})
        return _change_page(request, at, form, seen)
    form, seen = OrganizationFacts(request.POST, instance=at, **options), VersionForm(request.POST)
    status, both = 422, []
    if form.is_valid() and seen.is_valid():
        try:
            services.organization_change(
                organization=at, by=request.user, version=seen.cleaned_data["version"], **form.cleaned_data
            )
        except EditConflict as error:
            at.refresh_from_db()
            form.add_error(None, str(error))
            both = _both(form, at)
            seen, status = VersionForm(initial={"version": at.version}), error.status
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
    if form.is_valid() and seen.is_valid():
        messages.success(request, _("Saved."))
        return redirect("branches:organization-detail", at.public_id)
    return _change_page(request, at, form, seen, both=both, status=status)


def _both(form: OrganizationFacts, at: Organization) -> list[dict[str, object]]:
    """Field by field where the two differ: what stands there now, what was typed."""
    rows = []
    for name, field in form.fields.items():
        now, typed = getattr(at, name), form.cleaned_data.get(name)
        if (now or "") != (typed or ""):
            choices = dict(getattr(field, "choices", ()))
            shown = [
                long_day(value) if isinstance(value, date) else choices.get(value, value) or "—"
                for value in (now, typed)
            ]
            rows.append({"label": field.label, "now": shown[0], "typed": shown[1]})
    return rows


def _change_page(
    request: HtmxRequest, at: Organization, form: Form, seen: Form, *, both: list | None = None, status: int = 200
):
    context = {"organization": at, "form": form, "seen": seen, "both": both or []}
    return render(request, "branches/organization_change.html", context, status=status)


@require_http_methods(["GET", "POST"])
def organization_move(request: HtmxRequest, organization: str) -> HttpResponse:
    at = visible(request, organization)
    refuse_unless(rules.can_manage(request.user, at))
    parents = Organization.objects.visible_to(request.user).exclude(kind=Organization.Kind.BRANCH).exclude(pk=at.pk)
    form, status = MoveForm(request.POST or None, parents=parents, initial={"version": at.version}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                structure.organization_move(organization=at, by=request.user, **form.cleaned_data)
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
        if form.is_valid():
            messages.success(
                request, _("“%(name)s” now stands under “%(parent)s”.") % {"name": at, "parent": at.parent}
            )
            return redirect("branches:organization-detail", at.public_id)
    return render(request, "branches/organization_move.html", {"organization": at, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def organization_dissolve(request: HtmxRequest, organization: str) -> HttpResponse:
    at = visible(request, organization)
    refuse_unless(rules.can_manage(request.user, at))
    form, status = DissolveForm(request.POST or None, initial={"on": request.today}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                structure.organization_dissolve(
                    organization=at, by=request.user, today=request.today, **form.cleaned_data
                )
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
        if form.is_valid():
            messages.success(request, _("“%(name)s” is dissolved. Its records stay readable.") % {"name": at})
            return redirect("branches:organization-detail", at.public_id)
    return render(request, "branches/organization_dissolve.html", {"organization": at, "form": form}, status=status)
