"""Clashes to matters: what is one disagreement is told once, each side with its part in it.

    "two | four", "eleven | four" taken back, "eleven is false" -> first two, taken back eleven, denied, later four

Two clashes of figures are one matter if they have a figure in common that is about one thing; two denials, if they have
a sentence in common; a denial belongs to the figure that it denies.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from rag.clash import Clash, Kind, Side
from rag.figures import RISING, Figure, figures
from rag.partition import Partition
from rag.passages import root
from rag.vocabulary import ABOUT, telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from rag.sources import Evidence
    from rag.wire import Role

MOST = 6
"""Figures of one matter that are told: the first, and the last of those that followed it."""
FIGURES = (Kind.DISPUTE, Kind.UPDATE, Kind.CORRECTION, Kind.DEFINITION, Kind.ACTOR)
"""Clashes of figures, times and doers, in the order in which they name a matter that has several."""
WORDS = (Kind.DENIAL, Kind.REPLY)
"""Clashes of a statement and what was said against it."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One side of a matter."""

    role: Role
    side: Side


@dataclass(frozen=True, slots=True)
class Matter:
    """What sources do not agree on, all of it."""

    kind: Kind
    voices: tuple[Voice, ...]
    """In the order in which they are told: by day where figures changed, a denial after what it denies."""
    clashes: tuple[Clash, ...]


def matters(found: Sequence[Clash]) -> tuple[Matter, ...]:
    """Return what the clashes are about, each matter once, disputes first."""
    joined = Partition(len(found))
    for one, two in combinations(range(len(found)), 2):
        if _one_matter(found[one], found[two]):
            joined.join(one, two)
    order = list(Kind)
    told = [_matter([found[place] for place in places]) for places in joined.groups()]
    both = [matter for matter in told if len(matter.voices) > 1]  # of a count that falls, one side may be left
    return tuple(sorted(both, key=lambda matter: order.index(matter.kind)))


def _one_matter(one: Clash, two: Clash) -> bool:
    if one.kind in FIGURES and two.kind in FIGURES:
        return any(_one_figure(ours, theirs) for ours in _sides(one) for theirs in _sides(two))
    if one.kind in WORDS and two.kind in WORDS:
        return bool(one.texts & two.texts)
    words, counted = (one, two) if one.kind in WORDS else (two, one)
    return words.kind in WORDS and counted.kind in FIGURES and _denies(words, counted)


def _denies(words: Clash, counted: Clash) -> bool:
    """Tell whether a denial is of one side of a clash of figures: it names the figure, or only points at it."""
    values = {f.value for f in figures(words.second.evidence)}
    for side in _sides(counted):
        figure = _figure(side)
        if side.evidence.sentence.text == words.first.evidence.sentence.text and figure is not None:
            return figure.value in values or not (words.about or values)
    return False


def _one_figure(ours: Side, theirs: Side) -> bool:
    """Tell whether two sides have one figure, of one thing."""
    one, two = _figure(ours), _figure(theirs)
    if one is None and two is None:  # times of day, or doers
        return ours == theirs
    if one is None or two is None or one.value != two.value or not (one.unit == two.unit or "" in {one.unit, two.unit}):
        return False
    here, there = ours.evidence, theirs.evidence
    shared = telling(here.sentence.text) & telling(there.sentence.text)
    return here.article.id == there.article.id or root(here) == root(there) or len(shared) >= ABOUT


def _matter(found: Sequence[Clash]) -> Matter:
    kinds = {clash.kind for clash in found}
    kind = next(kind for kind in (*FIGURES, *WORDS, Kind.SPEAKER) if kind in kinds)
    voices = _figured([clash for clash in found if clash.kind in FIGURES])
    for clash in found:
        if clash.kind in WORDS:
            _against(voices, clash)
        elif clash.kind is Kind.SPEAKER:
            voices += [Voice("one", clash.first), Voice("other", clash.second)]
    return Matter(kind, tuple(voices), tuple(found))


def _against(voices: list[Voice], clash: Clash) -> None:
    """Put what ``clash`` says against a statement after it, and the statement, where it is not there, at the end."""
    texts = [voice.side.evidence.sentence.text for voice in voices]
    stated, said = clash.first.evidence.sentence.text, clash.second.evidence.sentence.text
    if stated not in texts:
        voices.append(Voice("stated", clash.first))
        texts.append(stated)
    place = texts.index(stated) + 1
    while place < len(voices) and voices[place].role in {"denied", "answered"}:
        place += 1
    if said not in texts:
        voices.insert(place, Voice("denied" if clash.kind is Kind.DENIAL else "answered", clash.second))


