"""What a web page says of itself, to a record of fields: JSON-LD first, then meta tags, then what its elements mark.

Read are values that somebody wrote for machines, so that no date or name is guessed from the looks of a page.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Protocol, cast
from urllib.parse import urlsplit

from rag.readers.fields import items

# Names of meta tags as publishers' systems write them, the most exact first; compared in lower case.
_TITLE = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "hdl")
_AUTHOR = ("author", "article:author", "byl", "byline", "parsely-author", "sailthru.author", "dc.creator", "creator")
_SITE = ("og:site_name", "application-name", "publisher", "dc.publisher", "article:publisher", "cre")
_DATE = (
    *("article:published_time", "og:article:published_time", "article:published", "datepublished", "date"),
    *("pubdate", "publish_date", "publish-date", "published_time", "parsely-pub-date", "sailthru.date", "dc.date"),
    *("dc.date.issued", "dcterms.created", "dcterms.issued", "cxenseparse:recs:publishtime", "article_date_original"),
)
_MODIFIED = (
    "article:modified_time",
    "og:updated_time",
    "article:modified",
    "datemodified",
    "lastmod",
    "dcterms.modified",
)
_LIVE = re.compile(r"/live(?:/|-)|\blive-?(?:blog|updates?|coverage)\b", re.IGNORECASE)
"""In the address of a page that grows during the day: what it tells was known when it was last changed."""
_SECTION = ("article:section", "section", "parsely-section", "cxenseparse:articlesection")
_KEYWORDS = ("news_keywords", "keywords", "article:tag", "parsely-tags")
_ARTICLE = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report)\Z")
_SAVED = re.compile(r"<!-- saved from url=\(\d+\)(?P<url>https?://\S+) -->")
_DEEPEST = 4
"""Levels of lists and ``@graph`` in which a JSON-LD article is looked for; publishers nest two."""
_SEPARATOR = re.compile(r"\s+[|–—-]\s+")
_LONGEST = 80
"""Characters of a marked author; what is longer is a portrait."""


class Node(Protocol):
    """What is used of an lxml element."""

    @property
    def text(self) -> str | None:
        """The text before the first child."""
        ...

    def iter(self, *tags: object) -> Iterator[Node]:
        """Walk the elements of these tags."""
        ...

    def get(self, name: str, default: str) -> str:
        """Return an attribute."""
        ...

    def text_content(self) -> str:
        """Return the text of the element and all in it."""
        ...


def declared(tree: Node, head: str) -> dict[str, object]:
    """Return the record of a page, with the keys that ``fields`` reads. ``head`` is the beginning of its source."""
    meta = _meta(tree)
    addresses = [*_links(tree), meta.get("og:url", "")]
    article = _article(tree, addresses)
    url = next(filter(_own, [*addresses, *_places(article), *_saved(head)]), "")
    outlet = (_name(article.get("publisher")) or _first(meta, _SITE)).removeprefix("@")
    live = any(kind.endswith("LiveBlogPosting") for kind in _kinds(article)) or bool(_LIVE.search(url))
    changed = (_text(article.get("dateModified")) or _first(meta, _MODIFIED)) if live else ""
    headline = _text(article.get("headline")) or _text(article.get("name")) or _first(meta, _TITLE)
    return {
        "headline": _bare(headline, outlet),
        "title": _bare(_heading(tree), outlet),
        "byline": _name(article.get("author")) or _name(article.get("creator")),
        "author": _first(meta, _AUTHOR),
        "creator": ", ".join(dict.fromkeys(_marked(tree, "author"))),
        "outlet": outlet,
        "published": changed or _text(article.get("datePublished")),
        "articlepublishedtime": _first(meta, _DATE),
        "date": next(_dates(tree), ""),
        "url": url,
        "labels": _labels(article, meta),
    }


def fronts(tree: Node) -> str:
    """Return the host whose front page this says it is, nothing for an article with an address of its own."""
    addresses = [*_links(tree), _meta(tree).get("og:url", "")]
    hosts = [host for host in map(_host, addresses) if host]
    return "" if any(map(_own, addresses)) or not hosts else hosts[0]


def printed(tree: Node) -> bool:
    """Whether citewire made the page: what it printed is no source of what it will print."""
    return _meta(tree).get("generator", "").lower() == "citewire"


def titles(tree: Node) -> frozenset[str]:
    """Return the lines that name the article and are none of its text: first-level headings, and titles."""
    named = [node.text_content() for node in tree.iter("h1", "title")] + [_first(_meta(tree), _TITLE)]
    return frozenset(" ".join(text.split()) for text in named)


def _meta(tree: Node) -> dict[str, str]:
    """The first value of each meta tag, by its name in lower case."""
    found: dict[str, str] = {}
    for node in tree.iter("meta"):
        name = node.get("property", "") or node.get("name", "") or node.get("itemprop", "")
        if name and node.get("content", "").strip():
            found.setdefault(name.lower(), node.get("content", ""))
    return found


def _links(tree: Node) -> list[str]:
    return [node.get("href", "") for node in tree.iter("link") if "canonical" in node.get("rel", "").lower().split()]


def _first(meta: Mapping[str, str], names: tuple[str, ...]) -> str:
    """The first of these tags that holds more than an address: pages link their authors and publishers there."""
    return next((meta[name] for name in names if name in meta and "://" not in meta[name]), "")


def _article(tree: Node, addresses: list[str]) -> Mapping[str, object]:
    """The JSON-LD article that the page is about: the one with its address, or the first with a headline."""
    found: list[Mapping[str, object]] = []
    for node in tree.iter("script"):
        if "ld+json" in node.get("type", "").lower() and node.text:
            found += _articles(_parsed(node.text), _DEEPEST)
    ours = (one for one in found if any(place in addresses for place in _places(one) if place))
    headed = (one for one in found if _text(one.get("headline")))
    return next(ours, next(headed, found[0] if found else {}))


def _parsed(text: str) -> object:
    """JSON, or None: a page may hold anything there. Line breaks inside strings are a common slip."""
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip().removeprefix("<![CDATA[").removesuffix("]]>")
    try:
        return json.loads(text.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _articles(value: object, depth: int) -> list[Mapping[str, object]]:
    if depth and (parts := items(value)):
        return [article for part in parts for article in _articles(part, depth - 1)]
    if not isinstance(value, Mapping):
        return []
    known = cast("Mapping[str, object]", value)
    if any(_ARTICLE.match(kind.rpartition("/")[2]) for kind in _kinds(known)):
        return [known]
    inner = (known.get("@graph"), known.get("mainEntity"))
    return [article for part in inner if depth for article in _articles(part, depth - 1)]


def _kinds(known: Mapping[str, object]) -> list[str]:
    kind = known.get("@type")
    return [one for one in [kind, *items(kind)] if isinstance(one, str)]


def _places(article: Mapping[str, object]) -> list[str]:
    """The addresses of a JSON-LD article."""
    page = article.get("mainEntityOfPage")
    if isinstance(page, Mapping):
        page = cast("Mapping[str, object]", page).get("@id")
    return [place for place in (page, article.get("url"), article.get("@id")) if isinstance(place, str)]


def _saved(head: str) -> list[str]:
    """The address that a browser wrote on top of what it saved."""
    match = _SAVED.search(head)
    return [match["url"]] if match else []


def _own(url: str) -> bool:
    """Whether an address is one article's: of a front page all articles of a badly set up site would be versions."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and bool(parts.path.strip("/") or parts.query)


