"""Question and evidence to a draft without a model: chosen source sentences, word for word.

A sentence is chosen when it is likely to answer a part of the question: relevant by the cross-encoder, about the
question's own words, and holding the kind of thing that was asked for. Where no sentence is, the part is missing. A
sentence that cannot stand alone takes the one before it along; sentences that say the same thing become one statement
with several citations.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.attribution import begun, dateline
from rag.corrections import corrects
from rag.discrepancies import discrepancies
from rag.facts import amounts, names
from rag.figures import figures
from rag.furniture import is_furniture
from rag.passages import same_paragraph, silent
from rag.proposals import Missing, Proposal, Statement
from rag.protocols import Reranker
from rag.questions import Part, Want, asks, offers, parts, restates, terms
from rag.retrieval import scored_text, shortlist
from rag.sources import Evidence
from rag.succession import successor
from rag.verification import harmless

WITHIN = 0.2
"""How much less probable than the best a further sentence may be."""
STATEMENTS = 2
"""Most statements for one part of a question, so that two sides fit. A third costs citation precision (.52 against .63
on dev) and finds nothing more."""
SAME = 0.6
"""Jaccard similarity of content words from which two sentences say the same thing."""
NAMEABLE = frozenset({Want.PERSON, Want.NUMBER, Want.MONEY, Want.SHARE, Want.AGE, Want.DURATION})
"""What a sentence that answers must hold. "When" is as often told by what happened before, "where" by a common noun."""

_LEANS = re.compile(
    r"^(?:[“\"‘]?(?:he|she|they|it|this|that|these|those|his|her|their|its|but|and|so|instead|however|both|neither|"
    r"such|another|others|as a result|in response|at the same time)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence and how likely it answers a part of a question."""

    evidence: Evidence
    probability: float


class ExtractiveGenerator:
    """Answers with source sentences. Deterministic; needs a reranker and no language model."""

    name = "extractive"
    prompt: str | None = None

    def __init__(self, reranker: Reranker, *, accept: float) -> None:
        """Answer with a sentence from the probability ``accept`` on (``rag.calibration``)."""
        self._reranker = reranker
        self._accept = accept

    def write(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Proposal]:
        """Propose up to two statements for each part of the question; name the parts that nothing answers."""
        evidence = harmless(evidence)
        for part in parts(question):
            ranked = self._rank(part, evidence)
            if not ranked or ranked[0].probability < self._accept:
                yield Missing(part.text)
            else:
                newest = _newest(part, ranked, evidence, self._accept)
                yield from _statements([*newest, *ranked], evidence, self._accept)

    def _rank(self, part: Part, evidence: Sequence[Evidence]) -> list[Candidate]:
        stated = [item for item in evidence if not (_asking(item.sentence.text, part) or is_furniture(item))]
        likely = [item for item in shortlist(part, stated) if part.wants not in NAMEABLE or _of_kind(part, item)]
        logits = self._reranker.score(part.query, [scored_text(item) for item in likely])
        context = Context(evidence)
        candidates = [
            Candidate(item, answer_probability(part, item, logit, context))
            for item, logit in zip(likely, logits, strict=True)
        ]
        return sorted(candidates, key=lambda c: (-c.probability, c.evidence.number))


