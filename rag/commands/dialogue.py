"""``citewire chat`` and ``ask --stream``: answers told step by step."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from rag.commands.console import complain, put, say, width
from rag.commands.options import Archive, Models, Shape, Window, refuse_empty, room_of, valid
from rag.errors import BudgetReached, ProviderError, UsageError

if TYPE_CHECKING:
    from rag.answers import Abstention, Answer
    from rag.events import Event


def chat(
    window: Window,
    models: Models,
    shape: Shape,
    archive: Archive = None,
    k: Annotated[int, typer.Option("-k", help="Passages to read", min=1, max=100)] = 12,
) -> None:
    """Ask one question after another; a question may lean on those before it. An empty line or Ctrl-D ends."""
    if shape.form not in {"text", "json"} or shape.output is not None:
        msg = "chat prints text, or lines of JSON with --json, to standard output"
        raise UsageError(msg, hint="leave out --format, --markdown, --html and -o")
    with room_of(archive, models) as room:
        refuse_empty(room)
        talk = room.conversation(scope=window.scope(), k=k)
        for question in _questions():
            try:
                valid("the question", question)
                tell(talk.stream(question), asked=question, as_json=shape.as_json, withheld=shape.show_withheld)
            except (ProviderError, BudgetReached, UsageError) as error:
                complain(error)  # the conversation goes on


def _questions() -> Iterator[str]:
    """Yield lines of standard input, at a terminal behind a prompt, up to an empty one."""
    while True:
        if sys.stdin.isatty():
            sys.stderr.write("? ")
            sys.stderr.flush()
        text = sys.stdin.readline()
        if not text.strip():
            return
        yield text.strip()


def tell(events: Iterator[Event], *, asked: str, as_json: bool, withheld: bool) -> Answer | Abstention:
    """Print events as they come and return the result: text with claims first, or a line of JSON for each event."""
    from rag import rendering  # noqa: PLC0415
    from rag.events import ClaimVerified, Done, Retrieved  # noqa: PLC0415

    keys: dict[str, str] = {}
    for event in events:
        if as_json:
            put(json.dumps(event.to_dict(), ensure_ascii=False))
        elif isinstance(event, Retrieved):
            put(rendering.line(event.question))
            if event.question != " ".join(asked.split()):
                say("  (searched for as above)")
            read = rendering.count(event.sentences, "sentence"), rendering.count(event.articles, "article")
            say(f"  {read[0]} of {read[1]} read")
        elif isinstance(event, ClaimVerified):
            ids = [citation.sentence.id for citation in event.claim.citations]
            numbers = [keys.setdefault(one, str(len(keys) + 1)) for one in ids]
            put(rendering.claim_text(event.claim.text, numbers, event.claim.note, width=width()))
        elif isinstance(event, Done):
            rest = rendering.answer_text(event.result.to_dict(), withheld=withheld, width=width(), told=True)
            put(f"\n{rest}\n")
        sys.stdout.flush()
        if isinstance(event, Done):
            return event.result
    msg = "the stream ended without a result"
    raise AssertionError(msg)
