"""The whole of citewire in one object: add articles, ask, brief, verify.

This room puts the parts together; only it and ``library`` read settings. Whatever is slow to load (models, Chroma,
LangChain) is loaded when it is first needed.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

import rag
from rag.answers import Abstention, Answer, Briefing
from rag.background import iterate
from rag.certificates import Verification, parse, verify
from rag.claims import Provenance
from rag.conversation import Conversation
from rag.current import Current
from rag.editions import Request
from rag.editor import Document, Edition, Editor, wire_of
from rag.errors import UsageError
from rag.events import Event
from rag.library import Library, at
from rag.protocols import Generator, Verifier
from rag.questions import checked
from rag.settings import Settings
from rag.sources import Article, Evidence, Passage, Query, Scope

if TYPE_CHECKING:
    from rag.chain import ArticleRetriever, Chain
    from rag.changes import Changes
    from rag.inspection import Part

PARALLEL = 4
"""Stories that a chat model writes at once."""


def _query(question: str, scope: Scope | None, k: int) -> Query:
    """Return what is asked. Raises UsageError for no question, and for no passages to read."""
    if k < 1:
        msg = f"k is {k}: at least one passage must be read"
        raise UsageError(msg, hint="leave it out for 12")
    return Query(checked(question), scope or Scope(), k)


class Newsroom(Library):
    """An archive of articles that answers."""

    def __init__(
        self, settings: Settings, *, generator: Generator | None = None, verifier: Verifier | None = None
    ) -> None:
        """Open the archive that ``settings`` name; ``generator`` and ``verifier`` replace the configured ones.

        Raises ArchiveError if it cannot be used.
        """
        super().__init__(settings)
        self._generator = generator
        self._verifier = verifier
        self._building = threading.RLock()

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        settings: Settings | None = None,
        generator: Generator | None = None,
        verifier: Verifier | None = None,
    ) -> Self:
        """Open the archive in ``path``, or the one that settings and environment name; one that is not there is made.

        ``generator`` and ``verifier`` replace the configured ones. Raises ArchiveError, UsageError.
        """
        return cls(at(path, settings), generator=generator, verifier=verifier)

    def close(self) -> None:
        """Let go of the archive and its indexes."""
        if "_current" in self.__dict__:
            self._current.close()
        super().close()

    def models(self) -> list[Part]:
        """Try each model that is set, and say which answer and what is missing."""
        from rag.inspection import inspect  # noqa: PLC0415 - needed here only

        return inspect(self.settings)

    def ask(self, question: str, *, scope: Scope | None = None, k: int = 12) -> Answer | Abstention:
        """Answer a question from the articles within ``scope``, reading ``k`` passages.

        Raises UsageError for a question that is empty or too long, IndexMismatch, ProviderError, BudgetReached.
        """
        query = _query(question, scope, k)
        return self._chain(query.scope).invoke(query).result

    def stream(self, question: str, *, scope: Scope | None = None, k: int = 12) -> Iterator[Event]:
        """Answer as ``ask`` does and tell each step: what was found, each claim once its gates have passed, the result.

        Closing the iterator, or interrupting it, ends the work. Raises what ``ask`` does when it is first iterated.
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
        """Return a conversation, in which a question may lean on those before it. Raises UsageError."""
        within = scope or Scope()
        chat, prompt = self.equipment.chat, self.equipment.prompt
        return Conversation(lambda whole: self.stream(whole, scope=within, k=k), chat, prompt)

    def brief(
        self,
        topic: str | None = None,
        *,
        scope: Scope | None = None,
        words: int = 300,
        stories: int = 5,
        story: str | None = None,
        strict: bool = False,
    ) -> Briefing:
        """Write a neutral briefing of about ``words`` words over the articles within ``scope`` that match ``topic``.

        With ``story``, the id of one (``stories``) or its start, it is about that one. ``strict`` withholds what is not
        worded plainly. Raises UsageError, IndexMismatch, ProviderError, BudgetReached.
        """
        from rag.briefing import Brief, Desk  # noqa: PLC0415 - needed here only

        wanted = scope or Scope()
        generator = self.generator()
        given = self._generator is not None  # one that was given may not bear to be used by several at once
        writer = None if generator.name == "extractive" else (lambda: generator) if given else self.equipment.generator
        desk = Desk(self._archive, self._current.searcher(), self.equipment.embedder_name, self.equipment.twins)
        return desk.write(
            Brief(topic, wanted, words, stories, story, strict),
            lambda writers: self._provenance(writers or [generator], wanted),
            writer=writer,
            verifier=self.verifier,
            parallel=1 if given else PARALLEL,
        )

    def edition(
        self, topic: str | None = None, *, scope: Scope | None = None, words: int = 300, stories: int = 5
    ) -> Edition:
        """Write a briefing, say what changed since the last edition of the same topic and outlets, and keep it."""
        request = Request(topic, scope.outlets if scope else ())
        written = partial(self.brief, topic, scope=scope, words=words, stories=stories)
        self.editor.keep(edition := self.editor.edition(request, written))
        return edition

    def diff(self, before: Document, after: Document) -> Changes:
        """Return what changed between two briefings or two answers. Raises UsageError if they are not that."""
        return self.editor.diff(before, after)

    def verify(self, document: Document, *, current: bool = False) -> Verification:
        """Check an answer or briefing, or one that was saved, against the archive. Raises UsageError if it is neither.

        With ``current`` the other reports of its stories are read as well, for figures that were overtaken since.
        """
        wire = wire_of(document)
        found = verify(wire, self._archive)
        if not current:
            return found
        from rag.grouping import Grouping  # noqa: PLC0415 - needed here only
        from rag.later import overtaken  # noqa: PLC0415

        flagged = {since.claim for since in found.corrected_since}
        grouping = Grouping(self._archive, self.equipment.embedder_name)
        later = overtaken(parse(wire), self._archive, grouping)
        more = (since for since in later if since.claim not in flagged)
        return replace(found, corrected_since=(*found.corrected_since, *more))

    def evidence(self, query: Query) -> tuple[Evidence, ...]:
        """Return the sentences that ``ask`` would read, those that may answer with a score."""
        return self._current.searcher().evidence(query)

    def passages(self, question: str, *, scope: Scope | None = None, k: int = 12) -> list[Passage]:
        """Return the passages that ``ask`` would read, best first."""
        return self._current.searcher().passages(_query(question, scope, k))

    def articles_about(self, topic: str, *, k: int = 12) -> list[Article]:
        """Return the articles about ``topic`` among the best ``k`` passages; none where there are none."""
        searcher = self._current.searcher()
        found = {passage.article.id: passage.article for passage in searcher.passages(_query(topic, None, k))}
        return [article for article in found.values() if searcher.about(topic, [article])]

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

    @cached_property
    def editor(self) -> Editor:
        """What writes editions, keeps them and compares documents. Raises ArchiveError."""
        return Editor(self._archive, self.equipment.editions)

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
    def _current(self) -> Current:
        return Current(self._archive, self._indexer, self.equipment, rerank=self.settings.rerank)
