"""Words to chunks: bytes that are wrong, words that are stems, readers that stay open."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from rag.errors import IndexDamaged
from rag.lexical import LexicalIndex
from rag.protocols import Entry
from rag.sources import Article, Chunk, Scope


def entry(text: str, n: int = 0, headline: str | None = None) -> Entry:
    told = Article(text=text, url=f"https://x.example/{n}", headline=headline)
    return Entry(Chunk(told.id, told.version, 0, 0, 0, 0, len(told.text)), told, ())


def many(start: int, stop: int) -> list[Entry]:
    return [entry(f"The ferry {n} left pier {n % 7} on a cold day.", n) for n in range(start, stop)]


def found(index: LexicalIndex, query: str) -> set[str]:
    return {chunk for chunk, _ in index.search(query, 100, Scope())}


def test_words_match_by_their_stems_and_in_headlines(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    first, second = entry("The pilots were warned twice.", 1), entry("Nobody was hurt.", 2, "Ferries collide")
    index.add([first, second])
    assert found(index, "Which pilot got a warning?") == {first.chunk.id}
    assert found(index, "ferry collision collided") == {second.chunk.id}


def test_a_question_of_stop_words_alone_is_still_asked(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.add([entry("Who is who in the harbour.", 1)])
    assert len(found(index, "who is who")) == 1


def test_rare_words_count_more_than_common_ones(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.add([*many(0, 20), entry("The ferry hit a whale.", 99)])
    assert index.search("ferry whale", 1, Scope())[0][0] == entry("The ferry hit a whale.", 99).chunk.id


def test_a_text_that_is_not_in_the_index_is_scored_as_if_it_were(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    entries = [*many(0, 40), entry("A harbourmaster resigned over the pier.", 90, "The ferry line")]
    index.add(entries)
    asked = "Which harbourmaster resigned on the pier of ferry 12?"
    scores = index.score(asked, [(one.article.headline or "", one.article.text) for one in entries])
    by_hand = dict(zip((one.chunk.id for one in entries), scores, strict=True))
    assert dict(index.search(asked, 100, Scope())) == pytest.approx(by_hand, rel=0.05)
    index.remove([one.chunk.id for one in entries[:39]])
    assert min(index.score(asked, [("", "The ferry at the pier.")])) > 0


def test_an_open_reader_sees_what_another_wrote(tmp_path: Path) -> None:
    reader, writer = LexicalIndex(tmp_path), LexicalIndex(tmp_path)
    writer.add(many(0, 5))
    assert len(found(reader, "ferry")) == 5
    writer.add(many(5, 9))
    writer.remove([many(0, 1)[0].chunk.id])
    assert len(found(reader, "ferry")) == 8
    assert reader.count() == 8


def test_an_index_that_is_not_there_counts_nothing_and_forgets_nothing(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path / "no")
    assert index.count() == 0
    index.remove(["a@b+0"])
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "gone"])
def test_wrong_bytes_never_raise_anything_but_damage(tmp_path: Path, harm: str) -> None:
    chance = random.Random(1)
    LexicalIndex(tmp_path / "sound").add(many(0, 60))
    names = sorted({path.suffix or path.name for path in (tmp_path / "sound" / "chunks").iterdir()})
    told: list[IndexDamaged] = []
    for name in names:
        folder = tmp_path / f"harmed-{name.strip('.')}"
        LexicalIndex(folder).add(many(0, 60))
        path = next(one for one in (folder / "chunks").iterdir() if (one.suffix or one.name) == name)
        body = bytearray(path.read_bytes())
        for place in [chance.randrange(len(body)) for _ in range(20 if body and harm == "flipped" else 0)]:
            body[place] ^= 0xFF
        path.write_bytes({"cut": body[: len(body) // 2], "flipped": body, "empty": b"", "gone": b""}[harm])
        if harm == "gone":
            path.unlink()
        try:
            LexicalIndex(folder).search("ferry pier 3", 50, Scope())
            LexicalIndex(folder).ids()
        except IndexDamaged as error:
            told.append(error)
    assert len(told) >= 3  # or the test would be about nothing
    assert all("harmed-" in str(error) and error.hint == "citewire doctor --fix" for error in told)
