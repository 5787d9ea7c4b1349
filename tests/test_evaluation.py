"""Scores computed by hand on a case small enough to check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from news import article, evidence, sentences

from rag.answers import Abstention, Answer
from rag.claims import Citation, Claim, Provenance
from rag.errors import ReadError
from rag.evaluation.gold import Gold, load
from rag.evaluation.scoring import Outcome, below, score
from rag.readers import read
from rag.sources import Article, Chunk, Passage

SOURCE = article("One came. Two left. Three stayed. Four sang.")
MADE = Provenance("extractive", "rules", "fp", "0.1.0")
IDS = [sentence.id for sentence in sentences(SOURCE)]


def passage(first: int, last: int) -> Passage:
    inside = sentences(SOURCE)[first : last + 1]
    chunk = Chunk(SOURCE.id, SOURCE.version, first, first, last, inside[0].start, inside[-1].end)
    return Passage(chunk, SOURCE, inside, 1.0, SOURCE.id)


def answer(*numbers: int) -> Answer:
    cited = tuple(Citation.of(evidence(SOURCE)[n].sentence, SOURCE) for n in numbers)
    return Answer("?", (Claim("A claim.", cited, ("pointer",)),), MADE)


OUTCOMES = [
    Outcome(Gold("a", "dev", "single", "?", (frozenset({IDS[0]}),)), (passage(2, 3), passage(0, 1)), answer(0, 1)),
    Outcome(Gold("b", "dev", "multi", "?", (frozenset({IDS[1]}), frozenset({IDS[2]}))), (passage(0, 1),), answer(1)),
    Outcome(Gold("c", "dev", "single", "?", (frozenset({IDS[3]}),)), (), Abstention("?", MADE, ("?",))),
    Outcome(Gold("d", "dev", "unanswerable", "?", ()), (passage(0, 1),), answer(0)),
    Outcome(Gold("e", "dev", "unanswerable", "?", ()), (passage(0, 1),), Abstention("?", MADE, ("?",))),
]


def test_scores_are_what_a_hand_computes() -> None:
    scores = score(OUTCOMES, lambda _id, _version: SOURCE).to_dict()
    assert scores == {
        "questions": 5,
        "recall_at_5": 0.5,  # of 4 facts, those of sentences 0 and 1
        "mrr": 0.5,  # 1/2, 1 and 0
        "citation_precision": 0.6667,  # a cites 0 (gold) and 1 (not), b cites 1 (gold)
        "citation_recall": 0.5,
        "wrong_among_answered": 0.3333,  # d
        "refused_among_answerable": 0.3333,  # c
        "pointer_validity": 1.0,
        "quote_validity": 1.0,
    }


def test_a_pointer_into_another_text_is_counted() -> None:
    scores = score(OUTCOMES, lambda _id, _version: article("Nothing of the kind stands here, at any place at all."))
    assert scores.pointer_validity == 0.0


def test_a_score_below_its_floor_is_named_and_errors_may_not_rise() -> None:
    problems = below({"mrr": 0.5, "wrong_among_answered": 0.3}, {"mrr": 0.6, "wrong_among_answered": 0.2})
    assert problems == ["mrr is 0.500, its floor 0.600", "wrong_among_answered is 0.300, its floor 0.200"]
    assert below({"mrr": 0.5}, {"mrr": 0.5}) == []


def test_every_gold_sentence_of_the_seeds_exists_and_is_the_text_it_stands_for(seeds: Path) -> None:
    known = {s.id: s.text for item in read(str(seeds)) if isinstance(item, Article) for s in sentences(item)}
    rows = [json.loads(line) for line in (seeds / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(load(seeds / "questions.jsonl")) == len(rows) >= 60
    for row in rows:
        for texts, ids in zip(row["facts"], row["sentences"], strict=True):
            found = {" ".join(known[sentence].split()) for sentence in ids}
            for text in texts:
                assert any(" ".join(text.split()) in one for one in found), (row["id"], text)


def test_the_seeds_hold_enough_questions_without_an_answer_in_both_splits(seeds: Path) -> None:
    gold = load(seeds / "questions.jsonl")
    assert sum(not question.answerable for question in gold) >= 15
    assert abs(sum(question.split == "dev" for question in gold) - len(gold) / 2) <= 5


def test_a_broken_gold_line_is_an_error_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": "x"}\n', encoding="utf-8")
    with pytest.raises(ReadError, match=r"questions\.jsonl:1: split"):
        load(path)
    with pytest.raises(ReadError, match="No such file"):
        load(tmp_path / "nothing.jsonl")
