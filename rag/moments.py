"""Figures of two sentences to whether they can be of one event and time, by the days and words of each."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.timeline import happened

if TYPE_CHECKING:
    from rag.figures import Figure

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
_SO_FAR = re.compile(
    r"\b(?:said|told|announced|confirmed|reported|stood|rose|risen)\b[^.;,]{0,30}\b(?:on )?\w+day\b|"
    r"\b(?:now|so far|toll|total)\b"
)
"""What leaves open on which day somebody came to harm: "police said on Tuesday", "has now killed six"."""


@lru_cache(maxsize=4096)
def later_than(text: str) -> bool:
    """Tell whether a sentence says that its figure replaced an older one."""
    return _LATER.search(text) is not None


def elsewhere(first: Figure, second: Figure) -> bool:
    """Tell whether a newer count of people is of another event, by the days that the two sentences tell of."""
    texts = [figure.evidence.sentence.text for figure in (first, second)]
    told = [{match.group().lower() for match in _ELSEWHEN.finditer(text)} for text in texts]
    days = [happened(figure.evidence) for figure in (first, second)]
    apart = None not in days and days[0] != days[1] and not any(map(_SO_FAR.search, texts))
    return bool(told[1] - told[0]) or (apart and not later_than(texts[1]))
