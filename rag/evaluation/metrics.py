"""Question and response to numbers. Each metric names its source; a mean over questions is the score of a system.

A value is None where a metric does not apply (citations of a declined answer), and ``UNJUDGED`` where a judge failed:
both are counted beside the score, neither is ever 0 or 1.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol, cast

from rag.evaluation.datasets import Question, article_of
from rag.evaluation.ranking import CUTS, RANKED, by_article, by_sentence, fact_recall
from rag.evaluation.systems import Response
from rag.neutrality import concerns
from rag.sentences import split

if TYPE_CHECKING:
    from collections.abc import Sequence


class Unjudged(Enum):
    """The one value of a metric whose judge failed."""

    UNJUDGED = "unjudged"


UNJUDGED = Unjudged.UNJUDGED
Value = float | Unjudged | None
Better = Literal["higher", "lower"]
Group = Literal["retrieval", "answers", "citations", "faithfulness", "abstention", "neutrality", "cost"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One thing that is measured of each response."""

    name: str
    source: str
    """Where it is defined."""
    function: Callable[[Question, Response], Value]
    group: Group
    better: Better = "higher"
    needs: str = ""
    """A field of ``Response`` that a system must fill for one question at least; one that never does has no score."""
    judge: str = ""
    """Name of the judge it asks; what a judge said is kept and not asked again."""


# -- answers

_IR = "ir-measures (MacAvaney et al. 2022, Streamlining Evaluation with ir-measures)"
_ARTICLES = re.compile(r"\b(a|an|the)\b")


def normal(text: str) -> str:
    """Return ``text`` in lower case without punctuation, articles and double spaces.

    As SQuAD compares answers (Rajpurkar et al. 2016, SQuAD: 100,000+ Questions for Machine Comprehension of Text).
    """
    bare = "".join(letter for letter in text.lower() if letter not in string.punctuation)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def exact_match(question: Question, response: Response) -> Value:
    """Return 1 if the whole answer is an accepted one, normalised (Rajpurkar et al. 2016)."""
    if not question.answers:
        return None
    return float(any(normal(response.text) == normal(answer) for answer in question.answers))


def token_f1(question: Question, response: Response) -> Value:
    """Return the F1 of shared words with the accepted answer that shares most (Rajpurkar et al. 2016)."""
    return max((_f1_of_words(response.text, answer) for answer in question.answers), default=None)


def answer_recall(question: Question, response: Response) -> Value:
    """Return 1 if an accepted answer stands in the text, normalised: what exact match asks of a whole sentence.

    "Exact match recall" of ALCE (Gao et al. 2023), after Stelmakh et al. 2022 (ASQA).
    """
    if not question.answers:
        return None
    return float(any(f" {normal(answer)} " in f" {normal(response.text)} " for answer in question.answers))


def rouge_l(question: Question, response: Response) -> Value:
    """Return the best ROUGE-L F1, stemmed, by rouge-score (Lin 2004, ROUGE: A Package for Automatic Evaluation)."""
    if not question.answers:
        return None
    scorer = _rouge()
    return max(float(scorer.score(answer, response.text)["rougeL"].fmeasure) for answer in question.answers)


class _Rouge(Protocol):
    def score(self, target: str, prediction: str) -> dict[str, _Part]: ...


class _Part(Protocol):
    fmeasure: float


@lru_cache(maxsize=1)
def _rouge() -> _Rouge:
    scoring = import_module("rouge_score.rouge_scorer")
    return cast("_Rouge", scoring.RougeScorer(["rougeL"], use_stemmer=True))


def _f1_of_words(said: str, gold: str) -> float:
    ours, theirs = normal(said).split(), normal(gold).split()
    if not ours or not theirs:
        return float(ours == theirs)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs))


# -- citations against gold

_ALCE = "ALCE (Gao et al. 2023, Enabling Large Language Models to Generate Text with Citations)"


def citation_precision(question: Question, response: Response, *, articles: bool = False) -> Value:
    """Return the share of cited sentences (or articles) that are gold; 0 for an answer that cites nothing.

    ALCE's precision with human gold in the place of its entailment model. None for a declined answer.
    """
    needed = question.needed if articles else question.facts
    if not needed or response.declined:
        return None
    gold = frozenset(id for fact in needed for id in fact)
    cited = _cited(response, articles=articles)
    return _share([id in gold for id in cited]) if cited else 0.0


def citation_recall(question: Question, response: Response, *, articles: bool = False) -> Value:
    """Return the share of needed facts with a cited sentence (or article) that suffices; 0 for a declined answer."""
    needed = question.needed if articles else question.facts
    cited = _cited(response, articles=articles)
    return _share([bool(fact & cited) for fact in needed]) if needed else None


