"""Stand-ins for every seam: deterministic, instant, without weights and network.

For tests, for benchmarks of everything but the models, and for trying citewire where no model may run.
``LyingGenerator`` is the opposite of a help: it proposes one statement for each way in which a model lies, so that
anyone can see what the gates do with it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from zlib import crc32

import numpy as np
from pydantic import BaseModel

from rag.claims import Verdict
from rag.proposals import Proposal, Statement
from rag.protocols import Entry, Judgement, Reply, Request
from rag.sources import Article, Evidence, Scope

if TYPE_CHECKING:
    from rag.protocols import Vectors

_WORD = re.compile(r"\w+", re.UNICODE)
_NUMBER = re.compile(r"\d+")
_QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")
_NOT = re.compile(r"\b(?:not|never|no) |n[’']t\b", re.IGNORECASE)
_OPINION = re.compile(r"\b(?:says?|said|argues?|argued|believes?|thinks?|claims?|claimed|called)\b", re.IGNORECASE)
_ORDER = re.compile(r"\b(?:ignore|disregard|forget)\b.*\b(?:instructions?|rules?|above|previous)\b", re.IGNORECASE)


def words(text: str) -> list[str]:
    """Return the words of ``text`` in lower case."""
    return [word.lower() for word in _WORD.findall(text)]


class HashEmbedder:
    """A bag of hashed words in 64 dimensions. A text without words gets the first axis, so that every length is 1."""

    name = "hash-64"
    dimensions = 64

    def matrix(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 for each text."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word, times in Counter(words(text)).items():
                code = crc32(word.encode("utf-8", "replace"))
                row[code % self.dimensions] += times if code & 0x8000_0000 else -times
            if not row.any():
                row[0] = 1.0
        return rows / np.sqrt(np.square(rows).sum(axis=1, keepdims=True))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector for each text."""
        return cast("list[list[float]]", self.matrix(texts).tolist())

    def embed_query(self, text: str) -> list[float]:
        """Return the vector to search with: the same as of a document."""
        return self.embed_documents([text])[0]


class OverlapReranker:
    """Relevance by shared words: 4 if a text holds all words of the question, -4 if it holds none."""

    name = "overlap"

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one logit for each text."""
        asked = set(words(question))
        return [8.0 * len(asked & set(words(text))) / max(1, len(asked)) - 4.0 for text in texts]


class MemoryIndex:
    """An ``Index`` of vectors in a dict."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def add(self, entries: Sequence[Entry]) -> None:
        """Keep entries; one that is there is replaced."""
        self._entries |= {entry.chunk.id: entry for entry in entries}

    def remove(self, chunks: Collection[str]) -> None:
        """Forget chunks; what is not there is no error."""
        for chunk in chunks:
            self._entries.pop(chunk, None)

    def search(self, query: Sequence[float] | Vectors, k: int, scope: Scope) -> list[tuple[str, float]]:
        """Return chunk ids with their dot product, best first, ties in alphabetical order."""
        vector = np.asarray(query, dtype=np.float32)
        scored = [
            (id_, float(np.asarray(entry.vector, dtype=np.float32) @ vector))
            for id_, entry in self._entries.items()
            if _within(entry.article, scope)
        ]
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:k]

    def ids(self) -> set[str]:
        """Return all chunk ids."""
        return set(self._entries)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()


class AgreeableVerifier:
    """Says that everything is supported: what is left is the work of the gates."""

    name = "agreeable"

    def judge(self, statement: str, sentences: Sequence[str]) -> Judgement:
        """Return SUPPORTED."""
        del statement
        return Judgement(Verdict.SUPPORTED, 1.0, f"nobody read the {len(sentences)} sentences")


@dataclass(frozen=True, slots=True)
class EchoGenerator:
    """Cites the first ``k`` sentences of the evidence word for word."""

    k: int = 3
    name: str = "echo"
    prompt: str | None = None

    def write(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Proposal]:
        """Propose the first sentences."""
        del question
        yield from (Statement(item.sentence.text, (item.number,)) for item in evidence[: self.k])


