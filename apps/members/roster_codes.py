"""Coded values as the central collection sheet writes them: code, space, label in one cell. People also write one of the two."""

from __future__ import annotations

# GB/T 3304; 91 and 92 as on the collection sheet.
_ETHNIC_NAMES = (
    "汉族 蒙古族 回族 藏族 维吾尔族 苗族 彝族 壮族 布依族 朝鲜族 满族 侗族 瑶族 白族 "
    "土家族 哈尼族 哈萨克族 傣族 黎族 傈僳族 佤族 畲族 高山族 拉祜族 水族 东乡族 纳西族 景颇族 "
    "柯尔克孜族 土族 达斡尔族 仫佬族 羌族 布朗族 撒拉族 毛南族 仡佬族 锡伯族 阿昌族 普米族 塔吉克族 怒族 "
    "乌孜别克族 俄罗斯族 鄂温克族 德昂族 保安族 裕固族 京族 塔塔尔族 独龙族 鄂伦春族 赫哲族 门巴族 珞巴族 基诺族"
)
ETHNIC_GROUPS = {f"{number:02d}": name for number, name in enumerate(_ETHNIC_NAMES.split(), 1)}
ETHNIC_GROUPS |= {"91": "其他族", "92": "外国血统"}

# The levels a roster tells apart, with the words that mean the same. Codes differ from form to form; the words do not.
EDUCATION = {
    "博士研究生": ("博士", "博士生", "研究生(博士)", "博士研究生毕业"),
    "硕士研究生": ("硕士", "硕士生", "研究生(硕士)", "硕士研究生毕业"),
    "研究生": ("研究生毕业", "研究生班"),
    "大学": ("大学本科", "本科", "大本", "大学毕业", "本科毕业", "大学(本科)", "大学本科毕业"),
    "大专": ("大学专科", "专科", "大学专科毕业", "专科毕业", "大专毕业", "高职", "高职高专"),
    "中专": ("中等专科", "中专毕业", "中等专科毕业", "中师"),
    "中技": ("技校", "技工学校", "中等技工"),
    "职业高中": ("职高", "职业中学"),
    "普通高中": ("高中", "高中毕业", "普高", "普通高中毕业"),
    "初中": ("初级中学", "初中毕业", "普通初中"),
    "小学": ("小学毕业", "高小", "初小"),
    "其他": ("文盲", "文盲半文盲", "文盲或半文盲"),
}
EDUCATION_WORDS = {word: level for level, words in EDUCATION.items() for word in (level, *words)}
# The codes of the collection sheet that are certain; other codes need their label beside them.
EDUCATION_CODES = {
    "11": "博士研究生",
    "21": "大学",
    "22": "大专",
    "6": "普通高中",
    "7": "初中",
    "8": "小学",
    "9": "其他",
}

# First digit of an occupation code: its family.
OCCUPATION_FAMILIES = {
    "0": "在岗职工",
    "1": "农牧渔民",
    "2": "解放军武警",
    "3": "学生",
    "4": "",
    "5": "离退休",
    "6": "其他",
}

# What a post may be called, and the kind of post it is.
PARTY_POSTS = {
    "branch_secretary": ("书记", "支部书记", "党支部书记", "支书"),
    "deputy_secretary": ("副书记", "支部副书记", "党支部副书记"),
    "organization_member": ("组织委员", "组织"),
    "publicity_member": ("宣传委员", "宣传"),
    "discipline_member": ("纪检委员", "纪检", "纪律检查委员"),
    "committee_member": (
        "委员",
        "支部委员",
        "支委",
        "支部委员会委员",
        "支委委员",
        "青年委员",
        "统战委员",
        "生活委员",
        "保密委员",
        "群众工作委员",
        "文体委员",
        "妇女委员",
        "群工委员",
    ),
    "group_leader": ("党小组长", "党小组组长", "小组长", "组长"),
}
PARTY_POST_WORDS = {word: kind for kind, words in PARTY_POSTS.items() for word in words}
NO_POST = frozenset({"党员", "普通党员", "正式党员", "预备党员", "群众"})
