"""Prompt files to messages.

A prompt is a Markdown file: system text, a line ``---``, user text, with ``$name`` variables. A user's own folder
overrides the shipped files by name. A variable that is missing, or given and not used, is an error: a prompt never
goes out with a hole in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
        return self._filled(values, f"prompt {self.name}")

    def check(self, place: str, variables: Collection[str]) -> None:
        """Raise UsageError, with the ``place`` of its file, if it cannot be filled with exactly these variables."""
        self._filled(dict.fromkeys(variables, ""), place)

    @property
    def variables(self) -> frozenset[str]:
        """The names that stand in it."""
        return frozenset(name for text in (self.system, self.user) for name in Template(text).get_identifiers())

    def _filled(self, values: Mapping[str, str], place: str) -> tuple[str, str]:
        if missing := self.variables - values.keys():
            msg = f"{place}: nothing to put in ${min(missing)}"
            raise UsageError(msg, hint="its variables are: " + ", ".join(f"${name}" for name in sorted(values)))
        if unused := values.keys() - self.variables:
            msg = f"{place}: ${min(unused)} stands nowhere in it"
            raise UsageError(msg, hint=f"add ${min(unused)} to the text after the --- line")
        try:
            return Template(self.system).substitute(values), Template(self.user).substitute(values)
        except ValueError as error:
            msg = f"{place}: {error}"
            raise UsageError(msg, hint="write $$ for a dollar sign") from None


def load(name: str, folder: Path | None = None) -> Prompt:
    """Return the prompt ``name``, from ``folder`` if it has one of that name.

    A file of the folder's own must have the variables of the shipped one: this is known before a model is asked.
    Raises UsageError, which names the file, if it has others, no ``---`` line or cannot be read, or if there is none.
    """
    if folder is not None and not folder.is_dir():
        msg = f"there is no folder of prompts {folder}"
        raise UsageError(msg, hint="CITEWIRE_PROMPTS names a folder with files such as write.md")
    file = resources.files("rag.prompts").joinpath(f"{name}.md")
    if not file.is_file():
        msg = f"there is no prompt {name}"
        raise UsageError(msg)
    shipped = _parsed(name, file.read_text(encoding="utf-8"), f"prompts/{name}.md")
    own = folder / f"{name}.md" if folder else None
    text = _text(own) if own else None
    if text is None:
        return shipped
    prompt = _parsed(name, text, str(own))
    prompt.check(str(own), shipped.variables)
    return prompt


def _text(own: Path) -> str | None:
    """Return what a file holds, None if there is none. Raises UsageError."""
    try:
        return own.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        msg = f"{own} is not UTF-8"
        raise UsageError(msg, hint="save it as UTF-8") from None
    except OSError as error:
        msg = f"{own} cannot be read ({error.strerror or error})"
        raise UsageError(msg, hint="without a file of that name the shipped prompt is used") from None


def _parsed(name: str, text: str, place: str) -> Prompt:
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
