"""The archive by itself: what it keeps, to the letter, and what it refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from news import article

from rag.archive import SqlArchive
from rag.errors import ArchiveError
from rag.indexing import Indexer
from rag.offline import HashEmbedder
from rag.sources import Article, Scope


def stored(folder: Path, *articles: Article) -> SqlArchive:
    archive = SqlArchive(folder)
    indexer = Indexer(archive, HashEmbedder(), HashEmbedder.name, folder)
    with indexer.writing():
        list(indexer.add(articles))
    return archive


def test_every_field_comes_back_as_it_went_in(tmp_path: Path) -> None:
    zone = timezone(timedelta(hours=5, minutes=45))
    whole = Article(
        text="Zwölf Boote — “sunk”.\r\n\tThe end 🚢.",
        headline="Sinking",
        byline="A. B.",
        outlet="Harbour Post",
        published=datetime(2026, 3, 3, 1, 2, 3, 456, tzinfo=zone),
        url="HTTPS://x.example/a?b=1#c",
        labels=("opinion", "ünï"),
    )
    archive = stored(tmp_path, whole)
    found = archive.article(whole.id)
    assert found == whole
    assert found is not None
    assert found.published is not None
    assert found.published.utcoffset() == timedelta(hours=5, minutes=45)
    archive.close()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(str.strip))
def test_any_text_comes_back_to_the_letter_with_its_sentences(
    text: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    archive = SqlArchive(tmp_path_factory.mktemp("any"))
    folder = Path(archive.place)
    archive.close()
    archive = stored(folder, article(text))
    (found,) = archive.articles()
    assert found.text == text
    for sentence in archive.sentences(found):
        assert text[sentence.start : sentence.end] == sentence.text
    archive.close()


def test_what_one_process_wrote_the_next_reads(tmp_path: Path) -> None:
    stored(tmp_path, article("The ferry sank.")).close()
    again = SqlArchive(tmp_path)
    assert [found.text for found in again.articles()] == ["The ferry sank."]
    again.close()


def test_articles_come_newest_first_and_undated_ones_last(tmp_path: Path) -> None:
    first = article("One.", url="https://x.example/1")
    later = replace(first, text="Two.", url="https://x.example/2", published=datetime(2026, 4, 1, tzinfo=UTC))
    never = replace(first, text="Three.", url="https://x.example/3", published=None)
    archive = stored(tmp_path, never, first, later)
    assert [found.text for found in archive.articles()] == ["Two.", "One.", "Three."]
    assert [found.text for found in archive.articles(Scope(since=datetime(2026, 3, 4, tzinfo=UTC)))] == ["Two."]
    assert archive.allowed(Scope(outlets=("HARBOUR POST",))) == {first.id, later.id, never.id}
    assert archive.newest() == later.published
    archive.close()


def test_an_article_is_found_by_the_start_of_its_id_and_a_wildcard_is_no_start(tmp_path: Path) -> None:
    one = article("The ferry sank.")
    archive = stored(tmp_path, one)
    assert archive.matching(one.id[:4]) == [one.id]
    assert archive.matching("%") == []
    assert archive.article(one.id, "_") is None
    assert archive.article("nobody") is None
    archive.close()


def test_more_articles_than_one_statement_binds_are_all_returned(tmp_path: Path) -> None:
    many = [article(f"Ferry {n} sank.", url=f"https://x.example/{n}") for n in range(1203)]
    archive = stored(tmp_path, *many)
    ids = [one.id for one in many]
    assert len(archive.articles(ids=ids)) == len(many)
    assert len(archive.roots(ids)) == len(many)
    assert len(archive.chunks(archive.live_chunks())) == len(many)
    assert archive.mean_vectors(ids, "hash-64").shape == (1203, 64)
    assert archive.counts() == {"articles": 1203, "versions": 1203, "chunks": 1203, "pending": 0, "stale": 0}
    archive.close()


def test_an_empty_archive_gives_empty_answers(tmp_path: Path) -> None:
    archive = SqlArchive(tmp_path)
    assert archive.articles() == []
    assert archive.vector_table("hash-64").ids == ()
    assert archive.newest() is None
    assert archive.live_chunks() == set()
    assert archive.generation == 0
    assert archive.integrity() == "ok"
    archive.close()


def test_an_archive_of_a_newer_citewire_is_refused(tmp_path: Path) -> None:
    archive = SqlArchive(tmp_path)
    archive.set({"schema": "99"})
    archive.close()
    with pytest.raises(ArchiveError, match="newer citewire") as caught:
        SqlArchive(tmp_path)
    assert "upgrade" in caught.value.hint


def test_the_same_file_serves_by_its_url(tmp_path: Path) -> None:
    stored(tmp_path, article("The ferry sank.")).close()
    by_url = SqlArchive(f"sqlite:///{tmp_path / 'archive.sqlite3'}")
    assert len(by_url.articles()) == 1
    by_url.close()
