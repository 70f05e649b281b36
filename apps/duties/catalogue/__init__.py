"""The duties every branch starts with: who owes what, how often, by which article, and how far the article was verified.

Loaded as dated rows. A rule that changes gets a further row with a later `valid_from`; the rows here are history then.
"""

from apps.duties.catalogue.active import ACTIVE
from apps.duties.catalogue.spec import Event, RuleSpec
from apps.duties.catalogue.waiting import WAITING

CATALOGUE = ACTIVE + WAITING

__all__ = ["ACTIVE", "CATALOGUE", "WAITING", "Event", "RuleSpec"]
