"""What a chat model finds weightiest in a story: what becomes of it, and what it may not do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from news import evidence
from pytest_httpserver import HTTPServer
from scripted import Asked, Said, ScriptedServer, faithful, settings

from rag.digest import Digest, digest
from rag.newsroom import Newsroom
from rag.pairing import paired
from rag.proposals import Note, Pair
from rag.reading import READ, Reading, candidates, read
from rag.sources import Article
from rag.stories import Group

DAY = datetime(2026, 3, 3, tzinfo=UTC)
FILLER = " ".join(
    f"The harbour office of Tarrow counted {n} crates of ferry freight at quay number {n} in the port."
    for n in range(2, 40)
)
REPORT = Article(
    f"A ferry struck the harbour wall of Tarrow on Tuesday, the coastguard said. {FILLER} "
    "The captain, Ida Lusk, was relieved of her post. He had been on the bridge since noon. "
    "The owner knew of a fault, a deckhand alleged.",
    "Ferry strikes wall",
    outlet="Post",
    published=DAY,
)
ANSWER = Article("The owner denied that it knew of a fault.", "Owner denies", outlet="Times", published=DAY)
KNOWN = evidence(REPORT, ANSWER)


def number(start: str) -> int:
    """The number of the sentence that begins like this."""
    return next(item.number for item in KNOWN if item.sentence.text.startswith(start))


def told(reading: Reading, *kinds: str, words: int = 60) -> list[str]:
    """What a digest prints in sections of these kinds, or in all of its account."""
    story = Group((REPORT, ANSWER), {one.id: one.id for one in (REPORT, ANSWER)})
    found: Digest = digest(story, KNOWN, words=words, reading=reading)
    shown = kinds or ("facts", "agreed", "timeline", "single_source", "said", "announced")
    return [statement.text for kind in shown for statement in found.sections.get(kind, ())]  # type: ignore[call-overload]


def test_what_a_model_wants_is_told_before_what_rules_prefer() -> None:
    quay = "The harbour office of Tarrow counted 33 crates"
    assert not any(text.startswith(quay) for text in told(Reading()))
    assert any(text.startswith(quay) for text in told(Reading(wanted=(number(quay),))))


def test_what_a_model_wants_first_is_told_where_there_is_room_for_one() -> None:
    quays = [number(f"The harbour office of Tarrow counted {n} ") for n in (21, 22, 23, 24, 25, 26)]
    shown = told(Reading(wanted=(*quays[3:], *quays[:3])), words=45)
    assert any(" 24 crates" in text for text in shown)
    assert not any(" 23 crates" in text for text in shown)


def test_what_cannot_stand_alone_takes_its_neighbour_along_though_a_model_wants_it() -> None:
    (shown,) = [text for text in told(Reading(wanted=(number("He had been"),))) if "on the bridge" in text]
    assert shown.startswith("The captain, Ida Lusk")


def test_one_side_of_a_dispute_is_not_told_as_fact_though_a_model_wants_it() -> None:
    one, two = number("The owner knew"), number("The owner denied")
    clashes = tuple(paired([Pair("denied", one, two)], KNOWN, "m"))
    reading = Reading(clashes, (one,))
    assert not any("deckhand" in text for text in told(reading))
    assert any("deckhand" in text for text in told(reading, "disputed"))


class Choosing:
    """A generator that chooses."""

    name = "m"
    prompt = None

    def write(self, question: str, evidence: object) -> list[Note]:  # noqa: ARG002
        return []

    def choose(self, evidence: object, words: int) -> list[int | Note]:  # noqa: ARG002
        return [number("The captain"), 9_999, number("The captain"), Note("half was read")]


def test_numbers_of_no_sentence_are_passed_over_and_each_counts_once() -> None:
    found = read(KNOWN, 100, Choosing())  # type: ignore[arg-type]
    assert found == Reading(wanted=(number("The captain"),), notes=("half was read",))


def test_a_model_reads_what_reports_share_first_where_a_story_is_too_long() -> None:
    long = Article(" ".join(f"Item {n} of the list was {'very ' * 60}long." for n in range(900)), outlet="List")
    fit = candidates(evidence(REPORT, ANSWER, long))
    assert 0 < len(fit) < 900
    assert sum(len(item.sentence.text.split()) for item in fit) <= READ
    assert any(item.sentence.text.startswith("A ferry struck") for item in fit)


@pytest.fixture
def place(tmp_path: Path, key: None) -> Path:  # noqa: ARG001 - a model's key is set
    with Newsroom.open(tmp_path) as room:
        room.add(REPORT, ANSWER)
    return tmp_path


def test_a_model_is_asked_once_for_a_story_and_its_choice_is_told(place: Path, httpserver: HTTPServer) -> None:
    def script(asked: Asked) -> Said:
        return {"sentences": [asked.number("The captain")]} if asked.task == "choose" else faithful(asked)

    server = ScriptedServer(httpserver, script)
    with Newsroom(settings(place, server.url)) as room:
        briefing = room.brief("ferry harbour", words=80)
    (asked,) = server.of("choose")
    assert "a neutral briefing of 80 words" in asked.system
    claims = [claim.text for story in briefing.stories for section in story.sections for claim in section.claims]
    assert "The captain, Ida Lusk, was relieved of her post." in claims


def test_a_choice_that_makes_no_sense_costs_no_story(place: Path, httpserver: HTTPServer) -> None:
    def script(asked: Asked) -> Said:
        return "{" if asked.task in {"choose", "compare"} else faithful(asked)

    with Newsroom(settings(place, ScriptedServer(httpserver, script).url)) as room:
        briefing = room.brief("ferry harbour", words=80)
    assert briefing.unwritten == ()
    assert briefing.stories
    assert any(note.startswith("what to tell was found by rules alone") for note in briefing.notes)
