"""Figures of several reports that stand among the same words to the updates they are, or to the disputes.

    "a stellar 96% score on review site Rotten Tomatoes" | "a 97% score on review site Rotten Tomatoes"

What is counted agrees, the words around both do, and neither report knows the figure of the other: one that gives both
tells of two things. Of reports of two days the later updates the earlier; of one day they dispute.
"""

from __future__ import annotations

import calendar
import re
from collections import defaultdict
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from rag.beside import around, contrasted, frame, of_more, of_whom, only_one, part, worded_apart
from rag.clash import Clash, Kind
from rag.compared import in_order, later
from rag.corrections import is_correction
from rag.counting import how_counted
from rag.facts import clause, name_keys, names, times
from rag.figures import APART, BODIES, ROUNDED, clashing, differ, figures, listed, part_of
from rag.furniture import PROMOTES
from rag.incidents import of_one_fire, past
from rag.measures import BOUND, NOT_NOW, NOT_SO, NOT_YET, measure
from rag.moments import backwards, day_of
from rag.passages import named, root, speakers
from rag.retold import weekdays_apart
from rag.scopes import one_place
from rag.vocabulary import stem, telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.figures import Figure
    from rag.sources import Evidence

LIKE = 0.3
"""Jaccard similarity of two frames, by telling words, from which they are of one thing."""
SHARED, VERY_LIKE = 4, 0.5
"""Telling words that two frames must have in common; one less where they are as similar as this, or of one measure. Of
44 pairs that had two in common and were read, these drop 15 wrong ones and 4 right ones."""
CLEAR = 0.1
"""How much less alike the frame of another figure in the same report must be."""
SMALL = 12
"""Size up to which any figure of a report may be the same number."""
_BESIDE = 2
"""Figures of one unit up to which a sentence is no list."""
_SCORED = frozenset("point yard passe run goal reboun assist touchd catche carrie hit save win game".split())
"""Units of players and of indices, new with each match and day."""
_ROW = re.compile(r"[:(•]\s*$")
"""Before a figure in a row of a table."""
_ORDINAL = re.compile(r"\d(?:st|nd|rd|th)$")
_OF_THESE = ("Of these", "Of those", "Of them")
_AGE = re.compile(r"-year-old\b")
_MONTHS = "|".join(calendar.month_name[1:])
_SPAN = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve)[- ](?:\w+[- ])?(?:day|week|month|year|hour|"
    r"minute|ounce|pound|quarter|season|game)s?\b|\b(?:19|20)\d\ds?\b|"
    rf"\b(?:{_MONTHS})\b|\b(?:first|second|third|fourth|final|last|next|this|previous) (?:quarter|"
    r"half|year|month|week|season|round|day|weekend)\b",
    re.IGNORECASE,
)
"""What a figure is counted over."""
_CHANGE = re.compile(
    r"\b(?:up|down|by|rose|fell|dropped|jumped|surged|climbed|gained|lost|rallied|slipped|increased|decreased|declined|"
    r"shares?|stocks?|index|Dow|Nasdaq)\b",
    re.IGNORECASE,
)
"""Beside a figure that is a change, of which there are as many as there are things."""
_POLLED = re.compile(r"\b(?:approv\w+|favou?rab\w+|poll(?:s|ed|ing)?|survey)\b", re.IGNORECASE)
"""Beside what each pollster has his own of."""
_NEEDED = re.compile(r"\b(?:needs?|needed|required?|must|odds|chance|by the time)\b", re.IGNORECASE)
_NOW = re.compile(r"\bnow (?:at |about |at least |more than )?$")
_ONCE = re.compile(r"\b(?:if|when|until|unless)\b")
"""In the clause of a figure of some other time."""
_FORESEEN = re.compile(
    r"\b(?:expect|forecast|predict|project(?:s|ed|ions?)\b|target|goal|budgeted|aim(?:s|ed|ing)?\b|planned)",
    re.IGNORECASE,
)
"""In the clause of a figure that the fact of another report does not dispute."""
_IN = re.compile(rf"^(?:In|At|Across|Near) (?!(?:{_MONTHS})\b)(?P<place>[A-Z][\w-]+)")
"""Where all that a sentence tells happened."""
_PASSED = re.compile(
    r"\b(?:today|yesterday|tonight|overnight|this (?:morning|afternoon|evening)|last night)\b", re.IGNORECASE
)
"""Beside what happens anew each day."""
_POWERS = frozenset(("us", "eu", "uk", "un"))


