"""Chunks to their vectors, made once for each text and embedder and kept in the archive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rag.archive import SqlArchive
from rag.chunking import embedded_text
from rag.protocols import Embedder
from rag.sources import Article, Chunk

if TYPE_CHECKING:
    from rag.protocols import Vectors

Row = tuple[Article, Chunk, str]
"""A chunk of an article, and the hash of the text that is embedded for it."""


class Embedding:
    """What ``embedder`` makes of texts, stored under ``name``."""

    def __init__(self, archive: SqlArchive, embedder: Embedder, name: str) -> None:
        self._archive = archive
        self._embedder = embedder
        self.name = name

    def vectors(self, rows: Sequence[Row]) -> dict[str, Vectors]:
        """Return the vector of each chunk by hash; only texts that have none are embedded.

        Raises ProviderError.
        """
        hashes = list(dict.fromkeys(key for _, _, key in rows))
        found = self._archive.vectors(hashes, self.name)
        texts = {key: embedded_text(article, chunk) for article, chunk, key in rows if key not in found}
        if texts:
            matrix = self._embed(list(texts.values()))
            self._archive.store_vectors(list(texts), matrix, self.name)
            found |= dict(zip(texts, matrix, strict=True))
        return found

    def _embed(self, texts: list[str]) -> Vectors:
        """Return one row of length 1 for each text."""
        matrix: Callable[[Sequence[str]], Vectors] | None = getattr(self._embedder, "matrix", None)
        found = matrix(texts) if matrix else np.asarray(self._embedder.embed_documents(texts), dtype=np.float32)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return (found / np.where(lengths > 0, lengths, 1)).astype(np.float32)
