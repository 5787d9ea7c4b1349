"""What a provider can do wrong, over real HTTP and through the real chain: what is reported, how often it is asked
again, and what stays as it was."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from news import article
from scripted import (
    CANARY,
    PATH,
    Asked,
    Said,
    ScriptedServer,
    completion,
    error,
    raw_server,
    respond,
    settings,
    take_request,
    tool_call,
)

from rag import Newsroom
from rag.answers import Abstention, Answer
from rag.claims import Reason
from rag.errors import Exit, ProviderError, ProviderFault
from rag.models import chat_model
from rag.protocols import Request as Wanted
from rag.writing import Selection

if TYPE_CHECKING:
    from conftest import Command
    from pytest_httpserver import HTTPServer

ROOT = Path(__file__).parent.parent
QUESTION = "When did the harbour reopen?"
STORY = article(
    "The harbour reopened on Wednesday. Four people died when the ferry Corrin Star hit the wall, the coastguard said. "
    "Tickets cost $12. The council meets on Friday. The wall is 300 metres long. A new pilot was named.",
    headline="Harbour reopens",
    url="https://post.example/harbour",
)
TRUE = "The harbour reopened on Wednesday."


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one article: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("shelf") / "archive"
    with Newsroom.open(folder) as room:
        assert room.add(STORY).added
    return folder


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)


@pytest.fixture
def stocked(shelf: Path, archive: Path) -> Path:
    shutil.copytree(shelf, archive)
    return archive


def honest(asked: Asked) -> Said:
    """Choose the sentence about the harbour and say it."""
    if asked.task == "select":
        return {"points": [{"sentences": [asked.number("The harbour")]}], "missing": []}
    return {"text": TRUE, "sentences": [1]} if asked.task == "mend" else {"text": TRUE}


def failure(archive: Path, url: str, deadline: float = 2.5) -> tuple[ProviderError, float]:
    """Ask, and return what was raised and after how long. What was done before is still done after it."""
    began = time.monotonic()
    with Newsroom(settings(archive, url, deadline)) as room, pytest.raises(ProviderError) as caught:
        room.ask(QUESTION)
    took = time.monotonic() - began
    raised = caught.value
    assert CANARY not in f"{raised} {raised.hint} {raised!r} {raised.__cause__!r} {raised.__context__!r}"
    assert raised.hint
    assert "\n" not in str(raised)
    with Newsroom(settings(archive, url)) as room:
        assert room.article(STORY.id) == STORY
        assert room.passages(QUESTION)
    return raised, took


def talkative() -> str:
    points = [{"sentences": [1]}] * 200_000  # some 200,000 tokens and more
    return json.dumps({"points": points, "missing": []})


UNTIL = 8
"""Most requests where a fault may pass: they are spaced out until the deadline."""
FAULTS: Mapping[str, tuple[Callable[[], Said], ProviderFault, int]] = {
    "429": (lambda: respond(error("rate_limit"), 429), ProviderFault.RATE_LIMITED, UNTIL),
    "429, retry after 90": (lambda: respond(error("rate_limit"), 429, retry_after="90"), ProviderFault.RATE_LIMITED, 1),
    "429, retry after a day far ahead": (
        lambda: respond(error("rate_limit"), 429, retry_after="Wed, 21 Oct 2099 07:28:00 GMT"),
        ProviderFault.RATE_LIMITED,
        1,
    ),
    "429, retry after a day long gone": (
        lambda: respond(error("rate_limit"), 429, retry_after="Wed, 21 Oct 2015 07:28:00 GMT"),
        ProviderFault.RATE_LIMITED,
        UNTIL,
    ),
    "429, retry after no day there is": (
        lambda: respond(error("rate_limit"), 429, retry_after="Wed, 32 Oct 99999999999999999999 07:28:00 GMT"),
        ProviderFault.RATE_LIMITED,
        UNTIL,
    ),
    "429, retry after 1": (
        lambda: respond(error("rate_limit"), 429, retry_after="1"),
        ProviderFault.RATE_LIMITED,
        UNTIL,
    ),
    "500": (lambda: respond(error("server_error"), 500), ProviderFault.SERVER, UNTIL),
    "503": (lambda: respond("<html>busy</html>", 503), ProviderFault.SERVER, UNTIL),
    "truncated JSON of the protocol": (lambda: respond(json.dumps(completion("{}"))[:70]), ProviderFault.MALFORMED, 3),
    "truncated JSON of the reply": (lambda: '{"points": [{"sentences": [1', ProviderFault.MALFORMED, 3),
    "cut at the length limit": (lambda: respond(completion('{"points"', finish="length")), ProviderFault.INCOMPLETE, 1),
    "wrong schema": (lambda: {"answer": "Wednesday", "confidence": 1}, ProviderFault.MALFORMED, 3),
    "prose": (lambda: TRUE, ProviderFault.MALFORMED, 3),
    "HTML": (lambda: respond("<html>sign in</html>"), ProviderFault.MALFORMED, 3),
    "empty reply": (lambda: "", ProviderFault.MALFORMED, 3),
    "null reply": (lambda: respond(completion(None)), ProviderFault.MALFORMED, 3),
    "no choices": (lambda: respond({**completion(""), "choices": []}), ProviderFault.MALFORMED, 3),
    "refusal": (lambda: respond(completion(None, refusal="I will not")), ProviderFault.REFUSED, 1),
    "content filter": (lambda: respond(completion("", finish="content_filter")), ProviderFault.REFUSED, 1),
    "tool call": (
        lambda: respond(completion(None, finish="tool_calls", calls=[tool_call("fetch", url="https://evil.example/")])),
        ProviderFault.MALFORMED,
        3,
    ),
    "200,000 tokens": (talkative, ProviderFault.INCOMPLETE, 1),
    "invalid key": (lambda: respond(error("invalid_api_key"), 401), ProviderFault.AUTH, 1),
    "forbidden": (lambda: respond(error("forbidden"), 403), ProviderFault.AUTH, 1),
    "unknown model": (lambda: respond(error("model_not_found"), 404), ProviderFault.UNKNOWN_MODEL, 1),
    "no credit": (lambda: respond(error("insufficient_quota"), 429), ProviderFault.QUOTA, 1),
    "context length, however little is sent": (
        lambda: respond(error("context_length_exceeded"), 400),
        ProviderFault.CONTEXT_LENGTH,
        4,
    ),
    "redirect": (lambda: respond("", 307, location="http://127.0.0.1:9/v1/stolen"), ProviderFault.UNKNOWN_MODEL, 1),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_kind_a_bounded_number_of_requests_and_harms_nothing(
    name: str, httpserver: HTTPServer, stocked: Path
) -> None:
    reply, kind, most = FAULTS[name]
    server = ScriptedServer(httpserver, lambda _: reply())
    raised, took = failure(stocked, server.url, 2.5 if most == UNTIL else 30)
    assert raised.kind is kind
    assert 1 <= len(server.asked) <= most
    assert took < 15
    assert server.elsewhere() == []


def test_after_a_passing_fault_the_answer_is_whole(httpserver: HTTPServer, stocked: Path) -> None:
    busy = iter([respond(error("rate_limit"), 429, retry_after="0"), respond(error("server_error"), 500)])
    server = ScriptedServer(httpserver, lambda asked: next(busy, None) or honest(asked))
    with Newsroom(settings(stocked, server.url)) as room:
        assert room.ask(QUESTION).text == TRUE


def test_a_provider_that_names_the_moment_is_not_asked_again_before_it(httpserver: HTTPServer, stocked: Path) -> None:
    times: list[float] = []
    moment = int(time.time()) + 3  # the header knows no fractions

    def busy(asked: Asked) -> Said:
        times.append(time.time())
        if len(times) > 1:
            return honest(asked)
        return respond(
            error("rate_limit"), 429, retry_after=format_datetime(datetime.fromtimestamp(moment, UTC), usegmt=True)
        )

    with Newsroom(settings(stocked, ScriptedServer(httpserver, busy).url)) as room:
        assert room.ask(QUESTION).text == TRUE
    assert times[0] < moment <= times[1] < moment + 2


# -- connections -----------------------------------------------------------------------------------------------------


def hang(connection: socket.socket) -> None:
    take_request(connection)
    connection.settimeout(30)
    connection.recv(1)


def test_a_server_that_hangs_ends_at_the_deadline(stocked: Path) -> None:
    with raw_server(hang) as (url, connections):
        raised, took = failure(stocked, url, 1.5)
    assert raised.kind is ProviderFault.TIMEOUT
    assert "CITEWIRE_DEADLINE" in raised.hint
    assert len(connections) == 1
    assert took < 8


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n"


def drip(connection: socket.socket) -> None:
    take_request(connection)
    connection.sendall(HEAD)
    while True:
        connection.sendall(b" ")
        time.sleep(0.3)


def drip_headers(connection: socket.socket) -> None:
    take_request(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nx-slow: ")
    while True:
        connection.sendall(b"a")
        time.sleep(0.3)


@pytest.mark.parametrize("talk", [drip, drip_headers])
def test_a_server_that_drips_for_ever_ends_at_the_deadline(
    talk: Callable[[socket.socket], None],
) -> None:
    asked = Wanted("select", "0" * 64, "You choose.", "Which?", Selection)
    with raw_server(talk) as (url, connections):
        chat = chat_model("openai:gpt-test", base_url=url, deadline=1.5)
        began = time.monotonic()
        with pytest.raises(ProviderError) as caught:
            chat.reply(asked)
        assert time.monotonic() - began < 3
        assert caught.value.kind in {ProviderFault.TIMEOUT, ProviderFault.INCOMPLETE}
        assert len(connections) == 1


def flood(connection: socket.socket) -> None:
    take_request(connection)
    connection.sendall(HEAD.replace(b"1000000", b"9000000000"))
    while True:
        connection.sendall(b" " * 65536)


def test_a_server_that_sends_without_end_is_cut_off(stocked: Path) -> None:
    with raw_server(flood) as (url, connections):
        raised, _ = failure(stocked, url, 20)
    assert raised.kind is ProviderFault.INCOMPLETE
    assert len(connections) == 1


def reset(connection: socket.socket) -> None:
    take_request(connection)
    connection.sendall(HEAD + b'{"id": "x", "choices": [')
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # closing sends RST


def cut(connection: socket.socket) -> None:
    take_request(connection)
    connection.sendall(HEAD + json.dumps(completion('{"points": [], "missing": []}')).encode()[:-20])


def silent(connection: socket.socket) -> None:
    take_request(connection)


@pytest.mark.parametrize("talk", [reset, cut, silent])
def test_a_connection_lost_in_the_middle_is_no_reply(talk: Callable[[socket.socket], None], stocked: Path) -> None:
    with raw_server(talk) as (url, connections):
        raised, took = failure(stocked, url)
    assert raised.kind is ProviderFault.CONNECTION
    assert 1 <= len(connections) <= 8
    assert took < 12


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's context with a certificate that nobody signed but itself."""
    folder = tmp_path_factory.mktemp("tls")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(tls: ssl.SSLContext, stocked: Path) -> None:
    received: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        with tls.wrap_socket(connection, server_side=True) as secure:
            received.append(secure.recv(65536))

    with raw_server(talk) as (url, connections):
        raised, _ = failure(stocked, url.replace("http:", "https:"))
    assert raised.kind is ProviderFault.CONNECTION
    assert "certificate is not trusted" in str(raised)
    assert len(connections) == 1
    assert not any(received)


