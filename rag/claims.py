"""What we say, sentence by sentence: what the gates make of what a generator proposes (``rag.proposals``).

They turn each statement of a draft into a ``Claim`` or a ``Withheld``. Answers and briefings hold them
(``rag.answers``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from rag.errors import BudgetReached, ProviderError
from rag.proposals import UNKNOWN, Particulars
from rag.sources import Article, Sentence

if TYPE_CHECKING:
    from rag.wire import CitationWire, ConflictKind, ProvenanceWire, Role, SourceWire


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
    WORDING = "wording"
    """True, but not said plainly; only where plain wording was asked for."""
    ONE_SIDED = "one_sided"
    """A statement or what was said against it, of which the other was withheld."""


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
    known: Particulars = UNKNOWN

    def __post_init__(self) -> None:
        if not self.text.strip():
            msg = "a claim needs text"
            raise ValueError(msg)
        if self.verdict is Verdict.SUPPORTED and not (self.citations and self.checks):
            msg = f"a supported claim needs a citation and a check: {self.text!r}"
            raise ValueError(msg)


def ordered(parts: Iterable[str], text: str) -> bool:
    """Tell whether ``parts`` stand in ``text`` word for word, one after the other."""
    place = 0
    for part in parts:
        found = text.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return True


@dataclass(frozen=True, slots=True)
class Position:
    """What one side of a conflict says, and where.

    Raises ValueError if the value, or a part, does not stand in the cited sentence, or the parts not in their order.
    """

    value: str
    """The figure, name or word at issue as it stands there; may be empty."""
    speaker: str
    """On whose word, as the sentence names them; empty where it names nobody."""
    citation: Citation
    role: Role | None = None
    """Its part in the conflict; None in documents that were written before there were parts."""
    parts: tuple[str, ...] | None = None
    """What is printed of the sentence where plain wording alone was asked for, word for word; None for all of it."""

    def __post_init__(self) -> None:
        text = self.citation.sentence.text
        if self.value not in text or not ordered(self.parts or (), text):
            wrong = self.value if self.value not in text else " … ".join(self.parts or ())
            msg = f"{wrong!r} is not in {self.citation.sentence.id}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Conflict:
    """What sources do not agree on, or what changed between them, earliest position first."""

    kind: ConflictKind
    about: str
    """What figures count, in the words of a sentence; empty where the sentences themselves must tell."""
    positions: tuple[Position, ...]
    """Two or more: figures that changed by day, a denial after what it denies."""
    found_by: str = ""
    """The chat model that paired its sentences; empty where a rule found any two of them."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A statement that did not pass a gate: never printed as true, kept to be looked at."""

    text: str
    reason: Reason
    detail: str
    """What exactly failed, for a person: "the cited sentences do not contain 1,400"."""
    citations: tuple[Citation, ...] = ()
    fault: ProviderError | BudgetReached | None = field(default=None, compare=False)
    """Why a model did not judge it; never on the wire."""


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
