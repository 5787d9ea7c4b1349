"""Figures that one text sets against each other, to the pair they make: "up from", "the true figure", "put it at".

"Six thousand marched, the union said. Police put the number at 2,500." "The discrepancy is easily explained".

A text that compares figures itself is believed. Each of the two is shown by the sentence that says most about it, in
whatever report.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from rag.attribution import judgements, outside_quotations
from rag.clash import Clash, Kind
from rag.corrections import is_correction
from rag.figures import BODIES, SIGNS, Figure, clashing, differ, listed, part_of
from rag.figures import figures as stated
from rag.measures import BOUND
from rag.passages import published_before, root, speakers, told_at
from rag.scopes import one_scope
from rag.vocabulary import stem, telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.sources import Evidence

STEPS = 2
"""Sentences back to the figure that a text compares another with."""
COMMON = 2
"""Telling words that a sentence with a figure must share with one that compares another figure with it ("up from 7%"),
to be of one thing; one with a sum of money or a million, none with a rare figure."""
_MILLION = 1e6
_RARE = {True: 2, False: 3}
"""Digits of a rare sum of money, and of any other rare figure, without the noughts at either end."""
_TELLING = 100  # a number from here on is rarely given twice in a story for two things
_FROM = re.compile(  # "up from", "to 61,000 devices from", "nearer to 75 million than to the"
    r"\b(?:(?:up|down) from (?:the |a )?(?:\w+ ){0,3}|to [$€£]?[\d,.]+%? (?:[a-z]+ ){0,3}from |"
    r"(?:near|clos)er to [^;:]{1,40} than (?:to )?(?:the )?|(?:rather than|instead of) the )$",
    re.IGNORECASE,
)
_FROM_TO = re.compile(
    r"(?<!forecast )(?<!estimate )(?<!offer )(?<!target )(?<!prediction )\bfrom (?:[$€£]?[\w,.%-]+ ){1,3}to $"
)
_CHANGED = re.compile(
    r"\b(?:(?:increas|rais|surg|doubl|tripl|decreas|declin|reduc|chang|revis|mov|edg|upgrad|downgrad)(?:es?|ed|ing)|"
    r"(?:climb|jump|soar|expand|boost|lift|lower|push|shift|extend|adjust|correct|tick|slash)(?:s|es|ed|ing)?|"
    r"(?:drop|trim|slip|dip)(?:s|ped|ping|med|ming)?|ris(?:es?|en|ing)|rose|gr[eo]w(?:s|n|ing)?|growth|"
    r"f[ae]ll(?:s|en|ing)?|cut(?:s|ting)?|shr[aiu]nk(?:s|ing)?|slid(?:es?|ing)?|swell(?:s|ed|ing)?|swollen|"
    r"br(?:ing|ings|ought)|up|down|went|go(?:es|ing|ne)?)\b",
    re.IGNORECASE,
)
"""Before a "from ... to" that tells of a change; without it that is a span: "numbered from 1 to 69"."""
_CHANGING = telling("increase increased raise raised cut reduced rise fall")
_MOVED = re.compile(
    r"\b(?:(?:mov|postpon|reschedul|chang)(?:es?|ed|ing)|(?:push|delay|shift|extend)(?:s|es|ed|ing)?|br(?:ing|ings|ought))\b",
    re.IGNORECASE,
)
"""The same for days."""
_OVERTAKEN = re.compile(
    r"\b(?:previous|earlier|first|initial|original|old) (?:figure|number|count|toll|tally|total|estimate) of $",
    re.IGNORECASE,
)
_WAS_TO = re.compile(r"\bwas (?:to|due to)\b.*\bwill now\b", re.IGNORECASE)
_AGAINST = re.compile(
    r"\b(?:different (?:number|figure|count|account)|true (?:figure|number)|"
    r"put (?:the|that) (?:\w+ )?(?:number|figure|count|toll|share)(?! into)|(?:were|was|is) (?:closer|nearer) to|"
    r"far (?:below|above)|at odds with|"
    r"toll (?:is|was|may be|could be) (?:as high as|(?:much|far) higher)|(?:more|less|higher|lower|fewer) than that|"
    r"the (?:real |true |actual )?(?:number|figure|count)(?: of (?:[\w-]+ )?\w+)? is|"
    r"(?:its|his|her|their) own (?:tally|count|figure|estimate|records)|which (?:it|he|she|they) puts? at)\b|"
    r"\b(?:st(?:icks?|icking|uck)|h(?:olds?|olding|eld)|stands?|stood) (?:with|to|by) "
    r"(?:(?:its|his|her|their|that|the) (?:[a-z]+ )?(?:figure|number|count|estimate|tally)|[$€£])",
    re.IGNORECASE,
)
_PUT_AT = re.compile(  # "Police put the crowd at 3,200. Organisers said that more than 8,000 had come."
    r"\b(?:puts?|(?<!\ban )(?<!\bthe )estimated|counted) (?:the |its )?(?:crowd|turnout|attendance|"
    r"number of (?:marchers|protesters|people)|\d[\d,]* (?:people|marchers|protesters))\b"
)
_REAL = re.compile(r"\bthe (?:real|true|actual) (\w+)", re.IGNORECASE)
_AMOUNTS = frozenset("number figure total amount cost count toll value share size rate date day time".split())
_OFF = re.compile(
    r"\b\w+er than (?:the |its |his |her )?(?:\w+ ){1,3}(?:claims?|says?|said|admits?|reported|told)\b", re.IGNORECASE
)
_NOT_THEN = re.compile(r"\b(?:and|,) not (?:on|after|before|until)\b", re.IGNORECASE)
_APART = re.compile(
    r"\b(?:(?:the|this|that|a) (?:discrepancy|mismatch)|(?:difference|gap) between the (?:two )?(?:figures|numbers|"
    r"counts|totals|tallies)|(?:figures|numbers|counts|tallies|totals) (?:differ|diverge|do not match|don[’']t match)|"
    r"conflicting (?:figures|numbers|counts|tallies|totals))\b",
    re.IGNORECASE,
)
"""What a text says of two figures that stand before it."""
_ANNOUNCED = re.compile(
    r"\b(?:(?:different|differing|conflicting|contradictory|competing|rival) (?:accounts|versions|figures|numbers|"
    r"estimates|counts|tallies) (?:of|for|on|about)|at odds (?:over|on|about)|disagree(?:d|s)? (?:on|over|about)) "
    r"(?:how (?:many|much|often|far)|the (?:number|size|cost|scale|turnout|toll|share|extent))\b",
    re.IGNORECASE,
)
"""The same of two that follow."""
_FORECAST = re.compile(r"\bforecast to\b")
"""Before what was foreseen, which another report's figure does not replace."""
_SMALL = 10
"""Size below which such a figure may be any number."""


