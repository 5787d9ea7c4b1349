"""A standing briefing, kept up to date in a folder: a page, its data, what changed last, and an Atom feed.

    folder of articles -> archive -> next edition, if the archive has changed -> index.html, briefing.json,
    changes.json, feed.xml

Each file is replaced whole or not at all, and only where its bytes differ.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from rag import rendering
from rag.changes import Kind
from rag.clippings import clippings
from rag.editions import EditionBook, Request
from rag.errors import ArchiveLocked, CitewireError, OutputError, ProviderError, ReadError, UsageError
from rag.feed import Entry, atom, tag
from rag.sources import SHORT
from rag.writelock import writing

if TYPE_CHECKING:
    from rag.answers import Briefing
    from rag.editor import Edition
    from rag.newsroom import Newsroom
    from rag.wire import BriefingWire, ChangesWire

LOCK = "watch"
"""Folder of an archive with a lock for each briefing that is kept up to date."""
FILES = ("briefing.json", "changes.json", "index.html", "feed.xml")
_SAID = {Kind.NEW: "new", Kind.SUPERSEDED: "overtaken", Kind.CORRECTED: "corrected", Kind.WITHDRAWN: "withdrawn"}


class Outcome(StrEnum):
    """What a round came to."""

    FIRST = "first edition"
    UPDATED = "new edition"
    NOTHING = "nothing new"


@dataclass(frozen=True, slots=True)
class Standing:
    """A briefing that is to be kept up to date."""

    request: Request
    folder: Path
    write: Callable[[], Briefing]
    """Writes the briefing as the archive has it now."""
    made: Callable[[], str]
    """Says how it is made, asked after reading; with another length or model the next round writes it anew."""
    places: Sequence[str] = ()
    """Files and folders that are read each round for new articles; what was removed by hand is not brought back."""
    url: str | None = None
    """Where ``folder`` is served, if it is."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did."""

    outcome: Outcome
    edition: Edition | None = None
    added: int = 0
    """Articles that came, as new ones or as new versions."""
    failed: tuple[ReadError, ...] = ()
    stored: bool = True
    """Whether anything of the places is in the archive, if there are places."""


def once(room: Newsroom, standing: Standing) -> Round:
    """Read the places, and write the next edition if the archive has changed since the last one.

    Of two rounds at once the second waits, and finds nothing new. Raises ArchiveLocked while another process writes,
    ProviderError, OutputError if the folder cannot be written, UsageError if it holds the briefing of another topic.
    """
    with writing(room.folder / LOCK / standing.request.key[:SHORT]):
        return _once(room, standing)


def _once(room: Newsroom, standing: Standing) -> Round:
    _refuse_another(standing)
    added = room.add(*standing.places, removed=False) if standing.places else None
    came = len(added.added) + len(added.updated) if added else 0
    failed = added.failed if added else ()
    stored = added is None or added.stored or not added.failed
    made = standing.made()
    book = room.editor.book
    if not book.last(standing.request) and (before := _before(book, standing)):
        book.move(before, standing.request)
    last, mark = book.last(standing.request), book.mark()
    there = all((standing.folder / name).is_file() for name in FILES)
    if last and there and (last.mark.generation, last.made) == (mark.generation, made):
        return Round(Outcome.NOTHING, added=came, failed=failed, stored=stored)
    if not (last or stored or mark.generation):
        return Round(Outcome.NOTHING, failed=failed, stored=False)
    edition = room.editor.edition(standing.request, standing.write, made=made)
    if last and last.changes and (last.document["digest"], last.made) == (edition.changes.after, made):
        _publish(room, standing, last.document, last.changes, _entries(room, standing.request))
        book.seen(last, edition.mark)
        return Round(Outcome.NOTHING, added=came, failed=failed, stored=stored)
    document, changes = edition.briefing.to_dict(), edition.changes.to_dict()
    entries = [*_entry(room, edition.name, changes, edition.at), *_entries(room, standing.request)]
    _publish(room, standing, document, changes, entries)
    room.editor.keep(edition)
    return Round(Outcome.FIRST if edition.first else Outcome.UPDATED, edition, came, failed, stored)


