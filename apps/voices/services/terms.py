"""An organization's own days."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from apps.branches.models import Organization
from apps.core.errors import RuleBroken
from apps.core.models import audit
from apps.voices.models import OwnTerm
from apps.voices.people import may_receive
from apps.voices.terms import TERMS, Terms

if TYPE_CHECKING:
    from apps.accounts.models import User


def terms_of(organization: Organization) -> Terms:
    """Own days, else those of the nearest level above that chose some. One query."""
    rows = OwnTerm.objects.filter(
        Q(organization=organization) | Q(organization__path__in=organization.ancestor_paths)
    ).order_by("organization__path")
    return Terms(dict(rows.values_list("key", "value")))


@transaction.atomic
def terms_choose(*, organization: Organization, by: "User", chosen: Mapping[str, int]) -> None:
    """Holds for what is received from now on; matters under way keep what was promised."""
    if not may_receive(by, organization):
        raise RuleBroken(_("Only those who receive visitors here can change the days."))
    for key, value in chosen.items():
        term = TERMS[key]
        if not term.least <= value <= term.most:
            raise RuleBroken(
                _("“%(term)s”: from %(least)d to %(most)d.")
                % {"term": term.label, "least": term.least, "most": term.most}
            )
    before = terms_of(organization)
    changed = sorted(key for key, value in chosen.items() if before[key] != value)
    for key in changed:
        OwnTerm.objects.update_or_create(organization=organization, key=key, defaults={"value": chosen[key]})
    if changed:
        audit(by=by, action="voice_terms", subject=organization, organization_id=organization.pk, fields=changed)
