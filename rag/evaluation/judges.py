"""A judge and rows that people labelled to the judge's own error, and that error beside each score that it gives.

A judge is any ``rag.protocols.Verifier``: the embedded one, a chat model with ``prompts/judge.md``, an ONNX model, or
several of which each must agree. Measured are balanced accuracy (mean of the shares of supported and of other rows told
right) with a 95% interval over resampled documents, because rows of one document are not independent; the area under
the curve, where the judge gives probabilities; and the share on which it failed. That share is in neither figure.

What was measured is kept in ``judges.json``: that of this package, and the user's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import platformdirs
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from rag.claims import Verdict
from rag.errors import ReadError, UsageError
from rag.evaluation.loaders.support import Labelled, LabelledSet
from rag.misfits import placed
from rag.protocols import Judgement, Verifier

Judge: TypeAlias = Verifier
Floats: TypeAlias = NDArray[np.float64]
Seen = Literal["unseen", "fitted", "cross-validated"]
FILE = "judges.json"
PREFERRED = ("FaithBench", "SummEdits-news", "WiCE", "FRANK")
"""Whose figure stands beside a score where several are known: summaries by language models are nearest to claims."""
RESAMPLES, SEED = 2000, 0
_FITTED_ON = frozenset({"FaithBench", "SummEdits-news", "WiCE"})
"""What the weights of ``rag/entailment.json`` were fitted on, dev halves (``benchmarks/verifier.py --fit``)."""


class Measurement(BaseModel):
    """What a judge got right on one set."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    judge: str
    data: str
    """Name of the set."""
    part: str
    """``dev``, ``test`` or empty."""
    hash: str
    """sha256 of all rows of the set."""
    measured: date
    rows: int
    """Rows that were judged, or on which the judge failed."""
    of: int
    """Rows of the set."""
    supported: int
    documents: int
    unjudged: float
    """Share of the rows on which it failed."""
    accuracy: float | None
    """Balanced accuracy; None where it judged no row of one kind."""
    interval: tuple[float, float] | None
    """95% of it, over resampled documents."""
    area: float | None
    """Area under the curve; None where it gives no probabilities."""
    seen: Seen = "unseen"
    """``fitted``: the judge's weights were fitted on these rows, so the figures flatter it; ``cross-validated``: each
    row was judged by weights that had not seen its document."""

    @property
    def place(self) -> str:
        """``FaithBench dev``, with how many rows if it was not the whole."""
        name = f"{self.data} {self.part}".strip()
        return name if self.rows == self.of else f"{self.rows} of {self.of} rows of {name}"

    @property
    def key(self) -> tuple[str, str, str, Seen]:
        """Of two with one key the later counts."""
        return self.judge, self.data, self.part, self.seen

    def __str__(self) -> str:
        if self.accuracy is None:
            return f"no balanced accuracy on {self.place}: {self.unjudged:.0%} unjudged"
        failed = f", {self.unjudged:.0%} unjudged" if self.unjudged else ""
        fitted = ", on which it was fitted" if self.seen == "fitted" else ""
        return f"balanced accuracy {short(self.accuracy)} on {self.place}{fitted}{failed}"


_STORED = TypeAdapter(tuple[Measurement, ...])


def measure(
    judge: Judge,
    labelled: LabelledSet,
    *,
    limit: int | None = None,
    progress: Callable[[int, int], object] | None = None,
    failed: Callable[[Labelled, str], object] | None = None,
) -> Measurement:
    """Let ``judge`` read every row, or ``limit`` rows spread evenly over the set, and compare it with the labels.

    ``failed`` is told each row on which it gave no verdict, and why.
    """
    rows = spread(labelled.rows, limit)
    kept: list[tuple[Labelled, Judgement]] = []
    for number, row in enumerate(rows, start=1):
        one = judge.judge(row.statement, row.sources)
        if one.verdict is not Verdict.UNJUDGED:
            kept.append((row, one))
        elif failed:
            failed(row, one.why)
        if progress:
            progress(number, len(rows))
    labels = np.array([row.label for row, _ in kept], float)
    said = np.array([one.verdict is Verdict.SUPPORTED for _, one in kept], bool)
    accuracy = balanced(labels, said)
    known = not np.isnan(accuracy)
    return Measurement(
        judge=judge.name,
        data=labelled.name,
        part=labelled.part,
        hash=labelled.hash,
        measured=datetime.now(UTC).date(),
        rows=len(rows),
        of=len(labelled),
        supported=sum(row.label for row in rows),
        documents=len({row.document for row in rows}),
        unjudged=round(1 - len(kept) / len(rows), 4) if rows else 0.0,
        accuracy=round(accuracy, 4) if known else None,
        interval=interval(labels, said, [row.document for row, _ in kept]) if known else None,
        area=_area(labels, [one for _, one in kept]) if known else None,
        seen=_seen(judge.name, labelled),
    )


