"""Ranked lists to passages and scored sentences.

Four rankings are fused by reciprocal rank: full text over chunks, vectors over chunks, full text over whole articles,
and a cross-encoder over the best few sentences of the candidates. Every list names candidates only; nothing here knows
which library made it. Newer articles weigh more, because a question to the news is about the latest unless it names a
year.

Constants were fitted on half of the 206 RealTimeQA 2022 questions by a hash of their ids; both halves and all are
printed by ``benchmarks/retrieval.py``.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from rag.protocols import Reranker
from rag.questions import Part, offers, terms
from rag.sources import Evidence, Sentence

K = 10
"""Rank constant of the fusion. Cormack et al. 2009 (SIGIR, "Reciprocal Rank Fusion") use 60 for lists of 1,000; with
four lists of which one is best, the head of each must count: 10 gave MRR .66 where 60 gave .60."""
DEPTH = 200
"""Chunks taken from each first-stage ranking."""
DENSE = 0.5
"""Weight of the vector ranking beside full text (1): the static embedder alone has Hits@4 .58, full text .72."""
ARTICLE = 0.5
"""Weight of the whole-article ranking."""
RERANKED = 1.0
"""Weight of the cross-encoder's ranking; at 2 and 3 it pushes multi-part questions down (MRR .68, .67 against .70)."""
CANDIDATES = 24
"""Windows the cross-encoder reads: 24 to 40 differ by one question in 206, and each costs 10 to 20 ms on 2 cores."""
PER_ARTICLE = 2
"""Chunks of one article among the candidates: a long live blog must not take all places."""
WINDOW = 300
"""Characters of a window: two or three sentences. Whole chunks cost three times as much and rank no better."""
FRESH = 1.0
"""How much more the newest article weighs than an old one (1 + FRESH): Hits@4 .80 with, .75 without."""
DATED = 0.25
"""The same for a question that names a year."""
HALF_LIFE = timedelta(days=365)
"""Age at which half of that is left; 180 to 365 days are a plateau."""

SHORTLIST = 32
"""Sentences of all passages that the cross-encoder reads for each part of a question, 8 ms each on 2 cores."""

Item = TypeVar("Item", bound=Hashable)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def fuse(rankings: Sequence[tuple[Sequence[Item], float]]) -> dict[Item, float]:
    """Return the reciprocal rank fusion of weighted rankings: sum of weight / (K + rank), ranks from 1."""
    scores: defaultdict[Item, float] = defaultdict(float)
    for ranking, weight in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] += weight / (K + rank)
    return dict(scores)


def ordered(scores: Mapping[Item, float]) -> list[Item]:
    """Return the items by falling score, ties by the item itself, so that the order never depends on chance."""
    return sorted(scores, key=lambda item: (-scores[item], str(item)))


def freshness(question: str, published: datetime | None, now: datetime | None) -> float:
    """Return the factor by which an article's age moves its score: 1 for old, up to 1 + FRESH for new.

    Where the date is unknown it is half of that: unknown is not old.

    ``now`` is the as-of date, or the date of the newest article: an archive of 2022 is asked as in 2022.
    """
    weight = DATED if _YEAR.search(question) else FRESH
    if published is None or now is None:
        return 1.0 + weight / 2
    age = max(now - published, timedelta())
    return 1.0 + weight * 0.5 ** (age / HALF_LIFE)


def candidates(ranking: Sequence[str], article_of: Mapping[str, str], most: int = CANDIDATES) -> list[str]:
    """Return the first chunks of ``ranking``, no more than ``PER_ARTICLE`` of one article."""
    taken: Counter[str] = Counter()
    found: list[str] = []
    for chunk in ranking:
        article = article_of.get(chunk)
        if article is not None and taken[article] < PER_ARTICLE:
            taken[article] += 1
            found.append(chunk)
        if len(found) == most:
            break
    return found


def window(question: str, sentences: Sequence[Sentence]) -> str:
    """Return the neighbouring sentences, up to ``WINDOW`` characters, that share most words with the question."""
    wanted = terms(question)
    best: tuple[int, int] | None = None
    text = ""
    for first, opening in enumerate(sentences):
        last = first
        while last + 1 < len(sentences) and sentences[last + 1].end - opening.start <= WINDOW:
            last += 1
        body = " ".join(sentence.text for sentence in sentences[first : last + 1])
        rank = (len(wanted & terms(body)), -first)
        if best is None or rank > best:
            best, text = rank, body
    return text[: 2 * WINDOW]


def first_of_each(ranking: Sequence[str], article_of: Mapping[str, str]) -> list[str]:
    """Return the articles of ranked chunks, each at its first chunk's place."""
    return list(dict.fromkeys(article_of[chunk] for chunk in ranking if chunk in article_of))


def shortlist(part: Part, evidence: Sequence[Evidence], most: int = SHORTLIST) -> list[Evidence]:
    """Return the sentences most worth reading closely for ``part``.

    Those that share its words, and hold the kind of thing it asks for.
    """

    def promise(item: Evidence) -> tuple[float, int]:
        shared = len(part.terms & terms(item.sentence.text)) / max(1, len(part.terms))
        about = len(part.terms & terms(item.article.headline or "")) / max(1, len(part.terms))
        return (
            -(shared + 0.4 * about + 0.2 * offers(part.wants, item.sentence.text, part.query, item.article.text)),
            item.number,
        )

    return sorted(evidence, key=promise)[:most]


def scored_text(item: Evidence) -> str:
    """Return a sentence as the cross-encoder reads it: behind its headline, which says who "he" and what "it" is.

    On the gold questions of ``seeds/`` (dev) the answering sentence is among the first three for 81% with and 69%
    without the headline.
    """
    headline = item.article.headline
    return f"{headline}. {item.sentence.text}" if headline else item.sentence.text


class RememberingReranker:
    """A reranker that reads no pair twice: retrieval and the extractive writer ask for the same ones."""

    def __init__(self, inner: Reranker, most: int = 4096) -> None:
        self._inner = inner
        self._most = most
        self._scores: OrderedDict[tuple[str, str], float] = OrderedDict()

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one logit for each text."""
        new = [text for text in dict.fromkeys(texts) if (question, text) not in self._scores]
        fresh = dict(zip(new, self._inner.score(question, new), strict=True)) if new else {}
        found = [fresh[text] if text in fresh else self._scores[question, text] for text in texts]
        self._scores.update({(question, text): score for text, score in fresh.items()})
        while len(self._scores) > self._most:
            self._scores.popitem(last=False)
        return found
