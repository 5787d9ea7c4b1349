"""Where articles are: files, folders, standard input."""

from __future__ import annotations

import io
import os
import stat
import sys
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING

from rag.errors import ReadError
from rag.readers import pages, prose, records
from rag.readers.cleaning import decode
from rag.readers.notes import MAX_ARTICLE, MAX_FILE, Note, Reading, Unreadable
from rag.sources import Article

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Found = Article | Note | ReadError

STDIN = "-"
_PROSE = frozenset({".txt", ".text", ".md", ".markdown"})
_LINES = frozenset({".jsonl", ".ndjson"})
_RECORDS = _LINES | {".json"}
_KINDS = _PROSE | _RECORDS | pages.KINDS
_READ = "reads .txt, .md, .html, .jsonl, .json and folders of them"
_SAVED = "_files"
"""What a browser adds to a page's name for the folder of its pictures and frames."""
_NOT_NEWS = ("readme", "license", "licence", "notice", "changelog", "contributing", "copying")
_HEAD = 1_000_000
"""Bytes in which the first line of JSON Lines is looked for."""
_NAMED = 3


def read(place: str | Path, *, stdin: IO[bytes] | None = None) -> Iterator[Found]:
    """Yield what ``place`` holds, in a stable order. Nothing is raised: one bad file does not stop the others.

    ``place`` is a file, a folder (walked in the order of names, without hidden files), or ``-`` for standard input,
    which is ``stdin`` or the process's own.
    """
    if not str(place).strip():
        yield ReadError("the path is empty", place=repr(str(place)), hint="name a file or a folder; . is this one")
        return
    if place == STDIN and isinstance(place, str):
        yield from _stream(stdin or sys.stdin.buffer, "standard input")
        return
    try:
        path = Path(place).expanduser()
        folder = stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError, RuntimeError) as error:  # missing, a NUL in it, ~ of nobody
        yield _unreadable(error, str(place))
        return
    try:
        yield from _folder(path) if folder else _file(path)
    except records.Foreign as error:  # the user named it, so that it is an error where it holds no article
        yield ReadError(str(error), place=str(place))


def gather(places: Iterable[str | Path | Article], failed: list[ReadError], notes: list[str]) -> Iterator[Article]:
    """Yield the articles of all ``places``; add what could not become one to ``failed``, and doubts to ``notes``."""
    for place in places:
        for item in [place] if isinstance(place, Article) else read(str(place)):
            if isinstance(item, Article):
                yield item
            elif isinstance(item, Note):
                notes.append(str(item))
            else:
                failed.append(item)


def estimate(*places: str | Path) -> int:
    """Return about how many articles ``places`` hold: lines of JSON Lines, and files. For a progress bar."""
    total = 0
    for place in places:
        path = Path(place).expanduser()
        for file in _walk(path) if place != STDIN and path.is_dir() else [path]:
            if not isinstance(file, Path):
                continue
            try:
                with file.open("rb") if file.suffix.lower() in _LINES else io.BytesIO(b"\n") as stream:
                    total += sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b"")) or 1
            except OSError:
                total += 1
    return total


def _walk(folder: Path) -> Iterator[Path | ReadError]:
    """Visible regular files in the order of their names; links to folders are not followed, nor the parts of pages."""
    faults: list[OSError] = []
    for root, names, files in os.walk(folder, onerror=faults.append):
        yield from (_unreadable(fault, str(fault.filename)) for fault in faults)
        faults.clear()
        pages_here = {Path(file).stem for file in files if Path(file).suffix.lower() in pages.KINDS}
        names[:] = sorted(
            name
            for name in names
            if not name.startswith(".") and not (name.endswith(_SAVED) and name.removesuffix(_SAVED) in pages_here)
        )
        for name in sorted(files):
            path = Path(root, name)
            if not name.startswith(".") and (path.is_symlink() or path.is_file()):
                yield path
    yield from (_unreadable(fault, str(fault.filename)) for fault in faults)


def _folder(folder: Path) -> Iterator[Found]:
    skipped: list[str] = []
    unread: list[Path] = []
    empty = True
    for path in _walk(folder):
        if isinstance(path, ReadError):
            empty = False
            yield path
        elif path.suffix.lower() not in _KINDS or path.name.lower().startswith(_NOT_NEWS):
            skipped.append(str(path.relative_to(folder)))
        elif path.suffix.lower() in pages.KINDS and not pages.installed():
            empty = False
            unread.append(path)
        else:
            empty = False
            try:
                yield from _file(path)
            except records.Foreign:
                skipped.append(str(path.relative_to(folder)))
    if unread:  # told once: it is one thing that is missing, and one command
        more = f" (and {len(unread) - 1:,} more in {folder})" if unread[1:] else ""
        yield ReadError(pages.MISSING + more, place=str(unread[0]), hint=pages.INSTALL)
    if skipped:
        names = ", ".join(skipped[:_NAMED]) + (f" and {len(skipped) - _NAMED} more" if len(skipped) > _NAMED else "")
        yield Note(str(folder), f"passed over {names}: not articles")
    if empty:  # nothing that could have been an article
        yield ReadError("the folder holds no articles", place=str(folder), hint=f"citewire {_READ}")


