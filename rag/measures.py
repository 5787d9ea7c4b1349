"""Figure to what it measures, where it is one that news reports go on giving as it changes.

    "The Oak Fire has burned more than 14,000 acres" -> "burned acre"
    "14% contained", "containment stood at 14%" -> "contained"

A list of what desks keep a running count of, by the words around the figure. A figure of something else has no measure,
nor has one that is a part, a change, a bound, a record or foreseen: what is compared with these must rather miss.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.facts import clause
from rag.figures import SIGNS
from rag.vocabulary import NUMBER_WORD

if TYPE_CHECKING:
    from rag.figures import Figure

_SOME = r"(?:[ -](?!of\b|and\b|or\b|more\b|other\b|new\b|additional\b)[a-z][\w’'-]*){0,2}?[ -]"
"""Up to two words between a figure and its noun."""


def _some(nouns: str) -> str:
    return rf"{_SOME}(?P<noun>{nouns})\b"


_PEOPLE = _some(
    "people|persons|residents|inhabitants|villagers|civilians|men|women|children|students|pupils|guests|"
    "households|families|homes"
)
_BUILDINGS = _some("structures|homes|houses|buildings|properties|dwellings|businesses|apartments|cars|vehicles")
_CUSTOMERS = _some("customers|homes|households|people|residents|houses|businesses|users")
_PROTESTERS = _some("people|persons|protesters|demonstrators|men|women|suspects|students|activists|migrants")
_STAFF = _some("workers|employees|nurses|teachers|members|drivers|doctors|staff")


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is counted again and again."""

    name: str
    after: str = ""
    """What stands behind the figure; its group ``noun`` is part of what is measured."""
    before: str = ""
    """What stands before it; where both are given, both must."""
    within: str = ""
    """What else its clause must have."""
    sign: str = ""
    """The sign that the figure has; none where this is empty."""
    wide: bool = False
    """Whether ``within`` may stand anywhere in the sentence."""
    grows: bool = False
    """Whether it does not fall, but for a revision, which says so."""
    put: bool = False
    """Whether two parties put it differently at one time."""
    many: bool = False
    """Whether there are many such things, told apart by other words."""
    named: bool = False
    """Whether there are many, told apart by a name that both sentences have."""
    placed: bool = True
    """Whether each place has its own."""
    acts: bool = False
    """Whether each day has its own."""


