"""The whole of citewire in one object: add articles, ask, brief, verify.

This room puts the parts together and is the only one that reads settings. Whatever is slow to load (models, Chroma,
LangChain) is loaded when it is first needed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import rag
from rag.answers import Abstention, Answer, Briefing
from rag.archive import SqlArchive
from rag.certificates import Verification, verify
from rag.claims import Provenance
from rag.conversation import Conversation
from rag.equipment import Equipment
from rag.errors import CitewireError, ReadError, UsageError
from rag.events import Event
from rag.exact import ExactIndex, Rows
from rag.indexing import Indexer
from rag.protocols import Generator, Verifier
from rag.readers import Note, read
from rag.searching import Searcher
from rag.settings import Settings
from rag.sources import Article, Evidence, Passage, Query, Scope, Sentence

if TYPE_CHECKING:
    from rag.chain import ArticleRetriever, Chain
    from rag.chroma import ChromaIndex
    from rag.doctor import Diagnosis
    from rag.inspection import Part

EXACT_UP_TO = 200_000
"""Chunks up to which vectors are scanned exactly: at 100,000 x 256 that takes 10 ms a query and is reproducible
(``benchmarks/search.py``). Above, Chroma's approximate index answers."""
LONGEST_QUESTION = 2_000
"""Characters. A longer text is no question; it would only cost time."""

INSPECTION = 15.0
"""Seconds in which a model must answer to be called one that answers."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of what was added."""

    added: tuple[str, ...] = ()
    """Ids of new articles."""
    updated: tuple[str, ...] = ()
    """Ids of articles of which a new version came."""
    unchanged: tuple[str, ...] = ()
    failed: tuple[ReadError, ...] = ()
    """What could not become an article, by file or line."""
    notes: tuple[str, ...] = ()
    """Doubts about what was read."""


@dataclass(frozen=True, slots=True)
class Status:
    """What an archive holds and how it is searched."""

    path: str
    articles: int
    versions: int
    chunks: int
    pending: int
    """Versions that a crash left unindexed; the next ``add`` finishes them."""
    generation: int
    embedder: str
    fingerprint: str
    """Of the index that is there; empty if there is none."""
    search: str
    """``exact`` or ``chroma``."""
    model: str

    def to_dict(self) -> dict[str, object]:
        """Return the fields as a dict."""
        return asdict(self)


def _checked(question: str) -> str:
    """Return a question in one line. Raises UsageError if it is empty or too long."""
    asked = " ".join(question.split())
    if not asked:
        msg = "the question is empty"
        raise UsageError(msg, hint='citewire ask "Who chairs the inquiry?"')
    if len(asked) > LONGEST_QUESTION:
        msg = f"the question has {len(asked):,} characters; the limit is {LONGEST_QUESTION:,}"
        raise UsageError(msg, hint="ask about one thing at a time")
    return asked


def _query(question: str, scope: Scope | None, k: int) -> Query:
    return Query(_checked(question), scope or Scope(), k)


