"""Items of a list of unrelated news do not clash: "the state" is another in each."""

from __future__ import annotations

from datetime import UTC, datetime

from news import article, evidence

from rag.conflicts import clashes
from rag.roundups import ITEMS, one_item
from rag.sources import Article

CITIES = [f"Port {chr(65 + n)}anna" for n in range(ITEMS)]


def listing(told: dict[str, str]) -> str:
    return "\n".join(f"{city}: {told.get(city, 'A bridge was painted by the council.')}" for city in CITIES)


def deaths(*texts: str) -> list[tuple[str, str]]:
    reports = [
        Article(text=text, outlet=f"Outlet {n}", published=datetime(2026, 5, 1 + n, tzinfo=UTC))
        for n, text in enumerate(texts)
    ]
    return [(clash.first.value, clash.second.value) for clash in clashes(evidence(*reports))]


def test_the_state_of_one_item_is_not_that_of_another() -> None:
    first, second = "The state reported 60 deaths from the flood.", "The state now has 76 deaths from the flood."

    assert not deaths(listing({CITIES[0]: first}), listing({CITIES[1]: second}))
    assert deaths(listing({CITIES[0]: first}), listing({CITIES[0]: second})) == [("60", "76")]
    assert deaths(first, second) == [("60", "76")]


def test_a_report_is_of_an_item_whose_place_it_names() -> None:
    item = listing({CITIES[0]: "The state reported 60 deaths from the flood."})
    there, elsewhere = f"A flood struck {CITIES[0]} on Monday.", "A flood struck Veldt on Monday."
    told = evidence(article(item), article(there, outlet="B"), article(elsewhere, outlet="C"))
    of = {e.article.outlet: e for e in reversed(told)}
    first = next(e for e in told if "60 deaths" in e.sentence.text)

    assert one_item(first, of["B"])
    assert not one_item(first, of["C"])


def test_a_report_with_few_such_lines_is_one_item() -> None:
    text = "Related: Fire at the mill.\nThe mill burned on Monday.\nMore: How it began."
    first, *_, last = evidence(article(text))

    assert one_item(first, last)
