"""The feedback of a visit as a letter to the branch: GB/T 9704 running text, to be signed; no letterhead, no seal."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from apps.core.docx import add_body, add_heading, add_signed_by, running_text, to_bytes
from apps.supervision.exporting import limit_text
from apps.supervision.models import Finding, Rectification, Visit

WORDS = {
    "title": "关于对{branch}督导情况的反馈",
    "to": "{branch}：",
    "lead": "{day}，{place}到你支部督导（{topic}）{team}，采取{ways}的方式进行{met}。现将有关情况反馈如下。",
    "team": "，督导组成员：{names}",
    "met": "，听取了{met}的意见",
    "seen": "总的情况",
    "found": "发现的问题",
    "nothing": "这次督导没有发现需要整改的问题。",
    "asked": "有关要求",
    "finding": "（{number}）{problem}。{basis}{advice}整改时限：{limit}。",
    "basis": "依据：{basis}。",
    "advice": "建议：{advice}。",
    "reply": "请对照以上问题逐项定措施、定责任人，按时整改，把进展记入整改台账。整改完成后申请销号，由{place}验收。",
    "thanks": "请继续做好支部工作。",
}
WAYS = {"listened": "听", "looked": "看", "checked": "查", "called": "访"}
DIGITS = "一二三四五六七八九十"


def letter_docx(visit: Visit, findings: Sequence[Finding], team: Sequence[str]) -> bytes:
    title = WORDS["title"].format(branch=visit.branch.name)
    document = running_text(title=title)
    for is_heading, text in letter_parts(visit, findings, team):
        if is_heading:
            add_heading(document, text, 1)
        else:
            add_body(document, text)
    add_signed_by(
        document, visit.organization.name, _day(timezone.localdate(visit.closed_at) if visit.closed_at else visit.day)
    )
    return to_bytes(document)


def letter_parts(visit: Visit, findings: Sequence[Finding], team: Sequence[str]) -> list[tuple[bool, str]]:
    """Paragraphs in order, each with whether it is a heading; headings are numbered as they come."""
    lead = WORDS["lead"].format(
        day=_day(visit.day), place=visit.organization.name, topic=visit.topic,
        team=WORDS["team"].format(names="、".join(team)) if team else "",
        ways="、".join(WAYS[way] for way in WAYS if way in visit.ways),
        met=WORDS["met"].format(met=visit.met) if visit.met else "",
    )  # fmt: skip
    sections = [
        (WORDS["found"], [_finding(number, one) for number, one in enumerate(findings)] or [WORDS["nothing"]]),
        (WORDS["asked"], [WORDS["reply"].format(place=visit.organization.name) if findings else WORDS["thanks"]]),
    ]
    if visit.record.strip():
        sections.insert(0, (WORDS["seen"], [visit.record]))
    parts = [(False, WORDS["to"].format(branch=visit.branch.name)), (False, lead)]
    for number, (heading, texts) in enumerate(sections):
        parts.append((True, f"{DIGITS[number]}、{heading}"))
        parts += [(False, text) for text in texts]
    return parts


def _finding(number: int, one: Finding) -> str:
    row = Rectification(nature=one.nature, due_on=one.due_on)
    return WORDS["finding"].format(
        number=DIGITS[number] if number < 10 else str(number + 1), problem=_sentence(one.problem), limit=limit_text(row),
        basis=WORDS["basis"].format(basis=_sentence(one.basis)) if one.basis else "",
        advice=WORDS["advice"].format(advice=_sentence(one.advice)) if one.advice else "",
    )  # fmt: skip


def _sentence(text: str) -> str:
    return text.strip().rstrip("。；;.")


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
