"""Briefings with a chat model: one story at a time, each on its own, and what stays when one fails."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_httpserver import HTTPServer
from scripted import Asked, Said, Script, ScriptedServer, error, respond, settings

from rag.errors import Exit, ProviderError
from rag.newsroom import Newsroom
from rag.sources import Article

if TYPE_CHECKING:
    from conftest import Command

EVENTS = {
    "Ferry hits quay": "A ferry hit the quay of Harbour on Tuesday, killing two people, the coastguard said.",
    "Goat wins fair": "A goat won the county fair of Millbrook on Friday. Its horns measured 90 centimetres.",
    "Mill burns down": "A paper mill in Ashgate burned down overnight. Nobody was hurt, the fire service said.",
}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with Newsroom.open(tmp_path) as room:
        room.add(*(Article(text, title, outlet="Wire") for title, text in EVENTS.items()))
    return tmp_path


def faithful(asked: Asked) -> Said:
    """Choose every sentence, and write each as it stands."""
    if asked.task == "select":
        return {"points": [{"sentences": [number]} for number in asked.sentences], "missing": []}
    return {"text": next(iter(asked.sentences.values()))}


def failing(word: str) -> Script:
    """The same, but for whatever has ``word`` in it."""
    return lambda asked: respond(error("invalid_api_key"), 401) if word in asked.user else faithful(asked)


def test_each_story_is_written_from_its_own_sentences(place: Path, httpserver: HTTPServer) -> None:
    server = ScriptedServer(httpserver, faithful)
    with Newsroom(settings(place, server.url)) as room:
        briefing = room.brief(words=300)

    assert {story.headline for story in briefing.stories} == {*EVENTS}
    assert briefing.unwritten == ()
    assert briefing.provenance.generator == "openai:gpt-test"
    assert not any("ferry" in asked.user and "goat" in asked.user for asked in server.asked)


def test_several_stories_are_asked_for_at_once(place: Path) -> None:
    meeting = threading.Barrier(2, timeout=20)  # breaks if no second request comes while the first is open
    met: list[int] = []

    def script(asked: Asked) -> Said:
        if not met:
            meeting.wait()
            met.append(1)
        return faithful(asked)

    with HTTPServer(threaded=True) as threaded:
        server = ScriptedServer(threaded, script)
        with Newsroom(settings(place, server.url)) as room:
            assert len(room.brief(words=300).stories) == 3


def test_finished_stories_are_kept_when_one_fails_and_it_is_told_in_its_sources_words(
    place: Path, httpserver: HTTPServer
) -> None:
    server = ScriptedServer(httpserver, failing("goat"))
    with Newsroom(settings(place, server.url)) as room:
        briefing = room.brief(words=300)
        (failed,) = (story for story in briefing.stories if story.headline == "Goat wins fair")

        assert {story.headline for story in briefing.stories} == {*EVENTS}
        assert briefing.unwritten == (failed.id,)
        assert failed.sections[0].claims[0].text == "A goat won the county fair of Millbrook on Friday."
        assert any("“Goat wins fair” is told in its sources' words" in note for note in briefing.notes)
        assert room.verify(briefing.to_dict()).ok

        server.script = faithful
        asked = len(server.asked)
        again = room.brief(words=300)

    assert again.unwritten == ()
    assert all("goat" in one.user or "horns" in one.user for one in server.asked[asked:]), "the others are remembered"


def test_a_model_that_fails_in_every_story_is_an_error(place: Path, httpserver: HTTPServer) -> None:
    server = ScriptedServer(httpserver, failing("a"))
    with Newsroom(settings(place, server.url)) as room, pytest.raises(ProviderError):
        room.brief(words=300)


def test_the_command_says_by_its_status_that_a_story_was_not_written(
    place: Path, httpserver: HTTPServer, citewire: Command
) -> None:
    server = ScriptedServer(httpserver, failing("goat"))
    env = {"CITEWIRE_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test"}
    done = citewire("brief", "--archive", place, "--model", "openai:gpt-test", "--verifier", "rules", env=env)

    assert done.returncode == Exit.PARTIAL
    assert "Goat wins fair" in done.stdout
