"""Measure stories: how well articles are grouped, whether arrival order matters, and what it costs.

    python benchmarks/stories.py --events
    python benchmarks/stories.py --scale --most 2000              # two rows of the table, no plot; `make bench` does
    python benchmarks/stories.py --scale --keep /tmp/archives     # writes results/stories.png and prints the table

``--events``: NeuS triplets (no dates), thresholds were fitted on the even ones; AllSides events (dated, each article
moved by up to a day and a half, as the set has the date of the event); ``seeds/``; ``benchmarks/events``. Then one
archive filled in several orders, a part at a time.

``--scale``: archives of 1,000 to 20,000 articles of RealTimeQA (dev sets), whole; what is missing to the last sizes are
new articles dealt from the paragraphs of three real ones of one month. Each figure is of a fresh process: seconds of
processor time and by the clock, and peak memory, to group an archive that has no stories yet, to write a briefing of
ten stories and 1,000 words after that, and to group again when 50 more articles have come.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

import briefing as events_bench
from plotting import draw
from retrieval import news

from rag.archive import SqlArchive
from rag.briefing import Brief, Desk
from rag.claims import Provenance
from rag.cutting import cut
from rag.descent import Descent
from rag.embedded import BgeSmallEmbedder, StaticEmbedder
from rag.embedding import Embedding
from rag.evaluation import loaders
from rag.grouping import Grouping
from rag.provenance import roots
from rag.sources import Article, Scope
from rag.stories import group

if TYPE_CHECKING:
    from rag.searching import Searcher

SIZES = (1_000, 2_000, 5_000, 10_000, 20_000)
POOLS = ("2022", "2023q4", "2025h2")
LATER = 50
RESULTS = Path(__file__).resolve().parent / "results"


# -- quality ---------------------------------------------------------------------------------------------------------


def triplets() -> list[tuple[int, Article]]:
    found: list[tuple[int, Article]] = []
    for number, event in enumerate(loaders.neus(events_bench.BENCH)):
        for report in event.reports:
            url = f"https://neus.example/{len(found)}"
            found.append((number, Article(report.text or report.title, headline=report.title, url=url)))
    return found


def allsides() -> list[tuple[int, Article]]:
    found: dict[str, tuple[int, Article]] = {}
    dice = random.Random(1)
    for number, event in enumerate(loaders.allsides(events_bench.BENCH)):
        for report in event.reports:
            url = report.url or f"https://none.example/{len(found)}"
            day = (event.day or datetime.min.replace(tzinfo=UTC)) + timedelta(days=dice.uniform(-1.5, 1.5))
            if report.text.strip():
                one = Article(report.text, report.title, None, report.outlet or None, day, url)
                found.setdefault(one.id, (number, one))
    return list(found.values())


def invented(folder: Path) -> list[tuple[int, Article]]:
    events = json.loads((folder / "events.json").read_text("utf-8"))
    return [(n, events_bench.article(name, folder)) for n, event in enumerate(events) for name in event["articles"]]


def quality(name: str, rows: Sequence[tuple[int, Article]], embedder: StaticEmbedder | BgeSmallEmbedder) -> None:
    """Print precision, recall and F1 of pairs, and B-cubed F1."""
    articles = [one for _, one in rows]
    gold = np.array([event for event, _ in rows])
    told = group(articles, events_bench.mean_vectors(articles, embedder), roots(articles))
    found = {one.id: story.id for story in told for one in story.articles}
    ours = np.array([found[one.id] for one in articles])
    upper = np.triu_indices(len(rows), 1)
    same, joined = (gold[:, None] == gold)[upper], (ours[:, None] == ours)[upper]
    precision, recall = (same & joined).sum() / joined.sum(), (same & joined).sum() / same.sum()
    b3 = events_bench.b_cubed(found, {one.id: int(event) for event, one in rows})
    f1 = 2 * precision * recall / (precision + recall)
    counts = f"{len(rows):5d} articles {len(set(gold.tolist())):4d} events"
    print(f"{name:34s}{counts}  P {precision:.3f} R {recall:.3f} F1 {f1:.3f}  B-cubed {b3:.3f}", flush=True)


def orders(rows: Sequence[tuple[int, Article]], parts: int) -> None:
    """Print B-cubed F1 between one archive filled at once and others filled in ``parts``, in other orders."""
    articles = [one for _, one in rows]
    gold = {one.id: event for event, one in rows}
    whole = filled([articles])
    for name, sequence in (
        ("by date", sorted(articles, key=lambda one: (one.published or datetime.max.replace(tzinfo=UTC), one.id))),
        ("backwards", articles[::-1]),
        *((f"shuffled {n}", random.Random(n).sample(articles, len(articles))) for n in (1, 2)),
    ):
        size = -(-len(sequence) // parts)
        found = filled([sequence[start : start + size] for start in range(0, len(sequence), size)])
        same, right = events_bench.b_cubed(found, whole), events_bench.b_cubed(found, gold)
        print(
            f"in {parts:3d} parts, {name:12s} B-cubed to all at once {same:.3f}, to the events {right:.3f}", flush=True
        )
    print(f"all at once, to the events {events_bench.b_cubed(whole, gold):.3f}")


def filled(parts: Sequence[Sequence[Article]]) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        archive = SqlArchive(folder)
        stories: dict[str, str] = {}
        for part in parts:
            fill(archive, part)
            stories = Grouping(archive, StaticEmbedder.name).assigned()
        archive.close()
        return dict(stories)


# -- cost ------------------------------------------------------------------------------------------------------------


def fill(archive: SqlArchive, articles: Sequence[Article]) -> None:
    """Add articles to the archive alone: grouping reads no index."""
    embedding = Embedding(archive, StaticEmbedder(), StaticEmbedder.name)
    descent = Descent(archive)
    for start in range(0, len(articles), 64):
        cuts = [cut(one, archive) for one in articles[start : start + 64]]
        embedding.vectors([(c.article, k, h) for c in cuts for k, h in zip(c.chunks, c.hashes, strict=True)])
        archive.put(cuts, descent.roots(cuts))
        archive.publish([c.article for c in cuts])


def real() -> Iterator[Article]:
    """RealTimeQA's articles, then ever new ones dealt from the paragraphs of three of one month."""
    seen: dict[str, Article] = {}
    for pool in POOLS:
        for one in news(pool):
            if seen.setdefault(one.id, one) is one:
                yield one
    print(f"{len(seen)} real articles", file=sys.stderr)
    by_month: dict[str, list[Article]] = {}
    for one in seen.values():
        by_month.setdefault(f"{one.published:%Y-%m}" if one.published else "", []).append(one)
    dice = random.Random(7)
    months = [month for month, there in by_month.items() if len(there) > 2]
    weights = [len(by_month[month]) for month in months]
    while True:
        three = dice.sample(by_month[dice.choices(months, weights)[0]], 3)
        paragraphs = [part for one in three for part in one.text.split("\n") if part.strip()]
        dealt = dice.sample(paragraphs, min(len(paragraphs), 12))
        yield replace(three[0], text="\n".join(dealt), url=f"https://dealt.example/{dice.getrandbits(60)}")


