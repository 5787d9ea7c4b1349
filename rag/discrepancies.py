"""Figures to the pairs that do not agree.

What a text sets against each other, and what is about one thing by its own words. A figure that was overtaken is an
update and no dispute; one that its own outlet took back is a correction. Where a text compares figures itself ("the
true figure", "up from") it is believed, else unit, what is counted and other words must agree.
"""

from __future__ import annotations

import re
from itertools import chain, combinations
from typing import TYPE_CHECKING

from rag.clash import Clash, Kind
from rag.corrections import is_correction, retracted
from rag.figures import APART, BODIES, SIGNS, Figure, clashing, differ, doubts, how_counted, listed
from rag.hours import hours
from rag.passages import published_before, root, speakers, told_at
from rag.retold import retold
from rag.vocabulary import ABOUT, telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.sources import Evidence

ALIKE = 0.5
"""Share of the smaller context's words that two figures must have in common. With two shared words and a third, 779
real events (NeuS and AllSides, dev) gave 64 disputes, by reading mostly false: June and May, one bill and another. With
these, and with no second figure of the unit in a sentence, they give 4, three of them false."""
NAMED = 0.5
"""Share of the fewer names that two sentences about the dead must have in common, to be of one place and event."""
WORDED, WORDS = 0.75, 6
"""Share of the shorter sentence's telling words, and number of them, that two sentences of one day must have in common
to be one sentence with another figure. Fewer show little: of 75 disputes by words around two figures in real stories
(every other one of RealTimeQA, AllSides and NeuS, dev) 71 were of two things or moments, by reading."""
STEPS = 2
"""Sentences back to the figure that a text compares another with."""
_TELLING = 100  # a number from here on is rarely given twice in a story for two things
_TOLL = frozenset(
    "dead death died die killed kill killin injure hurt wounde toll report offici author counti person".split()
)
"""Stems that stand in any sentence about the dead and hurt."""
_FROM = re.compile(r"\b(?:up|down) from (?:the |a )?(?:\w+ ){0,3}$", re.IGNORECASE)
_OVERTAKEN = re.compile(
    r"\b(?:previous|earlier|first|initial|original|old) (?:figure|number|count|toll|tally|total|estimate) of $",
    re.IGNORECASE,
)
_WAS_TO = re.compile(r"\bwas (?:to|due to)\b.*\bwill now\b", re.IGNORECASE)
_LATER = re.compile(
    r"\b(?:has risen|rose to|risen to|rises to|raised? (?:its|the|their)|revised|updated|now (?:stands?|at|put)|"
    r"replaces?|increased|climbed|(?:has )?cut (?:the|its|his|her) (?:lead|majority)|"
    r"lowered|fallen to|new (?:number|figure|count|toll))\b",
    re.IGNORECASE,
)
_RISES = re.compile(r"\b(?:ris(?:es|en)|rose|climb\w*|increas\w*)\b", re.IGNORECASE)
_AGAINST = re.compile(
    r"\b(?:different (?:number|figure|count|account)|true (?:figure|number)|put (?:the|that) (?:\w+ )?(?:number|"
    r"figure|count|toll|share)|"
    r"(?:were|was|is) (?:closer|nearer) to|far (?:below|above)|at odds with|the (?:number|figure|"
    r"count) is)\b",
    re.IGNORECASE,
)


def discrepancies(evidence: Sequence[Evidence], figures: Sequence[Figure]) -> Iterator[Clash]:
    """Yield the pairs of ``figures`` that do not agree, and of times of day in ``evidence``, where they stand."""
    wrong = retracted(evidence)
    right = [figure for figure in figures if is_correction(figure.evidence)]
    for clash in chain(_compared(figures, wrong), _alike(figures, wrong)):
        if clash.kind is not Kind.CORRECTION or _stands(clash, figures, right):
            yield clash
    yield from retold(figures)
    yield from hours(evidence)


def _stands(clash: Clash, figures: Sequence[Figure], right: Sequence[Figure]) -> bool:
    """Tell whether what a correction puts in the place of a figure is what it says, where it says so."""
    taken, instead = (
        next((f for f in figures if f.evidence is side.evidence and f.text == side.value), None)
        for side in (clash.first, clash.second)
    )
    if taken is None or instead is None:
        return True
    put = {f.value for f in right if f.unit == taken.unit and f.value != taken.value and _outlet(f) == _outlet(taken)}
    return not put or instead.value in put


def _in_order(*figures: Figure) -> list[Figure]:
    return sorted(figures, key=lambda figure: told_at(figure.evidence))


def _outlet(figure: Figure) -> str | None:
    return figure.evidence.article.outlet


