"""From a file to the roster through the pages, without a script."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.branches.models import Membership, Person
from apps.members.models import ImportBatch
from tests.factories.people import fake_id
from tests.factories.workbooks import xlsx

pytestmark = pytest.mark.django_db
HEAD = ["姓名", "性别", "出生年月", "身份证号", "人员类别", "入党时间", "转正时间", "所在党小组", "手机号"]


def person_row(name, born, n=1, **more):
    row = {"姓名": name, "性别": "男", "身份证号": fake_id(born, "male", n), "人员类别": "正式党员", "入党时间": "2010.07.01", "转正时间": "2011.07.01"}
    row |= more
    return [row.get(head, "") for head in HEAD]


def upload(client, branch, data, name="花名册.xlsx"):
    return client.post(reverse("members:import-start", args=[branch.public_id]), {"file": SimpleUploadedFile(name, data)})


def test_nothing_is_written_before_the_confirmation(world, client_of):
    client = client_of("secretary")
    data = xlsx([HEAD, person_row("钱知行", date(1985, 5, 6)), person_row("孙若水", date(1990, 1, 2), 2, 所在党小组="第三小组")])
    before = Person.objects.count()
    answer = upload(client, world.branch, data)
    batch = ImportBatch.objects.get()
    assert answer.status_code == 302, answer.content.decode()
    page = client.get(answer["Location"])
    assert page.status_code == 200
    text = page.content.decode()
    assert "钱知行" in text and "第三小组" in text
    assert Person.objects.count() == before
    answer = client.post(reverse("members:import-confirm", args=[world.branch.public_id, batch.public_id]), {"action": "import", "digest": batch.digest})
    batch.refresh_from_db()
    assert batch.state == "done"
    assert Person.objects.count() == before + 2
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert Membership.objects.filter(person__name="孙若水", group__name="第三小组").count() == 1
    answer = client.post(reverse("members:import-undo", args=[world.branch.public_id, batch.public_id]))
    assert Person.objects.count() == before
