"""Articles to a short text, the plain ways: what a briefing must beat.

Every selector puts the sentences of all articles into an order; ``fit`` prints them in that order as long as whole
sentences fit, so that all have the same number of words to spend. Words are weighed by how few of all articles of the
benchmark have them. ``oracle`` has read the reference: no choice of whole sentences does much better.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    Order = Callable[["Sentences"], list[int]]

EDGE = 0.1
"""Cosine from which two sentences are linked in LexRank, and its damping: both as published (Erkan and Radev, 2004)."""
DAMPING = 0.85
REPEATED = 0.5
"""Cosine to a printed sentence from which LexRank and the centroid pass a sentence over. .4 to .8 were tried for both,
and .3 to .9 for ``RELEVANCE``, on the even NeuS triplets at 80 words: these have the most recall."""
RELEVANCE = 0.7
"""What MMR gives to the likeness to all articles, the rest to novelty (Carbonell and Goldstein, 1998)."""
_WORD = re.compile(r"[a-z0-9]+")


def tokens(text: str) -> list[str]:
    """Return the words of ``text`` in lower case."""
    return _WORD.findall(text.lower())


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of one story's articles, article by article."""

    texts: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    """Of each: its article, and how many sentences stand before it there."""
    vectors: NDArray[np.float64]
    """Of each: its words by tf-idf, of length 1."""

    @classmethod
    def of(cls, articles: Sequence[Sequence[str]], rarity: Mapping[str, float]) -> Sentences:
        """Lay out ``articles``, each a sequence of sentences."""
        texts = tuple(text for article in articles for text in article)
        places = tuple((a, n) for a, article in enumerate(articles) for n in range(len(article)))
        words = sorted({word for text in texts for word in tokens(text)})
        column = {word: place for place, word in enumerate(words)}
        vectors = np.zeros((len(texts), len(words) or 1))
        for row, text in enumerate(texts):
            for word, count in Counter(tokens(text)).items():
                vectors[row, column[word]] = count * rarity.get(word, max(rarity.values(), default=1.0))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return cls(texts, places, vectors / np.where(lengths > 0, lengths, 1.0))


def rarity(articles: Iterable[str]) -> dict[str, float]:
    """Return idf over ``articles``."""
    sets = [set(tokens(text)) for text in articles]
    spread = Counter(word for found in sets for word in found)
    return {word: log(len(sets) / count) + 0.1 for word, count in spread.items()}


def fit(sentences: Sentences, order: Iterable[int], words: int) -> str:
    """Return those of ``order`` that fit into ``words`` words, in the order of the articles."""
    return " ".join(sentences.texts[place] for place in chosen(sentences, order, words))


def chosen(sentences: Sentences, order: Iterable[int], words: int) -> list[int]:
    """Return the places of those of ``order`` that fit into ``words`` words, in the order of the articles."""
    fitting: list[int] = []
    left = words
    for place in order:
        length = len(sentences.texts[place].split())
        if length <= left:
            fitting.append(place)
            left -= length
    return sorted(fitting)


def lead_each(sentences: Sentences) -> list[int]:
    """Order by place: all first sentences, then all second ones."""
    return sorted(range(len(sentences.texts)), key=lambda i: sentences.places[i][::-1])


def lead_one(sentences: Sentences) -> list[int]:
    """Order as they stand: the first article from its start, then the next."""
    return list(range(len(sentences.texts)))


def ends(sentences: Sentences) -> list[int]:
    """Order from both ends, two articles at the end for one at the start: what happened first, and what last."""
    last = max((a for a, _ in sentences.places), default=0)
    turn = {a: min(2 * a, last - a) for a in range(last + 1)}
    return sorted(range(len(sentences.texts)), key=lambda i: (turn[sentences.places[i][0]], sentences.places[i]))


def latest(sentences: Sentences) -> list[int]:
    """Order from the last article back, each from its start."""
    return sorted(range(len(sentences.texts)), key=lambda i: (-sentences.places[i][0], sentences.places[i][1]))


def lexrank(sentences: Sentences) -> list[int]:
    """Order by LexRank, without what repeats."""
    alike = sentences.vectors @ sentences.vectors.T
    links = np.where(alike >= EDGE, 1.0, 0.0)
    np.fill_diagonal(links, 1.0)
    walk = links / links.sum(axis=1, keepdims=True)
    rank = np.full(len(walk), 1 / len(walk))
    for _ in range(100):
        rank = (1 - DAMPING) / len(walk) + DAMPING * (rank @ walk)
    return _novel(rank, alike)


def centroid(sentences: Sentences) -> list[int]:
    """Order by likeness to all sentences together, without what repeats."""
    return _novel(_central(sentences), sentences.vectors @ sentences.vectors.T)


def mmr(sentences: Sentences) -> list[int]:
    """Order by maximal marginal relevance to all sentences together."""
    relevance = _central(sentences)
    alike = sentences.vectors @ sentences.vectors.T
    order: list[int] = []
    left = list(range(len(relevance)))
    while left:
        best = max(
            left,
            key=lambda i: RELEVANCE * relevance[i] - (1 - RELEVANCE) * max((alike[i, j] for j in order), default=0.0),
        )
        order.append(best)
        left.remove(best)
    return order


def oracle(reference: str) -> Order:
    """Return an order that has read ``reference``: next is what adds most of its words for its length."""
    wanted = Counter(tokens(reference))

    def order(sentences: Sentences) -> list[int]:
        left, rest, found = dict(enumerate(sentences.texts)), Counter(wanted), list[int]()
        while left:
            best = max(left, key=lambda i: (rest & Counter(tokens(left[i]))).total() / (len(left[i].split()) or 1))
            found.append(best)
            rest -= Counter(tokens(left.pop(best)))
        return found

    return order


def _central(sentences: Sentences) -> NDArray[np.float64]:
    middle = sentences.vectors.sum(axis=0)
    return sentences.vectors @ (middle / (np.linalg.norm(middle) or 1.0))


def _novel(rank: NDArray[np.float64], alike: NDArray[np.float64]) -> list[int]:
    order: list[int] = []
    for place in np.argsort(-rank, kind="stable").tolist():
        if all(alike[place, other] < REPEATED for other in order):
            order.append(place)
    return order
