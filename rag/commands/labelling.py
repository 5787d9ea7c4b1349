"""``citewire eval label | draft``: a person says what answers a question; questions are proposed from articles."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.commands.console import complain, put, refuse_unwritable, say, write
from rag.commands.options import Archive, Models, refuse_empty, room_of, valid
from rag.errors import BudgetReached, Exit, ProviderError, ReadError, UsageError

if TYPE_CHECKING:
    from rag.evaluation.drafting import Draft
    from rag.newsroom import Newsroom

_READ = 30
"""Passages in which articles on a topic are looked for."""
_REFUSED_SHOWN = 5


def label(
    file: Annotated[Path, typer.Argument(metavar="QUESTIONS", help="Questions or drafts: JSON Lines, CSV, or .txt")],
    output: Annotated[Path, typer.Option("--output", "-o", help="Gold file to write, or to go on with")],
    archive: Archive = None,
    by: Annotated[str | None, typer.Option("--by", help="Who marks", show_default="your login name")] = None,
    at: Annotated[
        str | None, typer.Option("--at", help="Begin at the question of this id, decided or not", show_default=False)
    ] = None,
) -> None:
    """Mark the sentences that answer each question. Every mark is kept at once; the same command goes on later."""
    from rag.commands.marking import Session  # noqa: PLC0415 - loads the archive's parts
    from rag.evaluation.finding import Finder  # noqa: PLC0415
    from rag.evaluation.labelling import Book, held, read  # noqa: PLC0415

    items = read(file)
    if output.exists() and output.samefile(file):
        msg = f"{output} holds the questions: it is not written over"
        raise UsageError(msg, hint="name another file with -o")
    refuse_unwritable(output)
    who = valid("--by", by or _login())
    with held(output), room_of(archive) as room:
        refuse_empty(room)
        Session(items, Book(output, who), Finder(room)).run(at)


def draft(
    output: Annotated[Path, typer.Option("--output", "-o", help="File of drafts; what it holds already stays")],
    models: Models,
    archive: Archive = None,
    topic: Annotated[
        str | None, typer.Option("--topic", help="Only from articles about this", show_default=False)
    ] = None,
    most: Annotated[int, typer.Option("-n", help="Questions to propose", min=1, max=1000)] = 10,
) -> None:
    """Propose questions from articles, each with the sentence that answers it. None is gold before eval label."""
    refuse_unwritable(output)
    rows = _drafted(output)
    with room_of(archive, models) as room:
        refuse_empty(room)
        found, error = _propose(room, topic, most, [str(row["question"]) for row in rows])
    for one in found:
        told = f"{one.pattern}; {_shown(one.article.outlet or 'outlet unknown')}"
        put(f"{_shown(one.question)}\n  {_shown(one.answer)}  ({told})")
    if not found:
        if error is not None:
            raise error
        say(
            "no further question: add articles, or name a chat model with --model"
            if rows
            else "no question could be made"
        )
        raise typer.Exit(Exit.DECLINED)
    lines = [json.dumps(row, ensure_ascii=False) for row in (*rows, *(one.to_row() for one in found))]
    write("\n".join(lines), output)
    if len(found) < most and error is None:
        say(f"note: only {len(found)} of {most} could be made")
    say(f"  next: citewire eval label {output} -o gold.jsonl")
    if error is not None:
        complain(error)
        raise typer.Exit(Exit.PARTIAL)


def _propose(
    room: Newsroom, topic: str | None, most: int, known: list[str]
) -> tuple[list[Draft], ProviderError | BudgetReached | None]:
    """Return drafts, and what ended them early; a model that is set proposes, else the sentences' own words do."""
    from rag.evaluation.drafting import Draft, Refused, by_model, extractive  # noqa: PLC0415

    articles = room.articles_about(valid("the topic", topic), k=_READ) if topic else room.articles()
    chat = room.equipment.chat
    if chat is None:
        return extractive(articles, room.sentences, most, known), None
    found: list[Draft] = []
    refused: list[Refused] = []
    ended: ProviderError | BudgetReached | None = None
    try:
        for one in by_model(articles, room.sentences, chat, known=known, prompts=room.equipment.prompt):
            if isinstance(one, Draft):
                found.append(one)
            else:
                refused.append(one)
            if len(found) == most:
                break
    except (ProviderError, BudgetReached) as error:
        ended = error
    for each in refused[:_REFUSED_SHOWN]:
        say(f"refused: {_shown(each.question) or 'a reply'}: {_shown(each.why)}")
    if len(refused) > _REFUSED_SHOWN:
        say(f"refused: {len(refused) - _REFUSED_SHOWN} more")
    return found, ended


def _drafted(path: Path) -> list[dict[str, object]]:
    """Return the drafts that a file holds already."""
    from rag.evaluation.labelling import read  # noqa: PLC0415

    if not path.exists() or not path.stat().st_size:
        return []
    items = read(path)
    if any(not item.draft for item in items):
        first = next(item for item in items if not item.draft)
        msg = f"{first.id} is no draft"
        raise ReadError(msg, place=str(path), hint="name another file with -o")
    return [dict(item.row) for item in items]


def _shown(text: str) -> str:
    from rag.rendering import line  # noqa: PLC0415

    return line(text)


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
