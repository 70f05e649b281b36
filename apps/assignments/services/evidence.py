"""Files handed in with an assignment: checked as files of a record are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from apps.activities.services.attachments import check_file, read_file
from apps.assignments.models import Assignment, Evidence
from apps.core.errors import RuleBroken

if TYPE_CHECKING:
    from apps.accounts.models import User

MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came over HTTP."""

    name: str
    content: IO[bytes]
    size: int


def evidence_keep(*, assignment: Assignment, by: "User", files: Sequence[Upload]) -> None:
    """Inside the transaction of the act they come with; the same content again is not kept twice."""
    there = set(assignment.evidence.values_list("sha256", flat=True))
    for upload in files:
        data, digest = read_file(upload.name, upload.content, upload.size)
        if digest in there:
            continue
        there.add(digest)
        if len(there) > MOST_FILES:
            raise RuleBroken(_("An assignment holds at most %(most)d files.") % {"most": MOST_FILES})
        checked = check_file(upload.name, data)
        one = Evidence(
            assignment=assignment, name=checked.name, content_type=checked.content_type, size=len(checked.data),
            sha256=digest, uploaded_by=by,
        )  # fmt: skip
        one.file.save(f"{one.public_id}.{checked.suffix}", ContentFile(checked.data), save=False)
        one.save(force_insert=True)
