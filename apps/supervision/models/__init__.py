"""Supervision: what was found, what became of it, and the visits it was found on."""

from apps.supervision.models.ledger import Measure, Proof, Rectification, Step

__all__ = ["Measure", "Proof", "Rectification", "Step"]
