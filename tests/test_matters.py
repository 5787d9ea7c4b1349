"""What is one disagreement is told once, with the part of each side in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from news import evidence

from rag.clash import Kind
from rag.conflicts import clashes
from rag.matters import MOST, alone, matters
from rag.positions import published
from rag.sources import Article

FIRST = datetime(2026, 3, 3, 9, tzinfo=UTC)
WIRE = "A ferry struck the quay at Tarrow Head on Tuesday, killing at least two people, the coastguard said."
TABLOID = "Eleven people were killed when a ferry struck the quay at Tarrow Head on Tuesday, a source told the Brazier."
DENIED = "A report of eleven deaths is false, the harbour master, Ana Ruiz, said."
HOSPITAL = "The number of people killed on the ferry at Tarrow Head on Tuesday has risen to four, the hospital said."
NOTICE = (
    "An earlier version of our report on the Tarrow Head ferry said that eleven people were killed. That was wrong."
)


def report(text: str, outlet: str = "Post", hours: int = 0, *, labels: tuple[str, ...] = ()) -> Article:
    return Article(text, outlet=outlet, published=FIRST + timedelta(hours=hours), labels=labels)


TOLL = evidence(
    report(WIRE, "Wire"),
    report(TABLOID, "Brazier", 3),
    report(f"{HOSPITAL} {DENIED}", "Gazette", 26),
    report(NOTICE, "Brazier", 50, labels=("correction",)),
)


def test_a_toll_that_changed_was_taken_back_and_denied_is_one_matter_by_day() -> None:
    found = clashes(TOLL)
    (matter,) = matters(found)

    assert len(found) > 2
    assert matter.kind is Kind.UPDATE
    assert [(voice.role, voice.side.value) for voice in matter.voices if voice.role != "denied"] == [
        ("first", "two"),
        ("taken_back", "Eleven"),
        ("later", "four"),
    ]
    assert [voice.role for voice in matter.voices].index("denied") == 2
    assert {id(clash) for clash in matter.clashes} == {id(clash) for clash in found}


def test_it_is_printed_as_one_conflict_of_people_killed() -> None:
    (conflict,) = published(clashes(TOLL))

    assert conflict.about == "people killed"
    assert [side.speaker for side in conflict.positions][:3] == [
        "the coastguard",
        "a source",
        "the harbour master, Ana Ruiz",
    ]


@pytest.mark.parametrize(
    ("first", "later", "about"),
    [
        ("The Fell Fire has burned 6,555 acres.", "The Fell Fire grew to 18,532 acres.", "Fell Fire: acres burned"),
        ("The Fell Fire was 13% contained.", "The Fell Fire is 33% contained.", "Fell Fire: share contained"),
        (
            "In Ost County, five people died in the storm, the sheriff said.",
            "The storm's toll in Ost County rose to 54, the sheriff said.",
            "Ost County: people killed",
        ),
        (
            "Some 14,000 customers in North Mareland were without power.",
            "About 2,400 customers in North Mareland are still without power.",
            "North Mareland: customers without power",
        ),
        (
            "The storm had maximum sustained wind speeds of 145 mph on Monday.",
            "Maximum sustained winds of the storm fell to 90 mph.",
            "sustained winds, mph",
        ),
    ],
)
def test_figures_stand_under_what_they_measure_and_where(first: str, later: str, about: str) -> None:
    (conflict,) = published(clashes(evidence(report(first, "Wire"), report(later, "Echo", 30))))

    assert conflict.about == about


def test_two_who_deny_one_statement_are_in_one_matter() -> None:
    told = report(
        "The union accused Dockside Lifting of saving on 12 inspections. Dockside Lifting denied the accusation.",
        "Echo",
    )
    other = report("Dockside Lifting rejected claims that it had been saving on inspections, it said.", "Wire", 9)
    (matter,) = matters(clashes(evidence(told, other)))

    assert [voice.role for voice in matter.voices] == ["stated", "denied", "denied"]


def test_what_is_shown_as_disputed_is_a_conflict_of_its_own_and_what_else_there_is_another() -> None:
    first = report("The chain said the records of 1.2 million customers were copied.", "Wire")
    seller = report(
        "A study puts the number of customers whose records were copied at 3.4 million, Bo Hale said.", "Tide", 9
    )
    later = report(
        "The chain said the records of 1.9 million customers were copied, up from the figure of 1.2 million it gave "
        "first. A true figure was 3.4 million, Bo Hale said.",
        "Echo",
        90,
    )
    found = clashes(evidence(first, seller, later))
    dispute = next(clash for clash in found if clash.kind is Kind.DISPUTE)
    shown = {side.evidence.sentence.text for side in (dispute.first, dispute.second)}

    assert len(published(found)) < len(found)
    apart = published(found, shown)
    assert [conflict.kind for conflict in apart] == ["dispute", "update"]
    assert {side.citation.sentence.text for side in apart[0].positions} == shown


def test_a_count_of_the_dead_that_falls_is_of_a_part_and_not_told_in_the_chain() -> None:
    reports = [
        report(
            f"At least {count} people were killed in the floods in Kerr County, the sheriff said.", f"Paper {n}", 20 * n
        )
        for n, count in enumerate((24, 30, 41))
    ]
    found = clashes(evidence(*reports))
    values = [voice.side.value for matter in matters(found) for voice in matter.voices]

    assert values == ["24", "30", "41"]


def test_a_figure_that_changed_often_is_told_by_its_first_and_its_last_values() -> None:
    reports = [
        report(
            f"At least {count} people were killed in the floods in Kerr County, the sheriff said.", f"Paper {n}", 20 * n
        )
        for n, count in enumerate(range(20, 100, 10))
    ]
    (matter,) = matters(clashes(evidence(*reports)))

    assert [voice.side.value for voice in matter.voices] == ["20", "50", "60", "70", "80", "90"]
    assert len(matter.voices) == MOST


def test_a_statement_is_alone_where_none_of_the_others_is_its_other_side() -> None:
    found = clashes(
        evidence(report("The union accused Ruiz of saving on 12 cranes. Ruiz denied the accusation.", "Echo"))
    )
    accused, denied = ({side.evidence.sentence.text} for side in (found[0].first, found[0].second))

    assert alone([accused, denied], found) == frozenset()
    assert alone([denied], found) == {0}
    assert alone([{"Nobody disputes this."}], found) == frozenset()
