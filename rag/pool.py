"""What one question has fetched from the archive: each thing once, texts only of what is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property

from rag import retrieval
from rag.archive import SqlArchive
from rag.chunking import embedded_text
from rag.cutting import chunked
from rag.sources import Article, Chunk, Passage, Scope, Sentence


class Pool:
    """Articles, dates and chunks within the scope of one question."""

    def __init__(self, archive: SqlArchive, scope: Scope) -> None:
        self._archive = archive
        self._scope = scope
        self.edited = archive.edited(scope)
        """Articles that were another version then than they are now."""
        self._cut: dict[str, list[str]] = {}
        self._now = archive.newest()
        self._articles: dict[str, Article] = {}
        self._sentences: dict[str, tuple[Sentence, ...]] = {}
        self._datelines: dict[str, tuple[datetime | None, str | None]] = {}
        self.chunks: dict[str, Chunk] = {}
        self.article_of: dict[str, str] = {}

    @cached_property
    def earlier(self) -> dict[str, Article]:
        """The articles that were edited since, as they were then."""
        return {one.id: one for one in self._archive.articles(self._scope, ids=sorted(self.edited))}

    def cut(self, edited: Sequence[str]) -> list[str]:
        """Return the chunks that these articles had then."""
        for id_ in (one for one in edited if one not in self._cut):
            article = self._articles[id_] = self.earlier[id_]
            self._sentences[id_] = self._archive.sentences(article)
            self._datelines[id_] = (article.published, article.outlet)
            chunks, _ = chunked(article, self._sentences[id_])
            self._cut[id_] = [one.id for one in chunks]
            self.chunks |= {one.id: one for one in chunks}
            self.article_of |= {one.id: id_ for one in chunks}
        return [chunk for id_ in edited for chunk in self._cut[id_]]

    def texts(self, earlier: Iterable[str]) -> list[tuple[str, str]]:
        """Return headline and text of articles that were edited since, or of chunks of theirs, as they were then."""
        found: list[tuple[str, str]] = []
        for id_ in earlier:
            chunk = self.chunks.get(id_)
            article = self.earlier[chunk.article if chunk else id_]
            found.append((article.headline or "", article.text[chunk.start : chunk.end] if chunk else article.text))
        return found

    def embedded(self, chunk: str) -> str:
        """Return the text whose vector stands for a chunk of an article that was edited since."""
        return embedded_text(self.earlier[self.article_of[chunk]], self.chunks[chunk])

    def fetch(self, chunks: Sequence[str], articles: Sequence[str]) -> None:
        """Learn where these chunks belong, and when and by whom their articles were published."""
        found = self._archive.chunks(dict.fromkeys(chunk for chunk in chunks if chunk not in self.chunks))
        wanted = dict.fromkeys([*(entry.article for entry in found.values()), *articles])
        fresh = [article for article in wanted if article not in self._datelines]
        self._datelines |= self._archive.datelines(fresh, self._scope)
        self.chunks |= {chunk: entry for chunk, entry in found.items() if entry.article in self._datelines}
        self.article_of |= {chunk: entry.article for chunk, entry in found.items() if entry.article in self._datelines}

    def knows(self, article: str) -> bool:
        """Tell whether the article is visible."""
        return article in self._datelines

    def load(self, chunks: Sequence[str]) -> list[str]:
        """Read the articles of these chunks; return those whose article is still the version they were cut from."""
        missing = {self.article_of[chunk] for chunk in chunks} - self._articles.keys()
        self._articles |= {article.id: article for article in self._archive.articles(self._scope, ids=sorted(missing))}
        return [
            chunk
            for chunk in chunks
            if (article := self._articles.get(self.article_of[chunk])) and article.version == self.chunks[chunk].version
        ]

    def freshness(self, question: str, article: str) -> float:
        """Return the factor by which the article's age moves its score."""
        return retrieval.freshness(question, self._datelines[article][0], self._now)

    def without_copies(self, ranking: Sequence[str]) -> list[str]:
        """Keep one article of each copied report.

        That is the one that ranks first, or the earliest of another outlet: a carried report may have been edited
        badly, while an outlet's own later version is its better one.
        """
        roots = self._archive.roots(ranking, self._scope.as_of)
        families: dict[str, list[str]] = {}
        for article in ranking:
            families.setdefault(roots.get(article, article), []).append(article)
        return [self._original(family) for family in families.values()]

    def window(self, question: str, chunk: str) -> str:
        """Return the best few sentences of a chunk, behind its headline."""
        text = retrieval.window(question, self.sentences(chunk))
        headline = self._articles[self.article_of[chunk]].headline
        return f"{headline}. {text}" if headline else text

    def sentences(self, chunk: str) -> tuple[Sentence, ...]:
        """Return the sentences of a chunk."""
        article = self.article_of[chunk]
        if article not in self._sentences:
            self._sentences[article] = self._archive.sentences(self._articles[article])
        entry = self.chunks[chunk]
        return self._sentences[article][entry.first : entry.last + 1]

    def passage(self, chunk: str, score: float) -> Passage:
        """Return a chunk with its article and its sentences."""
        article = self._articles[self.article_of[chunk]]
        return Passage(self.chunks[chunk], article, self.sentences(chunk), score, article.id)

    def _original(self, family: Sequence[str]) -> str:
        outlet = self._datelines[family[0]][1]
        return min([family[0], *(a for a in family if self._datelines[a][1] != outlet)], key=self._age)

    def _age(self, article: str) -> tuple[bool, float, str]:
        published = self._datelines[article][0]
        return (published is None, published.timestamp() if published else 0.0, article)
