"""Pools of units to those that are printed, in about so many words.

A unit is what stands alone: one or a few neighbouring sentences of one article, word for word. Each choice is weighed
against what is printed already.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import fsum
from typing import TYPE_CHECKING

from rag.attribution import dateline, speeches
from rag.parties import party
from rag.proposals import Particulars, Statement
from rag.provenance import age
from rag.sources import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from rag.wire import Kind

WEIGHTS: dict[Kind, float] = {"corrections": 0.5, "announced": 0.9, "said": 0.6, "facts": 1.0}
"""What a statement is worth by its section: first every section gets its best, then the best of all goes in."""
CAPS: dict[Kind, float] = {"corrections": 0.25, "announced": 0.25, "said": 0.25, "facts": 0.75}
"""The share of the length that a section may take before all others had theirs; its best goes in up to half as much
again. ``facts`` are parted afterwards into what several roots tell, what one does, and days."""
TOLD = 0.3
"""How much a sentence loses if all its words were used before, in whatever sentences."""
REPEATED = 0.7
"""Share of a unit's words, by rarity, in one printed unit from which it would only repeat that. With .5 to .7 as many
facts are told of the dev stories of ``benchmarks/wanted.py``."""
PRICE = 0.6
SPARE = 15
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
    opens: bool = False
    """Whether the story begins with it."""
    words: int = field(init=False)
    """Length in words."""
    overlap: float = 0.0
    """Share of its words, by rarity, in that printed statement that has most of them."""

    @property
    def novelty(self) -> float:
        """What is left of its worth beside that printed statement, as a share.

        By the square, because it costs words as well: .53 of the facts of the dev stories of ``benchmarks/wanted.py``
        are told so, as without, and fewer of them twice.
        """
        return (1 - self.overlap) ** 2

    def __post_init__(self) -> None:
        self.words = len(self.text.split())

    def statement(self) -> Statement:
        """Return the sentences as they stand, without datelines, and what is known of them."""
        told = self.lead.sentence.text
        speech = next((speech for speech in speeches(told) if speech.speaker), None)
        known = Particulars(party(told) if speech else "", speech.verb if speech else "", self.day, 1 + len(self.also))
        cited, agreeing = (tuple(item.number for item in items) for items in (self.run, self.also))
        return Statement(self.text, cited, self.note, agreeing, known)

    @property
    def text(self) -> str:
        """Its sentences as they stand, without datelines."""
        return " ".join(item.sentence.text[dateline(item.sentence.text) :] for item in self.run)


class Account:
    """What is printed of a story so far, and what each further unit would add to it."""

    def __init__(
        self, pools: Mapping[Kind, list[Unit]], words: int, rarity: Mapping[str, float], told: Iterable[Unit] = ()
    ) -> None:
        """Choose from ``pools`` for an account of at most ``words`` words beside which ``told`` is printed."""
        self._pools: Mapping[Kind, list[Unit]] = pools
        self._words = words
        self._rarity = rarity
        self._terms: set[str] = set()
        self._numbers: set[int] = set()
        self._holding: dict[int, tuple[Kind, Unit]] = {}
        self.chosen: dict[Kind, list[Unit]] = {kind: [] for kind in pools}
        for unit in told:
            self._take(unit)

    def fill(self, shared: Sequence[Kind] | None = None) -> dict[Kind, list[Unit]]:
        """Return what to print of each section, in the order of events.

        Each section gets its best as far as there is room, then the best of all goes in until nothing fits: first
        within the share of each section, then wherever there is something worth it. Where ``shared`` are given, only
        these get their best first, and no section has a share.
        """
        for kind, pool in self._pools.items():
            if shared is not None and kind not in shared:
                continue
            fit = [unit for unit in pool if unit.words <= min(1.5 * CAPS[kind] * self._words, self._room)]
            if fit and self._worth(best := max(fit, key=self._worth)) > 0:
                self._put(kind, best)
        self._spend(shared)
        while (again := self._told_again()) is not None:
            self._drop(again)
            self._spend(shared)
        return {kind: in_order(units) for kind, units in self.chosen.items()}

    def _spend(self, shared: Sequence[Kind] | None) -> None:
        for capped in (True, False) if shared is None else (False,):
            while (found := self._best(capped=capped)) is not None:
                self._put(*found)

    def _drop(self, unit: Unit) -> None:
        unit.score = 0.0
        self.chosen = {kind: [one for one in units if one is not unit] for kind, units in self.chosen.items()}
        self._holding = {number: held for number, held in self._holding.items() if held[1] is not unit}

    def _told_again(self) -> Unit | None:
        """Return a chosen unit that a longer one tells, with all its figures; corrections and the opening stay.

        What is told again at the length of the opening goes in its place.
        """
        chosen = [unit for kind, units in self.chosen.items() if kind != "corrections" for unit in units]
        for unit in chosen:
            longer = (other for other in chosen if other is not unit and len(other.terms) >= len(unit.terms))
            for other in longer:
                if unit.opens and not other.opens and self._tells(unit, other):
                    return other
                if not unit.opens and self._tells(other, unit):
                    return unit
        return None

    def _tells(self, one: Unit, other: Unit) -> bool:
        """Tell whether ``one`` tells most of ``other``, with all its figures."""
        figures = {term for term in other.terms if term[0] == "#"}
        return figures <= one.terms and _weighted(other.terms, one.terms, self._rarity) >= REPEATED

    @property
    def _room(self) -> int:
        return self._words - sum(unit.words for units in self.chosen.values() for unit in units)

    def _best(self, *, capped: bool) -> tuple[Kind, Unit] | None:
        """Return what is worth most of all that fits."""
        best: tuple[Kind, Unit] | None = None
        most = 0.0
        for kind, pool in self._pools.items():
            taken = sum(unit.words for unit in self.chosen[kind])
            room = min(self._room, CAPS[kind] * self._words - taken) if capped else self._room
            for unit in pool:
                worth = self._worth(unit) * WEIGHTS[kind] if self._added(unit) <= room else 0.0
                if worth > most:
                    most = worth
                    best = (kind, unit)
        return best

    def _begun(self, unit: Unit) -> tuple[Kind, Unit] | None:
        """Return the printed unit that ``unit`` carries on: what it needs before it stands there already."""
        held = next((self._holding[item.number] for item in unit.run if item.number in self._holding), None)
        carries = held is not None and {item.number for item in held[1].run} < {item.number for item in unit.run}
        return held if carries else None

    def _added(self, unit: Unit) -> int:
        begun = self._begun(unit)
        return unit.words - begun[1].words if begun else unit.words

    def _worth(self, unit: Unit) -> float:
        """Return what ``unit`` adds to what is printed already, for its length; 0 where that has one of its sentences.

        Where it carries a printed unit on, only what it adds counts.
        """
        begun = self._begun(unit)
        new = {item.number for item in unit.run} - ({item.number for item in begun[1].run} if begun else set[int]())
        if new & self._numbers:
            return 0.0
        terms = unit.terms - begun[1].terms if begun else unit.terms
        told = TOLD * _weighted(terms, self._terms, self._rarity)
        return unit.score * (1.0 if begun else unit.novelty) * (1 - told) / (self._added(unit) + SPARE) ** PRICE

    def _put(self, kind: Kind, unit: Unit) -> None:
        self._take(unit)
        if (begun := self._begun(unit)) is not None:
            kind, first = begun
            self.chosen[kind].remove(first)
            unit = replace(first, run=unit.run, terms=first.terms | unit.terms)
        self.chosen[kind].append(unit)
        self._holding |= {item.number: (kind, unit) for item in unit.run}

    def _take(self, new: Unit) -> None:
        self._terms |= new.terms
        self._numbers |= {item.number for item in new.run}
        for pool in self._pools.values():
            for unit in pool:
                unit.overlap = max(unit.overlap, _weighted(unit.terms, new.terms, self._rarity))


def besides(
    entries: Iterable[Sequence[Unit]],
    words: float,
    rarity: Mapping[str, float],
    printed: Iterable[Unit] = (),
    *,
    least: float = REPEATED,
) -> list[Sequence[Unit]]:
    """Return the first of ``entries`` that fit into ``words`` words, but none of which ``printed`` has ``least``."""
    printed = tuple(printed)
    told = [unit.terms for unit in printed]
    seen = {item.number for unit in printed for item in unit.run}
    chosen: list[Sequence[Unit]] = []
    for units in entries:
        room = words - sum(map(_length, chosen))
        numbers = {item.number for unit in units for item in unit.run}
        new = all(_weighted(unit.terms, terms, rarity) < least for unit in units for terms in told)
        if new and not numbers & seen and _length(units) <= room:
            chosen.append(units)
            seen |= numbers
            told += [unit.terms for unit in units]
    return chosen


def repeats(unit: Unit, printed: Iterable[Unit], rarity: Mapping[str, float]) -> bool:
    """Tell whether one of ``printed`` has most of what ``unit`` tells."""
    return any(_weighted(unit.terms, other.terms, rarity) >= REPEATED for other in printed)


def _length(units: Sequence[Unit]) -> int:
    return sum(unit.words for unit in units)


def in_order(units: Iterable[Unit]) -> list[Unit]:
    """Return ``units`` in the order of events."""
    return sorted(units, key=lambda unit: (age(unit.lead.article)[0], unit.lead.number))


def _weighted(wanted: frozenset[str], have: AbstractSet[str], rarity: Mapping[str, float]) -> float:
    """Return the share of ``wanted`` that is in ``have``, by rarity."""
    total = fsum(rarity.get(term, 1.0) for term in wanted)  # exact, so that the order of a set does not matter
    return fsum(rarity.get(term, 1.0) for term in wanted & have) / total if total else 0.0