def _file(path: Path) -> Iterator[Found]:
    """Read one file. Raises Foreign if it is JSON of another kind."""
    place, kind = str(path), path.suffix.lower()
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe such as <(command) has no name to tell its kind by
            with path.open("rb") as stream:
                yield from _stream(stream, place)
        elif kind not in _KINDS and kind:
            yield ReadError(f"{kind} files are not read", place=place, hint=f"citewire {_READ}")
        else:
            with path.open("rb") as stream:
                yield from _found(_parse(stream, kind, status.st_size), place)
    except records.Foreign:
        raise
    except Unreadable as error:
        yield ReadError(str(error), place=place, hint=error.hint)
    except OSError as error:
        yield _unreadable(error, place)


def _parse(stream: IO[bytes], kind: str, size: int) -> Iterable[records.Found]:
    """Choose a reader by the name's ending, and by the first bytes where that does not say enough."""
    limit = MAX_FILE if kind in _RECORDS else MAX_ARTICLE
    if not size:
        reason = "it is empty"
        raise Unreadable(reason)
    head = stream.read(_HEAD) if kind in _RECORDS or not kind else b""
    stream.seek(0)
    if kind in _LINES and not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"[", b"\xff\xfe", b"\xfe\xff")):
        return records.lines(records.bounded(stream))
    if head and records.begins_lines(head) and b"\n" in head.strip():
        return records.lines(records.bounded(stream))
    if size > limit:
        what = "a JSON document" if kind in _RECORDS else "one article"
        reason = f"it has {size / 1_000_000:,.1f} MB, the limit for {what} is {limit // 1_000_000} MB"
        raise Unreadable(reason, hint="write it as JSON Lines, an article a line" if kind in _RECORDS else "")
    data = stream.read(limit + 1)
    if kind in _RECORDS or (not kind and head.lstrip()[:1] in {b"{", b"["}):
        return records.document(data)
    if kind in pages.KINDS or (not kind and pages.begins(head)):
        return iter([("", pages.parse(data))])
    return _prose(data)


def _stream(stream: IO[bytes], place: str) -> Iterator[Found]:
    """Read a stream of unknown kind and length: JSON Lines, JSON, or the text of one article."""
    try:
        first = stream.readline(MAX_FILE + 1)
        while first and not first.strip():
            first = stream.readline(MAX_FILE + 1)
        if records.begins_lines(first):
            yield from _found(records.lines(chain([first], records.bounded(stream))), place)
            return
        data = first + stream.read(MAX_FILE + 1 - len(first))
        kind = ".json" if data.lstrip()[:1] in {b"{", b"["} else ".txt"
        if kind == ".json" and not _is_json(data):
            kind = ".txt"
        if pages.begins(data[:_HEAD]):
            kind = ".html"
        yield from _found(_parse(io.BytesIO(data), kind, len(data)), place)
    except Unreadable as error:
        yield ReadError(str(error), place=place, hint=error.hint)
    except OSError as error:
        yield _unreadable(error, place)


def _is_json(data: bytes) -> bool:
    """Whether text that begins with a bracket is JSON, and not a story that begins with "[Updated]"."""
    return data.rstrip()[-1:] in {b"}", b"]"} and data.lstrip()[1:].lstrip()[:1] in {b'"', b"{", b"}", b"]"}


def _prose(data: bytes) -> Iterator[records.Found]:
    if not data.strip():
        reason = "it is empty"
        raise Unreadable(reason)
    text, doubt = decode(data)
    reading = prose.parse(text)
    yield "", Reading(reading.article, (*((doubt,) if doubt else ()), *reading.doubts))


def _found(found: Iterable[records.Found], place: str) -> Iterator[Found]:
    for where, what in found:
        if isinstance(what, Unreadable):
            yield ReadError(str(what), place=f"{place}{where}", hint=what.hint)
            continue
        yield what.article
        yield from (Note(f"{place}{where}", doubt) for doubt in what.doubts)


def _unreadable(error: Exception, place: str) -> ReadError:
    reason = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
    hint = "check the spelling of the path" if isinstance(error, FileNotFoundError) else ""
    return ReadError(reason[:1].lower() + reason[1:], place=place, hint=hint)
