"""What a model paired, kept in ``pairs.json`` by report and character, so that it fits however sentences are numbered.

One large language model was given each request as ``rag.pairing`` and ``prompts/compare.md`` make it, once, by hand and
not through a provider; what it replied is kept as it came. ``conflicts.py --model NAME --write`` asks another.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from rag.proposals import Pair

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rag.proposals import PairKind
    from rag.sources import Article, Evidence

FILE = Path(__file__).parent / "pairs.json"


class Recorded(TypedDict):
    """One pair: of each sentence the place of its report among those of the story, and where it begins."""

    kind: PairKind
    first: tuple[int, int]
    second: tuple[int, int]
    one: str
    other: str


def load(file: Path = FILE) -> Mapping[str, list[Recorded]]:
    """The pairs of each story: by slug of an invented event, by place in ``disputes.json`` of a real one."""
    return json.loads(file.read_text("utf-8"))


def pairs(kept: Iterable[Recorded], articles: Sequence[Article], evidence: Sequence[Evidence]) -> list[Pair]:
    """The pairs with the numbers of ``evidence``; one whose sentence does not begin there any more is left out."""
    numbers = {(item.article.id, item.sentence.start): item.number for item in evidence}
    found: list[Pair] = []
    for one in kept:
        first, second = (numbers.get((articles[report].id, start)) for report, start in (one["first"], one["second"]))
        if first and second:
            found.append(Pair(one["kind"], first, second, one["one"], one["other"]))
    return found


def record(found: Iterable[Pair], articles: Sequence[Article], evidence: Sequence[Evidence]) -> list[Recorded]:
    """The pairs as they are kept."""
    place = {article.id: number for number, article in enumerate(articles)}
    at = {item.number: (place[item.article.id], item.sentence.start) for item in evidence}
    return [
        {"kind": one.kind, "first": at[one.first], "second": at[one.second], "one": one.one, "other": one.other}
        for one in found
        if one.first in at and one.second in at
    ]
