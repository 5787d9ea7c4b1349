"""What a run writes down, line by line, and how it is read back after a crash."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.errors import ReadError
from rag.evaluation.metrics import UNJUDGED, Better, Group, Metric, Value
from rag.evaluation.systems import Response
from rag.misfits import placed

CONFIG, QUESTIONS, RESPONSES, VALUES = "config.json", "questions.jsonl", "responses.jsonl", "values.jsonl"
Line = TypeVar("Line", bound=BaseModel)
Key = tuple[str, str]
"""System and question id."""


class Failed(BaseModel):
    """A question that a system could not answer: it is asked again by the next run in this folder."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: str
    message: str


class Record(BaseModel):
    """A line of ``responses.jsonl``: one of the two is there."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    system: str
    question: str
    response: Response | None = None
    failed: Failed | None = None


class Valued(BaseModel):
    """A line of ``values.jsonl``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    system: str
    question: str
    fingerprint: str
    """Of the response that was scored."""
    values: dict[str, float | Literal["unjudged"] | None]
    judges: dict[str, str] = {}
    """Who judged, of the metrics that have a judge."""

    def value(self, name: str) -> Value:
        """Return the value of a metric; one that is not here does not apply."""
        found = self.values.get(name)
        return UNJUDGED if found == "unjudged" else found


class Measured(BaseModel):
    """What a run keeps of a metric."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    source: str
    group: Group
    better: Better
    needs: str = ""
    judge: str = ""

    @classmethod
    def of(cls, metric: Metric) -> Self:
        """Return a metric without its function."""
        return cls(
            name=metric.name,
            source=metric.source,
            group=metric.group,
            better=metric.better,
            needs=metric.needs,
            judge=metric.judge,
        )


class Config(BaseModel):
    """What was run."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    schema_: Literal["citewire/run-1"] = "citewire/run-1"
    dataset: str
    source: str
    data: str
    """sha256 of the questions and articles."""
    systems: dict[str, dict[str, object]]
    """What each is made of: model, prompts by hash, index."""
    metrics: tuple[Measured, ...]
    versions: dict[str, str]
    seed: int
    parallel: int
    limit: int | None = None
    started: str = ""


def read_config(folder: Path) -> Config | None:
    """Return the config of a run, None if there is none. Raises ReadError if it cannot be read."""
    place = folder / CONFIG
    if not place.is_file():
        return None
    try:
        return Config.model_validate_json(place.read_bytes())
    except (ValidationError, OSError) as error:
        reason = "not the config of a run" if isinstance(error, ValidationError) else error.strerror or "unreadable"
        raise ReadError(reason, place=str(place), hint="name another folder with -o") from None


def read_records(folder: Path) -> dict[Key, Record]:
    """Return the last record of each system and question. A line that a crash cut off is no record."""
    return {(one.system, one.question): one for one in _read(folder / RESPONSES, Record)}


def read_values(folder: Path) -> dict[Key, Valued]:
    """Return the last values of each system and question."""
    return {(one.system, one.question): one for one in _read(folder / VALUES, Valued)}


def whole_lines(path: Path) -> int:
    """Return the length in bytes up to the last line that is whole."""
    return path.read_bytes().rfind(b"\n") + 1 if path.is_file() else 0


def _read(path: Path, form: type[Line]) -> Iterator[Line]:
    if not path.is_file():
        return
    lines = path.read_bytes()[: whole_lines(path)].split(b"\n")
    for number, line in enumerate(lines, start=1):
        if line:
            try:
                yield form.model_validate_json(line)
            except ValidationError as error:
                reason = placed(error)
                raise ReadError(reason, place=f"{path}:{number}", hint="delete that line, and run again") from None
