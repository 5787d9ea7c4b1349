"""A standing briefing: written when the archive has changed, left alone when it has not."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ferry import FIRST, GULLS, HEARING, TOPIC, report

from rag import Newsroom, Settings
from rag.answers import Briefing
from rag.changes import Changes, Kind
from rag.connection import FILE
from rag.editions import Request
from rag.errors import ArchiveLocked, CitewireError, Exit, OutputError, ProviderError, ProviderFault, UsageError
from rag.sources import Article, Scope
from rag.watch import FILES, Outcome, Round, Standing, keep_up, once
from rag.writelock import writing

if TYPE_CHECKING:
    from conftest import Command

feedparser: Any = importlib.import_module("feedparser")  # has no types
HOSTILE = report(
    "The harbour ferry <script>alert(1)</script> burned ]]> for nine hours, the fire chief Ann Lee said on Friday.",
    6,
    "Bad <b>Post</b>",
    headline="Ferry ]]> \x0b<img src=x onerror=y>",
)


def standing(room: Newsroom, folder: Path, *, made: str = "", places: tuple[str, ...] = ()) -> Standing:
    request = Request(TOPIC, place=str(folder))
    return Standing(request, folder, partial(room.brief, TOPIC), lambda: made, places, "https://news.example/ferry")


def files(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def titles(folder: Path) -> list[str]:
    found = feedparser.parse((folder / "feed.xml").read_bytes())
    assert not found.bozo
    return [entry.title for entry in found.entries]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with Newsroom.open(settings=Settings(archive=tmp_path / "archive", lock_timeout=0.05)) as opened:
        opened.add(FIRST, HEARING)
        yield opened


def test_a_round_writes_all_files_and_the_next_one_without_news_touches_none(room: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert once(room, standing(room, folder)).outcome is Outcome.FIRST
    assert {path.name for path in folder.iterdir()} == {*FILES}
    before = files(folder)
    assert once(room, standing(room, folder)).outcome is Outcome.NOTHING
    assert files(folder) == before


def test_an_article_on_another_matter_touches_no_file(room: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    once(room, standing(room, folder))
    before = files(folder)
    room.add(Article("Wheat prices fell for the third week, brokers in Lima said.", outlet="Grain"))
    assert once(room, standing(room, folder)).outcome is Outcome.NOTHING
    assert files(folder) == before


def test_each_edition_with_news_is_one_entry_of_the_feed_and_entries_never_change(
    room: Newsroom, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    once(room, standing(room, folder))
    [first] = feedparser.parse((folder / "feed.xml").read_bytes()).entries
    room.add(GULLS)
    done = once(room, standing(room, folder))
    assert done.outcome is Outcome.UPDATED
    found = feedparser.parse((folder / "feed.xml").read_bytes())
    assert titles(folder) == [f"{TOPIC}: 1 new", f"{TOPIC}: first edition, 2 new"]
    assert dict(found.entries[1]) == dict(first)
    assert found.entries[0].id != first.id
    assert "gulls" in found.entries[0].content[0].value
    changes = Changes.from_dict(json.loads((folder / "changes.json").read_text(encoding="utf-8")))
    assert [change.kind for change in changes.news] == [Kind.NEW]
    assert room.verify(json.loads((folder / "briefing.json").read_text(encoding="utf-8"))).ok
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "gulls" in page
    assert "What changed" in page


def test_a_round_that_was_cut_off_before_it_was_kept_makes_the_same_entry_again(room: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    once(room, standing(room, folder))
    room.add(GULLS)

    once(room, standing(room, folder))
    ids = [entry.id for entry in feedparser.parse((folder / "feed.xml").read_bytes()).entries]
    with closing(sqlite3.connect(tmp_path / "archive" / FILE)) as db:  # what a kill between the two leaves
        assert db.execute("DELETE FROM editions WHERE number = (SELECT max(number) FROM editions)").rowcount == 1
        db.commit()
    assert once(room, standing(room, folder)).outcome is Outcome.UPDATED
    assert [entry.id for entry in feedparser.parse((folder / "feed.xml").read_bytes()).entries] == ids


def entries(folder: Path) -> list[tuple[str, str]]:
    found = feedparser.parse((folder / "feed.xml").read_bytes())
    return [(found.feed.id, "feed"), *((entry.id, entry.title) for entry in found.entries)]


@pytest.mark.parametrize("along", [True, False], ids=["with its files", "and made anew elsewhere"])
def test_a_folder_that_is_moved_keeps_its_feed(room: Newsroom, tmp_path: Path, *, along: bool) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    once(room, standing(room, old))
    before = entries(old)
    if along:
        old.rename(new)
    else:
        shutil.rmtree(old)
    assert once(room, standing(room, new)).outcome is Outcome.NOTHING
    assert entries(new) == before
    room.add(GULLS)
    assert once(room, standing(room, new)).outcome is Outcome.UPDATED
    feed, fresh, *others = entries(new)
    assert [feed, *others] == before
    assert fresh[1] == f"{TOPIC}: 1 new"


def test_of_two_folders_that_are_moved_each_keeps_its_own_feed(room: Newsroom, tmp_path: Path) -> None:
    folders = [tmp_path / "short", tmp_path / "long"]
    once(room, standing(room, folders[0], made="short"))
    room.add(GULLS)
    once(room, standing(room, folders[1], made="long"))
    feeds = [entries(folder) for folder in folders]
    assert feeds[0] != feeds[1]
    moved = [folder.rename(tmp_path / f"moved-{folder.name}") for folder in folders]
    assert once(room, standing(room, moved[1], made="long")).outcome is Outcome.NOTHING
    assert once(room, standing(room, moved[0], made="short")).outcome is Outcome.UPDATED
    assert entries(moved[1]) == feeds[1]
    assert entries(moved[0])[2:] == feeds[0][1:]


def test_a_second_folder_of_one_topic_begins_with_a_first_edition(room: Newsroom, tmp_path: Path) -> None:
    once(room, standing(room, tmp_path / "one"))
    assert once(room, standing(room, tmp_path / "two")).outcome is Outcome.FIRST
    assert once(room, standing(room, tmp_path / "one")).outcome is Outcome.NOTHING


def test_a_removed_article_leaves_page_data_and_feed(room: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    room.add(GULLS)
    once(room, standing(room, folder))
    room.remove(GULLS.id)
    once(room, standing(room, folder))
    assert titles(folder)[0] == f"{TOPIC}: 1 withdrawn"
    for name in FILES:
        assert "gulls" not in (folder / name).read_text(encoding="utf-8")


def test_a_file_that_is_gone_is_written_again(room: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    once(room, standing(room, folder))
    page = (folder / "index.html").read_text(encoding="utf-8")
    (folder / "index.html").unlink()
    assert once(room, standing(room, folder)).outcome is Outcome.NOTHING
    assert (folder / "index.html").read_text(encoding="utf-8") == page
    assert len(titles(folder)) == 1


def test_another_length_is_another_edition(room: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    once(room, standing(room, folder, made="300"))
    assert once(room, standing(room, folder, made="500")).outcome is Outcome.UPDATED


def test_articles_are_read_from_a_folder_each_round(room: Newsroom, tmp_path: Path) -> None:
    inbox, folder = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    once(room, standing(room, folder, places=(str(inbox),)))
    (inbox / "a.txt").write_text(GULLS.text, encoding="utf-8")
    (inbox / "empty.txt").write_text("", encoding="utf-8")
    done = once(room, standing(room, folder, places=(str(inbox),)))
    assert (done.outcome, done.added, len(done.failed)) == (Outcome.UPDATED, 1, 1)


def test_what_was_removed_comes_back_when_it_is_added_by_hand_and_not_from_a_folder(
    room: Newsroom, tmp_path: Path
) -> None:
    inbox, folder = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    page = "---\nurl: https://post.example/gulls\n---\n"
    (inbox / "a.md").write_text(page + GULLS.text, encoding="utf-8")
    assert once(room, standing(room, folder, places=(str(inbox),))).added == 1
    gulls = next(article for article in room.articles() if "gulls" in (article.url or ""))
    room.remove(gulls.id)
    (inbox / "a.md").write_text(page + GULLS.text + " A second gull was seen.", encoding="utf-8")
    (inbox / "b.txt").write_text("Wheat prices fell for the third week, brokers in Lima said.", encoding="utf-8")
    assert once(room, standing(room, folder, places=(str(inbox),))).added == 1
    assert gulls.id not in {article.id for article in room.articles()}
    assert room.add(inbox).added == (gulls.id,)
    (inbox / "a.md").write_text(page + GULLS.text + " A third gull was seen.", encoding="utf-8")
    assert once(room, standing(room, folder, places=(str(inbox),))).added == 1
    assert "third gull" in room.article(gulls.id).text


def test_hostile_text_breaks_neither_page_nor_feed(room: Newsroom, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    room.add(HOSTILE)
    once(room, standing(room, folder))
    found = feedparser.parse((folder / "feed.xml").read_bytes())
    assert not found.bozo
    for name in ("index.html", "feed.xml"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "<script" not in text
        assert "<img" not in text
        assert "\x0b" not in text


def test_a_folder_that_cannot_be_written_is_a_usage_error(room: Newsroom, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="file"):
        once(room, standing(room, tmp_path / "file"))


class Ended(Exception):
    """Ends a loop that has no end."""


def test_a_loop_waits_for_a_writer_and_for_a_model_and_goes_on(room: Newsroom, tmp_path: Path) -> None:
    inbox, folder = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    (inbox / "a.txt").write_text(GULLS.text, encoding="utf-8")
    heard: list[Round | CitewireError] = []
    failing = [ProviderError("down", kind=ProviderFault.SERVER)]
    lock = writing(tmp_path / "archive", timeout=0)

    def brief() -> Briefing:
        if failing:
            raise failing.pop()
        return room.brief(TOPIC)

    def pause(seconds: float) -> None:
        assert seconds == 900
        if len(heard) == 1:
            lock.__exit__(None, None, None)
        if len(heard) == 4:
            raise Ended

    wanted = Standing(Request(TOPIC, place="x"), folder, brief, str, (str(inbox),))
    lock.__enter__()
    with pytest.raises(Ended):
        keep_up(room, wanted, 900, heard.append, pause=pause)
    assert isinstance(heard[0], ArchiveLocked)
    assert isinstance(heard[1], ProviderError)
    assert [done.outcome for done in heard[2:] if isinstance(done, Round)] == [Outcome.FIRST, Outcome.NOTHING]


@pytest.mark.slow
def test_the_commands_from_first_briefing_to_standing_one(citewire: Command, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    for folder, source in (("one", FIRST), ("two", GULLS)):
        front = f"---\noutlet: {source.outlet}\npublished: {source.published}\nurl: {source.url}\n---\n"
        (tmp_path / folder / "a.md").write_text(front + source.text + "\n", encoding="utf-8")
    assert citewire("add", "one").returncode == Exit.DONE
    first = citewire("brief", TOPIC, "--since-last")
    assert first.returncode == Exit.DONE
    assert "there is no earlier briefing" in first.stderr
    assert "What happened" in first.stdout
    old = citewire("brief", TOPIC, "--json").stdout
    (tmp_path / "old.json").write_text(old, encoding="utf-8")
    assert "Nothing has changed" in citewire("brief", TOPIC, "--since-last").stdout
    done = citewire("watch", TOPIC, "--once", "-o", "out", "--add", "one")
    assert (done.returncode, "first edition: 1 new" in done.stdout) == (Exit.DONE, True)
    again = citewire("watch", TOPIC, "--once", "-o", "out", "--add", "one", "--add", "two")
    assert "1 article came; new edition: 1 new" in again.stdout
    changed = citewire("brief", TOPIC, "--since-last", "--json")
    assert [c["kind"] for c in json.loads(changed.stdout)["changes"]] == ["new", "unchanged"]
    rows = [json.loads(row) for row in citewire("editions", "--json").stdout.splitlines()]
    assert [row["place"] == "" for row in rows] == [True, False, False, True, True, True]
    new = citewire("editions", rows[0]["edition"]).stdout
    (tmp_path / "new.json").write_text(new, encoding="utf-8")
    told = citewire("diff", "old.json", "new.json")
    assert told.returncode == Exit.DONE
    assert "New\n- A harbour ferry captain" in told.stdout
    assert citewire("editions", "zzz").returncode == Exit.USAGE
    assert citewire("watch", TOPIC, "-o", "out", "--every", "soon").returncode == Exit.USAGE


def test_a_corrected_source_is_flagged_by_verify_and_with_current_ends_in_three(
    citewire: Command, archive: Path, seeds: Path, tmp_path: Path
) -> None:
    ferry = seeds / "tarrow-ferry"
    with Newsroom.open(archive) as room:
        room.add(ferry / "04-the-brazier.md")
        briefing = room.brief("Tarrow Head ferry")
        (tmp_path / "old.json").write_text(json.dumps(briefing.to_dict()), encoding="utf-8")
        assert room.verify(json.loads((tmp_path / "old.json").read_text(encoding="utf-8"))).current
        room.add(ferry / "06-the-brazier-correction.md")
    flagged = citewire("verify", "old.json", "--current")
    assert flagged.returncode == Exit.PARTIAL
    assert "overtaken since: Eleven people were killed" in flagged.stdout
    assert "That was wrong." in flagged.stdout
    assert "all hold; 2 claims overtaken since" in flagged.stdout
    assert citewire("verify", "old.json").returncode == Exit.DONE


def test_a_figure_that_another_outlet_overtook_is_told_with_current(archive: Path, seeds: Path) -> None:
    ferry = seeds / "tarrow-ferry"
    with Newsroom.open(archive) as room:
        room.add(ferry / "03-the-ledgerline.md")
        old = room.brief("Tarrow Head ferry").to_dict()
        assert room.verify(old, current=True).current
        room.add(ferry / "05-tarrow-gazette.md")
        outcome = room.verify(old, current=True)

        assert outcome.ok
        assert room.verify(old).current, "no outlet took anything back"
        (toll,) = [since for since in outcome.corrected_since if "killing at least two" in since.claim]
        assert toll.found.why == "a later report has four for two (Tarrow Gazette)"
        assert "risen to four" in toll.found.after[0].sentence.text
        assert room.verify(room.brief("Tarrow Head ferry").to_dict(), current=True).current, "it tells both itself"
        answer = room.ask(
            "How many people did the ferry accident at Tarrow Head kill?",
            scope=Scope(until=datetime(2026, 3, 3, 23, tzinfo=UTC)),
        )
        assert any("four" in since.found.why for since in room.verify(answer.to_dict(), current=True).corrected_since)


def test_ctrl_c_ends_the_loop_with_130(archive: Path, tmp_path: Path) -> None:
    with Newsroom.open(archive) as room:
        room.add(FIRST)
    command = [sys.executable, "-m", "rag", "watch", TOPIC, "-o", str(tmp_path / "out"), "--every", "1h"]
    place = {"CITEWIRE_ARCHIVE": str(archive), "PYTHONPATH": str(Path(__file__).parent.parent)}
    with subprocess.Popen(command, env={**os.environ, **place}, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as loop:
        while not (tmp_path / "out" / "feed.xml").exists():
            assert loop.poll() is None
            time.sleep(0.05)
        loop.send_signal(signal.SIGINT)
        _, said = loop.communicate(timeout=60)
    assert loop.returncode == Exit.INTERRUPTED
    assert b"Traceback" not in said


def test_two_topics_do_not_share_a_folder(room: Newsroom, tmp_path: Path) -> None:
    room.add(FIRST)
    once(room, standing(room, tmp_path / "out"))
    other = Standing(Request("gulls", place="x"), tmp_path / "out", partial(room.brief, "gulls"), str)
    with pytest.raises(UsageError, match=f"holds the briefing of {TOPIC}"):
        once(room, other)


def test_a_folder_that_cannot_be_written_is_tried_again_at_the_next_look(room: Newsroom, tmp_path: Path) -> None:
    room.add(FIRST)
    (tmp_path / "out").write_text("a file in the way", encoding="utf-8")
    heard: list[Round | CitewireError] = []

    def pause(_: float) -> None:
        if isinstance(heard[-1], Round):
            raise Ended
        (tmp_path / "out").unlink()

    with pytest.raises(Ended):
        keep_up(room, standing(room, tmp_path / "out"), 900, heard.append, pause=pause)
    assert isinstance(heard[0], OutputError)
    assert isinstance(heard[1], Round)
    assert heard[1].outcome is Outcome.FIRST


def test_what_was_published_of_the_last_article_is_withdrawn_with_it(citewire: Command, tmp_path: Path) -> None:
    (tmp_path / "one.md").write_text(
        "---\noutlet: Post\n---\nThe Zebulon ferry sank on Monday, police said.\n", "utf-8"
    )
    assert citewire("watch", "ferry", "-o", "out", "--once", "--add", "one.md").returncode == 0
    article = json.loads(citewire("list", "--json").stdout)
    assert citewire("remove", article["article"]).returncode == 0
    done = citewire("watch", "ferry", "-o", "out", "--once")
    assert (done.returncode, "withdrawn" in done.stdout) == (0, True)
    assert not [path for path in (tmp_path / "out").iterdir() if "Zebulon" in path.read_text("utf-8")]


def test_a_round_that_reads_nothing_or_not_all_says_so_by_its_status(citewire: Command, tmp_path: Path) -> None:
    assert citewire("watch", "-o", "out", "--once", "--add", "gone.md").returncode == Exit.USAGE
    assert not (tmp_path / "out").exists()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "one.md").write_text("The ferry sank on Monday, police said.\n", "utf-8")
    (tmp_path / "in" / "two.json").write_text('{"a":', "utf-8")
    assert citewire("watch", "-o", "out", "--once", "--add", "in").returncode == Exit.PARTIAL


def test_a_second_round_at_once_waits_and_finds_nothing_new(room: Newsroom, tmp_path: Path) -> None:
    room.add(FIRST)
    rooms = [Newsroom(room.settings) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        begun = [pool.submit(once, one, standing(one, tmp_path / "out")) for one in rooms]
        done = [one.result().outcome for one in begun]
    for one in rooms:
        one.close()
    assert sorted(done) == sorted([Outcome.FIRST, Outcome.NOTHING])
    assert len(titles(tmp_path / "out")) == 1
