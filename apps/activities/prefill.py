"""What the log flow fills in by itself: facts that are known, proposals where a guess is easy to correct. Never attendance."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from apps.activities.models import Activity, ActivityKind, Behaviour
from apps.branches.models import Organization, PartyGroup, Person, Post

HALF_HOUR = 30


@dataclass(frozen=True, slots=True)
class Proposal:
    held_on: date
    starts_at: time | None
    ends_at: time | None


def proposed_time(
    kind: ActivityKind, now: datetime, theme_day: int | None, last: tuple[time | None, time | None]
) -> Proposal:
    """A meeting is logged when it has just ended: it ended at the last half hour and took as long as its kind takes.

    A theme day was on the fixed day of this month if that has come. On another day than today only the clock of the last one
    is known, or none.
    """
    day = now.date()
    if kind.slug == "theme_day" and theme_day:
        fixed = _day_of_month(now.date(), theme_day)
        if fixed <= now.date():
            day = fixed
    if day != now.date() or (last[0] and last[1] and last[1] <= now.time()):
        return Proposal(day, *last)
    end = now.replace(minute=now.minute // HALF_HOUR * HALF_HOUR, second=0, microsecond=0)
    start = end - timedelta(minutes=kind.minutes_long)
    if start.date() != day:
        return Proposal(day, None, None)
    return Proposal(day, start.time().replace(tzinfo=None), end.time().replace(tzinfo=None))


def _day_of_month(today: date, day: int) -> date:
    following = today.replace(day=28) + timedelta(days=4)
    last = (following - timedelta(days=following.day)).day
    return today.replace(day=min(day, last))


def last_of_kind(organization: Organization, group: PartyGroup | None, kind: ActivityKind) -> Activity | None:
    """The newest filed record of the kind, with what a copy needs."""
    rows = Activity.objects.filed().filter(organization=organization, group=group, kind=kind)
    return (
        rows.select_related("sitting__chair", "sitting__minute_taker", "kind", "group")
        .order_by("-held_on", "-pk")
        .first()
    )


def chair_of(organization: Organization, group: PartyGroup | None, kind: ActivityKind, day: date) -> Person | None:
    """The secretary calls and chairs; the group's leader its meetings. 支部工作条例（试行） art. 14."""
    posts = Post.objects.on(day).filter(organization=organization).select_related("person")
    if kind.behaviour == Behaviour.GROUP:
        posts = posts.filter(kind=Post.Kind.GROUP_LEADER, group=group)
    else:
        posts = posts.filter(kind__in=Post.LEADERS)
    held = {post.kind: post.person for post in posts}
    for wanted in (Post.Kind.GROUP_LEADER, Post.Kind.SECRETARY, Post.Kind.ACTING_SECRETARY, Post.Kind.DEPUTY):
        if wanted in held:
            return held[wanted]
    return None


def proposed(
    organization: Organization, group: PartyGroup | None, kind: ActivityKind, me: Person | None, now: datetime,
    last: Activity | None,
) -> dict[str, list[str]]:  # fmt: skip
    """As it would have been typed."""
    clock = (last.sitting.starts_at, last.sitting.ends_at) if last else (None, None)
    when = proposed_time(kind, now, organization.theme_day, clock)
    chair = chair_of(organization, group, kind, when.held_on) if kind.behaviour != Behaviour.TALK else None
    place = (last.sitting.place if last else "") or organization.usual_place
    typed = {
        "kind": [kind.slug], "group": [group.public_id if group else ""], "held_on": [when.held_on.isoformat()],
        "starts_at": [f"{when.starts_at:%H:%M}" if when.starts_at else ""],
        "ends_at": [f"{when.ends_at:%H:%M}" if when.ends_at else ""],
        "place": [place if kind.behaviour not in (Behaviour.TALK, Behaviour.PAPER) else ""],
        "chair": [chair.public_id if chair else ""], "minute_taker": [me.public_id if me else ""],
    }  # fmt: skip
    if kind.behaviour == Behaviour.TALK and me is not None:
        typed |= {"people": [me.public_id], "minute_taker": [""], "starts_at": [""], "ends_at": [""]}
    return typed


def next_theme_day(today: date, day: int) -> date:
    """The fixed day of this month, or of the next where it has passed."""
    fixed = _day_of_month(today, day)
    return fixed if fixed >= today else _day_of_month(today.replace(day=28) + timedelta(days=4), day)
