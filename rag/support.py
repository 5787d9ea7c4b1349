"""Statement and sentences to measurements: how much of the one stands in the others.

The measurements that ``entailment.py`` weighs. All but two are arithmetic on words; those two ask a reranker and an
embedder. A statement of several sentences is measured sentence by sentence, and the worst of each counts: a summary
is no better than the sentence that was made up. Two are taken of the whole: with more that is not copied, more can be
wrong, and one sentence put freely says less than all of them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise

from rag.facts import days, name_keys, names, numbers, times
from rag.modality import foretold
from rag.protocols import Embedder, Reranker
from rag.questions import terms
from rag.sentences import split

LOWER_IS_BETTER = frozenset({"new_facts", "negation", "foretold", "joints"})
"""What speaks against support; all other measurements speak for it."""
MEASUREMENTS = ("new_facts", "coverage", "bigrams", "best", "clauses", "negation", "foretold", "together", "within")
"""Facts that no sentence has; words and pairs of words in any sentence; words in the best sentence, of the statement
and of its clauses; a negation on one side only; something as still to come that no sentence has as to come; the
reranker's logit of the nearest sentences read together; how much of the statement's vector can be made of those of
the nearest sentences. Of several sentences, the worst."""
OVERALL = ("joints", "alike")
"""How many pairs of neighbouring words stand in no sentence, which is where a statement was put together or put
otherwise; the mean of ``within``. Of several sentences, together."""
NEAREST = 4
"""How many sentences the models read: those that share most words with the statement. A claim cites one to five."""

_MANY = 3  # more new facts than this make nothing worse
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?", re.UNICODE)
_CLAUSE = re.compile(
    r"[,;:—–]\s|\b(?:and|but|while|which|who|that|after|because|when|although)\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|nobody|nothing)\b|n[’']t\b",
    re.IGNORECASE,
)


def measure(statement: str, sentences: Sequence[str], reranker: Reranker, embedder: Embedder) -> dict[str, float]:
    """Return the value of each of ``MEASUREMENTS`` and ``OVERALL``; ``sentences`` must not be empty."""
    parts = units(statement)
    found: list[dict[str, float]] = []
    for unit in parts:
        near = [sentences[place] for place in closest(unit, sentences)[:NEAREST]]
        found.append(_words(unit, sentences, near) | _models(unit, sentences, near, reranker, embedder))
    worst = {name: (max if name in LOWER_IS_BETTER else min)(one[name] for one in found) for name in MEASUREMENTS}
    joints, within = (math.fsum(one[name] for one in found) for name in ("joints", "within"))
    return worst | {"joints": joints, "alike": within / len(found)}


def units(statement: str) -> tuple[str, ...]:
    """Return the sentences of ``statement``, without those of one or two words."""
    pieces = [statement[start:end].strip() for start, end in split(statement)]
    return tuple(piece for piece in pieces if len(_WORD.findall(piece)) > 2) or (statement,)  # noqa: PLR2004


def closest(statement: str, sentences: Sequence[str]) -> list[int]:
    """Return the places of ``sentences``, those that share most words with ``statement`` first.

    A word counts the more the fewer of the sentences have it; ties stay in order.
    """
    wanted = terms(statement)
    there = [terms(sentence) for sentence in sentences]
    held = Counter(word for words in there for word in words)
    shared = [sum(math.log(1 + len(sentences) / held[word]) for word in sorted(wanted & words)) for words in there]
    return sorted(range(len(sentences)), key=lambda place: (-shared[place], place))


def negated(text: str) -> bool:
    """Tell whether ``text`` has a word that negates."""
    return bool(_NEGATION.search(text))


def missing_facts(statement: str, source: str) -> list[str]:
    """Return the dates, times, numbers and names of ``statement`` that ``source`` does not have, as they stand."""
    known_days, known_numbers, keys = days(source), numbers(source), name_keys(source)
    years = {day.year for day in known_days}
    missing = [day.text for day in days(statement) if not any(day.matches(other) for other in known_days)]
    missing += [f"{m // 60}:{m % 60:02d}" for m in sorted(times(statement) - times(source))]
    missing += [
        number.text
        for number in numbers(statement)
        if number.value not in years and not any(number.matches(other) for other in known_numbers)
    ]
    missing += [
        name.word
        for name in names(statement)
        if not name.opens and name.key not in keys and not all(part in keys for part in name.key.split("-"))
    ]
    return missing


def share(wanted: Collection[object], have: Collection[object]) -> float:
    """Return which share of ``wanted`` is in ``have``: all of it if nothing is wanted."""
    return sum(one in have for one in wanted) / len(wanted) if wanted else 1.0


def _words(unit: str, sentences: Sequence[str], near: Sequence[str]) -> dict[str, float]:
    """Return the measurements that need no model."""
    joined = "\n".join(sentences)
    wanted, there = terms(unit), [terms(sentence) for sentence in near]
    clauses = [words for clause in _CLAUSE.split(unit) if len(words := terms(clause)) > 1] or [wanted]
    bigrams = {pair for sentence in sentences for pair in pairwise(_folded(sentence))}
    pairs = list(pairwise(_folded(unit)))
    return {
        "new_facts": float(min(len(missing_facts(unit, joined)), _MANY)),
        "coverage": share(wanted, terms(joined)),
        "bigrams": share(pairs, bigrams),
        "best": max(share(wanted, words) for words in there),
        "clauses": sum(max(share(clause, words) for words in there) for clause in clauses) / len(clauses),
        "negation": float(negated(unit) != negated(near[0])),
        "foretold": float(bool(foretold(unit) - foretold(joined))),
        "joints": float(sum(pair not in bigrams for pair in pairs)),
    }


def _models(
    unit: str, sentences: Sequence[str], near: Sequence[str], reranker: Reranker, embedder: Embedder
) -> dict[str, float]:
    """Return what the reranker and the embedder say of the nearest sentences, in the order of the text."""
    import numpy as np  # noqa: PLC0415 - heavy: only when a model is used

    order = sorted(range(len(sentences)), key=lambda place: sentences[place] not in near)[: len(near)]
    (logit,) = reranker.score(unit, [" ".join(sentences[place] for place in order)])
    own, *others = np.array(embedder.embed_documents([unit, *near]), np.float64)
    basis = np.array(others).T
    within = basis @ (np.linalg.pinv(basis) @ own)  # the part of it that lies in their span; two may be the same
    return {"together": logit, "within": math.sqrt(float(within @ within))}


def _folded(text: str) -> list[str]:
    """Return all words in lower case, cut to six letters."""
    return [match.group().lower()[:6] for match in _WORD.finditer(text)]
