"""Figures to whether two of them can be of one place, event and time, by the places named beside them.

"Sanna Island officials reported two deaths" | "The storm's death toll rose to 32"
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.figures import BODIES
from rag.vocabulary import stem, telling

if TYPE_CHECKING:
    from rag.figures import Figure

NAMED = 0.5
"""Share of the fewer names that two sentences about the dead must have in common, to be of one place and event."""
_DEMONYM = 4
"""Letters of a place from which a longer name that opens with them is that of its people."""
_UNNAMED = re.compile(
    r"^(?:The|That) (?:country|nation|island|state|province|region)\b|"
    r"\b(?:[Tt]he|[Tt]hat) (?:county|city|town|area)\b"
)
"""A place that is named before its sentence."""
_PART = re.compile(r"\b([A-Z][\w’'-]+) (?:County|Parish|Island|Province|Prefecture|District|Borough)\b")
"""A part of a country or a state, whoever is named with it: "Lee County Sheriff Carmine Marceno said"."""
_LIST = 3
"""Such parts in a sentence that lists what came to each."""
_CAPITAL = re.compile(r"[A-Z][\w’'-]+")
_SEVERAL = re.compile(
    r"\b(?:in|across) (?:the )?(?:[A-Z][\w’'-]+ ?)+(?:, (?:the )?(?:[A-Z][\w’'-]+ ?)+)*,? ?and "
    r"(?:the )?(?:[A-Z][\w’'-]+ ?)+"
)


def one_scope(first: Figure, second: Figure) -> bool:
    """Tell whether two figures can be of one place, event and time: Cuba's dead are not Florida's, nor last year's."""
    here, there = first.scope, second.scope
    if first.unit not in BODIES:
        return not any(name.isdigit() for name in here ^ there)
    if _somewhere(first, second) or _somewhere(second, first) or not one_place(first, second):
        return False
    if not (here and there):
        bare = second if here else first
        here, there = here or there, _headline(bare)
    return len(here & there) >= NAMED * min(len(here), len(there))


def one_place(first: Figure, second: Figure) -> bool:
    """Tell whether two figures can be of one place and year, and of whom they count."""
    past = any(name.isdigit() for name in first.scope ^ second.scope)
    parts = [frozenset(_PART.findall(figure.evidence.sentence.text)) for figure in (first, second)]
    listing = max(map(len, parts)) >= _LIST
    if past or listing or first.of != second.of or (any(parts) and not parts[0] & parts[1]):
        return False
    if first.unit in BODIES and (_elsewhere_too(first, second) or _elsewhere_too(second, first)):
        return False
    return _placed(first, second) and _placed(second, first)


def _elsewhere_too(figure: Figure, other: Figure) -> bool:
    """Tell whether a sentence lists places most of which the other does not name: "in Jamaica, Haiti and Cuba"."""
    places = _SEVERAL.search(figure.evidence.sentence.text)
    listed = {stem(name) for name in _CAPITAL.findall(places[0])} if places else set[str]()
    return len(listed & (other.scope | other.place)) < len(listed) * NAMED and bool(other.scope | other.place)


def _somewhere(figure: Figure, other: Figure) -> bool:
    """Tell whether ``figure`` is of "the county", whichever it is, and ``other`` of a place that is named."""
    somewhere = not figure.place and _UNNAMED.search(figure.evidence.sentence.text) is not None
    return somewhere and bool(other.scope | other.place)


def _placed(figure: Figure, other: Figure) -> bool:
    """Tell whether the place of ``figure`` can be that of ``other``: named beside it or else in its sentence."""
    known = other.place or other.scope | _headline(other)
    return sum(_among(name, known) for name in figure.place) >= NAMED * len(figure.place)


def _among(name: str, known: frozenset[str]) -> bool:
    """Tell whether a place is among ``known`` names, or its people are: "Iran", "Iranian"."""
    return name in known or (len(name) >= _DEMONYM and any(one.startswith(name) for one in known))


def _headline(figure: Figure) -> frozenset[str]:
    return telling(figure.evidence.article.headline or "")
