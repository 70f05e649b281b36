"""Minutes and sign-in sheets as people keep them: what stands on the paper and in which words.

Pure: callers fill the dataclasses from the record, nothing here asks a database or a clock. Printed papers are Chinese
whatever the language of the screen, so their words stand in `WORDS` and not in a catalogue of translations.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

WORDS = {
    "minutes": "会议记录",
    "sign_in": "签到表",
    "unknown": "未填",
    "none": "无",
    "name": "活动（会议）\n名称",
    "branch": "党支部",
    "kind": "类　型",
    "year": "所属年度",
    "year_value": "{year}年度",
    "group": "党小组名称",
    "group_leader": "组　长",
    "lecturer": "主讲人",
    "held": "时　间",
    "place": "地　点",
    "chair": "主持人",
    "minute_taker": "记录人",
    "topic": "主　题",
    "lecture_topic": "党课题目",
    "expected": "应到人数",
    "present": "实到人数",
    "excused": "请假人数",
    "absent": "缺席人数",
    "present_people": "到会人员",
    "away": "缺席人员\n及原因",
    "away_excused": "请假：",
    "away_absent": "缺席：",
    "away_unknown": "原因未填",
    "not_counted": "经批准不计算\n在应到会\n人数内",
    "non_voting": "列席人员",
    "other": "其　他",
    "work_focus": "围绕的重点工作：",
    "contribution": "对本单位工作和群众的作用：",
    "content": "主要内容",
    "agenda_item": "议题{number}",
    "text": "会议情况",
    "vote": "表决",
    "vote_counts": "应到会有表决权{entitled}，实到会有表决权{present}；赞成{for_}，不赞成{against}，弃权{abstain}。",
    "decisions": "决定事项",
    "decision": "{number}. {what}（责任人：{who}；完成时限：{due}）",
    "adjourned": "散会",
    "correction": "更正：第{number}版　{day}　原因：{reason}",
    "signature": "{role}（签名）：",
    "meeting": "会议名称",
    "column_number": "序号",
    "column_name": "姓名",
    "column_signature": "签名",
    "column_note": "备注",
    "people": "人",
}
COUNTS = {"expected": "应到", "present": "实到", "excused": "请假", "absent": "缺席"}
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """A person by name with the post held that day, if any."""

    name: str
    post: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Someone excused or absent, with what may be printed of it. A paper for readers who are not told why `is_silent`:
    it does not say either that the reason is missing.
    """

    name: str
    category: str = ""
    reason: str = ""
    is_silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCounted:
    """A member left out of the number who ought to attend, with approval; `reason` names the case."""

    name: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    speaker: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """Counts of one vote; None is not known. `passed` is the whole sentence with the rule that was applied."""

    entitled: int | None = None
    present_entitled: int | None = None
    vote_for: int | None = None
    vote_against: int | None = None
    vote_abstain: int | None = None
    passed: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    title: str
    remarks: tuple[Remark, ...] = ()
    notes: str = ""
    vote: Vote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    what: str
    who: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The further version this paper shows, from number 2 on."""

    number: int
    filed_on: date | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesPaper:
    """A filed record. Counts that are None print as 未填. Texts may hold line ends; each starts a paragraph.

    `title` heads the paper, `name` is the meeting's own. Rows of one kind only appear with their data: a lecturer,
    a group and its leader, the year a life meeting counts for.
    """

    title: str = WORDS["minutes"]
    branch: str = ""
    kind: str = ""
    name: str = ""
    group: str = ""
    group_leader: str = ""
    for_year: int | None = None
    lecturer: Someone | None = None
    held_on: date | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    chair: Someone | None = None
    minute_taker: str = ""
    topic: str = ""
    expected: int | None = None
    present: int | None = None
    excused: int | None = None
    absent: int | None = None
    present_people: tuple[str, ...] = ()
    excused_people: tuple[Away, ...] = ()
    absent_people: tuple[Away, ...] = ()
    not_counted: tuple[NotCounted, ...] = ()
    non_voting: tuple[Someone, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    minutes: str = ""
    decisions: tuple[Decision, ...] = ()
    work_focus: str = ""
    contribution: str = ""
    correction: Correction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPerson:
    """A line of the sheet; `signed` stands in the place of the signature when it was given on a screen."""

    name: str
    note: str = ""
    signed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPaper:
    """People in the order to print. What is not known stays empty, to be written by hand."""

    title: str = WORDS["sign_in"]
    branch: str = ""
    name: str = ""
    held_on: date | None = None
    starts_at: time | None = None
    place: str = ""
    chair: Someone | None = None
    people: tuple[SignInPerson, ...] = ()
    expected: int | None = None
    present: int | None = None
    excused: int | None = None
    absent: int | None = None


def minutes_docx(paper: MinutesPaper) -> bytes:
    """The record as a Word file in the customary four-column grid."""
    from apps.activities.paper_layout import draw_minutes  # python-docx costs memory: only who prints pays

    return draw_minutes(paper)


def sign_in_docx(paper: SignInPaper, *, blank: bool = False) -> bytes:
    """The sign-in sheet as a Word file, 52 people a page. A `blank` one has lines to write on, no names, no counts."""
    from apps.activities.paper_layout import draw_sign_in

    return draw_sign_in(paper, blank=blank)


# ---- words


def day_text(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else WORDS["unknown"]


def held_text(held_on: date | None, starts_at: time | None, ends_at: time | None, *, says_end: bool = True) -> str:
    """`2026年3月5日 9:00—10:30`; the end is left out unless the paper `says_end`. An end alone is not worth printing."""
    if not starts_at:
        return day_text(held_on)
    hours = [f"{moment.hour}:{moment.minute:02}" if moment else WORDS["unknown"] for moment in (starts_at, ends_at)]
    return f"{day_text(held_on)} " + ("—".join(hours) if says_end else hours[0])


def spread(name: str) -> str:
    """A name of two Chinese characters takes the width of three, so that a column of names lines up."""
    stripped = name.strip()
    is_short = len(stripped) == 2 and all("\u3400" <= char <= "\u9fff" or char >= "\U00020000" for char in stripped)
    return "\u3000".join(stripped) if is_short else stripped


def numeral(number: int) -> str:
    """一 to 九十九; beyond that in digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    lead = "" if not tens else "十" if tens == 1 else DIGITS[tens] + "十"
    return lead + (DIGITS[ones] if ones else "")


