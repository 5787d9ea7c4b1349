"""An answer or a briefing to standard output or a file, in the form that was asked for."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

from rag.clippings import Clippings, clippings
from rag.commands.console import colour, refuse_unwritable, width, write
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.answers import Abstention, Answer, Briefing
    from rag.commands.options import Shape
    from rag.newsroom import Newsroom
    from rag.wire import AnswerWire, BriefingWire


def ready(shape: Shape) -> None:
    """Refuse what could not be printed in the end, before a model is paid for it. Raises UsageError."""
    if shape.form == "docx":
        if shape.output is None:
            msg = "a Word document is not printed on standard output"
            raise UsageError(msg, hint="-o briefing.docx")
        from rag.rendering import document  # noqa: PLC0415 - needed here only

        document.ready()
    if shape.output is not None:
        refuse_unwritable(shape.output)


def publish(result: Answer | Abstention | Briefing, shape: Shape, room: Newsroom) -> None:
    """Print a result, or write it to the file that was named. Raises UsageError if it cannot be written."""
    write(_formed(result.to_dict(), shape, room), shape.output)


def _formed(wire: AnswerWire | BriefingWire, shape: Shape, room: Newsroom) -> str | bytes:
    from rag import rendering  # noqa: PLC0415

    held, coloured = shape.show_withheld, colour() and shape.output is None
    match shape.form:
        case "json":
            return json.dumps(wire, ensure_ascii=False, indent=2)
        case "docx":
            from rag.rendering.document import document  # noqa: PLC0415 - needs an extra

            return document(wire, withheld=held, now=_now())
        case "eml":
            from rag.rendering.letter import letter  # noqa: PLC0415 - needed here only

            return letter(wire, withheld=held, now=_now())
        case "html":
            return _page(wire, clippings(wire, room.article, room.sentences), withheld=held)
        case "markdown":
            if wire["schema"] == "citewire/answer-1":
                return rendering.answer_markdown(wire, withheld=held)
            return rendering.briefing_markdown(wire, withheld=held)
        case _:
            if wire["schema"] == "citewire/answer-1":
                return rendering.answer_text(wire, withheld=held, colour=coloured, width=width())
            return rendering.briefing_text(wire, withheld=held, colour=coloured, width=width())


def _page(wire: AnswerWire | BriefingWire, articles: Clippings, *, withheld: bool) -> str:
    from rag import rendering  # noqa: PLC0415

    if wire["schema"] == "citewire/answer-1":
        body = rendering.answer_html(wire, withheld=withheld, articles=articles)
    else:
        body = rendering.briefing_html(wire, withheld=withheld, articles=articles)
    return rendering.page(body, rendering.title(wire))


def _now() -> datetime:
    """The time of day, with its zone."""
    return datetime.now().astimezone()
