"""What any system says to a question, ours or a rival's, in one shape that can be scored and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from rag.answers import Abstention, Answer
from rag.evaluation.datasets import Question
from rag.sources import Evidence

REMEMBERED = "remembered"


@dataclass(frozen=True, slots=True)
class Response:
    """What a system said."""

    text: str
    citations: tuple[str, ...] = ()
    """Sentence ids (``article@version#n``); article ids alone where a system has no sentences."""
    retrieved: tuple[str, ...] = ()
    """Ids of articles, of sentences, or of both, each kind best first."""
    claims: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Each statement with what is cited for it."""
    declined: bool = False
    seconds: float = 0.0
    """From the question to the answer; 0 if that was not measured."""
    tokens: int | None = None
    """Read and written by a chat model; None if that is unknown."""
    dollars: float | None = None
    """At list prices; None if that is unknown."""
    confidence: float | None = None
    """How sure the system was, in any unit, more is surer; None if it does not say."""
    extra: Mapping[str, object] = field(default_factory=dict[str, object])
    """Whatever else is worth keeping: of ours, ``document`` is the whole answer on the wire, and ``remembered`` says
    that a chat model's reply came from memory."""

    @classmethod
    def of(
        cls,
        result: Answer | Abstention,
        evidence: Sequence[Evidence] = (),
        *,
        seconds: float = 0.0,
        tokens: int | None = None,
        dollars: float | None = None,
    ) -> Self:
        """Return what our answer says; ``evidence`` is what was read for it.

        Articles are ranked as retrieval ranked them, sentences by the reranker; confidence is the relevance of the best
        sentence that is cited.
        """
        claims = tuple((claim.text, tuple(c.sentence.id for c in claim.citations)) for claim in result.claims)
        cited = tuple(dict.fromkeys(one for _, ids in claims for one in ids))
        articles = dict.fromkeys(item.article.id for item in sorted(evidence, key=lambda item: item.number))
        likely = sorted(evidence, key=lambda item: (-(item.score if item.score is not None else -99.0), item.number))
        relevance = [item.score for item in evidence if item.score is not None and item.sentence.id in cited]
        return cls(
            text=result.text,
            citations=cited,
            retrieved=(*articles, *(item.sentence.id for item in likely)),
            claims=claims,
            declined=not claims,
            seconds=seconds,
            tokens=tokens,
            dollars=dollars,
            confidence=max(relevance, default=None),
            extra={"document": result.to_dict()},
        )

    @property
    def fingerprint(self) -> str:
        """Hash of what a judge reads of it: what it says and what it cites."""
        said = repr((self.text, self.claims, self.citations, self.declined))
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


Ask = Callable[[Question], Response]
"""A system: question to response. It may raise; that is recorded as a failure and asked again next time."""
