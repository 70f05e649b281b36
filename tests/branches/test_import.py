"""A list of organizations from Excel: looked at first, every trouble at its cell, the same file again changes nothing."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from apps.accounts import services as logins
from apps.accounts.models import User
from apps.branches.importing.plan import Plan, make_plan
from apps.branches.importing.reading import read
from apps.branches.models import Organization, Person, Post
from apps.core.models import AuditEntry
from apps.core.workbook import read_pasted
from tests.factories import branches as make
from tests.factories.branches import TODAY
from tests.world import World

HEADER = "党组织名称\t上级党组织\t类型\t成立日期\t本届起始\t书记\n"


def plan_of(world: World, rows: str, role: str = "affairs_worker", top: Organization | None = None) -> Plan:
    """Pasted cells, as the page reads them."""
    found = read(read_pasted(HEADER + rows), TODAY)
    assert found.fault == ""
    return make_plan(found.lines, top or world.general_branch, world.users[role], TODAY)


def shown(plan: Plan) -> list[tuple[str, str]]:
    return [(step.line.name, step.action) for step in plan.steps]


def troubles(plan: Plan) -> list[tuple[str, str]]:
    return [(problem.cell, problem.message) for step in plan.steps for problem in step.line.problems]


class TestPlan:
    def test_new_ones_below_the_level_and_below_each_other_in_any_order(self, world: World) -> None:
        rows = (
            "三车间党支部\t后勤党总支\t\t2020.07\t\t\n后勤党总支\t\t\t\t\t\n食堂党支部\t后勤党总支\t联合党支部\t\t\t\n"
        )
        plan = plan_of(world, rows, "upper_worker", world.committee)
        assert [(step.line.name, step.action, step.parent_name) for step in plan.steps] == [
            ("三车间党支部", "new", "后勤党总支"),
            ("后勤党总支", "new", "北辰机床厂委员会"),
            ("食堂党支部", "new", "后勤党总支"),
        ]
        assert next(step.line.name for step in plan.in_order()) == "后勤党总支"
        assert troubles(plan) == []

    def test_what_is_there_is_as_it_is_or_changed(self, world: World) -> None:
        plan = plan_of(world, "一车间党支部\t\t\t\t\t\n二车间党支部\t制造党总支\t\t2019-05-06\t\t\n")
        assert shown(plan) == [("一车间党支部", "same"), ("二车间党支部", "change")]
        assert plan.steps[1].changes == {"founded_on": date(2019, 5, 6)}

    @pytest.mark.parametrize(("row", "cell", "words"), [
        ("\t制造党总支\t\t\t\t\n", "A2", "name is missing"),
        ("名" * 81 + "党支部\t\t\t\t\t\n", "A2", "At most 80"),
        ("三车间党支部\t没有这个\t\t\t\t\n", "B2", "neither in the file nor below"),
        ("三车间\t\t\t\t\t\n", "A2", "Committee, general branch or branch"),
        ("三车间党支部\t\t小组\t\t\t\n", "C2", "not a known kind"),
        ("三车间党支部\t\t党总支\t\t\t\n", "C2", "does not fit the name"),
        ("三车间党支部\t\t\t2020-02-30\t\t\n", "D2", ""),
        ("三车间党支部\t\t\t2030-01-01\t\t\n", "D2", "still to come"),
        ("三车间党支部\t\t\t去年\t\t\n", "D2", ""),
        ("三车间党支部\t\t\t2020-01-01\t2019-01-01\t\n", "E2", "after the founding"),
        ("分厂委员会\t\t\t\t\t\n", "B2", "of this kind below"),
        ("三车间党支部\t一车间党支部\t\t\t\t\n", "B2", "of this kind below"),
        ("三车间党支部\t三车间党支部\t\t\t\t\n", "B2", "neither in the file"),
    ])  # fmt: skip
    def test_each_trouble_is_at_its_cell(self, world: World, row: str, cell: str, words: str) -> None:
        plan = plan_of(world, row)
        (found,) = troubles(plan)
        assert found[0] == cell
        assert words in found[1]
        assert plan.writes == 0

    def test_twice_in_the_file_counts_once(self, world: World) -> None:
        plan = plan_of(world, "三车间党支部\t\t\t\t\t\n三车间党支部\t制造党总支\t\t\t\t\n")
        assert shown(plan) == [("三车间党支部", "new"), ("三车间党支部", "error")]
        assert troubles(plan) == [("A3", "The same as in row 2.")]

    def test_a_level_that_may_be_two_things_is_never_picked(self, world: World) -> None:
        second = make.organization(world.committee, kind="general_branch", name="后勤党总支")
        for parent in (world.general_branch, second):
            make.organization(parent, kind="general_branch", name="第一党总支")
        plan = plan_of(world, "三车间党支部\t第一党总支\t\t\t\t\n", "upper_worker", world.committee)
        assert "Several organizations" in troubles(plan)[0][1]

    def test_nor_one_in_the_tree_beside_a_new_one_of_that_name(self, world: World) -> None:
        make.organization(world.general_branch, kind="general_branch", name="第一党总支")
        rows = "第一党总支\t北辰机床厂委员会\t\t\t\t\n三车间党支部\t第一党总支\t\t\t\t\n"
        plan = plan_of(world, rows, "upper_worker", world.committee)
        assert shown(plan) == [("第一党总支", "new"), ("三车间党支部", "error")]

    def test_nor_a_name_that_stands_elsewhere_when_the_level_is_left_open(self, world: World) -> None:
        plan = plan_of(world, "一车间党支部\t\t\t\t\t\n", "upper_worker", world.committee)
        assert "Say which one is meant" in troubles(plan)[0][1]

    def test_a_ring_is_found(self, world: World) -> None:
        plan = plan_of(world, "甲党总支\t乙党总支\t\t\t\t\n乙党总支\t甲党总支\t\t\t\t\n")
        assert plan.writes == 0
        assert "below itself" in troubles(plan)[0][1]

    def test_what_stands_below_a_left_out_row_is_left_out(self, world: World) -> None:
        rows = "底层党支部\t甲党总支\t\t\t\t\n甲党总支\t\t小组\t\t\t\n好的党支部\t\t\t\t\t\n"
        assert shown(plan_of(world, rows)) == [("底层党支部", "error"), ("甲党总支", "error"), ("好的党支部", "new")]

    def test_the_level_itself_at_the_head_of_the_list_is_as_it_is(self, world: World) -> None:
        plan = plan_of(world, "制造党总支\t北辰机床厂委员会\t\t\t\t\n三车间党支部\t制造党总支\t\t\t\t\n")
        assert shown(plan) == [("制造党总支", "same"), ("三车间党支部", "new")]

    def test_totals_notes_and_empty_rows_are_no_organizations(self, world: World) -> None:
        found = read(
            read_pasted(HEADER + "三车间党支部\t\t\t\t\t\n\t\t\t\t\t\n合计\t1个\t\t\t\t\n填表人：李芳\t\t\t\t\t\n"),
            TODAY,
        )
        assert [line.name for line in found.lines] == ["三车间党支部"]
        assert [row.cell for row in found.skipped] == ["4", "5"]

    @pytest.mark.parametrize("text", ["甲\t乙\n丙\t丁\n", HEADER])
    def test_a_table_that_is_none_is_told(self, world: World, text: str) -> None:
        assert read(read_pasted(text), TODAY).fault

    def test_queries_do_not_grow_with_rows(self, world: World, django_assert_num_queries) -> None:
        for number in (2, 40):
            rows = "".join(f"新{each}党支部\t\t\t\t\t张{chr(0x4E00 + each)}\n" for each in range(number))
            with django_assert_num_queries(2):  # the tree; who has staff
                plan_of(world, rows)


class TestSecretaries:
    def test_where_nobody_is_in_office_one_is_entered(self, world: World) -> None:
        Post.objects.filter(organization=world.other_branch).update(ends_before=TODAY)
        third = world.people["other_third"]
        plan = plan_of(world, f"二车间党支部\t\t\t\t\t{third.name}\n三车间党支部\t\t\t\t\t欧阳　明\n")
        assert [(step.secretary, step.person) for step in plan.steps] == [(third.name, third), ("欧阳明", None)]

    def test_who_is_in_office_stays(self, world: World) -> None:
        same = world.people["secretary"].name
        plan = plan_of(world, f"一车间党支部\t\t\t\t\t{same}\n二车间党支部\t\t\t\t\t欧阳明\n")
        assert [step.action for step in plan.steps] == ["same", "same"]
        assert troubles(plan) == [("F3", f"{world.people['other_secretary'].name} is secretary. End that post first.")]

    def test_two_of_one_name_are_never_picked_from(self, world: World) -> None:
        Post.objects.filter(organization=world.other_branch).update(ends_before=TODAY)
        make.member(world.other_branch, world.people["other_third"].name)
        plan = plan_of(world, f"二车间党支部\t\t\t\t\t{world.people['other_third'].name}\n")
        assert shown(plan) == [("二车间党支部", "error")]

    @pytest.mark.parametrize("role", ["administrator", "upper_worker"])
    def test_only_the_nearest_staff_enter_them(self, world: World, role: str) -> None:
        plan = plan_of(world, "三车间党支部\t\t\t\t\t欧阳明\n", role)
        assert (plan.steps[0].action, plan.secretaries) == ("new", 0)
        assert "staff nearest above" in troubles(plan)[0][1]


def workbook(rows: list[list[object]], title: str = "党组织一览表") -> SimpleUploadedFile:
    book = Workbook()
    sheet = book.active
    sheet.append([title])
    sheet.merge_cells("A1:F1")
    for row in rows:
        sheet.append(row)
    data = BytesIO()
    book.save(data)
    return SimpleUploadedFile("list.xlsx", data.getvalue())


HEAD = ["党组织名称", "上级党组织", "类型", "成立日期", "本届起始", "书记"]
ROWS = [
    HEAD,
    ["三车间党支部", "制造党总支", "党支部", date(2020, 7, 1), "2024年3月", "欧阳明"],
    ["四车间联合党支部", None, None, "1999.05", None, None],
    ["五车间", None, None, None, None, None],
]


class TestPages:
    @pytest.fixture
    def staff(self, client_of) -> Client:
        return client_of("affairs_worker")

    def url(self, world: World, rest: str = "") -> str:
        return f"/b/{world.general_branch.public_id}/organization/import/{rest}"

    def lines(self, page: str) -> str:
        return page.partition('name="lines" value="')[2].partition('"')[0]

    def test_nothing_is_written_before_the_confirmation_and_all_after(self, world: World, staff: Client) -> None:
        before = Organization.objects.count(), Person.objects.count(), AuditEntry.objects.count()
        answer = staff.post(self.url(world), {"file": workbook(ROWS)})
        page = answer.content.decode()
        assert answer.status_code == 200
        assert (Organization.objects.count(), Person.objects.count(), AuditEntry.objects.count()) == before
        assert "A5" in page  # 五车间: no kind
        assert "Write 2 rows" in page
        answer = staff.post(self.url(world, "confirm/"), {"lines": self.lines(page), "with_slips": "on"})
        page = answer.content.decode()
        made = Organization.objects.get(name="三车间党支部")
        joint = Organization.objects.get(name="四车间联合党支部")
        assert (made.founded_on, made.term_started_on, made.election_due_on) == (
            date(2020, 7, 1), date(2024, 3, 1), date(2027, 3, 1),
        )  # fmt: skip
        assert (joint.branch_type, joint.founded_on, joint.parent) == ("joint", date(1999, 5, 1), world.general_branch)
        assert not Organization.objects.filter(name="五车间").exists()
        post = Post.objects.get(organization=made)
        assert (post.person.name, post.starts_on, post.kind) == ("欧阳明", date(2024, 3, 1), "branch_secretary")
        code = page.partition('slip__code">')[2].partition("<")[0]
        user = User.objects.get(person=post.person)
        from apps.core import clock

        assert logins.code_check(username=user.username, code=code, now=clock.now()).user == user
        assert "no-store" in answer["Cache-Control"]

    def test_the_same_file_again_changes_nothing(self, world: World, staff: Client) -> None:
        page = staff.post(self.url(world), {"file": workbook(ROWS)}).content.decode()
        staff.post(self.url(world, "confirm/"), {"lines": self.lines(page)})
        before = Organization.objects.count(), Person.objects.count(), Post.objects.count()
        page = staff.post(self.url(world), {"file": workbook(ROWS)}).content.decode()
        assert "There is nothing to write." in page
        assert 'name="lines"' not in page
        assert (Organization.objects.count(), Person.objects.count(), Post.objects.count()) == before

    def test_pressed_twice_the_second_shows_what_is_there_now(self, world: World, staff: Client) -> None:
        page = staff.post(self.url(world), {"file": workbook(ROWS)}).content.decode()
        send = {"lines": self.lines(page)}
        assert staff.post(self.url(world, "confirm/"), send).status_code == 200
        again = staff.post(self.url(world, "confirm/"), send)
        assert again.status_code == 409
        assert "imported already" in again.content.decode()
        assert Organization.objects.filter(name="三车间党支部").count() == 1

    def test_a_tree_that_moved_on_is_looked_at_again(self, world: World, staff: Client) -> None:
        page = staff.post(self.url(world), {"file": workbook(ROWS)}).content.decode()
        make.organization(world.general_branch, name="三车间党支部")
        answer = staff.post(self.url(world, "confirm/"), {"lines": self.lines(page)})
        assert answer.status_code == 409
        assert not Organization.objects.filter(name="四车间联合党支部").exists()

    def test_the_lines_open_for_the_same_person_and_place_only(self, world: World, staff: Client, client_of) -> None:
        page = staff.post(self.url(world), {"file": workbook(ROWS)}).content.decode()
        lines = self.lines(page)
        other = client_of("upper_worker").post(self.url(world, "confirm/"), {"lines": lines})
        assert (other.status_code, Organization.objects.count()) == (422, 4)
        other_sign = "A" if lines[60] != "A" else "B"
        for broken in ("", "x", lines[:-8], lines[:60] + other_sign + lines[61:], "名"):
            answer = staff.post(self.url(world, "confirm/"), {"lines": broken})
            assert answer.status_code == 422
            assert "out of date" in answer.content.decode()

    def test_a_day_later_the_preview_is_out_of_date(self, world: World, staff: Client, monkeypatch) -> None:
        page = staff.post(self.url(world), {"file": workbook(ROWS)}).content.decode()
        monkeypatch.setenv("ZHIBU_NOW", "2026-03-19T09:01:00")
        assert staff.post(self.url(world, "confirm/"), {"lines": self.lines(page)}).status_code == 422

    @pytest.mark.parametrize(("name", "data", "words"), [
        ("list.xlsx", b"%PDF-1.7 nothing", "This is a PDF"),
        ("list.xlsx", b"PK\x03\x04 broken", ""),
        ("list.csv", b"", ""),
        ("list.csv", "甲,乙\n丙,丁\n".encode(), "No header was found"),
        ("list.csv", b"\xff\xfe\x00\x01" * 10, ""),
    ])  # fmt: skip
    def test_files_that_are_not_what_they_say(
        self, world: World, staff: Client, name: str, data: bytes, words: str
    ) -> None:
        answer = staff.post(self.url(world), {"file": SimpleUploadedFile(name, data)})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "error-summary" in answer.content.decode()

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_text_files_in_customary_encodings(self, world: World, staff: Client, encoding: str) -> None:
        text = "党组织名称,类型\n三车间党支部,党支部\n".encode(encoding)
        page = staff.post(self.url(world), {"file": SimpleUploadedFile("list.csv", text)}).content.decode()
        assert "Write 1 row" in page
        assert "三车间党支部" in page

    @pytest.mark.parametrize("data", [{}, {"pasted": "  "}, {"pasted": HEADER + "三车间党支部\n", "file": "BOTH"}])
    def test_neither_or_both_are_refused_and_the_text_is_kept(self, world: World, staff: Client, data: dict) -> None:
        if data.get("file"):
            data = data | {"file": workbook(ROWS)}
        answer = staff.post(self.url(world), data)
        assert answer.status_code == 422
        if "三车间" in data.get("pasted", ""):
            assert "三车间党支部" in answer.content.decode()

    def test_more_rows_than_one_go_takes(self, world: World, staff: Client) -> None:
        rows = "".join(f"新{each}党支部\n" for each in range(501))
        answer = staff.post(self.url(world), {"pasted": "党组织名称\t类型\n" + rows})
        assert answer.status_code == 422
        assert "501 rows are too many" in answer.content.decode()

    def test_a_formula_in_a_name_stays_text(self, world: World, staff: Client) -> None:
        page = staff.post(self.url(world), {"pasted": "党组织名称\t类型\n=1+1党支部\t党支部\n"}).content.decode()
        staff.post(self.url(world, "confirm/"), {"lines": self.lines(page)})
        assert Organization.objects.filter(name="=1+1党支部").exists()
