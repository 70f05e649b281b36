"""What a closed survey says, for pages and papers: read from what was counted at closing and from nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from apps.surveys import sealing
from apps.surveys.models import Question, Result, Survey
from apps.surveys.rules import choices_of


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    count: int
    percent: int  # of those who answered, rounded


@dataclass(frozen=True, slots=True)
class Part:
    """The bars of one question, or of one row of a matrix. None where too few answered it."""

    label: str
    bars: list[Bar] | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One question with its result."""

    question: Question
    parts: list[Part] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    answers: int
    shown: list[Shown] | None  # None: fewer than the threshold


def answers_so_far(survey: Survey) -> int:
    """Of an open survey."""
    if survey.is_anonymous:
        return survey.box.answers
    return survey.named_answers.count()


def read(survey: Survey, questions: Sequence[Question], *, with_texts: bool) -> Reading:
    """`with_texts` for the committee alone: those who were asked get numbers."""
    result: Result = survey.result
    if result.counts is None:
        return Reading(result.answers, None)
    texts = sealing.open_texts(bytes(result.texts), survey) if with_texts and result.texts else None
    shown = []
    for place, (question, counted) in enumerate(zip(questions, result.counts, strict=True)):
        if question.kind == Question.Kind.TEXT:
            if with_texts:
                shown.append(Shown(question, texts=texts[place] if texts else []))
            continue
        shown.append(Shown(question, _parts(question, counted)))
    return Reading(result.answers, shown)


def _parts(question: Question, counted: dict) -> list[Part]:
    rows = counted.get("counts")
    if question.kind == Question.Kind.MATRIX:
        per_row = rows or [None] * len(question.rows)
        return [
            Part(label, _bars(question, counts, sum(counts)) if counts else None)
            for label, counts in zip(question.rows, per_row, strict=True)
        ]
    return [Part("", _bars(question, rows, counted["answered"]) if rows else None)]


def _bars(question: Question, counts: list[int], answered: int) -> list[Bar]:
    return [
        Bar(label, count, round(100 * count / answered) if answered else 0)
        for label, count in zip(choices_of(question), counts, strict=True)
    ]
