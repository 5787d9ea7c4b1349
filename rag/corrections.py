"""Evidence to what outlets took back: the sentences that say so, and the figures that must not be told as fact."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations
from rag.facts import numbers
from rag.figures import figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.sources import Article, Evidence

_TAKES_BACK = re.compile(  # of a report: an earlier version of a bill says nothing wrong
    r"^correction:|earlier version of (?:this|our|the|an?) (?:[\w’'-]+ ){0,2}?(?:article|report|story|headline|post|"
    r"piece|column|dispatch|caption|graphic|newsletter|page)\b|"
    r"(?:incorrectly|wrongly|mistakenly) (?:said|stated|reported)",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"\b(?:(?:was|were) wrong|we regret|has been (?:corrected|amended)|should have (?:said|read))\b", re.IGNORECASE
)


def corrections(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the sentences in which an outlet takes something back, in order.

    In an article that is marked as a correction, or whose headline says so, the first sentence always is one.
    """
    found: list[Evidence] = []
    for item in evidence:
        ours = outside_quotations(item.sentence.text)
        if _TAKES_BACK.search(ours) or (is_correction(item) and (item.sentence.n == 0 or _CORRECTS.search(ours))):
            found.append(item)
    return tuple(found)


def corrects(text: str) -> bool:
    """Tell whether a sentence says that an earlier one was wrong."""
    return _TAKES_BACK.search(outside_quotations(text)) is not None


def is_correction(item: Evidence) -> bool:
    """Tell whether the article of ``item`` is a correction, by its label or its headline."""
    return _labelled(item.article)


def may_correct(article: Article) -> bool:
    """Tell whether any sentence of ``article`` can be one in which its outlet takes something back."""
    return _labelled(article) or _TAKES_BACK.search(article.text) is not None


def _labelled(article: Article) -> bool:
    return "correction" in article.labels or (article.headline or "").lower().startswith(
        ("correction", "clarification")
    )


def withdrawn(evidence: Sequence[Evidence]) -> frozenset[int]:
    """Return the numbers of the sentences whose figure their own outlet took back later: not to be told as fact."""
    taken = {
        (item.article.outlet, figure.value, figure.unit)
        for item in evidence
        if _TAKES_BACK.search(item.sentence.text)
        for figure in figures(item)
        if figure.start < (item.sentence.text + ";").index(";") and figure.unit != "date"
    }
    return frozenset(
        item.number
        for item in evidence
        if not (is_correction(item) or corrects(item.sentence.text))
        and any((item.article.outlet, f.value, f.unit) in taken for f in figures(item))
    )


def takes_back(evidence: Sequence[Evidence], told: Sequence[Evidence]) -> bool:
    """Tell whether sentences of an outlet take back a figure that stands in others of its own, ``told`` before."""
    both = [replace(item, number=number) for number, item in enumerate([*told, *evidence])]
    return any(number < len(told) for number in withdrawn(both))


def repeated(correction: Sequence[Evidence], told: Sequence[Evidence]) -> bool:
    """Tell whether a figure of a correction stands in ``told``, whoever told it."""
    theirs, ours = ({(f.value, f.unit) for item in items for f in figures(item)} for items in (correction, told))
    return any(unit != "date" for _, unit in theirs & ours)


def retracted(evidence: Sequence[Evidence]) -> frozenset[tuple[str, str]]:
    """Return outlet and value of each figure that a correction takes back: those it says an earlier version had."""
    found: set[tuple[str, str]] = set()
    for item in evidence:
        if _TAKES_BACK.search(item.sentence.text):
            said = item.sentence.text.split(";")[0]
            found |= {(item.article.outlet or "", str(number.value.normalize())) for number in numbers(said)}
    return frozenset(found)
