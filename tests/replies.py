"""The replies that ``notebooks/04_compare_models.ipynb`` replays, recorded anew: ``python tests/replies.py``.

No model ever wrote them: they were written by hand, as a hosted model might have, with faults that such models have (a
number on the wrong speaker, hearsay told as fact, an age from nowhere). A server on loopback says them, and citewire
records them as it records any provider's. Run this when prompts, retrieval or ``seeds/`` have changed.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pytest_httpserver import HTTPServer
from scripted import Asked, Said, ScriptedServer

from rag.errors import CitewireError
from rag.newsroom import Newsroom
from rag.settings import Settings
from rag.writing import Mended, Point, Selection, Wording

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "notebooks" / "replies"
MODEL = "openai:invented"
"""No provider has a model of this name."""


@dataclass(frozen=True)
class Told:
    """One statement: words of the sentence it is written from, what is written, and what is written once more."""

    chosen: tuple[str, ...]
    text: str
    mended: str = ""


SCRIPT: dict[str, tuple[Told, ...]] = {
    "Did Lumarra pay the hackers?": (
        Told(
            ("two insiders have claimed",),
            "Lumarra paid hackers $3.2 million to keep stolen medical records off the internet.",
            "Lumarra secretly paid hackers $3.2 million, two insiders have claimed.",
        ),
        Told(("flatly denied that it had paid",), "Lumarra denied that it had paid anyone."),
    ),
    "How many people died in the Tarrow Head ferry accident?": (
        Told(
            ("Four people died, according",),
            "Four people died, according to St. Brannoc's Hospital and the coastguard.",
        ),
        Told(
            ("Eleven people were killed and dozens hurt",),
            "Eleven people were killed when the ferry ploughed into a harbour wall at Tarrow Head.",
            "Eleven people were killed, a source close to the rescue told The Brazier.",
        ),
    ),
    "How fast was the ship going at the outer buoy according to the voyage data recorder?": (
        Told(("was making 14 knots",), "The ship was making 19 knots at the outer buoy, Ms. Lohmeyer said."),
        Told(
            ("indicates 19 knots",),
            "A first reading of the voyage data recorder indicates 19 knots, according to Dr. Oona Selwick.",
        ),
    ),
    "What happened to the deckhand Pia Lund-Amory?": (
        Told(("broke her wrist",), "Pia Lund-Amory broke her wrist forcing open a jammed door on the lower deck."),
    ),
    "How old is Captain R. J. Hallow?": (
        Told(("who was on the bridge",), "Captain R. J. Hallow, 54, was on the bridge."),
    ),
}
QUESTIONS = tuple(SCRIPT)


def script(asked: Asked) -> Said:
    """Say what is written above; where the articles that were sent do not hold a sentence, its statement falls away."""
    told = next(told for question, told in SCRIPT.items() if f"Question: {question}" in asked.user)
    if asked.task == "select":
        points = [
            [n for n, text in asked.sentences.items() if any(words in text for words in one.chosen)] for one in told
        ]
        found = [Point(sentences=numbers[:1]) for numbers in points if numbers]
        return Selection(points=found, missing=[])
    if asked.task == "write":
        shown = " ".join(asked.sentences.values())
        return Wording(text=next(one.text for one in told if any(words in shown for words in one.chosen)))
    failed = next(one for one in told if one.text in asked.user)
    numbers = [n for n, text in asked.sentences.items() if any(words in text for words in failed.chosen)]
    return Mended(text=failed.mended, sentences=numbers[:1] if failed.mended else [])


def record(folder: Path, seeds: Path = ROOT / "seeds") -> None:
    """Ask every question and write the replies into ``folder``."""
    os.environ.setdefault("OPENAI_API_KEY", "none-is-needed")
    with tempfile.TemporaryDirectory() as archive, HTTPServer() as server:
        scripted = ScriptedServer(server, script)
        settings = Settings(archive=Path(archive), model=MODEL, base_url=scripted.url, record=folder)
        with Newsroom(settings) as room:
            room.add(seeds)
            for question in QUESTIONS:
                room.ask(question)


if __name__ == "__main__":
    for old in FOLDER.glob("*.json"):
        old.unlink()
    try:
        record(FOLDER)
    except CitewireError as error:
        sys.exit(f"{error} ({error.hint})")
