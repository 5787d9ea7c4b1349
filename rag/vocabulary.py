"""Text to the words that tell what it is about, and the lists of words that tell nothing.

    "The ferry's 11 passengers" -> {"ferry", "passen"}

Words are compared by their first six letters in lower case, without the ending of a plural or a possessive, so that
"announced" and "announcement" are one.
"""

from __future__ import annotations

import re
from functools import lru_cache

SHORTEST = 3
"""Letters of a telling word."""
ABOUT = 3
"""Telling words that two figures must share, besides their unit, to be about one thing; a claim and its denial must
share one less."""

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBER_WORD = rf"(?:(?:{'|'.join(TENS)})(?:-\w+)?|{'|'.join(UNITS)})"
"""A number below a hundred in words, as a pattern."""
_COMMON = (
    "the a an and or but of to in on at by for from with without as is are was were be been being it its this that "
    "these those he she they his her their them him who whom which what when where while will would can could may "
    "might has have had do does did no not nor said says say told added after before over under into about than then "
    "there more most also we our you your i my so up out all any some other such only just"
)
_COUNTING = (
    "people per cent least nearly almost around million billion trillion thousand hundred dozen number figure figures "
    "according including one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty "
    "sixty seventy eighty ninety first last new january february march april may june july august september october "
    "november december day days week weeks month months year years early late later now still a.m p.m"
)
CASUALTY = (
    (
        re.compile(
            r"\b(?:dead|died?|dies|deaths?(?! (?:row|penalty|sentence|threat|certificate))|kill(?:ed|ing|s)|fatalit\w+|"
            r"lives|toll)\b",
            re.IGNORECASE,
        ),
        "dead",
    ),
    (re.compile(r"\b(?:injur\w+|hurt|wounded)\b", re.IGNORECASE), "hurt"),
    (re.compile(r"\b(?:missing|unaccounted)\b", re.IGNORECASE), "missing"),
)
"""Words for what befell people, and the unit of how many they were."""
UNTRUE = re.compile(
    r"\b(?:reports?|rumou?rs?|claims?|posts?|stor(?:y|ies)|messages?|figures?)\b[^;:]{1,160}\b(?:is|are|was|were) "
    r"(?:false|untrue|wrong|fake|not true|fabricated|baseless)\b",
    re.IGNORECASE,
)
"""What was told, and is not so."""
COMMON = frozenset(_COMMON.split())
"""Words that stand in a sentence about anything."""
CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december".split()
)
"""Days of the week and months: they have a capital and name nobody."""
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
"""A day of the week, as a pattern."""
ORDINALS = {
    word: place
    for place, word in enumerate(
        "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=2
    )
}
"""Which place an ordinal in words names; "first" names as many other things."""
PLAIN = COMMON | frozenset(_COUNTING.split())
"""The same with words that stand around any figure or date."""
_TITLES = frozenset("mr ms dr st jr sr".split())
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", re.UNICODE)


@lru_cache(maxsize=16384)
def telling(text: str) -> frozenset[str]:
    """Return the stems of the telling words of ``text``, without its figures."""
    return frozenset(stem(word) for word in _WORD.findall(text) if word.lower() not in PLAIN and _tells(word))


def _tells(word: str) -> bool:
    """Tell whether a word is long enough, or a short name: Wu is as much of a name as Okafor."""
    return len(word) >= SHORTEST or (word.istitle() and len(word) > 1 and word.lower() not in _TITLES)


def words(text: str) -> list[str]:
    """Return the words of ``text`` in lower case, in order, without its figures."""
    return [match.group().lower() for match in _WORD.finditer(text)]


def stem(word: str) -> str:
    """Return the first six letters of ``word`` in lower case, without the ending of a plural or a possessive."""
    return word.lower().removesuffix("’s").removesuffix("'s").removesuffix("s")[:6]
