"""People who do not exist: ID numbers of a region that does not exist, with a right check character."""

from __future__ import annotations

from datetime import date

from apps.members.id_numbers import check_character

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = "安宁清和远山明月知行文博雅静思齐怀瑾若水书言景行致远子衿"


def fake_id(birth: date, sex: str = "male", n: int = 1) -> str:
    """`n` from 0 to 499 tells people of one birthday and sex apart."""
    first = f"990000{birth:%Y%m%d}{2 * n + (sex == 'male'):03d}"
    return first + check_character(first)


def fake_mobile(n: int) -> str:
    return f"1380000{n % 10000:04d}"


def fake_name(n: int) -> str:
    first, rest = n % len(SURNAMES), n // len(SURNAMES)
    second, third = rest % len(GIVEN), rest // len(GIVEN) % len(GIVEN)
    return SURNAMES[first] + GIVEN[second] + GIVEN[third]


def fake_birth(n: int) -> date:
    return date(1950 + n % 47, n % 12 + 1, n % 28 + 1)
