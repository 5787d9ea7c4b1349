"""What a denial cannot be of: its own side's words, another's charge, a fear, a quotation that accuses nobody."""

from __future__ import annotations

import pytest
from news import article, evidence

from rag.clash import Kind
from rag.conflicts import clashes
from rag.deniable import deniable


def denied(*texts: str) -> list[tuple[str, str]]:
    """What a story of these reports has as denied, with the denial."""
    told = clashes(evidence(*(article(text, outlet=f"Outlet {n}") for n, text in enumerate(texts))))
    return [(c.first.evidence.sentence.text, c.second.evidence.sentence.text) for c in told if c.kind is Kind.DENIAL]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (
            "Veldtpost responded with a lawsuit alleging that Ruiz used the delay.",
            "Veldtpost denies the claims of Ruiz.",
        ),
        ("Tarn previously called the mayor a “renegade”.", "The Tarn Company called her allegations “baseless”."),
        ("Jonas Tarn takes stand again: he calls it “insane”.", "Tarn once again denied the allegations."),
        ("The Veldt Harbour Authority said there was no plan to sell the ranch.", "The VHA disputed his assertion."),
        ("The filing let the ministry rebut many of the claims of Ruiz.", "The ministry rejects the claims of Ruiz."),
        ("She saw zero basis for the allegations, Ruiz said.", "Officials said the allegations were nonsense."),
        ("Ruiz suggested that her aide should arrest Tarn.", "The aide denies threatening to arrest Tarn."),
        ("A lawyer warns of Ruiz being charged over the march.", "Ruiz has denied all wrongdoing."),
        (
            "Mark Abram has been charged with carrying a firearm.",
            "Ana Mazza was charged as well; she pleaded not guilty.",
        ),
    ],
)
def test_it_cannot_be_what_is_denied(text: str, answer: str) -> None:
    claim, denial = evidence(article(text), article(answer, outlet="Echo"))

    assert not deniable(claim, denial)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Ruiz accused Tarn of cheating in the final.", "Tarn denied the accusation."),
        ("An aide to Rep. Tarn alleges that rules were disregarded.", "Tarn’s office denied the allegations."),
        ("They were warned twice and did nothing, Marrick said.", "The company rejected claims that it ignored it."),
        ("Mark Abram has been charged with carrying a firearm.", "Mark Abram has pleaded not guilty."),
        ("The report warned of and alleged a decade of bullying.", "Ruiz denied the allegations."),
    ],
)
def test_it_can_be_what_is_denied(text: str, answer: str) -> None:
    claim, denial = evidence(article(text), article(answer, outlet="Echo"))

    assert deniable(claim, denial)


def test_a_quotation_that_nobody_is_named_for_is_no_allegation() -> None:
    told = "Ruiz spoke of the night in court. “You are done.” Tarn has denied the claim."

    assert not denied(told)


def test_an_alleged_part_of_one_is_no_accusation_of_another_named_later() -> None:
    told = "Prosecutors referred to Brenn’s alleged role in a call in which Ruiz pressed the clerk."

    assert not denied(told, "Ruiz and her allies have denied any wrongdoing.")
    assert denied("Prosecutors accused Ruiz of pressing the clerk.", "Ruiz and her allies have denied any wrongdoing.")