def spread(rows: Sequence[Labelled], limit: int | None) -> Sequence[Labelled]:
    """Return at most ``limit`` rows, evenly spread. Raises UsageError for less than one."""
    if limit is None or limit >= len(rows):
        return rows
    if limit < 1:
        msg = f"{limit} rows cannot be judged"
        raise UsageError(msg, hint="--limit 50")
    return [rows[place * len(rows) // limit] for place in range(limit)]


def _seen(judge: str, labelled: LabelledSet) -> Seen:
    ours = any(name.startswith("entailment:") for name in judge.split("+"))
    return "fitted" if ours and labelled.name in _FITTED_ON and labelled.part != "test" else "unseen"


def balanced(labels: Floats, said: NDArray[np.bool_]) -> float:
    """Mean of the shares of true and of false rows that were told right, NaN where there are none of one kind."""
    yes, no = labels == 1, labels == 0
    return float((said[yes].mean() + 1 - said[no].mean()) / 2) if yes.any() and no.any() else float("nan")


def area(labels: Floats, scores: Floats) -> float:
    """Area under the curve: how often a true row has the higher score, ties counted half."""
    yes, no = np.sort(scores[labels == 1]), np.sort(scores[labels == 0])
    if not len(yes) or not len(no):
        return float("nan")
    below = np.searchsorted(no, yes, "left") + np.searchsorted(no, yes, "right")
    return float(below.mean() / (2 * len(no)))


def _area(labels: Floats, judged: Sequence[Judgement]) -> float | None:
    """Return the area; a verdict that a rule gave without a probability counts as 1 or 0."""
    if all(one.score is None for one in judged):
        return None
    scores = [float(one.verdict is Verdict.SUPPORTED) if one.score is None else one.score for one in judged]
    return round(area(labels, np.array(scores)), 4)


def interval(labels: Floats, said: NDArray[np.bool_], documents: Sequence[str]) -> tuple[float, float] | None:
    """Return the 95% interval of the balanced accuracy over resampled documents; None for a single document."""
    place = {document: number for number, document in enumerate(dict.fromkeys(documents))}
    if len(place) < 2:  # noqa: PLR2004 - nothing to resample
        return None
    counts = np.zeros((len(place), 4))
    for label, yes, document in zip(labels, said, documents, strict=True):
        counts[place[document], 2 * int(label)] += 1
        counts[place[document], 2 * int(label) + 1] += bool(yes) == bool(label)
    draws = np.random.default_rng(SEED).multinomial(len(place), np.full(len(place), 1 / len(place)), RESAMPLES)
    no, no_right, yes, yes_right = (draws @ counts).T
    both = (no > 0) & (yes > 0)  # a resample without one kind has no balanced accuracy
    found = (no_right[both] / no[both] + yes_right[both] / yes[both]) / 2
    low, high = np.quantile(found, (0.025, 0.975))
    return round(float(low), 4), round(float(high), 4)


def own_file() -> Path:
    """Return where a user's measurements are kept."""
    return platformdirs.user_data_path("citewire") / FILE


def stored(*files: Path) -> tuple[Measurement, ...]:
    """Return the measurements that ship and those of ``files`` (the user's, if none is given); the later one counts.

    Raises ReadError for a file that is damaged.
    """
    shipped = resources.files("rag.evaluation").joinpath(FILE)
    texts = [("the shipped judges.json", shipped.read_text("utf-8"))] if shipped.is_file() else []
    texts += [(str(file), _text(file)) for file in files or (own_file(),) if file.exists()]
    found = [one for place, text in texts for one in _parsed(text, place)]
    return tuple({one.key: one for one in found}.values())


def store(measurement: Measurement, file: Path | None = None) -> Path:
    """Add a measurement to a file (the user's, if none is given) and return the file. Raises ReadError, UsageError."""
    place = file or own_file()
    known = _parsed(_text(place), str(place)) if place.exists() else ()
    kept = {one.key: one for one in (*known, measurement)}
    listed = [one.model_dump(mode="json") for _, one in sorted(kept.items())]
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        msg = f"{place}: {error.strerror or error}"
        raise UsageError(msg, hint="name another file with --write") from None
    return place


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(getattr(error, "strerror", None) or "not UTF-8", place=str(file)) from None


def _parsed(text: str, place: str) -> tuple[Measurement, ...]:
    try:
        return _STORED.validate_json(text)
    except ValidationError as error:
        reason = f"not a file of measurements: {placed(error)}"
        raise ReadError(reason, place=place, hint="remove it, and measure again: citewire eval judge SET") from None


def error_of(judge: str, known: Iterable[Measurement] | None = None) -> str:
    """Return a judge's error in words, from what is stored: of several sets the first of ``PREFERRED``.

    A figure on rows that the judge was fitted on is taken only if there is no other.
    """
    rank = {name: place for place, name in enumerate(PREFERRED)}
    ours = [one for one in (stored() if known is None else known) if one.judge == judge]
    if not ours:
        return "judge: its error was not measured, citewire eval judge faithbench does"
    best = min(ours, key=lambda one: (one.seen == "fitted", one.accuracy is None, rank.get(one.data, len(rank))))
    return f"judge: {best}"


def beside(name: str, score: float | None, judge: str, known: Iterable[Measurement] | None = None) -> str:
    """Return a score that a judge gave with the judge's own error: ``faithfulness .91 (judge: balanced ...)``."""
    return f"{name} {'unjudged' if score is None else short(score)} ({error_of(judge, known)})"


def short(share: float) -> str:
    """Return a share as it is printed: ``.63``."""
    return f"{share:.2f}".removeprefix("0")
