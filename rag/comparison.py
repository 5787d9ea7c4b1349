"""Two documents to what changed between them.

    older + newer -> which statement is which -> what became of each, and why -> Changes

The archive says why: a newer version, a correction, an article that is gone. Without the documents' articles in it, the
statements themselves are compared and nothing is called withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from rag import changes
from rag.arrivals import Arrived, cited_anew, published_later
from rag.changes import Change, Changes
from rag.claims import Citation, Claim, Provenance
from rag.clash import Kind as Clashing
from rag.corrections import corrections, repeated, takes_back
from rag.discrepancies import discrepancies
from rag.figures import Figure, figures
from rag.matching import Told, pairs, same_story, told
from rag.overtaken import Watch
from rag.proposals import Statement
from rag.protocols import Archive
from rag.sources import Article, Evidence
from rag.verification import check

if TYPE_CHECKING:
    from rag.clash import Clash
    from rag.wire import AnswerWire, BriefingWire

Kind = changes.Kind


def compare(
    before: AnswerWire | BriefingWire,
    after: AnswerWire | BriefingWire,
    archive: Archive,
    *,
    arrived: Arrived | None = None,
    since: datetime | None = None,
) -> Changes:
    """Return what changed from ``before`` to ``after``.

    ``archive`` is the archive that they cite. Without ``arrived``, a report is new if it was published after all that
    ``before`` cites. Raises ValueError or KeyError for a document that breaks a rule of our types.
    """
    old, new = told(before), told(after)
    comparison = _Comparison(old, new, archive, arrived or published_later(old), cited_anew(old, new))
    order = list(Kind)
    found = sorted(comparison.changes(), key=lambda change: order.index(change.kind))  # stable: reading order within
    return Changes(
        after["question"] if after["schema"] == "citewire/answer-1" else after["topic"],
        tuple(found),
        before["digest"],
        after["digest"],
        Provenance.from_dict(after["provenance"]),
        Provenance.from_dict(before["provenance"]),
        since,
    )


@dataclass(slots=True)
class _Comparison:
    old: Sequence[Told]
    new: Sequence[Told]
    archive: Archive
    arrived: Arrived
    anew: Arrived
    before: list[tuple[Told, Claim]] = field(init=False)
    after: list[tuple[Told, Claim]] = field(init=False)
    used: set[int] = field(default_factory=set[int])
    """Places of newer statements that are told with an older one."""
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.before = [(story, claim) for story in self.old for claim in story.claims]
        self.after = [(story, claim) for story in self.new for claim in story.claims]
        self.watch = Watch(self.archive)

    def changes(self) -> Iterator[Change]:
        """Yield what became of each older statement, then the newer ones that are no older one."""
        matched = pairs([claim for _, claim in self.before], [claim for _, claim in self.after])
        self.used |= set(matched.values())
        overtakings = {story.id: self._updates(story) for story in self.old}
        ours = self._ours()
        for place, (story, claim) in enumerate(self.before):
            same = self.after[matched[place]] if place in matched else None
            headline = (same[0] if same else same_story(story, self.new) or story).headline
            found = list(self._overtaken(claim, headline)) or list(
                self._superseded(claim, headline, overtakings[story.id])
            )
            if not found and same is None:
                found = list(self._taken_back(claim, story, headline))
            yield from found or [self._rest(claim, same[1] if same else None, headline, ours=ours)]
        for place, (story, claim) in enumerate(self.after):
            if place not in self.used:
                yield self._first(claim, story.headline)

    def _came(self, citation: Citation) -> bool:
        """Tell whether a correction came in between: who still told what it takes back had not read it."""
        return self.arrived(citation) or self.anew(citation)

    def _ours(self) -> bool:
        """Tell whether the archive is that of the documents: it holds what the newer one cites, or there is nothing."""
        cited = {c.sentence.article for _, claim in (self.after or self.before) for c in claim.citations}
        return not self.after or any(self.archive.article(article) for article in sorted(cited))

    def _overtaken(self, claim: Claim, story: str) -> Iterator[Change]:
        """A statement that its outlet took back, or whose sentence reads differently now or is gone."""
        told_then = {c.sentence.id for _, other in self.before for c in other.citations}
        for citation in claim.citations:
            found = self.watch.overtaken(citation)
            if found is None or told_then & {c.sentence.id for c in found.after}:
                continue  # told already
            if not found.after:
                yield Change(Kind.WITHDRAWN, claim, None, found.why, story)
                return
            if any(map(self._came, found.after)):
                yield Change(Kind.CORRECTED, claim, self._standing(found.after, claim), found.why, story)
                return

    def _taken_back(self, claim: Claim, told_in: Told, story: str) -> Iterator[Change]:
        """A statement that is told no more, with the correction of it that the same story has now.

        Where the outlet is not known, the archive cannot tell whose correction it is; the two statements can.
        """
        here = same_story(told_in, self.new)
        for place, (other, now) in enumerate(self.after):
            if other is here and any(map(self._came, now.citations)) and takes_back(_cited(now), _cited(claim)):
                self.used.add(place)
                yield Change(Kind.CORRECTED, claim, now, "it was taken back", story)
                return

    def _updates(self, story: Told) -> list[Clash]:
        """Return the figures of a story that a report overtook which was not there before."""
        evidence = list(self._evidence(story, same_story(story, self.new)))
        stated = [figure for item in evidence for figure in figures(item)]
        cited = {c.sentence.id for claim in story.claims for c in claim.citations}
        return [
            clash
            for clash in discrepancies(evidence, stated)
            if clash.kind is Clashing.UPDATE
            and clash.second.evidence.sentence.id not in cited
            and self.arrived(_citation(clash.second.evidence))
        ]

    def _superseded(self, claim: Claim, story: str, updates: Sequence[Clash]) -> Iterator[Change]:
        """A statement with overtaken figures: with the newer statement that has most of them, and so on."""
        mine = [figure for item in _cited(claim) for figure in figures(item)]
        left = {(c.first.value, c.second.value): c for c in updates if _has(c, mine, claim)}
        while left:
            clash = next(iter(left.values()))
            place = self._telling(left.values())
            after = (
                self.after[place][1]
                if place is not None
                else self._standing((_citation(clash.second.evidence),), claim)
            )
            told_in = [f for item in _cited(after) for f in figures(item)] if after else []
            covered = [
                key for key, c in left.items() if c is clash or any(_is(f, _figure(c, second=True)) for f in told_in)
            ]
            if place is not None:
                self.used.add(place)
                covered = [key for key in covered if any(_is(f, _figure(left[key], second=True)) for f in told_in)]
            why = "; ".join(f"{left[key].first.value} then, {left[key].second.value} now" for key in covered)
            for key in covered:
                del left[key]
            yield Change(Kind.SUPERSEDED, claim, after, why, story)

    def _telling(self, updates: Iterable[Clash]) -> int | None:
        """Return the place of the newer statement that rests on a new report and has most of the newer figures."""
        wanted = [_figure(clash, second=True) for clash in updates]
        scored = [
            (sum(any(_is(f, figure) for f in stated) for figure in wanted), -place)
            for place, (_, claim) in enumerate(self.after)
            if any(map(self.arrived, claim.citations))
            and (stated := [f for item in _cited(claim) for f in figures(item)])
        ]
        best = max(scored, default=(0, 0))
        return -best[1] if best[0] else None

    def _rest(self, claim: Claim, same: Claim | None, story: str, *, ours: bool) -> Change:
        """A statement that nothing overtook: unchanged, withdrawn with its article, or left out."""
        gone = [c for c in claim.citations if ours and self.archive.article(c.sentence.article) is None]
        if gone and same is None:
            return Change(Kind.WITHDRAWN, claim, None, "its article was removed from the archive", story)
        if same is not None:
            ids = [{c.sentence.id for c in one.citations} for one in (claim, same)]
            why = "" if claim.text == same.text else "worded anew" if ids[0] & ids[1] else "the same in another report"
            return Change(Kind.UNCHANGED, claim, same, why, story)
        return Change(Kind.LEFT_OUT, claim, None, "nothing took it back; others took its place", story)

    def _first(self, claim: Claim, story: str) -> Change:
        """A statement that is no older one."""
        if not any(map(self._came if corrections(_cited(claim)) else self.arrived, claim.citations)):
            return Change(Kind.INCLUDED, None, claim, "", story)
        if corrections(_cited(claim)):
            then = [item for _, other in self.before for item in _cited(other)]
            why = "what it takes back was not told then" if then and not repeated(_cited(claim), then) else ""
            return Change(Kind.CORRECTED, None, claim, why, story)
        return Change(Kind.NEW, None, claim, "", story)

    def _standing(self, citations: Sequence[Citation], instead_of: Claim) -> Claim | None:
        """Return what stands in place of a statement: a newer one on one of these sentences, or these as they are."""
        wanted = {citation.sentence.id for citation in citations}
        for place, (_, claim) in enumerate(self.after):
            if claim != instead_of and wanted & {c.sentence.id for c in claim.citations}:
                self.used.add(place)
                return claim
        evidence: list[Evidence] = []
        for number, citation in enumerate(citations, start=1):
            article = self.archive.article(citation.sentence.article, citation.sentence.version)
            if article is None:
                return None
            evidence.append(Evidence(number, citation.sentence, article))
        return _quoted(evidence)

    def _evidence(self, *stories: Told | None) -> Iterator[Evidence]:
        """Yield the sentences of the articles of stories; of an article that is not here, those that are cited."""
        there = [story for story in stories if story is not None]
        cited = {c.sentence.id: c for story in there for claim in story.claims for c in claim.citations}
        roots = {article: root for story in there for article, root in story.roots.items()}
        versions = dict.fromkeys((c.sentence.article, c.sentence.version) for c in cited.values())
        named = {article for article, _ in versions}
        others = sorted({article for story in there for article in story.articles} - named)
        number = 0
        for article_id, version in [*versions, *((article, None) for article in others)]:
            article = self.archive.article(article_id, version)
            if article is None:
                rows = [(_article(c), c.sentence) for c in cited.values() if c.sentence.article == article_id]
            else:
                rows = [(article, sentence) for sentence in self.archive.sentences(article)]
            for source, sentence in rows:
                number += 1
                yield Evidence(number, sentence, source, root=roots.get(article_id, article_id))


def _quoted(evidence: Sequence[Evidence]) -> Claim | None:
    """Return sentences as a statement, word for word, if they pass the gates; None if they cannot stand alone."""
    text = " ".join(item.sentence.text for item in evidence)
    credit = evidence[0].article.credit
    statement = Statement(f"{text} ({credit})" if credit else text, tuple(item.number for item in evidence))
    found = check(statement, evidence)
    return found if isinstance(found, Claim) else None


def _cited(claim: Claim) -> list[Evidence]:
    return [Evidence(number, c.sentence, _article(c)) for number, c in enumerate(claim.citations, start=1)]


def _article(citation: Citation) -> Article:
    """Return what a citation says of its article, for reading figures: its text is the sentence."""
    return Article(
        citation.sentence.text,
        headline=citation.headline,
        outlet=citation.outlet,
        published=citation.published,
        url=citation.url,
    )


def _citation(item: Evidence) -> Citation:
    article = item.article
    return Citation(item.sentence, article.headline, article.outlet, article.published, article.url)


def _figure(clash: Clash, *, second: bool) -> tuple[Evidence, str]:
    side = clash.second if second else clash.first
    return side.evidence, side.value


def _is(figure: Figure, other: tuple[Evidence, str]) -> bool:
    """Tell whether a figure is the one that stands as this text in this sentence."""
    evidence, text = other
    return any(
        figure.value == one.value and figure.unit == one.unit and bool(one.unit)
        for one in figures(evidence)
        if one.text == text
    )


def _has(clash: Clash, mine: Sequence[Figure], claim: Claim) -> bool:
    """Tell whether a statement has the older figure of a clash: by its sentence, or the same figure with its unit."""
    here = clash.first.evidence.sentence.id in {c.sentence.id for c in claim.citations}
    return here or any(_is(figure, _figure(clash, second=False)) for figure in mine)
