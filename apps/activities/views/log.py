"""Log an activity: begin, write, check, file; the draft is saved at every step."""

import uuid
from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.activities import prefill, registry, services
from apps.activities.log import Log, kept
from apps.activities.models import Activity, ActivityKind, Attendance, Behaviour
from apps.activities.notice import Notice, read_notice
from apps.activities.retyping import typed_of
from apps.activities.scopes import Desk, desk, logged_by
from apps.activities.services.drafts import DraftConflict
from apps.core.errors import EditConflict, RuleBroken
from apps.core.http import HtmxRequest

RELATED = ("sitting", "organization", "kind", "group", "saved_by__person")
STEPS = {1: gettext_lazy("What"), 2: gettext_lazy("Who came"), 3: gettext_lazy("Content"), 4: gettext_lazy("Check")}
BLOCKS = {Behaviour.TALK: (1, 4), Behaviour.INVITED: (1, 3, 4), Behaviour.PAPER: (1, 3, 4)}


def blocks_of(log: Log) -> tuple[int, ...]:
    """Whoever is not expected has no board; a talk is a fact without content."""
    return BLOCKS.get(log.kind.behaviour, (1, 2, 3, 4))


@require_http_methods(["GET", "POST"])
def log_start(request: HtmxRequest, organization: str) -> HttpResponse:
    """What is owed first, then all kinds, my drafts, and the place to paste a notice."""
    at = desk(request, get_object_or_404(logged_by(request), public_id=organization))
    asked = request.POST if request.method == "POST" else request.GET
    error, notice, status = "", Notice(), 200
    if request.method == "POST":
        notice = read_notice(request.POST.get("notice", "")[:5000], request.today)
        slugs = [slug for slug in notice.kinds if at.kind(slug)]
        kind = at.kind(request.POST.get("kind", "")) or (at.kind(slugs[0]) if slugs else None)
        if kind is not None:
            try:
                one = _started(request, at, kind, notice)
                url = reverse("activities:log-edit", args=[organization, one.public_id])
                return redirect(f"{url}?step=4" if _named(request, kind) else url)
            except RuleBroken as broken:
                error = str(broken)
        elif notice:
            error = _("The notice does not say which kind of meeting it is. Choose the kind; the rest has been read.")
        else:
            error = _("Choose what to log.")
        status = 422
    drafts = Activity.objects.manageable_by(request.user).filter(
        organization=at.organization, state__in=Activity.OPEN, saved_at__isnull=False
    )
    return render(request, "activities/log_start.html", {
        "organization": at.organization, "kinds": at.kinds, "groups": at.groups, "error": error, "notice": notice,
        "typed_notice": request.POST.get("notice", ""), "owed": _owed(request, at), "asked": asked.get("kind", ""),
        "asked_group": asked.get("group", ""), "counts_for": asked.get("counts_for", ""), "for_year": asked.get("for_year", ""),
        "drafts": drafts.select_related("kind", "group", "saved_by__person").order_by("-saved_at")[:20],
        "request_key": uuid.uuid4().hex, "discarded": request.session.get("discarded"),
    }, status=status)  # fmt: skip


def _owed(request: HtmxRequest, at: Desk) -> list[registry.OwedKind]:
    groups, slugs = {group.pk for group in at.groups}, {kind.slug for kind in at.kinds}
    rows = registry.owed(at.organization, request.today)
    return [row for row in rows if row.slug in slugs and (row.group_id is None or row.group_id in groups)]


