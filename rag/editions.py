"""An archive's printed briefings: the last few of each request, to compare the next one with.

They are no news: keeping one takes no part in the lock of who adds articles and leaves the archive's generation as it
is. An article that is removed leaves no word in them (``rag.redaction``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa

from rag.database import Database
from rag.redaction import without
from rag.sources import SHORT, digest
from rag.tables import editions as _editions
from rag.tables import versions as _versions

if TYPE_CHECKING:
    from rag.wire import BriefingWire, ChangesWire

KEPT = 20
"""Editions kept of one request."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a briefing was asked for. The window is no part of it: it moves from one edition to the next."""

    topic: str | None = None
    outlets: tuple[str, ...] = ()
    story: str | None = None
    place: str = ""
    """The folder that a standing briefing is written to, empty for one that was printed."""

    @property
    def key(self) -> str:
        """The same for the same request, however its words are spaced and its outlets ordered."""
        topic = " ".join(self.topic.casefold().split()) if self.topic else None
        return digest(json.dumps([topic, sorted(name.casefold() for name in self.outlets), self.story, self.place]))

    @property
    def subject(self) -> str:
        """The same for the same request, whatever folder it is written to."""
        return replace(self, place="").key

    def to_dict(self) -> dict[str, object]:
        """Return the fields as a dict."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the archive stood when writing began: what came later was not read."""

    generation: int
    serial: int


@dataclass(frozen=True, slots=True)
class Kept:
    """An edition as it is stored."""

    number: int
    name: str
    request: Request
    at: datetime
    mark: Mark
    made: str
    """How it was made: length, window, model."""
    document: BriefingWire
    changes: ChangesWire | None


class EditionBook(Database):
    """The briefings that were printed from an archive."""

    def mark(self) -> Mark:
        """Return where the archive stands now."""
        with self._read() as db:
            serial = db.execute(sa.select(sa.func.max(_versions.c.serial))).scalar()
        return Mark(self.generation, int(serial or 0))

    def since(self, mark: Mark) -> frozenset[tuple[str, str]]:
        """Return article and version of all that came after ``mark``."""
        query = sa.select(_versions.c.article, _versions.c.version).where(_versions.c.serial > mark.serial)
        with self._read() as db:
            return frozenset((row[0], row[1]) for row in db.execute(query))

    def last(self, request: Request) -> Kept | None:
        """Return the last edition of a request."""
        return next(iter(self.of(request, most=1)), None)

    def of(self, request: Request, *, most: int = KEPT) -> list[Kept]:
        """Return the editions of a request, the last first."""
        query = sa.select(_editions).where(_editions.c.key == request.key).order_by(_editions.c.number.desc())
        return self._kept(query.limit(most))

    def all(self) -> list[Kept]:
        """Return all editions, the last first."""
        return self._kept(sa.select(_editions).order_by(_editions.c.number.desc()))

    def named(self, start: str) -> list[Kept]:
        """Return the editions whose name starts with ``start``, the last first."""
        query = sa.select(_editions).where(_editions.c.name.startswith(start, autoescape=True))
        return self._kept(query.order_by(_editions.c.number.desc()))

    def keep(
        self,
        request: Request,
        document: BriefingWire,
        changes: ChangesWire | None,
        *,
        at: datetime,
        mark: Mark,
        made: str,
    ) -> None:
        """Keep an edition, and let go of the oldest of its request."""
        row = {
            "key": request.key,
            "name": name_of(request, document, self.last(request)),
            "at": at.astimezone(UTC).isoformat(timespec="milliseconds"),
            "generation": mark.generation,
            "serial": mark.serial,
            "made": made,
            "request": json.dumps(request.to_dict()),
            "document": json.dumps(document),
            "changes": json.dumps(changes) if changes is not None else None,
        }
        mine = _editions.c.key == request.key
        with self._write() as db:
            db.execute(sa.insert(_editions), [row])
            numbers = list(
                db.execute(sa.select(_editions.c.number).where(mine).order_by(_editions.c.number.desc())).scalars()
            )
            if len(numbers) > KEPT:
                db.execute(sa.delete(_editions).where(mine, _editions.c.number <= numbers[KEPT]))

    def move(self, before: Request, after: Request) -> None:
        """Let ``after`` go on with the editions of ``before``, which keep their names."""
        new = {"key": after.key, "request": json.dumps(after.to_dict())}
        with self._write() as db:
            db.execute(sa.update(_editions).where(_editions.c.key == before.key).values(**new))

    def seen(self, kept: Kept, mark: Mark) -> None:
        """Note that an edition still says all that the archive holds at ``mark``."""
        with self._write() as db:
            change = sa.update(_editions).where(_editions.c.number == kept.number)
            db.execute(change.values(generation=mark.generation))

    def _kept(self, query: sa.Select[tuple[object, ...]]) -> list[Kept]:
        with self._read() as db:
            return [_edition(row) for row in db.execute(query).mappings()]


def name_of(request: Request, document: BriefingWire, previous: Kept | None) -> str:
    """Return the name of an edition: the same if it is made again from the same, another after another."""
    return digest(f"{request.key} {previous.name if previous else ''} {document['digest']}")[:SHORT]


def forget(db: sa.Connection, article: str) -> None:
    """Take every word of an article that is being removed out of the stored editions."""
    rows = db.execute(sa.select(_versions.c.headline, _versions.c.text).where(_versions.c.article == article)).all()
    texts = {text for row in rows for text in row if text}
    newest = sa.select(sa.func.max(_versions.c.serial)).where(_versions.c.article != article)
    serial = int(db.execute(newest).scalar() or 0)  # the numbers above it will be given again
    db.execute(sa.update(_editions).where(_editions.c.serial > serial).values(serial=serial))
    if not texts:
        return
    for row in db.execute(sa.select(_editions)).mappings().all():
        new: dict[str, str] = {}
        for field in ("document", "changes"):
            if row[field] is not None:
                old = cast("dict[str, object]", json.loads(row[field]))
                scrubbed = without(old, article, texts)
                if scrubbed != old:
                    new[field] = json.dumps(scrubbed)
        if new:
            db.execute(sa.update(_editions).where(_editions.c.number == row["number"]).values(**new))


def _edition(row: sa.RowMapping) -> Kept:
    request = cast("dict[str, object]", json.loads(row["request"]))
    outlets = tuple(cast("Sequence[str]", request["outlets"]))
    return Kept(
        number=row["number"],
        name=row["name"],
        request=Request(
            cast("str | None", request["topic"]), outlets, cast("str | None", request["story"]), str(request["place"])
        ),
        at=datetime.fromisoformat(row["at"]),
        mark=Mark(row["generation"], row["serial"]),
        made=row["made"],
        document=cast("BriefingWire", json.loads(row["document"])),
        changes=cast("ChangesWire | None", json.loads(row["changes"])) if row["changes"] is not None else None,
    )
