"""A sentence to the item that it stands in, of an article that is a list of many unrelated ones.

    "Montgomery: The state reported 60 deaths." | "Trenton: The state has 76 deaths."

"The state" is another in each, so that nothing of two items agrees or clashes.
"""

from __future__ import annotations

import bisect
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.sources import Article, Evidence

ITEMS = 20
"""Items from which an article is such a list. Of 3,600 articles (RealTimeQA, dev) 66 have as many lines that open with
a name and a colon: 51 round-ups of places, lists of shops, of games and of corrections, and no report of one event."""
_OPENS = re.compile(r"^\W*(?P<of>[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,2}): (?=[A-Z])", re.MULTILINE)


def one_item(first: Evidence, second: Evidence) -> bool:
    """Tell whether two sentences can be of one thing, where either stands in an item of a list."""
    ours, theirs = _item(first), _item(second)
    if ours and theirs:
        return ours == theirs
    return (ours or theirs) in (second if ours else first).article.text


def _item(of: Evidence) -> str:
    """Return the name before the item of a sentence; empty where its article is no such list."""
    places, names = _items(of.article)
    at = bisect.bisect_right(places, of.sentence.start)
    return names[at - 1] if at else ""


@lru_cache(maxsize=512)
def _items(article: Article) -> tuple[list[int], list[str]]:
    """Return where the items of an article begin, and their names; nothing where it is no list."""
    found = [*_OPENS.finditer(article.text)]
    names = [match["of"] for match in found]
    return ([match.start() for match in found], names) if len(set(names)) >= ITEMS else ([], [])
