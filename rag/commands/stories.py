"""``citewire stories``: which events the articles tell of."""

from __future__ import annotations

import json

from rag.commands.console import put, say, width
from rag.commands.options import Archive, Json, Window, refuse_empty, room_of


def stories(window: Window, archive: Archive = None, as_json: Json = False) -> None:
    """List stories, those with most independent reports first; citewire brief --story ID writes about one."""
    from rag.rendering import stories_text  # noqa: PLC0415

    scope = window.scope()
    with room_of(archive) as room:
        refuse_empty(room)
        rows = [outline.to_dict() for outline in room.stories(scope)]
    if as_json:
        for row in rows:
            put(json.dumps(row, ensure_ascii=False))
    elif rows:
        put(stories_text(rows, width=width()))
    else:
        say("no story fits these limits")
