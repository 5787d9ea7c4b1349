"""Places to the groups that they were joined into: disjoint sets."""

from __future__ import annotations

from collections import defaultdict


class Partition:
    """The places below ``size``, each alone at first."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, place: int) -> int:
        """Return the place that stands for the group of ``place``."""
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def join(self, first: int, second: int) -> None:
        """Make one group of two."""
        a, b = sorted((self.find(first), self.find(second)))
        self._parent[b] = a

    def groups(self) -> list[list[int]]:
        """Return all groups, those with the lowest places first."""
        found: dict[int, list[int]] = defaultdict(list)
        for place in range(len(self._parent)):
            found[self.find(place)].append(place)
        return list(found.values())
