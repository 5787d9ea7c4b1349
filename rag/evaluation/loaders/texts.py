"""Article extraction and sentence splitting to pages and texts with what people made of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from pydantic import AliasChoices, Field

from rag.errors import ReadError
from rag.evaluation.loaders.files import Row, find, fit, parsed, rows, text_of


@dataclass(frozen=True, slots=True)
class Page:
    """A web page, and the text of its article."""

    id: str
    url: str
    html: str
    body: str


class _Page(Row):
    body: str = Field(validation_alias=AliasChoices("body", "articleBody"))
    url: str = ""
    id: str = ""


def extraction(path: str | Path | None = None) -> tuple[Page, ...]:
    """Return pages with the text that people took from them; the pages lie packed in ``html`` beside the file."""
    file = find("article extraction", path, "article_extraction.jsonl", "ground-truth.json")
    if file.name == "ground-truth.json":
        raw = parsed(text_of(file), file)
        if not isinstance(raw, dict):
            reason = "not a JSON object"
            raise ReadError(reason, place=str(file))
        known = cast("dict[str, object]", raw)
        found = [fit(row, _Page, f"{file}, {id_}").model_copy(update={"id": id_}) for id_, row in known.items()]
    else:
        found = rows(file, _Page)
    return tuple(Page(one.id, one.url, _html(file, one.id), one.body) for one in found)


def _html(file: Path, page: str) -> str:
    packed = find("article extraction", file.parent, f"html/{page}.html")
    return text_of(packed)


@dataclass(frozen=True, slots=True)
class Segmented:
    """A text, and its sentences."""

    text: str
    sentences: tuple[str, ...]
    id: str = ""
    genre: str = ""


class _Text(Row):
    text: str
    sentences: list[str]
    id: str = ""
    genre: str = ""


def sentseg(
    path: str | Path | None = None, *, which: Literal["documents", "golden"] = "documents"
) -> tuple[Segmented, ...]:
    """Return whole documents of many genres, or the golden rules: short hard cases."""
    name, place = ("GUM", "sentseg.jsonl") if which == "documents" else ("golden rules", "sentseg_golden.jsonl")
    file = find(name, path, place)
    return tuple(Segmented(one.text, tuple(one.sentences), one.id, one.genre) for one in rows(file, _Text))
