"""Accounts of an organization's people: who has one, codes, slips, closing."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.services import CODE_DAYS, code_shown
from apps.branches import accounts
from apps.branches.forms import IssueForm
from apps.branches.models import Organization
from apps.branches.views import refuse_unless, visible
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest

PAGE = 100


def _page(
    request: HtmxRequest, at: Organization, *, fault: str = "", chosen: frozenset = frozenset(), status: int = 200
):
    people = accounts.people_for(request.user, at, request.today).select_related("organization")
    after = request.GET.get("after", "")[:400]
    rows = list(people.filter(stroke_key__gte=after).order_by("stroke_key", "pk")[: PAGE + 1])
    more = rows[PAGE].stroke_key if len(rows) > PAGE else ""
    allowed = accounts.permissions(request.user, rows[:PAGE], request.today)
    for row in rows[:PAGE]:
        row.permission = allowed[row.pk]
        row.is_chosen = row.public_id in chosen
    context = {"organization": at, "rows": rows[:PAGE], "more": more, "fault": fault, "days": CODE_DAYS}
    return render(request, "branches/account_list.html", context, status=status)


@require_GET
def account_list(request: HtmxRequest, organization: str) -> HttpResponse:
    at = visible(request, organization)
    refuse_unless(accounts.can_list(request.user, at, request.today))
    return _page(request, at)


@never_cache  # the codes are shown this once
@require_POST
def account_issue(request: HtmxRequest, organization: str) -> HttpResponse:
    """Answers with the slips themselves: a redirect would have to keep the codes somewhere."""
    at = visible(request, organization)
    refuse_unless(accounts.can_list(request.user, at, request.today))
    people = accounts.people_for(request.user, at, request.today).select_related("organization")
    form = IssueForm(request.POST, people=people)
    chosen = frozenset(request.POST.getlist("people"))
    if not form.is_valid():
        return _page(request, at, fault=" ".join(form.errors.get("people", [])), chosen=chosen, status=422)
    try:
        handed = accounts.accounts_issue(
            people=sorted(form.cleaned_data["people"], key=lambda person: (person.stroke_key, person.pk)),
            organization=at, by=request.user, today=request.today, now=request.now,
        )  # fmt: skip
    except RuleBroken as error:
        return _page(request, at, fault=str(error), chosen=chosen, status=error.status)
    return slips(request, at, handed)


def slips(request: HtmxRequest, at: Organization, handed: list[accounts.Handed]) -> HttpResponse:
    """A page to print and cut: eight to a sheet of A4."""
    return render(request, "branches/account_slips.html", {"organization": at} | slips_context(request, handed))


def slips_context(request: HtmxRequest, handed: list[accounts.Handed]) -> dict[str, object]:
    """What `_slips.html` prints."""
    import segno  # only where slips are made

    rows = []
    for person, slip in handed:
        url = request.build_absolute_uri(reverse("accounts:activation-redeem") + f"?name={slip.user.username}")
        qr = segno.make(url, error="m").svg_inline(scale=3, border=2, omitsize=True)
        rows.append({"person": person, "username": slip.user.username, "code": code_shown(slip.code), "qr": qr})
    return {
        "rows": rows,
        "days": CODE_DAYS,
        "address": request.build_absolute_uri(reverse("accounts:activation-redeem")),
    }


@require_POST
def account_close(request: HtmxRequest, organization: str, person: str) -> HttpResponse:
    return _change(request, organization, person, accounts.account_close, _("The account of %(name)s is closed."))


@require_POST
def account_reopen(request: HtmxRequest, organization: str, person: str) -> HttpResponse:
    return _change(request, organization, person, accounts.account_reopen, _("The account of %(name)s is open again."))


def _change(request: HtmxRequest, organization: str, person: str, change, done: str) -> HttpResponse:  # noqa: ANN001
    at = visible(request, organization)
    people = accounts.people_for(request.user, at, request.today).select_related("organization")
    row = get_object_or_404(people, public_id=person)
    try:
        change(person=row, organization=at, by=request.user, today=request.today)
    except RuleBroken as error:
        return _page(request, at, fault=str(error), status=error.status)
    messages.success(request, done % {"name": row})
    return redirect("branches:account-list", at.public_id)
