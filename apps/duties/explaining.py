"""Why a period is in its state. The command, the board's panel and the home pages all ask here, so they cannot differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.activities.models import Activity
from apps.core.days import long_day
from apps.duties import schedule, words
from apps.duties.models import DutyNote, DutyPeriod, DutyRule
from apps.duties.rulebook import Rulebook
from apps.duties.schedule import Lateness, State


@dataclass(frozen=True, slots=True)
class Proof:
    """One filed record that counts for the period."""

    activity: Activity
    held_on: date
    filed_on: date
    lateness: Lateness | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole reasoning; `lines()` says it in words."""

    period: DutyPeriod
    today: date
    state: State
    days_late: int
    chain: Sequence[DutyRule]  # the rule that holds, last, after those it replaces
    proofs: Sequence[Proof]
    begun: Sequence[Activity]
    notes: Sequence[DutyNote]
    accepted_until: date

    @property
    def rule(self) -> DutyRule:
        return self.period.rule

    @property
    def status(self) -> str:
        return status_of(self.period, self.state)

    @property
    def title(self) -> str:
        return words.title_of(self.period, self.today)

    @property
    def last_note(self) -> DutyNote | None:
        return self.notes[-1] if self.notes else None

    @property
    def is_waiver_asked(self) -> bool:
        return self.last_note is not None and self.last_note.kind == DutyNote.Kind.WAIVER_ASKED

    @property
    def enter_until(self) -> date:
        """The last day of grace."""
        return self.period.overdue_from - schedule.DAY

    @property
    def can_still_be_held(self) -> bool:
        return self.today <= self.accepted_until

    def lines(self) -> list[str]:
        """Asked, basis, set by, proof, decisions, state: one sentence each."""
        return [
            self.asked(), *self.basis(), *self.set_by(), *self.proof(), *map(self.note_line, self.notes), self.verdict(),
        ]  # fmt: skip

    @property
    def shows_basis(self) -> bool:
        """An article with how far it was read; what somebody added has no article of that kind."""
        return not self.rule.is_added

    def asked(self) -> str:
        period = self.period
        span = {"first": long_day(period.starts_on), "last": long_day(period.due_on)}
        if self.rule.each:
            text = _("From %(first)s to %(last)s, with every member on the roster: %(people)d.")
            return text % (span | {"people": period.required})
        text = ngettext(
            "From %(first)s to %(last)s, at least %(times)d time.",
            "From %(first)s to %(last)s, at least %(times)d times.",
            period.required,
        )
        return text % (span | {"times": period.required})

    def basis(self) -> list[str]:
        rule = self.rule
        if rule.is_added:
            return [_("Basis: %(article)s") % {"article": rule.article}] if rule.article else []
        lines = [
            _("Basis: %(article)s (%(binding)s; %(verified)s).")
            % {"article": rule.article, "binding": rule.get_binding_display(), "verified": rule.get_verified_display()}
        ]
        return [*lines, _("Wording: “%(wording)s”.") % {"wording": rule.wording_zh}] if rule.wording_zh else lines

    def set_by(self) -> list[str]:
        rule = self.rule
        if rule.set_by is None:
            return []
        place = {"place": rule.set_by, "day": long_day(rule.valid_from)}
        if len(self.chain) < 2:
            return [_("Added by %(place)s, from %(day)s.") % place]
        place |= {"often": words.cadence_words(rule), "days": rule.grace_days}
        lines = [_("Set by %(place)s from %(day)s: %(often)s, %(days)d days to enter.") % place]
        for above in self.chain[-2::-1]:
            source = above.set_by or pgettext("duties", "everywhere")
            lines.append(
                _("Replaces what holds from above (%(place)s): %(often)s, %(days)d days to enter.")
                % {"place": source, "often": words.cadence_words(above), "days": above.grace_days}
            )
        return lines

    def proof(self) -> list[str]:
        if self.rule.each:
            figures = {"done": self.period.done, "required": self.period.required}
            return [_("Talked with so far: %(done)d of %(required)d people.") % figures]
        lines = [proof_line(proof) for proof in self.proofs]
        for activity in self.begun:
            held = {"kind": activity.kind, "day": long_day(activity.held_on)}
            if activity.held_on > self.today:
                lines.append(_("Scheduled: %(kind)s on %(day)s.") % held)
            else:
                lines.append(_("Not filed yet: %(kind)s of %(day)s.") % held)
        return lines or [_("No record yet.")]

    def note_line(self, note: DutyNote) -> str:
        at = long_day(timezone.localdate(note.at))
        return _("%(what)s on %(day)s: %(why)s") % {"what": note.get_kind_display(), "day": at, "why": note.why}

    def verdict(self) -> str:
        period = self.period
        match self.state:
            case State.OVERDUE:
                return ngettext("Overdue: %(days)d day late.", "Overdue: %(days)d days late.", self.days_late) % {
                    "days": self.days_late
                }
            case State.DONE if period.late == DutyPeriod.Late.HELD_LATE:
                return _("Done, held late.")
            case State.DONE if period.late == DutyPeriod.Late.RECORDED_LATE:
                return _("Done, recorded late.")
            case State.DONE:
                return _("Done.")
            case State.WAIVED:
                return _("Waived: nothing is asked any more.")
            case State.EXPLAINED:
                return _("Explained by the branch: neither done nor overdue.")
            case State.NOT_APPLICABLE if not period.required:
                return _("Not applicable: nobody is on the roster.")
            case State.NOT_APPLICABLE:
                return _("Not applicable.")
            case State.IN_PROGRESS:
                return _("In progress: file the record by %(day)s.") % {"day": long_day(self.enter_until)}
            case State.DUE_SOON if self.today > period.due_on:
                return _("The period is over; what was held in it can be entered until %(day)s.") % {
                    "day": long_day(self.enter_until)
                }
            case State.DUE_SOON:
                return _("Due soon: any day up to %(day)s.") % {"day": long_day(period.due_on)}
            case _:
                return _("Not due yet: any day up to %(day)s.") % {"day": long_day(period.due_on)}


