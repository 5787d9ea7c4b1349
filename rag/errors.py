"""What can go wrong, as one small tree.

    CitewireError
    |- UsageError            2  the call itself is off: empty question, unknown filter, unknown setting
    |  |- ModelMissing       2  weights or an optional package are not installed
    |  |- OutputError        2  what was to be written cannot be: a full disk, a folder of another
    |- ReadError             3  one file or line could not become an article (2 where none of them could)
    |- ProviderError         5  a hosted or local model failed; ``kind`` says how
    |- BudgetReached         6  the next step would pass a limit that the user set
    |- ArchiveError          7  the archive or the index cannot be used as it is
       |- ArchiveLocked      7  another process writes
       |- ArchiveDamaged     7  integrity check failed, disk full, not an archive
       |- IndexMismatch      7  made by another embedder, chunker or splitter
       |- IndexDamaged       7  derived index lost or unreadable: it can be rebuilt

Every error says what happened, to which file, line or URL, and (``hint``) the next command to run.
Vendor errors are turned into these at the seam where they enter.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import ClassVar


class Exit(IntEnum):
    """Exit status of the command line, the same for every command."""

    DONE = 0
    BUG = 1
    USAGE = 2
    PARTIAL = 3
    DECLINED = 4
    PROVIDER = 5
    BUDGET = 6
    ARCHIVE = 7
    INTERRUPTED = 130


class CitewireError(Exception):
    """Root of the tree. ``str(error)`` is the cause, ``error.hint`` the next step (or empty)."""

    exit_code: ClassVar[Exit] = Exit.BUG

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Let processes hand errors on whole: the message, and by name whatever else an error knows."""
        return _remade, (type(self), self.args, vars(self))


class UsageError(CitewireError):
    """The call is off; nothing was done."""

    exit_code = Exit.USAGE


class OutputError(UsageError):
    """What was to be written cannot be: the place is full, or not ours."""


class ModelMissing(UsageError):
    """Weights or an optional package are absent, or are not the bytes that were pinned."""


class ReadError(CitewireError):
    """One input could not become an article; the others go on."""

    exit_code = Exit.PARTIAL

    def __init__(self, message: str, *, place: str, hint: str = "") -> None:
        super().__init__(f"{place}: {message}", hint=hint)
        self.place = place
        """File, ``file:line`` or URL."""
        self.reason = message
        """The message without its place."""


class ProviderFault(StrEnum):
    """How a model failed."""

    RATE_LIMITED = "rate_limited"
    QUOTA = "quota"
    AUTH = "auth"
    UNKNOWN_MODEL = "unknown_model"
    CONTEXT_LENGTH = "context_length"
    REFUSED = "refused"
    MALFORMED = "malformed"
    INCOMPLETE = "incomplete"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    SERVER = "server"


class ProviderError(CitewireError):
    """A model did not give a usable reply within its deadline."""

    exit_code = Exit.PROVIDER

    def __init__(self, message: str, *, kind: ProviderFault, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.kind = kind


class BudgetReached(CitewireError):
    """The next step would pass a limit that the user set."""

    exit_code = Exit.BUDGET


class ArchiveError(CitewireError):
    """The archive or its index cannot be used as it is."""

    exit_code = Exit.ARCHIVE


class ArchiveLocked(ArchiveError):
    """Another process writes to this archive."""


class ArchiveDamaged(ArchiveError):
    """The archive cannot be read or written: not an archive, damaged, or its disk is full."""


class IndexMismatch(ArchiveError):
    """The index was made by another embedder, chunker or sentence splitter."""


class IndexDamaged(ArchiveError):
    """The derived index is missing or unreadable; the archive can rebuild it."""


def _remade(kind: type[CitewireError], args: tuple[object, ...], known: dict[str, object]) -> CitewireError:
    error = kind.__new__(kind, *args)
    error.args = args
    vars(error).update(known)
    return error
