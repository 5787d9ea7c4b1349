"""Story and its printed claims to framing by omission: whose sentences were printed, against whose there were.

Three rules, each an editor's question and no verdict:

- ``overweight``: one outlet has far more of the printed sentences than of the story's own sentences.
- ``left_out``: an outlet that a fair draw would hardly have passed over has none.
- ``one_sided``: one side of a dispute is printed, and neither what the other side answers nor anything else it says.
  Where the ledger of conflicts is printed, this is for a side that did not get into it.

Outlets are counted by origin, so ten copies of a wire report weigh as the one report they are; opinion, corrections and
what is no news are nobody's share. Chance is reckoned as if the printed sentences had been drawn from the story's own
(binomial), so that two of three sentences from one outlet are no concern and eleven of twelve are.
"""

from __future__ import annotations

from collections import Counter
from math import comb
from typing import TYPE_CHECKING

from rag.attribution import speeches
from rag.claims import Claim, Concern
from rag.clash import Clash, Kind, Side
from rag.furniture import newsworthy
from rag.passages import root, silent, speakers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from rag.sources import Evidence

FAR_MORE = 2.0
"""Times its share of the evidence from which an outlet has too much, if chance would hardly give it so much."""
SURPRISE = 0.01
"""Chance below which an outlet's many sentences are no accident. A lead is chosen more often than its share, because it
says what happened, hence stricter than ``PASSED_OVER``."""
PASSED_OVER = 0.05
"""Chance below which it is no accident that an outlet has none: a fifth of the evidence, at fifteen drawn."""
FEWEST = 4
"""Printed sentences below which nothing is said of outlets."""
SIDES = {Kind.DISPUTE, Kind.DENIAL, Kind.REPLY}
_EXCERPT = 14  # words of a sentence that name it


def framing(
    claims: Sequence[Claim],
    evidence: Sequence[Evidence],
    clashes: Iterable[Clash],
    quoted: AbstractSet[str] = frozenset(),
) -> tuple[Concern, ...]:
    """Return what the printed ``claims`` of a story leave out of its ``evidence`` and of its ``clashes``.

    ``quoted`` are the ids of the sentences that are printed beside the claims, as one side of a conflict.
    """
    return (*_sides(claims, evidence, clashes, quoted), *_outlets(claims, evidence, quoted))


def shares(claims: Sequence[Claim], evidence: Sequence[Evidence]) -> dict[str, tuple[int, int]]:
    """Return for each outlet how many of its sentences are printed, and how many there are."""
    owner = {item.article.id: item.article.outlet for item in evidence}
    origin = {item.article.id: owner.get(root(item)) or item.article.outlet for item in evidence}
    there = Counter(outlet for item in evidence if _counts(item) and (outlet := item.article.outlet))
    counted = {item.article.id for item in evidence if not _aside(item)}
    cited = {c.sentence.id: c.sentence.article for claim in claims for c in claim.citations}
    printed = Counter(origin.get(article) for article in cited.values() if article in counted)
    return {outlet: (printed[outlet], number) for outlet, number in there.items()}


def _aside(item: Evidence) -> bool:
    return bool({"opinion", "correction"} & {*item.article.labels})


def _counts(item: Evidence) -> bool:
    return root(item) == item.article.id and not _aside(item) and newsworthy(item)


def _outlets(
    claims: Sequence[Claim], evidence: Sequence[Evidence], quoted: AbstractSet[str] = frozenset()
) -> list[Concern]:
    found = shares(claims, evidence)
    printed, there = (sum(pair[n] for pair in found.values()) for n in (0, 1))
    if len(found) < 2 or printed < FEWEST:  # noqa: PLR2004 - one outlet has all there is
        return []
    concerns: list[Concern] = []
    heard = {item.article.outlet for item in evidence if item.sentence.id in quoted}
    for outlet, (mine, all_mine) in sorted(found.items()):
        share = all_mine / there
        why = f"{mine} of {printed} printed sentences are from it, and {all_mine} of the {there} that the articles have"
        if mine > FAR_MORE * share * printed and _at_least(mine, printed, share) < SURPRISE:
            concerns.append(Concern("overweight", outlet, why))
        if not mine and outlet not in heard and (1 - share) ** printed < PASSED_OVER:
            concerns.append(Concern("left_out", outlet, f"none of {why.partition(' of ')[2]}"))
    return concerns


def _at_least(found: int, drawn: int, share: float) -> float:
    """Return the chance of ``found`` or more of ``drawn`` if each is one with chance ``share``."""
    return sum(comb(drawn, n) * share**n * (1 - share) ** (drawn - n) for n in range(found, drawn + 1))


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
