"""What a reader gets: an answer, an abstention or a briefing, and the shape of each on the wire.

Text is computed from claims and never stored; a claim that is not supported cannot get in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Self

from rag import rendering
from rag.claims import Citation, Claim, Conflict, Provenance, Source, Verdict, Withheld
from rag.fairness import Accuracy, Concern, Share
from rag.numbering import CitedBack, Numbering
from rag.seals import document_digest
from rag.wire import Unsaid

if TYPE_CHECKING:
    from rag.wire import AnswerWire, BriefingWire, Kind, StoryWire


def _refuse_unsupported(claims: Iterable[Claim]) -> None:
    for claim in claims:
        if claim.verdict is not Verdict.SUPPORTED:
            msg = f"only supported claims may be printed, this one is {claim.verdict}: {claim.text!r}"
            raise ValueError(msg)


class _Result:
    """What an answer and an abstention have in common: how their shape on the wire is made and shown."""

    __slots__ = ()

    def to_dict(self) -> AnswerWire:
        """Return ``citewire/answer-1``."""
        assert isinstance(self, Answer | Abstention)  # noqa: S101 - the two results there are
        return _answer_wire(self)

    def _repr_html_(self) -> str:
        return rendering.answer_html(self.to_dict())

    def __str__(self) -> str:
        return rendering.answer_text(self.to_dict())


@dataclass(frozen=True, slots=True)
class Answer(_Result):
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
    notes: tuple[str, ...] = ()
    """How it was made, where a reader must know."""

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


@dataclass(frozen=True, slots=True)
class Abstention(_Result):
    """A declined question: a result, not an error."""

    question: str
    provenance: Provenance
    missing: tuple[str, ...]
    """What the archive does not hold, in words."""
    nearest: tuple[Citation, ...] = ()
    """The closest sentences found, best first; they do not answer."""
    withheld: tuple[Withheld, ...] = ()
    notes: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = field(default=(), init=False)
    status: Literal["declined"] = field(default="declined", init=False)

    @property
    def text(self) -> str:
        """Always empty: nothing is claimed."""
        return ""


def _answer_wire(result: Answer | Abstention) -> AnswerWire:
    provenance = result.provenance.to_dict()
    numbering = Numbering(provenance)
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
    if result.notes:
        wire["notes"] = list(result.notes)
    wire["digest"] = document_digest(wire)
    return wire


def answer_from_dict(wire: AnswerWire) -> Answer | Abstention:
    """Read ``citewire/answer-1``. Raises ValueError or KeyError where it breaks a rule of these types."""
    lookup = CitedBack(wire["citations"])
    provenance = Provenance.from_dict(wire["provenance"])
    withheld = tuple(lookup.withheld(item) for item in wire["withheld"])
    nearest = lookup.citations(wire["nearest"])
    missing, notes = tuple(wire["missing"]), tuple(wire.get("notes", ()))
    if wire["status"] == "declined":
        return Abstention(wire["question"], provenance, missing, nearest, withheld, notes)
    claims = tuple(lookup.claim(claim) for claim in wire["claims"])
    return Answer(wire["question"], claims, provenance, missing, withheld, nearest, notes)


BESIDES: tuple[Kind, ...] = ("disputed", "left_out")
"""Sections that stand besides the account and do not count towards its length."""
OVERVIEW = "overview"
"""What stands in ``Briefing.unwritten`` for the overview, where it has the ids of stories."""


@dataclass(frozen=True, slots=True)
class Section:
    """Claims of one kind in a story."""

    kind: Kind
    claims: tuple[Claim, ...]

    def __post_init__(self) -> None:
        _refuse_unsupported(self.claims)


@dataclass(frozen=True, slots=True)
class Story:
    """One event as the archive tells it."""

    id: str
    headline: str
    """The headline of one of its articles: quoted, not written."""
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    conflicts: tuple[Conflict, ...] = ()
    """All that its sources do not agree on, disputes first, and what later reports changed."""
    concerns: tuple[Concern, ...] = ()
    """What an editor would look at before printing it."""
    shares: tuple[Share, ...] = ()
    """Whose sentences are cited, outlets first."""
    unprinted: Mapping[Unsaid, tuple[str, ...]] = field(default_factory=dict[Unsaid, tuple[str, ...]])
    """Ids of the sentences that were read and are in no section and no conflict, by why."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """A neutral digest of many articles."""

    topic: str | None
    stories: tuple[Story, ...]
    provenance: Provenance
    withheld: tuple[Withheld, ...] = ()
    notes: tuple[str, ...] = ()
    """How it was made, where a reader must know."""
    unwritten: tuple[str, ...] = ()
    """Ids of stories that a chat model was to write and failed on (they are told in their sources' words), and
    ``OVERVIEW`` where that failed."""
    overview: tuple[Claim, ...] = ()
    """What a chat model wrote over all stories, at most a statement for each; it stands before them and does not count
    towards the length. Empty without a model, and with fewer than two stories."""
    wording: Accuracy | None = None
    """How far the rules of wording can be trusted, where they were asked."""

    def __post_init__(self) -> None:
        _refuse_unsupported(self.overview)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims in reading order."""
        told = (claim for story in self.stories for section in story.sections for claim in section.claims)
        return (*self.overview, *told)

    @property
    def text(self) -> str:
        """The claims in reading order, a line each."""
        return "\n".join(claim.text for claim in self.claims)

    @property
    def words(self) -> int:
        """Length of the account in words: without what stands besides it (``BESIDES``)."""
        told = (section for story in self.stories for section in story.sections if section.kind not in BESIDES)
        return sum(len(claim.text.split()) for section in told for claim in section.claims)

    def to_dict(self) -> BriefingWire:
        """Return ``citewire/briefing-1``."""
        provenance = self.provenance.to_dict()
        numbering = Numbering(provenance)
        overview = [numbering.claim(claim) for claim in self.overview]
        stories: list[StoryWire] = [
            {
                "id": story.id,
                "headline": story.headline,
                "sections": [
                    {"kind": section.kind, "claims": [numbering.claim(claim) for claim in section.claims]}
                    for section in story.sections
                ],
                "sources": [source.to_dict() for source in story.sources],
                "conflicts": [numbering.conflict(conflict) for conflict in story.conflicts],
                "concerns": [concern.to_dict() for concern in story.concerns],
                "shares": [share.to_dict() for share in story.shares],
                "unprinted": {why: list(ids) for why, ids in story.unprinted.items()},
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
        if self.wording:
            wire["wording"] = self.wording.to_dict()
        if overview:
            wire["overview"] = overview
        if self.notes:
            wire["notes"] = list(self.notes)
        if self.unwritten:
            wire["unwritten"] = list(self.unwritten)
        wire["digest"] = document_digest(wire)
        return wire

    @classmethod
    def from_dict(cls, wire: BriefingWire) -> Self:
        """Read ``citewire/briefing-1``. Raises ValueError or KeyError where it breaks a rule of these types."""
        lookup = CitedBack(wire["citations"])
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
                conflicts=tuple(lookup.conflict(conflict) for conflict in story.get("conflicts", ())),
                concerns=tuple(Concern.from_dict(concern) for concern in story["concerns"]),
                shares=tuple(Share.from_dict(share) for share in story.get("shares", ())),
                unprinted={why: tuple(ids) for why, ids in story.get("unprinted", {}).items()},
            )
            for story in wire["stories"]
        )
        withheld = tuple(lookup.withheld(item) for item in wire["withheld"])
        provenance, notes = Provenance.from_dict(wire["provenance"]), tuple(wire.get("notes", ()))
        overview = tuple(lookup.claim(claim) for claim in wire.get("overview", ()))
        wording = Accuracy.from_dict(wire["wording"]) if "wording" in wire else None
        return cls(
            wire["topic"], stories, provenance, withheld, notes, tuple(wire.get("unwritten", ())), overview, wording
        )

    def _repr_html_(self) -> str:
        return rendering.briefing_html(self.to_dict())

    def __str__(self) -> str:
        return rendering.briefing_text(self.to_dict())
