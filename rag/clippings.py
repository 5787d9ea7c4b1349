"""Document to the articles it cites, whole: what a page needs to show a sentence where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.sources import Article, Sentence
    from rag.wire import AnswerWire, ArticleRowWire, ArticleWire, BriefingWire

Clippings = Mapping[str, "ArticleWire"]
"""Articles by ``article@version``."""


def clippings(
    document: AnswerWire | BriefingWire,
    article: Callable[[str, str], Article],
    sentences: Callable[[Article], Iterable[Sentence]],
) -> dict[str, ArticleWire]:
    """Return the articles that a document cites, in its order, each once; one that has been removed since is absent.

    ``article`` takes an id and a version and raises UsageError where there is none: ``Newsroom.article`` is one.
    """
    found: dict[str, ArticleWire] = {}
    for citation in document["citations"].values():
        key = f"{citation['article']}@{citation['version']}"
        if key in found:
            continue
        try:
            whole = article(citation["article"], citation["version"])
        except UsageError:
            continue
        found[key] = article_wire(whole, sentences(whole))
    return found


def article_row(article: Article) -> ArticleRowWire:
    """Return what is known of an article, without its text."""
    return {
        "article": article.id,
        "version": article.version,
        "headline": article.headline,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "byline": article.byline,
        "labels": list(article.labels),
    }


def article_wire(article: Article, sentences: Iterable[Sentence]) -> ArticleWire:
    """Return an article with its text and the places of its sentences."""
    spans = [{"sentence": sentence.id, "start": sentence.start, "end": sentence.end} for sentence in sentences]
    return {**article_row(article), "text": article.text, "sentences": spans}  # pyright: ignore[reportReturnType]
