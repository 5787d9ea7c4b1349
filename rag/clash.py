"""What two sentences do not agree on: the kind of it, and each side with its sentence. Values only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from rag.vocabulary import NUMBER_WORD

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from rag.sources import Evidence


_SMALL = re.compile(
    rf"(?:{NUMBER_WORD}|the|an?|his|her|their|its|half|hundreds?|dozens?|thousands?|police|officers|soldiers|troops|"
    r"firefighters|protesters|residents)\b",
    re.IGNORECASE,
)
"""What has a capital only where it opens a sentence."""


class Kind(StrEnum):
    """What a clash is."""

    DISPUTE = "dispute"
    """Two figures for one thing, neither withdrawn."""
    DENIAL = "denial"
    """A statement, and somebody who says it is not so."""
    REPLY = "reply"
    """An allegation or argument, and what the other side answered."""
    SPEAKER = "speaker"
    """One quotation, two speakers."""
    ACTOR = "actor"
    """One act, two who did it."""
    DEFINITION = "definition"
    """Two figures that were counted differently: with and without the crew, confirmed and suspected, net and gross."""
    UPDATE = "update"
    """A later figure replaces an earlier one."""
    CORRECTION = "correction"
    """The outlet took a figure back."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says, and where."""

    value: str
    """The figure, name or word at issue as it stands in the sentence; may be empty."""
    evidence: Evidence

    @property
    def quoted(self) -> str:
        """The value as it stands within a note: what opens its sentence without its capital, if it is no name."""
        before = self.evidence.sentence.text.partition(self.value)[0].rstrip()
        opens = (not before or before.endswith(("—", "–"))) and _SMALL.match(self.value)
        return self.value[:1].lower() + self.value[1:] if opens else self.value


@dataclass(frozen=True, slots=True)
class Clash:
    """Sentences that do not agree."""

    kind: Kind
    about: tuple[str, ...]
    """What shows that both are about one thing: shared words, cut to six letters."""
    first: Side
    """The earlier side; of a denial, what is denied; of a correction, what was taken back."""
    second: Side
    key: frozenset[str]
    """What is at issue: the same clash told by other sentences has the same key."""
    by: str = ""
    """The chat model that paired the sentences; empty where a rule did."""

    @property
    def texts(self) -> frozenset[str]:
        """Its two sentences."""
        return frozenset((self.first.evidence.sentence.text, self.second.evidence.sentence.text))


def disputes_first(found: Iterable[Clash]) -> tuple[Clash, ...]:
    """Return clashes by kind, and those of a kind as their sentences are read."""
    rank = {kind: place for place, kind in enumerate(Kind)}
    return tuple(sorted(found, key=lambda c: (rank[c.kind], c.first.evidence.number, c.second.evidence.number)))


def between(kind: Kind, first: Side, second: Side, about: Iterable[str] = ()) -> Clash:
    """Return two sides as a clash that nothing but the same two sentences tells again."""
    key = frozenset((first.evidence.sentence.text, second.evidence.sentence.text))
    return Clash(kind, tuple(about), first, second, key)


def as_of(day: date) -> str:
    """Return what is said beside a sentence that tells what held on ``day``."""
    return f"as of {day.day} {day:%B %Y}"


def overtaken(earlier: Evidence, later: Side, held: date | None = None) -> str:
    """Return what is said beside a figure that a later report replaced: as of when it held, and by what.

    That is the day ``held``, or else that of its report.
    """
    day = held or earlier.article.published
    return f"{f'{as_of(day)}; ' if day else ''}{later.quoted} in a later report"
