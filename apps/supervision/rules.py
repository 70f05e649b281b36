"""In which state a step of a rectification is allowed. Who may take it is decided by the querysets."""

from datetime import date

from apps.supervision.models import Rectification

State = Rectification.State
WORKING = frozenset(Rectification.WORKING)

# Step: the states it may start from, the state it leads to (None: stays).
STEPS: dict[str, tuple[frozenset[str], str | None]] = {
    "assign": (WORKING, None),
    "measures": (WORKING, State.RECTIFYING),
    "measure_done": (WORKING, State.RECTIFYING),
    "progress": (WORKING | {State.ONGOING}, State.RECTIFYING),
    "proof": (frozenset(Rectification.UNFINISHED) | {State.ONGOING}, None),
    "ask": (WORKING, State.CLOSURE_REQUESTED),
    "accept": (frozenset({State.CLOSURE_REQUESTED, State.ONGOING}), State.CLOSED),
    "keep_up": (frozenset({State.CLOSURE_REQUESTED}), State.ONGOING),
    "return": (frozenset({State.CLOSURE_REQUESTED}), State.REOPENED),
    "reopen": (frozenset({State.CLOSED, State.ONGOING}), State.REOPENED),
    "change": (WORKING, None),
}
DUE_SOON_DAYS = 10  # what people filter by
LONGEST_MEASURES = 12


def may(step: str, state: str) -> bool:
    return state in STEPS[step][0]


def leads_to(step: str, state: str) -> str:
    """Progress on what is kept up is one more line; it stays kept up."""
    target = STEPS[step][1]
    if target is None or (step == "progress" and state == State.ONGOING):
        return state
    return target


def is_overdue(row: Rectification, today: date) -> bool:
    """Nothing is late while it waits for the checker."""
    return row.state in WORKING and row.due_on is not None and row.due_on < today