# -- what the model does with what it is sent ------------------------------------------------------------------------


def test_a_context_too_short_is_sent_fewer_sentences_and_the_answer_says_so(
    httpserver: HTTPServer, stocked: Path
) -> None:
    def script(asked: Asked) -> Said:
        if asked.task == "select" and len(asked.sentences) > 2:
            return respond(error("context_length_exceeded"), 400)
        return honest(asked)

    server = ScriptedServer(httpserver, script)
    with Newsroom(settings(stocked, server.url)) as room:
        result = room.ask(QUESTION)
    assert [len(asked.sentences) for asked in server.of("select")] == [6, 3, 2]
    assert result.text == TRUE
    assert result.notes == ("the model read 2 of 6 sentences, the likeliest ones",)


def test_an_answer_in_another_language_is_withheld(httpserver: HTTPServer, stocked: Path) -> None:
    german = "Der Hafen wurde am Mittwoch wieder geöffnet."

    def script(asked: Asked) -> Said:
        return (
            honest(asked)
            if asked.task == "select"
            else {"text": german, **({"sentences": [1]} if asked.task == "mend" else {})}
        )

    with Newsroom(settings(stocked, ScriptedServer(httpserver, script).url)) as room:
        result = room.ask(QUESTION)
    assert isinstance(result, Abstention)
    assert {item.text for item in result.withheld} == {german}
    assert {item.reason for item in result.withheld} <= {Reason.FACTS, Reason.UNSUPPORTED}


