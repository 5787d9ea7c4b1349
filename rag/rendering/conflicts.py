"""What sources do not agree on as blocks: what it is about, then each side: part, figure, source, sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.rendering import words
from rag.rendering.characters import line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rag.wire import CitationWire, ConflictKind, ConflictWire, PositionWire, Role, StoryWire

TITLES: dict[ConflictKind, str] = {
    "dispute": "Figures that do not agree",
    "denial": "Stated and denied",
    "reply": "Stated and answered",
    "speaker": "One quotation, two speakers",
    "actor": "One act, two accounts of who did it",
    "definition": "Figures of different things",
    "update": "Figures that changed",
    "correction": "Taken back",
}
_PARTS: dict[Role, str] = {
    "stated": "stated",
    "denied": "denied",
    "answered": "answered",
    "first": "first",
    "later": "later",
    "taken_back": "taken back",
    "instead": "instead",
    "one": "one figure",
    "other": "other figure",
}
_OTHER_PARTS: dict[tuple[ConflictKind, Role], str] = {
    ("speaker", "one"): "one speaker",
    ("speaker", "other"): "other speaker",
    ("actor", "one"): "one account",
    ("actor", "other"): "other account",
    ("definition", "one"): "counted one way",
    ("definition", "other"): "counted another way",
}

UNPLAIN = "(not quoted here: it is not worded plainly; the number leads to it)"
"""What stands for a sentence of which nothing is plain, where plain wording alone was asked for."""
_MONTH = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b")
_CLOCK = re.compile(
    r"\d [ap]\.?m\b|\d[ap]\.?m\b|\d:\d\d|\b(?:noon|midday|midnight|o[’']clock|(?:half|quarter) (?:past|to))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a conflict; every text is one line that is safe to show."""

    part: str
    """What it does there: "stated", "first", "taken back"."""
    value: str
    """The figure at issue; empty where words are."""
    who: str
    """Who says it, if the sentence names them, the outlet and the day."""
    key: str
    """Number of its citation."""
    sentence: str
    """Its sentence or the plain parts of it, verbatim; empty where the block has it, or the claims have and a figure
    tells enough."""

    @property
    def said(self) -> str:
        """Figure and source in a line: ``two (the coastguard; Pellon Wire, 3 March 2026)``."""
        return f"{self.value} ({self.who})" if self.value else self.who


@dataclass(frozen=True, slots=True)
class Told:
    """One conflict."""

    about: str
    """What its figures count, and which chat model paired its sentences; empty where the sentences tell."""
    sides: tuple[Side, ...]


def blocks(story: StoryWire, citations: Mapping[str, CitationWire]) -> list[tuple[str, list[Told]]]:
    """Return the conflicts of a story that its claims do not tell already, under their headings."""
    found = words.conflicts(story, citations)
    printed = {key for section in story["sections"] for claim in section["claims"] for key in claim["citations"]}
    parts = [
        (title, [_told(one, citations, printed) for one in found if one["kind"] == kind])
        for kind, title in TITLES.items()
    ]
    return [(title, rows) for title, rows in parts if rows]


def _told(conflict: ConflictWire, citations: Mapping[str, CitationWire], printed: set[str]) -> Told:
    about = line(conflict["about"]) if conflict["positions"] and "role" in conflict["positions"][0] else ""
    sides = _sides(conflict, citations, printed if about else set[str]())
    by = f"paired by {line(conflict['found_by'])}" if "found_by" in conflict else ""
    told = f"{about} ({by})" if about and by else about or by
    return Told(f"{told[:1].upper()}{told[1:]}", tuple(sides))


def _sides(conflict: ConflictWire, citations: Mapping[str, CitationWire], printed: set[str]) -> list[Side]:
    found: list[Side] = []
    for side, role in zip(conflict["positions"], words.roles(conflict), strict=True):
        citation = citations[side["citation"]]
        day = words.when(citation["published"]).partition(",")[0]
        who = "; ".join(part for part in (line(side["speaker"]), f"{words.outlet(citation)}, {day}") if part)
        value = "" if role in {"stated", "denied", "answered"} else line(side["value"])
        part = _OTHER_PARTS.get((conflict["kind"], role), _PARTS[role])
        if _MONTH.search(value):
            part = part.replace("figure", "date")
        elif _CLOCK.search(value):
            part = part.replace("figure", "time")
        there = (value and side["citation"] in printed) or any(one.key == side["citation"] for one in found)
        sentence = "" if there else _said(citation["text"], side)
        found.append(Side(part, value, who, side["citation"], sentence))
    return found


def _said(text: str, side: PositionWire) -> str:
    """Return the sentence, or what is printed of it with a mark for what is not, or why nothing is."""
    if "parts" not in side:
        return line(text)
    parts = side["parts"]
    if not parts:
        return UNPLAIN
    before, after = ("" if text.startswith(parts[0]) else "… "), ("" if text.rstrip().endswith(parts[-1]) else " …")
    return line(f"{before}{' … '.join(parts)}{after}")
