"""A stored document and an article that is removed to the document without a word of that article.

What was told of it stays countable: each statement and sentence keeps its place and its length, every character of it
is a block. So a later comparison can say that a statement was withdrawn, and cannot say what it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import cast

MASK = "█"
"""What stands for each character of a text that was removed (the renderings know it)."""
_TELLING = 3
"""Words from which a text that stands in the article is taken from it."""


def without(document: Mapping[str, object], article: str, texts: Collection[str]) -> dict[str, object]:
    """Return ``document`` (a briefing or changes) without what it has of ``article``.

    ``texts`` are the article's own: its headlines, and the text of each version.
    """
    citations = cast("dict[str, dict[str, object]]", document.get("citations", {}))
    keys = {key for key, citation in citations.items() if citation.get("article") == article}
    if not keys and not any(_within(value, texts) for value in _strings(document)):
        return dict(document)
    scrubbed = {key: _scrub(value, keys, texts) for key, value in document.items() if key != "citations"}
    told = {key: _blank(citation) if key in keys else citation for key, citation in citations.items()}
    return {**scrubbed, "citations": told}


def _blank(citation: Mapping[str, object]) -> dict[str, object]:
    return {**citation, "text": _masked(str(citation.get("text", ""))), "headline": None, "url": None}


def _scrub(value: object, keys: AbstractSet[str], texts: Collection[str]) -> object:
    if isinstance(value, str):
        return _masked(value) if _within(value, texts) else value
    if isinstance(value, list):
        return [_scrub(item, keys, texts) for item in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    fields = cast("dict[str, object]", value)
    cited = fields.get("citations")
    if not isinstance(cited, list):
        return {key: _scrub(item, keys, texts) for key, item in fields.items()}
    if not keys & {*cast("list[str]", cited)}:
        return fields  # a statement on other articles, whatever these have in common
    return {key: _masked(str(item)) if key in {"text", "detail", "note"} else item for key, item in fields.items()}


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    items: list[object] = []
    if isinstance(value, list):
        items = cast("list[object]", value)
    elif isinstance(value, dict):
        items = list(cast("dict[str, object]", value).values())
    return [text for item in items for text in _strings(item)]


def _within(text: str, texts: Collection[str]) -> bool:
    return len(text.split()) >= _TELLING and any(text in known for known in texts)


def _masked(text: str) -> str:
    return MASK * len(text)
