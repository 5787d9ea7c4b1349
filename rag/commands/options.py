"""Arguments as typed to values: the options that commands share, and what refuses a wrong one."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_type_hints

import typer

from rag.commands.console import unread
from rag.commands.forms import Format, chosen
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.newsroom import Newsroom
    from rag.settings import Settings
    from rag.sources import Scope

Archive = Annotated[
    Path | None, typer.Option("--archive", help="Folder of the archive [CITEWIRE_ARCHIVE]", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON")]
Since = Annotated[str | None, typer.Option("--since", help="Published on or after this date", show_default=False)]
Until = Annotated[str | None, typer.Option("--until", help="Published on or before this date", show_default=False)]
Outlet = Annotated[
    list[str] | None, typer.Option("--outlet", help="Only this outlet; may be repeated", show_default=False)
]
Words = Annotated[
    int, typer.Option("--words", help="Length of the account; disputes and what was left out come besides")
]


@dataclass(frozen=True, slots=True)
class Window:
    """Options that say which articles are read."""

    since: Since = None
    until: Until = None
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Answer as if asked on this date", show_default=False)
    ] = None
    outlet: Outlet = None

    def scope(self) -> Scope:
        """Return what they ask for. Raises UsageError."""
        return scope_of(self.since, self.until, self.as_of, self.outlet)


@dataclass(frozen=True, slots=True)
class Models:
    """Options that say what writes and what judges; each is also a setting."""

    model: Annotated[
        str | None,
        typer.Option("--model", help="extractive, PROVIDER:MODEL, or local:FILE.gguf", show_default=False),
    ] = None
    verifier: Annotated[
        str | None,
        typer.Option("--verifier", help="rules, embedded, judge or onnx:FOLDER, joined with +", show_default=False),
    ] = None
    record: Annotated[
        Path | None, typer.Option("--record", help="Write the model's replies to this folder", show_default=False)
    ] = None
    replay: Annotated[
        Path | None, typer.Option("--replay", help="Take the model's replies from this folder", show_default=False)
    ] = None
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask the model again what it has answered before")] = False


@dataclass(frozen=True, slots=True)
class Shape:
    """Options that say how a result is printed, and where."""

    show_withheld: Annotated[
        bool, typer.Option("--show-withheld", help="Show what did not pass the checks, and why")
    ] = False
    as_json: Json = False
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown")] = False
    html: Annotated[bool, typer.Option("--html", help="Print one HTML page")] = False
    format: Annotated[
        Format | None, typer.Option("--format", help="Print in this form", show_default="by the ending of -o FILE")
    ] = None
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file", show_default=False)] = None

    @property
    def form(self) -> str:
        """``text``, ``json``, ``markdown``, ``html``, ``docx`` or ``eml``. Raises UsageError (``forms``)."""
        wanted = {"json": self.as_json, "markdown": self.markdown, "html": self.html}
        return chosen(wanted, self.format, self.output)


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that takes, in the place of each dataclass of options, its fields one by one, as typer wants."""
    hints = get_type_hints(command, include_extras=True)
    groups = {name: hint for name, hint in hints.items() if isinstance(hint, type) and is_dataclass(hint)}
    parameters: list[Parameter] = []
    for name, parameter in signature(command).parameters.items():
        if name in groups:
            inner = get_type_hints(groups[name], include_extras=True)
            parameters += [
                Parameter(field.name, Parameter.KEYWORD_ONLY, default=field.default, annotation=inner[field.name])
                for field in fields(groups[name])
            ]
        else:
            parameters.append(parameter.replace(kind=Parameter.KEYWORD_ONLY, annotation=hints[name]))

    @wraps(command)
    def run(**given: object) -> None:
        for name, group in groups.items():
            given[name] = group(**{field.name: given.pop(field.name) for field in fields(group)})  # pyright: ignore[reportArgumentType]
        try:
            command(**given)
        except BrokenPipeError:  # before typer sees it, which would end with 1
            unread()

    vars(run)["__signature__"] = Signature(parameters)
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


@contextmanager
def room_of(archive: Path | None, models: Models | None = None, *, create: bool = False) -> Generator[Newsroom]:
    """Open the archive that the options and settings name; an option that was not given is not set.

    Only what adds articles makes a new one (``create``): a mistyped name must not look like an empty archive.
    """
    from rag.database import missing  # noqa: PLC0415
    from rag.newsroom import Newsroom  # noqa: PLC0415 - 0.3 s

    settings = settings_of(archive, models)
    if not create and missing(settings.archive):
        msg = f"there is no archive at {settings.archive}"
        folder = f" --archive {shlex.quote(str(archive))}" if archive else ""
        raise UsageError(msg, hint=f"citewire add PATH{folder} makes one; --archive or CITEWIRE_ARCHIVE names another")
    with Newsroom(settings) as room:
        yield room


def settings_of(archive: Path | None, models: Models | None = None) -> Settings:
    """Return the settings with the options that were given over them."""
    from rag.settings import Settings  # noqa: PLC0415

    given = {"archive": archive, **(asdict(models) if models else {})}
    return Settings.load(**{name: value for name, value in given.items() if value not in {None, False}})


