"""When to decline: the curve that ships, and what a wished-for risk makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.calibration import Point, area, shipped, threshold
from rag.errors import UsageError
from rag.evaluation.calibration import data_hash


def point(at: float, coverage: float, risk: float) -> Point:
    return Point(threshold=at, coverage=coverage, risk=risk)


CURVE = (point(0, 1, 0.5), point(0.3, 0.6, 0.3), point(0.6, 0.2, 0.1), point(0.9, 0, 0))


@pytest.mark.parametrize(("risk", "expected"), [(0.5, 0), (0.4, 0.3), (0.3, 0.3), (0.1, 0.6)])
def test_the_threshold_that_answers_most_at_the_wished_for_risk_is_taken(risk: float, expected: float) -> None:
    assert threshold(risk, CURVE) == expected


def test_a_risk_that_nothing_keeps_is_refused_with_the_lowest_that_was_measured() -> None:
    with pytest.raises(UsageError, match=r"lowest that was measured is 0\.10"):
        threshold(0.05, CURVE)


def test_the_area_under_the_curve_is_that_of_its_trapezoids() -> None:
    # from 0 to .2 at (0 + .1) / 2, to .6 at (.1 + .3) / 2, to 1 at (.3 + .5) / 2
    assert area(CURVE) == pytest.approx(0.2 * 0.05 + 0.4 * 0.2 + 0.4 * 0.4)


def test_the_shipped_curve_was_measured_on_the_questions_and_articles_that_ship(seeds: Path) -> None:
    assert shipped().data == data_hash(seeds), f"run {shipped().command}"
    assert [p.threshold for p in shipped().curve] == sorted(p.threshold for p in shipped().curve)
