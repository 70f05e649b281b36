"""Photos and files that show the progress, checked like every upload."""

from typing import IO, TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from apps.activities.services.attachments import MOST_FILES, checked, file_stored, files_forgotten, read_upload
from apps.core.errors import RuleBroken
from apps.core.models import audit
from apps.supervision import rules
from apps.supervision.models import Proof, Rectification

if TYPE_CHECKING:
    from datetime import date

    from apps.accounts.models import User


@transaction.atomic
def proof_add(*, row: Rectification, by: "User", today: "date", name: str, content: IO[bytes], size: int) -> Proof:
    """Keep a file with the row. The same content again answers with the file that is there already."""
    row = _open(row, by, today)
    data, digest = read_upload(name, content, size)
    there = list(row.proofs.all())
    if same := next((one for one in there if one.sha256 == digest), None):
        return same
    if len(there) >= MOST_FILES:
        raise RuleBroken(_("A record holds at most %(most)d files.") % {"most": MOST_FILES})
    file = checked(name, data, digest)
    one = Proof(
        rectification=row, name=file.name, content_type=file.content_type, size=len(file.data), sha256=digest, uploaded_by=by
    )  # fmt: skip
    file_stored(one, file)
    one.save()
    return one


@transaction.atomic
def proof_remove(*, proof: Proof, by: "User", today: "date") -> None:
    """Take a file away as long as the row is not closed. Logged."""
    row = _open(proof.rectification, by, today)
    audit(
        by=by, action="proof_remove", subject=row, organization_id=row.organization_id, fields=[proof.sha256[:16]]
    )  # fmt: skip
    files_forgotten([proof])
    proof.delete()


def _open(row: Rectification, by: "User", today: "date") -> Rectification:
    current = Rectification.objects.select_for_update().get(pk=row.pk)  # two uploads count one after the other
    if not Rectification.objects.manageable_by(by, today).filter(pk=row.pk).exists():
        raise RuleBroken(_("The branch committee and the owner work on this row."))
    if not rules.may("proof", current.state):
        raise RuleBroken(_("This row is closed; its files stay as they are."))
    return current
