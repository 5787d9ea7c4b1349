"""The gold briefings of ``seeds/`` as floors: what ``benchmarks/briefing.py`` prints may not fall below them."""

from __future__ import annotations

import json

import pytest
from briefing import REPOSITORY, Count, article, b_cubed, measure

from rag.provenance import roots

EVENTS = json.loads((REPOSITORY / "seeds" / "events.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def counts() -> dict[str, Count]:
    total: dict[str, Count] = {}
    for event in EVENTS:
        for name, count in measure(event, 250, show=False).items():
            total[name] = total[name] + count if name in total else count
    return total


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        ("facts, account", 0.83),
        ("facts, page", 0.85),
        ("disputes, listed", 0.9),
        ("disputes, printed", 0.9),
        ("attributed kept", 1.0),
        ("corrections", 1.0),
    ],
)
def test_what_must_be_told_is_told(counts: dict[str, Count], name: str, floor: float) -> None:
    assert counts[name].share >= floor


@pytest.mark.parametrize("name", ["uncited", "withheld"])
def test_nothing_is_printed_without_a_source_or_lost_at_a_gate(counts: dict[str, Count], name: str) -> None:
    assert counts[name].share == 0


def test_copies_collapse_to_their_origin() -> None:
    named = {name: article(name) for event in EVENTS for name in event["articles"]}
    gold = {name: name for name in named} | {
        n: group[0] for event in EVENTS for group in event["copies"] for n in group
    }
    origin = roots(list(named.values()))
    assert b_cubed({name: origin[one.id] for name, one in named.items()}, gold) >= 0.95
