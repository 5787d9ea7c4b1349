"""Work in threads that keep neither a loop nor the process: a blocking iterator for a loop, calls side by side."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import TypeVar

A = TypeVar("A")
T = TypeVar("T")


def side_by_side(call: Callable[[A], T], items: Sequence[A], at_once: int) -> list[T]:
    """Return ``call`` of each item, in order, ``at_once`` of them under way together.

    What one raises is raised here once those before it are done. When the caller is interrupted, no further item is
    begun, and nobody waits for those under way.
    """
    todo = list(enumerate(items))[::-1]
    done: list[Future[T]] = [Future() for _ in items]

    def work() -> None:
        while todo:
            with suppress(IndexError):  # another thread took the last one
                place, item = todo.pop()
                try:
                    done[place].set_result(call(item))
                except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
                    done[place].set_exception(error)

    for _ in items[:at_once]:
        context = copy_context()  # spans and callbacks are found through it
        threading.Thread(target=partial(context.run, work), name="citewire-story", daemon=True).start()
    try:
        return [one.result() for one in done]
    finally:
        todo.clear()


async def iterate(items: Callable[[], Iterator[T]]) -> AsyncIterator[T]:
    """Yield what ``items()`` yields, made in a daemon thread; what it raises is raised here.

    When the loop is left, the iterator is closed as soon as the item under way is done, and nobody waits for that.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[tuple[T] | BaseException | None] = asyncio.Queue()
    left = threading.Event()

    def put(item: tuple[T] | BaseException | None) -> None:
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(queue.put_nowait, item)

    def work() -> None:
        try:
            for item in items():
                put((item,))
                if left.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            put(error)
        else:
            put(None)

    threading.Thread(target=work, name="citewire-background", daemon=True).start()
    try:
        while (item := await queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item[0]
    finally:
        left.set()
