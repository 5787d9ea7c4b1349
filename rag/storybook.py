"""An archive's stories: which article is in which, kept once it is decided.

The decision is made elsewhere (``rag.grouping``) and stored here in one transaction, if nobody decided meanwhile. An
archive that can only be read, and was made before there were stories, has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from rag.database import Database, parts, store
from rag.rows import bounds, visible
from rag.sources import Scope
from rag.tables import articles as _articles
from rag.tables import memberships as _memberships
from rag.tables import meta as _meta
from rag.tables import stories as _stories
from rag.tables import versions as _versions

REVISION = "stories"
"""Setting that counts the decisions."""


@dataclass(frozen=True, slots=True)
class Place:
    """A visible article as grouping sees it, without its text."""

    article: str
    version: str
    root: str
    instant: float | None
    """Seconds since 1970."""
    host: str
    """Outlet, or the host of its address."""
    outlet: str | None
    headline: str | None
    labels: str
    story: str | None
    """The story it is in; empty for furniture, None where that is not decided."""
    compared: str | None
    """Version for which it was decided."""

    @property
    def decided(self) -> bool:
        """Whether its story is that of its visible version."""
        return self.compared == self.version


@dataclass(frozen=True, slots=True)
class Decision:
    """Stories for articles, to be stored together."""

    memberships: Mapping[str, tuple[str, str, bytes]]
    """By article: version, story, features."""
    founded: Sequence[str]
    """New stories, oldest first."""
    joined: Mapping[str, str]
    """Story to the older one that it is part of now."""
    retired: Sequence[str]
    """Stories that turned out to be furniture."""


class StoryBook(Database):
    """What is known of an archive's stories."""

    @property
    def decisions(self) -> str:
        """A value that changes with each decision."""
        return self.get(REVISION) or ""

    def places(self, scope: Scope | None = None) -> list[Place]:
        """Return the visible articles of ``scope``, earliest first, those without a date last."""
        columns = (
            *(_versions.c.article, _versions.c.version, _versions.c.root, _versions.c.instant, _versions.c.outlet_key),
            *(_versions.c.url, _versions.c.outlet, _versions.c.headline, _versions.c.labels),
        )
        known = (_memberships.c.story, _memberships.c.version) if self._told else (sa.null(), sa.null())
        within = scope or Scope()
        query = sa.select(*columns, *known).select_from(_versions).join(_articles, visible(within.as_of))
        if self._told:
            query = query.outerjoin(_memberships, _memberships.c.article == _versions.c.article)
        order = (_versions.c.instant.asc().nulls_last(), _versions.c.article)
        with self._read() as db:
            rows = db.execute(query.where(*bounds(within)).order_by(*order)).all()
        return [Place(*row[:4], row[4] or _host(row[5]), *row[6:]) for row in rows]

    def stored_features(self, articles: Sequence[str]) -> dict[str, bytes]:
        """Return what these articles are compared by."""
        found: dict[str, bytes] = {}
        if not self._told:
            return found
        with self._read() as db:
            for part in parts(articles):
                query = sa.select(_memberships.c.article, _memberships.c.features)
                found |= {row[0]: row[1] for row in db.execute(query.where(_memberships.c.article.in_(part)))}
        return found

    def founded(self) -> dict[str, int]:
        """Return all ids that a story ever had, with the order in which they were founded."""
        if not self._told:
            return {}
        with self._read() as db:
            return {row[0]: row[1] for row in db.execute(sa.select(_stories.c.id, _stories.c.serial))}

    def joined(self, start: str) -> dict[str, str]:
        """Return stories whose id starts with ``start`` and that are part of another one now, with that one."""
        if not self._told:
            return {}
        query = sa.select(_stories.c.id, _stories.c.joined).where(
            _stories.c.id.startswith(start, autoescape=True), _stories.c.joined.is_not(None)
        )
        with self._read() as db:
            return {row[0]: row[1] for row in db.execute(query)}

    def decide(self, decision: Decision, since: str) -> bool:
        """Store ``decision`` in one transaction; False if there was another one since ``decisions`` said ``since``."""
        with self._write() as db:
            if (db.execute(sa.select(_meta.c.value).where(_meta.c.key == REVISION)).scalar() or "") != since:
                return False
            for story, into in decision.joined.items():
                db.execute(sa.update(_memberships).where(_memberships.c.story == story).values(story=into))
                where = sa.or_(_stories.c.id == story, _stories.c.joined == story)
                db.execute(sa.update(_stories).where(where).values(joined=into))
            for story in decision.retired:
                db.execute(sa.update(_memberships).where(_memberships.c.story == story).values(story=""))
            serial = int(db.execute(sa.select(sa.func.max(_stories.c.serial))).scalar() or 0)
            new = [{"id": id_, "serial": serial + n, "joined": None} for n, id_ in enumerate(decision.founded, start=1)]
            if new:
                db.execute(sa.insert(_stories), new)
            for part in parts(list(decision.memberships)):
                db.execute(sa.delete(_memberships).where(_memberships.c.article.in_(part)))
                db.execute(sa.insert(_memberships), [self._row(article, decision) for article in part])
            store(db, {REVISION: str(int(since or 0) + 1)})
        return True

    @staticmethod
    def _row(article: str, decision: Decision) -> dict[str, object]:
        version, story, features = decision.memberships[article]
        return {"article": article, "version": version, "story": story, "features": features}

    @cached_property
    def _told(self) -> bool:
        with self._read() as db:
            return sa.inspect(db).has_table("memberships")


def _host(url: str | None) -> str:
    return url.split("//", 1)[-1].split("/", 1)[0] if url else ""
