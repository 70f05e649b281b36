"""Files: what they are, not what they are called; pictures without place and time."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from apps.activities import services
from apps.activities.models import Attachment
from apps.core.errors import RuleBroken
from apps.core.models import AuditEntry
from tests.factories import activities as act
from tests.factories import branches as make


def office(folder="word/document.xml", extra=()):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", folder, *extra):
            archive.writestr(name, "<x/>")
    return out.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
OPEN_XML = "application/vnd.openxmlformats-officedocument."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.fixture
def one(world):
    return act.draft(world.branch, world.users["secretary"])


def add(one, world, name, data, size=None):
    by = world.users["secretary"]
    size = size or len(data)
    return services.attachment_add(activity=one, by=by, name=name, content=io.BytesIO(data), size=size)


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("通知.pdf", PDF, "application/pdf"),
        ("讲稿.docx", office(), OPEN_XML + "wordprocessingml.document"),
        ("名单.XLSX", office("xl/workbook.xml"), OPEN_XML + "spreadsheetml.sheet"),
        ("课件.pptx", office("ppt/presentation.xml"), OPEN_XML + "presentationml.presentation"),
        ("旧稿.doc", OLE, "application/msword"),
    ],
)  # fmt: skip
def test_papers_are_kept_as_they_are(one, world, name, data, content_type):
    kept = add(one, world, name, data)
    assert (kept.content_type, kept.size) == (content_type, len(data))
    with kept.file.open() as stored:
        assert stored.read() == data


REFUSED = {
    "a page as a picture": ("照片.jpg", b"<html><script>alert(1)</script></html>", "not what its name says"),
    "a program as a paper": ("通知.pdf", b"MZ\x90\0" + b"\0" * 500, "not what its name says"),
    "an archive as Word": ("讲稿.docx", office("payload.exe"), "not what its name says"),
    "Word as Excel": ("名单.xlsx", office(), "not what its name says"),
    "text as old Word": ("旧稿.doc", b"hello", "not what its name says"),
    "macros": ("讲稿.docx", office(extra=("word/vbaProject.bin",)), "macros"),
    "a drawing with scripts": ("图.svg", b"<svg onload='x'/>", "cannot be kept"),
    "a page": ("页.html", b"<html>", "cannot be kept"),
    "no suffix": ("文件", PDF, "cannot be kept"),
    "nothing": ("空.pdf", b"", "is empty"),
    "a broken picture": ("照片.png", act.picture(50, 50, "PNG")[:200], "not what its name says"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_wrong_content_is_refused_in_words(one, world, case):
    name, data, words = REFUSED[case]
    with pytest.raises(RuleBroken, match=words):
        add(one, world, name, data)
    assert Attachment.objects.count() == 0


def test_too_large_and_too_many_are_refused(one, world):
    with pytest.raises(RuleBroken, match="larger than 10 MB"):
        add(one, world, "大.pdf", PDF, size=10 * 1024 * 1024 + 1)
    for number in range(20):
        add(one, world, f"{number}.pdf", PDF + str(number).encode() + b"\n%%EOF")
    with pytest.raises(RuleBroken, match="at most 20"):
        add(one, world, "21.pdf", PDF)


def test_a_photo_loses_place_time_and_camera_and_stands_upright(one, world):
    exif = Image.Exif()
    exif[0x010F], exif[0x0132], exif[0x0112] = "Camera", "2026:03:18 09:00:00", 6  # turned by a quarter
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 0.0)
    data = act.picture(4000, 1000, exif=exif)
    assert b"Camera" in data
    kept = add(one, world, "现场.JPG", data)
    with kept.file.open() as stored:
        raw = stored.read()
    with Image.open(io.BytesIO(raw)) as picture:
        assert (dict(picture.getexif()), picture.size) == ({}, (600, 2400))
    assert b"Camera" not in raw
    with kept.thumbnail.open() as small:
        thumb = small.read()
    assert len(thumb) <= 40 * 1024
    with Image.open(io.BytesIO(thumb)) as picture:
        assert max(picture.size) == 320


def test_a_see_through_picture_stays_so(one, world):
    out = io.BytesIO()
    Image.new("RGBA", (40, 30), (255, 0, 0, 0)).save(out, "PNG")
    kept = add(one, world, "章.png", out.getvalue())
    with kept.file.open() as stored, Image.open(stored) as picture:
        assert (kept.content_type, picture.mode) == ("image/png", "RGBA")


def test_the_same_file_twice_is_one(one, world):
    first = add(one, world, "a.pdf", PDF)
    assert add(one, world, "b.pdf", PDF) == first


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/通知.pdf", "通知.pdf"),
        ("C:\\x\\通知.pdf", "通知.pdf"),
        ('a"b\r\nc.pdf', "abc.pdf"),
        ("名" * 300 + ".pdf", "名" * 100 + ".pdf"),
    ],
)
def test_names_are_made_safe(one, world, name, kept):
    assert add(one, world, name, PDF).name == kept


def test_only_who_keeps_the_record_adds_and_removes(one, world):
    kept = add(one, world, "a.pdf", PDF)
    for role in ("member", "other_secretary", "affairs_worker", "administrator"):
        with pytest.raises(RuleBroken):
            services.attachment_add(activity=one, by=world.users[role], name="b.pdf", content=io.BytesIO(PDF), size=9)
        with pytest.raises(RuleBroken):
            services.attachment_remove(attachment=kept, by=world.users[role])


def test_removal_deletes_the_file_and_leaves_a_line(one, world, django_capture_on_commit_callbacks):
    kept = add(one, world, "a.jpg", act.picture(60, 40))
    storage, names = kept.file.storage, [kept.file.name, kept.thumbnail.name]
    with django_capture_on_commit_callbacks(execute=True):
        services.attachment_remove(attachment=kept, by=world.users["secretary"])
    assert [storage.exists(name) for name in names] == [False, False]
    assert AuditEntry.objects.filter(action="attachment_remove", subject_id=one.pk).count() == 1


def test_files_are_served_with_safe_headers(world, client_of):
    filed = act.filed(world.branch, world.users["secretary"], "general_meeting")
    paper = add(filed, world, "学习 材料.pdf", PDF)
    photo = add(filed, world, "现场.jpg", act.picture(60, 40))
    member = client_of("member")
    for file, disposition in ((paper, "attachment"), (photo, "inline")):
        response = member.get(reverse("activities:attachment-detail", args=[world.branch.public_id, file.public_id]))
        assert response["Content-Disposition"].startswith(disposition)
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["Cache-Control"].startswith("private")
    assert (
        "%E5%AD%A6"
        in member.get(reverse("activities:attachment-detail", args=[world.branch.public_id, paper.public_id]))[
            "Content-Disposition"
        ]
    )


def test_a_file_of_another_branch_is_not_found_under_this_one(world, client_of):
    filed = act.filed(world.other_branch, world.users["other_secretary"], "general_meeting")
    kept = act.attached(filed, world.users["other_secretary"])
    secretary = client_of("secretary")
    for branch in (world.branch, world.other_branch):
        assert (
            secretary.get(reverse("activities:attachment-detail", args=[branch.public_id, kept.public_id])).status_code
            == 404
        )


def test_an_upload_without_scripts_keeps_what_was_typed(world, one, client_of):
    url = reverse("activities:attachment-add", args=[world.branch.public_id, one.public_id])
    wrong = SimpleUploadedFile("照片.jpg", b"<html>")
    response = client_of("secretary").post(
        url,
        {"version": one.version, "main-minutes": "写到一半", "files": [SimpleUploadedFile("a.pdf", PDF), wrong]},
        follow=True,
    )
    one.refresh_from_db()
    assert one.draft["main-minutes"] == ["写到一半"]
    assert [kept.name for kept in one.attachments.all()] == ["a.pdf"]
    assert "“照片.jpg” is not what its name says" in response.content.decode()
    assert make.TODAY.isoformat() in response.content.decode()
