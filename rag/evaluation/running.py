"""Systems and a dataset to a run: every system is asked every question once, however often the run is cut off.

Each answer is written down before the next one is asked for, so that the same call goes on where the last one stopped.
What failed is asked again; what a judge failed on is judged again.
"""

from __future__ import annotations

import json
import os
import platform
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from typing import IO, Self

from filelock import FileLock, Timeout
from pydantic import BaseModel

import rag
from rag.errors import UsageError
from rag.evaluation.datasets import Dataset, Question
from rag.evaluation.grounding import STOPS
from rag.evaluation.metrics import DEFAULT, UNJUDGED, Metric, Unjudged, Value
from rag.evaluation.needed import need
from rag.evaluation.records import (
    CONFIG,
    QUESTIONS,
    RESPONSES,
    VALUES,
    Config,
    Failed,
    Key,
    Measured,
    Record,
    Valued,
    read_config,
    read_records,
    read_values,
    whole_lines,
)
from rag.evaluation.runs import Run
from rag.evaluation.systems import Ask, Response

__all__ = ["MOST", "Progress", "Run", "run"]

MOST = 32
"""Questions at once: more than that no provider takes from one key, and no processor has use for."""
_PACKAGES = ("citewire", "numpy", "pandas", "ir-measures", "rouge-score", "onnxruntime", "chromadb", "langchain-core")
Progress = Callable[[int, int], None]


