"""Figures of two sentences to whether they can be of one event and time, by the days and words of each."""

from __future__ import annotations

import calendar
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.facts import clause
from rag.passages import told_at
from rag.timeline import happened
from rag.verbs import SPEECH
from rag.vocabulary import WEEKDAY

if TYPE_CHECKING:
    from rag.figures import Figure
    from rag.sources import Evidence

_LATER = re.compile(
    r"\b(?:has risen|(?:has|have) gone (?:up|down)|went (?:up|down)|rose to|risen to|rises to|"
    r"raised? (?:its|the|their)|revised|updated|now (?:stands?|at|put)|"
    r"replaces?|increased|climbed|(?:has )?cut (?:the|its|his|her) (?:lead|majority)|"
    r"lowered|fallen to|has (?:reached|passed|grown)|now counts?|"
    r"(?:brings|bringing|takes|taking) the (?:number|total|count|tally)|new (?:number|figure|count|toll))\b",
    re.IGNORECASE,
)
"""Beside a figure that replaced an older one."""
_ELSEWHEN = re.compile(
    r"\b(?:in (?:January|February|March|April|May|June|July|August|September|October|November|December)\b|"
    r"this (?:year|month)\b|so far this|since (?:January|the (?:start|beginning))|"
    r"(?:[Aa] (?:second|third|separate|different|similar)|[Aa]nother) "
    r"(?!person|man|woman|victim|child|body|patient|worker|passenger|report|toll|count)[A-Za-z])"
)
"""What tells of another event, or of many."""
_WEEK = tuple(calendar.day_name)
_DAY = re.compile(rf"\b{WEEKDAY}\b")
_SAID_ON = re.compile(
    rf"\b(?:as of|by|since|until|{'|'.join(sorted(SPEECH))})(?: \w+ing)? (?:late |early )?(?:on )?{WEEKDAY}\b",
    re.IGNORECASE,
)
"""The day up to which a count runs, or on which somebody gave it."""
_ORDERED = re.compile(r"\border(?:s|ed)?\b", re.IGNORECASE)
"""Beside those who were told to leave, and for whom that holds on."""
_ON_A_DAY = re.compile(
    rf"\b(?:{WEEKDAY}|over the weekend|overnight|today|yesterday|[Ii]n the (?:last |past )?\d+ hours|"
    r"(?:this|last) (?:morning|afternoon|evening|night))\b"
)
"""Beside what came to pass on one day."""
_SINCE = re.compile(rf"\b(?:since|after|began|broke out|ignited|started|sparked|erupted)\b[^,;:]*?\b{WEEKDAY}\b")
"""When something began of which a figure is told."""
_SECONDS = 86_400
_JUST = 3
"""Days between two reports within which the day of the later one is not some week before."""
_SO_FAR = re.compile(
    r"\b(?:said|told|announced|confirmed|reported|stood|rose|risen)\b[^.;,]{0,30}\b(?:on )?\w+day\b|"
    r"\b(?:now|so far|toll|total)\b"
)
"""What leaves open on which day somebody came to harm: "police said on Tuesday", "has now killed six"."""


@lru_cache(maxsize=4096)
def later_than(text: str) -> bool:
    """Tell whether a sentence says that its figure replaced an older one."""
    return _LATER.search(text) is not None


def backwards(first: Evidence, second: Evidence) -> bool:
    """Tell whether a report tells of a day before the one that the report just before it tells of."""
    days = [_DAY.findall(_SINCE.sub("", item.sentence.text)) for item in (first, second)]
    gap = (told_at(second)[0] - told_at(first)[0]) / _SECONDS
    if not all(len({*named}) == 1 for named in days) or gap > _JUST:
        return False
    one, two = (_WEEK.index(named[0]) for named in days)
    return (two - one) % len(_WEEK) >= len(_WEEK) - _JUST


@lru_cache(maxsize=4096)
def day_of(figure: Figure) -> str:
    """Return the day on which what a figure counts came to pass: "rescued 68 people on Thursday"; may be empty."""
    text = figure.evidence.sentence.text
    if _ORDERED.search(text):
        return ""
    day = _ON_A_DAY.search(_SAID_ON.sub("", clause(text, figure.start, figure.start + len(figure.text))))
    return day[0] if day else ""


def elsewhere(first: Figure, second: Figure) -> bool:
    """Tell whether a newer count of people is of another event, by the days that the two sentences tell of."""
    texts = [figure.evidence.sentence.text for figure in (first, second)]
    told = [{match.group().lower() for match in _ELSEWHEN.finditer(text)} for text in texts]
    days = [happened(figure.evidence) for figure in (first, second)]
    apart = None not in days and days[0] != days[1] and not any(map(_SO_FAR.search, texts))
    many = any(words.endswith("year") for words in told[0] - told[1])
    return bool(told[1] - told[0]) or many or (apart and not later_than(texts[1]))
