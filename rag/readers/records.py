"""JSON and JSON Lines to articles, an object each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, cast

from rag.readers.cleaning import decode
from rag.readers.fields import TEXT_KEYS, body, fields, items, reading
from rag.readers.notes import MAX_ARTICLE, Reading, Unreadable

_LOOK = 100
"""Records without any text after which a file is taken to hold no articles."""
_WRAPPERS = ("articles", "items", "results", "data", "entries")
_MAX_LINE = 2 * MAX_ARTICLE
"""Bytes of a line: JSON may write a character in six."""

Found = tuple[str, Reading | Unreadable]
"""What a record became, with its place inside the file (``:12``, or nothing)."""


class Foreign(Unreadable):
    """A file that holds no articles: questions, events, settings, an answer that was printed."""


class _Textless(Unreadable):
    def __init__(self) -> None:
        super().__init__(f"it has no text (looked for: {TEXT_KEYS})")


def lines(stream: Iterable[bytes]) -> Iterator[Found]:
    """Read JSON Lines as they come. Raises Foreign if none of the first records, or none at all, has a text."""
    return _articles(_rows(stream))


def document(data: bytes) -> Iterator[Found]:
    """Read one object, a list of them, or a list inside a wrapper such as ``{"articles": [...]}``.

    Raises Unreadable if it is not JSON, Foreign if no object has a text.
    """
    text, _ = decode(data)
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        at = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        reason = f"it is not JSON{at}: {_why(error)}"
        raise Unreadable(reason) from error
    inside = items(value) or _wrapped(value)
    if not inside:
        return _articles([("", value)])
    return _articles((f" record {n}", each) for n, each in enumerate(inside, 1))


def _wrapped(value: object) -> list[object]:
    """The list inside ``{"status": "ok", "articles": [...]}``, none where the object is an article itself."""
    if not isinstance(value, Mapping):
        return []
    wrapper = cast("Mapping[str, object]", value)
    if any(isinstance(wrapper.get(name), str) for name in ("text", "body", "content")):
        return []
    for name in _WRAPPERS:
        if inside := items(wrapper.get(name)):
            return inside
    return []


def begins_lines(head: bytes) -> bool:
    """Whether these first bytes begin JSON Lines: a whole object on the first line that has anything."""
    first = head.lstrip().split(b"\n", 1)[0]
    try:
        return isinstance(json.loads(first.removeprefix(b"\xef\xbb\xbf")), dict)
    except (ValueError, RecursionError):
        return False


def _rows(stream: Iterable[bytes]) -> Iterator[tuple[str, object]]:
    for n, row in enumerate(stream, 1):
        if not row.strip():
            continue
        try:
            if len(row) > _MAX_LINE:
                reason = f"the line is longer than {_MAX_LINE // 1_000_000} MB"
                raise Unreadable(reason)  # noqa: TRY301 - handled like the other faults of a line
            text, _ = decode(row)
            yield f":{n}", json.loads(text)
        except (ValueError, RecursionError) as error:
            yield f":{n}", Unreadable(f"it is not JSON: {_why(error)}")
        except Unreadable as error:
            yield f":{n}", error


def _articles(records: Iterable[tuple[str, object]]) -> Iterator[Found]:
    """Make articles; hold back complaints about missing text until one record has shown that there are articles."""
    held: list[Found] = []
    broken = 0
    proven = False
    for place, record in records:
        found = place, _article(record)
        if proven or isinstance(found[1], Reading):
            proven = True
            yield from held
            held.clear()
            yield found
        elif isinstance(found[1], _Textless):
            held.append(found)
        else:
            broken += 1
            yield found
        if not proven and len(held) + broken == _LOOK:
            break
    if broken == _LOOK or (held and broken):
        reason = f"none of its first {len(held) + broken} records is an article"
        raise Unreadable(reason)
    if held:
        raise Foreign(f"none of its records has a text (looked for: {TEXT_KEYS})" if len(held) > 1 else str(held[0][1]))


def _article(record: object) -> Reading | Unreadable:
    if isinstance(record, Unreadable):
        return record
    if not isinstance(record, Mapping):
        return _Textless()
    known = cast("Mapping[str, object]", record)
    try:
        found = body(known)
        return reading(found[0], fields(known).doubting(*found[1])) if found else _Textless()
    except Unreadable as error:
        return error


def _why(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"


def bounded(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a stream, a longer one than allowed cut to just over the limit."""
    while row := stream.readline(_MAX_LINE + 1):
        yield row
        while len(row) > _MAX_LINE and not row.endswith(b"\n"):
            row = stream.readline(_MAX_LINE + 1)
