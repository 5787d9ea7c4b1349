"""What a generator proposes: statements with the sentences they rest on, pairs that do not agree. Nothing is trusted.

The gates make claims of it (``rag.claims``), or withhold it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, Self

PairKind = Literal["figures", "changed", "counted", "denied", "answered"]
"""How a generator may say that two sentences do not agree."""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is known of a statement besides its words, as data; read by our own code off its source, never proposed."""

    speaker: str = ""
    """Who says it, as the source names them."""
    verb: str = ""
    """The source's verb for it: "said", "according to"."""
    day: date | None = None
    """The day of what it tells, where its words and the day of publication fix one."""
    origins: int = 0
    """Independent reports that tell it; 0 where they were not counted."""


UNKNOWN = Particulars()
"""Nothing is known."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence that a generator proposes, with the evidence numbers it names. Nothing about it is trusted."""

    text: str
    numbers: tuple[int, ...]
    note: str = ""
    """What kind of statement it is, for a reader ("single source", "disputed"); set by our own code only."""
    agreeing: tuple[int, ...] = ()
    """Sentences of other origins that say the same: cited with it, though it would stand without them."""
    known: Particulars = UNKNOWN


@dataclass(frozen=True, slots=True)
class Missing:
    """A part of the question that the evidence does not answer, in words."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader must know of how the answer was made: that it was written from fewer sentences, say."""

    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sentences of which a generator says that they do not agree. Nothing about it is trusted."""

    kind: PairKind
    first: int
    """Evidence number of what is stated, or older."""
    second: int
    """Of what is said against it, or newer."""
    one: str = ""
    """The figure of the first that is at issue, as it stands there; empty where words are."""
    other: str = ""


Proposal = Statement | Missing | Note
"""What a generator yields, one at a time."""


@dataclass(frozen=True, slots=True)
class Draft:
    """All that a generator proposes."""

    statements: tuple[Statement, ...]
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, proposals: Iterable[Proposal]) -> Self:
        """Gather proposals, each kind in its order, nothing twice."""
        found = list(dict.fromkeys(proposals))
        return cls(
            tuple(item for item in found if isinstance(item, Statement)),
            tuple(item.text for item in found if isinstance(item, Missing)),
            tuple(item.text for item in found if isinstance(item, Note)),
        )
