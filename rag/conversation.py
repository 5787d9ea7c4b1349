"""Follow-up question to a question that stands alone.

With a chat model the model rewrites it; without one, what a pronoun or a bare "And when?" leaves open is filled with
what the conversation was about. A rewriting may bring in nothing that was not said: one that names a name or a number
from nowhere is not used. The question that was searched for is always shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from rag.answers import Abstention, Answer
from rag.cited import NEGATIONS, PLAIN
from rag.errors import BudgetReached
from rag.events import Done, Event
from rag.facts import days, name_keys, names, numbers, times
from rag.instructions import address, for_models
from rag.prompting import Prompt, load
from rag.protocols import Chat, Request
from rag.questions import checked, terms

REMEMBERED = 6
"""Turns that a rewriting sees."""
SUBJECT = 10
"""Most words that are carried over without a model."""

_LEANS = re.compile(
    r"\b(?:he|him|his|she|hers?|they|them|theirs?|its?|this|that|these|those|there|then|the (?:former|latter))\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|him|his|she|hers?)\b", re.IGNORECASE)
_OPENS = re.compile(r"^(?:and|but|so|or|also|what about|how about|why not)\b", re.IGNORECASE)
_BARE = 2
"""Words of its own from which a question has a subject."""


class Rewritten(BaseModel):
    """A follow-up that stands alone."""

    model_config = ConfigDict(extra="forbid")
    question: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A question, as it was asked and as it was searched for, and what came of it."""

    asked: str
    question: str
    result: Answer | Abstention


class Conversation:
    """Questions that lean on the ones before; ``turns`` holds them with what was searched for and what came of it."""

    def __init__(
        self, answer: Callable[[str], Iterator[Event]], chat: Chat | None, prompts: Callable[[str], Prompt] = load
    ) -> None:
        """Answer whole questions with ``answer``; ``chat``, if there is one, makes them whole.

        Raises UsageError if the prompt for that is wrong: the first question is paid for before it is needed.
        """
        if chat is not None:
            prompts("rewrite")
        self._answer = answer
        self._chat = chat
        self._prompts = prompts
        self.turns: list[Turn] = []

    def ask(self, question: str) -> Answer | Abstention:
        """Answer a question, made whole first: ``turns[-1].question`` is what was searched for.

        Raises UsageError, IndexMismatch, ProviderError, BudgetReached.
        """
        for _ in self.stream(question):
            pass
        return self.turns[-1].result

    def stream(self, question: str) -> Iterator[Event]:
        """Answer step by step; the first event shows the question as it was searched for. Raises as ``ask``."""
        question = checked(question)  # before any model sees it
        whole = standalone(question, self.turns, self._chat, self._prompts)
        for event in self._answer(whole):
            if isinstance(event, Done):
                self.turns.append(Turn(question, whole, event.result))
            yield event


def standalone(
    asked: str, turns: Sequence[Turn], chat: Chat | None = None, prompts: Callable[[str], Prompt] = load
) -> str:
    """Return ``asked`` so that it can be searched for. Raises ProviderError."""
    if not turns:
        return asked
    if chat is None:
        return carried(asked, turns)
    prompt = prompts("rewrite")
    system, user = prompt.fill({"conversation": _told(turns[-REMEMBERED:]), "question": asked})
    try:
        reply = chat.reply(Request("rewrite", prompt.hash, system, user, Rewritten))
    except BudgetReached:
        return carried(asked, turns)
    rewritten = " ".join(Rewritten.model_validate_json(reply.text).question.split())
    return rewritten if rewritten and not invented(rewritten, asked, turns) else carried(asked, turns)


def carried(asked: str, turns: Sequence[Turn]) -> str:
    """Return a follow-up with what it is about in brackets behind it; one that stands alone is returned as it is.

    It leans on what was said if it has a pronoun, or opens like a follow-up or has no subject, and names nothing. For
    "he" or "she" the name is carried alone: what was asked of them is not asked again.
    """
    own = [name for name in names(asked) if not name.opens]
    if own or not (_LEANS.search(asked) or _OPENS.match(asked) or len(terms(asked)) < _BARE):
        return asked
    told = _subject(turns[-1]).split()
    named = [word for word in told if word[0].isupper()] if _PERSON.search(asked) else []
    about = " ".join((named or told)[:SUBJECT])
    return f"{asked.rstrip('?. ')} ({about})?" if about else asked


def invented(rewritten: str, asked: str, turns: Sequence[Turn]) -> bool:
    """Tell whether a rewriting says what nobody has said, or is no rewriting of ``asked`` at all.

    Its content words are those of the follow-up and of the conversation, but for one plain asking word. Names, numbers,
    days and times of day come from there, a negation stays and none is added, and there is no address.
    """
    rests = " ".join(c.sentence.text for turn in turns for claim in turn.result.claims for c in claim.citations)
    said = f"{asked}\n{_told(turns)}\n{rests}"
    new = terms(rewritten) - terms(said)
    foreign = not terms(rewritten) & terms(said) or len(new) > 1 or not new <= PLAIN
    known = name_keys(said)
    named = any(name.key not in known for name in names(rewritten) if not name.opens)
    counted = any(all(not number.matches(other) for other in numbers(said)) for number in numbers(rewritten))
    dated = any(all(not day.matches(other) for other in days(said)) for day in days(rewritten))
    timed = bool(times(rewritten) - times(said))
    ours = bool(NEGATIONS.search(rewritten))
    negated = ours and not NEGATIONS.search(said)
    dropped = bool(NEGATIONS.search(asked)) and not ours
    orders = bool(address(rewritten, said)) or for_models(rewritten)
    wrong = foreign or named or counted or dated or timed or negated or dropped or orders
    return wrong or len(rewritten) > len(asked) + 400


def _subject(turn: Turn) -> str:
    """Return what a turn was about: its question without the words that only ask."""
    words = (word.strip("?.,;:()") for word in turn.question.split())
    return " ".join(dict.fromkeys(word for word in words if terms(word)).keys())


def _told(turns: Sequence[Turn]) -> str:
    lines: list[str] = []
    for turn in turns:
        lines.append(f"Question: {' '.join(turn.question.split())}")
        lines.append(f"Answer: {' '.join(turn.result.text.split()) or 'the articles do not say'}")
    return "\n".join(lines)
