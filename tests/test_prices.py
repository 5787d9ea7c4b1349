"""What a model costs, and that an unknown price stays unknown."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import UsageError
from rag.prices import FREE, MILLION, Price, dollars, load

PRICES = load()
MINI = PRICES.listed["openai:gpt-5-mini"]


def test_the_shipped_list_has_a_date_and_a_price_for_each_provider_and_nothing_in_it_is_free() -> None:
    assert date(2026, 1, 1) < PRICES.as_of
    assert "check your provider" in PRICES.note
    assert {name.partition(":")[0] for name in PRICES.listed} == {"openai", "anthropic", "google_genai", "mistralai"}
    assert all(price.input > 0 and price.output >= price.input for price in PRICES.listed.values())


def test_a_model_of_unknown_price_is_said_to_be_unknown_and_not_free() -> None:
    assert PRICES.of("openai:gpt-nobody-knows") is None
    assert PRICES.of("gpt-5-mini") is None
    assert dollars(None) == "price unknown"


def test_the_state_of_a_model_on_one_day_costs_what_the_model_costs_unless_it_is_listed_itself() -> None:
    assert PRICES.of("openai:gpt-5-mini-2025-08-07") == MINI
    assert PRICES.of("anthropic:claude-sonnet-4-5-20250929") == PRICES.listed["anthropic:claude-sonnet-4-5"]
    assert PRICES.of("openai:gpt-4o-2024-05-13") != PRICES.of("openai:gpt-4o-2024-11-20")
    assert PRICES.of("openai:gpt-5-mini-turbo") is None


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8080/v1", "http://localhost/v1", "http://127.9.9.9", "http://[::1]:1/v1", "http://my.localhost"],
)
def test_a_model_on_this_machine_is_free(url: str) -> None:
    assert PRICES.of("openai:qwen3", url) == FREE
    listed = PRICES.of("openai:gpt-5-mini", url)
    assert listed == PRICES.of("openai:gpt-5-mini"), "a proxy may stand there"
    assert PRICES.of("local:qwen") == FREE


@pytest.mark.parametrize("url", ["https://proxy.example/v1", "http://10.0.0.7/v1", "http://127.0.0.1.example/v1"])
def test_at_another_address_a_list_price_is_not_taken_for_granted(url: str) -> None:
    assert PRICES.of("openai:gpt-5-mini", url) is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("own.json", json.dumps({"models": {"openai:gpt-5-mini": {"input": 7, "output": 9}}})),
        ("own.toml", 'as_of = 2026-11-01\n[models]\n"openai:gpt-5-mini" = {input = 7, output = 9}\n'),
    ],
)
def test_a_users_own_price_comes_before_the_list_and_holds_at_any_address(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    prices = load(tmp_path / name)
    own = Price(input=7, output=9)
    assert prices.of("openai:gpt-5-mini") == own
    assert prices.of("openai:gpt-5-mini-2025-08-07") == own
    assert prices.of("openai:gpt-5-mini", "https://proxy.example/v1") == own
    assert prices.of("openai:gpt-5-mini", "http://127.0.0.1/v1") == own
    assert prices.of("openai:gpt-5") == PRICES.of("openai:gpt-5")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"{", "Expecting"),
        (b"[]", "names with values in braces"),
        (b"\xff\xfe", "decode"),
        (b'{"models": {"a:b": {"input": -1, "output": 1}}}', r"models.a:b.input: -1.* is too little: the least is 0"),
        (b'{"models": {"a:b": {"input": NaN, "output": 1}}}', r"models.a:b.input"),
        (b'{"models": {"a:b": {"input": 1}}}', r"models.a:b.output: it is missing"),
        (b'{"models": {"a:b": {"input": 1, "output": 1, "cached": 1}}}', r"models.a:b.cached: there is no such name"),
        (b"{}", "models: it is missing"),
    ],
)
def test_a_file_that_is_no_list_of_prices_is_named_with_the_form_that_is_wanted(
    tmp_path: Path, text: bytes, reason: str
) -> None:
    path = tmp_path / "prices.json"
    path.write_bytes(text)
    with pytest.raises(UsageError, match=rf"prices\.json: no list of prices: .*{reason}") as caught:
        load(path)
    assert caught.value.hint.startswith('{"models"')


def test_a_file_of_prices_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml"):
        load(tmp_path / "none.toml")


def test_a_million_tokens_each_way_cost_both_prices() -> None:
    assert MINI.of(MILLION, MILLION) == MINI.input + MINI.output
    assert MINI.of(0, 0) == 0
    assert FREE.of(MILLION, MILLION) == 0


@given(st.floats(min_value=1e-12, max_value=1e6))
def test_no_amount_above_zero_is_shown_as_nothing(amount: float) -> None:
    assert any(digit in "123456789" for digit in dollars(amount))
    assert dollars(0) == "$0.00"
