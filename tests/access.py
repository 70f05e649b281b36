"""How an app states who gets which answer from its addresses; `tests/test_access.py` compares them with the URLconf.

Each app has `tests/<app>/access.py` with `ACCESS: dict[str, Row | list[Row]]`, keyed by URL name ("members:roster-list").
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.world import ROLES, World


@dataclass(frozen=True)
class Row:
    """`answers` in the order of tests.world.ROLES:

    anonymous, member, group_leader, committee_member, secretary, other_secretary, affairs_worker, upper_worker, administrator.
    302 for anonymous is the way to sign-in. 422 is "let in, empty form refused".
    `args` makes the URL's arguments from the world (and whatever rows the address needs).
    """

    answers: tuple[int, ...]
    args: Callable[[World], list[Any]] = lambda world: []
    method: str = "get"
    data: dict[str, Any] = field(default_factory=dict)
    query: str = ""

    def __post_init__(self) -> None:
        assert len(self.answers) == len(ROLES), f"{len(ROLES)} roles, {len(self.answers)} answers"
