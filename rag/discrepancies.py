"""Figures to the pairs that do not agree.

What a text sets against each other, and what is about one thing by its own words. A figure that was overtaken is an
update and no dispute; one that its own outlet took back is a correction. Where a text compares figures itself ("the
true figure", "up from") it is believed, else unit, what is counted and other words must agree.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, combinations
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations
from rag.beside import of_more, of_whom, only_one
from rag.clash import Clash, Kind
from rag.compared import compared, doubts, has, in_order, later, taken_back, wrong_first
from rag.corrections import corrects, is_correction, retracted
from rag.counting import how_counted
from rag.figures import APART, BODIES, RISING, Figure, clashing, differ, part_of, total
from rag.figures import figures as stated
from rag.framed import framed, of_two
from rag.hours import hours
from rag.incidents import past
from rag.measures import NOT_NOW
from rag.moments import elsewhere, later_than
from rag.passages import root, speakers, told_at
from rag.rescheduled import rescheduled
from rag.retold import another_span, retold
from rag.running import running
from rag.scopes import one_scope
from rag.vocabulary import ABOUT, UNTRUE, telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.sources import Evidence

ALIKE = 0.5
"""Share of the smaller context's words that two figures must have in common. With two shared words and a third, 779
real events (NeuS and AllSides, dev) gave 64 disputes, by reading mostly false: June and May, one bill and another. With
these, and with no second figure of the unit in a sentence, they give 4, three of them false."""
WORDED, WORDS = 0.75, 6
"""Share of the shorter sentence's telling words, and number of them, that two sentences of one day must have in common
to be one sentence with another figure. Fewer show little: of 75 disputes by words around two figures in real stories
(every other one of RealTimeQA, AllSides and NeuS, dev) 71 were of two things or moments, by reading."""
MONEY = {"pound": "£", "euro": "€", "dollar": "$"}
_TOLL = frozenset(
    "dead death died die killed kill killin injure hurt wounde toll report offici author counti person".split()
)
"""Stems that stand in any sentence about the dead and hurt."""
_BEFELL = re.compile(r"\b(?:dead|die[ds]?|deaths?|kill(?:ed|s|ing)?|toll|lives|missing|injured|hurt)\b", re.IGNORECASE)
_REVISES = re.compile(
    r"\b(?:revis|rais|lower|cut|improv|sweeten|increas|reduc)\w* (?:its|their|his|her) (?:own )?(?P<noun>estimate|"
    r"forecast|figure|offer|count|toll|bid|demand|projection|goal|target)\b"
)
"""Before a figure that replaces what the same party had put it at."""
_PUT_TO = re.compile(
    r"\b(?:to|at|from|by|of) (?:(?:a|an|about|around|roughly|nearly|some|just|only|at least|more than) )*$"
)
"""Right before a figure that is what was revised, or to what."""
_COUNTS = frozenset({"estimate", "forecast", "figure", "count", "toll", "projection"})
"""What is revised and need not be called so when it was first given."""
_RECALLS = re.compile(r"\bhad (?:earlier |previously |first )?(?:reported|said|put|given|told)\b")
"""Before an older figure: "the agency had reported on Monday"."""
_UNSURE = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|not true|no evidence|reject(?:s|ed)|dismiss(?:es|ed)|would have|could|(?-i:may)|might|"
    r"(?:is|are|was|were) (?:expected|feared|likely|thought|believed)|fear(?:s|ed)?|(?:has|have|had) not|n[’']t|never|"
    r"if|whether|up to|as many as|(?:fewer|less) than)\b[^;:]*$|\b(?:no more|not more) than $",
    re.IGNORECASE,
)
"""Before a number of people that nobody says have come to harm: denied, foreseen, or a bound."""
_RISES = re.compile(r"\b(?:ris(?:es|en)|rose|climb\w*|increas\w*)\b", re.IGNORECASE)


def discrepancies(evidence: Sequence[Evidence], figures: Sequence[Figure]) -> Iterator[Clash]:
    """Yield the pairs of ``figures`` that do not agree, and of times of day in ``evidence``, where they stand."""
    wrong = retracted(evidence)
    right = [figure for figure in figures if is_correction(figure.evidence)]
    for clash in chain(compared(evidence, figures, wrong), _alike(figures, wrong), rescheduled(figures)):
        if clash.kind is not Kind.CORRECTION or _stands(clash, figures, right):
            yield clash
    newer = [*retold(figures), *running(figures)]
    yield from newer
    overtaken = {(clash.first.evidence.number, clash.first.value) for clash in newer if clash.kind is Kind.UPDATE}
    for clash in framed(figures):
        again = clash.kind is Kind.UPDATE and (clash.first.evidence.number, clash.first.value) in overtaken
        if not (again or recalls(clash.first.evidence) or recalls(clash.second.evidence)):
            yield clash
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


def _outlet(figure: Figure) -> str | None:
    return figure.evidence.article.outlet


def _alike(figures: Sequence[Figure], wrong: frozenset[tuple[str, str]]) -> Iterator[Clash]:
    """Pairs of figures that are about one thing by their own words, those in leading sentences first."""
    by_unit: dict[str, list[Figure]] = {}
    for figure in figures:
        by_unit.setdefault(MONEY.get(figure.unit, figure.unit), []).append(figure)
    units = (members for unit, members in by_unit.items() if unit not in {"", "date"})
    ordered = (in_order(*pair) for members in units for pair in combinations(members, 2))
    changed = (pair for pair in ordered if differ(*pair) or _grew(*pair))
    pairs = [(first, second, about) for first, second in changed if (about := _about(first, second))]
    told: set[tuple[int, str]] = set()
    for first, second, about in sorted(pairs, key=lambda pair: (_apart(*pair[:2]), _leading(*pair[:2]))):
        people = first.unit in BODIES
        other = not people and (
            of_two(first, second)
            or of_more(first, second)
            or only_one(first, second)
            or _older(first)
            or _older(second)
        )
        if people and (past(first.evidence.sentence.text) or past(second.evidence.sentence.text)):
            continue
        if other or part_of(first) or part_of(second) or recalls(first.evidence) or recalls(second.evidence):
            continue
        kind = _kind(first, second, wrong)
        if people and kind is not Kind.CORRECTION and _of_a_part(first, second, figures):
            continue
        overtaken = (first.evidence.number, first.value)
        if kind is not None and not (kind is Kind.UPDATE and overtaken in told):  # by the next report, not by each
            told |= {overtaken} if kind is Kind.UPDATE else set[tuple[int, str]]()
            yield clashing(kind, about, *wrong_first(first, second, wrong))


def _older(figure: Figure) -> bool:
    """Tell whether a figure is a part, a bound or an older one by the words before it; "won by 61 votes" is none."""
    before = NOT_NOW.search(figure.evidence.sentence.text, 0, figure.start)
    return before is not None and not before[0].startswith("by")


def _of_a_part(first: Figure, second: Figure, figures: Sequence[Figure]) -> bool:
    """Tell whether one of two tolls is of a part of those whom the other counts.

    By whom each counts, or as one text has both: the sentence of the other, or the report of the earlier, which has a
    higher one that the later can be the next of.
    """
    apart = has(first.evidence, second) or of_whom(first) != of_whom(second)
    same = (f for f in stated(second.evidence) if (f.unit, f.value) == (first.unit, first.value))
    if apart or any(figure.place & first.place for figure in same):
        return True
    return any(
        other.unit == first.unit
        and other.evidence.article.id == first.evidence.article.id
        and other.size > first.size
        and not unsure(other)
        and one_scope(other, second)
        for other in figures
    )


def _apart(first: Figure, second: Figure) -> int:
    """Return the days between the reports of two figures."""
    return int(abs(told_at(first.evidence)[0] - told_at(second.evidence)[0]) // 86_400)


@lru_cache(maxsize=4096)
def recalls(item: Evidence) -> bool:
    """Tell whether a sentence recalls what had been reported before: its figures are older than its report."""
    return _RECALLS.search(item.sentence.text) is not None


def _leading(*pair: Figure) -> int:
    return sum(f.evidence.sentence.n - 3 * later_than(f.evidence.sentence.text) for f in pair)


def _about(first: Figure, second: Figure) -> tuple[str, ...]:
    """Return the words that show two figures to be about one thing; none if they are not."""
    same = first.evidence.sentence.id == second.evidence.sentence.id
    if same or not (first.sole and second.sole) or not one_scope(first, second):
        return ()
    shared = first.context & second.context - {first.unit}
    smaller = min(first.context, second.context, key=len)
    ours = _told_of(first) & _told_of(second)
    if first.unit in BODIES:
        leads = first.evidence.sentence.n + second.evidence.sentence.n == 0
        tell = ours - _TOLL
        return (first.unit, *sorted(shared)) if leads or (tell and len(ours) >= ABOUT - 1) else ()
    revises = _REVISES.search(second.evidence.sentence.text) if later(first, second) else None
    put = revises and _PUT_TO.search(second.evidence.sentence.text, 0, second.start)
    if revises and put and _put(revises["noun"], first, ours):
        return tuple(sorted(ours))
    if total(second) and first.evidence.article.id != second.evidence.article.id:
        ours = _with_headline(first) & _with_headline(second) - {first.unit}
        if ours:
            return (first.unit, *sorted(ours))
    if first.head and second.head:
        same = first.head == second.head and (shared >= smaller or doubts(second))
        if first.head != second.head or same:
            return (first.head, *sorted(shared - {first.head})) if same else ()
    alike = len(shared) >= ABOUT and len(shared) >= ALIKE * len(smaller) and not another_span(first, second)
    return tuple(sorted(shared)) if alike else ()


def _put(noun: str, first: Figure, shared: frozenset[str]) -> bool:
    """Tell whether an earlier sentence has what a party revised: an offer by its name, a count by what it counts."""
    named = noun[:5] in first.evidence.sentence.text  # "offered" is an offer
    return bool(shared) and (named or (noun in _COUNTS and len(shared) >= ABOUT))


def _told_of(figure: Figure) -> frozenset[str]:
    """Return the telling words of a figure's sentence; of a headline about the dead, too, where it names no place.

    Of a headline about anything for the missing: few are about them.
    """
    headline = figure.evidence.article.headline or ""
    bare = figure.unit in BODIES and not figure.scope and (figure.unit == "missing" or _BEFELL.search(headline))
    return _with_headline(figure) if bare else telling(figure.evidence.sentence.text)


def _with_headline(figure: Figure) -> frozenset[str]:
    return telling(figure.evidence.sentence.text) | telling(figure.evidence.article.headline or "")


def _grew(first: Figure, second: Figure) -> bool:
    """Tell whether a later report has more dead or hurt than an earlier one's "at least"."""
    return first.unit in BODIES and later(first, second) and first.size < second.size < APART * first.size


