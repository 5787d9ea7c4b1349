"""Neighbouring sentences in which two voices give one thing two figures, or two times of day.

    "The company says it rang the county at 4:10. The county's chief said the first call came at 6:35."

Who writes them side by side may mean them to be compared. That the second says against what it stands ("the first
call", "more than that", "three million at most") is asked for: of pairs with no more than words in common, all
five on real news were of two things.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations
from rag.clash import Clash, Kind, Side
from rag.clock import clock
from rag.figures import SIGNS, Figure, clashing, differ, figures
from rag.hours import APART
from rag.passages import same_paragraph, speakers
from rag.vocabulary import stem, telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.sources import Evidence

_AGAINST = re.compile(
    r"\b(?:(?:more|less|higher|lower|fewer|greater|smaller) than that|at (?:the )?most|no more than|spoke of|"
    r"the first (?:\w+ )?(?:call|word|warning|report|notice)|not before|no earlier than|no later than)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:The )?(?:[A-Z][\w’'-]+ ){1,4}(?=[a-z])")


def voices(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """Yield the pairs of neighbouring sentences in which a second voice gives another figure or time than the first."""
    for one, two in pairwise(evidence):
        near = one.article.id == two.article.id and same_paragraph(one, two)
        if not near or not _AGAINST.search(outside_quotations(two.sentence.text)):
            continue
        first, second = (frozenset(map(stem, speakers(item))) for item in (one, two))
        second = second or _subject(two.sentence.text)
        if first and second and not first & second:
            yield from _times(one, two)
            yield from _counts(one, two)


def _subject(text: str) -> frozenset[str]:
    """Return the stems of the name that opens a sentence: who does not say so, but speaks of it."""
    found = _NAME.match(text)
    return telling(found.group()) if found else frozenset()


def _times(one: Evidence, two: Evidence) -> Iterator[Clash]:
    first, second = (clock(outside_quotations(item.sentence.text)) for item in (one, two))
    apart = first[0].apart(second[0]) if len(first) == len(second) == 1 else None
    if apart is not None and apart > APART:
        key = frozenset((one.sentence.text, two.sentence.text))
        sides = (Side(first[0].text, one), Side(second[0].text, two))
        yield Clash(Kind.DISPUTE, tuple(sorted(_shared(one, two))), *sides, key)


def _counts(one: Evidence, two: Evidence) -> Iterator[Clash]:
    first, second = _sole(one), _sole(two)
    if first is not None and second is not None and _one_unit(first, second) and differ(first, second):
        yield clashing(Kind.DISPUTE, sorted(_shared(one, two)), first, second)


def _shared(one: Evidence, two: Evidence) -> frozenset[str]:
    return telling(one.sentence.text) & telling(two.sentence.text)


def _sole(item: Evidence) -> Figure | None:
    """Return the one figure of a sentence besides days; None where it has none or several."""
    found = [figure for figure in figures(item) if figure.unit != "date"]
    return found[0] if len(found) == 1 else None


def _one_unit(one: Figure, two: Figure) -> bool:
    if one.unit == two.unit:
        return bool(one.unit)
    return "" in {one.unit, two.unit} and not {one.unit, two.unit} & SIGNS
