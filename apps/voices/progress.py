"""How a visitor's matter stands: a fold over what happened. No clock, no database."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from apps.voices import terms
from apps.voices.terms import Terms


class Category(StrEnum):
    """信访工作条例 arts 29-31: each goes its own way."""

    SUGGESTION = "suggestion"
    ACCUSATION = "accusation"
    APPEAL = "member_appeal"
    REQUEST = "request"


class State(StrEnum):
    RECEIVED = "received"
    HANDLING = "handling"
    PASSED_ON = "passed_on"
    REFERRED = "referred"
    OBJECTED = "objected"
    ANSWERED = "answered"
    IN_REVIEW = "in_review"
    REVIEWED = "reviewed"
    IN_RECHECK = "in_recheck"
    FINAL = "final"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What moves a matter on."""

    ACCEPT = "accept"
    PASS_ON = "pass_on"  # noqa: S105 - a step
    REFER = "refer"
    OBJECT = "object"
    EXTEND = "extend"
    ANSWER = "answer"
    ASK_REVIEW = "ask_review"
    ANSWER_REVIEW = "answer_review"
    ASK_RECHECK = "ask_recheck"
    ANSWER_RECHECK = "answer_recheck"
    WITHDRAW = "withdraw"


# From which states a step leads where; arts 22-23, 34-36.
WAYS: dict[Step, tuple[frozenset[State], State]] = {
    Step.ACCEPT: (frozenset({State.RECEIVED}), State.HANDLING),
    Step.PASS_ON: (frozenset({State.RECEIVED, State.HANDLING}), State.PASSED_ON),
    Step.REFER: (frozenset({State.RECEIVED}), State.REFERRED),
    Step.OBJECT: (frozenset({State.RECEIVED}), State.OBJECTED),
    Step.EXTEND: (frozenset({State.HANDLING}), State.HANDLING),
    Step.ANSWER: (frozenset({State.HANDLING}), State.ANSWERED),
    Step.ASK_REVIEW: (frozenset({State.ANSWERED}), State.IN_REVIEW),
    Step.ANSWER_REVIEW: (frozenset({State.IN_REVIEW}), State.REVIEWED),
    Step.ASK_RECHECK: (frozenset({State.REVIEWED}), State.IN_RECHECK),
    Step.ANSWER_RECHECK: (frozenset({State.IN_RECHECK}), State.FINAL),
    Step.WITHDRAW: (frozenset({State.RECEIVED, State.HANDLING, State.IN_REVIEW, State.IN_RECHECK}), State.WITHDRAWN),
}
OPEN = frozenset({State.RECEIVED, State.HANDLING, State.IN_REVIEW, State.IN_RECHECK})
# An accusation goes to the discipline body or competent unit (art. 30), a member's appeal to its own procedure (art. 31(3)):
# neither is handled here. Suggestions have no review (art. 35 speaks of the decision on a request).
FOREIGN = {
    Category.ACCUSATION: frozenset({Step.ACCEPT}),
    Category.APPEAL: frozenset({Step.ACCEPT}),
    Category.SUGGESTION: frozenset({Step.EXTEND, Step.ASK_REVIEW}),
    Category.REQUEST: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Event:
    """`days`: of an extension."""

    step: Step
    on: date
    days: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """`due_on`: the day by which the handler owes the next word; None when nothing is owed. `until`: how long the visitor may
    still ask for a review or a final check.
    """

    state: State
    due_on: date | None
    since: date
    until: date | None = None
    is_extended: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Refused(ValueError):
    """The step does not fit; `why` is a word of `REFUSALS` for the page."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def start(received_on: date, limits: Terms) -> Progress:
    return Progress(State.RECEIVED, terms.after(received_on, limits[terms.NOTICE]), received_on)


def fits(progress: Progress, category: Category, step: Step, *, is_forwarded: bool = False) -> bool:
    """Whether the step is possible at all, whatever its day."""
    if progress.state not in WAYS[step][0] or step in FOREIGN[category]:
        return False
    if step == Step.OBJECT and not is_forwarded:
        return False
    return not (step == Step.EXTEND and progress.is_extended)


def follow(
    progress: Progress, category: Category, event: Event, limits: Terms, *, is_forwarded: bool = False
) -> Progress:
    """The standing after `event`; Refused where it does not fit, comes too late, or stands before what happened last."""
    if not fits(progress, category, event.step, is_forwarded=is_forwarded):
        raise Refused("step")
    if event.on < progress.since:
        raise Refused("order")
    if event.step in (Step.ASK_REVIEW, Step.ASK_RECHECK) and progress.until and event.on > progress.until:
        raise Refused("late")
    if event.step == Step.EXTEND:
        return _extended(progress, event, limits)
    state = WAYS[event.step][1]
    return Progress(state, _due(state, category, event.on, limits), event.on, _until(state, category, event.on, limits))


def _extended(progress: Progress, event: Event, limits: Terms) -> Progress:
    """The new day is told before the old one has passed, else it would be an excuse."""
    if not 1 <= event.days <= limits[terms.EXTENSION]:
        raise Refused("days")
    if progress.due_on is None or event.on > progress.due_on:
        raise Refused("overdue")
    return replace(progress, due_on=terms.after(progress.due_on, event.days), since=event.on, is_extended=True)


def _due(state: State, category: Category, on: date, limits: Terms) -> date | None:
    if state == State.HANDLING:
        key = terms.SUGGESTION if category == Category.SUGGESTION else terms.HANDLING
        return terms.after(on, limits[key])
    key_of = {State.IN_REVIEW: terms.REVIEW, State.IN_RECHECK: terms.RECHECK}
    return terms.after(on, limits[key_of[state]]) if state in key_of else None


def _until(state: State, category: Category, on: date, limits: Terms) -> date | None:
    if category != Category.REQUEST:
        return None
    key_of = {State.ANSWERED: terms.REVIEW_ASK, State.REVIEWED: terms.RECHECK_ASK}
    return terms.after(on, limits[key_of[state]]) if state in key_of else None


def standing(
    received_on: date, category: Category, events: Iterable[Event], limits: Terms, *, is_forwarded: bool = False
) -> Progress:
    """The whole way; what is stored beside a matter is this and nothing else."""
    progress = start(received_on, limits)
    for event in events:
        progress = follow(progress, category, event, limits, is_forwarded=is_forwarded)
    return progress
