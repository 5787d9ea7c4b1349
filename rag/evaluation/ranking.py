"""What was retrieved, and what is gold, to numbers: recall, precision, reciprocal rank, average precision, nDCG."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from rag.evaluation.datasets import Question, article_of
from rag.evaluation.systems import Response

if TYPE_CHECKING:
    from collections.abc import Iterable

CUTS = (5, 10)
RANKED = ("recall@5", "recall@10", "precision@5", "mrr", "map", "ndcg@10")
"""Manning et al. 2008, Introduction to Information Retrieval, ch. 8; nDCG: Järvelin and Kekäläinen 2002."""


class _Scored(Protocol):
    measure: object
    value: float


@lru_cache(maxsize=4096)
def ranked(gold: frozenset[str], found: tuple[str, ...]) -> dict[str, float]:
    """Return recall, precision, reciprocal rank, average precision and nDCG of a ranking against binary relevance.

    By ir-measures. A ranking that is empty scores 0.
    """
    if not found:
        return dict.fromkeys(RANKED, 0.0)
    ir = import_module("ir_measures")
    measures = {
        **{f"recall@{k}": ir.R @ k for k in CUTS},
        "precision@5": ir.P @ 5,
        "mrr": ir.RR,
        "map": ir.AP,
        "ndcg@10": ir.nDCG @ 10,
    }
    qrels = [ir.Qrel("q", id, 1) for id in sorted(gold)]
    run = [ir.ScoredDoc("q", id, float(len(found) - place)) for place, id in enumerate(found)]
    scored = cast("Iterable[_Scored]", ir.iter_calc(list(measures.values()), qrels, run))
    values = {str(one.measure): float(one.value) for one in scored}
    return {name: values[str(measure)] for name, measure in measures.items()}


def found_sentences(response: Response) -> tuple[str, ...]:
    """Return the sentences that were retrieved, best first."""
    return tuple(dict.fromkeys(id for id in response.retrieved if "#" in id))


def found_articles(response: Response) -> tuple[str, ...]:
    """Return the articles that were retrieved, best first; where only sentences are told, the articles of these."""
    alone = [id for id in response.retrieved if "@" not in id]
    return tuple(dict.fromkeys(alone or (article_of(id) for id in response.retrieved)))


def by_sentence(name: str, question: Question, response: Response) -> float | None:
    """Return one of ``RANKED`` over sentences; None where a question or a system has none."""
    if not question.facts or (response.retrieved and not found_sentences(response)):
        return None
    return ranked(question.sentences, found_sentences(response))[name]


def by_article(name: str, question: Question, response: Response) -> float | None:
    """Return one of ``RANKED`` over articles; None without gold articles."""
    gold = frozenset(article for fact in question.needed for article in fact)
    return ranked(gold, found_articles(response))[name] if gold else None


def fact_recall(k: int, question: Question, response: Response) -> float | None:
    """Return the share of needed facts with a sentence that suffices among the first ``k``.

    Recall over facts and not over sentences: of four reports of one fact, one is enough (subtopic recall: Zhai et al.
    2003, Beyond Independent Relevance).
    """
    if not question.facts or (response.retrieved and not found_sentences(response)):
        return None
    first = frozenset(found_sentences(response)[:k])
    return sum(bool(fact & first) for fact in question.facts) / len(question.facts)
