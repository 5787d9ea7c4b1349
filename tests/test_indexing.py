"""Adding, editing, removing and rebuilding, and what is said when something is in the way."""

from __future__ import annotations

import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from embedders import Counting
from news import article

from rag.answers import Answer
from rag.archive import SqlArchive
from rag.errors import ArchiveDamaged, ArchiveLocked, IndexMismatch
from rag.indexing import Indexer
from rag.newsroom import Newsroom
from rag.offline import HashEmbedder
from rag.settings import Settings
from rag.sources import Article, Scope

if TYPE_CHECKING:
    from rag.protocols import Vectors

LONG = " ".join(f"The ferry {n} carried {n * 7} cars from pier {n * 3} to the island at dawn." for n in range(40))


class Mirrored(HashEmbedder):
    """Another model of the same size."""

    def matrix(self, texts: Sequence[str]) -> Vectors:
        return super().matrix(texts)[:, ::-1].copy()


class Room:
    def __init__(self, folder: Path, embedder: HashEmbedder | None = None, name: str = "hash-64") -> None:
        self.folder = folder
        self.archive = SqlArchive(folder)
        self.embedder = embedder or Counting()
        self.indexer = Indexer(self.archive, self.embedder, name, folder)

    def add(self, *articles: Article) -> list[str]:
        with self.indexer.writing():
            return [receipt.outcome for receipt in self.indexer.add(articles)]

    def agreed(self) -> set[str]:
        """The chunks that archive, full text, vectors and Chroma hold, all the same."""
        live = self.archive.live_chunks()
        chroma = self.indexer.chroma()
        assert self.indexer.lexical().ids() == live
        assert chroma.ids() == live
        chroma.close()
        assert set(self.archive.vector_table("hash-64").ids) == live
        assert not self.archive.pending()
        assert not self.archive.stale()
        return live

    @property
    def embedded(self) -> int:
        assert isinstance(self.embedder, Counting)
        return self.embedder.texts


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path / "archive")
    yield made
    made.archive.close()


def _outlet(*names: str) -> Scope:
    return Scope(outlets=names)


URL = "https://x.example/ferry"
FERRY = article("The ferry sank on Monday. Nobody was hurt.", url=URL, headline="Ferry sinks")
EDITED = article("The ferry sank on Monday. Two sailors were hurt.", url=URL, headline="Ferry sinks")


def test_adding_twice_changes_nothing_and_embeds_nothing(room: Room) -> None:
    assert room.add(FERRY, article(LONG)) == ["added", "added"]
    embedded, generation, before = room.embedded, room.archive.generation, room.agreed()
    assert room.add(FERRY, article(LONG)) == ["unchanged", "unchanged"]
    assert (room.embedded, room.archive.generation, room.agreed()) == (embedded, generation, before)


def test_an_edited_article_is_a_new_version_and_the_old_one_stays_readable_and_citable(room: Room) -> None:
    room.add(FERRY)
    assert room.add(EDITED) == ["updated"]
    assert room.archive.article(FERRY.id) == EDITED
    old = room.archive.article(FERRY.id, FERRY.version[:12])
    assert old is not None
    assert old == FERRY
    assert [s.text for s in room.archive.sentences(old)] == ["The ferry sank on Monday.", "Nobody was hurt."]
    assert all(EDITED.version[:12] in chunk for chunk in room.agreed())


def test_an_article_that_goes_back_to_its_first_text_shows_that_text(room: Room) -> None:
    room.add(FERRY)
    room.add(EDITED)
    assert room.add(FERRY) == ["updated"]
    assert room.archive.article(FERRY.id) == FERRY
    assert room.archive.article(FERRY.id, EDITED.version) == EDITED
    assert all(FERRY.version[:12] in chunk for chunk in room.agreed())
    assert room.archive.counts()["versions"] == 2


def test_changed_metadata_is_stored_and_searched(room: Room) -> None:
    room.add(FERRY)
    renamed = replace(FERRY, headline="Island catastrophe", outlet="Daily Quay")
    assert room.add(renamed) == ["updated"]
    assert room.archive.article(FERRY.id) == renamed
    assert room.indexer.lexical().search_articles("catastrophe", 3, scope=_outlet("daily quay"))
    assert not room.indexer.lexical().search("ferry", 3, _outlet("Harbour Post"))
    assert len(room.agreed()) == 1


def test_two_versions_of_one_address_in_one_add_are_both_kept(room: Room) -> None:
    assert room.add(FERRY, article(LONG), EDITED) == ["added", "added", "updated"]
    assert room.archive.article(FERRY.id) == EDITED
    assert room.archive.article(FERRY.id, FERRY.version) == FERRY
    room.agreed()


