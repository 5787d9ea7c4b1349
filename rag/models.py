"""Chat models and embeddings of LangChain, behind our own seams.

A setting such as ``openai:gpt-5-mini`` becomes a ``Chat``; whatever the vendor's client raises becomes a
``ProviderError``. Each call has one deadline over all its retries. LangChain's callbacks see every call, so whatever
traces LangChain traces this.
"""

from __future__ import annotations

import json
import re
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel, ValidationError

from rag.errors import ModelMissing, ProviderError, ProviderFault, UsageError
from rag.faults import BAD_REQUEST, within_deadline
from rag.protocols import Embedder, Reply, Request
from rag.settings import check_key

if TYPE_CHECKING:
    import httpx2
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

LONGEST = 200_000
"""Characters of a reply. What is asked for is a few hundred; a reply of megabytes is a fault, not an answer."""


LARGEST = 8_000_000
"""Bytes of a response, embeddings of a batch included. A server that sends for ever is cut off."""


_WRAPPING = re.compile(r"(?:<think>.*?</think>)?\s*(?:```(?:json)?\s(?P<fenced>.*)```|(?P<plain>.*))", re.DOTALL)
"""What a server that knows no JSON schema puts around a reply: the model's thoughts before it, a fence of Markdown."""


class LangChainChat:
    """A LangChain chat model as a ``Chat``."""

    def __init__(self, chat: BaseChatModel, name: str, *, deadline: float = 60.0) -> None:
        """Ask ``chat``; ``deadline`` in seconds holds for one request with all its retries."""
        self._chat = chat
        self._deadline = deadline
        self._spelled = False
        self.name = name

    def reply(self, request: Request) -> Reply:
        """Return a reply that is valid JSON for the request's schema.

        A server that refuses a request with a schema is asked again, and from then on, with the schema spelled out.

        Raises ProviderError after the deadline, or at once on a fault that retrying cannot mend.
        """
        used = [0, 0]  # tokens of attempts whose reply was of no use: they are paid for as well

        def attempt() -> Reply:
            raw = self._said(request)
            usage: Mapping[str, int] = getattr(raw, "usage_metadata", None) or {}
            try:
                reply = _reply(raw, request.schema)
            except ProviderError:
                used[0] += usage.get("input_tokens", 0)
                used[1] += usage.get("output_tokens", 0)
                raise
            if reply.read is None or reply.written is None:
                return reply
            return Reply(reply.text, reply.read + used[0], reply.written + used[1])

        return within_deadline(attempt, self._deadline)

    def _said(self, request: Request) -> object:
        if not self._spelled:
            try:
                return _raw(self._chat, request.schema).invoke([("system", request.system), ("human", request.user)])
            except Exception as error:
                if not _knows_no_schema(error):
                    raise
        spelled = f"{request.system}\n\n{_SPELLED}\n{json.dumps(request.schema.model_json_schema())}"
        raw = self._chat.invoke([("system", spelled), ("human", request.user)])
        self._spelled = True
        return raw


_SPELLED = "Reply with one JSON object and nothing else. It has this JSON schema:"


def _raw(chat: BaseChatModel, schema: type[BaseModel]) -> Runnable[Any, Any]:
    """Return ``chat`` bound to ``schema``, without LangChain's parser behind it: what it said is read here.

    With ``include_raw`` LangChain would call it in a thread pool, which Ctrl-C and the end of the process wait for.
    OpenAI's own client, given a class, reads a reply as well, and throws away what it cannot read, usage included.
    """
    wanted: Any = schema
    if type(chat).__name__ in {"ChatOpenAI", "AzureChatOpenAI"}:
        from langchain_core.utils.function_calling import convert_to_openai_function  # noqa: PLC0415 - 1 s to import

        strict = convert_to_openai_function(schema, strict=True)
        wanted = {"name": schema.__name__, "schema": strict["parameters"], "strict": True}
    structured = chat.with_structured_output(wanted)
    return getattr(structured, "first", structured)


def _knows_no_schema(error: Exception) -> bool:
    """Tell whether a server refused how it was asked, which may be for the schema. What was asked has its own codes."""
    return getattr(error, "status_code", None) in BAD_REQUEST and getattr(error, "code", None) not in _OF_CONTENT


_OF_CONTENT = frozenset({"context_length_exceeded", "content_filter", "content_policy_violation"})


def _reply(raw: object, schema: type[BaseModel]) -> Reply:
    metadata: Mapping[str, Any] = getattr(raw, "response_metadata", None) or {}
    extra: Mapping[str, Any] = getattr(raw, "additional_kwargs", None) or {}
    finish = metadata.get("finish_reason") or metadata.get("stop_reason")
    if extra.get("refusal") or finish in {"content_filter", "refusal"}:
        msg = "the model refused to answer"
        raise ProviderError(msg, kind=ProviderFault.REFUSED, hint="citewire ask ... --model extractive")
    if finish in {"length", "max_tokens"}:
        msg = "the model's reply was cut off at its length limit"
        raise ProviderError(msg, kind=ProviderFault.INCOMPLETE, hint="raise CITEWIRE_REPLY_TOKENS, or ask with -k 4")
    text = _text(raw, schema)
    try:
        text = _without_more(text, schema)
    except ValidationError:
        msg = "the model's reply is not the JSON that was asked for"
        raise ProviderError(msg, kind=ProviderFault.MALFORMED, hint=_OTHER) from None
    usage: Mapping[str, int] = getattr(raw, "usage_metadata", None) or {}
    read, written = usage.get("input_tokens"), usage.get("output_tokens")
    return Reply(text, read, written) if read and written else Reply(text)  # servers that count nothing say 0


