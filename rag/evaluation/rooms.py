"""Settings and names to systems: the extractive writer and chat models, over one archive.

``extractive`` is the writer without a model, ``model`` the chat model of the settings, ``PROVIDER:MODEL`` and
``local:FILE.gguf`` any other.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from importlib import resources
from time import perf_counter

from rag.equipment import Equipment
from rag.errors import UsageError
from rag.evaluation.datasets import Question
from rag.evaluation.grounding import Shelf
from rag.evaluation.systems import REMEMBERED, Ask, Response
from rag.library import Library
from rag.newsroom import Newsroom
from rag.prices import Price
from rag.prices import load as load_prices
from rag.protocols import Chat, Reply, Request, Verifier
from rag.settings import Settings
from rag.sources import Article, Query, Scope
from rag.spending import margin, tokens

EXTRACTIVE, MODEL = "extractive", "model"
K = 12
"""Passages that a question reads, as ``citewire ask`` does."""


@dataclass(slots=True)
class Used:
    """Tokens of one question."""

    read: int = 0
    written: int = 0
    remembered: bool = False
    """Whether a reply came from memory: what it took once was not measured now."""
    asked: set[Request] = field(default_factory=set[Request])
    """What was asked: the same again within one question costs nothing, and was measured."""


_USED: ContextVar[Used | None] = ContextVar("used", default=None)


@dataclass(frozen=True, slots=True)
class CountedChat:
    """A chat model whose tokens are added up for the question that is being asked."""

    inner: Chat

    @property
    def name(self) -> str:
        """The inner model's."""
        return self.inner.name

    def reply(self, request: Request) -> Reply:
        """Return the inner model's reply; what the provider does not count is counted as the meter does."""
        reply = self.inner.reply(request)
        if used := _USED.get():
            used.read += tokens(request) if reply.read is None else reply.read
            used.written += margin(reply.text) if reply.written is None else reply.written
            used.remembered |= (reply.read, reply.written) == (0, 0) and request not in used.asked  # none is empty
            used.asked.add(request)
        return reply


class CountedEquipment(Equipment):
    """Equipment whose chat model counts."""

    @cached_property
    def chat(self) -> Chat | None:
        """The chat model, None without one. Raises UsageError, ModelMissing."""
        inner = super().chat
        return CountedChat(inner) if inner else None


@dataclass(frozen=True, slots=True)
class Systems:
    """What is to be evaluated over one archive."""

    asks: Mapping[str, Ask]
    about: Mapping[str, Mapping[str, object]]
    """What each is made of."""
    shelf: Shelf
    """The texts of the archive."""


@contextmanager
def systems(settings: Settings, names: Sequence[str]) -> Generator[Systems]:
    """Open a newsroom for each name over the archive of ``settings``; a chat model is not replaced when it fails.

    Raises UsageError for a name that is none, ArchiveError.
    """
    models = {name: model_of(name, settings) for name in names}
    if not models:
        msg = "no system is named"
        raise UsageError(msg, hint="--systems extractive")
    asks: dict[str, Ask] = {}
    about: dict[str, Mapping[str, object]] = {}
    with ExitStack() as stack:
        library = stack.enter_context(Library(settings))
        for name, model in models.items():
            own = settings.model_copy(update={"model": model, "fallback": False})
            room = stack.enter_context(Newsroom(own))
            room.equipment = CountedEquipment(own)
            asks[name], about[name] = _ask(room), describe(room)
        yield Systems(asks, about, Shelf(partial(_article, library), library.sentences))


def model_of(name: str, settings: Settings) -> str:
    """Return the setting ``model`` of a system. Raises UsageError for a name that is none."""
    if name == EXTRACTIVE:
        return EXTRACTIVE
    if name == MODEL:
        if settings.model in {None, EXTRACTIVE}:
            msg = "the system model needs a chat model, and none is set"
            raise UsageError(msg, hint="--model openai:gpt-5-mini, or --systems extractive")
        return str(settings.model)
    if all(name.partition(":")):
        return name
    msg = f"there is no system {name!r}"
    raise UsageError(msg, hint="--systems extractive,model,openai:gpt-5-mini,local:FILE.gguf")


def judge_of(settings: Settings, name: str | None) -> tuple[Verifier | None, Equipment]:
    """Return what judges claims, None for ``rules``, and what it is a part of, to be closed."""
    chosen = Settings.model_validate({**settings.model_dump(), "verifier": name or settings.verifier})
    equipment = Equipment(chosen)
    return equipment.verifier, equipment


def describe(room: Newsroom) -> dict[str, object]:
    """Return what answers are made of in this room: a run is not continued with anything else."""
    status, settings = room.status(), room.settings
    made: dict[str, object] = {
        "model": settings.model or EXTRACTIVE,
        "articles": status.articles,
        "index": status.fingerprint,
        "rerank": settings.rerank,
        "verifier": settings.verifier,
        "k": K,
    }
    if settings.model in {None, EXTRACTIVE}:
        return {**made, "risk": settings.risk}
    prompts = (item.name.removesuffix(".md") for item in resources.files("rag.prompts").iterdir())
    names = sorted(name for name in prompts if not name.startswith("_") and "." not in name)
    return {
        **made,
        "base_url": settings.base_url,
        "prompts": {name: room.equipment.prompt(name).hash for name in names},
    }


def _ask(room: Newsroom) -> Ask:
    price = load_prices(room.settings.prices).of(room.settings.model or "", room.equipment.address)
    made = room.settings.model not in {None, EXTRACTIVE}
    room.evidence(Query("Is everything loaded?"))  # the first question would wait for models and indexes

    def ask(question: Question) -> Response:
        scope = Scope(as_of=question.asked)
        used = Used()
        token = _USED.set(used)
        start = perf_counter()
        try:
            result = room.ask(question.text, scope=scope, k=K)
        finally:
            seconds = perf_counter() - start
            _USED.reset(token)
        evidence = room.evidence(Query(question.text, scope, K))  # after the clock: the reranker remembers what it read
        spent = _cost(price, used) if made else (0, 0.0)
        if used.remembered:
            response = Response.of(result, evidence)
            return replace(response, extra={**response.extra, REMEMBERED: True})
        return Response.of(result, evidence, seconds=seconds, tokens=spent[0], dollars=spent[1])

    return ask


def _cost(price: Price | None, used: Used) -> tuple[int, float | None]:
    return used.read + used.written, price.of(used.read, used.written) if price else None


def _article(library: Library, id: str, version: str | None) -> Article | None:  # noqa: A002 - the field's own word
    try:
        found = library.article(id, version)
    except UsageError:
        return None
    return found if found.id == id else None