def _figured(found: Sequence[Clash]) -> list[Voice]:
    """Return the figures of a matter, each once, where it was first reported."""
    told: list[list[tuple[Side, Clash]]] = []
    for side, clash in [(side, one) for one in found for side in _sides(one)]:
        same = next((group for group in told if any(_equal(side, other) for other, _ in group)), None)
        if same is None:
            told.append([(side, clash)])
        else:
            same.append((side, clash))
    kinds = {clash.kind for clash in found}
    if Kind.UPDATE in kinds:
        told.sort(key=lambda group: _when(_earliest(group).evidence))
    elif kinds == {Kind.CORRECTION}:
        told.sort(key=lambda group: _role(group, kinds, 0) != "taken_back")
    voices = _rising([Voice(_role(group, kinds, place), _earliest(group)) for place, group in enumerate(told)])
    return voices if len(voices) <= MOST else [voices[0], *voices[1 - MOST :]]


def _rising(voices: list[Voice]) -> list[Voice]:
    """Return counts of the dead or hurt without those that are lower than before: they are of a part.

    Of the ways to leave such counts out the one that leaves out fewest; what was taken back may be anything.
    """
    read = [_figure(voice.side) for voice in voices]
    if not any(voice.role == "later" for voice in voices) or any(f is None or f.unit not in RISING for f in read):
        return voices
    best: dict[int, list[int]] = {}
    for place, figure in enumerate(read):
        if voices[place].role != "taken_back" and figure is not None:
            before = [run for at, run in best.items() if (read[at] or figure).size <= figure.size]
            best[place] = [*max(before, key=len, default=list[int]()), place]
    kept = {*max(best.values(), key=len, default=list[int]())}
    return [voice for place, voice in enumerate(voices) if place in kept or voice.role == "taken_back"]


def _role(group: Sequence[tuple[Side, Clash]], kinds: set[Kind], place: int) -> Role:
    """Return the part of one figure: what became of it in the clashes that it stands in."""
    if any(clash.kind is Kind.CORRECTION and side is clash.first for side, clash in group):
        return "taken_back"
    if any(clash.kind is Kind.UPDATE for _, clash in group):
        return "later" if place else "first"
    if kinds == {Kind.CORRECTION}:
        return "instead"
    return "other" if place else "one"


def _earliest(group: Sequence[tuple[Side, Clash]]) -> Side:
    return min((side for side, _ in group), key=lambda side: _when(side.evidence))


def _when(item: Evidence) -> tuple[float, int]:
    published = item.article.published
    return (published.timestamp() if published else float("inf"), item.number)


def _equal(one: Side, two: Side) -> bool:
    ours, theirs = _figure(one), _figure(two)
    if not one.value or not two.value:
        return one == two
    return one.value == two.value or (ours is not None and theirs is not None and ours.value == theirs.value)


def _figure(side: Side) -> Figure | None:
    """Return the figure that a side gives, read anew off its sentence."""
    return next((figure for figure in figures(side.evidence) if figure.text == side.value), None)


def _sides(clash: Clash) -> tuple[Side, Side]:
    return (clash.first, clash.second)


def alone(printed: Sequence[AbstractSet[str]], found: Iterable[Clash]) -> frozenset[int]:
    """Return the places of those that are one side of a clash whose other side none of the others is.

    ``printed`` are the texts of the sentences that each disputed statement cites.
    """
    pairs = [[side.evidence.sentence.text for side in _sides(clash)] for clash in found]
    lone: set[int] = set()
    for place, texts in enumerate(printed):
        others = frozenset[str]().union(*printed[:place], *printed[place + 1 :])
        both = {text for pair in pairs if {*pair} <= texts for text in pair}  # answered in the same breath
        open_ = [pair for pair in pairs if not both.intersection(pair)]
        theirs = [(two if one in texts else one) for one, two in open_ if (one in texts) != (two in texts)]
        if theirs and not others.intersection(theirs):
            lone.add(place)
    return frozenset(lone)