def _host(url: str) -> str:
    try:
        return urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""


def _heading(tree: Node) -> str:
    """The only first-level heading, or the title."""
    headings = [text for node in tree.iter("h1") if (text := node.text_content().strip())]
    if len(headings) == 1:
        return headings[0]
    return next((node.text_content().strip() for node in tree.iter("title")), "")


def _bare(headline: str, outlet: str) -> str:
    """A headline without the outlet's name after it."""
    head, _, tail = headline.rpartition((_SEPARATOR.findall(headline) or [" | "])[-1])
    same = tail and "".join(tail.split()).casefold() == "".join(outlet.split()).casefold()
    return head if head and same else headline


def _marked(tree: Node, role: str) -> Iterator[str]:
    """The texts of what is marked with this role, by microdata or by the relation of a link."""
    for node in tree.iter("a", "span", "div", "p", "address"):
        if role in (node.get("itemprop", ""), node.get("rel", "")):
            text = " ".join(node.text_content().split())
            if text and len(text) <= _LONGEST:
                yield text


def _dates(tree: Node) -> Iterator[str]:
    """What ``<time>`` marks as the day of publication; any other may be an event's or another article's."""
    for node in tree.iter("time"):
        if node.get("itemprop", "") == "datePublished" or node.get("pubdate", "no") != "no":
            yield node.get("datetime", "") or node.text_content()


def _labels(article: Mapping[str, object], meta: Mapping[str, str]) -> list[str]:
    """Keywords, and ``opinion`` where the kind or the section of the article says so."""
    sections = [*map(_text, _each(article.get("articleSection"))), _first(meta, _SECTION), *_kinds(article)]
    opinion = ["opinion"] if any("opinion" in section.lower() for section in sections) else []
    words = [_text(one) for one in _each(article.get("keywords"))]
    words = words if any(words) else [_first(meta, _KEYWORDS)]
    return opinion + [word.strip() for one in words for word in one.split(",") if word.strip()]


def _each(value: object) -> list[object]:
    return items(value) or [value]


def _name(value: object) -> str:
    """What a person or a body, or several of them, are called."""
    known = (cast("Mapping[str, object]", one).get("name") if isinstance(one, Mapping) else one for one in _each(value))
    names = (name for one in known for name in map(_text, _each(one)))
    return ", ".join(dict.fromkeys(name for name in names if name and "://" not in name))


def _text(value: object) -> str:
    """A string without the entities that publishers leave in JSON, nothing for anything else."""
    return html.unescape(value).strip() if isinstance(value, str) else ""