def someone_text(someone: Someone | None) -> str:
    if someone is None or not someone.name.strip():
        return ""
    return f"{someone.name}（{someone.post}）" if someone.post.strip() else someone.name


def count_text(count: int | None) -> str:
    return WORDS["unknown"] if count is None else f"{count}{WORDS['people']}"


def away_text(paper: MinutesPaper) -> str:
    """Who was away and why: never empty, 无 only if the counts say so."""
    lines = []
    groups = (
        (WORDS["away_excused"], paper.excused_people, paper.excused),
        (WORDS["away_absent"], paper.absent_people, paper.absent),
    )
    for label, people, count in groups:
        if people:
            lines.append(label + "、".join(map(_away_one, people)))
        elif count:
            lines.append(label + WORDS["unknown"])
    if lines:
        return "\n".join(lines)
    return WORDS["none"] if paper.excused == paper.absent == 0 else WORDS["unknown"]


def _away_one(one: Away) -> str:
    given = "，".join(part for part in (one.category.strip(), one.reason.strip()) if part)
    if not given and one.is_silent:
        return one.name
    return f"{one.name}（{given or WORDS['away_unknown']}）"


def vote_text(vote: Vote) -> str:
    counts = WORDS["vote_counts"].format(
        entitled=count_text(vote.entitled),
        present=count_text(vote.present_entitled),
        for_=count_text(vote.vote_for),
        against=count_text(vote.vote_against),
        abstain=count_text(vote.vote_abstain),
    )
    method = f"（{vote.method}）" if vote.method.strip() else ""
    return f"{WORDS['vote']}{method}：{counts}{vote.passed}"


# ---- the order of things on the minutes


