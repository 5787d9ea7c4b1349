"""Sentences to the figures in them, read so that two can be compared.

    "At least 11 people died off Tarrow" -> value 11, unit "dead", bound "least", context {"died", "off", "tarrow"}

A figure is a number or a day with what it counts, what the text calls it a figure of, and the telling words of its
clause. Years, times and lengths are left out: they are rarely what reports disagree on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.attribution import dateline
from rag.facts import Number, days, numbers
from rag.vocabulary import PLAIN, stem, telling

if TYPE_CHECKING:
    from rag.sources import Evidence

BODIES = frozenset({"dead", "hurt", "missing"})
SIGNS = frozenset({"%", "$", "€", "£", "¥", "A$", "C$"})
_CASUALTY = (
    (re.compile(r"\b(?:dead|died|dies|deaths?|kill(?:ed|ing|s)|fatalit\w+|lives|toll)\b", re.IGNORECASE), "dead"),
    (re.compile(r"\b(?:injur\w+|hurt|wounded)\b", re.IGNORECASE), "hurt"),
    (re.compile(r"\b(?:missing|unaccounted)\b", re.IGNORECASE), "missing"),
)
_CLAUSE = re.compile(r"[,;:—–()]\s|\s(?:and|but|while|when|after|because|which|who|that)\s", re.IGNORECASE)
_NOUN = re.compile(r"^[\s-]*((?:[a-z][\w’'-]*\s+){0,2}?[a-z][\w’'-]*s|people|men|women|children|(?:[a-z][\w’'-]*))\b")
_PHRASE = 40  # characters: what befell people stands this close to how many they were
_PERSONS_LISTED = "people persons passengers men women were was had have dead injured victims residents others"
_PERSONS = frozenset(_PERSONS_LISTED.split())
_DURATION_LISTED = "second minute hour day week month year time mile metre meter foot inch a.m p.m st nd rd th"
_DURATION = frozenset(_DURATION_LISTED.split())
_YEAR = re.compile(r"(?:19|20)\d\d")
_BOUND = re.compile(r"\b(?:at least|more than|over|no fewer than|upwards? of)\s+$", re.IGNORECASE)
_ROUGHLY = re.compile(r"\b(?:nearly|almost|about|around|roughly|some|approximately|close to)\s+$", re.IGNORECASE)
_HEAD = re.compile(
    r"(\w[\w’'-]+)\s+(?:of|at|to|was|were|is|by|reached|totall?ed|stood at|stands at|stand at|came to)\s+(?:about|"
    r"around|nearly|almost|"
    r"at least|more than|only|just|some|over|up to)?\s*$",
    re.IGNORECASE,
)


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
    """``least`` where the text says "at least", "more than"; ``about`` for "nearly", "some"; else empty."""
    sole: bool
    """No other figure of its unit is in the sentence."""

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
    counted = [(number, text.find(number.text, number.start)) for number in numbers(text)]
    counted = [
        (n, s) for n, s in counted if not _YEAR.fullmatch(n.text) and text[s - 1 : s] not in {"-", "–"}
    ]  # COVID-19
    clauses = [_clause(text, start, start + len(number.text)) for number, start in counted]
    units = [_unit(text[s + len(n.text) :], n, clause) for (n, s), clause in zip(counted, clauses, strict=True)]
    for (number, start), clause, unit in zip(counted, clauses, units, strict=True):
        head = _HEAD.search(text, 0, start) if start else None
        named = (
            stem(head.group(1))
            if head and (head.group(1).islower() or not head.start()) and head.group(1) not in PLAIN
            else ""
        )
        bound = "least" if _BOUND.search(text, 0, start) else "about" if _ROUGHLY.search(text, 0, start) else ""
        value = str(number.value.normalize())
        if unit not in _DURATION:
            found.append(
                Figure(value, number.text, start, unit, named, telling(clause), item, bound, units.count(unit) == 1)
            )
    return tuple(sorted(found, key=lambda figure: figure.start))


def _clause(text: str, start: int, end: int) -> str:
    first = max((match.end() for match in _CLAUSE.finditer(text, 0, start)), default=0)
    following = _CLAUSE.search(text, end)
    return text[first : following.start() if following else len(text)]


def _unit(after: str, number: Number, clause: str) -> str:
    if number.unit:
        return number.unit
    noun = _NOUN.match(after)
    counted = noun.group(1).split()[-1].lower() if noun else ""
    if stem(counted) in _DURATION:
        return stem(counted)
    if not counted or counted in _PERSONS or counted in PLAIN:
        reach = len(clause) if re.search(r"\b(?:number|toll|count)\b", clause, re.IGNORECASE) else _PHRASE
        place = clause.find(number.text)
        near = [(abs(match.start() - place), name) for rule, name in _CASUALTY for match in rule.finditer(clause)]
        if near and min(near)[0] < reach:
            return min(near)[1]
    if counted in _PERSONS:
        return "people"
    return "" if counted in PLAIN or counted.endswith(("ed", "ing", "ly")) else stem(counted)
