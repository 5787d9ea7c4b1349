"""Times of day that two reports give one act."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from news import evidence

from rag.clash import Kind
from rag.clock import clock
from rag.conflicts import clashes
from rag.matters import matters
from rag.positions import published
from rag.sources import Article

MORNING = datetime(2026, 3, 3, 12, tzinfo=UTC)  # a Tuesday


def report(text: str, outlet: str, hours: int = 0, *, labels: tuple[str, ...] = ()) -> Article:
    return Article(text, outlet=outlet, published=MORNING + timedelta(hours=hours), labels=labels)


@pytest.mark.parametrize(
    ("one", "two", "values"),
    [
        (
            "The fire at the Corran mill began at 5.40 a.m. on Tuesday.",
            "Police said the blaze at the mill broke out at 6.15 a.m.",
            ("5.40 a.m.", "6.15 a.m."),
        ),
        (
            "Firefighters were called to the mill shortly after 9 pm on Monday.",
            "Fire crews were called to the mill at 20:40 on Monday.",
            ("9 pm", "20:40"),
        ),
        (
            "The bridge collapsed just before 7 a.m., the council said.",
            "The bridge gave way at 7.30 in the morning, witnesses said.",
            ("7 a.m.", "7.30"),
        ),
        (
            "At 4:10 p.m., the tram derailed near the market.",
            "The tram came off the rails around 5 p.m. near the market.",
            ("4:10 p.m.", "5 p.m."),
        ),
        (
            "The ferry left Tarrow at noon.",
            "The ferry left Tarrow at 1.30 p.m., the harbour office said.",
            ("noon", "1.30 p.m."),
        ),
        (
            "The earthquake struck at 3:12 a.m. on Tuesday.",
            "The quake hit at 3:40 a.m. on Tuesday.",
            ("3:12 a.m.", "3:40 a.m."),
        ),
        (
            "The blast happened at 14:05 GMT.",
            "The explosion occurred at 10:35 a.m. EDT.",
            ("14:05", "10:35 a.m."),
        ),
        (
            "The power failed across the valley at half past eight in the evening.",
            "The power went out across the valley at about 10 p.m.",
            ("half past eight", "10 p.m."),
        ),
        (
            "Her body was found by a walker at 7.05 a.m.",
            "A walker found her body at 6.20 a.m., police said.",
            ("7.05 a.m.", "6.20 a.m."),
        ),
        (
            "The suspect was arrested at midnight.",
            "Officers arrested the suspect at 2.15 a.m.",
            ("midnight", "2.15 a.m."),
        ),
        (
            "The hostages were released at 11 p.m.",
            "The hostages were freed shortly after 9 p.m.",
            ("11 p.m.", "9 p.m."),
        ),
        (
            "Police closed the harbour road at 6 p.m.",
            "The harbour road was closed shortly before 5 p.m.",
            ("6 p.m.", "5 p.m."),
        ),
    ],
)
def test_two_times_for_one_act_are_a_dispute(one: str, two: str, values: tuple[str, str]) -> None:
    found = clashes(evidence(report(one, "Post"), report(two, "Tide")))

    assert [(clash.kind, (clash.first.value, clash.second.value)) for clash in found] == [(Kind.DISPUTE, values)]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The fire began at 5.40 a.m.", "The fire began at 0540 hours."),
        ("The fire began at 5.40 a.m.", "The blaze broke out at 05:40."),
        ("The ferry left Tarrow at 9.05 p.m.", "The ferry left Tarrow around 9 p.m."),
        ("The ferry left Tarrow at 21:05.", "The ferry left Tarrow at 9.05 p.m."),
        ("The ferry left Tarrow shortly after 9 p.m.", "The ferry left Tarrow at 9.20 p.m."),
        ("The bridge collapsed at noon.", "The bridge collapsed at 12.05 p.m."),
        ("The bridge collapsed at 12 a.m. on Tuesday.", "The bridge collapsed at midnight."),
        ("The quake struck at 3:12 p.m. ET.", "The quake struck at 12:12 p.m. Pacific time."),
        ("The quake struck at 3:12 p.m.", "The quake struck at 20:12 GMT."),
        ("Firefighters arrived at the mill at 9.05 p.m.", "Paramedics arrived at the mill at 9.40 p.m."),
        ("The fire began at 5.40 a.m.", "The fire was out at 9.30 a.m."),
        ("The fire began at 5.40 a.m. on Monday.", "The fire began at 7.40 a.m. on Tuesday."),
        ("The first blast happened at 9 a.m.", "The second blast happened at 9.30 a.m."),
        ("The fire in the kitchen began at 5.40 a.m.", "The fire in the church began at 7.10 a.m."),
        ("The council will vote at 7 p.m.", "The council voted at 8.30 p.m."),
        ("The bridge was closed at 9 a.m.", "The tunnel was closed at 10 a.m."),
        ("A man died at 9.15 a.m.", "A man died at 11.40 a.m."),
        (
            "Police said at 9 a.m. that the bridge had collapsed.",
            "Police said at 11 a.m. that the bridge had collapsed.",
        ),
        ("The shop closed from 9 a.m. to 5 p.m.", "The shop closed at noon."),
        ("The ferry left Tarrow before 9 p.m.", "The ferry left Tarrow at 8.10 p.m."),
        ("The mill closed at 4.20 dollars a share.", "The mill closed at 5.40 dollars a share."),
    ],
)
def test_times_that_can_meet_and_times_of_two_acts_do_not_clash(one: str, two: str) -> None:
    assert clashes(evidence(report(one, "Post"), report(two, "Tide"))) == ()


def test_a_time_that_its_outlet_took_back_is_a_correction() -> None:
    first = report("The fire at the mill began at 5.40 a.m.", "Post")
    taken = report(
        "An earlier version of this article said the fire began at 5.40 a.m.; the fire began at 6.15 a.m.",
        "Post",
        5,
        labels=("correction",),
    )

    found = clashes(evidence(first, taken))

    assert [(c.kind, c.first.value, c.second.value) for c in found] == [(Kind.CORRECTION, "5.40 a.m.", "6.15 a.m.")]


def test_a_later_time_of_the_same_outlet_or_speaker_is_an_update() -> None:
    first = report("Police said the fire began at 5.40 a.m.", "Post")
    second = report("Police said the fire began at 6.15 a.m.", "Tide", 4)

    (found,) = clashes(evidence(first, second))

    assert (found.kind, found.first.value, found.second.value) == (Kind.UPDATE, "5.40 a.m.", "6.15 a.m.")


def test_what_is_to_come_is_moved_by_the_later_report() -> None:
    first = report("The bridge will be closed at 9 p.m. on Friday.", "Post")
    second = report("The bridge will be closed at 11 p.m. on Friday.", "Tide", 4)

    (found,) = clashes(evidence(first, second))

    assert found.kind is Kind.UPDATE


def test_three_times_for_one_act_are_one_matter() -> None:
    texts = ("The fire began at 5.40 a.m.", "The fire began at 6.15 a.m.", "The fire began at 7 a.m.")
    found = clashes(evidence(*(report(text, f"Paper {place}") for place, text in enumerate(texts))))

    (matter,) = matters(found)

    assert [voice.side.value for voice in matter.voices] == ["5.40 a.m.", "6.15 a.m.", "7 a.m."]
    assert [position.value for position in published(found)[0].positions] == ["5.40 a.m.", "6.15 a.m.", "7 a.m."]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("The fire began at 5.40 a.m.", 337, 343),
        ("It was shortly after 9 pm.", 1260, 1285),
        ("It was just before noon.", 695, 720),
        ("It was around 9 p.m.", 1230, 1290),
        ("It was at a quarter to six in the morning.", 342, 348),
        ("It was at nine on Monday night.", 1250, 1270),
    ],
)
def test_the_words_around_a_time_say_how_many_minutes_it_leaves_open(text: str, low: int, high: int) -> None:
    assert [(time.low, time.high) for time in clock(text)] == [(low, high)]


@pytest.mark.parametrize(
    "text",
    ["Shares closed at 5.40 dollars.", "Turnout was 9.05 percent.", "He read John 3:16 aloud.", "They lost by 3 to 4."],
)
def test_numbers_that_look_like_times_are_none(text: str) -> None:
    assert clock(text) == ()
