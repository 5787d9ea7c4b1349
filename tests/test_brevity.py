"""A handful of statements are chosen together: what is shared comes in, once, and the length is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from news import evidence

from rag.brevity import choose, together
from rag.coverage import Coverage, terms
from rag.selection import Unit
from rag.sources import Article

if TYPE_CHECKING:
    from rag.sources import Evidence

BRIDGE = "The council of Harbour closed the old bridge on Monday."
CRACKS = "Engineers had found cracks in two of its piers."
SHOES = "A visitor admired the painted shoes in a shop window nearby."
WORDS = ("bridge", "harbour", "council", "cracks", "piers", "painted", "shoes", "ferry")


def unit(item: Evidence, score: float = 1.0) -> Unit:
    return Unit((item,), item, score, terms(item.sentence.text))


def reports() -> tuple[Coverage, list[Unit]]:
    texts = (f"{BRIDGE} {CRACKS} {SHOES}", f"Harbour's council closed the bridge. {CRACKS}")
    articles = [Article(text, "Bridge closed", url=f"https://{n}.example") for n, text in enumerate(texts)]
    found = evidence(*articles)
    return Coverage(found), [unit(item) for item in found]


def test_what_reports_share_is_chosen_before_what_one_of_them_adds() -> None:
    coverage, units = reports()

    chosen = together(units, 20, coverage.weight)

    texts = [one.lead.sentence.text for one in chosen]
    assert SHOES not in texts
    assert any("bridge" in text for text in texts)


def test_a_sentence_that_is_told_elsewhere_is_not_told_again() -> None:
    coverage, units = reports()

    chosen = together(units, 40, coverage.weight, [units[0]])

    assert chosen
    assert all(one.lead.number != units[0].lead.number for one in chosen)


def test_two_units_never_print_one_sentence_twice() -> None:
    coverage, units = reports()
    again = Unit((units[0].lead, units[1].lead), units[1].lead, 1.0, units[0].terms | units[1].terms)

    chosen = together([units[0], units[1], again], 60, coverage.weight)

    printed = [item.number for one in chosen for item in one.run]
    assert len(printed) == len({*printed}) > 0


def test_a_brief_account_keeps_room_for_a_correction() -> None:
    coverage, units = reports()

    chosen = choose({"facts": [units[0], units[1]], "corrections": [units[2]]}, 40, coverage)

    assert [one.lead.sentence.text for one in chosen["corrections"]] == [SHOES]


@pytest.mark.parametrize("words", [1, 9])
def test_where_nothing_fits_nothing_is_chosen(words: int) -> None:
    coverage, units = reports()

    assert together([unit for unit in units if unit.words > words], words, coverage.weight) == []


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=4, max_size=9), min_size=1, max_size=9), st.integers(4, 40))
@settings(max_examples=40, deadline=None)
def test_what_is_chosen_fits_the_length_and_the_same_input_gives_the_same(texts: list[list[str]], words: int) -> None:
    found = evidence(Article(" ".join(f"The {' '.join(text)} came." for text in texts)))
    coverage = Coverage(found)
    units = [unit(item) for item in found]

    chosen = together(units, words, coverage.weight)

    assert sum(one.words for one in chosen) <= words
    assert chosen == together(units, words, coverage.weight)
