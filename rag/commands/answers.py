"""``citewire ask | brief | verify``: what the articles say, and whether a saved answer still holds."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from rag.commands.console import put, say
from rag.commands.dialogue import tell
from rag.commands.options import Archive, Json, Models, Shape, Window, question_of, refuse_empty, room_of, valid
from rag.commands.printing import publish, ready
from rag.errors import Exit, UsageError

if TYPE_CHECKING:
    from rag.newsroom import Newsroom


def ask(
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="A question, or - to read it from standard input")
    ],
    window: Window,
    models: Models,
    shape: Shape,
    archive: Archive = None,
    k: Annotated[int, typer.Option("-k", help="Passages to read", min=1, max=100)] = 12,
    stream: Annotated[bool, typer.Option("--stream", help="Print each claim once it has passed its checks")] = False,
) -> None:
    """Answer a question, with the sentences it rests on; 4 means the articles do not answer it."""
    text = question_of(question)
    if stream and (shape.form not in {"text", "json"} or shape.output is not None):
        msg = "--stream prints text, or lines of JSON with --json, to standard output"
        raise UsageError(msg, hint="leave out --format, --markdown, --html and -o")
    scope = window.scope()
    ready(shape)
    with room_of(archive, models) as room:
        refuse_empty(room)
        if stream:
            events = room.stream(text, scope=scope, k=k)
            result = tell(events, asked=text, as_json=shape.as_json, withheld=shape.show_withheld)
        else:
            result = room.ask(text, scope=scope, k=k)
            publish(result, shape, room)
        empty = _beyond(room, window) if result.status == "declined" else ""
    if empty:
        say(f"note: {empty}")
    if result.status == "declined":
        raise typer.Exit(Exit.DECLINED)


def _beyond(room: Newsroom, window: Window) -> str:
    """Say that no article is within the limits, if so, and which outlet may have been meant."""
    scope = window.scope()
    if not scope or room.articles(scope):
        return ""
    outlets = {article.outlet for article in room.articles() if article.outlet}
    near = [best for name in scope.outlets for best in difflib.get_close_matches(name, outlets, n=1)]
    return "no article fits these limits" + (f"; did you mean --outlet {near[0]!r}?" if near else ": citewire list")


def brief(
    window: Window,
    models: Models,
    shape: Shape,
    topic: Annotated[
        str | None, typer.Argument(metavar="[TOPIC]", help="What it is to be about; all articles without it")
    ] = None,
    archive: Archive = None,
    words: Annotated[
        int, typer.Option("--words", help="Length of the account; disputes and what was left out come besides")
    ] = 300,
    stories: Annotated[int, typer.Option("--stories", help="Most stories")] = 5,
) -> None:
    """Write a neutral briefing: what happened, who says what, what is disputed, what comes next."""
    about = topic and valid("the topic", topic)
    ready(shape)
    with room_of(archive, models) as room:
        refuse_empty(room)
        result = room.brief(about, scope=window.scope(), words=words, stories=stories)
        publish(result, shape, room)
    if not result.stories:
        raise typer.Exit(Exit.DECLINED)
    if result.unwritten:
        raise typer.Exit(Exit.PARTIAL)


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
    with room_of(archive) as room:
        found = room.verify(document)
    if as_json:
        put(json.dumps(found.to_dict(), ensure_ascii=False))
    else:
        for finding in found.findings:
            where = f"citation {finding.citation}: " if finding.citation else ""
            put(f"does not hold: {where}{line(finding.problem)}")
            if finding.claim:
                put(f"  claim: {line(finding.claim)}")
        for note in found.notes:
            say(f"note: {line(note)}")
        checked = f"{count(found.claims, 'claim')} and {count(found.citations, 'citation')} checked against the archive"
        put(f"{checked}: {'all hold' if found.ok else count(len(found.findings), 'finding')}")
    if not found.ok:
        raise typer.Exit(Exit.ARCHIVE)


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
