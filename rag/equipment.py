"""Settings to the parts that a newsroom works with, each made when it is first needed.

A chat model is wrapped from the inside out: the provider, the meter that keeps the budget, the memory of replies, and
what records them; a replay stands in the place of all four.
"""

from __future__ import annotations

import os
import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag import calibration
from rag.editions import EditionBook
from rag.embedded import BgeSmallEmbedder, MiniLMReranker, StaticEmbedder
from rag.errors import ProviderError, ProviderFault, UsageError
from rag.ledger import AccountBook
from rag.llama import LlamaServer
from rag.prices import load as load_prices
from rag.prompting import Prompt, load
from rag.protocols import Chat, Embedder, Generator, Reply, Request, Reranker, Verifier
from rag.replay import RecordingChat, RememberedChat, ReplayingChat
from rag.retrieval import RememberingReranker
from rag.settings import Settings
from rag.spending import Caps, MeteredChat

if TYPE_CHECKING:
    from rag.twins import Twins

LOCAL_REPLY = 512
"""Most tokens of a local model's reply: a small model that does not find the end of its JSON writes blanks for ever."""


class Equipment:
    """The parts that settings name."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server: LlamaServer | None = None

    def close(self) -> None:
        """Stop the local model, if one runs, and let go of the account book and the editions."""
        if self._server is not None:
            self._server.close()
        if "book" in self.__dict__:
            self.book.close()
        if "editions" in self.__dict__:
            self.editions.close()

    @property
    def embedder_name(self) -> str:
        """What the index was made with is compared with this."""
        settings = self._settings
        known = {"static": StaticEmbedder.name, "bge": BgeSmallEmbedder.name}
        size = f"/{settings.dimensions}" if settings.dimensions else ""
        host = f"@{urlsplit(settings.base_url).netloc}" if settings.base_url else ""
        return known.get(settings.embedder, f"{settings.embedder}{size}{host}")

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder. Raises UsageError, ModelMissing."""
        settings = self._settings
        if settings.embedder == "static":
            return StaticEmbedder()
        if settings.embedder == "bge":
            return BgeSmallEmbedder()
        from rag.models import embeddings  # noqa: PLC0415 - 1 s to import

        return embeddings(settings.embedder, base_url=settings.base_url, dimensions=settings.dimensions)

    @cached_property
    def reranker(self) -> Reranker:
        """The cross-encoder; no pair is read twice."""
        return RememberingReranker(MiniLMReranker())

    @cached_property
    def twins(self) -> Twins | None:
        """What tells that two statements of a briefing are one in other words; None if it is turned off."""
        if not self._settings.repeats:
            return None
        from rag.twins import Twins  # noqa: PLC0415 - needed for briefings only

        return Twins(BgeSmallEmbedder())

    @cached_property
    def book(self) -> AccountBook:
        """The archive's record of calls and replies. Raises ArchiveError."""
        return AccountBook(self._settings.archive)

    @cached_property
    def editions(self) -> EditionBook:
        """The archive's record of printed briefings. Raises ArchiveError."""
        return EditionBook(self._settings.archive)

    def prompt(self, name: str) -> Prompt:
        """Return a prompt: the user's own if there is one, else the shipped one. Raises UsageError."""
        return load(name, self._settings.prompts)

    @cached_property
    def chat(self) -> Chat | None:
        """The chat model with all that is around it, None without one. Raises UsageError, ModelMissing."""
        settings = self._settings
        if settings.model == "extractive":
            return None
        if settings.replay is not None and settings.record is not None:
            msg = "a replay asks no model, so there is nothing to record"
            raise UsageError(msg, hint="leave out --record, or --replay")
        if settings.replay is not None:
            hosted = (settings.model or "").partition(":")[0] not in {"", "extractive", "local"}
            return ReplayingChat(settings.replay, settings.model if hosted else None)
        if not settings.model:
            return None
        price = load_prices(settings.prices).of(settings.model, self.address)
        caps = Caps(
            per_call=settings.call_cost,
            per_day=settings.day_cost,
            per_call_tokens=settings.call_tokens,
            per_day_tokens=settings.day_tokens,
            reply_tokens=self._reply_tokens,
        )
        chat: Chat = MeteredChat(self._provider(settings.model), self.book, price, caps)
        chat = RememberedChat(chat, self.book, fresh=settings.fresh, place=self._place)
        return RecordingChat(chat, settings.record) if settings.record else chat

    def generator(self) -> Generator:
        """Return what writes answers. Raises UsageError, ModelMissing."""
        chat = self.chat
        if chat is not None:
            from rag.fallback import Fallback  # noqa: PLC0415 - not needed without a chat model
            from rag.writing import ChatGenerator  # noqa: PLC0415

            writer = ChatGenerator(chat, self.prompt)
            return Fallback(writer, self._extractive()) if self._settings.fallback else writer
        return self._extractive()

    @cached_property
    def verifier(self) -> Verifier | None:
        """What judges claims besides the rules, None for the rules alone. Raises UsageError, ModelMissing."""
        named = [name for name in self._settings.verifier.split("+") if name != "rules"]
        found = [self._verifier(name) for name in named]
        if len(found) > 1:
            from rag.entailment import AllOf  # noqa: PLC0415

            return AllOf(tuple(found))
        return found[0] if found else None

    def _verifier(self, name: str) -> Verifier:
        if name == "embedded":
            from rag.entailment import EmbeddedVerifier  # noqa: PLC0415

            return EmbeddedVerifier(self.reranker, BgeSmallEmbedder())
        if name == "judge":
            from rag.judging import ChatVerifier  # noqa: PLC0415

            if self.chat is None:
                msg = "the verifier judge needs a chat model"
                raise UsageError(msg, hint="export CITEWIRE_MODEL=openai:gpt-5-mini, or CITEWIRE_VERIFIER=embedded")
            return ChatVerifier(self.chat, self.prompt)
        from rag.crossencoder import OnnxVerifier  # noqa: PLC0415

        return OnnxVerifier(name.removeprefix("onnx:"))

    def _extractive(self) -> Generator:
        from rag.extractive import ExtractiveGenerator  # noqa: PLC0415

        accept = calibration.threshold(self._settings.risk, calibration.shipped().curve)
        return ExtractiveGenerator(self.reranker, accept=accept)

    @property
    def address(self) -> str | None:
        """Where an OpenAI-compatible model is asked: langchain-openai reads these variables too."""
        named = (os.environ.get(name) for name in ("OPENAI_API_BASE", "OPENAI_BASE_URL"))
        openai = (self._settings.model or "").startswith("openai:")
        return self._settings.base_url or (next(filter(None, named), None) if openai else None)

    @property
    def _place(self) -> str:
        """What tells this model from another of the same name: its address, or the state of its file."""
        name = self._settings.model or ""
        if not name.startswith("local:"):
            return self.address or ""
        gguf = _gguf(name)
        try:
            state = gguf.stat()
        except OSError:
            return str(gguf)  # the server will say what is wrong with it
        return f"{gguf.resolve()} {state.st_size} {state.st_mtime_ns}"

    @property
    def _reply_tokens(self) -> int:
        most = self._settings.reply_tokens
        return min(most, LOCAL_REPLY) if (self._settings.model or "").startswith("local:") else most

    def _provider(self, name: str) -> Chat:
        settings = self._settings
        if name.startswith("local:"):
            self._server = LlamaServer(_gguf(name), context=settings.context, threads=settings.threads)
            return _LocalChat(self._server, settings.deadline, self._reply_tokens)
        from rag.models import chat_model  # noqa: PLC0415 - 1 s to import

        return chat_model(name, base_url=settings.base_url, deadline=settings.deadline, most=self._reply_tokens)


