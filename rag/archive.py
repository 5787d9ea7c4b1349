"""Articles, their versions and all that was derived from them, in SQL: the truth that every index is made from.

SQLite (WAL) in a folder by default, any SQLAlchemy URL for a newsroom that shares one. A version is written as
``pending`` with its sentences and chunks in one transaction, after its vectors; when the indexes hold it, one more
transaction makes it the visible one. Whatever a crash leaves is pending, and is finished by the next writer, with no
model.

Sentences are cut once for each version and never again: a citation is a sentence's number, and a later splitter would
number them otherwise. The splitter is therefore noted with each version and is no part of the index fingerprint.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from rag.sources import SHORT, Article, Chunk, Scope, Sentence, digest
from rag.tables import articles as _articles
from rag.tables import chunks as _chunks
from rag.tables import connect, named, shown
from rag.tables import is_live_version as _current
from rag.tables import meta as _meta
from rag.tables import of_live_version as _live
from rag.tables import stale as _stale
from rag.tables import vectors as _vectors
from rag.tables import versions as _versions

if TYPE_CHECKING:
    from rag.protocols import Vectors

_BATCH = 500
"""Values bound in one statement: SQLite takes 32,766, older builds 999."""
_TRIES = 5

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cut:
    """An article with what was derived from its text."""

    article: Article
    spans: tuple[tuple[int, int], ...]
    """Start and end of each sentence."""
    chunks: tuple[Chunk, ...]
    hashes: tuple[str, ...]
    """Of the text embedded for each chunk."""
    splitter: str
    signature: bytes
    """What near-copies are found by."""


@dataclass(frozen=True, slots=True)
class VectorTable:
    """All visible chunks with their vectors, in one order."""

    ids: tuple[str, ...]
    articles: tuple[str, ...]
    """Article of each chunk."""
    matrix: Vectors
    """Shape (chunks, dimensions)."""


class SqlArchive:
    """An ``Archive`` in SQL, with what writers need besides."""

    def __init__(self, place: str | Path, *, create: bool = True) -> None:
        """Open the archive in a folder, or at a SQLAlchemy URL.

        Raises ArchiveDamaged if it cannot be read or is no archive, ArchiveError if a newer citewire made it or, with
        ``create`` off, if there is none, and UsageError for a URL that names no database.
        """
        self._engine = connect(str(place), create=create)
        self.place = shown(str(place))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    # -- settings ------------------------------------------------------------------------------------------------

    def get(self, key: str) -> str | None:
        """Return a stored setting."""
        with self._read() as db:
            return db.execute(sa.select(_meta.c.value).where(_meta.c.key == key)).scalar()

    def set(self, values: Mapping[str, str]) -> None:
        """Store settings."""
        with self._write() as db:
            _store(db, values)

    @property
    def name(self) -> str:
        """What tells this archive from others where they share a server; it goes with the archive when it is moved."""
        return self.get("name") or digest(self.place)[:SHORT]

    @property
    def generation(self) -> int:
        """A number that grows whenever what queries see has changed."""
        return int(self.get("generation") or 0)

    def steady(self, read: Callable[[], T]) -> T:
        """Return what ``read`` returns, reading again if a writer published meanwhile.

        A query asks an index first and the archive second. If an article is replaced in between, the index has named
        chunks of the old version, which the archive no longer shows, and the article would be missing.
        """
        for _ in range(_TRIES):
            before = self.generation
            found = read()
            if self.generation == before:
                return found
        return read()

    # -- what queries read ---------------------------------------------------------------------------------------

    def article(self, id: str, version: str | None = None) -> Article | None:  # noqa: A002 - the field's own word
        """Return an article; without ``version`` the visible one. ``version`` may be the start of its hash.

        A version that was never visible is not returned: it was never acknowledged.
        """
        query = sa.select(_versions).where(_versions.c.article == id)
        if version is None:
            query = query.join(_articles, _current)
        else:
            query = query.join(_articles, _versions.c.article == _articles.c.id).where(
                _versions.c.version.startswith(version, autoescape=True),
                sa.or_(_versions.c.state == "indexed", _versions.c.version == _articles.c.live),
            )
        with self._read() as db:
            row = db.execute(query.order_by(_versions.c.serial.desc())).mappings().first()
        return _article(row) if row else None

    def articles(self, scope: Scope | None = None, *, ids: Sequence[str] | None = None) -> list[Article]:
        """Return visible articles, newest first; those without a date come last."""
        query = sa.select(_versions).join(_articles, _current).where(*_bounds(scope or Scope()))
        order = (_versions.c.instant.desc().nulls_last(), _versions.c.article)
        found: list[Article] = []
        with self._read() as db:
            for part in [None] if ids is None else _parts(ids):
                where = [] if part is None else [_versions.c.article.in_(part)]
                found += [_article(row) for row in db.execute(query.where(*where).order_by(*order)).mappings()]
        return found

    def matching(self, start: str) -> list[str]:
        """Return ids of visible articles that start with ``start``."""
        query = sa.select(_articles.c.id).where(
            _articles.c.id.startswith(start, autoescape=True), _articles.c.live.is_not(None)
        )
        with self._read() as db:
            return list(db.execute(query.limit(5)).scalars())

    def sentences(self, article: Article) -> tuple[Sentence, ...]:
        """Return the sentences of ``article`` as they were cut when this version was added."""
        query = sa.select(_versions.c.spans).where(
            _versions.c.article == article.id, _versions.c.version == article.version
        )
        with self._read() as db:
            blob = db.execute(query).scalar()
        if blob is None:
            return ()
        spans = np.frombuffer(blob, dtype="<u4").reshape(-1, 2).tolist()
        return tuple(
            Sentence(article.id, article.version, n, start, end, article.text[start:end])
            for n, (start, end) in enumerate(spans)
        )

    def splitter(self, article: Article) -> str | None:
        """Return what cut the sentences of this version, None if it is not stored."""
        query = sa.select(_versions.c.splitter).where(
            _versions.c.article == article.id, _versions.c.version == article.version
        )
        with self._read() as db:
            return db.execute(query).scalar()

    def chunks(self, ids: Iterable[str]) -> dict[str, Chunk]:
        """Return those chunks that belong to a visible version."""
        found: dict[str, Chunk] = {}
        with self._read() as db:
            for part in _parts(list(ids)):
                query = sa.select(_chunks).join(_articles, _live).where(_chunks.c.id.in_(part))
                found |= {row["id"]: _chunk(row) for row in db.execute(query).mappings()}
        return found

    def datelines(self, articles: Iterable[str]) -> dict[str, tuple[datetime | None, str | None]]:
        """Return when and by which outlet each visible article was published: what ranking needs, without the texts."""
        found: dict[str, tuple[datetime | None, str | None]] = {}
        columns = (_versions.c.article, _versions.c.published, _versions.c.outlet)
        with self._read() as db:
            for part in _parts(list(articles)):
                query = sa.select(*columns).join(_articles, _current).where(_versions.c.article.in_(part))
                for article, published, outlet in db.execute(query):
                    found[article] = (datetime.fromisoformat(published) if published else None, outlet)
        return found

    def allowed(self, scope: Scope) -> set[str]:
        """Return the ids of the visible articles within ``scope``."""
        query = sa.select(_versions.c.article).join(_articles, _current).where(*_bounds(scope))
        with self._read() as db:
            return set(db.execute(query).scalars())

    def newest(self) -> datetime | None:
        """Return the latest publication time of a visible article."""
        query = sa.select(sa.func.max(_versions.c.instant)).join(_articles, _current)
        with self._read() as db:
            instant = db.execute(query).scalar()
        return datetime.fromtimestamp(instant, UTC) if instant is not None else None

    def roots(self, articles: Iterable[str]) -> dict[str, str]:
        """Return the provenance root of each visible article."""
        found: dict[str, str] = {}
        with self._read() as db:
            for part in _parts(list(articles)):
                query = sa.select(_versions.c.article, _versions.c.root).join(_articles, _current)
                rows = db.execute(query.where(_versions.c.article.in_(part)))
                found |= {row[0]: row[1] for row in rows}
        return found

    def descendants(self, roots: Iterable[str]) -> set[str]:
        """Return the visible articles that descend from these roots, the roots included."""
        found: set[str] = set()
        with self._read() as db:
            for part in _parts(list(roots)):
                query = sa.select(_versions.c.article).join(_articles, _current).where(_versions.c.root.in_(part))
                found |= set(db.execute(query).scalars())
        return found

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
            for part in _parts(list(articles)):
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

    def counts(self) -> dict[str, int]:
        """Return how many visible articles, versions, visible chunks, pending versions and stale chunks there are."""
        queries = {
            "articles": sa.select(sa.func.count()).select_from(_articles).where(_articles.c.live.is_not(None)),
            "versions": sa.select(sa.func.count()).select_from(_versions),
            "chunks": sa.select(sa.func.count()).select_from(_chunks.join(_articles, _live)),
            "pending": sa.select(sa.func.count()).select_from(_versions).where(_versions.c.state == "pending"),
            "stale": sa.select(sa.func.count()).select_from(_stale),
        }
        with self._read() as db:
            return {name: int(db.execute(query).scalar() or 0) for name, query in queries.items()}

    def live_chunks(self) -> set[str]:
        """Return the ids of all visible chunks."""
        with self._read() as db:
            return set(db.execute(sa.select(_chunks.c.id).join(_articles, _live)).scalars())

    def live_articles(self, ids: Iterable[str] | None = None) -> set[str]:
        """Return the ids of all visible articles, or of those among ``ids``."""
        query = sa.select(_articles.c.id).where(_articles.c.live.is_not(None))
        found: set[str] = set()
        with self._read() as db:
            for part in [None] if ids is None else _parts(list(ids)):
                found |= set(db.execute(query if part is None else query.where(_articles.c.id.in_(part))).scalars())
        return found

    # -- what writers do -----------------------------------------------------------------------------------------

    def known(self, article: Article) -> Article | None:
        """Return this version of ``article`` as it is stored, visible or pending."""
        query = sa.select(_versions).where(_versions.c.article == article.id, _versions.c.version == article.version)
        with self._read() as db:
            row = db.execute(query).mappings().first()
        return _article(row) if row else None

    def signatures(self) -> dict[str, bytes]:
        """Return the near-copy signature of every article's newest version."""
        query = sa.select(_versions.c.article, _versions.c.signature).order_by(_versions.c.serial)
        with self._read() as db:
            return {row[0]: row[1] for row in db.execute(query)}

    def put(self, cuts: Sequence[Cut], roots: Mapping[str, str]) -> None:
        """Write versions with their chunks as pending, all or none.

        A version that is there already has its metadata replaced and is indexed again.
        """
        with self._write() as db:
            serial = int(db.execute(sa.select(sa.func.max(_versions.c.serial))).scalar() or 0)
            for cut in cuts:
                serial += 1
                article = cut.article
                same = (_versions.c.article == article.id, _versions.c.version == article.version)
                db.execute(sa.delete(_versions).where(*same))
                db.execute(sa.insert(_versions), [_row(cut, serial, roots.get(article.id, article.id))])
                if not db.execute(sa.select(_articles.c.id).where(_articles.c.id == article.id)).first():
                    db.execute(sa.insert(_articles), [{"id": article.id, "live": None}])
                db.execute(
                    sa.delete(_chunks).where(_chunks.c.article == article.id, _chunks.c.version == article.version)
                )
                db.execute(sa.insert(_chunks), _chunk_rows(cut))

    def pending(self) -> list[Article]:
        """Return versions that are not indexed yet, in the order in which they came."""
        query = sa.select(_versions).where(_versions.c.state == "pending").order_by(_versions.c.serial)
        with self._read() as db:
            return [_article(row) for row in db.execute(query).mappings()]

    def chunks_with_hashes(self, article: Article) -> list[tuple[Chunk, str]]:
        """Return the chunks of this version with the hash of the text embedded for each."""
        query = sa.select(_chunks).where(_chunks.c.article == article.id, _chunks.c.version == article.version)
        with self._read() as db:
            return [(_chunk(row), row["hash"]) for row in db.execute(query.order_by(_chunks.c.n)).mappings()]

    def vectors(self, hashes: Sequence[str], embedder: str) -> dict[str, Vectors]:
        """Return the stored vectors of these texts; a text without one is left out."""
        found: dict[str, Vectors] = {}
        with self._read() as db:
            for part in _parts(hashes):
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
            _store(db, values)
            _next_generation(db)

    def publish(self, articles: Sequence[Article]) -> list[str]:
        """Make versions visible, in one transaction, and return the ids of the chunks that they replace."""
        replaced: list[str] = []
        with self._write() as db:
            for article in articles:
                replaced += _make_live(db, article)
            _add_stale(db, replaced)
            _next_generation(db)
        return replaced

    def remove(self, id: str) -> None:  # noqa: A002 - the field's own word
        """Delete an article with all its versions. Its chunks stay listed as stale until the indexes forget them."""
        with self._write() as db:
            _add_stale(db, list(db.execute(sa.select(_chunks.c.id).where(_chunks.c.article == id)).scalars()))
            for table, column in (
                (_chunks, _chunks.c.article),
                (_versions, _versions.c.article),
                (_articles, _articles.c.id),
            ):
                db.execute(sa.delete(table).where(column == id))
            _drop_unused(db)
            _next_generation(db)

    def stale(self) -> list[str]:
        """Return chunks that the indexes may still hold and the archive does not."""
        with self._read() as db:
            return list(db.execute(sa.select(_stale.c.chunk)).scalars())

    def forget_stale(self, chunks: Sequence[str]) -> None:
        """Note that the indexes hold these chunks no more."""
        with self._write() as db:
            for part in _parts(chunks):
                db.execute(sa.delete(_stale).where(_stale.c.chunk.in_(part)))

    def switch(
        self,
        recut: Iterable[tuple[Article, Sequence[Chunk], Sequence[str]]],
        publish: Sequence[Article],
        values: Mapping[str, str],
    ) -> None:
        """Turn to a new index, in one transaction.

        Replace the chunks of the articles in ``recut``, make the pending versions in ``publish`` visible, and store
        settings. The new index holds nothing stale.
        """
        with self._write() as db:
            for article, chunks, hashes in recut:
                db.execute(sa.delete(_chunks).where(*_of_version(_chunks, article)))
                db.execute(sa.insert(_chunks), [_chunk_row(*pair) for pair in zip(chunks, hashes, strict=True)])
            for article in publish:
                _make_live(db, article)
            db.execute(sa.delete(_stale))
            _drop_unused(db)
            _store(db, values)
            _next_generation(db)

    def integrity(self) -> str:
        """Return what the database's own check finds: ``ok``, or its first complaint."""
        if self._engine.dialect.name != "sqlite":
            return "ok"
        try:
            with self._engine.connect() as db:
                return str(db.execute(sa.text("PRAGMA integrity_check(1)")).scalar())
        except DatabaseError as error:
            return str(error.orig)

    @contextmanager
    def _read(self) -> Generator[sa.Connection]:
        with named(self.place), self._engine.connect() as db:
            yield db

    @contextmanager
    def _snapshot(self) -> Generator[sa.Connection]:
        """Read several times from one moment of the archive."""
        with named(self.place), self._engine.connect() as db:
            if db.dialect.name != "sqlite":  # there every transaction is one
                db = db.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
            yield db

    @contextmanager
    def _write(self) -> Generator[sa.Connection]:
        with named(self.place), self._engine.connect().execution_options(writes=True) as db, db.begin():
            yield db


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