def test_a_model_that_fails_while_it_mends_loses_nothing_that_passed(httpserver: HTTPServer, stocked: Path) -> None:
    def script(asked: Asked) -> Said:
        if asked.task == "select":
            points = [{"sentences": [asked.number(start)]} for start in ("The harbour", "Tickets")]
            return {"points": points, "missing": []}
        if asked.task == "mend":
            return respond(error("insufficient_quota"), 429)
        return {"text": TRUE}  # of the tickets, too: withheld

    with Newsroom(settings(stocked, ScriptedServer(httpserver, script).url)) as room:
        result = room.ask(QUESTION)
    assert isinstance(result, Answer)
    assert result.text == TRUE
    assert [item.reason for item in result.withheld] == [Reason.FACTS]
    assert any("quota" in note for note in result.notes)


# -- a judge that fails -----------------------------------------------------------------------------------------------


REWORDED = "On Wednesday the harbour reopened."
"""Not word for word, so that it is judged."""


def judged_by(script: Callable[[Asked], Said], *chosen: str) -> Callable[[Asked], Said]:
    """Choose the sentences that begin so, write them in other words, and judge as ``script`` does."""

    def reply(asked: Asked) -> Said:
        if asked.task == "select":
            return {"points": [{"sentences": [asked.number(start)]} for start in chosen], "missing": []}
        if asked.task == "judge":
            return script(asked)
        return {
            "text": REWORDED if "The harbour" in asked.user else "The council then meets on Friday.",
            "sentences": [1],
        }

    return reply


