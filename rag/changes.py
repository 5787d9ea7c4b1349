"""What changed between two documents: values, and their shape on the wire.

Each change holds the statement as the older document has it, as the newer one has it, or both, each with the sentences
it rests on: a line of a comparison is cited like a line of a briefing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from rag import rendering
from rag.claims import Claim, Provenance
from rag.numbering import CitedBack, Numbering
from rag.seals import document_digest

if TYPE_CHECKING:
    from rag.wire import ChangesWire, ChangeWire, ClaimWire, ProvenanceWire


class Kind(StrEnum):
    """What became of a statement, in the order in which a reader is told."""

    NEW = "new"
    """It rests on a report that was not there before."""
    SUPERSEDED = "superseded"
    """Its figure was overtaken by a newer one."""
    CORRECTED = "corrected"
    """Its outlet took it back, or its article has a new version in which the sentence reads differently."""
    WITHDRAWN = "withdrawn"
    """Its article was removed, or has a new version without the sentence."""
    INCLUDED = "included"
    """Told now; the report it rests on was there before."""
    LEFT_OUT = "left_out"
    """Told no more, though nothing took it back: others took its place."""
    UNCHANGED = "unchanged"


NEWS = frozenset({Kind.NEW, Kind.SUPERSEDED, Kind.CORRECTED, Kind.WITHDRAWN})
"""Kinds that a reader of the older document must hear of."""


@dataclass(frozen=True, slots=True)
class Change:
    """One statement, before and after.

    Raises ValueError if it has neither side.
    """

    kind: Kind
    before: Claim | None
    after: Claim | None
    why: str = ""
    story: str = ""
    """Headline of its story; empty in an answer."""

    def __post_init__(self) -> None:
        if self.before is None and self.after is None:
            msg = "a change needs a statement"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed from one document to another."""

    topic: str | None
    changes: tuple[Change, ...]
    """In the order of their kinds, and within a kind in reading order."""
    before: str
    """Digest of the older document."""
    after: str
    """Digest of the newer document."""
    provenance: Provenance
    """What made the newer document."""
    provenance_before: Provenance
    since: datetime | None = None
    """When the older document was made, where that is known."""

    def of(self, *kinds: Kind) -> tuple[Change, ...]:
        """Return the changes of these kinds."""
        return tuple(change for change in self.changes if change.kind in kinds)

    @property
    def news(self) -> tuple[Change, ...]:
        """What a reader of the older document must hear of."""
        return self.of(*NEWS)

    def to_dict(self) -> ChangesWire:
        """Return ``citewire/changes-1``."""
        provenance, earlier = self.provenance.to_dict(), self.provenance_before.to_dict()
        numbering = Numbering(provenance)
        wire: ChangesWire = {
            "schema": "citewire/changes-1",
            "topic": self.topic,
            "before": self.before,
            "after": self.after,
            "since": self.since.isoformat() if self.since else None,
            "changes": [_change(change, numbering, earlier) for change in self.changes],
            "citations": numbering.citations,
            "provenance": provenance,
            "provenance_before": earlier,
            "digest": "",
        }
        wire["digest"] = document_digest(wire)
        return wire

    @classmethod
    def from_dict(cls, wire: ChangesWire) -> Changes:
        """Read ``citewire/changes-1``. Raises ValueError or KeyError where it breaks a rule of these types."""
        lookup = CitedBack(wire["citations"])

        def side(claim: ClaimWire | None) -> Claim | None:
            return lookup.claim(claim) if claim is not None else None

        changes = tuple(
            Change(Kind(c["kind"]), side(c["before"]), side(c["after"]), c["why"], c["story"]) for c in wire["changes"]
        )
        made, made_before = (Provenance.from_dict(wire[key]) for key in ("provenance", "provenance_before"))
        since = datetime.fromisoformat(wire["since"]) if wire["since"] else None
        return cls(wire["topic"], changes, wire["before"], wire["after"], made, made_before, since)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)

    def _repr_html_(self) -> str:
        return rendering.changes_html(self.to_dict())

    def __str__(self) -> str:
        return rendering.changes_text(self.to_dict())


def _change(change: Change, numbering: Numbering, earlier: ProvenanceWire) -> ChangeWire:
    after = numbering.claim(change.after) if change.after else None
    before = numbering.claim(change.before, earlier) if change.before else None
    return {"kind": change.kind.value, "story": change.story, "before": before, "after": after, "why": change.why}
