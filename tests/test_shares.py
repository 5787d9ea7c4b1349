"""A length shared among stories."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.shares import FULL, LEAST, share

stories = st.lists(st.tuples(st.integers(1, 12), st.integers(5, 900)), min_size=1, max_size=8)
"""Of each story the number of its sources, and how many words there are to tell."""


def told(rows: list[tuple[int, int]], words: int) -> list[int]:
    shares = share([weight for weight, _ in rows], words, lambda place, length: min(length, rows[place][1]))
    return [min(length, material) for length, (_, material) in zip(shares, rows, strict=True)]


@given(stories, st.integers(0, 2_000))
def test_a_length_is_filled_where_there_is_material(rows: list[tuple[int, int]], more: int) -> None:
    words = LEAST * len(rows) + more

    filled = sum(told(rows, words))

    material = sum(material for _, material in rows)
    assert filled >= min(FULL * words - len(rows), FULL * material)


@given(stories, st.integers(0, 2_000), st.integers(0, 2_000))
def test_more_words_tell_no_less_of_any_story(rows: list[tuple[int, int]], more: int, further: int) -> None:
    words = LEAST * len(rows) + more

    less, greater = told(rows, words), told(rows, words + further)

    assert all(after >= before - 1 for before, after in zip(less, greater, strict=True))


def test_what_a_thin_story_cannot_fill_goes_to_the_others_by_their_sources() -> None:
    rows = [(4, 900), (2, 900), (3, 30)]

    assert told(rows, 630) == [380, 220, 30]


def test_words_over_are_nobodys_where_no_story_has_more() -> None:
    assert told([(1, 20), (1, 30)], 300) == [20, 30]
