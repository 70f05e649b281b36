"""The roster as a workbook, in the columns people know. Headers are Chinese in every language: they are forms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction

from apps.branches.models import Membership, Organization, Person, Post
from apps.core import keyring
from apps.core.models import audit
from apps.core.sheets import SheetColumn, Table, write_xlsx
from apps.core.written_dates import PartialDate
from apps.members import listing
from apps.members.models import MemberDetails
from apps.members.roster_codes import EDUCATION_CODES, ETHNIC_GROUPS
from apps.members.roster_columns import BY_KEY
from apps.members.rules import Sight

if TYPE_CHECKING:
    from apps.accounts.models import User

SEX = {"male": "男", "female": "女", "": ""}
CATEGORY = {Membership.Category.FULL: "正式党员", Membership.Category.PROBATIONARY: "预备党员"}
STANDING = {Membership.Standing.SUSPENDED: "停止党籍"}  # the form knows two values
POSTS = {
    Post.Kind.SECRETARY: "书记",
    Post.Kind.DEPUTY: "副书记",
    Post.Kind.ORGANIZATION_MEMBER: "组织委员",
    Post.Kind.PUBLICITY_MEMBER: "宣传委员",
    Post.Kind.DISCIPLINE_MEMBER: "纪检委员",
    Post.Kind.COMMITTEE_MEMBER: "委员",
    Post.Kind.GROUP_LEADER: "党小组长",
}
_ETHNIC = {name: code for code, name in ETHNIC_GROUPS.items()}
_EDUCATION = {name: code for code, name in EDUCATION_CODES.items()}
SIGNATURES = "填表人：　　　　　　　　审核人：　　　　　　　　填表日期：　　　　年　　月　　日"


@dataclass(slots=True)
class Entry:
    """One member of the day; `details` an unsaved empty row where there is none."""

    membership: Membership
    person: Person
    details: MemberDetails
    posts: list[Post]
    branch: Organization
    id_number: str = ""

    @property
    def post_words(self) -> str:
        return "、".join(POSTS[post.kind] for post in self.posts if post.kind in POSTS)

    def person_date(self, name: str, precision: str) -> PartialDate | None:
        return listing.partial(getattr(self.person, name), getattr(self.person, precision))

    def details_date(self, name: str, precision: str) -> PartialDate | None:
        return listing.partial(getattr(self.details, name), getattr(self.details, precision))


Read = Callable[[Entry], object]
# By key of roster_columns: what the cell says.
CELLS: dict[str, Read] = {
    "name": lambda e: e.person.name,
    "organization": lambda e: e.branch.name,
    "group": lambda e: e.membership.group.name if e.membership.group else "",
    "party_post": lambda e: e.post_words,
    "sex": lambda e: SEX[e.person.sex],
    "ethnic_group": lambda e: e.person.ethnicity,
    "born_on": lambda e: e.person_date("born_on", "born_precision"),
    "id_number": lambda e: e.id_number,
    "native_place": lambda e: e.person.native_place,
    "education": lambda e: e.person.education,
    "category": lambda e: CATEGORY[e.membership.category],
    "admitted_on": lambda e: e.person_date("admitted_on", "admitted_precision"),
    "full_member_on": lambda e: e.person_date("full_member_on", "full_member_precision"),
    "standing": lambda e: STANDING.get(e.membership.standing, "正常"),
    "work_unit": lambda e: e.person.work_post,
    "occupation": lambda e: e.person.occupation,
    "mobile": lambda e: e.person.mobile_phone,
    "landline": lambda e: e.person.landline,
    "is_lost_contact": lambda e: "是" if e.membership.lost_contact_on else "否",
    "lost_contact_on": lambda e: e.membership.lost_contact_on and PartialDate(e.membership.lost_contact_on),
    "is_mobile_member": lambda e: "是" if e.membership.is_mobile else "否",
    "mobile_destination": lambda e: e.membership.mobile_to,
    "started_work_on": lambda e: e.person_date("works_since", "works_since_precision"),
    "recommenders": lambda e: e.person.introducers,
    "applied_on": lambda e: listing.partial(e.person.applied_on, e.details.applied_precision),
    "activist_on": lambda e: e.details_date("activist_on", "activist_precision"),
    "candidate_on": lambda e: e.details_date("candidate_on", "candidate_precision"),
    "admitted_at": lambda e: e.details.admitted_at,
    "confirmed_at": lambda e: e.details.confirmed_at,
    "dues_standard": lambda e: e.details.dues_standard,
    "honors": lambda e: e.details.honors,
    "address": lambda e: e.person.address,
    "staff_number": lambda e: e.details.staff_number,
    "remarks": lambda e: e.person.remarks,
}
OTHERS = ("name", "organization", "category", "standing")  # of a person whose record is kept elsewhere by now
WIDTHS = {
    "organization": 20,
    "party_post": 12,
    "born_on": 11,
    "id_number": 21,
    "education": 11,
    "admitted_on": 12,
    "full_member_on": 12,
    "work_unit": 26,
    "occupation": 16,
    "mobile": 14,
    "landline": 14,
    "address": 26,
    "remarks": 16,
    "name": 10,
    "sex": 6,
    "ethnic_group": 9,
    "honors": 20,
}
KINDS = {
    "id_number": "id",
    "mobile": "id",
    "landline": "id",
    "staff_number": "id",
    "dues_standard": "number",
    "born_on": "month",
    "admitted_on": "month",
    "full_member_on": "month",
    "started_work_on": "month",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet; `title` the customary name where it differs from the importer's first one."""

    key: str
    title: str = ""
    read: Read | None = None
    group: str = ""

    def sheet_column(self) -> SheetColumn:
        title = self.title or BY_KEY[self.key].names[0]
        return SheetColumn(title, WIDTHS.get(self.key, 12), KINDS.get(self.key, "text"), self.group)

    def value(self, entry: Entry) -> object:
        if entry.person.organization_id != entry.branch.pk and self.key not in OTHERS:
            return ""
        return (self.read or CELLS[self.key])(entry)


