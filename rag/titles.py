"""The reports of a story to its title: the headline that is closest to what they are all about.

One rule, for lists and for briefings. Reports are counted by roots. Opinion, corrections, copies, headlines cut off and
pieces that explain or ask give no title while there is another; of several days the newest is preferred. Of headlines
with a toll one with the latest stands.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from math import fsum, log
from typing import TYPE_CHECKING

from rag.facts import numbers
from rag.likeness import codes
from rag.vocabulary import CASUALTY, ORDINALS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

READ = 60
"""Reports of a story that are read for its title, the first ones: what it is about was told by then."""
ONE_ROOT, HEADLINE = 0.1, 2.0
"""Weight of a word that one root has (of one that n have it is log n more), and what one in the headlines of all is
worth more: as the statements of a briefing are weighed (``rag.coverage``)."""
SPARE = 2
"""Words that a headline is taken to have besides its own, so that the shortest does not win for being short."""

NEWER, DAY = 1.3, 86_400
"""What the headline of a report of the newest day is worth beside those of other days, which may be overtaken."""
_SITE = re.compile(r"\s+(?:\|[^|]*|- [A-Z]{2,}\w*)$")
_EXPLAINS = re.compile(
    r"^(?:Here[’']s )?(?:[Hh]ow|[Ww]hy|[Ww]hat|[Ww]hen|[Ww]ho|[Ww]here|[Ww]hich)\b|\?|"
    r"(?i:\bexplain(?:er|ed)\b|\bwhat (?:to|we|you) (?:need to )?know\b|"
    r"\bquestions and answers\b|\blive (?:updates?|blog|coverage)\b|, live$|"
    r"\bthings (?:to|you|we|\w+ should)\b|^(?:timeline|analysis|live)\b)"
)
"""Headlines of pieces that ask, explain or look back: they say what a reader may learn, not what happened."""
_NTH = re.compile(
    rf"\b({'|'.join(ORDINALS)}) (?:person|people|man|woman|child|patient|victim|death|body|passenger)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of an article of a story."""

    headline: str
    root: str
    aside: bool
    """Whether it is opinion, a correction, or a copy."""
    words: AbstractSet[int]
    """Hashes of the words that it opens with."""
    instant: float | None = None
    """When it was published, in seconds."""


def title(reports: Sequence[Report]) -> str:
    """Return the title of a story told by ``reports``, earliest first; empty where none has a headline."""
    titled = [replace(one, headline=plain) for one in reports if (plain := _plain(one.headline))]
    offered = [report for report in titled if not report.aside] or titled
    offered = [report for report in offered if report.headline != report.headline.lower()] or offered  # of an address
    offered = [report for report in offered if not report.headline.endswith(("...", "…"))] or offered
    offered = [report for report in offered if not _EXPLAINS.search(report.headline)] or offered
    if len(offered) < 2:  # noqa: PLR2004 - nothing to choose from
        return offered[0].headline if offered else ""
    weight = _weights(reports[:READ])

    days = [report.instant // DAY for report in offered if report.instant is not None]

    def close(report: Report) -> float:
        own = codes(report.headline)
        newer = report.instant is not None and report.instant // DAY == max(days) > min(days)
        shared = fsum(weight.get(word, 0.0) for word in sorted(own)) / (len(own) + SPARE)
        return shared * (NEWER if newer else 1.0)

    best = max(offered, key=close)
    mine = _toll(best.headline)
    like = [(one, toll) for one in offered if mine and (toll := _toll(one.headline)) and toll[0] == mine[0]]
    if like:
        latest = like[-1][1]
        best = max((one for one, toll in like if toll == latest), key=close)
    return best.headline


def _plain(headline: str) -> str:
    """Return a headline without the name of its site behind it, and what was cut off there."""
    return _SITE.sub("", headline).strip()


def _toll(headline: str) -> tuple[str, Decimal] | None:
    """Return what befell people by a headline, the dead before others, and its first number that may count them.

    The sixth victim of a story makes six.
    """
    befell = next((unit for pattern, unit in CASUALTY if pattern.search(headline)), "")
    counts = (number.value for number in numbers(headline) if not number.unit and not _YEAR.fullmatch(number.text))
    nth = _NTH.search(headline)
    first = Decimal(ORDINALS[nth[1].lower()]) if nth else next(counts, None)
    return (befell, first) if befell and first is not None else None


def _weights(reports: Sequence[Report]) -> dict[int, float]:
    """Return for each word how much the independent reports share it."""
    carried: dict[int, set[str]] = defaultdict(set)
    headed: dict[int, set[str]] = defaultdict(set)
    for report in reports:
        for word in report.words:
            carried[word].add(report.root)
        for word in codes(report.headline):
            headed[word].add(report.root)
    roots = len({report.root for report in reports})
    return {
        word: (ONE_ROOT + log(len(found))) * (1 + HEADLINE * len(headed[word]) / roots)
        for word, found in carried.items()
    }
