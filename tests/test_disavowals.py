"""Denials of what somebody is accused of, in other words and in another report."""

from __future__ import annotations

import pytest
from news import article, evidence

from rag.disavowals import disavowals
from rag.sources import Article


def found(*reports: Article) -> list[tuple[str, str]]:
    """What is denied, and the denial."""
    told = disavowals(evidence(*reports), known=())
    return [(clash.first.evidence.sentence.text, clash.second.evidence.sentence.text) for clash in told]


@pytest.mark.parametrize(
    ("accused", "denied"),
    [
        (
            "Orsola Ruiz is a weak candidate, said Bren, due to allegations that she paid for votes of farmers.",
            "Ruiz has been accused of paying farmers for their votes, claims she denies.",
        ),
        (
            "In a report by the council on Thursday Ruiz has been accused of a decade of bullying.",
            "Ruiz told the Echo the allegations of bullying were “completely untrue.”",
        ),
        (
            "An advert called Mayor Orsola Ruiz dangerous and labeled her a “close the police mayor”.",
            "Ruiz, in an advert of her own, said that the charge that she wants to close the police is “a lie.”",
        ),
        (
            "Milo Tarn was held in Veldt and arrested on espionage charges, his family said.",
            "Tarn is serving sixteen years on espionage charges he has vehemently denied.",
        ),
        (
            "On Monday Aldin Harrow formally accused Tarn of cheating in the final.",
            "It is uncertain whether Tarn did cheat – the champion vehemently denies the accusations.",
        ),
        (
            "Ruiz and Tarn were each charged with a dozen counts of fraud.",
            "Both Ruiz and Tarn pleaded not guilty to fraud.",
        ),
    ],
)
def test_a_denial_meets_the_accusation_of_another_report(accused: str, denied: str) -> None:
    assert found(article(accused), article(denied, outlet="Echo")) == [(accused, denied)]


def test_a_denial_that_says_no_more_meets_what_stands_just_before_it() -> None:
    accused = "Yenna Ruiz is under investigation for allegedly being a part of a smuggling ring."
    denied = "She too has denied any wrongdoing."

    assert found(article(f"{accused} {denied}")) == [(accused, denied)]


@pytest.mark.parametrize(
    ("accused", "other"),
    [
        pytest.param(
            "Ruiz was accused of bullying by nine aides.",
            "Ruiz and the council settled the case but did not admit to or deny the allegations of bullying.",
            id="neither",
        ),
        pytest.param(
            "Ruiz was accused of bullying by nine aides.",
            "Ruiz declined to dispute the claims of bullying in the report.",
            id="declined to",
        ),
        pytest.param(
            "Ruiz was accused of delaying the hearing of the aides.",
            "A judge denied the bid of Ruiz to delay the hearing of the aides.",
            id="a bid refused",
        ),
        pytest.param(
            "Candidate Ruiz was accused of being extreme by the mayor.",
            "Ruiz, a candidate who denied the results of the election, is extreme.",
            id="what is blamed",
        ),
        pytest.param(
            "Tarn was accused of bullying by nine aides at the port.",
            "Ruiz denied the accusations of bullying.",
            id="somebody else",
        ),
        pytest.param(
            "Ruiz was accused of bullying by nine aides at the port.",
            "Ruiz denied claims that she sold the harbour cranes to a cousin.",
            id="something else",
        ),
        pytest.param(
            "Ruiz's lawyer accused the council of a plot against her over the cranes.",
            "Ruiz denied claims of a plot over the cranes.",
            id="her own lawyer",
        ),
        pytest.param(
            "It is unclear what charges of fraud Ruiz is accused of.",
            "Ruiz denied the charges of fraud.",
            id="nobody accuses",
        ),
        pytest.param(
            "Lawyers accused the cheese company Telvane of fraud.",
            "The suit alleges that the claims by Telvane about its cheese were false and misleading.",
            id="who sues",
        ),
        pytest.param(
            "The whip was accused of groping two guests, allegations that shook Ruiz.",
            "Ruiz denied that she knew anything of the allegations against the whip.",
            id="not to have known",
        ),
    ],
)
def test_what_denies_no_accusation_or_another_is_no_answer(accused: str, other: str) -> None:
    assert found(article(accused), article(other, outlet="Echo")) == []
