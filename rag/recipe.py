"""What an index was made with, and whether it fits what is set now.

Two models of equal size give vectors that look alike and mean nothing to each other. So an index carries the names of
the embedder, the chunker and the analyzer, hashed to a fingerprint, and the vector of a probe text besides: a model
that changed under its name gives another one. The sentence splitter is no part of it: sentences are cut once for each
version and kept (``rag.rows``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import cast

import numpy as np

from rag.archive import SqlArchive
from rag.chunking import CHUNKER
from rag.errors import IndexMismatch
from rag.lexical import ANALYZER
from rag.protocols import Embedder
from rag.sources import SHORT, digest

PROBE = "The harbour reopened on Wednesday after 14 days, the port authority said."
"""A text whose vector tells whether an embedder is the one that made an index."""
SAME_MODEL = 0.98
"""Cosine of the probe's two vectors below which they come from two models; the same int8 model on another processor has
0.994 and more."""


class Recipe:
    """How this embedder, chunker and analyzer make an index."""

    def __init__(self, embedder: Embedder, name: str) -> None:
        """Describe indexes made with ``embedder``, known as ``name``."""
        self._embedder = embedder
        self.embedder = name
        self.text = f"{name}, {CHUNKER}, {ANALYZER}"
        """In words, for messages."""
        self.fingerprint = digest(f"{name}|{CHUNKER}|{ANALYZER}")[:SHORT]

    def stamp(self) -> dict[str, str]:
        """Return what an archive stores of it."""
        return {"fingerprint": self.fingerprint, "made_with": self.text, "probe": json.dumps(self._probe())}

    def check(self, archive: SqlArchive, *, probe: bool = True) -> None:
        """Make sure that the index of ``archive`` was made this way; ``probe`` asks the embedder, too.

        Raises IndexMismatch, which names both and the command that rebuilds.
        """
        made = archive.get("fingerprint")
        if made is None:
            return
        hint = "citewire reindex, or set the embedder that made it"
        if made != self.fingerprint:
            by = archive.get("made_with") or "another setting"
            msg = f"the index was made with {by} ({made}), the settings say {self.text} ({self.fingerprint})"
            raise IndexMismatch(msg, hint=hint)
        if probe and not self._made_probe_of(archive):
            msg = f"the index was made with another model that is also called {self.embedder} ({made})"
            raise IndexMismatch(msg, hint=hint)

    def renew(self, archive: SqlArchive) -> None:
        """Forget vectors that another model made under this embedder's name; from then on the archive is this one's."""
        made = archive.get("made_with") or ""
        if made.startswith(f"{self.embedder}, ") and not self._made_probe_of(archive):
            archive.drop_vectors(self.embedder, {"probe": json.dumps(self._probe())})

    def _made_probe_of(self, archive: SqlArchive) -> bool:
        stored = cast("list[float]", json.loads(archive.get("probe") or "[]"))
        return _cosine(stored, self._probe()) >= SAME_MODEL

    def _probe(self) -> list[float]:
        return [round(float(value), 5) for value in self._embedder.embed_query(PROBE)]


def _cosine(first: Sequence[float], second: Sequence[float]) -> float:
    if len(first) != len(second) or not first:
        return 0.0
    a, b = np.asarray(first), np.asarray(second)
    return float(a @ b / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-12))
