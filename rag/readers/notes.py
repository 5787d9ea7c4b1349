"""What readers say besides articles, and the limits they keep."""

from __future__ import annotations

from dataclasses import dataclass

from rag.sources import Article

MAX_ARTICLE = 20_000_000
"""Bytes of one article. The longest in news corpora have 0.3 MB; a book has 2."""
MAX_FILE = 50_000_000
"""Bytes of a JSON document that must be held whole. JSON Lines are read line by line and may be larger."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was read with a doubt, or passed over."""

    place: str
    """File, folder, or ``file:line``."""
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(frozen=True, slots=True)
class Reading:
    """One article with the doubts about it."""

    article: Article
    doubts: tuple[str, ...] = ()


class Unreadable(Exception):
    """One input cannot become an article. ``str(error)`` is the reason."""

    def __init__(self, reason: str, *, hint: str = "") -> None:
        super().__init__(reason)
        self.hint = hint


def megabytes(size: int) -> str:
    """Return a size for a person: ``20 MB``."""
    return f"{size / 1_000_000:,.3g} MB" if size >= MAX_ARTICLE else f"{size:,} bytes"
