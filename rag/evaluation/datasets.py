"""A file of questions to a dataset: what is asked, what answers it, and which questions nothing answers.

JSONL has a question a line, as ``seeds/questions.jsonl``: ``question``, and of ``answer`` (a string or a list),
``sentences`` (for each needed fact the ids that suffice), ``articles`` and ``unanswerable`` what is known; ``id``,
``asked`` and ``part`` (or ``split``) may be there. CSV has the same columns; there ``|`` stands between accepted
answers and between sentences that suffice for one fact, ``;`` between facts.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import cast

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from rag.errors import ReadError, UsageError
from rag.misfits import placed
from rag.sources import Article

_FORM = (
    '{"question": "...", "answer": "...", "sentences": [["ID"]]} is a line; citewire show ARTICLE --json has the ids'
)
_COLUMNS = "question,answer,sentences,unanswerable is the first line; citewire show ARTICLE --json has the ids"


@dataclass(frozen=True, slots=True)
class Question:
    """One gold question."""

    id: str
    text: str
    answers: tuple[str, ...] = ()
    """Accepted strings; none where only sentences are gold."""
    facts: tuple[frozenset[str], ...] = ()
    """For each needed fact the ids of the sentences that suffice."""
    articles: frozenset[str] = frozenset()
    """Ids of the articles that answer it, any of which does; where facts are given, they say more."""
    unanswerable: bool = False
    asked: datetime | None = None
    """When it was asked: nothing published later may answer it."""
    part: str = ""
    """``dev``, ``test`` or empty."""

    @property
    def sentences(self) -> frozenset[str]:
        """All gold sentences."""
        return frozenset(sentence for fact in self.facts for sentence in fact)

    @property
    def needed(self) -> tuple[frozenset[str], ...]:
        """For each needed fact the ids of the articles that hold it."""
        by_fact = tuple(frozenset(article_of(sentence) for sentence in fact) for fact in self.facts)
        return by_fact or ((self.articles,) if self.articles else ())

    def to_dict(self) -> dict[str, object]:
        """Return a line of a file that ``load`` reads."""
        return {
            "id": self.id,
            "question": self.text,
            "answer": list(self.answers),
            "sentences": [sorted(fact) for fact in self.facts],
            "articles": sorted(self.articles),
            "unanswerable": self.unanswerable,
            "asked": self.asked.isoformat() if self.asked else None,
            "part": self.part,
        }


@dataclass(frozen=True, slots=True)
class Dataset:
    """Questions, and where they come from. Raises ValueError if two have one id."""

    name: str
    questions: tuple[Question, ...]
    articles: tuple[Article, ...] = ()
    """What is to be added to an archive; empty where one exists."""
    source: str = ""
    """Where it comes from, and its licence."""

    def __post_init__(self) -> None:
        ids = [question.id for question in self.questions]
        if len(set(ids)) < len(ids):
            twice = next(id for id in ids if ids.count(id) > 1)
            msg = f"two questions have the id {twice!r}"
            raise ValueError(msg)

    @property
    def hash(self) -> str:
        """sha256 of all questions with their gold, and of the articles."""
        total = hashlib.sha256()
        for question in self.questions:
            total.update(json.dumps(question.to_dict(), sort_keys=True).encode())
        for key in sorted(article.key for article in self.articles):
            total.update(key.encode())
        return total.hexdigest()


def article_of(id: str) -> str:  # noqa: A002 - the field's own word
    """Return the article of a sentence id, or the id itself if it is one of an article."""
    return id.partition("@")[0]


_KEYS = (
    *("question", "id", "answer", "answers", "sentences", "articles", "answerable", "unanswerable", "asked", "as_of"),
    *("part", "split", "accepted"),
)
"""What a row of gold may say."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")
    question: str = Field(min_length=1)
    id: str = ""
    answer: tuple[str, ...] = Field(default=(), validation_alias=AliasChoices("answer", "answers"))
    sentences: tuple[frozenset[str], ...] = ()
    articles: frozenset[str] = frozenset()
    answerable: bool | None = None
    unanswerable: bool | None = None
    asked: datetime | None = Field(default=None, validation_alias=AliasChoices("asked", "as_of"))
    part: str = Field(default="", validation_alias=AliasChoices("part", "split"))
    accepted: bool = True

    @model_validator(mode="before")
    @classmethod
    def _spelt(cls, row: object) -> object:
        """Refuse a key that is one of ours misspelt; keys of another purpose are passed over."""
        keys: list[object] = list(cast("Mapping[object, object]", row)) if isinstance(row, Mapping) else []
        for key in keys:
            near = get_close_matches(str(key).lower(), _KEYS, 1, 0.8)
            if key not in _KEYS and near:
                msg = f"there is no key {key}; did you mean {near[0]}?"
                raise ValueError(msg)
        return cast("object", row)

    @field_validator("answer", mode="before")
    @classmethod
    def _listed(cls, answer: object) -> object:
        return ([answer] if answer.strip() else []) if isinstance(answer, str) else answer

    @field_validator("asked")
    @classmethod
    def _zoned(cls, asked: datetime | None) -> datetime | None:
        return asked.replace(tzinfo=UTC) if asked and not asked.tzinfo else asked

    def problem(self) -> str:
        """Return why this is no gold question; empty if it is one."""
        if not self.accepted:
            return "a draft that nobody has accepted is no gold: citewire eval label"
        unanswerable = self.unanswerable if self.unanswerable is not None else self.answerable is False
        if self.unanswerable is not None and self.answerable is not None and self.unanswerable == self.answerable:
            return "answerable and unanswerable contradict each other"
        if unanswerable and (self.sentences or self.articles):
            return "an unanswerable question has no sentences and no articles"
        if any(not fact for fact in self.sentences):
            return "a fact has no sentence that suffices for it"
        if not (unanswerable or self.answer or self.sentences or self.articles):
            return "it has no answer, no sentences and no articles, and is not marked unanswerable"
        return ""

    def made(self, number: int) -> Question:
        """Return the question; ``number`` is its id if it has none."""
        unanswerable = self.unanswerable if self.unanswerable is not None else self.answerable is False
        answers = () if unanswerable else self.answer
        id_ = self.id or f"q{number}"
        return Question(id_, self.question, answers, self.sentences, self.articles, unanswerable, self.asked, self.part)


