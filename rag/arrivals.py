"""Two documents to which cited reports came after the older one was made, where no archive has noted it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.claims import Citation
    from rag.matching import Told

Arrived = Callable[["Citation"], bool]
"""Tells whether a cited report came after the older document was made."""


def published_later(old: Iterable[Told]) -> Arrived:
    """Take as new what was published after all that ``old`` cites, and other versions of it.

    Of reports that tell their day alone, one of the last day may have come later.
    """
    cited = _cited(old)
    latest = max((c.published for c in cited if c.published), default=None)
    known = {c.sentence.article: c.sentence.version for c in cited}

    def arrived(citation: Citation) -> bool:
        version = known.get(citation.sentence.article)
        if version is not None:
            return version != citation.sentence.version
        when = citation.published
        if latest is None or when is None:
            return True
        return when.date() >= latest.date() if when.time() == time.min else when > latest

    return arrived


def cited_anew(old: Iterable[Told], new: Iterable[Told]) -> Arrived:
    """Take as new the articles that only ``new`` cites: who still tells what one takes back had not read it."""
    anew = {c.sentence.article for c in _cited(new)} - {c.sentence.article for c in _cited(old)}
    return lambda citation: citation.sentence.article in anew


def _cited(stories: Iterable[Told]) -> Sequence[Citation]:
    return [citation for story in stories for claim in story.claims for citation in claim.citations]
