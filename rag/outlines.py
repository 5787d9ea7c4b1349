"""Places of a story to its outline, without a text: how many reports, whose, from when to when, under which title."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rag.likeness import Features, codes
from rag.titles import Report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.storybook import Place
    from rag.wire import StoryRowWire


@dataclass(frozen=True, slots=True)
class Outline:
    """A story without its text."""

    id: str
    headline: str
    """Of one of its articles."""
    articles: tuple[str, ...]
    """Ids, earliest first."""
    outlets: tuple[str, ...]
    roots: int
    """Independent reports: copies count once."""
    first: datetime | None
    """When its first article was published."""
    last: datetime | None

    def to_dict(self) -> StoryRowWire:
        """Return the wire shape."""
        return {
            "story": self.id,
            "headline": self.headline,
            "articles": list(self.articles),
            "outlets": list(self.outlets),
            "roots": self.roots,
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
        }


def outline(story: str, places: Sequence[Place]) -> Outline:
    """Return the outline of a story without its title."""
    days = [datetime.fromtimestamp(place.instant, UTC) for place in places if place.instant is not None]
    return Outline(
        story,
        "",
        tuple(place.article for place in places),
        tuple(dict.fromkeys(place.outlet for place in places if place.outlet)),
        len({place.root for place in places}),
        min(days, default=None),
        max(days, default=None),
    )


def weight(one: Outline) -> tuple[int, float, str]:
    """Return what stories are ordered by: most roots first, then the latest."""
    return (-one.roots, -(one.last.timestamp() if one.last else 0.0), one.id)


def report(place: Place, stored: Mapping[str, bytes]) -> Report:
    """Return what a title is chosen by; of an article whose words are not stored, its headline alone."""
    headline = place.headline or ""
    words = codes(headline)
    if place.article in stored:
        words |= frozenset(Features.from_bytes(stored[place.article]).words.tolist())
    aside = '"opinion"' in place.labels or '"correction"' in place.labels or place.root != place.article
    return Report(headline, place.root, aside, words, place.instant)
