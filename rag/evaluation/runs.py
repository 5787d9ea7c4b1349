"""A folder of responses and values to tables: what each system scored on each question, and on all of them.

config.json      what was run: dataset hash, systems with models and prompts, metrics, versions, seed
questions.jsonl  the questions, as ``datasets.load`` reads them
responses.jsonl  a line for each system and question as it was asked; of several the last one counts
values.jsonl     a line for each response with the value of every metric
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from rag.errors import UsageError
from rag.evaluation.abstention import aurc
from rag.evaluation.datasets import Question, load
from rag.evaluation.metrics import Unjudged, Value
from rag.evaluation.needed import need
from rag.evaluation.records import (
    QUESTIONS,
    Config,
    Key,
    Measured,
    Record,
    Valued,
    read_config,
    read_records,
    read_values,
)
from rag.evaluation.resampling import interval, means, resampled
from rag.evaluation.systems import Response

if TYPE_CHECKING:
    import pandas as pd

    from rag.evaluation.resampling import Floats

AURC = "aurc"


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
        """Return the metrics that apply to a system: one that answers and never cites has no precision, rather than 0.

        One that declined everything is no such system: what it did not cite counts against it.
        """
        said = [found for question in self.questions if (found := self.response(system, question.id))]
        silent = bool(said) and all(response.declined for response in said)
        filled = {
            m.needs: (silent and m.needs == "citations") or any(getattr(response, m.needs) for response in said)
            for m in self.config.metrics
            if m.needs
        }
        return tuple(m for m in self.config.metrics if not m.needs or filled[m.needs])

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
