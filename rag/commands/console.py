"""Standard output and standard error: what a command prints, draws and complains about."""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from rag.errors import CitewireError, Exit, UsageError

_PROGRESS_FROM = 20  # articles; below, it is done before a bar is read


def open_streams() -> None:
    """Open what the caller closed (``>&-``): else the archive would get the number of a standard stream."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the whole process


@contextmanager
def bar(what: str, total: int) -> Generator[Callable[[int, int], None] | None]:
    """Show a progress bar on standard error if it is a terminal and the work is long."""
    if not sys.stderr.isatty() or total < _PROGRESS_FROM:
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - 0.05 s
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done, of: progress.update(task, completed=done, total=max(total, of))


def refuse_unwritable(output: Path) -> None:
    """Raise UsageError if a file of this name cannot be written, as far as that shows without writing it."""
    place = output if output.exists() else output.parent
    if output.is_dir():
        _refuse(output, OSError(errno.EISDIR, os.strerror(errno.EISDIR)))
    if not place.exists():
        _refuse(output, OSError(errno.ENOENT, os.strerror(errno.ENOENT)))
    if not os.access(place, os.W_OK):
        _refuse(output, OSError(errno.EACCES, os.strerror(errno.EACCES)))


def write(content: str | bytes, output: Path | None) -> None:
    """Print ``content``, or write it to a file, whole or not at all. Raises UsageError if that cannot be done."""
    if output is None and isinstance(content, str):
        put(content)
        return
    data = content if isinstance(content, bytes) else f"{content}\n".encode()
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        return
    try:
        if output.exists() and not output.is_file():
            output.write_bytes(data)  # a pipe or a device has no half
        else:
            _replace(output.resolve(), data)
    except OSError as error:
        _refuse(output, error)
    say(f"written to {output}")


def _replace(output: Path, data: bytes) -> None:
    """Write beside the file, then put it in its place: whoever reads sees the old one or the new one."""
    refuse_unwritable(output)
    beside = output.with_name(f".citewire-{secrets.token_hex(8)}")
    try:
        with beside.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if output.exists():
            shutil.copymode(output, beside)
        beside.replace(output)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _refuse(output: Path, error: OSError) -> NoReturn:
    msg = f"{output}: {error.strerror or error}"
    raise UsageError(msg, hint="name another file with -o") from None


def put(text: str) -> None:
    """Print data."""
    print(text)  # noqa: T201 - standard output is the product


def unread() -> NoReturn:
    """End as a command does whose output nobody reads on: ``| head``."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(Exit.DONE)


def say(text: str) -> None:
    """Print what is no data."""
    print(text, file=sys.stderr)  # noqa: T201 - standard error is for the person


def complain(error: CitewireError) -> None:
    """Print what went wrong and the next step."""
    from rag.rendering import line  # noqa: PLC0415

    say(f"citewire: {line(str(error))}")
    if error.hint:
        say(f"  next: {line(error.hint)}")


def fail(error: CitewireError) -> None:
    """Report what ended the command; where JSON was asked for, as a line of it: a program reads standard error then."""
    if not {"--json", "--format=json"} & {*sys.argv} and ("--format", "json") not in pairwise(sys.argv):
        complain(error)
        return
    what = {"code": type(error).__name__, "exit": error.exit_code, "message": str(error), "hint": error.hint}
    say(json.dumps({"error": what}))


def colour() -> bool:
    """Tell whether standard output takes colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def width() -> int | None:
    """Return the width of the terminal, or None where a pipe wants whole lines."""
    return min(100, os.get_terminal_size(sys.stdout.fileno()).columns) if sys.stdout.isatty() else None
