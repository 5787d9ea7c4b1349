"""Places to articles: a file, a folder, standard input."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from rag.errors import ReadError
from rag.readers.cleaning import decode
from rag.readers.formats import from_json, from_markdown, from_text, holds_text, objects
from rag.readers.notes import MAX_ARTICLE, MAX_FILE, Note, Reading, Unreadable, megabytes
from rag.sources import Article

STDIN = "-"
TEXT = frozenset({".txt", ".text"})
MARKDOWN = frozenset({".md", ".markdown"})
LINES = frozenset({".jsonl", ".ndjson"})
JSON = frozenset({".json"})
KNOWN = TEXT | MARKDOWN | LINES | JSON
_SKIPPED = ("readme", "license", "licence", "notice", "changelog", "contributing")
_LONGEST_LINE = MAX_ARTICLE

Item = Article | ReadError | Note


def read(place: str) -> Iterator[Item]:
    """Yield what stands at ``place``: articles, errors for what could not become one, notes on doubts."""
    if place == STDIN:
        yield from _guarded(STDIN, _stream(sys.stdin.buffer.read(MAX_FILE + 1)))
        return
    path = Path(place)
    if path.is_dir():
        yield from _folder(path)
    elif path.suffix.lower() in KNOWN or path.is_file():
        yield from _file(path, named=True)
    else:
        yield ReadError("there is no such file or folder", place=place, hint="check the spelling of the path")


def estimate(place: str) -> int:
    """Return how many articles ``place`` may hold, for a progress bar: files, and lines of JSON Lines."""
    path = Path(place)
    if place == STDIN or not path.exists():
        return 1
    files = [path] if path.is_file() else [file for file in _walk(path) if isinstance(file, Path)]
    total = 0
    for file in files:
        try:
            total += file.read_bytes().count(b"\n") + 1 if file.suffix.lower() in LINES else 1
        except OSError:
            total += 1
    return total


def _folder(folder: Path) -> Iterator[Item]:
    found = False
    for file in _walk(folder):
        if isinstance(file, ReadError):
            yield file
            continue
        found = True
        yield from _file(file, named=False)
    if not found:
        yield Note(str(folder), f"holds no file that is read ({', '.join(sorted(KNOWN))})")


def _walk(folder: Path) -> Iterator[Path | ReadError]:
    """Yield the files to read below ``folder``, sorted; hidden ones and those about the folder itself are passed over."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        yield ReadError(error.strerror or str(error), place=str(folder), hint="check the permissions of the folder")
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _walk(entry)
        elif entry.suffix.lower() in KNOWN and not entry.stem.lower().startswith(_SKIPPED):
            yield entry


def _file(path: Path, *, named: bool) -> Iterator[Item]:
    suffix = path.suffix.lower()
    if suffix in LINES:
        yield from _guarded(str(path), _lines(path, named=named))
        return
    try:
        size = path.stat().st_size
        limit = MAX_FILE if suffix in JSON else MAX_ARTICLE
        if size > limit:
            hint = "cut it into articles; JSON Lines (.jsonl) may be of any length"
            yield ReadError(f"it has {megabytes(size)}, the limit is {megabytes(limit)}", place=str(path), hint=hint)
            return
        data = path.read_bytes()
    except OSError as error:
        yield ReadError(error.strerror or str(error), place=str(path), hint="check the path and its permissions")
        return
    yield from _guarded(str(path), _parsed(str(path), data, suffix, named=named))


def _guarded(place: str, items: Iterator[Item]) -> Iterator[Item]:
    try:
        yield from items
    except Unreadable as error:
        yield ReadError(str(error), place=place, hint=error.hint)
    except OSError as error:
        yield ReadError(error.strerror or str(error), place=place, hint="check the path and its permissions")


def _parsed(place: str, data: bytes, suffix: str, *, named: bool) -> Iterator[Item]:
    text, doubt = decode(data)
    if not text.strip():
        reason = "it is empty"
        raise Unreadable(reason)
    if doubt:
        yield Note(place, doubt)
    if suffix in JSON:
        yield from _objects(place, text, named=named)
    else:
        yield from _told(place, from_markdown(text) if suffix in MARKDOWN else from_text(text))


def _objects(place: str, text: str, *, named: bool) -> Iterator[Item]:
    rows = objects(text)
    if not named and not any(holds_text(row) for row in rows):
        yield Note(place, "passed over: nothing in it has a text")
        return
    for number, row in enumerate(rows, start=1):
        at = f"{place}[{number}]" if len(rows) > 1 else place
        yield from _guarded(at, _told(at, lambda row=row: from_json(row)))


def _lines(path: Path, *, named: bool) -> Iterator[Item]:
    with path.open("rb") as file:
        if not named and not _holds_articles(path):
            yield Note(str(path), "passed over: no line in it has a text")
            return
        for number, line in enumerate(file, start=1):
            yield from _guarded(f"{path}:{number}", _line(f"{path}:{number}", line))


def _holds_articles(path: Path) -> bool:
    """Tell whether one of the first lines has a text: a folder may hold JSON Lines that are no articles."""
    with path.open("rb") as file:
        for _, line in zip(range(50), file, strict=False):
            try:
                row = json.loads(line)
            except ValueError:
                return True  # a broken line is worth an error
            if holds_text(row):
                return True
    return False


def _line(place: str, line: bytes) -> Iterator[Item]:
    if not line.strip():
        return
    if len(line) > _LONGEST_LINE:
        reason = f"it has {megabytes(len(line))}, the limit of an article is {megabytes(MAX_ARTICLE)}"
        raise Unreadable(reason)
    text, doubt = decode(line)
    if doubt:
        yield Note(place, doubt)
    (row,) = objects(text)
    yield from _told(place, lambda: from_json(row))


def _stream(data: bytes) -> Iterator[Item]:
    if len(data) > MAX_FILE:
        reason = f"standard input has more than {megabytes(MAX_FILE)}"
        raise Unreadable(reason, hint="save it to a .jsonl file and add that")
    if data.lstrip()[:1] == b"{":
        for number, line in enumerate(data.splitlines(), start=1):
            yield from _guarded(f"{STDIN}:{number}", _line(f"{STDIN}:{number}", line))
    else:
        kind = ".json" if data.lstrip()[:1] == b"[" else ".md" if data.lstrip()[:3] in {b"---", b"# "} else ".txt"
        yield from _parsed(STDIN, data, kind, named=True)


def _told(place: str, make: object) -> Iterator[Item]:
    reading = make() if callable(make) else make
    assert isinstance(reading, Reading)  # noqa: S101 - every format makes one
    yield reading.article
    for doubt in reading.doubts:
        yield Note(place, doubt)
