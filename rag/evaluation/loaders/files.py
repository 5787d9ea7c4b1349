"""A set's name to the rows of its file, wherever the user keeps it.

Reads JSON lines, packed or not, JSON lists and CSV. A row that does not fit is a ReadError with file and line; a file
that is not there is one that says what it would be, under which licence, and where it is published.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.errors import ReadError
from rag.misfits import placed

VARIABLE = "CITEWIRE_BENCH"
"""Names the folder of public data; without it, ``shared/bench`` beside the project is looked at."""
PARTS = {"dev": "dev", "holdout": "test"}
"""Folder to the part of the data that lies in it: dev is for fitting, the other for scoring once."""
_HOME = Path(__file__).resolve().parents[3].parent / "shared" / "bench"
_GITHUB = "https://github.com/"
_POINTER = "version https://git-lfs.github.com/spec/"
"""How what a clone without Git LFS has in the place of a large file begins."""


class Row(BaseModel):
    """One line of a file; what a loader does not read is left out."""

    model_config = ConfigDict(extra="ignore", frozen=True)


AnyRow = TypeVar("AnyRow", bound=Row)


@dataclass(frozen=True, slots=True)
class Published:
    """What a set is, and where one gets it."""

    name: str
    what: str
    licence: str
    where: str
    """Address of the repository that publishes it."""

    @property
    def source(self) -> str:
        """What stands beside scores: name, address, licence."""
        return f"{self.name}, {self.where} ({self.licence})"


def _published(name: str, what: str, licence: str, repository: str) -> tuple[str, Published]:
    return name, Published(name, what, licence, _GITHUB + repository)


PUBLISHED = dict(
    (
        _published(
            "RealTimeQA",
            "weekly news questions with the articles that a search found",
            "no licence file; articles belong to CNN, USA Today and The Week",
            "realtimeqa/realtimeqa_public",
        ),
        _published("RGB", "questions with right, useless and doctored snippets", "CC BY-NC-SA 4.0", "chen700564/RGB"),
        _published(
            "WiCE",
            "claims of Wikipedia with the sentences of their source that support them",
            "labels ODC-BY, text CC BY-SA and Common Crawl",
            "ryokamoi/wice",
        ),
        _published(
            "SummEdits-news",
            "news summaries, some edited so that they are wrong",
            "Apache-2.0",
            "salesforce/factualNLG",
        ),
        _published(
            "FaithBench", "summaries by language models, judged by people", "CC BY-NC-SA 4.0", "vectara/FaithBench"
        ),
        _published(
            "FRANK", "summaries with factual errors marked by people", "MIT; articles CNN/DM and BBC", "artidoro/frank"
        ),
        _published(
            "BABE",
            "news sentences that experts call biased or not",
            "AGPL-3; sentences belong to their publishers",
            "Media-Bias-Group/Neural-Media-Bias-Detection-Using-Distant-Supervision-With-BABE",
        ),
        _published(
            "NeuS",
            "three reports of one event and a neutral text about it",
            "MIT by its readme; text by AllSides",
            "HLTCHKUST/framing-bias-metric",
        ),
        _published(
            "AllSides",
            "events reported from the left, centre and right",
            "MIT by its readme; text by AllSides",
            "HLTCHKUST/framing-bias-metric",
        ),
        _published(
            "article extraction",
            "web pages and the text of their article",
            "MIT",
            "scrapinghub/article-extraction-benchmark",
        ),
        _published("GUM", "texts cut into sentences by people", "CC BY-NC-SA", "UniversalDependencies/UD_English-GUM"),
        _published("golden rules", "hard cases of sentence boundaries", "MIT", "nipunsadvilkar/pySBD"),
        _published("BIPIA", "instructions to plant in texts that a model reads", "MIT", "microsoft/BIPIA"),
        _published(
            "background summaries",
            "long events by day, each day with three summaries of what went before",
            "CC BY-NC 4.0",
            "amazon-science/background-summaries",
        ),
        _published(
            "chunking",
            "questions with the spans of long texts that answer them",
            "MIT",
            "brandonstarxel/chunking_evaluation",
        ),
        _published(
            "MultiHop-RAG",
            "questions over several news articles, some without an answer",
            "ODC-BY",
            "yixuantt/MultiHop-RAG",
        ),
    )
)


def find(name: str, path: str | Path | None, *places: str) -> Path:
    """Return the file of a set: ``path`` itself, or the first of ``places`` in that folder or in its ``dev``.

    A place may be a pattern; the first file in order of name is meant. Raises ReadError if there is none.
    """
    start = Path(path) if path is not None else Path(os.environ.get(VARIABLE) or _HOME)
    if start.is_file():
        return start
    for folder in (start, start / "dev"):
        for place in places:
            found = sorted(one for form in (place, f"{place}.gz") for one in folder.glob(form) if one.is_file())
            if found:
                return found[0]
    raise missing(name, start, places)


def missing(name: str, start: Path, places: Sequence[str]) -> ReadError:
    """Return the error for a file that is not there."""
    one = PUBLISHED[name]
    wanted = ", ".join(dict.fromkeys(places))
    lacks = f"neither it nor its dev folder has {wanted}" if start.is_dir() else "there is no such file or folder"
    return ReadError(
        f"{lacks}; {name} ({one.what}) is not part of citewire: {one.licence}",
        place=str(start),
        hint=f"download it from {one.where} and give its path, or set {VARIABLE} to the folder that has it",
    )


def part_of(file: Path) -> str:
    """Return ``dev`` or ``test`` by the folder that a file lies in, nothing where it does not say."""
    return PARTS.get(file.parent.name, "")


def text_of(file: Path) -> str:
    """Return the text of a file, unpacked. Raises ReadError."""
    try:
        raw = file.read_bytes()
        text = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(getattr(error, "strerror", None) or str(error), place=str(file)) from None
    except UnicodeDecodeError:
        reason = "not UTF-8"
        raise ReadError(reason, place=str(file)) from None
    if text.startswith(_POINTER):
        reason = "it is a pointer to a file in Git LFS, not the file"
        raise ReadError(reason, place=str(file), hint="git lfs pull, in the clone that it is from")
    return text


def rows(file: Path, form: type[AnyRow]) -> list[AnyRow]:
    """Return the rows of a file. Raises ReadError with its line."""
    return [fit(raw, form, place) for place, raw in _raw(file)]


def fit(raw: object, form: type[AnyRow], place: str) -> AnyRow:
    """Return a row, from JSON or from what was read. Raises ReadError."""
    try:
        return form.model_validate_json(raw) if isinstance(raw, str) else form.model_validate(raw)
    except ValidationError as error:
        raise ReadError(placed(error), place=place) from None


def _raw(file: Path) -> Iterator[tuple[str, object]]:
    text = text_of(file)
    if file.suffix == ".csv":
        sample = text.partition("\n")[0]
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if sample.count(";") else ",")
        yield from ((f"{file}:{reader.line_num}", row) for row in reader)
    elif text.lstrip()[:1] == "[":
        yield from ((f"{file}, item {number}", row) for number, row in enumerate(items(text, file), start=1))
    else:
        yield from ((f"{file}:{n}", line) for n, line in enumerate(text.split("\n"), start=1) if line.strip())


def items(text: str, file: Path) -> list[object]:
    """Return the items of a JSON list. Raises ReadError."""
    found = parsed(text, file)
    if not isinstance(found, list):
        reason = "not a JSON list"
        raise ReadError(reason, place=str(file))
    return cast("list[object]", found)


def parsed(text: str, file: Path) -> object:
    """Return JSON as it was read. Raises ReadError."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        reason = f"not JSON: {error}"
        raise ReadError(reason, place=f"{file}:{line}") from None
