"""Articles to archive and indexes, one writer at a time.

    cut -> embed (cached by text) -> archive, pending -> indexes -> archive, visible -> forget the old version

An article is acknowledged when the last archive step of its batch has been committed. A crash before that leaves it
pending or absent, and the next writer finishes what is pending; a crash after that leaves at most chunks of an old
version in the indexes, which queries ignore and the next writer removes.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout

from rag.archive import Cut, SqlArchive, damaged
from rag.chroma import ChromaIndex
from rag.chunking import CHUNKER, chunk, embedded_text
from rag.errors import ArchiveLocked, IndexMismatch
from rag.lexical import ANALYZER, LexicalIndex
from rag.protocols import Embedder, Entry
from rag.sentences import SPLITTER, split
from rag.sources import SHORT, Article, Chunk, Sentence, digest
from rag.stories import NEAR, PERMUTATIONS, copies, signature

if TYPE_CHECKING:
    from rag.protocols import Vectors

BATCH = 64
"""Articles acknowledged together: a crash costs at most this many, a commit is paid once for them."""
PROBE = "The harbour reopened on Wednesday after 14 days, the port authority said."
"""A text whose vector tells whether an embedder is the one that made an index."""
SAME_MODEL = 0.98
"""Cosine of the probe's two vectors below which they come from two models; the same int8 model on another processor has
0.994 and more."""

Progress = Callable[[int, int], None]
"""Called with what is done and what there is in all."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one article."""

    article: Article
    outcome: str
    """``added``, ``updated`` or ``unchanged``."""


