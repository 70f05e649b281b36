"""The list of meetings and the page of one record: read, correct, withdraw, mark as signed, print."""

import base64
from datetime import date

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.activities import registry, rules, services, voting
from apps.activities.forms import ReasonForm
from apps.activities.log import Log, kept
from apps.activities.models import Activity, ActivityKind, AgendaItem, Attendance, Behaviour
from apps.activities.reading import Counts, eyes_of, in_roster_order
from apps.activities.retyping import typed_of
from apps.activities.scopes import desk, logged_by
from apps.activities.views.answers import answers_context
from apps.activities.views.log import _number, page_of
from apps.branches.models import Organization, PartyGroup
from apps.branches.querysets import within_any
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.core.status import STATUSES

PAGE = 30
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SITTING = (
    "sitting__chair",
    "sitting__minute_taker",
    "organization",
    "kind",
    "group",
    "created_by__person",
    "filed_by__person",
)


def readable(request: HtmxRequest) -> "Organization.objects":
    """Branches whose records the person reads at all; the administrator sees no content."""
    reach = request.user.reach
    led = PartyGroup.objects.filter(pk__in=reach.leads_groups).values("organization")
    return Organization.objects.filter(Q(pk__in=reach.branches) | Q(pk__in=led) | within_any(reach.staff_paths))


@require_GET
def activity_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """Newest first, by keyset: `before` is the last row of the page before."""
    at = get_object_or_404(readable(request), public_id=organization)
    readable_rows = Activity.objects.visible_to(request.user).filter(organization=at)
    chosen = {name: request.GET.get(name, "") for name in ("kind", "state", "quarter")}
    rows = _filtered(readable_rows, chosen, request.today)
    if cursor := _cursor(request.GET.get("before", "")):
        rows = rows.filter(Q(held_on__lt=cursor[0]) | Q(held_on=cursor[0], pk__lt=cursor[1]))
    page = list(rows.select_related("kind", "group", "sitting").order_by("-held_on", "-pk")[: PAGE + 1])
    older = ""
    if len(page) > PAGE:
        page = page[:PAGE]
        query = request.GET.copy()
        query["before"] = base64.urlsafe_b64encode(f"{page[-1].held_on}:{page[-1].pk}".encode()).decode()
        older = f"?{query.urlencode()}"
    keeps = at.pk in request.user.reach.committee_of
    talked = _talked(page) if keeps else {}
    for one in page:
        one.shown_state = rules.shown_state(one, request.today)
        one.near_text = one.sitting.near_text(request.today)
        one.meta = " · ".join(filter(None, [one.topic, talked.get(one.sitting_id, ""), one.sitting.place]))
    first = "before" not in request.GET
    newest = request.GET.copy()
    newest.pop("before", None)
    led = PartyGroup.objects.filter(pk__in=request.user.reach.leads_groups, organization=at)
    leads = not keeps and led.exists()
    kinds, states = ActivityKind.objects.filter(is_active=True), LISTED
    if not keeps and not leads:  # a reader finds filed records of the kinds there are
        kinds, states = kinds.filter(Exists(readable_rows.filter(kind=OuterRef("pk")))), ("filed", "withdrawn")
    return render(request, "activities/activity_list.html", {
        "organization": at, "rows": page, "older": older, "chosen": chosen, "is_filtered": any(chosen.values()),
        "kinds": kinds, "states": [(state, STATUSES["meeting"][state].label) for state in states],
        "quarters": _quarters(request.today),
        "can_log": keeps or leads, "first": first, "newer": "" if first else f"?{newest.urlencode()}",
    })  # fmt: skip


def _talked(page: list[Activity]) -> dict[int, str]:
    """Sitting → who talked with whom. No query where the page has no talk."""
    sittings = [one.sitting_id for one in page if one.kind.behaviour == Behaviour.TALK]
    if not sittings:
        return {}
    names: dict[int, list[str]] = {}
    rows = Attendance.objects.filter(sitting__in=sittings).order_by("person__stroke_key", "person")
    for sitting, name in rows.values_list("sitting", "person__name"):
        names.setdefault(sitting, []).append(name)
    return {sitting: "、".join(people) for sitting, people in names.items()}


LISTED = ("scheduled", "minutes_due", "draft", "filed", "withdrawn", "cancelled")


def _filtered(rows, chosen: dict[str, str], today: date):  # noqa: ANN001, ANN202
    if chosen["kind"]:
        rows = rows.filter(kind__slug=chosen["kind"])
    if chosen["state"] == "minutes_due":
        rows = rows.filter(Q(state="minutes_due") | Q(state="scheduled", held_on__lt=today))
    elif chosen["state"] == "scheduled":
        rows = rows.filter(state="scheduled", held_on__gte=today)
    elif chosen["state"] in LISTED:
        rows = rows.filter(state=chosen["state"])
    if span := {value: (begin, end) for value, _label, begin, end in _quarters(today)}.get(chosen["quarter"]):
        rows = rows.of_span(*span)
    return rows


