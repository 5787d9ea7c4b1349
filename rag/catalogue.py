"""An archive's visible articles: what queries read of texts, sentences, chunks, dates and roots."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import numpy as np
import sqlalchemy as sa

from rag.database import Database, parts
from rag.rows import bounds, of_version, to_article, to_chunk, visible
from rag.sources import Article, Chunk, Scope, Sentence
from rag.tables import articles as _articles
from rag.tables import chunks as _chunks
from rag.tables import is_live_version as _current
from rag.tables import of_live_version as _live
from rag.tables import stale as _stale
from rag.tables import versions as _versions


class Catalogue(Database):
    """What queries see of an archive: of each article the newest version, or the one known then (``rows.visible``)."""

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
        return to_article(row) if row else None

    def articles(self, scope: Scope | None = None, *, ids: Sequence[str] | None = None) -> list[Article]:
        """Return visible articles, newest first; those without a date come last."""
        within = scope or Scope()
        query = sa.select(_versions).join(_articles, visible(within.as_of)).where(*bounds(within))
        order = (_versions.c.instant.desc().nulls_last(), _versions.c.article)
        found: list[Article] = []
        with self._read() as db:
            for part in [None] if ids is None else parts(ids):
                where = [] if part is None else [_versions.c.article.in_(part)]
                found += [to_article(row) for row in db.execute(query.where(*where).order_by(*order)).mappings()]
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
        query = sa.select(_versions.c.spans).where(*of_version(_versions, article))
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
        query = sa.select(_versions.c.splitter).where(*of_version(_versions, article))
        with self._read() as db:
            return db.execute(query).scalar()

    def chunks(self, ids: Iterable[str]) -> dict[str, Chunk]:
        """Return those chunks that belong to a visible version."""
        found: dict[str, Chunk] = {}
        with self._read() as db:
            for part in parts(list(ids)):
                query = sa.select(_chunks).join(_articles, _live).where(_chunks.c.id.in_(part))
                found |= {row["id"]: to_chunk(row) for row in db.execute(query).mappings()}
        return found

    def datelines(
        self, articles: Iterable[str], scope: Scope | None = None
    ) -> dict[str, tuple[datetime | None, str | None]]:
        """Return when and by which outlet each of these was published, where it is within ``scope``; reads no text."""
        within = scope or Scope()
        found: dict[str, tuple[datetime | None, str | None]] = {}
        columns = (_versions.c.article, _versions.c.published, _versions.c.outlet)
        with self._read() as db:
            for part in parts(list(articles)):
                query = sa.select(*columns).join(_articles, visible(within.as_of)).where(*bounds(within))
                query = query.where(_versions.c.article.in_(part))
                for article, published, outlet in db.execute(query):
                    found[article] = (datetime.fromisoformat(published) if published else None, outlet)
        return found

    def allowed(self, scope: Scope) -> set[str]:
        """Return the ids of the visible articles within ``scope``."""
        query = sa.select(_versions.c.article).join(_articles, visible(scope.as_of)).where(*bounds(scope))
        with self._read() as db:
            return set(db.execute(query).scalars())

    def edited(self, scope: Scope) -> set[str]:
        """Return the ids of the articles within ``scope`` that were another version then than they are now."""
        if scope.as_of is None:
            return set()
        query = sa.select(_versions.c.article).select_from(_versions).join(_articles, visible(scope.as_of))
        query = query.where(_versions.c.version != _articles.c.live, *bounds(scope))
        with self._read() as db:
            return set(db.execute(query).scalars())

    def newest(self) -> datetime | None:
        """Return the latest publication time of a visible article."""
        query = sa.select(sa.func.max(_versions.c.instant)).join(_articles, _current)
        with self._read() as db:
            instant = db.execute(query).scalar()
        return datetime.fromtimestamp(instant, UTC) if instant is not None else None

    def roots(self, articles: Iterable[str], as_of: datetime | None = None) -> dict[str, str]:
        """Return the provenance root of each visible article."""
        found: dict[str, str] = {}
        with self._read() as db:
            for part in parts(list(articles)):
                query = sa.select(_versions.c.article, _versions.c.root).join(_articles, visible(as_of))
                rows = db.execute(query.where(_versions.c.article.in_(part)))
                found |= {row[0]: row[1] for row in rows}
        return found

    def descendants(self, roots: Iterable[str], as_of: datetime | None = None) -> set[str]:
        """Return the visible articles that descend from these roots, the roots included."""
        found: set[str] = set()
        with self._read() as db:
            for part in parts(list(roots)):
                query = sa.select(_versions.c.article).join(_articles, visible(as_of))
                found |= set(db.execute(query.where(_versions.c.root.in_(part))).scalars())
        return found

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
            for part in [None] if ids is None else parts(list(ids)):
                found |= set(db.execute(query if part is None else query.where(_articles.c.id.in_(part))).scalars())
        return found
