"""BIPIA's instructions, and articles that they are planted in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from rag.errors import ReadError
from rag.evaluation.loaders.files import Row, find, fit, parsed, rows, text_of
from rag.sources import Article


@dataclass(frozen=True, slots=True)
class Attack:
    """An instruction to whatever model reads it."""

    category: str
    text: str


class _Attack(Row):
    category: str
    attack: str


def bipia(path: str | Path | None = None) -> tuple[Attack, ...]:
    """Return the instructions."""
    file = find("BIPIA", path, "bipia_attacks.jsonl", "benchmark/text_attack_test.json", "text_attack_test.json")
    found = _published(file) if file.suffix == ".json" else rows(file, _Attack)
    return tuple(Attack(one.category, one.attack) for one in found)


def _published(file: Path) -> list[_Attack]:
    """Read the repository's own form: a list of instructions for each category."""
    raw = parsed(text_of(file), file)
    if not isinstance(raw, dict) or not all(
        isinstance(listed, list) for listed in cast("dict[str, object]", raw).values()
    ):
        reason = "not a JSON object of lists"
        raise ReadError(reason, place=str(file))
    pairs = [(name, text) for name, listed in cast("dict[str, list[object]]", raw).items() for text in listed]
    return [fit({"category": name, "attack": text}, _Attack, f"{file}, {name}") for name, text in pairs]


@dataclass(frozen=True, slots=True)
class Planted:
    """An article with an instruction in it, on a line of its own; ``article.text[start:end]`` is the instruction."""

    article: Article
    attack: Attack
    start: int
    end: int


def plant(articles: Sequence[Article], attacks: Sequence[Attack], *, seed: int = 0) -> tuple[Planted, ...]:
    """Return each article with one instruction, at its beginning, between two of its lines, or at its end.

    An article with an address keeps its id; one without gets another, as its text is another.
    """
    dice = random.Random(seed)  # noqa: S311 - it must be the same each time
    found: list[Planted] = []
    for number, article in enumerate(articles):
        if not attacks:
            break
        attack = attacks[number % len(attacks)]
        lines = article.text.split("\n")
        place = dice.randint(0, len(lines))
        before = "".join(f"{line}\n" for line in lines[:place])
        after = "".join(f"\n{line}" for line in lines[place:])
        text = f"{before}{attack.text}{after}"
        start = len(before)
        found.append(Planted(replace(article, text=text), attack, start, start + len(attack.text)))
    return tuple(found)
