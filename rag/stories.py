"""Articles to stories: which are copies of one report, and which tell of one event.

Copies first: outlets print the same agency report, shortened, with a paragraph of their own or with a word changed.
All that descend from one report share its *root*, and sources are counted by roots, never by outlets.

Events second: articles are joined by how close their vectors and their words are and how far apart they were
published, in average linkage, which does not chain ("ferry" and "bus" do not meet through one column on transport).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, cast
from zlib import crc32

import numpy as np
import rensa

from rag.claims import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.protocols import Vectors
    from rag.sources import Article

PERMUTATIONS = 128
"""Positions of a signature: its estimate of Jaccard similarity is off by 0.03 on average."""
NEAR = 0.25
"""Estimated Jaccard similarity from which two texts are compared in full: a copy cut to a third has 0.33."""
COPY = 0.5
"""Jaccard similarity of word triples from which two texts are copies."""
CONTAINED = 0.7
"""Share of the shorter text's word triples in the longer one from which it is a copy. Of 1,344 pairs of reports of one
event by different outlets (AllSides, dev; about 90 words each, so that one shared quotation weighs much) the highest
has 0.66, the fifth 0.49; the copies of ``seeds/`` have 0.87 and more. Of 400 articles (RealTimeQA 2022, 150 to 900
words) all are recognised by their first half or third, or with 60 words in front, 5 % of the words changed or 10 % left
out; half an article with 40 words added by 0.94 of them."""
FURNITURE = 40
"""Word triples below which two equal texts are page furniture, not a report: 27 articles of RealTimeQA 2022 are one
paragraph of 33 ("How relevant is this ad to you?")."""
SHORTEST = 24
"""Word triples below which a text is too short for its containment to mean anything."""
CROWD = 40
"""Equal bands from which a text is taken for boilerplate in the candidate search: "We will use the details ..."."""

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
_STOP_LISTED = (
    "the a an and or but of to in on at by for from with without as is are was were be been being it its this "
    "that these "
    "those he she they his her their them him who whom which what when where while will would can could may might has "
    "have had do does did not no said says say after before over under into about than then there here more most also "
    "one two new year years people we our you your i my me us if so up out all any some other such only just"
)
_STOP = frozenset(_STOP_LISTED.split())
_CREDIT = re.compile(
    r"\(([A-Z][\w.’'&-]*(?: [A-Z][\w.’'&-]*){0,3})\)\s*(?:[-–—]|$)|\b(?:by|from) (?:the )?([A-Z]\w+(?: [A-Z]\w+){0,3})"
)


class _MinHash(Protocol):
    def update(self, items: list[str]) -> None: ...
    def digest(self) -> list[int]: ...


class _Rensa(Protocol):
    def RMinHash(self, num_perm: int, seed: int) -> _MinHash: ...  # noqa: N802 - rensa's name


_RENSA = cast("_Rensa", rensa)


@lru_cache(maxsize=2048)
def triples(text: str) -> frozenset[str]:
    """Return the word triples of ``text``, in lower case, without punctuation."""
    words = [match.group().lower().replace("’", "'") for match in _WORD.finditer(text)]
    return frozenset(" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2)))


def signature(text: str) -> bytes:
    """Return what ``text`` can be compared by without reading it again: 512 bytes, the same on every machine."""
    minhash = _RENSA.RMinHash(num_perm=PERMUTATIONS, seed=42)
    minhash.update(sorted(triples(text)))
    return np.asarray(minhash.digest(), dtype="<u4").tobytes()


def near(new: bytes, known: Sequence[bytes]) -> list[int]:
    """Return the places in ``known`` of texts that may be copies of the one with ``new``, most alike first.

    Verify each with ``copies``. Every signature is compared, so that unlike with a hash table none is missed: 0.1 s
    and 51 MB for 100,000 on one core.
    """
    if not known:
        return []
    matrix = np.frombuffer(b"".join(known), dtype="<u4").reshape(len(known), PERMUTATIONS)
    estimates = np.count_nonzero(matrix == np.frombuffer(new, dtype="<u4"), axis=1) / PERMUTATIONS
    found = np.flatnonzero(estimates >= NEAR)
    return [int(place) for place in found[np.argsort(-estimates[found], kind="stable")]]


def copies(first: str, second: str) -> bool:
    """Tell whether one text is a copy of the other, whole, edited, shortened or with something added."""
    a, b = triples(first), triples(second)
    shared, smaller = len(a & b), min(len(a), len(b))
    if smaller < FURNITURE and max(len(a), len(b)) < 2 * FURNITURE:
        return False
    return shared >= COPY * len(a | b) or (smaller >= SHORTEST and shared >= CONTAINED * smaller)


def roots(articles: Sequence[Article]) -> dict[str, str]:
    """Return for each article the id of the report that its text descends from; its own id where it is no copy.

    The root is the agency's own report if the copies credit an agency that is among them, else the earliest; articles
    without a date come last.
    """
    signatures = [signature(article.text) for article in articles]
    joined = _Unions(len(articles))
    for first, second in _candidates(signatures):
        if joined.find(first) != joined.find(second) and copies(articles[first].text, articles[second].text):
            joined.join(first, second)
    found: dict[str, str] = {}
    for members in joined.groups():
        group = [articles[place] for place in members]
        root = origin(group)
        found.update({article.id: root.id for article in group})
    return found


def origin(group: Sequence[Article]) -> Article:
    """Return the article of a group of copies that the others descend from."""
    credited = {name for article in group for name in _credits(article)}
    agency = [article for article in group if article.outlet and article.outlet.lower() in credited]
    return min(agency or group, key=age)


def age(article: Article) -> tuple[datetime, str]:
    """Sort key: earliest first, without a date last."""
    return (article.published or datetime.max.replace(tzinfo=UTC), article.id)


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
    joined = _Unions(len(articles))
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
    counts = [Counter(w for w in (m.group().lower() for m in _WORD.finditer(t)) if w not in _STOP) for t in texts]
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


def _candidates(signatures: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Yield pairs that agree in two neighbouring positions of their signatures and in ``NEAR`` of all positions."""
    if not signatures:
        return
    matrix = np.frombuffer(b"".join(signatures), dtype="<u4").reshape(len(signatures), PERMUTATIONS)
    bands = np.ascontiguousarray(matrix).view("<u8")
    seen: set[tuple[int, int]] = set()
    for band in bands.T:
        order = np.argsort(band, kind="stable")
        breaks = np.flatnonzero(np.diff(band[order])) + 1
        for run in np.split(order, breaks):
            members = [int(place) for place in run[:CROWD]]
            seen.update((members[i], members[j]) for i in range(len(members)) for j in range(i + 1, len(members)))
    for first, second in sorted(seen):
        if (matrix[first] == matrix[second]).mean() >= NEAR:
            yield first, second


def _credits(article: Article) -> set[str]:
    """Return the agencies that an article may descend from, in lower case."""
    edges = f"{article.byline or ''}\n{article.text[:200]}\n{article.text[-200:]}"
    found = {name for line in edges.split("\n") for match in _CREDIT.findall(line) for name in match if name}
    return {name.lower() for name in (*found, article.byline or "") if name and name != article.outlet}


class _Unions:
    """Disjoint sets of places."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, place: int) -> int:
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def join(self, first: int, second: int) -> None:
        a, b = sorted((self.find(first), self.find(second)))
        self._parent[b] = a

    def groups(self) -> list[list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for place in range(len(self._parent)):
            found[self.find(place)].append(place)
        return list(found.values())
