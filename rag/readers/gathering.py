"""Places and articles to articles, with what failed and what was doubtful beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rag.errors import ReadError
from rag.readers.notes import Note
from rag.readers.places import read
from rag.sources import Article


def gathered(places: Iterable[str | Path | Article], failed: list[ReadError], notes: list[str]) -> Iterator[Article]:
    """Yield the articles of ``places``, those that are articles already as they are; the rest goes to the lists."""
    for place in places:
        if isinstance(place, Article):
            yield place
            continue
        for item in read(str(place)):
            if isinstance(item, Article):
                yield item
            elif isinstance(item, Note):
                notes.append(str(item))
            else:
                failed.append(item)
