"""A chat model within a budget: what is refused before it costs anything, and what is written down."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from news import article, evidence

from rag.chunking import token_counts
from rag.errors import ArchiveLocked, BudgetReached, ProviderError, ProviderFault, UsageError
from rag.ledger import AccountBook
from rag.prices import FREE, Price
from rag.protocols import Reply, Request
from rag.spending import Call, Caps, MeteredChat, Outcome, Spent, day, tokens
from rag.writing import ChatGenerator, Selection

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
PRICE = Price(input=1_000, output=10_000)
ASKED = Request("select", "0" * 64, "You choose.", "Which of these?", Selection)
GOOD = '{"points": [], "missing": []}'
WORST = PRICE.of(tokens(ASKED), 100)
CAPS = Caps(reply_tokens=100)


class Model:
    """Replies as it is told, and counts how often it was asked."""

    name = "openai:m"

    def __init__(self, say: Callable[[], Reply] = lambda: Reply(GOOD, 30, 5)) -> None:
        self.asked = 0
        self._say = say

    def reply(self, request: Request) -> Reply:
        del request
        self.asked += 1
        return self._say()


class Book:
    """A ``Ledger`` in a list."""

    def __init__(self, *calls: Call) -> None:
        self.calls = list(calls)

    def record(self, call: Call, allow: Callable[[Spent], None] | None = None) -> int:
        if allow:
            allow(self.spent(day(call.at)))
        self.calls.append(call)
        return len(self.calls) - 1

    def amend(self, number: int, call: Call) -> None:
        self.calls[number] = call

    def cancel(self, number: int) -> None:
        del self.calls[number]

    def spent(self, since: datetime) -> Spent:
        own = [call for call in self.calls if call.at >= since]
        return Spent(
            sum(call.dollars or 0.0 for call in own),
            sum(call.read + call.written for call in own),
            sum(call.dollars is None for call in own),
        )


def metered(model: Model, book: Book, caps: Caps = CAPS, price: Price | None = PRICE) -> MeteredChat:
    return MeteredChat(model, book, price, caps, now=lambda: NOW)


def broken(kind: ProviderFault) -> Callable[[], Reply]:
    def say() -> Reply:
        msg = "no"
        raise ProviderError(msg, kind=kind)

    return say


# -- what is written down --------------------------------------------------------------------------------------------


def test_a_call_is_written_down_with_the_providers_own_count_and_its_cost() -> None:
    book = Book()
    assert metered(Model(), book).reply(ASKED) == Reply(GOOD, 30, 5)
    cost = PRICE.of(30, 5)
    assert book.calls == [Call(NOW, "openai:m", "select", 30, 5, cost, Outcome.DONE, estimated=False)]


@pytest.mark.parametrize("counted", [(None, None), (30, None), (None, 5)])
def test_where_the_provider_does_not_count_our_estimate_is_written_down_as_one(
    counted: tuple[int | None, int | None],
) -> None:
    book = Book()
    metered(Model(lambda: Reply(GOOD, *counted)), book).reply(ASKED)
    (call,) = book.calls
    assert call.estimated
    assert call.read == (counted[0] or tokens(ASKED))
    assert call.written >= (counted[1] or token_counts([GOOD])[0])
    assert call.dollars == PRICE.of(call.read, call.written)


@given(st.text(max_size=300), st.text(max_size=300))
def test_the_estimate_is_at_least_a_tenth_above_our_count_of_all_that_is_sent(system: str, user: str) -> None:
    schema = json.dumps(Selection.model_json_schema())
    counted = sum(token_counts([system, user, schema]))
    assert tokens(replace(ASKED, system=system, user=user)) >= 1.1 * counted


@pytest.mark.parametrize("kind", list(ProviderFault))
def test_a_failed_call_costs_nothing_where_nothing_was_written_else_what_it_may_cost(
    kind: ProviderFault,
) -> None:
    book = Book()
    with pytest.raises(ProviderError):
        metered(Model(broken(kind)), book).reply(ASKED)
    (call,) = book.calls
    assert call.outcome is Outcome.FAILED
    paid = kind in {ProviderFault.INCOMPLETE, ProviderFault.MALFORMED, ProviderFault.REFUSED, ProviderFault.TIMEOUT}
    assert (call.read, call.written) == ((tokens(ASKED), 100) if paid else (0, 0))


def test_a_call_that_the_user_breaks_off_is_written_down() -> None:
    def stop() -> Reply:
        raise KeyboardInterrupt

    book = Book()
    with pytest.raises(KeyboardInterrupt):
        metered(Model(stop), book).reply(ASKED)
    assert [call.outcome for call in book.calls] == [Outcome.FAILED]


def test_a_call_under_way_stands_in_the_ledger_at_its_worst_case() -> None:
    book = Book()
    seen: list[Call] = []

    def look() -> Reply:
        seen.extend(book.calls)
        return Reply(GOOD, 30, 5)

    metered(Model(look), book).reply(ASKED)
    assert seen == [Call(NOW, "openai:m", "select", tokens(ASKED), 100, WORST, Outcome.OPEN, estimated=True)]


# -- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("caps", "setting"),
    [
        (replace(CAPS, per_call=WORST * 0.999), "CITEWIRE_CALL_COST"),
        (replace(CAPS, per_day=WORST * 0.999), "CITEWIRE_DAY_COST"),
        (replace(CAPS, per_call_tokens=tokens(ASKED) + 99), "CITEWIRE_CALL_TOKENS"),
        (replace(CAPS, per_day_tokens=tokens(ASKED) + 99), "CITEWIRE_DAY_TOKENS"),
    ],
)
def test_a_call_that_could_pass_a_cap_is_not_made_and_the_setting_is_named(caps: Caps, setting: str) -> None:
    model, book = Model(), Book()
    said = r"openai:m could (?:cost \$\d+\.\d\d .* up to 100 to write|use 363 tokens)"
    with pytest.raises(BudgetReached, match=said) as caught:
        metered(model, book, caps).reply(ASKED)
    assert setting in caught.value.hint
    assert "--model extractive" in caught.value.hint
    assert model.asked == 0
    assert book.calls == []


@pytest.mark.parametrize(
    "caps",
    [
        Caps(per_call=WORST, per_day=WORST, reply_tokens=100),
        Caps(per_call_tokens=tokens(ASKED) + 100, per_day_tokens=tokens(ASKED) + 100, reply_tokens=100),
    ],
)
def test_a_call_that_fits_its_caps_exactly_is_made(caps: Caps) -> None:
    model = Model()
    metered(model, Book(), caps).reply(ASKED)
    assert model.asked == 1


def test_what_was_spent_today_in_utc_counts_and_what_was_spent_before_does_not() -> None:
    midnight = NOW.replace(hour=0)
    old = Call(midnight - timedelta(milliseconds=1), "openai:m", "write", 1, 1, 50.0, Outcome.DONE, estimated=False)
    caps = replace(CAPS, per_day=50.0 + WORST / 2)
    metered(Model(), Book(old), caps).reply(ASKED)
    with pytest.raises(BudgetReached, match=r"\$50\.00 of today's \$50\.\d\d is spent") as caught:
        metered(Model(), Book(replace(old, at=midnight)), caps).reply(ASKED)
    assert "00:00 UTC" in caught.value.hint


def test_the_message_says_that_calls_of_unknown_price_are_not_in_the_sum() -> None:
    unpriced = Call(NOW, "openai:x", "write", 1, 1, None, Outcome.DONE, estimated=False)
    with pytest.raises(BudgetReached, match=r"\$0\.00 \(without 1 of unknown price\) of today's"):
        metered(Model(), Book(unpriced), replace(CAPS, per_day=WORST / 2)).reply(ASKED)


def test_a_call_under_way_leaves_less_for_the_next() -> None:
    book = Book()
    caps = replace(CAPS, per_day=WORST * 1.5)
    inner = Model()

    def ask_another() -> Reply:
        with pytest.raises(BudgetReached):
            metered(inner, book, caps).reply(ASKED)
        return Reply(GOOD, 30, 5)

    metered(Model(ask_another), book, caps).reply(ASKED)
    assert inner.asked == 0
    metered(inner, book, caps).reply(ASKED)
    assert inner.asked == 1


@pytest.mark.parametrize("caps", [Caps(per_call=1.0), Caps(per_day=1.0)])
def test_a_cap_in_dollars_on_a_model_of_unknown_price_is_refused_with_both_ways_out(caps: Caps) -> None:
    with pytest.raises(UsageError, match="price of openai:m is unknown") as caught:
        metered(Model(), Book(), caps, price=None)
    assert "CITEWIRE_PRICES" in caught.value.hint
    assert "CITEWIRE_DAY_TOKENS" in caught.value.hint


def test_a_model_of_unknown_price_can_be_capped_in_tokens_and_its_cost_is_none() -> None:
    book = Book()
    chat = metered(Model(), book, replace(CAPS, per_day_tokens=tokens(ASKED) + 120), price=None)
    chat.reply(ASKED)
    assert book.calls[0].dollars is None
    with pytest.raises(BudgetReached, match=r"openai:m could use 363 tokens; 35 of today's"):
        chat.reply(ASKED)


def test_a_free_model_never_reaches_a_cap_in_dollars() -> None:
    book = Book(Call(NOW, "openai:m", "write", 1, 1, 0.5, Outcome.DONE, estimated=False))
    metered(Model(), book, Caps(per_call=0.0, per_day=0.5), price=FREE).reply(ASKED)
    assert book.calls[-1].dollars == 0.0


# -- a ledger that fails ---------------------------------------------------------------------------------------------


class Locked(Book):
    """Fails where it is told to."""

    def __init__(self, *failing: str) -> None:
        super().__init__()
        self._failing = failing

    def _try(self, what: str) -> None:
        if what in self._failing:
            msg = "locked"
            raise ArchiveLocked(msg)

    def record(self, call: Call, allow: Callable[[Spent], None] | None = None) -> int:
        self._try("record")
        return super().record(call, allow)

    def amend(self, number: int, call: Call) -> None:
        self._try("amend")
        super().amend(number, call)

    def spent(self, since: datetime) -> Spent:
        self._try("spent")
        return super().spent(since)


@pytest.mark.parametrize("failing", ["record", "spent"])
def test_a_daily_cap_that_cannot_be_looked_up_or_written_stops_the_call(failing: str) -> None:
    model = Model()
    with pytest.raises(ArchiveLocked):
        metered(model, Locked(failing), replace(CAPS, per_day=1_000.0)).reply(ASKED)
    assert model.asked == 0


def test_without_a_daily_cap_a_ledger_that_cannot_be_written_costs_no_answer() -> None:
    book = Locked("record", "amend", "spent")
    assert metered(Model(), book).reply(ASKED).text == GOOD
    assert book.calls == []


def test_a_reply_is_not_lost_when_its_count_cannot_be_written_and_the_worst_case_stands() -> None:
    book = Locked("amend")
    assert metered(Model(), book, replace(CAPS, per_day=1_000.0)).reply(ASKED).text == GOOD
    assert [(call.outcome, call.dollars) for call in book.calls] == [(Outcome.OPEN, WORST)]


# -- with the rest ---------------------------------------------------------------------------------------------------


def test_evidence_that_is_too_dear_is_halved_until_it_fits_the_cap() -> None:
    source = evidence(article(" ".join(f"Ferry number {n} reached the harbour on Tuesday." for n in range(80))))
    caps = Caps(per_call_tokens=1_200, reply_tokens=100)
    (note,) = ChatGenerator(metered(Model(), Book(), caps)).write("Which ferries came?", source)
    assert "of 80 sentences" in str(note)


SPEND = """
import sys
from test_spending import ASKED, NOW, PRICE, WORST, Model
from rag.errors import BudgetReached
from rag.ledger import AccountBook
from rag.protocols import Reply
from rag.spending import Caps, MeteredChat, tokens
archive = AccountBook(sys.argv[1])
model = Model(lambda: Reply('{"points": [], "missing": []}', tokens(ASKED), 100))
chat = MeteredChat(model, archive, PRICE, Caps(per_day=10.5 * WORST, reply_tokens=100), now=lambda: NOW)
try:
    while True:
        chat.reply(ASKED)
except BudgetReached:
    print(model.asked)
"""


def test_processes_that_share_an_archive_share_its_cap(tmp_path: Path) -> None:
    AccountBook(tmp_path).close()
    command = [sys.executable, "-c", SPEND, str(tmp_path)]
    env = {"PYTHONPATH": f"{Path(__file__).parent}:{Path(__file__).parent.parent}"}
    spenders = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env) for _ in range(3)
    ]
    told = [process.communicate() for process in spenders]
    assert [process.returncode for process in spenders] == [0] * 3, told
    archive = AccountBook(tmp_path)
    assert sum(int(out) for out, _ in told) == 10
    assert archive.spent(NOW).dollars == pytest.approx(10 * WORST)
    archive.close()