def _started(request: HtmxRequest, at: Desk, kind, notice: Notice) -> Activity:  # noqa: ANN001
    group = at.group(request.POST.get("group", ""))
    if kind.behaviour == Behaviour.GROUP and group is None and len(at.groups) == 1:
        group = at.groups[0]
    if kind.behaviour != Behaviour.GROUP:
        group = None
    last = prefill.last_of_kind(at.organization, group, kind)
    me = getattr(request.user, "person", None)
    typed = prefill.proposed(at.organization, group, kind, me, request.now, last)
    if request.POST.get("copy") and last is not None:
        typed |= {name: values for name, values in typed_of(last, own_text=False).items() if any(values)}
    typed |= _noticed(notice, kind) | _named(request, kind)
    counts_for = parse_date(request.POST.get("counts_for", "")[:10]) if request.POST.get("counts_for") else None
    year = request.POST.get("for_year", "")
    if counts_for:
        typed["counts_for"] = [counts_for.isoformat()]
    if year.isdigit():
        typed["for_year"] = [year[:4]]
    return services.draft_start(
        organization=at.organization, kind=kind, group=group, by=request.user, now=request.now, typed=typed,
        counts_for=counts_for, request_key=request.POST.get("request_key", "")[:36] or None,
    )  # fmt: skip


def _named(request: HtmxRequest, kind: ActivityKind) -> dict[str, list[str]]:
    """Who talked, where a button said so; then there is nothing left but to look and file."""
    people = [one[:12] for one in request.POST.getlist("people")[:10]]
    return {"people": people} if people and kind.behaviour == Behaviour.TALK else {}


def _noticed(notice: Notice, kind) -> dict[str, list[str]]:  # noqa: ANN001
    """What the notice says weighs more than what is usual."""
    said = {
        "held_on": notice.held_on.isoformat() if notice.held_on else "", "place": notice.place,
        "starts_at": f"{notice.starts_at:%H:%M}" if notice.starts_at else "",
    }  # fmt: skip
    typed = {name: [text] for name, text in said.items() if text}
    if notice.starts_at or notice.held_on:
        typed["ends_at"] = [f"{notice.ends_at:%H:%M}" if notice.ends_at else ""]
        typed.setdefault("starts_at", [""])
    if len(notice.kinds) > 1:
        typed["also"] = [slug for slug in notice.kinds if slug != kind.slug]
    if notice.topics:
        typed["main-chips"] = [topic for topic in notice.topics if topic in kind.topics]
        typed["main-own"] = [topic for topic in notice.topics if topic not in kind.topics]
    return typed


def _draft(request: HtmxRequest, organization: str, activity: str) -> Activity:
    mine = Activity.objects.manageable_by(request.user).select_related(*RELATED)
    return get_object_or_404(mine, organization__public_id=organization, public_id=activity)


def _log(
    request: HtmxRequest, activity: Activity, typed: Mapping[str, list[str]], last: Activity | None = None, *,
    is_shown: bool = False,
) -> Log:  # fmt: skip
    """`last` of its kind offers its topics as chips, after what other apps have for this agenda."""
    at = desk(request, activity.organization)
    kinds = at.every_kind if request.method == "POST" else at.kinds
    topics = registry.agenda_for(activity.organization, activity.kind, request.today) if is_shown else []
    topics += [item.title for item in last.agenda.all()] if last else []
    return Log(
        organization=activity.organization, typed=typed, today=request.today, kinds=kinds, groups=at.groups,
        fallback=activity, last_topics=topics,
    )  # fmt: skip


def _last(activity: Activity) -> Activity | None:
    return prefill.last_of_kind(activity.organization, activity.group, activity.kind)


def typed_so_far(request: HtmxRequest, activity: Activity) -> Mapping[str, list[str]]:
    """The draft; for a scheduled meeting nobody has written on yet, what its plan says."""
    if activity.draft:
        return activity.draft
    sitting = activity.sitting
    me = getattr(request.user, "person", None)
    typed = prefill.proposed(activity.organization, activity.group, activity.kind, me, request.now, None)
    typed |= {
        "held_on": [sitting.held_on.isoformat()], "place": [sitting.place],
        "starts_at": [f"{sitting.starts_at:%H:%M}" if sitting.starts_at else ""],
        "ends_at": [f"{sitting.ends_at:%H:%M}" if sitting.ends_at else ""],
        "counts_for": [activity.counts_for.isoformat() if activity.counts_for else ""],
    }  # fmt: skip
    others = sitting.activities.filter(state__in=Activity.OPEN).exclude(pk=activity.pk)
    typed["also"] = list(others.values_list("kind__slug", flat=True))
    for invitation in sitting.invitations.filter(answer="cannot").select_related("person"):
        # What people said beforehand is shown as their leave; the filer sees it and confirms.
        public_id = invitation.person.public_id
        typed |= {f"att-{public_id}": ["excused"], f"why-{public_id}": [invitation.ground]}
    return typed


