"""The table is the specification: 支部工作条例（试行） arts 11, 12; 发展党员工作细则 art. 19; elections four fifths."""

import pytest

from apps.activities import voting
from apps.activities.voting import Vote
from apps.core.errors import RuleBroken


@pytest.mark.parametrize(
    ("rule", "entitled", "present", "holds"),
    [
        ("general", 12, 6, True),  # 半数以上 includes the half: art. 11
        ("general", 12, 5, False),
        ("general", 13, 6, False),
        ("general", 13, 7, True),
        ("general", 1, 1, True),
        ("general", 0, 0, False),  # nobody may vote: nothing to decide
        ("committee", 5, 3, True),  # art. 12
        ("committee", 5, 2, False),
        ("committee", 4, 2, True),
        ("admission", 12, 6, False),  # must exceed half: 细则 art. 19
        ("admission", 12, 7, True),
        ("admission", 13, 7, True),
        ("election", 10, 8, True),  # no less than four fifths
        ("election", 10, 7, False),
        ("election", 11, 8, False),
        ("election", 11, 9, True),
    ],
)
def test_who_must_be_there(rule, entitled, present, holds):
    assert voting.has_quorum(rule, entitled, present) is holds
    assert ("no vote" in voting.quorum_sentence(rule, entitled, present)) is not holds


@pytest.mark.parametrize(
    ("entitled", "present", "in_favour", "passed"),
    [
        (12, 12, 7, True),
        (12, 12, 6, False),  # half is not more than half
        (12, 6, 6, False),  # all present are in favour, yet not more than half of those who ought to attend
        (13, 7, 7, True),
        (13, 7, 6, False),
        (1, 1, 1, True),
    ],
)
def test_passed_by_those_who_ought_to_attend(entitled, present, in_favour, passed):
    vote = Vote("general", entitled, present, in_favour, present - in_favour, 0)
    assert voting.is_passed(vote) is passed
    assert voting.sentence(vote).endswith(": passed." if passed else ": not passed.")


@pytest.mark.parametrize(
    ("entitled", "present", "votes", "words"),
    [
        (5, 6, (6, 0, 0), "No more people"),
        (5, 4, (4, 1, 0), "5 votes were entered, but only 4"),
        (5, 4, (4, 0, 1), "5 votes were entered, but only 4"),
        (5, 4, (-1, 0, 0), "No more people"),
        (5, 2, (2, 0, 0), "no vote"),
        (0, 0, (0, 0, 0), "no vote"),
    ],
)
def test_impossible_sums_are_refused(entitled, present, votes, words):
    with pytest.raises(RuleBroken, match=words):
        voting.refuse_impossible(Vote("general", entitled, present, *votes))


def test_votes_not_cast_are_said_not_guessed():
    vote = Vote("general", 8, 7, 5, 1, 0)
    voting.refuse_impossible(vote)
    assert "not voting 1" in voting.sentence(vote)
    assert "not voting" not in voting.sentence(Vote("general", 8, 7, 5, 1, 1))


@pytest.mark.parametrize(
    ("behaviour", "slug", "title", "rule"),
    [
        ("general", "general_meeting", "讨论接收预备党员", "admission"),
        ("general", "general_meeting", "讨论预备党员转正", "admission"),
        ("general", "general_meeting", "Grant of full membership", "admission"),
        ("general", "general_meeting", "听取支委会工作报告", "general"),
        ("general", "election_meeting", "投票选举", "election"),
        ("committee", "committee_meeting", "研究预备党员转正", "committee"),
    ],
)
def test_the_rule_follows_the_meeting_and_the_item(behaviour, slug, title, rule):
    assert voting.rule_for(behaviour, slug, title) == rule
