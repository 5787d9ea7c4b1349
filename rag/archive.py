"""Articles, their versions and all that was derived from them, in SQL: the truth that every index is made from.

SQLite (WAL) in a folder by default, any SQLAlchemy URL for a newsroom that shares one. A version is written as
``pending`` with its sentences and chunks in one transaction; when its vectors are stored and the indexes hold it, one
more transaction makes it the visible one. Whatever a crash leaves is pending, and is finished by the next writer.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.schema import CreateIndex, CreateTable

from rag.errors import ArchiveDamaged, ArchiveError, ArchiveLocked
from rag.sources import Article, Chunk, Scope, Sentence

if TYPE_CHECKING:
    from rag.protocols import Vectors

SCHEMA = "1"
"""Version of the tables. A newer one is refused, never guessed at."""
FILE = "archive.sqlite3"

_meta = sa.MetaData()
_settings = sa.Table("meta", _meta, sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text))
_articles = sa.Table(
    "articles",
    _meta,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("live", sa.Text),  # version that queries see, null until it is indexed
)
_versions = sa.Table(
    "versions",
    _meta,
    sa.Column("article", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("serial", sa.Integer, nullable=False),  # order in which versions came
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("headline", sa.Text),
    sa.Column("byline", sa.Text),
    sa.Column("outlet", sa.Text),
    sa.Column("outlet_key", sa.Text, index=True),
    sa.Column("published", sa.Text),  # as it was given, with its offset
    sa.Column("instant", sa.Float, index=True),  # the same in seconds since 1970 UTC
    sa.Column("url", sa.Text),
    sa.Column("labels", sa.Text, nullable=False),
    sa.Column("spans", sa.LargeBinary, nullable=False),  # uint32 pairs: start and end of each sentence
    sa.Column("splitter", sa.Text, nullable=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("root", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),  # pending | indexed
)
_chunks = sa.Table(
    "chunks",
    _meta,
    sa.Column("key", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("article", sa.Text, nullable=False, index=True),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("hash", sa.Text, nullable=False, index=True),  # of the text that was embedded
)
_vectors = sa.Table(
    "vectors",
    _meta,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("embedder", sa.Text, primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)
_stale = sa.Table("stale", _meta, sa.Column("chunk", sa.Text, primary_key=True))  # still to be removed from the indexes

_live = sa.and_(_chunks.c.article == _articles.c.id, _chunks.c.version == _articles.c.live)
_current = sa.and_(_versions.c.article == _articles.c.id, _versions.c.version == _articles.c.live)
_BATCH = 500
"""Values bound in one statement: SQLite takes 32,766, older builds 999."""


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

        Raises ArchiveDamaged if it cannot be read or is no archive, ArchiveError if a newer citewire made it.
        """
        self.place = str(place)
        if "://" in self.place:
            self._engine = sa.create_engine(self.place)
        else:
            path = Path(place) / FILE
            if create:
                with damaged(str(path)):
                    path.parent.mkdir(parents=True, exist_ok=True)
            self._engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
            event.listen(self._engine, "connect", _pragmas)
        with damaged(self.place):
            _make_tables(self._engine)
        made = self.get("schema")
        if made is None:
            self.set({"schema": SCHEMA})
        elif int(made) > int(SCHEMA):
            msg = f"{self.place} was made by a newer citewire (tables {made}, this one knows {SCHEMA})"
            raise ArchiveError(msg, hint="pip install --upgrade citewire")

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    # -- settings ------------------------------------------------------------------------------------------------

    def get(self, key: str) -> str | None:
        """Return a stored setting."""
        with self._read() as db:
            return db.execute(sa.select(_settings.c.value).where(_settings.c.key == key)).scalar()

    def set(self, values: Mapping[str, str]) -> None:
        """Store settings."""
        with self._write() as db:
            _store(db, values)

    @property
    def generation(self) -> int:
        """A number that grows whenever what queries see has changed."""
        return int(self.get("generation") or 0)

    # -- what queries read ---------------------------------------------------------------------------------------

    def article(self, id: str, version: str | None = None) -> Article | None:  # noqa: A002 - the field's own word
        """Return an article; without ``version`` the visible one. ``version`` may be the start of its hash."""
        query = sa.select(_versions).where(_versions.c.article == id)
        if version is None:
            query = query.join(_articles, _current)
        else:
            query = query.where(_versions.c.version.startswith(version, autoescape=True))
        with self._read() as db:
            row = db.execute(query).mappings().first()
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

    def chunks(self, ids: Iterable[str]) -> dict[str, Chunk]:
        """Return those chunks that belong to a visible version."""
        found: dict[str, Chunk] = {}
        with self._read() as db:
            for part in _parts(list(ids)):
                query = sa.select(_chunks).join(_articles, _live).where(_chunks.c.id.in_(part))
                found |= {row["id"]: _chunk(row) for row in db.execute(query).mappings()}
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
        """Return all visible chunks with the vectors that ``embedder`` made of them."""
        query = (
            sa.select(_chunks.c.id, _chunks.c.article, _vectors.c.vector)
            .join(_articles, _live)
            .join(_vectors, sa.and_(_vectors.c.hash == _chunks.c.hash, _vectors.c.embedder == embedder))
            .order_by(_chunks.c.key)
        )
        with self._read() as db:
            rows = db.execute(query).all()
        blob = b"".join(row[2] for row in rows)
        matrix = np.frombuffer(blob, dtype="<f4").reshape(len(rows), -1 if rows else 0)
        return VectorTable(tuple(row[0] for row in rows), tuple(row[1] for row in rows), matrix)

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
                old = (_chunks.c.article == article.id, _chunks.c.version != article.version)
                replaced += db.execute(sa.select(_chunks.c.id).where(*old)).scalars()
                db.execute(sa.delete(_chunks).where(*old))
                db.execute(sa.update(_articles).where(_articles.c.id == article.id).values(live=article.version))
                db.execute(sa.update(_versions).where(_versions.c.article == article.id).values(state="indexed"))
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

    def recut(self, cuts: Iterable[tuple[Article, Sequence[Chunk], Sequence[str]]], values: Mapping[str, str]) -> None:
        """Replace the chunks of these articles and store settings, in one transaction: the switch to a new index."""
        with self._write() as db:
            for article, chunks, hashes in cuts:
                db.execute(
                    sa.delete(_chunks).where(_chunks.c.article == article.id, _chunks.c.version == article.version)
                )
                rows = [_chunk_row(chunk, key) for chunk, key in zip(chunks, hashes, strict=True)]
                db.execute(sa.insert(_chunks), rows)
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
                return str(db.execute(sa.text("PRAGMA integrity_check")).scalar())
        except DatabaseError as error:
            return str(error.orig)

    @contextmanager
    def _read(self) -> Generator[sa.Connection]:
        with damaged(self.place), self._engine.connect() as db:
            yield db

    @contextmanager
    def _write(self) -> Generator[sa.Connection]:
        with damaged(self.place), self._engine.begin() as db:
            yield db


