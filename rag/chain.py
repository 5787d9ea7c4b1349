"""Question to answer, as LangChain Runnables over our own types.

    Query -> retrieve -> Found -> write -> Written -> check -> Told

``write`` and ``check`` stream: a statement is checked as soon as it is written, and told as soon as it is checked. Each
step is a plain typed function; naming them as Runnables gives traces, batches, async and streaming. A retriever for
those who build their own chain stands at the end.
"""

from __future__ import annotations

import asyncio
import collections.abc
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain as chained
from threading import Event
from typing import TypeVar, cast

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda
from pydantic import ConfigDict, Field

from rag import events as happenings
from rag.answers import Abstention, Answer
from rag.caveats import Caveats
from rag.claims import Citation, Claim, Provenance, Withheld
from rag.errors import ProviderError
from rag.events import ClaimVerified, ClaimWithheld, Done, Retrieved
from rag.proposals import Draft, Missing, Note, Proposal, Statement
from rag.protocols import Generator, Mender, Verifier
from rag.questions import checked
from rag.sources import Evidence, Passage, Query, Scope
from rag.tracing import span
from rag.verification import check, harmless, judge_fault, refuted, unjudged

NEAREST = 3
"""Sentences shown with a declined answer."""

In = TypeVar("In")
Out = TypeVar("Out")


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval brought: sentences in reading order, those it scored with a score."""

    query: Query
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """Proposals and what they were written from; parts of one stream add up."""

    found: Found
    proposals: tuple[Proposal, ...] = ()

    def __add__(self, other: Written) -> Written:
        return Written(self.found, (*self.proposals, *other.proposals))


@dataclass(frozen=True, slots=True)
class Told:
    """Events; parts of one stream add up."""

    events: tuple[happenings.Event, ...]

    def __add__(self, other: Told) -> Told:
        return Told((*self.events, *other.events))

    @property
    def result(self) -> Answer | Abstention:
        """The answer, once all is told. Raises ValueError before that."""
        last = self.events[-1] if self.events else None
        if not isinstance(last, Done):
            msg = "the answer is not complete"
            raise ValueError(msg)  # noqa: TRY004 - the time is wrong, not the type
        return last.result


Chain = Runnable[Query, Told]
"""A question's whole way; ``invoke``, ``batch``, ``stream`` and their async forms are LangChain's."""
Retrieve = Callable[[Query], tuple[Evidence, ...]]
"""Query to sentences in reading order, those it scored with a score."""
Search = Callable[[Query], Sequence[Passage]]


def ask_chain(
    retrieve: Retrieve,
    generator: Generator,
    provenance: Callable[[], Provenance],
    verifier: Verifier | None = None,
    *,
    halt: Event | None = None,
) -> Chain:
    """Return ``retrieve | write | check``; ``provenance`` is asked at the end, when it is known what wrote.

    Setting ``halt`` ends the writing: of a stream that is closed, LangChain reads the rest for its tracers. Invoking it
    raises ProviderError if the generator fails, and what a judge failed with where nothing passed; a question without
    an answer is an Abstention.
    """

    def find(query: Query) -> Found:
        with span("retrieve", k=query.k):
            return Found(query, retrieve(query))

    def write(chunks: Iterator[Found]) -> Iterator[Written]:
        for found in chunks:
            yield Written(found)  # the search is told before anything is written
            for proposal in _proposals(found, generator):
                yield Written(found, (proposal,))
                if halt is not None and halt.is_set():
                    return

    def judge(chunks: Iterator[Written]) -> Iterator[Told]:
        first = next(chunks)
        checking = _Checking(first.found, generator, verifier)
        yield Told((checking.retrieved,))
        for proposal in (proposal for written in chained([first], chunks) for proposal in written.proposals):
            yield from checking.take(proposal)
        if halt is None or not halt.is_set():
            yield from checking.mend()
        yield Told((Done(checking.conclude(provenance())),))

    return (
        RunnableLambda(find, name="retrieve")
        | RunnableGenerator(write, _beside(write), name="write")
        | RunnableGenerator(judge, _beside(judge), name="check")
    )


def events(chain: Chain, query: Query, halt: Event) -> Iterator[happenings.Event]:
    """Yield what happens. Closing the iterator ends the work."""
    steps = cast("collections.abc.Generator[Told]", chain.stream(query))
    try:
        for told in steps:
            yield from told.events
    finally:
        halt.set()  # before the steps are closed: LangChain reads them to their end then
        steps.close()


def _proposals(found: Found, generator: Generator) -> Iterator[Proposal]:
    if not found.evidence:
        yield Missing(found.query.question)
        return
    proposals = generator.write(found.query.question, found.evidence)
    begun = False
    while True:
        try:
            with span("write", generator=generator.name):
                proposal = next(proposals, None)
        except ProviderError as error:
            if not begun:
                raise
            yield Note(f"the rest was not written: {error}")  # what was done stays done
            yield Missing(found.query.question)
            return
        if proposal is None:
            return
        begun = begun or isinstance(proposal, Statement)
        yield proposal


class _Checking:
    """One question's proposals on their way through the gates."""

    def __init__(self, found: Found, generator: Generator, verifier: Verifier | None) -> None:
        self._found = found
        self._generator = generator
        self._verifier = verifier
        self._caveats = Caveats(found.evidence)
        self._proposals: dict[Proposal, None] = {}
        self._claims: dict[Claim, None] = {}
        self._withheld: list[Withheld] = []

    @property
    def retrieved(self) -> Retrieved:
        evidence = self._found.evidence
        return Retrieved(self._found.query.question, len(evidence), len({item.article.id for item in evidence}))

    def take(self, proposal: Proposal) -> Iterator[Told]:
        """Check a statement and tell what became of it; note anything else. What came before is passed over."""
        if proposal in self._proposals:
            return
        self._proposals[proposal] = None
        if not isinstance(proposal, Statement):
            return
        result = check(proposal, self._found.evidence, self._verifier)
        if isinstance(result, Withheld):
            self._withheld.append(result)
            yield Told((ClaimWithheld(result),))
            return
        claim = self._caveats.beside(result)
        if claim not in self._claims:
            self._claims[claim] = None
            yield Told((ClaimVerified(claim),))

    def mend(self) -> Iterator[Told]:
        """Let the generator try once more what was withheld; what failed stays on record."""
        wrong = refuted(self._withheld)
        if not wrong or not isinstance(self._generator, Mender):
            return
        question, evidence = self._found.query.question, self._found.evidence
        with span("mend", withheld=len(wrong)):
            proposals = tuple(self._generator.mend(question, evidence, wrong))
        for proposal in proposals:
            yield from self.take(proposal)

    def conclude(self, provenance: Provenance) -> Answer | Abstention:
        """Return what may be said. Raises the fault of a judge that left nothing that may be, and something open."""
        draft = Draft.of(self._proposals)
        question = self._found.query.question
        withheld = tuple(self._withheld)
        notes = (*draft.notes, *unjudged(withheld))
        if self._claims:
            return Answer(question, tuple(self._claims), provenance, draft.missing, withheld, notes=notes)
        if fault := judge_fault(withheld):
            raise fault
        missing = draft.missing or (question,)
        close = nearest(self._found.evidence)
        return Abstention(question, provenance, missing, close, withheld, notes=notes)


