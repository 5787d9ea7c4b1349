"""Vector to the nearest chunks in Chroma: embedded in a folder, or a server by URL.

Traps that this room keeps out (measured on chromadb 1.5.9): its default embedder downloads a model, so none is ever
given; its default space is l2; two processes that write one folder leave records without vectors and crash readers, so
writers hold the archive's lock and every writer starts from a fresh client; a reader does not see what another process
wrote until the client cache is cleared; an upsert merges metadata, so all keys are written every time.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# chromadb's types are partly unknown.

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
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
HNSW = {"space": "cosine", "max_neighbors": 24, "ef_construction": 120, "ef_search": 200}
"""Set when the collection is made; ``ef_search`` cannot be changed on a running index. See ``benchmarks/search.py``."""


class ChromaIndex:
    """An ``Index`` in Chroma."""

    def __init__(self, place: Path | str, fingerprint: str = "", *, collection: str = COLLECTION) -> None:
        """Use a folder, or a server such as ``http://localhost:8000``; ``fingerprint`` is kept with the collection."""
        self._place = str(place)
        self._fingerprint = fingerprint
        self._name = collection
        self._client: Any = None

    @property
    def address(self) -> tuple[str, str]:
        """Folder or URL, and the collection in it."""
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
            collection = self._collection(create=True)
            for part in _parts(list(chunks)):
                collection.delete(ids=part)

    def search(self, query: Sequence[float] | Vectors, k: int, scope: Scope) -> list[tuple[str, float]]:
        """Return chunk ids with their cosine similarity, best first. Raises IndexDamaged.

        A scope becomes a ``where``, which Chroma applies slowly: prefer the exact scan where there is one.
        """
        with self._damaged():
            collection = self._collection()
            wanted = min(k, max(1, int(collection.count())))
            found = collection.query(
                query_embeddings=np.asarray([query], dtype=np.float32),
                n_results=wanted,
                where=_where(scope),
                include=["distances"],
            )
            pairs = zip(found["ids"][0], found["distances"][0], strict=True)
            return [(chunk, 1.0 - float(distance)) for chunk, distance in pairs]

    def ids(self) -> set[str]:
        """Return all chunk ids. Raises IndexDamaged."""
        with self._damaged():
            return set(self._collection().get(include=[])["ids"])

    def clear(self) -> None:
        """Forget everything. Raises IndexDamaged."""
        with self._damaged():
            client = self._connected()
            if self._name in {collection.name for collection in client.list_collections()}:
                client.delete_collection(self._name)

    def close(self) -> None:
        """Let go of the folder, so that the next use sees what other processes wrote."""
        if self._client is not None:
            from chromadb.api.shared_system_client import SharedSystemClient  # noqa: PLC0415 - 0.7 s to import

            for part in (self._client, getattr(self._client, "_admin_client", None)):
                session = getattr(getattr(part, "_server", None), "_session", None)
                if session is not None:  # chromadb leaves its connections to a server open
                    session.close()
            if hasattr(self._client, "close"):
                self._client.close()
            SharedSystemClient.clear_system_cache()
            self._client = None

    def reload(self) -> None:
        """See what another process has written."""
        self.close()

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
        if not create and "://" not in self._place and not (Path(self._place) / "chroma.sqlite3").exists():
            msg = f"the Chroma index in {self._place} is missing"
            raise IndexDamaged(msg, hint="citewire doctor --fix")
        client = self._connected()
        if create:
            about = {"fingerprint": self._fingerprint}
            return client.get_or_create_collection(
                self._name, metadata=about, configuration={"hnsw": HNSW}, embedding_function=None
            )
        return client.get_collection(self._name, embedding_function=None)

    @contextmanager
    def _damaged(self) -> Generator[None]:
        try:
            yield
        except IndexDamaged:
            raise
        except Exception as error:  # chromadb raises its own, sqlite's and Rust's errors
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            msg = f"the Chroma index in {self._place} cannot be used: {reason}"
            raise IndexDamaged(msg, hint="citewire doctor --fix") from error


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
