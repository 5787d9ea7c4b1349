"""The command line: ``citewire COMMAND``; the commands are in ``rag.commands``.

Data goes to standard output, everything else to standard error. Every command takes ``--archive``; exit status is the
table of ``rag.errors.Exit``. Heavy libraries are imported inside the commands, so that ``--help`` is quick.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from typing import Annotated, NoReturn

import typer

from rag.commands import answers, articles, dialogue, editions, evaluation, models, stories
from rag.commands.console import fail, open_streams, put, say, unread
from rag.commands.mistyped import explained
from rag.commands.options import grouped
from rag.errors import CitewireError, Exit, UsageError

app = typer.Typer(
    name="citewire",
    help="Reads the news and answers for it: every sentence it prints leads back to its source sentence.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for name, command in (
    ("add", articles.add),
    ("list", articles.list_),
    ("show", articles.show),
    ("remove", articles.remove),
    ("status", articles.status),
    ("reindex", articles.reindex),
    ("doctor", articles.doctor),
    ("models", models.models),
    ("usage", models.usage),
    ("ask", answers.ask),
    ("chat", dialogue.chat),
    ("stories", stories.stories),
    ("brief", answers.brief),
    ("verify", answers.verify),
    ("diff", editions.diff),
    ("editions", editions.editions),
    ("watch", editions.watch),
):
    app.command(name)(grouped(command))
app.add_typer(evaluation.app, name="eval")

_UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})
"""Faults of the place that standard output goes to."""


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version", is_eager=True)] = False) -> None:  # noqa: FBT002 - an option
    if version:
        from rag import __version__  # noqa: PLC0415

        put(f"citewire {__version__}")
        raise typer.Exit


def main() -> NoReturn:
    """Run the command line and leave with its exit status."""
    open_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that lacks a letter still gets the others
    try:
        code = int(app(prog_name="citewire", standalone_mode=False) or 0)
        sys.stdout.flush()
        if code == Exit.INTERRUPTED:
            raise KeyboardInterrupt  # noqa: TRY301 - typer has made a number of it
        sys.exit(code)
    except CitewireError as error:
        fail(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        say("interrupted; what was acknowledged is stored, the same command goes on from there")
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        unread()
    except Exception as error:
        if os.environ.get("CITEWIRE_DEBUG"):
            raise
        sys.exit(_unexpected(error))
    finally:
        gc.freeze()  # else the interpreter searches all modules for cycles before it ends: .3 s after most commands


def _unexpected(error: Exception) -> int:
    """Report typer's usage errors as it would, or plainer, anything else as the bug that it is."""
    shown = getattr(error, "show", None)
    if callable(shown):
        if explanation := explained(error):
            fail(explanation)
        elif "--json" in sys.argv:
            says = getattr(error, "format_message", str)
            fail(UsageError(str(says()), hint="citewire --help"))
        else:
            shown()
        return int(getattr(error, "exit_code", Exit.USAGE))
    if type(error).__name__ == "Abort":
        return Exit.INTERRUPTED
    if isinstance(error, OSError) and error.errno in _UNWRITABLE:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is buffered cannot be written either
        fail(UsageError(f"the output cannot be written: {error.strerror}", hint="make room, or name a file with -o"))
        return Exit.USAGE
    say(f"citewire: this is a bug: {type(error).__name__}")
    say("  next: run the same command with CITEWIRE_DEBUG=1 and report what it prints")
    return Exit.BUG


if __name__ == "__main__":
    main()