def _of_version(table: sa.Table, article: Article) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return table.c.article == article.id, table.c.version == article.version


def _make_live(db: sa.Connection, article: Article) -> list[str]:
    """Make this version the visible one, and return the chunks of the others."""
    old = (_chunks.c.article == article.id, _chunks.c.version != article.version)
    replaced = list(db.execute(sa.select(_chunks.c.id).where(*old)).scalars())
    db.execute(sa.delete(_chunks).where(*old))
    db.execute(sa.update(_articles).where(_articles.c.id == article.id).values(live=article.version))
    db.execute(sa.update(_versions).where(_versions.c.article == article.id).values(state="indexed"))
    return replaced


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]


def _bounds(scope: Scope) -> list[sa.ColumnElement[bool]]:
    bounds: list[sa.ColumnElement[bool]] = []
    if scope.since is not None:
        bounds.append(_versions.c.instant >= scope.since.timestamp())
    if scope.latest is not None:
        bounds.append(_versions.c.instant <= scope.latest.timestamp())
    if scope.outlets:
        bounds.append(_versions.c.outlet_key.in_([outlet.casefold() for outlet in scope.outlets]))
    return bounds


def _article(row: sa.RowMapping) -> Article:
    return Article(
        text=row["text"],
        headline=row["headline"],
        byline=row["byline"],
        outlet=row["outlet"],
        published=datetime.fromisoformat(row["published"]) if row["published"] else None,
        url=row["url"],
        labels=tuple(json.loads(row["labels"])),
    )


