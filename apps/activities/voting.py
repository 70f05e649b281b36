"""Who must be there for a vote and when it passes; the sentence that goes into the minutes. No database.

Sources: 支部工作条例（试行） arts 11, 12; 发展党员工作细则 art. 19; 基层组织选举工作条例 (four fifths).
"""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken

HALF, FOUR_FIFTHS = Fraction(1, 2), Fraction(4, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """A share of those entitled who ought to attend. `exceed`: the share itself is not enough (超过, not 以上)."""

    share: Fraction
    exceed: bool

    def is_met(self, count: int, entitled: int) -> bool:
        return count > self.share * entitled if self.exceed else count >= self.share * entitled


# What must be there, by rule. What must be in favour is the same for all: more than half of those who ought to attend.
QUORUM = {
    "general": Bar(HALF, exceed=False),
    "committee": Bar(HALF, exceed=False),
    "admission": Bar(HALF, exceed=True),
    "election": Bar(FOUR_FIFTHS, exceed=False),
}
IN_FAVOUR = Bar(HALF, exceed=True)


@dataclass(frozen=True, slots=True)
class Vote:
    """`entitled`: members with the right to vote who ought to attend; `present`: those of them who did."""

    rule: str
    entitled: int
    present: int
    in_favour: int
    against: int
    abstain: int


def has_quorum(rule: str, entitled: int, present: int) -> bool:
    """Whether a vote may be taken. With nobody entitled there is nothing to vote."""
    return entitled > 0 and QUORUM[rule].is_met(present, entitled)


def quorum_sentence(rule: str, entitled: int, present: int) -> str:
    """One line under the attendance: may the meeting decide?"""
    enough, short = quorum_words(rule, entitled)
    return (enough if has_quorum(rule, entitled, present) else short).replace("{present}", str(present))


def quorum_words(rule: str, entitled: int) -> tuple[str, str]:
    """The two sentences, enough and not enough, with `{present}` where the number goes."""
    numbers = {"present": "{present}", "entitled": entitled}
    enough = _("%(present)s of %(entitled)d with a vote are present: enough to decide.") % numbers
    needed = {
        "general": _("less than half"), "committee": _("less than half"), "admission": _("not more than half"),
        "election": _("less than four fifths"),
    }[rule]  # fmt: skip
    numbers["needed"] = needed
    short = _("%(present)s of %(entitled)d with a vote are present, %(needed)s: study and discuss, no vote.") % numbers
    return enough, short


def quorum_least(rule: str, entitled: int) -> int:
    """How many of `entitled` must be there at least; one more than all where nobody is entitled."""
    return next((count for count in range(entitled + 1) if has_quorum(rule, entitled, count)), entitled + 1)


def refuse_impossible(vote: Vote) -> None:
    """Raises RuleBroken where the counts cannot be true, or where no vote could be taken."""
    if min(vote.entitled, vote.present, vote.in_favour, vote.against, vote.abstain) < 0 or vote.present > vote.entitled:
        raise RuleBroken(_("No more people can be present than are entitled to vote."))
    if not has_quorum(vote.rule, vote.entitled, vote.present):
        raise RuleBroken(quorum_sentence(vote.rule, vote.entitled, vote.present))
    cast = vote.in_favour + vote.against + vote.abstain
    if cast > vote.present:
        raise RuleBroken(
            _(
                "%(cast)d votes were entered, but only %(present)d people with a vote are present. Check the three numbers."
            )
            % {"cast": cast, "present": vote.present}
        )


def is_passed(vote: Vote) -> bool:
    """In favour: more than half of those who ought to attend, not of those who came. 支部工作条例（试行） art. 11."""
    return IN_FAVOUR.is_met(vote.in_favour, vote.entitled)


def sentence(vote: Vote) -> str:
    """Ready for the minutes. Votes that were not cast are named, never guessed."""
    numbers = {
        "entitled": vote.entitled, "present": vote.present, "for": vote.in_favour, "against": vote.against,
        "abstain": vote.abstain, "missing": vote.present - vote.in_favour - vote.against - vote.abstain,
    }  # fmt: skip
    counts = _(
        "Entitled to vote %(entitled)d, present %(present)d; for %(for)d, against %(against)d, abstaining %(abstain)d"
    )
    if numbers["missing"]:
        counts += _(", not voting %(missing)d")
    outcome = (
        _(". More than half of those entitled are in favour: passed.")
        if is_passed(vote)
        else _(". Not more than half of those entitled are in favour: not passed.")
    )
    return (counts % numbers) + outcome


def rule_for(behaviour: str, slug: str, title: str) -> str:
    """By what the meeting is and what the item is about; an admission or a grant of full membership counts by its own rule."""
    if slug == "election_meeting":
        return "election"
    if behaviour == "committee":
        return "committee"
    words = ("预备党员", "转正", "probationary member", "full membership")
    return "admission" if any(word in title.lower() for word in words) else "general"