def _compared(figures: Sequence[Figure], wrong: frozenset[tuple[str, str]]) -> Iterator[Clash]:
    """Figures that a text itself sets against each other, each shown by the sentence that says most about it."""
    for place, figure in enumerate(figures):
        text = figure.evidence.sentence.text
        lead = text[: figure.start]
        before = _before(figure, figures[max(0, place - 6) : place])
        if before is None:
            yield from _earlier_than(figure, figures)
        elif before.evidence.number == figure.evidence.number:
            was_to = figure.unit == "date" and _WAS_TO.search(text)
            old, new = (before, figure) if was_to else (figure, before)
            earlier = _fullest(old, figures, new)
            if (was_to or _FROM.search(lead) or _OVERTAKEN.search(lead)) and _later(earlier, new):
                yield clashing(Kind.UPDATE, ("was to" if was_to else "from",), earlier, new)
        elif _OVERTAKEN.search(lead):
            yield clashing(Kind.UPDATE, ("previous",), _fullest(figure, figures, before), before)
        elif _AGAINST.search(text) and speakers(before.evidence) != speakers(figure.evidence):
            first, second = _in_order(_fullest(before, figures, figure), _fullest(figure, figures, before))
            kind = Kind.CORRECTION if _taken_back(first, second, wrong) else Kind.DISPUTE
            yield clashing(kind, ("against",), *_wrong_first(first, second, wrong))


def _before(figure: Figure, earlier: Sequence[Figure]) -> Figure | None:
    """Return the figure that ``figure`` may be compared with: the first of its unit in the nearest sentence before."""
    near = [other for other in earlier if _near(other, figure)]
    return max(
        near, key=lambda other: (other.evidence.number, other.unit == figure.unit != "", -other.start), default=None
    )


def _near(other: Figure, figure: Figure) -> bool:
    apart = figure.evidence.sentence.n - other.evidence.sentence.n
    if other.evidence.article.id != figure.evidence.article.id or apart > STEPS or other.value == figure.value:
        return False
    if figure.unit == "date" or other.unit == "date":
        return figure.unit == other.unit
    return _one_unit(other, figure) and differ(other, figure)


def _one_unit(one: Figure, two: Figure) -> bool:
    """Tell whether units agree, or one text left out what it counts."""
    return one.unit == two.unit or ("" in {one.unit, two.unit} and not {one.unit, two.unit} & SIGNS)


def _earlier_than(figure: Figure, figures: Sequence[Figure]) -> Iterator[Clash]:
    """A day that its text calls earlier or later than somebody says, and the day of another report closest to it."""
    if figure.unit == "date" and doubts(figure):
        own = root(figure.evidence)
        rivals = [f for f in figures if f.unit == "date" and f.value != figure.value and root(f.evidence) != own]
        best = max(rivals, key=lambda other: len(other.context & figure.context), default=None)
        if best and best.context & figure.context:
            yield clashing(Kind.DISPUTE, sorted(best.context & figure.context), *_in_order(best, figure))


def _fullest(figure: Figure, figures: Sequence[Figure], rival: Figure) -> Figure:
    """Return the same figure where it was first reported: in another report than ``rival``, or else ``figure``."""
    rare = figure.unit in SIGNS or figure.unit == "date" or figure.size >= _TELLING
    near = telling(figure.evidence.sentence.text) | rival.context
    same = [
        other for other in figures
        if other.value == figure.value and _one_unit(other, figure) and not is_correction(other.evidence)
        and other.evidence.number != rival.evidence.number and root(other.evidence) != root(rival.evidence)
        and ((rare and other.unit != "date" and not listed(other)) or telling(other.evidence.sentence.text) & near)
    ]  # fmt: skip
    return min(same, key=lambda other: (other.evidence.sentence.n > 0, told_at(other.evidence)), default=figure)


def _alike(figures: Sequence[Figure], wrong: frozenset[tuple[str, str]]) -> Iterator[Clash]:
    """Pairs of figures that are about one thing by their own words, those in leading sentences first."""
    by_unit: dict[str, list[Figure]] = {}
    for figure in figures:
        by_unit.setdefault(figure.unit, []).append(figure)
    pairs = [pair for unit, members in by_unit.items() if unit not in {"", "date"} for pair in combinations(members, 2)]
    told: set[tuple[int, str]] = set()
    for one, two in sorted(pairs, key=lambda pair: (_apart(pair), _leading(pair))):
        first, second = _in_order(one, two)
        about = _about(first, second) if differ(first, second) or _grew(first, second) else ()
        kind = _kind(first, second, wrong) if about else None
        overtaken = (first.evidence.number, first.value)
        if kind is not None and not (kind is Kind.UPDATE and overtaken in told):  # by the next report, not by each
            told |= {overtaken} if kind is Kind.UPDATE else set[tuple[int, str]]()
            yield clashing(kind, about, *_wrong_first(first, second, wrong))


