"""What a person types to which sentences answer a question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.errors import UsageError

Facts = tuple[tuple[str, ...], ...]
"""For each needed fact the ids of the sentences that suffice."""
FACTS = "ABCDEFGH"
"""Names of facts: a question that needs more is several questions."""
_TOKEN = re.compile(
    r"(?P<new>\+)|(?P<gap>[\s,]+)|"
    r"(?P<fact>[A-H]):?(?=\s|\d|$)|(?P<off>-)?(?P<first>\d{1,4})(?:-(?P<last>\d{1,4}))?(?=[\s,]|$)"
)


def mark(facts: Facts, typed: str, ids: Sequence[str]) -> Facts:
    """Return ``facts`` with the numbers of ``typed`` marked: ``1 3``, ``2-4``, ``+ 5`` (next fact), ``-3`` (off).

    ``ids`` are those of the sentences shown, number 1 first. Raises UsageError for what is not that.
    """
    kept = [list(fact) for fact in facts] or [[]]
    place, at = 0, 0
    while at < len(typed):
        token = _TOKEN.match(typed, at)
        if token is None:
            msg = f"{typed[at:].strip()!r} is no number of a sentence"
            raise UsageError(msg, hint="type h for what can be typed")
        at = token.end()
        if token["new"] or token["fact"]:
            place = FACTS.index(token["fact"]) if token["fact"] else len([fact for fact in kept if fact])
            if place > len(kept) or place >= len(FACTS):
                msg = f"there is no fact {FACTS[min(place, len(kept), len(FACTS) - 1)]} before it"
                raise UsageError(msg, hint="+ and a number begin another fact")
            if place == len(kept):
                kept.append([])
        elif token["first"]:
            chosen = [_numbered(n, ids) for n in range(int(token["first"]), int(token["last"] or token["first"]) + 1)]
            if token["off"]:
                kept = [[one for one in fact if one not in chosen] for fact in kept]
            else:
                kept[place] = list(dict.fromkeys([*kept[place], *chosen]))
    return tuple(tuple(fact) for fact in kept if fact)


def _numbered(number: int, ids: Sequence[str]) -> str:
    if not 1 <= number <= len(ids):
        msg = f"there is no sentence {number} here; the last one is {len(ids)}"
        raise UsageError(msg, hint="/ and some words find more sentences")
    return ids[number - 1]
