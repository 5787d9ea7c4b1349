"""The notebooks run from top to bottom on a real kernel, with no key and no network, and are committed bare."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import nbformat
import pytest
from conftest import PLACE
from nbclient import NotebookClient
from replies import FOLDER as REPLIES
from replies import record

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LIMIT = 240
"""Seconds for one cell on a busy machine; a whole notebook takes under a minute on a quiet one."""
NO_NETWORK = """
import socket
_connect = socket.socket.connect
def connect(self, address):
    if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
        raise OSError(f"a notebook asked for {address[0]}")
    return _connect(self, address)
socket.socket.connect = connect
"""
"""Python reads ``sitecustomize`` when it starts: what a notebook starts with."""

Cell = Mapping[str, object]


def cells(path: Path) -> list[Cell]:
    return cast("list[Cell]", nbformat.read(path, as_version=4)["cells"])


def environment(tmp_path: Path) -> dict[str, str]:
    """Nothing of the user's: no key, no setting, no archive."""
    (tmp_path / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CITEWIRE_", "OPENAI_")) and not name.endswith("_API_KEY")
    }
    path = os.pathsep.join([str(tmp_path), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    homes = {name: str(tmp_path / "home") for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "IPYTHONDIR")}
    return {**clean, **homes, "PYTHONPATH": path, "TMPDIR": str(tmp_path)}


def run(path: Path, tmp_path: Path) -> list[Cell]:
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=LIMIT, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    )
    client.execute(env=environment(tmp_path))
    return cast("list[Cell]", notebook["cells"])


def outputs(cell: Cell) -> list[Mapping[str, object]]:
    return cast("list[Mapping[str, object]]", cell.get("outputs", []))


def said(ran: list[Cell], name: str) -> str:
    """What the cell of this id printed or showed, as text or HTML."""
    (cell,) = (cell for cell in ran if cell["id"] == name)
    parts: list[str] = []
    for output in outputs(cell):
        data = cast("Mapping[str, str]", output.get("data", {}))
        parts += [str(output.get("text", "")), data.get("text/html", ""), data.get("text/plain", "")]
    return "\n".join(parts)


def pictures(ran: list[Cell]) -> list[str]:
    """Ids of the cells that show a picture."""
    return [
        str(cell["id"])
        for cell in ran
        for o in outputs(cell)
        if "image/png" in cast("dict[str, str]", o.get("data", {}))
    ]


def complaints(ran: list[Cell]) -> list[object]:
    """What was written to standard error."""
    return [output["text"] for cell in ran for output in outputs(cell) if output.get("name") == "stderr"]


def test_the_four_notebooks_are_there() -> None:
    assert [path.name for path in NOTEBOOKS] == [
        "01_ask.ipynb",
        "02_briefing.ipynb",
        "03_evaluate.ipynb",
        "04_compare_models.ipynb",
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs_and_with_names_for_its_cells(path: Path) -> None:
    found = cells(path)
    assert len(found) > 5
    nbformat.validate(nbformat.read(path, as_version=4))
    for cell in found:
        assert not cell.get("outputs"), f"{path.name}, {cell['id']}: make format strips outputs"
        assert cell.get("execution_count") is None, f"{path.name}, {cell['id']}: make format strips counts"
        assert not cell["metadata"], f"{path.name}, {cell['id']}: make format strips what an editor left"
    names = [str(cell["id"]) for cell in found]
    assert len({*names}) == len(names)
    assert all(name.replace("-", "").isalpha() for name in names), "ids are words, so that a diff reads well"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_defines_nothing_and_names_no_place_of_one_machine(path: Path) -> None:
    code = "\n".join(str(cell["source"]) for cell in cells(path) if cell["cell_type"] == "code")
    assert "rag" in code
    assert not [line for line in code.splitlines() if line.lstrip().startswith(("def ", "class ", "async def "))]
    assert not PLACE.search(code)


def test_a_notebook_that_asked_the_network_would_fail(tmp_path: Path) -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=1)"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(tmp_path), capture_output=True, text=True, check=False
    )
    assert "a notebook asked for 192.0.2.1" in done.stderr


@pytest.mark.slow
def test_first_questions_are_answered_cited_followed_up_and_declined(tmp_path: Path) -> None:
    ran = run(FOLDER / "01_ask.ipynb", tmp_path)
    assert not complaints(ran)
    assert "32 articles, 0 could not be read" in said(ran, "open")
    assert "two insiders have claimed" in said(ran, "ask")
    assert "in place  True" in said(ran, "citation")
    assert "as saved       True" in said(ran, "verify")
    assert "figure changed False" in said(ran, "verify")
    assert "Eleven" in said(ran, "day")
    assert "declined" in said(ran, "follow")
    assert "do not answer" in said(ran, "decline")


@pytest.mark.slow
def test_a_briefing_shows_its_disputes_its_changes_and_its_wording(tmp_path: Path) -> None:
    ran = run(FOLDER / "02_briefing.ipynb", tmp_path)
    assert not complaints(ran)
    assert "Corrected" in said(ran, "changed")
    assert "corrected" in said(ran, "diff")
    assert "dispute" in said(ran, "disputes")
    assert "14 April 2026" in said(ran, "timeline")
    assert "(loaded)" in said(ran, "concerns")
    assert "wording" in said(ran, "strict")
    assert pictures(ran) == ["reports", "figures", "wording", "strict"]


@pytest.mark.slow
def test_a_gold_set_from_a_csv_is_scored_and_each_error_opens_to_its_evidence(tmp_path: Path) -> None:
    ran = run(FOLDER / "03_evaluate.ipynb", tmp_path)
    assert not complaints(ran)
    assert "12 questions, 3 of them unanswerable" in said(ran, "load")
    assert "citation_recall" in said(ran, "scores")
    assert "<svg" in said(ran, "curve")
    errors = said(ran, "errors")
    assert "<details>" in errors
    assert "Evidence: the likeliest of" in errors
    assert "Gold sentences" in errors
    assert "<script" not in errors


@pytest.mark.slow
def test_replayed_replies_are_compared_and_what_they_invent_is_withheld(tmp_path: Path) -> None:
    ran = run(FOLDER / "04_compare_models.ipynb", tmp_path)
    assert not complaints(ran)
    assert "openai:invented" in said(ran, "table")
    held = said(ran, "withheld")
    assert "openai:invented, attribution: Eleven people were killed when" in held
    assert "openai:invented, facts: Captain R. J. Hallow, 54" in held
    assert "a source close to the rescue told The Brazier" in said(ran, "answer")
    assert "do not answer this question" in said(ran, "declined")


def test_the_replies_that_are_replayed_are_those_that_the_script_records(tmp_path: Path) -> None:
    record(tmp_path)
    made, kept = (
        {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.json")}
        for folder in (tmp_path, REPLIES)
    )
    assert len(made) > 10
    assert made == kept, "python tests/replies.py records them anew"
