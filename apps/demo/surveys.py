"""Surveys: one running, one closed with a reply, one that too few answered; answered through the same services as real ones."""

import random
from datetime import date, timedelta

from django.utils import translation

from apps.accounts.models import User
from apps.branches.models import Organization, Post
from apps.branches.reach import reach_of
from apps.surveys import starters
from apps.surveys.models import Survey
from apps.surveys.rules import Answer, choices_of
from apps.surveys.services import answering, editing

WORDS = (
    "活动室周末也想用。", "班前会可以再短一点。", "希望多去兄弟车间看看。", "学习材料字小，老同志看着吃力。", "师带徒的办法好，坚持下去。",
    "困难职工走访多走几家。",
)  # fmt: skip
REPLY = "活动室从下月起周末开放半天，钥匙在值班室。学习材料改用四号字。走访名单正在重新排，月底前走完。"
SHARE = 0.7


class Surveys:
    """`chance` is seeded: the same demonstration every time."""

    def __init__(self, branches: list[Organization], today: date) -> None:
        self.branches = {branch.short_name: branch for branch in branches}
        self.today, self.chance = today, random.Random(7)  # noqa: S311 - invented answers

    def build(self) -> None:
        for name, slug, ago in (("一车间", "satisfaction", 40), ("一车间", "committee", 3), ("检验室", "lecture", 30)):
            self.survey(self.branches[name], starters.BY_SLUG[slug], self.today - timedelta(days=ago))

    def survey(self, branch: Organization, starter: starters.Starter, opened: date) -> None:
        leader = self.user(
            Post.objects.on(self.today)
            .filter(organization=branch, kind__in=Post.LEADERS)
            .order_by("pk")
            .first()
            .person.user,
            opened,
        )
        with translation.override("zh-hans"):
            head = {
                "title": str(starter.title), "intro": "", "due_on": opened + timedelta(days=10), "audience": "members",
                "group": None, "is_anonymous": True,
            }  # fmt: skip
            questions = [
                {
                    "kind": line.kind, "text": str(line.text), "choices": list(map(str, line.choices)),
                    "rows": list(map(str, line.rows)), "is_required": line.is_required,
                }
                for line in starter.lines
            ]  # fmt: skip
        one = editing.survey_save(organization=branch, by=leader, today=opened, head=head, questions=questions)
        editing.survey_open(survey=one, by=leader, today=opened)
        one.refresh_from_db()
        self.answer(one, opened)
        if one.due_on < self.today:
            editing.survey_close(survey=one, today=one.due_on + timedelta(days=1))
            one.refresh_from_db()
            if one.result.counts is not None:
                editing.survey_reply(
                    survey=one, by=leader, today=one.due_on + timedelta(days=3), reply=REPLY, version=one.version
                )

    def answer(self, one: Survey, day: date) -> None:
        questions = list(one.questions.all())
        asked = one.participations.filter(person__user__isnull=False).select_related("person__user").order_by("person")
        for row in asked:
            if self.chance.random() < SHARE and row.person.user.username not in ("lifang", "wangjianguo"):
                answers = [self.one_answer(question) for question in questions]
                answering.answer(survey=one, by=self.user(row.person.user, day), today=day, answers=answers)
        for sheet in (1, 2):
            answers = [self.one_answer(question) for question in questions]
            answering.answer_on_paper(
                survey=one, by=self.user(one.created_by, day), today=day, answers=answers, sheet=sheet
            )

    def one_answer(self, question) -> Answer:  # noqa: ANN001
        size = len(choices_of(question))
        if question.kind == "text":
            return self.chance.choice(WORDS) if self.chance.random() < 0.5 else None
        if question.kind == "matrix":
            return [min(self.chance.randrange(size), self.chance.randrange(size)) for _row in question.rows]
        if question.kind == "multiple":
            return sorted(self.chance.sample(range(size), 2))
        if question.kind == "scale":
            return max(self.chance.randrange(size), self.chance.randrange(size))
        return min(self.chance.randrange(size), self.chance.randrange(size))

    def user(self, user: User, day: date) -> User:
        user.reach = reach_of(user, day)
        return user


def surveys(branches: list[Organization], today: date) -> None:
    Surveys(branches, today).build()
