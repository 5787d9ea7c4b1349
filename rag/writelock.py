"""One writer at a time: a file lock that the operating system lets go when its owner dies, and a note that names him.

Embedded Chroma loses vectors in silence when two processes write, so every write to an archive stands inside
``writing``. Readers never wait. Threads of one process queue before the file, which they would only poll: a thread
waits as long as the others come and go, and gives up where one keeps it waiting for the whole of its patience.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from filelock import FileLock, Timeout

from rag.errors import ArchiveDamaged, ArchiveLocked

PATIENCE = 10.0
"""Seconds to wait for another writer."""
_LOCK, _NOTE = "write.lock", "writer.json"


class _Turns:
    """The threads of this process that write in one folder, one at a time."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._busy = False
        self._served = 0

    def take(self, timeout: float) -> bool:
        """Wait for a turn; False if one thread kept it for ``timeout`` seconds."""
        with self._changed:
            moved = True
            while self._busy and moved:
                seen = self._served
                moved = self._changed.wait_for(lambda seen=seen: self._served != seen, timeout)
            mine = not self._busy
            self._busy = True
        return mine

    def give(self) -> None:
        """Let the next one have it."""
        with self._changed:
            self._busy, self._served = False, self._served + 1
            self._changed.notify_all()


_turns: dict[str, _Turns] = {}


@contextmanager
def writing(folder: Path, *, timeout: float = PATIENCE) -> Generator[None]:
    """Hold the right to write in ``folder``.

    Raises ArchiveLocked, naming the owner, if another writer keeps it for ``timeout`` seconds, and ArchiveDamaged if
    the lock cannot be made.
    """
    turns = _turns.setdefault(os.path.realpath(folder), _Turns())
    if not turns.take(timeout):
        raise _locked(folder, "another thread of this process")
    try:
        with _file(folder, timeout):
            yield
    finally:
        turns.give()


@contextmanager
def _file(folder: Path, timeout: float) -> Generator[None]:
    """Hold the lock that other processes see."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / _LOCK)
        lock.acquire(timeout=timeout)
    except Timeout:
        raise _locked(folder, owner(folder) or "another process") from None
    except OSError as error:
        msg = f"{folder}: the archive cannot be locked for writing ({error.strerror or error})"
        raise ArchiveDamaged(msg, hint="check the disk, and the owner and permissions of the folder") from error
    try:
        with suppress(OSError):  # the note only makes a message better
            note = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
            (folder / _NOTE).write_text(json.dumps(note), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            (folder / _NOTE).unlink()
        lock.release()


def _locked(folder: Path, whose: str) -> ArchiveLocked:
    return ArchiveLocked(
        f"{folder} is in use by {whose}", hint="wait for it to finish, then run the same command again"
    )


def owner(folder: Path) -> str | None:
    """Return "process N since T" as the last writer noted it, None without a note. It may be dead: see ``held``."""
    try:
        note = cast("dict[str, object]", json.loads((folder / _NOTE).read_text(encoding="utf-8")))
        return f"process {note['pid']} since {note['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return None


def held(folder: Path) -> bool:
    """Tell whether somebody is writing."""
    if not (folder / _LOCK).exists():
        return False
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False
