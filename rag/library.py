"""A folder of articles: add, find, remove, keep in order. What a newsroom answers from.

Nothing here needs a model that writes. Whatever is slow to load is loaded when it is first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rag.archive import SqlArchive
from rag.current import EXACT_UP_TO
from rag.equipment import Equipment
from rag.errors import ReadError, UsageError
from rag.holdings import Added, Status
from rag.indexing import Indexer
from rag.readers import gather
from rag.settings import Settings
from rag.sources import Article, Scope, Sentence

if TYPE_CHECKING:
    from rag.doctor import Diagnosis
    from rag.outlines import Outline

Progress = Callable[[int, int], None]


class Library:
    """An archive of articles and its indexes."""

    def __init__(self, settings: Settings) -> None:
        """Open the archive that ``settings`` name. Raises ArchiveError if it cannot be used."""
        self.settings = settings
        self.equipment = Equipment(settings)
        self._folder = Path(settings.archive)
        self._archive = SqlArchive(self._folder)

    @classmethod
    def open(cls, path: str | Path | None = None, *, settings: Settings | None = None) -> Self:
        """Open the archive in ``path``, or the one that settings and environment name.

        One that is not there yet is made. Raises ArchiveError if it cannot be used, UsageError if a setting is wrong.
        """
        return cls(at(path, settings))

    def close(self) -> None:
        """Let go of the archive."""
        self.equipment.close()
        self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, *places: str | Path | Article, progress: Progress | None = None, removed: bool = True) -> Added:
        """Add files, folders, ``-`` for standard input, or articles; with ``removed`` those that were removed, too.

        What fails is listed in the result, the rest goes in. Raises IndexMismatch, ArchiveLocked, ArchiveDamaged,
        ProviderError; what was acknowledged before stays.
        """
        failed: list[ReadError] = []
        notes: list[str] = []
        outcome: dict[str, list[str]] = {"added": [], "updated": [], "unchanged": []}
        with self._indexer.writing():
            away = set[str]() if removed else self._archive.removed()
            coming = (article for article in gather(places, failed, notes) if article.id not in away)
            for receipt in self._indexer.add(coming, progress):
                outcome[receipt.outcome].append(receipt.article.id)
                if receipt.newer is not None:
                    notes.append(_older(receipt.article, receipt.newer))
        lists = {name: tuple(dict.fromkeys(ids)) for name, ids in outcome.items()}
        return Added(**lists, failed=tuple(failed), notes=tuple(notes))

    @property
    def folder(self) -> Path:
        """Where its locks and indexes stand."""
        return self._folder

    def articles(self, scope: Scope | None = None) -> list[Article]:
        """Return articles, newest first."""
        return self._archive.articles(scope)

    def article(self, id: str, version: str | None = None) -> Article:  # noqa: A002 - the field's own word
        """Return an article by its id or the start of it. Raises UsageError if there is none, or more than one."""
        if not isinstance(id, str) or not id:  # pyright: ignore[reportUnnecessaryIsInstance] - a caller may be untyped
            msg = f"an id is wanted, not {id!r:.60}"
            raise UsageError(msg, hint="give its id or the start of it; citewire list shows all")
        found = self._archive.article(id, version)
        if found is None:
            matching = self._archive.matching(id)
            if len(matching) > 1:
                msg = f"{id} is the start of {len(matching)} ids or more: {', '.join(matching[:3])}"
                raise UsageError(msg, hint="give more of it; citewire list shows all")
            found = self._archive.article(matching[0], version) if matching else None
        if found is None:
            what = f"version {version} of article {id}" if version else f"article {id}"
            msg = f"there is no {what}"
            raise UsageError(msg, hint="citewire list")
        return found

    def sentences(self, article: Article) -> tuple[Sentence, ...]:
        """Return the sentences of an article of this archive."""
        return self._archive.sentences(article)

    def remove(self, id: str) -> Article:  # noqa: A002 - the field's own word
        """Delete an article with all its versions, and return it. Raises UsageError if there is none."""
        return self.remove_all([id])[0]

    def remove_all(self, ids: Sequence[str]) -> list[Article]:
        """Delete articles with all their versions, and return them: all, or none.

        In one go, as the full text is written anew. Raises UsageError if one of them is not there.
        """
        articles = [self.article(id_) for id_ in ids]
        with self._indexer.writing():
            self._indexer.remove(*articles)
        return articles

    def status(self) -> Status:
        """Return what the archive holds."""
        counts = self._archive.counts()
        return Status(
            path=str(self._folder),
            articles=counts["articles"],
            versions=counts["versions"],
            chunks=counts["chunks"],
            pending=counts["pending"],
            generation=self._archive.generation,
            embedder=self.equipment.embedder_name,
            fingerprint=self._archive.get("fingerprint") or "",
            search="exact" if counts["chunks"] <= EXACT_UP_TO else "chroma",
            model=self.settings.model or "extractive",
        )

    def reindex(self, progress: Progress | None = None) -> int:
        """Make the indexes anew from the archive; return the number of chunks. Vectors that are stored are kept."""
        with self._indexer.writing():
            return self._indexer.reindex(progress)

    def doctor(self, *, fix: bool = False) -> Diagnosis:
        """Check archive and indexes; with ``fix``, rebuild what is damaged from the archive's own vectors."""
        from rag.doctor import examine  # noqa: PLC0415 - starts a child process, needed here only

        return examine(self._archive, self._indexer, fix=fix)

    def stories(self, scope: Scope | None = None) -> list[Outline]:
        """Return the stories that the articles within ``scope`` tell, those with most independent roots first."""
        from rag.grouping import Grouping  # noqa: PLC0415 - needed here only

        return Grouping(self._archive, self.equipment.embedder_name).outlines(scope or Scope())

    @cached_property
    def _indexer(self) -> Indexer:
        indexer = Indexer(
            self._archive,
            self.equipment.embedder,
            self.equipment.embedder_name,
            self._folder,
            server=self.settings.chroma,
        )
        indexer.lock_timeout = self.settings.lock_timeout
        return indexer


def at(path: str | Path | None, settings: Settings | None) -> Settings:
    """Return ``settings``, or those of file and environment, with the archive in ``path``. Raises UsageError."""
    chosen = settings or Settings.load()
    return chosen.model_copy(update={"archive": Path(path).expanduser()}) if path is not None else chosen


def _older(article: Article, newer: datetime) -> str:
    """Return what to say of an article that took the place of one published later: the last one added counts."""
    here, there = (f"{when:%Y-%m-%d %H:%M}" for when in (article.published or newer, newer))
    return f"{article.url or article.id}: published {here}, it took the place of what was published {there}"
