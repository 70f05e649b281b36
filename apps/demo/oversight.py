"""What the staff of the demonstration see: branches they follow, and two things in the books to be put right."""

from datetime import date

from apps.branches import services
from apps.branches.models import Liaison, Organization, Person

FOLLOWS = {"周敏": ("装配车间", "流动党员", "离退休")}  # the other one begins with all branches


def oversee(today: date) -> None:
    for name, branches in FOLLOWS.items():
        person = Person.objects.filter(name=name).latest("pk")
        Liaison.objects.bulk_create(
            Liaison(organization=branch, person=person, starts_on=date(today.year - 1, 1, 1))
            for branch in Organization.objects.filter(short_name__in=branches).order_by("path")
        )
    _twice(Person.objects.filter(name="谢晖").latest("pk"))


def _twice(someone: Person) -> None:
    """The same name and month of birth in the books of another branch, without a membership there."""
    elsewhere = Organization.objects.filter(short_name="检验室").latest("pk")
    services.person_create(
        organization=elsewhere, name=someone.name, by=None, sex=someone.sex, born_on=someone.born_on.replace(day=1),
        born_precision="month",
    )  # fmt: skip
