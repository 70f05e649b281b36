"""The table of states as people read it; and that nothing is ever done without the giver."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from apps.assignments.rules import AT_WORK, OPEN, Act, Role, State, acts, after

ROWS = {
    (Act.BEGIN, Role.ASSIGNEE): {"todo": "doing", "returned": "doing"},
    (Act.REPORT, Role.ASSIGNEE): {"todo": "doing", "doing": "doing", "returned": "doing"},
    (Act.SUBMIT, Role.ASSIGNEE): {"todo": "submitted", "doing": "submitted", "returned": "submitted"},
    (Act.DECLINE, Role.ASSIGNEE): {"todo": "declined", "doing": "declined", "returned": "declined"},
    (Act.FINISH, Role.BOTH): {"todo": "done", "doing": "done", "returned": "done"},
    (Act.ACCEPT, Role.GIVER): {"submitted": "done"},
    (Act.RETURN, Role.GIVER): {"submitted": "returned"},
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
        assert acts(state, list(Role)) == []
    assert set(AT_WORK) < set(OPEN)


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
