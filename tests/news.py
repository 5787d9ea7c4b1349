"""Small articles for tests: text in, evidence out."""

from __future__ import annotations

from datetime import UTC, datetime

from rag.sentences import split
from rag.sources import Article, Evidence, Sentence


def article(text: str, *, outlet: str | None = "Harbour Post", headline: str | None = None, url: str | None = None) -> Article:
    """An article of 3 March 2026, a Tuesday."""
    return Article(
        text=text, outlet=outlet, headline=headline, url=url, published=datetime(2026, 3, 3, 9, tzinfo=UTC)
    )


def sentences(source: Article) -> tuple[Sentence, ...]:
    """Its sentences as the splitter cuts them."""
    return tuple(
        Sentence(source.id, source.version, n, start, end, source.text[start:end])
        for n, (start, end) in enumerate(split(source.text))
    )


def evidence(*sources: Article) -> tuple[Evidence, ...]:
    """All sentences of ``sources``, numbered from 1."""
    found = [(sentence, source) for source in sources for sentence in sentences(source)]
    return tuple(Evidence(number, sentence, source) for number, (sentence, source) in enumerate(found, start=1))