def no_credit(_: Asked) -> Said:
    return respond(error("insufficient_quota"), 429)


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize("verifier", ["judge", "judge+rules", "embedded+judge"])
def test_a_judge_that_fails_on_all_there_is_to_print_is_a_fault_and_no_answer_declined(
    verifier: str, httpserver: HTTPServer, citewire: Command
) -> None:
    server = ScriptedServer(httpserver, judged_by(no_credit, "The harbour"))
    chosen = environment(server.url) | {"CITEWIRE_VERIFIER": verifier}
    done = citewire("ask", QUESTION, env=chosen)
    assert (done.returncode, done.stdout) == (Exit.PROVIDER, "")
    assert "the model failed (quota)" in done.stderr
    assert len(server.of("judge")) == 1
    assert server.of("mend") == [], "nothing is wrong with what was not judged"


def test_a_claim_that_was_judged_stands_and_a_note_says_that_the_judge_failed_on_another(
    httpserver: HTTPServer, stocked: Path
) -> None:
    def judge(asked: Asked) -> Said:
        return no_credit(asked) if "council" in asked.user else {"verdict": "supported", "why": "it says so"}

    server = ScriptedServer(httpserver, judged_by(judge, "The harbour", "The council"))
    chosen = settings(stocked, server.url).model_copy(update={"verifier": "judge"})
    with Newsroom(chosen) as room:
        result = room.ask(QUESTION)
    assert result.text == REWORDED
    assert [item.reason for item in result.withheld] == [Reason.UNJUDGED]
    (note,) = result.notes
    assert note.startswith(
        "1 of the statements could not be judged: the judge gave no verdict: the model failed (quota)"
    )
    assert note in " ".join(str(result).split())
    assert "fault" not in json.dumps(result.to_dict())


def test_where_the_judge_has_spoken_the_answer_is_declined(httpserver: HTTPServer, stocked: Path) -> None:
    server = ScriptedServer(httpserver, judged_by(lambda _: {"verdict": "unsupported", "why": "no"}, "The harbour"))
    with Newsroom(settings(stocked, server.url).model_copy(update={"verifier": "judge"})) as room:
        result = room.ask(QUESTION)
    assert isinstance(result, Abstention)
    assert result.notes == ()
    assert len(server.of("mend")) == 1


# -- the command line ------------------------------------------------------------------------------------------------


