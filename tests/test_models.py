"""Chat models over a real HTTP server on loopback: what a provider can do wrong, and what the user is told."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

import langchain_openai.chat_models.base as langchain_openai_errors
import openai
import pytest
from news import article, evidence
from scripted import completion
from werkzeug import Request, Response

from rag.errors import ProviderError, ProviderFault, UsageError
from rag.faults import VENDOR_ERRORS, within_deadline
from rag.models import LangChainChat, chat_model, embeddings
from rag.prompting import load
from rag.proposals import Missing, Statement
from rag.protocols import Request as Asked
from rag.writing import ChatGenerator, Selection

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

CANARY = "sk-canary-7Q4X"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)


ASKED = Asked("select", "0" * 64, "You choose.", "Which?", Selection)


def chat(server: HTTPServer, deadline: float = 8.0) -> LangChainChat:
    return chat_model("openai:gpt-test", base_url=server.url_for("/v1"), deadline=deadline)


GOOD = completion(json.dumps({"points": [{"sentences": [1]}], "missing": ["why"]}))


def test_sentences_are_chosen_first_and_each_statement_is_written_from_its_own(httpserver: HTTPServer) -> None:
    asked: list[dict[str, object]] = []
    replies = [GOOD, completion(json.dumps({"text": "The harbour  reopened on Wednesday."}))]

    def reply(request: Request) -> Response:
        asked.append(json.loads(request.get_data(as_text=True)))
        return Response(json.dumps(replies[len(asked) - 1]), content_type="application/json")

    httpserver.expect_request("/v1/chat/completions", method="POST").respond_with_handler(reply)
    source = evidence(article("The harbour reopened on Wednesday. Ferries were full."))
    proposals = list(ChatGenerator(chat(httpserver)).write("When did the harbour reopen?", source))
    assert proposals == [Statement("The harbour reopened on Wednesday.", (1,)), Missing("why")]
    first, second = (str(one["messages"]) for one in asked)
    assert "[1] The harbour reopened on Wednesday." in first
    assert "[2] Ferries were full." in first
    assert "[1] The harbour reopened on Wednesday." in second
    assert "Ferries" not in second
    assert all(cast("dict[str, object]", one["response_format"])["type"] == "json_schema" for one in asked)


def error_body(code: str) -> str:
    return json.dumps({"error": {"message": f"no, {CANARY}", "type": code, "code": code, "param": None}})


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, error_body("invalid_api_key"), ProviderFault.AUTH),
        (404, error_body("model_not_found"), ProviderFault.UNKNOWN_MODEL),
        (429, error_body("insufficient_quota"), ProviderFault.QUOTA),
        (400, error_body("context_length_exceeded"), ProviderFault.CONTEXT_LENGTH),
        (200, "<html>gateway</html>", ProviderFault.MALFORMED),
        (200, json.dumps(GOOD)[:60], ProviderFault.MALFORMED),
        (200, json.dumps({**GOOD, "choices": []}), ProviderFault.MALFORMED),
        (200, json.dumps(completion('{"points": [], "missing": [')), ProviderFault.MALFORMED),
        (200, json.dumps(completion('{"answer": 1}')), ProviderFault.MALFORMED),
        (200, json.dumps(completion("")), ProviderFault.MALFORMED),
        (200, json.dumps(completion(None, refusal="I will not")), ProviderFault.REFUSED),
        (200, json.dumps(completion('{"points"', finish="length")), ProviderFault.INCOMPLETE),
        (200, json.dumps(completion("", finish="content_filter")), ProviderFault.REFUSED),
    ],
)
def test_each_fault_of_a_provider_has_its_kind_and_shows_no_key(
    httpserver: HTTPServer, status: int, body: str, kind: ProviderFault
) -> None:
    content = "text/html" if body.startswith("<") else "application/json"
    httpserver.expect_request("/v1/chat/completions").respond_with_data(body, status=status, content_type=content)
    with pytest.raises(ProviderError) as caught:
        chat(httpserver).reply(ASKED)
    assert caught.value.kind is kind
    assert CANARY not in f"{caught.value} {caught.value.hint} {caught.value.__cause__!r}"


@pytest.mark.parametrize(
    "around", ["```json\n{}\n```", "```\n{}```", "<think>Which? {{1}}</think>\n{}", "<think></think>```json\n{}\n```"]
)
def test_what_stands_around_a_reply_is_taken_off(httpserver: HTTPServer, around: str) -> None:
    said = json.dumps({"points": [], "missing": ["``` of fences"]})
    httpserver.expect_request("/v1/chat/completions").respond_with_json(completion(around.format(said)))
    assert chat(httpserver).reply(ASKED).text == said


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_knows_no_schema_has_it_spelled_out_from_then_on(httpserver: HTTPServer, status: int) -> None:
    asked: list[dict[str, object]] = []

    def reply(request: Request) -> Response:
        asked.append(json.loads(request.get_data(as_text=True)))
        refused = "response_format" in asked[-1]
        body = error_body("unknown_parameter") if refused else json.dumps(GOOD)
        return Response(body, status if refused else 200, content_type="application/json")

    httpserver.expect_request("/v1/chat/completions").respond_with_handler(reply)
    server = chat(httpserver)
    assert json.loads(server.reply(ASKED).text)["missing"] == ["why"]
    assert server.reply(ASKED).written == 1
    assert ["response_format" in one for one in asked] == [True, False, False]
    assert all("JSON schema" in str(one["messages"]) and '\\"points\\"' in json.dumps(one) for one in asked[1:])


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_refuses_either_way_is_told_of_and_asked_with_a_schema_again(
    httpserver: HTTPServer, status: int
) -> None:
    body = error_body("unknown_parameter")
    httpserver.expect_request("/v1/chat/completions").respond_with_data(body, status, content_type="application/json")
    server = chat(httpserver)
    with pytest.raises(ProviderError, match=f"refused.*HTTP {status}") as caught:
        server.reply(ASKED)
    assert "response_format" in caught.value.hint
    assert "--model extractive" in caught.value.hint
    assert CANARY not in f"{caught.value} {caught.value.hint} {caught.value.__context__!r}"
    httpserver.clear()
    httpserver.expect_request("/v1/chat/completions").respond_with_json(GOOD)
    assert server.reply(ASKED).read is not None
    assert b"response_format" in httpserver.log[0][0].get_data()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_fault_is_tried_again_and_the_answer_arrives(httpserver: HTTPServer, status: int) -> None:
    first = httpserver.expect_ordered_request("/v1/chat/completions")
    first.respond_with_data(error_body("busy"), status=status, headers={"retry-after": "0"})
    httpserver.expect_ordered_request("/v1/chat/completions").respond_with_json(GOOD)
    assert chat(httpserver).reply(ASKED).written == 1


def test_a_wait_longer_than_the_deadline_is_reported_at_once(httpserver: HTTPServer) -> None:
    calls: list[int] = []

    def busy(_: Request) -> Response:
        calls.append(1)
        return Response(error_body("busy"), status=429, headers={"retry-after": "90"}, content_type="application/json")

    httpserver.expect_request("/v1/chat/completions").respond_with_handler(busy)
    with pytest.raises(ProviderError) as caught:
        chat(httpserver).reply(ASKED)
    assert caught.value.kind is ProviderFault.RATE_LIMITED
    assert len(calls) == 1


def test_no_server_at_all_is_a_connection_fault() -> None:
    nobody = chat_model("openai:gpt-test", base_url="http://127.0.0.1:9/v1", deadline=4.0)
    with pytest.raises(ProviderError) as caught:
        nobody.reply(ASKED)
    assert "citewire models" in caught.value.hint
    assert caught.value.kind is ProviderFault.CONNECTION


def test_hosted_embeddings_return_vectors_and_report_faults(httpserver: HTTPServer) -> None:
    data = [{"object": "embedding", "index": 0, "embedding": [0.6, 0.8]}]
    good = {"object": "list", "data": data, "model": "e", "usage": {"prompt_tokens": 1, "total_tokens": 1}}
    httpserver.expect_ordered_request("/v1/embeddings").respond_with_json(good)
    httpserver.expect_ordered_request("/v1/embeddings").respond_with_data(error_body("invalid_api_key"), status=401)
    embedder = embeddings("openai:text-test", base_url=httpserver.url_for("/v1"))
    assert embedder.embed_query("x") == [0.6, 0.8]
    with pytest.raises(ProviderError, match="auth"):
        embedder.embed_query("x")


def test_a_model_without_provider_or_key_is_refused_before_any_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(UsageError, match="expected PROVIDER:MODEL"):
        chat_model("gpt-test")
    with pytest.raises(UsageError, match="OPENAI_API_KEY is not set"):
        chat_model("openai:gpt-test")
    with pytest.raises(UsageError, match="is no provider that LangChain knows"):
        chat_model("nosuch:model")


def subclasses(cls: type[Exception]) -> Iterator[type[Exception]]:
    for child in cls.__subclasses__():
        yield child
        yield from subclasses(child)


NOT_FROM_A_CALL = {
    "APIRemovedInV1",
    "MissingDependencyError",
    "MutuallyExclusiveAuthError",
    "StreamAlreadyConsumed",
    "_AmbiguousModuleClientUsageError",
}
ROOTS = {"OpenAIError", "APIError", "APIStatusError"}


def test_every_error_of_the_vendors_is_mapped_by_more_than_its_root() -> None:
    vendors = set(subclasses(openai.OpenAIError)) | {
        error
        for _, error in inspect.getmembers(langchain_openai_errors, inspect.isclass)
        if issubclass(error, Exception) and error.__module__.startswith("langchain_openai")
    }
    vendors = {v for v in vendors if v.__module__.startswith(("openai", "langchain_openai"))}
    assert len(vendors) > 20
    unmapped = {
        vendor.__name__
        for vendor in vendors
        if vendor.__name__ not in ROOTS | NOT_FROM_A_CALL
        and next(c.__name__ for c in vendor.__mro__ if c.__name__ in VENDOR_ERRORS) in ROOTS
    }
    assert unmapped == set()


def bug() -> None:
    """Fail inside this package's own code."""
    load("select").fill(None)  # type: ignore[arg-type]


