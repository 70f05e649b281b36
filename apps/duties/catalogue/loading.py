"""From the catalogue to rows. A row that is there stays as it is; later changes are further rows with a later date."""

from typing import Any

from apps.duties.catalogue import CATALOGUE
from apps.duties.catalogue.spec import RuleSpec
from apps.duties.schedule import help_days, usual_ladder
from apps.duties.vocabulary import Anchor


def row_of(spec: RuleSpec, order: int) -> dict[str, Any]:
    """The columns of one rule that holds everywhere."""
    event = spec.event
    sign = -1 if event and event.is_before else 1
    same = (
        "slug", "name_zh", "name_en", "article_zh", "article_en", "wording_zh", "binding", "softness", "verified", "owner",
        "applies_if", "months", "window", "for_next_year", "times", "counted", "each", "grace_days", "soon_days", "valid_from",
        "is_active",
    )  # fmt: skip
    return {name: getattr(spec, name) for name in same} | {
        "anchor": event.anchor if event else Anchor.TERM_END if spec.term else "",
        "anchor_months": sign * event.months if event else 0,
        "anchor_days": sign * event.days if event else 0,
        "fulfilled_by": list(spec.fulfilled_by),
        "order": order,
        "ladder": list(usual_ladder(spec.months)),
        "help_days": help_days(spec.months),
    }


def load(rule_model: Any) -> None:
    """Add the rows of the catalogue that are not there yet. Takes the model as a migration knows it: some columns came later."""
    there = set(rule_model.objects.filter(set_by=None).values_list("slug", "valid_from"))
    known = {field.name for field in rule_model._meta.get_fields()}
    rows = ({k: v for k, v in row_of(spec, order).items() if k in known} for order, spec in enumerate(CATALOGUE))
    rule_model.objects.bulk_create(rule_model(**row) for row in rows if (row["slug"], row["valid_from"]) not in there)
