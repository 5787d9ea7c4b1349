"""Articles to what their likeness is measured by: rare words and vectors, in rows whose product says how alike.

    Article -> Features (stored with the archive) -> rows of one set of articles, and the key words of each

What a page repeats under many addresses (its *furniture*) is no word of any article.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from rag.vocabulary import COMMON

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from rag.protocols import Vectors
    from rag.sources import Article

    Words = NDArray[np.uint32]

LEAD = 2_000
"""Characters of an article that say what it is about: what follows is background, which other events share. ``seeds/``
are whole over thresholds up to .20 with 1,500 characters, .18 with 4,000, .14 with 800 (static vectors)."""
HEADLINE = 2
"""Times that a word of the headline counts."""
WORDS = 0.8
"""Weight of words against vectors. On half of NeuS the best pair F1 is .79 with 1.0, .80 with .9 and .8, .79 with .5;
``seeds/`` come out whole over twice as wide a band of thresholds with .8 as with 1.0."""
REPEATS = 0.5
"""What a repetition adds to a word, as a share of its logarithm."""
BACKGROUND = 1_000
"""Articles of other events that are imagined besides the given ones when a word's rarity is counted, so that five
articles of one event are not told apart by what little they differ in."""
UNRELATED = 100
"""The same for vectors, which are taken as differences from their mean: that makes one threshold fit embedders whose
unrelated texts have a cosine of 0.1 (WordLlama) or 0.55 (bge-small)."""
BUCKETS = 2048
"""Columns that words are hashed into."""
KEYS = 25
"""Words of an article, those that weigh most, through which others like it are found."""
MANY = 8
"""Reports under which a paragraph is furniture: no event is told eight times in the same words by one outlet."""
LEAST = 8
"""Words below which nothing is left of an article but its furniture."""
SHORTEST = 20
"""Characters from which a line is a paragraph that can be told from another."""
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?", re.UNICODE)
_PLAIN = (COMMON - {"told", "nor", "added"}) | frozenset("here one two new year years people me us if".split())


@dataclass(frozen=True, slots=True)
class Features:
    """What an article is compared by, without its text."""

    words: Words
    """Hashes of its words, in ascending order."""
    times: Words
    """How often each stands in it."""
    paragraphs: Words
    """Hashes of its first paragraphs."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing but furniture."""
        return not len(self.words)

    def to_bytes(self) -> bytes:
        """Return it as it is stored: two counts, then the three lists."""
        sizes = np.array([len(self.words), len(self.paragraphs)], dtype="<u4")
        return np.concatenate([sizes, self.words, self.times, self.paragraphs]).astype("<u4").tobytes()

    @classmethod
    def from_bytes(cls, blob: bytes) -> Features:
        """Read what ``to_bytes`` wrote."""
        values = np.frombuffer(blob, dtype="<u4")
        words = int(values[0])
        return cls(values[2 : 2 + words], values[2 + words : 2 + 2 * words], values[2 + 2 * words :])


@dataclass(frozen=True, slots=True)
class Lead:
    """What is read of an article to compare it."""

    headline: str
    paragraphs: tuple[tuple[int, str], ...]
    """Its first ones, each with its hash; lines too short to be told from another are left out."""

    @classmethod
    def of(cls, article: Article) -> Lead:
        """Return the lead of ``article``."""
        return cls(article.headline or "", tuple(_paragraphs(article.text)))

    @property
    def page(self) -> Words:
        """The hashes of its paragraphs."""
        return np.array([code for code, _ in self.paragraphs], dtype="<u4")


def features(lead: Lead, furniture: frozenset[int] = frozenset()) -> Features:
    """Return what an article is compared by; the paragraphs in ``furniture`` are none of its words."""
    counts: Counter[int] = Counter()
    told = Counter(_words(" ".join(text for code, text in lead.paragraphs if code not in furniture)))
    if told.total() >= LEAST or not furniture.intersection(code for code, _ in lead.paragraphs):
        for text, weight in ((told, 1), (Counter(_words(lead.headline)), HEADLINE)):
            for word, times in text.items():
                counts[crc32(word.encode())] += weight * times
    order = sorted(counts)
    return Features(np.array(order, dtype="<u4"), np.array([counts[word] for word in order], dtype="<u4"), lead.page)


