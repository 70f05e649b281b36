"""A thousand anonymous surveys of twenty against an attacker who has all dumps and logs and no keys."""

import os
import sys
import time
from datetime import date

from tests.bench._stage import machine, stage

TODAY = date(2026, 3, 18)
SURVEYS = int(os.environ.get("ANONYMITY_SURVEYS", "1000"))
LEARNING = max(10, SURVEYS // 5)


def main() -> int:
    with stage("S", TODAY):
        from tests.factories import branches as make
        from tests.factories import surveys as ask
        from tests.faults import anonymity

        branch = make.organization(make.organization(kind="committee"))
        keeper = make.account(make.person(branch, "书记"))
        make.post(keeper.person, "branch_secretary", at=branch)
        keeper.reach = make.reach_of(keeper, TODAY)
        people = ask.members(branch, anonymity.PEOPLE)
        began = time.monotonic()
        outcome = anonymity.attack(branch, keeper, people, surveys=SURVEYS, learning=LEARNING)
        print(outcome)
        print(f"{time.monotonic() - began:.0f} s, {machine()}")
        return 0 if outcome.is_within_chance else 1


if __name__ == "__main__":
    sys.exit(main())
