"""Desk, and what is printed of it, to every other sentence of the story and why it is not printed.

So that nothing that was read is lost without a word: a sentence is told, stands beside, or is here with its reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.furniture import newsworthy
from rag.selection import repeats

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from rag.desk import Desk
    from rag.selection import Unit
    from rag.sources import Evidence
    from rag.wire import Unsaid


def unprinted(
    desk: Desk,
    offered: Iterable[Unit],
    printed: Sequence[Unit],
    answered: Collection[int],
    barred: Collection[int],
    retold: Collection[int],
) -> Mapping[int, Unsaid]:
    """Return by its number why each sentence of ``desk`` is not printed, in order.

    ``offered`` are the units that there was a choice of, ``answered`` the sentences that are told with their answer
    only, ``barred`` those that may not be printed, ``retold`` those that something printed tells in other words.
    """
    shown = {item.number for unit in printed for item in (*unit.run, *unit.also)}
    free = {item.number: unit for unit in offered for item in unit.run}
    found: dict[int, Unsaid] = {}
    for item in desk.evidence:
        if item.number in shown:
            continue
        if item.number in barred:
            found[item.number] = "withheld"
        elif item.number in free:
            unit = free[item.number]
            again = unit.lead.number in retold or repeats(unit, printed, desk.coverage.rarity)
            found[item.number] = "repeated" if again else "length"
        else:
            found[item.number] = "answered" if item.number in answered else _unfit(desk, item)
    return found


def _unfit(desk: Desk, item: Evidence) -> Unsaid:
    """Return why a sentence was not to be chosen at all."""
    if item.number in desk.coverage.withdrawn:
        return "taken_back"
    if desk.coverage.original(item).number != item.number:
        return "copied"
    if item.number == desk.replaced:
        return "repeated"
    return "dependent" if newsworthy(item) else "aside"