def valid(what: str, text: str) -> str:
    """Return an argument that is text; bytes that are no characters are only for the names of files."""
    try:
        text.encode()
    except UnicodeEncodeError:
        msg = f"{what} is not valid UTF-8"
        raise UsageError(msg, hint="type it in the encoding of the terminal") from None
    return text


def identifier(text: str) -> str:
    """Return an id. Empty, it would be the start of every id: ``remove "$UNSET"`` must not delete an article."""
    if not text.strip():
        msg = "the id of the article is empty"
        raise UsageError(msg, hint="citewire list")
    return valid("the id", text)


def story_of(text: str) -> str:
    """Return the id of a story; empty, it would be the start of every id."""
    if not text.strip():
        msg = "the id of the story is empty"
        raise UsageError(msg, hint="citewire stories")
    return valid("the id", text)


def question_of(question: str) -> str:
    """Return the question, read from standard input where it is ``-``."""
    try:
        return valid("the question", sys.stdin.read(100_000) if question == "-" else question)
    except UnicodeDecodeError:
        msg = "standard input is not valid UTF-8"
        raise UsageError(msg, hint="save the question as UTF-8") from None


def refuse_empty(room: Newsroom) -> None:
    """Raise UsageError if there is nothing to ask."""
    if not room.status().articles:
        msg = f"no articles yet in {room.status().path}"
        raise UsageError(msg, hint="citewire add PATH")


def scope_of(since: str | None, until: str | None, as_of: str | None, outlet: Sequence[str] | None) -> Scope:
    """Return the window and the outlets that were asked for. Raises UsageError for a window that ends before it begins.

    That would find nothing, and say so of the archive.
    """
    from rag.sources import Scope  # noqa: PLC0415

    first = _moment("--since", since)
    ends = {"--until": _moment("--until", until, end=True), "--as-of": _moment("--as-of", as_of, end=True)}
    for option, text in (("--until", until), ("--as-of", as_of)):
        last = ends[option]
        if first and last and last < first:
            msg = f"--since {since} is after {option} {text}: no article is published between them"
            hint = (
                f"--since {text} {option} {since}"
                if option == "--until"
                else f"an earlier --since, or a later {option}"
            )
            raise UsageError(msg, hint=hint)
    outlets = tuple(valid("--outlet", name) for name in outlet or ())
    return Scope(since=first, until=ends["--until"], as_of=ends["--as-of"], outlets=outlets)


def _moment(option: str, text: str | None, *, end: bool = False) -> datetime | None:
    """Read a date or a moment; a date alone is its first moment in UTC, or with ``end`` its last."""
    if text is None:
        return None
    try:
        if len(text) == len("2026-03-05"):
            first = datetime.combine(date.fromisoformat(text), time(), UTC)
            return first + timedelta(hours=23, minutes=59, seconds=59, milliseconds=999) if end else first
        found = datetime.fromisoformat(text)
    except ValueError:
        if last := _last_day(text):
            msg = f"{option}: there is no {text}: that month ends on the {last.day}th"
            raise UsageError(msg, hint=f"{option} {last}") from None
        msg = f"{option}: {text!r} is not a date"
        raise UsageError(msg, hint=f"{option} 2026-03-05, or {option} 2026-03-05T14:00+00:00") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _last_day(text: str) -> date | None:
    """Return the last day of a month that has no such day as ``text`` says; None for what is no date otherwise."""
    try:
        year, month, day = (int(part) for part in text.split("-"))
        following = date(year + month // 12, month % 12 + 1, 1)
    except ValueError:
        return None
    last = following - timedelta(days=1)
    return last if last.day < day <= 31 else None  # noqa: PLR2004 - no month has more


def document_of(file: str) -> Mapping[str, object]:
    """Read a saved document, from standard input where it is ``-``. Raises UsageError if it is none."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is in no article and no hash
    except OSError as error:
        msg = f"{file}: {error.strerror or error}"
        raise UsageError(msg, hint="citewire ask QUESTION --json > answer.json") from None
    except (ValueError, RecursionError) as error:
        msg = f"{file}: {_no_json(error)}"
        raise UsageError(msg, hint="citewire brief TOPIC -o briefing.json") from None
    if not isinstance(found, dict):
        msg = f"{file}: not an answer or a briefing"
        raise UsageError(msg, hint="citewire ask QUESTION --json > answer.json")
    return cast("dict[str, object]", found)


def _no_json(error: ValueError | RecursionError) -> str:
    """Say what is wrong with a file: damaged JSON, or, as its first letters tell, another form of the document."""
    if isinstance(error, RecursionError):
        return "not JSON: it is nested too deeply"
    if isinstance(error, json.JSONDecodeError) and error.doc.lstrip()[:1] in {"{", "["}:
        return f"not JSON: {error}"
    return "not JSON: a page, a document or a text cannot be checked, only what -o FILE.json (or --json) wrote"
