from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
from jsonschema import Draft202012Validator

from rag import schemas

if TYPE_CHECKING:
    from conftest import Command

TEXT = "The harbour wall fell on Monday, the coastguard said. Nobody was hurt, it added."


def _valid(name: str, document: object) -> None:
    jsonschema.validate(document, schemas.schema(name), Draft202012Validator)  # pyright: ignore[reportUnknownMemberType]


@pytest.mark.parametrize("name", schemas.NAMES)
def test_checked_in_schema_is_the_one_that_the_code_has(name: str, tmp_path: Path) -> None:
    schemas.write(tmp_path)
    shipped = Path(schemas.__file__).parent / f"{name}.json"
    assert shipped.read_text(encoding="utf-8") == (tmp_path / f"{name}.json").read_text(encoding="utf-8")
    Draft202012Validator.check_schema(schemas.schema(name))


def test_what_the_command_line_prints_fits_the_schemas(citewire: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    [article] = json.loads(citewire("add", "a.txt", "--json").stdout)["added"]
    _valid("article-1", json.loads(citewire("show", article, "--json").stdout))
    answered = json.loads(citewire("ask", "When did the harbour wall fall?", "--json").stdout)
    declined = json.loads(citewire("ask", "Who won the chess final in Lima?", "--json").stdout)
    assert (answered["status"], declined["status"]) == ("answered", "declined")
    _valid("answer-1", answered)
    _valid("answer-1", declined)
    _valid("briefing-1", json.loads(citewire("brief", "--json").stdout))


def test_a_document_that_lacks_a_field_does_not_fit() -> None:
    with pytest.raises(jsonschema.ValidationError):
        _valid("answer-1", {"schema": "citewire/answer-1"})
