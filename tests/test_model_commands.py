"""``citewire`` with a chat model, as a user types it: streaming, conversation, records, budgets, what is set."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel
from scripted import CANARY, Asked, ScriptedServer
from werkzeug import Request, Response

from rag.conversation import Rewritten
from rag.evaluation import rooms
from rag.evaluation.datasets import Question
from rag.events import ClaimVerified, Done, Event
from rag.inspection import Greeting
from rag.newsroom import Newsroom
from rag.settings import Settings
from rag.sources import Article
from rag.writing import Mended, Point, Selection, Wording

if TYPE_CHECKING:
    from conftest import Command
    from pytest_httpserver import HTTPServer

TEXT = "Ferry sinks at Tarrow Head\n\nThe ferry sank on Monday. Four people died. Dr. Oona Selwick leads the inquiry."
QUESTION = "How many people died on the ferry?"


def script(asked: Asked) -> BaseModel:
    """Choose two sentences; word one truly and one falsely, and do not mend it."""
    if asked.task == "select":
        return Selection(
            points=[Point(sentences=[asked.number("Four")]), Point(sentences=[asked.number("The ferry")])], missing=[]
        )
    if asked.task == "write":
        return Wording(text="Four people died." if "Four" in asked.user else "The ferry sank on Friday.")
    if asked.task == "rewrite":
        return Rewritten(question="Who leads the inquiry into the ferry?")
    return Mended(text="", sentences=[])


@pytest.fixture
def model(httpserver: HTTPServer) -> dict[str, str]:
    """The environment of a user whose model is the scripted server."""
    server = ScriptedServer(httpserver, script)
    return {"CITEWIRE_MODEL": "openai:gpt-test", "CITEWIRE_BASE_URL": server.url, "OPENAI_API_KEY": CANARY}


@pytest.fixture
def story(citewire: Command, tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(TEXT, encoding="utf-8")
    assert citewire("add", "ferry.txt").returncode == 0


@pytest.mark.usefixtures("story")
def test_a_stream_prints_what_passed_and_keeps_back_what_did_not(citewire: Command, model: dict[str, str]) -> None:
    done = citewire("ask", QUESTION, "--stream", env=model)
    assert done.returncode == 0, done.stderr
    assert "Four people died. [1]" in done.stdout
    assert "Friday" not in done.stdout
    events = [
        json.loads(line) for line in citewire("ask", QUESTION, "--stream", "--json", env=model).stdout.splitlines()
    ]
    assert [event["event"] for event in events] == ["retrieved", "claim", "withheld", "done"]
    assert events[2]["reason"] == "facts"
    assert events[-1]["answer"]["schema"] == "citewire/answer-1"


@pytest.mark.usefixtures("story")
def test_a_recorded_answer_is_replayed_byte_for_byte_with_no_model(
    citewire: Command, model: dict[str, str], httpserver: HTTPServer, tmp_path: Path
) -> None:
    first = citewire("ask", QUESTION, "--json", "--record", "replies", env=model)
    assert first.returncode == 0, first.stderr
    asked = len(httpserver.log)
    again = citewire("ask", QUESTION, "--json", "--replay", "replies")
    assert again.stdout == first.stdout
    assert len(httpserver.log) == asked
    assert not any(CANARY in path.read_text(encoding="utf-8") for path in (tmp_path / "replies").iterdir())
    other = citewire("ask", "Who leads the inquiry?", "--replay", "replies")
    assert other.returncode == 2
    assert "holds no reply" in other.stderr


@pytest.mark.usefixtures("story")
def test_what_was_asked_before_is_not_paid_for_again_unless_fresh(
    citewire: Command, model: dict[str, str], httpserver: HTTPServer
) -> None:
    citewire("ask", QUESTION, env=model)
    asked = len(httpserver.log)
    citewire("ask", QUESTION, env=model)
    assert len(httpserver.log) == asked
    citewire("ask", QUESTION, "--fresh", env=model)
    assert len(httpserver.log) == 2 * asked
    [row] = json.loads(citewire("usage", "--by", "model", "--json").stdout)
    assert (row["name"], row["calls"], row["failed"]) == ("openai:gpt-test", 2 * asked, 0)
    assert "openai:gpt-test" in citewire("usage", "--by", "model").stdout


@pytest.mark.usefixtures("story")
def test_a_spent_budget_is_answered_without_the_model_and_said_or_is_an_error(
    citewire: Command, model: dict[str, str], httpserver: HTTPServer
) -> None:
    poor = model | {"CITEWIRE_DAY_TOKENS": "50"}
    done = citewire("ask", QUESTION, "--json", env=poor)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["provenance"]["generator"] == "extractive"
    assert "written by extractive instead of openai:gpt-test" in answer["notes"][-1]
    assert citewire("ask", QUESTION, env=poor | {"CITEWIRE_FALLBACK": "0"}).returncode == 6
    assert not httpserver.log


@pytest.mark.usefixtures("story")
def test_a_follow_up_is_searched_for_as_it_is_shown(citewire: Command, model: dict[str, str]) -> None:
    done = citewire("chat", env=model, stdin=f"{QUESTION}\nAnd who leads the inquiry into it?\n")
    assert done.returncode == 0, done.stderr
    assert "Who leads the inquiry into the ferry?" in done.stdout
    alone = citewire("chat", stdin=f"{QUESTION}\nAnd who?\n")
    assert "And who (people died ferry)?" in alone.stdout


@pytest.mark.usefixtures("story")
def test_a_fault_in_a_conversation_is_reported_and_the_conversation_goes_on(
    citewire: Command, model: dict[str, str]
) -> None:
    done = citewire(
        "chat",
        env=model | {"CITEWIRE_BASE_URL": "http://127.0.0.1:9/v1", "CITEWIRE_DEADLINE": "1"},
        stdin="Who?\nWhen?\n",
    )
    assert done.returncode == 0
    assert done.stderr.count("next: see what answers with citewire models") == 2


def test_models_says_what_is_set_what_answers_and_what_is_missing(citewire: Command, httpserver: HTTPServer) -> None:
    alone = citewire("models")
    assert alone.returncode == 0, alone.stdout
    assert "no chat model is set" in alone.stdout
    server = ScriptedServer(httpserver, lambda _: Greeting(text="yes"))
    env = {"CITEWIRE_MODEL": "openai:gpt-test", "CITEWIRE_BASE_URL": server.url}
    missing = citewire("models", env=env)
    assert missing.returncode == 5
    assert "OPENAI_API_KEY is not set" in missing.stdout
    there = citewire("models", "--json", env=env | {"OPENAI_API_KEY": CANARY})
    assert there.returncode == 0, there.stdout
    assert CANARY not in there.stdout + there.stderr
    rows = {row["part"]: row for row in json.loads(there.stdout)}
    assert rows["model"]["detail"] == "answers 'yes'"
    assert rows["verifier"]["ok"]


def test_a_stream_into_a_file_is_refused_with_what_to_leave_out(citewire: Command) -> None:
    done = citewire("ask", QUESTION, "--stream", "-o", "x.txt")
    assert done.returncode == 2
    assert "leave out" in done.stderr


def test_the_dimensions_of_a_hosted_embedder_are_part_of_what_the_index_was_made_with(
    citewire: Command, httpserver: HTTPServer, tmp_path: Path
) -> None:
    asked: list[dict[str, object]] = []

    def embed(request: Request) -> Response:
        body = json.loads(request.get_data(as_text=True))
        asked.append(body)
        texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
        rows = [[1.0 + len(text) % 7] + [0.5] * (body.get("dimensions", 8) - 1) for text in texts]
        data = [{"object": "embedding", "index": n, "embedding": row} for n, row in enumerate(rows)]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return Response(json.dumps({"object": "list", "data": data, "model": "e", "usage": usage}))

    httpserver.expect_request("/v1/embeddings").respond_with_handler(embed)
    env = {
        "CITEWIRE_EMBEDDER": "openai:text-embedding-3-small",
        "CITEWIRE_DIMENSIONS": "6",
        "CITEWIRE_BASE_URL": httpserver.url_for("/v1"),
        "OPENAI_API_KEY": CANARY,
    }
    (tmp_path / "ferry.txt").write_text(TEXT, encoding="utf-8")
    done = citewire("add", "ferry.txt", env=env)
    assert done.returncode == 0, done.stderr
    assert {body["dimensions"] for body in asked} == {6}
    assert citewire("ask", QUESTION, env=env).returncode == 0
    other = citewire("ask", QUESTION, env=env | {"CITEWIRE_DIMENSIONS": "8"})
    assert other.returncode == 7, other.stderr
    assert "citewire reindex" in other.stderr
    assert citewire("reindex", env=env | {"CITEWIRE_DIMENSIONS": "8"}).returncode == 0
    assert citewire("ask", QUESTION, env=env | {"CITEWIRE_DIMENSIONS": "8"}).returncode == 0


def test_a_stream_that_is_closed_makes_no_further_call(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    server = ScriptedServer(httpserver, script)
    settings = Settings(archive=tmp_path / "archive", model="openai:gpt-test", base_url=server.url, verifier="rules")
    with Newsroom(settings) as room:
        room.add(Article(TEXT))
        stream = room.stream(QUESTION)
        assert any(isinstance(event, ClaimVerified) for event in stream)
        asked = len(server.asked)
        stream.close()  # type: ignore[attr-defined]
        assert len(server.asked) == asked
        assert len(server.of("write")) == 1


def test_streams_at_once_share_one_newsroom(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    server = ScriptedServer(httpserver, script)
    settings = Settings(archive=tmp_path / "archive", model="openai:gpt-test", base_url=server.url, verifier="rules")

    async def ask(room: Newsroom) -> Event:
        return [event async for event in room.astream(QUESTION)][-1]

    async def together(room: Newsroom) -> list[Event]:
        return await asyncio.gather(*(ask(room) for _ in range(4)))

    with Newsroom(settings) as room:
        room.add(Article(TEXT))
        ends = asyncio.run(together(room))
    assert all(isinstance(end, Done) and end.result.claims for end in ends)


@pytest.mark.usefixtures("key")
def test_a_reply_that_serves_one_question_twice_was_measured(httpserver: HTTPServer, tmp_path: Path) -> None:
    def twice(asked: Asked) -> BaseModel:
        one = Point(sentences=[asked.number("Four")]) if asked.task == "select" else None
        return Selection(points=[one, one], missing=[]) if one else Wording(text="In all, four people died.")

    server = ScriptedServer(httpserver, twice)
    settings = Settings(archive=tmp_path / "archive", model="openai:gpt-test", base_url=server.url, verifier="rules")
    with Newsroom(settings) as room:
        room.add(Article(TEXT))
    asked = Question("q", QUESTION, ("four",), (frozenset({"x"}),))
    with rooms.systems(settings, ["model"]) as ours:
        first, again = (ours.asks["model"](asked) for _ in range(2))

    assert first.tokens
    assert "remembered" not in first.extra
    assert again.extra["remembered"]
