"""Chat models and embeddings of LangChain, behind our own seams.

A setting such as ``openai:gpt-5-mini`` becomes a ``Generator``; whatever the vendor's client raises becomes a
``ProviderError`` here, so nothing above this room knows a vendor. Each call has one deadline over all its retries.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field

from rag.claims import Draft, Statement
from rag.errors import ModelMissing, ProviderError, ProviderFault, UsageError
from rag.prompting import Prompt, numbered
from rag.protocols import Embedder
from rag.sources import Evidence

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

T = TypeVar("T")

RETRIED = {
    ProviderFault.RATE_LIMITED,
    ProviderFault.TIMEOUT,
    ProviderFault.CONNECTION,
    ProviderFault.SERVER,
    ProviderFault.MALFORMED,
}
"""Faults that another attempt can mend. A spent quota, a bad key and a refusal stay as they are."""

_FIRST_WAIT = 0.5
_LONGEST_WAIT = 8.0


class ReplyStatement(BaseModel):
    """One statement of a model's reply."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(description="One short statement")
    sentences: list[int] = Field(description="Numbers of the sentences it rests on")


class Reply(BaseModel):
    """What a chat model must reply with."""

    model_config = ConfigDict(extra="forbid")
    statements: list[ReplyStatement]
    missing: list[str] = Field(description="Parts of the question that the sentences do not answer")


class ChatGenerator:
    """A LangChain chat model as a ``Generator``."""

    def __init__(self, chat: BaseChatModel, prompt: Prompt, *, name: str, deadline: float = 60.0) -> None:
        self._chat = chat
        self._prompt = prompt
        self._deadline = deadline
        self.name = name
        self.prompt: str | None = prompt.hash

    def write(self, question: str, evidence: Sequence[Evidence]) -> Draft:
        """Propose statements. Raises ProviderError after the deadline or on a fault that retrying cannot mend."""
        system, user = self._prompt.fill({"question": question, "evidence": numbered(evidence)})
        model = self._chat.with_structured_output(Reply, include_raw=True)
        messages = [("system", system), ("human", user)]
        reply = within_deadline(lambda: _reply(cast("Mapping[str, Any]", model.invoke(messages))), self._deadline)
        statements = (Statement(" ".join(item.text.split()), tuple(item.sentences)) for item in reply.statements)
        return Draft(tuple(item for item in statements if item.text), tuple(reply.missing))


def chat_model(name: str, *, base_url: str | None = None, deadline: float = 60.0) -> BaseChatModel:
    """Return the chat model ``provider:model``. Its key comes from the provider's own environment variable.

    Raises UsageError if the name has no provider or the key is not set, ModelMissing if the provider's package is not
    installed.
    """
    from langchain.chat_models import init_chat_model  # noqa: PLC0415 - 1 s to import

    provider, model = _provider(name)
    options: dict[str, Any] = {"timeout": deadline, "max_retries": 0}
    if base_url:
        options["base_url"] = base_url
    try:
        return cast("BaseChatModel", init_chat_model(model, model_provider=provider, **options))
    except Exception as error:  # noqa: BLE001 - each vendor has its own
        raise _not_built(error, name) from None


def embeddings(name: str, *, base_url: str | None = None) -> Embedder:
    """Return the LangChain embeddings ``provider:model``, its faults turned into ProviderError.

    Raises as ``chat_model`` does.
    """
    from langchain.embeddings import init_embeddings  # noqa: PLC0415 - 1 s to import

    provider, model = _provider(name)
    options: dict[str, Any] = {"base_url": base_url} if base_url else {}
    if provider == "openai":  # its own length check would download a vocabulary
        options |= {"check_embedding_ctx_length": False, "max_retries": 0, "timeout": 60.0}
    try:
        inner = cast("Embedder", init_embeddings(model, provider=provider, **options))
    except Exception as error:  # noqa: BLE001 - each vendor has its own
        raise _not_built(error, name) from None
    return HostedEmbedder(inner, name)


