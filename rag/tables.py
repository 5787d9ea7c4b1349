"""The archive's tables, its connection, and its vendor's errors in our words.

    meta      key -> value: schema, generation, shelf, recipe ...
    articles  id -> the edition that is visible now, and the root its text descends from
    editions  one text of one article with its metadata and its sentence offsets
    layouts   how an edition is searched under one recipe: chunk places, text hashes, vectors
    leavings  chunks that are no longer visible and may still stand in an index

Identifiers and dates are text, counts are integers, packed arrays are blobs: SQLite and PostgreSQL hold the same.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from rag.errors import ArchiveDamaged, ArchiveError, ArchiveLocked, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

SCHEMA = 1
"""Raise it with every change of the tables."""
BUSY_MS = 10_000
"""How long SQLite waits for another process's commit; commits take milliseconds."""

tables = MetaData()
_Key = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER numbers itself in SQLite

meta = Table("meta", tables, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

articles = Table(
    "articles",
    tables,
    Column("id", Text, primary_key=True),
    Column("live", _Key, unique=True),  # editions.key; no foreign key, as each side would wait for the other
    Column("root", Text, index=True),  # null: its own
)

editions = Table(
    "editions",
    tables,
    Column("key", _Key, primary_key=True, autoincrement=True),
    Column("article", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("recorded", Text, nullable=False),
    Column("published", BigInteger, index=True),  # microseconds since 1970 in UTC, to compare
    Column("published_text", Text),  # ISO 8601 with the offset that its source gave, to show
    Column("outlet", Text),
    Column("outlet_folded", Text, index=True),
    Column("headline", Text),
    Column("byline", Text),
    Column("url", Text),
    Column("labels", Text, nullable=False),
    Column("splitter", Text, nullable=False),
    Column("signature", LargeBinary),
    Column("spans", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),  # last: SQLite reads the columns before it without its pages
    Index("editions_by_version", "article", "version"),
)

layouts = Table(
    "layouts",
    tables,
    Column("edition", _Key, ForeignKey(editions.c.key, ondelete="CASCADE"), primary_key=True),
    Column("recipe", Text, primary_key=True),
    Column("embedder", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("places", LargeBinary, nullable=False),
    Column("hashes", LargeBinary, nullable=False),
    Column("vectors", LargeBinary, nullable=False),
)

leavings = Table(
    "leavings",
    tables,
    Column("key", _Key, primary_key=True, autoincrement=True),
    Column("stem", Text, nullable=False),  # article@version
    Column("first", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)


def connect(url: str, place: str) -> Engine:
    """Return an engine that speaks for ``place`` in its errors. Raises UsageError for a URL that names no database."""
    try:
        engine = create_engine(url, poolclass=QueuePool, pool_size=4, max_overflow=16)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        msg = f"{place}: not a database that can be used: {error}"
        raise UsageError(msg, hint="leave the database out for SQLite, or install the driver that its URL names") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Set up a new SQLite connection."""
    connection.isolation_level = None  # we say BEGIN ourselves, else reads see no snapshot and DDL commits
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL")  # an acknowledged article survives power loss; 2 syncs for 64 articles
    cursor.execute("PRAGMA cache_size=-32000")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Begin: writers take SQLite's write lock at once, so that they wait for it and never fail half-way."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


@contextmanager
def naming(place: str) -> Iterator[None]:
    """Turn the database's errors into ours, each with ``place`` and the next step.

    Raises ArchiveLocked, ArchiveDamaged or ArchiveError.
    """
    try:
        yield
    except DBAPIError as error:
        raise _ours(str(error.orig), place) from error
    except sqlite3.Error as error:
        raise _ours(str(error), place) from error


_CAUSES: tuple[tuple[tuple[str, ...], type[ArchiveError], str, str], ...] = (
    (("database is locked", "database table is locked"), ArchiveLocked, "another process writes to it", "try again"),
    (
        ("disk is full", "disk i/o error", "no space left"),
        ArchiveDamaged,
        "the disk is full or cannot be written; what was stored before is intact",
        "free some space and run the same command again",
    ),
    (
        ("malformed", "not a database", "disk image", "unsupported file format"),
        ArchiveDamaged,
        "this is not a sound archive",
        "restore it from a backup; `citewire doctor` says what is wrong",
    ),
    (
        ("readonly", "read-only", "unable to open", "permission"),
        ArchiveDamaged,
        "it cannot be opened or written with your rights",
        "check the folder's owner and permissions",
    ),
)


def _ours(cause: str, place: str) -> ArchiveError:
    """Return our error for a driver's message."""
    low = cause.lower()
    for needles, kind, meaning, hint in _CAUSES:
        if any(needle in low for needle in needles):
            return kind(f"{place}: {meaning} ({cause})", hint=hint)
    return ArchiveError(f"{place}: the database refused: {cause}", hint="citewire doctor")
