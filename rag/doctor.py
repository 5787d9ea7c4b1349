"""Is the archive sound, and do its indexes agree with it?

A damaged Chroma folder can kill the process that opens it, so a child process looks at it
(``python -m rag.doctor PLACE COLLECTION``): it lists the ids and lets a sample of stored vectors find themselves.
Whatever is wrong with an index is mended from the archive, which holds texts and vectors.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from rag.archive import SqlArchive
from rag.chroma import ChromaIndex
from rag.errors import ArchiveDamaged, CitewireError, IndexDamaged
from rag.lexical import LexicalIndex
from rag.sources import Scope
from rag.vectors import VectorTable

if TYPE_CHECKING:
    import numpy as np

SAMPLE = 50
"""Stored vectors that must find themselves."""
NEAREST = 10
"""Results among which a vector must find itself."""
FOUND = 0.9
"""Share of the sample that must."""
SAME = 0.9999
"""Cosine from which another chunk is as good as itself: copies share their vector."""
PATIENCE = 300.0
"""Seconds for the child process; listing a million ids takes about one minute."""
FIX = "citewire doctor --fix"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at and what was found."""

    name: str
    ok: bool
    detail: str
    hint: str = ""
    """The next command to run, if something is wrong."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All checks of one examination."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return all(check.ok for check in self.checks)

    def to_dict(self) -> dict[str, object]:
        """Return the checks as a dict."""
        return {"ok": self.ok, "checks": [asdict(check) for check in self.checks]}


class Keeper(Protocol):
    """What the doctor needs of an indexer."""

    @property
    def embedder_name(self) -> str:
        """The name under which vectors are stored."""
        ...

    def chroma(self) -> ChromaIndex:
        """Return the vector index in use."""
        ...

    @property
    def places(self) -> Sequence[Path]:
        """The folders of all indexes that are there, in use or not."""
        ...

    def lexical(self, place: Path | None = None) -> LexicalIndex:
        """Return the full-text index in use, or the one of ``place``."""
        ...

    def check(self) -> None:
        """Make sure that settings and index agree. Raises IndexMismatch."""
        ...

    def writer(self) -> str | None:
        """Return who holds the lock."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Hold the lock. Raises ArchiveLocked."""
        ...

    def resume(self) -> int:
        """Finish what a crash left."""
        ...

    def reindex(self) -> int:
        """Make both indexes anew from the archive."""
        ...


def examine(archive: SqlArchive, indexer: Keeper, *, fix: bool) -> Diagnosis:
    """Check archive and indexes; with ``fix``, finish what is pending, rebuild what is damaged, and check again.

    A rebuild reads stored vectors; only a chunk whose vector is missing is embedded. Nothing is mended while the
    archive itself is damaged or the settings name another embedder. Raises ArchiveLocked with ``fix``.
    """
    found = _examined(archive, indexer)
    if not fix or found.ok or not all(check.ok for check in found.checks if check.name in {"archive", "fingerprint"}):
        return found
    late = any(check.name == "pending" and not check.ok for check in found.checks)
    with indexer.writing():
        try:
            sound = late and indexer.resume() >= 0 and all(check.ok for check in _indexes(archive, indexer, busy=False))
        except IndexDamaged:
            sound = False
        if not sound:
            indexer.reindex()
    return _examined(archive, indexer)


def _examined(archive: SqlArchive, indexer: Keeper) -> Diagnosis:
    state = archive.integrity()
    told = f"{archive.place}: {state}"
    sound = Check("archive", state == "ok", told, "" if state == "ok" else "restore the archive from a backup")
    holder = indexer.writer()
    lock = Check("lock", ok=True, detail=f"held by {holder}" if holder else "free")
    if not sound.ok:
        return Diagnosis((sound, lock))
    made = _looked("fingerprint", lambda: _fingerprint(archive, indexer))
    pending = _pending(archive, busy=holder is not None)
    return Diagnosis((sound, lock, made, pending, *_indexes(archive, indexer, busy=holder is not None)))


def _fingerprint(archive: SqlArchive, indexer: Keeper) -> str:
    indexer.check()
    made = archive.get("fingerprint")
    return f"{made}, made with {archive.get('made_with')}" if made else "no index yet"


def _pending(archive: SqlArchive, *, busy: bool) -> Check:
    counts = archive.counts()
    left = f"{counts['pending']} pending versions, {counts['stale']} stale chunks"
    ok = busy or not (counts["pending"] or counts["stale"])
    return Check("pending", ok, f"{left}, a writer is at work" if busy else left, "" if ok else FIX)