def _beside(transform: Callable[[Iterator[In]], Iterator[Out]]) -> Callable[[AsyncIterator[In]], AsyncIterator[Out]]:
    """Return ``transform`` for an event loop: its steps run in a thread, so that they block nobody."""

    async def transform_async(chunks: AsyncIterator[In]) -> AsyncIterator[Out]:
        outputs = transform(iter([chunk async for chunk in chunks]))
        while (output := await asyncio.to_thread(next, outputs, None)) is not None:
            yield output

    return transform_async


def nearest(evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """Return the sentences that came closest, best first; none that gives orders to language models."""
    scored = sorted(
        harmless(evidence), key=lambda item: (-(item.score if item.score is not None else -1e9), item.number)
    )
    return tuple(Citation.of(item.sentence, item.article) for item in scored[:NEAREST])


class ArticleRetriever(BaseRetriever):
    """The archive as a LangChain retriever: each document is a passage, verbatim, with its place.

    Metadata: ``id``, ``article``, ``version``, ``start``, ``end`` (code points of the article's text), ``headline``,
    ``outlet``, ``published`` (ISO 8601), ``url``, ``score``.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    search: Search
    """Query to passages, best first."""
    scope: Scope = Field(default_factory=Scope)
    k: int = Field(default=12, ge=1)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain passes it
        k: int | None = None,
    ) -> list[Document]:
        return [document(passage) for passage in self.search(Query(checked(query), self.scope, k or self.k))]


def document(passage: Passage) -> Document:
    """Return ``passage`` as a LangChain document."""
    article, chunk = passage.article, passage.chunk
    return Document(
        page_content=article.text[chunk.start : chunk.end],
        id=chunk.id,
        metadata={
            "id": chunk.id,
            "article": article.id,
            "version": article.version,
            "start": chunk.start,
            "end": chunk.end,
            "headline": article.headline,
            "outlet": article.outlet,
            "published": article.published.isoformat() if article.published else None,
            "url": article.url,
            "score": passage.score,
        },
    )