def _quarters(today: date) -> list[tuple[str, str, date, date]]:
    """This one and the seven before: value, words, first day, first day after."""
    quarters = []
    year, quarter = today.year, (today.month - 1) // 3
    for _place in range(8):
        begin = date(year, quarter * 3 + 1, 1)
        end = date(year + (quarter == 3), (quarter + 1) % 4 * 3 + 1, 1)
        label = _("Quarter %(quarter)d of %(year)d") % {"quarter": quarter + 1, "year": year}
        quarters.append((f"{year}q{quarter + 1}", label, begin, end))
        year, quarter = (year, quarter - 1) if quarter else (year - 1, 3)
    return quarters


def _cursor(text: str) -> tuple[date, int] | None:
    try:
        day, _colon, pk = base64.urlsafe_b64decode(text.encode()).decode().partition(":")
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def _seen(request: HtmxRequest, organization: str, activity: str) -> Activity:
    rows = Activity.objects.visible_to(request.user).select_related(*SITTING)
    return get_object_or_404(rows, organization__public_id=organization, public_id=activity)


@require_GET
def activity_detail(request: HtmxRequest, organization: str, activity: str) -> HttpResponse:
    """One page with anchors: notice, agenda, people, record, decisions; its versions; what can be done with it."""
    one = _seen(request, organization, activity)
    eyes = eyes_of(request.user, one, request.today)
    people = list(in_roster_order(one.sitting.attendances.select_related("person"), one))
    versions = list(one.versions.select_related("kind", "filed_by__person"))
    number = _number(request.GET.get("version"))
    is_open = one.state in Activity.OPEN
    context = {
        "activity": one, "organization": one.organization, "sitting": one.sitting, "eyes": eyes, "counts": Counts.of(people),
        "people": _people_shown(people, eyes), "items": _items(one), "is_open": is_open,
        "decisions": list(one.decisions.select_related("person")), "attachments": list(one.attachments.all()),
        "versions": versions, "old": _old(versions, number),
        "answers": None, "shown_state": rules.shown_state(one, request.today),
        "just_filed": request.GET.get("filed") == "1" and one.state == Activity.State.FILED,
        "fulfilled": registry.fulfilled_by(one) if one.state == Activity.State.FILED else [],
        "siblings": _siblings(one) if eyes.keeps else [],
        "can_attach": eyes.keeps and one.state not in ("withdrawn", "cancelled"),
        "focus": [Activity.Focus(focus).label for focus in one.focus], "old_people": _old_people(versions, number, eyes),
    }  # fmt: skip
    if eyes.keeps and is_open:
        context |= answers_context(request, one)
    return render(request, "activities/activity_detail.html", context)


def _people_shown(people: list, eyes) -> list[dict]:  # noqa: ANN001
    """Rows for the board: fellow members see who came; of leave they see nothing."""
    if not eyes.people:
        return []
    return [
        {
            "name": row.person.name, "status": row.status, "is_away": row.status in ("excused", "absent"),
            "ground": " ".join(filter(None, [str(row.get_ground_display()) if row.ground else "", row.reason]))
            if eyes.grounds else "",
        }
        for row in people
        if eyes.leave or row.status not in ("excused", "absent")
    ]  # fmt: skip


def _items(one: Activity) -> list[AgendaItem]:
    """Agenda items, each with the sentence of its vote."""
    items = list(one.agenda.all())
    for item in items:
        item.sentence = ""
        if item.vote_rule:
            item.sentence = voting.sentence(
                voting.Vote(
                    item.vote_rule, item.entitled or 0, item.entitled_present or 0, item.votes_for or 0,
                    item.votes_against or 0, item.votes_abstain or 0,
                )
            )  # fmt: skip
    return items


def _old(versions: list, number: int) -> dict | None:
    """An earlier version as it is shown: its days are days again."""
    row = next((row for row in versions if row.number == number and number < len(versions)), None)
    if row is None:
        return None
    day = lambda text: date.fromisoformat(text) if text else None  # noqa: E731 - two uses, one line
    tasks = [task | {"due_on": day(task["due_on"])} for task in row.snapshot["decisions"]]
    return {
        "number": number,
        "kind": row.kind,
        "text": row.snapshot | {"held_on": day(row.snapshot["held_on"]), "decisions": tasks},
    }


def _old_people(versions: list, number: int, eyes) -> list[dict]:  # noqa: ANN001
    """Of an earlier version; leave only for those who see it in the record of today."""
    old = next((row for row in versions if row.number == number), None)
    if old is None or not eyes.people:
        return []
    return [row for row in old.snapshot["people"] if eyes.leave or row["status"] not in ("excused", "absent")]


