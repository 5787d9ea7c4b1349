"""Text of one format to an article: plain text, Markdown with front matter, JSON.

Headline, byline, outlet, date, URL and labels are recognised where they stand. What does not stand there stays unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import cast

import yaml

from rag.readers.cleaning import clean, field
from rag.readers.dates import moment
from rag.readers.notes import Reading, Unreadable
from rag.sources import Article

_KEYS = {
    "headline": ("headline", "title"),
    "byline": ("byline", "author", "authors", "creator"),
    "outlet": ("outlet", "source", "publisher", "site", "site_name", "publication", "newspaper"),
    "published": ("published", "date", "published_at", "publishedat", "pubdate", "date_published", "datepublished", "publish_date"),
    "url": ("url", "link", "canonical_url", "canonical"),
    "labels": ("labels", "tags", "label"),
    "text": ("text", "body", "content", "article_text", "articlebody", "full_text"),
}
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_MAX_FRONT = 20_000
_BYLINE = re.compile(r"^[ \t]*By (?P<name>[A-Z][\w.’'-]*(?:[ \t]+(?:and |[A-Za-z][\w.’'-]*,?)){0,7}[\w.’'-]*)[ \t]*$")
_LONGEST_HEADLINE = 200
_HEADING = re.compile(r"\A#[ \t]+(.+?)[ \t]*#*[ \t]*\n")
_NEAR_TOP = 4  # lines within which a byline may stand


def from_text(text: str) -> Reading:
    """Read plain text: the first line is the headline if it looks like one, a line "By NAME" the byline."""
    body, doubts = clean(text)
    lines = body.strip().split("\n")
    headline = lines[0].strip() if len(lines) > 1 and _is_headline(lines[0]) else None
    if headline:
        lines = lines[1:]
    byline, lines = _take_byline(lines)
    return _article("\n".join(lines), {"headline": headline, "byline": byline}, doubts)


def from_markdown(text: str) -> Reading:
    """Read Markdown: YAML front matter, a first heading as headline, the rest as it stands."""
    body, doubts = clean(text)
    fields: dict[str, object] = {}
    body = body.lstrip("\n")
    if front := _FRONT.match(body):
        fields = _front_matter(front.group(1))
        body = body[front.end() :]
    body = body.strip("\n") + "\n"
    if heading := _HEADING.match(body):
        fields.setdefault("headline", heading.group(1))
        body = body[heading.end() :]
    elif not fields:
        return from_text(text)
    byline, lines = _take_byline(body.strip().split("\n"))
    if byline:
        fields.setdefault("byline", byline)
    return _article("\n".join(lines), fields, doubts)


def from_json(row: object) -> Reading:
    """Read one JSON object. Raises Unreadable if it is none, or has no text."""
    if not isinstance(row, dict):
        reason = "it is not a JSON object"
        raise Unreadable(reason, hint='an article is an object such as {"headline": "...", "text": "..."}')
    fields = _fields(cast("dict[str, object]", row))
    text = fields.pop("text", None)
    if not isinstance(text, str) or not text.strip():
        reason = "it has no text"
        raise Unreadable(reason, hint=f"put the article under one of: {', '.join(_KEYS['text'])}")
    body, doubts = clean(text)
    return _article(body, fields, doubts)


def objects(text: str) -> list[object]:
    """Return the objects of a JSON document: the items of a list, or the one object. Raises Unreadable."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        reason = f"it is not valid JSON: {error}"
        raise Unreadable(reason) from None
    return cast("list[object]", found) if isinstance(found, list) else [found]


def holds_text(row: object) -> bool:
    """Tell whether a JSON value is an object with an article's text."""
    if not isinstance(row, dict):
        return False
    return isinstance(_fields(cast("dict[str, object]", row)).get("text"), str)


def _fields(row: Mapping[str, object]) -> dict[str, object]:
    lower = {str(key).strip().lower(): value for key, value in row.items()}
    return {name: value for name, keys in _KEYS.items() for key in reversed(keys) if (value := lower.get(key)) not in (None, "", [])}


def _front_matter(text: str) -> dict[str, object]:
    if len(text) > _MAX_FRONT:
        reason = f"its front matter has {len(text):,} characters, the limit is {_MAX_FRONT:,}"
        raise Unreadable(reason)
    try:
        found = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        first = str(error).splitlines()[0]
        reason = f"its front matter is not valid YAML: {first}"
        raise Unreadable(reason, hint='put values that hold ": " into double quotes') from None
    return _fields(cast("dict[str, object]", found)) if isinstance(found, dict) else {}


def _article(body: str, fields: Mapping[str, object], doubts: tuple[str, ...]) -> Reading:
    text = body.strip()
    if not text:
        reason = "it has no text"
        raise Unreadable(reason)
    published, doubt = _published(fields.get("published"))
    try:
        article = Article(
            text=text,
            headline=_line(fields.get("headline")),
            byline=_line(fields.get("byline")),
            outlet=_line(fields.get("outlet")),
            published=published,
            url=_line(fields.get("url")),
            labels=_labels(fields.get("labels")),
        )
    except ValueError as error:
        raise Unreadable(str(error)) from None
    return Reading(article, (*doubts, *([doubt] if doubt else [])))


def _published(value: object) -> tuple[datetime | None, str]:
    if value is None:
        return None, ""
    text = value.isoformat() if isinstance(value, datetime | date) else str(value)
    found = moment(text)
    return found, "" if found else f"the date {field(text)[:60]!r} is not clear: it stays unknown"


def _line(value: object) -> str | None:
    if isinstance(value, list):
        value = ", ".join(str(item) for item in cast("list[object]", value))
    if isinstance(value, dict):
        value = cast("dict[str, object]", value).get("name")
    return field(str(value)) or None if value is not None else None


def _labels(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return ()
    return tuple(dict.fromkeys(label for item in cast("list[object]", value) if (label := field(str(item)))))


def _is_headline(line: str) -> bool:
    line = line.strip()
    return 0 < len(line) <= _LONGEST_HEADLINE and not line.endswith((".", ",", ";", ":")) and not _BYLINE.match(line)


def _take_byline(lines: list[str]) -> tuple[str | None, list[str]]:
    """Return the name of a "By NAME" line near the top or at the end, and the lines without it."""
    filled = [place for place, line in enumerate(lines) if line.strip()]
    for place in [*filled[:_NEAR_TOP], *filled[-1:]]:
        if match := _BYLINE.match(lines[place]):
            return match.group("name").strip(), lines[:place] + lines[place + 1 :]
    return None, lines
