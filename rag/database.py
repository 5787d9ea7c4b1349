"""An archive's database: its transactions, its settings, and the number that says whether it has changed.

A folder of its own with SQLite (WAL) by default, any SQLAlchemy URL for a newsroom that shares one.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from rag.connection import FILE, connect, named, shown
from rag.sources import SHORT, digest
from rag.tables import meta as _meta

_BATCH = 500
"""Values bound in one statement: SQLite takes 32,766, older builds 999."""
_TRIES = 5
T = TypeVar("T")


def missing(folder: Path) -> bool:
    """Tell whether there is no archive in a folder; of what cannot be looked at, opening it says what is wrong."""
    try:
        (folder / FILE).stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


class Database:
    """Opens an archive's database, reads and writes in it, and keeps its settings."""

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

    def get(self, key: str) -> str | None:
        """Return a stored setting."""
        with self._read() as db:
            return db.execute(sa.select(_meta.c.value).where(_meta.c.key == key)).scalar()

    def set(self, values: Mapping[str, str]) -> None:
        """Store settings."""
        with self._write() as db:
            store(db, values)

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

    def integrity(self) -> str:
        """Return what the database's own check finds: ``ok``, or its first complaint."""
        if self._engine.dialect.name != "sqlite":
            return "ok"
        try:
            with self._engine.connect() as db:
                return str(db.execute(sa.text("PRAGMA integrity_check(1)")).scalar())
        except DatabaseError as error:
            return str(error.orig)

    def settle(self) -> bool:
        """Take what was overwritten out of SQLite's log, too; False if it stays, as another process is reading."""
        if self._engine.dialect.name != "sqlite":
            return True
        with named(self.place):
            raw = self._engine.raw_connection()
            try:
                cursor = raw.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                row = cursor.fetchone()
            finally:
                raw.close()
        return row is None or not row[0]

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


def store(db: sa.Connection, values: Mapping[str, str]) -> None:
    """Store settings."""
    for key, value in values.items():
        db.execute(sa.delete(_meta).where(_meta.c.key == key))
        db.execute(sa.insert(_meta), [{"key": key, "value": value}])


def next_generation(db: sa.Connection) -> None:
    """Note that what queries see has changed."""
    now = db.execute(sa.select(_meta.c.value).where(_meta.c.key == "generation")).scalar()
    store(db, {"generation": str(int(now or 0) + 1)})


def parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield ``values`` in parts that one statement can bind."""
    for start in range(0, len(values), _BATCH):
        yield values[start : start + _BATCH]
