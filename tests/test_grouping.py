"""Stories of an archive: given once and kept, whoever else comes, goes, writes or dies meanwhile."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.archive import SqlArchive
from rag.errors import ArchiveDamaged, UsageError
from rag.grouping import Grouping
from rag.indexing import Indexer
from rag.likeness import MANY
from rag.offline import HashEmbedder
from rag.sources import Article, Scope
from rag.storybook import Decision

FIRST = datetime(2026, 3, 3, 9, tzinfo=UTC)
EVENTS = (
    "crane warehouse quay terminal forklift dockside harbour inquiry lifting container",
    "library council closure readers petition gallery mayor savings opening branch",
    "glacier survey melting summit climbers expedition ice station researchers drilling",
    "orchestra conductor premiere violin concert hall audience symphony encore baton",
)


def report(event: int, n: int, *, hours: int | None = None, url: str = "", more: str = "") -> Article:
    """One of several reports of an event, in its own words: no two are copies."""
    words = EVENTS[event].split()
    lines = [
        f"{words[(n + k) % 10]} {words[(n * 3 + k + 1) % 10]} own{event}x{n}x{k} {words[(k * 7 + n) % 10]} "
        f"{words[(k + 4) % 10]} also{event}x{n}x{k}."
        for k in range(8)
    ]
    published = FIRST + timedelta(hours=n if hours is None else hours)
    title = f"{words[0]} {words[1]} {words[(n + 2) % 10]}"
    return Article(
        f"{more} {' '.join(lines)}".strip(),
        headline=title,
        outlet=f"Post {n}",
        published=published,
        url=url or f"https://e{event}.example/{n}",
    )


class Room:
    """An archive with an indexer and a grouping."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archive = SqlArchive(folder)
        self.indexer = Indexer(self.archive, HashEmbedder(), HashEmbedder.name, folder)

    def add(self, *articles: Article) -> dict[str, str]:
        with self.indexer.writing():
            list(self.indexer.add(articles))
        return self.stories()

    def remove(self, article: Article) -> dict[str, str]:
        with self.indexer.writing():
            self.indexer.remove(article)
        return self.stories()

    def stories(self) -> dict[str, str]:
        return dict(self.grouping().assigned())

    def grouping(self) -> Grouping:
        return Grouping(self.archive, HashEmbedder.name)