def citation_f1(question: Question, response: Response, *, articles: bool = False) -> Value:
    """Return the harmonic mean of the two; 0 where nothing right is cited."""
    recall = citation_recall(question, response, articles=articles)
    precision = citation_precision(question, response, articles=articles) or 0.0
    return None if not isinstance(recall, float) else harmonic(precision, recall)


def _cited(response: Response, *, articles: bool) -> frozenset[str]:
    return frozenset(article_of(id) for id in response.citations) if articles else frozenset(response.citations)


def harmonic(precision: Value, recall: Value) -> float:
    """Return F1."""
    if not isinstance(precision, float) or not isinstance(recall, float) or precision + recall == 0:
        return 0.0
    return 2 * precision * recall / (precision + recall)


# -- abstention

_SELECTIVE = (
    "selective prediction (El-Yaniv and Wiener 2010, On the Foundations of Noise-free Selective Classification)"
)


def wrong(question: Question, response: Response) -> Value:
    """Return 1 for an answer with nothing right in it, None for a declined one.

    Every answer to an unanswerable question is wrong. Else one is that cites no gold sentence; of a system without
    citations, one that holds no accepted answer; of one that cites whole articles, one that cites none of the right.
    """
    if response.declined:
        return None
    if question.unanswerable:
        return 1.0
    if question.facts and any("#" in id for id in response.citations):
        return float(not citation_recall(question, response))
    if question.answers:
        return float(not answer_recall(question, response))
    return float(not citation_recall(question, response, articles=True))


def answered(question: Question, response: Response) -> Value:
    """Return 1 for an answered question: its mean is the coverage."""
    del question
    return float(not response.declined)


def correct_refusal(question: Question, response: Response) -> Value:
    """Return 1 if an unanswerable question was declined (recall of refusals: Rajpurkar et al. 2018, SQuAD 2.0)."""
    return float(response.declined) if question.unanswerable else None


def false_refusal(question: Question, response: Response) -> Value:
    """Return 1 if a question that has an answer was declined."""
    return None if question.unanswerable else float(response.declined)


# -- neutrality and cost


def concerns_per_claim(question: Question, response: Response) -> Value:
    """Return how many wordings for each statement an editor would question (``rag.neutrality``).

    The question's own words are no guide: a system that repeats a loaded question is counted too.
    """
    del question
    said = statements(response)
    return sum(len(concerns(text)) for text in said) / len(said) if said else None


def statements(response: Response) -> tuple[str, ...]:
    """Return what a response states: its claims, or the sentences of its text where it has none."""
    if response.declined:
        return ()
    text = response.text
    return tuple(text for text, _ in response.claims) or tuple(text[start:end] for start, end in split(text))


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0


def _retrieval() -> tuple[Metric, ...]:
    units = (("sentence", by_sentence), ("article", by_article))
    listed = (
        Metric(f"{unit}_{name}", _IR, partial(function, name), "retrieval", needs="retrieved")
        for unit, function in units
        for name in RANKED
    )
    facts = (
        Metric(f"fact_recall@{k}", "Zhai et al. 2003", partial(fact_recall, k), "retrieval", needs="retrieved")
        for k in CUTS
    )
    return (*facts, *listed)


def _citations() -> tuple[Metric, ...]:
    kinds = (
        ("precision", citation_precision),
        ("recall", citation_recall),
        ("f1", citation_f1),
    )
    return tuple(
        Metric(f"{prefix}citation_{name}", _ALCE, partial(function, articles=by), "citations", needs="citations")
        for prefix, by in (("", False), ("article_", True))
        for name, function in kinds
    )


DEFAULT: tuple[Metric, ...] = (
    *_retrieval(),
    Metric("exact_match", "SQuAD (Rajpurkar et al. 2016)", exact_match, "answers"),
    Metric("token_f1", "SQuAD (Rajpurkar et al. 2016)", token_f1, "answers"),
    Metric("answer_recall", _ALCE, answer_recall, "answers"),
    Metric("rouge_l", "ROUGE (Lin 2004), by rouge-score", rouge_l, "answers"),
    *_citations(),
    Metric("answered", _SELECTIVE, answered, "abstention"),
    Metric("wrong", _SELECTIVE, wrong, "abstention", "lower"),
    Metric("correct_refusal", "SQuAD 2.0 (Rajpurkar et al. 2018)", correct_refusal, "abstention"),
    Metric("false_refusal", "SQuAD 2.0 (Rajpurkar et al. 2018)", false_refusal, "abstention", "lower"),
    Metric("concerns_per_claim", "rag.neutrality", concerns_per_claim, "neutrality", "lower"),
    Metric("seconds", "measured", lambda _q, r: r.seconds or None, "cost", "lower"),
    Metric("tokens", "as the provider counted", lambda _q, r: r.tokens, "cost", "lower"),
    Metric("dollars", "list prices", lambda _q, r: r.dollars, "cost", "lower"),
)
"""Metrics that need nothing but question and response; ``rag.evaluation.grounding`` has those that read the sources."""