def head_rows(paper: MinutesPaper) -> Iterator[tuple[tuple[str, str], ...]]:
    """Rows above the content: one (label, value) across the page, or two side by side."""
    known = _known
    yield ((WORDS["name"], known(paper.name or paper.kind)),)
    yield ((WORDS["branch"], known(paper.branch)), (WORDS["kind"], known(paper.kind)))
    if paper.group or paper.group_leader:
        yield ((WORDS["group"], known(paper.group)), (WORDS["group_leader"], known(paper.group_leader)))
    if paper.for_year is not None:
        yield ((WORDS["year"], WORDS["year_value"].format(year=paper.for_year)),)
    held = held_text(paper.held_on, paper.starts_at, paper.ends_at)
    yield ((WORDS["held"], held), (WORDS["place"], known(paper.place)))
    yield ((WORDS["chair"], known(someone_text(paper.chair))), (WORDS["minute_taker"], known(paper.minute_taker)))
    if paper.lecturer:
        yield ((WORDS["lecturer"], known(someone_text(paper.lecturer))),)
    yield ((WORDS["lecture_topic" if paper.lecturer else "topic"], known(paper.topic)),)
    yield ((WORDS["expected"], count_text(paper.expected)), (WORDS["present"], count_text(paper.present)))
    yield ((WORDS["excused"], count_text(paper.excused)), (WORDS["absent"], count_text(paper.absent)))
    if paper.present_people:
        yield ((WORDS["present_people"], "、".join(paper.present_people)),)
    yield ((WORDS["away"], away_text(paper)),)
    if paper.not_counted:
        people = (f"{one.name}（{one.reason.strip() or WORDS['away_unknown']}）" for one in paper.not_counted)
        yield ((WORDS["not_counted"], "、".join(people)),)
    if paper.non_voting:
        yield ((WORDS["non_voting"], "、".join(map(someone_text, paper.non_voting))),)
    other = ((WORDS["work_focus"], paper.work_focus), (WORDS["contribution"], paper.contribution))
    lines = [label + text for label, text in other if text.strip()]
    yield ((WORDS["other"], "\n".join(lines) or WORDS["none"]),)


def _known(text: str) -> str:
    return text if text.strip() else WORDS["unknown"]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the content; the last one of a record is 散会."""

    role: Literal["heading", "text", "last"]
    text: str


def sections(paper: MinutesPaper) -> list[tuple[str, list[Block]]]:
    """What happened, then what was decided if anything was; 散会 on its own line ends the last of them."""
    parts = [(WORDS["content"], list(_what_happened(paper)))]
    if paper.decisions:
        parts.append((WORDS["decisions"], list(_what_was_decided(paper))))
    parts[-1][1].append(Block("last", WORDS["adjourned"]))
    return parts


def _what_happened(paper: MinutesPaper) -> Iterator[Block]:
    for number, item in enumerate(paper.agenda, 1):
        title = WORDS["agenda_item"].format(number=numeral(number))
        yield Block("heading", f"{title}　{item.title}" if item.title.strip() else title)
        for remark in item.remarks:
            yield from _texts(f"{remark.speaker}：{remark.text}" if remark.speaker.strip() else remark.text)
        yield from _texts(item.notes)
        if item.vote:
            yield Block("text", vote_text(item.vote))
    if paper.minutes.strip():
        if paper.agenda:
            yield Block("heading", WORDS["text"])
        yield from _texts(paper.minutes)


def _what_was_decided(paper: MinutesPaper) -> Iterator[Block]:
    for number, one in enumerate(paper.decisions, 1):
        parts = {"what": _known(one.what).rstrip("。；;"), "who": _known(one.who), "due": day_text(one.due_on)}
        yield Block("text", WORDS["decision"].format(number=number, **parts))


def _texts(text: str) -> Iterator[Block]:
    """A block for each paragraph: the last ones of a long text go with the signatures, not the text as a whole."""
    return (Block("text", line) for line in text.splitlines() if line.strip())


def signing_roles(paper: MinutesPaper) -> list[str]:
    return [*([WORDS["lecturer"]] if paper.lecturer else []), WORDS["chair"], WORDS["minute_taker"]]
