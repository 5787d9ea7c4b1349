"""What a reader is told beside a claim: who disputes it, and whether it still holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from news import article, evidence

from rag.caveats import Caveats
from rag.claims import Claim
from rag.proposals import Statement
from rag.sources import Evidence
from rag.verification import check

CHARGE = "The union accused Dockside Lifting of saving on 12 inspections."
DENIAL = "Dockside Lifting flatly denied the accusation."
FIRST = "Eleven people were killed when the ferry hit the harbour wall of Northby."
BACK = "Correction: an earlier version of this article said that eleven people were killed."


def note(source: tuple[Evidence, ...], text: str) -> str:
    item = next(item for item in source if item.sentence.text == text)
    claim = check(Statement(text, (item.number,)), source)
    assert isinstance(claim, Claim)
    return Caveats(source).beside(claim).note


def test_who_denies_a_claim_is_named_without_the_manner_of_it() -> None:
    found = evidence(article(f"{CHARGE}\n\n{DENIAL}", outlet="Echo", headline="Crane falls on the east quay"))
    assert note(found, CHARGE) == "denied by Dockside Lifting (Echo)"


def test_what_was_taken_back_says_so_and_what_takes_it_back_does_not() -> None:
    found = evidence(
        article(FIRST, headline="Ferry hits wall at Northby", url="https://a.example/1"),
        article(f"{BACK} It was four.", headline="Ferry hits wall at Northby", url="https://a.example/2"),
    )
    assert note(found, FIRST) == "taken back by its outlet"
    assert note(found, BACK) == ""


def test_a_claim_that_nobody_disputes_has_no_note() -> None:
    found = evidence(article("The harbour of Northby reopened on Wednesday.", headline="Harbour reopens"))
    assert note(found, "The harbour of Northby reopened on Wednesday.") == ""


def test_a_plan_whose_day_has_passed_says_when_it_was_announced() -> None:
    plan = "The two presidents will meet in Northby on March 9."
    before = article(plan, headline="Presidents to meet in Northby", url="https://a.example/1")
    later = replace(before, text="The talks in Northby were useful, the guest said.", url="https://a.example/2")
    after = replace(later, published=datetime(2026, 3, 10, 9, tzinfo=UTC))

    assert note(evidence(before, after), plan) == "as announced on 3 March 2026"
    assert note(evidence(before, later), plan) == ""


def test_a_later_figure_is_told_where_articles_open_with_one_event_and_headlines_share_nothing() -> None:
    first = article("Intruders copied 1.2 million customer records at the chain Lumarra.", url="https://a.example/1")
    again = "Intruders copied 1.9 million customer records at Lumarra, up from the 1.2 million the chain first gave."
    later = article(again, url="https://a.example/2", outlet="Ledger", headline="Chain raises its count")
    later = replace(later, published=datetime(2026, 3, 10, 9, tzinfo=UTC))

    assert note(evidence(first, later), first.text) == "as of 3 March 2026; 1.9 million in a later report (Ledger)"


def test_what_was_not_known_says_as_of_when_where_a_later_report_is_read() -> None:
    unknown = "The cause of the explosion at Northby was not immediately known."
    first = replace(article(unknown, headline="Explosion at Northby"), published=datetime(2026, 4, 6, 15, tzinfo=UTC))
    later = replace(
        article("Investigators believe that sparks caused the explosion at Northby.", headline="Explosion at Northby"),
        published=datetime(2026, 4, 9, 10, tzinfo=UTC),
    )
    assert note(evidence(first, later), unknown) == "as of 6 April 2026"
    assert note(evidence(first), unknown) == ""
