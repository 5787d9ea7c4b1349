"""Sentences of a story to turns of speech: whose words each sentence tells, and the sentence that the turn opens with.

    "Dr. Orme said ... . She added ... . “It was late.”" -> three sentences, one turn of Dr. Orme's

A turn is what "that account" refers to; a reader is shown its first sentence, which has the name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.attribution import judgements, speeches
from rag.corrections import is_correction
from rag.parties import account_of, called, named, party
from rag.passages import same_paragraph, silent
from rag.vocabulary import PLAIN, stem, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.sources import Evidence

LAPSE = 1
"""Sentences of nobody's within a turn: "She said" after two of them may be anybody."""
_ROLES = frozenset(
    "spokes spokesman spokeswoman spokesperson lawyer lawyers attorney attorneys statement former local new chief "
    "deputy senior head director chairman chairwoman leader member professor officer".split()
)
"""What many are, and so tells no speaker from another."""
_BARE = re.compile(
    r"(?:But |And |Yet |So )?(?:(?:He|She|They|We|I|You|he|she|they|we)\b|(?:It|This|That|These|Those)\b(?! [“\"]))"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one party says without a break."""

    speakers: frozenset[str]
    """Stems of the words that name who speaks."""
    lead: Evidence
    """Its first sentence, in which they are named."""


def turns(evidence: Sequence[Evidence]) -> Mapping[int, Turn]:
    """Return the turn of each sentence in which somebody speaks, by its number."""
    found: dict[int, Turn] = {}
    last: Evidence | None = None
    for item in evidence:
        if last is not None and (last.article.id != item.article.id or item.sentence.n - last.sentence.n > LAPSE + 1):
            last = None
        who = voices(item)
        turn = found[last.number] if last is not None else None
        if who and not is_correction(item):
            found[item.number] = turn if turn and last and who & turn.speakers else Turn(who, item)
        elif turn and last and (speeches(item.sentence.text) or (silent(item) and same_paragraph(last, item))):
            found[item.number] = turn
        else:
            continue
        last = item
    return found


def voices(item: Evidence) -> frozenset[str]:
    """Return the stems of the words that name those who speak in a sentence, or whose case it tells."""
    text = item.sentence.text
    told = [w for speech in (*speeches(text), *judgements(text)) if speech.verb != ":" for w in speech.words]
    return frozenset(stem(word) for word in called(opener(text) or party(text)) or told if word not in _ROLES | PLAIN)


def opener(text: str) -> str:
    """Return who speaks in a sentence, or whose account it gives, if it opens with them."""
    found = [name for speech in speeches(text) if (name := named(speech, text))] + [account_of(text)]
    return next((name for name in found if name and re.match(rf"(?:But |Yet |And )?{re.escape(name)}", text)), "")


def unclear(item: Evidence) -> bool:
    """Tell whether a sentence opens with somebody whom only the one before it names."""
    return _BARE.match(item.sentence.text) is not None


def implied(item: Evidence, before: Evidence | None) -> frozenset[str]:
    """Return the stems of the words ``before`` a sentence that opens with a "He", of whom it tells; else none."""
    he = item.sentence.text.startswith(("He ", "She ", "They "))
    return frozenset(map(stem, words(before.sentence.text))) if before and he else frozenset()
