"""Figures to whether two of them can be of one place, event and time, by the places named beside them.

"Sanna Island officials reported two deaths" | "The storm's death toll rose to 32"
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.figures import BODIES, figures
from rag.incidents import of_one_event
from rag.passages import named, speakers
from rag.places import DIVISION
from rag.vocabulary import stem, telling

if TYPE_CHECKING:
    from rag.figures import Figure

NAMED = 0.5
"""Share of the fewer names that two sentences about the dead must have in common, to be of one place and event."""
OPENING = 300
"""Characters of a report that say where it is set."""
_DEMONYM = 4
"""Letters of a place from which a longer name that opens with them is that of its people."""
_UNNAMED = re.compile(
    r"^(?:The|That) (?:country|nation|island|state|province|region)\b|"
    r"\b(?:[Tt]he|[Tt]hat) (?:county|city|town|area)\b"
)
"""A place that is named before its sentence."""
_PART = re.compile(
    rf"\b([A-Z][\w’'-]+) (?:{DIVISION})\b|"
    r"\b([A-Z][\w’'-]+),? (?:and|or) ([A-Z][\w’'-]+) (?:counties|parishes|islands|provinces|districts)\b"
)
"""A part of a country or a state, whoever is named with it: "Lee County Sheriff Carmine Marceno said"."""
_THE_PART = re.compile(rf"\b[Tt]he ({DIVISION})\b")
"""One that is named before its sentence: "the county"."""
_LIST = 3
"""Such parts in a sentence that lists what came to each."""
_CAPITAL = re.compile(r"[A-Z][\w’'-]+")
_SEVERAL = re.compile(
    r"\b(?:in|across) (?:parts of )?(?:the )?(?:[a-z]+ern )?(?:[A-Z][\w’'-]+ ?)+"
    r"(?:, (?:the )?(?:[A-Z][\w’'-]+ ?)+)*,? ?and (?:the )?(?:[A-Z][\w’'-]+ ?)+"
)
"""Places that a sentence lists."""
_WHOLE = re.compile(
    r"\b(?:nationwide|(?:across|in|throughout) (?:the (?:country|nation|region)|(?:several|multiple|many|two|three|"
    r"four|five|six|seven|eight|nine|ten|\d+) (?:states|countries|islands|counties|provinces)))\b",
    re.IGNORECASE,
)
"""Beside a figure of all the places that others are of one by one."""
_FUEL = re.compile(r"\b(?:gallon|litre|liter)\b")
"""What fuel is priced by, which costs more in one place than in another."""
_POINTS = frozenset(map(stem, "north south east west".split()))
"""What tells two places of one name apart."""
_NATIONAL = re.compile(r"\bU\.?S\b|\bAmerican")
_NATION = frozenset(map(stem, "US U.S. America United States".split()))
"""The country whose parts most of these reports are of, in a sentence and as words of a place."""


def one_scope(first: Figure, second: Figure) -> bool:
    """Tell whether two figures can be of one place, event and time: Cuba's dead are not Florida's, nor last year's."""
    here, there = _scope(first), _scope(second)
    if first.unit not in BODIES:
        return not any(name.isdigit() for name in here ^ there) and not _priced_apart(first, second)
    if _somewhere(first, second) or _somewhere(second, first) or not one_place(first, second):
        return False
    if not of_one_event(first, second):
        return False
    if not (here and there):
        bare = second if here else first
        here, there = here or there, _headline(bare)
    return len(here & there) >= NAMED * min(len(here), len(there))


def one_place(first: Figure, second: Figure) -> bool:
    """Tell whether two figures can be of one place and year, and of whom they count."""
    past = any(name.isdigit() for name in first.scope ^ second.scope)
    divided = [parts(figure) for figure in (first, second)]
    listing = max(map(len, divided)) >= _LIST
    if (
        past
        or listing
        or _priced_apart(first, second)
        or first.of != second.of
        or (any(divided) and not divided[0] & divided[1])
    ):
        return False
    if first.unit in BODIES and (_elsewhere_too(first, second) or _elsewhere_too(second, first)):
        return False
    whole = [_WHOLE.search(figure.evidence.sentence.text) is not None for figure in (first, second)]
    if whole[0] != whole[1] and (first.place | second.place) - _NATION:
        return False
    across = [figure.place & _POINTS for figure in (first, second)]
    opposite = all(across) and across[0] != across[1]
    return not opposite and _placed(first, second) and _placed(second, first)


def _priced_apart(first: Figure, second: Figure) -> bool:
    """Tell whether one of two prices of fuel is of a place or a station, and the other of none that is named."""
    if not all(_FUEL.search(figure.evidence.sentence.text) for figure in (first, second)):
        return False
    where = [named(item) - _NATION - frozenset(map(stem, speakers(item))) for item in (first.evidence, second.evidence)]
    return bool(where[0]) != bool(where[1])


@lru_cache(maxsize=4096)
def _others(figure: Figure) -> frozenset[str]:
    """Return the places of the other figures of a sentence: "62 in all, 27 of them in Erie County"."""
    return frozenset(
        name
        for other in figures(figure.evidence)
        if other.start > figure.start and 0 < other.size < figure.size
        for name in other.place - figure.place
    )


def _scope(figure: Figure) -> frozenset[str]:
    return figure.scope - _others(figure)


@lru_cache(maxsize=4096)
def parts(figure: Figure) -> frozenset[str]:
    """Return the counties and islands of a figure, with "the county" by the name that it has before."""
    item = figure.evidence
    named = {part for found in _PART.findall(item.sentence.text) for part in found if part}
    own = frozenset(part for part in named if stem(part) not in _others(figure))
    part = _THE_PART.search(item.sentence.text)
    if named or part is None:
        return own
    before = item.article.text[: item.sentence.start]
    return frozenset(re.findall(rf"\b([A-Z][\w’'-]+) (?i:{part[1]})\b", before)[-1:])


def _elsewhere_too(figure: Figure, other: Figure) -> bool:
    """Tell whether a sentence lists places most of which the other does not name: "in Jamaica, Haiti and Cuba"."""
    places = _SEVERAL.search(figure.evidence.sentence.text)
    listed = {stem(name) for name in _CAPITAL.findall(places[0])} if places else set[str]()
    known = other.place or other.scope
    return len(listed & known) < len(listed) * NAMED and bool(known)


def _somewhere(figure: Figure, other: Figure) -> bool:
    """Tell whether ``figure`` is of "the county", whichever it is, and ``other`` of a place that is named."""
    somewhere = not figure.place and _UNNAMED.search(figure.evidence.sentence.text) is not None
    return somewhere and not parts(figure) and bool(_scope(other) | other.place)


def _placed(figure: Figure, other: Figure) -> bool:
    """Tell whether the place of ``figure`` can be that of ``other``: named beside it or else in its sentence."""
    known = other.place or _scope(other) | _headline(other)
    national = _NATIONAL.search(other.evidence.sentence.text) or _WHOLE.search(other.evidence.sentence.text)
    place = figure.place - (_NATION if national else frozenset[str]())
    return sum(_among(name, known) for name in place) >= NAMED * len(place)


def _among(name: str, known: frozenset[str]) -> bool:
    """Tell whether a place is among ``known`` names, or its people are: "Iran", "Iranian"."""
    return name in known or (len(name) >= _DEMONYM and any(one.startswith(name) for one in known))


@lru_cache(maxsize=4096)
def _headline(figure: Figure) -> frozenset[str]:
    """Return the words above a report and in its opening."""
    article = figure.evidence.article
    return telling(f"{article.headline or ''} {article.text[:OPENING]}")
