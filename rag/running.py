"""Figures of one measure in several reports to the updates they are: the fire that grew, the outages that were mended.

    "has burned 12,000 acres" -> "has burned more than 14,000 acres" -> "grew to 18,532 acres"

Each figure is overtaken by that of the next later report. Of one time, two speakers dispute.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.clash import Clash, Kind
from rag.compared import later
from rag.corrections import is_correction
from rag.figures import clashing, differ, part_of
from rag.measures import measure
from rag.moments import elsewhere
from rag.passages import root, speakers, told_at
from rag.scopes import one_place
from rag.vocabulary import ABOUT, telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.figures import Figure
    from rag.measures import Measure
    from rag.sources import Evidence

MOST = 30
"""Ratio from which two figures are not of one thing."""
_NAMED = re.compile(
    r"\b(?!Cal\b|The\b|A\b)([A-Z][\w’'-]+) (?:Complex )?[Ff]ire\b(?! (?:Department|Chief|Captain|Service|Capt|Marshal|"
    r"Authority|Protection|and|crews?|engines?|trucks?|personnel|officials?|stations?))|"
    r"\b(?:Hurricane|Cyclone|Typhoon|(?:Tropical )?Storm) (?!Cent|Cat|Season|Watch|Warning|Hunter)([A-Z]\w+)"
)
_PAST = re.compile(
    r"\b(?:last|previous|prior) (?:year|month|season|decade|summer|spring|autumn|fall|winter)|"
    r"\b(?:ago|in (?:19|20)\d\d)\b"
)


def running(figures: Sequence[Figure]) -> Iterator[Clash]:
    """Yield each figure of a measure with the one in the next later report that gives another."""
    known: dict[str, tuple[Measure, list[Figure]]] = {}
    for figure in figures:
        if (found := measure(figure)) is not None:
            known.setdefault(found[1], (found[0], []))[1].append(figure)
    for name, (measured, members) in known.items():
        told = Counter(figure.evidence.number for figure in members)
        alone = [figure for figure in members if told[figure.evidence.number] == 1]
        ordered = sorted(alone, key=lambda figure: told_at(figure.evidence))
        for place, first in enumerate(ordered):
            following = (second for second in ordered[place + 1 :] if _follows(measured, first, second))
            newer = next(following, None)
            if newer is not None and newer.value != first.value:
                kind = Kind.UPDATE if later(first, newer) else Kind.DISPUTE
                yield clashing(kind, (name,), first, newer)


def _follows(measured: Measure, first: Figure, second: Figure) -> bool:
    """Tell whether a report gives a measure anew, or another speaker gives it otherwise."""
    a, b = first.evidence, second.evidence
    if a.article.id == b.article.id or root(a) == root(b) or is_correction(b) or part_of(first) or part_of(second):
        return False
    if not first.size or not second.size or not 1 / MOST < second.size / first.size < MOST:
        return False
    if not later(first, second):
        ours, theirs = speakers(a), speakers(b)
        put = measured.put and ours and theirs and not ours & theirs
        return bool(put) and differ(first, second) and _one_subject(measured, first, second)
    if measured.grows and (second.size < first.size or elsewhere(first, second)):
        return False
    return _one_subject(measured, first, second)


def _one_subject(measured: Measure, first: Figure, second: Figure) -> bool:
    """Tell whether two figures can be of one fire or storm, place and time."""
    a, b = first.evidence, second.evidence
    if past(a.sentence.text) or past(b.sentence.text) or not of_one_fire(a, b):
        return False
    if _fires(a) and _fires(b):
        return True
    if not one_place(first, second):
        return False
    told_alike = bool(first.scope) == bool(second.scope) and len(first.context & second.context) >= ABOUT
    if measured.many and not told_alike:
        return False
    if first.scope and second.scope:
        return bool(first.scope & second.scope)
    return all(not of.scope or of.scope & _told(item) for of, item in ((first, b), (second, a)))


def past(text: str) -> bool:
    """Tell whether a sentence tells of another year or season."""
    return _PAST.search(text) is not None


def of_one_fire(first: Evidence, second: Evidence) -> bool:
    """Tell whether two sentences can be of one fire or storm, where they or their headlines name any."""
    one, two = _fires(first), _fires(second)
    return _own(first) and _own(second) and (not (one and two) or bool(one & two))


def _fires(item: Evidence) -> frozenset[str]:
    return _named(f"{item.sentence.text} {item.article.headline or ''}")


def _own(item: Evidence) -> bool:
    """Tell whether a sentence names no fire or storm, or only the one that its article names most."""
    named = _named(item.sentence.text)
    return not named or named == frozenset((_most_named(item.article.text),))


def _named(text: str) -> frozenset[str]:
    return frozenset(fire or storm for fire, storm in _NAMED.findall(text))


@lru_cache(maxsize=512)
def _most_named(text: str) -> str:
    named = Counter(fire or storm for fire, storm in _NAMED.findall(text))
    return named.most_common(1)[0][0] if named else ""


def _told(item: Evidence) -> frozenset[str]:
    return telling(item.article.text) | telling(item.article.headline or "")