def text_of(file: Path, hint: str) -> str:
    """Read a file of questions. Raises UsageError if there is none, and ReadError if it is not UTF-8, with ``hint``."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        msg = f"{file}: {error.strerror or 'cannot be read'}"
        raise UsageError(msg, hint=hint) from None
    except UnicodeDecodeError:
        msg = "not UTF-8"
        raise ReadError(msg, place=str(file), hint=hint) from None


def load(path: str | Path) -> Dataset:
    """Read questions from a ``.csv`` or a JSONL file.

    Raises UsageError if there is no such file, and ReadError that names file and line.
    """
    place = Path(path)
    text = text_of(place, f"a file of gold questions is needed: {_FORM}")
    is_table = place.suffix.lower() == ".csv"
    rows = _table(text, place) if is_table else _lines(text)
    found: dict[str, Question] = {}
    for number, row in rows:
        question = _question(row, number, f"{place}:{number}", _COLUMNS if is_table else _FORM)
        if question.id in found:
            msg = f"the id {question.id!r} stands twice"
            raise ReadError(msg, place=f"{place}:{number}", hint="rename one")
        found[question.id] = question
    if not found:
        msg = "there is no question in it"
        raise ReadError(msg, place=str(place), hint=_COLUMNS if is_table else _FORM)
    return Dataset(place.stem, tuple(found.values()), source=str(place))


def _question(row: str | dict[str, object], number: int, place: str, hint: str) -> Question:
    try:
        made = _Row.model_validate_json(row) if isinstance(row, str) else _Row.model_validate(row)
    except ValidationError as error:
        raise ReadError(placed(error), place=place, hint=hint) from None
    if problem := made.problem():
        raise ReadError(problem, place=place, hint=hint)
    return made.made(number)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    yield from ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


def _table(text: str, place: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the rows of a CSV file with the lines that they end on."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    columns = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if "question" not in columns:
        msg = "there is no column question"
        raise ReadError(msg, place=f"{place}:1", hint=_COLUMNS)
    reader.fieldnames = columns
    try:
        for row in reader:
            cells = {name: (cell or "").strip() for name, cell in row.items() if isinstance(cell, str | None) and name}
            if any(cells.values()):
                yield reader.line_num, _split(cells)
    except csv.Error as error:
        msg = f"not CSV: {error}"
        raise ReadError(msg, place=f"{place}:{reader.line_num}", hint=_COLUMNS) from None


def _split(cells: dict[str, str]) -> dict[str, object]:
    lists: dict[str, object] = {
        "answer": _pieces(cells.get("answer") or cells.get("answers", ""), "|"),
        "sentences": [_pieces(fact, "|") for fact in _pieces(cells.get("sentences", ""), ";")],
        "articles": _pieces(cells.get("articles", ""), "|"),
    }
    kept: Iterable[tuple[str, str]] = ((name, cell) for name, cell in cells.items() if cell and name != "answers")
    return {**dict(kept), **lists}


def _pieces(cell: str, mark: str) -> list[str]:
    return [piece.strip() for piece in cell.split(mark) if piece.strip()]
