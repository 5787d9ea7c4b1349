"""Pools of units to those that are printed, in about so many words.

A unit is what stands alone: one or a few neighbouring sentences of one article, word for word. Each choice is weighed
against what is printed already.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rag.attribution import dateline, speeches
from rag.claims import Particulars, Statement
from rag.provenance import age
from rag.sources import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date, datetime

    from rag.wire import Kind

WEIGHTS: dict[Kind, float] = {"corrections": 0.5, "announced": 0.9, "said": 0.6, "facts": 1.0}
"""What a statement is worth by its section: first every section gets its best, then the best of all goes in."""
CAPS: dict[Kind, float] = {"corrections": 0.25, "announced": 0.25, "said": 0.25, "facts": 0.75}
"""The share of the length that a section may take; its best goes in up to half as much again. ``facts`` are parted
afterwards into what several roots carry and what one does."""
TOLD = 0.3
"""How much a sentence loses if all its words were used before, in whatever sentences."""
REPEATED = 0.7
"""Share of a unit's words, by rarity, in one printed unit from which it would only repeat that."""
PRICE = 0.6
SPARE = 8
"""A sentence is worth its score by (words + SPARE) ** PRICE: long leads may win over short asides."""


@dataclass(slots=True)
class Unit:
    """Neighbouring sentences that stand alone together."""

    run: tuple[Evidence, ...]
    lead: Evidence
    """The sentence that it was chosen for."""
    score: float
    terms: frozenset[str]
    also: list[Evidence] = field(default_factory=list[Evidence])
    """Sentences of other roots that say the same."""
    note: str = ""
    day: date | None = None
    """The day of what it tells."""
    words: int = field(init=False)
    """Length in words."""
    overlap: float = 0.0
    """Share of its words, by rarity, in that printed statement that has most of them."""
    told: float = 0.0
    """What it loses for all printed statements together; 1 if one of its sentences is printed."""

    def __post_init__(self) -> None:
        self.words = len(self.statement().text.split())

    def statement(self) -> Statement:
        """Return the sentences as they stand, without datelines, and what is known of them."""
        text = " ".join(item.sentence.text[dateline(item.sentence.text) :] for item in self.run)
        speech = next((speech for speech in speeches(self.lead.sentence.text) if speech.speaker), None)
        known = Particulars(
            speech.speaker if speech else "", speech.verb if speech else "", self.day, 1 + len(self.also)
        )
        cited, agreeing = (tuple(item.number for item in items) for items in (self.run, self.also))
        return Statement(text, cited, self.note, agreeing, known)


def fill(
    pools: Mapping[Kind, list[list[Unit]]], words: int, rarity: Mapping[str, float], told: Sequence[Unit] = ()
) -> dict[Kind, list[Unit]]:
    """Return what to print of each section besides ``told``, in the order of events, in at most ``words`` words.

    Each section gets its best as far as there is room, then the best of all goes in until nothing fits:
    first within the shares of the sections, then with what room they leave.
    """
    chosen: dict[Kind, list[Sequence[Unit]]] = {kind: [] for kind in pools}
    printed = Printed([unit for pool in pools.values() for units in pool for unit in units], rarity)
    printed.take(told)
    for kind, pool in pools.items():
        room = min(1.5 * CAPS[kind] * words, words - _total(chosen))
        fit = [units for units in pool if _length(units) <= room]
        if fit and _worth(best := max(fit, key=_worth)) > 0:
            chosen[kind].append(best)
            printed.take(best)
    capped = True
    while True:
        fitting: list[tuple[float, Kind, Sequence[Unit]]] = [
            (_worth(units) * WEIGHTS[kind], kind, units)
            for kind, pool in pools.items()
            for units in pool
            if _length(units) <= words - _total(chosen)
            and not (capped and _length(units) > CAPS[kind] * words - sum(map(_length, chosen[kind])))
        ]
        worth, kind, units = max(fitting, key=lambda row: row[0], default=(0.0, "facts", ()))
        if worth > 0:
            chosen[kind].append(units)
            printed.take(units)
        elif capped:
            capped = False
        else:
            break
    return {kind: in_order(entries) for kind, entries in chosen.items()}


def besides(
    entries: Iterable[Sequence[Unit]], words: float, rarity: Mapping[str, float], printed: Iterable[Unit] = ()
) -> list[Sequence[Unit]]:
    """Return the first of ``entries`` that fit into ``words`` words, passing over what ``printed`` mostly tells."""
    told = [unit.terms for unit in printed]
    chosen: list[Sequence[Unit]] = []
    for units in entries:
        room = words - sum(map(_length, chosen))
        new = all(_weighted(unit.terms, terms, rarity) < REPEATED for unit in units for terms in told)
        if new and _length(units) <= room:
            chosen.append(units)
            told += [unit.terms for unit in units]
    return chosen


def in_order(entries: Iterable[Sequence[Unit]]) -> list[Unit]:
    """Return the units of ``entries`` in the order of events."""
    return [unit for units in sorted(entries, key=_order) for unit in units]


class Printed:
    """What is printed already, and how much of every unit it tells."""

    def __init__(self, units: Sequence[Unit], rarity: Mapping[str, float]) -> None:
        self._units = units
        self._rarity = rarity
        self._terms: set[str] = set()
        self._numbers: set[int] = set()

    def take(self, chosen: Sequence[Unit]) -> None:
        """Print ``chosen``."""
        for new in chosen:
            self._terms |= new.terms
            self._numbers |= {item.number for item in new.run}
        for unit in self._units:
            again = any(item.number in self._numbers for item in unit.run)
            unit.told = 1.0 if again else TOLD * _weighted(unit.terms, self._terms, self._rarity)
            shares = (_weighted(unit.terms, new.terms, self._rarity) for new in chosen)
            unit.overlap = max(unit.overlap, *shares, 0.0)


def _worth(units: Sequence[Unit]) -> float:
    """Return what ``units`` add to what is printed already, for their length; 0 where one of them is printed."""
    if any(unit.told >= 1 for unit in units):
        return 0.0
    return sum(unit.score * (1 - unit.overlap) * (1 - unit.told) for unit in units) / (_length(units) + SPARE) ** PRICE


def _length(units: Sequence[Unit]) -> int:
    return sum(unit.words for unit in units)


def _total(chosen: dict[Kind, list[Sequence[Unit]]]) -> int:
    return sum(_length(units) for section in chosen.values() for units in section)


def _order(units: Sequence[Unit]) -> tuple[datetime, int]:
    return (age(units[0].lead.article)[0], units[0].lead.number)


def _weighted(wanted: frozenset[str], have: AbstractSet[str], rarity: Mapping[str, float]) -> float:
    """Return the share of ``wanted`` that is in ``have``, by rarity."""
    total = sum(rarity.get(term, 1.0) for term in wanted)
    return sum(rarity.get(term, 1.0) for term in wanted & have) / total if total else 0.0
