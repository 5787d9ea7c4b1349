"""Articles to the reports that they descend from: which are copies of one.

Outlets print the same agency report, shortened, with a paragraph of their own or with a word changed. All that descend
from one report share its *root*, and sources are counted by roots, never by outlets.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
import rensa

from rag.partition import Partition

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?", re.UNICODE)
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
    joined = Partition(len(articles))
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


def age(article: Article) -> tuple[datetime, str, str]:
    """Sort key: earliest first, without a date last; of one moment by outlet, as ids depend on every name in a text."""
    return (article.published or datetime.max.replace(tzinfo=UTC), article.outlet or "", article.id)


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
