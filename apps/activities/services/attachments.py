"""Files with a record: content checked, pictures drawn anew without what the camera noted, small copies for lists."""

import hashlib
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from apps.activities import rules
from apps.activities.models import Activity, Attachment
from apps.core.errors import RuleBroken
from apps.core.models import audit

if TYPE_CHECKING:
    from PIL import Image

    from apps.accounts.models import User

LARGEST, MOST_FILES = 10 * 1024 * 1024, 20
MOST_PIXELS, LONGEST_SIDE = 80_000_000, 2400
THUMB_SIDE, THUMB_BYTES = 320, 40 * 1024
PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
PDF = "application/pdf"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_TYPES = {"doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint"}
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
ZIP_TYPES = {  # the folder that tells them apart
    "docx": ("word/", _OPEN_XML + "wordprocessingml.document"),
    "xlsx": ("xl/", _OPEN_XML + "spreadsheetml.sheet"),
    "pptx": ("ppt/", _OPEN_XML + "presentationml.presentation"),
}


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """What is kept of an upload: a picture is drawn anew, and has a small copy in `thumb`."""

    name: str
    suffix: str
    content_type: str
    data: bytes
    thumb: bytes = b""


def read_file(name: str, content: IO[bytes], size: int) -> tuple[bytes, str]:
    """The bytes of an upload and the digest they are known by. RuleBroken where it is empty or too large."""
    if size > LARGEST:
        raise RuleBroken(_("“%(name)s” is larger than 10 MB. Make it smaller, or split it.") % {"name": name[:80]})
    data = content.read(LARGEST + 1)
    if not data:
        raise RuleBroken(_("“%(name)s” is empty.") % {"name": name[:80]})
    return data, hashlib.sha256(data).hexdigest()


def check_file(name: str, data: bytes) -> CheckedFile:
    """RuleBroken where the content is not what the name says, or of a kind that is not kept here."""
    suffix = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if suffix in PICTURES:
        data, content_type, suffix, thumb = _picture(data, name)
        return CheckedFile(_name(name, suffix), suffix, content_type, data, thumb)
    return CheckedFile(_name(name, suffix), suffix, _document(data, suffix, name), data)


@transaction.atomic
def attachment_add(*, activity: Activity, by: "User", name: str, content: IO[bytes], size: int) -> Attachment:
    """Keep a file with the record. The same content again answers with the file that is there already.

    Raises RuleBroken for a file too large, one too many, of a kind not kept here, or not what its name says.
    """
    if not rules.can_edit(by, activity) or activity.state in (Activity.State.WITHDRAWN, Activity.State.CANCELLED):
        raise RuleBroken(_("Only the branch committee, or the leader of the group, adds files to this record."))
    data, digest = read_file(name, content, size)
    Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)  # two uploads count one after the other
    there = list(activity.attachments.all())
    if same := next((one for one in there if one.sha256 == digest), None):
        return same
    if len(there) >= MOST_FILES:
        raise RuleBroken(_("A record holds at most %(most)d files.") % {"most": MOST_FILES})
    checked = check_file(name, data)
    one = Attachment(
        activity=activity,
        name=checked.name,
        content_type=checked.content_type,
        size=len(checked.data),
        sha256=digest,
        uploaded_by=by,
    )
    file_stored(one, checked)
    one.save()
    return one


def file_stored(one: Any, file: CheckedFile) -> None:
    """Write the file and its small copy into the fields of a row that is not saved yet."""
    one.file.save(f"{one.public_id}.{file.suffix}", ContentFile(file.data), save=False)
    if file.thumb:
        one.thumbnail.save(f"{one.public_id}.jpg", ContentFile(file.thumb), save=False)


def _name(name: str, suffix: str) -> str:
    """The last part of a path, without what a header or a file system would trip over."""
    stem = name.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    stem = "".join(char for char in stem if char.isprintable() and char not in '<>:"|?*').strip(" .")
    return f"{stem[:100] or _('File')}.{suffix}"


def _wrong(name: str) -> RuleBroken:
    return RuleBroken(
        _("“%(name)s” is not what its name says. Open it, save it again, and try once more.") % {"name": name[:80]}
    )


def _picture(data: bytes, name: str) -> tuple[bytes, str, str, bytes]:
    """Drawn anew: upright, at most 2400 pixels, without place, time and camera. Returns it with a small copy."""
    import warnings

    from PIL import Image, ImageOps  # costs memory: only who uploads pays

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=sorted(set(PICTURES.values()))) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise RuleBroken(_("“%(name)s” has too many pixels. Make it smaller first.") % {"name": name[:80]})
                picture = ImageOps.exif_transpose(opened)
                has_alpha = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
                picture = picture.convert("RGBA" if has_alpha else "RGB")
    except RuleBroken:
        raise
    except Exception as error:
        raise _wrong(name) from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    small = picture.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE))
    if has_alpha:
        full = _encoded(picture, "PNG")
        ground = Image.new("RGB", small.size, "white")
        ground.paste(small, mask=small.getchannel("A"))
        return full, "image/png", "png", _thumb(ground)
    return _encoded(picture, "JPEG", quality=85), "image/jpeg", "jpg", _thumb(small)


def _encoded(picture: "Image.Image", form: str, **options: int) -> bytes:
    out = io.BytesIO()
    picture.info = {}
    picture.save(out, form, optimize=True, **options)
    return out.getvalue()


def _thumb(picture: "Image.Image") -> bytes:
    for quality in (80, 60, 40, 20):
        data = _encoded(picture, "JPEG", quality=quality)
        if len(data) <= THUMB_BYTES:
            return data
    return data


def _document(data: bytes, suffix: str, name: str) -> str:
    """The content type of a PDF or an Office file whose content is what its suffix says."""
    if suffix == "pdf":
        if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
            raise _wrong(name)
        return PDF
    if suffix in OLE_TYPES:
        if not data.startswith(OLE):
            raise _wrong(name)
        return OLE_TYPES[suffix]
    if suffix in ZIP_TYPES:
        folder, content_type = ZIP_TYPES[suffix]
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                inside = archive.namelist()
        except zipfile.BadZipFile:
            raise _wrong(name) from None
        if "[Content_Types].xml" not in inside or not any(entry.startswith(folder) for entry in inside):
            raise _wrong(name)
        if any(entry.lower().endswith("vbaproject.bin") for entry in inside):
            raise RuleBroken(_("“%(name)s” contains macros. Save it without macros first.") % {"name": name[:80]})
        return content_type
    raise RuleBroken(
        _("“%(name)s” cannot be kept here. Pictures, PDF, Word, Excel and PowerPoint files can.") % {"name": name[:80]}
    )


@transaction.atomic
def attachment_remove(*, attachment: Attachment, by: "User") -> None:
    """Take a file away, also from a filed record: the wrong photo must not stay. Logged."""
    activity = attachment.activity
    if not rules.can_edit(by, activity):
        raise RuleBroken(_("Only the branch committee, or the leader of the group, removes files of this record."))
    audit(
        by=by, action="attachment_remove", subject=activity, organization_id=activity.organization_id,
        fields=[attachment.sha256[:16]],
    )  # fmt: skip
    files_forgotten([attachment])
    attachment.delete()


def files_forgotten(attachments: Iterable[Any]) -> None:
    """The stored files go once the rows are gone for good."""
    for attachment in attachments:
        for file in (attachment.file, attachment.thumbnail):
            if file.name:
                transaction.on_commit(partial(file.storage.delete, file.name))
