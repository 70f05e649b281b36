"""Visitors' matters and other voices, through the services that pages call."""

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

from apps.voices.models import Matter, PracticalHelp, ReceptionDay, SituationReport, Suggestion
from apps.voices.progress import Step
from apps.voices.services import days, helping, matters, reports, suggestions
from tests.factories.branches import TODAY
from tests.world import World

NAME, CONTACT, ABOUT = "来访者甘雨田", "13800001234", "光明里7号楼"
WORDS = "食堂门口的台阶夜里没有灯"


def day(world: World, held_on: date = TODAY + timedelta(days=2), **fields: Any) -> ReceptionDay:
    fields = {"starts_at": time(14), "ends_at": time(16), "place": "党员活动室101", "receiver": "支部书记"} | fields
    return days.day_publish(
        organization=world.branch, by=world.users["secretary"], today=TODAY, held_on=held_on, **fields
    )


def received(
    world: World, *, by: str = "secretary", handler: str = "secretary", concerned: tuple[str, ...] = (), **fields: Any
) -> tuple[Matter, str]:
    """With its code."""
    fields = {
        "received_on": TODAY, "way": "visit", "category": "request", "words": WORDS, "name": NAME, "contact": CONTACT,
        "about": ABOUT, "submission": uuid4(), "today": TODAY, "organization": world.branch,
    } | fields  # fmt: skip
    return matters.matter_register(
        by=world.users[by], handler=world.people[handler], concerned=[world.people[one] for one in concerned], **fields
    )


def matter(world: World, **fields: Any) -> Matter:
    return received(world, **fields)[0]


def move(world: World, row: Matter, step: str, on: date = TODAY, by: str = "secretary", **fields: Any) -> Matter:
    row.refresh_from_db()
    fields = {"words": "已告知来访人", "today": max(on, TODAY), "version": row.version} | fields
    matters.matter_move(matter=row, by=world.users[by], step=Step(step), on=on, **fields)
    row.refresh_from_db()
    return row


REPORT = "三班连着两个月顶岗，老师傅身体吃不消"


def report(world: World, *, by: str = "member", concerned: tuple[str, ...] = (), **fields: Any) -> SituationReport:
    fields = {
        "organization": world.branch, "today": TODAY, "category": "life", "words": REPORT, "submission": uuid4(),
    } | fields  # fmt: skip
    return reports.report_send(by=world.users[by], concerned=[world.people[one] for one in concerned], **fields)


IDEA, NEED = "更衣室柜子没有编号", "独居的老党员家里水管漏水"


def suggestion(world: World, *, by: str = "member", **fields: Any) -> Suggestion:
    fields = {
        "organization": world.branch, "today": TODAY, "words": IDEA, "submission": uuid4(), "is_anonymous": False,
    } | fields  # fmt: skip
    return suggestions.suggestion_make(by=world.users[by], **fields)


def answered(world: World, row: Suggestion, **fields: Any) -> Suggestion:
    fields = {"is_public": True, "answer": "柜子已编号", "public_words": "给柜子编号", "public_change": "",
              "today": TODAY, "version": row.version} | fields  # fmt: skip
    suggestions.suggestion_answer(suggestion=row, by=world.users["secretary"], **fields)
    row.refresh_from_db()
    return row


def need(world: World, *, by: str = "secretary", owner: str = "committee_member", **fields: Any) -> PracticalHelp:
    fields = {
        "organization": world.branch, "today": TODAY, "need": NEED, "due_on": None, "submission": uuid4(),
    } | fields  # fmt: skip
    return helping.help_start(by=world.users[by], owner=world.people[owner], **fields)
