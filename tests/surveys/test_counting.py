"""What is shown, from how many on, and that nothing below can be worked out."""

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.surveys import counting, rules


def question(kind, size=3, rows=0):
    choices = [] if kind in ("scale", "text") else [str(number) for number in range(size)]
    return SimpleNamespace(kind=kind, choices=choices, rows=[str(number) for number in range(rows)], is_required=False)


@pytest.mark.parametrize(
    ("answers", "is_anonymous", "is_shown"),
    [(0, True, False), (4, True, False), (5, True, True), (0, False, False), (1, False, True)],
)
def test_from_five_answers_on(answers, is_anonymous, is_shown):
    assert rules.is_shown(answers, is_anonymous=is_anonymous) is is_shown


ASKED = (question("single"), question("multiple"), question("scale"), question("matrix", rows=2), question("text"))
PLACE = st.none() | st.integers(0, 2)
ONE = st.tuples(
    PLACE,
    st.lists(st.integers(0, 2), unique=True),
    PLACE,
    st.tuples(PLACE, PLACE),
    st.sampled_from([None, "", "好", "再改改"]),
)


def sums(counted):
    """Every number that a page, a paper or the difference of two of them could show, with how many people stand behind it."""
    for part in counted.counts or []:
        rows = part.get("counts")
        if rows is None:
            continue
        for row in rows if rows and (isinstance(rows[0], list) or rows[0] is None) else [rows]:
            if row is not None:
                yield row


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine
@given(st.lists(ONE, max_size=12))
def test_no_question_and_no_row_that_few_answered_is_counted(answers):
    answers = [[one[0], one[1], one[2], list(one[3]), one[4]] for one in answers]
    counted = counting.count(ASKED, answers, is_anonymous=True)
    if len(answers) < rules.THRESHOLD:
        assert (counted.counts, counted.texts) == (None, None)
        return
    for place, part in enumerate(counted.counts):
        given_here = [one[place] for one in answers if rules.is_answered(one[place])]
        if ASKED[place].kind == "text":
            continue
        assert ("counts" in part) == (len(given_here) >= rules.THRESHOLD)
    for row in sums(counted):
        assert sum(row) >= rules.THRESHOLD or row is counted.counts[1].get("counts")  # several may be ticked, or none


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ONE, min_size=5, max_size=30))
def test_counts_are_of_all_and_texts_are_all_there(answers):
    answers = [[one[0], one[1], one[2], list(one[3]), one[4]] for one in answers]
    counted = counting.count(ASKED, answers, is_anonymous=False)
    single = [one[0] for one in answers if one[0] is not None]
    if single:
        assert counted.counts[0]["counts"] == [single.count(place) for place in range(3)]
    assert sorted(counted.texts[4]) == sorted(one[4] for one in answers if one[4])


@pytest.mark.parametrize(
    ("questions", "minutes"),
    [([question("single")], 1), ([question("text")] * 4, 2), ([question("matrix", rows=8)] * 3, 3), ([], 1)],
)
def test_about_how_long_it_takes(questions, minutes):
    assert rules.minutes(questions) == minutes
