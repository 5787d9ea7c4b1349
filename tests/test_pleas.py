"""What somebody is accused of, and where in another article they deny all of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from news import evidence

from rag.clash import Kind
from rag.conflicts import clashes
from rag.digest import digest
from rag.provenance import roots
from rag.sources import Article
from rag.stories import Group

FIRST = datetime(2026, 6, 8, 9, tzinfo=UTC)
ACCUSED = (
    "Auditors opened the books of the Hallin harbour fund on Monday. A former clerk accused treasurer Odd Marrable of "
    "moving harbour money to a cousin's boatyard. The fund pays for dredging."
)


def report(text: str, outlet: str, hours: int = 0) -> Article:
    return Article(text, outlet=outlet, published=FIRST + timedelta(hours=hours))


def answered(accusation: str, plea: str, hours: int = 5) -> list[tuple[str, str]]:
    sentences = evidence(report(accusation, "Post"), report(plea, "Echo", hours))
    pairs = (c for c in clashes(sentences) if c.kind is Kind.DENIAL)
    return [(c.first.evidence.sentence.text, c.second.evidence.sentence.text) for c in pairs]


@pytest.mark.parametrize(
    "plea",
    [
        "Mr. Marrable has denied any wrongdoing.",
        "Odd Marrable denies all the allegations and has kept his post.",
        "Treasurer Odd Marrable maintains his innocence, his lawyer says.",
        "Marrable pleaded not guilty at Hallin district court.",
    ],
)
def test_a_general_denial_answers_an_accusation_in_another_article(plea: str) -> None:
    (pair,) = answered(ACCUSED, plea)

    assert pair == (ACCUSED.split(". ")[1] + ".", plea)


@pytest.mark.parametrize(
    "accusation",
    [
        "Odd Marrable was charged with embezzlement on Monday, prosecutors said.",
        "The dredging firm is suing Odd Marrable for 40,000 crowns, its lawyer said.",
        "Treasurer Odd Marrable faces two counts of fraud.",
        "The complaint alleges that Odd Marrable signed the transfers himself.",
    ],
)
def test_charges_and_suits_are_accusations(accusation: str) -> None:
    assert answered(accusation, "Mr. Marrable has denied any wrongdoing.")


@pytest.mark.parametrize(
    ("accusation", "plea"),
    [
        (ACCUSED, "Harbour master Ines Tolk has denied any wrongdoing."),  # somebody else
        (ACCUSED, "Mr. Marrable has not denied any wrongdoing."),
        (ACCUSED, "The treasurer has denied any wrongdoing."),  # which treasurer no name says
        ("Odd Marrable accused Ines Tolk of moving the money.", "Mr. Marrable has denied any wrongdoing."),
        ("Charges against Odd Marrable were dropped on Monday.", "Mr. Marrable has denied any wrongdoing."),
        ("Nobody has accused Odd Marrable of anything.", "Mr. Marrable has denied any wrongdoing."),
        ("Odd Marrable opened the dredging season.", "Mr. Marrable has denied any wrongdoing."),
        (
            "The archive, charged with keeping papers, found boxes of Odd Marrable's.",
            "Mr. Marrable denied any wrongdoing.",
        ),
        ("A clerk alleged that the audit of Odd Marrable's taxes was late.", "Mr. Marrable denied any wrongdoing."),
    ],
)
def test_others_and_their_accusations_are_left_alone(accusation: str, plea: str) -> None:
    assert not answered(accusation, plea)


def test_who_denies_before_the_accusation_is_reported_answers_another_one() -> None:
    assert not answered(ACCUSED, "Mr. Marrable has denied any wrongdoing.", hours=-5)


def test_an_accusation_is_printed_with_the_denial_that_another_outlet_has() -> None:
    plea = "Mr. Marrable has denied any wrongdoing. Dredging goes on, the harbour office said on Tuesday."
    articles = (report(ACCUSED, "Post"), report(plea, "Echo", 5))
    found = digest(Group(articles, roots(articles)), evidence(*articles), words=100)

    told = [statement.text for statement in found.sections["disputed"]]
    assert [text.split()[-1] for text in told] == ["boatyard.", "wrongdoing."]
    assert not any(
        "boatyard" in s.text for kind, section in found.sections.items() if kind != "disputed" for s in section
    )