class Indexer:
    """Writes an archive and its indexes."""

    def __init__(
        self, archive: SqlArchive, embedder: Embedder, name: str, folder: Path, *, server: str | None = None
    ) -> None:
        """Write into ``folder``; vectors go to the Chroma server at ``server``, or into the folder."""
        self._archive = archive
        self._embedder = embedder
        self._name = name
        self._folder = folder
        self._server = server
        self.lock_timeout = 10.0
        """Seconds to wait for another writer."""

    # -- places --------------------------------------------------------------------------------------------------

    @property
    def embedder_name(self) -> str:
        """The name under which vectors are stored."""
        return self._name

    @property
    def place(self) -> Path:
        """The folder of the indexes in use; a rebuild makes a new one and then changes this."""
        return self._folder / (self._archive.get("index") or "index-1")

    def chroma(self, place: Path | None = None) -> ChromaIndex:
        """Return the vector index in use, or the one in ``place``."""
        where = place or self.place
        if self._server:
            return ChromaIndex(self._server, self.fingerprint, collection=f"citewire-{where.name}")
        return ChromaIndex(where / "chroma", self.fingerprint)

    def lexical(self, place: Path | None = None) -> LexicalIndex:
        """Return the full-text index in use, or the one in ``place``."""
        return LexicalIndex((place or self.place) / "lexical")

    @property
    def fingerprint(self) -> str:
        """What an index depends on, as a short hash: embedder, chunker, analyzer."""
        return digest(f"{self._name}|{CHUNKER}|{ANALYZER}")[:SHORT]

    def probe(self) -> list[float]:
        """Return the probe's vector."""
        return [round(value, 5) for value in self._embedder.embed_query(PROBE)]

    def check(self, *, probe: bool = True) -> None:
        """Make sure that the index was made with this embedder and chunker.

        Raises IndexMismatch, which names both and the command that rebuilds.
        """
        made = self._archive.get("fingerprint")
        if made is None:
            return
        hint = "citewire reindex, or set the embedder that made it"
        if made != self.fingerprint:
            by = self._archive.get("made_with") or "another setting"
            msg = f"the index was made with {by} ({made}), the settings say {self._made_with} ({self.fingerprint})"
            raise IndexMismatch(msg, hint=hint)
        stored = json.loads(self._archive.get("probe") or "[]")
        if probe and _cosine(stored, self.probe()) < SAME_MODEL:
            msg = f"the index was made with another model that is also called {self._name} ({self.fingerprint})"
            raise IndexMismatch(msg, hint=hint)

    @property
    def _made_with(self) -> str:
        return f"{self._name}, {CHUNKER}"

    # -- writing -------------------------------------------------------------------------------------------------

    def writer(self) -> str | None:
        """Return who holds the archive's lock now, None if nobody does."""
        path = self._folder / "write.lock"
        if not path.exists():
            return None
        try:
            with FileLock(path, timeout=0):
                return None
        except Timeout:
            return _owner(self._folder / "writer.json")

    @contextmanager
    def writing(self) -> Generator[None]:
        """Hold the archive's lock, finish what a crash left, and let go.

        Raises ArchiveLocked if another process holds it for longer than ``lock_timeout``.
        """
        with damaged(str(self._folder)):
            self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / "write.lock"
        owner = self._folder / "writer.json"
        lock = FileLock(path)
        try:
            lock.acquire(timeout=self.lock_timeout)
        except Timeout:
            msg = f"{self._folder} is in use by {_owner(owner)}"
            raise ArchiveLocked(msg, hint="wait for it to finish, then run the same command again") from None
        try:
            with damaged(str(owner)):
                since = datetime.now(UTC).isoformat(timespec="seconds")
                owner.write_text(json.dumps({"pid": os.getpid(), "since": since}), encoding="utf-8")
            yield
        finally:
            owner.unlink(missing_ok=True)
            lock.release()

    def add(self, articles: Iterable[Article], progress: Progress | None = None, total: int = 0) -> Iterator[Receipt]:
        """Add articles; yield a receipt for each once it is stored for good. Call it inside ``writing``.

        Raises IndexMismatch, ProviderError (an embedder failed), ArchiveDamaged; what was acknowledged stays.
        """
        self.check()
        chroma, lexical = self.chroma(), self.lexical()
        try:
            self._resume(chroma, lexical)
            shelf = Shelf(self._archive.signatures())
            done = 0
            for batch in _batches(articles):
                receipts = [self._receipt(article) for article in batch]
                fresh = [receipt.article for receipt in receipts if receipt.outcome != "unchanged"]
                if fresh:
                    self._store(fresh, shelf)
                    self._index(fresh, chroma, lexical)
                done += len(batch)
                if progress:
                    progress(done, max(total, done))
                yield from receipts
        finally:
            chroma.close()

    def remove(self, article: Article) -> None:
        """Delete an article with all its versions, from the archive first. Call it inside ``writing``."""
        self._archive.remove(article.id)
        chroma, lexical = self.chroma(), self.lexical()
        try:
            lexical.remove_articles([article.id])
            self._forget(chroma, lexical)
        finally:
            chroma.close()

    def reindex(self, progress: Progress | None = None) -> int:
        """Make both indexes anew beside the old ones, then switch. Call it inside ``writing``.

        Vectors that are stored are not made again. Returns the number of chunks.
        """
        self._drop_foreign_vectors()
        self._finish_pending_text()
        old = self.place
        new = self._folder / f"index-{_number(old) + 1}"
        shutil.rmtree(new, ignore_errors=True)
        chroma, lexical = self.chroma(new), self.lexical(new)
        articles = self._archive.articles()
        cuts: list[tuple[Article, tuple[Chunk, ...], tuple[str, ...]]] = []
        done = 0
        try:
            chroma.clear()
            for start in range(0, len(articles), BATCH):
                part = articles[start : start + BATCH]
                made = [self._chunked(article) for article in part]
                vectors = self._vectors([(a, c, h) for a, cs, hs in made for c, h in zip(cs, hs, strict=True)])
                entries = [Entry(c, a, vectors[h]) for a, cs, hs in made for c, h in zip(cs, hs, strict=True)]
                lexical.add(entries)
                chroma.add(entries)
                cuts += made
                done += len(part)
                if progress:
                    progress(done, len(articles))
        finally:
            chroma.close()
        self._archive.recut(cuts, {**self._stamp(), "index": new.name})
        self._sweep()
        return sum(len(chunks) for _, chunks, _ in cuts)

    def resume(self) -> int:
        """Finish what a crash left pending. Call it inside ``writing``. Returns the number of versions finished."""
        chroma, lexical = self.chroma(), self.lexical()
        try:
            return self._resume(chroma, lexical)
        finally:
            chroma.close()

    # -- steps ---------------------------------------------------------------------------------------------------

    def _receipt(self, article: Article) -> Receipt:
        live = self._archive.article(article.id)
        if live == article:
            return Receipt(article, "unchanged")
        return Receipt(article, "updated" if live else "added")

    def _store(self, articles: Sequence[Article], shelf: Shelf) -> None:
        cuts = [_cut(article) for article in articles]
        self._vectors([(c.article, k, h) for c in cuts for k, h in zip(c.chunks, c.hashes, strict=True)])
        texts: dict[str, str] = {}
        roots: dict[str, str] = {}
        for cut in cuts:
            roots[cut.article.id] = self._root(cut, shelf, texts, roots)
            texts[cut.article.id] = cut.article.text
            shelf.put(cut.article.id, cut.signature)
        self._archive.put(cuts, roots)

    def _root(self, cut: Cut, shelf: Shelf, texts: Mapping[str, str], roots: Mapping[str, str]) -> str:
        """Return the article that this text descends from: its own id, or the root of a near-copy added before it."""
        for other in shelf.near(cut.signature):
            if other == cut.article.id:
                continue
            stored = None if other in texts else self._archive.article(other)
            text = texts.get(other) or (stored.text if stored else "")
            if text and copies(cut.article.text, text):
                return roots.get(other) or self._archive.roots([other]).get(other, other)
        return cut.article.id

    def _index(self, articles: Sequence[Article], chroma: ChromaIndex, lexical: LexicalIndex) -> None:
        rows = [(a, c, h) for a in articles for c, h in self._archive.chunks_with_hashes(a)]
        vectors = self._vectors(rows)
        entries = [Entry(chunk_, article, vectors[key]) for article, chunk_, key in rows]
        lexical.add(entries)
        chroma.add(entries)
        if self._archive.get("fingerprint") is None:
            self._archive.set({**self._stamp(), "index": self.place.name})
        if self._archive.publish(articles):
            self._forget(chroma, lexical)

    def _resume(self, chroma: ChromaIndex, lexical: LexicalIndex) -> int:
        self._sweep()
        self._forget(chroma, lexical)
        pending = self._archive.pending()
        latest = {article.id: article for article in pending}
        for start in range(0, len(latest), BATCH):
            self._index(list(latest.values())[start : start + BATCH], chroma, lexical)
        return len(latest)

    def _forget(self, chroma: ChromaIndex, lexical: LexicalIndex) -> None:
        if stale := self._archive.stale():
            live = self._archive.live_chunks()
            gone = [chunk_ for chunk_ in stale if chunk_ not in live]
            lexical.remove(gone)
            chroma.remove(gone)
            self._archive.forget_stale(stale)

    def _finish_pending_text(self) -> None:
        """Make pending versions visible before a rebuild: it indexes them with the rest."""
        if pending := self._archive.pending():
            self._archive.publish(list({article.id: article for article in pending}.values()))

    def _drop_foreign_vectors(self) -> None:
        """Forget vectors that another model made under this embedder's name; from then on it is this one's index."""
        made, stored = self._archive.get("made_with") or "", json.loads(self._archive.get("probe") or "[]")
        if made.startswith(f"{self._name}, ") and _cosine(stored, probe := self.probe()) < SAME_MODEL:
            self._archive.drop_vectors(self._name, {"probe": json.dumps(probe)})

    def _chunked(self, article: Article) -> tuple[Article, tuple[Chunk, ...], tuple[str, ...]]:
        chunks = chunk(article, self._archive.sentences(article))
        return article, chunks, tuple(digest(embedded_text(article, one)) for one in chunks)

    def _vectors(self, rows: Sequence[tuple[Article, Chunk, str]]) -> dict[str, Vectors]:
        """Return the vector of each chunk by hash; only texts that have none are embedded."""
        hashes = list(dict.fromkeys(key for _, _, key in rows))
        found = self._archive.vectors(hashes, self._name)
        texts = {key: embedded_text(article, chunk_) for article, chunk_, key in rows if key not in found}
        if texts:
            matrix = _embed(self._embedder, list(texts.values()))
            self._archive.store_vectors(list(texts), matrix, self._name)
            found |= dict(zip(texts, matrix, strict=True))
        return found

    def _stamp(self) -> dict[str, str]:
        return {"fingerprint": self.fingerprint, "made_with": self._made_with, "probe": json.dumps(self.probe())}

    def _sweep(self) -> None:
        """Remove index folders that are not in use: a rebuild was killed before or after its switch."""
        for folder in self._folder.glob("index-*"):
            if folder.name != self.place.name:
                shutil.rmtree(folder, ignore_errors=True)


