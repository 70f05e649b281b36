"""Workbooks and rows as the tests of reading make them."""

from datetime import date

from apps.members.roster_rows import read_roster
from tests.factories.people import fake_birth, fake_id, fake_mobile, fake_name
from tests.factories.workbooks import xlsx

TODAY = date(2026, 3, 1)
BIRTH = date(1990, 5, 6)
HEAD = ["序号", "姓名", "性别", "民族", "出生年月", "身份证号", "入党时间", "转正时间", "人员类别", "联系电话", "备注"]


def clean(name):
    return "".join(name.split())


def read(data, filename="名册.xlsx", **kwargs):
    return read_roster(data, filename, **{"today": TODAY, "clean": clean} | kwargs)


def person(n, **changes):
    """A row of HEAD without any fault."""
    birth, sex = fake_birth(n), ("male", "female")[n % 2]
    row = dict.fromkeys(HEAD) | {
        "序号": n,
        "姓名": fake_name(n),
        "性别": {"male": "男", "female": "女"}[sex],
        "民族": "汉族",
        "出生年月": f"{birth:%Y.%m}",
        "身份证号": fake_id(birth, sex, n // 1000 + 1),
        "入党时间": "2015.07.01",
        "转正时间": "2016.07.01",
        "人员类别": "正式党员",
        "联系电话": fake_mobile(n),
    }
    assert changes.keys() <= row.keys()
    return list((row | changes).values())


def faults(reading):
    return {(p.column, row.number, p.code) for row in reading.rows for p in row.problems}


def rows_of(*people, title=True):
    return [*([["某支部党员花名册"]] if title else []), HEAD, *people]


def one(**changes):
    (row,) = read(xlsx(rows_of(person(1, **changes)))).rows
    return row


def codes(**changes):
    return [(problem.field, problem.code, problem.level) for problem in one(**changes).problems]


def messy_workbook():
    """Fifty people below a title and a two-row header, eight faults among them."""
    head = [
        "序号",
        "姓名",
        "性别",
        "民族",
        "出生年月",
        None,
        "身份证号",
        "入党时间",
        "转正时间",
        "人员类别",
        "联系电话",
        None,
    ]
    below = [None, None, None, None, "年", "月", None, None, None, None, "手机号", "固定电话"]
    people = []
    for n in range(50):
        birth, sex = fake_birth(n), ("男", "女")[n % 2]
        number = fake_id(birth, ("male", "female")[n % 2])
        people.append(
            [
                n + 1,
                fake_name(n),
                sex,
                "汉族",
                birth.year,
                birth.month,
                number,
                "2015年7月",
                "2016-07-01",
                "正式党员",
                int(fake_mobile(n)),
                None,
            ]
        )
    people[3][6] = int(people[3][6])  # digits lost
    people[7][6] = people[7][6][:16] + str((int(people[7][6][16]) + 2) % 10) + people[7][6][17]  # a wrong digit
    people[11][7] = 2015.1  # January or October
    people[15][10] = 138000012  # digits missing
    people[19][5] = 13  # no such month
    people[23][2] = "男" if people[23][2] == "女" else "女"  # against the ID number
    people[27][6] = people[28][6]  # the ID number of the next one, of the other sex and born elsewhen
    people[31][8] = "2014.07"  # full before admitted
    rows = [
        ["中共某某支部委员会党员花名册"],
        ["填报单位：某支部", None, None, None, None, None, None, "2026年3月"],
        head,
        below,
        *people,
    ]
    rows.insert(14, [])
    rows += [["合计", "50人"], ["填表人：", "某某", None, "审核人：", "某某"], ["注：本表不得更改格式"]]
    merged = ["A1:L1", "E3:F3", "K3:L3", *(f"{letter}3:{letter}4" for letter in "ABCDGHIJ")]
    return xlsx(
        rows,
        merged=merged,
        change=lambda sheet: sheet.parent.create_sheet("填表说明").append(["说明", "姓名要与身份证一致"]),
    )
