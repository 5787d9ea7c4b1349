"""Where the indexes of an archive stand, and both of them written and cleared together.

    folder/index-3/chroma, folder/index-3/lexical        or a collection of the same name on a Chroma server

A rebuild makes ``index-4`` beside it; which one is in use is a setting of the archive.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rag.archive import SqlArchive
from rag.chroma import ChromaIndex
from rag.lexical import LexicalIndex
from rag.protocols import Entry
from rag.sources import Article, Chunk

PART = 500
"""Articles whose texts are held at once while the full text is written anew."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The vector index and the full-text index of one place, open for writing."""

    chroma: ChromaIndex
    lexical: LexicalIndex

    def add(self, entries: Sequence[Entry]) -> None:
        """Write to both at once: each leaves the other a core."""
        with ThreadPoolExecutor(1) as pool:
            other = pool.submit(self.chroma.add, entries)
            self.lexical.add(entries)
            other.result()

    def forget_stale(self, archive: SqlArchive) -> None:
        """Remove what no visible version has; of an article that is gone no word stays in any file."""
        if stale := archive.stale():
            live = archive.chunks(stale)
            gone = [chunk for chunk in stale if chunk not in live]
            articles = {chunk.partition("@")[0] for chunk in gone}
            if articles - archive.live_articles(articles):
                self.lexical.rewrite(_visible(archive))  # a document that is only marked as deleted keeps its words
            else:
                self.lexical.remove(gone)
            self.chroma.remove(gone)
            archive.forget_stale(stale)

    def lacks(self, archive: SqlArchive) -> bool:
        """Tell whether one of them holds fewer chunks than are visible."""
        chunks = archive.counts()["chunks"]
        return bool(chunks) and min(self.chroma.count(), self.lexical.count()) < chunks


class Indexes:
    """The indexes of ``archive`` in ``folder``; vectors in the Chroma server at ``server`` where there is one."""

    def __init__(self, archive: SqlArchive, folder: Path, fingerprint: str, server: str | None = None) -> None:
        self._archive = archive
        self._folder = folder
        self._fingerprint = fingerprint
        self._server = server

    @property
    def place(self) -> Path:
        """The folder of the indexes in use; a rebuild makes a new one and then changes this."""
        return self._folder / (self._archive.get("index") or "index-1")

    @property
    def places(self) -> list[Path]:
        """The folders of all indexes that are there, in use or not."""
        return sorted(self._folder.glob("index-*"))

    def chroma(self, place: Path | None = None) -> ChromaIndex:
        """Return the vector index in use, or the one of ``place``."""
        where = place or self.place
        if self._server:
            return ChromaIndex(self._server, self._fingerprint, collection=self._collections + where.name)
        return ChromaIndex(where / "chroma", self._fingerprint, generation=lambda: self._archive.generation)

    def lexical(self, place: Path | None = None) -> LexicalIndex:
        """Return the full-text index in use, or the one of ``place``."""
        return LexicalIndex((place or self.place) / "lexical")

    def vacant(self) -> Path:
        """Return a new place, emptied of what a killed rebuild left there."""
        new = self._folder / f"index-{int(self.place.name.rpartition('-')[2]) + 1}"
        shutil.rmtree(new, ignore_errors=True)
        return new

    def sweep(self) -> None:
        """Remove indexes that are not in use: a rebuild was killed before or after its switch."""
        used = self.place
        for folder in self.places:
            if folder.name != used.name:
                shutil.rmtree(folder, ignore_errors=True)
        if self._server:
            self.chroma().sweep(self._collections)

    @property
    def _collections(self) -> str:
        """What the names of this archive's collections on a server begin with."""
        return f"citewire-{self._archive.name}-"


def _visible(archive: SqlArchive) -> Iterator[list[tuple[Chunk, Article]]]:
    """Yield what queries see: chunks with their articles, some articles at a time."""
    ids = sorted(archive.live_articles())
    for start in range(0, len(ids), PART):
        articles = archive.articles(ids=ids[start : start + PART])
        yield [(chunk, article) for article in articles for chunk, _ in archive.chunks_with_hashes(article)]
