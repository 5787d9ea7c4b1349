"""Articles to archive and indexes, one writer at a time.

    cut -> embed (cached by text) -> archive, pending -> indexes -> archive, visible -> forget the old version

An article is acknowledged when the last archive step of its batch has been committed. A crash before that leaves it
pending or absent, and the next writer finishes what is pending, from stored vectors; a crash after that leaves at most
chunks of an old version in the indexes, which queries ignore and the next writer removes.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np

from rag.archive import Cut, SqlArchive
from rag.chroma import ChromaIndex
from rag.chunking import chunk, embedded_text
from rag.descent import Descent
from rag.errors import IndexDamaged
from rag.lexical import LexicalIndex
from rag.protocols import Embedder, Entry
from rag.recipe import Recipe
from rag.sentences import SPLITTER, split
from rag.sources import Article, Chunk, Sentence, digest
from rag.stories import signature
from rag.writelock import PATIENCE, held, owner, writing

if TYPE_CHECKING:
    from rag.protocols import Vectors

BATCH = 64
"""Articles acknowledged together: a crash costs at most this many, a commit is paid once for them."""

Progress = Callable[[int, int], None]
"""Called with what is done and what there is in all."""
Row = tuple[Article, Chunk, str]
"""A chunk of an article, and the hash of the text that is embedded for it."""

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one article."""

    article: Article
    outcome: Literal["added", "updated", "unchanged"]