def _siblings(one: Activity) -> list[Activity]:
    others = one.sitting.activities.exclude(pk=one.pk).exclude(state="cancelled")
    return list(others.select_related("kind"))


def _kept_record(request: HtmxRequest, organization: str, activity: str) -> Activity:
    rows = Activity.objects.manageable_by(request.user).select_related(*SITTING)
    return get_object_or_404(rows, organization__public_id=organization, public_id=activity)


@require_http_methods(["GET", "POST"])
def activity_correct(request: HtmxRequest, organization: str, activity: str) -> HttpResponse:
    """The record in the form it was logged with, on one page; nothing changes before the correction is filed."""
    one = _kept_record(request, organization, activity)
    if one.state != Activity.State.FILED:
        raise Http404
    typed = kept(request.POST) if request.method == "POST" else typed_of(one)
    typed.pop("also", None)
    mine = list(logged_by(request).order_by("path"))
    at = desk(
        request, next((place for place in mine if [place.public_id] == typed.get("organization")), one.organization)
    )
    log = Log(
        organization=at.organization, typed=typed, today=request.today, kinds=at.kinds, groups=at.groups, fallback=one,
        last_topics=[],
    )  # fmt: skip
    error, status = "", 200
    if request.POST.get("go") == "file" and log.record is not None:
        try:
            services.activity_correct(
                activity=one, by=request.user, now=request.now, version=_number(request.POST.get("version")),
                record=log.record, confirmed=request.POST.get("confirmed", ""), reason=request.POST.get("reason", ""),
            )  # fmt: skip
            messages.success(request, _("The correction is filed. Both versions are kept."))
            return redirect("activities:activity-detail", one.organization.public_id, one.public_id)
        except RuleBroken as broken:
            error, status = str(broken), broken.status
            one = _kept_record(request, organization, activity)
    elif log.errors:
        status = 422
    places = [(place.public_id, place.name) for place in mine] if len(mine) > 1 else []
    context = page_of(request, one, log, 4, None, error=error, correcting=True, places=places)
    context |= {"reason": request.POST.get("reason", "")}
    return render(request, "activities/log.html", context, status=status)


@require_http_methods(["GET", "POST"])
def activity_withdraw(request: HtmxRequest, organization: str, activity: str) -> HttpResponse:
    one = _kept_record(request, organization, activity)
    if one.state != Activity.State.FILED:
        raise Http404
    form = ReasonForm(request.POST or None, initial={"version": one.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.activity_withdraw(
                    activity=one, by=request.user, now=request.now, version=form.cleaned_data["version"],
                    reason=form.cleaned_data["reason"],
                )  # fmt: skip
                messages.success(request, _("The record is withdrawn. It stays readable with your reason."))
                return redirect("activities:activity-detail", organization, activity)
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
    context = {"form": form, "activity": one, "organization": one.organization}
    return render(request, "activities/activity_withdraw.html", context, status=status)


@require_POST
def activity_sign(request: HtmxRequest, organization: str, activity: str) -> HttpResponse:
    """The printed minutes were signed, or the mark was a mistake."""
    one = _kept_record(request, organization, activity)
    try:
        services.activity_sign(activity=one, by=request.user, signed=request.POST.get("signed") == "1")
    except RuleBroken as error:
        messages.error(request, str(error))
    return redirect("activities:activity-detail", organization, activity)


@require_GET
def minutes_paper(request: HtmxRequest, organization: str, activity: str) -> HttpResponse:
    """The record in Word, for whoever sees who was on leave; why, for those who see it on the page."""
    one = _seen(request, organization, activity)
    eyes = eyes_of(request.user, one, request.today)
    if not eyes.leave or one.state != Activity.State.FILED:
        raise Http404
    from apps.activities.papers import minutes_docx
    from apps.activities.printing import minutes_paper as paper_of

    return _word(
        minutes_docx(paper_of(one, grounds=eyes.grounds)), f"{one.held_on:%Y-%m-%d} {one.kind.name_zh} 会议记录.docx"
    )


@require_GET
def sign_in_paper(request: HtmxRequest, organization: str, activity: str) -> HttpResponse:
    """The sign-in sheet with the expected names; `?blank=1` an empty one."""
    one = _kept_record(request, organization, activity)
    from apps.activities.papers import sign_in_docx
    from apps.activities.printing import sign_in_paper as paper_of

    data = sign_in_docx(paper_of(one), blank=request.GET.get("blank") == "1")
    return _word(data, f"{one.held_on:%Y-%m-%d} {one.kind.name_zh} 签到表.docx")


def _word(data: bytes, name: str) -> HttpResponse:
    from django.utils.http import content_disposition_header

    response = HttpResponse(data, content_type=DOCX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
