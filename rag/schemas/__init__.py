"""The published JSON Schemas of what citewire writes, generated from ``rag.wire``.

python -m rag.schemas        writes the files anew
schema("answer-1")           returns one
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("answer-1", "briefing-1", "article-1", "changes-1")
_TITLES = {
    "answer-1": ("citewire answer", "What `citewire ask --json` prints and `Answer.to_dict()` returns."),
    "briefing-1": ("citewire briefing", "What `citewire brief --json` prints and `Briefing.to_dict()` returns."),
    "changes-1": ("citewire changes", "What `citewire diff A B --json` prints and `Changes.to_dict()` returns."),
    "article-1": ("citewire article", "What `citewire show ID --json` prints; offsets count code points of `text`."),
}


def schema(name: str) -> dict[str, object]:
    """Return a published schema. Raises FileNotFoundError for an unknown name."""
    text = files("rag.schemas").joinpath(f"{name}.json").read_text(encoding="utf-8")
    return cast("dict[str, object]", json.loads(text))


def generate(name: str) -> str:
    """Return the text of a schema as ``rag.wire`` has it now."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - reading a schema does not need it

    from rag import wire  # noqa: PLC0415

    shapes = {
        "answer-1": wire.AnswerWire,
        "briefing-1": wire.BriefingWire,
        "article-1": wire.ArticleWire,
        "changes-1": wire.ChangesWire,
    }
    title, use = _TITLES[name]
    found = TypeAdapter(shapes[name]).json_schema()
    found.update(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"urn:citewire:{name}",
            "title": title,
            "description": f"{found.get('description', '')} {use}".strip(),
        }
    )
    return json.dumps(found, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write(folder: Path) -> None:
    """Write all schemas into ``folder``."""
    for name in NAMES:
        (folder / f"{name}.json").write_text(generate(name), encoding="utf-8")
