"""Measure retrieval: where the right article comes, for each ranking alone and for all together.

    python benchmarks/retrieval.py --archive /tmp/rtqa
    python benchmarks/retrieval.py --embedder bge --pool 500
    python benchmarks/retrieval.py --set rgb

RealTimeQA 2022: 206 questions whose article is known, among 4,787 articles that were found by searching for these and
600 other questions. The gold article must come under its own id. Rows "as of its day" give each question the day on
which it was asked (``--as-of``), so that what was published later is out of reach, for us and for full text alike. The
last row repeats the row above it with near-copies of the gold article counted as right, because retrieval shows one
article of each copied report only. RGB: 50 questions,
each with snippets that answer it and snippets that do not, all in one archive; a hit is any snippet that answers.
Constants were fitted on the questions whose id has an even md5; the other half was only scored.

An archive is filled once and used again if ``--archive`` names it; delete the folder after a change to chunks or
analyzers.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
BENCH = Path(os.environ.get("CITEWIRE_BENCH", REPOSITORY.parent / "shared" / "bench"))
sys.path.insert(0, str(REPOSITORY))  # so that the script measures this checkout, installed or not

from rag import retrieval  # noqa: E402  (the path above must come first)
from rag.evaluation import loaders  # noqa: E402
from rag.evaluation.datasets import Dataset  # noqa: E402
from rag.newsroom import Newsroom  # noqa: E402
from rag.settings import Settings  # noqa: E402
from rag.sources import Article, Query, Scope  # noqa: E402

FAR = 999
"""Rank, from 0, of what was not found."""
ALL = Scope()


@dataclass(frozen=True, slots=True)
class Case:
    """A question and the ids of the articles that answer it."""

    id: str
    question: str
    gold: frozenset[str]
    asked: datetime | None = None
    """The end of the day on which it was asked."""

    @property
    def even(self) -> bool:
        """Whether constants were fitted on it."""
        return int(hashlib.md5(self.id.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 0


Finder = Callable[[Case], Sequence[str]]


def news(year: str) -> tuple[Article, ...]:
    """The articles of one year of RealTimeQA."""
    return loaders.realtimeqa(BENCH, year).articles


def cases(dataset: Dataset) -> list[Case]:
    """The questions of a set."""
    return [Case(one.id, one.text, one.articles, one.asked) for one in dataset.questions]


def realtimeqa(pool: int) -> tuple[list[Article], list[Case]]:
    """Articles and questions; with ``pool``, only the gold articles and others that the questions' searches found."""
    dataset = loaders.realtimeqa(BENCH, "2022", task="retrieval")
    asked = cases(dataset)
    if not pool:
        return list(dataset.articles), asked
    searches = loaders.searches(BENCH, "2022")
    wanted = dict.fromkeys(one for case in asked for one in searches[case.id].gold)
    for place in range(10):  # the first that each search found, then the second, ...
        for case in asked:
            here = searches[case.id].found[place : place + 1]
            if here and len(wanted) < pool:
                wanted[here[0]] = None
    return list(wanted), asked


def rgb() -> tuple[list[Article], list[Case]]:
    """Snippets as articles without headline, date or address, and questions."""
    dataset = loaders.rgb(BENCH)
    return list(dataset.articles), cases(dataset)


@contextmanager
def folder(named: Path | None) -> Generator[Path]:
    """The folder that was named, or one that is gone afterwards."""
    if named:
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="citewire-bench-") as made:
        yield Path(made)


def fill(room: Newsroom, articles: Sequence[Article]) -> None:
    """Add articles that are not there yet, and say how fast that went."""
    began = time.perf_counter()
    added = room.add(*articles)
    took = time.perf_counter() - began
    new = len(added.added)
    speed = f"{new / took:.1f} articles/s" if new else "nothing new"
    status = room.status()
    speed = f"{speed}; {status.embedder}"
    print(f"{status.articles} articles, {status.chunks} chunks; added {new} in {took:.1f} s: {speed}")


