"""Opening an archive's database, and what it or its disk says, in our words."""

from __future__ import annotations

import os
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
from rag.tables import SCHEMA, meta, tables

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection

FILE = "archive.sqlite3"
BUSY_MS = 30_000
"""How long SQLite waits for another process's commit, which takes milliseconds."""


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
        engine = sa.create_engine(_address(path))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    return engine


def _address(path: Path) -> sa.URL:
    """Return the URL of an archive's file.

    SQLite makes a log beside the file even to read: where the folder cannot be written and nothing is in a log, the
    file is all there is, and is read as one that does not change.
    """
    log = path.with_name(f"{path.name}-wal")
    logged = log.exists() and log.stat().st_size
    if path.exists() and not logged and not os.access(path.parent, os.W_OK):
        return sa.URL.create("sqlite", database=path.resolve().as_uri(), query={"immutable": "1", "uri": "true"})
    return sa.URL.create("sqlite", database=str(path))


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
        f"check the owner and the permissions of {FILE} and its folder, or name a copy of the folder with --archive",
    ),
    (
        ("no such table",),
        ArchiveDamaged,
        "a table is missing, as in what an older citewire made",
        "open it once where it can be written, or name a copy of the folder with --archive",
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