def keep_up(
    room: Newsroom,
    standing: Standing,
    every: float,
    tell: Callable[[Round | CitewireError], None],
    *,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Do a round every so many seconds, until interrupted; ``tell`` is told what each came to.

    A writer that holds the archive, a full disk and a model that fails are waited for: the next round tries again.
    """
    while True:
        try:
            tell(once(room, standing))
        except (ArchiveLocked, OutputError, ProviderError) as error:
            tell(error)
        pause(every)


def _before(book: EditionBook, standing: Standing) -> Request | None:
    """Return the request that goes on in this folder, if it is one that was moved, so that its feed stays the same.

    That is one of the same subject whose own folder holds no feed any more; of several the one that this folder holds
    an edition of, else the last.
    """
    held = ""
    with suppress(OSError, ValueError, KeyError):
        held = json.loads((standing.folder / FILES[0]).read_text("utf-8"))["digest"]
    subject = standing.request.subject
    left = [
        one
        for one in book.all()
        if one.request.place and one.request.subject == subject and not (Path(one.request.place) / FILES[-1]).is_file()
    ]
    return max(left, key=lambda one: (one.document["digest"] == held, one.number)).request if left else None


def _refuse_another(standing: Standing) -> None:
    """Raise UsageError if the folder holds the briefing of another topic: each would write over the other."""
    with suppress(OSError, ValueError, KeyError):
        there = json.loads((standing.folder / FILES[0]).read_text("utf-8"))["topic"]
        if there != standing.request.topic:
            msg = f"{standing.folder} holds the briefing of {there or 'all articles'}"
            raise UsageError(msg, hint="name a folder of its own with -o")


def _publish(
    room: Newsroom, standing: Standing, document: BriefingWire, changes: ChangesWire, entries: Sequence[Entry]
) -> None:
    """Write all files of an edition; the feed last, for it announces the others."""
    topic, folder = standing.request.topic, standing.folder
    parts = [rendering.changes_html(changes)] if changes["since"] and _said(changes) else []
    articles = clippings(document, room.article, room.sentences)
    parts += [rendering.briefing_html(document, articles=articles)]
    parts += ['<p><a href="feed.xml">Feed of changes (Atom)</a></p>']
    name = tag(room.editor.book.name, standing.request.subject[:SHORT])
    title = f"Briefing: {topic}" if topic else "Briefing"
    updated = entries[0].updated if entries else datetime.fromtimestamp(0, UTC)
    _replace(folder / "briefing.json", json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    _replace(folder / "changes.json", json.dumps(changes, ensure_ascii=False, indent=2) + "\n")
    _replace(folder / "index.html", rendering.page("\n".join(parts), topic or "Briefing"))
    _replace(folder / "feed.xml", atom(name, title, entries, updated=updated, url=standing.url))


def _said(changes: ChangesWire) -> str:
    """Return how many statements a reader must hear of, by what became of them; empty for none."""
    counts = {word: sum(c["kind"] == kind.value for c in changes["changes"]) for kind, word in _SAID.items()}
    return ", ".join(f"{number} {word}" for word, number in counts.items() if number)


def _entries(room: Newsroom, request: Request) -> list[Entry]:
    """Return an entry for each stored edition that had changes, the last first."""
    kept = room.editor.book.of(request)
    return [entry for one in kept if one.changes for entry in _entry(room, one.name, one.changes, one.at)]


def _entry(room: Newsroom, name: str, changes: ChangesWire, at: datetime) -> list[Entry]:
    """Return the entry of an edition; none if it had nothing that a reader must hear of."""
    said = _said(changes)
    if not said:
        return []
    said = said if changes["since"] else f"first edition, {said}"
    title = f"{changes['topic'] or 'Briefing'}: {said}"
    return [Entry(tag(room.editor.book.name, "edition", name), title, at, rendering.changes_html(changes, bare=True))]


def _replace(path: Path, text: str) -> None:
    """Put a text in the place of a file, whole or not at all; a file that holds it already is left as it is."""
    data = text.encode("utf-8", "replace")
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == data:
            return
        fresh.write_bytes(data)
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        msg = f"{path}: {error.strerror or error}"
        raise OutputError(msg, hint="name a folder that can be written with -o") from error
