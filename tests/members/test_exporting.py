"""The roster as a workbook: customary columns, nothing that becomes a formula, and what went out comes in without a change."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from apps.branches import services as branches
from apps.branches.models import Person
from apps.core.models import AuditEntry
from apps.members import exporting
from apps.members.importing import batches
from apps.members.importing.files import Upload
from apps.members.models import MemberDetails
from apps.members.roster_codes import EDUCATION, ETHNIC_GROUPS
from tests.factories.branches import TODAY
from tests.factories.people import fake_id
from tests.factories.rosters import NOW, confirmed
from tests.members.test_importing import shown, stored


@pytest.fixture
def secretary(world):
    person = world.people["member"]
    branches.person_id_number(person, fake_id(date(1980, 1, 2), "female", 1))
    person.born_on, person.sex, person.mobile_phone, person.remarks = date(1980, 1, 2), "female", "13812345678", "=1+1"
    person.admitted_on, person.ethnicity, person.education = date(2005, 7, 1), "满族", "大学"
    person.save()
    return world.users["secretary"]


def exported(world, user, layout="everyday", ids=False, day=TODAY):
    name, data = exporting.export(branch=world.branch, by=user, now=NOW, day=day, layout=layout, with_id_numbers=ids)
    return name, load_workbook(BytesIO(data)).active


def column(sheet, title) -> list:
    heads = next(row for row in sheet.iter_rows() if row[1].value == "姓名")
    index = next(cell.column for cell in heads if cell.value == title)
    rows = sheet.iter_rows(min_row=heads[0].row + 1, min_col=index, max_col=index)
    return [row[0].value for row in rows if isinstance(sheet.cell(row[0].row, 1).value, int)]


def heads_of(sheet, row=3) -> list:
    return [cell.value for cell in sheet[row]]


def test_the_everyday_roster_has_its_twelve_columns(world, secretary):
    name, sheet = exported(world, secretary)
    twelve = "序号 姓名 性别 民族 出生年月 学历 入党时间 转正时间 工作单位及职务 党内职务 联系电话 备注"
    assert heads_of(sheet) == twelve.split()
    assert column(sheet, "姓名") == ["王建国", "李　芳", "张　强", "刘　洋", "孙　丽", "陈　静", "周　敏", "赵　军"]
    assert column(sheet, "党内职务")[:2] == ["书记", "组织委员"]
    assert "王建国 2026-03-18 09:00" in sheet["A2"].value
    assert name.endswith("_王建国.xlsx")
    assert sheet["A1"].value == "一车间党支部党员花名册"


def test_a_formula_stays_text(world, secretary):
    __, sheet = exported(world, secretary)
    [cell] = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_the_central_sheet_has_nineteen_columns_and_two_header_rows(world, secretary):
    __, sheet = exported(world, secretary, "central")
    first, second = heads_of(sheet, 3), heads_of(sheet, 4)
    assert len(first) == 19
    assert first[:5] == ["序号", "姓名", "所在党支部", "公民身份证号", "性别"]
    assert (first[12], second[12:14]) == ("联系电话", ["手机号", "固定电话"])
    assert "M3:N3" in map(str, sheet.merged_cells.ranges)
    assert "B3:B4" in map(str, sheet.merged_cells.ranges)
    row = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "陈静")
    assert row[5] == "11 满族"
    assert row[7] == "21 大学"
    assert sheet["A2"].value.startswith("基层党委：北辰机床厂委员会")


def test_id_numbers_stay_masked_unless_asked_for(world, secretary):
    __, sheet = exported(world, secretary, "central")
    assert column(sheet, "公民身份证号")[5].startswith("9900****")
    for layout in ("everyday", "import"):
        __, sheet = exported(world, secretary, layout)
        assert "身份证号" not in heads_of(sheet)
        __, sheet = exported(world, secretary, layout, ids=True)
        assert column(sheet, "身份证号")[5] == fake_id(date(1980, 1, 2), "female", 1)
        assert "含身份证号" in sheet["A2"].value


def test_who_exported_is_noted(world, secretary):
    exported(world, secretary, "central", ids=True)
    [entry] = AuditEntry.objects.filter(action="roster_export")
    assert (entry.actor, entry.organization_id, entry.fields) == (secretary, world.branch.pk, ["central", "id_number"])


def test_the_roster_of_a_past_day_leaves_out_what_is_kept_elsewhere_by_now(world, secretary):
    person = world.people["member"]
    branches.membership_start(
        person=person, organization=world.other_branch, category="full_member", starts_on=date(2026, 3, 1), by=None
    )
    assert "陈静" not in column(exported(world, secretary, "import")[1], "姓名")
    __, sheet = exported(world, secretary, "import", ids=True, day=date(2026, 2, 1))
    at = column(sheet, "姓名").index("陈静")
    assert (column(sheet, "手机号")[at], column(sheet, "身份证号")[at], column(sheet, "人员类别")[at]) == (
        None,
        None,
        "正式党员",
    )


def test_the_page_downloads(world, secretary, client_of):
    url = reverse("members:roster-export", args=[world.branch.public_id])
    response = client_of("affairs_worker").post(url, {"layout": "everyday", "on": "2030-01-01"})
    assert response["Content-Disposition"].startswith("attachment; filename=roster.xlsx; filename*=UTF-8''%E4%B8%80")
    assert response["Cache-Control"] == "no-store"
    assert load_workbook(BytesIO(response.content)).active["A2"].value.startswith("一车间党支部　截至 2026-03-18")
    assert client_of("secretary").post(url, {"layout": "secret"}).status_code == 422
    assert client_of("secretary").post(url, {"layout": "central", "on": "2026-02-30"}).status_code == 422


# --- What went out comes in -----------------------------------------------------------------------------------------------

TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=40)
DAYS = st.dates(date(1930, 1, 1), date(1990, 12, 31))
PRECISIONS = st.sampled_from(["day", "month"])
RECORDS = st.fixed_dictionaries(
    {
        "person": st.fixed_dictionaries(
            {
                "sex": st.sampled_from(["", "male", "female"]),
                "ethnicity": st.sampled_from(["", *ETHNIC_GROUPS.values()]),
                "education": st.sampled_from(["", *EDUCATION]),
                "native_place": TEXT,
                "work_post": TEXT,
                "occupation": TEXT,
                "address": TEXT,
                "remarks": TEXT,
                "introducers": TEXT,
                "landline": st.sampled_from(["", "0571-88880000", "88880000"]),
                "mobile_phone": st.sampled_from(["", "13800000001", "13900000002"]),
                "works_since": st.none() | DAYS,
                "works_since_precision": PRECISIONS,
                "applied_on": st.none() | DAYS,
                "admitted_precision": PRECISIONS,
            }
        ),
        "details": st.fixed_dictionaries(
            {
                "applied_precision": PRECISIONS,
                "honors": TEXT,
                "admitted_at": TEXT,
                "staff_number": st.text("0123456789AB-", max_size=20),
                "dues_standard": st.none() | st.decimals(0, 9999, places=2),
            }
        ),
        "born": st.none() | st.tuples(DAYS, PRECISIONS),
        "has_number": st.booleans(),
        "admitted": st.none() | st.dates(date(2009, 1, 1), date(2012, 12, 31)),
        "mobile_to": TEXT,
    }
)


@pytest.mark.parametrize("layout", ["import", "central", "everyday"])
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # the assertion prints the row; to shrink it takes minutes
)
@given(records=st.lists(RECORDS, min_size=3, max_size=3))
def test_importing_an_export_changes_nothing(world, layout, records):
    user = world.users["secretary"]
    people = [world.people[role] for role in ("member", "second", "third")]
    for number, (person, record) in enumerate(zip(people, records, strict=False)):
        fill(person, number, record)
    before = stored()
    __, data = exporting.export(branch=world.branch, by=user, now=NOW, day=TODAY, layout=layout, with_id_numbers=True)
    batch, reading = batches.start(organization=world.branch, by=user, now=NOW, upload=Upload(data, "roster.xlsx"))
    assert reading.is_mapped
    assert (batch.created, batch.updated) == (0, 0), [
        each for each in shown(batch).values() if each["kind"] in ("new", "update")
    ]
    confirmed(batch, user)
    assert stored() == before


def fill(person: Person, number: int, record: dict) -> None:
    for name, value in record["person"].items():
        setattr(person, name, value)
    born, precision = record["born"] or (None, "day")
    person.born_on, person.born_precision = born, precision
    person.admitted_on = record["admitted"]
    branches.person_id_number(
        person, fake_id(born, person.sex or "male", number) if born and record["has_number"] else ""
    )
    for name in ("born", "works_since", "applied", "admitted"):
        month = (record["details"] if name == "applied" else record["person"]).get(f"{name}_precision") == "month"
        field = name if name == "works_since" else f"{name}_on"
        if getattr(person, field) and (month or (name == "born" and precision == "month")):
            setattr(person, field, getattr(person, field).replace(day=1))
    person.save()
    MemberDetails.objects.update_or_create(
        person=person,
        defaults={
            **record["details"],
            "dues_standard": record["details"]["dues_standard"] and Decimal(record["details"]["dues_standard"]),
        },
    )
    person.memberships.update(is_mobile=bool(record["mobile_to"]), mobile_to=record["mobile_to"])
