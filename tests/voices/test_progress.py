"""How long a visitor may wait and which way a matter goes: tables with articles, and what holds for every history."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.reminders.working_days import WorkingDays
from apps.voices import terms
from apps.voices.progress import (
    FOREIGN,
    OPEN,
    WAYS,
    Category,
    Event,
    Progress,
    Refused,
    State,
    Step,
    fits,
    follow,
    standing,
)
from apps.voices.terms import DEFAULTS, TERMS, Terms

DAY = date(2026, 3, 18)
REQUEST = Category.REQUEST


def way(*steps: tuple[str, int], category: Category = REQUEST, forwarded: bool = False, days: int = 30) -> Progress:
    """Steps with their day, counted from the receipt."""
    events = [Event(Step(step), DAY + timedelta(days=on), days if step == "extend" else 0) for step, on in steps]
    return standing(DAY, category, events, DEFAULTS, is_forwarded=forwarded)


@pytest.mark.parametrize(
    ("steps", "state", "due"),
    [
        ((), State.RECEIVED, date(2026, 4, 2)),  # art. 23: 15 days from receipt
        ((("accept", 0),), State.HANDLING, date(2026, 5, 17)),  # art. 34: 60 days from acceptance
        ((("accept", 10),), State.HANDLING, date(2026, 5, 27)),  # not from receipt
        ((("accept", 0), ("extend", 50)), State.HANDLING, date(2026, 6, 16)),  # art. 34: 30 days more
        ((("accept", 0), ("answer", 40)), State.ANSWERED, None),
        ((("accept", 0), ("answer", 40), ("ask_review", 70)), State.IN_REVIEW, date(2026, 6, 26)),  # art. 35: 30 + 30
        ((("accept", 0), ("answer", 1), ("ask_review", 2), ("answer_review", 3), ("ask_recheck", 33)), State.IN_RECHECK,
         date(2026, 5, 20)),  # art. 36
        ((("refer", 3),), State.REFERRED, None),
        ((("accept", 0), ("withdraw", 9)), State.WITHDRAWN, None),
    ],
)  # fmt: skip
def test_the_days_of_the_articles(steps, state, due):
    progress = way(*steps)
    assert (progress.state, progress.due_on) == (state, due)


@pytest.mark.parametrize(
    ("steps", "more", "why"),
    [
        ((("accept", 0), ("answer", 0)), {}, None),
        ((("answer", 0),), {}, "step"),  # what is not accepted is not answered
        ((("accept", 0), ("accept", 1)), {}, "step"),
        ((("accept", 5), ("answer", 4)), {}, "order"),
        ((("accept", -1),), {}, "order"),  # before it came
        ((("accept", 0), ("answer", 0), ("ask_review", 31)), {}, "late"),  # art. 35
        ((("accept", 0), ("answer", 0), ("ask_review", 30)), {}, None),
        ((("accept", 0), ("extend", 61)), {}, "overdue"),  # art. 34: told before the day has passed
        ((("accept", 0), ("extend", 5), ("extend", 6)), {}, "step"),  # once
        ((("accept", 0), ("extend", 5)), {"days": 31}, "days"),
        ((("accept", 0), ("extend", 5)), {"days": 0}, "days"),
        ((("object", 1),), {}, "step"),  # only of what was forwarded here: art. 23
        ((("object", 1),), {"forwarded": True}, None),
        ((("accept", 0),), {"category": Category.ACCUSATION}, "step"),  # art. 30: never handled here
        ((("pass_on", 0),), {"category": Category.ACCUSATION}, None),
        ((("accept", 0),), {"category": Category.APPEAL}, "step"),  # art. 31(3)
        ((("accept", 0), ("extend", 1)), {"category": Category.SUGGESTION}, "step"),
        ((("accept", 0), ("answer", 1), ("ask_review", 2)), {"category": Category.SUGGESTION}, "step"),
    ],
)
def test_what_does_not_fit_is_refused(steps, more, why):
    if why is None:
        way(*steps, **more)
        return
    with pytest.raises(Refused) as refused:
        way(*steps, **more)
    assert refused.value.why == why


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 3, 18), date(2026, 3, 25)),  # Wednesday to Wednesday
        (date(2026, 3, 20), date(2026, 3, 27)),
        (date(2026, 3, 21), date(2026, 3, 27)),  # received on a Saturday
        (date(2026, 9, 29), date(2026, 10, 12)),  # National Day; Saturday 10 October is worked
    ],
)
def test_an_objection_counts_working_days(received, due):
    """信访工作条例 art. 23: within 5 working days."""
    assert terms.working_days_after(received, DEFAULTS[terms.OBJECTION], WorkingDays()) == due


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2026, 3, 18), 24, date(2028, 3, 18)),
        (date(2026, 12, 5), 12, date(2027, 12, 5)), (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)  # fmt: skip
def test_months_end_with_the_month(day, months, end):
    assert terms.months_after(day, months) == end


@pytest.mark.parametrize("key", TERMS)
def test_no_choice_is_slower_than_the_articles(key):
    assert Terms({key: 9999})[key] == TERMS[key].most
    assert Terms({key: 0})[key] == TERMS[key].least
    assert TERMS[key].least <= TERMS[key].default <= TERMS[key].most


EVENTS = st.lists(st.tuples(st.sampled_from(list(Step)), st.integers(0, 40), st.integers(0, 40)), max_size=12)


@given(category=st.sampled_from(list(Category)), events=EVENTS, forwarded=st.booleans(), notice=st.integers(1, 15))
def test_every_history_keeps_its_promises(category, events, forwarded, notice):
    """Whatever is tried: an open matter owes a day, a closed one none; days never go back; nothing foreign happens; an answer
    is at most 90 days after acceptance (art. 34).
    """
    limits = Terms({terms.NOTICE: notice})
    progress, day, done, accepted = standing(DAY, category, (), limits), DAY, [], None
    for step, wait, days in events:
        event = Event(step, day + timedelta(days=wait), days)
        try:
            after = follow(progress, category, event, limits, is_forwarded=forwarded)
        except Refused:
            continue
        assert fits(progress, category, step, is_forwarded=forwarded)
        assert step not in FOREIGN[category]
        assert progress.state in WAYS[step][0]
        done.append(event)
        accepted = event.on if step == Step.ACCEPT else accepted
        progress, day = after, event.on
        assert (progress.due_on is not None) == (progress.state in OPEN) == progress.is_open
        assert progress.due_on is None or progress.due_on > day or step == Step.EXTEND
        if progress.state == State.HANDLING:
            assert progress.due_on <= accepted + timedelta(days=90)
    assert standing(DAY, category, done, limits, is_forwarded=forwarded) == progress
