"""Sentences of one story to what its independent reports share: how much a word weighs, and which sentences agree.

Reports are counted by roots: what ten outlets copied was reported once.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cached_property, lru_cache
from math import fsum, log
from typing import TYPE_CHECKING

from rag.cited import NEGATIONS
from rag.corrections import is_correction, withdrawn
from rag.facts import amounts, numbers
from rag.furniture import newsworthy
from rag.passages import independent, root, same_paragraph, speakers, takes_from
from rag.vocabulary import COMMON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.sources import Evidence

SAME = 0.6
"""Jaccard similarity of content words from which two sentences say the same thing, if their numbers are the same."""
COPIED = 0.8
"""The same for a sentence of a copy and one of its root: 57.3% and 53.7% may differ there, and both are kept."""
STORIES = 32
"""Stories of which what they share, and what they dispute, is remembered: both are asked for at each length tried."""
# The weights were set on seeds/ and on the word recall of 110 NeuS references. Around them, facts in the account go
# from 22 to 24 of 31 and recall from .440 to .450: a plateau.
ONE_ROOT = 0.1
"""Weight of a word that one root has; of one that n have it is log n more."""
TITLE = 2.0
"""What a word that stands in the headlines of all roots is worth more than one that stands in none."""
AGREES, SHARED = 0.75, 5
"""Share of a sentence's words, by rarity, and number of them that one sentence of another root must have, with
all its figures, to agree with it. At .55 the name of a returning officer alone made an agreement."""
BACKED = 0.4
"""Share of a sentence's words, weighted by rarity, that one other root must have within three sentences for the
statement not to be single-sourced."""
FEW = 10
"""Figures below which a report may leave out of what it tells as well: "two night routes"."""
AROUND = 3
"""Sentences to either side of one that say what it is about."""
ASIDE = 0.14
"""Prominence below which a sentence, with those around it too, is of another item of a newsletter. Of the
7,543 sentences of the dev stories of ``benchmarks/wanted.py`` they are one in twenty, and none of the 1,176 wanted."""
_RELATIVE = re.compile(r",? (?:which|who|whose)\b[^,;—–]*(?=[,;—–.]|$)")
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*", re.UNICODE)


def terms(text: str) -> frozenset[str]:
    """Return the content words in lower case, cut to six letters, and the numbers by value."""
    words = (match.group().lower().removesuffix("’s").removesuffix("'s") for match in _WORD.finditer(text))
    found = {word[:6] for word in words if word not in COMMON and len(word) > 1 and not word[0].isdigit()}
    return frozenset(found | {f"#{number.value.normalize()}" for number in numbers(text)})


@lru_cache(maxsize=STORIES)
def covered(evidence: tuple[Evidence, ...]) -> Coverage:
    """Return the coverage of one story: it is asked for at each length that is tried."""
    return Coverage(evidence)


def _bare(text: str) -> str:
    """Return a sentence without its relative clauses: what they say of a law is true of any ruling on it."""
    return _RELATIVE.sub("", text)


class Coverage:
    """The sentences of one story beside each other."""

    def __init__(self, evidence: Sequence[Evidence]) -> None:
        self.evidence = evidence
        self.roots = len({root(item) for item in evidence})
        """Independent reports."""
        self.several = any(independent(evidence[0], item) for item in evidence)
        """Whether there are reports by two who do not depend on each other: not of one outlet only."""
        self.terms = {item.number: terms(item.sentence.text) for item in evidence}
        """Content words of each sentence."""
        spread = Counter(term for item in evidence for term in self.terms[item.number])
        self.rarity = {term: log(1 + len(evidence) / count) for term, count in spread.items()}
        """Of each word: the fewer sentences have it, the more it says."""
        self.weight = self._weighted()
        """Of each word: how much the independent reports share it."""
        self._place = {(item.article.id, item.sentence.n): item for item in evidence}
        self._articles: dict[str, list[Evidence]] = defaultdict(list)
        for item in evidence:
            self._articles[item.article.id].append(item)
        self.rank = self._ranked()
        """Of each sentence: how many sentences of news stand before it in its article; a byline, a dateline or a
        caption above is none."""
        self._copied = {item.number: origin.number for item in evidence if (origin := self._origin(item)) is not None}
        self.withdrawn = withdrawn(evidence)
        """Numbers of the sentences whose figure was taken back."""
        told = [item for item in evidence if item.number not in self.withdrawn and item.number not in self._copied]
        self.news = [item for item in told if newsworthy(item)]
        """The sentences that may be told: news, once each, and not withdrawn."""
        self._having: dict[str, list[int]] = defaultdict(list)
        for place, item in enumerate(self.news):
            for term in self.terms[item.number]:
                self._having[term].append(place)
        self._agreeing: dict[int, list[Evidence]] = {}

    def centrality(self, terms: frozenset[str]) -> float:
        """Return how much of what the independent reports share is in ``terms``."""
        return fsum(self.weight.get(term, 0.0) for term in terms)

    def prominence(self, item: Evidence) -> float:
        """Return how much of what the reports share ``item`` tells, of the most that one sentence of news does."""
        return self.centrality(self.terms[item.number]) / self._most

    @cached_property
    def _most(self) -> float:
        return max((self.centrality(self.terms[item.number]) for item in self.news), default=0.0) or 1.0

    def near(self, item: Evidence) -> float:
        """Return how prominent the sentences around ``item`` are: those of a newsletter's other items are not."""
        steps = [step for step in range(-AROUND, AROUND + 1) if step]
        around = [self._place.get((item.article.id, item.sentence.n + step)) for step in steps]
        found = [self.prominence(one) for one in around if one is not None]
        return fsum(found) / len(found) if found else 0.0

    def aside(self, item: Evidence) -> bool:
        """Tell whether neither ``item`` nor what stands around it tells of what the reports share."""
        return self.prominence(item) < ASIDE and self.near(item) < ASIDE

    def original(self, item: Evidence) -> Evidence:
        """Return the sentence that ``item`` is a copy of, or ``item`` itself."""
        number = self._copied.get(item.number)
        return item if number is None else next(other for other in self.evidence if other.number == number)

    def agreeing(self, item: Evidence) -> list[Evidence]:
        """Return the sentences of other roots that say the same, or that with more, one of each root and outlet."""
        if item.number not in self._agreeing:
            enough = len(self.terms[item.number]) >= SHARED  # "There were no arrests" may be of another day
            alike = self._groups.get(item.number, [item]) if enough else [item]
            same = {root(other): other for other in alike if independent(other, item)}
            for other in self._telling(item) if enough else ():
                same.setdefault(root(other), other)
            found: list[Evidence] = []
            for other in (same[first] for first in sorted(same)):
                found += [other] if all(independent(other, one) for one in found) else []
            self._agreeing[item.number] = found
        return self._agreeing[item.number]

    def _telling(self, item: Evidence) -> list[Evidence]:
        """Return the sentences of other roots that tell most of ``item`` with all its figures, closest first."""
        shares: dict[int, float] = defaultdict(float)
        for term in sorted(self.terms[item.number]):  # in one order: sums of floats depend on it
            for place in self._having[term]:
                shares[place] += self.rarity[term]
        least, text = AGREES * self._rare(self.terms[item.number]), item.sentence.text
        close = sorted((-share, place) for place, share in shares.items() if share >= least)
        return [
            other
            for other in (self.news[place] for _, place in close)
            if independent(other, item)
            and len(self.terms[item.number] & self.terms[other.number]) >= SHARED
            and amounts(text) <= amounts(other.sentence.text)
            and bool(NEGATIONS.search(text)) == bool(NEGATIONS.search(other.sentence.text))
            and self._tells(_bare(text), _bare(other.sentence.text))
        ]

    def _tells(self, text: str, other: str) -> bool:
        ours = terms(text)
        return self._rare(ours & terms(other)) >= AGREES * self._rare(ours)

    def share(self, item: Evidence, other: Evidence) -> float:
        """Return the share of the words of ``item``, by rarity, that ``other`` has."""
        ours = self.terms[item.number]
        return self._rare(ours & self.terms[other.number]) / (self._rare(ours) or 1.0)

    def _rare(self, terms: frozenset[str]) -> float:
        return fsum(self.rarity.get(term, 0.0) for term in terms)

    def backed(self, item: Evidence) -> bool:
        """Tell whether another root, of another outlet, has most of what ``item`` says within three sentences.

        With its figures; it does not take it from that outlet, and is no opinion.
        """
        wanted = self.terms[item.number]
        shares: dict[int, float] = defaultdict(float)
        for term in sorted(wanted):
            for place in self._windows[term]:
                shares[place] += self.rarity[term]
        least = BACKED * self._rare(wanted)
        found = (self.evidence[at] for at, share in shares.items() if share >= least)
        return any(independent(other, item) and self._tells_itself(other, item) for other in found)

    def _tells_itself(self, other: Evidence, item: Evidence) -> bool:
        """Tell whether a report has the figures of ``item`` from ``other`` on, on its own word."""
        window = self._window(other)
        told = {number.value for one in window for number in numbers(one.sentence.text)}
        taken = item.article.outlet and any(takes_from(one.sentence.text, item.article.outlet) for one in window)
        asked = {number.value for number in numbers(item.sentence.text) if number.value >= FEW}
        return asked <= told and not taken and "opinion" not in other.article.labels

    def after(self, item: Evidence) -> Evidence | None:
        """Return the next sentence of the same paragraph."""
        after = self.following(item)
        return after if after is not None and same_paragraph(item, after) else None

    def following(self, item: Evidence) -> Evidence | None:
        """Return the sentence after it in its article."""
        return self._place.get((item.article.id, item.sentence.n + 1))

    def before(self, item: Evidence) -> Evidence | None:
        """Return the sentence before it in its article."""
        return self._place.get((item.article.id, item.sentence.n - 1))

    def _ranked(self) -> dict[int, int]:
        rank: dict[int, int] = {}
        for items in self._articles.values():
            told = 0
            for item in sorted(items, key=lambda one: one.sentence.n):
                rank[item.number] = told
                told += newsworthy(item) and not is_correction(item)
        return rank

    def _weighted(self) -> dict[str, float]:
        carried: dict[str, set[str]] = defaultdict(set)
        for item in self.evidence:
            for term in self.terms[item.number]:
                carried[term].add(root(item))
        titled: dict[str, set[str]] = defaultdict(set)
        for item in self.evidence:
            for term in terms(item.article.headline or ""):
                titled[term].add(root(item))
        return {
            term: (ONE_ROOT + log(len(found))) * (1 + TITLE * len(titled[term]) / self.roots)
            for term, found in carried.items()
        }

    def _origin(self, item: Evidence) -> Evidence | None:
        """Return the sentence of the root that ``item`` is a copy of, if it is one."""
        first = root(item)
        if first == item.article.id:
            return None
        ours = self.terms[item.number]
        return next(
            (
                other
                for other in self._articles[first]
                if len(ours & self.terms[other.number]) >= COPIED * len(ours | self.terms[other.number])
            ),
            None,
        )

    @cached_property
    def _windows(self) -> dict[str, set[int]]:
        """Return for each word the places in ``evidence`` that have it within three sentences of one article."""
        found: dict[str, set[int]] = defaultdict(set)
        for place, item in enumerate(self.evidence):
            for near in self._window(item):
                for term in self.terms[near.number]:
                    found[term].add(place)
        return found

    def _window(self, item: Evidence) -> list[Evidence]:
        """Return a sentence and the two after it in its article."""
        found = (self._place.get((item.article.id, item.sentence.n + step)) for step in (0, 1, 2))
        return [one for one in found if one is not None]

    @cached_property
    def _groups(self) -> dict[int, list[Evidence]]:
        """Return for each sentence those that say the same, one of each root."""
        having: dict[str, list[Evidence]] = defaultdict(list)
        for item in self.news:
            for term in self.terms[item.number]:
                having[term].append(item)
        by_number = {item.number: item for item in self.news}
        found: dict[int, list[Evidence]] = {}
        for item in self.news:
            shared = Counter(other.number for term in self.terms[item.number] for other in having[term])
            least = SAME * len(self.terms[item.number])
            likely = (by_number[number] for number in sorted(shared) if shared[number] >= least)
            same = [other for other in likely if root(other) != root(item) and self._same(item, other)]
            once = {root(other): other for other in reversed(same)}
            found[item.number] = [item, *(once[first] for first in sorted(once))]
        return found

    def _same(self, first: Evidence, second: Evidence) -> bool:
        a, b = self.terms[first.number], self.terms[second.number]
        if len(a & b) < SAME * len(a | b) or speakers(first) != speakers(second):
            return False
        return amounts(first.sentence.text) == amounts(second.sentence.text)
