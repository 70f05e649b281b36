"""Photos and files that show the progress, checked like every upload."""

from typing import IO, TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from apps.activities.services.attachments import MOST_FILES, check_file, file_stored, files_forgotten, read_file
from apps.core.errors import RuleBroken
from apps.core.models import audit
from apps.supervision import rules
from apps.supervision.models import Proof, Rectification, Visit, VisitPhoto

if TYPE_CHECKING:
    from datetime import date

    from apps.accounts.models import User


@transaction.atomic
def proof_add(*, row: Rectification, by: "User", today: "date", name: str, content: IO[bytes], size: int) -> Proof:
    """Keep a file with the row. The same content again answers with the file that is there already."""
    row = _open(row, by, today)
    kept: Proof = _kept(Proof(rectification=row, uploaded_by=by), list(row.proofs.all()), name, content, size)
    return kept


@transaction.atomic
def photo_add(*, visit: Visit, by: "User", today: "date", name: str, content: IO[bytes], size: int) -> VisitPhoto:
    """Keep a file with a visit that is not closed yet."""
    visit = _open_visit(visit, by, today)
    kept: VisitPhoto = _kept(VisitPhoto(visit=visit, uploaded_by=by), list(visit.photos.all()), name, content, size)
    return kept


@transaction.atomic
def photo_remove(*, photo: VisitPhoto, by: "User", today: "date") -> None:
    """Take a file away as long as the visit is not closed. Logged."""
    visit = _open_visit(photo.visit, by, today)
    audit(
        by=by, action="visit_photo_remove", subject=visit, organization_id=visit.branch_id, fields=[photo.sha256[:16]]
    )
    files_forgotten([photo])
    photo.delete()


def _kept(one: Any, there: list[Any], name: str, content: IO[bytes], size: int) -> Any:
    """`one` with its file, saved; the same content again answers with what is there."""
    data, digest = read_file(name, content, size)
    if same := next((other for other in there if other.sha256 == digest), None):
        return same
    if len(there) >= MOST_FILES:
        raise RuleBroken(_("A record holds at most %(most)d files.") % {"most": MOST_FILES})
    file = check_file(name, data)
    one.name, one.content_type, one.size, one.sha256 = file.name, file.content_type, len(file.data), digest
    file_stored(one, file)
    one.save()
    return one


def _open_visit(visit: Visit, by: "User", today: "date") -> Visit:
    rows = Visit.objects.manageable_by(by, today).filter(pk=visit.pk).select_for_update(of=("self",))
    current: Visit | None = rows.first()
    if current is None:
        raise RuleBroken(_("Only the team, on the days of the visit, and the staff who sent it write on it."))
    if current.state != Visit.State.PLANNED:
        raise RuleBroken(_("This visit is closed. What came of it goes on in the ledger."))
    return current


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