def compared(
    evidence: Sequence[Evidence], figures: Sequence[Figure], wrong: frozenset[tuple[str, str]]
) -> Iterator[Clash]:
    """Figures that a text itself sets against each other, each shown by the sentence that says most about it."""
    yield from _called_apart(evidence, figures)
    yield from _announced(evidence, figures)
    for place, figure in enumerate(figures):
        text = figure.evidence.sentence.text
        lead = text[: figure.start]
        before = _before(figure, figures[max(0, place - 6) : place])
        if before is None:
            yield from _earlier_than(figure, figures)
        elif before.evidence.number == figure.evidence.number:
            was_to = figure.unit == "date" and _WAS_TO.search(text)
            in_time = was_to or _from_to(figure)  # the older one stands first
            old, new = (before, figure) if in_time else (figure, before)
            earlier = _fullest(old, figures, new)
            if (in_time or _FROM.search(lead) or _OVERTAKEN.search(lead)) and later(earlier, new):
                yield clashing(Kind.UPDATE, ("was to" if was_to else "from",), earlier, new)
        elif _OVERTAKEN.search(lead):
            yield clashing(Kind.UPDATE, ("previous",), _fullest(figure, figures, before), before)
        elif (
            (_AGAINST.search(lead) or _PUT_AT.search(before.evidence.sentence.text))
            and _voice(before.evidence) != _voice(figure.evidence)
            and one_scope(before, figure)
        ):
            first, second = in_order(_fullest(before, figures, figure), _fullest(figure, figures, before))
            kind = Kind.CORRECTION if taken_back(first, second, wrong) else Kind.DISPUTE
            yield clashing(kind, ("against",), *wrong_first(first, second, wrong))


def _from_to(figure: Figure) -> bool:
    """Tell whether a figure is what another was changed to: "was raised from 2 to 3"."""
    text = figure.evidence.sentence.text
    span = _FROM_TO.search(text, 0, figure.start)
    changed = _MOVED if figure.unit == "date" else _CHANGED
    return span is not None and changed.search(text, 0, span.start()) is not None


def _voice(item: Evidence) -> frozenset[str]:
    """Return the words for who says what a sentence says, or who puts a figure at something in it."""
    return speakers(item) or frozenset(word for speech in judgements(item.sentence.text) for word in speech.words)


def _announced(evidence: Sequence[Evidence], figures: Sequence[Figure]) -> Iterator[Clash]:
    """Two figures of one unit and two voices, before which the text says that they differ."""
    for item in evidence:
        if not _ANNOUNCED.search(outside_quotations(item.sentence.text)):
            continue
        for one, two in combinations(_around(item, figures, range(1, STEPS + 1)), 2):
            if one.unit == two.unit and _two_say(one, two):
                yield clashing(Kind.DISPUTE, ("apart",), one, two)
                break


def _called_apart(evidence: Sequence[Evidence], figures: Sequence[Figure]) -> Iterator[Clash]:
    """Two figures of two voices, after which the text says that they differ."""
    for item in evidence:
        if not _APART.search(outside_quotations(item.sentence.text)):
            continue
        before = _around(item, figures, range(-STEPS, 0))
        near = [figure for figure in before if figure.unit not in SIGNS | {"date"} and figure.size >= _SMALL]
        pairs = [(one, two) for one in near for two in near if one.evidence.sentence.n < two.evidence.sentence.n]
        for one, two in pairs[-1:]:
            if _two_say(one, two):
                yield clashing(Kind.DEFINITION, ("apart",), one, two)


