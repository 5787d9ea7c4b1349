"""Calls side by side: order, faults, and that an interrupted caller begins no more of them."""

from __future__ import annotations

import threading

import pytest

from rag.background import side_by_side


def test_results_come_in_order_and_two_are_under_way_together() -> None:
    both = threading.Barrier(2, timeout=30)

    def call(item: int) -> int:
        both.wait()
        return item * 10

    assert side_by_side(call, [1, 2, 3, 4], 2) == [10, 20, 30, 40]


def test_a_fault_is_raised_and_no_further_item_is_begun() -> None:
    begun: list[int] = []
    go = threading.Event()

    def call(item: int) -> None:
        begun.append(item)
        if item == 0:
            raise KeyboardInterrupt
        go.wait(30)

    with pytest.raises(KeyboardInterrupt):
        side_by_side(call, list(range(50)), 2)
    go.set()
    assert len(begun) < 5