@require_http_methods(["GET", "POST"])
def log_edit(request: HtmxRequest, organization: str, activity: str) -> HttpResponse:
    """The four blocks; `?step=` says which one a phone shows. A POST saves and goes on to the step of its button."""
    one = _draft(request, organization, activity)
    if request.method == "GET":
        if one.state not in Activity.OPEN:
            return redirect("activities:activity-detail", organization, activity)
        return _page(request, one, typed_so_far(request, one), _step(request.GET.get("step", "")))
    typed = kept(request.POST)
    try:
        version = services.draft_save(
            activity=one, by=request.user, now=request.now, version=_number(request.POST.get("version")), typed=typed
        )
    except DraftConflict as conflict:
        return _conflict(request, one, typed, conflict)
    except RuleBroken as error:
        return _refused(request, one, typed, error)
    if request.headers.get("X-Autosave"):
        stamp = _("Saved %(time)s") % {"time": f"{timezone.localtime(request.now):%H:%M}"}
        return HttpResponse(stamp, content_type="text/plain; charset=utf-8", headers={"X-Version": str(version)})
    go = request.POST.get("go", "")
    if go == "later":
        messages.success(request, _("The draft is saved. You find it under “Log”."))
        return redirect("activities:log-start", organization)
    if go == "copy":
        return _copied(request, one, typed, version)
    return _to_step(one, _step(go, default=_number(go[:1]) or 1), go)


def _copied(request: HtmxRequest, one: Activity, typed: dict[str, list[str]], version: int) -> HttpResponse:
    """Topics, guests and lecturer of the last of its kind; what has been typed already stays."""
    last = _last(one)
    if last is not None:
        old = typed_of(last, own_text=False)
        names = ("main-chips", "main-own", "main-topic", "main-lecturer", "guests", "focus")
        added = {name: old[name] for name in names if any(old[name]) and not any(typed.get(name, []))}
        services.draft_save(activity=one, by=request.user, now=request.now, version=version, typed=typed | added)
    return _to_step(one, 3)


def _to_step(one: Activity, step: int, anchor: str = "") -> HttpResponseRedirect:
    url = reverse("activities:log-edit", args=[one.organization.public_id, one.public_id])
    marks = {"3-items": "items", "3-tasks": "tasks", "2-online": "board"}
    return redirect(f"{url}?step={step}#{marks.get(anchor, f'block-{step}')}")


def _step(text: str, default: int = 1) -> int:
    return int(text) if text in ("1", "2", "3", "4") else default


def _number(text: str | None) -> int:
    return int(text) if text and text.isdigit() and len(text) < 10 else 0


