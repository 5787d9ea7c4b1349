"""Sentences of one story to what they disagree on.

Figures given for one thing, times and doers of one act, a claim and its denial or the reply to it, and one quotation in
two mouths. Each clash is data: what kind it is, and each side with its sentence. Rules are made to miss rather than to
accuse.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.advocates import advocates
from rag.attribution import Speech, dateline, quotations, speeches
from rag.clash import Clash, Kind, Side, between, disputes_first
from rag.contraries import contraries
from rag.corrections import set_right
from rag.coverage import STORIES
from rag.deniable import deniable
from rag.denials import answers_for, denials, replies
from rag.disavowals import disavowals
from rag.discrepancies import discrepancies
from rag.doers import doers
from rag.figures import figures
from rag.matters import WORDS
from rag.outcomes import outcomes
from rag.passages import root
from rag.pleas import pleas
from rag.rebuttals import rebuttals
from rag.roundups import one_item
from rag.turns import turns
from rag.verbs import FORMERLY
from rag.versions import versions
from rag.vocabulary import telling, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from rag.sources import Evidence

QUOTED = 5
"""Words of a quotation below which two people may well have said the same."""

_FULL_NAME = re.compile(r"[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){1,3}")


def clashes(evidence: Sequence[Evidence]) -> tuple[Clash, ...]:
    """Return what the sentences of one story disagree on, each disagreement once, disputes first."""
    return _clashes(tuple(evidence))


@lru_cache(maxsize=STORIES)
def _clashes(evidence: tuple[Evidence, ...]) -> tuple[Clash, ...]:
    stated = [figure for item in evidence for figure in figures(item)]
    spoken = turns(evidence)
    found = [
        *discrepancies(evidence, stated),
        *denials(evidence, stated),
        *replies(evidence),
        *answers_for(evidence),
        *pleas(evidence),
        *rebuttals(evidence, spoken),
        *advocates(evidence),
        *versions(evidence),
        *contraries(evidence, stated),
        *_misattributions(evidence),
        *doers(evidence),
        *outcomes(evidence),
    ]
    found = [clash for clash in found if clash.kind is not Kind.DENIAL or _denied(clash)]
    denied = [clash for clash in found if clash.kind in {Kind.DENIAL, Kind.REPLY}]
    known = {side.evidence.number for clash in denied for side in (clash.first, clash.second)}
    found += filter(_denied, disavowals(evidence, known))
    found += _corrected(evidence, {c.first.evidence.number for c in found if c.kind is Kind.CORRECTION})
    unique: dict[object, Clash] = {}
    for clash in _of_roots(evidence, found):
        first, second = clash.first.evidence, clash.second.evidence
        revised = clash.kind in WORDS and FORMERLY.search(first.sentence.text)
        if first.number != second.number and one_item(first, second) and not revised:
            unique.setdefault(clash.key, clash)
    return disputes_first(unique.values())


def _denied(clash: Clash) -> bool:
    return deniable(clash.first.evidence, clash.second.evidence, clash.second.value)


def _of_roots(evidence: Sequence[Evidence], found: Sequence[Clash]) -> Iterator[Clash]:
    """Yield clashes with each sentence that a copy has word for word, but for the dateline, as that of its original."""
    there = {(item.article.id, _undated(item)): item for item in evidence}

    def original(side: Side) -> Side:
        return replace(side, evidence=there.get((root(side.evidence), _undated(side.evidence)), side.evidence))

    for clash in found:
        yield replace(clash, first=original(clash.first), second=original(clash.second))


def _undated(item: Evidence) -> str:
    return item.sentence.text[dateline(item.sentence.text) :]


def _corrected(evidence: Sequence[Evidence], known: Collection[int]) -> Iterator[Clash]:
    """What a correction takes back, without a figure too, and what it says is right; once for copies of a sentence."""
    for wrong, right in set_right(evidence):
        if wrong.number not in known:
            about = sorted(telling(wrong.sentence.text) & telling(right.sentence.text))
            yield between(Kind.CORRECTION, Side("", wrong), Side("", right), about)


def _misattributions(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """One quotation with two speakers."""
    spoken: dict[str, tuple[Speech, Evidence]] = {}
    for item in evidence:
        for quotation in quotations(item.sentence.text):
            key = " ".join(words(quotation.text))
            told = [speech for speech in speeches(item.sentence.text) if speech.names]
            if len(key.split()) < QUOTED or len(told) != 1 or not _FULL_NAME.fullmatch(told[0].speaker):
                continue  # of two in one sentence, either may have said it; "the senator" and "Ruiz" may be one
            speech = told[0]
            other, earlier = spoken.setdefault(key, (speech, item))
            if not other.names & speech.names and root(earlier) != root(item):
                sides = (Side(other.speaker, earlier), Side(speech.speaker, item))
                yield Clash(Kind.SPEAKER, tuple(key.split()[:3]), *sides, frozenset((key,)))
