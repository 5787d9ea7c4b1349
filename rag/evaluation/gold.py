"""A JSONL file to gold questions.

A question needs one or more facts; each fact lists every sentence of the collection that alone suffices for it, by id.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.errors import ReadError
from rag.misfits import placed


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")
    id: str
    split: Literal["dev", "test"]
    kind: str
    question: str
    answerable: bool
    answer: str = ""
    facts: list[list[str]]
    sentences: list[list[str]]
    note: str = ""
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class Gold:
    """A question and what answers it."""

    id: str
    split: str
    """``dev`` or ``test``."""
    kind: str
    question: str
    facts: tuple[frozenset[str], ...]
    """For each needed fact, the ids of the sentences that suffice; none means the question has no answer."""

    @property
    def answerable(self) -> bool:
        """Tell whether the collection answers it."""
        return bool(self.facts)

    @property
    def sentences(self) -> frozenset[str]:
        """All gold sentences."""
        return frozenset(sentence for fact in self.facts for sentence in fact)


def load(path: Path) -> tuple[Gold, ...]:
    """Read gold questions. Raises ReadError that names file and line."""
    found: list[Gold] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ReadError(error.strerror or "cannot be read", place=str(path)) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = _Row.model_validate_json(line)
        except ValidationError as error:
            raise ReadError(placed(error), place=f"{path}:{number}") from None
        if not row.accepted:
            reason = "a draft that nobody has accepted is no gold"
            raise ReadError(reason, place=f"{path}:{number}", hint=f"citewire eval label {path} -o gold.jsonl")
        if row.answerable != bool(row.sentences) or any(not fact for fact in row.sentences):
            reason = "answerable needs a sentence for each fact, unanswerable has none"
            raise ReadError(reason, place=f"{path}:{number}")
        facts = tuple(frozenset(fact) for fact in row.sentences)
        found.append(Gold(row.id, row.split, row.kind, row.question, facts))
    return tuple(found)
