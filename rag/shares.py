"""Stories and a length to how many words each is told in.

Each story has its least, and of the rest as much as it has independent sources. What a story cannot fill, because there
is no more to tell of it, goes to those that can. So a length is filled where there is material for it, and with the
same stories a greater length tells no less of any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LEAST = 60
"""Words below which a story tells too little to be a story: fewer stories are told instead."""
FULL = 0.9
"""Share of its words from which a story fills them: the next sentence may be longer than what is over."""


def share(weights: Sequence[int], words: int, told: Callable[[int, int], int]) -> list[int]:
    """Return the length in which each story is told, by its weight, its least before all; together they fill ``words``.

    ``told`` says of the story at a place how many words it would fill of so many. What cannot fill its length keeps it,
    and counts for what it fills.
    """
    most: dict[int, int] = {}
    offered: dict[int, int] = {}
    while True:
        shares = _shared(weights, words, most)
        short = {
            place: filled
            for place, given in enumerate(shares)
            if place not in most and (filled := told(place, given)) < FULL * given
        }
        if not short or len(most) + len(short) == len(shares):
            return [offered.get(place, given) for place, given in enumerate(shares)]
        most |= short
        offered |= {place: shares[place] for place in short}  # of which it tells all it can


def _shared(weights: Sequence[int], words: int, most: dict[int, int]) -> list[int]:
    """Share ``words`` among stories of which some can tell no more than ``most``."""
    free = [weight for place, weight in enumerate(weights) if place not in most]
    spare = words - sum(most.values()) - LEAST * len(free)
    return [
        most[place] if place in most else LEAST + spare * weight // max(1, sum(free))
        for place, weight in enumerate(weights)
    ]
