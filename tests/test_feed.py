"""The Atom feed: what RFC 4287 requires is there, whatever the text."""

from __future__ import annotations

import importlib
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.feed import ATOM, Entry, atom, tag

feedparser: Any = importlib.import_module("feedparser")  # has no types
WHEN = datetime(2026, 3, 5, 11, tzinfo=timezone(timedelta(hours=1)))
NS = {"a": ATOM}


def feed(*entries: Entry, url: str | None = None) -> str:
    return atom(tag("abc", "ferry"), "Briefing: ferry", entries, updated=WHEN, url=url)


def entry(title: str = "Ferry: 1 new", content: str = "<p>A ferry sank.</p>", name: str = "one") -> Entry:
    return Entry(tag("abc", "edition", name), title, WHEN, content)


def parsed(text: str) -> Any:  # noqa: ANN401 - feedparser has no types
    found: Any = feedparser.parse(text.encode())
    assert not found.bozo
    return found


def read(text: str) -> ET.Element:
    return ET.fromstring(text.encode("utf-8", "strict"))  # noqa: S314 - our own


@pytest.mark.parametrize("entries", [(), (entry(),), (entry(name="two"), entry())])
def test_feed_and_entries_have_what_the_standard_requires(entries: tuple[Entry, ...]) -> None:
    root = read(feed(*entries))
    assert root.tag == f"{{{ATOM}}}feed"
    for node in (root, *root.findall("a:entry", NS)):
        for required in ("id", "title", "updated"):
            [found] = node.findall(f"a:{required}", NS)
            assert found.text
        stamp = node.findtext("a:updated", "", NS)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp)
        assert stamp == "2026-03-05T10:00:00Z"
        assert re.fullmatch(r"tag:[a-z0-9.]+,2026:[\w/]+", node.findtext("a:id", "", NS))
    assert root.findtext("a:author/a:name", "", NS)  # of the feed, so that no entry needs its own
    for node in root.findall("a:entry", NS):
        [content] = node.findall("a:content", NS)
        assert content.get("type") == "html"
    ids = [node.text for node in root.findall(".//a:id", NS)]
    assert len(ids) == len({*ids}) == 1 + len(entries)


def test_a_reader_of_feeds_gets_title_time_and_html() -> None:
    found = parsed(feed(entry()))
    assert found.version == "atom10"
    assert found.entries[0].title == "Ferry: 1 new"
    assert found.entries[0].content[0].value == "<p>A ferry sank.</p>"
    assert found.entries[0].updated == "2026-03-05T10:00:00Z"


def test_links_are_there_only_where_it_is_known_what_address_the_folder_has() -> None:
    assert not read(feed(entry())).findall(".//a:link", NS)
    root = read(feed(entry(), url="https://news.example/ferry"))
    links = {node.get("rel"): node.get("href") for node in root.findall("a:link", NS)}
    assert links == {"self": "https://news.example/ferry/feed.xml", "alternate": "https://news.example/ferry/"}
    assert not read(feed(entry(), url="javascript:alert(1)")).findall(".//a:link", NS)


@given(st.text(st.characters()), st.text(st.characters()))
def test_no_text_breaks_the_feed(title: str, content: str) -> None:
    root = read(feed(entry(f"a {title}", f"b {content}")))
    assert [child.tag for child in root.findall("a:entry/*", NS)] == [
        f"{{{ATOM}}}{name}" for name in ("id", "title", "updated", "content")
    ]


@pytest.mark.parametrize("text", ["]]>", "<script>alert(1)</script>", "\x00\x0b\x1b[31m", "&amp;&#0;", "\ufffe\ud800"])
def test_hostile_text_stays_text(text: str) -> None:
    found = parsed(feed(entry(f"Ferry {text}")))
    assert found.entries[0].id == tag("abc", "edition", "one")
    assert "\x1b" not in found.entries[0].title


def test_the_latest_entry_dates_the_feed() -> None:
    late = Entry(tag("abc", "edition", "late"), "t", datetime(2026, 4, 1, tzinfo=UTC), "c")
    assert read(feed(late, entry())).findtext("a:updated", "", NS) == "2026-04-01T00:00:00Z"
