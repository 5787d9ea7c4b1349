"""``citewire models | usage``: what is set, what answers, and what it has cost."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rag.commands.console import put, say
from rag.commands.options import Archive, Json, Models, Since, room_of, scope_of, settings_of
from rag.errors import Exit

if TYPE_CHECKING:
    from rag.ledger import Usage


def models(models: Models, archive: Archive = None, as_json: Json = False) -> None:
    """Say which models are set, whether they answer, and what is missing. The chat model is asked one short thing."""
    from rag.inspection import inspect  # noqa: PLC0415 - 0.3 s
    from rag.rendering import line  # noqa: PLC0415

    rows = inspect(settings_of(archive, models))  # needs no archive, and makes none
    if as_json:
        put(json.dumps([row.to_dict() for row in rows], ensure_ascii=False))
    else:
        for row in rows:
            put(f"{'ok  ' if row.ok else 'BAD '} {row.part:<10} {line(row.name)}: {line(row.detail)}")
            if row.hint:
                put(f"{'':<16}next: {line(row.hint)}")
    if not all(row.ok for row in rows):
        raise typer.Exit(Exit.PROVIDER)


def usage(
    archive: Archive = None,
    by: Annotated[Literal["day", "model", "task"], typer.Option("--by", help="Sum by this")] = "day",
    since: Since = None,
    as_json: Json = False,
) -> None:
    """Say what chat models were asked and what it cost. Prices are list prices; your provider's bill is what counts."""
    from rag.prices import dollars  # noqa: PLC0415
    from rag.rendering import line  # noqa: PLC0415
    from rag.spending import day  # noqa: PLC0415

    with room_of(archive) as room:
        book = room.equipment.book
        rows = book.usage(by, scope_of(since, None, None, None).since)
        today = book.spent(day(datetime.now(UTC)))
    if as_json:
        put(json.dumps([row.to_dict() for row in rows]))
        return
    if not rows:
        say("no model was called")
        return
    put(f"{by:<32}{'calls':>7}{'failed':>8}{'read':>12}{'written':>10}{'cost':>12}")
    for row in rows:
        cost = _cost(row, dollars(row.dollars))
        put(f"{line(row.name):<32}{row.calls:>7,}{row.failed:>8,}{row.read:>12,}{row.written:>10,}{cost:>12}")
    if any(row.estimated for row in rows):
        say("tokens are partly our estimate: the provider did not count them")
    unpriced = f", {today.unpriced:,} calls of unknown price" if today.unpriced else ""
    say(f"today: {today.tokens:,} tokens, {dollars(today.dollars)}{unpriced}; list prices, your provider's bill counts")


def _cost(row: Usage, known: str) -> str:
    return f"{known} + ?" if row.unpriced and row.dollars is not None else known
