"""Posts a row names. An import proposes what the importer may enter; a secretary or deputy never comes from a file."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.branches import rules as branch_rules
from apps.branches.models import Post
from apps.branches.services import who_enters
from apps.members.importing.snapshot import Known
from apps.members.roster_rows import RosterRow
from apps.members.roster_values import NOTE, Trouble


@dataclass(frozen=True, slots=True)
class NewPost:
    kind: str
    starts_on: date
    group: str = ""  # its name, for a group leader


@dataclass(frozen=True, slots=True)
class Rights:
    """What the importer may enter, and who the importer is: nobody enters a post for themselves."""

    kinds: Collection[str]
    person_id: int | None


def posts_of(row: RosterRow, known: Known | None, rights: Rights, *, starts_on: date, group: str) -> list[NewPost]:
    written = row.values.get("party_post")
    held = {post.kind for post in known.posts if post.ends_before is None} if known else set()
    found = []
    for kind in written.kinds if written else ():
        if kind in held or (kind == Post.Kind.COMMITTEE_MEMBER and held & set(Post.COMMITTEE)):
            continue
        label = Post.Kind(kind).label
        if kind in branch_rules.BY_SUPERIOR:
            words = _("{post}: not taken from a file. Secretaries are entered by the staff of the committee above.")
            row.add("party_post", Trouble("post_by_superior", format_lazy(words, post=label), NOTE))
        elif kind not in rights.kinds or (known and known.person.pk == rights.person_id):
            words = _("{post}: left out, because you cannot enter it. {who}")
            row.add("party_post", Trouble("post_not_yours", format_lazy(words, post=label, who=who_enters(kind)), NOTE))
        elif kind == Post.Kind.GROUP_LEADER and not group:
            row.add(
                "party_post",
                Trouble("post_group", _("Leader of which group? The row names none, so the post is left out."), NOTE),
            )
        else:
            ended = [
                post.ends_before for post in (known.posts if known else ()) if post.kind == kind and post.ends_before
            ]
            found.append(NewPost(kind, max([starts_on, *ended]), group if kind == Post.Kind.GROUP_LEADER else ""))
    return found
