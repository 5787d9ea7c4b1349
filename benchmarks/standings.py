"""Records of ``peers.py`` to its tables: scores, and citewire minus each rival with an interval."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

RESAMPLES = 5000
TITLES = {
    "ours": "citewire",
    "langchain": "LangChain chain, Chroma",
    "llamaindex": "LlamaIndex citations, Chroma",
    "haystack": "Haystack, BM25 + vectors",
    "bm25": "BM25 alone",
    "dense": "vectors alone",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A metric of a set."""

    title: str
    part: str
    """The set."""
    metrics: tuple[str, ...]
    """One, or precision and recall, of which it is the F1."""
    lower: bool = False
    """Whether less is better."""
    averaged: bool = False
    """Whether each question counts once, as in ALCE, however many sentences it cites; else each sentence does."""


def f1(unit: str, suffix: str = "") -> tuple[str, str]:
    """Return the metrics of an F1."""
    return f"{unit} precision{suffix}", f"{unit} recall{suffix}"


RETRIEVAL = (
    Column("RealTimeQA Hits@4", "rtqa", ("Hits@4",)),
    Column("MRR@10", "rtqa", ("MRR@10",)),
    Column("other half Hits@4", "rtqa", ("Hits@4, other half",)),
    Column("MRR@10", "rtqa", ("MRR@10, other half",)),
    Column("RGB Hits@4", "rgb", ("Hits@4",)),
    Column("MRR@10", "rgb", ("MRR@10",)),
)
CITATIONS = (
    Column("cited precision", "seeds", ("cited precision",)),
    Column("recall", "seeds", ("cited recall",)),
    Column("F1", "seeds", f1("cited")),
    Column("F1, test half", "seeds", f1("cited", ", test")),
    Column("sentence precision", "seeds", ("sentence precision",)),
    Column("recall", "seeds", ("sentence recall",)),
    Column("F1", "seeds", f1("sentence")),
    Column("F1, test half", "seeds", f1("sentence", ", test")),
    Column("F1, a question once", "seeds", f1("sentence"), averaged=True),
)
ANSWERS = (
    Column("unanswerable answered", "seeds", ("unanswerable answered",), lower=True),
    Column("answerable refused", "seeds", ("answerable refused",), lower=True),
    Column("wrong among answered", "seeds", ("wrong",), lower=True),
    Column("RGB right", "rgb", ("right",)),
    Column("wrong", "rgb", ("wrong",), lower=True),
    Column("refused", "rgb", ("refused",), lower=True),
    Column("RGB negatives only: answered", "rgb-negative", ("answered",), lower=True),
)

BRIEF = (
    Column("RealTimeQA Hits@4", "rtqa", ("Hits@4",)),
    Column("MRR@10", "rtqa", ("MRR@10",)),
    Column("RGB Hits@4", "rgb", ("Hits@4",)),
    Column("MRR@10", "rgb", ("MRR@10",)),
    Column("citation F1 as it cites", "seeds", f1("cited")),
    Column("by sentence", "seeds", f1("sentence")),
    Column("unanswerable answered", "seeds", ("unanswerable answered",), lower=True),
)
"""What the README has room for."""

Pair = tuple[float, float]
Sets = Mapping[str, Mapping[str, Mapping[str, Mapping[str, Pair]]]]


def report(folder: Path, data: str) -> str:
    """Return all tables as Markdown; records of other data are left out."""
    records = {name: json.loads(path.read_text()) for name in TITLES if (path := folder / f"{name}.json").exists()}
    records = {name: record for name, record in records.items() if record["data"] == data}
    if "ours" not in records:
        return "no record of citewire on these data: run with --only ours"
    measured: dict[str, Sets] = {name: record["sets"] for name, record in records.items()}
    installed: dict[str, str] = {}
    for record in records.values():
        installed |= record["versions"]
    blocks = [", ".join(f"{name} {number}" for name, number in installed.items())]
    for title, columns, plain in (
        ("README", BRIEF, False),
        ("Retrieval", RETRIEVAL, False),
        ("Citations, with citewire's writer lent to every rival", CITATIONS, False),
        ("Answers and refusals, with citewire's writer lent to every rival", ANSWERS, False),
        ("Citations, rivals with the plain stand-in", CITATIONS, True),
        ("Answers and refusals, rivals with the plain stand-in", ANSWERS, True),
    ):
        blocks += [f"### {title}", table(measured, columns, plain=plain)]
    blocks += ["### RealTimeQA: seconds to build, or to open what was built; milliseconds to rank", speeds(measured)]
    return "\n\n".join(blocks)


