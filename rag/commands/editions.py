"""``citewire diff | editions | watch``: what changed, which briefings were printed, and one that stays up to date."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.commands.console import colour, complain, put, say, width, write
from rag.commands.options import (
    Archive,
    Json,
    Models,
    Shape,
    Window,
    Words,
    document_of,
    identifier,
    refuse_empty,
    room_of,
    valid,
)
from rag.errors import CitewireError, Exit, UsageError

if TYPE_CHECKING:
    from rag.changes import Changes
    from rag.newsroom import Newsroom
    from rag.watch import Round, Standing

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_EVERY = re.compile(r"(\d{1,6})([smhd])")
_All = Annotated[bool, typer.Option("--all", help="Show as well what did not change, and what is not told any more")]


def diff(
    before: Annotated[str, typer.Argument(metavar="OLD", help="A briefing or an answer saved with --json, or -")],
    after: Annotated[str, typer.Argument(metavar="NEW", help="The one to compare it with")],
    shape: Shape,
    archive: Archive = None,
    everything: _All = False,
) -> None:
    """Say what changed between two saved briefings or answers: new, overtaken, corrected, withdrawn."""
    old, new = document_of(before), document_of(after)
    with room_of(archive) as room:
        found = room.diff(old, new)
    write(changes_in(found, shape, everything=everything), shape.output)


def editions(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Print this edition as JSON; the start of its name will do")
    ] = None,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """List the briefings that were printed, the last first; --since-last compares with the last of its request."""
    from rag.rendering import count, line, when  # noqa: PLC0415

    with room_of(archive) as room:
        kept = room.editor.book.named(identifier(name)) if name else room.editor.book.all()
    if name:
        if len(kept) != 1:
            what = f"{len(kept)} editions start" if kept else "no edition starts"
            msg = f"{what} with {name}"
            raise UsageError(msg, hint="citewire editions")
        put(json.dumps(kept[0].document, ensure_ascii=False, indent=2))
        return
    if not kept and not as_json:
        say("no briefing was printed yet: citewire brief")
    for one in kept:
        asked, stories = one.request, one.document["stories"]
        told = sum(len(section["claims"]) for story in stories for section in story["sections"])
        if as_json:
            row = {"edition": one.name, "at": one.at.isoformat(), **asked.to_dict(), "stories": len(stories)}
            put(json.dumps({**row, "claims": told, "digest": one.document["digest"]}, ensure_ascii=False))
            continue
        about = [line(asked.topic or "all articles"), *map(line, asked.outlets), *filter(None, [asked.story])]
        about += [f"in {line(asked.place)}"] if asked.place else []
        moment = when(one.at.isoformat(timespec="minutes"))
        put(f"{one.name}  {moment}  {count(told, 'statement')}  {'; '.join(about)}")


def watch(
    window: Window,
    models: Models,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the page, its data and the feed")],
    topic: Annotated[
        str | None, typer.Argument(metavar="[TOPIC]", help="What it is to be about; all articles without it")
    ] = None,
    archive: Archive = None,
    words: Words = 300,
    stories: Annotated[int, typer.Option("--stories", help="Most stories")] = 5,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", help="Read this file or folder each time for new articles", show_default=False),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Do it once, for cron")] = False,
    every: Annotated[str, typer.Option("--every", help="How long to wait between two looks: 30s, 15m, 2h")] = "15m",
    url: Annotated[
        str | None, typer.Option("--url", help="Where the folder is served, for the feed", show_default=False)
    ] = None,
) -> None:
    """Keep a briefing up to date in a folder as articles arrive: a page, its data, and an Atom feed of changes."""
    from rag import watch as watching  # noqa: PLC0415
    from rag.editions import Request  # noqa: PLC0415

    about, scope, seconds = topic and valid("the topic", topic), window.scope(), _seconds(every)
    with room_of(archive, models, create=bool(add)) as room:
        request = Request(about, scope.outlets, place=str(output.resolve()))
        if not (add or room.editor.book.last(request)):  # what was published of articles that are gone is withdrawn
            refuse_empty(room)
        standing = watching.Standing(
            request,
            output,
            partial(room.brief, about, scope=scope, words=words, stories=stories),
            lambda: json.dumps([words, stories, repr(scope), room.generator().name, room.status().fingerprint]),
            tuple(add or ()),
            _served(url),
        )
        if once:
            done = watching.once(room, standing)
            _report(done, output)
            if done.failed:
                raise typer.Exit(Exit.PARTIAL if done.stored else Exit.USAGE)
            return
        say(f"looking every {every}; Ctrl-C ends it")
        _loop(room, standing, seconds, partial(_tell, output=output))


def _loop(room: Newsroom, standing: Standing, seconds: float, tell: Callable[[Round | CitewireError], None]) -> None:
    from rag.watch import keep_up  # noqa: PLC0415

    keep_up(room, standing, seconds, tell)


def _tell(came: Round | CitewireError, *, output: Path) -> None:
    if isinstance(came, CitewireError):
        complain(came)
        say("  it is tried again at the next look")
    else:
        _report(came, output)


def _report(done: Round, output: Path) -> None:
    from rag.rendering import count  # noqa: PLC0415

    for error in done.failed:
        complain(error)
    if not done.stored and done.edition is None:
        return
    came = f"{count(done.added, 'article')} came; " if done.added else ""
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    if done.edition is None:
        put(f"{now}: {came}nothing new")
        return
    kinds = [change.kind.value for change in done.edition.changes.news]
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)) or "no statement is new"
    put(f"{now}: {came}{done.outcome.value}: {counted}; written to {output}")


def changes_in(found: Changes, shape: Shape, *, everything: bool = False) -> str:
    """Return changes in the form that was asked for."""
    from rag import rendering  # noqa: PLC0415

    wire, title = found.to_dict(), f"What changed: {found.topic}" if found.topic else "What changed"
    coloured = colour() and shape.output is None
    forms: dict[str, Callable[[], str]] = {
        "json": lambda: json.dumps(wire, ensure_ascii=False, indent=2),
        "markdown": lambda: rendering.changes_markdown(wire, everything=everything),
        "html": lambda: rendering.page(rendering.changes_html(wire, everything=everything), title),
        "text": lambda: rendering.changes_text(wire, everything=everything, colour=coloured, width=width()),
    }
    if shape.form not in forms:
        msg = f"changes have no form {shape.form}"
        raise UsageError(msg, hint="--format text, md, html or json")
    return forms[shape.form]()


def _seconds(text: str) -> float:
    found = _EVERY.fullmatch(text.strip())
    if found is None or not int(found[1]):
        msg = f"--every: {text!r} is no length of time"
        raise UsageError(msg, hint="--every 30s, 15m, 2h or 1d")
    return int(found[1]) * _SECONDS[found[2]]


def _served(url: str | None) -> str | None:
    from rag.rendering import link  # noqa: PLC0415

    if url is not None and link(url) is None:
        msg = f"--url: {url!r} is no web address"
        raise UsageError(msg, hint="--url https://example.org/briefing/")
    return url


def kept(keep: Callable[[], None]) -> None:
    """Keep an edition; where the archive can only be read, say that it was not kept."""
    from rag.errors import ArchiveError  # noqa: PLC0415

    try:
        keep()
    except ArchiveError as error:
        say(f"note: this edition was not kept for --since-last: {error}")
