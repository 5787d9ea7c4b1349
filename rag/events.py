"""What happens while a question is answered, in order: what was found, each claim or refusal, the result."""

from __future__ import annotations

from dataclasses import dataclass

from rag.answers import Abstention, Answer
from rag.claims import Citation, Claim, Withheld


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The archive was searched."""

    question: str
    """As it was searched for; of a follow-up, the question made whole."""
    sentences: int
    articles: int

    def to_dict(self) -> dict[str, object]:
        """Return the event as ``ask --stream --json`` prints it."""
        return {
            "event": "retrieved",
            "question": self.question,
            "sentences": self.sentences,
            "articles": self.articles,
        }


@dataclass(frozen=True, slots=True)
class ClaimVerified:
    """A statement passed every gate: it may be shown."""

    claim: Claim

    def to_dict(self) -> dict[str, object]:
        """Return the event as ``ask --stream --json`` prints it."""
        claim = self.claim
        return {
            "event": "claim",
            "text": claim.text,
            "checks": list(claim.checks),
            "citations": _cited(claim.citations),
        }


@dataclass(frozen=True, slots=True)
class ClaimWithheld:
    """A statement did not pass."""

    withheld: Withheld

    def to_dict(self) -> dict[str, object]:
        """Return the event as ``ask --stream --json`` prints it."""
        item = self.withheld
        return {
            "event": "withheld",
            "text": item.text,
            "reason": item.reason.value,
            "detail": item.detail,
            "citations": _cited(item.citations),
        }


@dataclass(frozen=True, slots=True)
class Done:
    """The whole result. Always the last event."""

    result: Answer | Abstention

    def to_dict(self) -> dict[str, object]:
        """Return the event as ``ask --stream --json`` prints it; ``answer`` is ``citewire/answer-1``."""
        return {"event": "done", "answer": self.result.to_dict()}


Event = Retrieved | ClaimVerified | ClaimWithheld | Done


def _cited(citations: tuple[Citation, ...]) -> list[object]:
    return [citation.to_dict() for citation in citations]
