"""Figures of one measure in several reports to the updates they are: the fire that grew, the outages that were mended.

    "has burned 12,000 acres" -> "has burned more than 14,000 acres" -> "grew to 18,532 acres"

Each figure is overtaken by that of the next later report. Of one time, two speakers dispute.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rag.beside import of_more, only_one
from rag.clash import Clash, Kind
from rag.compared import later
from rag.corrections import is_correction
from rag.figures import clashing, differ, part_of, rounded
from rag.incidents import of_one_fire, one_fire, past
from rag.measures import measure
from rag.moments import backwards, day_of, elsewhere
from rag.passages import named, root, speakers, told_at
from rag.scopes import one_place
from rag.vocabulary import ABOUT, telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.figures import Figure
    from rag.measures import Measure
    from rag.sources import Evidence

MOST = 30
"""Ratio from which two figures are not of one thing."""
_OFFICES = telling("Republican Republicans Democrat Democrats Democratic Senate House Sen. Rep. Gov. Associated Press")
"""Names that are of no race alone."""


def running(figures: Sequence[Figure]) -> Iterator[Clash]:
    """Yield each figure of a measure with the one in the next later report that gives another."""
    known: dict[str, tuple[Measure, list[Figure]]] = {}
    for figure in figures:
        if (found := measure(figure)) is not None:
            known.setdefault(found[1], (found[0], []))[1].append(figure)
    for name, (measured, members) in known.items():
        several = len({figure.place for figure in members if figure.place}) > 1
        told = Counter(figure.evidence.number for figure in members)
        alone = [figure for figure in members if told[figure.evidence.number] == 1]
        ordered = sorted(alone, key=lambda figure: told_at(figure.evidence))
        for place, first in enumerate(ordered):
            following = (
                second for second in ordered[place + 1 :] if _follows(measured, first, second, several=several)
            )
            newer = next(following, None)
            if newer is not None and newer.value != first.value and not rounded(first, newer):
                kind = Kind.UPDATE if later(first, newer) else Kind.DISPUTE
                yield clashing(kind, (name,), first, newer)


def _follows(measured: Measure, first: Figure, second: Figure, *, several: bool) -> bool:
    """Tell whether a report gives a measure anew, or another speaker gives it otherwise."""
    a, b = first.evidence, second.evidence
    if a.article.id == b.article.id or root(a) == root(b) or is_correction(b) or part_of(first) or part_of(second):
        return False
    if not first.size or not second.size or not 1 / MOST < second.size / first.size < MOST:
        return False
    if not later(first, second):
        ours, theirs = speakers(a), speakers(b)
        put = measured.put and ours and theirs and not ours & theirs
        return bool(put) and differ(first, second) and _one_subject(measured, first, second, several=several)
    if measured.grows and (second.size < first.size or elsewhere(first, second)):
        return False
    if (not measured.grows and of_more(first, second)) or (measured.many and only_one(first, second)):
        return False
    return _one_subject(measured, first, second, several=several)


def _one_subject(measured: Measure, first: Figure, second: Figure, *, several: bool) -> bool:
    """Tell whether two figures can be of one fire or storm, place and time.

    Where a story counts in ``several`` places, each figure must say more of whose it is.
    """
    a, b = first.evidence, second.evidence
    if past(a.sentence.text) or past(b.sentence.text) or not of_one_fire(first, second):
        return False
    if backwards(a, b):
        return False
    days = {day_of(first), day_of(second)} - (set[str]() if several else {""})
    if measured.acts and len(days) > 1:
        return False
    if not measured.placed or one_fire(first, second):
        return True
    if not one_place(first, second) or (several and measured.named and not (named(a) & named(b)) - _OFFICES):
        return False
    told_alike = bool(first.scope) == bool(second.scope) and len(first.context & second.context) >= ABOUT
    if measured.many and not told_alike and not (measured.put and not later(first, second)):
        return False
    if first.scope and second.scope:
        return bool(first.scope & second.scope)
    return all(not of.scope or of.scope & _told(item) for of, item in ((first, b), (second, a)))


def _told(item: Evidence) -> frozenset[str]:
    return telling(item.article.text) | telling(item.article.headline or "")
