"""The attacker of tests/faults/anonymity.py, on a few surveys; `python -m tests.bench.anonymity` has the thousand."""

import pytest

from apps.surveys import sealing
from tests.factories import branches as make
from tests.factories import surveys as ask
from tests.faults import anonymity

pytestmark = pytest.mark.django_db


@pytest.fixture
def audience():
    branch = make.organization(make.organization(kind="committee"))
    keeper = make.account(make.person(branch, "书记"))
    make.post(keeper.person, "branch_secretary", at=branch)
    keeper.reach = make.reach_of(keeper, make.TODAY)
    return branch, keeper, ask.members(branch, anonymity.PEOPLE)


def test_all_dumps_and_logs_find_nobody(audience):
    outcome = anonymity.attack(*audience, surveys=15, learning=5)
    assert outcome.is_within_chance, outcome


class InOrder:
    @staticmethod
    def shuffle(rows):
        """Leave them as they came."""


def test_the_attacker_is_able(audience, monkeypatch):
    """Without shuffling he finds everyone, so that finding nobody means something."""
    monkeypatch.setattr(sealing, "_ORDER", InOrder)
    outcome = anonymity.attack(*audience, surveys=3, learning=2)
    assert outcome.hits == 3 * anonymity.PEOPLE


def test_without_equal_lengths_he_is_able_too(audience, monkeypatch):
    """The box would grow by what was written."""
    seen, truth = anonymity.hold(*audience, 0)
    lengths = [len(truth[person].encode()) for person in seen.arrived]
    boxes, size = [seen.dumps[0]], 0
    for one, length in zip(seen.dumps[1:-1], lengths, strict=True):
        size += length
        boxes.append(one | {"surveys_box": [one["surveys_box"][0] | {"sealed": bytes(size)}]})
    leaking = anonymity.Seen(seen.arrived, seen.took, [*boxes, seen.dumps[-1]], seen.statements, seen.texts)
    assert anonymity.hits(leaking, truth, ("growth of the box", "by length")) > anonymity.PEOPLE / 2


@pytest.mark.parametrize(("trials", "chance", "expected"), [(10, 0.5, 9), (100, 0.05, 11), (20_000, 0.05, 1072)])
def test_the_bound_is_the_binomial_one(trials, chance, expected):
    assert anonymity.bound(trials, chance) == expected
