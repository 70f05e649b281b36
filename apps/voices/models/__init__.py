"""What people say, and what becomes of it. Whoever speaks and what they say is sealed; what is countable is not."""

from apps.voices.models.reports import ReportEvent, ReportRecipient, SituationReport
from apps.voices.models.suggestions import PracticalHelp, Suggestion
from apps.voices.models.visits import Matter, MatterEvent, OwnTerm, ReceptionDay

__all__ = [
    "Matter",
    "MatterEvent",
    "OwnTerm",
    "PracticalHelp",
    "ReceptionDay",
    "ReportEvent",
    "ReportRecipient",
    "SituationReport",
    "Suggestion",
]
