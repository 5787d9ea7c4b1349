"""Plain text and Markdown to one article: front matter, headline, byline and date are taken where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import yaml

from rag.readers.cleaning import clean
from rag.readers.dates import moment
from rag.readers.fields import Fields, fields, reading

if TYPE_CHECKING:
    from datetime import datetime

    from rag.readers.notes import Reading

_MAX_FRONT = 64_000
"""Characters of front matter; real ones have under 2,000."""
_FRONT = re.compile(r"---[ ]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ ]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADER = re.compile(
    r"(?:(?:headline|title|outlet|source|publication|published|date|url|link|byline|author)[ ]*:[ \t]+\S.*\n){2,}",
    re.IGNORECASE,
)
"""The same without its rules, as desks paste it: two lines or more of what front matter has."""
_KEY = re.compile(r"[A-Za-z_][\w .:-]*:(?:\s|\Z)")
_HEADING = re.compile(r"#[ \t]+(?P<text>\S.*?)(?:[ \t]+#+)?[ \t]*")
_RULE = re.compile(r"=+[ \t]*")
_HEAD = 5
"""Lines with text in which headline, byline and date are looked for."""
_MAX_HEADLINE = 200
_BYLINE = re.compile(r"[*_]{0,3}(?:By|BY)[ ]+(?P<name>[^*_]{2,120}?)[*_]{0,3}")
_SMALL = frozenset(
    (
        "a al and at bin da de del della den der di do dos du e el en et for from in la le of on the und van von"
        " with y zu"
    ).split()
)
_NOT_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december now then contrast comparison".split()
)
_STOPS = (".", "!", "?", ":", ";", ",", "…", '."', ".”", '?"', "?”")
_DATED = re.compile(r"(?:published|posted|date)(?:[ ]+on)?:?[ ]+", re.IGNORECASE)
_MAX_WORDS = 14
_LONGER = 1.3
"""A paragraph is longer than its headline; the lines of a hard-wrapped text are about equally long."""


def parse(text: str) -> Reading:
    """Return the article of a file. Raises Unreadable if nothing is left for the text."""
    text, doubts = clean(text)
    known, text = _front(text)
    known = known.doubting(*doubts)
    lines = text.strip().split("\n")
    known, lines = headed(known, lines)
    known, lines = credited(known, lines)
    return reading("\n".join(lines), known)


def _front(text: str) -> tuple[Fields, str]:
    """Fields of the YAML front matter, and the text after it."""
    text = text.lstrip()
    match = _FRONT.match(text, 0, _MAX_FRONT)
    if not match and (header := _HEADER.match(text, 0, _MAX_FRONT)):
        known = {key.strip().lower(): value for key, value in _pairs(header.group()).items()}
        return fields(known), text[header.end() :]
    if not match or not _KEY.match(match["yaml"].lstrip()):  # a rule over the text, not front matter
        return Fields(), text
    try:
        # The base loader makes strings, lists and mappings only: a headline "No" or "1:30" stays what it is.
        front: object = yaml.load(match["yaml"], yaml.BaseLoader)  # noqa: S506 - it builds no object
        doubt = ""
    except (yaml.YAMLError, RecursionError, ValueError):
        front, doubt = _pairs(match["yaml"]), "its front matter is not YAML and was read line by line"
    if not isinstance(front, Mapping):
        return Fields(), text
    return fields(cast("Mapping[str, object]", front)).doubting(doubt), text[match.end() :]


def _pairs(front: str) -> dict[str, str]:
    """``key: value`` lines. The most common slip is a headline with a colon and no quotes."""
    pairs = (line.partition(":") for line in front.split("\n") if _KEY.match(line))
    return {key: value.strip().strip("\"'") for key, _, value in pairs}


def headed(known: Fields, lines: list[str]) -> tuple[Fields, list[str]]:
    """Take the headline off a text: a Markdown heading near the top, or a first line that looks like one."""
    full = [n for n, line in enumerate(lines) if line.strip()][:_HEAD]
    for n in full:
        underlined = n + 1 < len(lines) and bool(_RULE.fullmatch(lines[n + 1]))
        match = _HEADING.fullmatch(lines[n])
        if match or underlined:
            text = " ".join((match["text"] if match else lines[n]).split())
            if len(text) > _MAX_HEADLINE or known.headline not in {None, text}:
                break
            return replace(known, headline=text), lines[:n] + lines[n + 1 + underlined :]
    first = " ".join(lines[0].split())
    if first and first == known.headline:
        return known, lines[1:]
    if known.headline is None and _titles(first, lines[1:]):
        return replace(known, headline=first), lines[1:]
    return known, lines


def _titles(first: str, rest: list[str]) -> bool:
    """Whether a first line is a headline: short, no full stop, and what follows is not its second half."""
    follows = next((line.strip() for line in rest if line.strip()), "")
    if not first or not follows or len(first) > _MAX_HEADLINE or _BYLINE.fullmatch(first):
        return False
    if first.endswith((".", ",", ";", ":", "-", '."', ".”")) or not any(char.isalpha() for char in first):
        return False
    if not rest[0].strip() or _byline(follows) or _date(follows):
        return True
    return not follows[0].islower() and len(follows) > _LONGER * len(first)


def credited(known: Fields, lines: list[str]) -> tuple[Fields, list[str]]:
    """Take off a text the lines near the top, and the last one, that hold nothing but a byline or a date."""
    full = [n for n, line in enumerate(lines) if line.strip()]
    taken: set[int] = set()
    for n in dict.fromkeys([*full[: _HEAD - 1], *full[-1:]]):
        name, date = _byline(lines[n]), _date(lines[n])
        if len(taken) + 1 == len(full):
            break  # something has to stay
        if name and known.byline in {None, name}:
            known = replace(known, byline=name)
            taken.add(n)
        elif date and known.published in {None, date}:
            known = replace(known, published=date)
            taken.add(n)
    return known, [line for n, line in enumerate(lines) if n not in taken]


def _byline(line: str) -> str | None:
    """The name of a "By NAME" line, None for a sentence that begins with "By"."""
    match = _BYLINE.fullmatch(line.strip())
    if not match or (match["name"].endswith(_STOPS) and not match["name"].endswith(("Jr.", "Sr.", "M.D."))):
        return None
    words = match["name"].split()
    first = words[0].strip(",.").lower()
    if len(words) > _MAX_WORDS or first in _NOT_NAMES or (first in _SMALL and first != "the"):
        return None
    named = all(word.lower() in _SMALL or word[0].isupper() or not word[0].isalnum() for word in words)
    return " ".join(words) if named and any(word[0].isupper() for word in words) else None


def _date(line: str) -> datetime | None:
    return moment(_DATED.sub("", line.strip().strip("*_"), count=1))
