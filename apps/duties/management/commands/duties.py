"""Each step of the duties by hand."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _

from apps.branches.models import Organization
from apps.core import clock
from apps.duties.explaining import explain
from apps.duties.models import DutyPeriod
from apps.duties.services import laying_out, reconciling


class Command(BaseCommand):
    help = "materialise: lay out what has begun. reconcile: prove the counts. explain: say why a branch's duties are as they are."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        step = {name: steps.add_parser(name) for name in ("materialise", "reconcile", "explain")}
        for each in step.values():
            each.add_argument("--today", type=date.fromisoformat, help="an ISO date, to catch up or to look ahead")
            each.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"])
        step["reconcile"].add_argument("--full", action="store_true", help="every period, not thirteen months")
        about = step["explain"]
        about.add_argument("organization", help="the public id of a branch, or its name")
        about.add_argument("--duty", default="", help="the slug of one duty")
        about.add_argument(
            "--since", type=date.fromisoformat, help="periods that end on or after this day; default today"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["today"] or clock.today()
        with translation.override(options["language"]):
            getattr(self, options["step"])(today, options)

    def materialise(self, today: date, options: dict[str, Any]) -> None:
        new = laying_out.materialise(today=today)
        self.stdout.write(_("%(count)d periods laid out.") % {"count": new})

    def reconcile(self, today: date, options: dict[str, Any]) -> None:
        report = reconciling.reconcile(today=today, full=options["full"])
        self.stdout.write(
            _("%(periods)d periods counted, %(added)d added, %(moved)d moved, %(roster)d with another roster.")
            % {"periods": report.periods, "added": report.added, "moved": report.moved, "roster": report.roster}
        )
        for row in report.differences:
            self.stdout.write(
                _("period %(id)d: %(before)d was stored, %(after)d is on record")
                % {"id": row.period_id, "before": row.done_before, "after": row.done}
            )
        for pk in report.orphans:
            self.stdout.write(_("period %(id)d: its branch, group or duty is gone") % {"id": pk})
        if not report.is_clean:
            raise CommandError(_("There were differences; the counts are put right, their cause is not."))

    def explain(self, today: date, options: dict[str, Any]) -> None:
        name = options["organization"]
        branches = Organization.objects.filter(public_id=name) | Organization.objects.filter(name=name)
        if len(branches) != 1:
            raise CommandError(
                _("%(count)d organizations are called “%(name)s”.") % {"count": len(branches), "name": name}
            )
        periods = DutyPeriod.objects.filter(
            organization=branches[0], starts_on__lte=today, ends_before__gt=options["since"] or today
        )
        if options["duty"]:
            periods = periods.filter(rule__slug=options["duty"])
        related = periods.select_related("rule__set_by", "organization", "group")
        for period in related.order_by("rule__order", "group__order", "starts_on"):
            explanation = explain(period, today)
            self.stdout.write(explanation.title)
            for line in explanation.lines():
                self.stdout.write(f"  {line}")