def test_a_removed_article_is_forgotten_everywhere(room: Room) -> None:
    room.add(FERRY, EDITED, article(LONG))
    with room.indexer.writing():
        room.indexer.remove(EDITED)
    assert room.archive.article(FERRY.id) is None
    assert room.archive.article(FERRY.id, FERRY.version) is None
    assert not any(chunk.startswith(FERRY.id) for chunk in room.agreed())
    kept = {article for article, _ in room.indexer.lexical().search_articles("sank ferry", 9, _outlet("Harbour Post"))}
    assert FERRY.id not in kept
    assert room.add(FERRY) == ["added"]


def test_a_rebuild_calls_no_embedder_and_holds_the_same_chunks(room: Room) -> None:
    room.add(FERRY, article(LONG))
    embedded, before, place = room.embedded, room.agreed(), room.indexer.place
    with room.indexer.writing():
        assert room.indexer.reindex() == len(before)
    assert room.embedded == embedded
    assert room.agreed() == before
    assert room.indexer.place != place
    assert not place.exists()


def test_progress_counts_articles_up_to_the_last(room: Room) -> None:
    seen: list[tuple[int, int]] = []
    with room.indexer.writing():
        list(room.indexer.add([FERRY, article(LONG)], lambda done, total: seen.append((done, total)), 2))
        room.indexer.reindex(lambda done, total: seen.append((done, total)))
    assert seen == [(2, 2), (2, 2)]


def test_another_model_of_the_same_size_and_name_is_refused_and_named(room: Room) -> None:
    room.add(FERRY)
    other = Room(room.folder, Mirrored())
    with pytest.raises(IndexMismatch, match="hash-64") as caught:
        other.add(EDITED)
    assert "citewire reindex" in caught.value.hint
    assert other.archive.article(FERRY.id) == FERRY
    other.archive.close()


def test_another_embedder_is_refused_until_the_index_is_made_anew_with_it(room: Room) -> None:
    room.add(FERRY)
    other = Room(room.folder, Mirrored(), "mirror-64")
    with pytest.raises(IndexMismatch, match=r"hash-64.*mirror-64") as caught:
        other.add(EDITED)
    assert "citewire reindex" in caught.value.hint
    with other.indexer.writing():
        other.indexer.reindex()
    assert other.add(EDITED) == ["updated"]
    assert set(other.archive.vector_table("mirror-64").ids) == other.archive.live_chunks()
    with pytest.raises(IndexMismatch):
        room.indexer.check()
    other.archive.close()


def test_a_rebuild_with_another_model_under_the_same_name_makes_its_vectors_anew(room: Room) -> None:
    room.add(FERRY)
    other = Room(room.folder, Mirrored())
    with other.indexer.writing():
        other.indexer.reindex()
    other.indexer.check()
    table = other.archive.vector_table("hash-64")
    wanted = Mirrored().matrix([f"Ferry sinks | Harbour Post | 2026-03-03\n{FERRY.text}"])
    assert (table.matrix == wanted).all()
    other.archive.close()


HOLD = """
import sys
from pathlib import Path
from rag.archive import SqlArchive
from rag.indexing import Indexer
from rag.offline import HashEmbedder
folder = Path(sys.argv[1])
with Indexer(SqlArchive(folder), HashEmbedder(), "hash-64", folder).writing():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_an_archive_that_another_process_writes_is_locked_and_that_process_named(room: Room) -> None:
    room.add(FERRY)
    room.indexer.lock_timeout = 0.1
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(room.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ArchiveLocked, match=rf"process {holder.pid} since 20") as caught:
            room.add(EDITED)
        assert caught.value.hint
        assert room.archive.article(FERRY.id) == FERRY  # readers do not wait
        holder.communicate("")
    assert room.add(EDITED) == ["updated"]


# -- lost and damaged ------------------------------------------------------------------------------------------------


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom(Settings.load(archive=tmp_path / "news", rerank=False)) as made:
        made.add(
            article("The ferry sank on Monday near the north pier. Nobody was hurt.", url="https://x.example/1"),
            article("The museum opened a hall of whales. Visitors queued for hours.", url="https://x.example/2"),
        )
        yield made


def told(newsroom: Newsroom) -> str:
    answer = newsroom.ask("When did the ferry sink?")
    assert isinstance(answer, Answer), answer
    return " ".join(claim.text for claim in answer.claims)


@pytest.mark.parametrize(("part", "check"), [("chroma", "chroma"), ("lexical", "full text")])
def test_questions_are_answered_without_an_index_and_the_doctor_makes_it_anew(
    newsroom: Newsroom, part: str, check: str, caplog: pytest.LogCaptureFixture
) -> None:
    (folder,) = Path(newsroom.settings.archive).glob("index-*")
    shutil.rmtree(folder / part)
    with caplog.at_level(logging.WARNING, "rag.searching"):
        assert "Monday" in told(newsroom)
    assert ("searching by vectors alone" in caplog.text) == (part == "lexical")
    bad = [found for found in newsroom.doctor().checks if not found.ok]
    assert [found.name for found in bad] == [check]
    assert bad[0].hint == "citewire doctor --fix"
    assert newsroom.doctor(fix=True).ok
    caplog.clear()
    assert "Monday" in told(newsroom)
    assert not caplog.text


def test_garbage_instead_of_the_archive_is_damage_and_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "archive.sqlite3"
    file.write_bytes(b"this is no database at all, not even a small one\n" * 200)
    before = file.read_bytes()
    with pytest.raises(ArchiveDamaged, match="not a database") as caught:
        SqlArchive(tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert caught.value.hint
    assert file.read_bytes() == before


def test_a_file_where_the_folder_should_be_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(ArchiveDamaged, match=r"notes\.txt"):
        SqlArchive(tmp_path / "notes.txt")


FULL = """
import resource, signal, sys
from pathlib import Path
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from rag.archive import SqlArchive
from rag.errors import CitewireError
from rag.indexing import Indexer
from rag.offline import HashEmbedder
from rag.sources import Article
folder = Path(sys.argv[1])
archive = SqlArchive(folder)
indexer = Indexer(archive, HashEmbedder(), "hash-64", folder)
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    with indexer.writing():
        for n in range(400):
            text = " ".join(f"Boat {n}.{line} of {line * n} came." for line in range(400))
            for receipt in indexer.add([Article(text=text, url=f"https://y.example/{n}")]):
                print(receipt.article.id, flush=True)
