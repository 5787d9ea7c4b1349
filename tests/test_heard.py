"""Whose sentences of a story are cited, and whose there are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from news import evidence

from rag.conflicts import clashes
from rag.fairness import Share
from rag.heard import shares
from rag.sources import Article, Evidence


def article(text: str, outlet: str = "Wire", *, labels: tuple[str, ...] = ()) -> Article:
    url = f"https://{outlet.lower()}.example/1"
    return Article(text, outlet=outlet, url=url, published=datetime(2026, 3, 3, tzinfo=UTC), labels=labels)


def speakers(*sources: Article) -> dict[str, int]:
    found = evidence(*sources)
    return {each.name: each.found for each in shares(frozenset(), found, clashes(found)) if each.of == "speaker"}


def test_office_full_name_and_surname_are_one_speaker_under_the_fullest_name() -> None:
    text = (
        "Mayor Corwin Hask said the cut was needed. Hask told the council so in May. The mayor said it again on Monday."
    )
    assert speakers(article(text)) == {"Mayor Corwin Hask": 3}


def test_a_name_that_could_be_two_is_counted_for_itself() -> None:
    text = "Mayor Corwin Hask said it was late. Councillor Edda Hask said it was not. Hask said it would be."
    assert speakers(article(text)) == {"Mayor Corwin Hask": 1, "Councillor Edda Hask": 1, "Hask": 1}


def test_officials_of_a_body_are_the_body_and_a_statement_is_nobody() -> None:
    text = "Cal Fire said it was contained. Cal Fire officials said rain had helped. The statement said no more."
    assert list(speakers(article(text)).values()) == [2]


def test_what_leads_up_to_a_speaker_is_no_part_of_the_name() -> None:
    text = "Last week Merriam-Webster said it was late. Yet Merriam-Webster said it would come."
    assert speakers(article(text)) == {"Merriam-Webster": 2}


def test_an_agent_is_not_the_one_whose_agent_he_is() -> None:
    text = "Renwick-Ode said he would appeal. Mr. Renwick-Ode’s agent, Clement Dray, said so too."
    assert len(speakers(article(text))) == 2


def test_she_is_whoever_spoke_last_in_the_same_article() -> None:
    one = article("Dr. Oona Selwick said the harbour was safe. She said the buoy was not.")
    two = article("She said nothing.", "Echo")
    assert speakers(one, two) == {"Dr. Oona Selwick": 2}


def test_copies_and_opinion_are_nobodys_share() -> None:
    text = "The union said the cranes were unsafe."
    wire, copy, view = article(text), article(text, "Echo"), article(text, "Tide", labels=("opinion",))
    found = tuple(
        Evidence(e.number, e.sentence, e.article, None, wire.id if e.article.id == copy.id else e.article.id)
        for e in evidence(wire, copy, view)
    )
    whose = shares(frozenset(item.sentence.id for item in found), found, ())
    assert [(each.of, each.name, each.cited, each.found, each.found_of) for each in whose] == [
        ("outlet", "Wire", 2, 1, 1),
        ("speaker", "The union", 1, 1, 1),
    ]


def test_who_stands_against_whom_is_told_of_both() -> None:
    found = evidence(
        article(
            "The union accused Dockside Lifting of saving on 12 inspections. Dockside Lifting denied the accusation. "
            "Police said nobody was hurt."
        )
    )
    against = {each.name: each.against for each in shares(frozenset(), found, clashes(found))}
    assert against["The union"] == ("Dockside Lifting",)
    assert against["Dockside Lifting"] == ("The union",)
    assert against["Police"] == against["Wire"] == ()


def test_a_share_survives_the_wire_and_cannot_be_larger_than_the_whole() -> None:
    share = Share("speaker", "the union", 2, 8, 5, 10, ("the company",))
    assert Share.from_dict(share.to_dict()) == share
    assert (share.to_dict()["cited_share"], share.to_dict()["found_share"]) == (0.25, 0.5)
    with pytest.raises(ValueError, match="more sentences than there are"):
        Share("outlet", "Wire", 9, 8, 5, 10)


@given(st.sets(st.integers(0, 5)), st.permutations(["Ruiz", "Hale", "Okafor"]))
def test_shares_are_of_the_cited_sentences_whoever_speaks(chosen: set[int], names: list[str]) -> None:
    text = " ".join(f"{names[n % 3]} said ship {n} was late." for n in range(6))
    found = evidence(article(text))
    whose = shares(frozenset(found[n].sentence.id for n in chosen), found, ())
    speaking = [each for each in whose if each.of == "speaker"]
    assert {each.name for each in speaking} == {*names}
    assert sum(each.cited for each in speaking) == len(chosen)
    assert all(each.cited_of == len(chosen) and (each.found, each.found_of) == (2, 6) for each in speaking)
