"""Public sets on the command line: the user's own download is asked and judged, and what is wrong with it is named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from conftest import Command

from rag.commands.sets import labelled_of, questions_of
from rag.errors import CitewireError, Exit
from rag.evaluation.loaders import PUBLISHED, SETS, named

SNIPPETS = (
    ("When did the harbour of Tarrow reopen?", "3 March", "The harbour of Tarrow reopened on 3 March, the port said."),
    ("Who leads the Corran council?", "Ana Ruiz", "Ana Ruiz leads the Corran council since the vote in May."),
)
NOISE = "Ships in the bay of Lindholm are painted by hand every second summer."


def rows(path: Path, *given: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in given), encoding="utf-8")
    return path


@pytest.fixture
def download(tmp_path: Path) -> Path:
    """A folder as a user has it: RGB and WiCE in their published forms."""
    folder = tmp_path / "download"
    folder.mkdir()
    asked = (
        {"id": n, "query": query, "answer": answer, "positive": [text], "positive_wrong": [], "negative": [NOISE]}
        for n, (query, answer, text) in enumerate(SNIPPETS)
    )
    rows(folder / "en_fact.json", *asked)
    claims = (
        {"meta": {"id": str(n)}, "claim": claim, "evidence": [text], "label": label, "supporting_sentences": [[0]]}
        for n, (claim, text, label) in enumerate(
            [
                ("The harbour reopened.", "The harbour reopened.", "supported"),
                ("The moon is a cheese of 9 tonnes.", "It rained in May.", "not_supported"),
            ]
        )
    )
    rows(folder / "dev.jsonl", *claims)
    return folder


@pytest.mark.slow
def test_a_public_set_is_asked_of_its_own_articles_in_the_folder_of_the_run(
    citewire: Command, download: Path, archive: Path, tmp_path: Path
) -> None:
    call = ("eval", f"rgb:{download}", "-o", "run", "--judge", "rules", "--json")
    done = citewire(*call)
    assert done.returncode == Exit.DONE, done.stderr
    config = json.loads(done.stdout)["config"]
    assert config["dataset"] == "rgb-noise"
    assert PUBLISHED["RGB"].source in config["source"]
    lines = (tmp_path / "run" / "responses.jsonl").read_text("utf-8").splitlines()
    assert sum("3 March" in line or "Ana Ruiz" in line for line in lines) == len(SNIPPETS)
    assert not archive.exists(), "the user's own archive stays as it is"
    again = citewire(*call)
    assert again.returncode == Exit.DONE
    assert "adding" in done.stderr
    assert "adding" not in again.stderr
    assert (tmp_path / "run" / "responses.jsonl").read_text("utf-8").splitlines() == lines


def test_a_limit_and_a_task_are_the_users(citewire: Command, download: Path, tmp_path: Path) -> None:
    done = citewire(
        "eval", f"rgb:{download}", "--task", "rejection", "--limit", "1", "-o", "run", "--judge", "rules", "--json"
    )
    assert json.loads(done.stdout)["config"]["dataset"] == "rgb-rejection"
    assert len((tmp_path / "run" / "responses.jsonl").read_text("utf-8").splitlines()) == 1
    other = citewire("eval", f"rgb:{download}", "-o", "run")
    assert other.returncode == Exit.USAGE
    assert "holds a run of other questions (rgb-rejection)" in other.stderr


def test_an_archive_that_is_named_is_asked_as_it_is(citewire: Command, download: Path, tmp_path: Path) -> None:
    (tmp_path / "own.md").write_text("The zoo of Lindholm has a new panda.")
    citewire("add", "own.md")
    before = citewire("list").stdout
    done = citewire("eval", f"rgb:{download}", "--archive", tmp_path / "archive", "-o", "run")
    assert done.returncode == Exit.USAGE
    assert "the archive holds none of the 2 gold" in done.stderr
    assert "leave out --archive" in done.stderr
    assert citewire("list").stdout == before


@pytest.mark.parametrize("arguments", [("wice:download",), ("wice", "download"), ("wice:download/dev.jsonl",)])
def test_a_judge_is_measured_on_claims_of_ones_own_download(
    citewire: Command, download: Path, arguments: Sequence[str]
) -> None:
    assert download.is_dir()
    done = citewire("eval", "judge", *arguments, "--verifier", "embedded", "--write", "kept.json", "--json")
    assert done.returncode == Exit.DONE, done.stderr
    (found,) = json.loads(done.stdout)
    assert (found["data"], found["rows"], found["accuracy"]) == ("WiCE", 2, 1.0)
    assert PUBLISHED["WiCE"].where in done.stderr


def test_rows_of_one_kind_have_no_balanced_accuracy_and_that_is_no_failure_of_a_provider(
    citewire: Command, download: Path
) -> None:
    assert download.is_dir()
    done = citewire("eval", "judge", "wice:download", "--verifier", "embedded", "--limit", "1", "--write", "kept.json")
    assert done.returncode == Exit.DONE
    assert "read more with --limit" in done.stderr


RGB, WICE = PUBLISHED["RGB"].where, PUBLISHED["WiCE"].where


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["rgb:nowhere"], Exit.PARTIAL, ["nowhere: there is no such file or folder", RGB, "CC BY-NC-SA 4.0"]),
        (["rgb:empty"], Exit.PARTIAL, ["empty: neither it nor its dev folder has", "en_fact.json", RGB]),
        (["rgb:download/dev.jsonl"], Exit.PARTIAL, ["dev.jsonl:1: id: it is missing", RGB]),
        (["rgb:broken.jsonl"], Exit.PARTIAL, ["broken.jsonl:2: not JSON"]),
        (["rgb:pointer.json"], Exit.PARTIAL, ["pointer.json: it is a pointer to a file in Git LFS", "git lfs pull"]),
        (["rgb:none.jsonl"], Exit.PARTIAL, ["none.jsonl: there is no question in it"]),
        (["rgb:cut.jsonl.gz"], Exit.PARTIAL, ["cut.jsonl.gz: "]),
        (["judge", "wice:none.jsonl"], Exit.PARTIAL, ["none.jsonl: there is no row in it"]),
        (["judge", "wice:download/en_fact.json"], Exit.PARTIAL, ["en_fact.json:1: claim: it is missing", WICE]),
        (["realtimeqa:empty", "--year", "2025"], Exit.PARTIAL, ["past/2025/*_qa.jsonl"]),
        (["rgb:"], Exit.USAGE, ["rgb: names no path", "rgb:PATH", RGB]),
        (["rbg:download"], Exit.USAGE, ["there is no public set 'rbg'", "did you mean rgb:download?"]),
        (["download"], Exit.USAGE, ["download is a folder", "realtimeqa:download"]),
        (["wice:download"], Exit.USAGE, ["claims that people judged", "citewire eval judge wice:download"]),
        (["judge", "rgb:download"], Exit.USAGE, ["a set of questions", "citewire eval rgb:download"]),
        (["judge", "wice:download", "download"], Exit.USAGE, ["the path stands twice"]),
        (["rgb:download", "--task", "nota"], Exit.USAGE, ["no task 'nota'", "noise, rejection"]),
        (["rgb:download", "--year", "2022"], Exit.USAGE, ["rgb has no years"]),
        (["multihop:download", "--task", "open"], Exit.USAGE, ["multihop has one task only"]),
        (["own.jsonl", "--task", "open"], Exit.USAGE, ["--task is for public sets"]),
    ],
)
def test_what_is_wrong_with_a_path_or_a_call_is_named(
    download: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: Exit, told: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    rows(tmp_path / "own.jsonl", {"question": "Who?", "answer": "Ann"})
    first = (download / "en_fact.json").read_text("utf-8").splitlines()[0]
    (tmp_path / "broken.jsonl").write_text(f"{first}\n{{\n")
    (tmp_path / "pointer.json").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n")
    (tmp_path / "none.jsonl").touch()
    (tmp_path / "cut.jsonl.gz").write_bytes(b"\x1f\x8b\x08\x00")
    with pytest.raises(CitewireError) as caught:
        asked(*arguments)
    assert caught.value.exit_code == code
    said = f"{caught.value} {caught.value.hint}"
    assert [one for one in told if one not in said] == []


def asked(*arguments: str) -> object:
    """Read what ``citewire eval`` would, of these arguments."""
    if arguments[0] == "judge":
        return labelled_of(arguments[1], Path(arguments[2]) if arguments[2:] else None)
    options = dict(pairwise(arguments[1:]))
    return questions_of(arguments[0], options.get("--task"), options.get("--year"))


def test_a_call_with_a_wrong_path_makes_nothing_and_ends_with_the_next_step(citewire: Command, tmp_path: Path) -> None:
    done = citewire("eval", "rgb:nowhere", "-o", "run")
    assert done.returncode == Exit.PARTIAL
    assert f"next: download it from {RGB}" in done.stderr
    assert not (tmp_path / "run").exists()


def test_help_names_each_set_with_its_licence_and_where_it_is_to_be_had(citewire: Command) -> None:
    asked, judged = citewire("eval", "run", "--help").stdout, citewire("eval", "judge", "--help").stdout
    for name, one in named.ALL.items():
        text = asked if name in named.QUESTIONS else judged
        assert f"  {name}:PATH\n" in text
        assert f"    {one.published.where}\n" in text
        assert f"    licence: {one.published.licence}\n" in text
        assert all(f"--task {task}" in text for task in one.tasks)
    group = citewire("eval", "--help").stdout
    assert "realtimeqa:PATH" in group
    assert "citewire eval run --help" in " ".join(group.split())


def test_every_set_of_claims_that_can_be_loaded_has_a_name() -> None:
    assert list(named.LABELLED) == list(SETS)


def test_a_file_that_is_called_like_a_set_is_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert named.parsed("rgb") == ("rgb", None)
    (tmp_path / "rgb").write_text("{}")
    assert named.parsed("rgb") is None
    assert named.parsed("gold.jsonl") is None
    assert named.parsed("C:\\gold.csv") is None
