"""Measure search over 100,000 chunks: each index alone, all together, with date filters, and the command line.

    python benchmarks/search.py --archive /tmp/large
    python benchmarks/search.py --archive /tmp/large --chroma    # also build Chroma anew, to time it

Articles of RealTimeQA 2022 and 2023 are added until there are 100,000 chunks (static vectors); that takes some ten
minutes, so name a folder to keep them. Filters keep the newest articles, as many as hold about 1, 12 and 50% of all
chunks. Milliseconds are p50/p95 of warm single queries and the p50 of their processor time (all threads), which another
process on the machine hardly moves; where there is a limit, the figure is printed beside it as a share of it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from retrieval import REPOSITORY, folder, news, percentile, realtimeqa

from rag import retrieval, searching
from rag.archive import SqlArchive
from rag.chroma import ChromaIndex
from rag.exact import ExactIndex
from rag.lexical import LexicalIndex
from rag.newsroom import Newsroom
from rag.pool import Pool
from rag.protocols import Embedder, Entry
from rag.settings import Settings
from rag.sources import Article, Query, Scope

CHUNKS = 100_000
BLOCK = 128
"""Articles added between two looks at the number of chunks."""
SHARES = (0.01, 0.12, 0.5)
FUSED, ASK, COLD, HELP = 0.06, 1.0, 3.0, 0.3
"""Limits in seconds: fused retrieval without rerank (p95), warm answer (p50), cold answer, ``--help``."""


def fill(room: Newsroom, chunks: int) -> None:
    """Add articles until the archive has so many chunks."""
    before = room.status()
    full = before.chunks >= chunks
    articles = [] if full else [*news("2022"), *news("2023q4")]
    began = time.perf_counter()
    for start in range(before.articles, len(articles), BLOCK):
        if room.status().chunks >= chunks:
            break
        room.add(*articles[start : start + BLOCK])
    took, after = time.perf_counter() - began, room.status()
    new = after.articles - before.articles
    speed = f"; added {new} in {took:.0f} s, {new / took:.1f} articles/s" if new else ""
    print(f"{after.articles} articles, {after.chunks} chunks{speed}", flush=True)


def scopes(archive: SqlArchive, embedder: str) -> Iterator[tuple[str, Scope]]:
    """No filter, then date filters that keep about a share of the chunks, by name."""
    size = Counter(archive.vector_table(embedder).articles)
    dated = [one for one in archive.articles() if one.published]  # newest first
    yield "all", Scope()
    for share in SHARES:
        kept = 0
        for one in dated:
            kept += size[one.id]
            if kept >= share * size.total():
                exact = sum(size[id_] for id_ in archive.allowed(Scope(since=one.published)))
                yield f"{exact / size.total():.0%}", Scope(since=one.published)
                break


def measure(ask: Callable[[str], object], questions: Sequence[str]) -> tuple[float, float, float]:
    """Seconds of a question, p50 and p95, and of processor time, p50, without the first three, which warm up."""
    for question in questions[:3]:
        ask(question)
    seconds: list[float] = []
    work: list[float] = []
    for question in questions[3:] or questions:
        began, used = time.perf_counter(), time.process_time()
        ask(question)
        seconds.append(time.perf_counter() - began)
        work.append(time.process_time() - used)
    return percentile(seconds, 0.5), percentile(seconds, 0.95), percentile(work, 0.5)


def row(name: str, cells: Sequence[tuple[float, float, float]], limit: float = 0.0) -> None:
    """Print p50/p95/processor in milliseconds for each filter, and the worst p95 as a share of the limit."""
    text = "".join(f"{1000 * p50:8.1f}/{1000 * p95:.1f}/{1000 * work:.1f}".ljust(20) for p50, p95, work in cells)
    share = f"  {max(p95 for _, p95, _ in cells) / limit:.2f} of {1000 * limit:.0f} ms" if limit else ""
    print(f"{name:32s}{text}{share}", flush=True)


def tables(room: Newsroom, questions: Sequence[str]) -> None:
    """Print a row for each index and for all together, a column for each filter."""
    archive, searcher = room._archive, room._current.searcher()  # noqa: SLF001 - parts are no public face
    embedder, exact, lexical = searcher._embedder, room._current._exact, searcher._lexical  # noqa: SLF001
    chroma = room._indexer.chroma()  # noqa: SLF001
    vectors = {question: embedder.embed_query(question) for question in questions}
    kept = dict(scopes(archive, room.equipment.embedder_name))
    print(f"{len(questions)} questions; milliseconds p50/p95/processor p50; {busy()}")
    print(f"{'chunks kept by the date filter':32s}" + "".join(f"{name:>12s}{'':8s}" for name in kept))

    def every(
        search: Callable[[str, Scope], object], part: Sequence[str] = questions
    ) -> list[tuple[float, float, float]]:
        return [measure(lambda question, scope=scope: search(question, scope), part) for scope in kept.values()]

    few = questions[:20]
    row("exact scan, top 200", every(lambda q, scope: exact.search(vectors[q], retrieval.DEPTH, scope)))
    row("tantivy chunks, top 200", every(lambda q, scope: lexical.search(q, retrieval.DEPTH, scope)))
    row("tantivy articles, top 100", every(lambda q, scope: lexical.search_articles(q, retrieval.DEPTH // 2, scope)))
    row("Chroma, top 10, where", every(lambda q, scope: chroma.search(vectors[q], 10, scope), few))
    over = overfetch(archive, chroma, embedder, lexical)

    def fetched(question: str, scope: Scope) -> list[str]:
        return over._by_vector(question, scope, Pool(archive, scope), ())  # noqa: SLF001

    row("Chroma, top 200, over-fetch", every(fetched, few))
    row("fused without rerank, exact", every(lambda q, scope: searcher.ranked(Query(q, scope))), FUSED)
    row("fused without rerank, Chroma", every(lambda q, scope: over.ranked(Query(q, scope)), few))
    for k, depth in ((10, 10), (10, retrieval.DEPTH), (retrieval.DEPTH, retrieval.DEPTH)):
        part = [recall(exact, chroma, vectors[question], k, depth) for question in questions]
        print(f"Chroma recall@{k} of the exact scan, asked for {depth}: {sum(part) / len(part):.3f}")
    for name, scope in kept.items():
        found = [len(fetched(question, scope)) for question in few]
        print(f"chunks that over-fetching leaves of {retrieval.DEPTH}, {name}: {sum(found) / len(found):.0f}")
    chroma.close()


def overfetch(
    archive: SqlArchive, chroma: ChromaIndex, embedder: Embedder, lexical: LexicalIndex
) -> searching.Searcher:
    """The searcher of an archive that is too large for the exact scan."""
    return searching.Searcher(archive, chroma, lexical, embedder, None)


def recall(exact: ExactIndex, chroma: ChromaIndex, vector: Sequence[float], k: int, depth: int) -> float:
    """The share of the ``k`` nearest chunks that Chroma has among its first ``k`` when asked for ``depth``."""
    right = {chunk for chunk, _ in exact.search(vector, k, Scope())}
    return len(right & {chunk for chunk, _ in chroma.search(vector, depth, Scope())[:k]}) / max(1, len(right))


def build_chroma(room: Newsroom) -> None:
    """Time a fresh Chroma index over the archive's vectors."""
    archive = room._archive  # noqa: SLF001
    table = archive.vector_table(room.equipment.embedder_name)
    articles: dict[str, Article] = {one.id: one for one in archive.articles()}
    chunks = archive.chunks(table.ids)
    entries = [Entry(chunks[id_], articles[chunks[id_].article], row) for id_, row in zip(table.ids, table.matrix)]  # noqa: B905
    with tempfile.TemporaryDirectory(prefix="citewire-bench-") as place:
        index = ChromaIndex(Path(place) / "chroma")
        began = time.perf_counter()
        index.add(entries)
        took = time.perf_counter() - began
        index.close()
    print(f"Chroma build: {len(entries)} vectors in {took:.0f} s, {len(entries) / took:.0f}/s", flush=True)


