"""Clash to what is printed of it: each side with its figure, who says it, and a citation of its sentence.

Rules over surface text are made to miss: where a sentence has two speakers, or what was read as one is no whole name or
office, nobody is named.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.attribution import Speech, speeches
from rag.claims import Citation, Conflict, Position
from rag.standing import OFFICIAL
from rag.vocabulary import stem, telling

if TYPE_CHECKING:
    from rag.clash import Clash, Side

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
NAMED, ABOUT = 9, 4
"""Most words of a speaker's name and office, and of what a conflict is about, in a line."""
_PRONOUNS = frozenset("he she it they we i who which that this and but".split())
_OFFICES = frozenset(
    "mayor minister president government union company firm chief chairman governor senator spokesman spokeswoman "
    "spokesperson lawyer lawyers campaign party activists residents witnesses workers insiders source".split()
)
"""Who else may speak without a name."""
_CUT = frozenset("also and or has have had is was but what when while previously earlier later then".split())
"""Last words of what was misread as a speaker: the phrase goes on."""
_DAYS = frozenset("monday tuesda wednes thursd friday saturd sunday".split())


def published(clash: Clash) -> Conflict:
    """Return a clash as it is printed: each side with who says it and a citation of its sentence."""
    return Conflict(clash.kind.value, _about(clash), tuple(_position(side) for side in (clash.first, clash.second)))


def _position(side: Side) -> Position:
    text = side.evidence.sentence.text
    named = [speech for speech in speeches(text) if speech.speaker]
    alone = len({speech.speaker for speech in named}) == 1  # of two, the figure may be the other's
    speaker = named[0].speaker if alone and _names(named[0]) and named[0].speaker in text else ""
    value = side.value if side.value in text and side.value != speaker else ""
    return Position(value, speaker, Citation.of(side.evidence.sentence, side.evidence.article))


def _names(speech: Speech) -> bool:
    """Tell whether a speaker is named so that a reader knows who it is: no pronoun, no misread clause."""
    said = speech.speaker.split()
    cut = said[-1].lower() in _CUT or said[-1].endswith(("ly", "ed"))
    whole = said[0].lower() not in _PRONOUNS and not cut
    return (
        bool(speech.words)
        and len(said) <= NAMED
        and whole
        and bool(speech.names or speech.words & (OFFICIAL | _OFFICES))
    )


def _about(clash: Clash) -> str:
    """Return what both sides are about in a few words of their sentences."""
    texts = [side.evidence.sentence.text for side in (clash.second, clash.first)]
    shared = telling(texts[0]) & telling(texts[1])
    surface = {stem(word): word.removesuffix("’s") for text in texts for word in _WORD.findall(text)}
    wanted = dict.fromkeys(
        word for word in (*clash.about, *(stem(w) for w in _WORD.findall(texts[0]) if stem(w) in shared))
    )
    return " ".join([surface[word] for word in wanted if word in surface and word not in _DAYS][:ABOUT])