def _kind(first: Figure, second: Figure, wrong: frozenset[tuple[str, str]]) -> Kind | None:
    """Return what kind of clash two figures for one thing are; None where it cannot be told."""
    a, b = first.evidence, second.evidence
    same = a.article.id == b.article.id
    if taken_back(first, second, wrong) and (not same or corrects(a.sentence.text) or corrects(b.sentence.text)):
        return Kind.CORRECTION  # elsewhere in a corrected report its wrong figure is of another thing
    if same or root(a) == root(b) or is_correction(b):
        return None
    newer = later(first, second)
    fell = first.unit in RISING and newer and second.size < first.size
    if fell and (_RISES.search(b.sentence.text) or not later_than(b.sentence.text)):
        return None  # a count of the dead does not fall: it is of another place, or of a part
    if first.unit in BODIES and newer and (unsure(second) or elsewhere(first, second)):
        return None
    moved = later_than(b.sentence.text) or _REVISES.search(b.sentence.text) or f"from {first.text}" in b.sentence.text
    if newer and (moved or (speakers(a) and speakers(a) == speakers(b))):
        return Kind.UPDATE
    if first.unit in BODIES and newer and not fell:
        return Kind.UPDATE
    if _another_moment(first, second) or later_than(b.sentence.text):
        return None
    if first.unit not in BODIES and not _set_against(first, second):
        return None
    return Kind.DISPUTE if how_counted(first) == how_counted(second) else Kind.DEFINITION


def unsure(figure: Figure) -> bool:
    """Tell whether nobody says that so many have come to harm: it is denied, foreseen, or a bound."""
    text = outside_quotations(figure.evidence.sentence.text)
    return UNTRUE.search(text) is not None or _UNSURE.search(text, 0, figure.start) is not None


def _another_moment(first: Figure, second: Figure) -> bool:
    """Tell whether two figures may be of two moments, or of two things, where nothing says that they dispute."""
    a, b = first.evidence, second.evidence
    newer, doubted = later(first, second), doubts(second)
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
    worded = shared >= WORDS and shared >= WORDED * min(len(ours), len(theirs)) and not _apart(first, second)
    return worded or doubts(first) or doubts(second)
