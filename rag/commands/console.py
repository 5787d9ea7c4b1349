"""Standard output and standard error: what a command prints, draws and complains about."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import CitewireError, UsageError

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


def write(text: str, output: Path | None) -> None:
    """Print ``text``, or write it to a file. Raises UsageError if that cannot be done."""
    if output is None:
        put(text)
        return
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        msg = f"{output}: {error.strerror or error}"
        raise UsageError(msg, hint="name another file with -o") from None
    say(f"written to {output}")


def put(text: str) -> None:
    """Print data."""
    print(text)  # noqa: T201 - standard output is the product


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
    """Report what ended the command; with ``--json`` as one line of JSON, for whoever reads standard error then."""
    if "--json" not in sys.argv:
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
