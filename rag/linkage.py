"""Rows of articles to groups: average linkage over likely pairs alone, so that its cost grows with their number.

Each group is kept as the sum of its rows: the average likeness of two groups is one product. Pairs are found through
key words (an inverted index); those that stand in very many articles find nothing and are left out. Two groups that are
both stories of their own (``CORE``, ``TIGHT``, ``ASUNDER``) stay two, however near.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from rag.protocols import Vectors

FADE = 14.0
"""Days between two groups, from mean to mean, after which likeness has fallen to 1/e; the first ``FRESH`` cost nothing.
On AllSides (472 events of five months, dev; dates moved by up to 1.5 days) shorter is better: pair F1 .52 with 7 and
21, .61 with 4 and 14, .67 with 2 and 10. With the last, the invented events of ``seeds/``, which take 12 days, fall
apart (B-cubed .88 with static vectors)."""
FRESH = 4.0
CROWD = 200
"""Articles from which a key word finds nothing: the work for one article stays the same however many there are."""
LIKELY = 48
"""Articles that are compared with one in full, those that share most weight of key words."""
NEAR = 0.5
"""Share of the threshold from which a pair is kept in mind: as groups grow together it may come to pass it."""

CORE = 3
"""Reports of which a story of its own has at least so many; one column or correction beside a story is none."""
TIGHT = 0.234
"""How alike those of a story of its own are at least: what is asked for in the largest archives."""
ASUNDER = 0.75
"""Two stories of their own are one only if they are as alike as this share of what each is in itself: two plane crashes
of one week have .73. On the even events of NeuS and AllSides and parts of them (static, some with bge-small) mean F1
is .852 without, .862 with .7, .865 with .75, .867 with .8; those sets have three reports of each event, which favours
it, so that less than the best is taken."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Articles that belong together from the start: copies of one report, or all of one story."""

    row: Vectors
    """Sum of the rows of its reports."""
    size: int
    """Independent reports."""
    day: float
    """Mean day of its reports, NaN where no day is known."""
    fresh: bool = True
    """Whether it holds something new: two units that are not fresh are only joined by one that is."""


def horizon(alike: float) -> float:
    """Return the days beyond which nothing can be as alike as ``alike``."""
    return FRESH + FADE * float(np.log(1 / max(alike * NEAR, 1e-6)))


def pairs(
    keys: Sequence[Mapping[int, float]], days: Sequence[float], wanted: Iterable[int], reach: float
) -> set[tuple[int, int]]:
    """Return the pairs that share most weight of key words, within ``reach`` days, one of each in ``wanted``."""
    having: dict[int, list[int]] = defaultdict(list)
    for place, words in enumerate(keys):
        for word in words:
            having[word].append(place)
    lists = {
        word: (np.array(places), np.array([keys[place][word] for place in places]))
        for word, places in having.items()
        if 1 < len(places) <= CROWD
    }
    found: set[tuple[int, int]] = set()
    when = np.asarray(days, dtype=np.float64)
    for place in wanted:
        shared = [(lists[word], weight) for word, weight in keys[place].items() if word in lists]
        if not shared:
            continue
        others = np.concatenate([places for (places, _), _ in shared])
        scores = np.concatenate([weight * weights for (_, weights), weight in shared])
        apart = np.abs(when[others] - when[place])
        near = (others != place) & ~(apart > reach)  # an unknown day is near to all
        unique, inverse = np.unique(others[near], return_inverse=True)
        total = np.bincount(inverse, weights=scores[near], minlength=len(unique))
        best = unique[np.argsort(-total, kind="stable")[:LIKELY]]
        found.update((min(place, other), max(place, other)) for other in best.tolist())
    return found


def link(units: Sequence[Unit], likely: Iterable[tuple[int, int]], alike: float) -> list[list[int]]:
    """Return groups of ``units`` by average linkage over ``likely`` pairs, as long as two are this much alike."""
    return _Linkage(units, alike).run(likely)


class _Linkage:
    def __init__(self, units: Sequence[Unit], alike: float) -> None:
        self._alike = alike
        self._rows = np.array([unit.row for unit in units], dtype=np.float32)
        self._sizes = np.array([unit.size for unit in units], dtype=np.float64)
        self._days = np.array([unit.day for unit in units], dtype=np.float64)
        self._fresh = [unit.fresh for unit in units]
        self._members: list[list[int]] = [[place] for place in range(len(units))]
        self._near: list[set[int]] = [set[int]() for _ in units]
        self._heap: list[tuple[float, int, int, int, int]] = []
        self._turn = [0] * len(units)

    def run(self, likely: Iterable[tuple[int, int]]) -> list[list[int]]:
        by_first: dict[int, list[int]] = defaultdict(list)
        for first, second in sorted(likely):
            if first != second:
                by_first[first].append(second)
        for first, others in by_first.items():
            self._compare(first, np.array(others))
        while self._heap:
            value, first, second, turn, other_turn = heapq.heappop(self._heap)
            if self._turn[first] == turn and self._turn[second] == other_turn and not self._two(first, second, -value):
                self._merge(first, second)
        return [sorted(members) for members in self._members if members]

    def _two(self, first: int, second: int, alike: float) -> bool:
        """Whether both are stories of their own: each is much more like itself than like the other."""
        return all(
            self._sizes[place] >= CORE and self._within(place) >= max(TIGHT, alike / ASUNDER)
            for place in (first, second)
        )

    def _within(self, place: int) -> float:
        """Return how alike the reports of a group are on average."""
        size = float(self._sizes[place])
        return (float(self._rows[place] @ self._rows[place]) - size) / (size * (size - 1))

    def _compare(self, place: int, others: NDArray[np.intp]) -> None:
        """Keep in mind those of ``others`` that are near; put those that are alike on the heap."""
        content = self._rows[others] @ self._rows[place] / (self._sizes[others] * self._sizes[place])
        apart = np.abs(self._days[others] - self._days[place])
        close = content * np.where(np.isnan(apart), 1.0, np.exp(-np.maximum(apart - FRESH, 0) / FADE))
        for other, value in zip(map(int, others), map(float, close), strict=True):
            if value >= NEAR * self._alike:
                self._near[place].add(other)
                self._near[other].add(place)
            if value >= self._alike and (self._fresh[place] or self._fresh[other]):
                a, b = min(place, other), max(place, other)
                heapq.heappush(self._heap, (-value, a, b, self._turn[a], self._turn[b]))

    def _merge(self, first: int, second: int) -> None:
        self._rows[first] += self._rows[second]
        both = np.array([first, second])
        dated = both[~np.isnan(self._days[both])]
        if len(dated):
            self._days[first] = np.average(self._days[dated], weights=self._sizes[dated])
        self._sizes[first] += self._sizes[second]
        self._fresh[first] = True
        self._members[first] += self._members[second]
        self._members[second] = []
        self._turn[first] += 1
        self._turn[second] = -1
        near = (self._near[first] | self._near[second]) - {first, second}
        for other in self._near[second]:
            self._near[other].discard(second)
        for other in self._near[first]:
            self._near[other].discard(first)
        self._near[first], self._near[second] = set[int](), set[int]()
        if near:
            self._compare(first, np.array(sorted(near)))
