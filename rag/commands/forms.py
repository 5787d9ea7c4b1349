"""The forms that a result is printed in: which was asked for, by an option or by the ending of a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from rag.errors import UsageError

Format = Literal["text", "md", "html", "json", "docx", "eml"]
_FORMATS: dict[Format, str] = {
    "text": "text",
    "md": "markdown",
    "html": "html",
    "json": "json",
    "docx": "docx",
    "eml": "eml",
}
_ENDINGS = {f".{name}": form for name, form in _FORMATS.items()} | {
    ".txt": "text",
    ".markdown": "markdown",
    ".htm": "html",
}
_USUAL = {form: ending for ending, form in reversed(_ENDINGS.items())} | {"text": ".txt"}
"""The ending that is proposed for a form."""
_ANY = frozenset({"text", "markdown", "html", "json", "eml"})
"""Forms that a file of plain text may be in: whoever opens it sees what it is."""
_OTHERS = frozenset(".pdf .doc .odt .rtf .epub .xlsx .pptx .msg".split())
"""Endings of documents that are not written here: text under such a name would open as a broken file."""


def chosen(wanted: Mapping[str, bool], named: Format | None, output: Path | None) -> str:
    """Return the form that options or the ending of the file ask for.

    ``wanted`` are the options of one form each, by the form. Raises UsageError for two forms, for an ending of another
    form, and for one that no form has.
    """
    given = {form: f"--{form}" for form, asked in wanted.items() if asked}
    if named:
        given.setdefault(_FORMATS[named], f"--format {named}")
    if len(given) > 1:
        one, other, *_ = given.values()
        msg = f"{one} and {other} exclude each other"
        raise UsageError(msg, hint="choose one")
    ending = output.suffix.lower() if output else ""
    if ending in _OTHERS:
        msg = f"there is no form for a file that ends in {ending}"
        raise UsageError(msg, hint=f"a file that ends in one of {', '.join(_ENDINGS)}")
    by_ending = _ENDINGS.get(ending)
    if not given:
        return by_ending or "text"
    ((form, option),) = given.items()
    if by_ending not in {form, None} and not (by_ending == "text" and form in _ANY):
        msg = f"{option} does not write what {output} says by its ending"
        usual = output.with_suffix(_USUAL[form]) if output else ""
        raise UsageError(msg, hint=f"-o {usual}, or leave out {option}")
    return form