def _gguf(name: str) -> Path:
    return Path(name.removeprefix("local:")).expanduser()


class _LocalChat:
    """A model in a file: its server starts with the first question."""

    def __init__(self, server: LlamaServer, deadline: float, most: int) -> None:
        self._server = server
        self._deadline = deadline
        self._most = most
        self._chat: Chat | None = None
        self._starting = threading.Lock()
        self.name = f"local:{server.model_name}"

    def reply(self, request: Request) -> Reply:
        """Return the reply. Raises UsageError, ModelMissing, ProviderError."""
        with self._starting:
            if self._chat is None:
                self._chat = self._started()
        try:
            return self._chat.reply(request)
        except ProviderError as error:
            if error.kind is not ProviderFault.CONNECTION:
                raise
            with self._starting:  # the server is gone: the next question starts it again
                self._server.close()
                self._chat = None
            msg = "the local model has stopped"
            raise ProviderError(msg, kind=error.kind, hint="ask again: it is started anew") from None

    def _started(self) -> Chat:
        from rag.models import chat_model  # noqa: PLC0415 - 1 s to import

        self._server.start()
        name = f"openai:{self._server.model_name}"
        server = {"base_url": self._server.base_url, "key": self._server.key}
        return chat_model(name, deadline=self._deadline, most=self._most, **server)