def table(measured: Mapping[str, Sets], columns: Sequence[Column], *, plain: bool) -> str:
    """Return a table: a row for each system, in each cell its score and the interval of citewire minus it."""
    rows = ["| | " + " | ".join(column.title for column in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for name, sets in measured.items():
        cells = [cell(measured["ours"], sets, column, plain=plain and name != "ours") for column in columns]
        rows.append(f"| {TITLES[name]} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def cell(ours: Sets, theirs: Sets, column: Column, *, plain: bool) -> str:
    """Return a score and the interval; a mark where the interval leaves out 0: + citewire is better, - it is worse."""
    mine = pairs(ours, column, "")
    other = pairs(theirs, column, "-plain" if plain else "")
    score = f"{value(other):.3f}".removeprefix("0")
    if ours is theirs:
        return score
    low, high = interval(mine, other)
    better = 1 if low > 0 else -1 if high < 0 else 0
    mark = {1: " +", -1: " −", 0: ""}[-better if column.lower else better]
    return f"{score} [{_short(low)}, {_short(high)}]{mark}"


def _short(number: float) -> str:
    """Return two decimals and no zero before the point: seven such columns fit a line."""
    return f"{round(number, 2) + 0:.2f}".replace("0.", ".", 1)  # + 0: what rounds to zero has no sign


def pairs(sets: Sets, column: Column, suffix: str) -> Numbers:
    """Return metric x question x (above, below the line); 0 / 0 where a question does not count."""
    scores = sets[column.part + suffix]["scores"]
    found: Numbers = np.array(
        [[scores[id_].get(metric, (0.0, 0.0)) for id_ in sorted(scores)] for metric in column.metrics]
    )
    if column.averaged:
        counts = (found[..., 1] > 0).astype(np.float64)
        found = np.stack([found[..., 0] / np.maximum(found[..., 1], 1), counts], axis=-1)
    return found


def value(found: Numbers) -> float:
    """Return the score."""
    return float(ratios(found.sum(axis=1))[()])


def ratios(sums: Numbers) -> Numbers:
    """Return the ratio, or the harmonic mean of two; metric x ... x (above, below)."""
    shares = sums[..., 0] / np.maximum(sums[..., 1], 1e-9)
    if len(shares) == 1:
        return shares[0]
    return 2 * shares[0] * shares[1] / np.maximum(shares[0] + shares[1], 1e-9)


def interval(mine: Numbers, other: Numbers) -> tuple[float, float]:
    """Return the 95% interval of the difference, the same questions drawn for both."""
    random = np.random.default_rng(0)
    drawn = random.integers(0, mine.shape[1], (RESAMPLES, mine.shape[1]))
    differences = [
        ratios(mine[:, part].sum(axis=2)) - ratios(other[:, part].sum(axis=2)) for part in np.array_split(drawn, 10)
    ]
    low, high = np.quantile(np.concatenate(differences), [0.025, 0.975])
    return float(low), float(high)


def speeds(measured: Mapping[str, Sets]) -> str:
    """Return what building and ranking took, the language model apart."""
    rows = ["| | build | rank |", "|---|---|---|"]
    for name, sets in measured.items():
        part: Mapping[str, float] = sets["rtqa"]  # pyright: ignore[reportAssignmentType]
        rows.append(f"| {TITLES[name]} | {part['build']:.0f} | {1000 * part['each']:.0f} |")
    return "\n".join(rows)
