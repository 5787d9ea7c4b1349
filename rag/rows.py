"""Articles and chunks to the rows of their tables, and back.

What is stored with a version is all that was derived from its text: sentences, chunks, and what near-copies are found
by. Sentences are cut once for each version and never again: a citation is a sentence's number, and a later splitter
would number them otherwise. The splitter is therefore noted with each version and is no part of the index fingerprint.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import sqlalchemy as sa

from rag.sources import Article, Chunk, Scope
from rag.tables import articles as _articles
from rag.tables import is_live_version as _live
from rag.tables import validity as _validity
from rag.tables import versions as _versions


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


def to_article(row: sa.RowMapping) -> Article:
    """Return the article of a row of ``versions``."""
    return Article(
        text=row["text"],
        headline=row["headline"],
        byline=row["byline"],
        outlet=row["outlet"],
        published=datetime.fromisoformat(row["published"]) if row["published"] else None,
        url=row["url"],
        labels=tuple(json.loads(row["labels"])),
    )


def version_row(cut: Cut, serial: int, root: str) -> dict[str, object]:
    """Return a pending version as a row."""
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


def to_chunk(row: sa.RowMapping) -> Chunk:
    """Return the chunk of a row of ``chunks``."""
    return Chunk(row["article"], row["version"], row["n"], row["first"], row["last"], row["start"], row["end"])


def chunk_rows(cut: Cut) -> list[dict[str, object]]:
    """Return the chunks of a version as rows."""
    return [chunk_row(chunk, key) for chunk, key in zip(cut.chunks, cut.hashes, strict=True)]


def chunk_row(chunk: Chunk, key: str) -> dict[str, object]:
    """Return a chunk as a row; ``key`` is the hash of the text embedded for it."""
    row: dict[str, object] = {
        name: getattr(chunk, name) for name in ("article", "version", "n", "first", "last", "start", "end")
    }
    return {"id": chunk.id, "hash": key, **row}


def of_version(table: sa.Table, article: Article) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """Return what makes a row of ``table`` one of this version of the article."""
    return table.c.article == article.id, table.c.version == article.version


def visible(as_of: datetime | None) -> sa.ColumnElement[bool]:
    """Return what makes a row of ``versions``, beside that of its article, the version that queries see.

    That is the newest, or with ``as_of`` the one that was known then. A version is known from its own date on, unless
    an earlier version of its article has that date, as most papers leave it when they edit: then the date does not say
    when the text was changed, and it is known from when it was added. What an archive from before this was noted holds
    is known from its date on.
    """
    if as_of is None:
        return _live
    any_, one = _versions.alias(), _versions.alias()
    several = sa.select(any_.c.article).group_by(any_.c.article).having(sa.func.count() > 1)
    since = sa.func.coalesce(_validity.c.since, one.c.instant)
    place = sa.func.row_number().over(partition_by=one.c.article, order_by=(since.desc(), one.c.serial.desc()))
    known = (
        sa.select(one.c.article, one.c.version, place.label("place"))
        .select_from(one)
        .join(_articles, one.c.article == _articles.c.id)
        .outerjoin(_validity, sa.and_(_validity.c.article == one.c.article, _validity.c.version == one.c.version))
        .where(one.c.article.in_(several), since <= as_of.timestamp())
        .where(sa.or_(one.c.state == "indexed", one.c.version == _articles.c.live))
        .subquery()
    )
    then = sa.select(known.c.article, known.c.version).where(known.c.place == 1)
    return sa.and_(
        _versions.c.article == _articles.c.id,
        sa.or_(
            sa.and_(_versions.c.version == _articles.c.live, _versions.c.article.not_in(several)),
            sa.tuple_(_versions.c.article, _versions.c.version).in_(then),
        ),
    )


def bounds(scope: Scope) -> list[sa.ColumnElement[bool]]:
    """Return what makes a version one of ``scope``."""
    found: list[sa.ColumnElement[bool]] = []
    if scope.since is not None:
        found.append(_versions.c.instant >= scope.since.timestamp())
    if scope.latest is not None:
        found.append(_versions.c.instant <= scope.latest.timestamp())
    if scope.outlets:
        found.append(_versions.c.outlet_key.in_([outlet.casefold() for outlet in scope.outlets]))
    return found
