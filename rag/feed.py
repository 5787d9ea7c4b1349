"""Editions of a standing briefing to an Atom feed (RFC 4287).

Written with the standard library: of the packages for it the one in use needs lxml, and what is written here is five
elements. Text is escaped, and what XML cannot hold is left out before that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from rag.rendering import line, link

ATOM = "http://www.w3.org/2005/Atom"
AUTHOR = "citewire"
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One edition, as readers of the feed get it."""

    id: str
    """A URI that never changes."""
    title: str
    updated: datetime
    content: str
    """HTML, in which every text is escaped already."""


def tag(archive: str, *names: str) -> str:
    """Return a tag URI (RFC 4151) of an archive's own: stable wherever the feed is served from, and never fetched.

    Its authority is under ``.invalid``, which nobody can own: citewire has no domain, and a name that is somebody's
    would be a claim about him.
    """
    return ":".join(("tag", f"{archive}.citewire.invalid,2026", "/".join(names)))


def atom(id: str, title: str, entries: Sequence[Entry], *, updated: datetime, url: str | None = None) -> str:  # noqa: A002 - the element's name
    """Return a feed, newest entry first. ``url`` is where its folder is served, if it is: then it links there."""
    feed = ET.Element("feed", {"xmlns": ATOM})
    _put(feed, "id", id)
    _put(feed, "title", line(title))
    _put(feed, "updated", moment(max([updated] if not entries else [entry.updated for entry in entries])))
    _put(_put(feed, "author"), "name", AUTHOR)
    _put(feed, "generator", AUTHOR)
    home = link(url.rstrip("/") + "/" if url else None)
    if home:
        _put(feed, "link", rel="self", type="application/atom+xml", href=f"{home}feed.xml")
        _put(feed, "link", rel="alternate", type="text/html", href=home)
    for entry in entries:
        node = _put(feed, "entry")
        _put(node, "id", entry.id)
        _put(node, "title", line(entry.title))
        _put(node, "updated", moment(entry.updated))
        if home:
            _put(node, "link", rel="alternate", type="text/html", href=home)
        _put(node, "content", entry.content, type="html")
    ET.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


def moment(when: datetime) -> str:
    """Return a moment as RFC 3339 has it, in UTC, to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _put(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    node = ET.SubElement(parent, name, attributes)
    if text:
        node.text = _FORBIDDEN.sub("", text)
    return node
