"""Answers and gold to numbers, each between 0 and 1.

Citation precision and recall follow ALCE (Gao et al. 2023, "Enabling Large Language Models to Generate Text with
Citations"), with the sentence as the unit: what is cited is compared by sentence id, not by passage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields

from rag.answers import Abstention, Answer
from rag.attribution import quotations
from rag.claims import Claim
from rag.evaluation.gold import Gold
from rag.evaluation.grounding import quoted
from rag.sources import Article, Passage

RECALL_AT = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, what was retrieved for it, and what was said."""

    gold: Gold
    passages: tuple[Passage, ...]
    """Best first."""
    result: Answer | Abstention

    @property
    def cited(self) -> frozenset[str]:
        """Ids of the sentences that its claims cite."""
        return frozenset(c.sentence.id for claim in self.result.claims for c in claim.citations)

    @property
    def wrong(self) -> bool:
        """Answered, though nothing it cites answers the question."""
        return bool(self.result.claims) and not self.cited & self.gold.sentences

    @property
    def refused(self) -> bool:
        """Declined, though the collection answers the question."""
        return self.gold.answerable and not self.result.claims


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of one split."""

    questions: int
    recall_at_5: float
    """Of the needed facts, those with a gold sentence in the first five passages."""
    mrr: float
    """Mean of 1 / rank of the first passage with a gold sentence."""
    citation_precision: float
    """Of the sentences cited in answers to answerable questions, those that are gold."""
    citation_recall: float
    """Of the facts of answerable questions, those with a gold sentence cited; a declined question has none."""
    wrong_among_answered: float
    """Of the questions answered, those with no gold sentence cited (every answer to an unanswerable one is wrong)."""
    refused_among_answerable: float
    pointer_validity: float
    """Of all citations, those whose text is exactly the slice they point to."""
    quote_validity: float
    """Of all quotations in claims, those that stand word for word in a cited sentence."""

    def to_dict(self) -> dict[str, float]:
        """Return the scores by name, rounded to four places."""
        return {field.name: round(float(getattr(self, field.name)), 4) for field in fields(self)}


def score(outcomes: Sequence[Outcome], article: Callable[[str, str], Article | None]) -> Scores:
    """Return the scores of ``outcomes``; ``article`` gives an article by id and version, to check pointers against."""
    answerable = [o for o in outcomes if o.gold.answerable]
    answered = [o for o in outcomes if o.result.claims]
    facts = [(o, fact) for o in answerable for fact in o.gold.facts]
    cited = [(o, sentence) for o in answerable for sentence in o.cited]
    claims = [claim for o in outcomes for claim in o.result.claims]
    pointers = [citation for claim in claims for citation in claim.citations]
    quoted = [(claim, quotation.text) for claim in claims for quotation in quotations(claim.text)]
    return Scores(
        questions=len(outcomes),
        recall_at_5=_share([bool(fact & _sentences(o.passages[:RECALL_AT])) for o, fact in facts]),
        mrr=_mean([_reciprocal_rank(o) for o in answerable]),
        citation_precision=_share([sentence in o.gold.sentences for o, sentence in cited]),
        citation_recall=_share([bool(fact & o.cited) for o, fact in facts]),
        wrong_among_answered=_share([o.wrong for o in answered]),
        refused_among_answerable=_share([o.refused for o in answerable]),
        pointer_validity=_share(
            [
                (source := article(c.sentence.article, c.sentence.version)) is not None
                and source.text[c.sentence.start : c.sentence.end] == c.sentence.text
                for c in pointers
            ]
        ),
        quote_validity=_share([_quoted(claim, text) for claim, text in quoted]),
    )


def below(scores: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """Return a line for each score that is worse than its floor.

    Scores named ``wrong...`` and ``refused...`` are better when lower. Raises KeyError for a floor of an unknown score.
    """
    lines: list[str] = []
    for name, floor in floors.items():
        value = scores[name]
        lower_is_better = name.startswith(("wrong", "refused"))
        if value > floor if lower_is_better else value < floor:
            lines.append(f"{name} is {value:.3f}, its floor {floor:.3f}")
    return lines


def _sentences(passages: Sequence[Passage]) -> frozenset[str]:
    return frozenset(sentence.id for passage in passages for sentence in passage.sentences)


def _reciprocal_rank(outcome: Outcome) -> float:
    for rank, passage in enumerate(outcome.passages, start=1):
        if outcome.gold.sentences & _sentences([passage]):
            return 1 / rank
    return 0.0


def _quoted(claim: Claim, text: str) -> bool:
    body = " ".join(citation.sentence.text for citation in claim.citations)
    return quoted(text, body, {citation.outlet or "" for citation in claim.citations})


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 1.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
