"""Measure what is found that reports do not agree on: by rules, by a chat model's pairs, by both.

    python benchmarks/conflicts.py
    python benchmarks/conflicts.py --missed
    python benchmarks/conflicts.py --model openai:gpt-5-mini --write mine.json
    python benchmarks/conflicts.py --pairs mine.json

``disputes.json`` has what readers who had not seen the rules found in 120 real stories of three to seven whole articles
(RealTimeQA, dev; places in the public texts, no text of them): of each dispute every sentence of each side. Readers
were large language models with a written guide. Two read the first 24 apart, and what both found is kept (51 of 54 and
54); one read each of the others, and misses some, so that "right" is a lower bound there. Every second story was looked
at to mend rules (dev); of the others only counts are. The ten invented events of ``seeds/`` and ``events/`` stand
beside them.

A dispute is found if two sentences of different sides of it are paired; a pair is right if it is such a pair of some
dispute. Without ``--model`` the pairs are those of ``pairs.json`` (``recorded.py``), where there are any.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # this checkout, installed or not

import recorded
from briefing import SEEDS, Count, article, evidence

from rag.conflicts import clashes
from rag.errors import ReadError
from rag.evaluation import loaders
from rag.pairing import joined, paired
from rag.proposals import Pair
from rag.provenance import roots
from rag.reading import candidates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rag.clash import Clash
    from rag.sources import Article, Evidence
    from rag.writing import ChatGenerator

HERE = Path(__file__).parent
EVENTS = HERE / "events"
HELD = frozenset({"lintern-house-fire", "varnholm-hospitals"})
GROUPS = ("read twice", "dev", "held", "seeds", "events, read", "events, held")
"""The first has stories of the next two: the figures of "right" that can be relied on."""

Place = tuple[str, int]
"""Article and first character of a sentence."""


class Dispute(TypedDict):
    """What readers found in a real story: each side's sentences by place of the report and first character."""

    about: str
    kind: str
    sides: list[list[tuple[int, int]]]


class Told(TypedDict):
    """One real story."""

    set: str
    readers: int
    articles: list[str]
    disputes: list[Dispute]


@dataclass(frozen=True, slots=True)
class Story:
    """One story and its gold."""

    key: str
    groups: tuple[str, ...]
    articles: Sequence[Article]
    disputes: Sequence[tuple[str, str, Sequence[frozenset[Place]]]]
    """What it is about, its kind, and the sentences of each side."""


@dataclass(slots=True)
class Tally:
    """What one way of finding found in one group of stories."""

    found: Counter[str] = field(default_factory=Counter[str])
    """Disputes by kind, and """
    of: Counter[str] = field(default_factory=Counter[str])
    """how many there are."""
    right: int = 0
    """Pairs, and """
    pairs: int = 0
    """how many there are."""


def apart(sides: Sequence[frozenset[Place]], pair: tuple[Place, Place]) -> bool:
    """Whether two sentences stand on two sides of a dispute."""
    one, two = ({number for number, side in enumerate(sides) if place in side} for place in pair)
    return bool(one and two) and len(one | two) > 1


def real(bench: Path | None = None) -> Iterator[Story]:
    """The stories of ``disputes.json``. Raises ReadError if RealTimeQA is not in ``bench``, where it is looked for."""
    told = cast("list[Told]", json.loads((HERE / "disputes.json").read_text("utf-8"))["stories"])
    known = {year: {a.id: a for a in loaders.realtimeqa(bench, year).articles} for year in {one["set"] for one in told}}
    for number, one in enumerate(told):
        articles = [known[one["set"]][name] for name in one["articles"]]
        disputes = [
            (d["about"], d["kind"], [frozenset((articles[r].id, start) for r, start in side) for side in d["sides"]])
            for d in one["disputes"]
        ]
        twice = ("read twice",) if one["readers"] > 1 else ()
        yield Story(str(number), (*twice, "held" if number % 2 else "dev"), articles, disputes)


