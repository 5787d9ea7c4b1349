"""Choose the verifier's measurements anew inside the training folds, and print what is left of its lead.

    python benchmarks/verifier_choice.py --cache DIR

``verifier.py`` prints figures of a set of measurements that was chosen by those figures. Here each training part of
each deal chooses its own: ``new_facts`` and ``negation`` with any two or more of ``CHOICE``, whichever is furthest
above the best rule in the mean of balanced accuracy and area, five folds by document within the training part; what
lies below the best rule of a set counts four times. The rows that are scored have no part in it. Only the cache is
written.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import verifier as bench
from numpy.typing import NDArray

ALWAYS = ("new_facts", "negation")
CHOICE = ("foretold", "within", "joints", "alike", "clauses", "together", "best")
SUBSETS = tuple(ALWAYS + chosen for size in range(2, len(CHOICE) + 1) for chosen in combinations(CHOICE, size))
INNER_DEAL = 99
"""Any but the deals that are scored, so that the inner folds cut the documents in another way."""


def choose(data: bench.Data, training: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return the set of measurements that does best within some rows."""
    inner = bench.deal_out(data.rows, INNER_DEAL)
    parts = [training & data.only(name) for name in bench.SETS]
    rules = [bench.rule(data, name).scores for name in bench.RULES]
    floors = np.array([max(_figure(data, part, scores) for scores in rules) for part in parts])
    weights = [bench.row_weights(data, training & (inner != fold)) for fold in range(bench.FOLDS)]
    found: list[float] = []
    for columns in SUBSETS:
        scores = _scores(data, training, inner, weights, columns)
        leads = np.array([_figure(data, part, scores) for part in parts]) - floors
        found.append(float(leads.mean() + np.minimum(leads, 0).sum()))
    return SUBSETS[int(np.argmax(found))]


def _scores(
    data: bench.Data,
    training: NDArray[np.bool_],
    inner: NDArray[np.int64],
    weights: Sequence[bench.Floats],
    columns: Sequence[str],
) -> bench.Floats:
    """Return scores of the training rows by models fitted on the other inner folds."""
    table, signs = bench.columns_of(data, columns), bench.signs_of(columns)
    scores = np.zeros(len(data.labels))
    for fold in range(bench.FOLDS):
        seen, tested = training & (inner != fold), training & (inner == fold)
        model = bench.fit(table[seen], data.labels[seen], weights[fold][seen], signs)
        scores[tested] = model.probability(table[tested])
    return scores


def _figure(data: bench.Data, part: NDArray[np.bool_], scores: bench.Floats) -> float:
    """Return the mean of the area and of the best balanced accuracy that any threshold gives."""
    labels, values = data.labels[part], scores[part]
    yes, no = np.sort(values[labels == 1]), np.sort(values[labels == 0])
    every = np.unique(values)
    above = 1 - np.searchsorted(yes, every) / len(yes)
    below = np.searchsorted(no, every) / len(no)
    return (bench.area(labels, values) + float((above + below).max()) / 2) / 2


def main() -> None:
    """Print the figures of each deal, their mean, and how often each measurement was chosen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="folder that keeps what the models said")
    data = bench.gather(bench.Remembered(parser.parse_args().cache))
    print(f"Chosen inside the training folds among {len(SUBSETS)} sets: own threshold / area")
    print(" " * 8 + "".join(f"{name:>18s}" for name in bench.SETS))
    counted: Counter[str] = Counter()
    cells: list[list[float]] = []
    for deal in range(bench.DEALS):
        dealt = replace(data, folds=bench.deal_out(data.rows, deal))
        scores, own = np.zeros(len(data.labels)), np.zeros(len(data.labels), bool)
        for fold in range(bench.FOLDS):
            training = dealt.folds != fold
            columns = choose(dealt, training)
            counted.update(columns[len(ALWAYS) :])
            every = bench.train(dealt, training, columns)[0].probability(bench.columns_of(dealt, columns))
            scores[~training] = every[~training]
            for name in bench.SETS:
                seen, tested = training & data.only(name), ~training & data.only(name)
                own[tested] = every[tested] >= bench.threshold([(data.labels[seen], every[seen])])
        parts = [data.only(name) for name in bench.SETS]
        cells.append(
            [f for p in parts for y in [data.labels[p]] for f in (bench.balanced(y, own[p]), bench.area(y, scores[p]))]
        )
        print(f"  deal {deal}" + _row(cells[-1]), flush=True)
    print("  mean  " + _row([float(value) for value in np.mean(cells, axis=0)]))
    print(f"  of {bench.DEALS * bench.FOLDS} choices: " + ", ".join(f"{name} {n}" for name, n in counted.most_common()))


def _row(figures: Sequence[float]) -> str:
    return "".join(f"       {one:.3f}/{two:.3f}" for one, two in zip(figures[::2], figures[1::2], strict=True))


if __name__ == "__main__":
    main()
