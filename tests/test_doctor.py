"""What the doctor sees, and what it mends without a model."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from embedders import Counting
from news import article

from rag.archive import SqlArchive
from rag.doctor import Diagnosis, examine
from rag.indexing import Indexer
from rag.offline import HashEmbedder
from rag.protocols import Entry
from rag.sources import Article


class Room:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = SqlArchive(folder)
        self.embedder = Counting()
        self.indexer = Indexer(self.archive, self.embedder, "hash-64", folder)

    def add(self, *articles: Article) -> None:
        with self.indexer.writing():
            list(self.indexer.add(articles))

    def examine(self, *, fix: bool = False) -> Diagnosis:
        return examine(self.archive, self.indexer, fix=fix)

    def bad(self) -> dict[str, str]:
        return {check.name: check.detail for check in self.examine().checks if not check.ok}


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "archive")


@pytest.fixture
def full(room: Room) -> Room:
    room.add(*(article(f"The ferry {n} left pier {n * 3} at dawn.", url=f"https://x.example/{n}") for n in range(12)))
    return room


def mended(room: Room) -> None:
    """The doctor mends it with stored vectors alone."""
    before = room.embedder.texts
    found = room.examine(fix=True)
    assert found.ok, found
    assert room.embedder.texts == before
    assert room.indexer.lexical().ids() == room.archive.live_chunks()


def test_an_archive_without_articles_is_healthy(room: Room) -> None:
    found = room.examine()
    assert found.ok
    assert [check.name for check in found.checks] == [
        "archive", "lock", "fingerprint", "pending", "full text", "vectors", "chroma"
    ]  # fmt: skip
    assert not list(room.folder.glob("index-*"))


def test_a_sound_archive_passes_every_check_and_tells_numbers(full: Room) -> None:
    found = full.examine()
    assert found.ok, found
    chroma = found.checks[-1].detail
    assert chroma == "12 chunks; 12 of 12 sampled vectors find themselves"
    wire = found.to_dict()
    assert wire["ok"] is True
    assert isinstance(wire["checks"], list)


@pytest.mark.parametrize("rebuilt", [0, 2])
def test_a_database_that_was_emptied_does_not_match_its_index_of_any_generation(full: Room, rebuilt: int) -> None:
    for _ in range(rebuilt):
        with full.indexer.writing():
            full.indexer.reindex()
    assert full.indexer.place.name == f"index-{rebuilt + 1}"
    full.archive.close()
    (full.folder / "archive.sqlite3").unlink()
    emptied = Room(full.folder)
    assert emptied.bad() == {"full text": "the index holds 12 chunks, and the archive has no article"}
    with emptied.indexer.writing():
        emptied.indexer.reindex()
    assert emptied.examine().ok


def test_an_archive_all_of_which_was_removed_is_healthy_after_a_rebuild(full: Room) -> None:
    with full.indexer.writing():
        full.indexer.reindex()
        full.indexer.remove(*full.archive.articles())
    assert full.archive.counts()["articles"] == 0
    assert full.examine().ok


def test_a_lock_that_is_held_is_told_and_is_not_bad(full: Room) -> None:
    with full.indexer.writing():
        lock = full.examine().checks[1]
    assert lock.ok
    assert lock.detail.startswith("held by process ")
    assert full.examine().checks[1].detail == "free"


def test_a_deleted_chroma_folder_is_seen_and_rebuilt_without_a_model(full: Room) -> None:
    shutil.rmtree(full.indexer.place / "chroma")
    assert "missing" in full.bad()["chroma"]
    mended(full)


def test_a_deleted_full_text_folder_is_seen_and_rebuilt_without_a_model(full: Room) -> None:
    shutil.rmtree(full.indexer.place / "lexical")
    assert list(full.bad()) == ["full text"]
    mended(full)


def test_garbage_in_the_chroma_folder_is_seen_by_a_child_and_rebuilt(full: Room) -> None:
    (full.indexer.place / "chroma" / "chroma.sqlite3").write_bytes(b"no database" * 500)
    assert list(full.bad()) == ["chroma"]
    mended(full)


def test_a_chunk_that_chroma_lacks_is_counted_and_put_back(full: Room) -> None:
    chroma = full.indexer.chroma()
    chroma.remove(sorted(full.archive.live_chunks())[:2])
    chroma.close()
    assert full.bad() == {"chroma": "12 chunks, 2 missing"}
    mended(full)


def test_vectors_under_other_ids_do_not_find_themselves(full: Room) -> None:
    chroma = full.indexer.chroma()
    rows = [(c, a) for a in full.archive.articles() for c, _ in full.archive.chunks_with_hashes(a)]
    odd = [-value for value in full.embedder.embed_query("nothing alike")]
    chroma.add([Entry(chunk, source, odd) for chunk, source in rows])
    chroma.close()
    assert "0 of 12 sampled vectors find themselves" in full.bad()["chroma"]
    mended(full)


def test_an_index_that_holds_a_removed_article_is_bad(full: Room) -> None:
    full.archive.remove(full.archive.articles()[0].id)
    bad = full.bad()
    assert bad["pending"] == "0 pending versions, 1 stale chunks"
    assert bad["full text"] == "11 chunks, 1 that no visible article has"
    mended(full)


def test_another_embedder_is_named_and_nothing_is_mended(full: Room) -> None:
    other = Indexer(full.archive, HashEmbedder(), "hash-65", full.folder)
    found = examine(full.archive, other, fix=True)
    check = next(check for check in found.checks if check.name == "fingerprint")
    assert not check.ok
    assert "citewire reindex" in check.hint
    assert full.examine().ok


def test_a_damaged_archive_is_told_and_not_touched(full: Room) -> None:
    full.archive.close()
    file = full.folder / "archive.sqlite3"
    with file.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xff" * 4096 * 3)
    before = file.read_bytes()
    found = Room(full.folder).examine(fix=True)
    assert not found.checks[0].ok
    assert "backup" in found.checks[0].hint
    assert file.read_bytes() == before


def test_a_full_text_index_without_articles_is_seen_and_rebuilt(full: Room) -> None:
    shutil.rmtree(full.indexer.place / "lexical" / "articles")
    assert not examine(full.archive, full.indexer, fix=False).ok
    assert examine(full.archive, full.indexer, fix=True).ok
    assert full.indexer.lexical().ids("articles") == full.archive.live_articles()
