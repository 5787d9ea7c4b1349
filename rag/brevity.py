"""Units to the few that tell most together, where there are words or units for a handful only.

With many of both, every section gets its share (``rag.selection``). With few, a second choice that repeats half of the
first, or ten words left over, cost too much for choosing one by one: here the statements are chosen together. A set is
as good as its words are like those that the independent reports share, as what each is worth alone, and as it fills the
length.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.selection import REPEATED, Account, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from rag.coverage import Coverage
    from rag.selection import Unit
    from rag.wire import Kind

BRIEF, FEW = 100, 20
"""Words, and units of all sections, up to which statements are chosen together: a section's share would be one.
On ``seeds/`` choosing together cites as many key sentences at 80 and 100 words, one of ten less at 120, seven of 20
less at 250; on NeuS triplets (some seven sentences) it has .03 more recall at 80 words."""
MENDED = 0.375
"""The share of such an account that a correction may take."""
# The next three were set on the NeuS triplets with an even number (``benchmarks/neutral.py``: at 80 words ALONE from
# .05 to 1 takes their recall from .501 to .487, their arousal from 4.65 to 4.84) and on ``seeds/`` at 80 to 120 words
# (12 to 23 key sentences cited, 23 if chosen one by one).
FILLED = 0.1
"""What a set that fills the length is worth more than an empty one; the likeness of words is between 0 and 1."""
AGAIN = 0.4
"""A word that n statements have counts n ** AGAIN."""
ALONE = 0.2
"""What a set of the best units, each by itself, is worth more: hedges, overtaken figures and turns count there."""
FULL = 0.9
"""Share of the length up to which more is told although it is less like what is shared."""
CANDIDATES = 40
"""Units that are tried: those that are most like what is shared, one by one."""


@dataclass(frozen=True, slots=True)
class _Table:
    """What is chosen from, as numbers."""

    terms: NDArray[np.float64]
    """A row for each unit, a column for each word: 1 where it has it."""
    told: NDArray[np.float64]
    """How many statements that are printed already have each word, and"""
    beside: NDArray[np.float64]
    """the same, a row for each of them."""
    lengths: NDArray[np.float64]
    shared: NDArray[np.float64]
    """What each word weighs."""
    scores: NDArray[np.float64]
    """What each is worth alone, the best 1, times its share of the length."""
    barred: NDArray[np.bool_]
    """Which units may not stand together: they print one sentence twice."""
    words: int

    def worth(self, sets: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each of ``sets`` is worth, a row of zeros and ones each; less than nothing if it may not be."""
        counts = (sets @ self.terms + self.told) ** AGAIN
        norms = np.linalg.norm(counts, axis=1) * (np.linalg.norm(self.shared) or 1.0)
        like = counts @ self.shared / np.where(norms > 0, norms, 1.0)
        lengths = sets @ self.lengths
        refused = (lengths > self.words) | (np.einsum("ij,jk,ik->i", sets, self.barred.astype(float), sets) > 0)
        return np.where(refused, -1.0, like + FILLED * lengths / self.words + ALONE * (sets @ self.scores))

    def filled(self, chosen: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return ``chosen`` with what fits besides, until the length is filled: less like what is shared, but news.

        What repeats most of a statement that is printed stays away.
        """
        printed = [row for row in (*self.terms[chosen == 1], *self.beside) if row.any()]
        while chosen @ self.lengths < FULL * self.words:
            adding = np.repeat(chosen[None], len(chosen), axis=0)
            adding[np.diag_indices(len(chosen))] += 1 - 2 * chosen
            again = [max((_share(row, other) for other in printed), default=0.0) >= REPEATED for row in self.terms]
            worths = np.where((chosen == 1) | np.array(again), -1.0, self.worth(adding))
            best = int(np.argmax(worths))
            if worths[best] < 0:
                break
            chosen = adding[best]
            printed.append(self.terms[best])
        return chosen


def _share(row: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the share of the words of ``row`` that ``other`` has."""
    return float(row @ other / (row.sum() or 1.0))


def choose(
    pools: Mapping[Kind, list[Unit]], words: int, coverage: Coverage, told: Sequence[Unit] = ()
) -> dict[Kind, list[Unit]]:
    """Return what to print of each section besides ``told``, in the order of events, in at most ``words`` words.

    What was corrected comes first where little can be told; the rest is then chosen together, whatever its section.
    """
    offered = [unit for pool in pools.values() for unit in pool]
    if words > BRIEF and (len(offered) > FEW or sum(unit.words for unit in offered) <= words):
        return Account(pools, words, coverage.rarity, told).fill()
    chosen: dict[Kind, list[Unit]] = {kind: [] for kind in pools}
    first = [unit for unit in pools.get("corrections", ()) if unit.words <= MENDED * words][:1]
    rest: list[tuple[Kind, Unit]] = [
        (kind, unit) for kind, pool in pools.items() if kind != "corrections" for unit in pool
    ]
    chosen["corrections"] = first
    left = words - sum(unit.words for unit in first)
    found = {id(unit) for unit in together([unit for _, unit in rest], left, coverage.weight, [*told, *first])}
    for kind, unit in rest:
        if id(unit) in found:
            chosen[kind].append(unit)
    return {kind: in_order(units) for kind, units in chosen.items()}


def together(units: Sequence[Unit], words: int, weight: Mapping[str, float], told: Iterable[Unit] = ()) -> list[Unit]:
    """Return those of ``units`` that tell most together in at most ``words`` words, besides what is ``told``.

    ``weight`` says how much each word is shared. A unit is added, dropped or exchanged as long as that helps.
    """
    table, units = _table(units, words, weight, list(told))
    if not units:
        return []
    chosen = np.zeros(len(units))
    worth = float(table.worth(chosen[None])[0])
    while True:
        near = _near(chosen)
        worths = table.worth(near)
        best = int(np.argmax(worths))
        if worths[best] <= worth + 1e-9:
            break
        chosen, worth = near[best], float(worths[best])
    return [units[place] for place in np.flatnonzero(table.filled(chosen))]


def _table(
    units: Sequence[Unit], words: int, weight: Mapping[str, float], told: Sequence[Unit]
) -> tuple[_Table, list[Unit]]:
    printed = {item.number for unit in told for item in unit.run}
    numbers = [{item.number for item in unit.run} for unit in units]
    fitting = [at for at, unit in enumerate(units) if 0 < unit.words <= words and not numbers[at] & printed]
    about = {term for at in fitting for term in units[at].terms}
    column = {term: at for at, term in enumerate(sorted(about & weight.keys()))}
    shared = np.array([weight[term] for term in column])
    rows = np.array([_row(units[at], column) for at in fitting]).reshape(len(fitting), len(column))
    like = rows @ shared / np.where(rows.any(axis=1), np.linalg.norm(rows, axis=1), 1.0)
    first: list[int] = np.sort(np.argsort(-like, kind="stable")[:CANDIDATES]).tolist()
    kept = [fitting[at] for at in first]
    barred = np.array([[one != two and bool(numbers[one] & numbers[two]) for two in kept] for one in kept], dtype=bool)
    size = np.array([float(units[at].words) for at in kept])
    alone = np.array([units[at].score for at in kept])
    beside = np.array([_row(unit, column) for unit in told]).reshape(len(told), len(column))
    table = _Table(
        rows[first],
        beside.sum(axis=0),
        beside,
        size,
        shared,
        alone / (max(alone, default=0.0) or 1.0) * size / max(words, 1),
        barred.reshape(len(kept), len(kept)),
        words,
    )
    return table, [units[at] for at in kept]


def _row(unit: Unit, column: Mapping[str, int]) -> NDArray[np.float64]:
    row = np.zeros(len(column))
    row[[column[term] for term in unit.terms if term in column]] = 1
    return row


def _near(chosen: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return all sets that differ from ``chosen`` by one unit in or out, one exchanged, or one exchanged for two."""
    inside, outside = np.flatnonzero(chosen == 1).tolist(), np.flatnonzero(chosen == 0).tolist()
    pairs = [(a, b) for a in outside for b in outside if a < b]
    flips = [
        *((at,) for at in range(len(chosen))),
        *((out, a) for out in inside for a in outside),
        *(((a, b) for a, b in pairs) if not inside else ()),
        *((out, a, b) for out in inside for a, b in pairs),
    ]
    near = np.repeat(chosen[None], len(flips), axis=0)
    for row, flip in enumerate(flips):
        near[row, list(flip)] = 1 - near[row, list(flip)]
    return near