def framed(stated: Sequence[Figure]) -> Iterator[Clash]:
    """Yield the pairs of figures that stand in one frame, but for those of the dead, hurt and missing.

    Of the 27 that no other rule finds in 862 groups of reports (RealTimeQA, dev, without the held stories; mended on
    most of them), 21 are right, by reading.
    """
    by_unit: dict[str, list[Figure]] = defaultdict(list)
    for figure in stated:
        if figure.unit not in _SCORED | BODIES | {"", "date"} and _told(figure):
            by_unit[figure.unit].append(figure)
    given = {(f.evidence.article.id, unit, f.value) for f in stated for unit in (f.unit, "")}
    for members in by_unit.values():
        scored = [(_alike(one, two), one, two) for one, two in combinations(members, 2)]
        for one, two in _clear([row for row in scored if row[0] >= LIKE - CLEAR]):
            first, second = in_order(one, two)
            known = any(
                (here.evidence.article.id, there.unit if there.size > SMALL else "", there.value) in given
                for here, there in ((first, second), (second, first))
            )
            if not known and _differ(first, second) and not _two_things(first, second):
                alike = Kind.DISPUTE if how_counted(first) == how_counted(second) else Kind.DEFINITION
                kind = Kind.UPDATE if later(first, second) else alike
                if kind is Kind.DISPUTE and speakers(first.evidence) & speakers(second.evidence):
                    continue  # nobody disputes with himself
                yield clashing(kind, sorted(frame(first) & frame(second)), first, second)


def _clear(alike: Sequence[tuple[float, Figure, Figure]]) -> Iterator[tuple[Figure, Figure]]:
    """Yield the pairs beside which neither figure has another, of the other's report, in about the same frame."""
    near: dict[tuple[int, str], list[tuple[float, str]]] = defaultdict(list)
    for score, one, two in alike:
        for here, there in ((one, two), (two, one)):
            near[here.evidence.number, there.evidence.article.id].append((score, there.value))
    for score, one, two in alike:
        if score >= LIKE and all(
            value == there.value or other < score - CLEAR
            for here, there in ((one, two), (two, one))
            for other, value in near[here.evidence.number, there.evidence.article.id]
        ):
            yield one, two


@lru_cache(maxsize=4096)
def _told(figure: Figure) -> bool:
    """Tell whether a figure is told in a sentence, as one that holds now and that few others stand beside."""
    text, end = figure.evidence.sentence.text, figure.start + len(figure.text)
    if NOT_YET.search(text, 0, figure.start) or PROMOTES.search(text):
        return False
    vague = (figure.bound == "about" and "dozen" in figure.text) or _ORDINAL.search(figure.text)
    if vague or "http" in text or text.startswith(_OF_THESE) or _ROW.search(text, 0, figure.start):
        return False
    if NOT_NOW.search(text, 0, figure.start) or BOUND.match(text, end) or _AGE.match(text, end) or past(text):
        return False
    beside = sum(other.unit == figure.unit for other in figures(figure.evidence))
    return beside <= _BESIDE and not (listed(figure) or part_of(figure) or is_correction(figure.evidence))


def _alike(one: Figure, two: Figure) -> float:
    """Return how much of their frames two figures have in common; 0 for those of one report or value."""
    if root(one.evidence) == root(two.evidence) or one.value == two.value:
        return 0.0
    ours, theirs = frame(one), frame(two)
    shared = len(ours & theirs)
    alike = shared / len(ours | theirs) if shared else 0.0
    fewer = (alike >= VERY_LIKE or _measured(one, two)) + 2 * _now(one, two)
    return alike if shared >= SHARED - fewer else 0.0


def _measured(one: Figure, two: Figure) -> bool:
    """Tell whether two figures are running counts of one name."""
    ours, theirs = measure(one), measure(two)
    return ours is not None and theirs is not None and ours[1] == theirs[1]


def _now(*pair: Figure) -> bool:
    """Tell whether two figures are both said to hold now: "there are now 16 states"."""
    return all(_NOW.search(figure.evidence.sentence.text, 0, figure.start) for figure in pair)