class HostedEmbedder:
    """A LangChain embedder with our errors and retries."""

    def __init__(self, inner: Embedder, name: str, *, deadline: float = 60.0) -> None:
        self._inner = inner
        self._deadline = deadline
        self.name = name

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector for each text. Raises ProviderError."""
        vectors = within_deadline(lambda: self._inner.embed_documents(texts), self._deadline)
        if len(vectors) != len(texts):
            msg = f"{self.name} returned {len(vectors)} vectors for {len(texts)} texts"
            raise ProviderError(msg, kind=ProviderFault.MALFORMED)
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the vector to search with. Raises ProviderError."""
        return within_deadline(lambda: self._inner.embed_query(text), self._deadline)


def within_deadline(call: Callable[[], T], seconds: float) -> T:
    """Return ``call()``, tried again with growing, jittered waits until ``seconds`` have passed in all.

    Raises ProviderError: at once where retrying cannot help, or where the provider asks for a longer wait than is left.
    """
    end = time.monotonic() + seconds
    wait = _FIRST_WAIT
    malformed = 0
    while True:
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - sorted by provider_error, bugs are raised again
            fault = provider_error(error)
            asked = _retry_after(error)
            malformed += fault.kind is ProviderFault.MALFORMED
            pause = asked if asked is not None else random.uniform(wait / 2, wait)  # noqa: S311 - jitter
            if fault.kind not in RETRIED or malformed > 2 or time.monotonic() + pause >= end:  # noqa: PLR2004
                raise fault from None
            time.sleep(pause)
            wait = min(wait * 2, _LONGEST_WAIT)


VENDOR_ERRORS = {
    "AuthenticationError": ProviderFault.AUTH,
    "PermissionDeniedError": ProviderFault.AUTH,
    "OAuthError": ProviderFault.AUTH,
    "SubjectTokenProviderError": ProviderFault.AUTH,
    "NotFoundError": ProviderFault.UNKNOWN_MODEL,
    "RateLimitError": ProviderFault.RATE_LIMITED,
    "APITimeoutError": ProviderFault.TIMEOUT,
    "APIConnectionError": ProviderFault.CONNECTION,
    "WebSocketConnectionClosedError": ProviderFault.CONNECTION,
    "InternalServerError": ProviderFault.SERVER,
    "APIStatusError": ProviderFault.SERVER,
    "ConflictError": ProviderFault.SERVER,
    "BadRequestError": ProviderFault.REFUSED,
    "UnprocessableEntityError": ProviderFault.REFUSED,
    "ContentFilterFinishReasonError": ProviderFault.REFUSED,
    "OpenAIRefusalError": ProviderFault.REFUSED,
    "OpenAIContextOverflowError": ProviderFault.CONTEXT_LENGTH,
    "ContextOverflowError": ProviderFault.CONTEXT_LENGTH,
    "OpenAIAPIContextOverflowError": ProviderFault.CONTEXT_LENGTH,
    "LengthFinishReasonError": ProviderFault.INCOMPLETE,
    "APIResponseValidationError": ProviderFault.MALFORMED,
    "OutputParserException": ProviderFault.MALFORMED,
    "InvalidWebhookSignatureError": ProviderFault.MALFORMED,
    "WebSocketQueueFullError": ProviderFault.CONNECTION,
    "OpenAIAPIError": ProviderFault.SERVER,
    "APIError": ProviderFault.SERVER,
    "OpenAIError": ProviderFault.SERVER,
}
"""Vendors' exception classes by name, so that no vendor has to be imported; a test fails when openai adds one."""

_HINTS = {
    ProviderFault.AUTH: "set the provider's key, for OpenAI: export OPENAI_API_KEY=...",
    ProviderFault.QUOTA: "the account has no credit left; without a model: citewire ask ... --model extractive",
    ProviderFault.UNKNOWN_MODEL: "check the name given with --model or CITEWIRE_MODEL",
    ProviderFault.CONTEXT_LENGTH: "ask with fewer sentences: citewire ask ... -k 4",
    ProviderFault.RATE_LIMITED: "try again later, or without a model: citewire ask ... --model extractive",
}


