"""A chat model over real HTTP whose replies are known: what it says is a function of what it is asked.

    with Newsroom(settings(archive, server)) as room: ...

``ScriptedServer`` answers like an OpenAI-compatible server; ``raw_server`` does with the bare connection what no server
should do.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel
from werkzeug import Request, Response

from rag.settings import Settings

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

TASKS = {
    "Greeting": "inspect",
    "Selection": "select",
    "Wording": "write",
    "Mended": "mend",
    "Compared": "compare",
    "Chosen": "choose",
    "Ruling": "judge",
    "Rewritten": "rewrite",
}
"""Title of the schema that a reply must fit to what is asked for."""
CANARY = "sk-canary-7Q4X"
"""A key that must not be seen anywhere."""
PATH = "/v1/chat/completions"
_NUMBERED = re.compile(r"^\[(\d+)\] (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    task: str
    system: str
    user: str
    body: Mapping[str, object]

    @property
    def sentences(self) -> dict[int, str]:
        """The evidence that was sent, by its numbers."""
        return {int(number): text for number, text in _NUMBERED.findall(self.user)}

    def number(self, start: str) -> int:
        """The number of the sentence that begins like this."""
        return next(number for number, text in self.sentences.items() if text.startswith(start))


Said = BaseModel | Mapping[str, object] | str | Response
Script = Callable[[Asked], Said]


def faithful(asked: Asked) -> Said:
    """Find nothing in a story, choose every sentence that is sent, and write each as it stands."""
    if asked.task in {"compare", "choose"}:
        return {"pairs": []} if asked.task == "compare" else {"sentences": []}
    if asked.task == "select":
        return {"points": [{"sentences": [number]} for number in asked.sentences], "missing": []}
    return {"text": next(iter(asked.sentences.values()))}


@dataclass
class ScriptedServer:
    """An OpenAI-compatible server that says what ``script`` says; ``asked`` holds every request."""

    server: HTTPServer
    script: Script
    asked: list[Asked] = field(default_factory=list[Asked])

    def __post_init__(self) -> None:
        self.server.expect_request(PATH, method="POST").respond_with_handler(self._reply)

    @property
    def url(self) -> str:
        """What CITEWIRE_BASE_URL is set to."""
        return self.server.url_for("/v1")

    def elsewhere(self) -> list[str]:
        """Paths that were asked for and are none of a chat model's."""
        return [request.path for request, _ in self.server.log if request.path != PATH]

    def of(self, task: str) -> list[Asked]:
        """The requests of one kind."""
        return [one for one in self.asked if one.task == task]

    def _reply(self, request: Request) -> Response:
        asked = read(json.loads(request.get_data(as_text=True)))
        self.asked.append(asked)
        said = self.script(asked)
        if isinstance(said, Response):
            return said
        text = (
            said
            if isinstance(said, str)
            else said.model_dump_json()
            if isinstance(said, BaseModel)
            else json.dumps(said)
        )
        return respond(completion(text))


def read(body: Mapping[str, object]) -> Asked:
    """Read a request: what it is for stands in the title of its schema."""
    wanted = cast("Mapping[str, Mapping[str, str]]", body["response_format"])
    texts = {m["role"]: m["content"] for m in cast("list[Mapping[str, str]]", body["messages"])}
    return Asked(TASKS[wanted["json_schema"]["name"]], texts["system"], texts["user"], body)


def completion(
    content: str | None,
    *,
    finish: str = "stop",
    refusal: str | None = None,
    calls: list[Mapping[str, object]] | None = None,
) -> dict[str, object]:
    """A reply as the wire has it."""
    message: dict[str, object] = {"role": "assistant", "content": content, "refusal": refusal}
    if calls:
        message["tool_calls"] = calls
    return {
        "id": "x",
        "object": "chat.completion",
        "created": 0,
        "model": "gpt-test",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


def tool_call(name: str, **arguments: object) -> Mapping[str, object]:
    """A call of a tool that nobody offered."""
    return {"id": "c1", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}


def respond(body: object, status: int = 200, **headers: str) -> Response:
    """A JSON response; ``retry_after`` becomes ``retry-after``."""
    text = body if isinstance(body, str) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(text, status=status, headers=named, content_type="application/json")


def error(code: str, message: str = "no") -> dict[str, object]:
    """An error as OpenAI sends it, with the key in its message: some gateways do that."""
    return {"error": {"message": f"{message}: {CANARY}", "type": code, "code": code, "param": None}}


def settings(archive: Path, url: str, deadline: float = 30.0) -> Settings:
    """Settings of a room that asks the model at ``url``, with the deterministic gates and nothing after them."""
    return Settings(
        archive=archive, model="openai:gpt-test", base_url=url, deadline=deadline, rerank=False, verifier="rules"
    )


@contextmanager
def raw_server(talk: Callable[[socket.socket], None]) -> Generator[tuple[str, list[float]]]:
    """A TCP server on loopback: ``talk`` has each connection. Yields its URL and a list that grows with each one."""
    listener = socket.create_server(("127.0.0.1", 0))
    connections: list[float] = []
    over = threading.Event()

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            talk(connection)

    def listen() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connections.append(0.0)
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1", connections
    finally:
        over.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def take_request(connection: socket.socket) -> None:
    """Read a request to its end, so that closing is no reset by accident."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
