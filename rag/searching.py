"""Query to passages and evidence: retrieval over an archive's indexes.

Chunks and articles are ranked by words and by vectors, the best windows are read by the cross-encoder, the rankings are
fused (``rag.retrieval``), and the sentences of the chosen passages become numbered evidence. A question with several
parts is searched for each part and as a whole.

The indexes hold the newest version of each article. With an as-of day the articles that were another version then are
read, cut and scored anew, and take their places among what the indexes found.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from rag import retrieval
from rag.archive import SqlArchive
from rag.chroma import ChromaIndex
from rag.errors import IndexDamaged
from rag.exact import ExactIndex
from rag.lexical import LexicalIndex
from rag.pool import Pool
from rag.protocols import Embedder, Reranker
from rag.questions import parts, terms
from rag.sources import Article, Evidence, Passage, Query, Scope, Sentence

if TYPE_CHECKING:
    from rag.protocols import Vectors

SECOND = 0.7
"""Weight of an article's second chunk: below the first of the next article, above that of one far down."""
OVERFETCH = 4
"""How many times its depth an index is asked for when much of what it finds will be left out."""

RELEVANT = -5.5
"""Logit of the cross-encoder from which a story is about a topic some of whose words none of its articles has. For 13
topics and three stories of ours it was -4.9 and more where one is about the other, -6.6 and less where not."""
ASKED, SHOWN = 8, 700
"""Articles of a story that the cross-encoder is asked about at most, and characters of each."""
log = logging.getLogger(__name__)
_Hit = tuple[str, float]
"""Id of a chunk or an article, and its score."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Articles and chunks that a question found."""

    articles: tuple[str, ...]
    """Best first, one for each report that was copied."""
    passages: tuple[Passage, ...]
    """Best first."""


