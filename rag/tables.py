"""The archive's tables, its connection, and its database's errors in our words.

    meta      schema, generation, fingerprint, name of the index folder in use ...
    articles  id -> the version that queries see
    versions  one text of one article, with its metadata and the offsets of its sentences
    chunks    what is searched of the visible and the pending versions
    vectors   hash of an embedded text, embedder -> vector
    stale     chunks that an index may still hold and the archive does not
    stories   id -> the story that it was joined to, if it was; ids are never used again
    memberships  article -> its story, and what the article is compared by
    calls     what was asked of chat models, and what it cost: no text of it
    replies   what chat models replied, by the fingerprint of the request
    editions  briefings that were printed, the last few of each request

Only types that SQLite and PostgreSQL share.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.schema import CreateIndex, CreateTable

from rag.errors import ArchiveDamaged, ArchiveError, ArchiveLocked, UsageError

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

SCHEMA = "1"
"""Version of the tables. A newer one is refused, never guessed at."""
FILE = "archive.sqlite3"
BUSY_MS = 30_000
"""How long SQLite waits for another process's commit, which takes milliseconds."""

tables = sa.MetaData()
meta = sa.Table("meta", tables, sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text))
articles = sa.Table(
    "articles",
    tables,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("live", sa.Text),  # version that queries see, null until it is indexed
)
versions = sa.Table(
    "versions",
    tables,
    sa.Column("article", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("serial", sa.Integer, nullable=False),  # order in which versions came
    sa.Column("state", sa.Text, nullable=False, index=True),  # pending | indexed
    sa.Column("root", sa.Text, nullable=False, index=True),
    sa.Column("headline", sa.Text),
    sa.Column("byline", sa.Text),
    sa.Column("outlet", sa.Text),
    sa.Column("outlet_key", sa.Text),
    sa.Column("published", sa.Text),  # as it was given, with its offset
    sa.Column("instant", sa.Float(53)),  # the same in seconds since 1970 UTC
    sa.Column("url", sa.Text),
    sa.Column("labels", sa.Text, nullable=False),
    sa.Column("splitter", sa.Text, nullable=False),
    # The long ones stand last: SQLite walks through a row's pages to what comes after them.
    sa.Column("signature", sa.LargeBinary, nullable=False),
    sa.Column("spans", sa.LargeBinary, nullable=False),  # uint32 pairs: start and end of each sentence
    sa.Column("text", sa.Text, nullable=False),
    # Which articles a scope allows is read from these indexes alone.
    sa.Index("versions_by_instant", "instant", "article", "version"),
    sa.Index("versions_by_outlet", "outlet_key", "instant", "article", "version"),
)
chunks = sa.Table(
    "chunks",
    tables,
    sa.Column("key", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("article", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("n", sa.Integer, nullable=False),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("hash", sa.Text, nullable=False, index=True),  # of the text that was embedded
    sa.Index("chunks_by_version", "article", "version", "n"),
)
vectors = sa.Table(
    "vectors",
    tables,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("embedder", sa.Text, primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),
)
stale = sa.Table("stale", tables, sa.Column("chunk", sa.Text, primary_key=True))
calls = sa.Table(
    "calls",
    tables,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.Text, nullable=False, index=True),  # in UTC, to the millisecond
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("task", sa.Text, nullable=False),
    sa.Column("read", sa.Integer, nullable=False),  # tokens
    sa.Column("written", sa.Integer, nullable=False),
    sa.Column("dollars", sa.Float(53)),  # null if the price is unknown
    sa.Column("outcome", sa.Text, nullable=False),  # open | done | failed
    sa.Column("estimated", sa.Boolean, nullable=False),  # tokens counted by us
)
replies = sa.Table(
    "replies",
    tables,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
)
stories = sa.Table(
    "stories",
    tables,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("serial", sa.Integer, nullable=False),  # order in which they were founded
    sa.Column("joined", sa.Text, index=True),  # id of the story that it is part of now
)
memberships = sa.Table(
    "memberships",
    tables,
    sa.Column("article", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, nullable=False),  # that was compared
    sa.Column("story", sa.Text, nullable=False, index=True),  # empty: furniture of a page, in no story
    sa.Column("features", sa.LargeBinary, nullable=False),
)

editions = sa.Table(
    "editions",
    tables,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("key", sa.Text, nullable=False, index=True),  # of what was asked for
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),  # in UTC, to the millisecond
    sa.Column("generation", sa.Integer, nullable=False),  # of the archive, when writing began
    sa.Column("serial", sa.Integer, nullable=False),  # of the last version that was there then
    sa.Column("made", sa.Text, nullable=False),  # how: length, window, model
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),  # citewire/briefing-1
    sa.Column("changes", sa.Text),  # citewire/changes-1, null where it was compared with nothing
)

of_live_version = sa.and_(chunks.c.article == articles.c.id, chunks.c.version == articles.c.live)
is_live_version = sa.and_(versions.c.article == articles.c.id, versions.c.version == articles.c.live)


