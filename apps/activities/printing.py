"""From a stored record to the papers of `papers.py`."""

from datetime import date

from django.utils import translation

from apps.activities import voting
from apps.activities.expected import board
from apps.activities.models import Activity, AgendaItem, Attendance, Behaviour
from apps.activities.papers import (
    AgendaItem as PaperItem,
)
from apps.activities.papers import (
    Away,
    Correction,
    Decision,
    MinutesPaper,
    NotCounted,
    Remark,
    SignInPaper,
    SignInPerson,
    Someone,
    Vote,
)
from apps.activities.reading import Counts, in_roster_order
from apps.branches import models as branches

Status = Attendance.Status
HERE = (Status.PRESENT, Status.ONLINE)


def minutes_paper(activity: Activity, *, grounds: bool) -> MinutesPaper:
    """The record as it stands, in Chinese whatever the language of the screen. Without `grounds` no category of a leave."""
    with translation.override("zh-hans"):
        return _minutes(activity, grounds)


def _minutes(activity: Activity, grounds: bool) -> MinutesPaper:
    sitting, kind = activity.sitting, activity.kind
    rows = list(in_roster_order(sitting.attendances.select_related("person"), activity))
    posts = _posts(activity.organization, activity.held_on)
    version = activity.versions.order_by("number").last()
    counts = Counts.of(rows)
    if version and version.number == 1:  # a correction has confirmed the people by name
        counts = counts.as_taken_over(activity.taken_over)
    is_roster = kind.behaviour not in (Behaviour.TALK, Behaviour.INVITED, Behaviour.PAPER)
    chosen = {
        "expected": counts.expected, "present": counts.present, "excused": counts.excused, "absent": counts.absent
    } if is_roster else {"present": counts.present + counts.others}  # fmt: skip
    kept = activity.taken_over or {}
    return MinutesPaper(
        branch=activity.organization.name, kind=kind.name_zh, name=activity.topic or kind.name_zh,
        group=activity.group.name if activity.group else "", group_leader=_leader(activity), for_year=activity.for_year,
        lecturer=Someone(name=activity.lecturer) if activity.lecturer else None, held_on=activity.held_on,
        starts_at=sitting.starts_at, ends_at=sitting.ends_at, place=sitting.place,
        chair=_someone(sitting.chair, posts) or (Someone(name=kept["chair"]) if kept.get("chair") else None),
        minute_taker=sitting.minute_taker.name if sitting.minute_taker else kept.get("minute_taker", ""), topic=activity.topic,
        present_people=tuple(row.person.name for row in rows if row.status in HERE and (row.is_expected or not is_roster)),
        excused_people=_away(rows, Status.EXCUSED, grounds), absent_people=_away(rows, Status.ABSENT, grounds),
        not_counted=_not_counted(activity) if is_roster else (),
        non_voting=tuple(
            [Someone(name=row.person.name) for row in rows if is_roster and not row.is_expected]
            + [Someone(name=name) for name in sitting.guests]
        ),
        agenda=tuple(_item(item, kind.slug) for item in activity.agenda.all()), minutes=activity.minutes,
        decisions=tuple(
            Decision(what=one.task, who=one.person.name if one.person else "", due_on=one.due_on)
            for one in activity.decisions.select_related("person")
        ),
        work_focus="、".join(str(Activity.Focus(focus).label) for focus in activity.focus),
        contribution="；".join(filter(None, [activity.unit_work, activity.for_people])),
        correction=Correction(number=version.number, filed_on=version.filed_at.date(), reason=version.reason)
        if version and version.number > 1 else None,
        **chosen,
    )  # fmt: skip


def _posts(organization: branches.Organization, day: date) -> dict[int, str]:
    held = branches.Post.objects.on(day).filter(organization=organization)
    return {post.person_id: str(post.get_kind_display()) for post in held}


def _someone(person: branches.Person | None, posts: dict[int, str]) -> Someone | None:
    return Someone(name=person.name, post=posts.get(person.pk, "")) if person else None


def _leader(activity: Activity) -> str:
    if not activity.group:
        return ""
    held = branches.Post.objects.on(activity.held_on).filter(group=activity.group).select_related("person").first()
    return held.person.name if held else ""


def _away(rows: list[Attendance], status: str, grounds: bool) -> tuple[Away, ...]:
    """The category for those who see it; words only where the filer ticked that they are printed."""
    return tuple(
        Away(
            name=row.person.name, category=str(row.get_ground_display()) if row.ground and grounds else "",
            reason=row.reason if row.print_reason else "", is_silent=not grounds,
        )
        for row in rows
        if row.status == status
    )  # fmt: skip


def _not_counted(activity: Activity) -> tuple[NotCounted, ...]:
    people = board(activity.organization, activity.group, activity.kind, activity.held_on).welcome
    grounds = branches.NotCounted.Ground
    return tuple(
        NotCounted(name=one.person.name, reason=str(grounds(one.left_out).label)) for one in people if one.left_out
    )


def _item(item: AgendaItem, slug: str) -> PaperItem:
    vote = None
    if item.vote_rule:
        counted = voting.Vote(
            item.vote_rule, item.entitled or 0, item.entitled_present or 0, item.votes_for or 0, item.votes_against or 0,
            item.votes_abstain or 0,
        )  # fmt: skip
        outcome = "赞成人数超过应到会有表决权人数的半数，通过。" if voting.is_passed(counted) else (
            "赞成人数未超过应到会有表决权人数的半数，未通过。"
        )  # fmt: skip
        vote = Vote(
            entitled=item.entitled, present_entitled=item.entitled_present, vote_for=item.votes_for,
            vote_against=item.votes_against, vote_abstain=item.votes_abstain, passed=outcome,
        )  # fmt: skip
    remarks = tuple(Remark(speaker=speaker, text=text) for speaker, text in item.remarks)
    return PaperItem(title=item.title, remarks=remarks, notes=item.notes, vote=vote)


def sign_in_paper(activity: Activity) -> SignInPaper:
    """The sheet to sign: the people expected that day, or those who were there."""
    with translation.override("zh-hans"):
        sitting = activity.sitting
        posts = _posts(activity.organization, activity.held_on)
        expected = board(activity.organization, activity.group, activity.kind, activity.held_on).expected
        people = [one.person for one in expected]
        if not people:
            people = [row.person for row in sitting.attendances.select_related("person").order_by("person__stroke_key")]
        return SignInPaper(
            branch=activity.organization.name, name=activity.topic or activity.kind.name_zh, held_on=activity.held_on,
            starts_at=sitting.starts_at, place=sitting.place, chair=_someone(sitting.chair, posts),
            people=tuple(SignInPerson(name=person.name, note=posts.get(person.pk, "")) for person in people),
            expected=len(expected) or None,
        )  # fmt: skip
