"""The whole of citewire in one object: add articles, ask, brief, verify.

This room puts the parts together and is the only one that reads settings. Whatever is slow to load (models, Chroma,
LangChain) is loaded when it is first needed.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import rag
from rag.answers import Abstention, Answer, Briefing
from rag.archive import SqlArchive
from rag.background import iterate
from rag.certificates import Verification, verify
from rag.claims import Provenance
from rag.conversation import Conversation
from rag.current import EXACT_UP_TO, Current
from rag.equipment import Equipment
from rag.errors import ReadError, UsageError
from rag.events import Event
from rag.holdings import Added, Status
from rag.indexing import Indexer
from rag.protocols import Generator, Verifier
from rag.questions import checked
from rag.readers import Note, read
from rag.settings import Settings
from rag.sources import Article, Evidence, Passage, Query, Scope, Sentence

if TYPE_CHECKING:
    from rag.chain import ArticleRetriever, Chain
    from rag.doctor import Diagnosis
    from rag.inspection import Part

Progress = Callable[[int, int], None]
PARALLEL = 4
"""Stories that a chat model writes at once."""


def _query(question: str, scope: Scope | None, k: int) -> Query:
    return Query(checked(question), scope or Scope(), k)


class Newsroom:
    """An archive of articles that answers."""

    def __init__(
        self, settings: Settings, *, generator: Generator | None = None, verifier: Verifier | None = None
    ) -> None:
        """Open the archive that ``settings`` name; ``generator`` and ``verifier`` replace the configured ones.

        Raises ArchiveError if it cannot be used.
        """
        self.settings = settings
        self._generator = generator
        self._verifier = verifier
        self.equipment = Equipment(settings)
        self._folder = Path(settings.archive)
        self._archive = SqlArchive(self._folder)
        self._building = threading.RLock()

    @classmethod
    def open(cls, path: str | Path | None = None, *, settings: Settings | None = None) -> Self:
        """Open the archive in ``path``, or the one that settings and environment name.

        Raises ArchiveError if it cannot be used, UsageError if a setting is wrong.
        """
        chosen = settings or Settings.load()
        return cls(chosen.model_copy(update={"archive": Path(path)}) if path is not None else chosen)

    def close(self) -> None:
        """Let go of the archive and its indexes."""
        if "_current" in self.__dict__:
            self._current.close()
        self.equipment.close()
        self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- articles ------------------------------------------------------------------------------------------------

    def add(self, *places: str | Path | Article, progress: Progress | None = None) -> Added:
        """Add files, folders, ``-`` for standard input, or articles.

        What fails is listed in the result, the rest goes in. Raises IndexMismatch, ArchiveLocked, ArchiveDamaged,
        ProviderError; what was acknowledged before stays.
        """
        failed: list[ReadError] = []
        notes: list[str] = []
        outcome: dict[str, list[str]] = {"added": [], "updated": [], "unchanged": []}
        with self._indexer.writing():
            for receipt in self._indexer.add(self._articles(places, failed, notes), progress):
                outcome[receipt.outcome].append(receipt.article.id)
        lists = {name: tuple(dict.fromkeys(ids)) for name, ids in outcome.items()}
        return Added(**lists, failed=tuple(failed), notes=tuple(notes))

    def articles(self, scope: Scope | None = None) -> list[Article]:
        """Return articles, newest first."""
        return self._archive.articles(scope)

    def article(self, id: str, version: str | None = None) -> Article:  # noqa: A002 - the field's own word
        """Return an article by its id or the start of it. Raises UsageError if there is none, or more than one."""
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
        article = self.article(id)
        with self._indexer.writing():
            self._indexer.remove(article)
        return article

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

    def models(self) -> list[Part]:
        """Try each model that is set, and say which answer and what is missing."""
        from rag.inspection import inspect  # noqa: PLC0415 - needed here only

        return inspect(self.settings)

    def doctor(self, *, fix: bool = False) -> Diagnosis:
        """Check archive and indexes; with ``fix``, rebuild what is damaged from the archive's own vectors."""
        from rag.doctor import examine  # noqa: PLC0415 - starts a child process, needed here only

        return examine(self._archive, self._indexer, fix=fix)

    # -- answers -------------------------------------------------------------------------------------------------

    def ask(self, question: str, *, scope: Scope | None = None, k: int = 12) -> Answer | Abstention:
        """Answer a question from the articles within ``scope``, reading ``k`` passages.

        Raises UsageError for a question that is empty or too long, IndexMismatch, ProviderError, BudgetReached.
        """
        query = _query(question, scope, k)
        return self._chain(query.scope).invoke(query).result

    def stream(self, question: str, *, scope: Scope | None = None, k: int = 12) -> Iterator[Event]:
        """Answer as ``ask`` does and tell each step: what was found, each claim once its gates have passed, the result.

        Closing the iterator, or interrupting it, ends the work. Raises as ``ask`` does.
        """
        query = _query(question, scope, k)
        halt = threading.Event()
        chain = self._chain(query.scope, halt)
        from rag.chain import events  # noqa: PLC0415 - LangChain takes 0.1 s to import

        yield from events(chain, query, halt)

    async def astream(self, question: str, *, scope: Scope | None = None, k: int = 12) -> AsyncIterator[Event]:
        """Do the same for an event loop, which nothing of it blocks."""
        async for event in iterate(lambda: self.stream(question, scope=scope, k=k)):
            yield event

    def conversation(self, *, scope: Scope | None = None, k: int = 12) -> Conversation:
        """Return a conversation, in which a question may lean on those before it."""
        within = scope or Scope()
        chat, prompt = self.equipment.chat, self.equipment.prompt
        return Conversation(lambda whole: self.stream(whole, scope=within, k=k), chat, prompt)

    def brief(
        self, topic: str | None = None, *, scope: Scope | None = None, words: int = 300, stories: int = 5
    ) -> Briefing:
        """Write a neutral briefing of about ``words`` words over the articles within ``scope`` that match ``topic``.

        Raises UsageError, IndexMismatch, ProviderError.
        """
        from rag.briefing import Brief, Desk  # noqa: PLC0415 - needed here only

        wanted = scope or Scope()
        generator = self.generator()
        given = self._generator is not None  # one that was given may not bear to be used by several at once
        writer = None if generator.name == "extractive" else (lambda: generator) if given else self.equipment.generator
        desk = Desk(self._archive, self._current.searcher(), self.equipment.embedder_name)
        return desk.write(
            Brief(topic, wanted, words, stories),
            lambda writers: self._provenance(writers or [generator], wanted),
            writer=writer,
            verifier=self.verifier,
            parallel=1 if given else PARALLEL,
        )

    def verify(self, document: Mapping[str, object]) -> Verification:
        """Check a saved answer or briefing against the archive. Raises UsageError if it is neither."""
        return verify(document, self._archive)

    def evidence(self, query: Query) -> tuple[Evidence, ...]:
        """Return the sentences that ``ask`` would read, those that may answer with a score."""
        return self._current.searcher().evidence(query)

    def passages(self, question: str, *, scope: Scope | None = None, k: int = 12) -> list[Passage]:
        """Return the passages that ``ask`` would read, best first."""
        return self._current.searcher().passages(Query(question, scope or Scope(), k))

    def as_retriever(self, *, scope: Scope | None = None, k: int = 12) -> ArticleRetriever:
        """Return a LangChain retriever over this archive."""
        from rag.chain import ArticleRetriever  # noqa: PLC0415 - LangChain takes 0.1 s to import

        return ArticleRetriever(search=self._current.searcher().passages, scope=scope or Scope(), k=k)

    def _chain(self, scope: Scope, halt: threading.Event | None = None) -> Chain:
        self._current.load_beside()
        from rag.chain import ask_chain  # noqa: PLC0415 - LangChain takes 0.1 s to import

        with self._building:  # parts are made once, however many ask at once
            generator, verifier, searcher = self.generator(), self.verifier, self._current.searcher()
        return ask_chain(
            searcher.evidence, generator, lambda: self._provenance([generator], scope), verifier, halt=halt
        )

    # -- parts ---------------------------------------------------------------------------------------------------

    def generator(self) -> Generator:
        """Return what writes answers: the one given, the chat model of the settings, or the extractive one."""
        return self._generator or self.equipment.generator()

    @property
    def verifier(self) -> Verifier | None:
        """What judges claims besides the rules: the one given, or that of the settings."""
        return self._verifier or self.equipment.verifier

    def _provenance(self, writers: Sequence[Generator], scope: Scope) -> Provenance:
        return Provenance(
            generator=", ".join(dict.fromkeys(writer.name for writer in writers)),
            verifier=verifier.name if (verifier := self.verifier) else "rules",
            index=self._indexer.fingerprint,
            citewire=rag.__version__,
            prompt=writers[0].prompt,
            as_of=scope.as_of,
        )

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

    @cached_property
    def _current(self) -> Current:
        return Current(self._archive, self._indexer, self.equipment, rerank=self.settings.rerank)

    def _articles(
        self, places: Sequence[str | Path | Article], failed: list[ReadError], notes: list[str]
    ) -> Iterator[Article]:
        for place in places:
            if isinstance(place, Article):
                yield place
                continue
            for item in read(str(place)):
                if isinstance(item, Article):
                    yield item
                elif isinstance(item, Note):
                    notes.append(str(item))
                else:
                    failed.append(item)