def _without_more(text: str, schema: type[BaseModel]) -> str:
    """Return a reply without the keys that nobody asked for; as it came if it has none. Raises ValidationError."""
    with suppress(ValidationError):
        schema.model_validate_json(text)
        return text
    return schema.model_validate_json(text, extra="ignore").model_dump_json()


_OTHER = "try again, another model, or none: citewire ask ... --model extractive"


def _text(raw: object, schema: type[BaseModel]) -> str:
    """Return the JSON of a reply: its text, or what a provider put into a call of the schema as a tool.

    LangChain's own parser mends cut JSON; what stands within ``_WRAPPING`` is read strictly here instead. A call of any
    other tool is nothing.
    """
    content: object = raw.model_dump_json() if isinstance(raw, BaseModel) and isinstance(raw, schema) else ""
    content = getattr(raw, "content", content)
    if isinstance(content, list):
        blocks = cast("list[object]", content)
        content = "".join(str(cast("Mapping[str, object]", b).get("text", "")) for b in blocks if isinstance(b, dict))
    calls = cast("Sequence[Mapping[str, object]]", getattr(raw, "tool_calls", None) or ())
    text = str(content).strip()
    if wrapped := _WRAPPING.fullmatch(text):
        text = (wrapped["fenced"] or wrapped["plain"] or "").strip()
    if not text and calls and calls[0].get("name") == schema.__name__:
        text = json.dumps(calls[0].get("args"))
    if len(text) > LONGEST:
        msg = f"the model's reply has {len(text):,} characters"
        raise ProviderError(msg, kind=ProviderFault.INCOMPLETE, hint=_OTHER)
    return text


def chat_model(
    name: str, *, base_url: str | None = None, deadline: float = 60.0, most: int = 4000, key: str | None = None
) -> LangChainChat:
    """Return the chat model ``provider:model``. A reply has at most ``most`` tokens.

    Its key comes from the provider's own environment variable; ``key`` is for a server that this process started.

    Raises UsageError if the name has no provider or the key is not set, ModelMissing if the provider's package is not
    installed.
    """
    from langchain.chat_models import init_chat_model  # noqa: PLC0415 - 1 s to import

    provider, model = _provider(name)
    check_key(provider)
    options: dict[str, Any] = {"timeout": deadline, "max_retries": 0, "max_tokens": most}
    if base_url:
        options["base_url"] = base_url
    if key:
        options["api_key"] = key
    client = _http_client(deadline) if provider == "openai" else None
    if client is not None:
        options["http_client"] = client
    try:
        chat = cast("BaseChatModel", init_chat_model(model, model_provider=provider, **options))
    except Exception as error:  # noqa: BLE001 - each vendor has its own
        raise _not_built(error, name) from None
    made = LangChainChat(chat, name, deadline=deadline)
    if client is not None:
        weakref.finalize(made, client.close)
    return made


def embeddings(name: str, *, base_url: str | None = None, dimensions: int | None = None) -> Embedder:
    """Return the LangChain embeddings ``provider:model``, its faults turned into ProviderError.

    Raises as ``chat_model`` does.
    """
    from langchain.embeddings import init_embeddings  # noqa: PLC0415 - 1 s to import

    provider, model = _provider(name)
    options: dict[str, Any] = {"base_url": base_url} if base_url else {}
    if dimensions:
        options["dimensions"] = dimensions
    client = _http_client(60.0) if provider == "openai" else None
    if client is not None:  # its own length check would download a vocabulary
        options |= {"check_embedding_ctx_length": False, "max_retries": 0, "timeout": 60.0}
        options["http_client"] = client
    try:
        inner = cast("Embedder", init_embeddings(model, provider=provider, **options))
    except Exception as error:  # noqa: BLE001 - each vendor has its own
        raise _not_built(error, name) from None
    made = HostedEmbedder(inner, name)
    if client is not None:
        weakref.finalize(made, client.close)
    return made


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


def _http_client(seconds: float) -> httpx2.Client:
    """Return OpenAI's HTTP client, made stricter.

    It follows no redirect, since articles and questions go to the address that was set and nowhere else, and a response
    that is too long, or drips for longer than ``seconds``, ends.
    """
    import httpx2  # noqa: PLC0415 - comes with openai
    import openai  # noqa: PLC0415 - 1 s to import

    class Bounded(httpx2.SyncByteStream):
        def __init__(self, inner: Iterable[bytes], close: Callable[[], None]) -> None:
            self._inner = inner
            self.close = close

        def __iter__(self) -> Iterator[bytes]:
            end, size = time.monotonic() + seconds, 0
            for part in self._inner:
                size += len(part)
                if size > LARGEST or time.monotonic() > end:
                    msg = "the model's response did not end"
                    raise ProviderError(msg, kind=ProviderFault.INCOMPLETE, hint=_OTHER)
                yield part

    def bound(response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = Bounded(response.stream, response.stream.close)

    return openai.DefaultHttpxClient(follow_redirects=False, timeout=seconds, event_hooks={"response": [bound]})


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
    if isinstance(error, ValueError) and "provider" in str(error).lower():
        msg = f"{provider!r} is no provider that LangChain knows: expected openai, anthropic, ollama or another of them"
        return UsageError(msg, hint="citewire models")
    return UsageError(f"{name} could not be set up: {type(error).__name__}", hint="citewire ask ... --model extractive")
