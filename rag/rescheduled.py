"""Figures to the days that were moved: what was announced for one day, and a later report that moved it to another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations
from rag.clash import Clash, Kind
from rag.figures import Figure, clashing
from rag.passages import published_before, told_at
from rag.timeline import announcement
from rag.vocabulary import telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOVED = re.compile(
    r"\b(?:brought forward|moved (?:up|back|forward)|postponed|put (?:back|off)|pushed (?:back|forward)|delayed|"
    r"rescheduled|deferred|adjourned)\b",
    re.IGNORECASE,
)
_TO = re.compile(r"\b(?:to|until|till|for)\s(?:\w+day,? ?)?(?:the )?$", re.IGNORECASE)
"""Right before the new day: "postponed on March 4" is when that was done."""
_SET = re.compile(r"\b(?:set|fixed|scheduled|planned|due|called)\b", re.IGNORECASE)
_PLANS = telling("expected scheduled planned set due announced originally")
REACH = 60
"""Characters on each side of "postponed" in which what was postponed stands."""
SHARED = 2
"""Telling words that both sentences have besides."""


def rescheduled(figures: Sequence[Figure]) -> Iterator[Clash]:
    """Yield each day that something was moved to, with the last day that an earlier report announced for it."""
    dates = [figure for figure in figures if figure.unit == "date"]
    for new in dates:
        text = outside_quotations(new.evidence.sentence.text)
        moved = _MOVED.search(text, 0, new.start)
        if moved is None or not _TO.search(text, moved.end(), new.start):
            continue
        what = telling(text[max(0, moved.start() - REACH) : moved.start()]) | telling(
            text[moved.end() : min(new.start, moved.end() + REACH)]
        )
        named = {other.value for other in dates if other.evidence.number == new.evidence.number} - {new.value}
        before = [
            old
            for old in dates
            if old.value in (named or {old.value} - {new.value}) and _planned(old, new, what - _PLANS)
        ]
        if before:
            old = max(before, key=lambda figure: told_at(figure.evidence))
            shared = telling(old.evidence.sentence.text) & telling(text)
            yield clashing(Kind.UPDATE, sorted(shared), old, new)


def _planned(old: Figure, new: Figure, what: frozenset[str]) -> bool:
    """Tell whether an earlier report has ``old`` as the day of ``what``."""
    text = old.evidence.sentence.text
    plan = announcement(old.evidence) is not None or _SET.search(outside_quotations(text)) is not None
    shared = telling(text) & telling(new.evidence.sentence.text)
    return plan and published_before(old.evidence, new.evidence) and bool(what & shared) and len(shared) > SHARED
