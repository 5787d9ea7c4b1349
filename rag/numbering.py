"""Citations to the numbers that a reader sees, and numbers back to citations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rag.claims import Citation, Claim, Conflict, Position, Reason, Verdict, Withheld
from rag.proposals import Particulars
from rag.seals import claim_certificate

if TYPE_CHECKING:
    from rag.wire import CitationWire, ClaimWire, ConflictWire, PositionWire, ProvenanceWire, WithheldWire


class Numbering:
    """Numbers citations in the order in which a reader meets them, each sentence once."""

    def __init__(self, provenance: ProvenanceWire) -> None:
        self._keys: dict[str, str] = {}
        self._provenance = provenance
        self.citations: dict[str, CitationWire] = {}

    def keys(self, citations: Iterable[Citation]) -> list[str]:
        """Return the numbers of citations, new ones for those that are met first."""
        keys: list[str] = []
        for citation in citations:
            key = self._keys.setdefault(citation.sentence.id, str(len(self._keys) + 1))
            self.citations.setdefault(key, citation.to_dict())
            if key not in keys:
                keys.append(key)
        return keys

    def claim(self, claim: Claim, provenance: ProvenanceWire | None = None) -> ClaimWire:
        """Return the wire shape of a claim, with its certificate; ``provenance`` if something else made it."""
        wire: ClaimWire = {
            "text": claim.text,
            "verdict": "supported",
            "checks": list(claim.checks),
            "citations": self.keys(claim.citations),
            "certificate": "",
        }
        if claim.note:
            wire["note"] = claim.note
        if claim.known.speaker:
            wire["speaker"] = claim.known.speaker
        if claim.known.verb:
            wire["verb"] = claim.known.verb
        if claim.known.day:
            wire["day"] = claim.known.day.isoformat()
        if claim.known.origins:
            wire["origins"] = claim.known.origins
        wire["certificate"] = claim_certificate(wire, self.citations, provenance or self._provenance)
        return wire

    def conflict(self, conflict: Conflict) -> ConflictWire:
        """Return the wire shape of what sources do not agree on."""
        wire: ConflictWire = {
            "kind": conflict.kind,
            "about": conflict.about,
            "positions": [self._position(side) for side in conflict.positions],
        }
        if conflict.found_by:
            wire["found_by"] = conflict.found_by
        return wire

    def _position(self, side: Position) -> PositionWire:
        wire: PositionWire = {
            "value": side.value,
            "speaker": side.speaker,
            "citation": self.keys([side.citation])[0],
        }
        if side.role:
            wire["role"] = side.role
        if side.parts is not None:
            wire["parts"] = list(side.parts)
        return wire

    def withheld(self, item: Withheld) -> WithheldWire:
        """Return the wire shape of what was withheld."""
        return {
            "text": item.text,
            "reason": item.reason.value,
            "detail": item.detail,
            "citations": self.keys(item.citations),
        }


class CitedBack:
    """The way back: citation keys to citations."""

    def __init__(self, citations: dict[str, CitationWire]) -> None:
        self._citations = {key: Citation.from_dict(wire) for key, wire in citations.items()}

    def citations(self, keys: Sequence[str]) -> tuple[Citation, ...]:
        """Return the citations of these numbers. Raises ValueError for one that is not in the document."""
        unknown = [key for key in keys if key not in self._citations]
        if unknown:
            msg = f"citation {unknown[0]!r} is not in the document"
            raise ValueError(msg)
        return tuple(self._citations[key] for key in keys)

    def claim(self, wire: ClaimWire) -> Claim:
        """Read a claim."""
        return Claim(
            text=wire["text"],
            citations=self.citations(wire["citations"]),
            checks=tuple(wire["checks"]),
            verdict=Verdict(wire["verdict"]),
            note=wire.get("note", ""),
            known=Particulars(
                wire.get("speaker", ""),
                wire.get("verb", ""),
                date.fromisoformat(wire["day"]) if "day" in wire else None,
                wire.get("origins", 0),
            ),
        )

    def conflict(self, wire: ConflictWire) -> Conflict:
        """Read what sources do not agree on."""
        positions = (
            Position(
                side["value"],
                side["speaker"],
                self.citations([side["citation"]])[0],
                side.get("role"),
                tuple(side["parts"]) if "parts" in side else None,
            )
            for side in wire["positions"]
        )
        return Conflict(wire["kind"], wire["about"], tuple(positions), wire.get("found_by", ""))

    def withheld(self, wire: WithheldWire) -> Withheld:
        """Read what was withheld."""
        return Withheld(wire["text"], Reason(wire["reason"]), wire["detail"], self.citations(wire["citations"]))
