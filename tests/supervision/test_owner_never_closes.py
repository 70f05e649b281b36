"""Whatever people do in whatever order: nobody closes what he or she owns, or ever owned, in person or by a post."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as some

from apps.branches.models import Post
from apps.branches.reach import reach_of
from apps.core.errors import RuleBroken
from apps.supervision.models import Rectification
from apps.supervision.services import ledger
from tests.factories import branches as make
from tests.factories.activities import at
from tests.factories.supervision import row

pytestmark = pytest.mark.django_db
ACTORS = ("secretary", "committee_member", "discipline", "member", "affairs_worker", "upper_worker", "other_secretary")
OWNERS = ("secretary", "committee_member", "discipline", "member")
POSTS = ("branch_secretary", "discipline_member", "organization_member")
ACTIONS = ("own", "own_by_post", "progress", "ask", "ask", "accept", "accept", "return", "reopen", "new_holder")
STEPS = some.lists(
    some.tuples(
        some.sampled_from(ACTIONS), some.sampled_from(ACTORS), some.sampled_from(OWNERS), some.sampled_from(POSTS)
    ),
    min_size=4,
    max_size=16,
)


class Story:
    """The world with one row, and its own books of who has owned it."""

    def __init__(self, world, from_above, long_term):
        self.world, self.day = world, make.TODAY
        checking = world.general_branch if from_above else None
        nature = "long_term" if long_term else "by_date"
        self.row = row(world.branch, checking=checking, nature=nature, found_on=make.TODAY)
        self.owned, self.closings = set(), 0

    def user(self, role):
        user = self.world.users[role]
        user.reach = reach_of(user, self.day)
        return user

    def holders(self, kind):
        return set(
            Post.objects.on(self.day).filter(organization=self.world.branch, kind=kind).values_list("person", flat=True)
        )

    def remember(self):
        """Who owns it today, read from the row and the posts alone."""
        if self.row.owner_id:
            self.owned.add(self.row.owner_id)
        if self.row.owner_post:
            self.owned |= self.holders(self.row.owner_post)

    def accepts(self, role):
        user, before = self.user(role), Rectification.objects.get(pk=self.row.pk)
        try:
            with transaction.atomic():
                after = ledger.closing_accept(row=before, by=user, now=at(self.day))
        except RuleBroken:
            return False
        if (before.state, after.state) != ("closed", "closed"):  # the second press of the same person changes nothing
            self.closings += 1
            assert user.reach.person_id not in self.owned
            assert not (self.row.checking_id and self.world.branch.pk in user.reach.committee_of)
        return True

    def take(self, action, actor, person, post):
        if action == "accept":  # everybody tries, beginning with the actor
            order = ACTORS.index(actor)
            tried = [self.accepts(one) for one in (*ACTORS[order:], *ACTORS[:order])]
            return any(tried)
        if action in ("own", "own_by_post", "ask") and actor not in ("secretary", "member"):
            actor = "committee_member"  # who mostly may: otherwise few stories come to a closing
        user, now = self.user(actor), at(self.day)
        self.row = Rectification.objects.get(pk=self.row.pk)
        if action == "own":
            args = {"owner": self.world.people[person]}
            ledger.owner_set(row=self.row, by=user, now=now, version=self.row.version, **args)
        elif action == "own_by_post":
            ledger.owner_set(row=self.row, by=user, now=now, version=self.row.version, owner_post=post)
        elif action == "progress":
            ledger.progress_note(row=self.row, by=user, now=now, text="做了")
        elif action == "ask":
            ledger.closing_ask(row=self.row, by=user, now=now, text="好了")
        elif action == "return":
            ledger.closing_return(row=self.row, by=user, now=now, reason="还不行")
        elif action == "reopen":
            ledger.row_reopen(row=self.row, by=user, now=now, reason="又有了")
        elif action == "new_holder":
            self.day += timedelta(days=1)
            Post.objects.on(self.day).filter(organization=self.world.branch, kind=post).update(ends_before=self.day)
            make.post(self.world.people[person], post, at=self.world.branch, starts_on=self.day)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS, from_above=some.booleans(), long_term=some.booleans())
def test_the_owner_never_closes(world, steps, from_above, long_term):
    if world.users.get("discipline") is None:
        world.users["discipline"] = make.account(world.people["discipline"])
    begun = transaction.savepoint()
    try:
        story = Story(world, from_above, long_term)
        first, *rest = steps
        begin = [("own", "secretary", first[2], first[3]), ("ask", "secretary", first[2], first[3])]
        for step in (*begin, first, *rest):
            try:
                with transaction.atomic():
                    story.take(*step)
            except RuleBroken:
                pass
            story.row.refresh_from_db()
            story.remember()
        event(f"closings: {story.closings}")
    finally:
        transaction.savepoint_rollback(begun)


def test_the_story_does_close_rows(world):
    """Were nothing ever closed, the test above could not fail."""
    world.users["discipline"] = make.account(world.people["discipline"])
    story = Story(world, from_above=True, long_term=False)
    for step in (("own", "secretary", "member", POSTS[0]), ("ask", "member", "member", POSTS[0])):
        story.take(*step)
        story.row.refresh_from_db()
        story.remember()
    assert story.take("accept", "member", "member", POSTS[0])
    assert (story.closings, story.owned) == (1, {world.people["member"].pk})


def test_the_books_of_the_story_notice_an_owner(world, monkeypatch):
    """With the rule taken out, the same story fails."""
    from apps.supervision import querysets

    monkeypatch.setattr(querysets, "_owner_ever", lambda user: querysets.Q(pk__in=()))
    world.users["discipline"] = make.account(world.people["discipline"])
    story = Story(world, from_above=False, long_term=False)
    for step in (("own", "secretary", "secretary", POSTS[0]), ("ask", "committee_member", "member", POSTS[0])):
        story.take(*step)
        story.row.refresh_from_db()
        story.remember()
    with pytest.raises(AssertionError):
        story.take("accept", "secretary", "member", POSTS[0])
