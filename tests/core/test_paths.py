"""Paths are ranges: a subtree is found without LIKE, and never holds a neighbour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import paths

numbers = st.integers(min_value=0, max_value=36**4 - 1)
trees = st.lists(numbers, min_size=1, max_size=6).map(lambda parts: "".join(paths.segment(part) for part in parts))


@given(numbers)
def test_segments_keep_number_and_order(number: int) -> None:
    assert paths.number_of(paths.segment(number)) == number
    if number:
        assert paths.segment(number - 1) < paths.segment(number)


@given(trees, trees)
def test_the_range_holds_the_subtree_and_nothing_else(top: str, path: str) -> None:
    assert (top <= path < paths.subtree_end(top)) == path.startswith(top)


@given(trees)
def test_ancestors_lead_from_the_top_to_the_parent(path: str) -> None:
    above = paths.ancestors(path)
    assert all(path.startswith(ancestor) and ancestor != path for ancestor in above)
    assert [*above, path][-2:][0] in (paths.parent_of(path), path)


def test_a_level_is_full_at_last() -> None:
    assert paths.segment(36**4 - 1) == "zzzz/"
    with pytest.raises(ValueError, match="1,679,616"):
        paths.segment(36**4)
