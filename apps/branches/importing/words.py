"""What people call the columns of such a list, and the kinds of organizations in it."""

from apps.branches.models import Organization
from apps.core.headers import FieldNames, HeaderTable

Kind, BranchType = Organization.Kind, Organization.BranchType


def _field(key: str, names: str, *, is_date: bool = False) -> FieldNames:
    return FieldNames(key, tuple(names.split()), is_date=is_date)


HEADERS = HeaderTable(
    fields=(
        _field("name", "党组织名称 党组织全称 党支部名称 支部名称 组织名称 单位名称 名称 name organization branch"),
        _field("short_name", "党组织简称 简称 shortname"),
        _field("parent", "上级党组织 上级党组织名称 上级 所属党组织 所属党委 所属党总支 隶属 parent under"),
        _field("type", "类型 类别 党组织类型 党组织类别 组织类别 组织类型 支部类型 type kind"),
        _field("founded_on", "成立日期 成立时间 成立年月 建立时间 批准成立时间 founded foundedon", is_date=True),
        _field(
            "term_started_on",
            "本届起始 本届起始时间 本届任期起 任期开始 任期起始 换届时间 上次换届时间 本届换届时间 termbegan term",
            is_date=True,
        ),
        _field(
            "election_due_on",
            "应换届时间 届满时间 届满日期 任期届满 下次换届时间 到届时间 electiondue termends",
            is_date=True,
        ),
        _field("secretary", "书记 书记姓名 党支部书记 支部书记 党组织书记 党组织书记姓名 负责人 secretary"),
        _field("usual_place", "活动场所 活动地点 会议地点 党员活动室 place"),
    ),
    required=("name",),
    fewest=2,
    ignored=tuple("序号 编号 no 备注 党员人数 党员数 联系电话 电话".split()),
)
TYPES: dict[str, tuple[Kind, str]] = {
    **dict.fromkeys("党委 基层党委 委员会 committee".split(), (Kind.COMMITTEE, "")),
    **dict.fromkeys("党总支 总支 党总支部 generalbranch".split(), (Kind.GENERAL_BRANCH, "")),
    **dict.fromkeys("党支部 支部 branch".split(), (Kind.BRANCH, "")),
    **dict.fromkeys("普通党支部 单独党支部".split(), (Kind.BRANCH, BranchType.ORDINARY)),
    **dict.fromkeys("联合党支部 联合支部".split(), (Kind.BRANCH, BranchType.JOINT)),
    **dict.fromkeys("临时党支部 临时支部".split(), (Kind.BRANCH, BranchType.TEMPORARY)),
    **dict.fromkeys("流动党员党支部 流动党支部".split(), (Kind.BRANCH, BranchType.MOBILE_MEMBER)),
}
