"""Who can sign in to the demonstration. On this machine only; production settings refuse the demonstration altogether."""

PASSWORD = "beichen-2026"  # noqa: S105 - printed at every start of the demonstration

# user name, person, what he or she is
ACCOUNTS = [
    ("lifang", "李芳", "一车间党支部书记 · branch secretary"),
    ("chenjing", "陈静", "一车间党支部组织委员 · committee member"),
    ("wangjianguo", "王建国", "一车间党员 · member"),
    ("hewei", "何伟", "制造党总支党务工作者 · staff of the general branch"),
    ("zhoumin", "周敏", "北辰机床厂党委党务工作者 · staff of the committee"),
    ("majun", "马骏", "检验室党支部书记 · secretary of three members"),
    ("tangli", "唐丽", "装配车间党支部副书记 · deputy, secretary's post vacant"),
    ("gaofeng", "高峰", "技改项目临时党支部书记 · secretary of a temporary branch"),
    ("luoxin", "罗欣", "流动党员党支部书记 · secretary of mobile members"),
    ("dongbin", "董斌", "离退休党支部书记 · the only account of the branch"),
]
ADMINISTRATOR = ("admin", "管理员 · administrator (no content)")

SIGN_INS = [(username, PASSWORD, label) for username, _, label in ACCOUNTS]
SIGN_INS.append((ADMINISTRATOR[0], PASSWORD, ADMINISTRATOR[1]))
