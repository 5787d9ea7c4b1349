"""Named values of front matter and JSON to the fields of an article. What cannot be read is unknown, with a doubt."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from rag.readers.cleaning import clean, field
from rag.readers.dates import moment
from rag.readers.notes import MAX_ARTICLE, Reading, Unreadable
from rag.sources import Article

if TYPE_CHECKING:
    from datetime import datetime

# Names as news feeds, scrapers and newsrooms write them, the most exact first; compared without case, "_", "-" and ":".
_HEADLINE = ("headline", "title", "ogtitle")
_BYLINE = ("byline", "author", "authors", "creator", "dccreator", "by")
_OUTLET = (
    *("outlet", "publication", "publisher", "newspaper", "source", "site", "sitename", "ogsitename"),
    *("sourcename", "sourcehostname", "sourcedomain", "hostname", "domain"),
)
_PUBLISHED = (
    *("published", "publishedat", "datepublished", "pubdate", "publisheddate", "publicationdate", "publishdate"),
    *("datepublish", "publishedtime", "articlepublishedtime", "publishedon", "date"),
)
_URL = ("url", "link", "canonicalurl", "canonical", "permalink", "ogurl", "source")
_LABELS = ("labels", "label", "tags", "keywords")
_TEXT = ("text", "body", "content", "articletext", "articlebody", "maintext", "fulltext")
TEXT_KEYS = "text, body, content, article_text, articleBody"
"""What an error names; the full list is above."""
_MAX_FIELD = 500
"""Characters. The longest headline of the Daily Mail corpus has 260."""
_MAX_LABELS, _MAX_LABEL = 50, 80
_UNKNOWN = frozenset({"", "~", "-", "null", "none", "n/a", "unknown"})
_BY = re.compile(r"by:?\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fields:
    """What a file says of its article, besides the text."""

    headline: str | None = None
    byline: str | None = None
    outlet: str | None = None
    published: datetime | None = None
    url: str | None = None
    labels: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def doubting(self, *doubts: str) -> Fields:
        """Return the same fields with more doubts, empty ones left out."""
        return replace(self, doubts=self.doubts + tuple(doubt for doubt in doubts if doubt))


def reading(text: str, fields: Fields) -> Reading:
    """Make the article. ``text`` is clean. Raises Unreadable if nothing of it is visible."""
    text = text.strip()
    if not text:
        reason = "it holds no text"
        raise Unreadable(reason)
    article = Article(text, fields.headline, fields.byline, fields.outlet, fields.published, fields.url, fields.labels)
    return Reading(article, fields.doubts)


def body(record: Mapping[str, object]) -> tuple[str, tuple[str, ...]] | None:
    """Return the clean text of a record and the doubts about it, None if no key holds one.

    Raises Unreadable if it is longer than an article may be.
    """
    values = _Values(record)
    for name in _TEXT:
        value = values.get(name)
        if parts := items(value):
            value = "\n\n".join(part for part in parts if isinstance(part, str))
        if isinstance(value, str) and value.strip():
            if len(value) * 4 > MAX_ARTICLE and len(value.encode("utf-8", "replace")) > MAX_ARTICLE:
                reason = f"its text is longer than {MAX_ARTICLE // 1_000_000} MB, the limit for one article"
                raise Unreadable(reason)
            return clean(value)
    return None


def fields(record: Mapping[str, object]) -> Fields:
    """Read the fields of front matter or of a JSON object."""
    values, doubts = _Values(record), list[str]()
    return Fields(
        headline=values.text(_HEADLINE, "headline", doubts),
        byline=byline(values.text(_BYLINE, "byline", doubts)),
        outlet=values.text(_OUTLET, "outlet", doubts),
        published=values.date(doubts),
        url=values.url(doubts),
        labels=values.labels(),
        doubts=tuple(doubts),
    )


def items(value: object) -> list[object]:
    """Return the parts of a list, none for anything else."""
    return cast("list[object]", value) if isinstance(value, list) else []


def byline(text: str | None) -> str | None:
    """Return a byline without its leading "By"."""
    return _BY.sub("", text, count=1) if text and _BY.match(text) else text


def _is_url(text: str) -> bool:
    return "://" in text and " " not in text


class _Values:
    """A record by normalised key."""

    def __init__(self, record: Mapping[str, object]) -> None:
        self._values: dict[str, object] = {}
        for key, value in record.items():
            self._values.setdefault(re.sub(r"[\s_:.-]", "", str(key)).lower(), value)

    def get(self, name: str) -> object:
        return self._values.get(name)

    def text(self, names: Sequence[str], what: str, doubts: list[str]) -> str | None:
        """The first known value on one line. An address is none of these: feeds put profile pages there."""
        for name in names:
            value = _line(self.get(name))
            if value is None or _is_url(value):
                continue
            if len(value) > _MAX_FIELD:
                doubts.append(f"its {what} has {len(value):,} characters and was left out")
                return None
            return value
        return None

    def date(self, doubts: list[str]) -> datetime | None:
        unread: list[str] = []
        for name in _PUBLISHED:
            value = self.get(name)
            written = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else _line(value)
            if written is None:
                continue
            if found := moment(written):
                return found
            unread.append(written)
        if unread:
            doubts.append(f"its date {unread[0][:60]!r} is not exact enough to use: write it as 2026-03-05")
        return None

    def url(self, doubts: list[str]) -> str | None:
        for name in _URL:
            value = _line(self.get(name))
            if value is None or (name == "source" and not _is_url(value)):
                continue
            if _usable(value):
                return value
            doubts.append(f"its URL {value[:60]!r} is not an http address and was left out")
            return None
        return None

    def labels(self) -> tuple[str, ...]:
        for name in _LABELS:
            value = self.get(name)
            parts = value.split(",") if isinstance(value, str) else items(value)
            known = (_line(part) for part in parts)
            labels = dict.fromkeys(label for label in known if label and len(label) <= _MAX_LABEL)
            if labels:
                return tuple(labels)[:_MAX_LABELS]
        return ()


def _line(value: object) -> str | None:
    """A value on one line: a string, a list of them, or what an object is called."""
    if isinstance(value, Mapping):
        value = cast("Mapping[str, object]", value).get("name")
    if parts := items(value):
        names = (_line(part) for part in parts[:_MAX_LABELS] if not items(part))  # a list in a list is no name
        value = ", ".join(name for name in names if name)
    if not isinstance(value, str):
        return None
    text = field(value)
    return None if text.lower() in _UNKNOWN else text


def _usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and " " not in url
    except ValueError:
        return False
