"""Claims to what a reader must know beside them: that it is disputed, was overtaken, or is a plan whose day has passed.

A claim is true to the sentence it cites. Whether the sources agree on it, and whether it still holds, stands elsewhere
in the evidence. What is found there becomes the claim's note; its text stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from rag.clash import Clash, Kind, Side, as_of, overtaken
from rag.conflicts import clashes
from rag.corrections import withdrawn
from rag.parties import denier
from rag.passages import one_event
from rag.succession import successor
from rag.timeline import announcement, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.claims import Claim
    from rag.sources import Evidence

DAY = timedelta(days=1)
"""By which another report must be newer before it is said as of when something was not known."""
_WORDS = {Kind.DENIAL: "denied", Kind.REPLY: "answered"}


class Caveats:
    """What the evidence of one question says about claims made from it."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self._evidence = evidence

    def beside(self, claim: Claim) -> Claim:
        """Return ``claim`` with a note where its sources are disputed, overtaken or taken back."""
        cited = {citation.sentence.id for citation in claim.citations}
        notes = [*self._taken_back(cited), *self._announced(cited), *self._unknown(cited)]
        replaced = self._replaced(cited)
        notes += replaced
        for clash in self._clashes:
            if replaced and clash.kind is Kind.UPDATE:
                continue  # the newest figure is told
            sides = (clash.first, clash.second)
            ours = [side.evidence.sentence.id in cited for side in sides]
            if any(ours) and not all(ours):
                notes.append(_note(clash, sides[ours.index(False)], earlier=ours[0]))
        told = "; ".join(dict.fromkeys(filter(None, (claim.note, *notes))))
        return replace(claim, note=told) if told != claim.note else claim

    @cached_property
    def _clashes(self) -> tuple[Clash, ...]:
        found = clashes(self._evidence)
        return tuple(one for one in found if one_event(one.first.evidence, one.second.evidence))

    @cached_property
    def _withdrawn(self) -> frozenset[int]:
        return withdrawn(self._evidence)

    def _taken_back(self, cited: set[str]) -> list[str]:
        taken = any(item.number in self._withdrawn and item.sentence.id in cited for item in self._evidence)
        return ["taken back by its outlet"] if taken else []

    def _replaced(self, cited: set[str]) -> list[str]:
        """Say as of when a number of the dead, hurt or missing holds, and what it is now."""
        ours = [item for item in self._evidence if item.sentence.id in cited]
        newer = [(item, side) for item in ours if (side := successor(item, self._clashes))]
        return [f"{overtaken(item, side)} ({_who(side)})" for item, side in newer if side.evidence not in ours][:1]

    def _announced(self, cited: set[str]) -> list[str]:
        """Say when it was announced what, by the day of the newest report, was to have come."""
        newest = max((item.article.published.date() for item in self._evidence if item.article.published), default=None)
        told = (item for item in self._evidence if item.sentence.id in cited and item.article.published)
        found = [(item.article.published, planned.day) for item in told if (planned := announcement(item))]
        days = {when.date() for when, day in found if when and day and newest and day <= newest}
        return [f"as announced on {when.day} {when:%B %Y}" for when in sorted(days)[:1]]

    def _unknown(self, cited: set[str]) -> list[str]:
        """Say as of when something was not known, where a later report may tell it."""
        read = [(item, item.article.published) for item in self._evidence if item.article.published]
        newest = max((when for _, when in read), default=None)
        told = [when for item, when in read if item.sentence.id in cited and unknown(item)]
        return [as_of(when) for when in sorted(told)[:1] if newest and when < newest - DAY]


def _note(clash: Clash, other: Side, *, earlier: bool) -> str:
    """Return what to say of ``other`` beside a claim that has one side of ``clash``; empty where nothing need be."""
    who = _who(other)
    if clash.kind in {Kind.UPDATE, Kind.CORRECTION}:
        replaced = earlier and clash.kind is Kind.UPDATE
        return f"{overtaken(clash.first.evidence, other)} ({who})" if replaced else ""
    if clash.kind in _WORDS:
        said = denier(other.evidence.sentence.text, other.value)
        by = f" by {said}" if said else ""
        return f"{_WORDS[clash.kind]}{by} ({who})" if earlier else ""
    if clash.kind is Kind.SPEAKER:
        return f"{who} has this quotation from {other.value}"
    return f"{'counted differently' if clash.kind is Kind.DEFINITION else 'disputed'}: {other.quoted} ({who})"


def _who(side: Side) -> str:
    article = side.evidence.article
    return article.outlet or article.headline or "another report"
