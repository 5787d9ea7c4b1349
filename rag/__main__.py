"""The command line: ``citewire add | ask | brief | verify | list | show | remove | status | reindex | doctor``.

Data goes to standard output, everything else to standard error. Every command takes ``--archive``; exit status is the
table of ``rag.errors.Exit``. Heavy libraries are imported inside the commands, so that ``--help`` is quick.
"""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, cast

import typer

from rag.errors import CitewireError, Exit, UsageError

if TYPE_CHECKING:
    from rag.claims import Abstention, Answer, Briefing
    from rag.newsroom import Newsroom
    from rag.sources import Article, Scope
    from rag.wire import AnswerWire, ArticleRowWire, ArticleWire, BriefingWire

app = typer.Typer(
    name="citewire",
    help="Reads the news and answers for it: every sentence it prints leads back to its source sentence.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

Archive = Annotated[
    Path | None, typer.Option("--archive", help="Folder of the archive [CITEWIRE_ARCHIVE]", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON")]
Since = Annotated[str | None, typer.Option("--since", help="Published on or after this date", show_default=False)]
Until = Annotated[str | None, typer.Option("--until", help="Published on or before this date", show_default=False)]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Answer as if asked on this date", show_default=False)]
Outlet = Annotated[
    list[str] | None, typer.Option("--outlet", help="Only this outlet; may be repeated", show_default=False)
]
Model = Annotated[str | None, typer.Option("--model", help="extractive, or PROVIDER:MODEL", show_default=False)]
Withheld = Annotated[bool, typer.Option("--show-withheld", help="Show what did not pass the checks, and why")]
Markdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown")]
Html = Annotated[bool, typer.Option("--html", help="Print one HTML page")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file", show_default=False)]
_UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})
"""Faults of the place that standard output goes to."""
_PROGRESS_FROM = 20  # articles; below, it is done before a bar is read


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version", is_eager=True)] = False) -> None:
    if version:
        from rag import __version__  # noqa: PLC0415

        print(f"citewire {__version__}")  # noqa: T201
        raise typer.Exit


@app.command()
def add(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, or - for standard input")],
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Add articles: text, Markdown, JSON, JSON Lines. Adding twice changes nothing; an edit is a new version."""
    from rag.rendering import count, line  # noqa: PLC0415

    with _room(archive) as room, _bar("Adding", sum(_estimate(path) for path in paths)) as progress:
        done = room.add(*paths, progress=progress)
    counted = {"added": done.added, "updated": done.updated, "unchanged": done.unchanged, "failed": done.failed}
    summary = ", ".join(f"{len(items):,} {what}" for what, items in counted.items() if items) or "nothing to add"
    for note in done.notes:
        _say(f"note: {line(note)}")
    for error in done.failed:
        _complain(error)
    if as_json:
        failed = [{"place": error.place, "reason": error.reason} for error in done.failed]
        _print(
            json.dumps({"added": done.added, "updated": done.updated, "unchanged": done.unchanged, "failed": failed})
        )
    else:
        _print(summary)
    if done.failed:
        _say(f"{count(len(done.failed), 'place')} failed; the rest is stored")
        raise typer.Exit(Exit.PARTIAL)


@app.command("list")
def list_(
    archive: Archive = None, since: Since = None, until: Until = None, outlet: Outlet = None, as_json: Json = False
) -> None:
    """List articles, newest first."""
    from rag.rendering import articles_text  # noqa: PLC0415

    with _room(archive) as room:
        rows = [_row(article) for article in room.articles(_scope(since, until, None, outlet))]
        held = bool(rows) or room.status().articles
    if as_json:
        for row in rows:
            _print(json.dumps(row, ensure_ascii=False))
    elif rows:
        _print(articles_text(rows, width=_width()))
    else:
        _say("no article fits these limits" if held else "no articles yet: citewire add PATH")


@app.command()
def show(
    article: Annotated[str, typer.Argument(metavar="ID", help="Id of an article, or the start of it")],
    version: Annotated[
        str | None, typer.Option("--version", help="An older version, by the start of its hash", show_default=False)
    ] = None,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Print an article."""
    from rag.rendering import article_text  # noqa: PLC0415

    with _room(archive) as room:
        found = room.article(_id(article), version and _text("the version", version))
        sentences = room.sentences(found)
    wire = cast(
        "ArticleWire",
        {
            **_row(found),
            "text": found.text,
            "sentences": [{"sentence": s.id, "start": s.start, "end": s.end} for s in sentences],
        },
    )
    _print(json.dumps(wire, ensure_ascii=False) if as_json else article_text(wire, colour=_colour(), width=_width()))


@app.command()
def remove(
    articles: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of articles, or the starts of them")],
    archive: Archive = None,
) -> None:
    """Delete articles with all their versions. Saved answers that cite them no longer verify."""
    from rag.rendering import line  # noqa: PLC0415

    with _room(archive) as room:
        for article in articles:
            gone = room.remove(_id(article))
            _print(f"removed {gone.id} {line(gone.headline or '')}".rstrip())


@app.command()
def status(archive: Archive = None, as_json: Json = False) -> None:
    """Say what the archive holds and how it is searched."""
    with _room(archive) as room:
        found = room.status().to_dict()
    if as_json:
        _print(json.dumps(found))
    else:
        _print(
            "\n".join(
                f"{name:<12} {value:,}" if isinstance(value, int) else f"{name:<12} {value}"
                for name, value in found.items()
            )
        )


@app.command()
def reindex(archive: Archive = None) -> None:
    """Make the indexes anew from the archive, after a change of embedder; the old ones serve until it is done."""
    from rag.rendering import count  # noqa: PLC0415

    with _room(archive) as room, _bar("Indexing", room.status().articles) as progress:
        _print(f"{count(room.reindex(progress), 'chunk')} indexed")


@app.command()
def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", help="Rebuild what is damaged from the archive, without a model")
    ] = False,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Check that archive and indexes are sound and agree."""
    from rag.rendering import line  # noqa: PLC0415

    with _room(archive) as room:
        found = room.doctor(fix=fix)
    if as_json:
        _print(json.dumps(found.to_dict()))
    else:
        for check in found.checks:
            _print(f"{'ok  ' if check.ok else 'BAD '} {check.name:<12} {line(check.detail)}")
            if not check.ok and check.hint:
                _print(f"{'':<18}next: {check.hint}")
    if not found.ok:
        raise typer.Exit(Exit.ARCHIVE)


@app.command()
def ask(
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="A question, or - to read it from standard input")
    ],
    archive: Archive = None,
    since: Since = None,
    until: Until = None,
    as_of: AsOf = None,
    outlet: Outlet = None,
    k: Annotated[int, typer.Option("-k", help="Passages to read", min=1, max=100)] = 12,
    model: Model = None,
    show_withheld: Withheld = False,
    as_json: Json = False,
    markdown: Markdown = False,
    html: Html = False,
    output: Output = None,
) -> None:
    """Answer a question, with the sentences it rests on; 4 means the articles do not answer it."""
    text = _question(question)
    with _room(archive, model) as room:
        _not_empty(room)
        result = room.ask(text, scope=_scope(since, until, as_of, outlet), k=k)
    _write(_answer(result, _format(as_json, markdown, html), show_withheld, output), output)
    if result.status == "declined":
        raise typer.Exit(Exit.DECLINED)


@app.command()
def brief(
    topic: Annotated[
        str | None, typer.Argument(metavar="[TOPIC]", help="What it is to be about; all articles without it")
    ] = None,
    archive: Archive = None,
    words: Annotated[int, typer.Option("--words", help="Length of the whole")] = 300,
    stories: Annotated[int, typer.Option("--stories", help="Most stories")] = 5,
    since: Since = None,
    until: Until = None,
    as_of: AsOf = None,
    outlet: Outlet = None,
    model: Model = None,
    show_withheld: Withheld = False,
    as_json: Json = False,
    markdown: Markdown = False,
    html: Html = False,
    output: Output = None,
) -> None:
    """Write a neutral briefing: what happened, who says what, what is disputed, what comes next."""
    with _room(archive, model) as room:
        _not_empty(room)
        result = room.brief(
            topic and _text("the topic", topic), scope=_scope(since, until, as_of, outlet), words=words, stories=stories
        )
    _write(_briefing(result, _format(as_json, markdown, html), show_withheld, output), output)
    if not result.stories:
        raise typer.Exit(Exit.DECLINED)


@app.command()
def verify(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="An answer or briefing saved with --json, or - for standard input")
    ],
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Re-check a saved answer or briefing against the archive, without a model; 7 means something does not hold."""
    from rag.rendering import count, line  # noqa: PLC0415

    document = _document(file)
    with _room(archive) as room:
        found = room.verify(document)
    if as_json:
        _print(json.dumps(found.to_dict(), ensure_ascii=False))
    else:
        for finding in found.findings:
            where = f"citation {finding.citation}: " if finding.citation else ""
            _print(f"does not hold: {where}{line(finding.problem)}")
            if finding.claim:
                _print(f"  claim: {line(finding.claim)}")
        for note in found.notes:
            _say(f"note: {line(note)}")
        checked = f"{count(found.claims, 'claim')} and {count(found.citations, 'citation')} checked against the archive"
        _print(f"{checked}: {'all hold' if found.ok else count(len(found.findings), 'finding')}")
    if not found.ok:
        raise typer.Exit(Exit.ARCHIVE)


def main() -> NoReturn:
    """Run the command line and leave with its exit status."""
    _open_streams()
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
        _fail(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _say("interrupted; what was acknowledged is stored, the same command goes on from there")
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # `| head`: nobody reads the rest
        sys.exit(Exit.DONE)
    except Exception as error:
        if os.environ.get("CITEWIRE_DEBUG"):
            raise
        sys.exit(_unexpected(error))


def _unexpected(error: Exception) -> int:
    """Report typer's usage errors as it would, anything else as the bug that it is."""
    shown = getattr(error, "show", None)
    if callable(shown):
        if "--json" in sys.argv:
            says = getattr(error, "format_message", str)
            _fail(UsageError(str(says()), hint="citewire --help"))
        else:
            shown()
        return int(getattr(error, "exit_code", Exit.USAGE))
    if type(error).__name__ == "Abort":
        return Exit.INTERRUPTED
    if isinstance(error, OSError) and error.errno in _UNWRITABLE:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is buffered cannot be written either
        _fail(UsageError(f"the output cannot be written: {error.strerror}", hint="make room, or name a file with -o"))
        return Exit.USAGE
    _say(f"citewire: this is a bug: {type(error).__name__}")
    _say("  next: run the same command with CITEWIRE_DEBUG=1 and report what it prints")
    return Exit.BUG


@contextmanager
def _room(archive: Path | None, model: str | None = None) -> Generator[Newsroom]:
    from rag.newsroom import Newsroom  # noqa: PLC0415 - 0.3 s
    from rag.settings import Settings  # noqa: PLC0415

    given: dict[str, object] = {"archive": archive, "model": model}
    settings = Settings.load(**{name: value for name, value in given.items() if value is not None})
    with Newsroom(settings) as room:
        yield room


def _open_streams() -> None:
    """Open what the caller closed (``>&-``): else the archive would get the number of a standard stream."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the whole process


def _text(what: str, text: str) -> str:
    """Return an argument that is text; bytes that are no characters are only for the names of files."""
    try:
        text.encode()
    except UnicodeEncodeError:
        msg = f"{what} is not valid UTF-8"
        raise UsageError(msg, hint="type it in the encoding of the terminal") from None
    return text


def _id(text: str) -> str:
    """Return an id. Empty, it would be the start of every id: ``remove "$UNSET"`` must not delete an article."""
    if not text.strip():
        msg = "the id of the article is empty"
        raise UsageError(msg, hint="citewire list")
    return _text("the id", text)


def _question(question: str) -> str:
    try:
        return _text("the question", sys.stdin.read(100_000) if question == "-" else question)
    except UnicodeDecodeError:
        msg = "standard input is not valid UTF-8"
        raise UsageError(msg, hint="save the question as UTF-8") from None


def _not_empty(room: Newsroom) -> None:
    if not room.status().articles:
        msg = f"no articles yet in {room.status().path}"
        raise UsageError(msg, hint="citewire add PATH")


def _scope(since: str | None, until: str | None, as_of: str | None, outlet: Sequence[str] | None) -> Scope:
    from rag.sources import Scope  # noqa: PLC0415

    return Scope(
        since=_moment("--since", since),
        until=_moment("--until", until, end=True),
        as_of=_moment("--as-of", as_of, end=True),
        outlets=tuple(_text("--outlet", name) for name in outlet or ()),
    )


def _moment(option: str, text: str | None, *, end: bool = False) -> datetime | None:
    """Read a date or a moment; a date alone is its first moment in UTC, or with ``end`` its last."""
    if text is None:
        return None
    try:
        if len(text) == len("2026-03-05"):
            first = datetime.combine(date.fromisoformat(text), time(), UTC)
            return first + timedelta(days=1, milliseconds=-1) if end else first
        found = datetime.fromisoformat(text)
    except ValueError:
        msg = f"{option}: {text!r} is not a date"
        raise UsageError(msg, hint=f"{option} 2026-03-05, or {option} 2026-03-05T14:00+00:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _format(as_json: bool, markdown: bool, html: bool) -> str:
    chosen = [name for name, wanted in (("json", as_json), ("markdown", markdown), ("html", html)) if wanted]
    if len(chosen) > 1:
        msg = f"--{chosen[0]} and --{chosen[1]} exclude each other"
        raise UsageError(msg, hint="choose one")
    return chosen[0] if chosen else "text"


def _answer(result: Answer | Abstention, form: str, withheld: bool, output: Path | None) -> str:
    from rag import rendering  # noqa: PLC0415

    wire: AnswerWire = result.to_dict()
    if form == "json":
        return json.dumps(wire, ensure_ascii=False, indent=2)
    if form == "markdown":
        return rendering.answer_markdown(wire, withheld=withheld)
    if form == "html":
        return rendering.page(rendering.answer_html(wire, withheld=withheld), result.question)
    return rendering.answer_text(wire, withheld=withheld, colour=_colour() and output is None, width=_width())


def _briefing(result: Briefing, form: str, withheld: bool, output: Path | None) -> str:
    from rag import rendering  # noqa: PLC0415

    wire: BriefingWire = result.to_dict()
    if form == "json":
        return json.dumps(wire, ensure_ascii=False, indent=2)
    if form == "markdown":
        return rendering.briefing_markdown(wire, withheld=withheld)
    if form == "html":
        return rendering.page(rendering.briefing_html(wire, withheld=withheld), result.topic or "Briefing")
    return rendering.briefing_text(wire, withheld=withheld, colour=_colour() and output is None, width=_width())


def _document(file: str) -> Mapping[str, object]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is in no article and no hash
    except OSError as error:
        msg = f"{file}: {error.strerror or error}"
        raise UsageError(msg, hint="citewire ask QUESTION --json > answer.json") from None
    except (ValueError, RecursionError) as error:
        msg = f"{file}: not JSON: {error if isinstance(error, ValueError) else 'it is nested too deeply'}"
        raise UsageError(msg, hint="citewire ask QUESTION --json > answer.json") from None
    if not isinstance(found, dict):
        msg = f"{file}: not an answer or a briefing"
        raise UsageError(msg, hint="citewire ask QUESTION --json > answer.json")
    return cast("dict[str, object]", found)


def _row(article: Article) -> ArticleRowWire:
    return {
        "article": article.id,
        "version": article.version,
        "headline": article.headline,
        "outlet": article.outlet,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "byline": article.byline,
        "labels": list(article.labels),
    }


def _estimate(path: str) -> int:
    from rag.readers import estimate  # noqa: PLC0415

    return estimate(path)


@contextmanager
def _bar(what: str, total: int) -> Generator[Callable[[int, int], None] | None]:
    """Show a progress bar on standard error if it is a terminal and the work is long."""
    if not sys.stderr.isatty() or total < _PROGRESS_FROM:
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - 0.05 s
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda done, of: progress.update(task, completed=done, total=max(total, of))


def _write(text: str, output: Path | None) -> None:
    if output is None:
        _print(text)
        return
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        msg = f"{output}: {error.strerror or error}"
        raise UsageError(msg, hint="name another file with -o") from None
    _say(f"written to {output}")


def _print(text: str) -> None:
    print(text)  # noqa: T201 - standard output is the product


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 - standard error is for the person


def _complain(error: CitewireError) -> None:
    from rag.rendering import line  # noqa: PLC0415

    _say(f"citewire: {line(str(error))}")
    if error.hint:
        _say(f"  next: {line(error.hint)}")


def _fail(error: CitewireError) -> None:
    """Report what ended the command; with ``--json`` as one line of JSON, for whoever reads standard error then."""
    if "--json" not in sys.argv:
        _complain(error)
        return
    what = {"code": type(error).__name__, "exit": error.exit_code, "message": str(error), "hint": error.hint}
    _say(json.dumps({"error": what}))


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _width() -> int | None:
    """Return the width of the terminal, or None where a pipe wants whole lines."""
    return min(100, os.get_terminal_size(sys.stdout.fileno()).columns) if sys.stdout.isatty() else None


if __name__ == "__main__":
    main()
