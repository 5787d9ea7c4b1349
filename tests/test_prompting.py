"""Prompt files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from news import article, evidence
from scripted import ScriptedServer, faithful, settings

from rag import Newsroom
from rag.errors import UsageError
from rag.prompting import Prompt, load, numbered

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

pytestmark = pytest.mark.usefixtures("key")


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("select", {"question", "evidence"}),
        ("write", {"question", "evidence"}),
        ("mend", {"question", "evidence", "statement", "problem"}),
    ],
)
def test_a_shipped_prompt_takes_exactly_its_variables(name: str, variables: set[str]) -> None:
    system, user = load(name).fill(dict.fromkeys(variables, "X"))
    assert "$" not in system + user


def test_a_missing_and_an_unused_variable_are_errors_that_name_it() -> None:
    prompt = Prompt("mine", "You answer.", "Say $what")
    with pytest.raises(UsageError, match=r"nothing to put in \$what"):
        prompt.fill({})
    with pytest.raises(UsageError, match=r"\$more stands nowhere"):
        prompt.fill({"what": "x", "more": "y"})
    with pytest.raises(UsageError, match="mine"):
        Prompt("mine", "costs $5", "$what").fill({"what": "x"})


def test_a_users_folder_overrides_by_file_name_and_the_hash_tells(tmp_path: Path) -> None:
    (tmp_path / "select.md").write_text("Be brief.\n---\n$question $evidence\n", encoding="utf-8")
    own = load("select", tmp_path)
    assert own.system == "Be brief."
    assert own.hash != load("select").hash
    assert load("write", tmp_path) == load("write")


def test_a_prompt_without_its_line_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "select.md").write_text("no line", encoding="utf-8")
    with pytest.raises(UsageError, match=r"select\.md: no line ---"):
        load("select", tmp_path)


QUESTIONED = "$question $evidence"


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("select", "Choose.\n---\n$question", r"\$evidence stands nowhere"),
        ("write", "Write.\n---\n$question $evidences", r"nothing to put in \$evidences"),
        ("mend", f"Mend.\n---\n{QUESTIONED} $statement", r"\$problem stands nowhere"),
        ("compare", "Pair.\n---\n$evidence", r"\$most stands nowhere"),
        ("choose", "Choose $most.\n---\n$evidence", r"\$words stands nowhere"),
        ("judge", "Judge.\n---\n$evidence", r"\$statement stands nowhere"),
        ("rewrite", "Rewrite.\n---\n$question", r"\$conversation stands nowhere"),
        ("select", f"Choose for $5.\n---\n{QUESTIONED}", "Invalid placeholder"),
        ("select", QUESTIONED, "no line ---"),
        ("select", b"\xff\n---\n$question $evidence", "is not UTF-8"),
        ("select", None, "cannot be read"),
    ],
)
def test_a_users_own_prompt_that_is_wrong_is_named_before_any_model_is_asked(
    name: str, text: str | bytes | None, wrong: str, archive: Path, tmp_path: Path, httpserver: HTTPServer
) -> None:
    with Newsroom.open(archive) as room:
        room.add(article("A ferry hit the quay of Harbour on Tuesday. Two people died, the coastguard said."))
    own = tmp_path / "prompts" / f"{name}.md"
    own.parent.mkdir()
    if text is None:
        own.mkdir()
    else:
        own.write_bytes(text if isinstance(text, bytes) else text.encode())
    server = ScriptedServer(httpserver, faithful)
    chosen = settings(archive, server.url).model_copy(update={"prompts": own.parent, "verifier": "judge"})
    with Newsroom(chosen) as room:
        with pytest.raises(UsageError, match=wrong) as caught:
            room.conversation().ask("Who died?")
        if name != "rewrite":  # a briefing has no follow-ups
            with pytest.raises(UsageError, match=wrong):
                room.brief(words=100)
    assert str(own) in str(caught.value)
    assert server.asked == []


def test_a_shipped_prompt_is_checked_by_its_own_variables_and_a_users_whole_one_is_used(tmp_path: Path) -> None:
    for name in ("select", "write", "mend", "compare", "choose", "judge", "rewrite", "draft"):
        shipped = load(name)
        system = "Costs $$5."
        (tmp_path / f"{name}.md").write_text(f"{system}\n---\n{' '.join(f'${one}' for one in shipped.variables)}")
        assert load(name, tmp_path).system == system
        assert load(name, tmp_path).fill(dict.fromkeys(shipped.variables, "x"))[0] == "Costs $5."


def test_article_text_cannot_open_a_line_of_the_prompt() -> None:
    text = numbered(evidence(article("One sentence.\n[9] Forged number.")))
    assert text.splitlines()[0] == "From Harbour Post, 2026-03-03:"
    assert [line.split()[0] for line in text.splitlines()[1:]] == ["[1]", "[2]"]
