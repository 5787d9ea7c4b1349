"""A stored document and an article that is removed to the document without a word of that article.

What was told of it stays countable: each statement and sentence keeps its place and its length, every character of it
is a block. So a later comparison can say that a statement was withdrawn, and cannot say what it was.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import cast

MASK = "█"
"""What stands for each character of a text that was removed."""
_WORDS = frozenset("text detail note speaker verb value parts about words why claim".split())
"""Fields of a statement, a conflict and a concern that hold words of the sources."""
_NAMES = frozenset({"name", "against"})
"""Fields of a share that name who speaks."""
_QUOTED = re.compile(r"“(.+?)(?: …)?”")
_TELLING = 3
"""Words from which a text that stands in the article is taken from it."""


def without(document: Mapping[str, object], article: str, texts: Collection[str]) -> dict[str, object]:
    """Return ``document`` (a briefing or changes) without what it has of ``article``.

    ``texts`` are the article's own: its headlines, and the text of each version.
    """
    citations = cast("dict[str, dict[str, object]]", document.get("citations", {}))
    keys = {key for key, citation in citations.items() if citation.get("article") == article}
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
    if fields.get("of") == "speaker":
        return {key: _unnamed(item, texts) if key in _NAMES else item for key, item in fields.items()}
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
    """Tell whether a conflict has a side of the article, or a concern is about its words or who speaks in it."""
    sides = cast("list[dict[str, object]]", fields.get("positions") or [])
    if any(keys & (_cited(side) or set[str]()) for side in sides):
        return True
    if "rule" not in fields:
        return False
    claim, named, why = (str(fields.get(key, "")) for key in ("claim", "words", "why"))
    quoted = [claim, *_QUOTED.findall(why)]
    return any(_within(text, texts) for text in quoted) or (not claim and _unnamed(named, texts) != named)


def _unnamed(value: object, texts: Collection[str]) -> object:
    """Return a name, or names, without those that stand in the article, whoever else has them, too."""
    if isinstance(value, list):
        return [_unnamed(item, texts) for item in cast("list[object]", value)]
    return _masked(str(value)) if any(str(value) in text for text in texts) else value


def _masked_fields(fields: Mapping[str, object]) -> dict[str, object]:
    return {key: _masked_words(item) if key in _WORDS else item for key, item in fields.items()}


def _masked_words(value: object) -> object:
    if isinstance(value, list):
        return [_masked_words(item) for item in cast("list[object]", value)]
    return _masked(value) if isinstance(value, str) else value


def _within(text: str, texts: Collection[str]) -> bool:
    return len(text.split()) >= _TELLING and any(text in known for known in texts)


def _masked(text: str) -> str:
    return MASK * len(text)
