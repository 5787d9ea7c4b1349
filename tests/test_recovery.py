"""What a crash, a lost index or a change of rules leaves behind, and how the next writer and reader meet it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from news import article

from rag.archive import SqlArchive
from rag.chroma import ChromaIndex
from rag.cutting import cut
from rag.errors import IndexDamaged
from rag.indexing import Indexer
from rag.offline import HashEmbedder
from rag.protocols import Entry
from rag.sources import Article, Scope

EMBEDDER = HashEmbedder()
FERRY = article("The ferry sank on Monday. Nobody was hurt.", url="https://x.example/ferry")
EDITED = article("The ferry sank on Monday. Two sailors were hurt.", url="https://x.example/ferry")
MUSEUM = article("The museum opened a hall of whales.", url="https://x.example/museum")


class Crash(Exception):
    """Stands for the end of the process."""


class Dying(Indexer):
    """An indexer whose indexes fail: as if the process died before they were written."""

    def lexical(self, place: Path | None = None):  # noqa: ANN201 - the parent's
        del place
        raise Crash


class Room:
    def __init__(self, folder: Path, kind: type[Indexer] = Indexer) -> None:
        self.folder = folder
        self.archive = SqlArchive(folder)
        self.indexer = kind(self.archive, EMBEDDER, EMBEDDER.name, folder)

    def add(self, *articles: Article) -> None:
        with self.indexer.writing():
            list(self.indexer.add(articles))

    def agreed(self) -> set[str]:
        live = self.archive.live_chunks()
        chroma = self.indexer.chroma()
        assert self.indexer.lexical().ids() == chroma.ids() == live == set(self.archive.vector_table("hash-64").ids)
        chroma.close()
        assert not self.archive.pending()
        assert not self.archive.stale()
        return live


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path / "archive")
    made.add(FERRY, MUSEUM)
    yield made
    made.archive.close()


def left_pending(room: Room, *articles: Article) -> None:
    """Store articles as a process does that dies before its indexes are written."""
    cuts = [cut(one, room.archive) for one in articles]
    texts = {key: one.article for one in cuts for key in one.hashes}
    bodies = [f"{source.outlet} | 2026-03-03\n{source.text}" for source in texts.values()]
    room.archive.store_vectors(list(texts), EMBEDDER.matrix(bodies), EMBEDDER.name)
    room.archive.put(cuts, {})


def test_a_version_that_was_never_visible_is_neither_shown_nor_citable(room: Room) -> None:
    left_pending(room, EDITED)
    assert room.archive.article(FERRY.id) == FERRY
    assert room.archive.article(FERRY.id, EDITED.version) is None
    assert {chunk.partition("+")[0] for chunk in room.archive.live_chunks()} == {FERRY.key, MUSEUM.key}


def test_the_next_writer_finishes_what_is_pending(room: Room) -> None:
    left_pending(room, EDITED)
    room.add(MUSEUM)
    assert room.archive.article(FERRY.id) == EDITED
    assert room.archive.article(FERRY.id, FERRY.version) == FERRY
    room.agreed()


def test_a_rebuild_shows_pending_versions_only_by_its_switch(room: Room) -> None:
    left_pending(room, EDITED)
    dying = Room(room.folder, Dying)
    with pytest.raises(Crash), dying.indexer.writing():
        dying.indexer.reindex()
    assert room.archive.article(FERRY.id) == FERRY
    with room.indexer.writing():
        room.indexer.reindex()
    assert room.archive.article(FERRY.id) == EDITED
    room.agreed()
    dying.archive.close()


@pytest.mark.parametrize("part", ["chroma", "lexical", "."])
def test_adding_to_an_archive_whose_index_is_lost_makes_it_anew(
    room: Room, part: str, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(room.indexer.place / part)
    new = article("A tunnel opened.", url="https://x.example/tunnel")
    with caplog.at_level(logging.WARNING, "rag.indexing"):
        room.add(new)
    assert "making it anew" in caplog.text
    assert {chunk.partition("@")[0] for chunk in room.agreed()} == {FERRY.id, MUSEUM.id, new.id}


def test_adding_to_an_archive_whose_index_is_garbage_makes_it_anew(room: Room) -> None:
    (room.indexer.place / "chroma" / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    room.add(EDITED)
    assert len(room.agreed()) == 2


def test_removing_needs_no_sound_index_and_the_next_writer_tidies_up(room: Room) -> None:
    (room.indexer.place / "chroma" / "chroma.sqlite3").write_bytes(b"garbage" * 1000)
    with room.indexer.writing():
        room.indexer.remove(FERRY)
    assert room.archive.article(FERRY.id) is None
    room.add(article("A tunnel opened.", url="https://x.example/tunnel"))
    assert not any(chunk.startswith(FERRY.id) for chunk in room.agreed())
    assert FERRY.id not in dict(room.indexer.lexical().search_articles("ferry sank", 9, Scope()))


def test_a_removed_text_is_overwritten_in_the_archive_s_files(room: Room) -> None:
    secret = article("Zanzibarquux was the name that nobody may read.", url="https://x.example/secret")
    room.add(secret)
    with room.indexer.writing():
        room.indexer.remove(secret)
    room.archive.close()
    files = list(room.folder.glob("archive.sqlite3*"))
    assert files
    assert not any(b"Zanzibarquux" in file.read_bytes() for file in files)


def test_a_text_keeps_its_sentences_when_its_metadata_change_under_another_splitter(room: Room) -> None:
    made = cut(FERRY)
    whole = replace(made, spans=((0, len(FERRY.text)),), splitter="an-older-one")
    room.archive.put([replace(whole, chunks=(replace(made.chunks[0], last=0),))], {})
    room.add(MUSEUM)
    room.add(replace(FERRY, headline="Ferry sinks"))
    stored = room.archive.article(FERRY.id)
    assert stored is not None
    assert stored.headline == "Ferry sinks"
    assert [sentence.text for sentence in room.archive.sentences(stored)] == [FERRY.text]
    assert room.archive.splitter(stored) == "an-older-one"
    room.agreed()


def test_a_read_that_a_writer_interrupts_is_read_again(room: Room) -> None:
    tries = 0

    def read() -> Iterable[str]:
        nonlocal tries
        tries += 1
        ids = [chunk for chunk, _ in room.indexer.lexical().search("ferry", 5, Scope())]
        if tries == 1:
            room.add(EDITED)
        return room.archive.chunks(ids)

    assert list(room.archive.steady(read)) == [f"{EDITED.key}+0"]
    assert tries == 2


class Pieces(ChromaIndex):
    """Writes half of what it is given."""

    def add(self, entries: Sequence[Entry]) -> None:
        super().add(entries[: len(entries) // 2])
        msg = "the disk broke"
        raise IndexDamaged(msg)


class Halting(Indexer):
    """An indexer whose vector index breaks in the middle."""

    def chroma(self, place: Path | None = None) -> ChromaIndex:
        return Pieces((place or self.place) / "chroma")


def test_an_index_that_breaks_in_the_middle_of_a_batch_leaves_it_invisible(room: Room) -> None:
    more = [article(f"Boat {n} came to pier {n}.", url=f"https://x.example/{n}") for n in range(6)]
    halting = Room(room.folder, Halting)
    with pytest.raises(IndexDamaged):
        halting.add(EDITED, *more)
    assert {one.id for one in room.archive.articles()} == {FERRY.id, MUSEUM.id}
    assert room.archive.article(FERRY.id) == FERRY
    room.add()
    assert room.archive.article(FERRY.id) == EDITED
    assert len(room.agreed()) == 8
    halting.archive.close()