def _indexes(archive: SqlArchive, indexer: Keeper, *, busy: bool) -> tuple[Check, ...]:
    """Compare full text, vectors and Chroma with the chunks that queries may see."""
    live = archive.live_chunks()
    if not live:
        left = _looked("full text", lambda: _empty(indexer))
        if not left.ok:
            return (left,)
        return tuple(Check(name, ok=True, detail="nothing to index") for name in ("full text", "vectors", "chroma"))
    table = archive.vector_table(indexer.embedder_name)
    lacking = live - set(table.ids)
    vectors = Check(
        "vectors", not lacking, _numbers(len(live), len(lacking), 0), "" if not lacking else "citewire reindex"
    )
    words = _looked("full text", lambda: _words(live, indexer.lexical(), busy=busy))
    chroma = _looked("chroma", lambda: _self_queries(indexer.chroma(), table, live, busy=busy))
    return words, vectors, chroma


def _looked(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, detail=look())
    except CitewireError as error:
        return Check(name, ok=False, detail=str(error), hint=error.hint or FIX)


def _empty(indexer: Keeper) -> str:
    """Raise ArchiveDamaged if there are chunks in an index of an archive that has none.

    An archive that lost its rows does not know which index was its own, so all are looked at.
    """
    if left := sum(indexer.lexical(place).count() for place in indexer.places):
        msg = f"the index holds {left} chunks, and the archive has no article"
        raise ArchiveDamaged(msg, hint="restore the archive from a backup; citewire reindex if it is to be empty")
    return "nothing to index"


def _words(live: set[str], lexical: LexicalIndex, *, busy: bool) -> str:
    """Compare the full-text index of chunks, and that of whole articles, with what queries may see."""
    articles = {chunk.partition("@")[0] for chunk in live}
    if lost := articles - lexical.ids("articles"):
        msg = f"{len(articles)} articles, {len(lost)} missing"
        raise IndexDamaged(msg, hint=FIX)
    return _same(live, lexical.ids(), busy=busy)


def _same(live: set[str], ids: set[str], *, busy: bool) -> str:
    """Compare ids; a writer at work may have put more there than queries see. Raises IndexDamaged."""
    text = _numbers(len(live), len(live - ids), len(ids - live))
    if live - ids or (ids - live and not busy):
        raise IndexDamaged(text, hint=FIX)
    return text


def _numbers(live: int, missing: int, surplus: int) -> str:
    parts = [f"{live} chunks"]
    if missing:
        parts.append(f"{missing} missing")
    if surplus:
        parts.append(f"{surplus} that no visible article has")
    return ", ".join(parts)


def _self_queries(chroma: ChromaIndex, table: VectorTable, live: set[str], *, busy: bool) -> str:
    """Let a child process list the ids and search for a sample. Raises IndexDamaged."""
    step = max(1, len(table.ids) // SAMPLE)
    rows = list(range(0, len(table.ids), step))[:SAMPLE]
    sample = {"ids": [table.ids[row] for row in rows], "vectors": cast("list[object]", table.matrix[rows].tolist())}
    try:
        child = subprocess.run(  # noqa: S603 - this interpreter, this module
            [sys.executable, "-m", "rag.doctor", *chroma.address],
            input=json.dumps(sample),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        msg = f"the Chroma index does not answer within {PATIENCE:.0f} s"
        raise IndexDamaged(msg, hint=FIX) from None
    if child.returncode < 0:
        msg = f"the Chroma index kills the process that opens it (signal {-child.returncode})"
        raise IndexDamaged(msg, hint=FIX)
    try:
        reply = json.loads(child.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        last = (child.stderr.strip().splitlines() or ["no reply"])[-1]
        msg = f"the Chroma index cannot be read: {last}"
        raise IndexDamaged(msg, hint=FIX) from None
    if "error" in reply:
        readonly = "readonly" in reply["error"]  # Chroma writes where it reads, and no rebuild could
        raise IndexDamaged(reply["error"], hint="check the permissions of the folder" if readonly else FIX)
    text = _same(live, set(reply["ids"]), busy=busy)
    told = f"{text}; {reply['found']} of {len(rows)} sampled vectors find themselves"
    if reply["found"] < FOUND * len(rows):
        raise IndexDamaged(told, hint=FIX)
    return told


def _child(place: str, collection: str, ids: Sequence[str], vectors: np.ndarray) -> dict[str, object]:
    index = ChromaIndex(place, collection=collection)
    try:
        found = 0
        for id_, vector in zip(ids, vectors, strict=True):
            hits = index.search(vector, NEAREST, Scope())
            found += any(hit == id_ or score >= SAME for hit, score in hits)
        return {"found": found, "ids": sorted(index.ids())}
    except IndexDamaged as error:
        return {"error": str(error)}
    finally:
        index.close()


def _main() -> None:
    import numpy as np  # noqa: PLC0415 - the child's own work

    place, collection = sys.argv[1:]
    sample = json.load(sys.stdin)
    reply = _child(place, collection, sample["ids"], np.asarray(sample["vectors"], dtype=np.float32))
    sys.stdout.write(json.dumps(reply) + "\n")


if __name__ == "__main__":
    _main()
