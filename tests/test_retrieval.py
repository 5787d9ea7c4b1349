"""Rankings to one ranking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from news import article, sentences

from rag.offline import OverlapReranker
from rag.retrieval import (
    DATED,
    FRESH,
    HALF_LIFE,
    PER_ARTICLE,
    K,
    RememberingReranker,
    candidates,
    freshness,
    fuse,
    ordered,
    window,
)

NOW = datetime(2026, 3, 3, tzinfo=UTC)


def test_fusion_is_the_sum_of_weighted_reciprocal_ranks() -> None:
    scores = fuse([(["a", "b"], 1.0), (["b"], 0.5)])
    assert scores == {"a": pytest.approx(1 / (K + 1)), "b": pytest.approx(1 / (K + 2) + 0.5 / (K + 1))}


def test_equal_scores_are_ordered_by_name_and_not_by_chance() -> None:
    assert ordered({"b": 1.0, "a": 1.0, "c": 2.0}) == ["c", "a", "b"]


def test_newer_weighs_more_unless_the_question_names_a_year_and_unknown_is_in_between() -> None:
    assert freshness("Who won?", NOW, NOW) == 1 + FRESH
    assert freshness("Who won?", NOW - HALF_LIFE, NOW) == 1 + FRESH / 2
    assert freshness("Who won in 2019?", NOW, NOW) == 1 + DATED
    assert freshness("Who won?", NOW - timedelta(days=20_000), NOW) == pytest.approx(1.0, abs=1e-6)
    assert freshness("Who won?", None, NOW) == 1 + FRESH / 2


def test_one_long_article_does_not_take_all_places() -> None:
    ranking = [f"a+{n}" for n in range(9)] + ["b+0"]
    assert candidates(ranking, {chunk: chunk[0] for chunk in ranking}) == [*ranking[:PER_ARTICLE], "b+0"]


def test_the_window_is_the_stretch_that_shares_most_words() -> None:
    source = article("Nothing happened for a while. " * 20 + "The harbour reopened on Wednesday. It was calm.")
    assert "The harbour reopened on Wednesday." in window("When did the harbour reopen?", sentences(source))


def test_no_pair_is_read_twice() -> None:
    class Counting(OverlapReranker):
        read = 0

        def score(self, question: str, texts: Sequence[str]) -> list[float]:
            Counting.read += len(texts)
            return super().score(question, texts)

    reranker = RememberingReranker(Counting())
    first = reranker.score("who came", ["she came", "he left", "she came"])
    assert reranker.score("who came", ["he left", "she came"]) == [first[1], first[0]]
    assert Counting.read == 2
