"""One writer at a time: a file lock that the operating system releases when its owner dies, and a note that names him.

Embedded Chroma loses vectors in silence when two processes write, so every write to an archive stands inside ``writing``.
Readers never wait.
"""

from __future__ import annotations

import json
import os
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from filelock import FileLock, Timeout

from rag.errors import ArchiveDamaged, ArchiveLocked

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK_TIMEOUT = 10.0
"""Seconds to wait for another writer."""


@contextmanager
def writing(folder: Path, *, timeout: float = LOCK_TIMEOUT) -> Iterator[None]:
    """Hold the right to write in ``folder``.

    Raises ArchiveLocked, naming the owner, if another writer keeps it for ``timeout`` seconds, and ArchiveDamaged if
    the lock cannot be made.
    """
    lock = FileLock(folder / "write.lock", timeout=timeout)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        msg = f"{folder}: archive in use by {owner(folder) or 'another process'}"
        raise ArchiveLocked(msg, hint="wait until it has finished, or stop it, and run the command again") from error
    except OSError as error:
        msg = f"{folder}: cannot lock the archive for writing: {error.strerror or error}"
        raise ArchiveDamaged(msg, hint="check the folder's owner and permissions, and that the disk is not full") from error
    try:
        with suppress(OSError):  # the note only makes a message better
            note = {"pid": os.getpid(), "since": datetime.now(UTC).isoformat(timespec="seconds")}
            (folder / "write.owner").write_text(json.dumps(note), "utf-8")
        yield
    finally:
        with suppress(OSError):
            (folder / "write.owner").unlink()
        lock.release()


def owner(folder: Path) -> str | None:
    """Return "process N since T" as the last writer noted it, None if there is no note. It may be dead: see ``held``."""
    try:
        note = cast("dict[str, object]", json.loads((folder / "write.owner").read_text("utf-8")))
        return f"process {note['pid']} since {note['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return None


def held(folder: Path) -> bool:
    """Tell whether somebody writes now."""
    if not (folder / "write.lock").exists():
        return False
    lock = FileLock(folder / "write.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    lock.release()
    return False
