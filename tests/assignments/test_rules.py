"""The table of states as people read it; and that nothing is ever done without the giver."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from apps.assignments.models import Assignment
from apps.assignments.rules import AT_WORK, OPEN, Act, Role, State, acts, after
from tests.factories.branches import TODAY

ROWS = {
    (Act.BEGIN, Role.ASSIGNEE): {"todo": "doing", "returned": "doing"},
    (Act.REPORT, Role.ASSIGNEE): {"todo": "doing", "doing": "doing", "returned": "doing"},
    (Act.SUBMIT, Role.ASSIGNEE): {"todo": "submitted", "doing": "submitted", "returned": "submitted"},
    (Act.DECLINE, Role.ASSIGNEE): {"todo": "declined", "doing": "declined", "returned": "declined"},
    (Act.FINISH, Role.BOTH): {"todo": "done", "doing": "done", "returned": "done"},
    (Act.ACCEPT, Role.GIVER): {"submitted": "done"},
    (Act.RETURN, Role.GIVER): {"submitted": "returned"},
    (Act.RETURN, Role.LEADER): {"submitted": "returned"},
    (Act.ASK, Role.ASSIGNEE): {"todo": "todo", "doing": "doing", "returned": "returned"},
    (Act.REFUSE, Role.GIVER): {"todo": "todo", "doing": "doing", "returned": "returned"},
    (Act.NUDGE, Role.GIVER): {"todo": "todo", "doing": "doing", "returned": "returned"},
    (Act.POSTPONE, Role.GIVER): {"todo": "todo", "doing": "doing", "returned": "returned", "declined": "declined"},
    (Act.CANCEL, Role.GIVER): {
        "todo": "cancelled", "doing": "cancelled", "submitted": "cancelled", "returned": "cancelled",
        "declined": "cancelled",
    },
    (Act.DELEGATE, Role.LEADER): {"todo": "todo", "doing": "todo", "returned": "todo", "declined": "todo"},
}  # fmt: skip


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_each_act_of_each_role_in_each_state(state, act, role):
    assert after(state, act, [role]) == ROWS.get((act, role), {}).get(state)


def test_what_is_over_stays_over():
    for state in (State.DONE, State.CANCELLED):
        assert acts(Assignment(state=state, asked_due_on=TODAY), list(Role)) == []
    assert set(AT_WORK) < set(OPEN)


@pytest.mark.parametrize(
    ("held", "asked", "missing"),
    [
        ([Role.ASSIGNEE, Role.GIVER, Role.BOTH, Role.LEADER], TODAY, {Act.SUBMIT, Act.DECLINE, Act.ASK, Act.NUDGE}),
        ([Role.GIVER, Role.LEADER], None, {Act.REFUSE}),
        ([Role.ASSIGNEE], None, set()),
    ],
)
def test_what_makes_no_sense_is_not_offered(held, asked, missing):
    """Nobody hands in to, asks or reminds oneself; a later day nobody asked for is not refused."""
    one = Assignment(state=State.TODO, asked_due_on=asked)
    assert {act for act in Act if after(one.state, act, held)} - set(acts(one, held)) == missing


class Handling(RuleBasedStateMachine):
    """Any people, any buttons, in any order."""

    def __init__(self):
        super().__init__()
        self.state, self.how = State.TODO, None

    @rule(act=st.sampled_from(Act), held=st.sets(st.sampled_from([Role.ASSIGNEE, Role.GIVER, Role.LEADER])))
    def press(self, act, held):
        if {Role.ASSIGNEE, Role.GIVER} <= held:
            held = held | {Role.BOTH}
        if new := after(self.state, act, held):
            self.state, self.how = new, (act, held)

    @invariant()
    def done_only_by_the_giver(self):
        if self.state == State.DONE:
            act, held = self.how
            assert act in (Act.ACCEPT, Act.FINISH)
            assert Role.GIVER in held


TestHandling = Handling.TestCase
TestHandling.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
