"""Metrics computed by hand on cases small enough to check."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from news import ShelfArchive, article, sentences

from rag.claims import Verdict
from rag.evaluation.abstention import aurc, curve
from rag.evaluation.datasets import Question
from rag.evaluation.grounding import Judge, Shelf, Support, grounding
from rag.evaluation.metrics import (
    DEFAULT,
    UNJUDGED,
    answer_recall,
    citation_f1,
    citation_precision,
    citation_recall,
    correct_refusal,
    exact_match,
    fact_recall,
    false_refusal,
    normal,
    rouge_l,
    token_f1,
    wrong,
)
from rag.evaluation.systems import Response
from rag.protocols import Judgement

A, B, C, D = "a1@v#0", "a1@v#1", "b2@v#0", "c3@v#4"
TWO_FACTS = Question("q", "?", ("Four people",), (frozenset({A}), frozenset({B, C})))
NOTHING = Question("n", "?", unanswerable=True)
BY_NAME = {metric.name: metric for metric in DEFAULT}
REFUSAL = Response("", declined=True)


def value(name: str, question: Question, response: Response) -> float:
    found = BY_NAME[name].function(question, response)
    assert isinstance(found, int | float)
    return found


def test_a_ranking_of_sentences_has_the_scores_that_a_hand_computes() -> None:
    ranking = Response("", retrieved=(D, B, "x@v#1", A, "y@v#1", "z@v#1"))  # gold A, B, C: ranks 4 and 2, C is missing
    assert value("sentence_recall@5", TWO_FACTS, ranking) == pytest.approx(2 / 3)
    assert value("sentence_precision@5", TWO_FACTS, ranking) == pytest.approx(2 / 5)
    assert value("sentence_mrr", TWO_FACTS, ranking) == pytest.approx(1 / 2)
    assert value("sentence_map", TWO_FACTS, ranking) == pytest.approx((1 / 2 + 2 / 4) / 3)
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert value("sentence_ndcg@10", TWO_FACTS, ranking) == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)
    assert fact_recall(5, TWO_FACTS, ranking) == 1.0
    assert fact_recall(2, TWO_FACTS, ranking) == 0.5


def test_articles_are_ranked_by_their_own_ids_and_else_by_their_sentences() -> None:
    assert value("article_mrr", TWO_FACTS, Response("", retrieved=("c3", "a1", A))) == 0.5
    assert value("article_mrr", TWO_FACTS, Response("", retrieved=(D, "x@v#1", A))) == pytest.approx(1 / 3)
    assert value("article_recall@5", TWO_FACTS, Response("", retrieved=(D, A, B))) == 0.5  # gold a1 and b2


def test_finding_nothing_is_zero_and_a_system_without_sentences_has_no_score_by_sentence() -> None:
    assert value("sentence_mrr", TWO_FACTS, Response("")) == 0.0
    assert BY_NAME["sentence_mrr"].function(TWO_FACTS, Response("", retrieved=("a1",))) is None
    assert BY_NAME["article_mrr"].function(NOTHING, Response("", retrieved=("a1",))) is None


def test_answers_are_compared_as_squad_compares_them() -> None:
    assert normal("The  Four-people, a toll!") == "fourpeople toll"
    said = Response("Four people died.")
    assert exact_match(TWO_FACTS, said) == 0.0
    assert exact_match(TWO_FACTS, Response("the four people.")) == 1.0
    assert token_f1(TWO_FACTS, said) == pytest.approx(2 * 2 / (3 + 2))
    assert answer_recall(TWO_FACTS, said) == 1.0
    assert answer_recall(TWO_FACTS, Response("Twenty-four peoples died.")) == 0.0
    assert rouge_l(TWO_FACTS, said) == pytest.approx(2 * (2 / 3) * 1 / (2 / 3 + 1))
    assert exact_match(NOTHING, said) is None


def test_citations_are_compared_with_the_facts_that_are_needed() -> None:
    said = Response("x", citations=(B, D, A, "e5@v#1"))
    assert citation_precision(TWO_FACTS, said) == 0.5
    assert citation_recall(TWO_FACTS, said) == 1.0
    assert citation_f1(TWO_FACTS, said) == pytest.approx(2 * 0.5 / 1.5)
    assert citation_precision(TWO_FACTS, said, articles=True) == pytest.approx(1 / 3)  # of a1, c3, e5
    assert citation_precision(TWO_FACTS, Response("x")) == 0.0
    assert citation_precision(TWO_FACTS, REFUSAL) is None
    assert (citation_recall(TWO_FACTS, REFUSAL), citation_f1(TWO_FACTS, REFUSAL)) == (0.0, 0.0)
    assert citation_f1(NOTHING, said) is None


def test_refusals_and_wrong_answers_are_told_apart() -> None:
    assert (correct_refusal(NOTHING, REFUSAL), correct_refusal(TWO_FACTS, REFUSAL)) == (1.0, None)
    assert (false_refusal(NOTHING, REFUSAL), false_refusal(TWO_FACTS, REFUSAL)) == (None, 1.0)
    assert wrong(NOTHING, Response("x")) == 1.0
    assert wrong(TWO_FACTS, REFUSAL) is None
    assert wrong(TWO_FACTS, Response("x", citations=(D,))) == 1.0
    assert wrong(TWO_FACTS, Response("x", citations=(C,))) == 0.0
    assert wrong(TWO_FACTS, Response("It was four people.")) == 0.0  # no citations: by the accepted answer


def test_the_risk_coverage_curve_and_its_area_are_what_a_hand_computes() -> None:
    sure = np.array([3.0, 1.0, 2.0, np.nan])
    errors = np.array([0.0, 1.0, 0.0, np.nan])
    coverage, risk = curve(sure, errors, 4)
    assert coverage.tolist() == [0.25, 0.5, 0.75]
    assert risk.tolist() == pytest.approx([0, 0, 1 / 3])
    assert aurc(sure, errors, np.ones((1, 4))).tolist() == pytest.approx([1 / 9])
    tied = np.array([1.0, 1.0, 1.0, np.nan])
    assert aurc(tied, errors, np.ones((1, 4))).tolist() == pytest.approx([1 / 3])
    assert np.isnan(aurc(np.full(4, np.nan), errors, np.ones((1, 4)))).all()


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=12), st.data())
def test_a_question_drawn_twice_counts_as_two(pairs: list[tuple[int, bool]], data: st.DataObject) -> None:
    sure, errors = np.array([float(s) for s, _ in pairs]), np.array([float(e) for _, e in pairs])
    drawn = data.draw(st.lists(st.integers(0, 3), min_size=len(pairs), max_size=len(pairs)).filter(any))
    times = np.array(drawn)
    there = aurc(sure, errors, times[None, :].astype(float))
    repeated = aurc(np.repeat(sure, times), np.repeat(errors, times), np.ones((1, int(times.sum()))))
    assert there.tolist() == pytest.approx(repeated.tolist())


SOURCE = article("Ann Lee said the wall is safe. The wall fell on Monday. “It was loud,” said Bo Ray.")
SAID, FELL, LOUD = (sentence.id for sentence in sentences(SOURCE))
ARCHIVE = ShelfArchive(SOURCE)
SHELF = Shelf(ARCHIVE.article, ARCHIVE.sentences)


class Fixed:
    """A verifier whose judgement of each set of sentences is known."""

    name = "fixed"

    def __init__(self, said: dict[tuple[str, ...], float | None]) -> None:
        self.said = said
        self.asked = 0

    def judge(self, statement: str, sentences: tuple[str, ...]) -> Judgement:
        del statement
        self.asked += 1
        score = self.said[tuple(sentences)]
        if score is None:
            return Judgement(Verdict.UNJUDGED, None, "no answer")
        return Judgement(Verdict.SUPPORTED if score > 0.5 else Verdict.UNSUPPORTED, score, "")


def support(said: dict[tuple[str, ...], float | None]) -> Support:
    return Support(SHELF, Judge(Fixed(said)))  # pyright: ignore[reportArgumentType] - asked with tuples


def test_citation_precision_by_a_judge_leaves_out_what_is_idle_as_alce_does() -> None:
    one, two = "Ann Lee said the wall is safe.", "The wall fell on Monday."
    judged = support({(one, two): 0.9, (one,): 0.1, (two,): 0.8})
    response = Response("x", claims=(("It fell.", (SAID, FELL)),))
    assert judged.recall(NOTHING, response) == 1.0
    assert judged.precision(NOTHING, response) == 0.5  # SAID alone does not support, and FELL does without it
    assert judged.faithfulness(NOTHING, response) == 0.9
    both = support({(one, two): 0.9, (one,): 0.1, (two,): 0.2})
    assert both.precision(NOTHING, response) == 1.0  # neither alone, so both are needed
    none = support({(one, two): 0.1})
    assert (none.recall(NOTHING, response), none.precision(NOTHING, response)) == (0.0, 0.0)


def test_a_judge_that_fails_or_raises_leaves_the_answer_unjudged_and_never_0_or_1() -> None:
    response = Response("x", citations=(FELL,), claims=(("It fell.", (FELL,)),))
    failing = support({("The wall fell on Monday.",): None})
    raising = support({})
    for judged in (failing, raising):
        for metric in (judged.faithfulness, judged.recall, judged.precision, judged.f1):
            assert metric(NOTHING, response) is UNJUDGED


def test_what_stands_word_for_word_needs_no_judge_and_what_cites_nothing_is_not_supported() -> None:
    judged = support({})
    assert judged.faithfulness(NOTHING, Response("x", claims=(("The wall fell on Monday.", (FELL,)),))) == 1.0
    assert judged.recall(NOTHING, Response("x", claims=(("It fell.", ()),))) == 0.0
    assert judged.recall(NOTHING, Response("x", claims=(("It fell.", ("none@x#1",)),))) == 0.0


def test_pointers_quotations_and_attributions_are_checked_against_the_texts() -> None:
    pointers, quotes, attributions = (metric.function for metric in grounding(SHELF))
    printed = {"document": {"citations": {"1": {"sentence": FELL, "text": "The wall stood."}}}}
    assert pointers(NOTHING, Response("x", citations=(FELL, "none@x#1"))) == 0.5
    assert pointers(NOTHING, Response("x", citations=(FELL,), extra=printed)) == 0.0
    kept = ("Bo Ray said: “It was loud.”", (LOUD,))
    altered = ("Bo Ray said: “It was very loud.”", (LOUD,))
    assert quotes(NOTHING, Response("x", claims=(kept, altered))) == 0.5
    assert quotes(NOTHING, Response("x", claims=(("The wall fell.", (FELL,)),))) is None
    fact, told = ("The wall is safe.", (SAID,)), ("Ann Lee said the wall is safe.", (SAID,))
    assert attributions(NOTHING, Response("x", claims=(fact, told))) == 0.5
    assert attributions(NOTHING, Response("x", claims=(("The wall fell.", (FELL,)),))) is None


def test_every_metric_names_its_source_and_no_two_have_one_name() -> None:
    metrics = (*DEFAULT, *grounding(SHELF, Fixed({})))  # pyright: ignore[reportArgumentType]
    assert len({metric.name for metric in metrics}) == len(metrics)
    assert all(metric.source for metric in metrics)
