"""Sentence to the unit that is printed for it: with the neighbours it cannot do without, and what it is worth.

A sentence is worth what it is to an editor (``rag.worth``); a hedge and loaded wording take from it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.attribution import begun, speeches
from rag.coverage import covered, terms
from rag.facts import names, numbers
from rag.fullnames import bare
from rag.furniture import newsworthy
from rag.modality import hedges
from rag.neutrality import concerns
from rag.passages import same_paragraph, silent
from rag.provenance import age
from rag.selection import PRICE, REPEATED, SPARE, Unit
from rag.standing import closed, is_fact, leans, points_back, recalls, under_way, unspecified
from rag.succession import Succession
from rag.timeline import announcement, due, lasting, one_day, passing, undated
from rag.worth import Place, acts, measured, worth

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from rag.clash import Clash
    from rag.sources import Evidence

UNSURE = 0.6
"""What a hedge leaves of the worth of a sentence."""
UNSIGNED = 0.7
"""What is left of the worth of a sentence of which neither outlet nor day is known, where other reports say theirs."""
THIN = 4
"""Content words below which a sentence says too little without a figure, or an act and a name: "Shop owners are
worried", "No injuries were reported"."""
ROUGH = 0.6
"""What is left of the worth of a sentence that an editor would question (``rag.neutrality``): of two that tell the
same, the plain one is printed. On the NeuS triplets concerns fall from 12.3 in a hundred sentences to 9.3, and recall
from .303 to .301; at 0.8 it is 10.0 and .301, at 0.4 8.5 and .300 (``benchmarks/neutrality.py``)."""
ROOM = 30
"""Words of a statement with room to spare: a story with reports of more days than its length has room for statements
cannot tell each day, and is told from its newest day back."""
OLDER, FURTHER = 0.5, 0.7
"""In such a story, what a day of reports is worth beside the next one, the first day apart, which is worth what the
newest is; and a sentence beside the one before it in its report, as reports open with what matters. Fitted on every
second event of the background summaries (``benchmarks/neutral.py``): recall .536 there, .453 without."""
ASKED, WANTED = 1000, 5
"""What a sentence that an editor wants is worth more than any other, and how much less than the square of its place
the order counts in which they are wanted: of 25 the first counts 25 times what the last does."""
CAME = 0.3
"""Share of an announcement's words, by rarity, that the report of how it went has; and of the words of a report's first
sentence that the story's opening has, if both tell one thing."""
BARE = 0.6
"""What is left of the worth of a sentence that opens with a bare surname, where no headline of the story has it."""
PASSED = 0.5
"""What is left of the worth of what was so for a while on a day before that of the newest report."""
NEAR = 0.5
"""Share of what the story's opening tells of what all reports share that a lead of the newest day must tell to stand
before it. As many facts of real stories are told as without (``benchmarks/wanted.py``), the new ones first."""
RETOLD = 0.4
"""What is left of the worth of a report's first sentence that tells what the story's opening tells."""
SINCE = 2
"""Days after which what was to be soon has been."""
CHAIN = 3
"""Most sentences of a unit: three on, it is another thought."""
LONGEST = 75
"""Words of a unit that is still read in one breath; a longer one is not printed."""


