"""One writer at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from rag.errors import ArchiveDamaged, ArchiveLocked
from rag.writelock import held, owner, writing

HOLD = """
import sys, time
from pathlib import Path
from rag.writelock import writing
with writing(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_writer_is_told_who_writes_and_since_when(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        assert held(tmp_path)
        with (
            pytest.raises(ArchiveLocked, match=rf"in use by process {process.pid} since 20\d\d-") as caught,
            writing(tmp_path, timeout=0.05),
        ):
            pass
        assert "wait for it to finish" in caught.value.hint
        process.kill()


def test_the_lock_of_a_killed_writer_is_free_at_once(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        process.send_signal(signal.SIGKILL)
    assert not held(tmp_path)
    assert owner(tmp_path) == f"process {process.pid} since {(owner(tmp_path) or '').rpartition(' ')[2]}"
    with writing(tmp_path, timeout=0.0):
        assert (owner(tmp_path) or "").startswith(f"process {os.getpid()} since ")
    assert owner(tmp_path) is None


def test_a_note_that_cannot_be_read_names_nobody(tmp_path: Path) -> None:
    for text in ("", "{", "[]", '{"pid": 3}', "null"):
        (tmp_path / "writer.json").write_text(text, encoding="utf-8")
        assert owner(tmp_path) is None


def test_a_folder_nobody_has_written_is_not_held_and_looking_makes_nothing(tmp_path: Path) -> None:
    assert not held(tmp_path / "no")
    assert not (tmp_path / "no").exists()


def test_a_place_that_cannot_be_a_folder_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ArchiveDamaged, match="file") as caught, writing(tmp_path / "file" / "archive"):
        pass
    assert "permissions" in caught.value.hint


def test_threads_of_one_process_queue_however_long_the_queue_is(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work(number: int) -> None:
        with writing(tmp_path, timeout=0.5):
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.05)
            inside.remove(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(24)]  # 1.2 s, each waits 0.5
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 24


def test_a_thread_that_keeps_it_is_named(tmp_path: Path) -> None:
    with writing(tmp_path), pytest.raises(ArchiveLocked, match="another thread of this process"):  # noqa: SIM117
        with writing(tmp_path, timeout=0.05):
            pass
    with writing(tmp_path, timeout=0.05):
        pass
