"""One table of states: every one has its word, its drawing and its colours."""

import pytest
from django.utils import translation

from apps.core.icons import ICONS
from apps.core.status import STATUSES, status
from tests.core.stylesheets import TOKENS

EVERY = [(domain, state) for domain, states in STATUSES.items() for state in states]


def test_states_are_the_ones_of_the_glossary():
    assert {domain: list(states) for domain, states in STATUSES.items()} == {
        "duty": [
            "not_due", "due_soon", "in_progress", "done", "held_late", "recorded_late", "overdue", "not_applicable", "waived",
            "explained",
        ],
        "meeting": ["draft", "scheduled", "minutes_due", "filed", "withdrawn", "cancelled"],
        "attendance": ["present", "online", "excused", "absent", "observer"],
        "report": ["draft", "submitted", "returned", "approved", "withdrawn"],
            "assignment": ["todo", "doing", "submitted", "returned", "done", "declined", "cancelled"],
        "rectification": ["open", "rectifying", "closure_requested", "closed", "ongoing", "reopened"],
        "visit": ["planned", "closed", "cancelled"],
        "development": ["not_started", "in_progress", "awaiting_approval", "done", "needs_note"],
        "matter": [
            "received", "handling", "passed_on", "referred", "objected", "answered", "in_review", "reviewed", "in_recheck",
            "final", "withdrawn",
        ],
        "suggestion": ["open", "public", "alone"],
        "help": ["doing", "done"],
        "situation": ["sent", "acknowledged", "answered"],
        "leave": ["cannot_come", "on_leave"],
        "dues": ["unpaid", "paid", "arrears_paid", "exempt"],
        "survey": ["draft", "open", "closed"],
        "import": ["reading", "to_check", "importing", "done", "partly_done"],
    }  # fmt: skip


@pytest.mark.parametrize(("domain", "state"), EVERY)
def test_each_state_has_word_drawing_and_colours(domain, state):
    shown = status(domain, state)
    with translation.override("en"):
        assert str(shown.label)
    assert shown.glyph in ICONS
    assert {f"--color-{shown.style}", f"--tint-{shown.style}"} <= TOKENS.keys()
    assert shown.outline in ("", "struck", "dashed")


@pytest.mark.parametrize("domain", STATUSES)
def test_no_two_states_of_a_domain_look_the_same(domain):
    """Word and glyph differ even on a black-and-white print; the two kinds of leave and of waiver differ by word."""
    with translation.override("en"):
        looks = [(str(shown.label), shown.glyph) for shown in STATUSES[domain].values()]
    assert len(looks) == len(set(looks))
    assert len({label for label, _ in looks}) == len(looks)


def test_red_is_for_overdue_and_absence_only():
    red = {(domain, state) for domain, state in EVERY if status(domain, state).style == "overdue"}
    assert red == {("duty", "overdue"), ("attendance", "absent")}


@pytest.mark.parametrize(("domain", "state"), [("duty", "late"), ("duties", "done"), ("report", "rejected")])
def test_unknown_state_is_refused(domain, state):
    with pytest.raises(KeyError, match="is no state of"):
        status(domain, state)