def command(*words: str) -> float:
    """Seconds of one call of the command line, best of three."""
    seconds: list[float] = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "rag", *words], cwd=REPOSITORY, capture_output=True, check=False)
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def busy() -> str:
    """How many processes want a core now, and how many cores there are: figures from a busy machine are too high."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def line(name: str, seconds: float, limit: float) -> None:
    """Print seconds beside their limit."""
    print(f"{name:32s}{seconds:9.2f} s  {seconds / limit:.2f} of {limit:g} s", flush=True)


def main() -> None:
    """Fill an archive and print what searching it costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", type=Path, help="folder to fill or to use again (default: a temporary one)")
    parser.add_argument("--chunks", type=int, default=CHUNKS)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--chroma", action="store_true", help="also time building Chroma anew: minutes")
    options = parser.parse_args()
    questions = [case.question for case in realtimeqa(0)[1]][: options.questions]
    with folder(options.archive) as place:
        settings = Settings(archive=place, embedder="static", rerank=False)
        with Newsroom(settings) as room:
            fill(room, options.chunks)
            tables(room, questions)
            if options.chroma:
                build_chroma(room)
        with Newsroom(settings.model_copy(update={"rerank": True})) as room:
            p50, p95, work = measure(room.ask, questions[-33:])
            line("ask, warm, p50", p50, ASK)
            line("ask, warm, p95", p95, ASK)
            line("ask, warm, processor time p50", work, ASK)
        line("citewire ask, cold", command("ask", questions[0], "--archive", str(place)), COLD)
        line("citewire --help", command("--help"), HELP)


if __name__ == "__main__":
    main()
