"""The sealed texts of a batch. They never reach a log, a page of an error or a backup, and are gone after a day."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from apps.core import keyring
from apps.members.models import ImportBatch, ImportFile


class Gone(Exception):
    """The upload has been deleted: a day has passed, or the database restarted after a crash."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file's bytes, or pasted text."""

    data: bytes | str
    name: str = ""

    def to_text(self) -> str:
        is_text = isinstance(self.data, str)
        body = self.data if is_text else base64.b64encode(self.data).decode()
        return json.dumps({"name": self.name, "pasted": is_text, "body": body})

    @classmethod
    def from_text(cls, text: str) -> "Upload":
        kept = json.loads(text)
        return cls(kept["body"] if kept["pasted"] else base64.b64decode(kept["body"]), kept["name"])


def keep(batch: ImportBatch, kind: str, text: str) -> None:
    sealed = keyring.seal(text, bound_to=_bound(batch, kind))
    ImportFile.objects.update_or_create(batch=batch, kind=kind, defaults={"sealed": sealed})


def text_of(batch: ImportBatch, kind: str) -> str:
    """Gone when it is there no more."""
    file = ImportFile.objects.filter(batch=batch, kind=kind).first()
    if file is None:
        raise Gone
    return keyring.unseal(file.sealed, bound_to=_bound(batch, kind))


def upload_of(batch: ImportBatch) -> Upload:
    return Upload.from_text(text_of(batch, ImportFile.Kind.UPLOAD))


def plan_of(batch: ImportBatch) -> dict[str, Any]:
    """What the preview shows; see plan.as_shown."""
    return json.loads(text_of(batch, ImportFile.Kind.PLAN))


def _bound(batch: ImportBatch, kind: str) -> str:
    return f"import:{batch.public_id}:{kind}"
