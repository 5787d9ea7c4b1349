"""Sentences of a story to two accounts of one matter: those that a text says differ, and who did it told both ways.

"They heard two accounts of who drew it up. Ruiz's case was ... . Mr. Hale testified that ..." -> Ruiz | Hale
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations
from rag.clash import Clash, Kind, Side, between
from rag.corrections import is_correction
from rag.facts import names
from rag.parties import party
from rag.passages import published_before, told_at
from rag.turns import opener, voices
from rag.vocabulary import stem, telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.sources import Evidence

REACH = 3
"""Sentences after the one that says that accounts differ, within which both are told."""
_TELLING = r"(?:accounts|versions|stories|explanations|theories|narratives|statements|testimony|reports|answers)"
_OF = r"(?:of|about|as to|on|over|for) (?:exactly |precisely )?(?:how|who|whose|what|why|when|where|whether|which)"
_OPENS = re.compile(
    rf"\b(?:two|three|different|differing) (?:\w+ )?{_TELLING} {_OF}\b|"
    rf"\b(?:conflicting|contradictory|competing|rival|opposing|clashing|diverging|divergent) {_TELLING}\b|"
    r"\b(?:accounts|versions|stories|the (?:two |both )?sides|the (?:two )?parties|witnesses) (?:differ(?:ed)?|"
    r"diverge[sd]?|conflict(?:ed)?|disagree(?:d)?|contradict(?:ed)? each other|(?:are|were) (?:at odds|in conflict))\b|"
    rf"\b(?:disagree(?:d)?|differ(?:ed)?|(?:are|were|remain) at odds) {_OF}\b|"
    rf"\b(?:is|was|are|were|remains?) (?:disputed|in dispute)(?=[.;:]|$)|"
    rf"\bthere (?:is|was) (?:a )?disagreement {_OF}\b",
    re.IGNORECASE,
)
"""What says that two accounts follow."""
_CLAIMS = re.compile(
    r"\b(?:case|account|version|story|defen[cs]e|testimony) (?:was|is) that |"
    r"\b(?:said|says|told|testif(?:ied|ies)|claim(?:s|ed)|alleg(?:es|ed)|insist(?:s|ed)|maintain(?:s|ed))\b"
    r"[^,.;:“”\"]*? that "
)
_ACTOR = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr)\. )?(?P<who>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2})(?:, [^,]{2,50},)? (?:had |has )?"
    r"(?P<did>[a-z]+ed|shot|hit|struck|stole|began|drew|wrote|threw|drove|broke|took|gave|sold|sent|cut|shoved)\b"
)
_FIRST = re.compile(
    r"(?:\bnot|n[’']t)\b[^.;:]{3,80}?, as (?P<who>[^,.;]{3,50}?) (?:had )?"
    r"(?:first|initially|originally|earlier|previously) "
    r"(?:supposed|thought|said|believed|reported|announced|assumed|suggested)\b",
    re.IGNORECASE,
)
"""What says that something is not as somebody first had it."""


def versions(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """Yield two accounts that a text sets against each other, and two who each say that the other did it."""
    place = {(item.article.id, item.sentence.n): item for item in evidence}
    for item in evidence:
        if _OPENS.search(outside_quotations(item.sentence.text)) and not voices(item) and not is_correction(item):
            after = [place.get((item.article.id, item.sentence.n + step)) for step in range(1, REACH + 1)]
            yield from _sides(item, [other for other in after if other])
    yield from _swapped(evidence)
    yield from _first_had(evidence)


def _first_had(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """Yield what somebody first said, and the sentence that says it is not so."""
    for item in evidence:
        found = _FIRST.search(outside_quotations(item.sentence.text))
        if found is None:
            continue
        who, matter = telling(found["who"]), telling(found.group()[: found.start("who") - found.start()])
        before = [
            other
            for other in evidence
            if other.number != item.number
            and not published_before(item, other)
            and who <= frozenset(map(stem, voices(other)))
            and matter & telling(other.sentence.text)
        ]
        if before:
            first = min(before, key=told_at)
            shared = sorted(matter & telling(first.sentence.text))
            yield between(Kind.DENIAL, Side("", first), Side("", item), shared)


def _sides(opening: Evidence, after: Sequence[Evidence]) -> Iterator[Clash]:
    """Yield the next sentence and the first in which somebody else speaks, if both are about what the opening is."""
    first = after[0] if after and _names(after[0]) else None
    second = next((item for item in after[1:] if first and _names(item) and not voices(item) & voices(first)), None)
    if first is None or second is None:
        return
    about = telling(first.sentence.text) & telling(second.sentence.text)
    if about or telling(opening.sentence.text) & (voices(first) | voices(second)):
        yield between(Kind.REPLY, Side("", first), Side("", second), sorted(about))


def _names(item: Evidence) -> bool:
    """Tell whether a sentence opens with whose account it gives: somebody named, or the one whom readers know."""
    speaker = opener(item.sentence.text)
    return speaker.startswith("The ") or any(not name.opens for name in names(speaker))


def _swapped(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """Yield two sentences in which each of two people says that the other did one and the same."""
    told = [(item, act) for item in evidence if not is_correction(item) and (act := _act(item))]
    for (one, ours), (two, theirs) in combinations(told, 2):
        does, did = ours[2], theirs[2]
        if does == did and ours[0] & theirs[1] and theirs[0] & ours[1]:
            shared = (telling(one.sentence.text) & telling(two.sentence.text)) - ours[0] - ours[1] - {does}
            if shared:
                yield between(Kind.ACTOR, Side(ours[3], one), Side(theirs[3], two), sorted(shared | {does}))


def _act(item: Evidence) -> tuple[frozenset[str], frozenset[str], str, str] | None:
    """Return who says it, who did it, what was done, by their stems, and who did it as it stands."""
    text = outside_quotations(item.sentence.text)
    said = _CLAIMS.search(text)
    act = _ACTOR.match(text, said.end()) if said else None
    speaker = opener(text) or party(text)
    if act is None or not speaker:
        return None
    people = [frozenset(stem(name.word) for name in names(who)) for who in (speaker, act["who"])]
    return (people[0], people[1], stem(act["did"]), act["who"]) if not people[0] & people[1] else None