@contextmanager
def damaged(place: str) -> Generator[None]:
    """Turn what a database or a disk says into our errors, with the place and the next command."""
    try:
        yield
    except DatabaseError as error:
        text = str(error.orig)
        if "locked" in text:
            msg = f"{place} is locked by another process: {text}"
            raise ArchiveLocked(msg, hint="wait for it to finish, then run the same command again") from None
        if "full" in text:
            msg = f"{place}: the disk is full; what was acknowledged is stored"
            raise ArchiveDamaged(msg, hint="free some space, then run the same command again") from None
        if "disk I/O" in text:
            msg = f"{place}: the disk cannot be read or written, or is full ({text}); what was acknowledged is stored"
            raise ArchiveDamaged(msg, hint="check the disk and its free space, then run citewire doctor") from None
        msg = f"{place} cannot be used: {text}"
        raise ArchiveDamaged(msg, hint="restore it from a backup, or name another folder with --archive") from None
    except OSError as error:
        msg = f"{place}: {error.strerror or error}"
        raise ArchiveDamaged(msg, hint="check the disk and the permissions of the folder") from None


def _make_tables(engine: sa.Engine) -> None:
    """Make what is missing; another process may be making the same at this moment."""
    if set(_meta.tables) <= set(sa.inspect(engine).get_table_names()):
        return
    with engine.begin() as db:
        for table in _meta.sorted_tables:
            db.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                db.execute(CreateIndex(index, if_not_exists=True))


def _pragmas(connection: sa.engine.interfaces.DBAPIConnection, _: object) -> None:
    cursor = connection.cursor()
    for line in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-65536",
        "mmap_size=1073741824",
    ):
        cursor.execute(f"PRAGMA {line}")
    cursor.close()


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
        db.execute(sa.delete(_settings).where(_settings.c.key == key))
        db.execute(sa.insert(_settings), [{"key": key, "value": value}])


def _next_generation(db: sa.Connection) -> None:
    now = db.execute(sa.select(_settings.c.value).where(_settings.c.key == "generation")).scalar()
    _store(db, {"generation": str(int(now or 0) + 1)})


def _add_stale(db: sa.Connection, chunks: Sequence[str]) -> None:
    known = set(db.execute(sa.select(_stale.c.chunk)).scalars())
    rows = [{"chunk": chunk} for chunk in chunks if chunk not in known]
    if rows:
        db.execute(sa.insert(_stale), rows)


def _drop_unused(db: sa.Connection) -> None:
    used = sa.select(_chunks.c.hash)
    db.execute(sa.delete(_vectors).where(_vectors.c.hash.not_in(used)))
