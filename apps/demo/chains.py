"""What came of what in one branch of the demonstration."""

from collections.abc import Sequence
from datetime import date

from apps.assignments.models import Assignment
from apps.branches.models import Organization
from apps.chains.models import Link
from apps.supervision.models import Rectification
from apps.surveys.models import Survey
from apps.voices.models import Matter

BRANCH = "一车间"


def tie(branches: Sequence[Organization], today: date) -> None:
    """A survey that became a row of the ledger, and a visitor's matter that a member is to do something about."""
    branch = next(one for one in branches if one.short_name == BRANCH)
    survey = Survey.objects.filter(organization=branch, state=Survey.State.CLOSED).first()
    row = Rectification.objects.filter(organization=branch, source=Rectification.Source.OPINIONS).first()
    matter = Matter.objects.filter(organization=branch, due_on__isnull=False).first()
    tasks = list(Assignment.objects.filter(organization=branch, source=Assignment.Source.BY_HAND).order_by("pk")[:2])
    pairs = [(("survey", survey), ("rectification", row)), (("rectification", row), ("assignment", tasks[0]))]
    pairs.append((("matter", matter), ("assignment", tasks[-1])))
    for (kind, origin), (other, result) in pairs:
        Link.objects.create(
            origin=f"{kind}:{origin.public_id}", result=f"{other}:{result.public_id}", made_on=today, made_by=None
        )