except CitewireError as error:
    print(type(error).__name__, "|", error, "|", error.hint, file=sys.stderr)
    sys.exit(int(error.exit_code))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
@pytest.mark.parametrize("limit", [400_000, 1_500_000])
def test_a_full_disk_is_told_and_what_was_acknowledged_is_intact(room: Room, limit: int) -> None:
    room.add(FERRY)
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(room.folder), str(limit)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 7, run.stderr
    assert "full" in run.stderr
    assert "Traceback" not in run.stderr
    assert room.archive.integrity() == "ok"
    assert room.archive.article(FERRY.id) == FERRY
    for id_ in run.stdout.split():
        assert room.archive.article(id_) is not None
    assert room.add(EDITED) == ["updated"]  # there is room again
    room.agreed()


# -- copies ----------------------------------------------------------------------------------------------------------


def test_near_copies_share_the_root_that_came_first(room: Room) -> None:
    first = article(LONG, url="https://a.example/1", outlet="Wire")
    copy = article(LONG + " More follows.", url="https://b.example/1", outlet="Daily Quay")
    third = article("Boats. " + LONG, url="https://c.example/1", outlet="Gull")
    room.add(first)
    room.add(copy, FERRY, third)
    assert room.archive.roots([first.id, copy.id, third.id, FERRY.id]) == {
        first.id: first.id,
        copy.id: first.id,
        third.id: first.id,
        FERRY.id: FERRY.id,
    }
    assert room.archive.descendants([first.id]) == {first.id, copy.id, third.id}


def test_an_article_that_is_newer_than_all_is_the_newest(room: Room) -> None:
    room.add(FERRY, replace(EDITED, url="https://x.example/2", published=datetime(2026, 4, 1, tzinfo=UTC)))
    assert room.archive.newest() == datetime(2026, 4, 1, tzinfo=UTC)


def test_what_was_removed_stands_in_no_file_of_the_archive(room: Room) -> None:
    room.add(article("The informant Zebulonquist telephoned the brigade at dawn.", headline="Silo"), article(LONG))
    reader = SqlArchive(room.folder)  # such as a watch that sleeps
    assert reader.counts()["articles"] == 2
    gone = next(one for one in room.archive.articles() if one.headline == "Silo")
    with room.indexer.writing():
        room.indexer.remove(gone)
    for level in ("chunks", "articles"):
        folder = room.indexer.place / "lexical" / level
        segments = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["segments"]
        assert not [one for one in segments if one["deletes"]], "a deleted document keeps its words until a merge"
        assert {file.stem for file in folder.glob("*.term")} == {one["segment_id"].replace("-", "") for one in segments}
    files = [file for file in room.folder.iterdir() if file.name.startswith("archive.sqlite3")]
    assert files
    assert not [file for file in files if b"Zebulonquist" in file.read_bytes()]
    assert room.indexer.lexical().ids() == room.archive.live_chunks()
    reader.close()


def test_what_a_crash_left_of_a_removal_is_finished_by_the_next_writer(room: Room) -> None:
    room.add(article("The informant Zebulonquist telephoned the brigade at dawn.", headline="Silo"), article(LONG))
    gone = next(one for one in room.archive.articles() if one.headline == "Silo")
    room.archive.remove(gone.id)  # and here the process was killed
    with room.indexer.writing():
        room.indexer.resume()
    assert room.indexer.lexical().ids() == room.archive.live_chunks()
    for level in ("chunks", "articles"):
        meta = room.indexer.place / "lexical" / level / "meta.json"
        assert not [one for one in json.loads(meta.read_text(encoding="utf-8"))["segments"] if one["deletes"]]
