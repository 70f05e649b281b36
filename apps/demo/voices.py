"""What visitors of the demonstration brought. They, their numbers and their words are invented."""

from datetime import date, time, timedelta
from uuid import UUID

from apps.branches.models import Organization, Person
from apps.branches.reach import reach_of
from apps.reminders.working_days import working_days
from apps.voices.progress import Step
from apps.voices.services import days, matters

BRANCH, SECRETARY = "一车间", "李芳"
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


def listen(today: date) -> None:
    branch = Organization.objects.filter(short_name=BRANCH).latest("pk")
    person = Person.objects.filter(name=SECRETARY, organization=branch).latest("pk")
    user = person.user
    user.reach = reach_of(user, today)
    calendar, day = working_days(today), today
    for place in ("党员活动室", "车间会议室", "党员活动室"):
        day = calendar.after(day + timedelta(days=6))
        days.day_publish(
            organization=branch, by=user, today=today, held_on=day, starts_at=time(15, 30), ends_at=time(17),
            place=place, receiver="支部书记",
        )  # fmt: skip
    for number, (ago, way, category, words, name, contact, steps) in enumerate(MATTERS, start=1):
        matter, _code = matters.matter_register(
            organization=branch, by=user, today=today, received_on=today - timedelta(days=ago), way=way, category=category,
            words=words, name=name, contact=contact, handler=person, submission=UUID(int=number),
        )  # fmt: skip
        for since, step, said, to, receipt in steps:
            matter.refresh_from_db()
            matters.matter_move(
                matter=matter, by=user, today=today, step=step, on=today - timedelta(days=since), version=matter.version,
                words=said, to=to, receipt=receipt,
            )  # fmt: skip