def _apart(pair: tuple[Figure, Figure]) -> int:
    """Return the days between the reports of two figures."""
    return int(abs(told_at(pair[0].evidence)[0] - told_at(pair[1].evidence)[0]) // 86_400)


def _leading(pair: tuple[Figure, Figure]) -> int:
    return sum(f.evidence.sentence.n - 3 * bool(_LATER.search(f.evidence.sentence.text)) for f in pair)


def _about(first: Figure, second: Figure) -> tuple[str, ...]:
    """Return the words that show two figures to be about one thing; none if they are not."""
    same = first.evidence.sentence.id == second.evidence.sentence.id
    if same or not (first.sole and second.sole) or not _one_scope(first, second):
        return ()
    shared = first.context & second.context - {first.unit}
    smaller = min(first.context, second.context, key=len)
    ours = telling(first.evidence.sentence.text) & telling(second.evidence.sentence.text)
    if first.unit in BODIES:
        leads = first.evidence.sentence.n + second.evidence.sentence.n == 0
        tell = ours - _TOLL
        return (first.unit, *sorted(shared)) if leads or (tell and len(ours) >= ABOUT - 1) else ()
    if first.head and second.head:
        same = first.head == second.head and (shared >= smaller or doubts(second))
        if first.head != second.head or same:
            return (first.head, *sorted(shared - {first.head})) if same else ()
    return tuple(sorted(shared)) if len(shared) >= ABOUT and len(shared) >= ALIKE * len(smaller) else ()


def _one_scope(first: Figure, second: Figure) -> bool:
    """Tell whether two figures can be of one place, event and time: Cuba's dead are not Florida's, nor last year's."""
    here, there = first.scope, second.scope
    if any(name.isdigit() for name in here ^ there):
        return False
    if first.unit not in BODIES:
        return True
    if first.of != second.of or not (_placed(first, second) and _placed(second, first)):
        return False
    if not (here and there):
        bare = second if here else first
        here, there = here or there, _headline(bare)
    return len(here & there) >= NAMED * min(len(here), len(there))


def _placed(figure: Figure, other: Figure) -> bool:
    """Tell whether the place of ``figure`` can be that of ``other``: named beside it or else in its sentence."""
    known = other.place or other.scope | _headline(other)
    return len(figure.place & known) >= NAMED * len(figure.place)


def _headline(figure: Figure) -> frozenset[str]:
    return telling(figure.evidence.article.headline or "")


def _grew(first: Figure, second: Figure) -> bool:
    """Tell whether a later report has more dead or hurt than an earlier one's "at least"."""
    return first.unit in BODIES and _later(first, second) and first.size < second.size < APART * first.size


def _later(first: Figure, second: Figure) -> bool:
    return published_before(first.evidence, second.evidence)


def _kind(first: Figure, second: Figure, wrong: frozenset[tuple[str, str]]) -> Kind | None:
    """Return what kind of clash two figures for one thing are; None where it cannot be told."""
    a, b = first.evidence, second.evidence
    if _taken_back(first, second, wrong):
        return Kind.CORRECTION
    if a.article.id == b.article.id or root(a) == root(b) or is_correction(b):
        return None
    newer = _later(first, second)
    fell = first.unit in BODIES and newer and second.size < first.size
    if fell and (_RISES.search(b.sentence.text) or not _LATER.search(b.sentence.text)):
        return None  # a count of the dead does not fall: it is of another place, or of a part
    moved = _LATER.search(b.sentence.text) or f"from {first.text}" in b.sentence.text
    if newer and (moved or (speakers(a) and speakers(a) == speakers(b))):
        return Kind.UPDATE
    if first.unit in BODIES and newer and second.size >= first.size:
        return Kind.UPDATE
    if _another_moment(first, second) or _LATER.search(b.sentence.text):
        return None
    if first.unit not in BODIES and not _set_against(first, second):
        return None
    return Kind.DISPUTE if how_counted(first) == how_counted(second) else Kind.DEFINITION


def _another_moment(first: Figure, second: Figure) -> bool:
    """Tell whether two figures may be of two moments, or of two things, where nothing says that they dispute."""
    a, b = first.evidence, second.evidence
    newer, doubted = _later(first, second), doubts(second)
    if first.unit in BODIES:  # two papers of one morning: who counts the attacker, who wrote first is not to be seen
        told = newer or (speakers(a) and speakers(b) and speakers(a) != speakers(b))
    else:  # nobody disputes with himself, and what is measured moves
        told = doubted or (not speakers(a) & speakers(b) and not (newer and not speakers(b)))
    nobody = not (speakers(a) or speakers(b) or doubted)  # an outlet's live page, an hour apart
    return not told or (nobody and bool(a.article.outlet) and a.article.outlet == b.article.outlet)


def _set_against(first: Figure, second: Figure) -> bool:
    """Tell whether one sentence doubts the other's figure, or both are one sentence but for it."""
    ours, theirs = (telling(figure.evidence.sentence.text) for figure in (first, second))
    shared = len(ours & theirs)
    worded = shared >= WORDS and shared >= WORDED * min(len(ours), len(theirs)) and not _apart((first, second))
    return worded or doubts(first) or doubts(second)


def _taken_back(first: Figure, second: Figure, wrong: frozenset[tuple[str, str]]) -> bool:
    return any(_wrong(figure, wrong) for figure in (first, second))


def _wrong(figure: Figure, wrong: frozenset[tuple[str, str]]) -> bool:
    return (figure.evidence.article.outlet or "", figure.value) in wrong


def _wrong_first(first: Figure, second: Figure, wrong: frozenset[tuple[str, str]]) -> tuple[Figure, Figure]:
    """Return what was taken back before what stands, whichever was reported first."""
    return (second, first) if _wrong(second, wrong) and not _wrong(first, wrong) else (first, second)
