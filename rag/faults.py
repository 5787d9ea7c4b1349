"""A vendor's exception to a ProviderError, and one deadline over all retries.

Vendors' classes are known by name, so that no vendor has to be imported to fail; nothing above knows a vendor.
"""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from contextvars import copy_context
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Thread
from typing import TypeVar

from rag.errors import ProviderError, ProviderFault

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


def within_deadline(call: Callable[[], T], seconds: float) -> T:
    """Return ``call()``, tried again with growing, jittered waits until ``seconds`` have passed in all.

    Raises ProviderError: at once where retrying cannot help, or where the provider asks for a longer wait than is left.
    """
    end = time.monotonic() + seconds
    wait = _FIRST_WAIT
    malformed = 0
    before: ProviderError | None = None
    while True:
        try:
            return _bounded(call, end - time.monotonic())
        except Exception as error:  # noqa: BLE001 - sorted by provider_error, bugs are raised again
            fault, asked, hopeless = provider_error(error), _retry_after(error), _untrusted(error)
        malformed += fault.kind is ProviderFault.MALFORMED
        pause = max(asked or 0.0, random.uniform(wait / 2, wait))  # noqa: S311 - jitter
        late = time.monotonic() + pause >= end
        if before is not None and late and fault.kind is ProviderFault.TIMEOUT:
            fault = before  # what failed until then says more than that the last attempt was cut off
        before = fault
        if hopeless or late or malformed > 2 or fault.kind not in RETRIED:  # noqa: PLR2004
            raise fault  # outside the handler, without the vendor's error: its message may hold the key
        time.sleep(pause)
        wait = min(wait * 2, _LONGEST_WAIT)


def _bounded(call: Callable[[], T], seconds: float) -> T:
    """Return ``call()``, or give it up after ``seconds``.

    A client's own time limit starts again with each byte that arrives, so it works in a thread that can be left behind:
    after the deadline, and on Ctrl-C. It is a daemon, so that it keeps no process from ending.
    """
    future: Future[T] = Future()
    context = copy_context()  # LangChain's callbacks and our spans are found through it

    def work() -> None:
        try:
            future.set_result(context.run(call))
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            future.set_exception(error)

    Thread(target=work, name="citewire-model", daemon=True).start()
    try:
        future.exception(timeout=max(0.0, seconds))
    except TimeoutError:  # of the wait; what the call raised is returned
        msg = "the model failed (timeout): no reply before the deadline"
        raise ProviderError(msg, kind=ProviderFault.TIMEOUT, hint=_HINTS[ProviderFault.TIMEOUT]) from None
    return future.result()


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
    ProviderFault.UNKNOWN_MODEL: "check --model or CITEWIRE_MODEL, and CITEWIRE_BASE_URL, often with /v1",
    ProviderFault.CONTEXT_LENGTH: "ask with fewer sentences: citewire ask ... -k 4",
    ProviderFault.INCOMPLETE: "raise CITEWIRE_REPLY_TOKENS, or ask with fewer sentences: citewire ask ... -k 4",
    ProviderFault.RATE_LIMITED: "try again later, or without a model: citewire ask ... --model extractive",
    ProviderFault.TIMEOUT: "raise CITEWIRE_DEADLINE, or go without a model: citewire ask ... --model extractive",
    ProviderFault.CONNECTION: "see what answers with citewire models; the address is CITEWIRE_BASE_URL",
    ProviderFault.SERVER: "try again later, or without a model: citewire ask ... --model extractive",
    ProviderFault.MALFORMED: "try again, another model, or none: citewire ask ... --model extractive",
    ProviderFault.REFUSED: "another model, or none: citewire ask ... --model extractive",
}


_BY_STATUS = {
    402: ProviderFault.QUOTA,
    405: ProviderFault.UNKNOWN_MODEL,
    413: ProviderFault.CONTEXT_LENGTH,
}
"""What other servers than OpenAI's say of an account without credit, a wrong address and a request too long."""
BAD_REQUEST = frozenset({400, 422})
"""What a server says of a request that it does not understand."""


def provider_error(error: Exception) -> ProviderError:
    """Return ``error`` of a vendor as ours. An error that is none of a vendor's is raised again as it is."""
    ours = next((cause for cause in _causes(error) if isinstance(cause, ProviderError)), None)
    if ours is not None:  # raised inside the vendor's client, such as of a reply without end
        return ours
    kind = next((VENDOR_ERRORS[c.__name__] for c in type(error).__mro__ if c.__name__ in VENDOR_ERRORS), None)
    code = str(getattr(error, "code", "") or "")
    if code == "insufficient_quota":
        kind = ProviderFault.QUOTA
    elif code == "context_length_exceeded":
        kind = ProviderFault.CONTEXT_LENGTH
    if kind is None and not _ours(error):  # a client that is not openai's
        kind = _told_by_type(error)
    if kind is None:
        raise error
    status: int = getattr(error, "status_code", None) or 0
    kind = _BY_STATUS.get(status, kind)
    if 300 <= status < 400:  # noqa: PLR2004 - it lives elsewhere, and nothing is sent there
        kind = ProviderFault.UNKNOWN_MODEL
    detail = f"HTTP {status}" if status else type(error).__name__
    hint = _HINTS.get(kind, "")
    if kind is ProviderFault.REFUSED and status in BAD_REQUEST:
        hint = f"it refuses how it was asked, also without a JSON schema (response_format); {hint}"
    if kind is ProviderFault.CONNECTION and _untrusted(error):
        detail = "its TLS certificate is not trusted"
        hint = "check CITEWIRE_BASE_URL; a certificate of your own is named with SSL_CERT_FILE"
    return ProviderError(f"the model failed ({kind}): {detail}", kind=kind, hint=hint)


def _told_by_type(error: Exception) -> ProviderFault:
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return ProviderFault.TIMEOUT
    if isinstance(error, OSError) or "Connect" in type(error).__name__:
        return ProviderFault.CONNECTION
    return ProviderFault.MALFORMED if isinstance(error, _BARE) else ProviderFault.SERVER


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _untrusted(error: BaseException) -> bool:
    """Tell whether a certificate was refused: it will be so again."""
    return any(isinstance(cause, ssl.SSLCertVerificationError) for cause in _causes(error))


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


def _retry_after(error: Exception) -> float | None:
    """Return the seconds that a provider asks to wait, None if it asks for none. It names them, or an HTTP date."""
    headers: Mapping[str, str] = getattr(getattr(error, "response", None), "headers", None) or {}
    asked = headers.get("retry-after", "")
    with suppress(ValueError):
        return max(0.0, float(asked))
    try:
        moment = parsedate_to_datetime(asked)
    except (ValueError, OverflowError):
        return None
    zone = moment.tzinfo or UTC
    return max(0.0, (moment.replace(tzinfo=zone) - datetime.now(UTC)).total_seconds())