def connect(place: str, *, create: bool) -> sa.Engine:
    """Return an engine for a folder or a SQLAlchemy URL, with the tables made where ``create`` says so.

    Raises ArchiveError for a missing archive or a newer one, ArchiveDamaged, ArchiveLocked, and UsageError for a URL
    that names no database.
    """
    with named(shown(place)):
        engine = _engine(place, create=create)
        if not sa.inspect(engine).has_table("meta"):
            _create(engine)
        with engine.connect() as db:
            made = db.execute(sa.select(meta.c.value).where(meta.c.key == "schema")).scalar()
    if made is None or not made.isdecimal() or int(made) > int(SCHEMA):
        msg = f"{shown(place)} was made by a newer citewire (tables {made}, this one knows {SCHEMA})"
        raise ArchiveError(msg, hint="pip install --upgrade citewire")
    _complete(engine)
    return engine


def shown(place: str) -> str:
    """Return ``place`` as messages may show it: a URL without its password."""
    return re.sub(r"(://[^/@:]*):[^@/]*@", r"\1:***@", place)


def _engine(place: str, *, create: bool) -> sa.Engine:
    if "://" in place:
        try:
            engine = sa.create_engine(place)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            msg = f"{shown(place)} names no database that can be used: {error}"
            raise UsageError(msg, hint="give a folder, or install the driver that the URL names") from error
    else:
        path = Path(place) / FILE
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        elif not path.exists():
            msg = f"{place}: there is no archive"
            raise ArchiveError(msg, hint=f"citewire add PATH --archive {place}")
        engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _create(engine: sa.Engine) -> None:
    """Make the tables; two processes may do so at once."""
    with engine.connect().execution_options(writes=True) as db, db.begin():
        for table in tables.sorted_tables:
            db.execute(CreateTable(table, if_not_exists=True))
            for index in table.indexes:
                db.execute(CreateIndex(index, if_not_exists=True))
        if not db.execute(sa.select(meta.c.value).where(meta.c.key == "schema")).first():
            first = {"schema": SCHEMA, "name": uuid4().hex[:12]}
            db.execute(sa.insert(meta), [{"key": key, "value": value} for key, value in first.items()])


def _complete(engine: sa.Engine) -> None:
    """Make the tables that an older archive lacks; one that can only be read is read without them."""
    with suppress(DatabaseError):
        there = sa.inspect(engine)
        if not all(there.has_table(name) for name in tables.tables):
            _create(engine)


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    """Set up a new SQLite connection."""
    connection.isolation_level = None  # BEGIN is ours to say, else reads have no snapshot and CREATE commits
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")  # what was acknowledged survives a power cut; three syncs a batch
    cursor.execute("PRAGMA secure_delete=ON")  # a removed article's text is overwritten, not only unlinked
    cursor.execute("PRAGMA cache_size=-65536")
    if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        with suppress(Exception):  # read-only, or another process is at it: the next connection does it
            cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    """Begin. A writer takes the write lock at once, so that it waits for it and never fails half-way."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


_CAUSES: tuple[tuple[tuple[str, ...], type[ArchiveError], str, str], ...] = (
    (
        ("locked",),
        ArchiveLocked,
        "another process is writing to it",
        "wait for it to finish, then run the same command again",
    ),
    (
        ("full", "no space left", "file too large"),
        ArchiveDamaged,
        "the disk is full; what was acknowledged is stored",
        "free some space, then run the same command again",
    ),
    (
        ("disk i/o error",),
        ArchiveDamaged,
        "the disk cannot be read or written, or is full; what was acknowledged is stored",
        "check the disk and its free space, then run citewire doctor",
    ),
    (
        ("readonly", "read-only", "unable to open", "permission"),
        ArchiveDamaged,
        "it cannot be opened or written with your rights",
        "check the owner and the permissions of the folder",
    ),
    (
        ("connection",),
        ArchiveDamaged,
        "the database cannot be reached",
        "check that it runs and that its URL is right",
    ),
    (
        ("malformed", "not a database", "file format"),
        ArchiveDamaged,
        "this is no sound archive",
        "restore it from a backup, or name another folder with --archive",
    ),
)


@contextmanager
def named(place: str) -> Generator[None]:
    """Turn what a database or a disk says into our errors, with the place and the next command.

    Raises ArchiveLocked, ArchiveDamaged.
    """
    try:
        yield
    except DatabaseError as error:
        raise _ours(place, str(error.orig)) from error
    except OSError as error:
        hint = "check the path, or name another folder with --archive or CITEWIRE_ARCHIVE"
        raise _ours(place, error.strerror or str(error), hint) from error


def _ours(place: str, cause: str, otherwise: str = "citewire doctor") -> ArchiveError:
    reason = " ".join(cause.split())
    for needles, kind, meaning, hint in _CAUSES:
        if any(needle in cause.lower() for needle in needles):
            return kind(f"{place}: {meaning} ({reason})", hint=hint)
    return ArchiveDamaged(f"{place} cannot be used: {reason}", hint=otherwise)
