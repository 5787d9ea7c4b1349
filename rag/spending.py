"""What a chat model costs: counted before each call, refused where a cap could be passed, and written down.

A call is written down at its worst case before it is made, and corrected after. So processes that share a ledger share
its caps while their calls are under way, and a call that a crash cut off counts as what it may have cost.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Protocol

from rag.chunking import token_counts
from rag.errors import ArchiveError, BudgetReached, ProviderError, ProviderFault, UsageError
from rag.prices import Price, dollars
from rag.protocols import Chat, Reply, Request

MARGIN = 1.1
"""On tokens that we count: newer OpenAI models have another vocabulary than ours, other providers' are not public."""
FRAME = 20
"""Tokens that a provider puts around system text, user text and schema."""
UNANSWERED = {
    ProviderFault.AUTH,
    ProviderFault.QUOTA,
    ProviderFault.UNKNOWN_MODEL,
    ProviderFault.CONTEXT_LENGTH,
    ProviderFault.RATE_LIMITED,
    ProviderFault.CONNECTION,
    ProviderFault.SERVER,
}
"""Faults for which nothing was written. After any other, and after Ctrl-C, a reply may be on its way and paid for."""
_CHEAPER = "or go without a model: citewire ask ... --model extractive"


class Outcome(StrEnum):
    """How a call ended."""

    OPEN = "open"
    """It is under way, or its process died: counted at its worst case."""
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a chat model, as the ledger keeps it. No word of what was asked is in it."""

    at: datetime
    model: str
    task: str
    read: int
    """Tokens of the request."""
    written: int
    """Tokens of the reply."""
    dollars: float | None
    """None if the price is unknown."""
    outcome: Outcome
    estimated: bool
    """The tokens are our count and not the provider's."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent since some moment."""

    dollars: float
    """Of the calls whose price is known."""
    tokens: int
    """Read and written."""
    unpriced: int = 0
    """Calls of unknown price."""


class Ledger(Protocol):
    """Where calls are written down. Each method raises ArchiveError."""

    def record(self, call: Call, allow: Callable[[Spent], None] | None = None) -> int:
        """Write a call down and return its number.

        ``allow`` is first told what the other calls of its day cost. What it raises is raised, and nothing is written.
        No other call is written down in between.
        """
        ...

    def amend(self, number: int, call: Call) -> None:
        """Put a call in the place of the one with this number."""
        ...

    def cancel(self, number: int) -> None:
        """Take a call out that was not made."""
        ...

    def spent(self, since: datetime) -> Spent:
        """Return what all calls since then cost, those under way at their worst case."""
        ...


@dataclass(frozen=True, slots=True)
class Caps:
    """What a user allows to be spent; None is no cap. A day is one in UTC."""

    per_call: float | None = None
    """US dollars."""
    per_day: float | None = None
    """US dollars."""
    per_call_tokens: int | None = None
    """Tokens of request and reply."""
    per_day_tokens: int | None = None
    reply_tokens: int = 4000
    """Most tokens of a reply, as the model is told. The worst case of a call is a reply of this length."""