class Desk:
    """The sentences of one story, laid out: what each is worth, and what it needs beside it."""

    def __init__(self, evidence: Sequence[Evidence], topic: str | None, words: int, wanted: Sequence[int] = ()) -> None:
        """Lay out ``evidence`` for an account of about ``words`` words, on ``topic`` where there is one.

        ``wanted`` are the numbers of sentences that an editor wants, the first of them most.
        """
        self.evidence = evidence
        self.coverage = covered(tuple(evidence))
        self._against: set[tuple[int, int]] = set()
        self._topic = terms(topic or "")
        self._wanted = {number: len(wanted) - place for place, number in reversed([*enumerate(wanted)])}
        first = min((item.article for item in evidence), key=age, default=None)
        self._first = first.id if first is not None and first.published else ""
        self._opening = next(
            (item for item in self.coverage.news if item.article.id == self._first and self._leads(item)), None
        )
        self._newest: Evidence | None = None
        self.headlines = " ".join(sorted({item.article.headline or "" for item in evidence}))
        self._days = sorted({item.article.published.date() for item in evidence if item.article.published})
        self.succession = Succession(self.coverage, self._days[-1] if self._days else None)
        """What was overtaken by what, as far as ``supersede`` was told."""
        self.long = ROOM * len(self._days) > words
        """Whether there are reports of more days than can be told."""
        self.replaced: int | None = None
        """The sentence that the story began with, where another report has it with a newer figure."""

    def supersede(self, found: Sequence[Clash]) -> None:
        """Take note of figures that were overtaken: sentences that tell them are marked, the later one preferred.

        Sentences that clash do not agree, however alike they are.
        """
        for clash in found:
            one, two = (self.coverage.original(side.evidence).number for side in (clash.first, clash.second))
            self._against |= {(one, two), (two, one)}
        self.succession = Succession(self.coverage, self._days[-1] if self._days else None, found)
        self._reopen()
        self._newest = self._news_lead()
        if (
            self._newest is not None
            and self._opening is not None
            and (passing(self._opening) or under_way(self._opening.sentence.text) or self.over(self._opening))
        ):
            self._opening = self._newest

    def _reopen(self) -> None:
        """Begin the story with what a later report has in place of its opening.

        That tells the same with a newer figure, or how what the opening announced went.
        """
        opening = self._opening
        if opening is None:
            return
        newer, least = self.succession.successor(opening), REPEATED
        if newer is None and (told := announcement(opening)) is not None and self.over(opening):
            newer, least = self._outcome(opening, told.day), CAME
        if newer is not None and self.coverage.share(opening, newer) >= least:
            self.replaced, self._opening = opening.number, newer

    def retells(self, item: Evidence) -> bool:
        """Tell whether a report of the same day begins with ``item``, and tells there what the story begins with."""
        opening = self._opening
        if opening is None or opening.number == item.number or not self._leads(item) or not one_day(opening, item):
            return False
        one, two = opening.article.published, item.article.published
        near = one is None or two is None or abs((one.date() - two.date()).days) <= 1
        return near and self.coverage.share(item, opening) >= CAME

    def _news_lead(self) -> Evidence | None:
        """Return the lead of the reports of the newest day, of several, which tells most of what all share."""
        opening = self._opening
        if opening is None or not self._days[1:]:
            return None
        least = NEAR * self.coverage.prominence(opening)
        leads = [
            item
            for item in self.coverage.news
            if self._leads(item)
            and item.article.published
            and not self.older(item)
            and is_fact(item)
            and not self.over(item)
            and item.number not in self.succession.superseded
            and self.coverage.prominence(item) >= least
        ]
        return max(leads, key=self.coverage.prominence, default=None)

    def newest(self, item: Evidence) -> bool:
        """Tell whether ``item`` is what is new in a story of several days: it is told first."""
        return self._newest is not None and item.number == self._newest.number

    def _leads(self, item: Evidence) -> bool:
        return not self.coverage.rank[item.number]

    def over(self, item: Evidence) -> bool:
        """Tell whether ``item`` announces something for a day up to that of the newest report, which can tell of it.

        For its own day: if another report of that day tells how it went. Without a day: some days before that report.
        """
        day = due(item) if len(self._days) > 1 else None
        if day is None:
            return self._behind(item) >= SINCE and undated(item)
        if day > self._days[-1]:
            return False
        return day < self._days[-1] or self.older(item) or self._came(item, day)

    def older(self, item: Evidence) -> bool:
        """Tell whether the report of ``item`` is known to be of a day before the newest one."""
        return self._behind(item) > 0

    def _behind(self, item: Evidence) -> int:
        """Return the days from the report of ``item`` to the newest one; 0 where its day is not known."""
        published = item.article.published
        return (self._days[-1] - published.date()).days if published is not None else 0

    def _came(self, item: Evidence, day: date) -> bool:
        """Tell whether a report of ``day`` by another hand has most of what ``item`` announced for it."""
        of_day = [o for o in self.coverage.news if o.article.published and o.article.published.date() >= day]
        return any(
            other.article.id != item.article.id and not due(other) and self.coverage.share(item, other) >= CAME
            for other in of_day
        )

    def _outcome(self, opening: Evidence, day: date | None) -> Evidence | None:
        """Return the first sentence of that report from ``day`` on which has most of what ``opening`` announced."""
        firsts = filter(self._leads, self.coverage.news)
        later = [item for item in firsts if day and item.article.published and item.article.published.date() >= day]
        return max(later, key=lambda item: self.coverage.share(opening, item), default=None)

    def opens(self, item: Evidence) -> bool:
        """Tell whether the story begins with ``item``: the first sentence of its first report, or what replaced it."""
        opening = self._opening
        return opening is not None and item.number == opening.number and "opinion" not in item.article.labels

    def sums_up(self, unit: Unit) -> float:
        """Return how much of what the independent reports share a unit tells, for its length."""
        return self.coverage.centrality(unit.terms) / (unit.words + SPARE) ** PRICE

    def unit(self, run: tuple[Evidence, ...], lead: Evidence) -> Unit:
        """Return ``run`` as a unit that is printed for ``lead``."""
        about = frozenset(term for item in run for term in self.coverage.terms[item.number])
        agreeing = self.coverage.agreeing(lead)
        also = [item for item in agreeing if (lead.number, self.coverage.original(item).number) not in self._against]
        return Unit(run, lead, self._score(lead, about), about, also)

    def standing(self, item: Evidence, after_other: Evidence | None = None, *, answered: bool = False) -> Unit | None:
        """Return ``item`` with the neighbours that it cannot do without; None if it cannot stand at all.

        ``after_other`` is what it is printed after: "denied the accusation" needs nothing else then. Where it is
        ``answered`` below, direct speech may open with "They": the answer says who is meant.
        """
        run = self._attributed(item)
        if not run:
            return None
        told_before = after_other is not None and after_other.article.id == item.article.id
        while self._needs_more(run[0]) and not (told_before and not points_back(run[0].sentence.text)):
            if answered and run[0].sentence.text[0] in '“"' and not all(map(silent, run)):
                break
            before = self.coverage.before(run[0])
            if before is None or len(run) >= CHAIN or (silent(before) and not same_paragraph(before, run[0])):
                return None  # a quotation of the paragraph before is somebody else's
            run.insert(0, before)
        unit = self.unit(tuple(run), item)
        if len(unit.terms) < THIN and not numbers(item.sentence.text) and not self._tells(item):
            return None
        told = closed(unit.text) and all(newsworthy(one) and one.number not in self.coverage.withdrawn for one in run)
        return unit if told and unit.words <= LONGEST else None

    def _tells(self, item: Evidence) -> bool:
        """Tell whether a short sentence says what was done, and by or to whom by name."""
        text = item.sentence.text
        return acts(text) and any(not name.opens for name in names(text))

    def _needs_more(self, item: Evidence) -> bool:
        before = self.coverage.before(item)
        if unspecified(item.sentence.text, self.headlines):
            return True
        if begun(item.article.text, item.sentence.start):
            return True  # direct speech without its opening mark
        return leans(item.sentence.text) or (before is not None and recalls(item.sentence.text, before.sentence.text))

    def _attributed(self, item: Evidence) -> list[Evidence]:
        """Return ``item``, direct speech with the neighbour that names its speaker; nothing where none does."""
        if not silent(item):
            return [item]
        after, before = self.coverage.after(item), self.coverage.before(item)
        if after is not None and speeches(after.sentence.text) and not silent(after):
            return [item, after]
        if before is not None and same_paragraph(before, item) and not silent(before):
            return [before, item]
        return []

    def _score(self, item: Evidence, about: frozenset[str]) -> float:
        text = item.sentence.text
        score = worth(measured(item, self.coverage, self.place(item)))
        score *= UNSURE if hedges(text) else 1.0
        score *= ROUGH if concerns(text) else 1.0
        score *= self._dated(item) if self.long else 1.0
        score *= BARE if bare(item, self.headlines) else 1.0
        score *= PASSED if self.older(item) and lasting(item) else 1.0
        score *= ASKED * (WANTED + self._wanted[item.number]) ** 2 if item.number in self._wanted else 1.0
        score *= UNSIGNED if self._days and not (item.article.published or item.article.outlet) else 1.0
        if self._topic:
            score *= 0.5 + len(about & self._topic) / len(self._topic)
        return score

    def place(self, item: Evidence) -> Place:
        """Return where ``item`` stands in the story, as it is known by now: ``supersede`` changes it."""
        published = item.article.published
        day = published.date() if published else self._days[0] if self._days else None
        behind = (
            (self._days[-1] - day).days if day and not self.long else 0
        )  # ``_dated`` tells the days of a long story
        first = item.article.id == self._first
        return Place(behind, first, self.succession.replaces(item), item.number in self.succession.superseded)

    def _dated(self, item: Evidence) -> float:
        """Return what the place of ``item`` in a story of many days, and in its report, leaves of its worth."""
        published = item.article.published
        place = self._days.index(published.date()) if published else 0
        later = len(self._days) - 1 - place if place else 0
        return OLDER**later * FURTHER ** self.coverage.rank[item.number]
