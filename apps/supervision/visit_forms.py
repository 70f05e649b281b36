"""What comes over HTTP when visits are planned."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.branches.models import Membership, Organization, Person, Post
from apps.core.widgets import DateInput

MOST_TO_CHOOSE = 300


def branches_below(organization: Organization, today: date) -> list[Organization]:
    below = Organization.objects.active(today).under(organization.path).filter(kind=Organization.Kind.BRANCH)
    return list(below.order_by("path")[:MOST_TO_CHOOSE])


def team_for(organization: Organization, today: date) -> list[Person]:
    """Who may be asked along: the staff of the level that looks, then secretaries and discipline members of its branches; of a
    branch's own look its members.
    """
    if organization.is_branch:
        rows = Membership.objects.of_branch(organization, today).in_roster_order(today).select_related("person")
        return [row.person for row in rows if not row.is_hosted]
    staff = Q(kind=Post.Kind.AFFAIRS_WORKER, organization=organization)
    keepers = Q(
        kind__in=(Post.Kind.SECRETARY, Post.Kind.DISCIPLINE_MEMBER), organization__path__within=organization.path
    )
    posts = Post.objects.on(today).filter(staff | keepers).select_related("person", "organization")
    people: dict[int, Person] = {}
    for post in posts.order_by("organization__path", "kind", "pk")[:MOST_TO_CHOOSE]:
        post.person.where = str(post.organization)
        people.setdefault(post.person_id, post.person)
    return list(people.values())


class PlanForm(forms.Form):
    """One or several visits: the same days, the same team."""

    branches = forms.MultipleChoiceField(
        label=gettext_lazy("Branches"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one branch.")},
    )  # fmt: skip
    topic = forms.CharField(
        label=gettext_lazy("What for"),
        max_length=120,
        help_text=gettext_lazy("For example: visit of the first quarter"),
    )
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DateInput())
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=DateInput(),
        required=False,
        help_text=gettext_lazy("Empty: the same day"),
    )
    team = forms.MultipleChoiceField(label=gettext_lazy("Team"), widget=forms.CheckboxSelectMultiple, required=False)
    request_key = forms.CharField(max_length=36, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organization: Organization, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.branch_rows = (
            {} if organization.is_branch else {one.public_id: one for one in branches_below(organization, today)}
        )
        self.people = {one.public_id: one for one in team_for(organization, today)}
        if organization.is_branch:
            del self.fields["branches"]
            self.own = [organization]
        else:
            self.fields["branches"].choices = [(key, str(one)) for key, one in self.branch_rows.items()]
        self.fields["team"].choices = [(key, _name(one)) for key, one in self.people.items()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("branches", [])
        cleaned["branches"] = (
            [self.branch_rows[key] for key in chosen] if self.branch_rows else getattr(self, "own", [])
        )
        cleaned["team"] = [self.people[key] for key in cleaned.get("team", [])]
        if cleaned.get("starts_on") and not cleaned.get("ends_on"):
            cleaned["ends_on"] = cleaned["starts_on"]
        day = cleaned.get("starts_on")
        if day and cleaned["ends_on"] - day >= timedelta(days=31):
            self.add_error("ends_on", _("A visit ends on or after its first day and takes at most a month."))
        return cleaned


def _name(person: Person) -> str:
    where = getattr(person, "where", "")
    return _("%(name)s (%(place)s)") % {"name": person.name, "place": where} if where else person.name
