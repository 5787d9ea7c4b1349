"""Confidence and errors to the risk-coverage curve and the area under it.

Geifman and El-Yaniv 2017, Selective Classification for Deep Neural Networks; AURC: Geifman, Uziel and El-Yaniv 2019,
Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers. Lower is better. A system that declines has no curve
beyond the coverage it reached: its area is the mean over what it answered, and is to be read beside that coverage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rag.evaluation.resampling import Floats


def curve(confidence: Floats, errors: Floats, questions: int) -> tuple[Floats, Floats]:
    """Return coverage and risk as answers are given from the surest on; equal confidence is one step.

    ``confidence`` and ``errors`` have a value for each question, NaN for one that was declined; coverage is of all
    ``questions``.
    """
    order = _order(confidence, errors)
    if not order.size:
        return np.empty(0), np.empty(0)
    given, wrong = confidence[order], errors[order]
    ends = _ends(given)
    steps = np.arange(1, order.size + 1)
    last = np.unique(ends)
    return steps[last] / questions, np.cumsum(wrong)[last] / steps[last]


def aurc(confidence: Floats, errors: Floats, weights: Floats) -> Floats:
    """Return the area of each resample (a row of ``weights``): the mean risk over answers, the surest first."""
    order = _order(confidence, errors)
    if not order.size:
        return np.full(len(weights), np.nan)
    drawn = weights[:, order]
    counts, wrong = np.cumsum(drawn, axis=1), np.cumsum(drawn * errors[order], axis=1)
    ends = _ends(confidence[order])
    risk = np.divide(wrong[:, ends], counts[:, ends], out=np.zeros_like(drawn), where=counts[:, ends] > 0)
    total = drawn.sum(axis=1)
    return np.divide((drawn * risk).sum(axis=1), total, out=np.full(len(weights), np.nan), where=total > 0)


def _order(confidence: Floats, errors: Floats) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the answered questions, the surest first; none if one of them has no confidence."""
    judged = ~np.isnan(errors)
    if np.isnan(confidence[judged]).any():
        return np.empty(0, dtype=np.intp)
    places = np.flatnonzero(judged)
    return places[np.argsort(-confidence[places], kind="stable")]


def _ends(given: Floats) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return for each answer the last one that is as sure."""
    return np.searchsorted(-given, -given, side="right") - 1