def measure(folder: Path) -> None:
    """In a process of its own: group, brief, and brief again with more; print one line of JSON."""
    archive = SqlArchive(folder)
    brief = Brief(None, Scope(), 1_000, 10)
    figures: dict[str, float] = {"articles": archive.counts()["articles"]}

    def timed(name: str, work: Callable[[], object]) -> None:
        began, used = time.perf_counter(), time.process_time()
        work()
        figures[name], figures[f"{name} cpu"] = time.perf_counter() - began, time.process_time() - used
        figures[f"{name} MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    def write() -> None:
        desk = Desk(archive, _NOBODY, StaticEmbedder.name)
        told = desk.write(brief, lambda _: Provenance("extractive", "rules", "none", "0"))
        figures["stories"], figures["words"] = len(told.stories), told.words

    timed("group", lambda: Grouping(archive, StaticEmbedder.name).assigned())
    timed("brief", write)
    extra = [replace(one, url=f"https://later.example/{n}") for n, one in enumerate(archive.articles()[:LATER])]
    fill(archive, [replace(one, text=f"{one.text}\nLater {n}.") for n, one in enumerate(extra)])
    timed("more", lambda: Grouping(archive, StaticEmbedder.name).assigned())
    print(json.dumps(figures))


_NOBODY: Searcher = None  # pyright: ignore[reportAssignmentType]  - a briefing without a topic searches nothing


def scale(keep: Path, sizes: Sequence[int]) -> None:
    """Print the table, and draw the plot if all sizes are measured."""
    building = SqlArchive(keep / "building")
    source = real()
    table: list[dict[str, float]] = []
    have = building.counts()["articles"]
    for _ in range(have):
        next(source)
    for size in sizes:
        copy = keep / str(size)
        if not (copy / "archive.sqlite3").exists():
            fill(building, [next(source) for _ in range(size - have)])
            have = size
            building.close()
            copy.mkdir(parents=True, exist_ok=True)
            shutil.copy(keep / "building" / "archive.sqlite3", copy / "archive.sqlite3")
        with tempfile.TemporaryDirectory(dir=keep) as folder:
            shutil.copy(copy / "archive.sqlite3", folder)
            load = os.getloadavg()[0]
            done = subprocess.run(
                [sys.executable, __file__, "--measure", folder], capture_output=True, text=True, check=True
            )
        row: dict[str, float] = {**json.loads(done.stdout.splitlines()[-1]), "load": load}
        table.append(row)
        took = " | ".join(f"{row[f'{name} cpu']:.1f} / {row[name]:.1f}" for name in ("group", "brief", "more"))
        print(
            f"| {row['articles']:,.0f} | {took} | {row['brief MB']:.0f} | {row['stories']:.0f} | {load:.1f} |",
            flush=True,
        )
    if len(sizes) == len(SIZES):  # a plot of a few sizes would take the place of the whole one
        draw(table, LATER, RESULTS / "stories.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", action="store_true", help="measure grouping")
    parser.add_argument("--scale", action="store_true", help="measure cost")
    parser.add_argument("--keep", type=Path, help="folder that keeps the archives")
    parser.add_argument("--most", type=int, default=SIZES[-1], help="largest archive (default: %(default)s)")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.measure)
    if options.events:
        neus = triplets()
        seeds, held_out = invented(events_bench.SEEDS), invented(events_bench.REPOSITORY / "benchmarks" / "events")
        for name, embedder in (("static", StaticEmbedder()), ("bge", BgeSmallEmbedder())):
            quality(f"seeds, {name}", seeds, embedder)
            quality(f"benchmarks/events, {name}", held_out, embedder)
        static = StaticEmbedder()
        quality("NeuS dev, even events (fitted on)", [row for row in neus if row[0] % 2 == 0], static)
        quality("NeuS dev, odd events", [row for row in neus if row[0] % 2], static)
        quality("NeuS dev, all", neus, static)
        quality("AllSides dev", allsides(), static)
        orders(neus[:600], 20)
        orders(seeds, 10)
        orders(held_out, 12)
    if options.scale:
        with tempfile.TemporaryDirectory() as folder:
            scale(options.keep or Path(folder), [size for size in SIZES if size <= options.most])


if __name__ == "__main__":
    main()
