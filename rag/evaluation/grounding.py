"""Metrics that read the cited text: does it hold what is said, word for word and by the word of a judge?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from rag.attribution import quotations, speeches
from rag.cited import Cited, plain, verbatim
from rag.claims import Verdict
from rag.errors import ArchiveError, BudgetReached, UsageError
from rag.evaluation.datasets import Question
from rag.evaluation.metrics import UNJUDGED, Metric, Unjudged, Value, harmonic
from rag.evaluation.systems import Response
from rag.gates import attribution_gate
from rag.protocols import Judgement, Verifier
from rag.sources import SHORT, Article, Evidence, Sentence

_ALCE = "ALCE (Gao et al. 2023), with the verifier in the place of its entailment model"


STOPS = (BudgetReached, UsageError, ArchiveError)
"""What would stop every later question too: a run ends with it."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The texts that citations point into."""

    article: Callable[[str, str | None], Article | None]
    """An article by id and version (its first digits), or the newest without one."""
    sentences: Callable[[Article], Sequence[Sentence]]

    def evidence(self, id: str) -> Evidence | None:  # noqa: A002 - the field's own word
        """Return the sentence of this id, None if there is none."""
        key, mark, n = id.partition("#")
        article, _, version = key.partition("@")
        found = self.article(article, version) if mark and version and n.isdigit() else None
        if found is None:
            return None
        sentence = next((s for s in self.sentences(found) if s.n == int(n) and s.version[:SHORT] == version), None)
        return Evidence(1, sentence, found) if sentence else None

    def text(self, id: str) -> str | None:  # noqa: A002
        """Return the text of a sentence, or of a whole article where the id is one of an article."""
        if "#" in id:
            found = self.evidence(id)
            return found.sentence.text if found else None
        whole = self.article(id.partition("@")[0], id.partition("@")[2] or None)
        return whole.text if whole else None


@dataclass(slots=True)
class Judge:
    """A verifier that is asked each thing once."""

    verifier: Verifier
    _said: dict[tuple[str, tuple[str, ...]], Judgement] = field(
        default_factory=dict[tuple[str, tuple[str, ...]], Judgement]
    )

    def judge(self, statement: str, sources: tuple[str, ...]) -> Judgement:
        """Return the judgement; a verifier that raises has not judged, and is asked again by the next run."""
        key = (statement, sources)
        if key not in self._said:
            try:
                self._said[key] = self.verifier.judge(statement, sources)
            except STOPS:
                raise
            except Exception as error:  # noqa: BLE001 - a judge of the caller's own may raise anything
                self._said[key] = Judgement(Verdict.UNJUDGED, None, f"{type(error).__name__}: {error}")
        return self._said[key]


def grounding(shelf: Shelf, verifier: Verifier | None = None) -> tuple[Metric, ...]:
    """Return the metrics that read ``shelf``; with a verifier also those that ask it."""
    plain_ones = (
        Metric("pointer_validity", "this project: promise 1", Pointers(shelf), "citations", needs="citations"),
        Metric("quote_validity", "this project: promise 2", Quotes(shelf), "citations", needs="citations"),
        Metric("attribution_kept", "this project: promise 2", Attributions(shelf), "citations", needs="citations"),
    )
    if verifier is None:
        return plain_ones
    support, name = Support(shelf, Judge(verifier)), verifier.name
    asked = (
        ("faithfulness", "FactScore's share of supported claims (Min et al. 2023), by a score", support.faithfulness),
        ("support_recall", _ALCE, support.recall),
        ("support_precision", _ALCE, support.precision),
        ("support_f1", _ALCE, support.f1),
    )
    return (
        *plain_ones,
        *(
            Metric(key, source, function, "faithfulness", needs="citations", judge=name)
            for key, source, function in asked
        ),
    )


@dataclass(frozen=True, slots=True)
class Pointers:
    """Of all citations, those that point to a text, and to the text they are printed with."""

    shelf: Shelf

    def __call__(self, question: Question, response: Response) -> Value:
        """Return the share; None where nothing is cited."""
        del question
        printed = _printed(response)
        valid = [
            (text := self.shelf.text(id)) is not None and printed.get(id, text) == text for id in response.citations
        ]
        return sum(valid) / len(valid) if valid else None


@dataclass(frozen=True, slots=True)
class Quotes:
    """Of all quotations in claims, those that stand word for word in a cited sentence."""

    shelf: Shelf

    def __call__(self, question: Question, response: Response) -> Value:
        """Return the share; None where nothing is quoted."""
        del question
        stands: list[bool] = []
        for text, ids in response.claims:
            evidence = [item for id in ids if (item := self.shelf.evidence(id))]
            credits_ = {item.article.credit or "" for item in evidence}
            wholes = [whole for id in ids if "#" not in id and (whole := self.shelf.text(id))]
            body = " ".join((Cited(tuple(evidence)).joined, *wholes))
            stands += [quoted(quotation.text, body, credits_) for quotation in quotations(text)]
        return sum(stands) / len(stands) if stands else None


