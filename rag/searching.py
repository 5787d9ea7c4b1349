"""Query to passages and evidence: retrieval over an archive's indexes.

Chunks and articles are ranked by words and by vectors, the best windows are read by the cross-encoder, the rankings are
fused (``rag.retrieval``), and the sentences of the chosen passages become numbered evidence. A question with several
parts is searched for each part and as a whole.

The indexes hold the newest version of each article. With an as-of day an article that was another version then is found
by its newest text and read from that of the day.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

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
_Search = Callable[[str, int, Scope], list[tuple[str, float]]]


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
        words, vectors = pool.then(text, words), pool.then(text, self._by_vector(text, scope))
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
        try:
            chunks = self._found(self._lexical.search, text, retrieval.DEPTH, scope, pool)
            articles = self._found(self._lexical.search_articles, text, retrieval.DEPTH // 2, scope, pool)
        except IndexDamaged as error:
            if self._archive.counts()["chunks"]:  # an archive without articles has no index yet
                log.warning("%s; searching by vectors alone (next: %s)", error, error.hint)
            return [], []
        return chunks, articles

    def _found(self, search: _Search, text: str, most: int, scope: Scope, pool: Pool) -> list[str]:
        """Return what the full text holds within ``scope``; what was edited since may be there under a later date."""
        hits = search(text, most, scope)
        if pool.edited:
            later = replace(scope, since=scope.latest, until=None, as_of=None)
            more = (hit for hit in search(text, OVERFETCH * most, later) if hit[0].partition("@")[0] in pool.edited)
            hits = sorted(dict([*hits, *more]).items(), key=lambda hit: (-hit[1], hit[0]))[:most]
        return [id_ for id_, _ in hits]

    def _by_vector(self, text: str, scope: Scope) -> list[str]:
        vector = self._embedder.embed_query(text)
        if isinstance(self._dense, ExactIndex) or not scope:
            return [chunk for chunk, _ in self._dense.search(vector, retrieval.DEPTH, scope)]
        allowed = self._archive.allowed(scope)
        found = self._dense.search(vector, OVERFETCH * retrieval.DEPTH, Scope())
        return [chunk for chunk, _ in found if chunk.partition("@")[0] in allowed][: retrieval.DEPTH]


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