def _quietly(load: Callable[[], object]) -> None:
    with suppress(CitewireError):  # the question itself will say what is missing
        load()


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
        self._chroma: ChromaIndex | None = None
        self._chroma_seen = -1
        self._building = threading.RLock()
        self._counted = (-1, 0)

    @classmethod
    def open(cls, path: str | Path | None = None, *, settings: Settings | None = None) -> Self:
        """Open the archive in ``path``, or the one that settings and environment name.

        Raises ArchiveError if it cannot be used, UsageError if a setting is wrong.
        """
        chosen = settings or Settings.load()
        return cls(chosen.model_copy(update={"archive": Path(path)}) if path is not None else chosen)

    def close(self) -> None:
        """Let go of the archive and its indexes."""
        if self._chroma is not None:
            self._chroma.close()
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

        # a remembered reply tells nothing, and who only looks does not wait for a server to mend itself
        tried = self.settings.model_copy(update={"fresh": True, "deadline": min(self.settings.deadline, INSPECTION)})
        equipment = Equipment(tried)
        try:
            return inspect(self.settings, equipment)
        finally:
            equipment.close()

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
        """Do the same for an event loop. The work is done in a thread that nobody waits for, once the loop is left."""
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Event | BaseException | None] = asyncio.Queue()
        left = threading.Event()

        def put(item: Event | BaseException | None) -> None:
            with suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(queue.put_nowait, item)

        def work() -> None:
            try:
                for event in self.stream(question, scope=scope, k=k):
                    put(event)
                    if left.is_set():
                        return
            except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
                put(error)
            else:
                put(None)

        threading.Thread(target=work, name="citewire-stream", daemon=True).start()
        try:
            while (item := await queue.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            left.set()

    def conversation(self, *, scope: Scope | None = None, k: int = 12) -> Conversation:
        """Return a conversation, in which a question may lean on those before it."""
        within = scope or Scope()
        return Conversation(
            lambda whole: self.stream(whole, scope=within, k=k), self.equipment.chat, self.equipment.prompt
        )

    def brief(
        self, topic: str | None = None, *, scope: Scope | None = None, words: int = 300, stories: int = 5
    ) -> Briefing:
        """Write a neutral briefing of about ``words`` words over the articles within ``scope`` that match ``topic``.

        Raises UsageError, IndexMismatch, ProviderError.
        """
        from rag.briefing import Brief, Desk  # noqa: PLC0415 - needed here only

        wanted = scope or Scope()
        generator = self.generator()
        chat = None if generator.name == "extractive" else generator
        brief = Brief(topic, wanted, words, stories)
        desk = Desk(self._archive, self._searcher, self.equipment.embedder_name)
        return desk.write(brief, lambda: self._provenance(generator, wanted), chat=chat, verifier=self.verifier)

    def verify(self, document: Mapping[str, object]) -> Verification:
        """Check a saved answer or briefing against the archive. Raises UsageError if it is neither."""
        return verify(document, self._archive)

    def evidence(self, query: Query) -> tuple[Evidence, ...]:
        """Return the sentences that ``ask`` would read, those that may answer with a score."""
        return self._searcher.evidence(query)

    def passages(self, question: str, *, scope: Scope | None = None, k: int = 12) -> list[Passage]:
        """Return the passages that ``ask`` would read, best first."""
        return self._searcher.passages(Query(question, scope or Scope(), k))

    def as_retriever(self, *, scope: Scope | None = None, k: int = 12) -> ArticleRetriever:
        """Return a LangChain retriever over this archive."""
        from rag.chain import ArticleRetriever  # noqa: PLC0415 - LangChain takes 0.1 s to import

        return ArticleRetriever(search=self._searcher.passages, scope=scope or Scope(), k=k)

    def _chain(self, scope: Scope, halt: threading.Event | None = None) -> Chain:
        self._load_beside()
        from rag.chain import ask_chain  # noqa: PLC0415 - LangChain takes 0.1 s to import

        with self._building:  # parts are made once, however many ask at once
            generator, verifier, searcher = self.generator(), self.verifier, self._searcher
        return ask_chain(searcher.evidence, generator, lambda: self._provenance(generator, scope), verifier, halt=halt)

    # -- parts ---------------------------------------------------------------------------------------------------

    def generator(self) -> Generator:
        """Return what writes answers: the one given, the chat model of the settings, or the extractive one."""
        return self._generator or self.equipment.generator()

    @property
    def verifier(self) -> Verifier | None:
        """What judges claims besides the rules: the one given, or that of the settings."""
        return self._verifier or self.equipment.verifier

    def _provenance(self, generator: Generator, scope: Scope) -> Provenance:
        return Provenance(
            generator=generator.name,
            verifier=verifier.name if (verifier := self.verifier) else "rules",
            index=self._indexer.fingerprint,
            citewire=rag.__version__,
            prompt=generator.prompt,
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
    def _exact(self) -> ExactIndex:
        def load() -> Rows:
            table = self._archive.vector_table(self.equipment.embedder_name)
            return table.ids, table.articles, table.matrix

        return ExactIndex(load, lambda: self._archive.generation, self._archive.allowed)

    def _chunks(self) -> int:
        """Return the number of visible chunks, counted once for each generation of the archive."""
        generation = self._archive.generation
        if self._counted[0] != generation:
            self._counted = (generation, self._archive.counts()["chunks"])
        return self._counted[1]

    def _load_beside(self) -> None:
        """Load the reranker and the vectors beside what this thread loads: 0.7 s of a first question."""
        loads: list[Callable[[], object]] = []
        if self.settings.rerank and "reranker" not in self.equipment.__dict__:
            reranker = self.equipment.reranker
            loads.append(lambda: reranker.score("", [""]))
        if "_exact" not in self.__dict__ and self._chunks() <= EXACT_UP_TO:
            loads.append(self._exact.refresh)
        for load in loads:
            threading.Thread(target=_quietly, args=(load,), daemon=True).start()

    @property
    def _searcher(self) -> Searcher:
        """A searcher over what is there now. Raises IndexMismatch."""
        self._indexer.check(probe=hasattr(self.equipment.embedder, "matrix"))  # a hosted embedder would be paid for it
        large = self._chunks() > EXACT_UP_TO
        dense: ExactIndex | ChromaIndex = self._exact
        if large:
            dense = self._fresh_chroma()
        reranker = self.equipment.reranker if self.settings.rerank else None
        return Searcher(self._archive, dense, self._indexer.lexical(), self.equipment.embedder, reranker)

    def _fresh_chroma(self) -> ChromaIndex:
        """Open Chroma anew where the archive has changed: a reader that stays open goes stale in silence."""
        with self._building:
            generation = self._archive.generation
            if self._chroma is None or self._chroma_seen != generation:
                if self._chroma is not None:
                    self._chroma.close()
                self._chroma, self._chroma_seen = self._indexer.chroma(), generation
            return self._chroma

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
