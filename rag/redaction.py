"""A stored document and an article that is removed to the document without a word of that article.

What was told of it stays countable: each statement and sentence keeps its place and its length, every character of it
is a block. So a later comparison can say that a statement was withdrawn, and cannot say what it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import cast

MASK = "█"
"""What stands for each character of a text that was removed."""
_WORDS = frozenset("text detail note speaker verb value about words why claim".split())
"""Fields of a statement, a conflict and a concern that hold words of the sources."""
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
    cited = _cited(fields)
    if cited is None:
        scrubbed = {key: _scrub(item, keys, texts) for key, item in fields.items()}
        return _masked_fields(scrubbed) if _about_it(fields, keys, texts) else scrubbed
    return _masked_fields(fields) if keys & cited else fields  # else on other articles, whatever these have in common


def _cited(fields: Mapping[str, object]) -> set[str] | None:
    """Return the keys that a statement or one side of a conflict cites; None where it is neither."""
    many, one = fields.get("citations"), fields.get("citation")
    if isinstance(many, list):
        return {*cast("list[str]", many)}
    return {one} if isinstance(one, str) else None


def _about_it(fields: Mapping[str, object], keys: AbstractSet[str], texts: Collection[str]) -> bool:
    """Tell whether a conflict has a side of the article, or a concern is about its words."""
    sides = cast("list[dict[str, object]]", fields.get("positions") or [])
    claim = fields.get("claim")
    return any(keys & (_cited(side) or set[str]()) for side in sides) or (
        "rule" in fields and isinstance(claim, str) and _within(claim, texts)
    )


def _masked_fields(fields: Mapping[str, object]) -> dict[str, object]:
    return {key: _masked(item) if key in _WORDS and isinstance(item, str) else item for key, item in fields.items()}


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
