"""What the person who labels sees around the sentences: help, a prompt, and weight where a terminal takes it."""

from __future__ import annotations

import sys

from rag.commands.console import colour, put
from rag.errors import UsageError

SHORT = "1 3 marks, + 5 another fact, -3 unmarks | ok  n none  s skip  b back  q quit | v 3 context  / words  h help"
HELP = """\
  1 3, 2-4     each of these sentences answers it by itself (fact A); verbatim copies elsewhere are taken along
  + 5          the answer needs a further fact as well, and 5 gives it;  B 6: so does 6
  -3, clear    take a mark off; all of them
  v 3          the sentence in its article         / ferry toll   look for sentences with these words
  m            more of what was found              l              show the question again
  = TEXT       the short answer                    w TEXT         word the question like this
  ok           done: this is gold                  n              nothing here answers it: gold, unanswerable
  x            reject: no question for the gold    s              skip, it comes again
  b            back to the one before              q              quit; the same command goes on from here"""


def typed() -> str | None:
    """Return a line, None at the end of input. At a terminal it stands behind a prompt and can be edited."""
    try:
        if sys.stdin.isatty() and sys.stdout.isatty():
            import readline  # noqa: F401, PLC0415 # pyright: ignore[reportUnusedImport] - makes input() a line that can be edited

            return input("> ").strip()
        text = sys.stdin.readline()
    except EOFError:
        put("")
        return None
    except UnicodeDecodeError:
        msg = "what was typed is not valid UTF-8"
        raise UsageError(msg, hint="type it in the encoding of the terminal; every mark is kept") from None
    return text.strip() if text else None


def _styled(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour() else text


def bold(text: str) -> str:
    """Return text that a terminal shows in bold."""
    return _styled("1", text)


def dim(text: str) -> str:
    """Return text that a terminal shows in a weaker colour."""
    return _styled("2", text)


def green(text: str) -> str:
    """Return text that a terminal shows in green."""
    return _styled("32", text)
