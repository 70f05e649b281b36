"""Workbooks of past meetings as the tests of taking them over make them."""

from typing import Any

from tests.factories.workbooks import xlsx

# The columns of the old platform's export, in its order; those nobody reads are there too.
HEAD = [
    "所在分党委编码", "所在分党委", "所在党支部编码", "所在党支部", "会议类型", "主持人工号", "主持人姓名", "记录人工号",
    "记录人姓名", "会议名称", "计划会议时间", "实际会议时间", "会议地点", "应到人数", "实到人数", "请假人数", "列席人员",
    "会议议题", "会议内容", "会议决议", "参会人员", "党小组",
]  # fmt: skip


def meeting(**changes: Any) -> dict[str, Any]:
    """A row without any fault."""
    row = {
        "会议类型": "党员大会", "主持人姓名": "王建国", "记录人姓名": "李芳", "会议名称": "一季度党员大会",
        "实际会议时间": "2025-03-05 14:30", "会议地点": "党员活动室101", "应到人数": 8, "实到人数": 7, "请假人数": 1,
        "会议议题": "学习上级文件\n讨论年度计划", "会议内容": "会议内容正文。", "会议决议": "李芳四月底前完成资料归档。",
        "参会人员": "王建国、李芳、张强",
    }  # fmt: skip
    assert changes.keys() <= set(HEAD), changes
    return row | changes


def workbook(rows: list[dict[str, Any]], head: list[str] | None = None, title: str = "会议情况一览表") -> bytes:
    """A title above the header, as exports have it."""
    head = head or HEAD
    return xlsx([[title], head, *([row.get(name) for name in head] for row in rows)])
