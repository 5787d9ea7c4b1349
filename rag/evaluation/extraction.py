"""Extracted and true texts of pages to precision, recall and F1 over runs of four words.

Scrapinghub's article-extraction-benchmark (``evaluate.py``; Zyte 2020, Article extraction benchmark): the shingles of
a page are its runs of four words, counted as often as they stand there, a text of fewer words being one shingle.
Precision and recall are means over pages, so that a long page weighs as much as a short one; a page from which nothing
was taken has a recall of 0 and no precision. F1 is of the two means.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.evaluation.resampling import interval, means, resampled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHINGLE = 4
"""Words of a shingle, as in the benchmark."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a text and the true one share, in shingles."""

    shared: int
    taken: int
    """Shingles of the extracted text."""
    true: int

    @property
    def precision(self) -> float:
        """Share of what was taken that is true; NaN where nothing was taken."""
        return self.shared / self.taken if self.taken else float("nan")

    @property
    def recall(self) -> float:
        """Share of the true text that was taken; NaN where there is none."""
        return self.shared / self.true if self.true else float("nan")


@dataclass(frozen=True, slots=True)
class Score:
    """Means over pages, each with its 95% interval."""

    precision: tuple[float, float, float]
    """Mean, lower and upper bound, as of the other two."""
    recall: tuple[float, float, float]
    f1: tuple[float, float, float]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Return how often each run of words stands in a text. Case counts."""
    words = _WORD.findall(text)
    runs = (tuple(words[start : start + SHINGLE]) for start in range(max(1, len(words) - SHINGLE + 1)))
    return Counter(run for run in runs if run)


def overlap(extracted: str, true: str) -> Overlap:
    """Compare an extracted text with the true one."""
    ours, theirs = shingles(extracted), shingles(true)
    return Overlap((ours & theirs).total(), ours.total(), theirs.total())


def scored(pages: Sequence[Overlap]) -> Score:
    """Return the score of a system over pages, with intervals of a bootstrap by page."""
    values = _values(pages)
    point = _figures(values, np.ones((1, len(pages))))[0]
    low, high = _bounds(values)
    three = [(float(point[n]), float(low[n]), float(high[n])) for n in range(3)]
    return Score(*three)


def ahead(pages: Sequence[Overlap], others: Sequence[Overlap]) -> tuple[float, float]:
    """Return the 95% interval of the F1 of one system minus another's on the same pages, drawn in pairs."""
    ours, theirs = _values(pages), _values(others)
    samples = resampled(lambda weights: _figures(ours, weights) - _figures(theirs, weights), len(pages))
    low, high = interval(samples)[:, 2]
    return float(low), float(high)


def _values(pages: Sequence[Overlap]) -> Floats:
    return np.array([(page.precision, page.recall) for page in pages], dtype=np.float64)


def _bounds(values: Floats) -> Floats:
    return interval(resampled(lambda weights: _figures(values, weights), len(values)))


def _figures(values: Floats, weights: Floats) -> Floats:
    """Precision, recall and F1 of each row of weights."""
    mean = means(values, weights)
    product, total = mean.prod(axis=1), mean.sum(axis=1)
    f1 = np.divide(2 * product, total, out=np.zeros_like(total), where=total > 0)
    return np.column_stack((mean, f1))
