"""Statements to those that tell one thing in two wordings, by vectors of a small sentence encoder.

    "A Russian judge sentenced Griner to nine years" | "Griner was convicted and sentenced to nine years" -> one thing

Words tell a repeat where most of them are the same; reports of one event share few. A statement with a figure that the
other has not is no repeat, however near their vectors are.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from rag.facts import amounts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.protocols import Embedder, Vectors

NEAR = 0.82
"""Cosine of the vectors (bge-small-en-v1.5) from which two statements count as one thing. Of the 23 pairs in the pages
of 60 real stories (those of ``benchmarks/wanted.py`` that may be looked at) nearer than .85, 18 are, by reading, of the
next 35 one in two; what takes the place of the others tells as many facts."""
KEPT = 4096
"""Texts whose vectors are remembered: a story is tried at several lengths."""


class Twins:
    """Tells which statements repeat each other."""

    def __init__(self, embedder: Embedder) -> None:
        """Judge by the vectors of ``embedder``; ``NEAR`` was read off those of bge-small."""
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    def pairs(self, texts: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Yield the places of two ``texts`` of which the second tells nothing that the first does not, by figures."""
        if len(texts) > 1:
            rows = self._vectors(texts)
            near = rows @ rows.T >= NEAR
            for one, two in combinations(range(len(texts)), 2):
                if near[one, two]:
                    ours, theirs = amounts(texts[one]), amounts(texts[two])
                    if theirs <= ours:
                        yield one, two
                    elif ours <= theirs:
                        yield two, one

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        """Return a row of length 1 for each text; those that are new are read together, on all cores."""
        known = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known |= zip(missing, map(_unit, self._embedder.embed_documents(missing)), strict=True)
            self._known = {**(self._known if len(self._known) < KEPT else {}), **known}
        return np.stack([known[text] for text in texts])


def _unit(vector: Sequence[float]) -> Vectors:
    row = np.asarray(vector, np.float32)
    return row / (np.linalg.norm(row) or 1.0)
