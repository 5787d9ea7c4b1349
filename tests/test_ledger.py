"""The archive's account book, on a real database, beside others who write."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from news import article

from rag.archive import SqlArchive
from rag.connection import FILE
from rag.errors import ArchiveError
from rag.indexing import Indexer
from rag.ledger import AccountBook, By
from rag.offline import HashEmbedder
from rag.spending import Call, Outcome, Spent
from rag.writelock import writing

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
CALL = Call(NOON, "openai:m", "write", 100, 20, 0.25, Outcome.DONE, estimated=False)

BY: tuple[By, ...] = ("day", "model", "task")
MOMENTS = st.integers(0, 8 * 86_400).map(lambda seconds: NOON + timedelta(seconds=seconds))

ADD = """
import sys
from pathlib import Path
from rag.archive import SqlArchive
from rag.indexing import Indexer
from rag.offline import HashEmbedder
from rag.sources import Article
archive = SqlArchive(sys.argv[1])
indexer = Indexer(archive, HashEmbedder(), HashEmbedder.name, Path(sys.argv[1]))
with indexer.writing():
    print("adding", flush=True)
    for n in range(8):
        list(indexer.add([Article(text=f"Ferry {n} sank. " * 40, url=f"https://x.example/{n}")]))
print("added", flush=True)
"""


def without_tables(folder: Path) -> None:
    """Make the archive one of before there were calls and replies."""
    with sqlite3.connect(folder / FILE) as db:
        db.execute("DROP TABLE calls")
        db.execute("DROP TABLE replies")
    db.close()


def test_calls_are_summed_by_day_model_and_task_and_an_unknown_price_is_not_zero(tmp_path: Path) -> None:
    book = AccountBook(tmp_path)
    book.record(CALL)
    book.record(replace(CALL, at=NOON + timedelta(days=1), task="judge", dollars=0.5, outcome=Outcome.FAILED))
    book.record(replace(CALL, model="mistralai:x", dollars=None, estimated=True))
    book.record(replace(CALL, model="mistralai:y", dollars=None))
    book.record(replace(CALL, model="mistralai:y", dollars=0.0))
    by_model = {usage.name: usage for usage in book.usage("model")}
    assert [usage.name for usage in book.usage("day")] == ["2026-03-03", "2026-03-04"]
    assert [(usage.name, usage.calls, usage.failed) for usage in book.usage("task")] == [
        ("judge", 1, 1),
        ("write", 4, 0),
    ]
    assert (by_model["openai:m"].dollars, by_model["openai:m"].unpriced) == (0.75, 0)
    assert (by_model["mistralai:x"].dollars, by_model["mistralai:x"].unpriced) == (None, 1)
    assert (by_model["mistralai:y"].dollars, by_model["mistralai:y"].unpriced) == (0.0, 1)
    assert by_model["mistralai:x"].estimated == 1
    assert book.usage("day", NOON + timedelta(hours=1))[0].name == "2026-03-04"
    assert book.spent(NOON) == Spent(dollars=0.75, tokens=600, unpriced=2)
    book.close()


def test_an_amended_call_takes_the_place_of_the_first_and_no_other(tmp_path: Path) -> None:
    book = AccountBook(tmp_path)
    first, second = book.record(replace(CALL, outcome=Outcome.OPEN)), book.record(CALL)
    assert first != second
    book.amend(first, replace(CALL, read=7, written=0, dollars=0.0, outcome=Outcome.FAILED))
    (usage,) = book.usage("model")
    assert (usage.calls, usage.failed, usage.read, usage.written, usage.dollars) == (2, 1, 107, 20, 0.25)
    book.close()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    calls=st.lists(st.tuples(MOMENTS, st.integers(-12, 14), st.integers(0, 10_000)), max_size=8),
    since=MOMENTS,
)
def test_what_was_spent_since_a_moment_is_the_sum_of_the_calls_from_then_in_any_time_zone(
    calls: list[tuple[datetime, int, int]], since: datetime, tmp_path_factory: pytest.TempPathFactory
) -> None:
    book = AccountBook(tmp_path_factory.mktemp("book"))
    for at, hours, read in calls:
        book.record(replace(CALL, at=at.astimezone(timezone(timedelta(hours=hours))), read=read, written=1))
    assert book.spent(since).tokens == sum(read + 1 for at, _, read in calls if at >= since)
    assert {sum(usage.read for usage in book.usage(by)) for by in BY} == {sum(read for _, _, read in calls)}
    book.close()


def test_an_older_archive_gets_the_tables_when_it_is_opened_and_keeps_what_it_has(tmp_path: Path) -> None:
    archive = AccountBook(tmp_path)
    archive.set({"mine": "kept"})
    archive.close()
    without_tables(tmp_path)
    archive = AccountBook(tmp_path)
    archive.record(CALL)
    archive.remember("k", "text")
    assert archive.spent(NOON).tokens == 120
    assert archive.recall("k") == "text"
    assert archive.get("mine") == "kept"
    archive.close()


def test_an_archive_of_a_newer_citewire_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    archive = AccountBook(tmp_path)
    archive.set({"schema": "99"})
    archive.close()
    without_tables(tmp_path)
    with pytest.raises(ArchiveError, match="newer citewire"):
        AccountBook(tmp_path)
    with sqlite3.connect(tmp_path / FILE) as db:
        assert not db.execute("SELECT name FROM sqlite_master WHERE name = 'calls'").fetchall()
    db.close()


def test_an_older_archive_that_cannot_be_written_is_still_read(tmp_path: Path) -> None:
    archive = SqlArchive(tmp_path)
    archive.close()
    without_tables(tmp_path)
    code = f"""
