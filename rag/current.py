"""An archive's indexes, opened when they are first asked for and anew when the archive has changed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from rag.archive import SqlArchive
from rag.equipment import Equipment
from rag.errors import CitewireError
from rag.exact import ExactIndex, Rows
from rag.indexing import Indexer
from rag.searching import Searcher

if TYPE_CHECKING:
    from rag.chroma import ChromaIndex

EXACT_UP_TO = 200_000
"""Chunks up to which vectors are scanned exactly: at 100,000 x 256 that takes 10 ms a query and is reproducible
(``benchmarks/search.py``). Above, Chroma's approximate index answers."""


class Current:
    """What is there to search now."""

    def __init__(self, archive: SqlArchive, indexer: Indexer, equipment: Equipment, *, rerank: bool) -> None:
        self._archive = archive
        self._indexer = indexer
        self._equipment = equipment
        self._rerank = rerank
        self._chroma: ChromaIndex | None = None
        self._chroma_seen = -1
        self._opening = threading.Lock()
        self._counted = (-1, 0)

    def close(self) -> None:
        """Let go of Chroma, if it was opened."""
        if self._chroma is not None:
            self._chroma.close()

    @cached_property
    def _exact(self) -> ExactIndex:
        def load() -> Rows:
            table = self._archive.vector_table(self._equipment.embedder_name)
            return table.ids, table.articles, table.matrix

        return ExactIndex(load, lambda: self._archive.generation, self._archive.allowed)

    def _chunks(self) -> int:
        """Return the number of visible chunks, counted once for each generation of the archive."""
        generation = self._archive.generation
        if self._counted[0] != generation:
            self._counted = (generation, self._archive.counts()["chunks"])
        return self._counted[1]

    def load_beside(self) -> None:
        """Load the reranker and the vectors beside what this thread loads: 0.7 s of a first question.

        A process that ends before waits for them: ONNX aborts one that leaves while a model is loaded.
        """
        loads: list[Callable[[], object]] = []
        if self._rerank and "reranker" not in self._equipment.__dict__:
            reranker = self._equipment.reranker
            loads.append(lambda: reranker.score("", [""]))
        if "_exact" not in self.__dict__ and self._chunks() <= EXACT_UP_TO:
            loads.append(self._exact.refresh)
        for load in loads:
            threading.Thread(target=_quietly, args=(load,)).start()

    def searcher(self) -> Searcher:
        """Return a searcher over what is there now. Raises IndexMismatch."""
        self._indexer.check(probe=hasattr(self._equipment.embedder, "matrix"))  # a hosted embedder would be paid for it
        large = self._chunks() > EXACT_UP_TO
        dense: ExactIndex | ChromaIndex = self._exact
        if large:
            dense = self._fresh_chroma()
        reranker = self._equipment.reranker if self._rerank else None
        return Searcher(self._archive, dense, self._indexer.lexical(), self._equipment.embedder, reranker)

    def _fresh_chroma(self) -> ChromaIndex:
        """Open Chroma anew where the archive has changed: a reader that stays open goes stale in silence."""
        with self._opening:
            generation = self._archive.generation
            if self._chroma is None or self._chroma_seen != generation:
                if self._chroma is not None:
                    self._chroma.close()
                self._chroma, self._chroma_seen = self._indexer.chroma(), generation
            return self._chroma


def _quietly(load: Callable[[], object]) -> None:
    with suppress(CitewireError):  # the question itself will say what is missing
        load()
