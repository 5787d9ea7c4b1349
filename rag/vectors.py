"""An archive's vectors: stored once for each embedded text and embedder, read for all visible chunks at once."""

from __future__ import annotations

import gc
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa

from rag.database import Database, next_generation, parts, store
from rag.tables import articles as _articles
from rag.tables import chunks as _chunks
from rag.tables import of_live_version as _live
from rag.tables import vectors as _vectors

if TYPE_CHECKING:
    from rag.protocols import Vectors


@dataclass(frozen=True, slots=True)
class VectorTable:
    """All visible chunks with their vectors, in one order."""

    ids: tuple[str, ...]
    articles: tuple[str, ...]
    """Article of each chunk."""
    matrix: Vectors
    """Shape (chunks, dimensions)."""


class VectorStore(Database):
    """Vectors by the hash of the text that was embedded, and by the name of the embedder."""

    def vectors(self, hashes: Sequence[str], embedder: str) -> dict[str, Vectors]:
        """Return the stored vectors of these texts; a text without one is left out."""
        found: dict[str, Vectors] = {}
        with self._read() as db:
            for part in parts(hashes):
                query = sa.select(_vectors.c.hash, _vectors.c.vector)
                rows = db.execute(query.where(_vectors.c.embedder == embedder, _vectors.c.hash.in_(part)))
                found |= {key: np.frombuffer(blob, dtype="<f4") for key, blob in rows}
        return found

    def store_vectors(self, hashes: Sequence[str], matrix: Vectors, embedder: str) -> None:
        """Store the vectors of texts that have none."""
        rows = [
            {"hash": key, "embedder": embedder, "vector": np.asarray(vector, dtype="<f4").tobytes()}
            for key, vector in zip(hashes, matrix, strict=True)
        ]
        with self._write() as db:
            if rows:
                db.execute(sa.insert(_vectors), rows)

    def drop_vectors(self, embedder: str, values: Mapping[str, str]) -> None:
        """Forget all vectors stored under this name and store settings, in one transaction."""
        with self._write() as db:
            db.execute(sa.delete(_vectors).where(_vectors.c.embedder == embedder))
            store(db, values)
            next_generation(db)

    def vector_table(self, embedder: str) -> VectorTable:
        """Return all visible chunks with the vectors that ``embedder`` made of them.

        Both tables are read from end to end and joined here: 100,000 look-ups by hash take longer (0.44 s against 0.3).
        """
        chunks = sa.select(_chunks.c.id, _chunks.c.article, _chunks.c.hash).join(_articles, _live)
        vectors = sa.select(_vectors.c.hash, _vectors.c.vector).where(_vectors.c.embedder == embedder)
        with self._snapshot() as db, _no_collection():
            stored = {row[0]: row[1] for row in db.execute(vectors).all()}
            rows = [row for row in db.execute(chunks.order_by(_chunks.c.key)).all() if row[2] in stored]
            matrix = np.frombuffer(b"".join([stored[row[2]] for row in rows]), dtype="<f4")
            ids, owners = tuple([row[0] for row in rows]), tuple([row[1] for row in rows])
        return VectorTable(ids, owners, matrix.reshape(len(ids), -1 if ids else 0))

    def mean_vectors(self, articles: Sequence[str], embedder: str) -> Vectors:
        """Return one row of length 1 for each article: the mean of its chunks' vectors, zeros where it has none."""
        sums: dict[str, Vectors] = {}
        with self._read() as db:
            for part in parts(list(articles)):
                query = sa.select(_chunks.c.article, _vectors.c.vector).join(_articles, _live)
                query = query.join(
                    _vectors, sa.and_(_vectors.c.hash == _chunks.c.hash, _vectors.c.embedder == embedder)
                )
                for article, blob in db.execute(query.where(_chunks.c.article.in_(part))):
                    vector = np.frombuffer(blob, dtype="<f4")
                    sums[article] = sums[article] + vector if article in sums else vector
        size = len(next(iter(sums.values()))) if sums else 1
        rows = np.array([sums.get(article, np.zeros(size)) for article in articles], dtype=np.float32).reshape(-1, size)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


@contextmanager
def _no_collection() -> Generator[None]:
    """Make many rows without the collector counting them again and again: half of the time of reading 100,000."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
