"""The columns a roster may have: the central collection sheet, the everyday roster, and the names people give them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from apps.core.headers import FieldNames, HeaderTable


@dataclass(frozen=True, slots=True)
class RosterField:
    """`own`: the value is one person's alone, so a cell merged over several rows cannot hold it.

    `names` are what the column is called in Chinese workbooks, the customary name of our own exports first.
    """

    key: str
    label: Promise
    names: tuple[str, ...]
    kind: str = "text"  # name of the parser in roster_values
    own: bool = False
    stem: str = ""


FIELDS = (
    RosterField(
        "name", pgettext_lazy("roster", "Name"), ("姓名", "党员姓名", "名字", "姓 名", "name"), "name", own=True
    ),
    RosterField(
        "organization",
        pgettext_lazy("roster", "Branch"),
        (
            "所在党支部",
            "所在支部",
            "党支部",
            "支部",
            "支部名称",
            "党支部名称",
            "所属党支部",
            "所属支部",
            "所在党组织",
            "所属党组织",
            "党组织名称",
            "现所在党支部",
        ),
    ),
    RosterField(
        "group",
        pgettext_lazy("roster", "Party group"),
        ("所在党小组", "党小组", "所属党小组", "小组", "党小组名称", "组别"),
    ),
    RosterField(
        "party_post",
        pgettext_lazy("roster", "Post in the Party"),
        ("党内职务", "党内任职", "支部职务", "党支部职务", "党内现任职务", "党组织职务", "支委职务"),
        "party_post",
    ),
    RosterField("sex", pgettext_lazy("roster", "Sex"), ("性别", "sex", "gender"), "sex"),
    RosterField("ethnic_group", pgettext_lazy("roster", "Ethnic group"), ("民族", "族别"), "ethnic_group"),
    RosterField(
        "born_on",
        pgettext_lazy("roster", "Date of birth"),
        ("出生年月", "出生日期", "出生时间", "出生年月日", "生日", "出生"),
        "date",
        own=True,
        stem="出生",
    ),
    RosterField(
        "id_number",
        pgettext_lazy("roster", "ID number"),
        (
            "身份证号",
            "公民身份证号",
            "身份证号码",
            "公民身份号码",
            "身份证",
            "公民身份证号码",
            "居民身份证号",
            "居民身份证号码",
            "证件号码",
            "证件号",
            "id number",
        ),
        "id_number",
        own=True,
    ),
    RosterField("native_place", pgettext_lazy("roster", "Ancestral home"), ("籍贯", "祖籍")),
    RosterField(
        "education",
        pgettext_lazy("roster", "Education"),
        ("学历", "文化程度", "最高学历", "教育程度", "文化", "学历情况"),
        "education",
    ),
    RosterField(
        "category",
        pgettext_lazy("roster", "Membership category"),
        ("人员类别", "党员类别", "党员类型", "党员身份", "政治面貌", "类别", "正式/预备", "是否正式党员或预备党员"),
        "category",
    ),
    RosterField(
        "admitted_on",
        pgettext_lazy("roster", "Date of admission"),
        (
            "入党时间",
            "加入党组织日期",
            "入党日期",
            "加入党组织时间",
            "入党年月",
            "加入中共时间",
            "加入中国共产党时间",
            "何时入党",
            "入党年月日",
            "吸收为预备党员时间",
            "接收为预备党员时间",
            "入党",
        ),
        "date",
        stem="入党",
    ),
    RosterField(
        "full_member_on",
        pgettext_lazy("roster", "Date of full membership"),
        ("转正时间", "转为正式党员日期", "转正日期", "转为正式党员时间", "转正年月", "何时转正", "转正年月日", "转正"),
        "date",
        stem="转正",
    ),
    RosterField(
        "standing", pgettext_lazy("roster", "Membership standing"), ("党籍状态", "党籍", "党籍情况"), "standing"
    ),
    RosterField(
        "work_unit",
        pgettext_lazy("roster", "Workplace and position"),
        (
            "工作单位及职务",
            "工作单位及职务(岗位)",
            "工作单位",
            "单位及职务",
            "单位职务",
            "工作单位和职务",
            "现工作单位及职务",
            "所在单位",
            "单位",
            "工作单位及岗位",
            "单位及岗位",
            "单位名称",
            "工作单位与职务",
        ),
    ),
    RosterField(
        "work_post",
        pgettext_lazy("roster", "Administrative position"),
        ("行政职务", "行政职务(岗位)", "工作职务", "现任行政职务", "单位职务名称", "岗位职务", "部门及职务"),
    ),
    RosterField(
        "occupation", pgettext_lazy("roster", "Occupation"), ("工作岗位", "职业", "从事岗位", "岗位类别"), "occupation"
    ),
    RosterField(
        "mobile",
        pgettext_lazy("roster", "Mobile number"),
        ("手机号", "手机号码", "手机", "移动电话", "手机电话", "mobile"),
        "mobile",
        own=True,
    ),
    RosterField(
        "landline",
        pgettext_lazy("roster", "Landline number"),
        ("固定电话", "座机", "办公电话", "固话", "家庭电话", "住宅电话", "电话(固定)"),
        "landline",
    ),
    RosterField(
        "phone",
        pgettext_lazy("roster", "Phone number"),
        ("联系电话", "电话", "联系方式", "电话号码", "联系电话号码", "本人电话", "phone"),
        "phone",
        own=True,
    ),
    RosterField(
        "is_lost_contact",
        pgettext_lazy("roster", "Out of contact"),
        ("是否为失联党员", "是否失联", "失联党员", "是否失联党员"),
        "yes_no",
    ),
    RosterField(
        "lost_contact_on",
        pgettext_lazy("roster", "Out of contact since"),
        ("失去联系日期", "失联时间", "失联日期", "失去联系时间"),
        "date",
        stem="失联",
    ),
    RosterField(
        "is_mobile_member",
        pgettext_lazy("roster", "Mobile member"),
        ("是否为流动党员", "是否流动", "流动党员", "是否流动党员"),
        "yes_no",
    ),
    RosterField(
        "mobile_destination",
        pgettext_lazy("roster", "Where the mobile member is"),
        ("外出流向", "流动去向", "外出地点", "流向", "流入地", "外出流动去向"),
    ),
    RosterField(
        "started_work_on",
        pgettext_lazy("roster", "Start of work"),
        ("参加工作时间", "参加工作日期", "参加工作年月", "工作时间", "参工时间"),
        "date",
        stem="参加工作",
    ),
    RosterField("recommenders", pgettext_lazy("roster", "Recommenders"), ("入党介绍人", "介绍人", "介绍人姓名")),
    RosterField(
        "applied_on",
        pgettext_lazy("roster", "Date of application"),
        (
            "递交申请书时间",
            "申请入党时间",
            "递交入党申请书时间",
            "递交入党申请书日期",
            "提交入党申请书时间",
            "申请时间",
        ),
        "date",
    ),
    RosterField(
        "activist_on",
        pgettext_lazy("roster", "Activist since"),
        (
            "确定积极分子时间",
            "列为积极分子时间",
            "确定为入党积极分子时间",
            "确定入党积极分子时间",
            "列为入党积极分子时间",
        ),
        "date",
    ),
    RosterField(
        "candidate_on",
        pgettext_lazy("roster", "Candidate since"),
        ("确定发展对象时间", "列为发展对象时间", "确定为发展对象时间"),
        "date",
    ),
    RosterField(
        "admitted_at",
        pgettext_lazy("roster", "Branch at admission"),
        ("入党时所在支部", "入党时所在党支部", "入党支部"),
    ),
    RosterField(
        "confirmed_at",
        pgettext_lazy("roster", "Branch at full membership"),
        ("转正时所在支部", "转正时所在党支部", "转正支部"),
    ),
    RosterField(
        "transferred_in_on",
        pgettext_lazy("roster", "Transferred in on"),
        (
            "组织关系转入时间",
            "组织关系转入日期",
            "进入党支部日期",
            "进入支部时间",
            "转入时间",
            "转入日期",
            "转入支部时间",
            "加入本支部时间",
            "组织关系转入本支部时间",
        ),
        "date",
    ),
    RosterField(
        "dues_standard",
        pgettext_lazy("roster", "Dues"),
        ("党费标准", "月交党费", "每月党费", "党费", "月缴党费", "应交党费"),
        "money",
    ),
    RosterField(
        "honors",
        pgettext_lazy("roster", "Commendations in the Party"),
        ("党内奖励", "党内奖惩", "奖惩情况", "党内表彰"),
    ),
    RosterField(
        "address",
        pgettext_lazy("roster", "Address"),
        ("住址", "家庭住址", "现住址", "居住地址", "家庭地址", "通讯地址", "现居住地", "地址", "户籍地址"),
    ),
    RosterField(
        "staff_number",
        pgettext_lazy("roster", "Staff number"),
        ("工号", "员工号", "职工号", "学号", "工号/学号", "人员编号"),
        "code",
        own=True,
    ),
    RosterField("remarks", pgettext_lazy("roster", "Remarks"), ("备注", "说明", "备 注", "其他说明")),
)
BY_KEY = {field.key: field for field in FIELDS}

ROSTER = HeaderTable(
    fields=tuple(FieldNames(f.key, f.names, is_date=f.kind == "date", stem=f.stem) for f in FIELDS),
    required=("name",),
    fewest=3,
    unclear={
        "职务": {"party_post": (), "work_post": ("work_unit",)},
        "职务名称": {"party_post": (), "work_post": ("work_unit",)},
        "现任职务": {"party_post": (), "work_post": ("work_unit",)},
        "任职情况": {"party_post": (), "work_post": ("work_unit",)},
        "岗位": {"occupation": (), "work_post": ("work_unit",)},
        "部门": {"work_unit": (), "organization": (), "group": ()},
        "状态": {"standing": (), "category": ()},
        "所在组织": {"organization": (), "group": ()},
        "日期": {"born_on": (), "admitted_on": (), "full_member_on": ()},
        "时间": {"born_on": (), "admitted_on": (), "full_member_on": ()},
    },
    ignored=(
        "序号",
        "编号",
        "序",
        "no",
        "年龄",
        "党龄",
        "工龄",
        "照片",
        "签名",
        "签字",
        "本人签字",
        "身份证号位数",
        "校验",
        "党员编号",
    ),
    groups=(
        "基本",
        "信息",
        "情况",
        "资料",
        "联系",
        "党员",
        "个人",
        "电话",
        "档案",
        "身份",
        "党籍",
        "流动",
        "失联",
        "党内",
        "入党",
    ),
    foreign=(
        "家庭",
        "配偶",
        "子女",
        "父",
        "母",
        "紧急",
        "介绍",
        "培养",
        "成员",
        "亲属",
        "书记",
        "联系人",
        "填表",
        "责任人",
    ),
)
