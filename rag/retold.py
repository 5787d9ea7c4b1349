"""Figures to those that a sentence told twice gives otherwise: in a later version of one report, or by another one.

    "Nine pupils were hurt when a roof fell, police said" | "Eleven pupils were hurt when the roof fell, police said"

Both sentences are one but for the figure and who says it. A later version of a copied text updates the earlier one; of
two reports the later updates the earlier where nobody else speaks, and two speakers dispute.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from rag.beside import only_one
from rag.clash import Clash, Kind
from rag.corrections import is_correction
from rag.counting import how_counted
from rag.facts import names
from rag.figures import BODIES, Figure, clashing, differ, listed, part_of
from rag.passages import published_before, root, speakers, told_at
from rag.verbs import SPEECH
from rag.vocabulary import ABOUT, WEEKDAY, stem, telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.sources import Evidence

EDITED = 0.8
"""Jaccard similarity of telling words from which a sentence of a copy is one of its root's, edited."""
FRAMED = 0.75
"""The same for sentences of two reports, without who speaks."""
NEAR, DAY = 3, 86_400
"""Days between two reports from which they tell of two moments. In 1,306 dated stories (RealTimeQA, dev) finds further
apart, those without a name in common, and of one outlet on one day were by reading mostly figures that are new each
time: prices, polls, cases, forecasts."""
_SPAN = re.compile(r"(\w+)[- ](day|weekend|week|month|quarter|year|round)s?\b", re.IGNORECASE)
"""What a figure is counted over: "its three-day weekend", "its second weekend"."""
_SINCE = re.compile(r"\bsince ((?:mid-|early |late )?[A-Z][a-z]+\.? ?\d*)")
_SAYS = frozenset(stem(verb) for verb in SPEECH)
_WEEKDAY = re.compile(rf"\b{WEEKDAY}\b")
_SAID_ON = re.compile(rf"\b(?:{'|'.join(sorted(SPEECH))})(?: \w+ing)? (?:late |early )?(?:on )?{_WEEKDAY.pattern}")
"""The day on which somebody spoke, not that of what happened."""
_RELATIVE = re.compile(
    r"\b(?:today|yesterday|tonight|overnight|this (?:morning|afternoon|evening|week|month)|last (?:night|week|month)|"
    r"so far|now|still|currently|latest|as of|at \d\d?:\d\d)\b",
    re.IGNORECASE,
)
"""Time as seen from the day of the report: in the report of another day it is another time."""


def retold(figures: Sequence[Figure]) -> Iterator[Clash]:
    """Yield the pairs of figures that one sentence told twice gives."""
    by_unit: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.sole and figure.unit not in {"", "date"}:
            by_unit.setdefault(figure.unit, []).append(figure)
    for members in by_unit.values():
        for pair in combinations(sorted(members, key=lambda figure: told_at(figure.evidence)), 2):
            yield from _compared(*pair, members)


def _compared(first: Figure, second: Figure, members: Sequence[Figure]) -> Iterator[Clash]:
    a, b = first.evidence, second.evidence
    if a.article.id == b.article.id or first.value == second.value or is_correction(b):
        return
    apart = abs(told_at(first.evidence)[0] - told_at(second.evidence)[0]) / DAY
    if (
        apart > NEAR
        or listed(first)
        or any(part_of(figure) for figure in (first, second))
        or another_span(first, second)
        or only_one(first, second)
    ):
        return
    shared = _frame(a) & _frame(b)
    least = (EDITED if root(a) == root(b) else FRAMED) * len(_frame(a) | _frame(b))
    if len(shared) < max(ABOUT, least) or not _one_time(a, b):
        return
    kind = _revised(first, second, members) if root(a) == root(b) else _disputed(first, second)
    if kind is not None:
        yield clashing(kind, sorted(shared), first, second)


def _revised(first: Figure, second: Figure, members: Sequence[Figure]) -> Kind | None:
    """Return that a copy has a newer figure; not where it is only a copy of an older version, or none is newer."""
    newer = published_before(first.evidence, second.evidence)
    fell = first.unit in BODIES and second.size < first.size
    told = any(
        other.value == second.value and root(other.evidence) == root(first.evidence)
        and not published_before(first.evidence, other.evidence)
        for other in members
    )  # fmt: skip
    return Kind.UPDATE if newer and not fell and not told else None


def _disputed(first: Figure, second: Figure) -> Kind | None:
    """Return what two reports that tell one thing with two figures do: update or dispute."""
    a, b = first.evidence, second.evidence
    one, two = _names(a), _names(b)
    if first.unit in BODIES or not differ(first, second) or not one & two or not (one <= two or two <= one):
        return None
    newer, nobody = published_before(a, b), not (speakers(a) and speakers(b))
    live = (
        a.article.outlet == b.article.outlet is not None
        and told_at(second.evidence)[0] - told_at(first.evidence)[0] < DAY
    )
    if nobody and (live or len(_frame(a) & _frame(b)) <= ABOUT):
        return None
    if speakers(a) & speakers(b) or (newer and not speakers(b)):
        return Kind.UPDATE if newer else None
    return Kind.DISPUTE if how_counted(first) == how_counted(second) else Kind.DEFINITION


def another_span(first: Figure, second: Figure) -> bool:
    """Tell whether two figures are of two years, or counted over two spans of time."""
    spans = (
        {(n.lower(), unit.lower()) for n, unit in _SPAN.findall(f.evidence.sentence.text)} for f in (first, second)
    )
    since = [{*_SINCE.findall(figure.evidence.sentence.text)} for figure in (first, second)]
    apart = all(since) and not since[0] & since[1]
    years = any(name.isdigit() for name in first.scope ^ second.scope)
    return years or apart or len({frozenset(span) for span in spans}) > 1


def weekdays_apart(a: Evidence, b: Evidence) -> bool:
    """Tell whether two sentences tell of two days of the week, but for those on which somebody spoke."""
    ours, theirs = ({*_WEEKDAY.findall(_SAID_ON.sub("", item.sentence.text))} for item in (a, b))
    return bool(ours and theirs and not ours & theirs)


def _one_time(a: Evidence, b: Evidence) -> bool:
    """Tell whether two sentences can be of one day."""
    if weekdays_apart(a, b):
        return False
    one, two = a.article.published, b.article.published
    apart = one is not None and two is not None and one.date() != two.date()
    return not (apart and (_RELATIVE.search(a.sentence.text) or _RELATIVE.search(b.sentence.text)))


@lru_cache(maxsize=4096)
def _frame(item: Evidence) -> frozenset[str]:
    """Return the telling words of a sentence without who says it, and when."""
    bare = _WEEKDAY.sub("", item.sentence.text)
    return telling(bare) - frozenset(map(stem, speakers(item))) - _SAYS


@lru_cache(maxsize=4096)
def _names(item: Evidence) -> frozenset[str]:
    named = telling(" ".join(name.word for name in names(_WEEKDAY.sub("", item.sentence.text)) if not name.opens))
    return named - frozenset(map(stem, speakers(item)))
