"""The fictitious Beichen machine works: a committee, a general branch, six branches of different shape.

Names are made up from common surnames and given names. ID numbers carry the region code 990000, which does not exist.
"""

from dataclasses import dataclass, field

COMMITTEE = "北辰机床厂委员会"
COMMITTEE_SHORT = "厂党委"
GENERAL_BRANCH = "制造党总支"
STAFF = {"committee": "周敏", "general_branch": "何伟"}


@dataclass(frozen=True, slots=True)
class Shape:
    """A branch and its people. Posts are written with the name: "李芳/书记". `groups` divides the members in turn."""

    name: str
    short: str
    below: str  # "committee" or "general_branch"
    branch_type: str
    place: str
    theme_day: int
    people: str
    groups: tuple[str, ...] = ()
    probationary: frozenset[str] = frozenset()
    mobile: dict[str, str] = field(default_factory=dict)
    founded_years_ago: int = 12
    term_started_months_ago: int = 20
    accounts_for_all: bool = True
    # Share of duties the branch really gets done, in percent: honest gaps, the same at every seeding.
    diligence: int = 92
    tracked_months: int = 24


SHAPES = (
    Shape(
        name="机床厂一车间党支部", short="一车间", below="general_branch", branch_type="ordinary", place="党员活动室101", theme_day=5,
        people=(
            "李芳/书记 刘洋/副书记 陈静/组织委员 张强/宣传委员 赵军/纪检委员 王建国 孙丽/组长 吴磊/组长 郑洁/组长 "
            "冯涛/组长 褚兰 卫东 蒋欣 沈一鸣 韩小雪 杨柳 朱明 秦晓岚 尤小佳 许诺 何苗 吕梁 施向前 孔祥云 曹阳 严谨"
        ),
        groups=("第一小组", "第二小组", "第三小组", "第四小组"), probationary=frozenset({"严谨", "曹阳"}),
        mobile={"许诺": "苏州工业园区（外派装调）"}, diligence=94,
    ),
    Shape(
        name="检验室党支部", short="检验室", below="general_branch", branch_type="ordinary", place="检验室会议角", theme_day=8,
        people="马骏/书记 华敏 金鑫", founded_years_ago=6, diligence=90,
    ),
    Shape(
        name="装配车间党支部", short="装配车间", below="general_branch", branch_type="ordinary", place="装配车间二楼会议室", theme_day=10,
        people="唐丽/副书记 魏然/组织委员 陶冶/宣传委员 姜波 戚小薇 谢晖 邹凯 喻红 柏青 水清 窦建",
        term_started_months_ago=38, diligence=76,
    ),
    Shape(
        name="技改项目临时党支部", short="技改项目", below="committee", branch_type="temporary", place="项目部板房会议室", theme_day=15,
        people="高峰/书记 章程 云飞 苏向东 潘安宁 葛成林", founded_years_ago=1, tracked_months=8, diligence=95,
    ),
    Shape(
        name="流动党员党支部", short="流动党员", below="committee", branch_type="mobile_member", place="线上会议", theme_day=20,
        people="罗欣/书记 毕升辉 郝帅 邬江 安小然/组织委员 常青/宣传委员 乐小天 于海洋 时光",
        mobile={"毕升辉": "深圳", "郝帅": "成都", "邬江": "宁波", "乐小天": "西安", "于海洋": "青岛"},
        diligence=84,
    ),
    Shape(
        name="离退休党支部", short="离退休", below="committee", branch_type="ordinary", place="老干部活动中心", theme_day=12,
        people="董斌/书记 梁栋/组织委员 杜小鹃/宣传委员 阮玲 蓝天成 闵捷 席慕远 季节 麻丽华 强生 贾志勤 路长远 娄山关 危言",
        accounts_for_all=False, founded_years_ago=20, diligence=88,
    ),
)  # fmt: skip
