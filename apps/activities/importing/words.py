"""How the old platforms call columns and types, and the workbook to fill in."""

from apps.core.headers import FieldNames, HeaderTable
from apps.core.sheets import SheetColumn, Table, write_xlsx

HEADERS = HeaderTable(
    fields=(
        FieldNames("type", ("会议类型", "活动类型", "类型", "会议形式", "组织生活类型", "type", "kind")),
        FieldNames(
            "held",
            (
                "实际会议时间", "实际活动时间", "实际时间", "会议时间", "活动时间", "会议日期", "活动日期", "召开时间",
                "召开日期", "开展时间", "时间", "日期", "date", "time",
            ),
        ),
        FieldNames("planned", ("计划会议时间", "计划活动时间", "计划时间")),
        FieldNames("title", ("会议名称", "活动名称", "名称", "标题", "会议主题", "活动主题", "主题", "title")),
        FieldNames("place", ("会议地点", "活动地点", "地点", "place")),
        FieldNames("chair", ("主持人姓名", "主持人", "chair")),
        FieldNames("minute_taker", ("记录人姓名", "记录人", "minute taker")),
        FieldNames("lecturer", ("主讲人", "授课人", "主讲人姓名")),
        FieldNames("expected", ("应到人数", "应到", "应出席人数", "应参会人数", "应参加人数")),
        FieldNames("present", ("实到人数", "实到", "实际到会人数", "出席人数", "实参会人数", "实参加人数")),
        FieldNames("leave", ("请假人数", "请假")),
        FieldNames("people", ("参会人员", "参加人员", "出席人员", "到会人员", "实到人员", "参会党员", "参加党员")),
        FieldNames("guests", ("列席人员", "列席")),
        FieldNames("topics", ("会议议题", "议题", "议程")),
        FieldNames("content", ("会议内容", "活动内容", "主要内容", "内容", "会议记录")),
        FieldNames("resolution", ("会议决议", "决议", "会议决定", "决定事项")),
        FieldNames("minutes_long", ("时长", "时长分钟", "时长(分钟)", "会议时长")),
        FieldNames("group", ("党小组", "所在党小组", "党小组名称")),
        FieldNames("branch", ("所在党支部", "党支部", "党支部名称", "支部名称", "所属党支部", "支部")),
    ),
    required=("type",),
    fewest=2,
    ignored=(
        "所在分党委编码", "所在分党委", "所在党支部编码", "党委", "分党委", "主持人工号", "记录人工号", "序号", "年份", "季度",
        "次数", "次数(第几次)", "附件", "审核情况", "原因", "备注", "状态",
    ),
)  # fmt: skip

# Besides the names of the kinds themselves, compared without spaces and marks.
TYPES = {
    "党员大会": "general_meeting", "支部大会": "general_meeting", "支部党员大会": "general_meeting",
    "支委会": "committee_meeting", "支部委员会": "committee_meeting", "支委会议": "committee_meeting",
    "小组会": "group_meeting", "党小组会议": "group_meeting",
    "上党课": "party_lecture", "专题党课": "party_lecture",
    "主题党日活动": "theme_day", "党员活动日": "theme_day", "党员集体活动": "theme_day", "党日活动": "theme_day",
    "专题组织生活会": "life_meeting", "年度组织生活会": "life_meeting",
    "民主评议": "member_appraisal",
    "理论学习": "group_study", "政治学习": "group_study",
    "换届大会": "election_meeting", "换届选举": "election_meeting", "选举大会": "election_meeting",
    "其他": "other", "其它": "other", "其它活动": "other",
}  # fmt: skip

TEMPLATE = (
    SheetColumn("会议类型", 14), SheetColumn("实际会议时间", 20), SheetColumn("会议名称", 28), SheetColumn("会议地点", 16),
    SheetColumn("党小组", 12), SheetColumn("主持人姓名", 12), SheetColumn("记录人姓名", 12),
    SheetColumn("应到人数", 10, "number"),
    SheetColumn("实到人数", 10, "number"), SheetColumn("请假人数", 10, "number"), SheetColumn("参会人员", 30),
    SheetColumn("列席人员", 16), SheetColumn("会议议题", 30), SheetColumn("会议内容", 40), SheetColumn("会议决议", 30),
)  # fmt: skip


def template(kinds: list[str]) -> bytes:
    """The workbook to fill in, with the names of the types under it. In Chinese: it goes with papers that are."""
    table = Table(
        name="往期记录", title="往期组织生活记录", columns=TEMPLATE, rows=[],
        footer=[f"说明：会议类型填 {'、'.join(kinds)}。时间如 2025-03-05 14:30，人名之间用顿号隔开，只有类型和时间必填。"],
    )  # fmt: skip
    return write_xlsx([table])