def run(  # noqa: PLR0913 - each has a default that fits
    systems: Mapping[str, Ask],
    dataset: Dataset,
    folder: str | Path,
    *,
    metrics: Sequence[Metric] = DEFAULT,
    limit: int | None = None,
    parallel: int = 1,
    seed: int = 0,
    about: Mapping[str, Mapping[str, object]] | None = None,
    progress: Progress | None = None,
) -> Run:
    """Ask each system each question (the first ``limit``), score what it says, keep all in ``folder``.

    ``about`` says what each system is made of; a folder of another dataset, or of systems made otherwise, is refused.
    Raises UsageError for that, and what stops a run: BudgetReached, UsageError, ArchiveError. What else a system raises
    is recorded, and asked again by the next run.
    """
    need()
    if not 1 <= parallel <= MOST:
        msg = f"{parallel} questions at once: 1 to {MOST} are possible"
        raise UsageError(msg, hint="--parallel 4")
    config = Config(
        dataset=dataset.name,
        source=dataset.source,
        data=dataset.hash,
        systems={name: dict((about or {}).get(name, {})) for name in systems},
        metrics=tuple(Measured.of(metric) for metric in metrics),
        versions=_versions(),
        seed=seed,
        parallel=parallel,
        limit=limit,
        started=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    return _carried_out(Path(folder), config, dataset, systems=systems, metrics=metrics, progress=progress)


def _carried_out(
    place: Path,
    config: Config,
    dataset: Dataset,
    *,
    systems: Mapping[str, Ask],
    metrics: Sequence[Metric],
    progress: Progress | None,
) -> Run:
    """Write down what is run, ask and score what is not there yet, and return the run."""
    with _alone(place):
        config = _continued(place, config)
        _replace(place / QUESTIONS, "".join(f"{json.dumps(q.to_dict())}\n" for q in dataset.questions))
        _replace(place / CONFIG, config.model_dump_json(indent=1) + "\n")
        asked = dataset.questions[: config.limit]
        with _Desk(place, tuple(metrics)) as desk:
            jobs = [(name, systems[name], q) for q in asked for name in systems]
            _ask_all(desk, jobs, config.parallel, progress)
            known = desk.valued
        _replace(place / VALUES, "".join(f"{known[key].model_dump_json()}\n" for key in sorted(known)))
    return Run.open(place)


def _ask_all(desk: _Desk, jobs: Sequence[tuple[str, Ask, Question]], parallel: int, progress: Progress | None) -> None:
    """Do all jobs, ``parallel`` at once; whatever ends it, those under way are finished and kept."""
    with ThreadPoolExecutor(max_workers=parallel, thread_name_prefix="citewire-eval") as pool:
        futures = [pool.submit(desk.do, *job) for job in jobs]
        try:
            for done, future in enumerate(as_completed(futures), start=1):
                future.result()
                if progress:
                    progress(done, len(jobs))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


@dataclass(slots=True)
class _Desk:
    """Asks, scores and writes down; what is written down is not asked again."""

    folder: Path
    metrics: tuple[Metric, ...]
    records: dict[Key, Record] = field(init=False)
    valued: dict[Key, Valued] = field(init=False)
    _writing: threading.Lock = field(default_factory=threading.Lock)
    _files: dict[str, IO[bytes]] = field(default_factory=dict[str, IO[bytes]])

    def __enter__(self) -> Self:
        self.records, self.valued = read_records(self.folder), read_values(self.folder)
        for name in (RESPONSES, VALUES):
            path = self.folder / name
            self._files[name] = path.open("ab")
            self._files[name].truncate(whole_lines(path))  # half a line of a run that was killed
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()

    def do(self, name: str, ask: Ask, question: Question) -> None:
        """Ask one question of one system, unless that was done, and score what it said."""
        key = (name, question.id)
        known = self.records.get(key)
        record = known if known and known.response else self._asked(name, ask, question)
        if record.response:
            self._score(key, question, record.response)

    def _asked(self, name: str, ask: Ask, question: Question) -> Record:
        try:
            response, failed = ask(question), None
        except STOPS:
            raise
        except Exception as error:  # noqa: BLE001 - a rival's system may raise anything
            response, failed = None, Failed(kind=type(error).__name__, message=str(error)[:500])
        record = Record(system=name, question=question.id, response=response, failed=failed)
        self._write(RESPONSES, record)
        self.records[(name, question.id)] = record
        return record

    def _score(self, key: Key, question: Question, response: Response) -> None:
        before = self.valued.get(key)
        kept = before if before and before.fingerprint == response.fingerprint else None
        values = {metric.name: _value(metric, question, response, kept) for metric in self.metrics}
        found = Valued(
            system=key[0],
            question=key[1],
            fingerprint=response.fingerprint,
            values={name: "unjudged" if isinstance(value, Unjudged) else value for name, value in values.items()},
            judges={metric.name: metric.judge for metric in self.metrics if metric.judge},
        )
        self.valued[key] = found
        if found != before:
            self._write(VALUES, found)

    def _write(self, name: str, line: BaseModel) -> None:
        data = line.model_dump_json().encode() + b"\n"
        with self._writing:
            file = self._files[name]
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def _value(metric: Metric, question: Question, response: Response, kept: Valued | None) -> Value:
    """Return the value of a metric; what a judge has said of this response already is not asked again."""
    judged = kept is not None and bool(metric.judge) and kept.judges.get(metric.name) == metric.judge
    known = kept.value(metric.name) if kept and judged else None
    if known is not None and not isinstance(known, Unjudged):
        return known
    if not metric.judge:
        return metric.function(question, response)
    try:
        return metric.function(question, response)
    except STOPS:
        raise
    except Exception:  # noqa: BLE001 - a judge that fails has not judged
        return UNJUDGED


def timed(ask: Callable[[Question], Response]) -> Ask:
    """Return a system whose responses say how long they took, for one that does not measure itself."""

    def asked(question: Question) -> Response:
        start = perf_counter()
        response = ask(question)
        return replace(response, seconds=perf_counter() - start)

    return asked


def refuse_other(folder: Path, data: str) -> Config | None:
    """Return the config of the run in ``folder``, if there is one. Raises UsageError if its questions are others."""
    before = read_config(folder)
    if before is not None and before.data != data:
        msg = f"{folder} holds a run of other questions ({before.dataset})"
        raise UsageError(msg, hint=f"name another folder with -o, or delete {folder}")
    return before


def _continued(folder: Path, config: Config) -> Config:
    """Return the config of a run that may be the continuation of the one in ``folder``. Raises UsageError if not."""
    before = refuse_other(folder, config.data)
    if before is None:
        if any((folder / name).exists() for name in (QUESTIONS, RESPONSES, VALUES)):
            msg = f"{folder} holds files of these names that are no run"
            raise UsageError(msg, hint="name another folder with -o")
        return config
    other = f"name another folder with -o, or delete {folder}"
    for name, made in config.systems.items():
        if name in before.systems and json.loads(json.dumps(before.systems[name])) != json.loads(json.dumps(made)):
            what = ", ".join(
                sorted(key for key in {*before.systems[name], *made} if before.systems[name].get(key) != made.get(key))
            )
            msg = f"{folder} holds answers of {name} that were made otherwise ({what})"
            raise UsageError(msg, hint=other)
    return config.model_copy(update={"systems": {**before.systems, **config.systems}, "started": before.started})


@contextmanager
def _alone(folder: Path) -> Generator[None]:
    """Hold the folder. Raises UsageError if another process does, or if it cannot be written."""
    lock = FileLock(folder / ".lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        msg = f"another process runs an evaluation in {folder}"
        raise UsageError(msg, hint="wait for it, or name another folder with -o") from None
    except OSError as error:
        msg = f"{folder}: {error.strerror or error}"
        raise UsageError(msg, hint="name another folder with -o") from None
    try:
        yield
    finally:
        lock.release()


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version(), "citewire": rag.__version__}
    for package in _PACKAGES[1:]:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
