"""Article to the sentences and chunks that are stored with it, and the hash of the text embedded for each chunk."""

from __future__ import annotations

from collections.abc import Sequence

from rag.archive import SqlArchive
from rag.chunking import chunk, embedded_text
from rag.provenance import signature
from rag.rows import Cut
from rag.sentences import SPLITTER, split
from rag.sources import Article, Chunk, Sentence, digest


def cut(article: Article, archive: SqlArchive | None = None) -> Cut:
    """Cut into sentences and chunks; a text that the archive knows keeps the sentences that it is cited by."""
    known = archive.splitter(article) if archive else None
    if archive and known:
        sentences = archive.sentences(article)
    else:
        sentences = tuple(
            Sentence(article.id, article.version, n, start, end, article.text[start:end])
            for n, (start, end) in enumerate(split(article.text))
        )
    spans = tuple((sentence.start, sentence.end) for sentence in sentences)
    chunks, hashes = chunked(article, sentences)
    return Cut(article, spans, chunks, hashes, known or SPLITTER, signature(article.text))


def chunked(article: Article, sentences: Sequence[Sentence]) -> tuple[tuple[Chunk, ...], tuple[str, ...]]:
    """Return the chunks of ``article``, and the hash of the text embedded for each."""
    chunks = chunk(article, sentences)
    return chunks, tuple(digest(embedded_text(article, one)) for one in chunks)
