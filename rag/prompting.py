"""Prompt files to messages.

A prompt is a Markdown file: system text, a line ``---``, user text, with ``$name`` variables. A user's own folder
overrides the shipped files by name. A variable that is missing, or given and not used, is an error: a prompt never
goes out with a hole in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Template

from rag.errors import UsageError
from rag.sources import Evidence, digest


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as it stands in its file."""

    name: str
    system: str
    user: str

    @property
    def hash(self) -> str:
        """sha256 of the whole text: recorded with every answer it led to."""
        return digest(f"{self.system}\n---\n{self.user}")

    def fill(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Return system and user text with every variable replaced.

        Raises UsageError if a variable has no value, or a value no variable.
        """
        templates = (Template(self.system), Template(self.user))
        wanted = {name for template in templates for name in template.get_identifiers()}
        if missing := wanted - values.keys():
            msg = f"prompt {self.name}: nothing to put in ${min(missing)}"
            raise UsageError(msg, hint="its variables are: " + ", ".join(f"${name}" for name in sorted(values)))
        if unused := values.keys() - wanted:
            msg = f"prompt {self.name}: ${min(unused)} stands nowhere in it"
            raise UsageError(msg, hint=f"add ${min(unused)} to the text after the --- line")
        try:
            return templates[0].substitute(values), templates[1].substitute(values)
        except ValueError as error:
            msg = f"prompt {self.name}: {error}"
            raise UsageError(msg, hint="write $$ for a dollar sign") from None


def load(name: str, folder: Path | None = None) -> Prompt:
    """Return the prompt ``name``, from ``folder`` if it has one of that name.

    Raises UsageError if there is none, or if it has no ``---`` line.
    """
    own = folder / f"{name}.md" if folder else None
    if folder is not None and not folder.is_dir():
        msg = f"there is no folder of prompts {folder}"
        raise UsageError(msg, hint="CITEWIRE_PROMPTS names a folder with files such as write.md")
    if own is not None and own.is_file():
        try:
            text, place = own.read_text(encoding="utf-8"), str(own)
        except UnicodeDecodeError:
            msg = f"{own} is not UTF-8"
            raise UsageError(msg, hint="save it as UTF-8") from None
    else:
        shipped = resources.files("rag.prompts").joinpath(f"{name}.md")
        if not shipped.is_file():
            msg = f"there is no prompt {name}"
            raise UsageError(msg)
        text, place = shipped.read_text(encoding="utf-8"), f"prompts/{name}.md"
    system, line, user = text.partition("\n---\n")
    if not line:
        msg = f"{place}: no line --- between system and user text"
        raise UsageError(msg, hint="put a line with three dashes between the two")
    return Prompt(name, system.strip(), user.strip())


def numbered(evidence: Sequence[Evidence]) -> str:
    """Return evidence as a model reads it: under each article's outlet and date, its sentences with their numbers.

    White space inside a sentence becomes one space, so that no article can start a line of its own.
    """
    lines: list[str] = []
    article = ""
    for item in evidence:
        if item.article.key != article:
            article = item.article.key
            when = item.article.published.date().isoformat() if item.article.published else "date unknown"
            lines.append(f"From {' '.join((item.article.outlet or 'unknown outlet').split())}, {when}:")
        lines.append(f"[{item.number}] {' '.join(item.sentence.text.split())}")
    return "\n".join(lines)