class Indexer:
    """Writes an archive and its indexes. Every method that writes is called inside ``writing``."""

    def __init__(
        self, archive: SqlArchive, embedder: Embedder, name: str, folder: Path, *, server: str | None = None
    ) -> None:
        """Write into ``folder``; vectors go to the Chroma server at ``server``, or into the folder."""
        self._archive = archive
        self._embedder = embedder
        self._recipe = Recipe(embedder, name)
        self._folder = folder
        self._server = server
        self.embedder_name = name
        """The name under which vectors are stored."""
        self.lock_timeout = PATIENCE
        """Seconds to wait for another writer."""

    # -- places --------------------------------------------------------------------------------------------------

    @property
    def place(self) -> Path:
        """The folder of the indexes in use; a rebuild makes a new one and then changes this."""
        return self._folder / (self._archive.get("index") or "index-1")

    def chroma(self, place: Path | None = None) -> ChromaIndex:
        """Return the vector index in use, or the one of ``place``."""
        where = place or self.place
        if self._server:
            return ChromaIndex(self._server, self.fingerprint, collection=self._collections + where.name)
        return ChromaIndex(where / "chroma", self.fingerprint, generation=lambda: self._archive.generation)

    def lexical(self, place: Path | None = None) -> LexicalIndex:
        """Return the full-text index in use, or the one of ``place``."""
        return LexicalIndex((place or self.place) / "lexical")

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
        with self._sound() as (chroma, lexical):
            descent = Descent(self._archive)
            for batch in _batches(articles):
                receipts = [self._receipt(article) for article in batch]
                fresh = [receipt.article for receipt in receipts if receipt.outcome != "unchanged"]
                if fresh:
                    self._store(fresh, descent)
                    self._index(fresh, chroma, lexical)
                done += len(batch)
                if progress:
                    progress(done, max(total, done))
                yield from receipts

    def remove(self, article: Article) -> None:
        """Delete an article with all its versions: texts, sentences, chunks, vectors, and what indexes hold of them.

        An index that cannot be written does not keep the article: the next writer tries again.
        """
        self._archive.remove(article.id)
        try:
            with self._indexes() as (chroma, lexical):
                self._forget(chroma, lexical)
        except IndexDamaged as error:
            log.warning("%s; the article is deleted, its index entries are not yet (next: %s)", error, error.hint)

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
        new = self._folder / f"index-{int(self.place.name.rpartition('-')[2]) + 1}"
        shutil.rmtree(new, ignore_errors=True)
        pending = {article.id: article for article in self._archive.pending()}
        ids = list(dict.fromkeys([*sorted(self._archive.live_articles()), *pending]))
        recut: list[tuple[Article, tuple[Chunk, ...], tuple[str, ...]]] = []
        chunks = done = 0
        with self._indexes(new) as (chroma, lexical):
            chroma.clear()
            for part in _parts(ids):
                stored = {article.id: article for article in self._archive.articles(ids=part)}
                made = [self._chunked(pending.get(id_) or stored[id_]) for id_ in part]
                self._write([(a, c, h) for a, cs, hs in made for c, h in zip(cs, hs, strict=True)], chroma, lexical)
                recut += [
                    one for one in made if self._archive.chunks_with_hashes(one[0]) != list(zip(*one[1:], strict=True))
                ]
                chunks += sum(len(one[1]) for one in made)
                done += len(part)
                if progress:
                    progress(done, len(ids))
        self._archive.switch(recut, list(pending.values()), {**self._recipe.stamp(), "index": new.name})
        self._sweep()
        return chunks

    # -- steps ---------------------------------------------------------------------------------------------------

    def _receipt(self, article: Article) -> Receipt:
        live = self._archive.article(article.id)
        if live == article:
            return Receipt(article, "unchanged")
        return Receipt(article, "updated" if live else "added")

    def _store(self, articles: Sequence[Article], descent: Descent) -> None:
        """Write articles as pending, their vectors first: what is pending can be finished with no model."""
        cuts = [_cut(article, self._archive) for article in articles]
        self._vectors([(c.article, k, h) for c in cuts for k, h in zip(c.chunks, c.hashes, strict=True)])
        if self._archive.get("fingerprint") is None:
            self._archive.set({**self._recipe.stamp(), "index": self.place.name})
        self._archive.put(cuts, descent.roots(cuts))

    def _index(self, articles: Sequence[Article], chroma: ChromaIndex, lexical: LexicalIndex) -> None:
        """Write pending articles to both indexes, make them visible, and forget what they replace."""
        rows = [(a, c, h) for a in articles for c, h in self._archive.chunks_with_hashes(a)]
        self._write(rows, chroma, lexical)
        if self._archive.publish(articles):
            self._forget(chroma, lexical)

    def _write(self, rows: Sequence[Row], chroma: ChromaIndex, lexical: LexicalIndex) -> None:
        """Write chunks to both indexes at once: each leaves the other a core."""
        vectors = self._vectors(rows)
        entries = [Entry(chunk_, article, vectors[key]) for article, chunk_, key in rows]
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(chroma.add, entries)
            lexical.add(entries)
            other.result()

    def _forget(self, chroma: ChromaIndex, lexical: LexicalIndex) -> None:
        """Remove from the indexes what no visible version has."""
        if stale := self._archive.stale():
            live = self._archive.chunks(stale)
            gone = [chunk_ for chunk_ in stale if chunk_ not in live]
            articles = {chunk_.partition("@")[0] for chunk_ in gone}
            lexical.remove(gone)
            lexical.remove_articles(articles - self._archive.live_articles(articles))
            chroma.remove(gone)
            self._archive.forget_stale(stale)

    def _chunked(self, article: Article) -> tuple[Article, tuple[Chunk, ...], tuple[str, ...]]:
        return _chunked(article, self._archive.sentences(article))

    def _vectors(self, rows: Sequence[Row]) -> dict[str, Vectors]:
        """Return the vector of each chunk by hash; only texts that have none are embedded."""
        hashes = list(dict.fromkeys(key for _, _, key in rows))
        found = self._archive.vectors(hashes, self.embedder_name)
        texts = {key: embedded_text(article, chunk_) for article, chunk_, key in rows if key not in found}
        if texts:
            matrix = _embed(self._embedder, list(texts.values()))
            self._archive.store_vectors(list(texts), matrix, self.embedder_name)
            found |= dict(zip(texts, matrix, strict=True))
        return found

    @contextmanager
    def _sound(self) -> Generator[tuple[ChromaIndex, LexicalIndex]]:
        """Open the indexes, with nothing left of a crash; make them anew where they are lost or damaged."""
        self._sweep()
        with self._indexes() as (chroma, lexical):
            if self._mended(chroma, lexical):
                yield chroma, lexical
                return
        log.warning("the index is incomplete or damaged: making it anew from the archive")
        self.reindex()
        with self._indexes() as (chroma, lexical):
            yield chroma, lexical

    def _mended(self, chroma: ChromaIndex, lexical: LexicalIndex) -> bool:
        """Finish what a crash left; say whether the indexes hold all that they should."""
        try:
            self._forget(chroma, lexical)
            chunks = self._archive.counts()["chunks"]
            if chunks and min(chroma.count(), lexical.count()) < chunks:
                return False
            latest = list({article.id: article for article in self._archive.pending()}.values())
            for part in _parts(latest):
                self._index(part, chroma, lexical)
        except IndexDamaged as error:
            log.warning("%s", error)
            return False
        return True

    @contextmanager
    def _indexes(self, place: Path | None = None) -> Generator[tuple[ChromaIndex, LexicalIndex]]:
        chroma = self.chroma(place)
        try:
            yield chroma, self.lexical(place)
        finally:
            chroma.close()

    @property
    def _collections(self) -> str:
        """What the names of this archive's collections on a server begin with."""
        return f"citewire-{self._archive.name}-"

    def _sweep(self) -> None:
        """Remove indexes that are not in use: a rebuild was killed before or after its switch."""
        used = self.place
        for folder in self._folder.glob("index-*"):
            if folder.name != used.name:
                shutil.rmtree(folder, ignore_errors=True)
        if self._server:
            self.chroma().sweep(self._collections)


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


def _cut(article: Article, archive: SqlArchive | None = None) -> Cut:
    """Cut into sentences and chunks; a text that the archive knows keeps the sentences that it is cited by."""
    known = archive.splitter(article) if archive else None
    if archive and known:
        sentences = archive.sentences(article)
    else:
        sentences = tuple(
            Sentence(article.id, article.version, n, start, end, article.text[start:end])
            for n, (start, end) in enumerate(split(article.text))
        )
    spans = tuple((sentence.start, sentence.end) for sentence in sentences)
    _, chunks, hashes = _chunked(article, sentences)
    return Cut(article, spans, chunks, hashes, known or SPLITTER, signature(article.text))


def _chunked(article: Article, sentences: Sequence[Sentence]) -> tuple[Article, tuple[Chunk, ...], tuple[str, ...]]:
    chunks = chunk(article, sentences)
    return article, chunks, tuple(digest(embedded_text(article, one)) for one in chunks)


def _embed(embedder: Embedder, texts: list[str]) -> Vectors:
    matrix: Callable[[Sequence[str]], Vectors] | None = getattr(embedder, "matrix", None)
    found = matrix(texts) if matrix else np.asarray(embedder.embed_documents(texts), dtype=np.float32)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return (found / np.where(lengths > 0, lengths, 1)).astype(np.float32)