def codes(text: str) -> frozenset[int]:
    """Return the hashes of the words of ``text``, as ``Features`` has them."""
    return frozenset(crc32(word.encode()) for word in _words(text))


def furniture(pages: Sequence[Words], roots: Sequence[str], hosts: Sequence[str]) -> frozenset[int]:
    """Return the paragraphs that stand in ``MANY`` reports, copies apart, or in as many articles of one outlet.

    ``pages`` are the hashes of each article's paragraphs, ``roots`` and ``hosts`` its report and its outlet.
    """
    carried: Counter[int] = Counter(code for page in pages for code in {*page.tolist()})
    often = {code for code, times in carried.items() if times >= MANY}
    if not often:
        return frozenset()
    under: dict[int, tuple[set[str], Counter[str]]] = {code: (set(), Counter()) for code in often}
    for page, root, host in zip(pages, roots, hosts, strict=True):
        for code in often.intersection(page.tolist()):
            under[code][0].add(root)
            under[code][1][host] += 1
    return frozenset(
        code for code, (first, outlets) in under.items() if len(first) >= MANY or max(outlets.values()) >= MANY
    )


def rows(items: Sequence[Features], vectors: Vectors) -> tuple[Vectors, list[Mapping[int, float]]]:
    """Return a row for each article, whose products are how alike two are, 0 to 1, and the weights of its key words.

    ``vectors`` has a row of length 1 for each article, the mean of its chunks'.
    """
    spread: Counter[int] = Counter()
    for item in items:
        spread.update(item.words.tolist())
    size = vectors.shape[1] if vectors.ndim > 1 else 0
    matrix = np.zeros((len(items), BUCKETS + size), dtype=np.float32)
    keys: list[Mapping[int, float]] = []
    for row, item in enumerate(items):
        often = np.array([spread[word] for word in item.words.tolist()], dtype=np.float64)
        rarity = np.log((BACKGROUND + len(items)) / (1 + often)) + 1
        weight = (1 + REPEATS * np.log(np.maximum(item.times, 1))) * rarity
        signs = np.where(item.words & np.uint32(1 << 20), 1.0, -1.0)  # words that share a column cancel out on average
        np.add.at(matrix[row], item.words % BUCKETS, (signs * weight).astype(np.float32))
        best = np.argsort(-weight, kind="stable")[:KEYS]
        keys.append({int(item.words[place]): float(weight[place]) for place in best})
    _scale(matrix[:, :BUCKETS], WORDS)
    if size and len(items):
        matrix[:, BUCKETS:] = vectors - vectors.mean(axis=0) * (len(items) / (len(items) + UNRELATED))
        _scale(matrix[:, BUCKETS:], 1 - WORDS)
    return matrix, keys


def _scale(block: Vectors, weight: float) -> None:
    """Give the rows of ``block`` the length by which their products weigh ``weight``."""
    block *= np.sqrt(weight) / np.maximum(np.linalg.norm(block, axis=1, keepdims=True), 1e-9)


def _paragraphs(text: str) -> list[tuple[int, str]]:
    """Return the first ``LEAD`` characters by paragraph, with the hash of each."""
    found: list[tuple[int, str]] = []
    left = LEAD
    for paragraph in text.split("\n"):
        part = " ".join(paragraph[:LEAD].split())
        if len(part) >= SHORTEST and left > 0:
            found.append((crc32(part.lower().encode("utf-8", "surrogatepass")), part[:left]))
            left -= len(part)
    return found or [(crc32(text.encode("utf-8", "surrogatepass")), " ".join(text[:LEAD].split()))]


def _words(text: str) -> list[str]:
    found = (match.group().lower().replace("’", "'").removesuffix("'s") for match in _WORD.finditer(text))
    return [word for word in found if word not in _PLAIN]
