"""The models that are set, one by one: which is there, which answers, and what is missing. No key is ever shown."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass

from pydantic import BaseModel, ConfigDict

from rag.claims import Verdict
from rag.equipment import Equipment
from rag.errors import CitewireError, ProviderError, ProviderFault
from rag.prices import dollars, load
from rag.protocols import Request
from rag.settings import Settings
from rag.sources import digest

TRACERS = ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2")
"""Variables that make LangChain send questions and articles to a service."""


PATIENCE = 15.0
"""Seconds in which a model must answer to be called one that answers."""


@dataclass(frozen=True, slots=True)
class Part:
    """What was found of one part."""

    part: str
    name: str
    ok: bool
    detail: str
    hint: str = ""

    def to_dict(self) -> dict[str, object]:
        """Return the fields as a dict."""
        return asdict(self)


class Greeting(BaseModel):
    """What a model is asked for, to see that it answers in the shape that is wanted."""

    model_config = ConfigDict(extra="forbid")
    text: str


def inspect(settings: Settings) -> list[Part]:
    """Try each part: embed a word, rank a pair, have a sentence judged, ask the chat model for one word.

    Nothing remembered is asked, since that tells nothing, and a server is not waited for until it mends.
    """
    equipment = Equipment(settings.model_copy(update={"fresh": True, "deadline": min(settings.deadline, PATIENCE)}))
    try:
        return _parts(settings, equipment)
    finally:
        equipment.close()


def _parts(settings: Settings, equipment: Equipment) -> list[Part]:
    rows = [
        _tried("embedder", equipment.embedder_name, lambda: _embedded(equipment)),
        _tried("reranker", "ms-marco-MiniLM-L-12", lambda: _ranked(equipment)),
        _tried("verifier", settings.verifier, lambda: _judged(equipment)),
        _tried("model", settings.model or "extractive", lambda: _asked(equipment)),
    ]
    if settings.model and settings.model != "extractive":
        rows.append(_tried("price", settings.model, lambda: _priced(settings, equipment)))
    traced = [name for name in TRACERS if os.environ.get(name, "").lower() in {"true", "1"}]
    if traced:
        detail = "LangChain sends questions and article texts to a tracing service"
        rows.append(Part("tracing", traced[0], ok=True, detail=detail, hint=f"unset {traced[0]} to keep them here"))
    return rows


def _tried(part: str, name: str, attempt: Callable[[], str]) -> Part:
    try:
        return Part(part, name, ok=True, detail=attempt())
    except CitewireError as error:
        return Part(part, name, ok=False, detail=str(error), hint=error.hint)


def _embedded(equipment: Equipment) -> str:
    return f"{len(equipment.embedder.embed_query('news'))} dimensions"


def _ranked(equipment: Equipment) -> str:
    return f"scores a pair {equipment.reranker.score('news', ['news'])[0]:.1f}"


def _judged(equipment: Equipment) -> str:
    if equipment.verifier is None:
        return "the rules alone"
    judgement = equipment.verifier.judge("The port opened again.", ["The port was opened again."])
    if judgement.verdict is Verdict.UNJUDGED:
        raise ProviderError(judgement.why, kind=ProviderFault.MALFORMED, hint="citewire ask ... --verifier rules")
    return f"says {judgement.verdict.value} of a paraphrase"


def _asked(equipment: Equipment) -> str:
    if equipment.chat is None:
        return "no chat model is set: answers are source sentences"
    system = "You answer with one word."
    request = Request("inspect", digest(system), system, 'Reply as JSON: {"text": "yes"}', Greeting)
    return f"answers {Greeting.model_validate_json(equipment.chat.reply(request).text).text[:40]!r}"


def _priced(settings: Settings, equipment: Equipment) -> str:
    prices = load(settings.prices)
    price = prices.of(settings.model or "", equipment.address)
    if price is None:
        return "unknown; give it in a file named by CITEWIRE_PRICES"
    each = f"{dollars(price.input)} in, {dollars(price.output)} out for a million tokens"
    return f"{each}; list of {prices.as_of}, your provider's bill is what counts"
