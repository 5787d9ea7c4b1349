"""Characters that are safe to show: all that comes from an article or a model passes here before it is printed."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ESCAPES = re.compile(
    "\x9b[0-?]*[ -/]*[@-~]|\x1b(?:\\[[0-?]*[ -/]*[@-~]|[\\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\\\)|[ -/]*[0-Z\\\\^-~])"
)
"""Whole terminal sequences, so that no debris such as ``[31m`` is left of them."""
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_HIDDEN = re.compile(
    f"[{_CONTROLS}"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # soft hyphen, fillers of no width
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero width, direction, annotation
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"  # musical formatting, tags and variation selectors that carry data
)
_RUNS = re.compile("[\u200c\u200d\ufe00-\ufe0f]+")
"""Joiners and variation selectors: at home in emoji and in scripts that join, a way to hide bytes elsewhere."""
_AT_HOME = re.compile("[\ufe00-\ufe0f]?[\u200c\u200d]?")
_SURROGATES = re.compile("[\ud800-\udfff]")


def visible(text: str) -> str:
    r"""Return ``text`` without what a reader cannot see.

    Line breaks of all kinds become ``\n``, tabs stay; control, escape, direction, zero-width and tag characters go;
    half a surrogate pair becomes U+FFFD.
    """
    seen = _BREAKS.sub("\n", text)
    return _RUNS.sub(_run, _HIDDEN.sub("", _SURROGATES.sub("\ufffd", _ESCAPES.sub("", seen))))


def _run(found: re.Match[str]) -> str:
    """A run of joiners and selectors, if it is one that emoji and joining scripts have, else nothing."""
    run, text = found[0], found.string
    if not _AT_HOME.fullmatch(run):
        return ""
    if run[-1] >= "\ufe00":
        return run
    joined = found.start() > 0 and found.end() < len(text) and min(text[found.start() - 1], text[found.end()]) > "\x7f"
    return run if joined else ""


def plain(text: str) -> str:
    """Return ``text`` with no control character but the line break."""
    return visible(text).replace("\t", " ")


def line(text: str) -> str:
    """Return ``text`` on one line, so that a headline cannot forge the line below it."""
    return " ".join(plain(text).split())


def link(url: str | None) -> str | None:
    """Return ``url`` if it may become a link, else None: http and https only, nothing that could leave an attribute."""
    if not url or line(url) != url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or parts.username is not None:
        return None
    return quote(url, safe="/:?#[]@!$&*+,;=%~.-_")
