"""Values of questions to means with intervals: a seeded bootstrap over questions, in blocks of arrays.

Efron and Tibshirani 1993, An Introduction to the Bootstrap, ch. 13 (percentile interval) and 16. A value that is
missing (NaN) counts neither in a mean nor in a resample of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

RESAMPLES = 10_000
"""The second digit of a 95% bound moves by less than 0.002 between seeds on 53 questions."""
_BLOCK = 2_000_000
"""Cells of one block: 16 MB."""
_EDGES = (2.5, 97.5)


def draws(questions: int, *, seed: int = 0, resamples: int = RESAMPLES) -> Iterator[Floats]:
    """Yield blocks with a row for each resample: how often each question is drawn."""
    generator = np.random.default_rng(seed)
    rows = max(1, _BLOCK // max(1, questions))
    for first in range(0, resamples, rows):
        size = min(rows, resamples - first)
        yield generator.multinomial(questions, np.full(questions, 1 / questions), size=size).astype(np.float64)


def means(values: Floats, weights: Floats) -> Floats:
    """Return the mean of each column of ``values`` (questions x metrics) for each row of ``weights``."""
    there = ~np.isnan(values)
    total, count = weights @ np.where(there, values, 0.0), weights @ there.astype(np.float64)
    return np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)


def interval(samples: Floats) -> Floats:
    """Return the 95% bounds (2 x columns) of samples (resamples x columns); NaN for a column that has none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a column of NaN alone has no bounds, and that is said by NaN
        return np.nanpercentile(samples, _EDGES, axis=0)


def resampled(
    statistic: Callable[[Floats], Floats], questions: int, *, seed: int = 0, resamples: int = RESAMPLES
) -> Floats:
    """Return ``statistic`` (weights to rows) of every resample."""
    return np.vstack([statistic(block) for block in draws(questions, seed=seed, resamples=resamples)])
