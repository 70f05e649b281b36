"""Everything that says a number of a closed survey, side by side: the committee's page, that of those asked, the Word paper."""

import io
from datetime import date
from itertools import combinations

from docx import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.branches.models import Organization
from apps.surveys import counting, papers, results
from apps.surveys.models import Question, Result, Survey
from apps.surveys.rules import THRESHOLD, is_answered
from apps.surveys.sealing import seal_texts

THREE = ["一", "二", "三"]
QUESTIONS = [
    Question(position=1, kind="single", text="单选", choices=THREE),
    Question(position=2, kind="multiple", text="多选", choices=THREE),
    Question(position=3, kind="scale", text="分数"),
    Question(position=4, kind="matrix", text="分项", choices=THREE, rows=["甲", "乙"]),
    Question(position=5, kind="text", text="自己写"),
]
PLACE = st.none() | st.integers(0, 2)
ANSWER = st.tuples(
    PLACE, st.lists(st.integers(0, 2), unique=True), PLACE, st.lists(PLACE, min_size=2, max_size=2),
    st.sampled_from([None, "好", "再改改"]),
).map(list)  # fmt: skip
Published = dict[tuple[str, str], list[int]]


def closed(answers):
    survey = Survey(
        pk=1, title="意见", organization=Organization(name="支部"), closed_on=date(2026, 3, 18), state="closed"
    )
    counted = counting.count(QUESTIONS, answers, is_anonymous=True)
    texts = None if counted.texts is None else seal_texts(counted.texts, survey)
    Result(survey=survey, answers=len(answers), counts=counted.counts, texts=texts)
    return survey


def of_reading(reading) -> Published:
    return {
        (shown.question.text, part.label): [bar.count for bar in part.bars]
        for shown in reading.shown or []
        for part in shown.parts
        if part.bars is not None
    }


def of_paper(data: bytes) -> list[list[int]]:
    tables = Document(io.BytesIO(data)).tables
    return [[int(row.cells[1].text.removesuffix(" 份")) for row in table.rows] for table in tables]


def behind(answers) -> dict[tuple[str, str], int]:
    """How many people stand behind each published row of numbers."""
    found = {}
    for place, question in enumerate(QUESTIONS):
        if question.kind == "matrix":
            for row, label in enumerate(question.rows):
                found[question.text, label] = sum(one[place][row] is not None for one in answers)
        elif question.kind != "text":
            found[question.text, ""] = sum(is_answered(one[place]) for one in answers)
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ANSWER, max_size=14))
def test_no_two_of_them_differ_and_none_shows_fewer_than_five(answers):
    survey = closed(answers)
    readings = [results.read(survey, QUESTIONS, with_texts=with_texts) for with_texts in (True, False)]
    published, people = [of_reading(one) for one in readings], behind(answers)
    for one, other in combinations(published, 2):
        assert one == other  # so their difference is nobody
    on_paper = of_paper(papers.result_docx(survey, readings[0]))
    assert on_paper == list(published[0].values())
    shown = {key for key, count in people.items() if count >= THRESHOLD}
    assert set(published[0]) == (shown if len(answers) >= THRESHOLD else set())
    if len(answers) < THRESHOLD:
        assert all(one.shown is None for one in readings)


def test_the_largest_group_that_is_hidden_and_the_smallest_that_is_shown():
    one = [0, [0], 0, [0, None], "好"]
    assert of_reading(results.read(closed([one] * 4), QUESTIONS, with_texts=True)) == {}
    found = of_reading(results.read(closed([one] * 5), QUESTIONS, with_texts=True))
    assert ("分项", "甲") in found
    assert ("分项", "乙") not in found
