"""The seams: what can be replaced, each in one or two methods.

For each seam a stand-in ships in ``offline.py``, and one contract test runs on every implementation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from rag.claims import Verdict, Withheld
from rag.errors import BudgetReached, ProviderError
from rag.proposals import Note, Pair, Proposal
from rag.sources import Article, Chunk, Evidence, Scope, Sentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pydantic import BaseModel

    Vectors = NDArray[np.float32]
    """Shape (n, dimensions), each row of length 1."""


class Embedder(Protocol):
    """Text to vectors: the two methods of LangChain's Embeddings, so that any of theirs fits."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector for each text."""
        ...

    def embed_query(self, text: str) -> list[float]:
        """Return the vector to search with."""
        ...


class Reranker(Protocol):
    """Question and texts to relevance."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one logit for each text; above 0 means relevant."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """What an index keeps of one chunk."""

    chunk: Chunk
    article: Article
    vector: Sequence[float] | Vectors
    """Of length 1; an index of words ignores it."""


Query_contra = TypeVar("Query_contra", contravariant=True)


class Index(Protocol[Query_contra]):
    """A derived index, made from the archive and made again if lost. Asked with a vector, or with words."""

    def add(self, entries: Sequence[Entry]) -> None:
        """Write entries durably; one that is there already is replaced."""
        ...

    def remove(self, chunks: Collection[str]) -> None:
        """Forget chunks by id; unknown ids are no error."""
        ...

    def search(self, query: Query_contra, k: int, scope: Scope) -> list[tuple[str, float]]:
        """Return up to ``k`` chunk ids with scores, best first."""
        ...

    def ids(self) -> set[str]:
        """Return all chunk ids."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...


class Archive(Protocol):
    """What the chain reads of an archive."""

    def article(self, id: str, version: str | None = None) -> Article | None:  # noqa: A002 - the field's own word
        """Return an article; without ``version`` the one that is visible now. ``version`` may be a prefix."""
        ...

    def articles(self, scope: Scope | None = None) -> Sequence[Article]:
        """Return the visible articles within ``scope``, newest first."""
        ...

    def sentences(self, article: Article) -> tuple[Sentence, ...]:
        """Return the sentences as they were cut when this version was added."""
        ...

    def chunks(self, ids: Iterable[str]) -> Mapping[str, Chunk]:
        """Return those chunks that belong to a version that is visible now."""
        ...


class Generator(Protocol):
    """Question and evidence to a draft."""

    @property
    def name(self) -> str:
        """What provenance records, such as ``extractive`` or ``openai:gpt-5-mini``."""
        ...

    @property
    def prompt(self) -> str | None:
        """sha256 of the prompt, None without one."""
        ...

    def write(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Proposal]:
        """Propose statements with evidence numbers, one at a time. Raises ProviderError, BudgetReached."""
        ...


@runtime_checkable
class Mender(Protocol):
    """A generator that tries again, once, what was withheld."""

    def mend(self, question: str, evidence: Sequence[Evidence], withheld: Sequence[Withheld]) -> Iterator[Proposal]:
        """Propose statements in the place of those that were withheld. Raises ProviderError, BudgetReached."""
        ...


@runtime_checkable
class Comparer(Protocol):
    """A generator that also finds which sentences of a story do not agree."""

    @property
    def name(self) -> str:
        """What a conflict that it found records."""
        ...

    def compare(self, evidence: Sequence[Evidence]) -> Iterator[Pair | Note]:
        """Propose pairs of sentences by their numbers. Raises ProviderError."""
        ...


@runtime_checkable
class Chooser(Protocol):
    """A generator that also says which sentences of a story are worth most."""

    def choose(self, evidence: Sequence[Evidence], words: int) -> Iterator[int | Note]:
        """Return numbers of what a briefing of ``words`` words must tell, weightiest first. Raises ProviderError."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """What a chat model is asked, once."""

    task: str
    """What it is for: ``select``, ``write``, ``mend``, ``compare``, ``choose``, ``judge``, ``rewrite``."""
    prompt: str
    """sha256 of the prompt file that it was made from."""
    system: str
    user: str
    schema: type[BaseModel]
    """What the reply must be."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a chat model said."""

    text: str
    """JSON, as it came; whoever asked reads it with the request's schema."""
    read: int | None = None
    """Tokens of the request as the provider counted them; None if it did not say."""
    written: int | None = None
    """Tokens of the reply, in the same way."""


class Chat(Protocol):
    """A chat model. What is asked twice, paid for or replayed is another ``Chat`` around it."""

    @property
    def name(self) -> str:
        """What provenance records, such as ``openai:gpt-5-mini``."""
        ...

    def reply(self, request: Request) -> Reply:
        """Return the reply, valid for the request's schema. Raises ProviderError, BudgetReached."""
        ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a verifier says of one statement."""

    verdict: Verdict
    score: float | None
    """Probability of support, None where there is none."""
    why: str
    fault: ProviderError | BudgetReached | None = None
    """What a model that gave no verdict raised."""


class Verifier(Protocol):
    """Does the text of these sentences support this statement?"""

    @property
    def name(self) -> str:
        """What the list of checks records."""
        ...

    def judge(self, statement: str, sentences: Sequence[str]) -> Judgement:
        """Return a judgement; a verifier that fails says UNJUDGED and does not raise."""
        ...
