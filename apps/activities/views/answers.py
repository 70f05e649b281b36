"""The keeper's side of invitations: who has answered, what was told by phone, whom to ask besides."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from apps.activities import services
from apps.activities.forms import ToldForm
from apps.activities.models import Activity, Attendance, Invitation
from apps.activities.reading import in_roster_order
from apps.activities.views.planning import first_of, kept_sitting
from apps.branches.models import Membership
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest


@dataclass(frozen=True, slots=True)
class Answers:
    """What a keeper sees of the invitations to one meeting."""

    waiting: list[Invitation]  # not answered yet, roster order
    given: list[Invitation]
    come: int
    cannot: int
    share: str  # the notice for the branch's chat
    ask: str  # the same for those who have not answered, by name; empty once all have

    def __bool__(self) -> bool:
        return bool(self.waiting or self.given)


def answers_of(request: HtmxRequest, activity: Activity) -> Answers:
    """One query. `activity` comes with its sitting."""
    sitting = activity.sitting
    asked = sitting.invitations.select_related("person", "answered_by__person")
    rows = list(in_roster_order(asked, activity))
    waiting = [row for row in rows if not row.answer]
    link = request.build_absolute_uri(reverse("activities:sitting-detail", args=[sitting.public_id]))
    what = [activity.title, sitting.when_text, sitting.place]
    names = pgettext("between names", ", ").join(row.person.name for row in waiting)
    ask = _("Not answered yet: %(names)s. Please tap the link to say whether you can come.") % {"names": names}
    return Answers(
        waiting=waiting,
        given=[row for row in rows if row.answer],
        come=sum(row.answer == Invitation.Answer.COME for row in rows),
        cannot=sum(row.answer == Invitation.Answer.CANNOT for row in rows),
        share="\n".join(filter(None, [*what, sitting.invitation_note, link])),
        ask="\n".join(filter(None, [*what, ask, link])) if waiting else "",
    )


def answers_context(request: HtmxRequest, activity: Activity, *, problem: str = "", is_open: bool = False) -> dict:
    """What `_answers.html` shows; `is_open` keeps the list of names unfolded after one was noted."""
    return {
        "answers": answers_of(request, activity), "grounds": Attendance.Ground.choices, "problem": problem, "told_open": is_open,
    }  # fmt: skip


@require_POST
def sitting_told(request: HtmxRequest, organization: str, sitting: str) -> HttpResponse:
    """An answer told by phone or in the corridor: one tap on the person's row."""
    one = kept_sitting(request, organization, sitting)
    first = get_object_or_404(one.activities.select_related("kind", "group").order_by("pk")[:1])
    form = ToldForm(request.POST)
    problem = ""
    try:
        if not form.is_valid():
            raise RuleBroken(_("Choose “Coming” or “Cannot come”."))
        asked = get_object_or_404(
            one.invitations.select_related("person"), person__public_id=form.cleaned_data["person"]
        )
        services.invitation_answer(
            sitting=one, person=asked.person, by=request.user, now=request.now, answer=form.cleaned_data["answer"],
            ground=form.cleaned_data["ground"],
        )  # fmt: skip
    except RuleBroken as error:
        problem = str(error)
    if request.htmx:
        first.sitting = one
        context = {"activity": first, "sitting": one, "organization": one.organization}
        return render(
            request,
            "activities/_answers.html",
            context | answers_context(request, first, problem=problem, is_open=True),
        )
    if problem:
        messages.error(request, problem)
    return redirect(reverse("activities:activity-detail", args=[organization, first.public_id]) + "#answers")


@require_http_methods(["GET", "POST"])
def sitting_invite(request: HtmxRequest, organization: str, sitting: str) -> HttpResponse:
    """Ask further people."""
    one = kept_sitting(request, organization, sitting)
    first = first_of(one)
    roster = (
        Membership.objects.of_branch(one.organization, one.held_on)
        .select_related("person")
        .in_roster_order(one.held_on)
    )
    people = {row.person.public_id: row.person for row in roster}
    if request.method == "POST":
        chosen = [people[public_id] for public_id in request.POST.getlist("people") if public_id in people]
        try:
            fresh = services.sitting_invite(sitting=one, by=request.user, kind=first.kind, people=chosen)
            messages.success(request, _("%(count)d more people are invited.") % {"count": len(fresh)})
        except RuleBroken as error:
            messages.error(request, str(error))
        return redirect("activities:activity-detail", organization, first.public_id)
    asked = set(one.invitations.values_list("person", flat=True))
    return render(request, "activities/sitting_invite.html", {
        "organization": one.organization, "activity": first, "sitting": one,
        "people": [person for person in people.values() if person.pk not in asked],
    })  # fmt: skip