@dataclass(frozen=True, slots=True)
class Attributions:
    """Of the claims whose sources have something on somebody's word, those that keep it on that word.

    By the gate ``attribution``: nobody's word becomes a fact, changes its speaker, or gets a verb that judges more.
    """

    shelf: Shelf

    def __call__(self, question: Question, response: Response) -> Value:
        """Return the share; None where no source has a speaker, or where whole articles are cited."""
        del question
        kept: list[bool] = []
        for text, ids in response.claims:
            evidence = tuple(item for id in ids if (item := self.shelf.evidence(id)))
            if any(speeches(item.sentence.text) or quotations(item.sentence.text) for item in evidence):
                kept.append(not attribution_gate(text, Cited(evidence)))
        return sum(kept) / len(kept) if kept else None


@dataclass(frozen=True, slots=True)
class Support:
    """What a verifier says of each claim and what it cites. What stands there word for word needs no judge."""

    shelf: Shelf
    judge: Judge

    def faithfulness(self, question: Question, response: Response) -> Value:
        """Return the mean score over claims, 0 for one that cites nothing; unjudged if one claim is."""
        del question
        scores = [self._score(text, ids) for text, ids in response.claims]
        return _mean(scores)

    def recall(self, question: Question, response: Response) -> Value:
        """Return the share of claims that all they cite, taken together, supports (ALCE's citation recall)."""
        del question
        return _mean([self._supports(text, ids) for text, ids in response.claims])

    def precision(self, question: Question, response: Response) -> Value:
        """Return the share of citations that are needed.

        ALCE: of a claim that is not supported none counts; else one is idle that does not support the claim alone while
        the others do without it.
        """
        del question
        return _mean([flag for text, ids in response.claims for flag in self._needed(text, ids)])

    def f1(self, question: Question, response: Response) -> Value:
        """Return the harmonic mean of the two."""
        precision, recall = self.precision(question, response), self.recall(question, response)
        if isinstance(precision, Unjudged) or isinstance(recall, Unjudged):
            return UNJUDGED
        return None if recall is None else harmonic(precision, recall)

    def _needed(self, text: str, ids: Sequence[str]) -> list[float | Unjudged]:
        whole = self._supports(text, ids)
        if len(ids) < 2 or whole != 1.0:  # noqa: PLR2004 - without another there is nothing to be idle beside
            return [whole] * len(ids)
        flags: list[float | Unjudged] = []
        for id in ids:
            alone = self._supports(text, (id,))
            others = self._supports(text, [other for other in ids if other != id]) if alone == 0.0 else 0.0
            unknown = isinstance(alone, Unjudged) or isinstance(others, Unjudged)
            flags.append(UNJUDGED if unknown else float(alone == 1.0 or others == 0.0))
        return flags

    def _supports(self, text: str, ids: Sequence[str]) -> float | Unjudged:
        said = self._judged(text, ids)
        if said.verdict is Verdict.UNJUDGED:
            return UNJUDGED
        return float(said.verdict is Verdict.SUPPORTED)

    def _score(self, text: str, ids: Sequence[str]) -> float | Unjudged:
        said = self._judged(text, ids)
        if said.verdict is Verdict.UNJUDGED:
            return UNJUDGED
        return float(said.verdict is Verdict.SUPPORTED) if said.score is None else said.score

    def _judged(self, text: str, ids: Sequence[str]) -> Judgement:
        sources = tuple(source for id in ids if (source := self.shelf.text(id)))
        if not sources:
            return Judgement(Verdict.UNSUPPORTED, 0.0, "it cites nothing that is there")
        evidence = tuple(item for id in ids if (item := self.shelf.evidence(id)))
        if evidence and verbatim(text, Cited(evidence)):
            return Judgement(Verdict.SUPPORTED, 1.0, "word for word")
        return self.judge.judge(text, sources)


def quoted(text: str, body: str, credits_: frozenset[str] | set[str] = frozenset()) -> bool:
    """Tell whether a quotation stands in ``body`` word for word, but for marks at its ends and outlets in brackets."""
    ways = (text, *(text.replace(f" ({credit})", "") for credit in sorted(credits_) if credit))
    return any(plain(way).strip(" ,.;:") in plain(body) for way in ways)


def _printed(response: Response) -> Mapping[str, str]:
    """Return the text that each sentence is printed with, of an answer on the wire."""
    document = cast("Mapping[str, object]", response.extra.get("document") or {})
    citations = cast("Mapping[str, Mapping[str, object]]", document.get("citations") or {})
    return {str(one.get("sentence")): str(one.get("text")) for one in citations.values()}


def _mean(values: Sequence[float | Unjudged]) -> Value:
    if any(isinstance(value, Unjudged) for value in values):
        return UNJUDGED
    return sum(value for value in values if isinstance(value, float)) / len(values) if values else None
