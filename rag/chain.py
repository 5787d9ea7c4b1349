"""Question to answer, and topic to briefing, as LangChain Runnables over our own types.

    question -> retrieve -> Found -> write -> Written -> check -> Answer | Abstention

Each step is a plain typed function; naming them as Runnables gives traces, batches, async and streaming. A retriever
for those who build their own chain stands at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict, Field

from rag.claims import Abstention, Answer, Citation, Draft, Provenance
from rag.protocols import Generator, Verifier
from rag.sources import Evidence, Passage, Query, Scope
from rag.verification import check_all

NEAREST = 3
"""Sentences shown with a declined answer."""


@dataclass(frozen=True, slots=True)
class Found:
    """What retrieval brought: sentences in reading order, those it scored with a score."""

    query: Query
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A draft and what it was written from."""

    found: Found
    draft: Draft


Retrieve = Callable[[Query], tuple[Evidence, ...]]
"""Query to sentences in reading order, those it scored with a score."""
Search = Callable[[Query], Sequence[Passage]]


def ask_chain(
    retrieve: Retrieve, generator: Generator, provenance: Provenance, verifier: Verifier | None = None
) -> Runnable[Query, Answer | Abstention]:
    """Return ``retrieve | write | check``.

    Invoking it raises ProviderError if the generator fails; a question without an answer is an Abstention.
    """

    def find(query: Query) -> Found:
        return Found(query, retrieve(query))

    def write(found: Found) -> Written:
        if not found.evidence:
            return Written(found, Draft((), (found.query.question,)))
        return Written(found, generator.write(found.query.question, found.evidence))

    def check(written: Written) -> Answer | Abstention:
        return conclude(written, provenance, verifier)

    return (
        RunnableLambda(find, name="retrieve")
        | RunnableLambda(write, name="write")
        | RunnableLambda(check, name="check")
    )


def conclude(written: Written, provenance: Provenance, verifier: Verifier | None = None) -> Answer | Abstention:
    """Pass a draft through the gates and return what may be said."""
    found, draft = written.found, written.draft
    question = found.query.question
    claims, withheld = check_all(draft, found.evidence, verifier)
    if claims:
        missing = draft.missing
        return Answer(question, claims, provenance, missing, withheld)
    return Abstention(question, provenance, draft.missing or (question,), nearest(found.evidence), withheld)


def nearest(evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """Return the sentences that came closest, best first."""
    scored = sorted(evidence, key=lambda item: (-(item.score if item.score is not None else -1e9), item.number))
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
    k: int = 12

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain passes it
        k: int | None = None,
    ) -> list[Document]:
        return [document(passage) for passage in self.search(Query(query, self.scope, k or self.k))]


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
