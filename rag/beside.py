"""Figures to the words around them, and whether these words are of two things.

"A kilo of rice costs 14 crowns at the market." | "A kilo of beans costs 22 crowns at the market."
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.figures import figures
from rag.vocabulary import stem, telling

if TYPE_CHECKING:
    from rag.figures import Figure

REACH = 9
"""Words on each side of a figure that are its frame, up to the next figure of its unit."""
VERBATIM = 0.7
"""Share of their words that two frames must have in common, in order, to differ in what one word names."""
SWAPPED = 2
"""Words that stand in one place of two such frames."""
PART = 2
"""How many times a part the whole is at least."""
_CONTRASTS = tuple(
    tuple(re.compile(rf"\b{word}", re.IGNORECASE) for word in pair.split("/"))
    for pair in (
        "gust/sustained new/used men/women adult/child boy/girl highest/lowest highest/average lowest/average "
        "cheapest/average destroy/damage injur/kill daily/weekly weekly/monthly monthly/annual departure/arrival "
        "domestic/global domestic/worldwide male/female democrat/republican first/second first/third second/third "
        "urban/rural overall/core maximum/minimum house/senate primary/general up/down less/more below/above rise/fall "
        "rose/fell gain/lost north/south east/west upper/lower morning/evening revenue/profit export/import "
        "missing/dead missing/died missing/killed unaccounted/died unaccounted/dead unaccounted/killed "
        "favou?r/against driver/passenger public/private (?<!-)old\\b/new\\b "
        "want/offer demand/offer ask/offer since/on\\s(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    ).split()
)
"""Openings of words of which one in each of two frames says that they count two things."""
_ONLY = re.compile(
    r"\binclud\w+ (?:[a-z]+ ){0,3}#|\bamong (?:them|those)\b|\bdiesel\b|identif|\b(?:un)?confirmed|\bsuspected|"
    r"\bmissing|\bforeign|\bfor (?:less|more)|\b(?:a|per|each|every) (?:hour|day|night|week|month|year)\b|\bdaily\b|"
    r"\b(?:stage|phase|portion|share) of\b",
    re.IGNORECASE,
)
"""What says so where it stands in one of them only."""
_BY = re.compile(
    r"\b(?:risen|rose|fell|fallen|jumped|climbed|dropped|increased|decreased|up|down)"
    r"(?: by)?(?: (?:a|about|nearly|almost|around|some|more than|at least|another|maximum of))* $",
    re.IGNORECASE,
)
"""Right before a figure that is how much another has changed."""
_STILL = re.compile(r"\b(?:remain(?:s|ed|ing)?|still (?:without|out|in|dark|missing))\b")
"""Beside those that are left of more, which another report may give."""
_WORD = re.compile(r"#|[\w’'-]+")
_WHO = re.compile(r" (?:[\w-]+ ){0,2}?(child|wom[ae]n|m[ae]n\b|adult|girl|boy|civilian|soldier|troop|fighter|militant)")
"""Which people a figure counts, behind it."""
_WHOSE_TOLL = re.compile(r"\b([A-Z][a-z]+(?:ian|ish|ese|i)) (?:death )?toll\b")
_NEXT = re.compile(r"\s+([a-z][\w’'-]*)(?:\s+([a-z][\w’'-]*))?")
"""The two words behind a figure."""
_SAYS = frozenset(
    "said says say told tells claimed claims claim argued argues insisted insists testified reported believes believed "
    "estimated estimates estimate put puts counted counts found finds accused maintained".split()
)
"""Behind whoever says it, who may differ."""


@lru_cache(maxsize=4096)
def frame(figure: Figure) -> frozenset[str]:
    """Return the telling words around a figure."""
    return telling(around(figure))


@lru_cache(maxsize=4096)
def around(figure: Figure) -> str:
    """Return the words around a figure, with a sign in its place."""
    text, end = figure.evidence.sentence.text, figure.start + len(figure.text)
    others = [other for other in figures(figure.evidence) if other.unit == figure.unit]
    first = max((other.start + len(other.text) for other in others if other.start < figure.start), default=0)
    last = min((other.start for other in others if other.start > figure.start), default=len(text))
    return " ".join((*text[first : figure.start].split()[-REACH:], "#", *text[end:last].split()[:REACH]))


def contrasted(first: Figure, second: Figure) -> bool:
    """Tell whether one of two words that say the contrary stands beside each of two figures."""
    return any((pair, not side) in _sides(second) for pair, side in _sides(first))


@lru_cache(maxsize=4096)
def _sides(figure: Figure) -> frozenset[tuple[int, bool]]:
    """Return the contrasts of which one word alone stands beside a figure: which, and whether it is the first."""
    said = [[word.search(around(figure)) is not None for word in pair] for pair in _CONTRASTS]
    return frozenset((number, one) for number, (one, other) in enumerate(said) if one != other)


def worded_apart(first: Figure, second: Figure) -> bool:
    """Tell whether two figures stand in the same words but for one: "the price of wheat", "the price of maize"."""
    ours, theirs = (_WORD.findall(around(figure).lower()) for figure in (first, second))
    match = SequenceMatcher(None, ours, theirs, autojunk=False)
    if match.ratio() < VERBATIM:
        return False
    for kind, a, b, c, d in match.get_opcodes():
        says = _SAYS & {*ours[a : b + 1], *theirs[c : d + 1]} or "according" in ours[max(a - 3, 0) : a]
        if kind == "replace" and max(b - a, d - c) <= SWAPPED and not says:
            one, two = telling(" ".join(ours[a:b])), telling(" ".join(theirs[c:d]))
            acts = ours[b - 1].endswith("ed") and theirs[d - 1].endswith("ed")
            if one and two and not one & two and not (acts and _near(first, second)):
                return True
    return False


def _near(first: Figure, second: Figure) -> bool:
    """Tell whether two figures can be of one thing by their size: "toppled 1,400 trees", "felled 1,900 trees"."""
    less, more = sorted((first.size, second.size))
    return more < PART * less


def of_whom(figure: Figure) -> str:
    """Return which people a figure counts: "3,600 Palestinian children", "the Palestinian toll"; empty for all."""
    text = figure.evidence.sentence.text
    who = _WHO.match(text, figure.start + len(figure.text)) or _WHOSE_TOLL.search(text)
    return who[1] if who else ""


def only_one(first: Figure, second: Figure) -> bool:
    """Tell whether one of two figures alone has a word beside it that makes it another thing, or is a change."""
    only = [frozenset(found[:4].lower() for found in _ONLY.findall(around(figure))) for figure in (first, second)]
    change = [_BY.search(figure.evidence.sentence.text, 0, figure.start) is None for figure in (first, second)]
    return only[0] != only[1] or change[0] != change[1]


def of_more(first: Figure, second: Figure) -> bool:
    """Tell whether the earlier of two figures alone is of what is left of more, and the later may be of all of it."""
    left, all_of_it = (_STILL.search(figure.evidence.sentence.text) for figure in (first, second))
    return left is not None and all_of_it is None and second.size > first.size


def part(first: Figure, second: Figure) -> bool:
    """Tell whether the smaller of two figures alone says what kind is counted: "48 buses", "11 electric buses"."""
    less, more = sorted((first, second), key=lambda figure: figure.size)
    some, whole = (_NEXT.match(f.evidence.sentence.text, f.start + len(f.text)) for f in (less, more))
    if not (some and some[2] and whole) or _near(less, more):
        return False
    return stem(some[2]) == stem(whole[1]) == more.unit and bool(telling(some[1]))
