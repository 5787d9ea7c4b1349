"""Score the gold questions of a folder: ``python -m rag.evaluation seeds --floors tests/floors.json``."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from rag.evaluation.gold import Gold, load
from rag.evaluation.scoring import Outcome, Scores, below, score
from rag.newsroom import Newsroom


def main(arguments: Sequence[str] | None = None) -> int:
    """Add the folder to a fresh archive, ask its questions, print the scores; 1 if one is below its floor."""
    parser = argparse.ArgumentParser(prog="python -m rag.evaluation", description=__doc__)
    parser.add_argument("folder", type=Path, help="articles, with questions.jsonl beside them")
    parser.add_argument("--floors", type=Path, help="JSON file of the lowest scores allowed, by split")
    parser.add_argument("--show", choices=["dev"], help="print every question of a split with what went wrong")
    options = parser.parse_args(arguments)
    gold = load(options.folder / "questions.jsonl")
    with tempfile.TemporaryDirectory() as archive, Newsroom.open(archive) as room:
        room.add(options.folder)
        outcomes = [ask(room, question) for question in gold]
        scores = {
            split: score([o for o in outcomes if o.gold.split == split], room.article) for split in ("dev", "test")
        }
    if options.show:
        for outcome in outcomes:
            if outcome.gold.split == options.show:
                print(line(outcome))
    print(table(scores))
    floors: Mapping[str, Mapping[str, float]] = (
        json.loads(options.floors.read_text(encoding="utf-8")) if options.floors else {}
    )
    failed = [
        f"{split}: {problem}" for split, limits in floors.items() for problem in below(scores[split].to_dict(), limits)
    ]
    for problem in failed:
        print(f"below its floor: {problem}", file=sys.stderr)
    return 1 if failed else 0


def ask(room: Newsroom, question: Gold) -> Outcome:
    """Ask one question and keep what was retrieved for it."""
    return Outcome(question, tuple(room.passages(question.question)), room.ask(question.question))


def table(scores: Mapping[str, Scores]) -> str:
    """Return the scores as a table, a row for each, a column for each split."""
    columns = {split: found.to_dict() for split, found in scores.items()}
    rows = [f"{'':<26}" + "".join(f"{split:>8}" for split in columns)]
    for name in next(iter(columns.values())):
        cells = [
            f"{column[name]:>8.0f}" if name == "questions" else f"{column[name]:>8.3f}" for column in columns.values()
        ]
        rows.append(f"{name.replace('_', ' '):<26}" + "".join(cells))
    return "\n".join(rows)


def line(outcome: Outcome) -> str:
    """Return one question, its status and a mark: ok, wrong or refused."""
    mark = "wrong" if outcome.wrong else "refused" if outcome.refused else "ok"
    said = " | ".join(claim.text for claim in outcome.result.claims)
    return f"{mark:<8}{outcome.result.status:<9}{outcome.gold.id:<12}{outcome.gold.question}\n{'':<8}{said}"


if __name__ == "__main__":
    sys.exit(main())
