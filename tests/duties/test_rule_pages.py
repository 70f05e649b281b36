"""What holds here and why; tightening it in two steps; adding to it."""

from datetime import date

import pytest
from django.urls import reverse

from apps.activities.models import ActivityKind
from apps.duties.models import DutyRule
from apps.duties.services.laying_out import materialise
from tests.factories.branches import TODAY
from tests.factories.duties import period

pytestmark = pytest.mark.django_db


def at(world, name, *args, place="general_branch"):
    return reverse(f"duties:{name}", args=[getattr(world, place).public_id, *args])


def test_the_list_names_article_verification_and_who_set_it(world, client_of):
    page = client_of("secretary").get(at(world, "rule-list", place="branch")).content.decode()
    assert "Regulations on the Work of Party Branches (Trial), art. 12" in page
    assert "known from handbooks, the clause was not read" in page
    assert "everywhere" in page
    assert "Re-election at the end of the term" in page  # known, not used yet
    assert at(world, "rule-override", "theme_day", place="branch") not in page


def test_inactive_duties_are_no_rows_of_the_table(world, client_of):
    rows = client_of("secretary").get(at(world, "rule-list", place="branch")).context["rows"]
    assert len(rows) == 10


def test_tightening_shows_whom_it_hits_before_it_holds(world, client_of):
    client = client_of("affairs_worker")
    url = at(world, "rule-override", "theme_day")
    given = {"times": 2, "grace_days": 3, "reason": "公司要求"}
    page = client.post(url, given)
    assert (page.status_code, page.context["preview"].branches) == (200, 2)
    assert b"2 branches" in page.content
    assert not DutyRule.objects.exclude(set_by=None).exists()
    done = client.post(url, given | {"confirm": "1"}, follow=True)
    assert b"Holds from 1 Apr 2026" in done.content
    assert b"From 1 Apr 2026 on it changes." in done.content
    materialise(today=date(2026, 4, 1))
    assert period(world.branch, "theme_day", date(2026, 4, 1)).required == 2


@pytest.mark.parametrize(
    ("slug", "given", "refusal"),
    [
        ("theme_day", {"times": 1, "grace_days": 3}, b"Nothing is tighter"),
        ("theme_day", {"times": 1, "grace_days": 9}, b"give at most as many"),
        ("theme_day", {"times": "", "grace_days": 3}, b"required"),
        ("theme_day", {"times": "两", "grace_days": 3}, b"whole number"),
        ("theme_day", {"times": 99, "grace_days": 3}, b"less than or equal to 31"),
        ("life_meeting", {"times": 1, "grace_days": 10, "first": "02-30", "last": "03-01"}, b"Write month and day"),
        ("life_meeting", {"times": 1, "grace_days": 10, "first": "05-01", "last": "06-01"}, b"must lie inside"),
        ("life_meeting", {"times": 1, "grace_days": 10, "first": "", "last": ""}, b"required"),
    ],
)
def test_what_cannot_be_is_refused_and_stays_typed(world, client_of, slug, given, refusal):
    for extra in ({}, {"confirm": "1"}):
        answer = client_of("affairs_worker").post(
            at(world, "rule-override", slug), given | {"reason": "公司要求"} | extra
        )
        assert answer.status_code == 422
        assert refusal in answer.content
        assert "公司要求" in answer.content.decode()
    assert not DutyRule.objects.exclude(set_by=None).exists()


def test_a_custom_is_switched_off_and_on_again(world, client_of):
    client = client_of("affairs_worker")
    given = {"times": 1, "grace_days": 7, "reason": "各支部自定", "switch_off": "1"}
    assert b"Switched off" in client.post(at(world, "rule-override", "party_lecture"), given).content
    client.post(at(world, "rule-override", "party_lecture"), given | {"confirm": "1"})
    rule = DutyRule.objects.get(set_by=world.general_branch)
    assert (rule.is_active, rule.valid_from) == (False, date(2026, 4, 1))
    assert b"switch_off" not in client.get(at(world, "rule-override", "theme_day")).content
    client.post(at(world, "rule-end", rule.pk))
    assert not DutyRule.objects.filter(set_by=world.general_branch).exists()  # it had not begun


def test_an_own_duty_from_the_form_to_the_board(world, client_of):
    client = client_of("secretary")
    materialise(today=TODAY)
    kind = ActivityKind.objects.get(slug="group_study")
    given = {"name": "每月一学", "months": 1, "times": 1, "kinds": [kind.pk], "basis": "支委会决议"}
    done = client.post(at(world, "rule-add", place="branch"), given, follow=True)
    assert "每月一学" in done.content.decode()
    board = client.get(at(world, "board-detail", place="branch"))
    assert "每月一学" in [row.label for row in board.context["board"].rows]
    assert b"own choice" in done.content


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"name": ""}, b"Give the duty a name"),
        ({"name": "长" * 41}, b"at most 40"),
        ({"kinds": []}, b"Choose at least one kind"),
        ({"kinds": [999999]}, b"not one of the available choices"),
        ({"months": 5}, b"not one of the available choices"),
        ({"times": 0}, b"greater than or equal to 1"),
    ],
)
def test_a_duty_that_cannot_be_added(world, client_of, change, refusal):
    kind = ActivityKind.objects.get(slug="group_study")
    given = {"name": "每月一学", "months": 1, "times": 1, "kinds": [kind.pk]} | change
    answer = client_of("secretary").post(at(world, "rule-add", place="branch"), given)
    assert answer.status_code == 422
    assert refusal in answer.content
    assert not DutyRule.objects.filter(set_by=world.branch).exists()


def test_talks_fulfil_no_duty_of_ones_own(world, client_of):
    kinds = client_of("secretary").get(at(world, "rule-add", place="branch")).context["form"].fields["kinds"].queryset
    assert not kinds.filter(slug="talk").exists()


def test_queries_of_the_list(world, client_of, query_baseline):
    client = client_of("affairs_worker")
    with query_baseline("duties:rule-list"):
        assert client.get(at(world, "rule-list")).status_code == 200


@pytest.mark.parametrize("name", ["rule-add", "rule-override"])
def test_queries_of_the_forms(world, client_of, query_baseline, name):
    client = client_of("affairs_worker")
    args = ["theme_day"] if name == "rule-override" else []
    with query_baseline(f"duties:{name}"):
        assert client.get(at(world, name, *args)).status_code == 200
