"""What all rivals share: one stand-in for a language model, one reply format, one way back from a chunk to sentences.

No hosted model can be asked offline, so every rival's generator is the same stand-in. It gets the prompt that the
rival's framework has made, reads its numbered sources, and replies with whole sentences and ``[n]`` behind each.
There are two: ``ExtractiveReader`` is citewire's own writer (cross-encoder, question types, threshold to decline) lent
to the rival; ``OverlapReader`` takes the sentence that shares most words with the question. Neither is what a hosted
model would be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rag.proposals import Statement
from rag.protocols import Generator
from rag.questions import terms
from rag.sentences import split
from rag.sources import Article, Evidence, Sentence

LINE = "\n------\n"
PROMPT = f"""Answer the question from the numbered sources and from nothing else.
Behind each statement put the number of its source in square brackets. If no source answers the question, say so.\
{LINE}{{sources}}{LINE}Query: {{question}}
Answer: """
"""For the rivals that bring no prompt of their own; laid out as LlamaIndex lays out its one."""
NOTHING = "The sources do not answer this."

_HEADLINE = re.compile(r"\s*headline: (.*)\n\n?")
_NUMBER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Response:
    """What a system said."""

    text: str
    citations: tuple[str, ...] = ()
    """Ids of the sentences that what it cites is made of."""
    sentences: tuple[str, ...] = ()
    """Ids of the sentences that its answer was taken from: what it would cite if it cited sentences."""
    articles: tuple[str, ...] = ()
    """Ids of the articles it cites."""
    declined: bool = False


@dataclass(frozen=True, slots=True)
class Cited:
    """What a rival cites: a piece of an article."""

    article: str
    text: str


class System(Protocol):
    """What is measured."""

    def rank(self, question: str) -> Sequence[str]:
        """Return article ids, best first."""
        ...

    def ask(self, question: str) -> Response:
        """Return an answer."""
        ...


def numbered(sources: Sequence[tuple[str, str]]) -> str:
    """Return headlines and texts as numbered sources of a prompt."""
    return "\n\n".join(f"Source {n}:\nheadline: {title}\n\n{text}" for n, (title, text) in enumerate(sources, start=1))


def read(prompt: str) -> tuple[str, list[Article | None]]:
    """Return the question and the sources of a prompt, in the order of their numbers."""
    block, _, tail = prompt.partition(LINE)[2].rpartition(LINE)
    question = tail.partition("Query: ")[2].rpartition("\nAnswer:")[0].strip()
    marks: list[re.Match[str]] = []
    for mark in re.finditer(r"^Source (\d+):\n", block, re.MULTILINE):
        if int(mark[1]) == len(marks) + 1:  # a line of an article could look like a mark
            marks.append(mark)
    starts = [*(mark.start() for mark in marks), len(block)]
    return question, [_source(block[mark.end() : end]) for mark, end in zip(marks, starts[1:], strict=True)]


def _source(text: str) -> Article | None:
    head = _HEADLINE.match(text)
    body = text[head.end() :] if head else text
    return Article(body, headline=(head[1].strip() or None) if head else None) if body.strip() else None


def evidence(sources: Sequence[Article | None]) -> list[tuple[int, Evidence]]:
    """Return the sentences of all sources, numbered, each with the number of its source."""
    found: list[tuple[int, Evidence]] = []
    for place, source in enumerate(sources, start=1):
        for n, (start, end) in enumerate(split(source.text) if source else ()):
            assert source is not None  # noqa: S101 - nothing to split otherwise
            sentence = Sentence(source.id, source.version, n, start, end, source.text[start:end])
            found.append((place, Evidence(len(found) + 1, sentence, source)))
    return found


@dataclass
class Reader:
    """A prompt to a reply; remembers which sentences the last reply was taken from."""

    picks: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    """Number of the source, and the sentence."""

    def reply(self, prompt: str) -> str:
        """Return sentences with the numbers of their sources, or that nothing answers."""
        question, sources = read(prompt)
        items = evidence(sources)
        statements = self.choose(question, [item for _, item in items])
        place = {item.number: (source, item.sentence.text) for source, item in items}
        self.picks = [place[number] for statement in statements for number in statement.numbers]
        texts = [
            statement.text + "".join(f"[{n}]" for n in dict.fromkeys(place[number][0] for number in statement.numbers))
            for statement in statements
        ]
        return " ".join(texts) or NOTHING

    def choose(self, question: str, items: Sequence[Evidence]) -> list[Statement]:
        """Return what to say."""
        raise NotImplementedError


@dataclass
class ExtractiveReader(Reader):
    """citewire's writer without a model, as it stands."""

    writer: Generator | None = None

    def choose(self, question: str, items: Sequence[Evidence]) -> list[Statement]:
        """Return up to two statements for each part of the question."""
        assert self.writer is not None  # noqa: S101 - a dataclass cannot ask for it
        return [found for found in self.writer.write(question, items) if isinstance(found, Statement)]


@dataclass
class OverlapReader(Reader):
    """The sentence with most words of the question, the first of equals; declines where none has any."""

    def choose(self, question: str, items: Sequence[Evidence]) -> list[Statement]:
        """Return one statement, or none."""
        wanted = terms(question)
        shared = [len(wanted & terms(item.sentence.text)) for item in items]
        if not shared or not max(shared):
            return []
        best = items[shared.index(max(shared))]
        return [Statement(best.sentence.text, (best.number,))]


class Library:
    """The sentences of all articles, to find again what a rival cites."""

    def __init__(self, articles: Sequence[Article]) -> None:
        """Split lazily: most articles are never cited."""
        self._articles = {one.id: one for one in articles}
        self._split: dict[str, list[tuple[str, str]]] = {}

    def headline(self, article: str) -> str:
        """Return its headline, or nothing."""
        return self._articles[article].headline or ""

    def within(self, cited: Cited) -> list[str]:
        """Return the ids of the sentences that stand in a piece of their article from end to end."""
        piece = _plain(cited.text)
        return [id_ for id_, text in self._of(cited.article) if text in piece]

    def around(self, cited: Cited) -> list[str]:
        """Return the id of the sentence that a picked one is, or is cut from: a chunk may begin inside a sentence."""
        picked = _plain(cited.text)
        exact = [id_ for id_, text in self._of(cited.article) if text == picked]
        return (exact or [id_ for id_, text in self._of(cited.article) if picked in text or text in picked])[:1]

    def response(self, text: str, sources: Mapping[int, Cited], picks: Sequence[tuple[int, str]]) -> Response:
        """Return the answer of a rival that cites sources by number; ``sources`` are all that it was shown."""
        cited = [sources[n] for n in dict.fromkeys(int(mark) for mark in _NUMBER.findall(text)) if n in sources]
        chosen = [Cited(sources[n].article, sentence) for n, sentence in picks if n in sources]
        return Response(
            text,
            tuple(dict.fromkeys(id_ for piece in cited for id_ in self.within(piece))),
            tuple(dict.fromkeys(id_ for piece in chosen for id_ in self.around(piece))),
            tuple(dict.fromkeys(piece.article for piece in cited)),
            declined=text.strip() == NOTHING,
        )

    def _of(self, id_: str) -> list[tuple[str, str]]:
        if id_ not in self._split:
            article = self._articles[id_]
            spans = enumerate(split(article.text))
            self._split[id_] = [(f"{article.key}#{n}", _plain(article.text[start:end])) for n, (start, end) in spans]
        return self._split[id_]


def _plain(text: str) -> str:
    return " ".join(text.split())
