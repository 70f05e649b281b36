"""Drafts keep what was typed, as it was typed; nothing of it counts before it is filed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from apps.activities import rules
from apps.activities.checks import check_place
from apps.activities.models import Activity, ActivityKind, Sitting
from apps.activities.services.attachments import files_forgotten
from apps.branches.models import Organization, PartyGroup
from apps.core.errors import EditConflict, RuleBroken

if TYPE_CHECKING:
    from apps.accounts.models import User

State = Activity.State
MOST_FIELDS, LONGEST_DRAFT = 1500, 200_000
Typed = Mapping[str, list[str]]


class DraftConflict(EditConflict):
    """Both texts: `theirs` as saved meanwhile, `by_name` and `at` of that saving; mine is what the caller holds."""

    def __init__(self, activity: Activity) -> None:
        self.version = activity.version
        self.theirs: dict[str, list[str]] = activity.draft
        self.at = activity.saved_at
        who = getattr(activity.saved_by, "person", None) if activity.saved_by else None
        self.by_name = who.name if who else ""
        super().__init__(
            _("%(name)s changed this draft meanwhile. Both are shown; choose, then save.")
            % {"name": self.by_name or "—"}
        )


@transaction.atomic
def draft_start(
    *, organization: Organization, kind: ActivityKind, by: "User", now: datetime, group: PartyGroup | None = None,
    counts_for: date | None = None, for_year: int | None = None, typed: Typed | None = None, held_on: date | None = None,
    request_key: str | None = None,
) -> Activity:  # fmt: skip
    """Begin a record. The same `request_key` again answers with the draft it made the first time."""
    if request_key and (again := _of_key(request_key, by)):
        return again
    if not rules.can_log(by, organization.pk, kind, group.pk if group else None):
        raise RuleBroken(_("Only the branch committee, or the leader of the group, can log this."))
    day = held_on or now.date()
    check_place(organization, group, kind, min(day, now.date()))
    try:
        with transaction.atomic():
            sitting = Sitting.objects.create(
                organization=organization, group=group, held_on=day, created_by=by, request_key=request_key or None
            )
    except IntegrityError:  # both presses of the button arrived together
        if request_key and (again := _of_key(request_key, by)):
            return again
        raise
    return Activity.objects.create(
        sitting=sitting, organization=organization, group=group, kind=kind, held_on=day, state=State.DRAFT, created_by=by,
        counts_for=counts_for, for_year=for_year, draft=_fits(typed or {}), saved_at=now, saved_by=by,
    )  # fmt: skip


def _of_key(request_key: str, by: "User") -> Activity | None:
    return Activity.objects.filter(sitting__request_key=request_key, created_by=by).order_by("pk").first()


def _fits(typed: Typed) -> dict[str, list[str]]:
    kept = {name: [str(value) for value in values] for name, values in typed.items()}
    if len(kept) > MOST_FIELDS or sum(len(value) for values in kept.values() for value in values) > LONGEST_DRAFT:
        raise RuleBroken(_("The text is too long to be saved here. Attach it as a file instead."))
    return kept


@transaction.atomic
def draft_save(*, activity: Activity, by: "User", now: datetime, version: int, typed: Typed) -> int:
    """Keep what was typed. Returns the new version; raises DraftConflict with both texts if someone saved meanwhile.

    Identical text is no change, so that a repeated autosave conflicts with nobody.
    """
    if not rules.can_edit(by, activity):
        raise RuleBroken(_("Only the branch committee, or the leader of the group, can log this."))
    kept = _fits(typed)
    done = Activity.objects.filter(pk=activity.pk, version=version, state__in=Activity.OPEN).update(
        draft=kept, saved_at=now, saved_by=by, version=version + 1
    )
    if not done:
        current = Activity.objects.select_related("saved_by__person").get(pk=activity.pk)
        if current.draft == kept and current.state in Activity.OPEN:
            return current.version
        if not rules.may("save", current):
            raise EditConflict(_("This record was filed or withdrawn meanwhile. Open it to see how it stands."))
        raise DraftConflict(current)
    activity.draft, activity.saved_at, activity.saved_by, activity.version = kept, now, by, version + 1
    return version + 1


@transaction.atomic
def draft_discard(*, activity: Activity, by: "User") -> None:
    """Throw a draft away. A scheduled meeting keeps its place in the calendar and loses only the text."""
    if not rules.can_edit(by, activity):
        raise RuleBroken(_("Only the branch committee, or the leader of the group, can log this."))
    if activity.state in (State.SCHEDULED, State.MINUTES_DUE):
        Activity.objects.filter(pk=activity.pk, state=activity.state).update(
            draft={}, saved_at=None, version=F("version") + 1
        )
        return
    if not rules.may("discard", activity):
        raise RuleBroken(_("A filed record is withdrawn with a reason; it cannot be deleted."))
    sitting = activity.sitting
    files_forgotten(activity.attachments.all())
    activity.attachments.all().delete()
    if not Activity.objects.filter(pk=activity.pk, state=State.DRAFT).delete()[0]:
        raise EditConflict(_("This record was filed or withdrawn meanwhile. Open it to see how it stands."))
    if not sitting.activities.exists():
        sitting.delete()


def draft_restore(
    *, organization: Organization, kind: ActivityKind, group: PartyGroup | None, by: "User", now: datetime, typed: Typed,
    counts_for: date | None,
) -> Activity:  # fmt: skip
    """Undo of `draft_discard` from what the caller kept of it."""
    return draft_start(
        organization=organization, kind=kind, group=group, by=by, now=now, typed=typed, counts_for=counts_for
    )


def colleague_logged(
    *,
    organization: Organization,
    group: PartyGroup | None,
    kind: ActivityKind,
    held_on: date,
    by: "User",
    but: Activity | None = None,
) -> Activity | None:
    """A record of the same kind and group within a day of `held_on`: perhaps the same meeting. One's own drafts say nothing."""
    day = timedelta(days=1)
    near = Activity.objects.filter(
        organization=organization, group=group, kind=kind, held_on__range=(held_on - day, held_on + day)
    ).exclude(Q(state__in=(State.WITHDRAWN, State.CANCELLED)) | Q(state=State.DRAFT, created_by=by))
    if but is not None:
        near = near.exclude(pk=but.pk)
    return near.select_related("created_by__person", "kind", "filed_by__person").order_by("-filed_at", "pk").first()