def provider_error(error: Exception) -> ProviderError:
    """Return ``error`` of a vendor as ours. An error that is none of a vendor's is raised again as it is."""
    if isinstance(error, ProviderError):
        return error
    kind = next((VENDOR_ERRORS[c.__name__] for c in type(error).__mro__ if c.__name__ in VENDOR_ERRORS), None)
    code = str(getattr(error, "code", "") or "")
    if code == "insufficient_quota":
        kind = ProviderFault.QUOTA
    elif code == "context_length_exceeded":
        kind = ProviderFault.CONTEXT_LENGTH
    if kind is None and isinstance(error, _BARE) and not _ours(error):
        kind = ProviderFault.MALFORMED
    if kind is None:
        raise error
    status = getattr(error, "status_code", None)
    detail = f"HTTP {status}" if status else type(error).__name__
    return ProviderError(f"the model failed ({kind}): {detail}", kind=kind, hint=_HINTS.get(kind, ""))


_BARE = (ValueError, LookupError, TypeError, AttributeError)
"""What openai 3.54 raises when a reply is HTML, cut JSON or has no choices; pydantic's and json's are ValueErrors."""


def _ours(error: Exception) -> bool:
    """Tell whether ``error`` was raised by this package's own code: then it is a bug and not a provider's fault."""
    trace = error.__traceback__
    if trace is None:
        return True
    while trace.tb_next is not None:
        trace = trace.tb_next
    return str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0] == "rag"


def _reply(result: Mapping[str, Any]) -> Reply:
    raw = result.get("raw")
    metadata: Mapping[str, Any] = getattr(raw, "response_metadata", None) or {}
    extra: Mapping[str, Any] = getattr(raw, "additional_kwargs", None) or {}
    finish = metadata.get("finish_reason")
    if extra.get("refusal") or finish == "content_filter":
        msg = "the model refused to answer"
        raise ProviderError(msg, kind=ProviderFault.REFUSED, hint="citewire ask ... --model extractive")
    if finish == "length":
        msg = "the model's reply was cut off at its length limit"
        hint = "ask with fewer sentences: citewire ask ... -k 4"
        raise ProviderError(msg, kind=ProviderFault.INCOMPLETE, hint=hint)
    parsed = result.get("parsed")
    if not isinstance(parsed, Reply):
        msg = "the model's reply is not the JSON that was asked for"
        raise ProviderError(msg, kind=ProviderFault.MALFORMED)
    return parsed


def _retry_after(error: Exception) -> float | None:
    headers: Mapping[str, str] = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers["retry-after"]))
    except (KeyError, ValueError):
        return None


def _provider(name: str) -> tuple[str, str]:
    provider, colon, model = name.partition(":")
    if not (colon and provider and model):
        msg = f"{name!r} is not a model: expected PROVIDER:MODEL, such as openai:gpt-5-mini"
        raise UsageError(msg, hint="export CITEWIRE_MODEL=openai:gpt-5-mini")
    return provider, model


def _not_built(error: Exception, name: str) -> Exception:
    """Turn a failed construction into ours, without the vendor's message: it may hold a key."""
    provider = name.partition(":")[0]
    if isinstance(error, ImportError):
        return ModelMissing(f"{name} needs a package that is not installed", hint=f"pip install langchain-{provider}")
    if type(error).__name__ == "OpenAIError" or "api_key" in str(error).lower():
        key = f"{provider.upper()}_API_KEY"
        return UsageError(f"{name} needs a key: {key} is not set", hint=f"export {key}=...")
    return UsageError(f"{name} could not be set up: {type(error).__name__}", hint="citewire ask ... --model extractive")
