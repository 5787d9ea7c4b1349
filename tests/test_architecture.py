"""ARCHITECTURE.md names every room, and no room that is not there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_room_is_in_the_table_and_every_row_is_a_room() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [\w ]+ \| (`.*?) \|", text, flags=re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([\w/]+)`", row)}
    rooms = {path.stem for path in (ROOT / "rag").glob("*.py") if path.stem != "__init__"}
    folders = {f"{path.name}/" for path in (ROOT / "rag").iterdir() if (path / "__init__.py").is_file()}
    assert named == rooms | folders
