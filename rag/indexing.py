"""Articles to archive and indexes, one writer at a time.

    cut -> embed (cached by text) -> archive, pending -> indexes -> archive, visible -> forget the old version

An article is acknowledged when the last archive step of its batch has been committed. A crash before that leaves it
pending or absent, and the next writer finishes what is pending, from stored vectors; a crash after that leaves at most
chunks of an old version in the indexes, which queries ignore and the next writer removes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeVar

from rag.archive import SqlArchive
from rag.chroma import ChromaIndex
from rag.cutting import chunked, cut
from rag.descent import Descent
from rag.embedding import Embedding, Row
from rag.errors import IndexDamaged
from rag.indexes import Indexes, Pair
from rag.lexical import LexicalIndex
from rag.protocols import Embedder, Entry
from rag.recipe import Recipe
from rag.sources import Article, Chunk
from rag.writelock import PATIENCE, held, owner, writing

BATCH = 64
"""Articles acknowledged together: a crash costs at most this many, a commit is paid once for them."""

Progress = Callable[[int, int], None]
"""Called with what is done and what there is in all."""
T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one article."""

    article: Article
    outcome: Literal["added", "updated", "unchanged"]
    newer: datetime | None = None
    """When what it took the place of was published, if that is later."""


class Indexer:
    """Writes an archive and its indexes. Every method that writes is called inside ``writing``."""

    def __init__(
        self, archive: SqlArchive, embedder: Embedder, name: str, folder: Path, *, server: str | None = None
    ) -> None:
        """Write into ``folder``; vectors go to the Chroma server at ``server``, or into the folder."""
        self._archive = archive
        self._embedding = Embedding(archive, embedder, name)
        self._recipe = Recipe(embedder, name)
        self._indexes = Indexes(archive, folder, self._recipe.fingerprint, server)
        self._folder = folder
        self.embedder_name = name
        """The name under which vectors are stored."""
        self.lock_timeout = PATIENCE
        """Seconds to wait for another writer."""

    # -- places --------------------------------------------------------------------------------------------------

    @property
    def place(self) -> Path:
        """The folder of the indexes in use; a rebuild makes a new one and then changes this."""
        return self._indexes.place

    @property
    def places(self) -> list[Path]:
        """The folders of all indexes that are there, in use or not."""
        return self._indexes.places

    def chroma(self, place: Path | None = None) -> ChromaIndex:
        """Return the vector index in use, or the one of ``place``."""
        return self._indexes.chroma(place)

    def lexical(self, place: Path | None = None) -> LexicalIndex:
        """Return the full-text index in use, or the one of ``place``."""
        return self._indexes.lexical(place)

    @property
    def fingerprint(self) -> str:
        """What an index depends on, as a short hash: embedder, chunker, analyzer."""
        return self._recipe.fingerprint

    def check(self, *, probe: bool = True) -> None:
        """Make sure that the index was made with this embedder and chunker. Raises IndexMismatch."""
        self._recipe.check(self._archive, probe=probe)

    def writer(self) -> str | None:
        """Return who writes now, as "process N since T"; None if nobody does."""
        return (owner(self._folder) or "another process") if held(self._folder) else None

    # -- writing -------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Generator[None]:
        """Hold the archive's lock. Raises ArchiveLocked if another writer keeps it for ``lock_timeout`` seconds."""
        with writing(self._folder, timeout=self.lock_timeout):
            yield

    def add(self, articles: Iterable[Article], progress: Progress | None = None, total: int = 0) -> Iterator[Receipt]:
        """Add articles; yield a receipt for each once it is stored for good.

        Raises IndexMismatch, ProviderError (an embedder failed), ArchiveDamaged; what was acknowledged stays.
        """
        self.check()
        done = 0
        with self._sound() as indexes:
            descent = Descent(self._archive)
            for batch in _batches(articles):
                receipts = [self._receipt(article) for article in batch]
                fresh = [receipt.article for receipt in receipts if receipt.outcome != "unchanged"]
                if fresh:
                    self._store(fresh, descent)
                    self._index(fresh, indexes)
                done += len(batch)
                if progress:
                    progress(done, max(total, done))
                yield from receipts

    def remove(self, *articles: Article) -> None:
        """Delete articles with all their versions: texts, sentences, chunks, vectors, and what indexes hold of them.

        The full text is written anew without them: some ten seconds for 20,000 articles. An index that cannot be
        written does not keep them: the next writer tries again.
        """
        for article in articles:
            self._archive.remove(article.id)
        if not self._archive.settle():
            log.warning("another process is reading: what was removed stays in the archive's log until it is done")
        try:
            with self._opened() as indexes:
                indexes.forget_stale(self._archive)
        except IndexDamaged as error:
            log.warning("%s; what was removed is deleted, its index entries are not yet (next: %s)", error, error.hint)

    def resume(self) -> int:
        """Finish what a crash left; rebuild an index that was lost. Returns the number of versions finished."""
        left = {article.id for article in self._archive.pending()}
        with self._sound():
            return len(left)

    def reindex(self, progress: Progress | None = None) -> int:
        """Make both indexes anew beside the old ones, then switch, and return the number of chunks.

        Stored vectors are not made again; a rebuild that was killed goes on with those it had made. Pending versions
        are indexed with the rest and become visible by the switch.
        """
        self._recipe.renew(self._archive)
        new = self._indexes.vacant()
        pending = {article.id: article for article in self._archive.pending()}
        ids = list(dict.fromkeys([*sorted(self._archive.live_articles()), *pending]))
        recut: list[tuple[Article, tuple[Chunk, ...], tuple[str, ...]]] = []
        chunks = done = 0
        with self._opened(new) as indexes:
            indexes.chroma.clear()
            for part in _parts(ids):
                stored = {article.id: article for article in self._archive.articles(ids=part)}
                made = [self._chunked(pending.get(id_) or stored[id_]) for id_ in part]
                self._write([(a, c, h) for a, cs, hs in made for c, h in zip(cs, hs, strict=True)], indexes)
                recut += [
                    one for one in made if self._archive.chunks_with_hashes(one[0]) != list(zip(*one[1:], strict=True))
                ]
                chunks += sum(len(one[1]) for one in made)
                done += len(part)
                if progress:
                    progress(done, len(ids))
        self._archive.switch(recut, list(pending.values()), {**self._recipe.stamp(), "index": new.name})
        self._indexes.sweep()
        return chunks

    # -- steps ---------------------------------------------------------------------------------------------------

    def _receipt(self, article: Article) -> Receipt:
        live = self._archive.article(article.id)
        if live == article:
            return Receipt(article, "unchanged")
        before, now = live.published if live else None, article.published
        newer = before if before and now and now < before else None
        return Receipt(article, "updated" if live else "added", newer)

    def _store(self, articles: Sequence[Article], descent: Descent) -> None:
        """Write articles as pending, their vectors first: what is pending can be finished with no model."""
        cuts = [cut(article, self._archive) for article in articles]
        self._embedding.vectors([(c.article, k, h) for c in cuts for k, h in zip(c.chunks, c.hashes, strict=True)])
        if self._archive.get("fingerprint") is None:
            self._archive.set({**self._recipe.stamp(), "index": self.place.name})
        self._archive.put(cuts, descent.roots(cuts))

    def _index(self, articles: Sequence[Article], indexes: Pair) -> None:
        """Write pending articles to both indexes, make them visible, and forget what they replace."""
        self._write([(a, c, h) for a in articles for c, h in self._archive.chunks_with_hashes(a)], indexes)
        if self._archive.publish(articles):
            indexes.forget_stale(self._archive)

    def _write(self, rows: Sequence[Row], indexes: Pair) -> None:
        vectors = self._embedding.vectors(rows)
        indexes.add([Entry(chunk, article, vectors[key]) for article, chunk, key in rows])

    def _chunked(self, article: Article) -> tuple[Article, tuple[Chunk, ...], tuple[str, ...]]:
        return article, *chunked(article, self._archive.sentences(article))

    @contextmanager
    def _sound(self) -> Generator[Pair]:
        """Open the indexes, with nothing left of a crash; make them anew where they are lost or damaged."""
        self._indexes.sweep()
        with self._opened() as indexes:
            if self._mended(indexes):
                yield indexes
                return
        log.warning("the index is incomplete or damaged: making it anew from the archive")
        self.reindex()
        with self._opened() as indexes:
            yield indexes

    @contextmanager
    def _opened(self, place: Path | None = None) -> Generator[Pair]:
        """Open the indexes in use, or those of ``place``."""
        chroma = self.chroma(place)
        try:
            yield Pair(chroma, self.lexical(place))
        finally:
            chroma.close()

    def _mended(self, indexes: Pair) -> bool:
        """Finish what a crash left; say whether the indexes hold all that they should."""
        try:
            indexes.forget_stale(self._archive)
            if indexes.lacks(self._archive):
                return False
            latest = list({article.id: article for article in self._archive.pending()}.values())
            for part in _parts(latest):
                self._index(part, indexes)
        except IndexDamaged as error:
            log.warning("%s", error)
            return False
        return True


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Cut into batches in which no article stands twice: two versions of one are stored one after the other."""
    batch: dict[str, Article] = {}
    for article in articles:
        if article.id in batch or len(batch) == BATCH:
            yield list(batch.values())
            batch = {}
        batch[article.id] = article
    if batch:
        yield list(batch.values())


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
