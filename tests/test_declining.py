"""What ``benchmarks/abstention.py`` counts: every figure here was worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from abstention import (
    ACCEPT,
    COLUMNS,
    Asking,
    Pick,
    Row,
    Said,
    choices,
    curve,
    flat,
    row,
    stands,
    statistic,
    table,
    write,
)

from rag.offline import OverlapReranker
from rag.sources import Article, Evidence, Sentence

NAMES = (
    *("answered", "wrong", "answered, gone", "untold, gone", "wrong of all", "untold of all"),
    *("area", "untold area", "apart"),
)
"""The columns in their order, which may have one heading twice."""
ROWS = (
    Row("q1", "set", evidence=True, sure=0.9, said=True, right=True, told=True),
    Row("q1", "set", evidence=False, sure=0.6, said=True, right=False, told=False),
    Row("q2", "set", evidence=True, sure=0.4, said=True, right=False, told=False),
    Row("q2", "set", evidence=False, sure=0.1, said=True, right=False, told=True),
)
"""Surest first: right, wrong, wrong, wrong; the last is below the threshold."""


def scores(rows: Sequence[Row], weights: Sequence[float] = (1, 1)) -> dict[str, float]:
    (found,) = statistic(rows, {"q1": 0, "q2": 1})(np.array([weights], dtype=np.float64))
    assert len(found) == len(COLUMNS)
    return dict(zip(NAMES, found.tolist(), strict=True))


def test_shares_are_of_the_askings_that_they_speak_of() -> None:
    assert 0.1 < ACCEPT < 0.4
    assert scores(ROWS) == pytest.approx(
        {
            "answered": 1,
            "wrong": 1 / 2,
            "answered, gone": 1 / 2,
            "untold, gone": 1 / 2,
            "wrong of all": 2 / 3,
            "untold of all": 2 / 3,
            "area": (0 + 1 / 2 + 2 / 3 + 3 / 4) / 4,
            "untold area": (0 + 1 / 2 + 2 / 3 + 2 / 4) / 4,
            "apart": 3 / 4,
        }
    )


def test_a_question_is_drawn_with_all_its_askings() -> None:
    once = scores(ROWS[:2])
    assert scores(ROWS, (2, 0)) == pytest.approx(once)
    assert once["apart"] == 1


def test_what_nothing_is_known_of_is_no_figure() -> None:
    lacking = scores(ROWS[2:3])
    assert [name for name, value in lacking.items() if np.isnan(value)] == [
        "answered, gone",
        "untold, gone",
        "apart",
    ]


def test_an_answer_of_which_nothing_passed_the_gates_counts_as_declined_however_sure() -> None:
    silent = Row("q1", "set", evidence=False, sure=0.9, said=False, right=False, told=False)
    assert scores([ROWS[0], silent])["answered, gone"] == 0
    assert scores([ROWS[0], silent])["area"] == 0


def test_a_rival_stands_with_the_interval_of_citewire_minus_it() -> None:
    worse = [Row(one.id, one.part, one.evidence, 0.9, said=True, right=False, told=False) for one in ROWS]
    ours, theirs = list(table({"ours": ROWS, "bm25": worse}, "set"))[2:]
    assert ours.split(" | ")[1] == "1.000 [1.00, 1.00]"
    assert theirs.split(" | ")[2] == "1.000 [-1.00, +.00]"
    assert theirs.startswith("| BM25 alone |")


def test_the_curve_has_the_shipped_threshold_and_what_was_promised_there() -> None:
    lines = list(curve(ROWS))
    (shipped,) = [line for line in lines if "(shipped)" in line]
    assert shipped.split(" | ")[1] == "0.75 / 0.67"
    assert next(line for line in lines if line.startswith("| 0.70")).split(" | ")[1] == "0.25 / 0.00"


def test_an_answer_stands_in_a_text_as_whole_words_in_any_case_and_its_parts_in_any_order() -> None:
    text = flat("On March 3, 2022 some “Squid Game” fans paid $19 million (60%).")
    for answer in ("Squid Game", "“squid game”", "2022, March 3", "$19 million", "60%"):
        assert stands([answer], text), answer
    for answer in ("quid Game", "19 million", "6", "March 4, 2022", "million people", ""):
        assert not stands([answer], text), answer
    assert stands(["nothing", "some"], text)
    assert not stands([], text)


def test_a_row_is_right_by_what_it_cites_and_told_by_what_it_prints() -> None:
    there = Asking("q", "set", "?", ("four",), frozenset({"a"}))
    gone = Asking("q", "set", "?", ("four",), frozenset())
    said = Said("Four people died.", frozenset({"a", "a@1#0"}), 0.5)
    assert row(there, said) == Row("q", "set", evidence=True, sure=0.5, said=True, right=True, told=True)
    assert row(gone, said) == Row("q", "set", evidence=False, sure=0.5, said=True, right=False, told=True)
    assert not row(there, Said("", frozenset(), 0.5)).said


def items(*texts: str) -> list[Evidence]:
    made = [Article(text, url=f"https://a.example/{number}") for number, text in enumerate(texts)]
    return [
        Evidence(number, Sentence(one.id, one.version, 0, 0, len(one.text), one.text), one)
        for number, one in enumerate(made, start=1)
    ]


def test_an_unsure_writer_still_says_what_it_would_have_said() -> None:
    sure, statements = write(
        OverlapReranker(), "When did the ferry sink?", items("The ferry sank on Monday.", "It rained.")
    )
    unsure, others = write(OverlapReranker(), "Who won the chess final?", items("Ana Ruiz saw rain in May."))
    assert sure > unsure
    assert [one.text for one in statements] == ["The ferry sank on Monday."]
    assert len(others) == 1
    assert write(OverlapReranker(), "Who won?", []) == (0.0, [])


def test_a_sentence_that_names_nobody_answers_no_who() -> None:
    named, nobody = items("Ana Ruiz won the chess final.", "The chess final was won on Tuesday in Millbrook.")
    assert write(OverlapReranker(), "Who won the chess final?", [nobody]) == (0.0, [])
    _, statements = write(OverlapReranker(), "Who won the chess final?", [nobody, named])
    assert [one.text for one in statements] == [named.sentence.text]


def test_a_question_with_choices_is_counted_by_what_is_named() -> None:
    made = [
        Pick("a", offered=True, given=True, named=1, right=True),
        Pick("b", offered=True, given=True, named=2, right=False),
        Pick("c", offered=False, given=True, named=1, right=False),
        Pick("d", offered=False, given=False, named=0, right=False),
    ]
    (shown,) = list(choices({"ours": made}))[2:]
    assert shown == "| citewire | .500 | .000 | .500 | .000 | .000 | .500 | .000 | .500 |"
