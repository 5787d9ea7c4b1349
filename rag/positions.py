"""Clashes to what is printed of them: each matter once, each side with its part, who says it, and its sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.claims import Citation, Conflict, Position
from rag.clash import Kind
from rag.excerpts import excerpt
from rag.figures import BODIES, Figure, counted, figures
from rag.incidents import one_fire
from rag.matters import FIGURES, WORDS, Matter, Voice, matters
from rag.measures import called, measure
from rag.parties import denier, party
from rag.places import place_in
from rag.scopes import parts
from rag.vocabulary import stem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from rag.clash import Clash, Side

BEFELL = {"dead": "people killed", "hurt": "people hurt", "missing": "people missing"}
"""What is counted, where the words for it differ from report to report."""
_SPEEDS = frozenset({"mph", "km/h", "kph", "knots"})


def published(found: Sequence[Clash], shown: Collection[str] = (), *, plainly: bool = False) -> tuple[Conflict, ...]:
    """Return the clashes as they are printed, disputes first; ``plainly``, without what is loaded in their sentences.

    ``shown`` are the texts of the sentences that are printed as disputed: what they tell with both sides is a conflict
    of its own, so that a page need not tell it again, and the rest of the matter is another one.
    """
    told = [clash for clash in found if clash.texts <= {*shown}]
    answered = {id(clash) for matter in matters(found) if _answered(matter, told) for clash in matter.clashes}
    there = [clash for clash in found if clash in told or (clash.kind in WORDS and id(clash) in answered)]
    rest = [clash for clash in found if clash not in there]
    order = list(Kind)
    both = sorted((*matters(there), *matters(rest)), key=lambda matter: order.index(matter.kind))
    return tuple(_conflict(matter, plainly=plainly) for matter in both)


def _answered(matter: Matter, told: Sequence[Clash]) -> bool:
    """Tell whether a statement and what was said against it are shown, whoever else said so, too."""
    return any(clash.kind in WORDS and clash in told for clash in matter.clashes)


def _conflict(matter: Matter, *, plainly: bool) -> Conflict:
    positions = tuple(_position(voice, plainly=plainly) for voice in matter.voices)
    return Conflict(matter.kind.value, _about(matter), positions, _found_by(matter.clashes))


def _found_by(clashes: Iterable[Clash]) -> str:
    """Return the chat model that paired the sentences; empty where a rule found one of the clashes."""
    models = dict.fromkeys(clash.by for clash in clashes)
    return "" if "" in models else ", ".join(models)


def _position(voice: Voice, *, plainly: bool) -> Position:
    side, text = voice.side, voice.side.evidence.sentence.text
    against = voice.role in {"denied", "answered"}
    speaker = denier(text, side.value) if against else party(text, side.value)
    value = side.value if side.value in text and side.value != speaker else ""
    parts = excerpt(text, "" if against or voice.role == "stated" else value, speaker) if plainly else None
    return Position(value, speaker, Citation.of(side.evidence.sentence, side.evidence.article), voice.role, parts)


def _about(matter: Matter) -> str:
    """Return what figures count, and of which fire or place, where all agree: "Fell Fire: acres burned"."""
    sides = [voice.side for voice in matter.voices if voice.role not in {"denied", "answered"}]
    read = [figure for side in sides if matter.kind in FIGURES and (figure := _figure(side))]
    what = _counted(read)
    where = _where(read) if what else ""
    return f"{where}: {what}" if where else what


def _counted(read: Sequence[Figure]) -> str:
    """Return what figures count, in the words of their sentences or as news calls it; empty where these differ."""
    befell = {figure.unit for figure in read}
    if len(befell) == 1 and befell <= BODIES:
        return BEFELL[befell.pop()]
    measures = {found[1] for figure in read if (found := measure(figure))}
    if len(measures) == 1 and len(befell) == 1 and (name := called(measures.pop())):
        return name
    named = [words for figure in read if (words := counted(figure))]
    last = {stem(words.split()[-1]) for words in named}
    speed = f"speed, {min(befell)}" if len(befell) == 1 and befell <= _SPEEDS else ""
    return min(named, key=len) if len(last) == 1 else speed


def _where(read: Sequence[Figure]) -> str:
    """Return the one fire that all figures are of, or else the county or place that stands beside each of them."""
    if fire := one_fire(*read):
        return fire
    common = frozenset[str].intersection(*(parts(figure) or figure.place for figure in read))
    return next((place for figure in read if (place := place_in(figure.evidence.sentence.text, common))), "")


def _figure(side: Side) -> Figure | None:
    return next((figure for figure in figures(side.evidence) if figure.text == side.value), None)
