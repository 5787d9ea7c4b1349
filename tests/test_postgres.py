"""The archive in a real PostgreSQL: it holds what SQLite holds, and a budget that several share is kept."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest

from rag.archive import SqlArchive
from rag.errors import ArchiveDamaged, BudgetReached
from rag.indexing import Indexer
from rag.ledger import AccountBook
from rag.offline import HashEmbedder
from rag.readers import gather
from rag.sources import Article, Scope
from rag.spending import Call, Outcome, Spent

DAY = datetime(2026, 3, 3, tzinfo=UTC)
CALL = Call(DAY, "openai:one", "answer", read=10, written=5, dollars=0.5, outcome=Outcome.DONE, estimated=False)


def _binaries() -> Path | None:
    """The folder of PostgreSQL's programs: Debian keeps them off the PATH."""
    found = shutil.which("initdb") or next(map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None)
    return Path(found).parent if found else None


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A server of our own that listens on a socket in its folder alone."""
    binaries = _binaries()
    if binaries is None:
        assert not os.environ.get("CI"), "CI runs without PostgreSQL"
        pytest.skip("there is no PostgreSQL: install postgresql")
    folder = Path(mkdtemp(prefix="pg"))  # short: a socket's path may have some hundred characters
    owner: list[str] = []
    if os.geteuid() == 0:  # a server refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
        owner = ["runuser", "-u", "postgres", "--"]

    def run(program: str, *options: str) -> None:
        done = subprocess.run(
            [*owner, str(binaries / program), "-D", str(folder / "data"), *options],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        assert not done.returncode, done.stderr.decode()

    run("initdb", "--auth=trust", "--username=news", "--encoding=UTF8", "--locale=C", "--no-sync")
    run("pg_ctl", "start", "--wait", "--log", str(folder / "log"), "-o", f"-F -k {folder} -c listen_addresses=''")
    try:
        yield f"postgresql+psycopg://news@/postgres?host={folder}"
    finally:
        run("pg_ctl", "stop", "--mode=immediate")
        shutil.rmtree(folder)


def _filled(place: str | Path, folder: Path, articles: list[Article]) -> SqlArchive:
    archive = SqlArchive(place)
    indexer = Indexer(archive, HashEmbedder(), HashEmbedder.name, folder)
    with indexer.writing():
        list(indexer.add(articles))
        indexer.remove(articles[0])
    return archive


def test_it_holds_what_sqlite_holds(url: str, seeds: Path, tmp_path: Path) -> None:
    articles = [
        *gather([seeds / "tarrow-ferry"], [], []),
        Article(text="The ferry is to sail.", url="https://x.example/1", published=DAY, outlet="Quay"),
        Article(text="The ferry sank — “at once” 🚢.", url="https://x.example/1", published=DAY + timedelta(days=2)),
    ]
    theirs = _filled(url, tmp_path / "indexes", articles)
    ours = _filled(tmp_path / "ours", tmp_path / "ours", articles)
    assert theirs.articles() == ours.articles()
    for scope in (
        Scope(),
        Scope(since=DAY, until=DAY + timedelta(days=1)),
        Scope(as_of=DAY + timedelta(days=1)),
        Scope(outlets=("QUAY",)),
    ):
        assert theirs.articles(scope) == ours.articles(scope)
        assert theirs.allowed(scope) == ours.allowed(scope)
        assert theirs.edited(scope) == ours.edited(scope)
    assert [theirs.sentences(one) for one in theirs.articles()] == [ours.sentences(one) for one in ours.articles()]
    assert theirs.counts() == ours.counts()
    assert theirs.removed() == ours.removed() == {articles[0].id}
    assert theirs.newest() == ours.newest()
    assert theirs.generation == ours.generation
    mine, other = (one.vector_table(HashEmbedder.name) for one in (ours, theirs))
    assert sorted(mine.ids) == sorted(other.ids)
    order = [np.argsort(np.array(table.ids)) for table in (mine, other)]
    assert np.array_equal(mine.matrix[order[0]], other.matrix[order[1]])

    ours.close()
    theirs.close()


def test_processes_that_share_it_spend_no_more_than_the_budget(url: str) -> None:
    reached = BudgetReached("enough", hint="wait")

    def spend(_: int) -> bool:
        book = AccountBook(url)

        def allow(spent: Spent) -> None:
            if spent.tokens >= 4 * (CALL.read + CALL.written):
                raise reached

        try:
            book.record(CALL, allow)
        except BudgetReached:
            return False
        finally:
            book.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(spend, range(12))) == 4


def test_a_server_that_is_gone_is_named_without_its_password() -> None:
    with pytest.raises(ArchiveDamaged, match="cannot be reached") as caught:
        SqlArchive("postgresql+psycopg://news:s3cret@127.0.0.1:1/x")
    assert "s3cret" not in str(caught.value)
