"""The scan over stored vectors: exact by definition, in a fixed order, and never out of date."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.exact import ExactIndex, Rows
from rag.sources import Scope


class Keeper:
    """Rows that change, and who may be found."""

    def __init__(self, rows: int, dimensions: int = 8) -> None:
        self.generation = 0
        self.loads = 0
        self.allowed: set[str] = set()
        self.fill(rows, dimensions)

    def fill(self, rows: int, dimensions: int = 8) -> None:
        self.matrix = np.random.default_rng(rows).normal(size=(rows, dimensions)).astype(np.float32)
        self.ids = [f"a{row // 3}@v+{row % 3}" for row in range(rows)]
        self.generation += 1

    def load(self) -> Rows:
        self.loads += 1
        return self.ids, [id_.partition("@")[0] for id_ in self.ids], self.matrix

    def within(self, scope: Scope) -> Collection[str]:
        assert scope
        return self.allowed

    def index(self) -> ExactIndex:
        return ExactIndex(self.load, lambda: self.generation, self.within)


SOME = Scope(outlets=("any",))


@given(rows=st.integers(0, 60), k=st.integers(1, 70), share=st.integers(0, 20), scoped=st.booleans())
def test_the_best_k_of_the_allowed_rows_come_in_order_of_their_scores(
    rows: int,
    k: int,
    share: int,
    scoped: bool,  # noqa: FBT001
) -> None:
    keeper = Keeper(rows)
    keeper.allowed = {f"a{n}" for n in range(share)} | {"nobody"}
    query = np.random.default_rng(5).normal(size=8).astype(np.float32)
    scores = (keeper.matrix.astype(np.float64) @ query).tolist()
    right = sorted(
        ((score, id_) for score, id_ in zip(scores, keeper.ids, strict=True)
         if not scoped or id_.partition("@")[0] in keeper.allowed),
        reverse=True,
    )[:k]  # fmt: skip
    hits = keeper.index().search(query, k, SOME if scoped else Scope())
    assert [id_ for id_, _ in hits] == [id_ for _, id_ in right]
    assert [score for _, score in hits] == pytest.approx([score for score, _ in right], abs=1e-4)


def test_equal_scores_come_in_the_order_of_the_archive() -> None:
    keeper = Keeper(9)
    keeper.matrix[:] = 1.0
    assert [id_ for id_, _ in keeper.index().search([1.0] * 8, 4, Scope())] == keeper.ids[:4]


def test_vectors_are_read_once_and_again_when_the_generation_has_changed() -> None:
    keeper = Keeper(6)
    index = keeper.index()
    for _ in range(3):
        assert len(index.ids()) == 6
        assert len(index.search([1.0] * 8, 10, Scope())) == 6
    assert keeper.loads == 1
    keeper.fill(30)
    assert len(index.search([1.0] * 8, 100, Scope())) == 30
    assert keeper.loads == 2


def test_nothing_is_found_among_nothing() -> None:
    assert Keeper(0).index().search([1.0] * 8, 5, Scope()) == []
    assert Keeper(9).index().search([1.0] * 8, 5, SOME) == []
