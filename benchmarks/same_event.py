"""Measure what makes two reports one event: the likeness to ask for, and what names add to words.

    python benchmarks/same_event.py

Pair F1 of NeuS (no dates) and AllSides (dated) at several thresholds. First parts of the even events, 5 at a time and
more, which ``rag.stories.same_event`` was made on; then the odd events, as grouped, beside the best threshold there is.
Then parts of each half with what is asked for by the number of reports alone, and as grouped, where the archive tells
how many reports one event has: whole, and thinned to one report of seven events in ten, as most real news is told once.
Last, the even events again with a block of names beside words and vectors: words with a capital within a sentence, one
by one and as runs ("Tarrow Head"), weighed by how rare they are, for that share of the likeness.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import stories as bench

from rag.embedded import StaticEmbedder
from rag.facts import names
from rag.likeness import Features, Lead, features, rows
from rag.provenance import roots
from rag.stories import Item, day, gathered, same_event

if TYPE_CHECKING:
    from rag.protocols import Vectors
    from rag.sources import Article

THRESHOLDS = (0.12, 0.14, 0.165, 0.18, 0.19, 0.205, 0.22, 0.235, 0.25, 0.27)
SIZES = (5, 10, 20, 40, 80)
"""Events of a part."""
DRAWS = 400
"""Events that are drawn in all for one size."""
ALONE = 0.7
"""Share of events that keep one report when a part is thinned."""
SHARES = (0.0, 0.15, 0.3)
COLUMNS = 2048
_RUN = re.compile(r"[A-Z][\w’'&-]*(?:\s+(?:of\s+)?[A-Z][\w’'&-]*)*")


@dataclass(frozen=True, slots=True)
class Reports:
    """Articles whose events are known."""

    events: tuple[int, ...]
    articles: tuple[Article, ...]
    features: tuple[Features, ...]
    vectors: Vectors
    roots: Mapping[str, str]

    def part(self, wanted: Callable[[int], bool]) -> Reports:
        """Return the reports of the events that are ``wanted``."""
        return self.at([place for place, event in enumerate(self.events) if wanted(event)])

    def root(self, article: Article) -> str:
        """Return the id of the report that ``article`` is a copy of, or its own."""
        return self.roots.get(article.id, article.id)

    def at(self, kept: Sequence[int]) -> Reports:
        """Return the reports at these places."""
        return Reports(
            tuple(self.events[place] for place in kept),
            tuple(self.articles[place] for place in kept),
            tuple(self.features[place] for place in kept),
            self.vectors[list(kept)],
            self.roots,
        )


def reports(found: Sequence[tuple[int, Article]]) -> Reports:
    articles = tuple(one for _, one in found)
    return Reports(
        tuple(event for event, _ in found),
        articles,
        tuple(features(Lead.of(one)) for one in articles),
        bench.events_bench.mean_vectors(articles, StaticEmbedder()),
        roots(articles),
    )


def f1(there: Reports, alike: float | None, block: Vectors | None = None, share: float = 0.0) -> float:
    """Return the F1 of pairs; ``block`` has rows of length 1, for ``share`` of the likeness."""
    matrix, keys = rows(there.features, there.vectors)
    if block is not None:
        matrix = np.hstack([matrix * np.sqrt(1 - share), block * np.sqrt(share)]).astype(np.float32)
    items = [Item(one.id, there.root(one), day(one)) for one in there.articles]
    ours = np.zeros(len(items), dtype=np.int64)
    for number, members in enumerate(gathered(items, matrix, keys, alike=alike)):
        ours[members] = number
    gold = np.array(there.events)
    upper = np.triu_indices(len(items), 1)
    same, joined = (gold[:, None] == gold)[upper], (ours[:, None] == ours)[upper]
    pairs = same.sum() + joined.sum()
    return float(2 * (same & joined).sum() / pairs) if pairs else 1.0


def singly(lead: Lead) -> Counter[str]:
    """Return the words with a capital within a sentence, each once."""
    return Counter({name.key: 1 for _, text in lead.paragraphs for name in names(text) if not name.opens})


def in_runs(lead: Lead) -> Counter[str]:
    """Return runs of words with a capital, as often as they stand there."""
    known = singly(lead)
    found: Counter[str] = Counter()
    for _, text in lead.paragraphs:
        for match in _RUN.finditer(text):
            words = match.group().lower().replace("’", "'").removesuffix("'s").split()
            while words and words[0] not in known:
                words.pop(0)
            if words:
                found[" ".join(words)] += 1
    return found


def named(there: Reports, read: Callable[[Lead], Counter[str]]) -> Vectors:
    """Return a row of length 1 for the names of each article, as ``rag.likeness.rows`` makes one of its words."""
    told = [read(Lead.of(one)) for one in there.articles]
    spread = Counter(name for one in told for name in one)
    block = np.zeros((len(told), COLUMNS), dtype=np.float32)
    for row, one in enumerate(told):
        for name, times in one.items():
            code = crc32(name.encode())
            weight = (1 + 0.5 * np.log(times)) * (np.log((1000 + len(told)) / (1 + spread[name])) + 1)
            block[row, code % COLUMNS] += weight if code & (1 << 20) else -weight
    return block / np.maximum(np.linalg.norm(block, axis=1, keepdims=True), 1e-9)


def by_size(name: str, even: Reports) -> None:
    """Print F1 at each threshold for parts of ``even``: neighbours in time where there are dates."""
    dice = random.Random(3)
    order = sorted({*even.events})
    for size in (*SIZES, len(order)):
        scores: dict[float, list[float]] = defaultdict(list)
        counted = 0
        draws = max(1, min(40, DRAWS // size)) if size < len(order) else 1
        for _ in range(draws):
            start = dice.randrange(len(order) - size + 1)
            drawn = order[start : start + size] if even.articles[0].published else dice.sample(order, size)
            part = even.part({*drawn}.__contains__)
            counted += len(part.articles)
            for alike in THRESHOLDS:
                scores[alike].append(f1(part, alike))
        row = " ".join(f"{np.mean(scores[alike]):.3f}" for alike in THRESHOLDS)
        reports = counted // draws
        print(
            f"{name:9s} {size:4d} events {reports:4d} reports  {row}  asked for {same_event(reports):.3f}", flush=True
        )


def thinned(there: Reports, dice: random.Random) -> Reports:
    """Return ``there`` with one report alone of most events."""
    kept: set[int] = set()
    for event in sorted({*there.events}):
        places = [place for place, other in enumerate(there.events) if other == event]
        kept.update([dice.choice(places)] if dice.random() < ALONE else places)
    return there.at(sorted(kept))


def learning(name: str, half: Reports) -> None:
    """Print F1 of parts of ``half`` with the threshold by the number of reports alone, and with the one learnt."""
    order = sorted({*half.events})
    for thin in (False, True):
        dice = random.Random(3)
        cells: list[str] = []
        for size in (*SIZES[:4], len(order)):
            scores: list[tuple[float, float]] = []
            for _ in range(max(1, min(40, DRAWS // size)) if size < len(order) else 1):
                start = dice.randrange(len(order) - size + 1)
                drawn = order[start : start + size] if half.articles[0].published else dice.sample(order, size)
                part = half.part({*drawn}.__contains__)
                part = thinned(part, dice) if thin else part
                scores.append((f1(part, same_event(len({*map(part.root, part.articles)}))), f1(part, None)))
            cells.append(" -> ".join(f"{value:.3f}" for value in np.mean(scores, axis=0)))
        print(f"{name:14s} {'thinned' if thin else 'whole':8s} {'  '.join(cells)}", flush=True)


def main() -> None:
    sets = {"NeuS": reports(bench.triplets()), "AllSides": reports(bench.allsides())}
    print(f"{'even events, F1 with':33s}" + " ".join(f"{alike:5.3f}" for alike in THRESHOLDS))
    for name, there in sets.items():
        by_size(name, there.part(lambda event: event % 2 == 0))
    for name, there in sets.items():
        odd = there.part(lambda event: event % 2 == 1)
        best = max((f1(odd, alike), alike) for alike in THRESHOLDS)
        print(f"{name:9s} odd events: F1 {f1(odd, None):.3f}; best {best[0]:.3f} with {best[1]}", flush=True)
    print(f"{'by number -> learnt, F1 of parts of':23s} {', '.join(map(str, SIZES[:4]))} and all events")
    for name, there in sets.items():
        learning(f"{name} even", there.part(lambda event: event % 2 == 0))
        learning(f"{name} odd", there.part(lambda event: event % 2 == 1))
    for name, there in sets.items():
        even = there.part(lambda event: event % 2 == 0)
        for way, read in (("one by one", singly), ("in runs", in_runs)):
            block = named(even, read)
            scores = [max(f1(even, alike, block, share) for alike in THRESHOLDS) for share in SHARES]
            told = ", ".join(f"{score:.3f} with {share:.2f}" for score, share in zip(scores, SHARES, strict=True))
            print(f"{name:9s} names {way}: best F1 {told} of the likeness", flush=True)


if __name__ == "__main__":
    main()
