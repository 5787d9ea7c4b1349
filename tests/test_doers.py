"""Who did one act, where two reports name two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from news import evidence

from rag.clash import Kind
from rag.conflicts import clashes
from rag.digest import digest
from rag.positions import published
from rag.sources import Article
from rag.stories import Group

MORNING = datetime(2026, 3, 3, 12, tzinfo=UTC)


def report(text: str, outlet: str, hours: int = 0, *, labels: tuple[str, ...] = ()) -> Article:
    return Article(text, outlet=outlet, published=MORNING + timedelta(hours=hours), labels=labels)


@pytest.mark.parametrize(
    ("one", "two", "named"),
    [
        (
            "Police ordered the bridge closed on Tuesday.",
            "The bridge was ordered closed by the harbour authority.",
            ("Police", "the harbour authority"),
        ),
        (
            "The harbour authority ordered the closure of the bridge.",
            "A judge ordered the bridge to close.",
            ("The harbour authority", "A judge"),
        ),
        (
            "Marek Hale was driving the tram when it derailed.",
            "Ana Dols was driving the tram, police said.",
            ("Marek Hale", "Ana Dols"),
        ),
        (
            "Port director Ana Dols ordered the evacuation of the north quay.",
            "Mayor Marek Hale ordered the evacuation of the north quay.",
            ("Port director Ana Dols", "Mayor Marek Hale"),
        ),
        (
            "The body was found by a dog walker near the weir.",
            "A jogger found the body near the weir.",
            ("a dog walker", "A jogger"),
        ),
        (
            "Governor Ana Dols signed the order.",
            "The order was signed by Marek Hale.",
            ("Governor Ana Dols", "Marek Hale"),
        ),
        ("The governor signed the decree.", "The decree was signed by the mayor.", ("The governor", "the mayor")),
        (
            "The mill is owned by Corran Holdings.",
            "Tarrow Estates owned the mill, records show.",
            ("Corran Holdings", "Tarrow Estates"),
        ),
        (
            "The rally was cancelled by the union.",
            "The city council cancelled the rally.",
            ("the union", "The city council"),
        ),
        (
            "The transport authority closed the tunnel.",
            "The tunnel was closed by the harbour authority.",
            ("The transport authority", "the harbour authority"),
        ),
        ("His wife was driving the car.", "His son was driving the car, a neighbour said.", ("His wife", "His son")),
        (
            "Soldiers evacuated the old town.",
            "The old town was evacuated by the council.",
            ("Soldiers", "the council"),
        ),
        (
            "It was Marek Hale who wrote the report.",
            "The report was written by Oona Selwick.",
            ("Marek Hale", "Oona Selwick"),
        ),
        (
            "Firefighters rescued the boy’s dog.",
            "The boy’s dog was rescued by residents.",
            ("Firefighters", "residents"),
        ),
    ],
)
def test_two_doers_of_one_act_clash(one: str, two: str, named: tuple[str, str]) -> None:
    found = clashes(evidence(report(one, "Post"), report(two, "Tide")))

    assert [(clash.kind, (clash.first.value, clash.second.value)) for clash in found] == [(Kind.ACTOR, named)]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Police ordered the bridge closed.", "Police and the harbour authority ordered the bridge closed."),
        ("Police ordered the bridge closed.", "The harbour authority ordered the tunnel closed."),
        ("Police ordered the bridge closed.", "The harbour authority ordered the bridge repaired."),
        ("The council ordered the bridge closed.", "Vellmar city council ordered the bridge closed."),
        ("The council ordered the bridge closed.", "The mayor ordered the bridge closed."),
        ("The mayor signed the order.", "Ana Dols signed the order."),
        ("Ana Dols signed the order.", "Mayor Dols signed the order. Ana Dols took office in May."),
        ("Police ordered the bridge closed.", "Officers ordered the bridge closed."),
        ("Police ordered the bridge closed.", "It ordered the bridge closed."),
        ("The government ordered the bridge closed.", "The transport ministry ordered the bridge closed."),
        ("Authorities ordered the bridge closed.", "Police ordered the bridge closed."),
        ("A neighbour found the body.", "A nurse found the body."),
        ("A man found the body.", "A jogger found the body."),
        ("Marek Hale signed the treaty.", "Ana Dols signed the treaty."),
        ("The Senate approved the bill.", "The House approved the bill."),
        ("A jogger found a shoe.", "A dog walker found the body."),
        ("The court found the law void.", "The council found the law unclear."),
        ("Police may have ordered the bridge closed.", "The harbour authority ordered the bridge closed."),
        ("Police did not order the bridge closed.", "The harbour authority ordered the bridge closed."),
        ("Police will close the bridge.", "The harbour authority closed the bridge."),
        ("Police closed the bridge on Monday.", "The harbour authority closed the bridge on Tuesday."),
        ("Police closed the first bridge.", "The harbour authority closed the second bridge."),
        ("Police killed a man.", "A guard killed a man."),
        ("The mill is owned by Corran Holdings.", "The quarry is owned by Tarrow Estates."),
        (
            "Police ordered the bridge closed. Later the harbour authority ordered the bridge closed.",
            "The harbour authority ordered the bridge closed.",
        ),
        ("Her husband was driving the car.", "His father was driving the car."),
        ("Marek Hale, the driver, was driving the tram.", "The driver was driving the tram."),
    ],
)
def test_doers_that_may_be_one_or_of_two_acts_do_not_clash(one: str, two: str) -> None:
    assert clashes(evidence(report(one, "Post"), report(two, "Tide"))) == ()


def test_a_doer_that_its_outlet_took_back_is_a_correction() -> None:
    first = report("Police ordered the bridge closed.", "Post")
    taken = report(
        "An earlier version of this article said police ordered the bridge closed; "
        "the harbour authority ordered the bridge closed.",
        "Post",
        5,
        labels=("correction",),
    )

    found = [clash for clash in clashes(evidence(first, taken)) if clash.kind is Kind.CORRECTION]

    assert [(clash.first.value, clash.second.value) for clash in found] == [("Police", "the harbour authority")]


def test_who_did_it_is_printed_with_both_sentences() -> None:
    one = report("Police ordered the bridge closed.", "Post")
    two = report("The bridge was ordered closed by the harbour authority, the mayor said.", "Tide")

    (conflict,) = published(clashes(evidence(one, two)))

    assert conflict.kind == "actor"
    assert [(side.value, side.role, side.citation.outlet) for side in conflict.positions] == [
        ("Police", "one", "Post"),
        ("the harbour authority", "other", "Tide"),
    ]


def test_sentences_that_name_two_doers_do_not_agree_and_neither_is_told_as_fact() -> None:
    one = report("The mill in Vellmar burned on Tuesday. Police ordered the harbour bridge closed.", "Post")
    two = report("The mill burned on Tuesday. The harbour bridge was ordered closed by the harbour authority.", "Tide")
    story = Group((one, two), {one.id: one.id, two.id: two.id})

    sections = digest(story, evidence(one, two), words=150).sections

    disputed = [statement.text for statement in sections["disputed"]]
    assert [text.split()[0] for text in disputed] == ["Police", "The"]
    others = [statement.text for kind, told in sections.items() if kind != "disputed" for statement in told]
    assert not {*disputed} & {*others}


def test_a_note_names_a_doer_without_the_capital_of_its_sentence() -> None:
    (clash,) = clashes(
        evidence(
            report("Police ordered the bridge closed.", "Post"),
            report("Marek Hale and others watched. A judge ordered the bridge closed.", "Tide"),
        )
    )

    assert (clash.first.quoted, clash.second.quoted) == ("police", "a judge")
