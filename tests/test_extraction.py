from __future__ import annotations

import math
from collections import Counter

import pytest
from extraction import OURS, extractors, measured

from rag.evaluation.extraction import Overlap, ahead, overlap, scored, shingles
from rag.evaluation.loaders import Page


def test_shingles_are_runs_of_four_words_counted_and_a_shorter_text_is_one() -> None:
    assert shingles("a b c d, a b c d") == Counter(
        {("a", "b", "c", "d"): 2, ("b", "c", "d", "a"): 1, ("c", "d", "a", "b"): 1, ("d", "a", "b", "c"): 1}
    )
    assert shingles("Only three words.") == Counter({("Only", "three", "words"): 1})
    assert shingles(" -- ") == Counter()


def test_precision_and_recall_by_hand() -> None:
    page = overlap("x y a b c d e", "a b c d e f")  # xyab yabc abcd bcde, of abcd bcde cdef
    assert (page.shared, page.taken, page.true) == (2, 4, 3)
    assert (page.precision, page.recall) == (pytest.approx(2 / 4), pytest.approx(2 / 3))


def test_a_run_that_stands_twice_and_is_taken_once_is_found_once() -> None:
    assert overlap("a b c d", "a b c d a b c d") == Overlap(shared=1, taken=1, true=5)


def test_means_are_over_pages_f1_is_of_the_means_and_a_page_of_nothing_has_no_precision() -> None:
    every, half, nothing = Overlap(10, 10, 10), Overlap(5, 10, 20), Overlap(0, 0, 8)
    score = scored([every, half, nothing])
    assert score.precision[0] == pytest.approx((1 + 0.5) / 2)
    assert score.recall[0] == pytest.approx((1 + 0.25 + 0) / 3)
    assert score.f1[0] == pytest.approx(2 * 0.75 * (1.25 / 3) / (0.75 + 1.25 / 3))
    assert score.recall[1] == 0.0 < score.recall[0] < score.recall[2] == 1.0
    assert math.isnan(nothing.precision)


def test_pages_that_are_all_alike_have_no_interval_and_a_system_is_not_ahead_of_itself() -> None:
    same = [Overlap(8, 10, 10)] * 20
    assert scored(same).f1 == pytest.approx((0.8, 0.8, 0.8))
    mixed = [Overlap(n, 10, 10) for n in range(11)]
    assert ahead(mixed, mixed) == (0.0, 0.0)
    low, high = ahead(same, [Overlap(4, 10, 10)] * 20)
    assert (low, high) == pytest.approx((0.4, 0.4))


def test_every_extractor_is_measured_and_one_that_breaks_has_taken_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    body = " ".join(
        f"The harbour wall at pier {n} was closed on Monday after the storm, officials said." for n in range(9)
    )
    page = Page(
        "1",
        "https://post.example/a",
        f"<html><body><nav>Home</nav><article><p>{body}</p></article></body></html>",
        body,
    )
    for name, extract in extractors():
        [found], _ = measured(extract, [page])
        assert found.recall == pytest.approx(1.0), name
        if name == OURS:
            assert found.precision == pytest.approx(1.0)

    def breaks(html: str) -> str:
        raise ValueError(html[:1])

    assert measured(breaks, [page])[0][0].taken == 0
    assert "https://post.example/a" in capsys.readouterr().err
