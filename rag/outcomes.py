"""Sentences of a story to states of affairs that a later report replaces: who was to stay has gone, what was on is off.

    "She had no plans to step down" | "Pruett handed in her resignation" -> update: "resignation"

Each way to change is a pair of wordings, and wants the same person, or the same things, on both sides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations
from rag.clash import Clash, Kind, Side, between
from rag.corrections import is_correction
from rag.facts import names
from rag.passages import named, published_before, root, told_at
from rag.vocabulary import PLAIN, stem, telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.sources import Evidence

SHARED = 4
"""Telling words that two sentences must have in common where nobody is named; with their headlines they count again."""
ALIKE = 2
"""Those that the sentences themselves have in common."""
NAMELESS = 3
"""The same where they have no name in common, besides """
_CHANGED = telling("arrest arrested charged charge police cancel canceled cancelled reopen resume state new")
"""words that tell of any such change."""
_OTHER = re.compile(r"\b(?:also|another|other|not|never|n[’']t|if|unless|should|could|may|might)\b")
"""Before what is the state of another thing, or of none yet."""
_DOUBTED = re.compile(
    r"\b(?:(?:reports?|rumou?rs?|claims?|posts?) (?:that|of)|den(?:y|ies|ied)|false|untrue|wrong(?:ly)?|fake)\b",
    re.IGNORECASE,
)
"""Where what somebody is said to have done may not have been."""
_OFFICES = (
    "chief|minister|president|secretary|mayor|governor|director|head|leader|chair\\w*|spokes\\w+|officer|commissioner|sheriff|"
    "captain|coach|manager|executive|judge|councillor|senator|superintendent|principal|former|actor|singer"
)
_WHO = re.compile(  # "the mayor, Ana Ruiz, has since "
    rf"(?:\A|[,;:—–“\"] |\b(?:from|that|and|but|when|after|because|as|while|until|said|before|where|{_OFFICES}) )"
    r"(?P<who>(?:[A-Z][\w’'-]*[\w.]\s?)+)(?:,[^,]{1,120},|,(?: who)?)?\s*"
    r"(?:(?:has|have|had|later|then|since|finally|also|himself|herself|abruptly|suddenly|formally|officially|reportedly|"
    r"eventually|today|yesterday|(?:on )?\w+day(?: (?:morning|evening|night|afternoon))?) ?)*\Z"
)
"""Who it is that a change is told of: the name right before it."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How a state of affairs is told, and what replaces it."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    person: bool
    """Whether it is somebody's, who is named on both sides; else both name the same things."""


def _way(before: str, after: str, *, person: bool = False) -> _Way:
    old, new = (re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in (before, after))
    return _Way(old, new, person)


_WAYS = (
    _way(
        r"no (?:plans?|intention) (?:to|of) (?:step(?:ping)? down|resign(?:ing)?|quit(?:ting)?|go(?:ing)?)|"
        r"(?:will|would) (?:not (?:step down|resign|quit|go)|"
        r"(?:stay|continue|remain)(?: on)? (?:as(?! an? (?:advis[eo]r|consultant|director|member))|"
        r"in (?:post|office|charge)))|"
        r"refus(?:es|ed|ing) to (?:step down|resign|quit|go)|remain(?:s|ed) (?:on duty|in (?:post|office|charge))",
        r"resign(?:s|ed)|hand(?:s|ed) (?:in )?(?:his|her) resignation|stepp(?:ed|ing) down|stood down|steps down|"
        r"quits|(?<!to )quit|"
        r"(?:was|been|were|is) (?:suspended|sacked|fired|dismissed|removed|ousted|replaced)",
        person=True,
    ),
    _way(
        r"in (?:a )?(?:critical|serious|grave) (?:condition|state)|critically (?:ill|injured|hurt)|"
        r"fighting for (?:his|her) life|in intensive care|on a ventilator",
        r"died|has died|was pronounced dead|was taken off (?:his|her|the|a) ventilator|left hospital|was discharged",
        person=True,
    ),
    _way(
        r"(?:no|not (?:a|any)) (?:suspects?|arrests?)|(?:nobody|no one) (?:has|had) been (?:arrested|charged|detained)|"
        r"made no arrests?",
        r"(?:police|troopers|officers|detectives|agents|prosecutors) (?:have |had )?(?:arrested|charged|detained)|"
        r"(?:was|were|been) (?:arrested|charged|detained)",
    ),
    _way(
        r"(?:to|will|would|could|can|should|may|might) (?:still )?(?:go ahead|take place|be held|"
        r"(?:reopen|resume)(?= (?:on|in|at|by|next|this|later|from|tomorrow|today|as|for|when|after|\w+day)\b|[.,;]))",
        r"called off|(?:(?<=was )|(?<=were )|(?<=been )|(?<=are )|(?<=is )|(?<=be ))"
        r"(?:cancell?ed|postponed|abandoned|scrapped|off)|(?:postponed|cancell?ed|scrapped|abandoned)(?= the\b)|"
        r"(?:will|would|can|could)(?: ?not|n[’']t) (?:now )?(?:go ahead|take place|be held|reopen|resume)",
    ),
)


def outcomes(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """Yield each state of affairs with the sentence of a later report that replaces it, the newest for each."""
    told = [(item, outside_quotations(item.sentence.text)) for item in evidence if not is_correction(item)]
    told = [(item, bare) for item, bare in told if "opinion" not in item.article.labels]
    for way in _WAYS:
        old = [item for item, bare in told if way.before.search(bare) and not way.after.search(bare)]
        new = [
            (item, found)
            for item, bare in told
            if (found := way.after.search(bare)) is not None and not _OTHER.search(bare, 0, found.start())
        ]
        best: dict[int, tuple[Evidence, Side, frozenset[str]]] = {}
        for first, (second, found) in product(old, sorted(new, key=lambda one: told_at(one[0]))):
            shared = _shared(first, second, way, found.start())
            if shared and published_before(first, second) and root(first) != root(second):
                best[first.number] = (first, Side(found.group(), second), shared)
        for first, side, shared in best.values():
            yield between(Kind.UPDATE, Side("", first), side, sorted(shared))


def _shared(first: Evidence, second: Evidence, way: _Way, at: int) -> frozenset[str]:
    """Return the words that show two sentences to be of one person or thing; none if they are not."""
    if way.person:
        who = None if _DOUBTED.search(second.sentence.text) else _WHO.search(second.sentence.text[:at])
        return _named(first.sentence.text) & _named(who["who"]) if who else frozenset()
    ours, theirs = (telling(f"{item.article.headline or ''} {item.sentence.text}") for item in (first, second))
    near, shared = telling(first.sentence.text) & telling(second.sentence.text), ours & theirs
    if not named(first) & named(second) and len(near - _CHANGED) < NAMELESS:
        return frozenset()
    return shared if len(near) >= ALIKE and len(near) + len(shared) >= SHARED else frozenset()


def _named(text: str) -> frozenset[str]:
    return frozenset(stem(name.word) for name in names(text)) - PLAIN
