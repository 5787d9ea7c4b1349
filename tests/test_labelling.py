"""A person marks what answers a question: through a pipe, at a terminal, and with the process killed."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rag import Newsroom
from rag.errors import ReadError, UsageError
from rag.evaluation.gold import load
from rag.evaluation.labelling import Book, Marks, held, read
from rag.evaluation.marks import mark

if TYPE_CHECKING:
    from conftest import Command

IDS = ("a@1#0", "a@1#1", "a@1#2", "a@1#3")
WHEN = "When did the Corran Wall fall?"
TEXT = "The Corran Wall fell on Monday. Nobody was hurt. Ann Lee, the mayor, \x1b[31mspoke\x1b[0m of luck."


@pytest.fixture
def desk(tmp_path: Path, archive: Path) -> Path:
    """A folder with two questions, and an archive in which two outlets carry one sentence."""
    from rag.sources import Article  # noqa: PLC0415

    with Newsroom.open(archive) as room:
        room.add(Article(TEXT, outlet="Tide", url="https://a.example/1"))
        room.add(
            Article(
                f"Waves broke.\n\n{TEXT[:31]}\n\nIt rained later in the town of Sull.",
                outlet="Post",
                url="https://b.example/1",
            )
        )
    rows = [
        {"id": "one", "question": WHEN, "note": "kept"},
        {"id": "two", "question": "Who won the chess final in Lima?"},
    ]
    (tmp_path / "q.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return tmp_path


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_numbers_mark_sentences_and_a_plus_begins_another_fact() -> None:
    assert mark((), "1 3", IDS) == (("a@1#0", "a@1#2"),)
    assert mark((), "1-2 + 4", IDS) == (("a@1#0", "a@1#1"), ("a@1#3",))
    assert mark((("a@1#0",), ("a@1#1",)), "B 4, -1", IDS) == (("a@1#1", "a@1#3"),)
    assert mark((("a@1#0",),), "1", IDS) == (("a@1#0",),)


@pytest.mark.parametrize("typed", ["5", "0", "1 x", "C 1", "1.5"])
def test_what_is_no_number_of_a_sentence_changes_nothing_and_says_so(typed: str) -> None:
    with pytest.raises(UsageError) as caught:
        mark((), typed, IDS)
    assert caught.value.hint


def test_a_piped_session_writes_gold_with_copies_that_the_evaluation_reads(desk: Path, citewire: Command) -> None:
    done = citewire(
        "eval", "label", "q.jsonl", "-o", "gold.jsonl", "--by", "ann", stdin="/ wall fell monday\n1\n= Monday\nok\nn\n"
    )
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    one, two = rows_of(desk / "gold.jsonl")
    assert one["facts"] == [[TEXT[:31]]]
    assert len(one["sentences"][0]) == 2  # both outlets
    assert (one["answer"], one["note"], one["marked"]["by"], one["kind"]) == ("Monday", "kept", "ann", "single")
    assert (two["answerable"], two["kind"]) == (False, "unanswerable")
    assert [question.id for question in load(desk / "gold.jsonl")] == ["one", "two"]


def test_a_session_cut_short_goes_on_with_its_marks_and_one_can_go_back(desk: Path, citewire: Command) -> None:
    command = ("eval", "label", "q.jsonl", "-o", "gold.jsonl")
    assert "0 of 2 decided" in citewire(*command, stdin="1\n").stdout
    assert not (desk / "gold.jsonl").exists()
    again = citewire(*command, stdin="ok\nb\nclear\nn\ns\nq\n")
    assert "marked A: 1" in again.stdout
    assert rows_of(desk / "gold.jsonl")[0]["answerable"] is False
    assert "1 of 2 decided (1 unanswerable)" in again.stdout


def test_a_killed_session_has_lost_no_mark(desk: Path, archive: Path) -> None:
    environment = {**os.environ, "CITEWIRE_ARCHIVE": str(archive), "PYTHONPATH": str(Path(__file__).parent.parent)}
    command = [sys.executable, "-m", "rag", "eval", "label", "q.jsonl", "-o", "gold.jsonl"]
    with subprocess.Popen(command, cwd=desk, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"1\n= Monday\n")
        process.stdin.flush()
        for line in process.stdout:
            if b"answer: Monday" in line:
                break
        process.kill()
    with (desk / "gold.jsonl.marks").open("ab") as stream:
        stream.write(b'{"id": "one", "torn')
    marks = Book(desk / "gold.jsonl", "ann").of(read(desk / "q.jsonl")[0])
    assert marks.answer == "Monday"
    assert len(marks.facts[0]) == 1


def test_at_a_terminal_there_is_a_prompt_and_article_text_draws_nothing(desk: Path, archive: Path) -> None:
    environment = {
        **os.environ,
        "CITEWIRE_ARCHIVE": str(archive),
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "TERM": "xterm",
    }
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "rag", "eval", "label", "q.jsonl", "-o", "gold.jsonl"]
    with subprocess.Popen(command, cwd=desk, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        os.write(ours, b"1\rok\rn\r")
        seen = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                seen += os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
        assert process.wait() == 0
    os.close(ours)
    assert b"\x1b[1mWhen did the Corran Wall fall?" in seen
    assert b"\x1b[31m" not in seen
    assert b"> " in seen
    assert len(load(desk / "gold.jsonl")) == 2


def test_drafts_are_no_gold_until_a_person_accepts_them(desk: Path, citewire: Command) -> None:
    done = citewire("eval", "draft", "-o", "drafts.jsonl", "-n", "1")
    assert done.returncode == 0, done.stderr
    (row,) = rows_of(desk / "drafts.jsonl")
    assert (row["question"], row["answer"], row["accepted"]) == (WHEN, "Monday", False)
    with pytest.raises(ReadError, match=r"drafts\.jsonl:1: a draft"):
        load(desk / "drafts.jsonl")
    citewire("eval", "label", "drafts.jsonl", "-o", "gold.jsonl", stdin="w On what day did the Corran Wall fall?\nok\n")
    (gold,) = load(desk / "gold.jsonl")
    assert gold.question == "On what day did the Corran Wall fall?"
    citewire("eval", "label", "drafts.jsonl", "-o", "none.jsonl", stdin="x\n")
    assert load(desk / "none.jsonl") == ()


def test_what_no_article_is_about_is_drafted_from_none(desk: Path, citewire: Command) -> None:
    done = citewire("eval", "draft", "-o", "drafts.jsonl", "--topic", "zzzqqq")
    assert (done.returncode, (desk / "drafts.jsonl").exists()) == (4, False)
    assert citewire("eval", "draft", "-o", "drafts.jsonl", "-n", "1", "--topic", "Corran Wall").returncode == 0


def test_errors_name_the_line_and_the_next_step(desk: Path, citewire: Command) -> None:
    (desk / "bad.jsonl").write_text('{"question": "a?"}\n{"id": 3}\n', encoding="utf-8")
    done = citewire("eval", "label", "bad.jsonl", "-o", "gold.jsonl")
    assert done.returncode == 3
    assert "bad.jsonl:2" in done.stderr
    assert "next:" in done.stderr
    assert citewire("eval", "label", "q.jsonl", "-o", "q.jsonl").returncode == 2


def test_two_people_cannot_label_into_one_file(tmp_path: Path) -> None:
    with (
        held(tmp_path / "gold.jsonl"),
        pytest.raises(UsageError, match="somebody is labelling"),
        held(tmp_path / "gold.jsonl"),
    ):
        pass


def test_rejecting_what_was_gold_takes_it_out_again(tmp_path: Path) -> None:
    (tmp_path / "q.txt").write_text("Who won?\n", encoding="utf-8")
    (item,) = read(tmp_path / "q.txt")
    book = Book(tmp_path / "gold.jsonl", "ann")
    book.decide(
        item, Marks(item.question, "Lee", (("a@1#0",),), "answered"), "2026-03-03T00:00:00+00:00", {"a@1#0": "Lee won."}
    )
    assert len(load(book.path)) == 1
    book.decide(item, Marks(item.question, status="rejected"), "2026-03-03T00:00:01+00:00", {})
    assert load(book.path) == ()
