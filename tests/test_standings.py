"""Records of the peers to their tables: every figure here was worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from standings import Column, Sets, cell, f1, interval, pairs, report, table, value

Scores = dict[str, dict[str, tuple[float, float]]]
CITED = Column("F1", "seeds", f1("cited"))
ONCE = Column("F1, a question once", "seeds", f1("cited"), averaged=True)
HITS = Column("Hits@4", "rtqa", ("Hits@4",))
ANSWERED = Column("answered", "rtqa", ("answered",), lower=True)
TWO: Scores = {
    "q1": {"cited precision": (1, 2), "cited recall": (1, 1)},
    "q2": {"cited precision": (1, 1), "cited recall": (0, 1)},
    "q3": {"unanswerable answered": (1, 1)},
}
"""Two of three cited sentences are gold, one of two facts is cited; the third question has nothing to cite."""


def sets(name: str, scores: Scores) -> Sets:
    return {name: {"scores": scores}}


def hits(share: int, of: int = 20) -> Scores:
    return {f"q{n}": {"Hits@4": (float(n < share), 1.0), "answered": (float(n < share), 1.0)} for n in range(of)}


def test_f1_is_of_all_sentences_and_all_facts_together() -> None:
    # precision 2/3, recall 1/2: 2 * 1/3 / (7/6)
    assert value(pairs(sets("seeds", TWO), CITED, "")) == pytest.approx(4 / 7)


def test_averaged_each_question_counts_once_and_one_that_does_not_count_counts_nowhere() -> None:
    # precision (1/2 + 1) / 2, recall (1 + 0) / 2: 2 * 3/8 / (5/4)
    assert value(pairs(sets("seeds", TWO), ONCE, "")) == pytest.approx(0.6)


def test_a_system_that_cites_nothing_scores_nothing() -> None:
    nothing: Scores = {"q1": {"cited precision": (0, 0), "cited recall": (0, 2)}}
    assert value(pairs(sets("seeds", nothing), CITED, "")) == 0


def test_the_interval_is_of_citewire_minus_the_rival_and_turns_with_them() -> None:
    mine, other = (pairs(sets("rtqa", hits(share)), HITS, "") for share in (18, 4))
    low, high = interval(mine, other)
    assert 0 < low < 0.7 < high < 1
    assert interval(other, mine) == pytest.approx((-high, -low), abs=0.02)
    assert interval(mine, mine) == (0, 0)


def test_questions_are_drawn_in_pairs() -> None:
    mine, other = (pairs(sets("rtqa", hits(share)), HITS, "") for share in (10, 9))
    low, high = interval(mine, other)  # one question apart: drawn apart, the bounds would be some .30 from each other
    assert low == 0
    assert high < 0.2


@pytest.mark.parametrize(
    ("ours", "theirs", "column", "mark"),
    [
        (18, 4, HITS, "+"),
        (4, 18, HITS, "−"),
        (10, 10, HITS, ""),
        (10, 9, HITS, ""),
        (18, 4, ANSWERED, "−"),
        (4, 18, ANSWERED, "+"),
    ],
)
def test_a_mark_stands_where_the_interval_leaves_out_zero_and_says_who_is_better(
    ours: int, theirs: int, column: Column, mark: str
) -> None:
    shown = cell(sets("rtqa", hits(ours)), sets("rtqa", hits(theirs)), column, plain=False)
    assert shown.startswith(f"{theirs / 20:.3f} [".removeprefix("0"))
    assert shown.partition("]")[2].strip() == mark


def test_our_own_cell_has_no_interval_and_bounds_have_no_zero_before_the_point() -> None:
    mine, other = sets("rtqa", hits(20)), sets("rtqa", hits(0))
    assert cell(mine, mine, HITS, plain=False) == "1.000"
    assert cell(mine, other, HITS, plain=False) == ".000 [1.00, 1.00] +"
    assert cell(mine, sets("rtqa", hits(20)), HITS, plain=False) == "1.000 [.00, .00]"
    assert cell(other, mine, HITS, plain=False) == "1.000 [-1.00, -1.00] −"


def test_the_plain_table_reads_the_plain_records_of_rivals_and_our_own() -> None:
    rival = {"rtqa": {"scores": hits(20)}, "rtqa-plain": {"scores": hits(5)}}
    rows = table({"ours": sets("rtqa", hits(20)), "bm25": rival}, [HITS], plain=True).splitlines()
    assert rows[2] == "| citewire | 1.000 |"
    assert rows[3].startswith("| BM25 alone | .250 [")


def record(folder: Path, name: str, data: str) -> None:
    """Write a record whose every metric is 1 of 1."""
    metrics = {
        "rtqa": ("Hits@4", "MRR@10", "Hits@4, other half", "MRR@10, other half"),
        "rgb": ("Hits@4", "MRR@10", "right", "wrong", "refused"),
        "rgb-negative": ("answered",),
        "seeds": (
            *("unanswerable answered", "answerable refused", "wrong"),
            *(f"{unit} {what}" for unit in ("cited", "sentence") for what in ("precision", "recall")),
            *(f"{unit} {what}, test" for unit in ("cited", "sentence") for what in ("precision", "recall")),
        ),
    }
    made = {
        f"{part}{suffix}": {"build": 2.0, "each": 0.5, "scores": {"q1": dict.fromkeys(names, (1, 1))}}
        for part, names in metrics.items()
        for suffix in ("", "-plain")
    }
    (folder / f"{name}.json").write_text(json.dumps({"data": data, "versions": {name: "1.0"}, "sets": made}))


def test_the_report_shows_what_was_measured_on_these_data_and_nothing_else(tmp_path: Path) -> None:
    assert "run with --only ours" in report(tmp_path, "abc")
    record(tmp_path, "ours", "abc")
    record(tmp_path, "bm25", "abc")
    record(tmp_path, "dense", "other")
    shown = report(tmp_path, "abc")
    assert shown.startswith("ours 1.0, bm25 1.0\n")
    assert "vectors alone" not in shown
    brief = shown.partition("### README")[2].partition("###")[0].strip().splitlines()
    assert brief[0].count("|") == 9
    assert brief[3] == "| BM25 alone |" + " 1.000 [.00, .00] |" * 7
    assert max(map(len, brief)) <= 160
    assert "| citewire | 2 | 500 |" in shown


def test_a_fraction_of_nothing_is_nothing() -> None:
    assert value(np.zeros((1, 3, 2))) == 0
