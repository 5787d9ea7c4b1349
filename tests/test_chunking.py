"""Chunks: whole sentences, within a budget, none left out."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from news import article, sentences

from rag.chunking import BUDGET, chunk, embedded_text, heading, token_counts

WORDS = st.lists(st.integers(1, 60), min_size=1, max_size=30)


@given(WORDS)
def test_every_sentence_is_in_a_chunk_and_chunks_keep_their_order_and_budget(lengths: list[int]) -> None:
    source = article(" ".join("Word " + "harbour " * length + "end." for length in lengths))
    cut = sentences(source)
    chunks = chunk(source, cut)
    assert {n for one in chunks for n in range(one.first, one.last + 1)} == set(range(len(cut)))
    assert [one.n for one in chunks] == list(range(len(chunks)))
    for one in chunks:
        tokens = sum(token_counts([sentence.text for sentence in cut[one.first : one.last + 1]]))
        assert tokens <= BUDGET or one.first == one.last
        assert source.text[one.start : one.end].startswith(cut[one.first].text)
    assert all(later.first > earlier.first for earlier, later in pairwise(chunks))


def test_a_chunk_is_embedded_under_its_heading_and_stored_without_it() -> None:
    source = article("The harbour reopened.", headline="Open again")
    (one,) = chunk(source, sentences(source))
    assert heading(source) == "Open again | Harbour Post | 2026-03-03"
    assert embedded_text(source, one) == "Open again | Harbour Post | 2026-03-03\nThe harbour reopened."
    assert source.text[one.start : one.end] == "The harbour reopened."
