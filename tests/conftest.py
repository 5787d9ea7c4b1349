"""What tests share. Sockets are closed by pytest-socket (pyproject.toml); loopback alone is open."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from forked import Nursery
from hypothesis import settings

settings.register_profile("no_deadline", deadline=None)  # machines are shared and noisy
settings.load_profile("no_deadline")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a shell's background job: what it starts would inherit that
    signal.signal(signal.SIGINT, signal.default_int_handler)

_ROOT = Path(__file__).parent.parent
PLACE = re.compile(r"(?<![\w.])/(?:home|root|work|tmp|Users)/")
"""A folder of one machine, which nothing that ships may name."""
_OURS = ("CITEWIRE_", "OPENAI_", "LANGSMITH_", "LANGCHAIN_")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run files with slow tests first: two workers take a file at a time, and a long one at the end keeps one idle."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


class Command(Protocol):
    """Runs ``citewire`` as a user does."""

    def __call__(
        self, *arguments: str | Path, stdin: str | bytes = "", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture(scope="session")
def bench() -> Path:
    """The folder of public data: CITEWIRE_BENCH, or ``shared/bench`` beside the project."""
    folder = Path(os.environ.get("CITEWIRE_BENCH") or _ROOT.parent / "shared" / "bench")
    if not folder.is_dir():
        pytest.skip(f"there is no public data in {folder}: set CITEWIRE_BENCH")
    return folder


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of seed articles."""
    return _ROOT / "seeds"


@pytest.fixture(scope="session")
def corpora(bench: Path) -> Path:
    """The folder of hostile inputs beside the benchmarks."""
    folder = bench.parent / "corpora"
    if not folder.is_dir():
        pytest.skip(f"there is no {folder}")
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A place for an archive that does not exist yet."""
    return tmp_path / "archive"


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery | None]:
    """What ``citewire`` is forked from, where a process can be."""
    if sys.platform != "linux":
        yield None
        return
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def citewire(tmp_path: Path, archive: Path, nursery: Nursery | None) -> Command:
    """``citewire`` in its own process, with an archive and a home of its own."""

    def run(
        *arguments: str | Path, stdin: str | bytes = "", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(_OURS) and not name.endswith("_API_KEY")
        }
        homes = {name: str(tmp_path / "home") for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
        path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        given = {"CITEWIRE_ARCHIVE": str(archive), "PYTHONPATH": path}
        words = [str(argument) for argument in arguments]
        data = stdin.encode() if isinstance(stdin, str) else stdin
        whole = clean | homes | given | (env or {})
        if nursery and whole["PYTHONPATH"] == path:  # else it is to import something else
            done = nursery.run(*words, stdin=data, env=whole, cwd=tmp_path, timeout=120)
        else:
            command = [sys.executable, "-m", "rag", *words]
            done = subprocess.run(
                command, input=data, capture_output=True, env=whole, cwd=tmp_path, timeout=120, check=False
            )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key for the server that a test scripts."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
