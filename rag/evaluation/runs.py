"""A folder of responses and values to tables: what each system scored on each question, and on all of them.

config.json      what was run: dataset hash, systems with models and prompts, metrics, versions, seed
questions.jsonl  the questions, as ``datasets.load`` reads them
responses.jsonl  a line for each system and question as it was asked; of several the last one counts
values.jsonl     a line for each response with the value of every metric
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from rag.errors import ReadError, UsageError
from rag.evaluation.abstention import aurc
from rag.evaluation.datasets import Question, load
from rag.evaluation.metrics import UNJUDGED, Better, Group, Metric, Unjudged, Value
from rag.evaluation.needed import need
from rag.evaluation.resampling import interval, means, resampled
from rag.evaluation.systems import Response

if TYPE_CHECKING:
    import pandas as pd

    from rag.evaluation.resampling import Floats

CONFIG, QUESTIONS, RESPONSES, VALUES = "config.json", "questions.jsonl", "responses.jsonl", "values.jsonl"
AURC = "aurc"
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


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that was said to a dataset, with its values."""

    folder: Path
    config: Config
    questions: tuple[Question, ...]
    """Those that were to be asked."""
    records: Mapping[Key, Record]
    valued: Mapping[Key, Valued]

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Read a folder that ``run`` wrote, whole or cut off. Raises UsageError if it is none, ReadError if damaged."""
        place = Path(folder)
        config = read_config(place)
        if config is None:
            msg = f"{place} holds no run"
            raise UsageError(msg, hint=f"citewire eval DATASET -o {place}")
        questions = load(place / QUESTIONS).questions[: config.limit]
        return cls(place, config, questions, read_records(place), read_values(place))

    @property
    def systems(self) -> tuple[str, ...]:
        """Names of the systems."""
        return tuple(self.config.systems)

    def response(self, system: str, question: str) -> Response | None:
        """Return what was said, None if it failed or was not asked yet."""
        record = self.records.get((system, question))
        return record.response if record else None

    def failures(self, system: str) -> tuple[Record, ...]:
        """Return the questions that a system failed on."""
        records = (self.records.get((system, question.id)) for question in self.questions)
        return tuple(record for record in records if record and record.failed)

    def scored(self, system: str) -> tuple[Measured, ...]:
        """Return the metrics that apply to a system: one that never cites has no precision, rather than 0."""
        said = [found for question in self.questions if (found := self.response(system, question.id))]
        return tuple(
            m for m in self.config.metrics if not m.needs or any(getattr(response, m.needs) for response in said)
        )

    def value(self, system: str, question: str, metric: str) -> Value:
        """Return one value."""
        found = self.valued.get((system, question))
        return found.value(metric) if found and self.response(system, question) else None

    def column(self, system: str, metric: str, questions: Sequence[Question]) -> Floats:
        """Return the values of a metric, NaN where there is none."""
        values = (self.value(system, question.id, metric) for question in questions)
        return np.array([value if isinstance(value, int | float) else np.nan for value in values], dtype=np.float64)

    def confidence(self, system: str, questions: Sequence[Question]) -> Floats:
        """Return how sure a system was of each answer, NaN where it does not say."""
        found = (self.response(system, question.id) for question in questions)
        values = (r.confidence if r and not r.declined else None for r in found)
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)

    def frame(self) -> pd.DataFrame:
        """Return a row for each system and question, a column for each metric; NaN where there is no value.

        ``unjudged`` lists the metrics whose judge failed, ``failed`` is why a system did not answer.
        """
        need("pandas")
        import pandas as pd  # noqa: PLC0415 - an extra

        return pd.DataFrame([self._row(system, question) for system in self.systems for question in self.questions])

    def scores(self, part: str | None = None) -> pd.DataFrame:
        """Return a row for each system and metric: mean, 95% bootstrap bounds, and what it rests on.

        ``questions`` have a value; of the others the judge failed on ``unjudged``, and to ``inapplicable`` the metric
        does not apply. ``part`` limits it to ``dev`` or ``test``.
        """
        need("pandas")
        import pandas as pd  # noqa: PLC0415 - an extra

        asked = [question for question in self.questions if part is None or question.part == part]
        rows = [row for system in self.systems for row in self._scores(system, asked)]
        columns = ["system", "metric", "value", "low", "high", "questions", "unjudged", "inapplicable"]
        return pd.DataFrame(rows, columns=columns).set_index(["system", "metric"])

    def to_markdown(self) -> str:
        """Return the report as Markdown."""
        from rag.evaluation.reports import markdown  # noqa: PLC0415 - it reads runs

        return markdown(self)

    def to_html(self) -> str:
        """Return the report as one page with plots, complete in itself."""
        from rag.evaluation.reports import html  # noqa: PLC0415

        return html(self)

    def to_dict(self) -> dict[str, object]:
        """Return config and scores for JSON."""
        from rag.evaluation.reports import document  # noqa: PLC0415

        return document(self)

    def save(self) -> None:
        """Write ``report.md``, ``report.html``, ``report.json`` and ``values.csv`` into the folder."""
        from rag.evaluation.reports import save  # noqa: PLC0415

        save(self)

    def _row(self, system: str, question: Question) -> dict[str, object]:
        record = self.records.get((system, question.id))
        response = record.response if record else None
        values = {m.name: self.value(system, question.id, m.name) for m in self.config.metrics}
        scored = {m.name for m in self.scored(system)}
        return {
            "system": system,
            "question": question.id,
            "text": question.text,
            "part": question.part,
            "unanswerable": question.unanswerable,
            "declined": response.declined if response else None,
            "said": response.text if response else "",
            "failed": f"{record.failed.kind}: {record.failed.message}" if record and record.failed else "",
            "unjudged": " ".join(name for name, value in values.items() if isinstance(value, Unjudged)),
            "confidence": response.confidence if response else None,
            **{
                name: float(value) if isinstance(value, int | float) and name in scored else float("nan")
                for name, value in values.items()
            },
        }

    def _scores(self, system: str, asked: Sequence[Question]) -> Iterator[tuple[object, ...]]:
        metrics = self.scored(system)
        if not asked or not metrics:
            return
        values = np.column_stack([self.column(system, m.name, asked) for m in metrics])
        confidence, errors = self.confidence(system, asked), self.column(system, "wrong", asked)

        def statistic(weights: Floats) -> Floats:
            return np.column_stack([means(values, weights), aurc(confidence, errors, weights)])

        whole = statistic(np.ones((1, len(asked))))[0]
        low, high = interval(resampled(statistic, len(asked), seed=self.config.seed))
        for place, name in enumerate([*(m.name for m in metrics), AURC]):
            given = np.count_nonzero(~np.isnan(errors if name == AURC else values[:, place]))
            said = [self.value(system, question.id, name) for question in asked]
            unjudged = sum(isinstance(value, Unjudged) for value in said)
            if not np.isnan(whole[place]) or unjudged:
                bounds = (float(whole[place]), float(low[place]), float(high[place]))
                yield (system, name, *bounds, int(given), unjudged, len(asked) - int(given) - unjudged)


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
                reason = json.dumps(error.errors()[0]["msg"])
                raise ReadError(reason, place=f"{path}:{number}", hint="delete that line, and run again") from None
