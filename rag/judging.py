"""A chat model as a ``Verifier``: it reads a statement and the sentences, and says whether they support it.

A judge that fails is UNJUDGED: that is not a no, and not a yes either.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from rag.claims import Verdict
from rag.errors import BudgetReached, ProviderError
from rag.prompting import Prompt, load
from rag.protocols import Chat, Judgement, Request


class Ruling(BaseModel):
    """What a judge must reply."""

    model_config = ConfigDict(extra="forbid")
    verdict: Literal["supported", "unsupported", "contradicted"]
    why: str


class ChatVerifier:
    """A chat model as a ``Verifier``."""

    def __init__(self, chat: Chat, prompts: Callable[[str], Prompt] = load) -> None:
        """Judge with ``chat``; ``prompts`` returns ``judge`` by name."""
        self._chat = chat
        self._prompt = prompts("judge")

    @property
    def name(self) -> str:
        """The chat model's, marked as a judge."""
        return f"judge:{self._chat.name}"

    def judge(self, statement: str, sentences: Sequence[str]) -> Judgement:
        """Return the model's verdict, UNJUDGED where it gave none. A verdict comes without a probability."""
        quoted = "\n".join(f"- {' '.join(sentence.split())}" for sentence in sentences)
        system, user = self._prompt.fill({"evidence": quoted, "statement": " ".join(statement.split())})
        try:
            reply = self._chat.reply(Request("judge", self._prompt.hash, system, user, Ruling))
        except (ProviderError, BudgetReached) as error:
            return Judgement(Verdict.UNJUDGED, None, f"the judge gave no verdict: {error}", error)
        ruling = Ruling.model_validate_json(reply.text)
        return Judgement(Verdict(ruling.verdict), None, " ".join(ruling.why.split()) or ruling.verdict)
