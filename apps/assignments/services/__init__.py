"""Every change of an assignment."""

from apps.assignments.services.acting import assignment_act
from apps.assignments.services.giving import assignment_give

__all__ = ["assignment_act", "assignment_give"]
