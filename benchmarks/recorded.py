"""What a model found, kept by report and character, so that it fits however sentences are numbered.

``pairs.json`` has what it paired, ``choices.json`` what it chose to tell of the invented events in 250 words, in two
askings. A large language model was given each request as ``rag.reading`` and the prompts make it, by hand and not
through a provider; what it replied is kept as it came. ``conflicts.py --model NAME --write`` asks another for pairs.
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

FILE, CHOICES = (Path(__file__).parent / name for name in ("pairs.json", "choices.json"))
Place = tuple[int, int]
"""Place of a report among those of its story, and where a sentence of it begins."""


class Recorded(TypedDict):
    """One pair: of each sentence the place of its report among those of the story, and where it begins."""

    kind: PairKind
    first: Place
    second: Place
    one: str
    other: str


def load(file: Path = FILE) -> Mapping[str, list[Recorded]]:
    """The pairs of each story: by slug of an invented event, by place in ``disputes.json`` of a real one."""
    return json.loads(file.read_text("utf-8"))


def choices(file: Path = CHOICES) -> Sequence[Mapping[str, list[Place]]]:
    """What was chosen of each event in each asking, weightiest first."""
    return json.loads(file.read_text("utf-8"))


def numbers(places: Iterable[Place], articles: Sequence[Article], evidence: Sequence[Evidence]) -> tuple[int, ...]:
    """The numbers of the sentences at these places, as far as one begins there."""
    known = {(item.article.id, item.sentence.start): item.number for item in evidence}
    return tuple(known[at] for report, start in places if (at := (articles[report].id, start)) in known)


def pairs(kept: Iterable[Recorded], articles: Sequence[Article], evidence: Sequence[Evidence]) -> list[Pair]:
    """The pairs with the numbers of ``evidence``; one whose sentence does not begin there any more is left out."""
    found: list[Pair] = []
    for one in kept:
        both = numbers((one["first"], one["second"]), articles, evidence)
        if len(both) > 1:
            found.append(Pair(one["kind"], both[0], both[1], one["one"], one["other"]))
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