def _differ(first: Figure, second: Figure) -> bool:
    """Tell whether two figures differ; a later report's may lie above the bound of an earlier one."""
    over = first.bound == "least" and later(first, second) and second.size > (1 + ROUNDED) * first.size
    return differ(first, second) or (over and second.size < APART * first.size)


def _two_things(first: Figure, second: Figure) -> bool:
    """Tell whether two figures are of two things for all that their frames are alike."""
    apart = _counted_apart(first, second) or _elsewhere(first, second) or _another_time(first, second)
    return apart or of_two(first, second)


def of_two(first: Figure, second: Figure) -> bool:
    """Tell whether two figures are of two things by names in their clauses or by the words beside them."""
    beside = contrasted(first, second) or worded_apart(first, second) or part(first, second)
    return beside or _other_names(first, second)


def _counted_apart(first: Figure, second: Figure) -> bool:
    """Tell whether two figures count two things, or the newer is not so, by the words beside them."""
    ours, theirs = around(first), around(second)
    if only_one(first, second) or of_whom(first) != of_whom(second):
        return True
    one, two = measure(first), measure(second)
    if one and two and one[0].grows and second.size < first.size:
        return True
    if one and two and one[0].acts and day_of(first) != day_of(second):
        return True
    foreseen = not later(first, second) and _FORESEEN.search(_clause(first))
    needed = (
        foreseen
        or NOT_SO.search(_clause(second))
        or _ONCE.search(_clause(first))
        or _NEEDED.search(ours)
        or _NEEDED.search(theirs)
    )
    return bool(needed) or of_more(first, second)


def _elsewhere(first: Figure, second: Figure) -> bool:
    """Tell whether two figures can be of two places, people or bodies, by the names beside them."""
    a, b = first.evidence, second.evidence
    here, there = (_IN.search(item.sentence.text) for item in (a, b))
    if (here and here["place"] not in b.sentence.text) or (there and there["place"] not in a.sentence.text):
        return True
    one, two = (_POWERS & name_keys(around(figure)) for figure in (first, second))
    if one and two and one != two:
        return True
    moved = _CHANGE.search(around(first)) or _POLLED.search(around(first))
    if moved and not named(a) & named(b):
        return True
    strange = _names(first) - _known(b.article.text) or _names(second) - _known(a.article.text)
    if strange and not (_shortened(a, b) or _shortened(b, a)):
        return True
    return not one_place(first, second) or not of_one_fire(first, second)


def _other_names(first: Figure, second: Figure) -> bool:
    """Tell whether each of two figures has a name in its clause that the sentence of the other has not."""
    ours, theirs = _known(first.evidence.sentence.text), _known(second.evidence.sentence.text)
    return bool(_names(first) - theirs and _names(second) - ours)


def _another_time(first: Figure, second: Figure) -> bool:
    """Tell whether two figures are counted over two spans of time, or each on its own day."""
    ours, theirs = around(first), around(second)
    spans = [{span.lower() for span in _SPAN.findall(text)} for text in (ours, theirs)]
    if backwards(first.evidence, second.evidence):
        return True
    hours = (times(ours) and times(theirs)) or _PASSED.search(ours) or _PASSED.search(theirs)
    return (
        spans[0] != spans[1] or weekdays_apart(first.evidence, second.evidence) or bool(hours and later(first, second))
    )


def _clause(figure: Figure) -> str:
    return clause(figure.evidence.sentence.text, figure.start, figure.start + len(figure.text))


@lru_cache(maxsize=4096)
def _names(figure: Figure) -> frozenset[str]:
    """Return the stems of the names in the clause of a figure, without those of who speaks and of days."""
    own = frozenset(stem(name.word) for name in names(_clause(figure)))
    return own & (figure.scope | (named(figure.evidence) - frozenset(map(stem, speakers(figure.evidence)))))


@lru_cache(maxsize=1024)
def _known(text: str) -> frozenset[str]:
    """Return the stems of the words of a text, with the short forms of its long names."""
    return telling(text) | frozenset(key[:6] for key in name_keys(text))


def _shortened(long: Evidence, short: Evidence) -> bool:
    """Tell whether one sentence has a name in full that the other has as its initials: "FAA"."""
    keys = name_keys(long.sentence.text)
    initials = (name for name in names(short.sentence.text) if name.word.isupper())
    return any(name.key in keys and name.word not in long.sentence.text for name in initials)
