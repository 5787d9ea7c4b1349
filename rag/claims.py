"""What we say: drafts that a generator proposes, claims that the gates let through, answers and briefings.

A generator proposes a ``Draft``; the gates turn each of its statements into a ``Claim`` or a ``Withheld``; an
``Answer``, an ``Abstention`` or a ``Briefing`` holds them. Text is computed from claims and never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Self

from rag import rendering
from rag.sources import Article, Sentence
from rag.wire import claim_certificate, document_digest

if TYPE_CHECKING:
    from rag.wire import (
        AnswerWire,
        BriefingWire,
        CitationWire,
        ClaimWire,
        Kind,
        ProvenanceWire,
        SourceWire,
        StoryWire,
        WithheldWire,
    )


class Verdict(StrEnum):
    """What the gates found."""

    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    UNJUDGED = "unjudged"


class Reason(StrEnum):
    """Why a statement was withheld: the gate that it did not pass."""

    POINTER = "pointer"
    QUOTE = "quote"
    FACTS = "facts"
    ATTRIBUTION = "attribution"
    NEGATION = "negation"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    UNJUDGED = "unjudged"


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence that a generator proposes, with the evidence numbers it names. Nothing about it is trusted."""

    text: str
    numbers: tuple[int, ...]
    note: str = ""
    """What kind of statement it is, for a reader ("single source", "disputed"); set by our own code only."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a generator proposes."""

    statements: tuple[Statement, ...]
    missing: tuple[str, ...] = ()
    """Parts of the question that the evidence does not answer, in words."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A pointer to one sentence, with what a reader needs to judge its source."""

    sentence: Sentence
    headline: str | None = None
    outlet: str | None = None
    published: datetime | None = None
    url: str | None = None

    @classmethod
    def of(cls, sentence: Sentence, article: Article) -> Self:
        """Cite ``sentence`` of ``article``.

        Raises ValueError if the sentence is not a slice of this text of this article.
        """
        if sentence.version != article.version or article.text[sentence.start : sentence.end] != sentence.text:
            msg = f"{sentence.id} is not a sentence of {article.key}"
            raise ValueError(msg)
        return cls(sentence, article.headline, article.outlet, article.published, article.url)

    def to_dict(self) -> CitationWire:
        """Return the wire shape."""
        return {
            "sentence": self.sentence.id,
            "article": self.sentence.article,
            "version": self.sentence.version,
            "start": self.sentence.start,
            "end": self.sentence.end,
            "text": self.sentence.text,
            "headline": self.headline,
            "outlet": self.outlet,
            "published": self.published.isoformat() if self.published else None,
            "url": self.url,
        }

    @classmethod
    def from_dict(cls, wire: CitationWire) -> Self:
        """Read the wire shape. Raises ValueError where offsets and text disagree."""
        sentence = Sentence(
            article=wire["article"],
            version=wire["version"],
            n=int(wire["sentence"].rpartition("#")[2]),
            start=wire["start"],
            end=wire["end"],
            text=wire["text"],
        )
        published = datetime.fromisoformat(wire["published"]) if wire["published"] else None
        return cls(sentence, wire["headline"], wire["outlet"], published, wire["url"])


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement with the sentences it rests on.

    Raises ValueError if it is called supported but cites nothing or passed no check.
    """

    text: str
    citations: tuple[Citation, ...]
    checks: tuple[str, ...]
    """The gates it passed, in order."""
    verdict: Verdict = Verdict.SUPPORTED
    note: str = ""

    def __post_init__(self) -> None:
        if not self.text.strip():
            msg = "a claim needs text"
            raise ValueError(msg)
        if self.verdict is Verdict.SUPPORTED and not (self.citations and self.checks):
            msg = f"a supported claim needs a citation and a check: {self.text!r}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A statement that did not pass a gate: never printed as true, kept to be looked at."""

    text: str
    reason: Reason
    detail: str
    """What exactly failed, for a person: "the cited sentences do not contain 1,400"."""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """What made an answer: enough to make it again."""

    generator: str
    verifier: str
    index: str
    """Fingerprint of the index."""
    citewire: str
    """Version of this package."""
    prompt: str | None = None
    """sha256 of the prompt, None where no prompt was used."""
    as_of: datetime | None = None

    def to_dict(self) -> ProvenanceWire:
        """Return the wire shape."""
        return {
            "generator": self.generator,
            "verifier": self.verifier,
            "prompt": self.prompt,
            "index": self.index,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "citewire": self.citewire,
        }

    @classmethod
    def from_dict(cls, wire: ProvenanceWire) -> Self:
        """Read the wire shape."""
        return cls(
            generator=wire["generator"],
            verifier=wire["verifier"],
            index=wire["index"],
            citewire=wire["citewire"],
            prompt=wire["prompt"],
            as_of=datetime.fromisoformat(wire["as_of"]) if wire["as_of"] else None,
        )


