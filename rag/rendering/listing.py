"""Stories to a list for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.rendering.characters import line
from rag.rendering.words import count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rag.wire import StoryRowWire


def stories_text(rows: Iterable[StoryRowWire], *, width: int | None = None) -> str:
    """Return two lines for each story: id and headline, then how much of what it rests on, and from when to when."""
    lines: list[str] = []
    for row in rows:
        lines += [
            _cut(f"{line(row['story'])}  {line(row['headline']) or '-'}", width),
            _cut(f"{'':{len(line(row['story']))}}  {_basis(row)}", width),
        ]
    return "\n".join(lines)


def _basis(row: StoryRowWire) -> str:
    articles, outlets = len(row["articles"]), len(row["outlets"])
    told = f"{count(outlets, 'outlet')}, " if outlets else ""
    days = dict.fromkeys(line(day[:10]) for day in (row["first"], row["last"]) if day)
    basis = f"{told}{count(row['roots'], 'origin')}, {count(articles, 'article')}"
    return f"{basis}, {' to '.join(days) or 'no date'}"


def _cut(text: str, width: int | None) -> str:
    return text if width is None or len(text) <= width else f"{text[: width - 1]}…"
