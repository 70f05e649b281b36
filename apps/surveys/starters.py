"""Surveys to begin with. The words are proposals: everything can be changed before it is opened."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    text: str | Promise
    choices: tuple[str | Promise, ...] = ()
    rows: tuple[str | Promise, ...] = ()
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Starter:
    slug: str
    title: str | Promise
    lines: tuple[Line, ...]


GRADES = (
    pgettext_lazy("survey grade", "Good"), pgettext_lazy("survey grade", "Fairly good"), pgettext_lazy("survey grade", "Fair"),
    pgettext_lazy("survey grade", "Poor"),
)  # fmt: skip
CONTENT = (
    pgettext_lazy("survey grade", "Satisfied"), pgettext_lazy("survey grade", "Fairly satisfied"),
    pgettext_lazy("survey grade", "Not satisfied"),
)  # fmt: skip
WORDS = Line("text", _("What else would you like to say?"), is_required=False)
STARTERS = (
    Starter("committee", _("Opinions on the branch committee"), (
        Line("matrix", _("How does the branch committee do in these respects?"), GRADES, (
            _("Organizational life"), _("Serving members and staff"), _("Listening to opinions"), _("Keeping discipline"),
        )),
        Line("text", _("What should the branch committee improve first?"), is_required=False),
        WORDS,
    )),
    Starter("lecture", _("How was the Party lecture?"), (
        Line("scale", _("How useful was the lecture to you? 1 is little, 5 is very useful.")),
        Line("single", _("Was the length right?"), (_("Too short"), _("Just right"), _("Too long"))),
        Line("text", _("What would you like to hear next time?"), is_required=False),
    )),
    Starter("satisfaction", _("Are you satisfied with the work of the branch?"), (
        Line("single", _("On the whole, are you satisfied with the work of the branch?"), CONTENT),
        Line("multiple", _("Where should the branch do more?"), (
            _("Study"), _("Activities"), _("Care for people in need"), _("Openness"), _("Solving practical problems"),
        ), is_required=False),
        WORDS,
    )),
)  # fmt: skip
BY_SLUG = {one.slug: one for one in STARTERS}
