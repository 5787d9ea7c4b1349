"""An article as it was read, with the sentences that a document cites marked in it."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.rendering import words
from rag.rendering.characters import line, link, visible

if TYPE_CHECKING:
    from rag.wire import ArticleWire


@dataclass(frozen=True, slots=True)
class Mark:
    """A cited sentence: its number, the id it gets, where it leads back to, its place in the text."""

    number: str
    name: str
    back: str
    start: int
    end: int


def article(wire: ArticleWire, marks: Sequence[Mark], name: str) -> str:
    """Return an article as HTML; every mark becomes one anchor, and ``name`` is the id of its headline."""
    byline = line(wire["byline"] or "")
    about = [f"By {byline}" if byline else "", words.when(wire["published"])]
    known = [html.escape(part) for part in about if part]
    if url := link(wire["url"]):
        host = html.escape(urlsplit(url).hostname or "article")
        known.append(f'<a href="{html.escape(url)}" rel="noopener noreferrer">{host}</a>')
    kept = html.escape(line(f"Article {wire['article']}, version {wire['version'][:12]}"))
    text = "\n".join(f'<p dir="auto">{paragraph}</p>' for paragraph in _paragraphs(wire["text"], marks))
    return (
        f'<article class="cw-article" aria-labelledby="{name}">\n'
        f'<p class="cw-kicker" dir="auto">{html.escape(line(wire["outlet"] or "") or "outlet unknown")}</p>\n'
        f'<h3 id="{name}" dir="auto">{html.escape(line(wire["headline"] or "") or "(no headline)")}</h3>\n'
        f'<p class="cw-quiet">{" · ".join(known)}</p>\n<div class="cw-text">\n{text}\n</div>\n'
        f'<p class="cw-quiet">{kept}</p>\n</article>'
    )


def _paragraphs(text: str, marks: Iterable[Mark]) -> list[str]:
    """Return the lines of a text as HTML."""
    lines: list[list[str]] = [[]]
    for piece, inside in _pieces(text, marks):
        for number, part in enumerate(visible(piece).split("\n")):
            if number:
                lines.append([])
            if part.strip():
                lines[-1].append(_marked(html.escape(part), inside, first=not number))
            elif inside and not number:
                lines[-1].append(_marked("", inside, first=True))
            elif part:
                lines[-1].append(" ")
    return [whole for parts in lines if (whole := "".join(parts)).strip()]


def _pieces(text: str, marks: Iterable[Mark]) -> list[tuple[str, list[Mark]]]:
    """Cut a text where marks begin and end; sentences of one place share a piece, and one cut by another goes on."""
    placed = sorted(marks, key=lambda mark: (mark.start, mark.end))
    pieces: list[tuple[str, list[Mark]]] = []
    end = 0
    for start, group in groupby(placed, key=lambda mark: mark.start):
        same = list(group)
        begin, until = max(start, end), max(mark.end for mark in same)
        pieces += [(text[end:begin], []), (text[begin : max(until, begin)], same)]
        end = max(end, until)
    return [*pieces, (text[end:], [])]


def _marked(part: str, marks: Sequence[Mark], *, first: bool) -> str:
    """Return a part of a cited sentence; its first part has the anchor, and the links back."""
    if not marks:
        return part
    if not first:
        return f"<mark>{part}</mark>"
    backs = "".join(
        f' <a role="doc-backlink" href="#{mark.back}" aria-label="{mark.number}, back to the text">{mark.number} ↩</a>'
        for mark in marks
    )
    inner = "".join(f'<span id="{mark.name}"></span>' for mark in marks[1:])
    return f'<mark id="{marks[0].name}" tabindex="-1">{inner}{part}{backs}</mark>'
