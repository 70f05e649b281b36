"""Reads the notice of a meeting as people post it in a chat: kind, day, time, place, topics. Pure; nothing is guessed.

What it cannot read stays empty, and the person confirms the rest on the page.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time, timedelta

from apps.core.dates import DayUnreadable, nearest

# Longer names before shorter ones that they contain. None: looks like one of ours and is not.
KIND_WORDS: tuple[tuple[str, str | None], ...] = (
    (r"民主生活会", None),
    (r"换届(?:选举)?(?:大会|会议)?|选举大会", "election_meeting"),
    (r"(?:党?支部)?组织生活会", "life_meeting"),
    (r"民主评议(?:党员)?", "member_appraisal"),
    (r"(?:支部)?委员会(?:会议|扩大会议)?|支委(?:会|扩大会)(?:议)?", "committee_meeting"),
    (r"(?:支部)?党员大会|支部大会", "general_meeting"),
    (r"党小组(?:会|学习会)(?:议)?", "group_meeting"),
    (r"主题党日(?:活动)?", "theme_day"),
    (r"(?:专题)?党课", "party_lecture"),
    (r"谈心谈话", "talk"),
    (r"志愿服务(?:活动)?", "volunteer_service"),
    (r"集中学习", "group_study"),
)
_KINDS = re.compile("|".join(f"(?P<k{place}>{words})" for place, (words, slug) in enumerate(KIND_WORDS)))
_JOIN = re.compile(r"[\s暨并及和与、+,;“”\"《》]*(?:同时|召开|举行|开展|讲|上)?(?:\d+月(?:份)?)?\Z")
_FULL_DAY = re.compile(r"(\d{4})\s*[年./-]\s*(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?")
_DAY = re.compile(r"(?<![\d.])(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")
_DOTTED = re.compile(r"(\d{1,2})[./-](\d{1,2})(?![\d:年月])")
_WEEKDAY = re.compile(r"(本|这|下)?(?:周|星期|礼拜)([一二三四五六日天])")
_NEAR = (("大后天", 3), ("后天", 2), ("明天", 1), ("明日", 1), ("明晚", 1), ("今天", 0), ("今日", 0), ("今晚", 0))
_HALF = r"(?P<{0}half>上午|早上|中午|下午|晚上|晚)?\s*"
_CLOCK = r"(?P<{0}hour>[01]?\d|2[0-4])\s*(?::(?P<{0}minute>[0-5]\d)|[点时](?P<{0}spoken>半|一刻|[0-5]?\d(?=分)|(?:[0-5]\d)?)分?)"
_TIME = re.compile(
    (_HALF + _CLOCK).format("a") + r"(?:\s*(?:-|—|–|~|至|到)+\s*" + (_HALF + _CLOCK).format("b") + ")?"
)  # fmt: skip
_PLACE_LABEL = re.compile(r"(?:会议|活动|集合)?地\s*点\s*:\s*([^\n;。]+)")
_PLACE_AT = re.compile(r"在([^\n,;。:]{2,30}?)(?=召开|举行|开展|组织|进行|集中|开会|上党课)")
_TOPIC_LABEL = re.compile(r"(?:会议|活动|主要|学习)?(?:议\s*题|议\s*程|内\s*容|主\s*题(?!党日))\s*(?:如下)?\s*:\s*")
_END_OF_TOPICS = re.compile(
    r"\n\s*\n|(?:会议|活动|集合)?(?:时\s*间|地\s*点|主\s*持|要\s*求|备\s*注|参会人员|参加人员)\s*:|特此通知|收到请?回复|请(?:各位|全体|大家|准时|提前|按时|同志)"
)
_MARKER = re.compile(
    r"(?:^|(?<=[\s;。,]))(?:\d{1,2}\s*[.、)]|\(\d{1,2}\)|[一二三四五六七八九十]{1,2}、|\([一二三四五六七八九十]\))\s*(?!\d)"
)
MOST_TOPICS, LONGEST_TOPIC, LONGEST_PLACE = 10, 60, 80


@dataclass(frozen=True, slots=True)
class Notice:
    kinds: tuple[str, ...] = ()  # slugs; several where they are joined: 党员大会暨主题党日
    held_on: date | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    place: str = ""
    topics: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kinds or self.held_on or self.place or self.topics)


def read_notice(text: str, today: date) -> Notice:
    """`today` gives the year and "tomorrow"; a day without a year is the nearest one."""
    plain = unicodedata.normalize("NFKC", text).replace("\r\n", "\n").strip()
    starts_at, ends_at = _times(plain)
    return Notice(_kinds(plain), _day(plain, today), starts_at, ends_at, _place(plain), _topics(plain))


def _kinds(text: str) -> tuple[str, ...]:
    found: list[str] = []
    end = 0
    for match in _KINDS.finditer(text):
        slug = KIND_WORDS[int((match.lastgroup or "k0")[1:])][1]
        if slug is None or slug in found:
            end = match.end()
            continue
        if found and not _JOIN.match(text[end : match.start()]):
            break
        found.append(slug)
        end = match.end()
    return tuple(found)


def _day(text: str, today: date) -> date | None:
    try:
        if match := _FULL_DAY.search(text):
            return date(*map(int, match.groups()))
        if match := _DAY.search(text):
            return nearest(int(match[1]), int(match[2]), today)
        for word, days in _NEAR:
            if word in text:
                return today + timedelta(days=days)
        if match := _WEEKDAY.search(text):
            wanted = "一二三四五六日".index(match[2].replace("天", "日"))
            monday = today - timedelta(days=today.weekday()) + timedelta(days=7 if match[1] == "下" else 0)
            return monday + timedelta(days=wanted)
        label = re.search(r"时\s*间\s*:\s*", text)
        if label and (match := _DOTTED.match(text, label.end())):
            return nearest(int(match[1]), int(match[2]), today)
    except (ValueError, DayUnreadable):
        return None
    return None


def _times(text: str) -> tuple[time | None, time | None]:
    for match in _TIME.finditer(text):
        begin = _clock(match["ahalf"], match["ahour"], match["aminute"], match["aspoken"])
        if begin is None:
            continue
        end = None
        if match["bhour"]:
            end = _clock(match["bhalf"] or match["ahalf"], match["bhour"], match["bminute"], match["bspoken"])
        return begin, end if end and end > begin else None
    return None, None


def _clock(half: str | None, hour_text: str, minute: str | None, spoken: str | None) -> time | None:
    hour = int(hour_text)
    if half in ("下午", "晚上", "晚") and hour < 12:
        hour += 12
    if half == "中午" and hour < 3:
        hour += 12
    words = {"半": 30, "一刻": 15, "": 0, None: 0}
    minutes = int(minute) if minute else words[spoken] if spoken in words else int(spoken or 0)
    return time(hour, minutes) if hour < 24 else None


def _place(text: str) -> str:
    match = _PLACE_LABEL.search(text) or _PLACE_AT.search(text)
    return match[1].strip(" ,.、")[:LONGEST_PLACE] if match else ""


def _topics(text: str) -> tuple[str, ...]:
    label = _TOPIC_LABEL.search(text)
    if not label:
        return ()
    rest = text[label.end() :]
    if end := _END_OF_TOPICS.search(rest):
        rest = rest[: end.start()]
    marked = _MARKER.split(rest)
    parts = marked[1:] if len(marked) > 1 else re.split(r"[;\n]", rest)
    topics = (" ".join(part.split()).strip(" ;。,.、") for part in parts)
    return tuple(dict.fromkeys(topic[:LONGEST_TOPIC] for topic in topics if topic))[:MOST_TOPICS]