import sqlite3
from sqlalchemy import event
from sqlalchemy.engine import Engine
from rag.archive import SqlArchive
event.listen(Engine, "connect", lambda raw, _: raw.execute("PRAGMA query_only=ON"))
archive = SqlArchive({str(tmp_path)!r}, create=False)
print(archive.articles())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n", done.stderr
    with sqlite3.connect(tmp_path / FILE) as db:
        assert not db.execute("SELECT name FROM sqlite_master WHERE name = 'calls'").fetchall()
    db.close()


def test_writing_a_call_down_needs_no_lock_of_writers_and_is_no_change_for_queries(tmp_path: Path) -> None:
    book = AccountBook(tmp_path)
    before = book.generation
    with writing(tmp_path, timeout=0.0):
        book.amend(book.record(CALL), CALL)
        book.remember("k", "text")
    assert book.generation == before
    book.close()


def test_a_call_is_written_down_when_another_writer_has_finished(tmp_path: Path) -> None:
    book = AccountBook(tmp_path)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    finish = threading.Timer(0.4, other.execute, ["COMMIT"])
    finish.start()
    start = time.monotonic()
    book.record(CALL)
    assert time.monotonic() - start > 0.3
    assert book.usage()[0].calls == 1
    finish.join()
    other.close()
    book.close()


def test_calls_are_written_down_while_another_process_adds_articles(tmp_path: Path) -> None:
    SqlArchive(tmp_path).close()
    with subprocess.Popen([sys.executable, "-c", ADD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "adding\n"
        book = AccountBook(tmp_path)
        for _ in range(50):
            book.amend(book.record(CALL), CALL)
        assert process.stdout.readline() == "added\n"
    assert book.usage()[0].calls == 50
    book.close()
    archive = SqlArchive(tmp_path)
    assert archive.counts()["articles"] == 8
    archive.close()


def test_what_one_process_spent_another_reads(tmp_path: Path) -> None:
    first, second = AccountBook(tmp_path), AccountBook(tmp_path)
    assert second.spent(NOON).tokens == 0
    first.record(CALL)
    assert second.spent(NOON) == Spent(0.25, 120)
    first.close()
    second.close()


def test_a_reply_is_remembered_to_the_letter_and_replaced_by_the_next(tmp_path: Path) -> None:
    book = AccountBook(tmp_path)
    assert book.recall("k") is None
    book.remember("k", '{"text": "Zwölf\\r\\n🚢"}')
    book.remember("other", "{}")
    assert book.recall("k") == '{"text": "Zwölf\\r\\n🚢"}'
    book.remember("k", "{}")
    assert book.recall("k") == "{}"
    book.close()


def test_a_removed_article_takes_the_replies_with_it_that_may_repeat_it_and_leaves_the_accounts(tmp_path: Path) -> None:
    archive, book = SqlArchive(tmp_path), AccountBook(tmp_path)
    indexer = Indexer(archive, HashEmbedder(), HashEmbedder.name, tmp_path)
    source = article("The ferry sank.")
    with indexer.writing():
        list(indexer.add([source]))
    book.remember("k", "The ferry sank.")
    book.record(CALL)
    with indexer.writing():
        indexer.remove(source)
    assert book.recall("k") is None
    assert book.usage()[0].calls == 1
    book.close()
    archive.close()
