"""Reports of the last months in every state: most approved, one returned with its reasons, some waiting for their reviewer."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from apps.branches.models import Organization, Person, Post
from apps.branches.reach import reach_of
from apps.demo.people import months_before
from apps.demo.shapes import GENERAL_BRANCH, STAFF
from apps.duties.schedule import DAY, span_containing
from apps.reports import reading
from apps.reports.models import CannedReason, Report
from apps.reports.services import reviewing, writing
from apps.reports.services.laying_out import lay_out

MONTHS_BACK = 4
APPROVED = ("格式齐全，同意。", "", "会议按时开展，继续保持。")
SENTENCES = {
    "approved": ("格式齐全，同意。", "会议按时开展，继续保持。"),
    "returned": ("请补充未开会的原因。", "请写明议定事项的落实情况。", "请补充下期安排。"),
}
# The last month that has ended, by branch; days since it was handed in. The others are approved.
LAST_MONTH = {"装配车间": "again", "检验室": 3, "流动党员": 3, "离退休": 1, "技改项目": "returned"}


class Reports:
    """Handed in and reviewed through the same services as real ones, with the clock of their day."""

    def __init__(self, today: date) -> None:
        self.today = today
        staff = {place: Person.objects.select_related("user").get(name=name).user for place, name in STAFF.items()}
        for user in staff.values():
            user.reach = reach_of(user, today)
        self.staff = staff

    def build(self) -> None:
        for back in range(MONTHS_BACK, -1, -1):
            lay_out(today=months_before(self.today, back))
        lay_out(today=self.today)
        last = span_containing(span_containing(self.today, 1).starts_on - DAY, 1)
        rows = Report.objects.filter(ends_before__lte=self.today).select_related("organization__parent")
        for number, report in enumerate(rows.order_by("ends_before", "months", "organization__path")):
            self.leader = self.leader_of(report.organization)
            self.reviewer = self.staff[
                "general_branch" if report.organization.parent.name == GENERAL_BRANCH else "committee"
            ]
            if (report.months, report.starts_on) == (1, last.starts_on):
                self.of_last_month(report)
            else:
                self.hand_in(report, min(report.due_on - timedelta(days=number % 4), self.today - DAY))
                self.decide(report, "approved", APPROVED[number % len(APPROVED)])
        for user in self.staff.values():
            for post in user.person.posts.filter(kind=Post.Kind.AFFAIRS_WORKER):
                CannedReason.objects.bulk_create(
                    CannedReason(organization=post.organization, use=use, text=text)
                    for use, texts in SENTENCES.items()
                    for text in texts
                )

    def leader_of(self, branch: Organization):  # noqa: ANN201 - a user
        post = Post.objects.on(self.today).filter(organization=branch, kind__in=Post.LEADERS).order_by("pk").first()
        user = post.person.user
        user.reach = reach_of(user, self.today)
        return user

    def of_last_month(self, report: Report) -> None:
        what = LAST_MONTH.get(report.organization.short_name)
        if what is None:
            if self.today > report.due_on:
                self.hand_in(report, report.due_on - DAY)
                self.decide(report, "approved", APPROVED[0])
            return
        self.hand_in(report, max(report.ends_before, self.today - timedelta(days=what if isinstance(what, int) else 5)))
        if what in ("returned", "again"):
            self.decide(report, "returned", "请补充未开会的原因。", passages=True)
        if what == "again":
            said = writing.words(report)
            writing.words_save(
                report=report, by=self.leader, now=self.at(self.today, 8), version=report.version, plan=said.plan,
                work=f"{said.work}\n未到会的同志已补学，记录见台账。",
            )  # fmt: skip
            report.refresh_from_db()
            self.hand_in(report, self.today)

    def at(self, day: date, hour: int) -> datetime:
        return timezone.make_aware(datetime.combine(day, time(hour, 20)))

    def hand_in(self, report: Report, day: date) -> None:
        day = max(day, report.ends_before)
        writing.report_submit(report=report, by=self.leader, now=self.at(day, 8), today=day, version=report.version)
        report.refresh_from_db()
        report.organization = Organization.objects.select_related("parent").get(pk=report.organization_id)

    def decide(self, report: Report, kind: str, text: str, *, passages: bool = False) -> None:
        day = min(timezone.localdate(report.submitted_at) + DAY, self.today)
        asked = []
        if passages:
            line = reading.block("work", report.versions.latest("number").work)[0]
            asked = [{"block": "work", "line": 0, "quote": line.text, "text": "请写明到会人数偏少的原因和补学情况。"}]
        now = self.at(day, 7 if day == self.today else 10)
        reviewing.reading_begins(report=report, now=now)
        reviewing.report_decide(
            report=report, by=self.reviewer, now=now, today=self.today, version=report.version, kind=kind, text=text,
            passages=asked,
        )  # fmt: skip
        report.refresh_from_db()


def report(today: date) -> None:
    Reports(today).build()
