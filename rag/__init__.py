"""citewire: reads the news and answers for it, every sentence with the source sentence it rests on.

    from rag import Newsroom

    room = Newsroom.open("archive")
    room.add("articles/")
    answer = room.ask("Who chairs the inquiry?")

Names are imported when they are first used, so that ``import rag`` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.answers import Abstention, Answer, Briefing
    from rag.changes import Changes
    from rag.claims import Citation, Claim, Withheld
    from rag.errors import CitewireError
    from rag.newsroom import Newsroom
    from rag.settings import Settings
    from rag.sources import Article, Scope, Sentence

__version__ = "0.1.0"

_HOMES = {
    "Abstention": "rag.answers",
    "Answer": "rag.answers",
    "Article": "rag.sources",
    "Briefing": "rag.answers",
    "Changes": "rag.changes",
    "Citation": "rag.claims",
    "CitewireError": "rag.errors",
    "Claim": "rag.claims",
    "Newsroom": "rag.newsroom",
    "Scope": "rag.sources",
    "Sentence": "rag.sources",
    "Settings": "rag.settings",
    "Withheld": "rag.claims",
}

__all__ = [
    "Abstention",
    "Answer",
    "Article",
    "Briefing",
    "Changes",
    "Citation",
    "CitewireError",
    "Claim",
    "Newsroom",
    "Scope",
    "Sentence",
    "Settings",
    "Withheld",
    "__version__",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        msg = f"module 'rag' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
