"""``citewire add | list | show | remove | status | reindex | doctor``: the archive and what is in it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from rag.clippings import article_row, article_wire
from rag.commands.console import bar, colour, complain, put, say, width
from rag.commands.options import Archive, Json, Outlet, Since, Until, identifier, room_of, scope_of, valid
from rag.errors import Exit


def add(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, or - for standard input")],
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Add articles: text, Markdown, JSON, JSON Lines, saved web pages. Adding twice changes nothing.

    Edited, an article with a url is a new version of itself; one without is another article.

    3 means that some of it could not be read, 2 that none of it could.
    """
    from rag.rendering import count, line  # noqa: PLC0415

    with room_of(archive, create=True) as room, bar("Adding", sum(_estimate(path) for path in paths)) as progress:
        done = room.add(*paths, progress=progress)
    counted = {"added": done.added, "updated": done.updated, "unchanged": done.unchanged, "failed": done.failed}
    summary = ", ".join(f"{len(items):,} {what}" for what, items in counted.items() if items) or "nothing to add"
    for note in done.notes:
        say(f"note: {line(note)}")
    for error in done.failed:
        complain(error)
    if as_json:
        failed = [{"place": error.place, "reason": error.reason} for error in done.failed]
        put(json.dumps({"added": done.added, "updated": done.updated, "unchanged": done.unchanged, "failed": failed}))
    else:
        put(summary)
    if done.failed:
        failures = f"{count(len(done.failed), 'place')} failed"
        say(f"{failures}; the rest is stored" if done.stored else f"{failures}; nothing was stored")
        raise typer.Exit(Exit.PARTIAL if done.stored else Exit.USAGE)


def list_(
    archive: Archive = None, since: Since = None, until: Until = None, outlet: Outlet = None, as_json: Json = False
) -> None:
    """List articles, newest first."""
    from rag.rendering import articles_text  # noqa: PLC0415

    with room_of(archive) as room:
        rows = [article_row(article) for article in room.articles(scope_of(since, until, None, outlet))]
        held = bool(rows) or room.status().articles
    if as_json:
        for row in rows:
            put(json.dumps(row, ensure_ascii=False))
    elif rows:
        put(articles_text(rows, width=width()))
    else:
        say("no article fits these limits" if held else "no articles yet: citewire add PATH")


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

    with room_of(archive) as room:
        found = room.article(identifier(article), version and valid("the version", version))
        wire = article_wire(found, room.sentences(found))
    put(json.dumps(wire, ensure_ascii=False) if as_json else article_text(wire, colour=colour(), width=width()))


def remove(
    articles: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of articles, or the starts of them")],
    archive: Archive = None,
) -> None:
    """Delete articles with all their versions. Saved answers that cite them no longer verify."""
    from rag.rendering import line  # noqa: PLC0415

    with room_of(archive) as room:
        for gone in room.remove_all([identifier(article) for article in articles]):
            put(f"removed {gone.id} {line(gone.headline or '')}".rstrip())


def status(archive: Archive = None, as_json: Json = False) -> None:
    """Say what the archive holds and how it is searched."""
    with room_of(archive) as room:
        found = room.status().to_dict()
    if as_json:
        put(json.dumps(found))
    else:
        put(
            "\n".join(
                f"{name:<12} {value:,}" if isinstance(value, int) else f"{name:<12} {value}"
                for name, value in found.items()
            )
        )


def reindex(archive: Archive = None) -> None:
    """Make the indexes anew from the archive, after a change of embedder; the old ones serve until it is done."""
    from rag.rendering import count  # noqa: PLC0415

    with room_of(archive) as room, bar("Indexing", room.status().articles) as progress:
        put(f"{count(room.reindex(progress), 'chunk')} indexed")


def doctor(
    fix: Annotated[
        bool, typer.Option("--fix", help="Rebuild what is damaged from the archive, without a model")
    ] = False,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Check that archive and indexes are sound and agree."""
    from rag.rendering import line  # noqa: PLC0415

    with room_of(archive) as room:
        found = room.doctor(fix=fix)
    if as_json:
        put(json.dumps(found.to_dict()))
    else:
        for check in found.checks:
            put(f"{'ok  ' if check.ok else 'BAD '} {check.name:<12} {line(check.detail)}")
            if not check.ok and check.hint:
                put(f"{'':<18}next: {check.hint}")
    if not found.ok:
        raise typer.Exit(Exit.ARCHIVE)


def _estimate(path: str) -> int:
    from rag.readers import estimate  # noqa: PLC0415

    return estimate(path)