def invented() -> Iterator[Story]:
    """The events of ``seeds/`` and ``events/``."""
    for folder in (SEEDS, EVENTS):
        for event in json.loads((folder / "events.json").read_text("utf-8")):
            articles = [article(name, folder) for name in event["articles"]]
            places: dict[str, set[Place]] = {}
            for item in evidence(articles, roots(articles)):
                places.setdefault(item.sentence.text, set()).add(_place(item))
            disputes = [
                (d["about"], "", [frozenset(p for text in side for p in places.get(text, ())) for side in d["sides"]])
                for d in event["disputes"]
            ]
            held = "events, held" if event["slug"] in HELD else "events, read"
            yield Story(event["slug"], ("seeds" if folder == SEEDS else held,), articles, disputes)


def _place(item: Evidence) -> Place:
    return item.article.id, item.sentence.start


def count(tally: Tally, story: Story, found: Iterable[Clash]) -> list[str]:
    """Count one story in, and return what was missed of it."""
    pairs = [(_place(clash.first.evidence), _place(clash.second.evidence)) for clash in found]
    missed: list[str] = []
    for about, kind, sides in story.disputes:
        hit = any(apart(sides, pair) for pair in pairs)
        tally.of[kind] += 1
        tally.found[kind] += hit
        missed += [] if hit else [f"{story.key}: {kind} {about}"]
    for pair in pairs:
        tally.right += any(apart(sides, pair) for _, _, sides in story.disputes)
        tally.pairs += 1
    return missed


def asked(story: Story, sentences: Sequence[Evidence], writer: ChatGenerator) -> list[recorded.Recorded]:
    """What ``writer`` pairs in a story."""
    told = [one for one in writer.compare(candidates(sentences)) if isinstance(one, Pair)]
    print(f"{story.key}: {len(told)} pairs", file=sys.stderr)
    return recorded.record(told, story.articles, sentences)


def table(tallies: dict[tuple[str, str], Tally]) -> None:
    """Print a row for each group of stories and way of finding."""
    print(f"{'':16}{'':8}{'found':>16}{'right':>16}   found, by kind")
    for (group, way), tally in sorted(tallies.items(), key=lambda one: GROUPS.index(one[0][0])):
        kinds = "  ".join(f"{kind} {tally.found[kind]}/{tally.of[kind]}" for kind in sorted(tally.of) if kind)
        right = Count(tally.right, tally.pairs)
        found = Count(tally.found.total(), tally.of.total())
        print(f"{group:16}{way:8}{found!s:>16}{right!s:>16}   {kinds}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path, default=recorded.FILE, help="what a model paired (default: pairs.json)")
    parser.add_argument(
        "--model", help="ask this chat model, provider:name, for the stories that were read twice and the events"
    )
    parser.add_argument("--write", type=Path, help="keep what it paired")
    parser.add_argument(
        "--missed", action="store_true", help="list what rules miss in the stories that may be looked at"
    )
    options = parser.parse_args()
    stories = list(invented())
    try:
        stories = [*real(), *stories]
    except ReadError as error:
        print(f"real stories are left out: {error}", file=sys.stderr)
    kept = dict(recorded.load(options.pairs)) if not options.model else {}
    writer = _writer(options.model) if options.model else None
    tallies: dict[tuple[str, str], Tally] = {}
    for story in stories:
        sentences = evidence(story.articles, roots(story.articles))
        if writer and ("read twice" in story.groups or not {"dev", "held"} & {*story.groups}):
            kept[story.key] = asked(story, sentences, writer)
        rules = clashes(sentences)
        ways = {"rules": rules}
        if story.key in kept:
            theirs = paired(recorded.pairs(kept[story.key], story.articles, sentences), sentences, "model")
            ways |= {"model": tuple(theirs), "both": joined(rules, theirs)}
        for group in story.groups:
            for way, found in ways.items():
                if way == "rules" or group not in {"dev", "held"}:
                    missed = count(tallies.setdefault((group, way), Tally()), story, found)
                    if options.missed and way == "rules" and group in {"dev", "seeds", "events, read"}:
                        print(*missed, sep="\n")
    if options.write:
        options.write.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    table(tallies)


def _writer(name: str) -> ChatGenerator:
    from rag.models import chat_model  # noqa: PLC0415 - only here
    from rag.writing import ChatGenerator  # noqa: PLC0415

    return ChatGenerator(chat_model(name))


if __name__ == "__main__":
    main()
