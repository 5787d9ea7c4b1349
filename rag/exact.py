"""Vector to the nearest chunks, exactly: a scan over the archive's own vectors.

Reproducible, filtered for free, and needs no index: 100,000 vectors of 256 dimensions take about 10 ms on 2 cores
(``benchmarks/search.py``). Above ``rag.newsroom.EXACT_UP_TO`` chunks, Chroma's approximate search takes over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rag.protocols import Entry
from rag.sources import Scope

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.protocols import Vectors

Rows = tuple[Sequence[str], Sequence[str], "Vectors"]
"""Chunk ids, the article of each, and the matrix of vectors."""


GATHER = 0.1
"""Share of the rows below which copying them out and scoring those alone is quicker than scoring all: at 100,000 x 256,
12% take 7 ms, 50% 19 ms, all 10 ms of processor time."""


class ExactIndex:
    """An ``Index`` over vectors that something else keeps; adding and removing is that keeper's work."""

    def __init__(
        self, load: Callable[[], Rows], generation: Callable[[], int], allowed: Callable[[Scope], Collection[str]]
    ) -> None:
        """Read vectors through ``load`` whenever ``generation`` changed; ``allowed`` resolves a scope to articles."""
        self._load = load
        self._generation = generation
        self._allowed = allowed
        self._seen = -1
        self._reading = threading.Lock()
        self._ids: Sequence[str] = ()
        self._codes: dict[str, int] = {}
        self._articles: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._matrix: Vectors = np.empty((0, 0), dtype=np.float32)
        self._scope: Scope | None = None
        self._rows: NDArray[np.intp] = np.empty(0, dtype=np.intp)

    def add(self, entries: Sequence[Entry]) -> None:
        """Nothing to do: the archive holds the vectors."""

    def remove(self, chunks: Collection[str]) -> None:
        """Nothing to do: the archive forgets the vectors."""

    def clear(self) -> None:
        """Read everything again at the next search."""
        self._seen = -1

    def ids(self) -> set[str]:
        """Return all chunk ids."""
        self.refresh()
        return set(self._ids)

    def search(self, query: Sequence[float] | Vectors, k: int, scope: Scope) -> list[tuple[str, float]]:
        """Return the ``k`` chunks with the highest dot product, best first; ties in the archive's order."""
        self.refresh()
        if not self._ids:
            return []
        vector = np.asarray(query, dtype=np.float32)
        rows = self._within(scope) if scope else None
        if rows is None:
            scores = self._matrix @ vector
            rows = _top(scores, k)
            scores = scores[rows]
        else:
            few = len(rows) < GATHER * len(self._ids)
            scores = self._matrix[rows] @ vector if few else (self._matrix @ vector)[rows]
            top = _top(scores, k)
            rows, scores = rows[top], scores[top]
        order = np.lexsort((rows, -scores))
        return [(self._ids[int(rows[place])], float(scores[place])) for place in order]

    def _within(self, scope: Scope) -> NDArray[np.intp]:
        """Return the rows that ``scope`` allows; those of the last scope are kept, as questions have parts."""
        if scope != self._scope:
            codes = [self._codes[article] for article in self._allowed(scope) if article in self._codes]
            flags = np.zeros(len(self._codes), dtype=bool)
            flags[codes] = True
            self._scope, self._rows = scope, np.flatnonzero(flags[self._articles])
        return self._rows

    def refresh(self) -> None:
        """Read the vectors if they have changed: what the next search would do first. Safe in any thread."""
        with self._reading:
            self._refresh()

    def _refresh(self) -> None:
        generation = self._generation()
        if generation == self._seen:
            return
        self._ids, articles, self._matrix = self._load()
        self._codes = {article: code for code, article in enumerate(dict.fromkeys(articles))}
        self._articles = np.fromiter(map(self._codes.__getitem__, articles), dtype=np.int64, count=len(articles))
        self._scope = None
        self._seen = generation


def _top(scores: Vectors, k: int) -> NDArray[np.intp]:
    """Return the places of the ``k`` highest scores, in no order; of equal scores the first ones."""
    if len(scores) <= k:
        return np.arange(len(scores))
    least = np.partition(scores, len(scores) - k)[len(scores) - k]
    above = np.flatnonzero(scores > least)
    return np.concatenate([above, np.flatnonzero(scores == least)[: k - len(above)]])