def _month(entry: Entry) -> PartialDate | None:
    born = entry.person.born_on
    return PartialDate(born.replace(day=1), "month") if born else None


def _spread(entry: Entry) -> str:
    """Names of two characters take the width of three, as on paper."""
    name = entry.person.name
    return f"{name[0]}　{name[1]}" if len(name) == 2 and "一" <= name[0] <= "鿿" else name


def _coded(codes: dict[str, str], name: str) -> str:
    return f"{codes[name]} {name}" if name in codes else name


EVERYDAY = (
    Column("name", read=_spread),
    Column("sex"),
    Column("ethnic_group"),
    Column("born_on", read=_month),
    Column("education"),
    Column("admitted_on"),
    Column("full_member_on"),
    Column("work_unit"),
    Column("party_post"),
    Column("mobile", "联系电话", lambda e: e.person.mobile_phone or e.person.landline),
    Column("remarks"),
)
CENTRAL = (
    Column("name"),
    Column("organization"),
    Column("id_number", "公民身份证号"),
    Column("sex"),
    Column("ethnic_group", read=lambda e: _coded(_ETHNIC, e.person.ethnicity)),
    Column("born_on", "出生日期"),
    Column("education", read=lambda e: _coded(_EDUCATION, e.person.education)),
    Column("category"),
    Column("admitted_on", "加入党组织日期"),
    Column("full_member_on", "转为正式党员日期"),
    Column("occupation"),
    Column("mobile", group="联系电话"),
    Column("landline", group="联系电话"),
    Column("standing"),
    Column("is_lost_contact"),
    Column("lost_contact_on"),
    Column("is_mobile_member"),
    Column("mobile_destination"),
)
IMPORT = tuple(Column(key) for key in CELLS)
NAMES = {"everyday": "党员花名册", "central": "党员基本信息汇总表", "import": "党员花名册（全部栏目）"}


@transaction.atomic
def export(
    *, branch: Organization, by: "User", now: datetime, day: date, layout: str, with_id_numbers: bool
) -> tuple[str, bytes]:
    """File name and bytes of the roster on `day`. Who exported stands in the file, in its name and in the audit trail.

    Without `with_id_numbers` the central sheet has them masked and the others leave the column out.
    """
    entries = _entries(branch, day, with_id_numbers=with_id_numbers)
    who = _who(by)
    columns = {"everyday": EVERYDAY, "central": CENTRAL, "import": IMPORT}[layout]
    if layout == "everyday" and with_id_numbers:
        columns = (*columns[:3], Column("id_number"), *columns[3:])
    if layout == "import" and not with_id_numbers:
        columns = tuple(column for column in columns if column.key != "id_number")
    note = f"{day:%Y-%m-%d}　导出：{who} {now:%Y-%m-%d %H:%M}" + ("（含身份证号）" if with_id_numbers else "")
    title = f"{branch.name}{NAMES[layout]}"
    if layout == "central":
        title, subline = NAMES[layout], f"基层党委：{_committee(branch)}　　汇总日期：{note}"
    else:
        subline = f"{branch.name}　截至 {note}"
    rows = [[number, *(column.value(entry) for column in columns)] for number, entry in enumerate(entries, 1)]
    table = Table(
        name=NAMES[layout],
        title=title,
        columns=[SheetColumn("序号", 6, "number"), *(c.sheet_column() for c in columns)],
        rows=rows,
        subline=subline,
        footer=("", SIGNATURES),
    )
    fields = [layout, *(["id_number"] if with_id_numbers else [])]
    audit(by=by, action="roster_export", subject=branch, organization_id=branch.pk, fields=fields)
    return f"{title}_{day:%Y%m%d}_{who}.xlsx", write_xlsx([table])


def _entries(branch: Organization, day: date, *, with_id_numbers: bool) -> list[Entry]:
    rows = listing.memberships(branch, listing.Filters(on=day), Sight.KEEPER, ()).filter(is_hosted=False)
    rows = list(rows.select_related("person", "person__details", "group"))
    held = listing.posts_of(branch, day, [row.person_id for row in rows])
    entries = []
    for row in rows:
        details = getattr(row.person, "details", None) or MemberDetails(person=row.person)
        entry = Entry(row, row.person, details, held.get(row.person_id, []), branch, row.person.id_number_masked)
        if with_id_numbers and row.person.id_number_sealed and row.person.organization_id == branch.pk:
            entry.id_number = keyring.unseal(
                row.person.id_number_sealed, bound_to=f"person:{row.person.public_id}:id_number"
            )
        entries.append(entry)
    return entries


def _who(user: "User") -> str:
    person = getattr(user, "person", None)
    return person.name if person else user.username


def _committee(branch: Organization) -> str:
    above = Organization.objects.ancestors_of(branch).filter(kind=Organization.Kind.COMMITTEE).last()
    return above.name if above else ""
