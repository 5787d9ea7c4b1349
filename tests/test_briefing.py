"""Briefings with a chat model: one story at a time, each on its own, and what stays when one fails."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_httpserver import HTTPServer
from scripted import Asked, Said, Script, ScriptedServer, error, faithful, respond, settings

from rag.answers import OVERVIEW, Briefing
from rag.claims import Reason
from rag.errors import BudgetReached, Exit, ProviderError
from rag.newsroom import Newsroom
from rag.proposals import Statement
from rag.rendering import briefing_html, briefing_markdown, briefing_text
from rag.rendering.outline import outline
from rag.sources import Article, Evidence, Scope
from rag.telling import ACROSS, AT_ONCE, PARTS
from rag.writing import POINTS

if TYPE_CHECKING:
    from conftest import Command

EVENTS = {
    "Ferry hits quay": "A ferry hit the quay of Harbour on Tuesday, killing two people, the coastguard said.",
    "Goat wins fair": "A goat won the county fair of Millbrook on Friday. Its horns measured 90 centimetres.",
    "Mill burns down": "A paper mill in Ashgate burned down overnight. Nobody was hurt, the fire service said.",
}


ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with Newsroom.open(tmp_path) as room:
        room.add(*(Article(text, title, outlet="Wire") for title, text in EVENTS.items()))
    return tmp_path


def environment(server: ScriptedServer) -> dict[str, str]:
    return {"CITEWIRE_BASE_URL": server.url, "OPENAI_API_KEY": "sk-test"}


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
    alone = [asked for asked in server.asked if ACROSS not in asked.user]
    assert alone
    assert not any("ferry" in asked.user and "goat" in asked.user for asked in alone)


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
        assert failed.sections[0].claims[0].text == EVENTS["Goat wins fair"]
        assert any("“Goat wins fair” is told in its sources' words" in note for note in briefing.notes)
        assert room.verify(briefing.to_dict()).ok

        server.script = faithful
        asked = len(server.asked)
        again = room.brief(words=300)

    assert again.unwritten == ()
    assert all("goat" in one.user or "horns" in one.user for one in server.asked[asked:]), "the others are remembered"


def test_an_overview_is_written_last_from_what_the_stories_print(place: Path, httpserver: HTTPServer) -> None:
    server = ScriptedServer(httpserver, faithful)
    with Newsroom(settings(place, server.url)) as room:
        briefing = room.brief(words=300)
        wire = briefing.to_dict()
        assert room.verify(wire).claims == len(briefing.claims)
        assert room.verify(wire).ok

    selected = [asked for asked in server.of("select") if ACROSS in asked.user]
    assert len(selected) == 1
    printed = [claim.text for story in briefing.stories for section in story.sections for claim in section.claims]
    assert {*selected[0].sentences.values()} == {*printed}
    firsts = [story.sections[0].claims[0].text for story in briefing.stories]
    assert [claim.text for claim in briefing.overview] == firsts, "one statement for each story"
    assert Briefing.from_dict(wire) == briefing
    assert str(briefing).index(firsts[0]) < str(briefing).index("1. ")
    assert briefing.words == sum(len(text.split()) for text in printed), "it stands besides the account"

    for shown in (briefing_html(wire), briefing_markdown(wire), briefing_text(wire), str(outline(wire))):
        assert shown.index("In brief") < shown.index("What happened")
    changed = {**wire, "overview": [{**wire.get("overview", [])[0], "text": "A goat won the fair."}]}
    with Newsroom.open(place) as room:
        assert not room.verify(changed).ok


def test_what_is_disputed_or_overtaken_or_of_two_stories_or_loaded_stays_out_of_the_overview(
    tmp_path: Path, httpserver: HTTPServer
) -> None:
    reports = {
        ("Ferry hits quay", 1): "A ferry hit the quay of Harbour on Tuesday. Two people died in the ferry crash.",
        (
            "Ferry toll rises",
            2,
        ): "The ferry that hit the quay of Harbour killed many. Five people died in the ferry crash.",
        (
            "Goat wins fair",
            2,
        ): "A goat won the county fair of Millbrook. The brilliant goat has horns of 90 centimetres.",
    }
    with Newsroom.open(tmp_path) as room:
        for (title, day), text in reports.items():
            room.add(Article(text, title, outlet=f"Wire {day}", published=datetime(2026, 3, day, tzinfo=UTC)))

    def joining(asked: Asked) -> Said:
        if asked.task == "select" and ACROSS in asked.user:
            goat = [number for number, text in asked.sentences.items() if "goat" in text]
            ferry = [number for number, text in asked.sentences.items() if "ferry" in text]
            return {"points": [{"sentences": [ferry[0], goat[0]]}, {"sentences": [goat[1]]}], "missing": []}
        if ACROSS in asked.user:
            return {"text": " ".join(asked.sentences.values())}
        return faithful(asked)

    server = ScriptedServer(httpserver, joining)
    with Newsroom(settings(tmp_path, server.url)) as room:
        briefing = room.brief(words=300)

    (selected,) = (asked for asked in server.of("select") if ACROSS in asked.user)
    assert not any("Two people died" in text for text in selected.sentences.values()), "overtaken by five"
    assert briefing.overview == ()
    assert {(item.reason, item.detail) for item in briefing.withheld} >= {
        (Reason.POINTER, "it joins sentences of several stories. Say each in a statement of its own.")
    }
    assert Reason.WORDING in {item.reason for item in briefing.withheld}


def test_an_overview_that_fails_takes_nothing_from_the_stories(
    place: Path, httpserver: HTTPServer, citewire: Command
) -> None:
    server = ScriptedServer(httpserver, failing(ACROSS))
    with Newsroom(settings(place, server.url)) as room:
        briefing = room.brief(words=300)
    assert {story.headline for story in briefing.stories} == {*EVENTS}
    assert (briefing.overview, briefing.unwritten) == ((), (OVERVIEW,))
    assert any("nothing was written over all stories" in note for note in briefing.notes)
    done = citewire("brief", "--archive", place, "--model", "openai:gpt-test", "--verifier", "rules",
                    env=environment(server))  # fmt: skip
    assert done.returncode == Exit.PARTIAL


def test_one_story_has_no_overview(place: Path, httpserver: HTTPServer) -> None:
    server = ScriptedServer(httpserver, faithful)
    with Newsroom(settings(place, server.url)) as room:
        assert room.brief(words=300, stories=1).overview == ()
    assert not any(ACROSS in asked.user for asked in server.asked)


def test_a_model_that_fails_in_every_story_is_an_error(place: Path, httpserver: HTTPServer) -> None:
    server = ScriptedServer(httpserver, failing("a"))
    with Newsroom(settings(place, server.url)) as room, pytest.raises(ProviderError):
        room.brief(words=300)


def test_the_command_says_by_its_status_that_a_story_was_not_written(
    place: Path, httpserver: HTTPServer, citewire: Command
) -> None:
    server = ScriptedServer(httpserver, failing("goat"))
    model = ("--model", "openai:gpt-test", "--verifier", "rules")
    done = citewire("brief", "--archive", place, *model, env=environment(server))

    assert done.returncode == Exit.PARTIAL
    assert "Goat wins fair" in done.stdout


def frugal(asked: Asked) -> Said:
    """Choose no more than the prompt allows."""
    if asked.task != "select":
        return faithful(asked)
    return {"points": [{"sentences": [number]} for number in asked.sentences][:POINTS], "missing": []}


def test_a_model_may_fill_the_length_that_is_asked_for(tmp_path: Path, httpserver: HTTPServer) -> None:
    with Newsroom.open(tmp_path) as room:
        room.add(ROOT / "seeds")
        plain = room.brief("Tarrow Head ferry", words=800)
    server = ScriptedServer(httpserver, frugal)
    with Newsroom(settings(tmp_path, server.url)) as room:
        briefing = room.brief("Tarrow Head ferry", words=800)
    told = {section.kind: len(section.claims) for section in briefing.stories[0].sections}
    assert told["single_source"] > 2 * POINTS
    assert briefing.words > 0.9 * plain.words
    parts = [asked.sentences for asked in server.of("select") if PARTS["single_source"] in asked.user]
    assert len(parts) == 3
    assert min(map(len, parts)) > POINTS / 2, "no part is a rest"
    assert len({text for part in parts for text in part.values()}) == sum(map(len, parts)), "none is shown twice"
    assert AT_ONCE <= POINTS


def judging(verdict: Script) -> Script:
    """Write each statement in other words than its sentence, and judge it as ``verdict`` does."""

    def script(asked: Asked) -> Said:
        if asked.task == "judge":
            return verdict(asked)
        if asked.task != "write":
            return faithful(asked)
        return {"text": re.sub(r" (?=hit|won|measured|burned|hurt)", " then ", next(iter(asked.sentences.values())))}

    return script


def test_where_a_judge_fails_on_a_whole_story_it_is_told_in_its_sources_words_as_where_its_writer_fails(
    place: Path, httpserver: HTTPServer
) -> None:
    def judge(asked: Asked) -> Said:
        if "goat" in asked.user or "horns" in asked.user:
            return respond(error("insufficient_quota"), 429)
        return {"verdict": "supported", "why": "it says so"}

    server = ScriptedServer(httpserver, judging(judge))
    with Newsroom(settings(place, server.url).model_copy(update={"verifier": "judge"})) as room:
        briefing = room.brief(words=300)
    (failed,) = (story for story in briefing.stories if story.headline == "Goat wins fair")
    assert briefing.unwritten == (failed.id,)
    assert failed.sections[0].claims[0].text == EVENTS["Goat wins fair"]
    assert any(
        "“Goat wins fair” is told in its sources' words: the model failed (quota)" in note for note in briefing.notes
    )
    assert Reason.UNJUDGED in {item.reason for item in briefing.withheld}
    assert any(claim.text.startswith("A ferry then hit") for claim in briefing.claims)
    assert not any("goat" in asked.user for asked in server.of("mend"))


def test_a_judge_that_fails_on_one_statement_of_a_story_leaves_the_others_and_a_note(
    place: Path, httpserver: HTTPServer
) -> None:
    def judge(asked: Asked) -> Said:
        if "horns" in asked.user or "Nobody" in asked.user:
            return respond(error("insufficient_quota"), 429)
        return {"verdict": "supported", "why": "it says so"}

    server = ScriptedServer(httpserver, judging(judge))
    with Newsroom(settings(place, server.url).model_copy(update={"verifier": "judge"})) as room:
        briefing = room.brief(words=300)
    assert briefing.unwritten == ()
    assert any(claim.text.startswith("A goat then won") for claim in briefing.claims)
    assert [note for note in briefing.notes if "could not be judged" in note] == [
        "2 of the statements could not be judged: the judge gave no verdict: the model failed (quota): HTTP 429"
    ]


def test_a_judge_that_fails_on_every_story_is_an_error(place: Path, httpserver: HTTPServer) -> None:
    server = ScriptedServer(httpserver, judging(lambda _: respond(error("insufficient_quota"), 429)))
    chosen = settings(place, server.url).model_copy(update={"verifier": "judge"})
    with Newsroom(chosen) as room, pytest.raises(ProviderError, match="quota"):
        room.brief(words=300)


def test_what_no_story_is_told_of_is_said_and_why(tmp_path: Path) -> None:
    column = Article(
        "The goat is a disgrace. Sack the judges.", "Enough", outlet="Torch", url="https://t.example/opinion/1"
    )
    with Newsroom.open(tmp_path) as room:
        room.add(*(Article(text, title, outlet="Wire") for title, text in EVENTS.items()), column)

        assert room.brief(words=120, stories=3).notes == (
            "2 of 3 stories are told: the others had no room (--words 180)",
        )
        assert room.brief(scope=Scope(outlets=("Torch",))).notes == (
            "“Enough” is told by opinion pieces alone, and what they say is not reported",
        )
        assert room.brief(scope=Scope(outlets=("The Torch",))).notes == (
            "no article is by “The Torch”; there is “Torch”",
        )


def test_a_topic_is_told_in_other_words_or_not_at_all(place: Path) -> None:
    with Newsroom.open(place) as room:
        assert [story.headline for story in room.brief("ship at the quay").stories] == ["Ferry hits quay"]
        assert room.brief("county tax").stories == (), "one of its words stands in a story about something else"


class Poor:
    """Writes until it comes to the goat: there its budget is spent."""

    name = "mine"
    prompt: str | None = None

    def write(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Statement]:
        del question
        if any("Goat" in (item.article.headline or "") for item in evidence):
            msg = "the day's budget is spent"
            raise BudgetReached(msg)
        yield Statement(evidence[0].sentence.text, (evidence[0].number,))


def test_a_budget_that_is_spent_in_one_story_takes_nothing_from_the_others(place: Path) -> None:
    with Newsroom.open(place, generator=Poor()) as room:
        briefing = room.brief(words=300)
    assert {story.headline for story in briefing.stories} == {*EVENTS}
    assert len(briefing.unwritten) == 1
    assert any("budget is spent" in note for note in briefing.notes)