@dataclass(frozen=True, slots=True)
class LyingGenerator:
    """Lies in every way that the evidence lends itself to, one statement for each kind."""

    name: str = "liar"
    prompt: str | None = None

    def write(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Proposal]:
        """Propose the lies."""
        del question
        yield from self.lies(evidence).values()

    def lies(self, evidence: Sequence[Evidence]) -> Mapping[str, Statement]:
        """Return a lie for each kind; a kind for which the evidence has no material is left out."""
        if not evidence:
            return {"invented pointer": Statement("The bridge collapsed.", (1,))}
        found = {
            "invented pointer": Statement(evidence[0].sentence.text, (max(item.number for item in evidence) + 1000,)),
            "wrong number": _changed(evidence, _wrong_number),
            "altered quote word": _changed(evidence, _altered_quote),
            'dropped "not"': _changed(evidence, _without_not),
            "opinion as fact": _changed(evidence, _as_fact),
            "merged speakers": _merged(evidence),
            "instructions copied": _changed(evidence, lambda text: text if _ORDER.search(text) else None),
            "cites everything": Statement(
                "Officials in Atlantis confirmed that Zephyr Quill resigned.", tuple(item.number for item in evidence)
            ),
        }
        return {kind: lie for kind, lie in found.items() if lie is not None}


class ScriptedChat:
    """Says what a function of the request says: a chat model whose behaviour is known."""

    def __init__(self, script: Callable[[Request], BaseModel | str], name: str = "scripted") -> None:
        """Reply with what ``script`` returns; what it raises is raised."""
        self._script = script
        self.name = name
        self.requests: list[Request] = []
        """What was asked, in order."""

    def reply(self, request: Request) -> Reply:
        """Return the script's reply."""
        self.requests.append(request)
        said = self._script(request)
        return Reply(said if isinstance(said, str) else said.model_dump_json())


def _within(article: Article, scope: Scope) -> bool:
    if (scope.since or scope.latest) and article.published is None:
        return False
    when = article.published
    if scope.since and when and when < scope.since:
        return False
    if scope.latest and when and when > scope.latest:
        return False
    names = {outlet.casefold() for outlet in scope.outlets}
    return not names or (article.outlet is not None and article.outlet.casefold() in names)


def _changed(evidence: Sequence[Evidence], change: Callable[[str], str | None]) -> Statement | None:
    for item in evidence:
        if (text := change(item.sentence.text)) is not None:
            return Statement(text, (item.number,))
    return None


def _wrong_number(text: str) -> str | None:
    return _NUMBER.sub(lambda match: str(int(match[0][:9]) + 7), text, count=1) if _NUMBER.search(text) else None


def _altered_quote(text: str) -> str | None:
    quoted = _QUOTED.search(text)
    if quoted is None or len(quoted[1].split()) < 2:  # noqa: PLR2004 - of one word nothing would be left
        return None
    parts = quoted[1].split()
    parts[len(parts) // 2] = "absolutely"
    return text[: quoted.start(1)] + " ".join(parts) + text[quoted.end(1) :]


def _without_not(text: str) -> str | None:
    return _NOT.sub("", text, count=1) if _NOT.search(text) else None


def _as_fact(text: str) -> str | None:
    """Cut the speaker off: what was said is left, as if it were so."""
    if _QUOTED.search(text) or not (said := _OPINION.search(text)):
        return None
    rest = text[said.end() :].strip().removeprefix("that ").strip()
    return rest[:1].upper() + rest[1:] if len(rest.split()) > 2 else None  # noqa: PLR2004 - a clause, not a tail


def _merged(evidence: Sequence[Evidence]) -> Statement | None:
    """Put one speaker's name before another's quotation."""
    speakers = [item for item in evidence if _QUOTED.search(item.sentence.text)]
    for first in speakers:
        for second in speakers:
            one, other = _speaker(first.sentence.text), _speaker(second.sentence.text)
            quoted = _QUOTED.search(second.sentence.text)
            if one and other and one != other and quoted:
                return Statement(f"{one} said: {quoted[0]}", (first.number, second.number))
    return None


def _speaker(text: str) -> str | None:
    said = re.search(r"((?:[A-Z][\w’'-]+ ?)+)\b(?:said|says|told)|(?:said|says) ((?:[A-Z][\w’'-]+ ?)+)", text)
    return (said[1] or said[2]).strip() if said else None