class Searcher:
    """Searches one archive."""

    def __init__(
        self,
        archive: SqlArchive,
        dense: ExactIndex | ChromaIndex,
        lexical: LexicalIndex,
        embedder: Embedder,
        reranker: Reranker | None,
    ) -> None:
        """Search ``archive`` through its indexes; without a reranker the first-stage rankings decide."""
        self._archive = archive
        self._dense = dense
        self._lexical = lexical
        self._embedder = embedder
        self._reranker = reranker

    def passages(self, query: Query) -> list[Passage]:
        """Return up to ``query.k`` passages, best first."""
        return list(self.ranked(query).passages)

    def evidence(self, query: Query) -> tuple[Evidence, ...]:
        """Return the sentences of the best passages, those of one article in its order, the likely ones scored."""
        found = numbered(self.passages(query))
        if self._reranker is None or not found:
            return found
        best: dict[int, float] = {}
        for part in parts(query.question):
            likely = retrieval.shortlist(part, found)
            logits = self._reranker.score(part.query, [retrieval.scored_text(item) for item in likely])
            for item, logit in zip(likely, logits, strict=True):
                best[item.number] = max(logit, best.get(item.number, logit))
        return tuple(replace(item, score=best.get(item.number)) for item in found)

    def about(self, topic: str, articles: Sequence[Article]) -> bool:
        """Tell whether articles of one story have all words of ``topic``, or are about it in other words."""
        told = [f"{article.headline or ''}\n{article.text}" for article in articles]
        if terms(topic) <= terms(" ".join(told)) or self._reranker is None:
            return True
        return max(self._reranker.score(topic, [text[:SHOWN] for text in told[:ASKED]]), default=RELEVANT) >= RELEVANT

    def ranked(self, query: Query) -> Ranked:
        """Return articles and passages by relevance, without near-copies, as of one moment of the archive."""
        return self._archive.steady(lambda: self._ranked(query))

    def _ranked(self, query: Query) -> Ranked:
        asked = parts(query.question)
        queries = [query.question] if len(asked) == 1 else [query.question, *(part.query for part in asked)]
        scores: dict[str, float] = {}
        chunk_order: dict[str, list[str]] = {}
        pool = Pool(self._archive, query.scope)
        for text in queries:
            for article, score in self._rank(text, query.scope, pool, len(queries), chunk_order).items():
                scores[article] = scores.get(article, 0.0) + score
        order = pool.without_copies(retrieval.ordered(scores))
        weighted = {
            chunk: scores[article] * (1.0 if place == 0 else SECOND)
            for article in order
            for place, chunk in enumerate(chunk_order.get(article, [])[: retrieval.PER_ARTICLE * len(queries)])
        }
        chosen = pool.load(retrieval.ordered(weighted)[: query.k])
        return Ranked(tuple(order), tuple(pool.passage(chunk, weighted[chunk]) for chunk in chosen))

    def _rank(
        self, text: str, scope: Scope, pool: Pool, queries: int, chunk_order: dict[str, list[str]]
    ) -> dict[str, float]:
        """Return the fused score of each article for one query, and note the order of its chunks."""
        words, wholes = self._by_words(text, scope, pool)
        vectors = self._by_vector(text, scope, pool, words)
        pool.fetch([*words, *vectors], wholes)
        first = retrieval.fuse([(words, 1.0), (vectors, retrieval.DENSE)])
        ranking = retrieval.ordered(
            {c: s * pool.freshness(text, pool.article_of[c]) for c, s in first.items() if c in pool.chunks}
        )
        rankings = [
            (retrieval.first_of_each(ranking, pool.article_of), 1.0),
            ([article for article in wholes if pool.knows(article)], retrieval.ARTICLE),
        ]
        best = ranking
        if self._reranker is not None:
            best = self._reread(
                text, retrieval.candidates(ranking, pool.article_of, retrieval.CANDIDATES // queries + 1), pool
            )
            rankings.append((retrieval.first_of_each(best, pool.article_of), retrieval.RERANKED))
        for chunk in best:
            known = chunk_order.setdefault(pool.article_of[chunk], [])
            if chunk not in known:
                known.append(chunk)
        fused = retrieval.fuse(rankings)
        return {article: score * pool.freshness(text, article) for article, score in fused.items()}

    def _reread(self, text: str, chunks: Sequence[str], pool: Pool) -> list[str]:
        assert self._reranker is not None  # noqa: S101 - the caller has looked
        chunks = pool.load(chunks)
        windows = [pool.window(text, chunk) for chunk in chunks]
        logits = dict(zip(chunks, self._reranker.score(text, windows), strict=True))
        return retrieval.ordered(logits)

    def _by_words(self, text: str, scope: Scope, pool: Pool) -> tuple[list[str], list[str]]:
        """Return chunks and articles by the full text, what was edited since by its text of that day."""
        try:
            chunks = self._lexical.search(text, retrieval.DEPTH, scope)
            articles = self._lexical.search_articles(text, retrieval.DEPTH // 2, scope)
            if pool.edited:
                wholes = self._lexical.score(text, pool.texts(pool.earlier), "articles")
                articles = _joined(articles, zip(pool.earlier, wholes, strict=True), pool)[: retrieval.DEPTH // 2]
                cut = pool.cut([article for article, _ in articles if article in pool.edited])
                chunks = _joined(chunks, zip(cut, self._lexical.score(text, pool.texts(cut)), strict=True), pool)
        except IndexDamaged as error:
            if self._archive.counts()["chunks"]:  # an archive without articles has no index yet
                log.warning("%s; searching by vectors alone (next: %s)", error, error.hint)
            return [], []
        return [chunk for chunk, _ in chunks[: retrieval.DEPTH]], [article for article, _ in articles]

    def _by_vector(self, text: str, scope: Scope, pool: Pool, words: Sequence[str]) -> list[str]:
        """Return chunks by their vectors; those of that day are embedded here, if that costs nothing."""
        vector = self._embedder.embed_query(text)
        if isinstance(self._dense, ExactIndex) or not scope:
            found = self._dense.search(vector, retrieval.DEPTH, scope)
        else:
            allowed = self._archive.allowed(scope)
            found = self._dense.search(vector, OVERFETCH * retrieval.DEPTH, Scope())
            found = [hit for hit in found if _article(hit[0]) in allowed]
        matrix: Callable[[Sequence[str]], Vectors] | None = getattr(self._embedder, "matrix", None)
        if pool.edited:
            cut = [chunk for chunk in words if matrix and _article(chunk) in pool.edited][: retrieval.CANDIDATES]
            near = matrix([pool.embedded(chunk) for chunk in cut]) @ np.asarray(vector) if matrix and cut else ()
            found = _joined(found, [(chunk, float(score)) for chunk, score in zip(cut, near, strict=True)], pool)
        return [chunk for chunk, _ in found[: retrieval.DEPTH]]


def _article(chunk: str) -> str:
    return chunk.partition("@")[0]


def _joined(found: Iterable[_Hit], earlier: Iterable[_Hit], pool: Pool) -> list[_Hit]:
    """Return what an index found with what was edited since as it was then, not as it is now."""
    hits = [*(hit for hit in found if _article(hit[0]) not in pool.edited), *(hit for hit in earlier if hit[1] > 0)]
    return sorted(hits, key=lambda hit: (-hit[1], hit[0]))


def numbered(passages: Sequence[Passage]) -> tuple[Evidence, ...]:
    """Return the sentences of passages, numbered from 1: article by article as they rank, each in its own order."""
    order = list(dict.fromkeys(passage.article.id for passage in passages))
    found: dict[str, dict[int, tuple[Sentence, Passage]]] = {article: {} for article in order}
    for passage in passages:
        for sentence in passage.sentences:
            found[passage.article.id].setdefault(sentence.n, (sentence, passage))
    rows = [found[article][n] for article in order for n in sorted(found[article])]
    return tuple(
        Evidence(number, sentence, passage.article, root=passage.root)
        for number, (sentence, passage) in enumerate(rows, start=1)
    )
