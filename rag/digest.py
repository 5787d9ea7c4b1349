"""Story and its sentences to the sections of a briefing, without a model.

    Group + Evidence -> desk (what stands alone, and what it is worth) -> sections -> selection of Statements

Every statement is one or a few neighbouring sentences of one article, word for word, and the outlets that print it in
brackets. What is chosen is what most independent reports are about; nothing is chosen for whom it addresses: questions,
instructions, adverts and asides to the reader are not news, whoever wrote them and whatever they ask for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag import sections
from rag.claims import Statement
from rag.conflicts import clashes
from rag.coverage import Coverage, terms
from rag.desk import Desk
from rag.provenance import age
from rag.selection import Unit, fill
from rag.sources import Evidence
from rag.stories import Group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.wire import Kind

ORDER: tuple[Kind, ...] = ("facts", "said", "disputed", "single_source", "announced", "corrections")
"""Sections in reading order."""


def digest(
    story: Group,
    evidence: Sequence[Evidence],
    *,
    words: int = 250,
    topic: str | None = None,
    without: frozenset[int] = frozenset(),
) -> dict[Kind, tuple[Statement, ...]]:
    """Return the sections of a briefing on ``story``, in reading order, in about ``words`` words.

    ``evidence`` are all sentences of its articles (those of other articles are passed over), with their roots; scores,
    where there are any, say how relevant each is to ``topic``. The same input gives the same output. Sentences whose
    numbers are in ``without`` are not printed, and what is next best takes their place.
    """
    desk = Desk(_of(story, evidence), topic)
    disputes = clashes(desk.evidence)
    desk.supersede(disputes)
    pools: dict[Kind, list[list[Unit]]] = {
        "facts": sections.facts(desk),
        "disputed": sections.disputed(desk, disputes),
        "announced": sections.announced(desk),
        "corrections": sections.corrected(desk),
        "said": sections.said(desk),
    }
    if without:
        pools = {kind: [units for units in pool if _allowed(units, without)] for kind, pool in pools.items()}
    chosen = fill(pools, words, desk.coverage.rarity)
    shared = [unit for unit in chosen["facts"] if sections.SINGLE not in unit.note]
    if shared:
        chosen["single_source"] = [unit for unit in chosen["facts"] if sections.SINGLE in unit.note]
        chosen["facts"] = shared
    return {kind: tuple(unit.statement() for unit in chosen[kind]) for kind in ORDER if chosen.get(kind)}


def _allowed(units: Sequence[Unit], without: frozenset[int]) -> bool:
    return not any(item.number in without for unit in units for item in unit.run)


def headline(story: Group, evidence: Sequence[Evidence]) -> str:
    """Return the headline of the root article that is closest to what all of the story's articles are about."""
    coverage = Coverage(_of(story, evidence))
    by_id = {article.id: article for article in story.articles}
    firsts = [by_id[source.root] for source in story.sources if source.root in by_id]
    titled = [
        article for article in firsts if article.headline and not {"opinion", "correction"} & {*article.labels}
    ] or list(story.articles)
    best = max(
        titled,
        key=lambda article: (
            coverage.centrality(terms(article.headline or "")) / (len(terms(article.headline or "")) + 2),
            -age(article)[0].timestamp(),
        ),
    )
    return best.headline or ""


def _of(story: Group, evidence: Sequence[Evidence]) -> list[Evidence]:
    mine = {article.id for article in story.articles}
    return [item for item in evidence if item.article.id in mine]
