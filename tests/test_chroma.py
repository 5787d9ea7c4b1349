"""Vectors in Chroma: what another process wrote, what a server shares, and what is said when it cannot be used."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import chromadb
import numpy as np
import pytest

from rag.chroma import HNSW, ChromaIndex
from rag.errors import IndexDamaged
from rag.offline import HashEmbedder
from rag.protocols import Entry
from rag.sources import Article, Chunk, Scope

EMBEDDER = HashEmbedder()
WRITER = """
import sys
from pathlib import Path
from rag.chroma import ChromaIndex
sys.path.insert(0, sys.argv[2])
from test_chroma import entries
index = ChromaIndex(Path(sys.argv[1]))
index.add(entries(*map(int, sys.argv[3:])))
index.close()
"""


def entries(start: int, stop: int) -> list[Entry]:
    found: list[Entry] = []
    for n in range(start, stop):
        told = Article(text=f"Boat {n} met {n * 31} and {n * 77}.", url=f"https://x.example/{n}")
        vector = EMBEDDER.matrix([told.text])[0]
        found.append(Entry(Chunk(told.id, told.version, 0, 0, 0, 0, len(told.text)), told, vector))
    return found


def written(folder: Path, start: int, stop: int) -> None:
    here = str(Path(__file__).parent)
    subprocess.run([sys.executable, "-c", WRITER, str(folder), here, str(start), str(stop)], check=True)


def missed(index: ChromaIndex, wanted: list[Entry]) -> int:
    return sum(one.chunk.id not in dict(index.search(one.vector, 5, Scope())) for one in wanted)


def test_an_open_reader_finds_what_another_process_wrote_once_the_generation_has_changed(tmp_path: Path) -> None:
    generation = 0
    written(tmp_path, 0, 40)
    reader = ChromaIndex(tmp_path, generation=lambda: generation)
    assert missed(reader, entries(0, 40)) == 0
    written(tmp_path, 40, 80)
    generation += 1
    assert missed(reader, entries(0, 80)) == 0
    assert len(reader.ids()) == 80
    reader.close()


def test_closing_one_index_leaves_another_program_s_client_alone(tmp_path: Path) -> None:
    collection = chromadb.PersistentClient(str(tmp_path / "theirs")).create_collection("notes", embedding_function=None)
    ours = ChromaIndex(tmp_path / "ours")
    ours.add(entries(0, 3))
    ours.close()
    collection.add(ids=["a"], embeddings=[[0.0, 1.0]])
    assert collection.count() == 1


def test_no_record_holds_text_and_each_has_all_keys(tmp_path: Path) -> None:
    dated = Article(text="A boat came.", outlet="Gull", published=datetime(2026, 3, 3, tzinfo=UTC))
    bare = Article(text="A boat went.")
    index = ChromaIndex(tmp_path, "0123456789ab")
    index.add([Entry(Chunk(a.id, a.version, 0, 0, 0, 0, 12), a, EMBEDDER.matrix([a.text])[0]) for a in (dated, bare)])
    collection = index._collection()
    kept = collection.get(include=["documents", "metadatas"])
    assert kept["documents"] == [None, None]
    keys = {"article", "version", "outlet", "published", "start", "end"}
    assert [set(one) for one in kept["metadatas"]] == [keys, keys]
    assert collection.metadata == {"fingerprint": "0123456789ab"}
    hnsw = collection.configuration["hnsw"]
    assert {key: hnsw[key] for key in HNSW} == HNSW
    index.close()


def test_more_records_than_one_upsert_takes_go_in(tmp_path: Path) -> None:
    index = ChromaIndex(tmp_path)
    told = Article(text="x" * 6000)
    rows = np.random.default_rng(3).normal(size=(6000, 8)).astype(np.float32)
    index.add([Entry(Chunk(told.id, told.version, n, 0, 0, n, n + 1), told, row) for n, row in enumerate(rows)])
    assert index.count() == 6000
    index.remove([f"{told.key}+{n}" for n in range(5990)])
    assert len(index.ids()) == 10
    index.close()


def test_a_sweep_deletes_the_other_collections_of_its_archive_only(tmp_path: Path) -> None:
    names = ("citewire-abc-index-1", "citewire-abc-index-2", "citewire-xyz-index-1")
    for name in names:
        index = ChromaIndex(tmp_path, collection=name)
        index.add(entries(0, 2))
        index.close()
    index = ChromaIndex(tmp_path, collection="citewire-abc-index-2")
    index.sweep("citewire-abc-")
    assert sorted(index._names()) == ["citewire-abc-index-2", "citewire-xyz-index-1"]
    index.close()


def test_an_index_that_is_not_there_holds_nothing_and_is_not_made_by_looking(tmp_path: Path) -> None:
    index = ChromaIndex(tmp_path / "no")
    assert index.count() == 0
    index.remove(["a@b+0"])
    index.clear()
    assert not (tmp_path / "no").exists()


def test_garbage_in_its_place_is_damage_with_the_command_that_mends(tmp_path: Path) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"no database" * 500)
    with pytest.raises(IndexDamaged, match=str(tmp_path)) as caught:
        ChromaIndex(tmp_path).search(EMBEDDER.embed_query("boat"), 3, Scope())
    assert caught.value.hint == "citewire doctor --fix"


def test_a_server_that_does_not_run_is_named_with_the_command_that_starts_it() -> None:
    with pytest.raises(IndexDamaged, match=r"http://127\.0\.0\.1:9 cannot be reached") as caught:
        ChromaIndex("http://127.0.0.1:9").ids()
    assert "chroma run --port 9" in caught.value.hint