def _page(
    request: HtmxRequest,
    one: Activity,
    typed: Mapping[str, list[str]],
    step: int,
    *,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    last = _last(one)
    log = _log(request, one, typed, last, is_shown=True)
    return render(request, "activities/log.html", page_of(request, one, log, step, last, error=error), status=status)


def page_of(
    request: HtmxRequest,
    one: Activity,
    log: Log,
    step: int,
    last: Activity | None,
    *,
    error: str = "",
    correcting: bool = False,
    places: Sequence[tuple[str, str]] = (),
) -> dict:
    blocks = blocks_of(log)
    step = step if step in blocks else blocks[min(range(len(blocks)), key=lambda place: abs(blocks[place] - step))]
    base = reverse("activities:log-edit", args=[one.organization.public_id, one.public_id])
    held_on = log.record.held_on if log.record else one.held_on
    twin = services.colleague_logged(
        organization=log.organization, group=log.group, kind=log.kind, held_on=held_on, by=request.user, but=one
    )  # fmt: skip
    return {
        "activity": one, "organization": one.organization, "log": log, "step": step, "blocks": blocks, "last": last,
        "place_in_blocks": blocks.index(step) + 1, "labels": [str(STEPS[block]) for block in blocks],
        "urls": [] if correcting else [f"{base}?step={block}" for block in blocks], "twin": twin, "error": error,
        "next": {block: blocks[place + 1] for place, block in enumerate(blocks[:-1])}, "correcting": correcting, "places": places,
        "form": log.when, "attachments": [] if correcting else list(one.attachments.all()), "reason": "",
        "counts": {
            "present": log.count(Attendance.Status.PRESENT, Attendance.Status.ONLINE),
            "excused": log.count(Attendance.Status.EXCUSED), "absent": log.count(Attendance.Status.ABSENT),
        },
        "change": {block: f"#block-{block}" if correcting else f"?step={block}#block-{block}" for block in (1, 2, 3)},
        "special_rows": log.special_rows if log.is_roster else [], "reason_error": "",
        "grounds": Attendance.Ground.choices,
    }  # fmt: skip


def _refused(request: HtmxRequest, one: Activity, typed: dict, error: RuleBroken) -> HttpResponse:
    if request.headers.get("X-Autosave"):
        return HttpResponse(str(error), status=error.status, content_type="text/plain; charset=utf-8")
    if isinstance(error, EditConflict):
        messages.error(request, str(error))
        return redirect("activities:activity-detail", one.organization.public_id, one.public_id)
    return _page(request, one, typed, _step(request.POST.get("go", "")), error=str(error), status=error.status)


@require_POST
def log_file(request: HtmxRequest, organization: str, activity: str) -> HttpResponse:
    """Save what is on the page and file it; what is still missing leads back to its place with the text kept."""
    one = _draft(request, organization, activity)
    typed = kept(request.POST)
    version = _number(request.POST.get("version"))
    log = _log(request, one, typed)
    error, status = "", 422
    if log.record is not None and one.state in (*Activity.OPEN, Activity.State.FILED):
        try:
            services.activity_file(
                activity=one, by=request.user, now=request.now, version=version, record=log.record,
                confirmed=request.POST.get("confirmed", ""), people=log.board,
            )  # fmt: skip
            return redirect(reverse("activities:activity-detail", args=[organization, activity]) + "?filed=1")
        except EditConflict as conflict:
            error, status = str(conflict), conflict.status
        except RuleBroken as broken:
            error = str(broken)
    try:
        if typed != one.draft:
            one.version = services.draft_save(
                activity=one, by=request.user, now=request.now, version=version, typed=typed
            )
    except DraftConflict as conflict:
        return _conflict(request, one, typed, conflict)
    except RuleBroken as broken:
        return _refused(request, one, typed, broken)
    return _page(request, one, typed, 4, error=error, status=status)


def _conflict(request: HtmxRequest, one: Activity, mine: dict, conflict: DraftConflict) -> HttpResponse:
    if request.headers.get("X-Autosave"):
        return HttpResponse(str(conflict), status=409, content_type="text/plain; charset=utf-8")
    names = sorted(name for name in {*mine, *conflict.theirs} if mine.get(name) != conflict.theirs.get(name))
    rows = [
        {
            "name": name,
            "label": _label(name),
            "mine": _shown(mine.get(name)),
            "theirs": _shown(conflict.theirs.get(name)),
        }
        for name in names
    ]
    return render(request, "activities/log_conflict.html", {
        "activity": one, "organization": one.organization, "rows": rows, "conflict": conflict, "mine": list(mine.items()),
    }, status=409)  # fmt: skip


@require_POST
def log_merge(request: HtmxRequest, organization: str, activity: str) -> HttpResponse:
    """After a conflict: field by field, mine or theirs, saved upon the version that was shown."""
    one = _draft(request, organization, activity)
    mine = {name.removeprefix("mine:"): values for name, values in request.POST.lists() if name.startswith("mine:")}
    merged = dict(one.draft)
    for name in {*mine, *one.draft}:
        if request.POST.get(f"pick:{name}") == "mine":
            if name in mine:
                merged[name] = mine[name]
            else:
                merged.pop(name, None)
    try:
        services.draft_save(
            activity=one, by=request.user, now=request.now, version=_number(request.POST.get("version")), typed=merged
        )
    except DraftConflict as conflict:
        return _conflict(request, one, mine, conflict)
    except RuleBroken as error:
        return _refused(request, one, merged, error)
    return _to_step(one, 1)


def _label(name: str) -> str:
    """People's words for a field; the last part of a longer name."""
    words = {
        "held_on": _("Date"), "starts_at": _("Begins at"), "ends_at": _("Ends at"), "place": _("Place"), "chair": _("Chair"),
        "minute_taker": _("Minutes by"), "kind": _("Kind"), "also": _("Also counts as"), "group": _("Party group"),
        "minutes": _("Notes"), "chips": _("Agenda"), "own": _("Agenda"), "topic": _("Topic"), "lecturer": _("Lecturer"),
        "who": _("Decisions: who"), "task": _("Decisions: what"), "by": _("Decisions: by when"), "guests": _("Guests"),
        "people": _("Who took part"), "extra": _("Others present"), "unit_work": _("For the unit's own work"),
        "for_people": _("For people"), "focus": _("Line of work"),
    }  # fmt: skip
    if name.startswith(("att-", "why-", "say-", "print-")):
        return _("Attendance")
    if "-said-" in name or "-vote-" in name:
        return _("Remarks and votes")
    return str(words.get(name, words.get(name.rsplit("-", 1)[-1], _("Further details"))))


def _shown(values: list[str] | None) -> str:
    return "\n".join(value for value in values or [] if value)


@require_POST
def log_discard(request: HtmxRequest, organization: str, activity: str) -> HttpResponse:
    """Throw the draft away; what was typed waits in the session for one undo."""
    one = _draft(request, organization, activity)
    keeps = {
        "organization": organization, "kind": one.kind.slug, "group": one.group.public_id if one.group else "",
        "typed": one.draft, "counts_for": one.counts_for.isoformat() if one.counts_for else "", "name": one.kind.short,
    }  # fmt: skip
    is_draft = one.state == Activity.State.DRAFT
    try:
        services.draft_discard(activity=one, by=request.user)
    except RuleBroken as error:
        messages.error(request, str(error))
        return redirect("activities:activity-detail", organization, activity)
    if is_draft:
        request.session["discarded"] = keeps
    return redirect("activities:log-start", organization)


@require_POST
def log_restore(request: HtmxRequest, organization: str) -> HttpResponse:
    """Undo of the last discarded draft."""
    at = desk(request, get_object_or_404(logged_by(request), public_id=organization))
    keeps = request.session.pop("discarded", None)
    kind = at.kind(keeps["kind"]) if keeps and keeps["organization"] == organization else None
    if kind is None:
        messages.error(request, _("There is no deleted draft to bring back."))
        return redirect("activities:log-start", organization)
    try:
        one = services.draft_restore(
            organization=at.organization, kind=kind, group=at.group(keeps["group"]), by=request.user, now=request.now,
            typed=keeps["typed"], counts_for=parse_date(keeps["counts_for"]) if keeps["counts_for"] else None,
        )  # fmt: skip
    except RuleBroken as error:
        messages.error(request, str(error))
        return redirect("activities:log-start", organization)
    return redirect("activities:log-edit", organization, one.public_id)


@require_GET
def log_choose(request: HtmxRequest) -> HttpResponse:
    """The ＋ of the tab bar: straight to the branch, or a choice where there are several."""
    places = list(logged_by(request).order_by("path"))
    if len(places) == 1:
        return redirect("activities:log-start", places[0].public_id)
    return render(request, "activities/log_choose.html", {"places": places})
