"""Vector to the nearest chunks in Chroma: embedded in a folder, or a server by URL.

Traps that this room keeps out (measured on chromadb 1.5.9): its default embedder downloads a model, so none is ever
given; its default space is l2; two processes that write one folder leave records without vectors and crash readers, so
writers hold the archive's lock and every writer starts from a fresh client; a reader sees nothing of what another
process wrote until its client is closed and opened again, which it does when the archive's generation has changed; an
upsert merges metadata, so all keys are written every time.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# chromadb's types are partly unknown.

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from rag.errors import IndexDamaged
from rag.protocols import Entry
from rag.sources import Scope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rag.protocols import Vectors

COLLECTION = "citewire"
UNDATED = -1e15
"""Stands for an unknown date: earlier than any bound, so that no date filter lets it in."""
BATCH = 5000
"""Records of one upsert; Chroma refuses more than 5,461."""
HNSW = {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 400}
"""Set when the collection is made; ``ef_search`` cannot be changed on a running index. 100,000 real chunks of 256
dimensions on 2 cores: recall@10 .999 at 2.4 ms a query, built in 42 s; (32, 100, 200) .989, 1.7 ms, 37 s."""
FIX = "citewire doctor --fix"


class ChromaIndex:
    """An ``Index`` in Chroma."""

    def __init__(
        self,
        place: Path | str,
        fingerprint: str = "",
        *,
        collection: str = COLLECTION,
        generation: Callable[[], int] | None = None,
    ) -> None:
        """Use a folder, or a server such as ``http://localhost:8000``; ``fingerprint`` is kept with the collection.

        Before each search, an index in a folder is opened anew if ``generation`` has changed.
        """
        self._place = str(place)
        self._fingerprint = fingerprint
        self._name = collection
        self._generation = generation
        self._seen: int | None = None
        self._client: Any = None

    @property
    def address(self) -> tuple[str, str]:
        """Folder or URL, and the name of the collection."""
        return self._place, self._name

    def add(self, entries: Sequence[Entry]) -> None:
        """Write entries durably; one that is there is replaced. Raises IndexDamaged."""
        with self._damaged():
            collection = self._collection(create=True)
            for start in range(0, len(entries), BATCH):
                part = entries[start : start + BATCH]
                collection.upsert(
                    ids=[entry.chunk.id for entry in part],
                    embeddings=np.asarray([entry.vector for entry in part], dtype=np.float32),
                    metadatas=[_metadata(entry) for entry in part],
                )

    def remove(self, chunks: Collection[str]) -> None:
        """Forget chunks by id; what is not there is no error. Raises IndexDamaged."""
        with self._damaged():
            if chunks and self._exists():
                for part in _parts(list(chunks)):
                    self._collection().delete(ids=part)

    def search(self, query: Sequence[float] | Vectors, k: int, scope: Scope) -> list[tuple[str, float]]:
        """Return chunk ids with their cosine similarity, best first. Raises IndexDamaged.

        A scope becomes a ``where``, which Chroma applies slowly: prefer the exact scan where there is one.
        """
        self._follow()
        with self._damaged():
            found = self._collection().query(
                query_embeddings=np.asarray([query], dtype=np.float32),
                n_results=k,
                where=_where(scope),
                include=["distances"],
            )
            pairs = zip(found["ids"][0], found["distances"][0], strict=True)
            return [(chunk, 1.0 - float(distance)) for chunk, distance in pairs]

    def ids(self) -> set[str]:
        """Return all chunk ids. Raises IndexDamaged."""
        self._follow()
        with self._damaged():
            return set(self._collection().get(include=[])["ids"])

    def count(self) -> int:
        """Return how many records are listed, 0 if there is no index. Raises IndexDamaged.

        No health check: Chroma lists records whose vectors are lost. ``rag.doctor`` looks deeper.
        """
        with self._damaged():
            return int(self._collection().count()) if self._exists() else 0

    def clear(self) -> None:
        """Forget everything. Raises IndexDamaged."""
        with self._damaged():
            if self._exists():
                self._connected().delete_collection(self._name)

    def sweep(self, prefix: str) -> None:
        """Delete the other collections whose names begin with ``prefix``. Raises IndexDamaged."""
        with self._damaged():
            for name in self._names():
                if name.startswith(prefix) and name != self._name:
                    self._connected().delete_collection(name)

    def close(self) -> None:
        """Let go of the folder, so that the next use sees what other processes wrote."""
        if self._client is not None:
            self._client.close()
            if self._remote:  # chromadb leaves its two connection pools open
                for client in (self._client, self._client._admin_client):  # noqa: SLF001
                    client._server._session.close()  # noqa: SLF001
            self._client = None

    def _follow(self) -> None:
        """Open anew what a writer has changed."""
        if self._generation is not None:
            generation = self._generation()
            if self._seen not in {None, generation}:
                self.close()
            self._seen = generation

    @property
    def _remote(self) -> bool:
        return "://" in self._place

    def _exists(self) -> bool:
        return (self._remote or (Path(self._place) / "chroma.sqlite3").exists()) and self._name in self._names()

    def _names(self) -> list[str]:
        names: list[str] = []
        while part := self._connected().list_collections(limit=100, offset=len(names)):
            names += [collection.name for collection in part]
        return names

    def _connected(self) -> Any:  # noqa: ANN401 - chromadb's type
        if self._client is None:
            import chromadb  # noqa: PLC0415 - 0.7 s to import
            from chromadb.config import Settings  # noqa: PLC0415

            settings = Settings(anonymized_telemetry=False)
            if self._place.startswith(("http://", "https://")):
                url = urlsplit(self._place)
                port = url.port or (443 if url.scheme == "https" else 8000)
                self._client = chromadb.HttpClient(
                    url.hostname or "", port, ssl=url.scheme == "https", settings=settings
                )
            else:
                self._client = chromadb.PersistentClient(self._place, settings=settings)
        return self._client

    def _collection(self, *, create: bool = False) -> Any:  # noqa: ANN401 - chromadb's type
        if create:
            about = {"fingerprint": self._fingerprint}
            return self._connected().get_or_create_collection(
                self._name, metadata=about, configuration={"hnsw": HNSW}, embedding_function=None
            )
        if not self._remote and not (Path(self._place) / "chroma.sqlite3").exists():
            msg = f"the Chroma index in {self._place} is missing"
            raise IndexDamaged(msg, hint=FIX)
        return self._connected().get_collection(self._name, embedding_function=None)

    @contextmanager
    def _damaged(self) -> Generator[None]:
        """Turn what chromadb raises (its own, sqlite's, httpx's and Rust's errors) into IndexDamaged."""
        try:
            yield
        except IndexDamaged:
            raise
        except Exception as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            if self._remote and "connect" in reason.lower():
                msg = f"the Chroma server at {self._place} cannot be reached"
                hint = f"start it (chroma run --port {urlsplit(self._place).port or 8000}), or unset CITEWIRE_CHROMA"
            else:
                where = f"on the server {self._place}" if self._remote else f"in {self._place}"
                msg = f"the Chroma index {where} cannot be used: {reason}"
                full = any(sign in reason for sign in ("disk is full", "No space left", "File too large"))
                hint = "free some space, then run the same command again" if full else FIX
            raise IndexDamaged(msg, hint=hint) from error


def _metadata(entry: Entry) -> dict[str, str | int | float]:
    article, chunk = entry.article, entry.chunk
    return {
        "article": article.id,
        "version": article.version,
        "outlet": article.outlet.casefold() if article.outlet else "",
        "published": article.published.timestamp() if article.published else UNDATED,
        "start": chunk.start,
        "end": chunk.end,
    }


def _where(scope: Scope) -> dict[str, Any] | None:
    clauses: list[dict[str, Any]] = []
    if scope.since or scope.latest:
        clauses.append({"published": {"$gte": scope.since.timestamp() if scope.since else UNDATED / 2}})
    if scope.latest:
        clauses.append({"published": {"$lte": scope.latest.timestamp()}})
    if scope.outlets:
        clauses.append({"outlet": {"$in": [outlet.casefold() for outlet in scope.outlets]}})
    if not clauses:
        return None
    return clauses[0] if len(clauses) == 1 else {"$and": clauses}


def _parts(values: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(values), BATCH):
        yield list(values[start : start + BATCH])
