"""Sentences to the acts that they give two doers.

    "Police ordered the bridge closed" | "The bridge was ordered closed by the harbour authority"

Only acts that one does alone, of things that can be told from others, by doers that exclude one another: two people
with their names, two offices, two bodies neither of which may be part of the other. A council and "the mayor", police
and "officers", a name and a pronoun are as like as not one, and say nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from rag.acts import Act, Phrase, acts, one_thing, ordinals, telling
from rag.clash import Clash, Kind, Side
from rag.corrections import corrects, is_correction
from rag.passages import published_before, root, speakers, told_at
from rag.timeline import one_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rag.sources import Evidence

ALONE = frozenset(
    "order close sign drive own find kill shoot appoint dismiss cancel ban raise rescue build design evacuate "
    "write fly steal set leak commission".split()
)
"""Acts that one does, or several together: who says another did it contradicts. Both chambers pass a bill, and several
papers report it. In 2,085 real events (NeuS, AllSides and RealTimeQA's stories, dev) 3,726 such acts have a doer, 92
pairs of them are of one act, and none is by doers that exclude one another: by reading, none of the 92 should be. Of
20 pairs that were invented after the rules were made (half of them of times) 13 clashed, of 22 that must not none."""
_BOTH_SIGN = frozenset("deal treaty agreem letter petiti pact contra accord declar statem memora".split())
"""What two parties sign."""
_FOUND = frozenset("body bodie wreck wrecka bomb device weapon gun knife vehicl vessel bag phone painti baby".split())
"""What one comes upon; a court finds a law void."""
_GROUPS = {
    "police": "police officer detective constable sheriff trooper constabulary",
    "fire": "firefighter brigade",
    "army": "army soldier troop military",
    "coastguard": "coastguard",
    "council": "council councillor",
    "authority": "authority",
    "court": "court judge magistrate tribunal jury",
    "government": "government cabinet",
    "company": "company operator firm owner manufacturer",
    "union": "union",
    "school": "school headteacher",
    "protesters": "protester demonstrator",
    "rebels": "rebel militant insurgent",
    "guard": "guard",
    "residents": "resident neighbour neighbor villager",
}
"""Bodies, and the nouns for those who act for them."""
_RIVALS = frozenset(
    frozenset(pair.split("-"))
    for pair in (
        "police-authority police-council police-court police-army police-coastguard police-fire police-protesters "
        "police-company police-guard police-rebels police-residents police-government fire-council fire-coastguard "
        "fire-residents army-council army-rebels army-protesters army-residents army-company coastguard-council "
        "coastguard-company coastguard-residents council-authority council-court council-company council-government "
        "council-residents council-union council-protesters authority-court authority-union authority-residents "
        "court-company court-government court-union government-company government-union government-protesters "
        "company-union company-residents company-protesters school-council school-court school-police"
    ).split()
)
"""Bodies neither of which is part of the other, or acts for it."""
_OFFICES = frozenset("mayor govern presid premie chance king queen judge ambass bishop sheriff".split())
_ROLES = frozenset(
    "jogger walker angler fisher cyclis hiker farmer cleane postma nurse teache pilot captai passen swimme diver "
    "tourist milkma gardene electri plumbe kayake surfer rambler motori hunter".split()
)
"""What one is to a story as a rule; a neighbour may be a nurse."""
_KIN = frozenset("wife husban son daught brothe sister mother father uncle aunt nephew niece".split())
_WIDE = frozenset(
    "local city town county state nation region distri federa public munici central new own former".split()
)
"""What is said of a body without telling it from another one: "the city council"."""
_BODY = re.compile(
    r"\b(?:Council|Authority|Police|Party|Court|Committee|Commission|Department|House|Senate|Congress|Parliament|Ministry|"
    r"Office|Board|Agency|Union|University|School|Hospital|Church|Bank|Club|City|County|State|States|Kingdom|Nations|"
    r"Korea|Street|Force|Forces|Guard|Army|Navy|Service|Services|Center|Centre|Times|Post|News|Journal)\b"
)
_FIRM = re.compile(
    r"\b(?:Holdings?|Group|Inc|Ltd|PLC|plc|Corp|Corporation|Company|Industries|Partners|Capital|Energy|Estates)\b"
)
_NAMED = re.compile(r"(?:[A-Z][\w’'-]+|[A-Z]\.)(?: (?:[A-Z][\w’'-]+|[A-Z]\.|de|van|von|bin|al))* [A-Z][\w’'-]+")
_TITLE = re.compile(
    r"^(?:(?:The|Mr|Mrs|Ms|Dr|Sir|Dame|Lord|Prof|Professor|President|Minister|Prime|Governor|Gov|Mayor|Senator|Sen|Rep|Judge|"
    r"Justice|Captain|Capt|General|Gen|Chief|King|Queen|Prince|Princess|Secretary|Former|Chancellor|Sheriff)\.? )+"
)
_ROLE = re.compile(r"^(?:(?:the )?[a-z][\w ]*?|(?:The )?[A-Z][\w’'-]*(?: [a-z][\w’'-]*)+) (?=[A-Z])")
"""What one is, before a name: "police chief Ana Ruiz", "Port director Ana Ruiz"."""
_PLACES = frozenset(
    "North South East West New United White Supreme Red Great Saint Los San El Fort Mount Lake Hong".split()
)
_HUMAN = frozenset("drive sign find kill shoot raise write fly steal set leak rescue".split())
"""Acts of people: two capitalised words before one are a person's name."""


@dataclass(frozen=True, slots=True)
class _Done:
    """An act, who did it, and where it says so."""

    act: Act
    doer: Phrase
    thing: Phrase
    evidence: Evidence
    told: str
    """What the sentence says, without what it takes back."""


def doers(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """Yield the pairs of sentences that give one act two doers."""
    by_act: dict[str, list[_Done]] = {}
    for item in evidence:
        for done in _done(item):
            by_act.setdefault(done.act.kind, []).append(done)
    for members in by_act.values():
        for one, two in combinations(sorted(members, key=lambda done: told_at(done.evidence)), 2):
            if _one_act(one, two) and _exclude(one, two) and not _both_told(one, two, members):
                yield _clash(one, two)


@lru_cache(maxsize=4096)
def _done(item: Evidence) -> tuple[_Done, ...]:
    """Return the acts of a sentence of which it says who did them, alone, and to what."""
    text = item.sentence.text
    first = text.find(";") + 1 if corrects(text) else 0  # what stands before it was wrong
    return tuple(
        _Done(act, act.doer, act.thing, item, text[first:])
        for act in acts(text, first)
        if act.kind in ALONE and act.doer and act.thing and not act.ahead and act.doer.text in text
        if _apart(act.kind, act.thing)
    )


def _apart(kind: str, thing: Phrase) -> bool:
    """Tell whether there is one such thing in a story, and one alone does that to it."""
    if kind == "sign" and thing.words & _BOTH_SIGN:
        return False
    return kind != "find" or thing.head in _FOUND


def _one_act(one: _Done, two: _Done) -> bool:
    a, b = one.evidence, two.evidence
    if a.article.id == b.article.id or root(a) == root(b) or not one_day(a, b):
        return False
    if one.act.kind == "order":
        narrow, wide = sorted((one.thing.words, two.thing.words), key=len)
        same = len(narrow) > 1 and narrow <= wide
    else:
        same = one_thing(one.thing, two.thing) and (one.thing.definite or two.thing.definite)
    return same and ordinals(a.sentence.text) == ordinals(b.sentence.text)


def _exclude(one: _Done, two: _Done) -> bool:
    """Tell whether one doer cannot be the other, nor both have done it together."""
    if _told_apart(one.doer, two.doer):
        return True
    if one.doer.words & two.doer.words or _named_in(one.doer, two) or _named_in(two.doer, one):
        return False
    ours, theirs = _person(one), _person(two)
    if ours or theirs:
        return bool(ours and theirs) and not ours & theirs
    if one.act.kind in {"own", "buy", "build", "design"} and all(_FIRM.search(done.doer.text) for done in (one, two)):
        return True
    a, b = _group(one.doer), _group(two.doer)
    if a and b:
        return frozenset((a, b)) in _RIVALS
    heads = {one.doer.head, two.doer.head}
    if heads <= _KIN:
        return one.doer.text.split()[0].lower() == two.doer.text.split()[0].lower()
    return len(heads) > 1 and (heads <= _OFFICES or heads <= _ROLES) and not a and not b


def _named_in(doer: Phrase, other: _Done) -> bool:
    """Tell whether the other sentence names a doer as well, and not only as the one who says it."""
    said = telling(" ".join(speakers(other.evidence)))
    named = telling(other.told) - said
    return doer.head in named or doer.words <= named


def _group(doer: Phrase) -> str:
    """Return which body a doer is of, or acts for; empty if it is none that is known."""
    last = doer.text.split()[-1].lower()
    if last == "authorities":
        return ""
    return next((name for name, nouns in _GROUPS.items() if any(last in {n, f"{n}s"} for n in nouns.split())), "")


def _told_apart(one: Phrase, two: Phrase) -> bool:
    """Tell whether two bodies of one kind are said to be two: the harbour authority, the transport authority."""
    if one.head != two.head or one.head not in {"author", "counci", "compan", "union", "court"}:
        return False
    ours, theirs = one.words - {one.head}, two.words - {two.head}
    capital = [any(word[0].isupper() for word in done.text.split()[1:]) for done in (one, two)]
    return bool(ours and theirs) and not ours & theirs and not (ours | theirs) & _WIDE and capital[0] == capital[1]


@lru_cache(maxsize=4096)
def _person(done: _Done) -> frozenset[str]:
    """Return the words of a person's name; none where it is none, or only one word of it is known."""
    name = _TITLE.sub("", _ROLE.sub("", done.doer.text))
    if len(name.split()) == 1 and name[:1].isupper():
        full = re.search(rf"\b([A-Z][\w’'-]+) {re.escape(name)}\b", done.evidence.article.text)
        name = _TITLE.sub("", full.group()) if full else ""
    plain = _NAMED.fullmatch(name) and not _BODY.search(name) and not _FIRM.search(name)
    human = done.act.kind in _HUMAN or name != done.doer.text  # "Downing Street ordered", and Mayor Ana Ruiz did
    if not plain or name.split()[0] in _PLACES or not human:
        return frozenset()
    return telling(name)


def _both_told(one: _Done, two: _Done, members: Iterable[_Done]) -> bool:
    """Tell whether the report of one gives the act the other's doer, too: they may have done it together."""
    articles = {one.evidence.article.id: two.doer, two.evidence.article.id: one.doer}
    return any(
        (other := articles.get(done.evidence.article.id)) is not None
        and (done.doer.words <= other.words or other.words <= done.doer.words)
        for done in members
    )


def _clash(one: _Done, two: _Done) -> Clash:
    first, second = one.evidence, two.evidence
    outlet = first.article.outlet is not None and first.article.outlet == second.article.outlet
    taken = outlet and published_before(first, second)
    back = taken and (is_correction(second) or corrects(second.sentence.text))
    key = frozenset((one.act.kind, one.doer.head, two.doer.head, *(one.thing.words & two.thing.words)))
    about = (one.act.kind, *sorted(one.thing.words & two.thing.words))
    sides = (Side(one.doer.text, first), Side(two.doer.text, second))
    return Clash(Kind.CORRECTION if back else Kind.ACTOR, about, *sides, key)