def environment(url: str, deadline: float = 3) -> dict[str, str]:
    return {
        "OPENAI_API_KEY": CANARY,
        "CITEWIRE_MODEL": "openai:gpt-test",
        "CITEWIRE_BASE_URL": url,
        "CITEWIRE_DEADLINE": str(deadline),
        "CITEWIRE_RERANK": "0",
        "CITEWIRE_VERIFIER": "rules",
    }


@pytest.mark.parametrize(
    "name", ["429, retry after 90", "invalid key", "unknown model", "no credit", "HTML", "refusal"]
)
def test_the_command_line_says_in_one_line_what_failed_and_what_to_do(
    name: str, httpserver: HTTPServer, citewire: Command, stocked: Path
) -> None:
    reply, kind, _ = FAULTS[name]
    server = ScriptedServer(httpserver, lambda _: reply())
    done = citewire("ask", QUESTION, env=environment(server.url))
    assert done.returncode == Exit.PROVIDER
    assert done.stdout == ""
    cause, step = done.stderr.strip().split("\n")
    assert cause.startswith("citewire: the model")
    assert kind is not ProviderFault.QUOTA or "quota" in cause
    assert step.startswith("  next: ")
    assert CANARY not in done.stderr
    told = json.loads(citewire("ask", QUESTION, "--json", env=environment(server.url)).stderr)["error"]
    assert (told["code"], told["exit"]) == ("ProviderError", Exit.PROVIDER)
    assert CANARY not in json.dumps(told)
    assert not list(places(stocked))


def test_what_a_provider_failed_at_is_answered_without_it(
    httpserver: HTTPServer, citewire: Command, stocked: Path
) -> None:
    reply, _, _ = FAULTS["no credit"]
    server = ScriptedServer(httpserver, lambda _: reply())
    assert citewire("ask", QUESTION, env=environment(server.url)).returncode == Exit.PROVIDER
    rules = {"CITEWIRE_VERIFIER": "rules"}
    assert citewire("ask", QUESTION, "--model", "extractive", env=rules).returncode == Exit.DONE
    assert not list(places(stocked))


def places(folder: Path) -> Iterator[Path]:
    """Files that hold the key."""
    for file in folder.rglob("*"):
        if file.is_file() and CANARY.encode() in file.read_bytes():
            yield file


@pytest.mark.parametrize("talk", [hang, drip])
def test_ctrl_c_during_a_call_ends_the_command_within_two_seconds(
    talk: Callable[[socket.socket], None], stocked: Path, tmp_path: Path, citewire: Command
) -> None:
    with raw_server(talk) as (url, connections):
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("CITEWIRE_", "OPENAI_"))}
        given = environment(url, 60) | {
            "CITEWIRE_ARCHIVE": str(stocked),
            "PYTHONPATH": str(ROOT),
            "HOME": str(tmp_path),
        }
        with subprocess.Popen(
            [sys.executable, "-m", "rag", "ask", QUESTION],
            env=clean | given,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            until = time.monotonic() + 100
            while not connections and time.monotonic() < until:
                time.sleep(0.05)
            assert connections, "the model was never called"
            time.sleep(0.3)
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=30)
            took = time.monotonic() - began
    assert process.returncode == Exit.INTERRUPTED
    assert took < 4, "2 on a machine that does nothing else"
    assert out == ""
    assert err.strip().count("\n") == 0, err
    assert CANARY not in err
    assert citewire("doctor").returncode == Exit.DONE
    assert citewire("ask", QUESTION, env={"CITEWIRE_VERIFIER": "rules"}).returncode == Exit.DONE


def test_the_process_ends_at_the_deadline_though_the_server_drips_on(stocked: Path, citewire: Command) -> None:
    with raw_server(drip) as (url, _):
        began = time.monotonic()
        done = citewire("ask", QUESTION, env=environment(url, 2))
        took = time.monotonic() - began
    assert done.returncode == Exit.PROVIDER
    assert took < 40, "imports, two seconds, and no waiting for the thread"
    assert "timeout" in done.stderr or "did not end" in done.stderr
    assert stocked.is_dir()


def test_a_scripted_server_knows_the_path_that_clients_ask(httpserver: HTTPServer) -> None:
    assert ScriptedServer(httpserver, honest).url + "/chat/completions" == httpserver.url_for(PATH)
