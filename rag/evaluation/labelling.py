"""Questions to gold rows, by a person: which sentences answer it, or that none does.

A questions file is never written. Every mark is appended to a journal beside the gold file (``GOLD.marks``) and is on
disk before the next one is asked for; a decision replaces the gold file, whole, so that whoever reads it sees the rows
before or the rows after. Killed at any moment, the same command goes on from the last mark.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import secrets
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Literal, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.errors import ReadError, UsageError
from rag.evaluation.datasets import text_of
from rag.evaluation.marks import Facts
from rag.misfits import placed

Status = Literal["open", "answered", "unanswerable", "rejected", "skipped"]
_KINDS = {"", "single", "multi", "unanswerable"}


class _Row(BaseModel):
    model_config = ConfigDict(extra="allow")
    id: str = ""
    question: str
    split: Literal["dev", "test", ""] = ""
    answer: str = ""
    sentences: list[list[str]] = []
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class Marks:
    """What a person has said of a question so far."""

    question: str
    answer: str = ""
    facts: Facts = ()
    status: Status = "open"
    by: str = ""
    at: str = ""
    """ISO 8601."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question to label."""

    id: str
    question: str
    proposed: Marks
    """What its file says already; nothing of it counts before it is accepted."""
    draft: bool
    row: Mapping[str, object] = field(default_factory=dict[str, object])
    """As it stands in its file."""


def read(path: Path) -> tuple[Item, ...]:
    """Read questions: JSON Lines, CSV with a column ``question``, or text with one on each line.

    Raises UsageError if there is no such file, and ReadError that names file and line.
    """
    text = text_of(path, "citewire eval draft -o drafts.jsonl makes questions")
    found: dict[str, Item] = {}
    for number, given in _rows(path, text):
        place = f"{path}:{number}"
        item = _item(given, place)
        if item.id in found:
            msg = f"a second question with the id {item.id}"
            raise ReadError(msg, place=place, hint="give it an id of its own")
        found[item.id] = item
    if not found:
        msg = "no question in it"
        raise ReadError(msg, place=str(path), hint="citewire eval draft -o drafts.jsonl makes some")
    return tuple(found.values())


def _rows(path: Path, text: str) -> Iterable[tuple[int, str]]:
    if path.suffix.lower() == ".csv":
        reader = csv.DictReader(StringIO(text))
        if "question" not in (reader.fieldnames or ()):
            msg = "no column is named question"
            raise ReadError(msg, place=f"{path}:1", hint="name the columns in the first line")
        for row in reader:
            kept = {name: row[name] for name in ("id", "question", "answer", "split") if row.get(name)}
            yield reader.line_num, json.dumps(kept)
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            plain = path.suffix.lower() == ".txt"
            yield number, json.dumps({"question": line.strip()}) if plain else line


def _item(given: str, place: str) -> Item:
    try:
        row = _Row.model_validate_json(given)
    except ValidationError as error:
        hint = "a row needs a question in quotes; a file with a question on each line ends in .txt"
        raise ReadError(placed(error), place=place, hint=hint) from None
    question = " ".join(row.question.split())
    if not question:
        msg = "the question is empty"
        raise ReadError(msg, place=place, hint="write one, or delete the line")
    marks = Marks(question, row.answer, tuple(tuple(fact) for fact in row.sentences if fact))
    return Item(row.id or f"q-{_hash(question)[:10]}", question, marks, not row.accepted, json.loads(given))


