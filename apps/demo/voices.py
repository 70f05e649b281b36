"""What visitors and members of the demonstration said. People, numbers and words are invented."""

from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from apps.branches.models import Organization, Person
from apps.branches.reach import reach_of
from apps.reminders.working_days import working_days
from apps.voices.models import PracticalHelp, Suggestion
from apps.voices.progress import Step
from apps.voices.services import days, helping, matters, reports, suggestions

if TYPE_CHECKING:
    from apps.accounts.models import User

BRANCH, SECRETARY, MEMBER = "一车间", "李芳", "王建国"
# days ago, way, category, words, name, contact, steps (days ago, step, words, to, receipt)
MATTERS = [
    (3, "visit", "request", "车间北门到食堂的那段路晚上没有灯，下夜班的人骑车看不清台阶，上周有人摔了一跤。希望装两盏灯。",
     "甘雨田", "13800001234", ()),
    (26, "visit", "request", "退休手续交了材料两个月没有回音，想知道卡在哪个环节。", "秦小梅", "13800001235",
     ((24, Step.ACCEPT, "当面告知：已受理，由支部向人力资源科查问，四十天内答复。", "", ""),)),
    (40, "letter", "suggestion", "建议把更衣室的柜子编号，换班时不用到处找空柜子。", "", "",
     ((38, Step.ACCEPT, "已在班前会上告知。", "", ""),
      (20, Step.ANSWER, "柜子已编号，钥匙在班组长处登记领取。", "", ""))),
    (15, "phone", "accusation", "反映仓库旧料出门没有登记。", "", "",
     ((14, Step.PASS_ON, "按规定转纪检机构处理。", "厂纪委", "收字 03 号"),)),
]  # fmt: skip


# days ago, words, what was suggested, answer, what changed (empty: still in the box)
IDEAS = [
    (64, "夏天党课在会议室开太热，建议早上开。", "党课改到早上", "七月、八月的党课改在早上七点半，散会不误接班。", "夏天的党课改到了早上"),
    (33, "支部群里通知太多，重要的找不到。", "重要通知单独发", "要办的事只从系统发，群里只转一次。", "要办的事不再被刷屏"),
    (12, "学习材料字太小，老同志看着费劲。", "学习材料用大字", "从下月起印四号字，电子版可以放大。", ""),
    (4, "能不能把每月的党费通知提前两天？", "", "", ""),
]  # fmt: skip
# days ago, need, days until done (None: under way), result, line for everyone
NEEDS = [
    (48, "退休老党员马师傅一个人住，家里水管漏了好几天。", 3, "联系后勤当天换了阀门，又看了暖气。", "帮一位独居老党员修好了水管"),
    (9, "两名新来的青工租不到合适的房，想问宿舍还有没有床位。", None, "", ""),
]  # fmt: skip


def user_of(name: str, branch: Organization, today: date) -> "User":
    user = Person.objects.filter(name=name, organization=branch).latest("pk").user
    user.reach = reach_of(user, today)
    return user


def listen(today: date) -> None:
    branch = Organization.objects.filter(short_name=BRANCH).latest("pk")
    secretary = user_of(SECRETARY, branch, today)
    _reception(branch, secretary, today)
    _matters(branch, secretary, today)
    _reports(branch, secretary, today)
    _box(branch, secretary, today)
    _needs(branch, secretary, today)


def _reception(branch: Organization, by: "User", today: date) -> None:
    calendar, day = working_days(today), today
    for place in ("党员活动室", "车间会议室", "党员活动室"):
        day = calendar.after(day + timedelta(days=6))
        days.day_publish(
            organization=branch, by=by, today=today, held_on=day, starts_at=time(15, 30), ends_at=time(17), place=place,
            receiver="支部书记",
        )  # fmt: skip


def _matters(branch: Organization, by: "User", today: date) -> None:
    for number, (ago, way, category, words, name, contact, steps) in enumerate(MATTERS, start=1):
        matter, _code = matters.matter_register(
            organization=branch, by=by, today=today, received_on=today - timedelta(days=ago), way=way, category=category,
            words=words, name=name, contact=contact, handler=by.person, submission=UUID(int=number),
        )  # fmt: skip
        for since, step, said, to, receipt in steps:
            matter.refresh_from_db()
            matters.matter_move(
                matter=matter, by=by, today=today, step=step, on=today - timedelta(days=since), version=matter.version,
                words=said, to=to, receipt=receipt,
            )  # fmt: skip


def _reports(branch: Organization, secretary: "User", today: date) -> None:
    """A member's to the secretary, and one of the branch committee to the level above."""
    member, day = user_of(MEMBER, branch, today), today - timedelta(days=2)
    reports.report_send(
        organization=branch, by=member, today=day, category="life", submission=UUID(int=101),
        words="三班连着两个月顶岗，几位老师傅身体吃不消。建议和二班轮换。",
    )  # fmt: skip
    reports.report_send(
        organization=branch, by=secretary, today=day, category="work", submission=UUID(int=102), on_behalf=True,
        words="设备更新期间青工培训跟不上，建议厂里统一安排两期。",
    )  # fmt: skip


def _box(branch: Organization, secretary: "User", today: date) -> None:
    member = user_of(MEMBER, branch, today)
    for number, (ago, words, asked, answer, change) in enumerate(IDEAS, start=1):
        row: Suggestion = suggestions.suggestion_make(
            organization=branch, by=member, today=today - timedelta(days=ago), words=words, is_anonymous=number % 2 == 0,
            submission=UUID(int=200 + number),
        )  # fmt: skip
        if asked:
            suggestions.suggestion_answer(
                suggestion=row, by=secretary, today=today - timedelta(days=ago - 5), version=row.version, is_public=True,
                answer=answer, public_words=asked, public_change=change,
            )  # fmt: skip


def _needs(branch: Organization, secretary: "User", today: date) -> None:
    for number, (ago, need, took, result, line) in enumerate(NEEDS, start=1):
        day = today - timedelta(days=ago)
        row: PracticalHelp = helping.help_start(
            organization=branch, by=secretary, today=day, need=need, owner=secretary.person, due_on=None,
            submission=UUID(int=300 + number),
        )  # fmt: skip
        if took is not None:
            helping.help_finish(
                row=row, by=secretary, today=today, version=row.version, done_on=day + timedelta(days=took), result=result,
                satisfaction="satisfied", public_line=line,
            )  # fmt: skip
