"""An archive's account book: what was asked of chat models and what it cost, and the replies it remembers.

Neither is news: writing here takes no part in the lock of who adds articles, waits for their commits, and leaves the
archive's generation as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from rag.database import Database
from rag.spending import Call, Outcome, Spent, day
from rag.tables import calls as _calls
from rag.tables import meta as _meta
from rag.tables import replies as _replies

By = Literal["day", "model", "task"]


@dataclass(frozen=True, slots=True)
class Usage:
    """What the calls of one day, model or task came to."""

    name: str
    calls: int
    failed: int
    read: int
    written: int
    dollars: float | None
    """Of the calls whose price is known; None if it is known of none."""
    unpriced: int
    """Calls of unknown price."""
    estimated: int
    """Calls whose tokens the provider did not count."""

    def to_dict(self) -> dict[str, object]:
        """Return the fields as a dict."""
        return asdict(self)


class AccountBook(Database):
    """The calls that were made of chat models, and what they replied."""

    def record(self, call: Call, allow: Callable[[Spent], None] | None = None) -> int:
        """Write a call down and return its number, unless ``allow`` raises for what its day has cost so far."""
        with self._write() as db:
            if allow:
                one_at_a_time = sa.select(_meta).where(_meta.c.key == "schema").with_for_update()
                db.execute(one_at_a_time)  # a row that nobody changes; on SQLite the transaction is the lock
                allow(_spent(db, day(call.at)))
            key = db.execute(sa.insert(_calls).values(**_row(call))).inserted_primary_key
        return int(key[0]) if key else 0

    def amend(self, number: int, call: Call) -> None:
        """Put a call in the place of the one with this number."""
        with self._write() as db:
            db.execute(sa.update(_calls).where(_calls.c.number == number).values(**_row(call)))

    def cancel(self, number: int) -> None:
        """Take a call out that was not made."""
        with self._write() as db:
            db.execute(sa.delete(_calls).where(_calls.c.number == number))

    def spent(self, since: datetime) -> Spent:
        """Return what all calls since then came to, those under way at their worst case."""
        with self._read() as db:
            return _spent(db, since)

    def usage(self, by: By = "day", since: datetime | None = None) -> list[Usage]:
        """Return sums by day (in UTC), model or task, in the order of their names."""
        name = sa.func.substr(_calls.c.at, 1, 10) if by == "day" else _calls.c[by]
        query = sa.select(
            name.label("name"),
            sa.func.count().label("calls"),
            _times(_calls.c.outcome == Outcome.FAILED.value).label("failed"),
            sa.func.sum(_calls.c.read).label("read"),
            sa.func.sum(_calls.c.written).label("written"),
            sa.func.sum(_calls.c.dollars).label("dollars"),
            _times(_calls.c.dollars.is_(None)).label("unpriced"),
            _times(_calls.c.estimated).label("estimated"),
        ).group_by("name")
        if since is not None:
            query = query.where(_calls.c.at >= _moment(since))
        with self._read() as db:
            found = [Usage(**row) for row in db.execute(query).mappings()]
        return sorted(found, key=lambda usage: usage.name)

    def recall(self, key: str) -> str | None:
        """Return the remembered text under ``key``."""
        with self._read() as db:
            return db.execute(sa.select(_replies.c.text).where(_replies.c.key == key)).scalar()

    def remember(self, key: str, text: str) -> None:
        """Keep a text, in the place of one that is there."""
        row = {"key": key, "at": _moment(datetime.now(UTC)), "text": text}
        with self._write() as db:
            db.execute(sa.delete(_replies).where(_replies.c.key == key))
            with suppress(IntegrityError), db.begin_nested():  # another process was quicker, where writers are many
                db.execute(sa.insert(_replies), [row])


def _spent(db: sa.Connection, since: datetime) -> Spent:
    query = sa.select(
        sa.func.coalesce(sa.func.sum(_calls.c.dollars), 0.0),
        sa.func.coalesce(sa.func.sum(_calls.c.read + _calls.c.written), 0),
        _times(_calls.c.dollars.is_(None)),
    ).where(_calls.c.at >= _moment(since))
    dollars, tokens, unpriced = db.execute(query).one()
    return Spent(float(dollars), int(tokens), int(unpriced))


def _row(call: Call) -> dict[str, object]:
    return {**asdict(call), "at": _moment(call.at), "outcome": call.outcome.value}


def _moment(when: datetime) -> str:
    """Return a moment so that the order of texts is the order of moments."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds")


def _times(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """Return how often a condition holds."""
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
