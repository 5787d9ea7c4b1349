"""``--as-of``: of each article the version that was known on that day is found, read and cited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Command

from rag import retrieval
from rag.answers import Abstention
from rag.archive import SqlArchive
from rag.indexing import Indexer
from rag.newsroom import Newsroom
from rag.offline import HashEmbedder
from rag.sources import Article, Scope

TUESDAY, THURSDAY = (datetime(2026, 3, day, 9, tzinfo=UTC) for day in (3, 5))
FIRST = Article(
    "A ferry hit the quay at Tarrow Head on Tuesday. Ten people died in the ferry accident, the coastguard said. "
    "The ferry carried 120 passengers from Millbrook.",
    headline="Ferry hits quay at Tarrow",
    outlet="Harbour Post",
    published=TUESDAY,
    url="https://post.example/ferry",
)
EDITED = replace(
    FIRST,
    text="A ferry hit the quay at Tarrow Head on Tuesday. Fourteen people died in the ferry accident, the coastguard "
    "said. The captain was arrested on Thursday.",
    headline="Ferry captain arrested",
)
OTHER = Article(
    "A ferry accident at Tarrow Head left passengers in the water on Tuesday. Rescue boats came from Millbrook.",
    headline="Ferry accident at Tarrow Head",
    outlet="Brazier",
    published=TUESDAY,
    url="https://brazier.example/ferry",
)
DEATHS = "How many people died in the ferry accident?"


def then(day: datetime) -> Scope:
    """As asked a day later."""
    return Scope(as_of=day + timedelta(days=1))


@pytest.fixture(params=[THURSDAY, TUESDAY], ids=["dated anew", "under its first date"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Newsroom]:
    """An article and its edited version, which tells when it was edited, or does not."""
    with Newsroom.open(tmp_path / "archive") as room:
        room.add(FIRST, OTHER)
        room.add(replace(EDITED, published=request.param))
        yield room


def stored(folder: Path, *versions: Article) -> SqlArchive:
    archive = SqlArchive(folder)
    indexer = Indexer(archive, HashEmbedder(), HashEmbedder.name, folder)
    with indexer.writing():
        for version in versions:
            list(indexer.add([version]))
    return archive


def text(archive: SqlArchive, day: datetime) -> str | None:
    return next((article.text for article in archive.articles(Scope(as_of=day))), None)


def test_an_answer_tells_what_the_paper_said_on_that_day(room: Newsroom) -> None:
    early = room.ask(DEATHS, scope=then(TUESDAY))
    assert [claim.text for claim in early.claims] == [
        "Ten people died in the ferry accident, the coastguard said. (Harbour Post)"
    ]
    (citation,) = early.claims[0].citations
    assert citation.sentence.version == FIRST.version
    assert citation.headline == FIRST.headline
    now = room.ask(DEATHS)
    assert [claim.text for claim in now.claims] == [
        "Fourteen people died in the ferry accident, the coastguard said. (Harbour Post)"
    ]


def test_what_was_added_to_an_article_later_answers_nothing_as_of_before(room: Newsroom) -> None:
    assert room.ask("Who was arrested on Thursday?").claims
    assert isinstance(room.ask("Who was arrested on Thursday?", scope=then(TUESDAY)), Abstention)
    passages = room.passages(DEATHS, scope=then(TUESDAY))
    read = {sentence.text for passage in passages for sentence in passage.sentences}
    assert "The ferry carried 120 passengers from Millbrook." in read
    assert not any("Fourteen" in one or "arrested" in one for one in read)


REWRITTEN = replace(
    FIRST, text="The harbourmaster resigned. A judge will hear the case in autumn.", headline="Harbourmaster resigns"
)


def test_an_article_that_was_written_anew_is_found_by_its_text_of_that_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "DEPTH", 2)  # an archive so large that not all of it is found by every question
    with Newsroom.open(tmp_path / "archive") as room:
        room.add(
            FIRST, *(replace(OTHER, url=f"https://brazier.example/{n}", text=f"{n} {OTHER.text}") for n in range(3))
        )
        room.add(replace(REWRITTEN, published=THURSDAY))
        early = room.ask("How many passengers did the ferry carry from Millbrook?", scope=then(TUESDAY))
        assert [citation.sentence.version for claim in early.claims for citation in claim.citations] == [FIRST.version]
        assert isinstance(room.ask("Who resigned?", scope=then(TUESDAY)), Abstention)
        assert room.ask("Who resigned?").claims
        room.remove(FIRST.id)
        left = room.passages("How many passengers did the ferry carry?", scope=then(TUESDAY))
        assert FIRST.id not in {passage.article.id for passage in left}


@pytest.mark.parametrize("topic", ["Tarrow Head ferry", None])
def test_a_briefing_tells_the_version_of_that_day_and_its_headline(room: Newsroom, topic: str | None) -> None:
    early = room.brief(topic, scope=then(TUESDAY)).to_dict()
    told = [citation["text"] for citation in early["citations"].values()]
    assert "Ten people died in the ferry accident, the coastguard said." in told
    versions = {c["version"] for c in early["citations"].values() if c["outlet"] == "Harbour Post"}
    assert versions == {FIRST.version}
    assert "Fourteen" not in str(early)
    assert "arrested" not in str(early)
    assert "Fourteen" in str(room.brief(topic).to_dict())


def test_what_was_written_as_of_a_day_verifies_and_says_what_has_changed_since(room: Newsroom) -> None:
    for early in (room.ask(DEATHS, scope=then(TUESDAY)), room.brief("Tarrow Head ferry", scope=then(TUESDAY))):
        found = room.verify(early.to_dict())
        assert found.ok, found.findings
        assert any("newer version does not hold this sentence" in note for note in found.notes)
        assert any("Ten people died" in since.claim for since in found.corrected_since)
    wire = room.ask(DEATHS, scope=then(TUESDAY)).to_dict()
    wire["provenance"]["as_of"] = None
    assert any("newer version" in finding.problem for finding in room.verify(wire).findings)


def test_a_briefing_of_one_story_and_the_list_of_stories_are_of_that_day(room: Newsroom) -> None:
    (story,) = room.brief("Tarrow Head ferry").stories
    early = str(room.brief(story=story.id, scope=then(TUESDAY)).to_dict())
    assert "Ten people died" in early
    assert "Fourteen" not in early
    assert not any("arrested" in outline.headline for outline in room.stories(then(TUESDAY)))


def test_before_its_first_version_an_article_is_not_read(room: Newsroom) -> None:
    assert room.articles(then(TUESDAY - timedelta(days=3))) == []
    assert room.brief("Tarrow Head ferry", scope=then(TUESDAY - timedelta(days=3))).stories == ()


def test_a_version_with_a_date_of_its_own_is_known_from_then_on(tmp_path: Path) -> None:
    archive = stored(tmp_path, FIRST, replace(EDITED, published=THURSDAY))
    assert text(archive, THURSDAY - timedelta(seconds=1)) == FIRST.text
    assert text(archive, THURSDAY) == EDITED.text
    archive.close()


def test_a_version_under_the_date_of_the_one_before_is_known_from_when_it_was_added(tmp_path: Path) -> None:
    before = datetime.now(UTC)
    archive = stored(tmp_path, FIRST, EDITED)
    assert text(archive, before) == FIRST.text
    assert text(archive, datetime.now(UTC)) == EDITED.text
    archive.close()


def test_of_versions_added_out_of_order_the_latest_date_counts(tmp_path: Path) -> None:
    archive = stored(tmp_path, replace(EDITED, published=THURSDAY), FIRST)
    assert text(archive, TUESDAY) == FIRST.text
    assert text(archive, THURSDAY) == EDITED.text
    archive.close()


def test_a_text_that_comes_back_is_known_again_from_then_on(tmp_path: Path) -> None:
    archive = stored(tmp_path, FIRST, replace(EDITED, published=THURSDAY), FIRST)
    assert text(archive, TUESDAY) == FIRST.text
    assert text(archive, THURSDAY) == EDITED.text
    assert text(archive, datetime.now(UTC)) == FIRST.text
    archive.close()


def test_a_headline_alone_that_is_mended_makes_no_text_known_later(tmp_path: Path) -> None:
    archive = stored(tmp_path, FIRST, replace(FIRST, headline="Ferry hits the quay"))
    (found,) = archive.articles(Scope(as_of=TUESDAY))
    assert found.headline == "Ferry hits the quay"
    archive.close()


def test_a_headline_mended_after_an_edit_leaves_the_earlier_text_to_its_day(tmp_path: Path) -> None:
    before = datetime.now(UTC)
    archive = stored(tmp_path, FIRST, EDITED, replace(EDITED, headline="Ferry captain is held"))
    assert text(archive, before) == FIRST.text
    assert text(archive, datetime.now(UTC)) == EDITED.text
    archive.close()


def test_a_version_without_a_date_does_not_hide_the_dated_one_that_followed_it(tmp_path: Path) -> None:
    archive = stored(tmp_path, replace(FIRST, published=None), EDITED)
    assert text(archive, TUESDAY) == EDITED.text
    assert text(archive, datetime.now(UTC)) == EDITED.text
    archive.close()


def test_an_article_that_is_removed_and_added_again_is_known_from_its_date_on(tmp_path: Path) -> None:
    archive = stored(tmp_path, FIRST, replace(EDITED, published=THURSDAY))
    archive.remove(FIRST.id)
    archive.close()
    archive = stored(tmp_path, EDITED)
    assert text(archive, TUESDAY) == EDITED.text
    archive.close()


def test_the_window_holds_for_the_version_of_that_day(tmp_path: Path) -> None:
    archive = stored(tmp_path, FIRST, replace(EDITED, published=THURSDAY))
    since = TUESDAY + timedelta(hours=1)
    assert archive.articles(Scope(since=since, as_of=THURSDAY - timedelta(seconds=1))) == []
    assert archive.allowed(Scope(since=since, as_of=THURSDAY)) == {FIRST.id}
    archive.close()


def test_the_command_line_reads_the_version_of_that_day(citewire: Command, tmp_path: Path) -> None:
    for name, version in (("first", FIRST), ("edited", EDITED)):
        lines = [
            f"Headline: {version.headline}",
            "Outlet: Harbour Post",
            "Published: 2026-03-03",
            f"URL: {version.url}",
        ]
        (tmp_path / f"{name}.txt").write_text("\n".join([*lines, "", version.text]), "utf-8")
        assert citewire("add", tmp_path / f"{name}.txt").returncode == 0
    assert "Ten people died" in citewire("ask", DEATHS, "--as-of", "2026-03-04").stdout
    assert "Ten people died" in citewire("brief", "Tarrow Head ferry", "--as-of", "2026-03-04").stdout
    assert "Fourteen people died" in citewire("ask", DEATHS).stdout
