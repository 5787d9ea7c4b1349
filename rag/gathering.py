"""Story to the sentences that are read of it, however long it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.instructions import ordered
from rag.sources import Evidence

if TYPE_CHECKING:
    from rag.archive import SqlArchive
    from rag.sources import Article, Sentence
    from rag.stories import Group

SENTENCES = 600
"""Most sentences read of one story: the first report and the newest of each root before more of the same, so that a
story of a year costs what one of a week does."""


def gather(archive: SqlArchive, told: Group) -> tuple[Evidence, ...]:
    """Return the sentences of a story, by article, with their roots; those that give orders to a model are not read."""
    rows: dict[str, list[Sentence]] = {}
    left = SENTENCES
    for article in _reading(told):
        if left <= 0:
            break
        rows[article.id] = [
            sentence
            for sentence in archive.sentences(article)
            if not ordered(article.text, sentence.start, sentence.end)
        ][:left]
        left -= len(rows[article.id])
    kept = [(article, sentence) for article in told.articles for sentence in rows.get(article.id, ())]
    return tuple(
        Evidence(number, sentence, article, root=told.roots.get(article.id, article.id))
        for number, (article, sentence) in enumerate(kept, start=1)
    )


def _reading(told: Group) -> list[Article]:
    """Return its articles as they are read while there is room: the first, the newest of each root, the newest."""
    newest = list(reversed(told.articles))
    heads: dict[str, Article] = {}
    for article in newest:
        root = told.roots.get(article.id, article.id)
        if root not in heads or article.id == root:
            heads[root] = article
    order = [told.articles[0], *heads.values(), *newest]
    return list({article.id: article for article in order}.values())
