"""Every change of an assignment."""

from apps.assignments.services.acting import assignment_act
from apps.assignments.services.evidence import Upload
from apps.assignments.services.giving import assignment_give
from apps.assignments.services.requesting import batch_accept, batch_cancel, batch_nudge, request_send

__all__ = [
    "Upload", "assignment_act", "assignment_give", "batch_accept", "batch_cancel", "batch_nudge", "request_send",
]  # fmt: skip
