"""Sentence of evidence to what its article says of it: whose report it is, who speaks, where its paragraph ends."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.attribution import speakerless, speeches
from rag.facts import names
from rag.vocabulary import ABOUT, CALENDAR, telling

if TYPE_CHECKING:
    from rag.sources import Article, Evidence

OPENING = 250
"""Characters of an article, besides its headline, that say which event it is on."""


def root(item: Evidence) -> str:
    """Return the id of the report that its article descends from."""
    return item.root or item.article.id


def independent(first: Evidence, second: Evidence) -> bool:
    """Tell whether two sentences are of two reports, neither a copy of the other, by two outlets as far as is known."""
    ours, theirs = first.article.outlet, second.article.outlet
    return root(first) != root(second) and (not ours or not theirs or ours.casefold() != theirs.casefold())


def takes_from(text: str, outlet: str) -> bool:
    """Tell whether a sentence takes what it tells from ``outlet``: "the Meridian agency had reported", "told CNN"."""
    name = outlet.removeprefix("The ")
    short = name.split()[0] if name else ""
    called = rf"(?:{re.escape(name)}|(?:the )?{re.escape(short)}(?: news)? (?:agency|website|site|newspaper))"
    given = rf"\b(?:told|according to|reported by|quoted by) {called}\b"
    gave = rf"\b{called}\b(?:[’']s)? (?:had |has )?(?:report|said|says|wrote)"
    return bool(name) and re.search(f"{given}|{gave}", text) is not None


@lru_cache(maxsize=16384)
def speakers(item: Evidence) -> frozenset[str]:
    """Return the words that name those who speak in it."""
    return frozenset(word for speech in speeches(item.sentence.text) for word in speech.words)


def silent(item: Evidence) -> bool:
    """Tell whether it is direct speech whose speaker only a neighbour names."""
    return speakerless(item.article.text, item.sentence.start, item.sentence.end)


def same_paragraph(first: Evidence, second: Evidence) -> bool:
    """Tell whether no line ends between two sentences of one article."""
    return "\n" not in first.article.text[first.sentence.end : second.sentence.start]


def published_before(first: Evidence, second: Evidence) -> bool:
    """Tell whether ``first`` is known to be published before ``second``."""
    a, b = first.article.published, second.article.published
    return a is not None and b is not None and a < b


def told_at(item: Evidence) -> tuple[float, int]:
    """Return what sentences are ordered by: when they were published, then where they stand; without a day, first."""
    published = item.article.published
    return (published.timestamp() if published else 0.0, item.number)


def one_event(first: Evidence, second: Evidence) -> bool:
    """Tell whether both are of one event: of one article, or of two that open with some of the same words."""
    one, two = first.article, second.article
    return one.id == two.id or len(_opening(one) & _opening(two)) >= ABOUT


@lru_cache(maxsize=512)
def _opening(article: Article) -> frozenset[str]:
    """Return the telling words of the headline and of the first sentence or two."""
    return telling(f"{article.headline or ''} {article.text[:OPENING]}")


@lru_cache(maxsize=4096)
def named(item: Evidence) -> frozenset[str]:
    """Return what is a name in a sentence, at its start too: a word that its article has with a capital only."""
    plain = CALENDAR | _plain(item.article)
    return telling(" ".join(name.word for name in names(item.sentence.text) if name.word.lower() not in plain))


@lru_cache(maxsize=512)
def _plain(article: Article) -> frozenset[str]:
    """Return the words that an article has without a capital."""
    return frozenset(re.findall(r"\b[a-z]+", article.text))