_MEASURES = (
    Measure(
        "burned",
        r"[ -](?P<noun>acre|hectare|square mile|square kilomet(?:er|re))s?\b",
        within=r"\b\w*fires?\b|\bblazes?\b|burn|scorch|char(?:red|ring)",
        wide=True,
        grows=True,
        put=True,
    ),
    Measure("contained", r" contain(?:ed|ment)", sign="%"),
    Measure("contained", before=r"\bcontainment (?:\w+ ){0,3}$", sign="%"),
    Measure("hit", _BUILDINGS, within=r"\bdamaged (?:or|and) destroyed|\bdestroyed (?:or|and) damaged", grows=True),
    Measure(
        "destroyed", _BUILDINGS, within=r"\bdestroy|\blevell?ed|\brazed?\b|\bburn(?:ed|t) down|\bgutted", grows=True
    ),
    Measure("damaged", _BUILDINGS, within=r"\bdamag", grows=True),
    Measure("threatened", rf"(?: other| more)?{_BUILDINGS}", within=r"\bthreaten"),
    Measure(
        "abroad",
        _PEOPLE,
        within=r"\b(?:flee|fled) (?-i:[A-Z])|\b(?:flee|fled|left|crossed)\b.*\b(?:countries|abroad|borders?|country)\b",
        grows=True,
    ),
    Measure(
        "evacuated", _PEOPLE, within=r"\bevacuat|\bflee|\bfled\b|leave their homes", put=True, acts=True, many=True
    ),
    Measure("displaced", _PEOPLE, within=r"\bdisplac|\bhomeless\b|forced from their homes"),
    Measure("rescued", _PEOPLE, within=r"\brescued", grows=True, acts=True),
    Measure("trapped", _some("people|miners|workers|passengers|children"), within=r"\btrapped"),
    Measure("held", _some("hostages|captives|prisoners"), within=r"\bheld|\bhold|captiv|remain"),
    Measure(
        "crews",
        _some("personnel|firefighters|crew members|rescuers|volunteers"),
        within=r"assign|battl|fight|tackl|deploy|search|work",
    ),
    Measure("troops", _some("troops|soldiers|forces"), within=r"\bmass|\bamass|border|deploy|station", put=True),
    Measure("lost", _some("troops|soldiers|tanks|aircraft"), within=r"\blost\b|\blosing\b", grows=True, put=True),
    Measure(
        "without power",
        _CUSTOMERS,
        within=r"without (?:power|electricity)|los[et]\w* (?:power|electricity)|in the dark|power (?:outage|cut)",
    ),
    Measure("without power", _some("(?:power )?outages")),
    Measure(
        "arrested", _PROTESTERS, within=r"\barrest|\bdetain|into custody", grows=True, put=True, acts=True, named=True
    ),
    Measure("arrested", _some("arrests"), grows=True, put=True, acts=True, named=True),
    Measure("cases", _some("cases|infections"), grows=True, put=True, many=True),
    Measure("customers", _some("subscribers|users|followers"), within=r"\b(?:has|have|its|to)\b"),
    Measure("cash value", before=r"\b(?:cash (?:value|option|prize|payout)|lump sum)\b[^.;,]{0,40}$", sign="$"),
    Measure("jackpot", before=r"\b(?:jackpot|grand prize)\b[^.;,]{0,40}$", sign="$", grows=True),
    Measure("jackpot", r" (?:[a-z]+ ){0,2}(?:jackpot|prize|drawing)\b", sign="$", grows=True),
    Measure(
        "average price",
        r" (?:a|per) (?:gallon|barrel|litre|liter|ounce|ton|tonne)\b",
        r"(?<!state )(?<!statewide )(?<!lowest )(?<!highest )\baverage\b[^.;]{0,60}$",
        sign="$",
        many=True,
    ),
    Measure("average price", before=r"\baverage\b[^.;]{0,40}\b(?:price|gallon)\b[^.;]{0,40}$", sign="$", many=True),
    Measure("average price", before=r"\bprice\b[^.;]{0,40}\baverage\b[^.;]{0,30}$", sign="$", many=True),
    Measure(
        "wind",
        r" ?(?P<noun>mph|km/h|kph|miles per hour|kilomet(?:er|re)s per hour)",
        within=r"\bsustained wind(?:s| speeds?)\b",
        placed=False,
    ),
    Measure(
        "counted",
        r" of (?:the |all |expected )?(?:votes?|ballots|precincts)(?: \w+)? (?:counted|report(?:ed|ing)|tallied|in)\b",
        sign="%",
        named=True,
    ),
    Measure(
        "jobs cut",
        _some("jobs|workers|employees|staff|positions|people"),
        within=r"\b(?:cut|cuts|cutting|lay|laid|laying|eliminat\w+|layoffs?|redundan\w+)\b",
    ),
    Measure("on strike", _STAFF, within=r"\bstrik|walk(?:ed|ing)? (?:out|off)|picket"),
    Measure("short", _some("[a-z]+s"), within=r"\bshort\b|\bshortage"),
    Measure("charged", _some("counts|charges"), within=r"\bcharg|\bindict|\bfaces?\b|plead|guilty|convict"),
    Measure(
        "earned",
        before=r"\b(?:earned|made|grossed|taken in|total of|haul of) (?:about |nearly |over |more than )?$",
        within=r"\b(?:global|world)",
        sign="$",
    ),
    Measure(
        "attended",
        _some("people|protesters|demonstrators|fans|marchers"),
        within=r"\b(?:attended|gathered|turned out|marched|took to the streets|rallied)\b",
        put=True,
        many=True,
    ),
    Measure(
        "aircraft",
        _some("helicopters|aircraft|fire engines"),
        within=r"deploy|assign|utili[sz]|battl|fight|tackl",
    ),
)
_COMPILED = tuple(
    (one, *(re.compile(rule, re.IGNORECASE) if rule else None for rule in (one.after, one.before, one.within)))
    for one in _MEASURES
)
_ONE = {
    "forces": "troops",
    "soldiers": "troops",
    "persons": "people",
    "residents": "people",
    "inhabitants": "people",
    "buildings": "structures",
    "demonstrators": "protesters",
}
"""Nouns for those that reports name by another word."""
_CALLED = {
    "contained": "share contained",
    "burned": "{noun}s burned",
    "cash value": "cash value",
    "jackpot": "jackpot",
    "average price": "average price",
    "wind": "sustained winds, {noun}",
    "counted": "share of votes counted",
    "arrested": "arrests",
    "cases": "cases",
    "without power": "{noun} without power",
    "hit": "{noun} damaged or destroyed",
    "abroad": "{noun} who left the country",
    "crews": "{noun} at work",
    "evacuated": "{noun} told to leave or evacuated",
}
"""What a measure is called above its figures, by its name; else "homes destroyed"."""
BOUND = re.compile(
    r"(?: (?:a|per) \w+| \w+)? (?:(?:shy|short) of|or (?:less|more|higher|greater|lower|above|below))\b|"
    r"[ -]\w+ (?:expansion|growth|increase)\b"
)
"""Behind a figure that is a bound, a change, or still to come: "74 mph or higher", "a 500-acre expansion"."""
NOT_NOW = re.compile(
    rf"\b(?:\d|{NUMBER_WORD}) of (?:the )?$|"
    r"\b(?:from|between [\w$.,%-]+ and|previous|earlier|another|record|additional|further|up to|as many as|every|each|"
    r"(?:average|maximum|minimum) of|by|of (?:the|its|their)|out of|[’']s|could|might|may|would|only|per|less than|"
    r"below|above|under|fewer than|nearest|last|expand(?:ed|ing)?|from \d+ (?:[a-z/]+ )?to)"
    r"(?: (?:about|around|roughly|some|the|a|an|at least|nearly|estimated))? $",
    re.IGNORECASE,
)
"""Before a figure that is a part, a change, a bound or an older one."""
NOT_SO = re.compile(
    r"\b(?:no|not|none|never|expect(?:s|ed)?|likely|forecasts?|predict\w*|project\w*|estimates? (?:of|that)|could|"
    r"might|would|should|(?-i:may)|will|if|until|deal|negotiat\w*|threaten(?:s|ed)? to|capacity|landfall|mark|claimed|"
    r"surpass\w*|when|once|after|"
    r"before|restor\w*|resolv\w*|repair\w*|warn\w*|aim\w*|plan\w*|hop\w*|seek\w*|want\w*|request\w*|try\w*|exceed\w*|target|goal)\b|n[’']t\b",
    re.IGNORECASE,
)
"""In the clause of one that nobody says is so, or was so at another time."""
NOT_YET = re.compile(r"\b(?:could|might|would|(?:expected|likely|forecast) to)\b[^;:]*$", re.IGNORECASE)
"""Before one that is not so yet."""
_THAT = re.compile(r"^An? Category \d|^(?:That|This|The) (?:number|figure|total|tally|count|toll|share)\b(?! of\b)")
"""What opens a sentence about a figure of the one before, or about any storm."""


