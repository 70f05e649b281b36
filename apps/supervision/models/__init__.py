"""Supervision: what was found, what became of it, and the visits it was found on."""

from apps.supervision.models.help import HelpMeasure, HelpPlan, HelpStep
from apps.supervision.models.ledger import Measure, Proof, Rectification, Step
from apps.supervision.models.visits import Finding, Visit, VisitMember, VisitPhoto

__all__ = [
    "Finding", "HelpMeasure", "HelpPlan", "HelpStep", "Measure", "Proof", "Rectification", "Step", "Visit", "VisitMember",
    "VisitPhoto",
]  # fmt: skip
