"""One thing told in two wordings, by a small sentence encoder: told once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from news import evidence

from rag.digest import digest
from rag.embedded import BgeSmallEmbedder
from rag.provenance import age, roots
from rag.sources import Article, Evidence
from rag.stories import Group
from rag.twins import Twins

TWINS = Twins(BgeSmallEmbedder())
CONVICTED = "Swimmer Dana Ruiz was convicted of carrying drugs into Morland and sentenced to nine years in jail."
SENTENCED = "Dana Ruiz, a swimmer, was handed a nine-year prison term by a Morland court over drugs found in her bags."


def report(text: str, outlet: str, hours: int = 0) -> Article:
    return Article(text, outlet=outlet, published=datetime(2026, 3, 3, 9, tzinfo=UTC) + timedelta(hours=hours))


def unsaid(*articles: Article) -> dict[str, str]:
    """Why each sentence that is not printed is not."""
    descent = roots(articles)
    found = [Evidence(e.number, e.sentence, e.article, None, descent[e.article.id]) for e in evidence(*articles)]
    why = digest(Group(tuple(sorted(articles, key=age)), descent), found, twins=TWINS).unprinted
    return {item.sentence.text: why[item.number] for item in found if item.number in why}


def told(*articles: Article, twins: Twins | None = TWINS, words: int = 250) -> dict[str, list[tuple[str, str]]]:
    descent = roots(articles)
    found = [Evidence(e.number, e.sentence, e.article, None, descent[e.article.id]) for e in evidence(*articles)]
    group = Group(tuple(sorted(articles, key=age)), descent)
    sections = digest(group, found, words=words, twins=twins).sections
    return {kind: [(s.text, s.note) for s in section] for kind, section in sections.items()}


@pytest.mark.parametrize(
    ("one", "two", "pairs"),
    [
        (CONVICTED, SENTENCED, [(0, 1)]),
        (SENTENCED, CONVICTED, [(0, 1)]),
        (CONVICTED, "Ministers in Morland spoke of an exchange of prisoners on Friday.", []),
        (CONVICTED, SENTENCED.replace("nine-year", "seven-year"), []),
        (CONVICTED.replace(" to nine years in jail", ""), SENTENCED, [(1, 0)]),
    ],
)
def test_the_second_of_a_pair_has_no_figure_that_the_first_has_not(
    one: str, two: str, pairs: list[tuple[int, int]]
) -> None:
    assert list(TWINS.pairs([one, two])) == pairs


def test_one_text_and_none_have_no_pair() -> None:
    assert list(TWINS.pairs([])) == list(TWINS.pairs([CONVICTED])) == []


def test_what_two_outlets_tell_in_other_words_is_told_once_and_not_by_one_source_only() -> None:
    first = report(f"{CONVICTED} Her lawyers will appeal, her club said.", "Echo")
    second = report(f"Swimmers wept. {SENTENCED} The court fined Ruiz 16,400 crowns, too.", "Wire", 3)

    def of(twins: Twins | None) -> list[tuple[str, str]]:
        account = (
            one for kind, section in told(first, second, twins=twins).items() if kind != "left_out" for one in section
        )
        return [(text, note) for text, note in account if "nine" in text]

    assert len(of(None)) == 2
    ((text, note),) = of(TWINS)
    assert (text.startswith(CONVICTED), note) == (True, "")
    assert unsaid(first, second)[SENTENCED] == "repeated"


def test_what_repeats_the_account_is_not_shown_as_left_out() -> None:
    first = report(CONVICTED, "Echo")
    second = report(f"The club of Dana Ruiz is to ask for a review of the whole case in May. {SENTENCED}", "Wire", 3)

    left_out = [text for text, _ in told(first, second, words=40).get("left_out", ())]

    assert SENTENCED not in left_out
