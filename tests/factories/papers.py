"""Papers of an invented branch, and how to read a paper back."""

from datetime import date, time
from io import BytesIO

from docx import Document

from apps.activities.papers import (
    AgendaItem,
    Away,
    Correction,
    Decision,
    MinutesPaper,
    NotCounted,
    Remark,
    SignInPaper,
    SignInPerson,
    Someone,
    Vote,
)

BRANCH = "梧桐社区第一党支部"
SURNAMES, GIVEN = "李张陈刘王周马孙赵吴", ("芳", "建国", "静", "洋洋", "平", "长顺", "倩", "小敏")


def members(count):
    return tuple(SignInPerson(name=SURNAMES[i % 10] + GIVEN[i // 10 % 8]) for i in range(count))


def committee_meeting(**changes):
    given = {
        "title": "支部委员会会议记录",
        "branch": BRANCH,
        "kind": "支部委员会",
        "name": "3月支部委员会会议",
        "held_on": date(2026, 3, 5),
        "starts_at": time(9, 5),
        "ends_at": time(10, 30),
        "place": "社区二楼会议室",
        "chair": Someone(name="李芳", post="党支部书记"),
        "minute_taker": "陈静",
        "topic": "研究3月主题党日方案",
        "expected": 5,
        "present": 4,
        "excused": 1,
        "absent": 0,
        "excused_people": (Away(name="张强", category="公出"),),
        "agenda": (
            AgendaItem(
                title="研究主题党日方案",
                remarks=(
                    Remark(speaker="陈静", text="建议与社区结对，帮独居老人检修水电。"),
                    Remark(speaker="刘洋", text="人手分成三组，每组带一名电工。"),
                ),
                vote=Vote(
                    entitled=5,
                    present_entitled=4,
                    vote_for=4,
                    vote_against=0,
                    vote_abstain=0,
                    passed="通过。",
                    method="举手",
                ),
            ),
        ),
        "decisions": (Decision(what="联系社区，商定名单。", who="陈静", due_on=date(2026, 3, 8)),),
        "work_focus": "冬春用电安全检查",
        "contribution": "为12户独居老人检修线路",
    }
    return MinutesPaper(**given | changes)


def general_meeting(**changes):
    """Three items with votes, three pages."""
    say = "去年检修时有两户家里没有人，今年要先打电话约好时间，再安排人上门。材料费先由支部垫付，月底一并公示。"
    speakers = ("李芳", "王建国", "陈静", "阿依古丽·买买提", "刘洋", "John Smith")
    vote = Vote(
        entitled=21, present_entitled=18, vote_for=17, vote_against=0, vote_abstain=1, passed="赞成超过应到半数，通过。"
    )
    titles = ("讨论上半年工作安排", "讨论接收吴小燕为预备党员", "通报党费收缴情况")
    given = {
        "title": "支部党员大会会议记录",
        "kind": "党员大会",
        "name": "2026年第一季度党员大会",
        "expected": 23,
        "present": 20,
        "excused": 2,
        "absent": 1,
        "excused_people": (Away(name="张强", category="公出"), Away(name="欧阳建华", category="病假", reason="住院")),
        "absent_people": (Away(name="周平"),),
        "not_counted": (NotCounted(name="马长顺", reason="长期卧床，生活不能自理"),),
        "non_voting": (Someone(name="孙倩", post="入党积极分子"), Someone(name="赵敏")),
        "agenda": tuple(
            AgendaItem(
                title=title,
                remarks=tuple(Remark(speaker=one, text=say * (1 + (one == "王建国"))) for one in speakers),
                notes="会前已把方案发给每位党员。",
                vote=vote,
            )
            for title in titles
        ),
        "decisions": tuple(
            Decision(what=what, who="刘洋", due_on=date(2026, 4, 10))
            for what in ("张贴工作安排", "报送接收决议", "补收党费")
        ),
        "correction": Correction(number=2, filed_on=date(2026, 4, 2), reason="补记缺席人员一名"),
    }
    return committee_meeting(**given | changes)


def lecture(**changes):
    given = {
        "title": "党课记录",
        "kind": "党课",
        "name": "第一季度党课",
        "topic": "怎样做群众工作",
        "lecturer": Someone(name="王建国", post="街道党工委委员"),
        "agenda": (),
        "decisions": (),
        "minutes": "一、群众工作从听开始。\n二、答应的事要有回音。\n三、讨论。",
    }
    return committee_meeting(**given | changes)


def sign_in_sheet(count, **changes):
    given = {
        "branch": BRANCH,
        "name": "2026年第一季度党员大会",
        "held_on": date(2026, 3, 26),
        "starts_at": time(9, 0),
        "place": "社区一楼大会议室",
        "chair": Someone(name="李芳", post="党支部书记"),
        "people": members(count),
    }
    return SignInPaper(**given | changes)


def opened(paper):
    return Document(BytesIO(paper))


def text_of(paper):
    """All text of the body in reading order, merged cells once, a line per paragraph."""
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter("{*}t"))
        for paragraph in opened(paper).element.body.iter("{*}p")
    )


def rows_of(table):
    """Texts of a table's cells, merged cells once."""
    return [[cell.text for cell in dict.fromkeys(row.cells)] for row in table.rows]
