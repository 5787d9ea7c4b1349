"""Measure briefings, by rules alone, on invented stories whose writers had not seen the rules.

    python benchmarks/written.py
    python benchmarks/written.py --missed

Eight stories of six articles by five outlets over some days (``written/``), with what their writers put in: what two
parties dispute, what a later report replaces, what an outlet took back, and the eight facts an editor wants. The
writers were large language models with a guide that names kinds of conflict and asks for free wording. Four stories
were looked at to mend rules (``read``), of the other four only counts are (``held``).

A dispute is found if two sentences of different sides of it are paired; an update if a newer sentence is named as
what replaced an older one; a notice if it is known as a correction, and what it takes back if a sentence that says it
is not told any more. A fact is told if the account of 250 words has a sentence that tells it. "right" are pairs of
the disputes, of all that are no update and no correction.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # this checkout, installed or not

from briefing import Count, evidence

from rag.answers import BESIDES
from rag.clash import Kind
from rag.corrections import corrections, withdrawn
from rag.digest import digest
from rag.provenance import age, roots
from rag.sources import Article
from rag.stories import Group

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rag.clash import Clash

HERE = Path(__file__).parent / "written"
WORDS = 250
HALVES = ("read", "held")


class _Dispute(TypedDict):
    about: str
    sides: list[list[str]]


class _Update(TypedDict):
    about: str
    old: list[str]
    new: list[str]


class _Correction(TypedDict):
    wrong: list[str]
    notice: list[str]


class _Fact(TypedDict):
    fact: str
    sentences: list[str]


class _Story(TypedDict):
    articles: list[dict[str, str]]
    disputes: list[_Dispute]
    updates: list[_Update]
    corrections: list[_Correction]
    facts: list[_Fact]


def told(text: str, sentences: Iterable[str]) -> bool:
    """Tell whether a sentence is one of the gold, which may hold two of ours or a part of one."""
    return any(text in sentence or sentence in text for sentence in sentences)


def measure(path: Path, missed: list[str]) -> Mapping[str, Count]:
    """Return what is found of one story by name; add what is not to ``missed``."""
    story = cast("_Story", json.loads(path.read_text("utf-8")))
    articles = sorted(map(_article, story["articles"]), key=age)
    descent = roots(articles)
    sentences = tuple(evidence(articles, descent))
    found = digest(Group(tuple(articles), descent), sentences, words=WORDS)
    counts: dict[str, Count] = defaultdict(lambda: Count(0, 0))

    def count(name: str, about: str, *, hit: bool) -> None:
        counts[name] += Count(int(hit), 1)
        if not hit:
            missed.append(f"{path.stem}: {name}: {about}")

    changes = [clash for clash in found.clashes if clash.kind in {Kind.UPDATE, Kind.CORRECTION}]
    others = [clash for clash in found.clashes if clash not in changes]
    for dispute in story["disputes"]:
        count("disputes", dispute["about"], hit=any(_apart(clash, dispute["sides"]) for clash in others))
    for clash in others:
        counts["right"] += Count(int(any(_apart(clash, dispute["sides"]) for dispute in story["disputes"])), 1)
    for update in story["updates"]:
        count("updates", update["about"], hit=any(_pairs(clash, update["old"], update["new"]) for clash in changes))
    notices = [item.sentence.text for item in corrections(sentences)]
    gone = withdrawn(sentences)
    taken = [item.sentence.text for item in sentences if item.number in gone]
    for one in story["corrections"]:
        count("notices", one["notice"][0], hit=any(told(text, one["notice"]) for text in notices))
        count("taken back", one["wrong"][0], hit=any(told(text, one["wrong"]) for text in taken))
    texts = {item.number: item.sentence.text for item in sentences}
    account = {
        texts[number]
        for kind, section in found.sections.items()
        for statement in section
        for number in (*statement.numbers, *statement.agreeing)
        if kind not in BESIDES
    }
    for fact in story["facts"]:
        count("facts", fact["fact"], hit=any(told(text, fact["sentences"]) for text in account))
    return counts


def _article(row: Mapping[str, str]) -> Article:
    published = datetime.fromisoformat(row["published"])
    return Article(row["text"], row["headline"], outlet=row["outlet"], published=published, url=row["url"])


def _pairs(clash: Clash, one: Sequence[str], two: Sequence[str]) -> bool:
    return told(clash.first.evidence.sentence.text, one) and told(clash.second.evidence.sentence.text, two)


def _apart(clash: Clash, sides: Sequence[Sequence[str]]) -> bool:
    return any(_pairs(clash, one, two) for one in sides for two in sides if one is not two)


def main() -> None:
    """Print what is found in each half."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--missed", action="store_true", help="list what is missed in the stories that were read")
    options = parser.parse_args()
    for half in HALVES:
        missed: list[str] = []
        total: dict[str, Count] = defaultdict(lambda: Count(0, 0))
        for path in sorted((HERE / half).glob("*.json")):
            for name, count in measure(path, missed).items():
                total[name] += count
        print(
            f"{half:5}",
            "  ".join(f"{name} {count.found}/{count.of} {count.share:.2f}" for name, count in total.items()),
        )
        if options.missed and half == "read":
            print(*(f"  {line}" for line in missed), sep="\n")


if __name__ == "__main__":
    main()
