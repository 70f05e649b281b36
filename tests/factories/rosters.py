"""Rosters on their way in: rows, workbooks, and the steps of an import without a browser."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from apps.accounts.models import User
from apps.branches.models import Organization
from apps.members.importing import batches
from apps.members.importing.choices import Choices
from apps.members.importing.files import Upload
from apps.members.models import ImportBatch
from tests.factories.branches import TODAY
from tests.factories.people import fake_id
from tests.factories.workbooks import xlsx

NOW = datetime(2026, 3, 18, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HEADS = (
    "姓名",
    "性别",
    "民族",
    "出生年月",
    "身份证号",
    "学历",
    "人员类别",
    "入党时间",
    "转正时间",
    "所在党小组",
    "党内职务",
    "手机号",
    "备注",
)


def row(name: str, born: date = date(1985, 5, 6), n: int = 1, **cells: Any) -> dict[str, Any]:
    """A full member with an ID number; keyword arguments by header replace or add cells."""
    return {
        "姓名": name, "性别": "男", "身份证号": fake_id(born, "male", n), "人员类别": "正式党员", "入党时间": "2010.07.01",
        "转正时间": "2011.07.01",
    } | cells  # fmt: skip


def roster(rows: Sequence[Mapping[str, Any]], heads: Sequence[str] = HEADS) -> bytes:
    """An .xlsx with one header row; columns the rows add come last."""
    heads = [*heads, *dict.fromkeys(head for each in rows for head in each if head not in heads)]
    return xlsx([heads, *([each.get(head, "") for head in heads] for each in rows)])


def started(branch: Organization, by: User, rows: Sequence[Mapping[str, Any]], now: datetime = NOW) -> ImportBatch:
    batch, __ = batches.start(organization=branch, by=by, now=now, upload=Upload(roster(rows), "roster.xlsx"))
    return batch


def answered(batch: ImportBatch, by: User, **choices: Any) -> ImportBatch:
    """Take answers: `same`, `right`, `left_out`, `category` as in Choices."""
    stored = Choices.of(batch.choices)
    for name, value in choices.items():
        setattr(stored, name, value)
    batches.choose(batch=batch, by=by, today=TODAY, choices=stored, since=batch.since)
    batch.refresh_from_db()
    return batch


def confirmed(batch: ImportBatch, by: User, now: datetime = NOW) -> ImportBatch:
    batches.confirm(batch=batch, by=by, now=now, digest=batch.digest)
    return batch


def imported(branch: Organization, by: User, rows: Sequence[Mapping[str, Any]]) -> ImportBatch:
    return confirmed(started(branch, by, rows), by)