def finders(room: Newsroom, plain: Newsroom, *, rerank: bool, dated: bool) -> Iterator[tuple[str, Finder]]:
    """Each ranking by name. ``plain`` is the same archive without the cross-encoder."""
    searcher = room._current.searcher()  # noqa: SLF001 - single rankings are no part of the public face
    bare = plain._current.searcher()  # noqa: SLF001

    def first(chunks: Sequence[tuple[str, float]]) -> list[str]:
        return list(dict.fromkeys(chunk.partition("@")[0] for chunk, _ in chunks))

    def words(case: Case, scope: Scope = ALL) -> list[str]:
        return first(searcher._lexical.search(case.question, retrieval.DEPTH, scope))  # noqa: SLF001

    def vectors(case: Case) -> list[str]:
        vector = searcher._embedder.embed_query(case.question)  # noqa: SLF001
        return first(searcher._dense.search(vector, retrieval.DEPTH, ALL))  # noqa: SLF001

    yield "full text alone", words
    yield f"{room.settings.embedder} alone", vectors
    yield f"full text + {room.settings.embedder}", lambda case: bare.ranked(Query(case.question, k=10)).articles
    if rerank and dated:
        yield "full text, as of its day", lambda case: words(case, Scope(as_of=case.asked))
        yield (
            "default, as of its day",
            lambda case: searcher.ranked(Query(case.question, Scope(as_of=case.asked), 10)).articles,
        )
    if rerank:
        yield "default, with rerank", lambda case: searcher.ranked(Query(case.question, k=10)).articles


def ranks(find: Finder, cases: Sequence[Case]) -> tuple[list[int], list[float], list[Sequence[str]]]:
    """The rank of each gold article from 0, the seconds of each question, and what was found."""
    find(cases[0])  # pays for loading
    places: list[int] = []
    seconds: list[float] = []
    orders: list[Sequence[str]] = []
    for case in cases:
        began = time.perf_counter()
        order = find(case)
        seconds.append(time.perf_counter() - began)
        places.append(rank(order, case.gold))
        orders.append(order)
    return places, seconds, orders


def figures(places: Sequence[int]) -> str:
    """Hits@4, Hits@10 and MRR@10."""
    count = max(1, len(places))
    hits = [sum(place < k for place in places) / count for k in (4, 10)]
    mrr = sum(1 / (place + 1) for place in places if place < 10) / count
    return f" {hits[0]:.3f} {hits[1]:.3f} {mrr:.3f}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def table(room: Newsroom, plain: Newsroom, cases: Sequence[Case], *, rerank: bool) -> None:
    """Print a row for each ranking."""
    even = [case.even for case in cases]
    orders: Sequence[Sequence[str]] = []
    print(f"{len(cases)} questions, {sum(even)} of them in the fitted half; columns: Hits@4 Hits@10 MRR@10")
    print(f"{'':26s}{'fitted half':>18s} {'other half':>18s} {'all':>18s}  ms p50  ms p95")
    for name, find in finders(room, plain, rerank=rerank, dated=cases[0].asked is not None):
        places, seconds, orders = ranks(find, cases)
        speed = f"{1000 * percentile(seconds, 0.5):8.0f}{1000 * percentile(seconds, 0.95):8.0f}"
        print(f"{name:26s}{halves(places, even)}{speed}", flush=True)
    right = [copies(room, case) for case in cases]
    places = [rank(order, ids) for order, ids in zip(orders, right, strict=True)]
    print(f"{'the same, a copy counts':26s}{halves(places, even)}")


def halves(places: Sequence[int], even: Sequence[bool]) -> str:
    """Figures of the fitted half, of the other one, and of all."""
    parts = [[place for place, side in zip(places, even, strict=True) if side is which] for which in (True, False)]
    return " ".join(figures(part) for part in (*parts, places))


def rank(order: Sequence[str], right: Collection[str]) -> int:
    """The place, from 0, of the first article that is right."""
    return next((place for place, id_ in enumerate(order) if id_ in right), FAR)


def copies(room: Newsroom, case: Case) -> set[str]:
    """The articles with the same origin as the gold ones, these included."""
    archive = room._archive  # noqa: SLF001
    return archive.descendants(archive.roots(case.gold).values()) | case.gold


def main() -> None:
    """Fill an archive and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=("rtqa", "rgb"), default="rtqa", help="questions (default: %(default)s)")
    parser.add_argument("--embedder", choices=("static", "bge"), default="static")
    parser.add_argument("--pool", type=int, default=0, help="gold and other articles up to so many (default: all)")
    parser.add_argument("--archive", type=Path, help="folder to fill or to use again (default: a temporary one)")
    parser.add_argument("--no-rerank", dest="rerank", action="store_false", help="leave out the slowest row")
    options = parser.parse_args()
    articles, asked = realtimeqa(options.pool) if options.set == "rtqa" else rgb()
    # bge embeds 50 chunks a second: a small pool is also measured with static, for comparison
    embedders = ["static", options.embedder] if options.embedder == "bge" else ["static"]
    for embedder in embedders:
        named = options.archive / embedder if options.archive and len(embedders) > 1 else options.archive
        with folder(named) as place:
            settings = Settings(archive=place, embedder=embedder)
            with Newsroom(settings) as room, Newsroom(settings.model_copy(update={"rerank": False})) as plain:
                fill(room, articles)
                table(room, plain, asked, rerank=options.rerank)


if __name__ == "__main__":
    main()
