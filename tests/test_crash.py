"""Processes killed at random moments, and two writers at once: nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rag.archive import SqlArchive
from rag.indexing import Indexer
from rag.offline import HashEmbedder
from rag.sources import Article

CHILD = """
import sys
from pathlib import Path
import rag.indexing
from rag.archive import SqlArchive
from rag.indexing import Indexer
from rag.offline import HashEmbedder
from rag.sources import Article
import chromadb, tantivy  # noqa: F401 - so that the first moments are the writer's own

rag.indexing.BATCH = 4
folder, work, start, stop, edition = Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:])

def told(n):
    lines = range(30)
    body = " ".join(f"Line {i} of story {n}, edition {edition}, counts {i * n + edition} boats." for i in lines)
    return Article(text=body, outlet="Harbour Post", url=f"https://news.example/{n}")

archive = SqlArchive(folder)
indexer = Indexer(archive, HashEmbedder(), HashEmbedder.name, folder)
indexer.lock_timeout = 60.0
print("ready", flush=True)
with indexer.writing():
    if work == "reindex":
        indexer.reindex()
    else:
        for receipt in indexer.add(told(n) for n in range(start, stop)):
            print(receipt.article.id, receipt.article.version, flush=True)
print("done", flush=True)
"""
STORIES = 24


def text(n: int, edition: int) -> str:
    return " ".join(
        f"Line {line} of story {n}, edition {edition}, counts {line * n + edition} boats." for line in range(30)
    )


def told(n: int, edition: int) -> Article:
    return Article(text=text(n, edition), outlet="Harbour Post", url=f"https://news.example/{n}")


def child(folder: Path, work: str, start: int, stop: int, edition: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), work, str(start), str(stop), str(edition)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def acknowledged(out: str) -> dict[str, str]:
    """Version by article id; a line that the kill cut short is no receipt."""
    whole = out[: out.rfind("\n") + 1]
    pairs = [line.split() for line in whole.splitlines()]
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


class Reader:
    """Reads all stories while others write: each must be whole, in one edition or the other."""

    def __init__(self, folder: Path) -> None:
        self.archive = SqlArchive(folder)
        self.seen: dict[str, int] = {}

    def look(self) -> None:
        for article in self.archive.articles():
            n = int((article.url or "").rpartition("/")[2])
            edition = int(article.text.partition("edition ")[2].partition(",")[0])
            assert article.text == text(n, edition)
            assert edition >= self.seen.get(article.id, 0)  # never back to an older one
            self.seen[article.id] = edition
            sentences = self.archive.sentences(article)
            assert len(sentences) == 30
            assert all(article.text[s.start : s.end] == s.text for s in sentences)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def agree(folder: Path, wanted: dict[str, Article]) -> None:
    """Archive, vectors, full text and Chroma hold the wanted articles, each once, and nothing else."""
    archive = SqlArchive(folder)
    indexer = Indexer(archive, HashEmbedder(), HashEmbedder.name, folder)
    chroma = indexer.chroma()
    try:
        found = archive.articles()
        assert {article.id: article for article in found} == wanted
        assert len(found) == len(wanted)
        assert not archive.pending()
        assert not archive.stale()
        live = archive.live_chunks()
        assert {chunk.partition("@")[0] for chunk in live} == set(wanted)
        assert {chunk for article in found for c, _ in archive.chunks_with_hashes(article) for chunk in [c.id]} == live
        table = archive.vector_table(HashEmbedder.name)
        assert len(table.ids) == len(live)
        assert set(table.ids) == live
        assert indexer.lexical().ids() == live
        assert chroma.ids() == live
        assert [path.name for path in folder.glob("index-*")] == [indexer.place.name]
    finally:
        chroma.close()
        archive.close()


def killed(folder: Path, work: str, span: range, edition: int, moment: float, reader: Reader) -> bool:
    """Kill the work at ``moment`` while the reader looks on; every receipt must be true. Say if it came in time."""
    process = child(folder, work, span.start, span.stop, edition)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    end = time.monotonic() + moment
    while time.monotonic() < end and process.poll() is None:
        reader.look()
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    out, err = process.communicate()
    assert process.returncode in {0, -signal.SIGKILL}, err
    for id_, version in acknowledged(out).items():
        stored = reader.archive.article(id_)
        assert stored is not None
        assert stored.version == version
    reader.look()
    return process.returncode != 0


def survive(folder: Path, kills: int, seed: int) -> None:
    """Kill each piece of work twice, the second time while it mends what the first left, then let it finish."""
    chance = random.Random(seed)
    reader = Reader(folder)
    wanted: dict[str, Article] = {}
    span, edition, hits = range(0), 0, 0
    for n in range(kills // 2):
        work = ("add", "update", "reindex", "update")[n % 4]
        if work == "add":
            span = range(span.stop, span.stop + STORIES)
        edition += work != "reindex"
        for _ in range(2):
            hits += killed(folder, work, span, edition, chance.uniform(0.0, 0.6), reader)
        again = child(folder, work, span.start, span.stop, edition)
        out, err = again.communicate()
        assert out.endswith("done\n"), err
        wanted |= {story.id: story for story in (told(n, edition) for n in span)}
        agree(folder, wanted)
        reader.look()
    reader.archive.close()
    assert hits > kills // 3  # or the test would be about nothing


@pytest.mark.slow
def test_what_was_acknowledged_survives_kills_at_random_moments(folder: Path) -> None:
    survive(folder, 12, seed=20260303)


@pytest.mark.torture
def test_what_was_acknowledged_survives_two_hundred_kills(folder: Path, request: pytest.FixtureRequest) -> None:
    if "torture" not in str(request.config.getoption("-m")) and not os.environ.get("CITEWIRE_TORTURE"):
        pytest.skip("takes some ten minutes: pytest -m torture tests/test_crash.py, or CITEWIRE_TORTURE=1")
    for part in range(10):
        survive(folder / str(part), 20, seed=part)


def test_two_processes_that_add_at_once_leave_the_union_in_every_index(folder: Path) -> None:
    both = [child(folder, "add", 0, 24, 1), child(folder, "add", 16, 40, 1)]
    for process in both:
        out, err = process.communicate()
        assert out.endswith("done\n"), err
        assert len(acknowledged(out)) == 24
    agree(folder, {story.id: story for story in (told(n, 1) for n in range(40))})
