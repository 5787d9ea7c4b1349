"""Opening an archive: many at once, by URL, and what is said when it cannot be opened."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import OperationalError
from sqlalchemy.schema import CreateTable

from rag.archive import SqlArchive
from rag.connection import FILE, named, shown
from rag.errors import ArchiveDamaged, ArchiveError, ArchiveLocked, UsageError
from rag.tables import tables

OPEN = """
import sys
from rag.archive import SqlArchive
archive = SqlArchive(sys.argv[1])
print(archive.name, archive.generation)
"""


def test_processes_that_make_one_archive_at_once_all_open_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPEN, str(tmp_path / "archive")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    told = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0] * 4, told
    assert len({out for out, _ in told}) == 1


def test_two_archives_have_two_names_that_stay_theirs(tmp_path: Path) -> None:
    first, second = SqlArchive(tmp_path / "1"), SqlArchive(tmp_path / "2")
    assert first.name != second.name
    name = first.name
    first.close()
    (tmp_path / "1").rename(tmp_path / "moved")
    assert SqlArchive(tmp_path / "moved").name == name


def test_an_archive_that_must_be_there_and_is_not_is_named_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="there is no archive") as caught:
        SqlArchive(tmp_path / "no", create=False)
    assert caught.value.hint.startswith("citewire add")
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("url", ["nonsense://x", "postgresql+nodriver://localhost/x", "http://[bad"])
def test_a_url_that_names_no_database_is_a_wrong_call(url: str) -> None:
    with pytest.raises(UsageError, match=re.escape(url.partition(":")[0])):
        SqlArchive(url)


@pytest.mark.parametrize("url", ["nonsense://anna:s3cret@host/x", "sqlite://anna:s3cret@host:77/x"])
def test_a_password_in_a_url_is_never_shown(url: str) -> None:
    with pytest.raises((UsageError, ArchiveError)) as caught:
        SqlArchive(url)
    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in shown(url)


@pytest.mark.parametrize(
    ("cause", "kind", "hint"),
    [
        ("database is locked", ArchiveLocked, "wait for it"),
        ("database or disk is full", ArchiveDamaged, "free some space"),
        ("disk I/O error", ArchiveDamaged, "free space"),
        ("attempt to write a readonly database", ArchiveDamaged, "permissions"),
        ("unable to open database file", ArchiveDamaged, "permissions"),
        ("database disk image is malformed", ArchiveDamaged, "backup"),
        ("no such table: validity", ArchiveDamaged, "where it can be written"),
        ("file is not a database", ArchiveDamaged, "backup"),
        ("something nobody has seen", ArchiveDamaged, "citewire doctor"),
    ],
)
def test_what_the_database_says_becomes_an_error_with_the_next_step(
    cause: str, kind: type[ArchiveError], hint: str
) -> None:
    said = OperationalError("SELECT 1", {}, sqlite3.OperationalError(cause))
    with pytest.raises(kind, match="the/archive") as caught, named("the/archive"):
        raise said
    assert type(caught.value) is kind
    assert cause in str(caught.value)
    assert hint in caught.value.hint


def test_an_archive_without_write_permission_can_be_read(tmp_path: Path) -> None:
    SqlArchive(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("PRAGMA journal_mode=DELETE")
    db.close()
    (tmp_path / FILE).chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        assert SqlArchive(tmp_path, create=False).articles() == []
    finally:
        tmp_path.chmod(0o755)


def test_every_table_can_be_made_in_postgresql() -> None:
    dialect = postgresql.dialect()
    for table in tables.sorted_tables:
        text = str(CreateTable(table, if_not_exists=True).compile(dialect=dialect))
        assert text.strip().startswith("CREATE TABLE IF NOT EXISTS")
