"""Sentences of a story to what a chat model finds in them before anything is chosen: what to tell, what does not agree.

It replies with numbers only. What is printed are the sentences themselves, through the same gates as without it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.chunking import token_counts
from rag.coverage import covered
from rag.pairing import paired
from rag.proposals import Note, Pair
from rag.protocols import Chooser, Comparer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.clash import Clash
    from rag.protocols import Generator
    from rag.sources import Evidence

READ = 24_000
"""Most tokens of a story's sentences that a model reads at once: some 800 sentences, those first that hold most of what
independent reports share."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a story besides what rules find."""

    paired: tuple[Clash, ...] = ()
    """What does not agree."""
    wanted: tuple[int, ...] = ()
    """Numbers of the sentences to tell before any other, weightiest first."""
    notes: tuple[str, ...] = ()
    """What was not read, or failed."""


NOTHING = Reading()


def read(evidence: Sequence[Evidence], words: int, writer: Generator | None) -> Reading:
    """Return what ``writer`` finds, as far as it compares and chooses. Raises ProviderError."""
    fit = candidates(evidence) if isinstance(writer, (Comparer, Chooser)) else []
    compared = list(writer.compare(fit)) if isinstance(writer, Comparer) else []
    chosen = list(writer.choose(fit, words)) if isinstance(writer, Chooser) else []
    pairs = [one for one in compared if isinstance(one, Pair)]
    known = {item.number for item in fit}
    return Reading(
        tuple(paired(pairs, evidence, writer.name)) if writer else (),
        tuple(dict.fromkeys(one for one in chosen if isinstance(one, int) and one in known)),
        tuple(dict.fromkeys(one.text for one in (*compared, *chosen) if isinstance(one, Note))),
    )


def candidates(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentences that may be told, once each, within ``READ``; their score is what reports share in them."""
    coverage = covered(tuple(evidence))
    scored = [replace(item, score=coverage.centrality(coverage.terms[item.number])) for item in coverage.news]
    left, kept = READ, set[int]()
    tokens = token_counts([item.sentence.text for item in scored])
    for item, count in sorted(zip(scored, tokens, strict=True), key=lambda one: -(one[0].score or 0.0)):
        if count <= left:
            kept.add(item.number)
            left -= count
    return [item for item in scored if item.number in kept]
