"""The share of wrong answers that one puts up with, to the probability from which the extractive writer answers.

The curve was measured on the dev questions of ``seeds/`` by ``python -m rag.evaluation.calibration seeds`` and is kept
with a hash of what it was measured on. It promises what it measured: among answers to questions like these, about so
many rest on no right sentence. It says nothing of other questions, other archives, or of chat models.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import pairwise

from pydantic import BaseModel, ConfigDict, Field

from rag.errors import UsageError

FILE = "calibration.json"


class Point(BaseModel):
    """What one threshold does."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    threshold: float = Field(ge=0, le=1)
    """Probability from which a sentence counts as an answer."""
    coverage: float = Field(ge=0, le=1)
    """Of all questions, those answered."""
    risk: float = Field(ge=0, le=1)
    """Of those answered, those that cite no right sentence."""


class Calibration(BaseModel):
    """A risk-coverage curve and what it was measured on."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    data: str
    """sha256 over the questions, their gold sentences and the articles."""
    questions: int
    command: str
    curve: tuple[Point, ...]
    """By rising threshold."""


@cache
def shipped() -> Calibration:
    """Return the curve that came with this package."""
    text = resources.files("rag").joinpath(FILE).read_text(encoding="utf-8")
    return Calibration.model_validate_json(text)


def threshold(risk: float, curve: Sequence[Point]) -> float:
    """Return the lowest threshold on ``curve`` whose measured risk is at most ``risk``: the one that answers most.

    Raises UsageError if there is none.
    """
    for point in curve:
        if point.coverage and point.risk <= risk:
            return point.threshold
    best = min(point.risk for point in curve if point.coverage)
    msg = f"no threshold keeps the share of wrong answers at {risk:.2f}; the lowest that was measured is {best:.2f}"
    raise UsageError(msg, hint=f"CITEWIRE_RISK={best:.2f}, or write with a chat model: --model openai:gpt-5-mini")


def area(curve: Sequence[Point]) -> float:
    """Return the area under the risk-coverage curve, by trapezoids over the coverage that was reached.

    Geifman and El-Yaniv 2017, "Selective Classification for Deep Neural Networks"; lower is better.
    """
    points = sorted({(point.coverage, point.risk) for point in curve})
    return sum((right[0] - left[0]) * (left[1] + right[1]) / 2 for left, right in pairwise(points))
