"""Question or words to the sentences of an archive that a person may mark, and to their copies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rag.errors import UsageError
from rag.newsroom import Newsroom
from rag.questions import checked, terms
from rag.sources import Article, Query, Sentence

AROUND = 2
"""Sentences shown on either side of one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence and the article that it stands in."""

    sentence: Sentence
    article: Article


class Finder:
    """Finds sentences in a newsroom's archive."""

    def __init__(self, room: Newsroom) -> None:
        self._room = room

    def answering(self, question: str) -> list[Found]:
        """Return the sentences that answering this question would read, the likeliest first."""
        evidence = self._room.evidence(Query(checked(question)))
        ranked = sorted(evidence, key=lambda item: (item.score is None, -(item.score or 0.0), item.number))
        return [Found(item.sentence, item.article) for item in ranked]

    def holding(self, words: str) -> list[Found]:
        """Return the sentences found for ``words`` that have some of them, those with most first."""
        wanted = terms(words)
        passages = self._room.passages(checked(words), k=30)
        found = {s.id: Found(s, p.article) for p in passages for s in p.sentences}.values()  # chunks overlap
        scored = [
            (len(wanted & terms(one.sentence.text)) + (words.lower() in one.sentence.text.lower()), one)
            for one in found
        ]
        return [one for shared, one in sorted(scored, key=lambda each: -each[0]) if shared]

    def around(self, one: Found) -> list[Found]:
        """Return a sentence with its neighbours, in order."""
        first = max(0, one.sentence.n - AROUND)
        return [Found(s, one.article) for s in self._room.sentences(one.article)[first : one.sentence.n + AROUND + 1]]

    def named(self, id: str) -> Found | None:  # noqa: A002 - the field's own word
        """Return a sentence by its id, None if the archive does not have it."""
        article, _, rest = id.partition("@")
        version, _, n = rest.partition("#")
        try:
            source = self._room.article(article, version)
            return Found(self._room.sentences(source)[int(n)], source)
        except (UsageError, ValueError, IndexError):
            return None

    def copies(self, one: Found) -> list[Found]:
        """Return the same sentence in other articles, word for word; all texts are read, once a session."""
        text = _flat(one.sentence.text)
        return [
            Found(sentence, article)
            for article, flat in self._texts
            if article.id != one.article.id and text in flat
            for sentence in self._room.sentences(article)
            if _flat(sentence.text) == text
        ]

    @cached_property
    def _texts(self) -> list[tuple[Article, str]]:
        return [(article, _flat(article.text)) for article in self._room.articles()]


def _flat(text: str) -> str:
    return " ".join(text.split())
