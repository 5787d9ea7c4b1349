"""An archive that may be read and not written: what reads answers as ever, what writes says what is in the way."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.connection import FILE
from rag.errors import Exit
from rag.newsroom import Newsroom

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="takes a right of root's away as Linux does")
WITHOUT_RIGHTS = """
import ctypes, os, sys
for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: root's to write and read everywhere
    ctypes.CDLL(None).prctl(24, right, 0, 0, 0)
os.execv(sys.executable, [sys.executable, "-m", "rag", *sys.argv[1:]])
"""
QUESTION = "How many people died in the Tarrow Head ferry accident?"


def allow(folder: Path, *, writing: bool) -> None:
    """Let everything in a folder be written, or nothing."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod((0o755 if writing else 0o555) if path.is_dir() else (0o644 if writing else 0o444))


@pytest.fixture
def archive(tmp_path: Path, seeds: Path) -> Iterator[Path]:
    """One that cannot be written, with a briefing from it beside."""
    folder = tmp_path / "an archive #1"
    with Newsroom.open(folder) as room:
        room.add(seeds / "tarrow-ferry")
        (tmp_path / "old.json").write_text(json.dumps(room.brief("Tarrow Head ferry").to_dict()), "utf-8")
        (tmp_path / "answer.json").write_text(json.dumps(room.ask(QUESTION).to_dict()), "utf-8")
    allow(folder, writing=False)
    yield folder
    allow(folder, writing=True)


def run(archive: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT_RIGHTS, *map(str, arguments), "--archive", str(archive)]
    place = {"PYTHONPATH": str(Path(__file__).parent.parent)}
    return subprocess.run(command, env={**os.environ, **place}, capture_output=True, text=True, check=False)


def test_it_answers_as_one_that_can_be_written(archive: Path, tmp_path: Path) -> None:
    told = run(archive, "ask", QUESTION, "--json")
    assert (told.returncode, told.stderr) == (Exit.DONE, "")
    wanted = json.loads((tmp_path / "answer.json").read_text("utf-8"))
    assert json.loads(told.stdout)["claims"] == wanted["claims"]


def test_it_is_verified_briefed_and_grouped(archive: Path, tmp_path: Path) -> None:
    assert run(archive, "verify", tmp_path / "old.json").returncode == Exit.DONE
    assert "Corrin Star" in run(archive, "stories").stdout
    briefing = run(archive, "brief", "Tarrow Head ferry")
    assert briefing.returncode == Exit.DONE
    assert briefing.stderr.startswith("note: this edition was not kept for --since-last")
    assert len(briefing.stderr.splitlines()) == 1
    assert "What happened" in briefing.stdout


def test_what_writes_names_the_archive_and_what_to_check(archive: Path, seeds: Path) -> None:
    refused = run(archive, "add", seeds)
    assert refused.returncode == Exit.ARCHIVE
    assert str(archive) in refused.stderr
    assert "permissions" in refused.stderr


def test_files_alone_that_cannot_be_written_are_read(archive: Path) -> None:
    for folder in (archive, *(path for path in archive.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    told = run(archive, "ask", QUESTION)
    assert (told.returncode, told.stderr) == (Exit.DONE, "")


def test_a_log_that_nobody_may_read_is_not_passed_over(archive: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn"
    allow(archive, writing=True)
    with closing(sqlite3.connect(archive / FILE)) as db:
        db.execute("DELETE FROM articles")
        db.commit()
        shutil.copytree(archive, torn)
    (torn / f"{FILE}-shm").unlink()
    allow(torn, writing=False)
    told = run(torn, "list")
    allow(torn, writing=True)
    assert told.returncode == Exit.ARCHIVE
    assert FILE in told.stderr
    assert "--archive" in told.stderr
