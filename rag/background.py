"""A blocking iterator to an asynchronous one: it runs in a thread that keeps neither the loop nor the process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


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