class _Numbering:
    """Numbers citations in the order in which a reader meets them, each sentence once."""

    def __init__(self, provenance: ProvenanceWire) -> None:
        self._keys: dict[str, str] = {}
        self._provenance = provenance
        self.citations: dict[str, CitationWire] = {}

    def keys(self, citations: Iterable[Citation]) -> list[str]:
        keys: list[str] = []
        for citation in citations:
            key = self._keys.setdefault(citation.sentence.id, str(len(self._keys) + 1))
            self.citations.setdefault(key, citation.to_dict())
            if key not in keys:
                keys.append(key)
        return keys

    def claim(self, claim: Claim) -> ClaimWire:
        wire: ClaimWire = {
            "text": claim.text,
            "verdict": "supported",
            "checks": list(claim.checks),
            "citations": self.keys(claim.citations),
            "certificate": "",
        }
        if claim.note:
            wire["note"] = claim.note
        wire["certificate"] = claim_certificate(wire, self.citations, self._provenance)
        return wire

    def withheld(self, item: Withheld) -> WithheldWire:
        return {
            "text": item.text,
            "reason": item.reason.value,
            "detail": item.detail,
            "citations": self.keys(item.citations),
        }


class _Lookup:
    """The way back: citation keys to citations."""

    def __init__(self, citations: dict[str, CitationWire]) -> None:
        self._citations = {key: Citation.from_dict(wire) for key, wire in citations.items()}

    def citations(self, keys: Sequence[str]) -> tuple[Citation, ...]:
        unknown = [key for key in keys if key not in self._citations]
        if unknown:
            msg = f"citation {unknown[0]!r} is not in the document"
            raise ValueError(msg)
        return tuple(self._citations[key] for key in keys)

    def claim(self, wire: ClaimWire) -> Claim:
        return Claim(
            text=wire["text"],
            citations=self.citations(wire["citations"]),
            checks=tuple(wire["checks"]),
            verdict=Verdict(wire["verdict"]),
            note=wire.get("note", ""),
        )

    def withheld(self, wire: WithheldWire) -> Withheld:
        return Withheld(wire["text"], Reason(wire["reason"]), wire["detail"], self.citations(wire["citations"]))


def _refuse_unsupported(claims: Iterable[Claim]) -> None:
    for claim in claims:
        if claim.verdict is not Verdict.SUPPORTED:
            msg = f"only supported claims may be printed, this one is {claim.verdict}: {claim.text!r}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Answer:
    """Claims that answer a question, wholly or in part.

    Raises ValueError without claims, or with one that is not supported.
    """

    question: str
    claims: tuple[Claim, ...]
    provenance: Provenance
    missing: tuple[str, ...] = ()
    """Parts of the question left open; none means answered, some means partial."""
    withheld: tuple[Withheld, ...] = ()
    nearest: tuple[Citation, ...] = ()

    def __post_init__(self) -> None:
        if not self.claims:
            msg = "an answer needs a claim; without one it is an Abstention"
            raise ValueError(msg)
        _refuse_unsupported(self.claims)

    @property
    def status(self) -> Literal["answered", "partial"]:
        """``partial`` where a part of the question is missing."""
        return "partial" if self.missing else "answered"

    @property
    def text(self) -> str:
        """The claims in order, as one paragraph."""
        return " ".join(claim.text for claim in self.claims)

    def to_dict(self) -> AnswerWire:
        """Return ``citewire/answer-1``."""
        return _answer_wire(self)

    def _repr_html_(self) -> str:
        return rendering.answer_html(self.to_dict())

    def __str__(self) -> str:
        return rendering.answer_text(self.to_dict())


@dataclass(frozen=True, slots=True)
class Abstention:
    """A declined question: a result, not an error."""

    question: str
    provenance: Provenance
    missing: tuple[str, ...]
    """What the archive does not hold, in words."""
    nearest: tuple[Citation, ...] = ()
    """The closest sentences found, best first; they do not answer."""
    withheld: tuple[Withheld, ...] = ()
    claims: tuple[Claim, ...] = field(default=(), init=False)
    status: Literal["declined"] = field(default="declined", init=False)

    @property
    def text(self) -> str:
        """Always empty: nothing is claimed."""
        return ""

    def to_dict(self) -> AnswerWire:
        """Return ``citewire/answer-1`` with status ``declined``."""
        return _answer_wire(self)

    def _repr_html_(self) -> str:
        return rendering.answer_html(self.to_dict())

    def __str__(self) -> str:
        return rendering.answer_text(self.to_dict())