def groups(stories: dict[str, str]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for article, story in stories.items():
        found[story].add(article)
    return {frozenset(members) for members in found.values()}


def ids(articles: Iterable[Article]) -> frozenset[str]:
    return frozenset(article.id for article in articles)


def b_cubed(found: dict[str, str], other: dict[str, str]) -> float:
    def score(ours: dict[str, str], theirs: dict[str, str]) -> float:
        total = 0.0
        for thing, story in ours.items():
            mine = [one for one, other in ours.items() if other == story]
            total += sum(theirs[one] == theirs[thing] for one in mine) / len(mine)
        return total / len(ours)

    precision, recall = score(found, other), score(other, found)
    return 2 * precision * recall / (precision + recall)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_articles_of_one_event_are_one_story_named_after_its_first_report(room: Room) -> None:
    articles = [report(event, n) for event in range(4) for n in range(4)]
    stories = room.add(*articles)
    assert groups(stories) == {ids(articles[start : start + 4]) for start in range(0, 16, 4)}
    assert set(stories.values()) == {report(event, 0).id for event in range(4)}


def test_a_new_article_joins_the_story_of_yesterday_and_the_id_stays(room: Room) -> None:
    before = room.add(*(report(event, n) for event in range(2) for n in range(3)))
    early = report(0, 7, hours=-5)
    after = room.add(early, report(2, 0))
    assert {article: after[article] for article in before} == before
    assert after[early.id] == before[report(0, 0).id]
    assert after[report(2, 0).id] == report(2, 0).id


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    order=st.permutations([(event, n) for event in range(3) for n in range(3)]),
    cuts=st.lists(st.integers(1, 8), max_size=3),
)
def test_ids_never_change_once_given_however_articles_arrive(
    order: Sequence[tuple[int, int]], cuts: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    room = Room(tmp_path_factory.mktemp("order"))
    borders = sorted({0, *cuts, len(order)})
    known: dict[str, str] = {}
    for start, end in pairwise(borders):
        stories = room.add(*(report(event, n) for event, n in order[start:end]))
        for article, story in known.items():
            assert stories[article] == story or room.grouping().find(story) == stories[article]
        known = stories
    together = Room(tmp_path_factory.mktemp("together")).add(*(report(event, n) for event, n in order))
    assert b_cubed(known, together) >= 0.9


def test_two_stories_that_a_new_article_joins_keep_the_older_id_and_the_other_still_resolves(room: Room) -> None:
    half, rest = EVENTS[0].split()[:5], EVENTS[0].split()[5:]

    def of(words: Sequence[str], n: int, url: str) -> Article:
        text = " ".join(f"{word} {word}" for word in words)
        return Article(f"{text} item{n} note{n}.", headline=" ".join(words), published=FIRST, url=url)

    first = of(half, 1, "https://a.example/1")
    second = of(rest, 2, "https://b.example/2")
    before = room.add(first)
    before = room.add(second)
    assert before[first.id] != before[second.id]
    after = room.add(*(of([*half, *rest], n, f"https://c.example/{n}") for n in range(3, 6)))
    assert set(after.values()) == {before[first.id]}
    assert room.grouping().find(before[second.id]) == before[first.id]
    assert room.grouping().find(before[second.id][:8]) == before[first.id]


def test_an_updated_article_stays_in_its_story_and_one_that_became_another_leaves_it(room: Room) -> None:
    before = room.add(*(report(0, n) for n in range(3)))
    updated = report(0, 1, more="Another worker was hurt, the harbour said later.")
    assert room.add(updated) == before
    other = report(3, 0, url=report(0, 2).url or "")
    after = room.add(other)
    assert after[other.id] != after[report(0, 0).id]
    assert after[report(0, 0).id] == before[report(0, 0).id]


def test_a_story_of_one_article_keeps_its_id_through_new_versions(room: Room) -> None:
    before = room.add(report(1, 0))
    assert room.add(report(3, 0, url=report(1, 0).url or "")) == before


def test_removing_the_first_report_leaves_the_story_its_id_and_adding_it_again_makes_no_second(room: Room) -> None:
    articles = [report(0, n) for n in range(4)]
    before = room.add(*articles)
    after = room.remove(articles[0])
    assert set(after.values()) == {before[articles[1].id]}
    assert articles[0].id not in after
    assert room.add(articles[0]) == before
    for article in articles:
        room.remove(article)
    with pytest.raises(UsageError, match="there is no story"):
        room.grouping().find(before[articles[0].id])


def test_copies_count_once_and_are_always_in_one_story(room: Room) -> None:
    wire = report(0, 0)
    copies = [
        Article(wire.text, headline=wire.headline, outlet=f"Copy {n}", published=FIRST, url=f"https://c{n}.example/x")
        for n in range(5)
    ]
    room.add(wire, *copies)
    (outline,) = room.grouping().outlines(Scope())
    assert (len(outline.articles), len(outline.outlets), outline.roots) == (6, 6, 1)


def test_what_a_page_repeats_under_many_addresses_is_no_story_and_glues_nothing(room: Room) -> None:
    advert = "How relevant is this ad to you? Tell us whether the video player was slow to load the content today."
    pages = [
        Article(advert, headline=f"Page {n}", published=FIRST, url=f"https://ads.example/{n}") for n in range(MANY + 2)
    ]
    news = [
        Article(f"{advert}\n\n{report(event, 0).text}", published=FIRST, url=f"https://n{event}.example/")
        for event in range(4)
    ]
    stories = room.add(*pages, *news)
    assert {stories[page.id] for page in pages} == {""}
    assert len({stories[article.id] for article in news}) == 4
    assert all(outline.roots == 1 for outline in room.grouping().outlines(Scope()))


def test_furniture_that_is_recognised_later_ends_the_story_it_had_made(room: Room) -> None:
    advert = "How relevant is this ad to you? Tell us whether the video player was slow to load the content today."
    pages = [Article(advert, published=FIRST, url=f"https://ads.example/{n}") for n in range(MANY + 1)]
    first = room.add(*pages[:3])
    assert "" not in first.values()
    assert set(room.add(*pages[3:], report(0, 0)).values()) == {"", report(0, 0).id}


def test_a_window_shows_the_part_of_a_story_that_lies_in_it_under_the_same_id(room: Room) -> None:
    room.add(*(report(0, n, hours=30 * n) for n in range(4)))
    (whole,) = room.grouping().outlines(Scope())
    (part,) = room.grouping().outlines(Scope(since=FIRST + timedelta(hours=40)))
    assert part.id == whole.id
    assert part.articles == whole.articles[2:]
    assert room.grouping().outlines(Scope(since=FIRST + timedelta(days=90))) == []


def test_of_two_decisions_made_at_once_the_first_holds(room: Room, tmp_path: Path) -> None:
    room.add()
    with room.indexer.writing():
        list(room.indexer.add([report(0, 0)]))
    other = SqlArchive(tmp_path)
    since = other.decisions
    first = room.stories()
    late = Decision({report(0, 0).id: (report(0, 0).version, "late", b"")}, ["late"], {}, [])
    assert not other.decide(late, since)
    assert Grouping(other, HashEmbedder.name).assigned() == first


def test_a_decision_that_dies_half_way_leaves_what_was_there(room: Room) -> None:
    before = room.add(report(0, 0), report(0, 1))
    wrong = Decision({"x": ("v", "s", b"")}, [before[report(0, 0).id]], {before[report(0, 0).id]: "s"}, [])
    with pytest.raises(Exception, match=r".") as caught:
        room.archive.decide(wrong, room.archive.decisions)
    assert caught.type.__name__ != "AssertionError"
    assert room.stories() == before
    assert room.archive.joined("") == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_reader_that_may_not_write_sees_the_same_stories_by_permission(room: Room, tmp_path: Path) -> None:
    expected = room.add(report(0, 0), report(0, 1))
    for path in [tmp_path, *tmp_path.iterdir()]:
        path.chmod(stat.S_IREAD | stat.S_IEXEC)
    assert Grouping(SqlArchive(tmp_path), HashEmbedder.name).assigned() == expected


class Sealed(SqlArchive):
    """An archive made before there were stories, that cannot be written."""

    _told = False  # pyright: ignore[reportAssignmentType]

    def decide(self, decision: Decision, since: str) -> bool:
        """Refuse, as the database would."""
        msg = f"read-only: {len(decision.memberships)} articles after {since}"
        raise ArchiveDamaged(msg, hint="check the permissions")


def test_a_reader_that_may_not_write_decides_for_itself_and_alike_each_time(room: Room, tmp_path: Path) -> None:
    articles = [report(event, n) for event in range(2) for n in range(3)]
    with room.indexer.writing():
        list(room.indexer.add(articles))
    reader = Grouping(Sealed(tmp_path), HashEmbedder.name)
    assert groups(reader.assigned()) == {ids(articles[:3]), ids(articles[3:])}
    assert reader.find(articles[0].id[:9]) == articles[0].id
    assert [len(one.articles) for one in reader.outlines(Scope())] == [3, 3]
    assert len(reader.groups(articles, alike=0.9)) == 2
    assert room.stories() == reader.assigned()


def test_an_archive_of_before_gets_its_stories_when_it_is_opened(room: Room, tmp_path: Path) -> None:
    expected = room.add(*(report(0, n) for n in range(3)))
    room.archive.close()
    with sqlite3.connect(tmp_path / "archive.sqlite3") as db:
        db.execute("DROP TABLE memberships")
        db.execute("DROP TABLE stories")
    db.close()
    assert Room(tmp_path).stories() == expected


def test_an_id_that_several_stories_begin_with_is_refused(room: Room) -> None:
    room.add(report(0, 0), report(1, 0))
    with pytest.raises(UsageError, match="is the start of 2 ids") as caught:
        room.grouping().find("")
    assert caught.value.hint == "citewire stories"
