"""Figures to whether two can be of one fire, storm or attack, by those named in their sentences and before them.

"The Oak Fire grew to 14,000 acres" | "Crews stopped the Elm Fire. It burned 90 acres" | "The wildfires have killed 25"
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.facts import clause

if TYPE_CHECKING:
    from rag.figures import Figure
    from rag.sources import Evidence

_NAMED = re.compile(
    r"\b(?!Cal\b|The\b|A\b)([A-Z][\w’'-]+) (?:Complex )?[Ff]ire\b(?![ –-](?:Department|Chief|Captain|Service|Capt|"
    r"Marshal|Authority|Protection|Rescue|information|and|&|crews?|engines?|trucks?|personnel|officials?|stations?))|"
    r"\b(?:Hurricane|Cyclone|Typhoon|(?:Tropical )?Storm) (?!Cent|Cat|Season|Watch|Warning|Hunter)([A-Z]\w+)"
)
_IT = re.compile(r"\b(?:[Tt]he|[Tt]his|[Tt]hat) (?:fire|blaze)\b|^It\b")
"""A fire that is named before its sentence."""
_FIRES = re.compile(r"\b(?:\w*fires|blazes)\b")
"""Fires of which a figure is the sum, or of which it is one: "the largest of the wildfires"."""
_INCIDENTS = tuple(
    (re.compile(rf"\b(?:in|by|after) an? (?:[\w-]+ ){{0,3}}?(?:{kind})\b"), re.compile(kind))
    for kind in (
        "attack|strike|raid|bombing|shelling|rocket|missile",
        "shooting|shot|gunm[ae]n",
        "crash|collision",
        "fire|explosion|blast|blaze",
        "stampede|crush",
        "collapse",
        "avalanche|slide",
    )
)
"""One of many events of a war or a year: "in a missile attack on a military area"; and any word for such a one."""
_DISEASE = re.compile(
    r"\b(?:covid|coronavirus|flu|influenza|rsv|measles|ebola|cholera|monkeypox|mpox|malaria|polio)\b",
    re.IGNORECASE,
)
_SAME = {"coronavirus": "covid", "influenza": "flu", "monkeypox": "mpox"}
_PAST = re.compile(
    r"\b(?:last|previous|prior) (?:year|month|season|decade|summer|spring|autumn|fall|winter)|"
    r"(?<!day )(?<!days )(?<!hours )\bago\b|\b(?:[Ii]n|[Oo]f) (?:1[6-9]|20)\d\d\b"
)


def of_one_event(first: Figure, second: Figure) -> bool:
    """Tell whether two figures can be of one fire, storm, attack or crash."""
    apart = _another_incident(first, second) or _another_incident(second, first)
    ills = [_ills(figure) for figure in (first, second)]
    if all(ills) and not ills[0] & ills[1]:
        return False
    return not apart and of_one_fire(first, second)


def _ills(figure: Figure) -> frozenset[str]:
    """Return the diseases that a sentence names."""
    found: set[str] = {ill.lower() for ill in _DISEASE.findall(figure.evidence.sentence.text)}
    return frozenset(_SAME.get(ill, ill) for ill in found)


def of_one_fire(first: Figure, second: Figure) -> bool:
    """Tell whether two figures can be of one fire or storm, by those named before and in their sentences."""
    one, two = fires(first), fires(second)
    if _one_of_many(first, second) or _one_of_many(second, first):
        return False
    if one and two:
        return bool(one & two)
    return _own(first.evidence) and _own(second.evidence)


def past(text: str) -> bool:
    """Tell whether a sentence tells of another year or season."""
    return _PAST.search(text) is not None


@lru_cache(maxsize=4096)
def fires(figure: Figure) -> frozenset[str]:
    """Return the fires and storms that a figure can be of: named in its clause, its sentence, before it or above it."""
    item = figure.evidence
    text = item.sentence.text
    own = _named(clause(text, figure.start, figure.start + len(figure.text)))
    if own or _FIRES.search(text):
        return own or _named(item.article.headline or "")
    named = _named(text)
    if not named and _IT.search(text):
        before = filter(_is_fire, _names(item.article.text[: item.sentence.start]))
        named = frozenset([*before][-1:])
    return named or _named(item.article.headline or "")


def one_fire(*of: Figure) -> str:
    """Return the one fire that all figures can be of, which stays where it is; empty where there is none."""
    common = frozenset[str].intersection(*map(fires, of))
    return next(iter(common)) if len(common) == 1 and all(map(_is_fire, common)) else ""


def _one_of_many(figure: Figure, other: Figure) -> bool:
    """Tell whether ``figure`` is of one fire, and ``other`` of several."""
    text = figure.evidence.sentence.text
    one = _IT.search(text) or any(map(_is_fire, _names(text)))
    several = _FIRES.search(other.evidence.sentence.text)
    return bool(one and several and not _FIRES.search(text))


def _own(item: Evidence) -> bool:
    """Tell whether a sentence names no fire or storm, or only the one that its article names most."""
    named = _named(item.sentence.text) if not _FIRES.search(item.sentence.text) else None
    return not named or named == frozenset((_most_named(item.article.text),))


def _named(text: str) -> frozenset[str]:
    return frozenset(_names(text))


def _names(text: str) -> list[str]:
    """Return the fires and storms that a text names, in order: "Oak Fire", "Ian"."""
    return [f"{fire} Fire" if fire else storm for fire, storm in _NAMED.findall(text)]


def _is_fire(name: str) -> bool:
    return name.endswith(" Fire")


@lru_cache(maxsize=512)
def _most_named(text: str) -> str:
    named = Counter(_names(text))
    return named.most_common(1)[0][0] if named else ""


def _another_incident(figure: Figure, other: Figure) -> bool:
    """Tell whether ``figure`` is of one of many events, of a kind of which the sentence of ``other`` does not tell."""
    return any(
        one.search(figure.evidence.sentence.text) and not such.search(other.evidence.sentence.text)
        for one, such in _INCIDENTS
    )
