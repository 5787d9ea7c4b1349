"""Figure to how its text says that it was counted: with the crew, confirmed, a year, before tax."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.figures import Figure

BESIDE = 40
"""Characters on each side of a figure in which its text may say how it was counted."""
_MEASURED = re.compile(  # how a figure was counted, where its text says so
    r"\b(?:(?:not )?(?:including|counting)|excluding|without|only|confirmed|suspected|registered|eligible|net|gross|"
    r"adjusted|full-time|part-time|on paper|before tax|after tax|per \w+|a (?:day|week|month|year)|(?:daily|weekly|"
    r"monthly|quarterly|annual(?:ly)?)|since \w+|in (?:19|20)\d\d)\b",
    re.IGNORECASE,
)


def how_counted(figure: Figure) -> frozenset[str]:
    """Return the words next to a figure that say how it was counted."""
    text, start = figure.evidence.sentence.text, figure.start
    near = text[max(0, start - BESIDE) : start + len(figure.text) + BESIDE]
    return frozenset(match.group().lower() for match in _MEASURED.finditer(near))
