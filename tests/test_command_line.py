from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest

from rag import Newsroom
from rag.errors import Exit

if TYPE_CHECKING:
    from conftest import Command

HEADLINE = "Harbour wall falls after storm"
TEXT = (
    "The harbour wall fell on Monday after waves of six metres broke over it, the coastguard said. "
    "Nobody was hurt, it added. A new wall will cost $4 million, according to the mayor, Ann Lee."
)
QUESTION = "When did the harbour wall fall?"
UNANSWERED = "Who won the chess final in Lima?"


@pytest.fixture(scope="module")
def model_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one article, and the file it came from: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("model")
    front = f"---\nheadline: {HEADLINE}\noutlet: Free Tide\npublished: 2026-03-03\nurl: https://tide.example/a\n---\n"
    (folder / "a.md").write_text(f"{front}{TEXT}\n", encoding="utf-8")
    with Newsroom.open(folder / "archive") as room:
        assert len(room.add(folder / "a.md").added) == 1
    return folder


@pytest.fixture
def filled(citewire: Command, model_archive: Path, tmp_path: Path) -> Command:
    """``citewire`` with one article in its archive."""
    shutil.copytree(model_archive, tmp_path, dirs_exist_ok=True)
    return citewire


def _imported(*arguments: str) -> set[str]:
    code = "\n".join(
        [
            "import sys",
            f"sys.argv[1:] = {list(arguments)!r}",
            "from rag.__main__ import main",
            "try: main()",
            "finally: print(*sys.modules, file=sys.stderr)",
        ]
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def _run(
    archive: Path, *arguments: str, stdout: IO[bytes] | int = subprocess.PIPE, script: str = ""
) -> subprocess.CompletedProcess[str]:
    """``citewire`` with a standard output of one's own, or inside a shell command that calls it ``"$@"``."""
    environment = {**os.environ, "CITEWIRE_ARCHIVE": str(archive), "PYTHONPATH": str(Path(__file__).parent.parent)}
    command = [sys.executable, "-m", "rag", *arguments]
    return subprocess.run(
        ["sh", "-c", script, "sh", *command] if script else command,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )


# -- start


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_load_no_heavy_module(option: str) -> None:
    heavy = {
        "numpy",
        "pandas",
        "chromadb",
        "langchain",
        "langchain_core",
        "langchain_openai",
        "openai",
        "onnxruntime",
        "sqlalchemy",
        "tantivy",
        "rich",
    }
    assert not heavy & _imported(option)


def test_a_topic_may_be_an_option_and_is_not_given_twice(filled: Command) -> None:
    named, plain = (
        filled("brief", "--topic", "Tarrow Head ferry", "--json"),
        filled("brief", "Tarrow Head ferry", "--json"),
    )
    assert json.loads(named.stdout)["topic"] == "Tarrow Head ferry"
    assert named.stdout == plain.stdout
    assert filled("brief", "ferry", "--topic", "ferry").returncode == Exit.USAGE


def test_a_file_of_no_known_form_is_refused_before_anything_is_written(citewire: Command, tmp_path: Path) -> None:
    done = citewire("brief", "ferry", "-o", tmp_path / "brief.pdf")
    assert done.returncode == Exit.USAGE
    assert "ends in .pdf" in done.stderr
    assert " .txt, " in done.stderr
    assert not (tmp_path / "brief.pdf").exists()


def test_every_command_explains_itself(citewire: Command) -> None:
    commands = re.findall(r"^  (\w+) ", citewire("--help").stdout.partition("Commands:")[2], re.MULTILINE)
    archive, models = ["add", "list", "show", "remove", "status", "reindex", "doctor"], ["models", "usage"]
    told, kept = ["ask", "chat", "stories", "brief", "verify"], ["diff", "editions", "watch"]
    assert commands == [*archive, *models, *told, *kept, "eval"]
    for command in (*commands[:-1], "eval run"):
        done = citewire(*command.split(), "--help")
        assert done.returncode == 0
        assert "--archive" in done.stdout


# -- add


def test_help_shows_no_markup_and_says_one_thing_of_a_length(citewire: Command) -> None:
    assert "``" not in citewire("stories", "--help").stdout
    told = [
        re.search(r"--words .*?(?= {2}--)", citewire(name, "--help").stdout, re.DOTALL) for name in ("brief", "watch")
    ]
    words = [" ".join(found[0].split()) for found in told if found]
    assert words[0] == words[1]
    assert "Length of the account" in words[0]


def test_an_edited_article_is_a_new_version_only_where_it_is_known_by_its_url(
    citewire: Command, tmp_path: Path
) -> None:
    for front, outcome in (("url: https://tide.example/b\n", "1 updated\n"), ("", "1 added\n")):
        path = tmp_path / "b.md"
        path.write_text(f"---\nheadline: {HEADLINE}\n{front}---\n{TEXT}\n", encoding="utf-8")
        citewire("add", "b.md", "--archive", outcome.strip())
        path.write_text(path.read_text(encoding="utf-8").replace("$4 million", "$5 million"), encoding="utf-8")
        assert citewire("add", "b.md", "--archive", outcome.strip()).stdout == outcome


def test_adding_twice_changes_nothing_and_an_edit_is_a_new_version(filled: Command, tmp_path: Path) -> None:
    assert filled("add", "a.md").stdout == "1 unchanged\n"
    old = json.loads(filled("list", "--json").stdout)["version"]
    path = tmp_path / "a.md"
    path.write_text(path.read_text(encoding="utf-8").replace("$4 million", "$5 million"), encoding="utf-8")
    assert filled("add", "a.md").stdout == "1 updated\n"
    row = json.loads(filled("list", "--json").stdout)
    assert row["version"] != old
    assert "$4 million" in filled("show", row["article"], "--version", old[:12]).stdout


def test_a_bad_file_is_named_the_rest_goes_in_and_the_status_says_so(citewire: Command, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "good.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "news" / "empty.txt").touch()
    (tmp_path / "news" / "image.txt").write_bytes(bytes(range(256)))
    done = citewire("add", "news", "missing.txt")
    assert done.returncode == Exit.PARTIAL
    assert done.stdout == "1 added, 3 failed\n"
    assert f"news{os.sep}empty.txt: it is empty" in done.stderr
    assert f"news{os.sep}image.txt: it looks binary" in done.stderr
    assert "missing.txt: no such file or directory" in done.stderr
    assert len(citewire("list").stdout.splitlines()) == 1


def test_where_nothing_could_be_read_nothing_is_said_to_be_stored(filled: Command, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7")
    for places in (["nope.txt"], ["empty.txt"], ["paper.pdf"], ["nope.txt", "empty.txt", "paper.pdf"]):
        done = filled("add", *places)
        assert (done.returncode, done.stdout) == (Exit.USAGE, f"{len(places)} failed\n")
        assert "failed; nothing was stored" in done.stderr
        assert "the rest is stored" not in done.stderr
    done = filled("add", "nope.txt", "a.md")  # what was there before is stored as well
    assert (done.returncode, done.stdout) == (Exit.PARTIAL, "1 unchanged, 1 failed\n")
    assert "1 place failed; the rest is stored" in done.stderr


@pytest.mark.parametrize("command", [["none.jsonl"], ["label", "none.jsonl", "-o", "gold.jsonl"]])
def test_questions_that_are_not_there_are_a_wrong_call(filled: Command, command: list[str]) -> None:
    done = filled("eval", *command)
    assert done.returncode == Exit.USAGE
    assert "none.jsonl: No such file or directory" in done.stderr


def test_articles_come_from_standard_input(citewire: Command) -> None:
    rows = "".join(json.dumps({"text": f"Fact number {n} was made known on Monday."}) + "\n" for n in range(3))
    assert citewire("add", "-", stdin=rows).stdout == "3 added\n"
    assert json.loads(citewire("add", "-", "--json", stdin=rows).stdout)["added"] == []


def test_an_article_of_50_megabytes_is_refused_by_name(citewire: Command, tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as stream:
        stream.truncate(50_000_000)
    done = citewire("add", "big.txt")
    assert done.returncode == Exit.USAGE
    assert "big.txt: it has 50.0 MB, the limit for one article is 20 MB" in done.stderr


# -- ask, brief, verify


def test_ask_prints_claims_and_their_sentences(filled: Command) -> None:
    done = filled("ask", QUESTION)
    assert done.returncode == Exit.DONE
    claims, _, sources = done.stdout.partition("Sources\n")
    assert "[1]" in claims
    assert "Free Tide, 3 March 2026\n" in sources
    assert HEADLINE in sources
    assert TEXT.partition(" Nobody")[0] in sources


def test_an_unanswered_question_is_declined_with_its_own_status(filled: Command) -> None:
    done = filled("ask", UNANSWERED)
    assert done.returncode == Exit.DECLINED
    assert "do not answer this question" in done.stdout


def test_question_comes_from_standard_input_and_answer_goes_to_a_file(filled: Command, tmp_path: Path) -> None:
    done = filled("ask", "-", "--html", "-o", "answer.html", stdin=QUESTION)
    assert (done.returncode, done.stdout) == (Exit.DONE, "")
    page = (tmp_path / "answer.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert HEADLINE in page


@pytest.mark.parametrize(
    ("limit", "day"),
    [("--until", "2026-03-02"), ("--since", "2026-03-04"), ("--as-of", "2026-03-02"), ("--outlet", "The Brazier")],
)
def test_what_is_outside_of_the_limits_does_not_answer(filled: Command, limit: str, day: str) -> None:
    assert filled("ask", QUESTION, limit, day).returncode == Exit.DECLINED


def test_limits_include_their_own_day_and_compare_outlets_without_case(filled: Command) -> None:
    limits = ["--until", "2026-03-03", "--since", "2026-03-03", "--as-of", "2026-03-03", "--outlet", "free tide"]
    assert filled("ask", QUESTION, *limits).returncode == Exit.DONE


def test_a_saved_answer_is_verified_and_an_altered_one_is_not(filled: Command, tmp_path: Path) -> None:
    for command in (["ask", QUESTION], ["brief"]):
        saved = filled(*command, "--json").stdout
        assert filled("verify", "-", stdin=saved).returncode == Exit.DONE
        (tmp_path / "altered.json").write_text(saved.replace("six metres", "ten metres"), encoding="utf-8")
        done = filled("verify", "altered.json")
        assert done.returncode == Exit.ARCHIVE
        assert "does not hold: citation 1: " in done.stdout
        assert "claim: The harbour wall fell on Monday after waves of ten metres broke over it" in done.stdout


def test_against_the_archive_of_other_articles_one_line_names_it(filled: Command, tmp_path: Path, seeds: Path) -> None:
    ferry = seeds / "tarrow-ferry"
    assert filled("add", ferry / "04-the-brazier.md", ferry / "06-the-brazier-correction.md", "--archive", "b").stdout
    assert filled("brief", "ferry", "-o", "briefing.json", "--archive", "b").returncode == Exit.DONE
    assert filled("verify", "briefing.json", "--archive", "b").returncode == Exit.DONE
    done = filled("verify", "briefing.json")
    assert done.returncode == Exit.ARCHIVE
    first, *rest = done.stdout.splitlines()
    here = tmp_path / "archive"
    assert first == (
        f"does not hold: none of the 2 cited articles is in the archive at {here}: name theirs with --archive"
    )
    assert len(rest) == 1
    assert rest[0].endswith(": 1 finding")


def test_verify_says_of_a_page_that_it_reads_what_was_written_as_json(filled: Command) -> None:
    filled("ask", QUESTION, "-o", "answer.html")
    done = filled("verify", "answer.html")
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert (
        "answer.html: not JSON: a page, a document or a text cannot be checked, only what -o FILE.json" in done.stderr
    )
    assert "line 1 column 1" not in done.stderr
    assert "next: citewire brief TOPIC -o briefing.json" in done.stderr


def test_stories_are_listed_with_outlets_and_origins_and_brief_tells_one(filled: Command) -> None:
    listed = filled("stories")
    assert listed.returncode == 0
    assert re.search(r"\d+ origins?, \d+ articles?", listed.stdout)
    row = json.loads(filled("stories", "--json").stdout.splitlines()[0])
    assert row["story"] in listed.stdout
    assert row["roots"] <= len(row["articles"])
    told = json.loads(filled("brief", "--story", row["story"][:6], "--json").stdout)
    assert [story["id"] for story in told["stories"]] == [row["story"]]


def test_a_story_that_is_not_there_names_the_command_that_lists_them(filled: Command) -> None:
    for start in ("zzzz", ""):
        done = filled("brief", "--story", start)
        assert done.returncode == 2
        assert "next: citewire stories" in done.stderr
    assert "exclude each other" in filled("brief", "wall", "--story", "x").stderr


def test_brief_has_headings_and_numbers_and_all_formats(filled: Command) -> None:
    assert "What happened" in filled("brief").stdout
    assert filled("brief", "--markdown").stdout.startswith("# Briefing")
    assert "<!doctype html>" in filled("brief", "--html").stdout


# -- the rest


def test_list_show_remove(filled: Command) -> None:
    row = json.loads(filled("list", "--json").stdout)
    shown = json.loads(filled("show", row["article"][:6], "--json").stdout)
    assert [shown["text"][part["start"] : part["end"]] for part in shown["sentences"]][
        1
    ] == "Nobody was hurt, it added."
    assert HEADLINE in filled("show", row["article"]).stdout
    assert filled("list", "--since", "2026-03-04").stdout == ""
    for unset in ("", " "):  # `citewire remove "$UNSET"` deletes nothing
        assert filled("remove", unset).returncode == Exit.USAGE
    assert filled("remove", row["article"], "ffff").returncode == Exit.USAGE  # all of them or none
    assert filled("remove", row["article"][:6]).stdout == f"removed {row['article']} {HEADLINE}\n"
    assert "no articles yet: citewire add PATH" in filled("list").stderr


def test_status_reindex_and_doctor_agree_that_all_is_well(filled: Command) -> None:
    assert json.loads(filled("status", "--json").stdout)["articles"] == 1
    assert filled("reindex").returncode == Exit.DONE
    done = filled("doctor", "--json")
    assert done.returncode == Exit.DONE
    assert json.loads(done.stdout)["ok"] is True
    assert all(line.startswith("ok  ") for line in filled("doctor").stdout.splitlines())


def test_the_seed_articles_are_added_listed_and_answer(citewire: Command, seeds: Path) -> None:
    done = citewire("add", seeds)
    assert done.returncode == Exit.DONE
    assert re.fullmatch(r"\d+ added\n", done.stdout)
    assert "README.md" in done.stderr
    rows = [json.loads(row) for row in citewire("list", "--json").stdout.splitlines()]
    assert len(rows) == int(done.stdout.split()[0]) == json.loads(citewire("status", "--json").stdout)["articles"]
    assert {"article", "version", "headline", "outlet", "published", "url", "byline", "labels"} == set(rows[0])
    dated = [row["published"] for row in rows if row["published"]]
    assert dated == sorted(dated, reverse=True)
    nato = next(row for row in rows if (row["headline"] or "").startswith("NATO chief"))
    assert (nato["byline"], nato["outlet"], nato["published"], nato["url"]) == ("Khagan Isayev", None, None, None)
    answered = citewire("ask", "When does Mark Rutte arrive in Washington?")
    assert answered.returncode == Exit.DONE
    assert "on Monday, July 14" in answered.stdout
    assert citewire("ask", "What is the boiling point of mercury?").returncode == Exit.DECLINED


# -- errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask", QUESTION, "--since", "03/04/2025"], "--since: '03/04/2025' is not a date"),
        (["ask", QUESTION, "--as-of", "2026-02-30"], "--as-of: there is no 2026-02-30: that month ends on the 28th"),
        (["ask", QUESTION, "--since", "2024-02-30"], "next: --since 2024-02-29"),
        (["ask", QUESTION, "--since", "2026-02-32"], "--since: '2026-02-32' is not a date"),
        (["brief", "--since", "2026-05-01", "--until", "2026-03-01"], "--since 2026-05-01 is after --until 2026-03-01"),
        (["list", "--since", "2026-05-01", "--until", "2026-03-01"], "next: --since 2026-03-01 --until 2026-05-01"),
        (["ask", QUESTION, "--since", "2026-05-01", "--as-of", "2026-03-01"], "is after --as-of 2026-03-01"),
        (["ask", QUESTION, "--json", "--html"], "--json and --html exclude each other"),
        (["ask", " "], "the question is empty"),
        (["show", "ffff"], "there is no article ffff"),
        (["verify", "none.json"], "none.json: "),
        (["ask", QUESTION, "-o", "no/such/folder/a.txt"], "no/such/folder/a.txt: "),
        (["remove", "ffff"], "there is no article ffff"),
        (["ask", QUESTION, "-k", "0"], "-k"),
        (["ask", QUESTION, "--model", "gpt"], "PROVIDER:MODEL"),
        (["ask", b"caf\xe9?".decode("utf-8", "surrogateescape")], "the question is not valid UTF-8"),
        (["ask", QUESTION, "--format", "pdf"], "citewire: --format: 'pdf' is not one of 'text', 'md', "),
        (["brief", "--words", "many"], "citewire: --words: 'many' is not a whole number"),
        (["usage", "--by", "hour"], "citewire: --by: 'hour' is not one of 'day', "),
        (["list", "--frobnicate"], "No such option"),
        (["frobnicate"], "No such command"),
        (["ask"], "QUESTION"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_and_exits_with_2(filled: Command, arguments: list[str], message: str) -> None:
    done = filled(*arguments)
    assert done.returncode == Exit.USAGE
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_window_of_one_day_and_the_last_day_of_the_calendar_are_windows(filled: Command) -> None:
    assert filled("list", "--since", "2025-07-14", "--until", "2025-07-14").returncode == Exit.DONE
    assert filled("list", "--since", "2025-07-14", "--until", "9999-12-31").returncode == Exit.DONE


def test_a_binary_file_is_named_with_what_to_do_and_nothing_of_it_is_kept(citewire: Command, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"\xff\xfe\x80\x81\x02\x03")
    done = citewire("add", "bad.md")
    assert done.returncode == Exit.USAGE
    assert "bad.md: its first bytes say UTF-16, but the rest looks binary" in done.stderr
    assert "next: save it as UTF-8 and add it again" in done.stderr
    assert citewire("list").stdout == ""


READING = (
    *(
        ["ask", QUESTION],
        ["brief"],
        ["stories"],
        ["list"],
        ["status"],
        ["doctor"],
        ["reindex"],
        ["editions"],
        ["usage"],
    ),
    *(["show", "ffff"], ["remove", "ffff"], ["watch", "-o", "site", "--once"], ["chat"], ["verify", "-"]),
)


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_a_command_that_reads_makes_no_archive_and_says_that_there_is_none(
    citewire: Command, tmp_path: Path, command: list[str]
) -> None:
    done = citewire(*command, "--archive", "mistyped", stdin="{}")
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert "there is no archive at mistyped" in done.stderr
    assert "next: citewire add PATH --archive mistyped" in done.stderr
    assert not (tmp_path / "mistyped").exists()


def test_an_archive_that_the_environment_names_and_that_is_not_there_is_named(citewire: Command, archive: Path) -> None:
    done = citewire("list")
    assert f"there is no archive at {archive}" in done.stderr
    assert "next: citewire add PATH makes one" in done.stderr
    assert citewire("models").returncode == Exit.DONE  # models are tried without an archive
    assert not archive.exists()


def test_the_doctor_says_which_archive_it_looked_at_and_sends_nobody_to_itself(filled: Command, archive: Path) -> None:
    assert filled("doctor").stdout.startswith(f"ok   archive      {archive}: ok\n")
    (archive.parent / "file").write_text("x", encoding="utf-8")
    done = filled("doctor", "--archive", "file")
    assert done.returncode == Exit.ARCHIVE
    assert "next: check the path, or name another folder with --archive" in done.stderr


def test_asking_an_empty_archive_names_the_next_command(filled: Command) -> None:
    filled("remove", json.loads(filled("list", "--json").stdout)["article"])
    for command in (["ask", QUESTION], ["brief"]):
        done = filled(*command)
        assert done.returncode == Exit.USAGE
        assert "no articles yet" in done.stderr
        assert "next: citewire add PATH" in done.stderr


def test_with_json_an_error_is_one_line_of_json(citewire: Command) -> None:
    for command in (["ask", QUESTION], ["show", "ffff"], ["ask"], ["frobnicate"]):
        done = citewire(*command, "--json")
        error = json.loads(done.stderr)["error"]
        assert (done.stdout, done.returncode, error["exit"]) == ("", Exit.USAGE, Exit.USAGE)
        assert error["code"] == "UsageError"
        assert error["message"]


def test_a_file_in_place_of_an_archive_is_an_archive_error(citewire: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    done = citewire("status", "--archive", "file")
    assert done.returncode == Exit.ARCHIVE
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_names_itself(citewire: Command) -> None:
    done = citewire("status", env={"CITEWIRE_EMBEDER": "bge"})
    assert done.returncode == Exit.USAGE
    assert "did you mean CITEWIRE_EMBEDDER?" in done.stderr


@pytest.mark.parametrize(
    ("words", "call"),
    [
        (["ask", "When", "did", "it", "fall?"], 'citewire ask "When did it fall?"'),
        (["ask", "-k", "4", "When", "did", "--json", "it"], 'citewire ask "When did it" -k 4 --json'),
        (["brief", "Kessar", "dam", "--words=90"], 'citewire brief "Kessar dam" --words=90'),
        (["watch", "-o", "site", "Kessar", "dam"], 'citewire watch "Kessar dam" -o site'),
        (["ask", "Who", "paid", "$4?"], "citewire ask 'Who paid $4?'"),
    ],
)
def test_a_question_without_quotes_is_shown_with_them(citewire: Command, words: list[str], call: str) -> None:
    done = citewire(*words)
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    hint = json.dumps(call)[1:-1] if "--json" in words else f"next: {call}\n"
    assert "is several words: put it in quotes" in done.stderr
    assert hint in done.stderr


def test_a_question_of_a_megabyte_is_refused(filled: Command) -> None:
    done = filled("ask", "-", stdin="why " * 250_000)
    assert done.returncode == Exit.USAGE
    assert "the limit is 2,000" in done.stderr


@pytest.mark.parametrize(
    "document",
    [
        b"\xff\xfe{",
        b"[" * 100_000,
        b"[]",
        b"{}",
        b'{"schema": "citewire/answer-1", "claims": 3}',
        b'{"schema": "citewire/answer-1", "question": "\\ud800"}',
    ],
)
def test_what_is_no_saved_answer_is_refused_by_verify(filled: Command, document: bytes) -> None:
    done = filled("verify", "-", stdin=document)
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert "next: " in done.stderr


def test_a_damaged_archive_is_named_with_the_way_out(filled: Command, archive: Path) -> None:
    with (archive / "archive.sqlite3").open("r+b") as stream:
        stream.write(b"no database" * 400)
    for command in ("list", "doctor"):
        done = filled(command)
        assert (done.returncode, done.stdout) == (Exit.ARCHIVE, "")
        assert str(archive) in done.stderr
        assert "next: restore it from a backup" in done.stderr


def test_a_model_that_cannot_be_reached_exits_with_5(filled: Command) -> None:
    nobody = {"CITEWIRE_BASE_URL": "http://127.0.0.1:9/v1", "CITEWIRE_DEADLINE": "2", "OPENAI_API_KEY": "not-a-key"}
    done = filled("ask", QUESTION, "--model", "openai:gpt-5-mini", env=nobody)
    assert (done.returncode, done.stdout) == (Exit.PROVIDER, "")
    assert "the model failed" in done.stderr
    assert "not-a-key" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_behind_standard_output_is_no_bug_of_ours(filled: Command, archive: Path) -> None:
    assert filled("list").returncode == Exit.DONE
    with Path("/dev/full").open("wb") as full:
        done = _run(archive, "list", stdout=full)
    assert done.returncode == Exit.USAGE
    assert "cannot be written: No space left on device" in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="closes streams as a POSIX shell does")
def test_closed_standard_streams_do_not_stop_a_command(filled: Command, archive: Path) -> None:
    assert filled("list").returncode == Exit.DONE
    done = _run(archive, "status", script='exec "$@" <&- >&-')
    assert (done.returncode, done.stdout, done.stderr) == (Exit.DONE, "", "")
    assert "Harbour" in filled("list").stdout


HOSTILE = "\x1b]52;c;aGk=\x07\x1b[2J[/bold] [link=https://evil.example]x[/link] \x9b31m\u202etxet<script>"


def test_hostile_titles_reach_no_output_as_control_or_markup(citewire: Command) -> None:
    record = {"text": f"{TEXT} {HOSTILE}.", "title": HOSTILE, "author": HOSTILE, "source": {"name": HOSTILE}}
    assert citewire("add", "-", stdin=json.dumps(record)).returncode == Exit.DONE
    article = json.loads(citewire("list", "--json").stdout)["article"]
    calls = [["list"], ["show", article], ["ask", QUESTION], ["brief"], ["add", f"{HOSTILE}.txt"]]
    for call in calls:
        done = citewire(*call)
        for output in (done.stdout, done.stderr):
            assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", output)
        if call[0] != "brief":
            assert "[/bold] [link=https://evil.example]x[/link]" in done.stdout + done.stderr
    assert "<script>" not in citewire("ask", QUESTION, "--html").stdout


def test_a_closed_pipe_is_quiet(filled: Command, archive: Path) -> None:
    assert filled("list").returncode == Exit.DONE
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "CITEWIRE_ARCHIVE": str(archive), "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, "-m", "rag", "list"], stdout=writing, stderr=subprocess.PIPE, env=environment, check=False
    )
    os.close(writing)
    assert done.stderr == b""


@pytest.mark.skipif(os.name == "nt", reason="signals are those of POSIX")
def test_interruption_exits_with_130(archive: Path) -> None:
    environment = {**os.environ, "CITEWIRE_ARCHIVE": str(archive), "PYTHONPATH": str(Path(__file__).parent.parent)}
    with subprocess.Popen(
        [sys.executable, "-m", "rag", "add", "-"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        deadline = time.monotonic() + 30
        while not archive.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == Exit.INTERRUPTED
        assert b"Traceback" not in process.stderr.read()


def test_exit_statuses_are_those_that_the_documents_promise() -> None:
    assert {status.name: int(status) for status in Exit} == {
        "DONE": 0,
        "BUG": 1,
        "USAGE": 2,
        "PARTIAL": 3,
        "DECLINED": 4,
        "PROVIDER": 5,
        "BUDGET": 6,
        "ARCHIVE": 7,
        "INTERRUPTED": 130,
    }


# -- formats


@pytest.mark.parametrize(
    ("name", "start"),
    [
        *(
            ("a.md", b"# "),
            ("a.html", b"<!doctype html>"),
            ("a.json", b"{"),
            ("a.docx", b"PK"),
            ("a.eml", b"Subject: "),
        ),
        *(("a.HTM", b"<!doctype html>"), ("a.txt", QUESTION.encode()), ("a.out", QUESTION.encode())),
    ],
)
def test_the_ending_of_the_file_says_the_form_where_no_option_does(
    filled: Command, tmp_path: Path, name: str, start: bytes
) -> None:
    done = filled("ask", QUESTION, "-o", name)
    assert (done.returncode, done.stdout) == (Exit.DONE, "")
    assert (tmp_path / name).read_bytes().startswith(start)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".citewire")] == []


@pytest.mark.parametrize(
    ("options", "name", "hint"),
    [
        (["--format", "md"], "a.html", "-o a.md, or leave out --format md"),
        (["--html"], "b.md", "-o b.html, or leave out --html"),
        (["--json"], "a.docx", "-o a.json, or leave out --json"),
        (["--format", "docx"], "a.txt", "-o a.docx, or leave out --format docx"),
    ],
)
def test_a_form_is_not_written_under_the_ending_of_another(
    filled: Command, tmp_path: Path, options: list[str], name: str, hint: str
) -> None:
    done = filled("brief", *options, "-o", name)
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert f"{options[-1]} does not write what {name} says by its ending" in done.stderr
    assert hint in done.stderr
    assert not (tmp_path / name).exists()


def test_an_option_says_the_form_where_the_ending_does_not_and_two_of_them_exclude_each_other(
    filled: Command, tmp_path: Path
) -> None:
    for name in ("a.txt", "a.page"):
        assert filled("brief", "--format", "html", "-o", name).returncode == Exit.DONE
        assert (tmp_path / name).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert filled("brief", "--format", "eml").stdout.startswith("Subject: Briefing")
    assert json.loads(filled("brief", "--format", "json", "--json").stdout)["stories"]
    done = filled("brief", "--format", "md", "--html")
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert "--html and --format md exclude each other" in done.stderr


@pytest.mark.parametrize("form", [("--json",), ("--format=json",), ("--format", "json")])
def test_an_error_is_json_where_json_was_asked_for(citewire: Command, form: tuple[str, ...]) -> None:
    done = citewire("brief", *form)
    assert done.returncode == Exit.USAGE
    assert json.loads(done.stderr)["error"]["code"] == "UsageError"


def test_a_page_shows_the_cited_sentence_in_its_article(filled: Command) -> None:
    page = filled("ask", QUESTION, "--html").stdout
    [target] = re.findall(r'role="doc-noteref"[^>]* href="#([^"]+)"', page)
    assert re.search(rf'<article .*<mark id="{target}" tabindex="-1">The harbour wall fell', page, re.DOTALL)
    assert "according to the mayor, Ann Lee." in page


def test_a_word_document_is_refused_on_standard_output(filled: Command) -> None:
    done = filled("brief", "--format", "docx")
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert "next: -o briefing.docx" in done.stderr


def test_a_word_document_names_the_extra_it_needs(filled: Command, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['docx'] = None", encoding="utf-8")
    done = filled("brief", "-o", "a.docx", env={"PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])})
    assert done.returncode == Exit.USAGE
    assert "pip install 'citewire[docx]'" in done.stderr
    assert not (tmp_path / "a.docx").exists()


def test_a_file_is_replaced_whole_and_keeps_its_permissions(filled: Command, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("old", encoding="utf-8")
    (tmp_path / "a.md").chmod(0o640)
    (tmp_path / "link.md").symlink_to(tmp_path / "a.md")
    assert filled("brief", "-o", "link.md").returncode == Exit.DONE
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "a.md").read_text(encoding="utf-8").startswith("# Briefing")
    assert (tmp_path / "a.md").stat().st_mode & 0o777 == 0o640
    (tmp_path / "folder.md").mkdir()
    done = filled("brief", "-o", "folder.md")
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert "folder.md: Is a directory" in done.stderr


def test_a_full_disk_leaves_the_old_file_and_no_half_of_the_new_one(tmp_path: Path) -> None:
    old = tmp_path / "a.html"
    old.write_text("old", encoding="utf-8")
    code = "import pathlib, sys; from rag.commands.console import write; write('x' * 9999, pathlib.Path(sys.argv[1]))"
    limit = "trap '' XFSZ; ulimit -f 1; exec \"$@\""  # one block
    done = subprocess.run(
        ["sh", "-c", limit, "sh", sys.executable, "-B", "-c", code, str(old)],  # no half of a compiled module either
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
        check=False,
    )
    assert f"UsageError: {old}: File too large" in done.stderr
    assert old.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
