"""Two texts to what qualifies the same figure or rank otherwise: units, points, ends of a range, ranks, changes.

Each rule wants one figure or one superlative on both sides, and says nothing where the sources have it both ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from rag.cited import content, coverage
from rag.facts import Number, numbers
from rag.turned import TIME, bounds, same_number
from rag.vocabulary import ORDINALS

_MARKS = re.compile(r"[“”\"]")
_UNITS: Mapping[str, str] = {
    form: unit
    for unit, forms in {
        "miles": "mile miles mi",
        "kilometers": "kilometer kilometers kilometre kilometres km",
        "meters": "meter meters metre metres",
        "feet": "foot feet ft",
        "inches": "inch inches",
        "yards": "yard yards",
        "centimeters": "centimeter centimeters centimetre centimetres cm",
        "acres": "acre acres",
        "hectares": "hectare hectares",
        "pounds": "pound pounds lb lbs",
        "kilograms": "kilogram kilograms kilo kilos kg",
        "tons": "ton tons tonne tonnes",
        "gallons": "gallon gallons",
        "liters": "liter liters litre litres",
        "barrels": "barrel barrels",
        "mph": "mph",
        "knots": "knots",
        "Fahrenheit": "fahrenheit",
        "Celsius": "celsius",
        "seconds": "second seconds",
        "minutes": "minute minutes",
        "hours": "hour hours",
        "days": "day days",
        "weeks": "week weeks",
        "months": "month months",
        "years": "year years",
        "decades": "decade decades",
    }.items()
    for form in forms.split()
}
_UNIT = re.compile(
    r"[ -]?(?:(?:more|further|square|cubic|nautical|degrees?)[ -])*(?P<unit>[A-Za-z]+)\b(?:\s(?:per|an)\s(?P<per>hour)\b)?"
)
_TERM = re.compile(rf"\b(?P<word>in|within|for|after) an? (?P<unit>{TIME})\b")
_VAGUE = re.compile(
    r"\b(?P<count>dozens|scores|hundreds|thousands|millions|billions) of (?P<what>(?:[\w’'-]+ ){0,2}[\w’'-]+)",
    re.IGNORECASE,
)
_POINTS = re.compile(r"[- ](?:percentage[- ])points?\b")
_ANY_POINTS = re.compile(r"[- ](?:percentage[- ])?points?\b")
_SUPERLATIVE = re.compile(
    rf"(?:\b(?P<ordinal>{'|'.join(ORDINALS)}|\d+(?:st|nd|rd|th))[- ])?"
    r"\b(?P<word>(?:(?<=the )|(?<=its )|(?<=[’']s )|(?<=[dh][- ]))(?:most|least) [a-z]{4,}|[a-z]{3,}est|worst)\b(?!-)"
)
_NO_SUPERLATIVE = frozenset(
    "interest forest rest west midwest northwest southwest arrest protest contest conquest invest harvest suggest digest "
    "earnest modest chest quest request vest pest manifest guest honest test nest crest infest tempest unrest latest "
    "behest bequest attest detest detest molest reforest best jest lest zest priest inquest northeast".split()
)
_SAME = {"biggest": "largest"}
_AMONG = re.compile(
    r"\b(?:one|two|three|four|five|six|ten|\d+|some|several|many|few|part|number|any)"
    r" of(?: (?:the|its|his|her|their|[\w’-]+s))?(?: [\w’'-]+){0,3}\s+\Z|\bamong(?: [\w’'-]+){0,4}\s+\Z",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:two|three|four|five|six|ten|\d+|some|several|many)\s+\Z", re.IGNORECASE)
_ONE_OF = re.compile(
    r"\b(?P<is>is|are|was|were|be|remains?|became|called|as)? ?one of (?:the|its|his|her|their|[\w’]+s) "
    r"(?P<what>(?:[\w’'-]+ ){0,2}?)(?P<noun>[a-z]{3,}s)\b",
    re.IGNORECASE,
)
_PART_OF = re.compile(
    r"\b(?:[Ss]ome|[Mm]any|[Mm]ost|[Ss]everal|[Hh]alf|[Pp]arts?|[Aa] few|[Aa] third) of (?:the|its|their|his|her|[\w ]{2,20}[’']s) "
    r"(?:[\w’'-]+ ){0,2}?(?P<noun>[a-z]{3,}s)\b"
)
_PARTIAL = re.compile(
    r"\b(?:some|many|most|several|half|part|parts|few|third|thirds|quarter|majority|bulk|number|certain|various|numerous|partly|"
    r"partially|largely|mostly|one|two|three|four|five|\d+|among)\b",
    re.IGNORECASE,
)
_RANGE_JOIN = re.compile(r"\s*(?:to|[-–])\s*\Z")
_BETWEEN = re.compile(r"\bbetween\s+(?:[$€£]\s?)?\Z", re.IGNORECASE)
_FROM = re.compile(r"(?<!ranging )(?<!ranged )(?<!anywhere )\bfrom\s+(?:[$€£]\s?)?\Z", re.IGNORECASE)
_YEARS = re.compile(r"(?:19|20)\d\d")
_COUNTED = re.compile(r"[\s-]+(?!votes?\b|to\b|against\b|in\b|on\b|at\b|by\b|win|loss|defeat|victory|lead)[a-z]")
_EXTREME = re.compile(r"\b(?:as (?:high|low|much|many|few|little) as|reach\w*|exceed\w*|peak\w*|maximum|minimum)\b")
_ROUGHLY = re.compile(r"\b(?:about|around|roughly|approximately)\s+(?:[$€£]\s?)?\Z", re.IGNORECASE)
_UP_FROM = re.compile(
    r"[^.;]{0,30}?\b(?:(?P<way>up|down) )?from\s+(?:[$€£]\s?)?(?:(?:about|around|nearly|some|just) )?\Z"
)
_ENOUGH = 0.6
"""Share of the content words of a statement that the sentence has which it comes from."""
_TO_FROM = re.compile(r"[^.;]{0,20}?\bto\s+(?:[$€£]\s?)?(?:(?:about|around|nearly|some|just) )?\Z")


def requalified(statement: str, sources: Sequence[str]) -> str:
    """Return which unit, rank, range or change ``statement`` has otherwise than ``sources``; empty if none."""
    ours, theirs = _MARKS.sub("", statement), [_MARKS.sub("", text) for text in sources]
    return next((wrong for rule in RULES if (wrong := rule(ours, theirs))), "")


def _unit_at(text: str, number: Number) -> str:
    found = _UNIT.match(text, number.start + len(number.text))
    if found is None:
        return ""
    unit = _UNITS.get(found["unit"].lower(), "")
    return "mph" if unit == "miles" and found["per"] else unit


def _unit(statement: str, sources: Sequence[str]) -> str:
    """Catch "12 months" where the source has "12 years"."""
    for number in numbers(statement):
        unit = _unit_at(statement, number)
        units = {found for text, other in same_number(number, sources) if (found := _unit_at(text, other))}
        if unit and units and unit not in units:
            return f"the cited sentences say {number.text} {min(units)}, not {unit}"
    known = {(match["word"], match["unit"]) for text in sources for match in _TERM.finditer(text)}
    for match in _TERM.finditer(statement):
        same = {unit for word, unit in known if word == match["word"]}
        if same and match["unit"] not in same:
            return f"the cited sentences say a {min(same)}, not a {match['unit']}"
    return ""


def _vague(statement: str, sources: Sequence[str]) -> str:
    """Catch "dozens of homes" where the source has "thousands of homes"."""
    known = [(match["count"].lower(), {*content(match["what"])}) for text in sources for match in _VAGUE.finditer(text)]
    for match in _VAGUE.finditer(statement):
        same = {count for count, what in known if what & {*content(match["what"])}}
        if same and match["count"].lower() not in same:
            return f"the cited sentences say “{min(same)}”, not “{match['count']}”"
    return ""


def _points(statement: str, sources: Sequence[str]) -> str:
    """Catch "18 percent" where the source has "18 percentage points", and the other way round."""
    for number in numbers(statement):
        known = [(text, other) for text, other in same_number(number, sources) if other.value == number.value]
        pointed = [bool(_ANY_POINTS.match(text, other.start + len(other.text))) for text, other in known]
        if number.unit == "%" and known and all(pointed):
            return f"the cited sentences have {number.text} as percentage points"
        ours = _POINTS.match(statement, number.start + len(number.text))
        if ours and known and all(other.unit == "%" for _, other in known):
            return f"the cited sentences have {number.text} as percent, not as points"
    return ""


def _superlatives(text: str) -> Iterator[tuple[str, int, frozenset[str]]]:
    """Yield each superlative of ``text``, its place, and of what it is.

    The place is 1, or 2 of "second-largest", or 0 of one of several.
    """
    for match in _SUPERLATIVE.finditer(text):
        word = match["word"].lower()
        if word in _NO_SUPERLATIVE or _SEVERAL.search(text[: match.start()]):
            continue  # "the ten largest" is a list
        ordinal = (match["ordinal"] or "").lower()
        place = ORDINALS.get(ordinal) or int(re.sub(r"\D", "", ordinal) or 1)
        among = _AMONG.search(text[: match.start()]) is not None
        following = re.split(r"[,;:.]", text[match.end() :], maxsplit=1)[0]
        yield (
            _SAME.get(word, word),
            0 if among else place,
            frozenset(stem.rstrip("s") for stem in content(following)[:4]),
        )


def _rank(statement: str, sources: Sequence[str]) -> str:
    """Catch "the largest" where the source has "the second-largest", or "one of the largest"."""
    known = [found for text in sources for found in _superlatives(text)]
    if ("since" in statement) != ("since" in " ".join(sources)):
        return ""  # the largest since then is not the largest
    for word, place, thing in _superlatives(statement):
        places = {p for same, p, other in known if same == word and (thing & other or not thing or not other)}
        if place and places and place not in places:
            return f"the cited sentences do not have it as the {word}" if place == 1 else f"it is not the {word} there"
    return ""


def _the_one(statement: str, sources: Sequence[str]) -> str:
    """Catch "the loser was Palmer" where the source has "one of the losers was Palmer"."""
    if re.search(r"\b(?:one|some|part|many|few) of\b|\bamong\b|\ban? \b", statement, re.IGNORECASE):
        return ""
    for text in sources:
        for match in _ONE_OF.finditer(text):
            noun = re.escape(match["noun"][:-1])
            named = rf"(?:{match['is'] or r'(?:is|are|was|were)'} the|^the) (?:[\w’'-]+ ){{0,2}}?{noun}\b"
            if re.search(named, statement, re.IGNORECASE) and coverage(statement, text) >= _ENOUGH:
                return f"the cited sentences have one of several: “{match.group().strip()}”"
    return ""


def _ranges(text: str) -> Iterator[tuple[Number, Number]]:
    for low, high in pairwise(numbers(text)):
        before, between = text[: low.start], text[low.start + len(low.text) : high.start].rstrip("$€£ ")
        after = text[high.start + len(high.text) :]
        if low.text.isdigit() and _YEARS.fullmatch(low.text) and not _BETWEEN.search(before):
            continue  # the season of 2018-19
        joined = (
            re.fullmatch(r"(?:\s\w+)?\s*and\s*", between) if _BETWEEN.search(before) else _RANGE_JOIN.match(between)
        )
        if joined and low.value < high.value and not _FROM.search(before) and (high.unit or _COUNTED.match(after)):
            yield low, high


def _range_end(statement: str, sources: Sequence[str]) -> str:
    """Catch "killed 1,500" where the source has "killed between 500 and 1,500"."""
    ours = numbers(statement)
    for text in sources:
        for low, high in _ranges(text):
            for end, other in ((low, high), (high, low)):
                mine = [number for number in ours if number.value == end.value]
                alone = len([1 for source in sources for number in numbers(source) if number.value == end.value]) == 1
                if len(mine) != 1 or not alone or any(number.value == other.value for number in ours):
                    continue
                loose = _EXTREME.search(statement) or _ROUGHLY.search(statement[: mine[0].start])
                bounded = bounds(statement, mine[0]) & {"most", "least", "near"} or loose
                if not bounded:
                    return f"the cited sentences have a range, {low.text} to {high.text}"
    return ""


def _changes(text: str) -> Iterator[tuple[Decimal, Decimal, str]]:
    """Yield what each figure that changed was before and after, and "up" or "down" where the text says so."""
    for one, two in pairwise(numbers(text)):
        between = text[one.start + len(one.text) : two.start]
        if found := _UP_FROM.fullmatch(between):
            yield two.value, one.value, found["way"] or ""
        elif _TO_FROM.fullmatch(between) and re.search(r"\bfrom\s+(?:[$€£]\s?)?\Z", text[: one.start]):
            yield one.value, two.value, ""


def _change(statement: str, sources: Sequence[str]) -> str:
    """Catch "34, up from 32" where the source has "32, down from 34", and "up from" what is more."""
    known = [change for text in sources for change in _changes(text)]
    there = {(old, new) for old, new, _ in known}
    for old, new, way in _changes(statement):
        if (new, old) in there and (old, new) not in there:
            return f"the cited sentences have it from {new} to {old}"
        if (old > new if way == "up" else way == "down" and old < new) and (old, new, way) not in known:
            return f"from {old} to {new} is not {way}"
    return ""


def _whole(statement: str, sources: Sequence[str]) -> str:
    """Catch "the department's units" where the source has some of the department's units."""
    if _PARTIAL.search(statement):
        return ""
    for text in sources:
        for match in _PART_OF.finditer(text):
            named = rf"(?:\b(?:the|its|their|his|her)|\w[’']s) (?:[\w’'-]+ ){{0,2}}?{re.escape(match['noun'])}\b"
            clause = re.split(r"[,;:]|\b(?:and|but|while)\b", text[match.end() :], maxsplit=1)[0]
            done = content(clause)[:1]
            same = done and done[0] in content(statement) and coverage(statement, text) >= _ENOUGH
            if same and re.search(named, statement, re.IGNORECASE):
                return f"the cited sentences have it of a part: “{match.group()}”"
    return ""


RULES = (_unit, _vague, _points, _rank, _the_one, _whole, _range_end, _change)
