"""``citewire ask | brief | verify``: what the articles say, and whether a saved answer still holds."""

from __future__ import annotations

import difflib
import json
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from rag.commands.console import put, say, write
from rag.commands.dialogue import tell
from rag.commands.editions import changes_in, kept
from rag.commands.options import (
    Archive,
    Json,
    Models,
    Shape,
    Window,
    Words,
    document_of,
    question_of,
    refuse_empty,
    room_of,
    story_of,
    valid,
)
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


def _topic(topic: str | None, named: str | None) -> str | None:
    """Return the topic, as an argument or an option; None for all articles. Raises UsageError if it is given twice."""
    if topic and named:
        msg = "the topic is given twice"
        raise UsageError(msg, hint=f'leave out --topic, or put all of it in quotes: --topic "{named} {topic}"')
    return valid("the topic", topic or named or "") or None


def brief(
    window: Window,
    models: Models,
    shape: Shape,
    topic: Annotated[
        str | None, typer.Argument(metavar="[TOPIC]", help="What it is to be about; all articles without it")
    ] = None,
    archive: Archive = None,
    words: Words = 300,
    stories: Annotated[int, typer.Option("--stories", help="Most stories")] = 5,
    named: Annotated[str | None, typer.Option("--topic", help="The same as TOPIC", show_default=False)] = None,
    story: Annotated[
        str | None, typer.Option("--story", help="Id of the one story to tell, or its start", show_default=False)
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Withhold what is not worded plainly; a chat model may say it anew")
    ] = False,
    since_last: Annotated[
        bool, typer.Option("--since-last", help="Print what changed since the last briefing on this topic and outlets")
    ] = False,
) -> None:
    """Write a neutral briefing: what happened, who says what, what is disputed, what comes next."""
    from rag.editions import Request  # noqa: PLC0415

    about, scope = _topic(topic, named), window.scope()
    one = None if story is None else story_of(story)
    ready(shape)
    with room_of(archive, models) as room:
        refuse_empty(room)
        written = partial(room.brief, about, scope=scope, words=words, stories=stories, story=one, strict=strict)
        edition = room.editor.edition(Request(about, scope.outlets, one), written)
        result = edition.briefing
        if since_last and edition.first:
            say("note: there is no earlier briefing on this to compare with, so here is the whole")
        if since_last and not edition.first:
            write(changes_in(edition.changes, shape), shape.output)
        else:
            publish(result, shape, room)
        if result.stories or not edition.first:
            kept(partial(room.editor.keep, edition))
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
    current: Annotated[
        bool, typer.Option("--current", help="Look for later figures too; leave with 3 if anything was overtaken since")
    ] = False,
) -> None:
    """Re-check a saved answer or briefing against the archive, without a model; 7 means something does not hold."""
    from rag.rendering import count, line  # noqa: PLC0415

    document = document_of(file)
    with room_of(archive) as room:
        found, place = room.verify(document, current=current), room.status().path
    if as_json:
        put(json.dumps(found.to_dict(), ensure_ascii=False))
    else:
        for number, finding in enumerate(found.findings):
            where = f"citation {finding.citation}: " if finding.citation else ""
            here = f" at {line(place)}: name theirs with --archive" if found.elsewhere and number == 0 else ""
            put(f"does not hold: {where}{line(finding.problem)}{here}")
            if finding.claim:
                put(f"  claim: {line(finding.claim)}")
        for since in found.corrected_since:
            put(f"overtaken since: {line(since.claim)}")
            put(f"  {line(since.found.why)}{':' if since.found.after else ''}")
            for citation in since.found.after:
                put(f"  now: {line(citation.sentence.text)} ({citation.sentence.id})")
        for note in found.notes:
            say(f"note: {line(note)}")
        checked = f"{count(found.claims, 'claim')} and {count(found.citations, 'citation')} checked against the archive"
        outcome = "all hold" if found.ok else count(len(found.findings), "finding")
        overtaken = f"; {count(len(found.corrected_since), 'claim')} overtaken since" if found.corrected_since else ""
        put(f"{checked}: {outcome}{overtaken}")
    if not found.ok:
        raise typer.Exit(Exit.ARCHIVE)
    if current and not found.current:
        raise typer.Exit(Exit.PARTIAL)
