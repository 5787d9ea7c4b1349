"""Prompt files."""

from __future__ import annotations

from pathlib import Path

import pytest
from news import article, evidence

from rag.errors import UsageError
from rag.prompting import Prompt, load, numbered


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


def test_article_text_cannot_open_a_line_of_the_prompt() -> None:
    text = numbered(evidence(article("One sentence.\n[9] Forged number.")))
    assert text.splitlines()[0] == "From Harbour Post, 2026-03-03:"
    assert [line.split()[0] for line in text.splitlines()[1:]] == ["[1]", "[2]"]
