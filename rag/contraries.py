"""Sentences to pairs of which one side says the contrary of the other, where no word says that anybody denies anything.

"No alarm sounded" against "alarms on all decks were working"; "insists that the alarm sounded" beside "it never went
off"; "nobody has died" against "three deaths"; and the two answers to a question that its own text asks.
Two sentences that share words and differ by a "no" are no such pair: of 20 in real stories one was.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations
from rag.clash import Clash, Kind, Side, between
from rag.corrections import is_correction
from rag.passages import published_before, root, same_paragraph, speakers
from rag.places import places
from rag.turns import unclear
from rag.vocabulary import stem, telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.figures import Figure
    from rag.sources import Evidence

SHARED = 2
"""Telling words that "no ..." and "all ..." must have in common: what is counted, and what it is of."""
_ALLEGES = re.compile(
    r"\b(?:claim|alleg|argu|insist|contend|maintain|complain)\w* (?:on \w+day )?(?:that )?(?:\w+ ){0,3}?"
    r"(?:no|not one|not a single) ([a-z]{3,})\b",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:all|every|each|both)\b", re.IGNORECASE)
_NEGATES = re.compile(
    r"\b(?:no|not|cannot|never|nobody|none|nothing|neither|nor|den(?:y|ied|ies))\b|n[’']t\b", re.IGNORECASE
)
_INSISTS = re.compile(
    r"\b(?:insist|maintain|contend)(?:s|ed)? (?:[a-z]+ ){0,3}that\b(?![^,;]* not be\b)", re.IGNORECASE
)
_SAYS = re.compile(r"\b(?:said|says|told|replied|added|countered)\b")
BESIDE = 2
"""Sentences from what is insisted on to what is said against it."""
_NOBODY = (
    (re.compile(r"\b(?:nobody|no one|no[ -](?:patient|passenger|worker)s?) (?:has |have |had |was |were |is )?"
                r"(?:died|dead|killed)\b|\bno (?:deaths|fatalities)\b", re.IGNORECASE), "dead"),
    (re.compile(r"\b(?:nobody|no one) (?:has |have |had |was |were |is )?(?:been )?(?:hurt|injured|harmed)\b|"
                r"\bno injuries\b", re.IGNORECASE), "hurt"),
)  # fmt: skip
_ASKS = re.compile(
    r"(?:(?:And|But|So) )?(?:Is|Are|Was|Were|Will|Would|Can|Could|Does|Do|Did|Has|Have|Should)\b[^“”\"]*\?",
    re.IGNORECASE,
)
"""A question of the writer's that is answered with yes or no."""
_HOLDS = re.compile(
    r"\b(?:expect|predict|believ|warn|fear|forecast|foresee|insist|maintain|likely|certain)\w*", re.IGNORECASE
)
"""What makes a sentence a "yes": its speaker holds that it is so."""
_CLAUSE = re.compile(r"[,;:]\s|\s(?:and|but|while|although|because|which|who)\s", re.IGNORECASE)


def contraries(evidence: Sequence[Evidence], figures: Sequence[Figure]) -> Iterator[Clash]:
    """Yield what two speakers say the contrary of; the earlier, or the affirmed, first."""
    told = [item for item in evidence if speakers(item)]
    yield from _none_or_all(told)
    yield from _insisted(told)
    yield from _none_or_some(told, figures)
    yield from _answers(evidence)


def _none_or_all(told: Sequence[Evidence]) -> Iterator[Clash]:
    """One says that there was no such thing, another that all had or were it."""
    whole = [(item, clause) for item in told for clause in _clauses(item) if _ALL.search(clause)]
    for claim in told:
        for match in _ALLEGES.finditer(outside_quotations(claim.sentence.text)):
            for item, clause in whole:
                shared = telling(_CLAUSE.split(claim.sentence.text[match.start(1) :])[0]) & telling(clause)
                others = root(item) != root(claim) and not speakers(item) & speakers(claim)
                contrary = stem(match.group(1)) in shared and not _NEGATES.search(clause)
                if others and contrary and len(shared) >= SHARED:
                    first, second = (item, claim) if published_before(item, claim) else (claim, item)
                    yield _reply(sorted(shared), first, second)


def _insisted(told: Sequence[Evidence]) -> Iterator[Clash]:
    """One insists that it is so, and another says in the same paragraph that something is not, or the reverse."""
    place = {(item.article.id, item.sentence.n): item for item in told}
    steps = [step for step in range(-BESIDE, BESIDE + 1) if step]
    for claim in told:
        if not _INSISTS.search(outside_quotations(claim.sentence.text)) or is_correction(claim):
            continue
        for step in steps:
            item = place.get((claim.article.id, claim.sentence.n + step))
            if item is None:
                continue
            first, second = (claim, item) if step > 0 else (item, claim)
            contrary = _denied(claim) != _denied(item) and _SAYS.search(outside_quotations(item.sentence.text))
            others = not speakers(item) & speakers(claim) and not unclear(second)
            if contrary and others and same_paragraph(first, second):
                yield _reply(sorted(telling(first.sentence.text) & telling(second.sentence.text)), first, second)
                break


def _denied(item: Evidence) -> bool:
    """Tell whether what a sentence says, in its own words or in quotation marks, has a "no"."""
    return _NEGATES.search(item.sentence.text) is not None


def _none_or_some(told: Sequence[Evidence], figures: Sequence[Figure]) -> Iterator[Clash]:
    """One says that nobody died or was hurt, and another, beside it in one article, how many did."""
    for claim in told:
        for pattern, unit in _NOBODY:
            none = pattern.search(outside_quotations(claim.sentence.text))
            rivals = [figure for figure in figures if none and figure.unit == unit and speakers(figure.evidence)]
            for rival in rivals:
                item = rival.evidence
                apart = abs(item.sentence.n - claim.sentence.n)
                others = not speakers(item) & speakers(claim) and not _elsewhere(claim, rival)
                if item.article.id == claim.article.id and 0 < apart <= BESIDE and others:
                    sides = sorted((claim, item), key=lambda one: one.sentence.n)
                    yield _reply((unit,), *sides)


def _elsewhere(claim: Evidence, rival: Figure) -> bool:
    """Tell whether a sentence names one place and a figure stands beside another."""
    place = places(claim.sentence.text, claim.sentence.text, 0)
    return bool(place and rival.place and not place & rival.place)


def _answers(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """A question of the text, and the yes and the no of two speakers in its paragraph."""
    for place, question in enumerate(evidence):
        if not _ASKS.fullmatch(question.sentence.text):
            continue
        same = [
            item for item in evidence[place + 1 : place + 8]
            if item.article.id == question.article.id and same_paragraph(question, item) and speakers(item)
        ]  # fmt: skip
        for one, two in combinations(same, 2):
            yes = [item for item in (one, two) if _HOLDS.search(item.sentence.text) and not _negates(item)]
            if len(yes) == 1 and _negates(one) != _negates(two) and not speakers(one) & speakers(two):
                yield _reply(sorted(telling(question.sentence.text)), one, two)
                break


def _negates(item: Evidence) -> bool:
    return _NEGATES.search(outside_quotations(item.sentence.text)) is not None


def _clauses(item: Evidence) -> list[str]:
    return _CLAUSE.split(outside_quotations(item.sentence.text))


def _reply(about: Sequence[str], first: Evidence, second: Evidence) -> Clash:
    return between(Kind.REPLY, Side("", first), Side("", second), about)