class Book:
    """A gold file and its journal, held by one person at a time."""

    def __init__(self, path: Path, by: str) -> None:
        """Read what is there. Raises ReadError that names file and line, UsageError if it cannot be read."""
        self.path = path
        self.by = by
        self.journal = path.with_name(f"{path.name}.marks")
        self._gold = {str(row["id"]): row for row in _objects(path)}
        self._marks: dict[str, Marks] = {}
        for row in _objects(self.journal, torn=True):
            self._marks[str(row["id"])] = _marks(row, self.journal)

    def of(self, item: Item) -> Marks:
        """Return the marks of a question: the last ones made, or what its file proposes."""
        return self._marks.get(item.id, item.proposed)

    def decided(self, item: Item) -> bool:
        """Tell whether a person has said what it is; a row of the gold file without a journal was decided elsewhere."""
        known = self._marks.get(item.id)
        return item.id in self._gold if known is None else known.status not in {"open", "skipped"}

    def keep(self, item: Item, marks: Marks, at: str) -> Marks:
        """Write marks down; they are on disk when this returns."""
        marks = replace(marks, by=self.by, at=at)
        row = {"id": item.id, "question": marks.question, "answer": marks.answer, "facts": marks.facts}
        line = json.dumps({**row, "status": marks.status, "by": marks.by, "at": marks.at}, ensure_ascii=False)
        try:
            with self.journal.open("ab") as stream:
                stream.write(f"{line}\n".encode())
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise _unwritable(self.journal, error) from None
        self._marks[item.id] = marks
        return marks

    def decide(self, item: Item, marks: Marks, at: str, texts: Mapping[str, str]) -> Marks:
        """Write a decision into the gold file, then into the journal. ``texts`` are those of the marked sentences."""
        rows = dict(self._gold)
        if marks.status == "rejected":
            rows.pop(item.id, None)
        else:
            rows[item.id] = gold_row(item, replace(marks, by=self.by, at=at), texts)
        if rows != self._gold or not self.path.exists():
            _write(self.path, rows.values())
        self._gold = rows
        return self.keep(item, marks, at)


def gold_row(item: Item, marks: Marks, texts: Mapping[str, str]) -> dict[str, object]:
    """Return a row as ``rag.evaluation`` reads it; what its file says besides stays."""
    kind = "multi" if len(marks.facts) > 1 else "single" if marks.facts else "unanswerable"
    told = str(item.row.get("kind") or "")
    split = item.row.get("split") or ("dev" if int(_hash(item.id)[:8], 16) % 2 else "test")
    row = {**item.row, "id": item.id, "split": split, "kind": kind if told in _KINDS else told}
    reworded = {"asked_first": item.question} if marks.question != item.question else {}
    return row | reworded | {
        "question": marks.question,
        "answerable": bool(marks.facts),
        "answer": marks.answer if marks.facts else "",
        "facts": [list(dict.fromkeys(texts[sentence] for sentence in fact)) for fact in marks.facts],
        "sentences": [list(fact) for fact in marks.facts],
        "accepted": True,
        "marked": {"by": marks.by, "at": marks.at},
    }  # fmt: skip


@contextmanager
def held(path: Path) -> Generator[None]:
    """Hold a gold file against a second person who would label into it. Raises UsageError."""
    from filelock import FileLock, Timeout  # noqa: PLC0415 - needed here only

    lock = FileLock(path.with_name(f"{path.name}.lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        msg = f"{path}: somebody is labelling into this file now"
        raise UsageError(msg, hint="end that session with q, or name another file with -o") from None
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        yield
    finally:
        lock.release()


def _objects(path: Path, *, torn: bool = False) -> list[dict[str, object]]:
    """Read the objects of a JSONL file that may not exist; with ``torn``, a last line that was cut off is dropped."""
    try:
        data = path.read_bytes() if path.exists() else b""
        if torn and data and not data.endswith(b"\n"):
            data = data[: data.rfind(b"\n") + 1]
            with path.open("r+b") as stream:
                stream.truncate(len(data))
    except OSError as error:
        raise _unwritable(path, error) from None
    rows: list[dict[str, object]] = []
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or "id" not in row:
            hint = "mend the line or move the file away, or name another file with -o"
            msg = "not a JSON object with an id"
            raise ReadError(msg, place=f"{path}:{number}", hint=hint)
        rows.append(cast("dict[str, object]", row))
    return rows


def _marks(row: Mapping[str, object], path: Path) -> Marks:
    try:
        facts = tuple(tuple(map(str, fact)) for fact in cast("list[list[str]]", row["facts"]))
        words = {name: str(row[name]) for name in ("question", "answer", "by", "at")}
        return Marks(**words, facts=facts, status=cast("Status", row["status"]))
    except (KeyError, TypeError):
        hint = "move the journal away: the gold file stands without it"
        msg = f"the marks of {row['id']} are incomplete"
        raise ReadError(msg, place=str(path), hint=hint) from None


def _write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    beside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as stream:
            stream.writelines(f"{json.dumps(row, ensure_ascii=False)}\n".encode() for row in rows)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"{path}: {error.strerror or error}", hint="name another file with -o")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