def test_an_error_that_is_nobodys_is_not_dressed_up() -> None:
    with pytest.raises(AttributeError):
        within_deadline(bug, 1.0)


@pytest.mark.parametrize(("status", "kind"), [(402, ProviderFault.QUOTA), (413, ProviderFault.CONTEXT_LENGTH)])
def test_what_other_servers_say_of_credit_and_length_is_not_tried_again(
    httpserver: HTTPServer, status: int, kind: ProviderFault
) -> None:
    httpserver.expect_request("/v1/chat/completions").respond_with_data("{}", status, content_type="application/json")
    with pytest.raises(ProviderError) as caught:
        chat(httpserver).reply(ASKED)
    assert caught.value.kind is kind
    assert len(httpserver.log) == 1


def test_keys_that_nobody_asked_for_are_left_out(httpserver: HTTPServer) -> None:
    said = {"points": [{"sentences": [1], "why": "it says so"}], "missing": [], "confidence": 0.9}
    httpserver.expect_request("/v1/chat/completions").respond_with_json(completion(json.dumps(said)))
    assert json.loads(chat(httpserver).reply(ASKED).text) == {"points": [{"sentences": [1]}], "missing": []}


def test_tokens_of_a_reply_of_no_use_are_counted(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request("/v1/chat/completions").respond_with_json(completion("no JSON"))
    httpserver.expect_ordered_request("/v1/chat/completions").respond_with_json(GOOD)
    assert chat(httpserver).reply(ASKED).written == 2


def test_a_key_that_no_header_can_carry_is_refused_unseen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{CANARY}\n")
    with pytest.raises(UsageError, match="OPENAI_API_KEY") as caught:
        chat_model("openai:gpt-test")
    assert CANARY not in f"{caught.value} {caught.value.hint}"
