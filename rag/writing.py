"""Question and evidence to a draft with a chat model: choose the sentences first, then write from each choice alone.

A statement is written from the sentences that were chosen for it and nothing else, so what it cites is what it was
written from. Nothing that the model says is trusted here: the gates come after (``rag.verification``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from rag.cited import NEGATIONS, PLAIN
from rag.claims import Withheld
from rag.errors import BudgetReached, ProviderError, ProviderFault
from rag.facts import numbers
from rag.instructions import address, for_models
from rag.prompting import Prompt, load, numbered
from rag.proposals import Missing, Note, Pair, PairKind, Proposal, Statement
from rag.protocols import Chat, Request
from rag.questions import terms
from rag.sources import Evidence, digest
from rag.verification import harmless

POINTS = 8
"""Most statements of one answer; the prompt asks for no more."""
HALVINGS = 3
"""How often the evidence is cut in half when it is too much for the model's context or for the budget."""
PAIRS = 16
"""Most pairs of sentences of one story that do not agree; the prompt asks for no more."""
EACH, FEWEST = 10, 4
"""Words of a briefing for each sentence that is chosen for it: some two fit where one does not; and fewest of them."""
MENDED = 4
"""Most withheld statements that go back to the model."""
NEAR = 12
"""Sentences shown for a statement that cited none that exist."""

FEW = 20
"""Most words for a part of the question that is missing."""
SPARE = 2
"""Most words in it that are not in the question, all of them plain asking words."""
_CODED = re.compile(r"\w*\d\w*")

SINGLE = {ProviderFault.INCOMPLETE, ProviderFault.MALFORMED, ProviderFault.REFUSED}
"""Faults of one statement, which says nothing of the next."""

_FEW: dict[str, JsonValue] = {"maxItems": POINTS}
"""Where a server holds its model to the schema, no list goes on for ever; a longer one from another is no fault."""

Model = TypeVar("Model", bound=BaseModel)


class Point(BaseModel):
    """The sentences that one statement rests on."""

    model_config = ConfigDict(extra="forbid")
    sentences: list[int] = Field(description="Numbers of the sentences", json_schema_extra=_FEW)


class Selection(BaseModel):
    """What a model must choose."""

    model_config = ConfigDict(extra="forbid")
    points: list[Point] = Field(json_schema_extra=_FEW)
    missing: list[str] = Field(
        description="Parts of the question that the sentences do not answer", json_schema_extra=_FEW
    )


class Wording(BaseModel):
    """One statement."""

    model_config = ConfigDict(extra="forbid")
    text: str


class Mended(BaseModel):
    """A statement written once more; empty where nothing true can be said."""

    model_config = ConfigDict(extra="forbid")
    text: str
    sentences: list[int] = Field(json_schema_extra=_FEW)


class Disagreement(BaseModel):
    """Two sentences that do not agree, as a model says."""

    model_config = ConfigDict(extra="forbid")
    kind: PairKind
    first: int
    second: int
    one: str
    other: str


class Compared(BaseModel):
    """What a model must find."""

    model_config = ConfigDict(extra="forbid")
    pairs: list[Disagreement] = Field(json_schema_extra={"maxItems": PAIRS})


class Chosen(BaseModel):
    """What a model finds weightiest."""

    model_config = ConfigDict(extra="forbid")
    sentences: list[int] = Field(description="Numbers of the sentences, weightiest first")


