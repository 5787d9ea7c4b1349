"""Statement and sentences to a judgement, by a small logistic model over measurements of both.

No model of entailment has weights that may be shipped; what ships is a reranker and an embedder, which know what a
text is about and not what it says. The weights were fitted by ``benchmarks/verifier.py --fit`` on three public sets
and lie in ``entailment.json`` with the sha256 of the data. That script prints how often it is right: better than
chance, far from certain. It is a second opinion behind the gates of ``verification.py``, not a proof.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TypedDict, cast

from rag.cited import plain
from rag.claims import Verdict
from rag.facts import numbers
from rag.protocols import Embedder, Judgement, Reranker, Verifier
from rag.questions import terms
from rag.support import closest, measure, missing_facts, negated, share

_NEAR_EQUAL = 0.8  # share of the words that two sentences must have in common, either way, to be about one thing
_NEGATING = frozenset("not no never none neither nor without cannot nobody nothing don't doesn't didn't".split())
_NAMED = 3  # missing facts that a reason lists


class _Feature(TypedDict):
    weight: float
    mean: float
    scale: float


class _File(TypedDict):
    features: dict[str, _Feature]
    bias: float
    threshold: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted."""

    weights: Mapping[str, tuple[float, float, float]]
    """Measurement to weight, mean and scale."""
    bias: float
    threshold: float
    """Probability from which a statement counts as supported."""
    sha256: str
    """Of the file it was read from."""

    @classmethod
    def parse(cls, raw: bytes) -> Calibration:
        """Read the file that ``benchmarks/verifier.py --fit`` writes."""
        data = cast("_File", json.loads(raw))
        weights = {name: (one["weight"], one["mean"], one["scale"]) for name, one in data["features"].items()}
        return cls(weights, data["bias"], data["threshold"], hashlib.sha256(raw).hexdigest())

    def probability(self, measured: Mapping[str, float]) -> float:
        """Return the probability of support."""
        parts = (weight * (measured[name] - mean) / scale for name, (weight, mean, scale) in self.weights.items())
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, self.bias + math.fsum(parts)))))


@lru_cache(maxsize=1)
def shipped() -> Calibration:
    """Return the calibration that comes with the package."""
    return Calibration.parse((files("rag") / "entailment.json").read_bytes())


class EmbeddedVerifier:
    """Judges with the models that come with the package. The weights hold for bge-small and the MiniLM reranker."""

    def __init__(self, reranker: Reranker, embedder: Embedder, calibration: Calibration | None = None) -> None:
        self._reranker = reranker
        self._embedder = embedder
        self._calibration = calibration or shipped()

    @property
    def name(self) -> str:
        """``entailment:`` and the beginning of the sha256 of the fitted weights."""
        return f"entailment:{self._calibration.sha256[:8]}"

    def judge(self, statement: str, sentences: Sequence[str]) -> Judgement:
        """Return a judgement; a model that fails makes it UNJUDGED."""
        texts = [sentence for sentence in sentences if sentence.strip()]
        if not statement.strip():
            return Judgement(Verdict.UNSUPPORTED, None, "the statement is empty")
        if not texts:
            return Judgement(Verdict.UNSUPPORTED, None, "there is no sentence that could support it")
        if verbatim(statement, texts):
            return Judgement(Verdict.SUPPORTED, 1.0, "it is the cited text word for word")
        if clash := contradiction(statement, texts):
            return Judgement(Verdict.CONTRADICTED, None, clash)
        try:
            measured = measure(statement, texts, self._reranker, self._embedder)
            score = self._calibration.probability(measured)
        except Exception as error:  # noqa: BLE001 - a verifier never raises, whatever its models do
            return Judgement(Verdict.UNJUDGED, None, f"the verifier failed: {type(error).__name__}: {error}")
        return self._judgement(score, missing_facts(statement, "\n".join(texts)))

    def _judgement(self, score: float, missing: Sequence[str]) -> Judgement:
        figures = f"support {score:.2f}, threshold {self._calibration.threshold:.2f}"
        if score >= self._calibration.threshold:
            return Judgement(Verdict.SUPPORTED, score, figures)
        if missing:
            listed = ", ".join(dict.fromkeys(missing[:_NAMED]))
            return Judgement(Verdict.UNSUPPORTED, score, f"the cited sentences do not contain {listed} ({figures})")
        return Judgement(Verdict.UNSUPPORTED, score, figures)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Several verifiers of which each must agree; the first that does not has the word."""

    verifiers: Sequence[Verifier]

    @property
    def name(self) -> str:
        """The names, joined with ``+``."""
        return "+".join(verifier.name for verifier in self.verifiers)

    def judge(self, statement: str, sentences: Sequence[str]) -> Judgement:
        """Return the first objection; without one, the first UNJUDGED; else the least sure of those that agree."""
        judged: list[Judgement] = []
        for verifier in self.verifiers:
            judgement = verifier.judge(statement, sentences)
            if judgement.verdict in {Verdict.UNSUPPORTED, Verdict.CONTRADICTED}:
                return judgement
            judged.append(judgement)
        if not judged:
            return Judgement(Verdict.UNJUDGED, None, "there is no verifier")
        unjudged = (one for one in judged if one.verdict is Verdict.UNJUDGED)
        return next(unjudged, min(judged, key=lambda one: 1.0 if one.score is None else one.score))


def verbatim(statement: str, sentences: Sequence[str]) -> bool:
    """Tell whether ``statement`` is one of the sentences, or several that follow each other, word for word."""
    body, texts = plain(statement), [plain(sentence) for sentence in sentences]
    return any(
        body == " ".join(texts[first:last]) for first in range(len(texts)) for last in range(first + 1, len(texts) + 1)
    )


def contradiction(statement: str, sentences: Sequence[str]) -> str:
    """Return what a sentence of almost the same words says against ``statement``, or nothing.

    Two clashes can be seen without a model: another number in its place, and a negation on one side only.
    """
    ours = _bare(statement)
    nearest = sentences[closest(statement, sentences)[0]]
    theirs = _bare(nearest)
    if not ours or min(share(ours, theirs), share(theirs, ours)) < _NEAR_EQUAL:
        return ""
    everywhere = numbers("\n".join(sentences))
    new = [number for number in numbers(statement) if not any(number.matches(other) for other in everywhere)]
    instead = [number for number in numbers(nearest) if not any(number.matches(other) for other in numbers(statement))]
    for number in new:
        for other in instead:
            if number.unit == other.unit:
                return f"the cited sentence has {other.text} where the statement has {number.text}"
    alike = [negated(sentence) for sentence in sentences if share(ours, _bare(sentence)) >= _NEAR_EQUAL]
    if negated(statement) and not any(alike):
        return "the statement negates what the cited sentence says"
    if not negated(statement) and all(alike):
        return "the cited sentence negates what the statement says"
    return ""


def _bare(text: str) -> frozenset[str]:
    """Return the content words without numbers and negations."""
    figures = {word for number in numbers(text) for word in terms(number.text)}
    return frozenset(w for w in terms(text) - figures if w not in _NEGATING and not w[0].isdigit())