def _around(item: Evidence, figures: Sequence[Figure], steps: range) -> list[Figure]:
    """Return the figures of the sentences that stand so many ``steps`` from ``item`` in its article."""
    return [
        f
        for f in figures
        if f.evidence.article.id == item.article.id and f.evidence.sentence.n - item.sentence.n in steps
    ]


def _two_say(one: Figure, two: Figure) -> bool:
    """Tell whether two voices give two figures that differ."""
    return differ(one, two) and _voice(one.evidence) != _voice(two.evidence)


def _before(figure: Figure, earlier: Sequence[Figure]) -> Figure | None:
    """Return the figure that ``figure`` may be compared with: the first of its unit in the nearest sentence before."""
    near = [other for other in earlier if _near(other, figure)]
    return max(
        near, key=lambda other: (other.evidence.number, other.unit == figure.unit != "", -other.start), default=None
    )


def _near(other: Figure, figure: Figure) -> bool:
    apart = figure.evidence.sentence.n - other.evidence.sentence.n
    same = other.evidence.article.id == figure.evidence.article.id
    if not same or apart > STEPS or other.value == figure.value or part_of(other):
        return False
    if figure.unit == "date" or other.unit == "date":
        return figure.unit == other.unit
    rival = figure.unit in BODIES and figure.value != other.value  # "at least 41" is no bound to who counts 76
    return _one_unit(other, figure) and (rival or differ(other, figure))


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
            yield clashing(Kind.DISPUTE, sorted(best.context & figure.context), *in_order(best, figure))


def _fullest(figure: Figure, figures: Sequence[Figure], rival: Figure) -> Figure:
    """Return the same figure where it was first reported: in another report than ``rival``, or else ``figure``."""
    rare = figure.unit in SIGNS or figure.size >= _TELLING
    near = telling(figure.evidence.sentence.text) | rival.context
    needed = _needed(figure) if rival.evidence.number == figure.evidence.number else not rare
    same = [
        other for other in figures
        if other.value == figure.value and _one_unit(other, figure) and not is_correction(other.evidence)
        and not (rival.evidence.number == figure.evidence.number and has(other.evidence, rival))  # it compares, too
        and not BOUND.match(other.evidence.sentence.text, other.start + len(other.text))
        and not _FORECAST.search(other.evidence.sentence.text, 0, other.start)
        and (rare or other.unit in {figure.unit, rival.unit} or not (figure.unit or rival.unit))
        and (rival.unit not in BODIES or one_scope(other, rival))
        and other.evidence.number != rival.evidence.number and root(other.evidence) != root(rival.evidence)
        and len(telling(other.evidence.sentence.text) & near - _CHANGING) >= needed and not (rare and listed(other))
    ]  # fmt: skip
    return min(same, key=lambda other: (other.evidence.sentence.n > 0, told_at(other.evidence)), default=figure)


def _needed(figure: Figure) -> int:
    """Return how many words another sentence with this figure must share with one that compares the two."""
    money = figure.unit in SIGNS - {"%"}
    if figure.unit != "date" and len(re.sub(r"\D", "", figure.text).strip("0")) >= _RARE[money]:
        return 0
    return 1 if money or figure.size >= _MILLION else COMMON


def has(item: Evidence, figure: Figure) -> bool:
    """Tell whether a sentence has this figure, too."""
    return any(other.value == figure.value and _one_unit(other, figure) for other in stated(item))


def doubts(figure: Figure) -> bool:
    """Tell whether the sentence of a figure calls it the real one, or earlier or more than somebody says."""
    text = figure.evidence.sentence.text
    real = _REAL.search(text)
    named = real is not None and (stem(real.group(1)) == figure.head or real.group(1).lower() in _AMOUNTS)
    return named or _OFF.search(text) is not None or _NOT_THEN.search(text, figure.start) is not None


def in_order(*figures: Figure) -> list[Figure]:
    """Return ``figures`` in the order in which they were told."""
    return sorted(figures, key=lambda figure: told_at(figure.evidence))


def later(first: Figure, second: Figure) -> bool:
    """Tell whether ``second`` is known to be reported after ``first``."""
    return published_before(first.evidence, second.evidence)


def taken_back(first: Figure, second: Figure, wrong: frozenset[tuple[str, str]]) -> bool:
    """Tell whether one of two figures is among the ``wrong`` ones, as outlet and value."""
    return any(_wrong(figure, wrong) for figure in (first, second))


def _wrong(figure: Figure, wrong: frozenset[tuple[str, str]]) -> bool:
    return (figure.evidence.article.outlet or "", figure.value) in wrong


def wrong_first(first: Figure, second: Figure, wrong: frozenset[tuple[str, str]]) -> tuple[Figure, Figure]:
    """Return what was taken back before what stands, whichever was reported first."""
    return (second, first) if _wrong(second, wrong) and not _wrong(first, wrong) else (first, second)
