"""New text to the report it descends from: its own, or that of an article that it copies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np

from rag.archive import SqlArchive
from rag.provenance import NEAR, PERMUTATIONS, copies
from rag.rows import Cut
from rag.sources import Article

CARRIED = timedelta(days=7)
"""Time after which nobody carries an agency report any more: what is alike later is a weekly column's furniture."""
MOST = 8
"""Candidates whose texts are compared in full; a copy is among the first of them, or it is no copy."""


class Descent:
    """Finds roots while articles come in, all signatures at once: 64 against 100,000 take about a second."""

    def __init__(self, archive: SqlArchive) -> None:
        """Know the articles of ``archive``."""
        self._archive = archive
        known = archive.signatures()
        self._shelf = Shelf(known)
        self._fresh: dict[str, tuple[Article, str]] = {}

    def roots(self, cuts: list[Cut]) -> dict[str, str]:
        """Return the root of each article; those before it in the list count as known."""
        self._fresh = {}
        for cut in cuts:
            root = self._root(cut)
            self._fresh[cut.article.id] = (cut.article, root)
            self._shelf.put(cut.article.id, cut.signature)
        return {article: root for article, (_, root) in self._fresh.items()}

    def _root(self, cut: Cut) -> str:
        published = cut.article.published
        for other in self._shelf.near(cut.signature):
            if other == cut.article.id:
                continue
            if other in self._fresh:
                known, root = self._fresh[other]
            elif stored := self._archive.article(other):
                known, root = stored, self._archive.roots([other]).get(other, other)
            else:
                continue
            if _apart(published, known.published) <= CARRIED and copies(cut.article.text, known.text):
                return root
        return cut.article.id


def _apart(first: datetime | None, second: datetime | None) -> timedelta:
    return abs(first - second) if first and second else timedelta()


class Shelf:
    """Near-copy signatures, to compare a new article with all of them at once."""

    def __init__(self, signatures: Mapping[str, bytes]) -> None:
        """Hold ``signatures`` by article."""
        self._ids = list(signatures)
        self._rows = np.frombuffer(b"".join(signatures.values()), dtype="<u4").reshape(-1, PERMUTATIONS).copy()

    def put(self, article: str, signature: bytes) -> None:
        """Add one; an article's later signature is found beside its earlier one."""
        if len(self._ids) == len(self._rows):
            more = np.zeros((max(1024, len(self._rows)), PERMUTATIONS), dtype="<u4")
            self._rows = np.concatenate([self._rows, more])
        self._rows[len(self._ids)] = np.frombuffer(signature, dtype="<u4")
        self._ids.append(article)

    def near(self, signature: bytes) -> list[str]:
        """Return the articles that may be copies, most alike first, no more than ``MOST``."""
        same = (self._rows[: len(self._ids)] == np.frombuffer(signature, dtype="<u4")).mean(axis=1)
        found = np.flatnonzero(same >= NEAR)
        return [self._ids[int(place)] for place in found[np.argsort(-same[found], kind="stable")][:MOST]]