class ChatGenerator:
    """A chat model as a ``Generator``, a ``Mender``, a ``Comparer`` and a ``Chooser``."""

    def __init__(self, chat: Chat, prompts: Callable[[str], Prompt] = load) -> None:
        """Write with ``chat``; ``prompts`` returns its prompts by name."""
        self._chat = chat
        self._prompts = {name: prompts(name) for name in ("select", "write", "mend", "compare", "choose")}
        self.prompt: str | None = digest("".join(prompt.hash for prompt in self._prompts.values()))

    @property
    def name(self) -> str:
        """The chat model's."""
        return self._chat.name

    def write(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Proposal]:
        """Propose a statement for each point that the model chose, and name what is missing.

        Evidence that is too long for the model, or too dear, is halved, likely sentences first, and a note says so.
        Sentences that give orders to a language model are not shown to one. Raises ProviderError, BudgetReached.
        """
        fit = harmless(evidence)
        if len(fit) < len(evidence):
            yield Note(
                f"{len(evidence) - len(fit)} of {len(evidence)} sentences give orders to language models: left out"
            )
        if not fit:
            yield Missing(question)
            return
        selection, read = self._halving("select", {"question": question}, Selection, fit)
        if len(read) < len(fit):
            yield Note(f"the model read {len(read)} of {len(fit)} sentences, the likeliest ones")
        known = {item.number: item for item in read}
        for point in selection.points[:POINTS]:
            chosen = [known[number] for number in dict.fromkeys(point.sentences) if number in known]
            if point.sentences:
                yield self._worded(question, chosen, point.sentences)
        yield from (Missing(unanswered(text, question)) for text in selection.missing if any(map(str.isalnum, text)))

    def mend(self, question: str, evidence: Sequence[Evidence], withheld: Sequence[Withheld]) -> Iterator[Proposal]:
        """Propose each of the first withheld statements once more, with the reason it failed for in sight.

        A model that fails here ends the mending and not the answer: what has passed the gates stands without it.
        """
        fit = harmless(evidence)
        for item in withheld[:MENDED]:
            cited = {citation.sentence.id for citation in item.citations}
            near = [one for one in fit if one.sentence.id in cited] or likeliest(fit, NEAR)
            values = {
                "question": question,
                "statement": " ".join(item.text.split()),
                "problem": item.detail,
                "evidence": numbered(near),
            }
            try:
                found = self._ask("mend", values, Mended)
            except (ProviderError, BudgetReached) as error:
                yield Note(f"what was withheld was not written anew: {error}")
                return
            if text := " ".join(found.text.split()):
                yield Statement(text, tuple(found.sentences))

    def compare(self, evidence: Sequence[Evidence]) -> Iterator[Pair | Note]:
        """Propose the pairs of sentences that the model says do not agree; what is too long for it is halved.

        A reply that makes no sense, and a budget that is spent, cost the pairs and not the story. Raises ProviderError.
        """
        found = yield from self._read("compare", {"most": str(PAIRS)}, Compared, evidence, "what does not agree")
        for one in found.pairs[:PAIRS] if found else ():
            yield Pair(one.kind, one.first, one.second, one.one, one.other)

    def choose(self, evidence: Sequence[Evidence], words: int) -> Iterator[int | Note]:
        """Return what the model finds weightiest; as ``compare``, a reply that makes no sense costs no story."""
        most = max(FEWEST, words // EACH)
        values = {"words": str(words), "most": str(most)}
        found = yield from self._read("choose", values, Chosen, evidence, "what to tell")
        yield from found.sentences[:most] if found else ()

    def _read(
        self, task: str, values: Mapping[str, str], schema: type[Model], evidence: Sequence[Evidence], wanted: str
    ) -> Generator[Note, None, Model | None]:
        """Return what the model finds in a story, with notes on what it did not read; None if it found nothing."""
        fit = harmless(evidence)
        if len(fit) < 2:  # noqa: PLR2004 - there is nothing to choose or compare
            return None
        try:
            found, read = self._halving(task, values, schema, fit)
        except (ProviderError, BudgetReached) as error:
            if isinstance(error, ProviderError) and error.kind not in SINGLE:
                raise
            yield Note(f"{wanted} was found by rules alone: {error}")
            return None
        if len(read) < len(fit):
            yield Note(f"for {wanted} the model read {len(read)} of {len(fit)} sentences")
        return found

    def _halving(
        self, task: str, values: Mapping[str, str], schema: type[Model], evidence: Sequence[Evidence]
    ) -> tuple[Model, Sequence[Evidence]]:
        """Return the reply, and the sentences that were read."""
        for left in range(HALVINGS, -1, -1):
            try:
                return self._ask(task, {**values, "evidence": numbered(evidence)}, schema), evidence
            except (ProviderError, BudgetReached) as error:
                too_long = isinstance(error, BudgetReached) or error.kind is ProviderFault.CONTEXT_LENGTH
                if not too_long or left == 0 or len(evidence) == 1:
                    raise
                evidence = likeliest(evidence, (len(evidence) + 1) // 2)
        raise AssertionError

    def _worded(self, question: str, chosen: Sequence[Evidence], numbers: Sequence[int]) -> Proposal:
        """Return the statement, or a note where the model gave none: the others stand without it."""
        if not chosen:  # the numbers are of no sentence: the first gate withholds it, and it goes back once
            return Statement("(a point that rests on no sentence there is)", tuple(numbers))
        try:
            text = self._word(question, chosen)
            return Statement(text, tuple(numbers)) if text else Note("one statement came back empty")
        except ProviderError as error:
            if error.kind not in SINGLE:
                raise
            return Note(f"one statement was not written: {error}")

    def _word(self, question: str, chosen: Sequence[Evidence]) -> str:
        text = self._ask("write", {"question": question, "evidence": numbered(chosen)}, Wording).text
        return " ".join(text.split())

    def _ask(self, task: str, values: Mapping[str, str], schema: type[Model]) -> Model:
        prompt = self._prompts[task]
        system, user = prompt.fill(values)
        return schema.model_validate_json(self._chat.reply(Request(task, prompt.hash, system, user, schema)).text)


def unanswered(text: str, question: str) -> str:
    """Return the model's words for a part of the question, or the whole question where they are not fit to print.

    No gate reads them. So all that they speak of must be in the question, but for a plain asking word or two: no name,
    number, code, negation or address may come from the model.
    """
    said = " ".join(text.split())
    coded = {word.lower() for word in _CODED.findall(said)} - {word.lower() for word in _CODED.findall(question)}
    new = terms(said) - terms(question)
    negated = NEGATIONS.search(said) and not NEGATIONS.search(question)
    foreign = len(new) > SPARE or not new <= PLAIN or negated
    known = (*numbers(question), *numbers(question.lower()))
    counted = any(not any(number.matches(other) for other in known) for number in numbers(said))
    unfit = coded or counted or foreign or len(said.split()) > FEW
    return question if unfit or address(said, question) or for_models(said) else said


def likeliest(evidence: Sequence[Evidence], most: int) -> list[Evidence]:
    """Return the ``most`` sentences with the best score, in the order in which they stand."""
    ranked = sorted(evidence, key=lambda item: (item.score is None, -(item.score or 0.0), item.number))
    kept = {item.number for item in ranked[:most]}
    return [item for item in evidence if item.number in kept]
