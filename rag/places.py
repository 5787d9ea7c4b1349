"""A sentence to the places that stand beside a figure: where those are whom it counts.

"In Lee County, at least 42 died" | "South Carolina reported 46 deaths" | "• Ohio: Eight people have died"
"""

from __future__ import annotations

import re

from rag.vocabulary import CALENDAR, stem

DIVISION = "[Cc]ounty|[Pp]arish|[Ii]sland|[Pp]rovince|[Pp]refecture|[Dd]istrict|[Bb]orough|[Rr]egion"
"""What a part of a country or state is."""
_NAME = r"(?!The\b)(?:[A-Z][\w.’'-]+ ?)+"
_IN = rf"(?:the )?((?:[a-z-]+ ){{0,4}}{_NAME})"
_BESIDE = re.compile(
    rf"\b(?:in|at|near|across|off|outside|around|through|into|along|throughout|within|hit|struck|pummel\w+|batter\w+|"
    rf"slammed|ravaged|devastated|lashed|(?:people|residents|customers|patients|guests|were) from) {_IN}"
)
_LABEL = re.compile(rf"^\W*({_NAME})(?:(?<! ):|(?<= )[–-]) ")
"""Before an item of a list."""
_TOLL = re.compile(rf"\b({_NAME})(?:[a-z-]+ )?(?:death )?toll\b")
_OPENING = re.compile(rf"^\W*(?:In|Across|Throughout|Within|Along) {_IN}")
_COUNTING = re.compile(
    rf"^\W*(?:The )?({_NAME})(?:(?:officials|authorities|government) )?(?:(?:now|has|have|had|also) )*"
    r"(?:reported|confirmed|recorded|counted) (?:[a-z]+ ){0,3}$"
)
"""Who counts the dead of his own place, before how many they are."""
_WITH = re.compile(r"\w+ing\b")
"""What opens a clause that has its place before it: "killing three"."""
_BODY = re.compile(
    rf"^\W*(?:The )?({_NAME})(?:(?:authorities|officials|government|police) )?(?:says?|said) "
    r"(?:that )?(?:it|they) ha(?:s|d|ve)\b|"
    rf"^\W*(?:Authorities|Officials|Police|Rescuers) in {_IN}"
)
"""Who counts what he has done: "Cuban authorities said", "Britain says it has evacuated"."""
_PAPERS = frozenset("Press Reuters CNN Times Post News Police Ministry Department".split())
"""Words of who counts the dead of other places."""


def places(text: str, clause: str, start: int) -> frozenset[str]:
    """Return the stems of the places beside the figure at ``start``: in its ``clause``, else in the rest of ``text``.

    A clause like "killing three" takes the nearest place before it.
    """
    beside = [*_BESIDE.findall(clause), *_TOLL.findall(clause), *_LABEL.findall(text)]
    if not beside and _WITH.match(clause):
        beside = _BESIDE.findall(text[:start])[-1:]
    if not beside:
        counting = [who for who in _COUNTING.findall(text[:start]) if not {*who.split()} & _PAPERS]
        bodies = [one or two for one, two in _BODY.findall(text)]
        beside = [*_OPENING.findall(text), *counting, *bodies]
    words = (word for found in beside for word in found.split())
    return frozenset(stem(word) for word in words if word[0].isupper() and not _timely(word))


def place_in(text: str, place: frozenset[str]) -> str:
    """Return the first name in ``text`` with one of the words or stems of ``place``, as "Lee County"; may be empty."""
    for found in re.finditer(_NAME, text):
        run = [word.strip(",.’'") for word in re.sub(r"[’']s\b", "", found[0]).split()]
        known = [number for number, word in enumerate(run) if word in place or stem(word) in place]
        if known:
            last = known[-1] + any(re.fullmatch(DIVISION, word) for word in run[known[-1] + 1 : known[-1] + 2])
            return " ".join(run[known[0] : last + 1])
    return ""


def _timely(word: str) -> bool:
    return word.lower().removesuffix("’s").removesuffix("'s") in CALENDAR
