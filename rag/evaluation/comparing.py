"""Two runs of one dataset to their differences, each with the interval of a paired bootstrap.

Both systems are resampled together, question by question, so that hard questions are hard for both (Efron and
Tibshirani 1993, ch. 16; for language systems Koehn 2004, Statistical Significance Tests for Machine Translation
Evaluation).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.errors import UsageError
from rag.evaluation.abstention import aurc
from rag.evaluation.needed import need
from rag.evaluation.resampling import RESAMPLES, interval, means, resampled
from rag.evaluation.runs import AURC, Run

if TYPE_CHECKING:
    import pandas as pd

    from rag.evaluation.datasets import Question
    from rag.evaluation.metrics import Better
    from rag.evaluation.resampling import Floats


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric of two systems."""

    metric: str
    better: Better
    a: float
    b: float
    difference: float
    """``b - a``."""
    low: float
    high: float
    pairs: int
    """Questions on which both have a value."""

    @property
    def winner(self) -> str:
        """``a`` or ``b`` where the interval leaves 0 out, else nothing."""
        if self.low <= 0 <= self.high:
            return ""
        return "b" if (self.difference > 0) == (self.better == "higher") else "a"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How much better system ``b`` is than system ``a``."""

    a: str
    b: str
    dataset: str
    questions: int
    """That both were asked."""
    differences: tuple[Difference, ...]
    seed: int = 0
    resamples: int = RESAMPLES

    def frame(self) -> pd.DataFrame:
        """Return a row for each metric."""
        need("pandas")
        import pandas as pd  # noqa: PLC0415 - an extra

        return pd.DataFrame([{**asdict(one), "winner": one.winner} for one in self.differences]).set_index("metric")

    def to_dict(self) -> dict[str, object]:
        """Return it for JSON."""
        return {**asdict(self), "differences": [{**asdict(one), "winner": one.winner} for one in self.differences]}

    def to_markdown(self) -> str:
        """Return it as a table."""
        from rag.evaluation.reports import compared  # noqa: PLC0415 - it reads comparisons

        return compared(self)


def named(text: str) -> tuple[Run, str]:
    """Return the run and the system that ``FOLDER`` or ``FOLDER:SYSTEM`` names. Raises UsageError."""
    folder, system = text, ""
    if not Path(text).is_dir():
        places = [place for place, letter in enumerate(text) if letter == ":"]
        folder, system = next(((text[:p], text[p + 1 :]) for p in places if Path(text[:p]).is_dir()), (text, ""))
    run = Run.open(folder)
    if system and system not in run.systems:
        msg = f"{folder} holds no system {system!r}"
        raise UsageError(msg, hint=f"it holds {', '.join(run.systems)}")
    return run, system


def compare(
    a: Run, b: Run, systems: tuple[str, str] | None = None, *, seed: int = 0, resamples: int = RESAMPLES
) -> Comparison:
    """Compare a system of ``a`` with one of ``b`` on the questions that both answered or declined.

    ``systems`` names the two; without it each run has one, or both have one name in common. Raises UsageError where it
    is not plain which are meant, and for runs of different questions.
    """
    if a.config.data != b.config.data:
        msg = f"{a.folder} and {b.folder} are runs of different questions"
        raise UsageError(msg, hint="compare runs of one dataset")
    first, second = systems or _meant(a, b)
    both = [q for q in a.questions if a.response(first, q.id) and b.response(second, q.id)]
    if not both:
        msg = f"there is no question that both {first} and {second} were asked"
        raise UsageError(msg, hint="run both without --limit")
    differences = tuple(_differences((a, first), (b, second), both, (seed, resamples)))
    names = (first, second) if first != second else (f"{a.folder.name}:{first}", f"{b.folder.name}:{second}")
    return Comparison(*names, a.config.dataset, len(both), differences, seed, resamples)


def _meant(a: Run, b: Run) -> tuple[str, str]:
    if len(a.systems) == len(b.systems) == 1:
        return a.systems[0], b.systems[0]
    if a.folder.resolve() == b.folder.resolve() and len(a.systems) == 2:  # noqa: PLR2004 - the two of one run
        return a.systems[0], a.systems[1]
    common = [name for name in a.systems if name in b.systems]
    if len(common) == 1 and a.folder.resolve() != b.folder.resolve():
        return common[0], common[0]
    msg = f"which systems? {a.folder} holds {', '.join(a.systems)}; {b.folder} holds {', '.join(b.systems)}"
    raise UsageError(msg, hint=f"citewire eval compare {a.folder}:{a.systems[0]} {b.folder}:{b.systems[-1]}")


def _differences(
    a: tuple[Run, str], b: tuple[Run, str], both: Sequence[Question], drawing: tuple[int, int]
) -> Iterator[Difference]:
    better: Mapping[str, Better] = {m.name: m.better for run, system in (a, b) for m in run.scored(system)}
    shared = [m.name for m in a[0].scored(a[1]) if m.name in {n.name for n in b[0].scored(b[1])}]
    columns = [_columns(*side, shared, both) for side in (a, b)]
    missing = np.isnan(columns[0]) | np.isnan(columns[1])
    ours, theirs = (np.where(missing, np.nan, values) for values in columns)
    sure = [(run.confidence(system, both), run.column(system, "wrong", both)) for run, system in (a, b)]

    def statistic(weights: Floats) -> Floats:
        left = np.column_stack([means(ours, weights), aurc(*sure[0], weights)])
        right = np.column_stack([means(theirs, weights), aurc(*sure[1], weights)])
        return np.stack([left, right, right - left], axis=1)

    whole = statistic(np.ones((1, len(both))))[0]
    seed, resamples = drawing
    low, high = interval(resampled(statistic, len(both), seed=seed, resamples=resamples)[:, 2])
    pairs = [*np.count_nonzero(~missing, axis=0), len(both)]
    for place, name in enumerate([*shared, AURC]):
        left, right, difference = (float(value) for value in whole[:, place])
        if not np.isnan(difference):
            bounds = (float(low[place]), float(high[place]))
            yield Difference(name, better.get(name, "lower"), left, right, difference, *bounds, int(pairs[place]))


def _columns(run: Run, system: str, names: Sequence[str], questions: Sequence[Question]) -> Floats:
    if not names:
        return np.empty((len(questions), 0))
    return np.column_stack([run.column(system, name, questions) for name in names])
