"""A saved document to its figures that later reports of the same stories overtook.

A claim stays true to the report that it cites: "two dead" was so on Tuesday. What another outlet counted on Wednesday
stands in no correction and in no new version, so it is looked for among the other reports of the story.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.briefing import ALIKE
from rag.certificates import Since, claims
from rag.claims import Citation
from rag.clash import Kind
from rag.conflicts import clashes
from rag.figures import BODIES, figures
from rag.gathering import gather
from rag.overtaken import Overtaken
from rag.passages import published_before

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.archive import SqlArchive
    from rag.clash import Clash
    from rag.grouping import Grouping
    from rag.sources import Evidence
    from rag.stories import Group
    from rag.wire import AnswerWire, BriefingWire, ConflictWire


def overtaken(wire: AnswerWire | BriefingWire, archive: SqlArchive, grouping: Grouping) -> Iterator[Since]:
    """Return the claims of ``wire`` of which a later report, that it does not cite, has another figure.

    Reads the stories of the cited articles, and decides those that are not decided yet. Raises ArchiveError.
    """
    known = {citation["sentence"] for citation in wire["citations"].values()}
    told = {side["value"] for conflict in _conflicts(wire) for side in conflict["positions"]}
    updates: dict[str, Clash] = {}
    for group in _stories(wire, archive, grouping):
        evidence = gather(archive, group)
        for clash in clashes(evidence):
            new = clash.second.evidence.sentence.id not in known and clash.second.value not in told
            if clash.kind is Kind.UPDATE and new:
                updates |= dict.fromkeys(_telling(clash, evidence), clash)
    for claim in claims(wire):
        for key in claim["citations"]:
            sentence = wire["citations"][key]["sentence"] if key in wire["citations"] else ""
            clash = updates.get(sentence)
            if clash is not None and clash.first.value.casefold() in claim["text"].casefold():
                yield Since(claim["text"], key, _since(clash))
                break


def _telling(clash: Clash, evidence: Sequence[Evidence]) -> Iterator[str]:
    """Yield the ids of the sentences with the older figure: of the dead, hurt and missing wherever it is told again."""
    yield clash.first.evidence.sentence.id
    told = {
        (f.unit, f.value) for f in figures(clash.first.evidence) if f.text == clash.first.value and f.unit in BODIES
    }
    newer = {(f.unit, f.value) for f in figures(clash.second.evidence)}
    for item in evidence:
        counts = {(f.unit, f.value) for f in figures(item)}
        if told & counts and not newer & counts and published_before(item, clash.second.evidence):
            yield item.sentence.id


def _conflicts(wire: AnswerWire | BriefingWire) -> list[ConflictWire]:
    """Return the changes of figures that a briefing tells itself, each figure by one sentence."""
    stories = wire["stories"] if wire["schema"] == "citewire/briefing-1" else []
    return [one for story in stories for one in story.get("conflicts", ()) if one["kind"] == "update"]


def _stories(wire: AnswerWire | BriefingWire, archive: SqlArchive, grouping: Grouping) -> list[Group]:
    """Return the stories of the cited articles; those of a briefing's topic were told as one, and are read so."""
    cited = {citation["article"] for citation in wire["citations"].values()}
    assigned = grouping.assigned()
    stories = {story for article in cited if (story := assigned.get(article))}
    articles = archive.articles(ids=sorted(article for article, story in assigned.items() if story in stories))
    topic = wire["schema"] == "citewire/briefing-1" and wire["topic"] is not None
    return grouping.groups(articles, alike=ALIKE if topic else None)


def _since(clash: Clash) -> Overtaken:
    before, after = (Citation.of(side.evidence.sentence, side.evidence.article) for side in (clash.first, clash.second))
    who = after.outlet or after.headline or "another outlet"
    return Overtaken(before, (after,), f"a later report has {clash.second.value} for {clash.first.value} ({who})")