def _row(cut: Cut, serial: int, root: str) -> dict[str, object]:
    article = cut.article
    return {
        "article": article.id,
        "version": article.version,
        "serial": serial,
        "text": article.text,
        "headline": article.headline,
        "byline": article.byline,
        "outlet": article.outlet,
        "outlet_key": article.outlet.casefold() if article.outlet else None,
        "published": article.published.isoformat() if article.published else None,
        "instant": article.published.timestamp() if article.published else None,
        "url": article.url,
        "labels": json.dumps(article.labels),
        "spans": np.asarray(cut.spans, dtype="<u4").tobytes(),
        "splitter": cut.splitter,
        "signature": cut.signature,
        "root": root,
        "state": "pending",
    }


def _chunk_rows(cut: Cut) -> list[dict[str, object]]:
    return [_chunk_row(chunk, key) for chunk, key in zip(cut.chunks, cut.hashes, strict=True)]


def _chunk_row(chunk: Chunk, key: str) -> dict[str, object]:
    row: dict[str, object] = {
        name: getattr(chunk, name) for name in ("article", "version", "n", "first", "last", "start", "end")
    }
    return {"id": chunk.id, "hash": key, **row}


def _chunk(row: sa.RowMapping) -> Chunk:
    return Chunk(row["article"], row["version"], row["n"], row["first"], row["last"], row["start"], row["end"])


def _store(db: sa.Connection, values: Mapping[str, str]) -> None:
    for key, value in values.items():
        db.execute(sa.delete(_meta).where(_meta.c.key == key))
        db.execute(sa.insert(_meta), [{"key": key, "value": value}])


def _next_generation(db: sa.Connection) -> None:
    now = db.execute(sa.select(_meta.c.value).where(_meta.c.key == "generation")).scalar()
    _store(db, {"generation": str(int(now or 0) + 1)})


def _add_stale(db: sa.Connection, chunks: Sequence[str]) -> None:
    known = set(db.execute(sa.select(_stale.c.chunk)).scalars())
    rows = [{"chunk": chunk} for chunk in chunks if chunk not in known]
    if rows:
        db.execute(sa.insert(_stale), rows)


def _drop_unused(db: sa.Connection) -> None:
    used = sa.select(_chunks.c.hash)
    db.execute(sa.delete(_vectors).where(_vectors.c.hash.not_in(used)))
