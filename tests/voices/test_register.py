"""One matter on paper, and what a visitor wants forgotten: gone everywhere, with the counts as they were."""

import io

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from docx import Document

from apps.core.models import AuditEntry
from apps.voices.models import Matter
from tests.factories import voices as said

PLANTED = {"name": "甘雨田", "contact": "13800001234", "about": "北区三栋", "words": "路灯坏了摔过人"}


def url(world, name: str, one: Matter) -> str:
    return reverse(f"voices:{name}", args=[world.branch.public_id, one.public_id])


def on_paper(response) -> str:
    document = Document(io.BytesIO(response.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(one.text for section in document.sections for one in section.footer.paragraphs)])


def test_the_sheet_has_what_was_registered_and_who_printed_it(world, client_of):
    one = said.matter(world, **PLANTED)
    said.move(world, one, "accept", words="已告知，三日内派人看")
    text = on_paper(client_of("secretary").get(url(world, "matter-word", one)))
    for part in (
        *PLANTED.values(),
        "已告知，三日内派人看",
        world.people["secretary"].name,
        "打印",
        "来访人",
        "反映事项",
    ):
        assert part in text
    read = AuditEntry.objects.filter(action="matter_read", subject_id=str(one.pk))
    assert read.count() == 1
    assert not any(part in f"{row.note}{row.fields}" for row in read for part in PLANTED.values())


@pytest.mark.parametrize("role", ["committee_member", "member", "affairs_worker", "administrator"])
@pytest.mark.parametrize(("name", "method"), [("matter-word", "get"), ("matter-erase", "post")])
def test_nobody_else_has_a_way_to_it(world, client_of, role, name, method):
    one = said.matter(world, handler="secretary", **PLANTED)
    assert getattr(client_of(role), method)(url(world, name, one)).status_code == 404
    one.refresh_from_db()
    assert one.erased_on is None


def everything() -> str:
    """All that is readable in all tables."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    rows = []
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, kinds)]
        rows += [str(row) for row in model._default_manager.values_list(*names)] if names else []
    return "\n".join(rows)


def test_erased_at_the_visitors_wish_it_is_gone_and_still_counted(world, client_of):
    one = said.matter(world, **PLANTED)
    said.move(world, one, "accept", words="甘雨田已被告知")
    client = client_of("secretary")
    before = client.get(reverse("voices:matter-list", args=[world.branch.public_id])).context["counts"]
    assert client.post(url(world, "matter-erase", one)).status_code == 302
    one.refresh_from_db()
    assert (one.identity_sealed, one.words_sealed, one.code_hash, one.due_on, one.barred) == (
        None,
        None,
        None,
        None,
        [],
    )
    assert not any(event.words_sealed for event in one.events.all())
    page = client.get(url(world, "matter-detail", one)).content.decode() + on_paper(
        client.get(url(world, "matter-word", one))
    )
    for part in PLANTED.values():
        assert part not in page
        assert part not in everything()
    after = client.get(reverse("voices:matter-list", args=[world.branch.public_id])).context["counts"]
    assert [row["all"] for row in after] == [row["all"] for row in before]
    assert sum(row["all"] for row in after) == 1
    assert AuditEntry.objects.get(action="matter_erased").actor == world.users["secretary"]


def test_erased_twice_says_so_and_changes_nothing(world, client_of):
    one = said.matter(world, **PLANTED)
    client = client_of("secretary")
    client.post(url(world, "matter-erase", one))
    again = client.post(url(world, "matter-erase", one), follow=True)
    assert "erased already" in again.content.decode()
    assert AuditEntry.objects.filter(action="matter_erased").count() == 1


@pytest.mark.parametrize("more", [0, 3])
def test_queries_of_the_sheet(world, client_of, query_baseline, more):
    one = said.matter(world, **PLANTED)
    said.move(world, one, "accept")
    for _again in range(more):
        said.matter(world)
    client = client_of("secretary")
    with query_baseline("voices:matter-word"):
        client.get(url(world, "matter-word", one))
    with query_baseline("voices:matter-erase"):
        client.post(url(world, "matter-erase", one))


def test_whom_it_concerned_meets_no_count_that_grows(world, client_of):
    one = said.matter(world, concerned=("committee_member",), **PLANTED)
    page, reader = reverse("voices:matter-list", args=[world.branch.public_id]), client_of("committee_member")
    before = reader.get(page).context["counts"]
    client_of("secretary").post(url(world, "matter-erase", one))
    assert reader.get(page).context["counts"] == before
