"""Sentences to the figures in them, read so that two can be compared.

    "At least 11 people died off Tarrow" -> value 11, unit "dead", bound "least", context {"died", "off", "tarrow"}

A figure is a number or a day with what it counts, what the text calls it a figure of, and the telling words of its
clause. Years, times and lengths are left out: reports rarely disagree on them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.attribution import dateline, speeches
from rag.clash import Clash, Side
from rag.facts import Number, clause, days, names, numbers
from rag.places import places
from rag.vocabulary import CALENDAR, CASUALTY, PLAIN, stem, telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.clash import Kind
    from rag.sources import Evidence

MANY = 5
"""Figures from which a sentence is a list: 25,000 helmets, 5,000 rifles, 6,000 missiles."""
ROUNDED = 0.06
"""Relative difference up to which "nearly 500" and 484 are one figure."""
PRECISE = 3
"""Digits from which a figure may be a longer one cut off: 102 million of 102.63."""
APART = 20
"""Ratio from which two figures are not about one thing, whatever words they share."""
BODIES = frozenset({"dead", "hurt", "missing"})
RISING = frozenset({"dead", "hurt"})
"""Of these, those that do not fall: who was missing is found."""
SIGNS = frozenset({"%", "$", "€", "£", "¥", "A$", "C$"})
_NOUN = re.compile(r"^[\s-]*((?:[a-z][\w’'-]*\s+){0,2}?[a-z][\w’'-]*s|people|men|women|children|(?:[a-z][\w’'-]*))\b")
_COUNTS = re.compile(
    r"(?:\s+of)?\s+((?:[a-z][a-z’'-]*\s+){0,2}?(?:[a-z][a-z’'-]*[^\Wuis]s|people|men|women|children))\b"
)
"""The noun phrase after a figure: "212 postal ballots", "38% of bus services"."""
_PARTLY = frozenset("more new other others additional further".split())
_CALLED = re.compile(
    r"(?:\b(?:a|an|the|its|their|his|her) (?:[a-z][a-z’'-]+ )?|^)([A-Za-z][a-z’'-]+) "
    r"(?:of|was) (?:about |around |nearly |almost |at least |more than |only |just )?$"
)
"""What a text calls a figure of, where nothing is counted: "a shortfall of", "Turnout was"."""
_PHRASE = 40  # characters: what befell people stands this close to how many they were
_PERSONS_LISTED = (
    "people person persons passengers passenger man men woman women child children were was had have dead death killed "
    "injured wounded hurt missing victims victim residents resident others"
)
_PERSONS = frozenset(_PERSONS_LISTED.split())
_HARMED = frozenset(
    "workers soldiers miners students pupils civilians migrants refugees officers firefighters villagers patients "
    "protesters employees drivers sailors guests visitors tourists travellers travelers fans worshippers".split()
)
"""Who else may have died or been hurt, if a text says so beside their number."""
_BEFELL = {"deaths": "dead", "fatalities": "dead", "injuries": "hurt"}
_DURATION = frozenset(
    "second minute hour day week month year decade century time mile metre meter foot inch a.m p.m st nd rd th".split()
)
_WHEN = frozenset("earlier later overnight today yesterday".split())
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_BOUND = re.compile(r"\b(?:at least|more than|over|no fewer than|upwards? of)\s+$", re.IGNORECASE)
_ROUGHLY = re.compile(r"\b(?:nearly|almost|about|around|roughly|some|approximately|close to)\s+$", re.IGNORECASE)
_HEAD = re.compile(
    r"(\w[\w’'-]+)\s+(?:of|at|to|was|were|is|by|reached|totall?ed|stood at|stands at|stand at|came to)\s+(?:about|"
    r"around|nearly|almost|"
    r"at least|more than|only|just|some|over|up to)?\s*$",
    re.IGNORECASE,
)
_TOTAL = re.compile(  # "the number of confirmed cases has reached"
    r"\b(?:number|count|tally|total) of (?:[\w-]+ ){0,2}?(?P<noun>[a-z]+s|people) (?:(?:told|[a-z]+ed) [^,;.]{0,30})??"
    r"(?:(?:has|have|had|now) )*(?:reached|(?:rises?|rose|risen|climb(?:s|ed)|gr(?:ows|ew|own)|f(?:alls|ell|allen)|"
    r"(?:goes|gone|went) (?:up|down)|comes|came)(?: as well| again| too)?,? to|to|at|stands at|"
    r"stood at|is|was|passed|topped)(?: at least| about| nearly)? $",
    re.IGNORECASE,
)
_TOLL = re.compile(  # "The death toll from the mud rose to"
    r"\b(?:death )?toll\b[^.;]*\b(?:to|at|reached|passed|of|is|was)(?: at least| about| nearly)? $", re.IGNORECASE
)
_RANGE = re.compile(r"\s*(?:to|or|[-–])\s*[$€£¥]?")
_NO_COUNT = re.compile(  # how old somebody was who died, or by how much a count changed
    r"\b(?:age[ds]?(?: of)?|(?:were|was) (?:all |both |each )?(?:over|under)|(?:died|dies|dead|death) at|"
    r"(?:ris\w+|rose|gr[eo]w\w*|climbed|jumped|increas\w+|fell|fallen|dropped|decreas\w+) by)\s+$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(?:Category|Flight|Game|Route|Highway|Interstate|Section|Article|Title|Phase|Tier|Grade|Chapter|Stage|Level|"
    r"Proposition|Measure|Amendment|Season|Episode|Week|Day|Group|Formula|No\.|Number|Channel|Room|Gate|Terminal) $"
)
"""Before a number that is part of a name: "a Category 5 storm"."""
_SOME_OF = re.compile(
    r"\s+(?:of (?:them|those|these|whom|the (?:dead|deaths|victims|fatalities|casualties|injured|missing))|new|more|"
    r"others?|additional|each)\b",
    re.IGNORECASE,
)
_EITHER = re.compile(
    r"[^,;.]{0,30}\b(?:(?:dead|killed) or (?:injured|wounded|hurt|missing)|(?:a|each|every|per) year|annually)\b"
)
"""Behind a number that counts neither, or no one event's: "42 people dead or injured", "14,000 deaths a year"."""
_COUNTED = re.compile(r"\s+([A-Z][\w’'-]+)")
_SINGLE = re.compile(r"\b[Oo]ne(?= (?:more |other )?(?:person|man|woman|child|passenger|victim|resident|death)\b)")
_SOUGHT = re.compile(r"\bsearch(?:es|ed|ing)?(?: continues)? for (?:(?:more than|about|at least|nearly|over|the) )*$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or a day in its sentence."""

    value: str
    """Normalised; ``month-day`` for a day."""
    text: str
    start: int
    unit: str
    """``%``, a currency sign, ``date``, what is counted, what befell those counted, or empty."""
    head: str
    """What it is a figure of, where the text says so: "a shortfall of"."""
    context: frozenset[str]
    """Telling words of its clause."""
    evidence: Evidence
    bound: str
    """``least`` for "at least", ``about`` for "nearly", ``range`` for either end of "six to eight"; else empty."""
    sole: bool
    """No other figure of its unit is in the sentence; of the dead, hurt and missing none before it: the whole first."""
    of: str = ""
    """Whom it counts, where a name says so: "130 Palestinians"."""
    scope: frozenset[str] = frozenset()
    """Names and past years of its sentence, without who speaks: of which place, event and time it is."""
    place: frozenset[str] = frozenset()
    """Names in its clause after "in", "at" and the like."""

    def __hash__(self) -> int:
        """Return the hash of its place."""
        return hash((self.start, self.value, self.evidence))

    @property
    def size(self) -> float:
        """What it is compared by; 0 for a day."""
        return float(self.value) if self.unit != "date" else 0.0


@lru_cache(maxsize=4096)
def figures(item: Evidence) -> tuple[Figure, ...]:
    """Return the figures of a sentence, in order."""
    text = item.sentence.text
    opening = dateline(text)
    found = [
        Figure(f"{day.month}-{day.day}", day.text, day.start, "date", "", telling(text), item, "", sole=False)
        for day in days(text)
        if day.start >= opening
    ]
    told = [*numbers(text), *(Number(Decimal(1), "", one.group(), one.start()) for one in _SINGLE.finditer(text))]
    told.sort(key=lambda number: number.start)
    counted = [(number, text.find(number.text, number.start)) for number in told]
    counted = [
        (n, s)
        for n, s in counted
        if not _YEAR.fullmatch(n.text) and text[s - 1 : s] not in {"-", "–"} and "://" not in text[:s].split(" ")[-1]
    ]  # COVID-19, an address
    clauses = [clause(text, start, start + len(number.text)) for number, start in counted]
    units = [_unit(text[s + len(n.text) :], n, near) for (n, s), near in zip(counted, clauses, strict=True)]
    units = [_counted_as(text[:start], unit) for unit, (_, start) in zip(units, counted, strict=True)]
    scope = _scope(item)
    for place, (number, start) in enumerate(counted):
        unit, end = units[place], start + len(number.text)
        aside = unit in BODIES and (
            _NO_COUNT.search(text, 0, start) or _SOME_OF.match(text, end) or _EITHER.match(text, end)
        )
        if unit in _DURATION or aside or _LABEL.search(text, 0, start):
            continue
        sole = unit not in units[:place] if unit in BODIES else units.count(unit) == 1
        name = _COUNTED.match(text, end)
        of = stem(name.group(1)) if name and name.group(1).lower() not in CALENDAR else ""
        value, own = str(number.value.normalize()), clauses[place]
        where = places(text, own, start)
        bound = "range" if _in_range(text, place, counted) else _bound(text, start)
        read = (_head(text, start), telling(own), item, bound, sole, of, scope, where)
        found.append(Figure(value, number.text, start, unit, *read))
    return tuple(sorted(found, key=lambda figure: figure.start))


def differ(first: Figure, second: Figure) -> bool:
    """Tell whether two figures are neither the same, rounded, nor one the bound of the other."""
    low, high = sorted((first, second), key=lambda figure: figure.size)
    bounds = {first.bound, second.bound}
    if not (low.size > 0 and high.size / low.size < APART) or low.bound == "least" or "range" in bounds:
        return False
    return not rounded(first, second, digits=1)


def rounded(first: Figure, second: Figure, digits: int = PRECISE) -> bool:
    """Tell whether one of two figures is the other, about or to no fewer than ``digits``: "nearly 500" and 484."""
    if "about" in {first.bound, second.bound} and abs(first.size - second.size) <= ROUNDED * max(
        first.size, second.size
    ):
        return True
    rough, fine = sorted((Decimal(figure.value) for figure in (first, second)), key=lambda n: len(n.as_tuple().digits))
    given = len(rough.as_tuple().digits)
    cut = given >= PRECISE and rough < fine < rough + Decimal(1).scaleb(rough.adjusted() - given + 1)
    return cut or (given >= digits and f"{rough:.{given - 1}e}" == f"{fine:.{given - 1}e}")


def part_of(figure: Figure) -> bool:
    """Tell whether a figure is of those that came to others, or of some of them: "seven more"."""
    return _SOME_OF.match(figure.evidence.sentence.text, figure.start + len(figure.text)) is not None


def listed(figure: Figure) -> bool:
    """Tell whether a figure stands in a list of many, where any number may be."""
    return len(numbers(figure.evidence.sentence.text)) >= MANY


def counted(figure: Figure) -> str:
    """Return what a figure counts or measures, in the words of its sentence: "votes", "shortfall"; may be empty."""
    text = figure.evidence.sentence.text
    if figure.unit == "date":
        return ""
    noun = _COUNTS.match(text, figure.start + len(figure.text))
    words = noun.group(1).split() if noun and figure.unit not in SIGNS - {"%"} else []
    plural = bool(words) and not (words[-1].endswith("s") and words[-1] in PLAIN) and not words[-1].endswith("ss")
    if plural and not {*words} & _PARTLY:
        return " ".join(words)
    head = _CALLED.search(text, 0, figure.start)
    return head.group(1) if head and head.group(1) not in PLAIN else ""


def _head(text: str, start: int) -> str:
    head = _HEAD.search(text, 0, start) if start else None
    plain = head is None or head.group(1) in PLAIN or not (head.group(1).islower() or not head.start())
    return "" if head is None or plain else stem(head.group(1))


def _bound(text: str, start: int) -> str:
    return "least" if _BOUND.search(text, 0, start) else "about" if _ROUGHLY.search(text, 0, start) else ""


def _in_range(text: str, place: int, counted: Sequence[tuple[Number, int]]) -> bool:
    """Tell whether a number is an end of "six to eight"; in "up from two to four" each is a figure of its own."""
    ends = [(start, start + len(number.text)) for number, start in counted]
    pairs = [pair for pair in ((place - 1, place), (place, place + 1)) if pair[0] >= 0 and pair[1] < len(ends)]
    return any(
        _RANGE.fullmatch(text, ends[one][1], ends[two][0]) and not text[: ends[one][0]].lower().endswith("from ")
        for one, two in pairs
    )


def _scope(item: Evidence) -> frozenset[str]:
    text, published = item.sentence.text, item.article.published
    said = frozenset(stem(word) for speech in speeches(text) for word in speech.words)
    named = telling(" ".join(n.word for n in names(text) if not n.opens and n.word.lower() not in CALENDAR))
    past = {year for year in _YEAR.findall(text) if published is None or int(year) != published.year}
    return frozenset(named - said | past)


def _unit(after: str, number: Number, own: str) -> str:
    if number.unit:
        return number.unit
    noun = _NOUN.match(after)
    counted = noun.group(1).split()[-1].lower() if noun else ""
    if stem(counted) in _DURATION:
        return stem(counted)
    if counted in _BEFELL:
        return _BEFELL[counted]
    if not counted or counted in _PERSONS | _HARMED | PLAIN:
        reach = len(own) if re.search(r"\b(?:number|toll|count)\b", own, re.IGNORECASE) else _PHRASE
        place = own.find(number.text)
        near = [(abs(match.start() - place), name) for rule, name in CASUALTY for match in rule.finditer(own)]
        if near and min(near)[0] < reach:
            return min(near)[1]
    if counted in _PERSONS:
        return "people"
    return "" if counted in PLAIN | _WHEN or counted.endswith(("ed", "ing", "ly")) else stem(counted)


def _counted_as(before: str, unit: str = "") -> str:
    """Return what a figure counts, by the words ``before`` it where its own ``unit`` is none; empty where both are."""
    if unit:
        return "missing" if unit == "dead" and _SOUGHT.search(before) else unit
    noun = found["noun"].lower() if (found := _TOTAL.search(before)) else ""
    if not noun and _TOLL.search(before):
        return "dead"
    return noun if noun in _PERSONS else stem(noun)


def total(figure: Figure) -> bool:
    """Tell whether a text gives a figure as the number of all that it counts."""
    return bool(figure.unit) and _counted_as(figure.evidence.sentence.text[: figure.start]) == figure.unit


def clashing(kind: Kind, about: Iterable[str], first: Figure, second: Figure) -> Clash:
    """Return two figures for one thing as a clash."""
    key = frozenset((first.value, second.value, second.unit or first.unit))
    return Clash(kind, tuple(about), Side(first.text, first.evidence), Side(second.text, second.evidence), key)