class MeteredChat:
    """A chat model within a budget.

    Tokens are counted before a call with the vocabulary cl100k_base; for models that have another one this is an
    estimate, so 10% are added to it. The provider's own count, where it gives one, is what the ledger keeps.
    """

    def __init__(
        self,
        inner: Chat,
        ledger: Ledger,
        price: Price | None,
        caps: Caps,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Ask ``inner`` as long as ``caps`` allow it.

        Raises UsageError for a cap in dollars on a model of unknown price.
        """
        if price is None and not (caps.per_call is None and caps.per_day is None):
            msg = f"a cap in dollars cannot be kept: the price of {inner.name} is unknown"
            hint = "give its price in a file named by CITEWIRE_PRICES, or cap tokens: CITEWIRE_DAY_TOKENS=200000"
            raise UsageError(msg, hint=hint)
        self._inner = inner
        self._ledger = ledger
        self._price = price
        self._caps = caps
        self._now = now

    @property
    def name(self) -> str:
        """The inner model's."""
        return self._inner.name

    def reply(self, request: Request) -> Reply:
        """Return the inner model's reply.

        Raises BudgetReached before a call that could pass a cap, ArchiveError if a daily cap cannot be looked up, and
        what the inner model raises.
        """
        asked = Call(self._now(), self.name, request.task, 0, 0, None, Outcome.OPEN, estimated=True)
        worst = self._priced(asked, tokens(request), self._caps.reply_tokens, Outcome.OPEN)
        self._within_call(worst)
        number = self._open(worst)
        try:
            reply = self._inner.reply(request)
        except BaseException as error:
            if isinstance(error, UsageError) and number is not None:
                with suppress(ArchiveError):
                    self._ledger.cancel(number)  # nothing was asked: there is no such file or package
                raise
            unanswered = isinstance(error, ProviderError) and error.kind in UNANSWERED
            used = (0, 0) if unanswered else (worst.read, worst.written)
            self._close(number, self._priced(worst, *used, Outcome.FAILED))
            raise
        read = worst.read if reply.read is None else reply.read
        written = margin(reply.text) if reply.written is None else reply.written
        done = self._priced(worst, read, written, Outcome.DONE)
        self._close(number, replace(done, estimated=reply.read is None or reply.written is None))
        return reply

    def _priced(self, call: Call, read: int, written: int, outcome: Outcome) -> Call:
        cost = self._price.of(read, written) if self._price else None
        return replace(call, read=read, written=written, dollars=cost, outcome=outcome)

    def _within_call(self, call: Call) -> None:
        """Raise BudgetReached if one call like this could pass its cap."""
        caps = self._caps
        if caps.per_call is not None and (call.dollars or 0.0) > caps.per_call:
            msg = f"{_cost(call)}, and {dollars(caps.per_call)} is the cap for one"
            raise BudgetReached(msg, hint=f"raise CITEWIRE_CALL_COST, ask with -k 4, {_CHEAPER}")
        if caps.per_call_tokens is not None and call.read + call.written > caps.per_call_tokens:
            msg = f"{_size(call)}, and {caps.per_call_tokens:,} are the cap for one"
            raise BudgetReached(msg, hint=f"raise CITEWIRE_CALL_TOKENS, ask with -k 4, {_CHEAPER}")

    def _open(self, call: Call) -> int | None:
        """Write the call down if the day allows it; without a daily cap it may go unwritten. Raises BudgetReached."""
        if self._caps.per_day is None and self._caps.per_day_tokens is None:
            with suppress(ArchiveError):  # such as one that can only be read
                return self._ledger.record(call)
            return None
        return self._ledger.record(call, partial(self._within_day, call))

    def _within_day(self, call: Call, spent: Spent) -> None:
        """Raise BudgetReached if a call like this could pass a cap of its day."""
        caps = self._caps
        beside = f" (without {spent.unpriced} of unknown price)" if spent.unpriced else ""
        if caps.per_day is not None and spent.dollars + (call.dollars or 0.0) > caps.per_day:
            msg = f"{_cost(call)}; {dollars(spent.dollars)}{beside} of today's {dollars(caps.per_day)} is spent"
            raise BudgetReached(msg, hint=f"raise CITEWIRE_DAY_COST, wait for 00:00 UTC, {_CHEAPER}")
        if caps.per_day_tokens is not None and spent.tokens + call.read + call.written > caps.per_day_tokens:
            msg = f"{_size(call)}; {spent.tokens:,} of today's {caps.per_day_tokens:,} tokens are spent"
            raise BudgetReached(msg, hint=f"raise CITEWIRE_DAY_TOKENS, wait for 00:00 UTC, {_CHEAPER}")

    def _close(self, number: int | None, call: Call) -> None:
        """Correct what was written down; where that fails, the worst case stands, and the reply is not lost."""
        if number is not None:
            with suppress(ArchiveError):
                self._ledger.amend(number, call)


def day(at: datetime) -> datetime:
    """Return when the day of a moment began, in UTC."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _size(call: Call) -> str:
    return f"a call of {call.model} could use {call.read + call.written:,} tokens"


def tokens(request: Request) -> int:
    """Return the tokens of a request: what is sent as text, its schema, and a margin."""
    return margin(request.system, request.user, json.dumps(request.schema.model_json_schema())) + FRAME


def margin(*texts: str) -> int:
    """Return the tokens of these texts as we count them, and a tenth more."""
    return math.ceil(sum(token_counts(texts)) * MARGIN)


def _cost(call: Call) -> str:
    cost = "has an unknown price" if call.dollars is None else f"could cost {dollars(call.dollars)}"
    return f"a call of {call.model} {cost} ({call.read:,} tokens to read, up to {call.written:,} to write)"