def _answer_wire(result: Answer | Abstention) -> AnswerWire:
    provenance = result.provenance.to_dict()
    numbering = _Numbering(provenance)
    claims = [numbering.claim(claim) for claim in result.claims]
    withheld = [numbering.withheld(item) for item in result.withheld]
    nearest = numbering.keys(result.nearest)
    wire: AnswerWire = {
        "schema": "citewire/answer-1",
        "question": result.question,
        "status": result.status,
        "missing": list(result.missing),
        "claims": claims,
        "citations": numbering.citations,
        "withheld": withheld,
        "nearest": nearest,
        "provenance": provenance,
        "digest": "",
    }
    wire["digest"] = document_digest(wire)
    return wire


def answer_from_dict(wire: AnswerWire) -> Answer | Abstention:
    """Read ``citewire/answer-1``. Raises ValueError or KeyError where it breaks a rule of these types."""
    lookup = _Lookup(wire["citations"])
    provenance = Provenance.from_dict(wire["provenance"])
    withheld = tuple(lookup.withheld(item) for item in wire["withheld"])
    nearest = lookup.citations(wire["nearest"])
    missing = tuple(wire["missing"])
    if wire["status"] == "declined":
        return Abstention(wire["question"], provenance, missing, nearest, withheld)
    claims = tuple(lookup.claim(claim) for claim in wire["claims"])
    return Answer(wire["question"], claims, provenance, missing, withheld, nearest)


@dataclass(frozen=True, slots=True)
class Section:
    """Claims of one kind in a story."""

    kind: Kind
    claims: tuple[Claim, ...]

    def __post_init__(self) -> None:
        _refuse_unsupported(self.claims)


@dataclass(frozen=True, slots=True)
class Source:
    """One provenance root: an original report and those who carried it. Counted once."""

    root: str
    """Id of the article that the others descend from."""
    outlets: tuple[str, ...]
    articles: tuple[str, ...]
    """Ids, the root first."""

    def to_dict(self) -> SourceWire:
        """Return the wire shape."""
        return {"root": self.root, "outlets": list(self.outlets), "articles": list(self.articles)}


@dataclass(frozen=True, slots=True)
class Story:
    """One event as the archive tells it."""

    id: str
    headline: str
    """The headline of one of its articles: quoted, not written."""
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Briefing:
    """A neutral digest of many articles."""

    topic: str | None
    stories: tuple[Story, ...]
    provenance: Provenance
    withheld: tuple[Withheld, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims in reading order."""
        return tuple(claim for story in self.stories for section in story.sections for claim in section.claims)

    @property
    def text(self) -> str:
        """The claims in reading order, a line each."""
        return "\n".join(claim.text for claim in self.claims)

    @property
    def words(self) -> int:
        """Length of ``text`` in words."""
        return len(self.text.split())

    def to_dict(self) -> BriefingWire:
        """Return ``citewire/briefing-1``."""
        provenance = self.provenance.to_dict()
        numbering = _Numbering(provenance)
        stories: list[StoryWire] = [
            {
                "id": story.id,
                "headline": story.headline,
                "sections": [
                    {"kind": section.kind, "claims": [numbering.claim(claim) for claim in section.claims]}
                    for section in story.sections
                ],
                "sources": [source.to_dict() for source in story.sources],
                "concerns": [],
            }
            for story in self.stories
        ]
        wire: BriefingWire = {
            "schema": "citewire/briefing-1",
            "topic": self.topic,
            "stories": stories,
            "withheld": [numbering.withheld(item) for item in self.withheld],
            "citations": numbering.citations,
            "provenance": provenance,
            "digest": "",
        }
        wire["digest"] = document_digest(wire)
        return wire

    @classmethod
    def from_dict(cls, wire: BriefingWire) -> Self:
        """Read ``citewire/briefing-1``. Raises ValueError or KeyError where it breaks a rule of these types."""
        lookup = _Lookup(wire["citations"])
        stories = tuple(
            Story(
                id=story["id"],
                headline=story["headline"],
                sections=tuple(
                    Section(section["kind"], tuple(lookup.claim(claim) for claim in section["claims"]))
                    for section in story["sections"]
                ),
                sources=tuple(
                    Source(source["root"], tuple(source["outlets"]), tuple(source["articles"]))
                    for source in story["sources"]
                ),
            )
            for story in wire["stories"]
        )
        withheld = tuple(lookup.withheld(item) for item in wire["withheld"])
        return cls(wire["topic"], stories, Provenance.from_dict(wire["provenance"]), withheld)

    def _repr_html_(self) -> str:
        return rendering.briefing_html(self.to_dict())

    def __str__(self) -> str:
        return rendering.briefing_text(self.to_dict())
