"""Fit when to decline: ``python -m rag.evaluation.calibration seeds``.

Every dev question is answered at every threshold; the curve is printed beside that of the test questions, on which
nothing is fitted, and written to ``rag/calibration.json`` with a hash of the data.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.calibration import FILE, Calibration, Point, area
from rag.evaluation.gold import Gold, load
from rag.extractive import ExtractiveGenerator
from rag.newsroom import Newsroom
from rag.proposals import Draft
from rag.sources import Evidence, Query
from rag.verification import check_all

STEPS = tuple(step / 50 for step in range(46))
COMMAND = "python -m rag.evaluation.calibration seeds"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure both halves, print the curves, write that of dev."""
    parser = argparse.ArgumentParser(prog="python -m rag.evaluation.calibration", description=__doc__)
    parser.add_argument("folder", type=Path, help="articles, with questions.jsonl beside them")
    parser.add_argument("--write", type=Path, default=Path(__file__).parent.parent / FILE, help="where the curve goes")
    options = parser.parse_args(arguments)
    gold = load(options.folder / "questions.jsonl")
    with tempfile.TemporaryDirectory() as archive, Newsroom.open(archive) as room:
        room.add(options.folder)
        curves = {
            split: curve(room, [question for question in gold if question.split == split]) for split in ("dev", "test")
        }
    found = Calibration(
        data=data_hash(options.folder),
        questions=sum(question.split == "dev" for question in gold),
        command=COMMAND,
        curve=curves["dev"],
    )
    options.write.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")
    print("\n".join(table(curves["dev"], curves["test"])))
    return 0


def curve(room: Newsroom, questions: Sequence[Gold]) -> tuple[Point, ...]:
    """Return coverage and risk at each threshold."""
    found = [(question, room.evidence(Query(question.question))) for question in questions]
    return tuple(_point(step, found, room) for step in STEPS)


def _point(step: float, found: Sequence[tuple[Gold, tuple[Evidence, ...]]], room: Newsroom) -> Point:
    writer = ExtractiveGenerator(room.equipment.reranker, accept=step)
    answered = wrong = 0
    for question, evidence in found:
        claims, _ = check_all(Draft.of(writer.write(question.question, evidence)), evidence)
        cited = {citation.sentence.id for claim in claims for citation in claim.citations}
        answered += bool(claims)
        wrong += bool(claims) and not cited & question.sentences
    risk = wrong / answered if answered else 0.0
    return Point(threshold=step, coverage=round(answered / len(found), 4), risk=round(risk, 4))


def data_hash(folder: Path) -> str:
    """Return the sha256 over the dev questions and all articles of ``folder``."""
    total = hashlib.sha256()
    for question in load(folder / "questions.jsonl"):
        if question.split == "dev":
            total.update(f"{question.id}\n{question.question}\n{sorted(question.sentences)}\n".encode())
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".md", ".txt", ".jsonl"}):
        if path.name not in {"questions.jsonl", "README.md"}:
            total.update(path.read_bytes())
    return total.hexdigest()


def table(dev: Sequence[Point], test: Sequence[Point]) -> Iterator[str]:
    """Yield the lines of the table: fitted on dev, and the same thresholds on test."""
    yield "threshold   dev: coverage  risk    test: coverage  risk"
    for ours, theirs in zip(dev, test, strict=True):
        yield (
            f"{ours.threshold:>9.2f}{ours.coverage:>16.3f}{ours.risk:>7.3f}{theirs.coverage:>17.3f}{theirs.risk:>7.3f}"
        )
    yield f"area under the curve: dev {area(dev):.3f}, test {area(test):.3f}"


if __name__ == "__main__":
    sys.exit(main())
