"""No object of another branch can be read, found or changed: by id, list, search, export, attachment, feed or e-mail."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import cycle

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from tests.factories import branches as make
from tests.faults.other_branch import Things, addresses, fill, forms, stored, text_of
from tests.world import World

pytestmark = pytest.mark.django_db
OF_THE_BRANCH = ("member", "group_leader", "committee_member", "secretary")
SEARCHES = ("q", "group", "category", "kind", "duty", "after", "on")


@pytest.fixture
def both(world: World) -> tuple[Things, Things]:
    """The branch and the other one, with a staff member of a third place who reaches neither."""
    far = make.organization(world.committee, kind="general_branch", name="后勤党总支")
    world.people["far_worker"] = make.person(far, "潘安宁")
    make.post(world.people["far_worker"], "affairs_worker")
    world.users["far_worker"] = make.account(world.people["far_worker"], username="far_worker")
    make.organization(far, name="食堂党支部")
    return (
        fill(world, world.branch, world.users["secretary"], "松风"),
        fill(world, world.other_branch, world.users["other_secretary"], "鹤鸣"),
    )


def seen_from(role: str, both: tuple[Things, Things]) -> list[tuple[Things, Things | None]]:
    """What is somebody else's for this role, and what is its own."""
    here, there = both
    if role == "far_worker":
        return [(here, None), (there, None)]
    return [(here, there)] if role == "other_secretary" else [(there, here)]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever a request did is taken back: the next one meets the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def found_words(text: str, theirs: Things, typed: str = "") -> list[str]:
    return [word for word in theirs.words if word in text.replace(typed or "\0", "")]


@pytest.mark.parametrize("role", [*OF_THE_BRANCH, "other_secretary", "far_worker"])
def test_no_address_opens_with_the_ids_of_another_branch(role: str, both, client_of: Callable[..., Client]) -> None:
    client, opened, told = client_of(role), [], []
    for theirs, mine in seen_from(role, both):
        before = stored(theirs.branch)
        for address in addresses(theirs, mine):
            for method in ("get", "post"):
                if method == "post" and not address.names_it:
                    continue
                with undone():
                    answer = getattr(client, method)(address.url)
                    if address.names_it and answer.status_code not in (404, 405):
                        opened.append(f"{method} {address.name} {address.url}: {answer.status_code}")
                    if words := found_words(text_of(answer), theirs):
                        told.append(f"{method} {address.name} {address.url}: {words}")
        assert stored(theirs.branch) == before
    assert opened == []
    assert told == []
    assert not [
        letter for letter in mail.outbox for theirs, _ in seen_from(role, both) if found_words(letter.body, theirs)
    ]


@pytest.mark.parametrize("role", ["member", "secretary", "far_worker"])
def test_no_search_and_no_filter_finds_what_is_of_another_branch(role: str, both, client_of) -> None:
    client, told = client_of(role), []
    for theirs, mine in seen_from(role, both):
        own = [address for address in addresses(theirs, mine) if not address.names_it]
        typed = [theirs.words[0], theirs.ids["person"][0], theirs.branch.path, theirs.ids["slug"][0]]
        for address in own:
            for text in typed:
                for asked in ({"q": text}, dict.fromkeys(SEARCHES, text)):
                    with undone():
                        page = text_of(client.get(address.url, asked))
                    # The words typed into a search field are shown in it again, and in "nothing found".
                    if words := [word for word in theirs.words[1:] if word in page]:
                        told.append(f"{address.name} {asked}: {words}")
    assert told == []


@pytest.mark.parametrize("role", ["group_leader", "secretary"])
def test_no_form_accepts_or_names_somebody_of_another_branch(role: str, both, client_of) -> None:
    """The fields of each form that is offered get the other branch's ids, all at once and one by one."""
    client, told, sent = client_of(role), [], 0
    mine, theirs = both
    person = theirs.branch.people.get(public_id=theirs.ids["person"][0])
    group = theirs.branch.groups.get()
    several = [person.public_id, str(person.pk), group.public_id, str(group.pk), theirs.branch.public_id]
    before, met = stored(theirs.branch), set()
    for address in {one.url: one for one in addresses(mine, mine)}.values():
        with undone():
            page = client.get(address.url)
        if page.status_code != 200 or not page.headers["Content-Type"].startswith("text/html"):
            continue
        for action, names in forms(page.content.decode(), address.url):
            sort = (address.name, *unlike(names))
            if sort in met:  # the same form about another record
                continue
            met.add(sort)
            tries = [(dict.fromkeys(names, value), value) for value in several]
            tries += [({name: value}, value) for name, value in zip(unlike(names), cycle(several[:2]), strict=False)]
            with undone():
                for data, value in tries:
                    answer = client.post(action, data, follow=True)
                    sent += 1
                    if words := found_words(text_of(answer), theirs, value):
                        told.append(f"{address.name} → {action} {data}: {words}")
                changed = stored(theirs.branch) != before
            assert not changed, (action, names)
    assert sent > 100
    assert told == []


def unlike(names: list[str]) -> list[str]:
    """One field of each sort: a board has the same fields for every person."""
    return list({re.sub(r"\d+", "", name): name for name in names}.values())


def test_an_invitation_reaches_only_the_invited(both, world, client_of) -> None:
    """The feed of one's meetings: what another branch has planned is in nobody else's calendar."""
    day = make.TODAY + timedelta(days=2)
    for role in (*OF_THE_BRANCH, "far_worker"):
        page = text_of(client_of(role).get("/schedule/")) + text_of(client_of(role).get("/"))
        assert not found_words(page, both[1]), (role, day)