class Shelf:
    """Near-copy signatures of an archive, to compare a new article with all of them at once."""

    def __init__(self, signatures: Mapping[str, bytes]) -> None:
        self._ids = list(signatures)
        self._rows = np.frombuffer(b"".join(signatures.values()), dtype="<u4").reshape(-1, PERMUTATIONS).copy()

    def put(self, article: str, signature: bytes) -> None:
        """Add one; an article's later signature is found beside its earlier one."""
        if len(self._ids) == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros((max(1024, len(self._rows)), PERMUTATIONS), dtype="<u4")])
        self._rows[len(self._ids)] = np.frombuffer(signature, dtype="<u4")
        self._ids.append(article)

    def near(self, signature: bytes, most: int = 8) -> list[str]:
        """Return the articles that may be copies, most alike first."""
        same = (self._rows[: len(self._ids)] == np.frombuffer(signature, dtype="<u4")).mean(axis=1)
        found = np.flatnonzero(same >= NEAR)
        return [self._ids[int(place)] for place in found[np.argsort(-same[found], kind="stable")][:most]]


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


def _cut(article: Article) -> Cut:
    spans = split(article.text)
    sentences = tuple(
        Sentence(article.id, article.version, n, start, end, article.text[start:end])
        for n, (start, end) in enumerate(spans)
    )
    chunks = chunk(article, sentences)
    hashes = tuple(digest(embedded_text(article, one)) for one in chunks)
    return Cut(article, spans, chunks, hashes, SPLITTER, signature(article.text))


def _embed(embedder: Embedder, texts: list[str]) -> Vectors:
    matrix: Callable[[Sequence[str]], Vectors] | None = getattr(embedder, "matrix", None)
    found = matrix(texts) if matrix else np.asarray(embedder.embed_documents(texts), dtype=np.float32)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return (found / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def _cosine(first: Sequence[float], second: Sequence[float]) -> float:
    if len(first) != len(second) or not first:
        return 0.0
    a, b = np.asarray(first), np.asarray(second)
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def _owner(path: Path) -> str:
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
        return f"process {owner['pid']} since {owner['since']}"
    except (OSError, ValueError, KeyError):
        return "another process"


def _number(folder: Path) -> int:
    return int(folder.name.rpartition("-")[2])