def status_of(period: DutyPeriod, state: str) -> str:
    """The status a reader sees: a done duty says how it was late."""
    if state == State.DONE and period.late:
        return Lateness.HELD_LATE if period.late == DutyPeriod.Late.HELD_LATE else Lateness.RECORDED_LATE
    return str(state)


def proof_line(proof: Proof) -> str:
    text = {
        None: _("Fulfilled by: %(kind)s of %(held)s, filed on %(filed)s."),
        Lateness.HELD_LATE: _("Fulfilled by: %(kind)s of %(held)s, filed on %(filed)s, held late."),
        Lateness.RECORDED_LATE: _("Fulfilled by: %(kind)s of %(held)s, filed on %(filed)s, recorded late."),
    }[proof.lateness]
    return text % {"kind": proof.activity.kind, "held": long_day(proof.held_on), "filed": long_day(proof.filed_on)}


def records_of(period: DutyPeriod) -> QuerySet[Activity]:
    """Filed or planned records that count for this period; the same choice as `querysets.activities_of_period`."""
    in_span = Q(day__gte=period.starts_on, day__lt=period.ends_before)
    if period.rule.window:
        in_span = Q(for_year=period.for_year) | (Q(for_year=None) & in_span)
    rows = Activity.objects.alias(day=Coalesce("counts_for", "held_on")).filter(
        in_span, organization=period.organization_id, kind__slug__in=period.rule.fulfilled_by
    )
    if period.group_id is not None:
        rows = rows.filter(group=period.group_id)
    return rows.select_related("kind").order_by("held_on", "pk")


def explain(period: DutyPeriod, today: date, readable: QuerySet[Activity] | None = None) -> Explanation:
    """`period` with its rule, organization and group at hand. Two queries, three where the duty was set by somebody.

    With `readable` each record says `is_readable`: whether it is among those the reader may open.
    """
    due = period.due
    rows = records_of(period).filter(state__in=[*Activity.OPEN, Activity.State.FILED])
    if readable is not None:
        rows = rows.annotate(is_readable=Exists(readable.filter(pk=OuterRef("pk"))))
    records = list(rows)
    begun = [activity for activity in records if activity.state != Activity.State.FILED]
    proofs = []
    for activity in records:
        if activity.state == Activity.State.FILED:
            filed_on = timezone.localdate(activity.filed_at)
            late = schedule.lateness(due, held_on=activity.held_on, first_filed_on=filed_on)
            proofs.append(Proof(activity, activity.held_on, filed_on, late))
    state = schedule.state_on(
        today,
        due,
        done=period.done,
        begun=bool(begun),
        waived=period.closed_as == DutyPeriod.Closed.WAIVED,
        explained=period.closed_as == DutyPeriod.Closed.EXPLAINED,
        not_applicable=period.closed_as == DutyPeriod.Closed.NOT_APPLICABLE,
    )
    chain: list[DutyRule] = []
    if period.rule.set_by_id is not None:
        book = Rulebook(tuple(DutyRule.objects.over(period.path).filter(slug=period.rule.slug)))
        chain = [
            rule for rule in book.chain(period.rule.slug, period.path, period.starts_on) if rule.pk != period.rule_id
        ]
    span = schedule.Period(period.starts_on, period.ends_before, period.for_year)
    return Explanation(
        period=period,
        today=today,
        state=state,
        days_late=schedule.days_late(today, due),
        chain=(*chain, period.rule),
        proofs=tuple(proofs),
        begun=tuple(begun),
        notes=tuple(period.notes.select_related("by__person", "organization").order_by("at", "pk")),
        accepted_until=period.rule.cadence.accepted_until(span),
    )
