"""What an editor weighs: wording and balance to look at, whose sentences are cited, how good the rules are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rag.wire import AccuracyWire, ConcernWire, ShareOf, ShareWire


@dataclass(frozen=True, slots=True)
class Concern:
    """What a careful editor would look at before printing: a wording, or what the whole leaves out."""

    rule: str
    """A rule of ``rag.neutrality`` or of ``rag.framing``."""
    words: str
    """As they stand in ``claim``; of framing, the outlet or the speaker."""
    why: str
    """What is wrong with it, for a person."""
    claim: str = ""
    """The claim, headline or quoted sentence it stands in; empty if it concerns the whole story."""

    def to_dict(self) -> ConcernWire:
        """Return the wire shape."""
        return {"rule": self.rule, "words": self.words, "claim": self.claim, "why": self.why}

    @classmethod
    def from_dict(cls, wire: ConcernWire) -> Self:
        """Read the wire shape."""
        return cls(wire["rule"], wire["words"], wire.get("why", ""), wire["claim"])


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the cited sentences are one outlet's, or one speaker's, beside how many of the articles' own.

    Raises ValueError where a part is larger than its whole.
    """

    of: ShareOf
    name: str
    """As the source names it."""
    cited: int
    cited_of: int
    """All cited sentences that are an outlet's; of a speaker, those in which somebody is named as speaking."""
    found: int
    """Its sentences in the articles; those of copies, of opinion and of what is no news are nobody's."""
    found_of: int
    against: tuple[str, ...] = ()
    """Who disputes what this speaker says, or is disputed."""

    def __post_init__(self) -> None:
        if not (0 <= self.cited <= self.cited_of and 0 <= self.found <= self.found_of):
            msg = f"more sentences than there are: {self}"
            raise ValueError(msg)

    @property
    def cited_share(self) -> float:
        """Its share of the cited sentences; 0 where there are none."""
        return self.cited / max(1, self.cited_of)

    @property
    def found_share(self) -> float:
        """Its share of the articles' sentences; 0 where there are none."""
        return self.found / max(1, self.found_of)

    def to_dict(self) -> ShareWire:
        """Return the wire shape."""
        wire: ShareWire = {
            "of": self.of,
            "name": self.name,
            "cited": self.cited,
            "cited_of": self.cited_of,
            "cited_share": round(self.cited_share, 3),
            "found": self.found,
            "found_of": self.found_of,
            "found_share": round(self.found_share, 3),
        }
        if self.against:
            wire["against"] = list(self.against)
        return wire

    @classmethod
    def from_dict(cls, wire: ShareWire) -> Self:
        """Read the wire shape; the two shares are reckoned anew."""
        counts = (wire["cited"], wire["cited_of"], wire["found"], wire["found_of"])
        return cls(wire["of"], wire["name"], *counts, tuple(wire.get("against", ())))


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well the rules of wording agree with people, on sentences that played no part in making them."""

    data: str
    """Whose judgement: the set and the part of it."""
    sentences: int
    macro_f1: float
    missed: float
    """Share of the sentences that people call biased on which the rules say nothing."""
    flagged: float
    """Share of the other sentences on which they say something."""

    def to_dict(self) -> AccuracyWire:
        """Return the wire shape."""
        return {
            "data": self.data,
            "sentences": self.sentences,
            "macro_f1": self.macro_f1,
            "missed": self.missed,
            "flagged": self.flagged,
        }

    @classmethod
    def from_dict(cls, wire: AccuracyWire) -> Self:
        """Read the wire shape."""
        return cls(wire["data"], wire["sentences"], wire["macro_f1"], wire["missed"], wire["flagged"])
