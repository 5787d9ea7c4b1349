"""Paragraphs to lines for a terminal, a pipe or a file: wrapped where a width is given, coloured where wanted."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field

WIDTH = 92
"""Columns of a comfortable line; a wider terminal is not filled."""
BOLD, DIM = "\x1b[1m", "\x1b[2m"
_OFF = "\x1b[0m"


@dataclass(slots=True)
class Lines:
    """Lines as they are written. Text that comes in has passed ``line`` or ``plain``; colour is added last."""

    width: int | None
    colour: bool
    lines: list[str] = field(default_factory=list[str])

    def put(self, text: str, *, indent: int = 0, hang: int = 0, style: str = "") -> None:
        """Write one paragraph; ``hang`` is the further indent of its second line."""
        first, rest = " " * indent, " " * (indent + hang)
        rows = [first + text]
        if self.width and len(rows[0]) > self.width:
            rows = textwrap.wrap(
                text,
                max(self.width, 30),
                initial_indent=first,
                subsequent_indent=rest,
                break_long_words=False,
                break_on_hyphens=False,
            )
        self.lines += [f"{style}{row}{_OFF}" if style and self.colour else row for row in rows]

    def gap(self) -> None:
        """Leave one empty line, never two."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def head(self, text: str, *, indent: int = 0) -> None:
        """Write a heading after an empty line."""
        self.gap()
        self.put(text, indent=indent, style=BOLD)

    def text(self) -> str:
        """Return all lines, without a last line break."""
        return "\n".join(self.lines).rstrip("\n")
