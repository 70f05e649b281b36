"""A stored record as it would have been typed: the way back from the rows to the log flow's page."""

from apps.activities.expected import ROSTER_BEHAVIOURS
from apps.activities.log import key_of
from apps.activities.models import Activity
from apps.branches.models import Person


def typed_of(activity: Activity, *, own_text: bool = True) -> dict[str, list[str]]:
    """A stored record as it would have been typed: to correct it, or, without `own_text`, to copy the last of its kind."""
    sitting = activity.sitting
    public = lambda person: person.public_id if person else ""  # noqa: E731 - three uses, one line
    typed = {
        "kind": [activity.kind.slug], "group": [activity.group.public_id if activity.group else ""], "place": [sitting.place],
        "starts_at": [f"{sitting.starts_at:%H:%M}" if sitting.starts_at else ""],
        "ends_at": [f"{sitting.ends_at:%H:%M}" if sitting.ends_at else ""], "chair": [public(sitting.chair)],
        "minute_taker": [public(sitting.minute_taker)], "guests": ["、".join(sitting.guests)],
        "main-topic": [activity.topic], "main-lecturer": [activity.lecturer], "focus": list(activity.focus),
        "main-chips": [], "main-own": [],
    }  # fmt: skip
    for item in activity.agenda.all():
        typed["main-chips" if item.title in activity.kind.topics else "main-own"].append(item.title)
        if own_text:
            key = key_of(item.title)
            said = [*(f"{speaker}：{text}" for speaker, text in item.remarks), *([item.notes] if item.notes else [])]
            typed[f"main-said-{key}"] = ["\n".join(said)]
            if item.vote_rule:
                counts = (item.votes_for, item.votes_against, item.votes_abstain)
                for name, count in zip(("in_favour", "against", "abstain"), counts, strict=True):
                    typed[f"main-vote-{key}-{name}"] = [str(count)]
    if not own_text:
        return typed
    decisions = list(activity.decisions.select_related("person"))
    typed |= {
        "held_on": [activity.held_on.isoformat()], "main-minutes": [activity.minutes], "unit_work": [activity.unit_work],
        "for_people": [activity.for_people], "main-who": [public(one.person) for one in decisions],
        "main-task": [one.task for one in decisions], "extra": [], "people": [],
        "main-by": [one.due_on.isoformat() if one.due_on else "" for one in decisions],
        "counts_for": [activity.counts_for.isoformat() if activity.counts_for else ""],
        "for_year": [str(activity.for_year or "")],
    }  # fmt: skip
    return typed | _typed_people(activity, typed)


def _typed_people(activity: Activity, typed: dict[str, list[str]]) -> dict[str, list[str]]:
    people: dict[str, list[str]] = {"extra": [], "people": []}
    changes = {change[0]: (change[2], change[3]) for change in activity.sitting.expected_changes}
    added = {pk for pk, (kind, _why) in changes.items() if kind == "added"}
    for row in activity.sitting.attendances.select_related("person"):
        public_id = row.person.public_id
        if activity.kind.behaviour in ROSTER_BEHAVIOURS and row.is_expected and row.person_id not in added:
            people[f"att-{public_id}"], people[f"why-{public_id}"] = [row.status], [row.ground]
            people[f"say-{public_id}"], people[f"print-{public_id}"] = [row.reason], ["on"] if row.print_reason else []
        elif activity.kind.behaviour in ROSTER_BEHAVIOURS:
            people["extra"].append(public_id)
        else:
            people["people"].append(public_id)
    ids = dict(Person.objects.filter(pk__in=changes).values_list("pk", "public_id")) if changes else {}
    for kind, name in (("left_out", "off"), ("added", "on")):
        chosen = [(ids[pk], why) for pk, (of, why) in changes.items() if of == kind and pk in ids]
        people[f"{name}_who"], people[f"{name}_why"] = [one for one, _why in chosen], [why for _one, why in chosen]
    return people
