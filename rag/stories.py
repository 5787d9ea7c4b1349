"""Articles to stories: which tell of one event.

Copies of one report belong together (``rag.provenance``). Beyond that, articles are joined by how close their vectors
and their words are and how far apart they were published, in average linkage, which does not chain ("ferry" and "bus"
do not meet through one column on transport).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from rag.answers import Source
from rag.partition import Partition
from rag.provenance import age, roots
from rag.vocabulary import COMMON

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.protocols import Vectors
    from rag.sources import Article

SAME_EVENT = 0.22
"""Average similarity from which two groups of articles tell of one event. See ``benchmarks/briefing.py --neus``."""
WORDS = 0.8
"""Weight of words against vectors in the similarity of articles."""
BACKGROUND = 100
"""Articles of other events that are imagined besides the given ones, so that five articles of one event are not told
apart by what little they differ in. Vectors are taken as differences from their mean, which makes one threshold fit
embedders whose unrelated texts have a cosine of 0.1 (WordLlama) or 0.55 (bge-small)."""
FADE = 21.0
"""Days between publication after which similarity has fallen to 1/e; the first ``FRESH`` days cost nothing.
Not measured: no set at hand has real stories over weeks; the invented ones last 12 days."""
FRESH = 7.0
_BUCKETS = 2048  # words are hashed into so many columns
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?", re.UNICODE)
_PLAIN = (COMMON - {"told", "nor", "added"}) | frozenset("here one two new year years people me us if".split())


@dataclass(frozen=True, slots=True)
class Group:
    """The articles of one story."""

    articles: tuple[Article, ...]
    """Earliest first."""
    roots: Mapping[str, str]
    """Article id to the id of its root."""

    @property
    def id(self) -> str:
        """Id of its earliest article."""
        return self.articles[0].id

    @property
    def sources(self) -> tuple[Source, ...]:
        """Its provenance roots, those that most outlets carried first."""
        carried: dict[str, list[Article]] = defaultdict(list)
        for article in self.articles:
            carried[self.roots.get(article.id, article.id)].append(article)
        found = [
            Source(
                root,
                tuple(dict.fromkeys(a.outlet for a in members if a.outlet)),
                tuple(a.id for a in sorted(members, key=lambda a: a.id != root)),
            )
            for root, members in carried.items()
        ]
        return tuple(sorted(found, key=lambda source: -len(source.articles)))


def group(
    articles: Sequence[Article],
    vectors: Vectors,
    descent: Mapping[str, str] | None = None,
    *,
    alike: float = SAME_EVENT,
) -> list[Group]:
    """Return the stories that ``articles`` tell, those with most independent roots first, then the latest.

    ``vectors`` has a row of length 1 for each article, the mean of its chunks'. ``descent`` is what ``roots`` returned.
    ``alike`` is the average similarity from which two groups are one story.
    """
    if not articles:
        return []
    descent = descent if descent is not None else roots(articles)
    joined = Partition(len(articles))
    places = {article.id: place for place, article in enumerate(articles)}
    for article in articles:
        root = descent.get(article.id, article.id)
        joined.join(places[article.id], places.get(root, places[article.id]))
    similar = similarity(articles, vectors)
    stories = [
        Group(tuple(sorted((articles[p] for p in members), key=age)), descent)
        for members in _linked(similar, joined.groups(), alike)
    ]
    return sorted(stories, key=_weight)


def similarity(articles: Sequence[Article], vectors: Vectors) -> Vectors:
    """Return how alike any two articles are, 0 to 1: vectors and rare words, fading with the days between them."""
    words = _word_vectors([f"{a.headline or ''} {a.headline or ''} {a.text}" for a in articles])
    centred = vectors - vectors.mean(axis=0) * (len(articles) / (len(articles) + BACKGROUND))
    centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    blend = (1 - WORDS) * (centred @ centred.T) + WORDS * (words @ words.T)
    days = np.array([a.published.timestamp() / 86400 if a.published else np.nan for a in articles])
    apart = np.nan_to_num(np.abs(days[:, None] - days[None, :]))
    return (blend * np.exp(-np.maximum(apart - FRESH, 0) / FADE)).astype(np.float32)


def _weight(story: Group) -> tuple[int, float, str]:
    latest = max((a.published.timestamp() for a in story.articles if a.published), default=0.0)
    return (-len(story.sources), -latest, story.id)


def _word_vectors(texts: Sequence[str]) -> Vectors:
    """Return tf-idf vectors of length 1 over hashed words: names and rare words weigh most."""
    counts = [Counter(w for w in (m.group().lower() for m in _WORD.finditer(t)) if w not in _PLAIN) for t in texts]
    spread = Counter(word for count in counts for word in count)
    matrix = np.zeros((len(texts), _BUCKETS), dtype=np.float32)
    for row, count in enumerate(counts):
        for word, times in count.items():
            place = crc32(word.encode("utf-8"))
            sign = 1.0 if place & 1 << 20 else -1.0  # words that share a column cancel out on average
            rarity = np.log((BACKGROUND + len(texts)) / (1 + spread[word])) + 1
            matrix[row, place % _BUCKETS] += sign * (1 + np.log(times)) * rarity
    return matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)


def _linked(similar: Vectors, start: Sequence[Sequence[int]], alike: float) -> list[list[int]]:
    """Return groups by average linkage, beginning with ``start``, as long as two are this much alike."""
    groups = [list(members) for members in start]
    share = np.zeros((len(groups), len(similar)))
    for row, members in enumerate(groups):
        share[row, members] = 1 / len(members)
    mean = share @ similar @ share.T
    np.fill_diagonal(mean, -1.0)
    sizes = np.array([len(members) for members in groups], dtype=np.float64)
    nearest = mean.argmax(axis=1)
    while len(groups) > 1:
        closeness = mean[np.arange(len(groups)), nearest]
        first = int(closeness.argmax())
        first, second = sorted((first, int(nearest[first])))
        if mean[first, second] < alike:
            break
        merged = (sizes[first] * mean[first] + sizes[second] * mean[second]) / (sizes[first] + sizes[second])
        mean[first], mean[:, first] = merged, merged
        mean[first, first] = -1.0
        mean[second], mean[:, second] = -1.0, -1.0
        sizes[first], sizes[second] = sizes[first] + sizes[second], 0.0
        groups[first], groups[second] = groups[first] + groups[second], []
        stale = np.flatnonzero((nearest == first) | (nearest == second) | (np.arange(len(groups)) == first))
        nearest[stale] = mean[stale].argmax(axis=1)
        nearer = mean[:, first] > mean[np.arange(len(groups)), nearest]
        nearest[nearer] = first
    return [sorted(members) for members in groups if members]
