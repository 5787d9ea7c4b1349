"""Articles, their versions and all that was derived from them, in SQL: the truth that every index is made from.

A version is written as ``pending`` with its sentences and chunks in one transaction, after its vectors; when the
indexes hold it, one more transaction makes it the visible one. Whatever a crash leaves is pending, and is finished by
the next writer, with no model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from rag.catalogue import Catalogue
from rag.database import next_generation, parts, store
from rag.editions import forget
from rag.rows import Cut, chunk_row, chunk_rows, of_version, to_article, to_chunk, version_row
from rag.sources import Article, Chunk
from rag.storybook import StoryBook
from rag.tables import articles as _articles
from rag.tables import chunks as _chunks
from rag.tables import memberships as _memberships
from rag.tables import removed as _removed
from rag.tables import replies as _replies
from rag.tables import stale as _stale
from rag.tables import validity as _validity
from rag.tables import vectors as _vectors
from rag.tables import versions as _versions
from rag.vectors import VectorStore


class SqlArchive(Catalogue, VectorStore, StoryBook):
    """An ``Archive`` in SQL, with what writers need besides."""

    def known(self, article: Article) -> Article | None:
        """Return this version of ``article`` as it is stored, visible or pending."""
        query = sa.select(_versions).where(*of_version(_versions, article))
        with self._read() as db:
            row = db.execute(query).mappings().first()
        return to_article(row) if row else None

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
                _note_since(db, article)
                db.execute(sa.delete(_removed).where(_removed.c.article == article.id))
                db.execute(sa.delete(_versions).where(*of_version(_versions, article)))
                db.execute(sa.insert(_versions), [version_row(cut, serial, roots.get(article.id, article.id))])
                if not db.execute(sa.select(_articles.c.id).where(_articles.c.id == article.id)).first():
                    db.execute(sa.insert(_articles), [{"id": article.id, "live": None}])
                db.execute(sa.delete(_chunks).where(*of_version(_chunks, article)))
                db.execute(sa.insert(_chunks), chunk_rows(cut))

    def pending(self) -> list[Article]:
        """Return versions that are not indexed yet, in the order in which they came."""
        query = sa.select(_versions).where(_versions.c.state == "pending").order_by(_versions.c.serial)
        with self._read() as db:
            return [to_article(row) for row in db.execute(query).mappings()]

    def chunks_with_hashes(self, article: Article) -> list[tuple[Chunk, str]]:
        """Return the chunks of this version with the hash of the text embedded for each."""
        query = sa.select(_chunks).where(*of_version(_chunks, article))
        with self._read() as db:
            return [(to_chunk(row), row["hash"]) for row in db.execute(query.order_by(_chunks.c.n)).mappings()]

    def publish(self, articles: Sequence[Article]) -> list[str]:
        """Make versions visible, in one transaction, and return the ids of the chunks that they replace."""
        replaced: list[str] = []
        with self._write() as db:
            for article in articles:
                replaced += _make_live(db, article)
            _add_stale(db, replaced)
            next_generation(db)
        return replaced

    def remove(self, id: str) -> None:  # noqa: A002 - the field's own word
        """Delete an article with all its versions. Its chunks stay listed as stale until the indexes forget them."""
        with self._write() as db:
            forget(db, id)
            _add_stale(db, list(db.execute(sa.select(_chunks.c.id).where(_chunks.c.article == id)).scalars()))
            for table, column in (
                (_chunks, _chunks.c.article),
                (_versions, _versions.c.article),
                (_validity, _validity.c.article),
                (_articles, _articles.c.id),
                (_memberships, _memberships.c.article),
                (_removed, _removed.c.article),
            ):
                db.execute(sa.delete(table).where(column == id))
            db.execute(sa.insert(_removed), [{"article": id}])
            db.execute(sa.delete(_replies))  # a model may have repeated what it read
            _drop_unused(db)
            next_generation(db)

    def removed(self) -> set[str]:
        """Return the ids of the articles that were removed and not added again."""
        with self._read() as db:
            return set(db.execute(sa.select(_removed.c.article)).scalars())

    def stale(self) -> list[str]:
        """Return chunks that the indexes may still hold and the archive does not."""
        with self._read() as db:
            return list(db.execute(sa.select(_stale.c.chunk)).scalars())

    def forget_stale(self, chunks: Sequence[str]) -> None:
        """Note that the indexes hold these chunks no more."""
        with self._write() as db:
            for part in parts(chunks):
                db.execute(sa.delete(_stale).where(_stale.c.chunk.in_(part)))

    def switch(
        self,
        recut: Iterable[tuple[Article, Sequence[Chunk], Sequence[str]]],
        publish: Sequence[Article],
        values: Mapping[str, str],
    ) -> None:
        """Turn to a new index, in one transaction.

        Replace the chunks of the articles in ``recut``, make the pending versions in ``publish`` visible, and store
        settings. The new index holds nothing stale.
        """
        with self._write() as db:
            for article, chunks, hashes in recut:
                db.execute(sa.delete(_chunks).where(*of_version(_chunks, article)))
                db.execute(sa.insert(_chunks), [chunk_row(*pair) for pair in zip(chunks, hashes, strict=True)])
            for article in publish:
                _make_live(db, article)
            db.execute(sa.delete(_stale))
            _drop_unused(db)
            store(db, values)
            next_generation(db)


def _make_live(db: sa.Connection, article: Article) -> list[str]:
    """Make this version the visible one, and return the chunks of the others."""
    old = (_chunks.c.article == article.id, _chunks.c.version != article.version)
    replaced = list(db.execute(sa.select(_chunks.c.id).where(*old)).scalars())
    db.execute(sa.delete(_chunks).where(*old))
    db.execute(sa.update(_articles).where(_articles.c.id == article.id).values(live=article.version))
    db.execute(sa.update(_versions).where(_versions.c.article == article.id).values(state="indexed"))
    return replaced


def _note_since(db: sa.Connection, article: Article) -> None:
    """Note from when on this version is known (``rows.visible``); the visible one is known from its date on."""
    live = db.execute(sa.select(_articles.c.live).where(_articles.c.id == article.id)).scalar()
    if live is None and article.published is None:
        return  # as of no day is it read, nor may it hide a later version that has a date
    since = article.published or datetime.now(UTC)
    dated = sa.select(_versions.c.version).where(
        _versions.c.article == article.id,
        _versions.c.instant == since.timestamp(),
        sa.or_(_versions.c.state == "indexed", _versions.c.version == live),
    )
    same = set(db.execute(dated).scalars())
    if live == article.version and same - {live}:
        return  # only its metadata are new: what was noted when its text came holds
    if live not in {None, article.version} and same:
        since = datetime.now(UTC)
    row = {"article": article.id, "version": article.version, "since": since.timestamp()}
    db.execute(sa.delete(_validity).where(*(_validity.c[name] == value for name, value in row.items())))
    db.execute(sa.insert(_validity), [row])


def _add_stale(db: sa.Connection, chunks: Sequence[str]) -> None:
    known = set(db.execute(sa.select(_stale.c.chunk)).scalars())
    rows = [{"chunk": chunk} for chunk in chunks if chunk not in known]
    if rows:
        db.execute(sa.insert(_stale), rows)


def _drop_unused(db: sa.Connection) -> None:
    used = sa.select(_chunks.c.hash)
    db.execute(sa.delete(_vectors).where(_vectors.c.hash.not_in(used)))
