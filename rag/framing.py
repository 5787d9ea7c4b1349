"""Story and its printed claims to framing by omission: whose sentences were printed, against whose there were.

Five rules, each an editor's question and no verdict:

- ``overweight``, ``underweight``: an outlet has far more or far less of the cited sentences than of the story's own.
- ``left_out``: an outlet that a fair draw would hardly have passed over has none.
- ``heard_less``: of two that stand against each other one is cited far less than it speaks in the articles.
- ``one_sided``: one side of a dispute is printed, and neither what the other side answers nor anything else it says.
  Where the ledger of conflicts is printed, this is for a side that did not get into it.

The shares are those of ``rag.heard``: ten copies of a wire report weigh as the one report they are. Chance is reckoned
as if the cited sentences had been drawn from the story's own (binomial), so that two of three sentences from one outlet
are no concern and eleven of twelve are.
"""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

from rag.attribution import speeches
from rag.claims import Claim
from rag.clash import Clash, Side
from rag.fairness import Concern, Share
from rag.heard import SIDES
from rag.passages import silent, speakers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from rag.sources import Evidence

FAR_MORE = 2.0
"""Times its share of the evidence from which an outlet has too much, if chance would hardly give it so much."""
SURPRISE = 0.01
"""Chance below which an outlet's many sentences, or few, are no accident. A lead is chosen more often than its share,
because it says what happened, hence stricter than the next two."""
PASSED_OVER = 0.05
"""Chance below which it is no accident that an outlet has none: a fifth of the evidence, at fifteen drawn."""
UNHEARD = 0.05
"""Chance below which it is no accident that one side is cited so much less than the other. Between two who contradict
each other no news value speaks for one, hence laxer than ``SURPRISE``: an equal has none of five."""
FEWEST = 4
"""Cited sentences below which nothing is said of shares."""
_EXCERPT = 14  # words of a sentence that name it


def framing(
    claims: Sequence[Claim],
    evidence: Sequence[Evidence],
    clashes: Iterable[Clash],
    quoted: AbstractSet[str] = frozenset(),
) -> tuple[Concern, ...]:
    """Return the sides of ``clashes`` that the printed ``claims`` of a story leave out, and its ``evidence`` has.

    ``quoted`` are the ids of the sentences that are printed beside the claims, as one side of a conflict.
    """
    return tuple(_sides(claims, evidence, clashes, quoted))


def balance(whose: Sequence[Share]) -> tuple[Concern, ...]:
    """Return the outlets and speakers whose share of the cited sentences is far from that of the articles' own."""
    outlets = [share for share in whose if share.of == "outlet"]
    speaking = {share.name: share for share in whose if share.of == "speaker"}
    compared = outlets if len(outlets) > 1 else []  # one outlet has all there is
    found = [_outlet(share) for share in compared] + [_speaker(share, speaking) for share in speaking.values()]
    return tuple(concern for concern in found if concern)


def _outlet(share: Share) -> Concern | None:
    if share.cited_of < FEWEST:
        return None
    even = share.found_share * share.cited_of
    theirs = f"{share.found} of the {share.found_of} that the articles have"
    of = f"of {share.cited_of} cited sentences are from it, and {theirs}"
    if not share.cited:
        passed_over = (1 - share.found_share) ** share.cited_of < PASSED_OVER
        return Concern("left_out", share.name, f"none {of}") if passed_over else None
    if share.cited > FAR_MORE * even and _at_least(share.cited, share.cited_of, share.found_share) < SURPRISE:
        return Concern("overweight", share.name, f"{share.cited} {of}")
    if share.cited * FAR_MORE < even and _at_most(share.cited, share.cited_of, share.found_share) < SURPRISE:
        return Concern("underweight", share.name, f"{share.cited} {of}")
    return None


def _speaker(share: Share, speaking: Mapping[str, Share]) -> Concern | None:
    others = [speaking[name] for name in share.against if name in speaking]
    cited = share.cited + sum(other.cited for other in others)
    found = share.found + sum(other.found for other in others)
    if cited < FEWEST or not others or _at_most(share.cited, cited, share.found / found) >= UNHEARD:
        return None
    whom = " and ".join(other.name for other in others)
    why = (
        f"beside {whom}, {share.cited or 'none'} of {cited} cited sentences are theirs, "
        f"and {share.found} of the {found} that the articles have"
    )
    return Concern("heard_less", share.name, why)


def _at_least(found: int, drawn: int, share: float) -> float:
    """Return the chance of ``found`` or more of ``drawn`` if each is one with chance ``share``."""
    return sum(comb(drawn, n) * share**n * (1 - share) ** (drawn - n) for n in range(found, drawn + 1))


def _at_most(found: int, drawn: int, share: float) -> float:
    """Return the chance of ``found`` or fewer of ``drawn`` if each is one with chance ``share``."""
    return 1 - _at_least(found + 1, drawn, share)


def _sides(
    claims: Sequence[Claim], evidence: Sequence[Evidence], clashes: Iterable[Clash], quoted: AbstractSet[str]
) -> list[Concern]:
    by_sentence = {c.sentence.id: claim for claim in reversed(claims) for c in claim.citations}
    heard = {word for item in evidence if item.sentence.id in by_sentence for word in speakers(item)}
    turns = [turn for c in clashes if c.kind in SIDES for turn in ((c.first, c.second), (c.second, c.first))]
    answered = {_id(ours) for ours, theirs in turns if _id(theirs) in by_sentence or _id(theirs) in quoted}
    concerns: dict[str, Concern] = {}
    for ours, theirs in turns:
        claim, party = by_sentence.get(_id(ours)), _party(theirs)
        if claim and party and not party & heard and _id(ours) not in answered:
            name = _name(theirs)
            why = f"“{_excerpt(ours)}” is printed, “{_excerpt(theirs)}” is not"
            concerns.setdefault(name, Concern("one_sided", name, why, claim.text))
    return list(concerns.values())


def _id(side: Side) -> str:
    return side.evidence.sentence.id


def _party(side: Side) -> frozenset[str]:
    """Return the words of those who speak on a side; none where the sentence itself does not tell."""
    return frozenset() if silent(side.evidence) else speakers(side.evidence)


def _name(side: Side) -> str:
    return next(speech.speaker for speech in speeches(side.evidence.sentence.text) if speech.words)


def _excerpt(side: Side) -> str:
    words = side.evidence.sentence.text.split()
    return " ".join(words[:_EXCERPT]) + (" …" if len(words) > _EXCERPT else "")
