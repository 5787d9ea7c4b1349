"""Sentence of a story to what it is worth telling, by a small logistic model of what editors want told.

The weights were fitted by ``benchmarks/wanted.py --fit`` on what readers wanted told of 60 real stories (and, four
times over, on the gold of ``seeds/``), and lie in ``worth.json``. That script prints how much of it is told in the 60
stories that had no part in the fit. Nothing is worth more for whom it addresses.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple, TypedDict, cast

from rag.facts import numbers
from rag.selection import PRICE, SPARE
from rag.standing import is_fact
from rag.timeline import announcement

if TYPE_CHECKING:
    from rag.coverage import Coverage
    from rag.sources import Evidence

FILE = "worth.json"
FIGURES = 3
"""Figures of a sentence beyond which more do not count."""
_DONE = re.compile(
    r"\b(?:approv|reject|vot|rul(?:ed|ing)|order(?:ed|s\b)|bann|clos(?:ed|es)\b|reopen|evacuat|open(?:ed|s)\b|launch|"
    r"suspend|charg(?:ed|es)\b|arrest|fin(?:ed|es?)\b|sued\b|resign|fired\b|appoint|sent\b|recover|found\b|"
    r"offer(?:ed|s)\b|agreed\b|set aside\b|pa(?:id|ys)\b|cut\b|raised\b|recall|discover|copied\b|won\b|"
    r"lost\b|kill|injur|died\b|began\b|"
    r"ended\b|investigat|inquir|hearing|petition|decision|evidence\b|count\b|turnout\b|carrying\b|struck\b|hit\b|damag|"
    r"destroy)",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:said|says|announced) (?:on \w+ )?(?:that )?(?:it|they|he|she) (?:had|has|have|would|will)\b", re.IGNORECASE
)
_AUTHORITY = re.compile(
    r"\b(?:police|courts?|judge|board|commission\w*|council|hospital|ministry|officials?|prosecutors?|authorit(?:y|ies)|"
    r"agency|regulators?|parliament|coast ?guard|officer|captain|department|inspectors?|investigators?)\b",
    re.IGNORECASE,
)


class Place(NamedTuple):
    """Where a sentence stands in its story."""

    behind: int
    """Days that its report is older than the newest one."""
    first: bool
    """Whether its report is the first."""
    newer: bool
    """Whether it has a figure that replaced an older one, or"""
    overtaken: bool
    """one that was replaced."""


class _Feature(TypedDict):
    """One measurement, as fitted."""

    weight: float
    mean: float
    scale: float


def acts(text: str) -> bool:
    """Tell whether a sentence has a verb or noun of acts and outcomes: what courts, councils and accidents do."""
    return _DONE.search(text) is not None


def measured(item: Evidence, coverage: Coverage, place: Place) -> dict[str, float]:
    """Return the measurements of ``item`` by name.

    ``rank``: log of one more than the sentences of news before it. ``shared``: how much of what independent reports
    share it tells, of the most that one sentence does, for its length. ``near``: the same, of the three sentences to
    either side, whatever their length. ``behind``: log of one more than the days that its report is older than the
    newest. ``words``: log of one more than its words. ``figures``: up to three. The others are 1 or 0: it opens its
    report, stands in the first one, is backed by another root, tells an act, what somebody tells of what they did or
    will do, names an authority, announces something, is a fact, has a newer figure or an overtaken one.
    """
    text, rank = item.sentence.text, coverage.rank[item.number]
    length = len(text.split())
    figures = sum(number.text[0] in "$€£¥" or number.text[0].isdigit() for number in numbers(text))
    return {
        "rank": math.log1p(rank),
        "opens": float(not rank),
        "shared": 10 * coverage.prominence(item) / (length + SPARE) ** PRICE,
        "near": coverage.near(item),
        "behind": math.log1p(place.behind),
        "first": float(place.first),
        "backed": float(coverage.backed(item)),
        "acts": float(acts(text)),
        "own": float(_OWN.search(text) is not None),
        "figures": float(min(FIGURES, figures)),
        "words": math.log1p(length),
        "authority": float(_AUTHORITY.search(text) is not None),
        "announces": float(announcement(item) is not None),
        "fact": float(is_fact(item)),
        "newer": float(place.newer),
        "overtaken": float(place.overtaken),
    }


def worth(measurements: dict[str, float]) -> float:
    """Return the odds that an editor wants a sentence told."""
    bias, features = _shipped()
    return math.exp(
        bias
        + math.fsum(one["weight"] * (measurements[name] - one["mean"]) / one["scale"] for name, one in features.items())
    )


@cache
def _shipped() -> tuple[float, dict[str, _Feature]]:
    kept = json.loads(files("rag").joinpath(FILE).read_text("utf-8"))
    return float(kept["bias"]), cast("dict[str, _Feature]", kept["features"])
