"""Two documents to which statement of the newer one is which of the older one, and which story which.

By the sentences that they cite, then by near-equal text with the same figures: a report that another outlet carries, or
a new version that left the sentence as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from rag.facts import numbers
from rag.numbering import CitedBack
from rag.vocabulary import words

if TYPE_CHECKING:
    from rag.claims import Claim
    from rag.wire import AnswerWire, BriefingWire

OVERLAP = 0.5
"""Share of its sentences that the shorter of two statements must have in common with the other."""
NEAR = 0.9
"""How alike two texts are, by their words, to be one statement. A report as another outlet carries it has 0.95 and
more; two sentences of ``seeds/`` on one matter 0.6."""


@dataclass(frozen=True, slots=True)
class Told:
    """A story of a document, or the whole of an answer."""

    id: str
    headline: str
    claims: tuple[Claim, ...]
    roots: Mapping[str, str]
    """Id of each of its articles to the id of its root."""

    @property
    def articles(self) -> frozenset[str]:
        """Ids of its articles, those that are cited included."""
        return frozenset(self.roots) | {c.sentence.article for claim in self.claims for c in claim.citations}


def told(wire: AnswerWire | BriefingWire) -> tuple[Told, ...]:
    """Return the stories of a document, an answer as one. Raises ValueError where it breaks a rule of our types."""
    lookup = CitedBack(wire["citations"])
    if wire["schema"] == "citewire/answer-1":
        return (Told("", "", tuple(lookup.claim(claim) for claim in wire["claims"]), {}),)
    return tuple(
        Told(
            story["id"],
            story["headline"],
            tuple(dict.fromkeys(lookup.claim(c) for section in story["sections"] for c in section["claims"])),
            {article: source["root"] for source in story["sources"] for article in source["articles"]},
        )
        for story in wire["stories"]
    )


def same_story(story: Told, others: Sequence[Told]) -> Told | None:
    """Return the one of ``others`` that tells the same story: by its id, else by most shared articles."""
    by_id = next((other for other in others if other.id == story.id), None)
    if by_id is not None:
        return by_id
    best = max(others, key=lambda other: len(other.articles & story.articles), default=None)
    return best if best is not None and best.articles & story.articles else None


def pairs(before: Sequence[Claim], after: Sequence[Claim]) -> dict[int, int]:
    """Return the places of statements of ``before`` with their places in ``after``, each at most once."""
    found: dict[int, int] = {}
    for scored in (_by_sentences(before, after), _by_text(before, after)):
        for _, old, new in sorted(scored, key=lambda pair: (-pair[0], pair[1:])):
            if old not in found and new not in found.values():
                found[old] = new
    return found


def _by_sentences(before: Sequence[Claim], after: Sequence[Claim]) -> Iterator[tuple[float, int, int]]:
    cited = [frozenset(c.sentence.id for c in claim.citations) for claim in after]
    for old, claim in enumerate(before):
        mine = frozenset(c.sentence.id for c in claim.citations)
        for new, theirs in enumerate(cited):
            shared = len(mine & theirs)
            if shared and shared >= OVERLAP * min(len(mine), len(theirs)):
                yield shared / len(mine | theirs) + alike(claim.text, after[new].text), old, new


def _by_text(before: Sequence[Claim], after: Sequence[Claim]) -> Iterator[tuple[float, int, int]]:
    for old, claim in enumerate(before):
        for new, other in enumerate(after):
            if same_figures(claim, other) and (score := alike(_bare(claim), _bare(other))) >= NEAR:
                yield score, old, new


def alike(one: str, two: str) -> float:
    """Return how alike two texts are by their words, without figures: 0 to 1."""
    first, second = words(one), words(two)
    return SequenceMatcher(None, first, second, autojunk=False).ratio() if first and second else 0.0


def same_figures(one: Claim, two: Claim) -> bool:
    """Tell whether two statements have the same numbers."""
    return sorted(n.value for n in numbers(_bare(one))) == sorted(n.value for n in numbers(_bare(two)))


def _bare(claim: Claim) -> str:
    """Return a statement as its sentences have it, without the outlets in brackets."""
    whole = " ".join(citation.sentence.text for citation in claim.citations)
    return whole if claim.text.startswith(claim.citations[0].sentence.text) else claim.text
