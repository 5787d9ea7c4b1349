"""Clashes of a story to which figure or state replaced which: what a reader must know beside an older sentence.

two -> seven -> fourteen: "two" is told with "fourteen in a later report", "seven" is not told
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.clash import Clash, Kind, as_of, overtaken
from rag.corrections import is_correction
from rag.figures import BODIES, figures
from rag.passages import one_event, root, told_at
from rag.timeline import happened, passing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rag.clash import Side
    from rag.coverage import Coverage
    from rag.sources import Evidence

AGAIN = 0.5
"""Share of the words of a sentence, by rarity, that another with the same figure must have to be overtaken with it."""
_Count = tuple[str, str]
"""What is counted, and the figure."""


class Succession:
    """Which sentences of one story were overtaken, by what."""

    def __init__(self, coverage: Coverage, last: date | None, found: Sequence[Clash] = ()) -> None:
        """Read ``found``, the clashes of a story whose newest report is of the day ``last``.

        A count of the dead, hurt or missing is overtaken wherever it is told again, another figure where a copy of its
        report still has it. Of several newer figures the newest counts, that of the dead before any other.
        """
        self._coverage = coverage
        self._last = last
        self._by_number = {item.number: item for item in coverage.evidence}
        self.superseded: dict[int, str] = {}
        """By sentence: as of when its figure holds, and which one replaced it."""
        self._newer: dict[int, int] = {}
        self._replacing: dict[int, Side] = {}
        self._later: dict[int, Side] = {}
        for clash in sorted(found, key=lambda one: not _dead(one.second)):
            if clash.kind is Kind.UPDATE:
                self._overtaken(coverage.original(clash.first.evidence), clash.second)
                self._later.setdefault(clash.second.evidence.number, clash.first)
        for clash in found:
            if clash.kind is Kind.UPDATE:
                self._retold(clash)
        for number in self._newer:
            self._newest(number)

    def _retold(self, clash: Clash) -> None:
        """Note each sentence that gives the older figure of ``clash`` again: in a copy, or with most of its words.

        A count of the dead, hurt or missing needs no other word, and a figure that counts nothing its value only.
        """
        first = clash.first.evidence
        told, newer = _counts(first, clash.first.value), _counts(clash.second.evidence, clash.second.value)
        values = {value for _, value in told}
        for item in self._coverage.evidence if told else ():
            units = {f.unit for f in figures(item) if (f.unit, f.value) in told or (not f.unit and f.value in values)}
            again = root(item) == root(first) or self._coverage.share(item, first) >= AGAIN
            if (units & BODIES or (units and again)) and not newer & _counts(item):
                self._overtaken(item, clash.second)

    def replaces(self, item: Evidence) -> bool:
        """Tell whether ``item`` has a figure that replaced an older one."""
        return item.number in self._later

    def successor(self, item: Evidence) -> Evidence | None:
        """Return the sentence with the figure that replaced one of ``item``."""
        return self._by_number.get(self._newer.get(item.number, 0))

    def between(self, item: Evidence) -> bool:
        """Tell whether a figure of ``item`` replaced an older one and was replaced: the first and the last are told."""
        return self.replaces(item) and item.number in self.superseded

    def toll(self, item: Evidence) -> bool:
        """Tell whether ``item`` has the number of the dead as it is now, where an older report had another one."""
        before = self._later.get(item.number)
        counts = _counts(before.evidence, before.value) if before is not None else set[_Count]()
        return "dead" in {unit for unit, _ in counts} and item.number not in self.superseded

    def changed(self, item: Evidence) -> str:
        """Return what a reader must know of a figure of ``item`` that changed: until when it held, or what it was."""
        before = self._later.get(item.number)
        if item.number in self.superseded:
            return self.superseded[item.number]
        if before is not None and before.value not in item.sentence.text:
            return f"{before.quoted} in an earlier report"
        return ""

    def as_of(self, item: Evidence) -> str:
        """Return what ``changed`` does, or else the day of a report, not the newest, that tells what passes."""
        if changed := self.changed(item):
            return changed
        day = item.article.published.date() if item.article.published else None
        old = day is not None and self._last is not None and day < self._last and passing(item)
        return as_of(day) if day and old else ""

    def _overtaken(self, earlier: Evidence, later: Side) -> None:
        known, newer = self._newer.get(earlier.number), self._coverage.original(later.evidence)
        if is_correction(earlier) or newer.number in self._coverage.withdrawn:
            return
        before = None if known is None else (_dead(self._replacing[earlier.number]), told_at(self._by_number[known]))
        if before is None or (_dead(later), told_at(newer)) > before:
            self._newer[earlier.number] = newer.number
            self._replacing[earlier.number] = later

    def _newest(self, number: int) -> None:
        """Note of a figure that was replaced, and whose successor was, too, what the last one is."""
        seen, later = {number}, self._replacing[number]
        while (following := self._newer.get(self._newer[number])) is not None and following not in seen:
            later = self._replacing[self._newer[number]]
            self._newer[number] = following
            seen.add(following)
        self._replacing[number], earlier = later, self._by_number[number]
        self.superseded[number] = overtaken(earlier, later, happened(earlier))


def successor(item: Evidence, found: Sequence[Clash]) -> Side | None:
    """Return the newest of ``found`` that replaced a number of the dead, hurt or missing of ``item``, if any did."""
    told = {count for count in _counts(item) if count[0] in BODIES}
    later = [
        clash.second
        for clash in found
        if clash.kind is Kind.UPDATE
        and told & _counts(clash.first.evidence, clash.first.value)
        and told_at(item) < told_at(clash.second.evidence)
        and one_event(item, clash.first.evidence)
        and one_event(item, clash.second.evidence)
    ]
    newest = max(later, key=lambda side: told_at(side.evidence), default=None)
    return (successor(newest.evidence, found) or newest) if newest else None


def _dead(side: Side) -> bool:
    """Tell whether a side gives a number of the dead."""
    return "dead" in {unit for unit, _ in _counts(side.evidence, side.value)}


def _counts(item: Evidence, text: str | None = None) -> set[_Count]:
    """Return what is counted in a sentence; with ``text``, only what stands there so."""
    return {(f.unit, f.value) for f in figures(item) if f.unit not in {"", "date"} and text in {None, f.text}}