class Context:
    """The sentences around a sentence."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self._by_place = {(item.article.key, item.sentence.n): item for item in evidence}

    def before(self, item: Evidence) -> Evidence | None:
        """Return the sentence before ``item``, if it is among the evidence."""
        return self._by_place.get((item.article.key, item.sentence.n - 1))

    def after(self, item: Evidence) -> Evidence | None:
        """Return the sentence after ``item``, if it is among the evidence."""
        return self._by_place.get((item.article.key, item.sentence.n + 1))

    def around(self, item: Evidence) -> str:
        """Return the headline and the sentences around ``item`` with it."""
        near = (self._by_place.get((item.article.key, item.sentence.n + step)) for step in (-1, 0, 1))
        return " ".join([item.article.headline or "", *(e.sentence.text for e in near if e)])


_SAYS = re.compile(r"(?:He|She|They)\b")
"""What opens a sentence that does not name who speaks in the one before it."""
WEIGHTS = (-2.6, 0.3, 1.2, 0.8)
"""Bias, cross-encoder logit, share of the part's words in the sentence and its neighbours, and whether the sentence
holds the kind of thing asked for. Of five settings tried on dev, the one with the best citation recall at equal
precision; a regression on 48 answerable questions fitted dev better and test worse."""


def answer_probability(part: Part, item: Evidence, logit: float, context: Context) -> float:
    """Return how likely ``item`` answers ``part``, by a logistic model over what is said at ``WEIGHTS``."""
    near = terms(context.around(item))
    share = len(part.terms & near) / len(part.terms) if part.terms else 0.0
    kind = float(_of_kind(part, item))
    bias, of_logit, of_share, of_kind = WEIGHTS
    return 1 / (1 + math.exp(-(bias + of_logit * logit + of_share * share + of_kind * kind)))


def _newest(part: Part, ranked: Sequence[Candidate], evidence: Sequence[Evidence], accept: float) -> list[Candidate]:
    """Return the candidate with the figure that replaced that of the first, to be told before it."""
    if part.wants is not Want.NUMBER:
        return []
    found = tuple(discrepancies(evidence, [figure for item in evidence for figure in figures(item)]))
    later = successor(ranked[0].evidence, found)
    newer = [one for one in ranked if later and one.evidence == later.evidence and one.probability >= accept]
    return [replace(one, probability=ranked[0].probability) for one in newer]


def _of_kind(part: Part, item: Evidence) -> bool:
    return offers(part.wants, item.sentence.text, part.query, item.article.text)


def _asking(text: str, part: Part) -> bool:
    """Tell whether a sentence asks where it should answer: the one most like a question is the question itself."""
    return asks(text) or restates(text, part.text)


def _statements(ranked: Sequence[Candidate], evidence: Sequence[Evidence], accept: float) -> list[Statement]:
    """Turn candidates, best first, into statements: groups that say the same, each as its best sentence."""
    floor = max(accept, ranked[0].probability - WITHIN)
    groups: list[list[Evidence]] = []
    for candidate in ranked:
        if candidate.probability < floor:
            break
        group = next((g for g in groups if _same(g[0], candidate.evidence)), None)
        if group is not None:
            group.append(candidate.evidence)
        elif len(groups) < STATEMENTS:
            groups.append([candidate.evidence])
    context = Context(evidence)
    told: list[tuple[list[Evidence], list[Evidence]]] = []
    for group in groups:
        chain = standing_alone(group[0], context)
        place = next((n for n, (other, _) in enumerate(told) if _share(chain, other)), None)
        if place is None:
            told.append((chain, group))
        else:  # one passage, and not its first sentence twice
            other, others = told[place]
            told[place] = (sorted({*chain, *other}, key=lambda item: item.sentence.n), [*others, *group])
    return [statement(chain, group) for chain, group in told]


def _share(one: Sequence[Evidence], two: Sequence[Evidence]) -> bool:
    return not {item.number for item in one}.isdisjoint(item.number for item in two)


def statement(chain: Sequence[Evidence], group: Sequence[Evidence]) -> Statement:
    """Return ``chain`` as a statement that cites it and all of ``group``, which say the same, outlets in brackets."""
    text = " ".join(item.sentence.text[dateline(item.sentence.text) :] for item in chain)
    outlets = dict.fromkeys(item.article.credit for item in group if item.article.credit)
    cited = dict.fromkeys([*(item.number for item in chain), *(item.number for item in group)])
    suffix = f" ({'; '.join(outlets)})" if outlets else ""
    return Statement(text + suffix, tuple(cited))


def standing_alone(item: Evidence, context: Context) -> list[Evidence]:
    """Return ``item`` with the neighbours that a reader needs: who speaks, what "it" is, what is right instead."""
    chain = [item]
    if silent(item):
        after = context.after(item)
        if (
            after is not None
            and not silent(after)
            and same_paragraph(item, after)
            and not _SAYS.match(after.sentence.text)
        ):
            chain.append(after)
    if corrects(item.sentence.text):
        after = context.after(item)
        if after is not None and after not in chain and same_paragraph(item, after):
            chain.append(after)
    while _leans(chain[0], chain) and len(chain) < 3:  # noqa: PLR2004 - two sentences on, it is another thought
        before = context.before(chain[0])
        if before is None:
            break
        chain.insert(0, before)
    return chain


def _leans(item: Evidence, chain: Sequence[Evidence]) -> bool:
    begins_inside = begun(item.article.text, item.sentence.start)
    return bool(_LEANS.match(item.sentence.text)) or begins_inside or all(silent(one) for one in chain)


def _same(first: Evidence, second: Evidence) -> bool:
    """Tell whether two sentences say the same thing: most of their words, and every number and name."""
    a, b = terms(first.sentence.text), terms(second.sentence.text)
    if len(a & b) < SAME * len(a | b):
        return False
    values = [amounts(item.sentence.text) for item in (first, second)]
    called = [{n.key for n in names(item.sentence.text) if not n.opens} for item in (first, second)]
    return values[0] == values[1] and (called[0] <= called[1] or called[1] <= called[0])
