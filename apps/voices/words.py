"""What steps are called: done, and to be done."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from apps.voices.progress import Step


@dataclass(frozen=True, slots=True)
class Say:
    """`verb` on the button, `done` in the list of what happened, `article` of 信访工作条例 beside the form."""

    verb: str | Promise
    done: str | Promise
    article: str = ""


STEPS: dict[str, Say] = {
    Step.ACCEPT: Say(
        pgettext_lazy("matter", "Accept"), pgettext_lazy("matter", "Accepted, the visitor was told"), "art. 23"
    ),
    Step.PASS_ON: Say(pgettext_lazy("matter", "Pass on"), pgettext_lazy("matter", "Passed on"), "23, 30, 31"),
    Step.REFER: Say(
        pgettext_lazy("matter", "Tell where to go"), pgettext_lazy("matter", "Told where to go"), "art. 23"
    ),
    Step.OBJECT: Say(pgettext_lazy("matter", "Send back"), pgettext_lazy("matter", "Sent back"), "art. 23"),
    Step.EXTEND: Say(pgettext_lazy("matter", "Extend"), pgettext_lazy("matter", "Extended"), "art. 34"),
    Step.ANSWER: Say(pgettext_lazy("matter", "Answer"), pgettext_lazy("matter", "Answered"), "29, 32"),
    Step.ASK_REVIEW: Say(
        pgettext_lazy("matter", "Review asked for"), pgettext_lazy("matter", "Review asked for"), "art. 35"
    ),
    Step.ANSWER_REVIEW: Say(
        pgettext_lazy("matter", "Answer the review"), pgettext_lazy("matter", "Review answered"), "art. 35"
    ),
    Step.ASK_RECHECK: Say(
        pgettext_lazy("matter", "Final check asked for"), pgettext_lazy("matter", "Final check asked for"), "art. 36"
    ),
    Step.ANSWER_RECHECK: Say(
        pgettext_lazy("matter", "Answer the final check"), pgettext_lazy("matter", "Final check answered"), "art. 36"
    ),
    Step.WITHDRAW: Say(
        pgettext_lazy("matter", "The visitor withdraws it"), pgettext_lazy("matter", "Withdrawn by the visitor")
    ),
    "hand_over": Say("", pgettext_lazy("matter", "Handed over")),
    "recuse": Say("", pgettext_lazy("matter", "Stepped aside"), "art. 28"),
    "take_over": Say("", pgettext_lazy("matter", "Taken over")),
    "new_code": Say("", pgettext_lazy("matter", "New receipt code")),
    "satisfaction": Say("", pgettext_lazy("matter", "Asked whether satisfied")),
}