def called(name: str) -> str:
    """Return what a measure is called above its figures, by the name that ``measure`` returns; empty for none."""
    known = next((one for one in sorted({one.name for one in _MEASURES}, key=len)[::-1] if name.startswith(one)), "")
    noun = name.removeprefix(known).strip()
    if known in _CALLED:
        return _CALLED[known].format(noun=noun)
    return f"{noun} {known}" if known and noun and known.endswith("ed") else ""


@lru_cache(maxsize=4096)
def measure(figure: Figure) -> tuple[Measure, str] | None:
    """Return what ``figure`` measures, and its name with what is counted; None where it is none of the list."""
    text, end = figure.evidence.sentence.text, figure.start + len(figure.text)
    near = clause(text, figure.start, end)
    if NOT_NOW.search(text, 0, figure.start) or NOT_SO.search(near) or BOUND.match(text, end):
        return None
    if figure.bound == "range" or NOT_YET.search(text, 0, figure.start) or _THAT.search(text):
        return None
    sign = figure.unit if figure.unit in SIGNS else ""
    for one, after, before, within in _COMPILED:
        behind = after.match(text, end) if after else None
        named = (not after or behind) and (not before or before.search(text, 0, figure.start))
        if one.sign == sign and named and (not within or within.search(text if one.wide else near)):
            noun = (behind.groupdict().get("noun") or "").lower() if behind else ""
            return one, f"{one.name} {_ONE.get(noun, noun)}".strip()
    return None
