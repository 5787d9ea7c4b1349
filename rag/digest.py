"""Story and its sentences to the sections of a briefing, without a model.

    Group + Evidence -> lines (what may be printed) -> units (what stands alone) -> sections of Statements

Every statement is one or a few neighbouring sentences of one article, word for word, and the outlets that print it in
brackets. What is chosen is what most independent reports are about; nothing is chosen for whom it addresses: questions,
instructions, adverts and asides to the reader are not news, whoever wrote them and whatever they ask for.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING

from rag.attribution import hedges, outside_quotations, quotations, speakerless, speeches
from rag.claims import Statement
from rag.conflicts import Clash, clashes, corrections, is_correction, withdrawn
from rag.conflicts import Kind as Clashing
from rag.facts import names, numbers
from rag.sources import Evidence
from rag.stories import Group, age
from rag.timeline import announcements

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from rag.wire import Kind

WEIGHTS: dict[Kind, float] = {"corrections": 0.5, "disputed": 0.9, "announced": 0.9, "said": 0.6, "facts": 1.0}
"""What a statement is worth by its section: first every section gets its best, then the best of all goes in."""
CAPS: dict[Kind, float] = {"corrections": 0.25, "disputed": 0.45, "announced": 0.25, "said": 0.20, "facts": 0.65}
"""The share of the length that a section may take; its best goes in up to half as much again. ``facts`` are parted
afterwards into what several roots carry and what one does."""
ORDER: tuple[Kind, ...] = ("facts", "said", "disputed", "single_source", "announced", "corrections")
"""Sections in reading order."""
SAME = 0.6
"""Jaccard similarity of content words from which two sentences say the same thing, if their numbers are the same."""
# The weights below were set on seeds/ (key sentences at 250 words: 13 to 17 of 31 over the whole grid, so a plateau)
# and on the word recall of 120 NeuS references, which they hardly move (.402 to .409 at 80 words).
COPIED = 0.8
"""The same for a sentence of a copy and one of its root: 57.3% and 53.7% may differ there, and both are kept."""
ONE_ROOT = 0.1
"""Weight of a word that one root has; of one that n have it is log n more."""
TITLE = 2.0
"""What a word that stands in the headlines of all roots is worth more than one that stands in none."""
FIGURES = 1.3
"""What two figures for one thing are worth more than a claim and its denial."""
OVERTAKEN = 0.4
"""What is left of the worth of a sentence with an overtaken figure, unless it opens its article: what happened is
still told there, and a note says as of when."""
FIRST = 0.2
"""What the first three sentences of the first report are worth more: they say what happened."""
BACKED = 0.5
"""Share of a sentence's words, weighted by rarity, that one other root must have within three sentences for the
statement not to be single-sourced."""
OPENING = 3
"""Sentences of an article that count as its opening."""
LEAD = 1.0
"""What the first sentence of an article is worth more than a later one; the next two a third of it."""
TOLD = 0.3
"""How much a sentence loses if all its words were used before, in whatever sentences."""
PRICE = 0.6
SPARE = 8
"""A sentence is worth its score by (words + SPARE) ** PRICE: long leads may win over short asides."""
SUPPORT, FIGURED, UNSURE, NEWER = 0.35, 0.1, 0.6, 1.3
"""What one more root that says the same, or a figure, adds to a sentence; what a hedge leaves of it; what a figure that
replaces an older one makes it worth."""
PARAGRAPH = 50
"""Words of a correction that are printed: with what was wrong, what is right."""
CHAIN = 3
"""Most sentences of a unit: three on, it is another thought."""
SINGLE = "single source"
"""Note of a statement that one root of several carries."""
SHORTEST = 4
"""Words below which a sentence without a figure says nothing alone: "That was wrong."."""
LONGEST = 75
"""Words of a unit that is still read in one breath; a longer one is not printed."""


def digest(
    story: Group, evidence: Sequence[Evidence], *, words: int = 250, topic: str | None = None
) -> dict[Kind, tuple[Statement, ...]]:
    """Return the sections of a briefing on ``story``, in reading order, in about ``words`` words.

    ``evidence`` are all sentences of its articles (those of other articles are passed over), with their roots; scores,
    where there are any, say how relevant each is to ``topic``. The same input gives the same output.
    """
    mine = {article.id for article in story.articles}
    desk = Desk([item for item in evidence if item.article.id in mine], topic)
    disputes = clashes(desk.evidence)
    desk.supersede(disputes)
    pools: dict[Kind, list[list[Unit]]] = {
        "facts": desk.facts(),
        "disputed": desk.disputed(disputes),
        "announced": desk.announced(),
        "corrections": desk.corrections(),
        "said": desk.said(),
    }
    chosen = desk.fill(pools, words)
    shared = [unit for unit in chosen["facts"] if SINGLE not in unit.note]
    if shared:
        chosen["single_source"] = [unit for unit in chosen["facts"] if SINGLE in unit.note]
        chosen["facts"] = shared
    return {kind: tuple(unit.statement() for unit in chosen[kind]) for kind in ORDER if chosen.get(kind)}


def headline(story: Group, evidence: Sequence[Evidence]) -> str:
    """Return the headline of the root article that is closest to what all of the story's articles are about."""
    mine = {article.id: article for article in story.articles}
    desk = Desk([item for item in evidence if item.article.id in mine], None)
    firsts = [mine[source.root] for source in story.sources if source.root in mine]
    titled = [
        article for article in firsts if article.headline and not {"opinion", "correction"} & {*article.labels}
    ] or list(story.articles)
    best = max(
        titled,
        key=lambda article: (
            desk.centrality(_terms(article.headline or "")) / (len(_terms(article.headline or "")) + 2),
            -age(article)[0].timestamp(),
        ),
    )
    return best.headline or ""


@dataclass(slots=True)
class Unit:
    """Neighbouring sentences that stand alone together."""

    run: tuple[Evidence, ...]
    lead: Evidence
    """The sentence that it was chosen for."""
    score: float
    terms: frozenset[str]
    also: list[Evidence] = field(default_factory=list[Evidence])
    """Sentences of other roots that say the same."""
    note: str = ""
    words: int = field(init=False)
    """Length in words, outlets included."""
    overlap: float = 0.0
    """Share of its words, by rarity, in that printed statement that has most of them."""
    told: float = 0.0
    """What it loses for all printed statements together; 1 if one of its sentences is printed."""

    def __post_init__(self) -> None:
        self.words = len(self.statement().text.split())

    def statement(self) -> Statement:
        """Return the sentences as they stand, with their outlets in brackets."""
        text = " ".join(item.sentence.text for item in self.run)
        named = (item.article.credit for item in (self.lead, *self.also))
        outlets = dict.fromkeys(name for name in named if name)
        cited = dict.fromkeys(item.number for item in (*self.run, *self.also))
        return Statement(f"{text} ({'; '.join(outlets)})" if outlets else text, tuple(cited), self.note)


class Desk:
    """The sentences of one story, laid out: what each is about, how central it is, and what it needs beside it."""

    def __init__(self, evidence: Sequence[Evidence], topic: str | None) -> None:
        self.evidence = evidence
        self._place = {(item.article.id, item.sentence.n): item for item in evidence}
        self._topic = _terms(topic or "")
        self._terms = {item.number: _terms(item.sentence.text) for item in evidence}
        first = min((item.article for item in evidence), key=age, default=None)
        self._first = first.id if first is not None and first.published else ""
        self._superseded: dict[int, str] = {}
        self._later: set[int] = set()
        self._roots = len({_root(item) for item in evidence})
        carried: dict[str, set[str]] = defaultdict(set)
        for item in evidence:
            for term in self._terms[item.number]:
                carried[term].add(_root(item))
        titled: dict[str, set[str]] = defaultdict(set)
        for item in evidence:
            for term in _terms(item.article.headline or ""):
                titled[term].add(_root(item))
        self._weight = {
            term: (ONE_ROOT + log(len(found))) * (1 + TITLE * len(titled[term]) / self._roots)
            for term, found in carried.items()
        }
        spread = Counter(term for item in evidence for term in self._terms[item.number])
        self._rarity = {term: log(1 + len(evidence) / count) for term, count in spread.items()}
        self._articles: dict[str, list[Evidence]] = defaultdict(list)
        for item in evidence:
            self._articles[item.article.id].append(item)
        self._copied = {item.number: origin.number for item in evidence if (origin := self._origin(item)) is not None}
        self._withdrawn = withdrawn(evidence)
        self._news = [
            e for e in evidence if e.number not in self._withdrawn and e.number not in self._copied and self._is_news(e)
        ]
        self._windows = self._windowed()
        self._groups = self._grouped()

    def centrality(self, terms: frozenset[str]) -> float:
        """Return how much of what the independent reports share is in ``terms``."""
        return sum(self._weight.get(term, 0.0) for term in terms)

    def supersede(self, found: Iterable[Clash]) -> None:
        """Take note of figures that were overtaken: the earlier sentence is marked, the later one preferred."""
        for clash in found:
            if clash.kind in {Clashing.UPDATE, Clashing.CORRECTION}:
                earlier = self._original(clash.first.evidence)
                if earlier.number not in self._superseded and not is_correction(earlier):
                    published = earlier.article.published
                    as_of = f"as of {published.day} {published:%B %Y}; " if published else ""
                    self._superseded[earlier.number] = f"{as_of}{clash.second.value} in a later report"
                self._later.add(clash.second.evidence.number)

    def corrections(self) -> list[list[Unit]]:
        """Return what outlets took back, each with the rest of its paragraph."""
        found: list[list[Unit]] = []
        seen: set[str] = set()
        for item in corrections(self.evidence):
            if item.article.id in seen:
                continue
            seen.add(item.article.id)
            run = [item]
            while (after := self._next(run[-1])) and _words((*run, after)) <= PARAGRAPH:
                run.append(after)
            found.append([self._unit(tuple(run), item)])
        return found

    def disputed(self, found: Iterable[Clash]) -> list[list[Unit]]:
        """Return both sides of each dispute, side by side."""
        pairs: list[list[Unit]] = []
        for clash in found:
            if clash.kind not in {Clashing.DISPUTE, Clashing.DENIAL, Clashing.REPLY, Clashing.SPEAKER}:
                continue
            one, two = (self._original(side.evidence) for side in (clash.first, clash.second))
            if {one.number, two.number} & self._withdrawn:
                continue  # no dispute any more
            sides = [self._standing(one), self._standing(two, one)]
            if all(side is not None for side in sides):
                pair = [side for side in sides if side is not None]
                for side in pair:
                    side.note = _disputed_note(clash)
                    side.score *= FIGURES if clash.kind is Clashing.DISPUTE else 1.0
                pairs.append(pair)
        return sorted(pairs, key=lambda pair: -sum(unit.score for unit in pair))

    def announced(self) -> list[list[Unit]]:
        """Return what is to come after the latest report, soonest first."""
        latest = max((item.article.published.date() for item in self.evidence if item.article.published), default=None)
        found: list[list[Unit]] = []
        for announcement in announcements(self._news):
            day = announcement.day
            unit = self._standing(announcement.evidence)
            if unit is None or (day and latest and day < latest):
                continue
            unit.note = f"for {day.day} {day:%B %Y}" if day else ""
            unit.score *= 1.5 if day else 1.0
            found.append([unit])
        return found

    def said(self) -> list[list[Unit]]:
        """Return who says what: at most as much of one speaker or outlet as of the next."""
        units = [self._standing(item) for item in self._news if _is_said(item)]
        ranked = sorted((unit for unit in units if unit is not None), key=lambda unit: -unit.score)
        turns: Counter[str] = Counter()
        for unit in ranked:
            speaker, outlet = _speaker(unit), unit.lead.article.outlet or unit.lead.article.id
            unit.score /= 1 + 2 * turns[speaker] + turns[outlet]
            turns[speaker] += 1
            turns[outlet] += 1
        return [[unit] for unit in ranked]

    def facts(self) -> list[list[Unit]]:
        """Return what happened; what only one of several roots has is marked so."""
        found: list[list[Unit]] = []
        for item in self._news:
            opening = item.article.id == self._first and item.sentence.n == 0 and "opinion" not in item.article.labels
            unit = self._standing(item) if opening or _is_fact(item) else None
            if unit is not None:
                alone = self._roots > 1 and not opening and not unit.also and not self._backed(item)
                unit.note = "; ".join(filter(None, (SINGLE if alone else "", self._superseded.get(item.number, ""))))
                unit.score *= 2.0 if opening else 1.0 if alone else 1.2
                found.append([unit])
        return found

    def fill(self, pools: dict[Kind, list[list[Unit]]], words: int) -> dict[Kind, list[Unit]]:
        """Return what to print of each section, in the order of events, in at most ``words`` words.

        Each section gets its best as far as there is room, then the best of all goes in until nothing fits.
        """
        chosen: dict[Kind, list[Sequence[Unit]]] = {kind: [] for kind in pools}
        printed = Printed([unit for pool in pools.values() for units in pool for unit in units], self._rarity)
        for kind, pool in pools.items():
            room = min(1.5 * CAPS[kind] * words, words - _total(chosen))
            fit = [units for units in pool if _length(units) <= room]
            if fit and _worth(best := max(fit, key=_worth)) > 0:
                chosen[kind].append(best)
                printed.take(best)
        while True:
            fitting: list[tuple[float, Kind, Sequence[Unit]]] = [
                (_worth(units) * WEIGHTS[kind], kind, units)
                for kind, pool in pools.items()
                for units in pool
                if _length(units) <= min(words - _total(chosen), CAPS[kind] * words - sum(map(_length, chosen[kind])))
            ]
            worth, kind, units = max(fitting, key=lambda row: row[0], default=(0.0, "facts", ()))
            if worth <= 0:
                break
            chosen[kind].append(units)
            printed.take(units)
        return {kind: [unit for units in sorted(found, key=_order) for unit in units] for kind, found in chosen.items()}

    def _unit(self, run: tuple[Evidence, ...], lead: Evidence) -> Unit:
        terms = frozenset(term for item in run for term in self._terms[item.number])
        group = self._groups.get(lead.number, [lead])
        also = [item for item in group if _root(item) != _root(lead)]
        return Unit(run, lead, self._score(lead, terms, len(also)), terms, also)

    def _score(self, item: Evidence, terms: frozenset[str], support: int) -> float:
        text = item.sentence.text
        score = self.centrality(self._terms[item.number] | (terms & self._topic))
        figures = sum(n.text[0] in "$€£¥" or n.text[0].isdigit() for n in numbers(text))
        early = LEAD if item.sentence.n == 0 else LEAD / 3 if item.sentence.n < OPENING else 0.0
        first = FIRST if item.article.id == self._first and item.sentence.n < OPENING else 0.0
        score *= (1 + SUPPORT * min(3, support) + early) * (1 + FIGURED * min(3, figures) + first)
        score *= UNSURE if hedges(text) else 1.0
        score *= OVERTAKEN if item.number in self._superseded and item.sentence.n else 1.0
        score *= NEWER if item.number in self._later else 1.0
        if self._topic:
            score *= 0.5 + len(terms & self._topic) / len(self._topic)
        return score

    def _standing(self, item: Evidence, after_other: Evidence | None = None) -> Unit | None:
        """Return ``item`` with the neighbours that it cannot do without; None if it cannot stand at all.

        ``after_other`` is what it is printed after: "denied the accusation" needs nothing else then.
        """
        run = [item]
        if _silent(item):
            after, before = self._next(item), self._previous(item)
            if after is not None and speeches(after.sentence.text) and not _silent(after):
                run.append(after)
            elif before is not None and _same_paragraph(before, item) and not _silent(before):
                run.insert(0, before)
            else:
                return None
        told_before = after_other is not None and after_other.article.id == item.article.id
        while _leans(run[0].sentence.text) and not (told_before and not _LEANS.match(run[0].sentence.text)):
            before = self._previous(run[0])
            if before is None or len(run) >= CHAIN:
                return None
            run.insert(0, before)
        unit = self._unit(tuple(run), item)
        return unit if unit.words <= LONGEST and all(self._is_news(e) for e in run) else None

    def _origin(self, item: Evidence) -> Evidence | None:
        """Return the sentence of the root that ``item`` is a copy of, if it is one."""
        root = _root(item)
        if root == item.article.id:
            return None
        theirs = self._articles[root]
        ours = self._terms[item.number]
        return next(
            (o for o in theirs if len(ours & self._terms[o.number]) >= COPIED * len(ours | self._terms[o.number])), None
        )

    def _original(self, item: Evidence) -> Evidence:
        number = self._copied.get(item.number)
        return item if number is None else next(other for other in self.evidence if other.number == number)

    def _next(self, item: Evidence) -> Evidence | None:
        after = self._place.get((item.article.id, item.sentence.n + 1))
        return after if after is not None and _same_paragraph(item, after) else None

    def _previous(self, item: Evidence) -> Evidence | None:
        return self._place.get((item.article.id, item.sentence.n - 1))

    def _backed(self, item: Evidence) -> bool:
        """Tell whether another root has most of what ``item`` says within three sentences."""
        wanted = self._terms[item.number]
        shares: dict[int, float] = defaultdict(float)
        for term in wanted:
            for place in self._windows[term]:
                shares[place] += self._rarity[term]
        least = BACKED * sum(self._rarity[term] for term in wanted)
        return any(share >= least and _root(self.evidence[at]) != _root(item) for at, share in shares.items())

    def _windowed(self) -> dict[str, set[int]]:
        """Return for each word the places in ``evidence`` that have it within three sentences of one article."""
        found: dict[str, set[int]] = defaultdict(set)
        for place, item in enumerate(self.evidence):
            for near in (self._place.get((item.article.id, item.sentence.n + step)) for step in (0, 1, 2)):
                for term in self._terms[near.number] if near else ():
                    found[term].add(place)
        return found

    def _grouped(self) -> dict[int, list[Evidence]]:
        """Return for each sentence those that say the same, one of each root."""
        having: dict[str, list[Evidence]] = defaultdict(list)
        for item in self._news:
            for term in self._terms[item.number]:
                having[term].append(item)
        found: dict[int, list[Evidence]] = {}
        for item in self._news:
            shared = Counter(other.number for term in self._terms[item.number] for other in having[term])
            likely = (o for o in self._news if shared[o.number] >= SAME * len(self._terms[item.number]))
            same = [other for other in likely if _root(other) != _root(item) and self._same(item, other)]
            once = {_root(other): other for other in reversed(same)}
            found[item.number] = [item, *(once[root] for root in sorted(once))]
        return found

    def _same(self, first: Evidence, second: Evidence) -> bool:
        a, b = self._terms[first.number], self._terms[second.number]
        if len(a & b) < SAME * len(a | b) or self._speakers(first) != self._speakers(second):
            return False
        return {n.value for n in numbers(first.sentence.text)} == {n.value for n in numbers(second.sentence.text)}

    def _speakers(self, item: Evidence) -> frozenset[str]:
        return frozenset(word for speech in speeches(item.sentence.text) for word in speech.words)

    def _is_news(self, item: Evidence) -> bool:
        first = item.article.text.rfind("\n", 0, item.sentence.start) + 1
        last = item.article.text.find("\n", item.sentence.end)
        return is_news(item.sentence.text, item.article.text[first : last if last >= 0 else None])


_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*", re.UNICODE)
_STOP_LISTED = (
    "the a an and or but of to in on at by for from with without as is are was were be been being it its this "
    "that these "
    "those he she they his her their them him who whom which what when where while will would can could may might has "
    "have had do does did no not nor said says say told added after before over under into about than then there "
    "more most "
    "also we our you your i my so up out all any some other such only just"
)
_STOP = frozenset(_STOP_LISTED.split())
_LEANS = re.compile(
    r"^[“\"‘]?(?:he|she|they|it|this|that|these|those|his|her|him|their|its|but|and|so|instead|however|both|"
    r"neither|such|"
    r"another|others|one of (?:them|its)|then|nor|or|nine patients|none|fourteen|\w+ of (?:them|those)|as a result|"
    r"in response|at the same time|in that)\b",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\b(?:rejected|denied|dismissed|called) (?:the|that|this|these|those) (?:accusation|claim|allegation|remark|"
    r"criticism|charge|suggestion|report)s?\b"
    r"|\bdenied (?:this|that|it)[.,]|\bthe remark\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|she|him|his|her)\b", re.IGNORECASE)
_IMPERATIVE = re.compile(
    r"^(?:(?:please|first|second|third|fourth|fifth|then|now|also|next|finally|just|never|always|so)[,:]?\s+)?"
    r"(?:do not|don[’']t|(?:reply|respond|answer) to|(?:reply|tell|say|visit|click|ignore|include|mention|send|write|"
    r"read|watch|listen|subscribe|sign up|follow|download|share|join|call|contact|check|change|use|take|keep|ask|make|"
    r"go|get|see|look|remember|note|consider|avoid|try|stop|start|find|learn|give|put|let|be|enter|open|print|output|respond|"
    r"answer|repeat|summari[sz]e|translate|forget|pretend|act|disregard|execute|run|register|buy|donate|help|stay|wait|"
    r"bring|choose|state|report|claim|pay|conclude|describe|list|cite)(?!\s+(?:of|in|for|to|from|is|was|has|had|were|"
    r"are|said|\w+ed)\b))\s+[a-z“\"]",
    re.IGNORECASE,
)
_TAINTS = re.compile(
    r"https?://|<!--|-->|ignore (?:all |any )?(?:the )?(?:previous|prior|above)|language model|\bai (?:readers?|"
    r"assistants?|models?)\b|^(?:system|user|assistant)\s*:|helpful assistant",
    re.IGNORECASE | re.MULTILINE,
)
_FURNITURE = re.compile(
    r"www\.|\S@\S+\.\w|</?\w+|^(?:photo|image|video|caption|source|reporting|editing)(?: by\b|\s*:)|"
    r"^additional reporting|"
    r"^based on a report|contributed to this (?:report|article)|work of fiction|all rights reserved|©|our newsletter|"
    r"newsletters?\b.*\bsign up|sign up (?:for|to|here|now)|subscribe (?:to|now|today)|cookies? policy|privacy policy|"
    r"terms of (?:use|service)|read more|click here|^here (?:is|are) (?:what|some)|this paragraph|your answer",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:By|BY) (?:[A-Z][\w.’'-]*,? ?(?:and )?){1,8}")
_READER = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)
_WRITER = re.compile(r"\b(?:I|me|my|mine|we|us|our|ours)\b")
_OFFICIAL_LISTED = (
    "police officials official coastguard hospital court judge officer commissioner board ministry council "
    "authorities army "
    "department agency inspector prosecutors prosecutor regulator regulators manifest"
)
_OFFICIAL = frozenset(_OFFICIAL_LISTED.split())
_UNSURE = re.compile(
    r"\b(?:suggests?|appears?|seems?|reportedly|allegedly|alleged|believed?s?|apparently|thinks?)\b", re.IGNORECASE
)


def is_news(text: str, paragraph: str = "") -> bool:
    """Tell whether a sentence can be a statement of news: it tells something, to nobody in particular.

    A paragraph that holds an address, markup or an instruction to a machine is not news, whichever sentence of it.
    """
    bare = outside_quotations(text)
    if _FURNITURE.search(text) or _BYLINE.fullmatch(text) or _TAINTS.search(f"{paragraph}\n{text}"):
        return False
    if text.rstrip(" ”\"’'").endswith("?") or _IMPERATIVE.match(bare) or _READER.search(bare):
        return False
    return len(_WORD.findall(text)) >= SHORTEST or bool(numbers(text))


class Printed:
    """What is printed already, and how much of every unit it tells."""

    def __init__(self, units: Sequence[Unit], rarity: dict[str, float]) -> None:
        self._units = units
        self._rarity = rarity
        self._terms: set[str] = set()
        self._numbers: set[int] = set()

    def take(self, chosen: Sequence[Unit]) -> None:
        """Print ``chosen``."""
        for new in chosen:
            self._terms |= new.terms
            self._numbers |= {item.number for item in new.run}
        for unit in self._units:
            again = any(item.number in self._numbers for item in unit.run)
            unit.told = 1.0 if again else TOLD * _weighted(unit.terms, self._terms, self._rarity)
            unit.overlap = max(unit.overlap, *(_weighted(unit.terms, new.terms, self._rarity) for new in chosen))


def _worth(units: Sequence[Unit]) -> float:
    """Return what ``units`` add to what is printed already, for their length; 0 where one of them is printed."""
    if any(unit.told >= 1 for unit in units):
        return 0.0
    return sum(unit.score * (1 - unit.overlap) * (1 - unit.told) for unit in units) / (_length(units) + SPARE) ** PRICE


def _words(run: Iterable[Evidence]) -> int:
    return sum(len(item.sentence.text.split()) for item in run)


def _length(units: Sequence[Unit]) -> int:
    return sum(unit.words for unit in units)


def _total(chosen: dict[Kind, list[Sequence[Unit]]]) -> int:
    return sum(_length(units) for section in chosen.values() for units in section)


def _order(units: Sequence[Unit]) -> tuple[datetime, int]:
    return (age(units[0].lead.article)[0], units[0].lead.number)


def _is_fact(item: Evidence) -> bool:
    """Tell whether a sentence states what happened: on nobody's word or an official's, and as no opinion."""
    text = item.sentence.text
    if (
        "opinion" in item.article.labels
        or is_correction(item)
        or _silent(item)
        or _WRITER.search(outside_quotations(text))
    ):
        return False
    if _UNSURE.search(text):
        return False
    spoken = speeches(text)
    if not spoken:
        return True
    plain = not quotations(text) and not any(s.loaded for s in spoken)
    return plain and all(s.words & _OFFICIAL for s in spoken)


def _is_said(item: Evidence) -> bool:
    return (
        "opinion" not in item.article.labels
        and not is_correction(item)
        and not _is_fact(item)
        and (bool(speeches(item.sentence.text)) or _silent(item))
    )


def _silent(item: Evidence) -> bool:
    return speakerless(item.article.text, item.sentence.start, item.sentence.end)


def _leans(text: str) -> bool:
    """Tell whether a sentence needs the one before it: it opens by pointing back, or has a "she" before any name."""
    bare = outside_quotations(text)
    person = _PERSON.search(bare)
    return bool(_LEANS.match(text) or _REFERS.search(bare)) or (
        person is not None and not any(n.start < person.start() and not n.opens for n in names(bare))
    )


def _same_paragraph(first: Evidence, second: Evidence) -> bool:
    return "\n" not in first.article.text[first.sentence.end : second.sentence.start]


def _speaker(unit: Unit) -> str:
    for item in (unit.lead, *unit.run):
        for speech in speeches(item.sentence.text):
            if speech.words:
                return max(speech.names or speech.words, key=len)
    return unit.lead.article.id


def _disputed_note(clash: Clash) -> str:
    if clash.kind is Clashing.SPEAKER:
        return "disputed: two outlets name different speakers"
    if clash.kind is Clashing.DENIAL:
        return "disputed: stated and denied"
    if clash.kind is Clashing.REPLY:
        return "disputed: stated and answered"
    return f"disputed: {clash.first.value} or {clash.second.value}"


def _root(item: Evidence) -> str:
    return item.root or item.article.id


def _terms(text: str) -> frozenset[str]:
    """Return the content words in lower case, cut to six letters, and the numbers by value."""
    words = (match.group().lower().removesuffix("’s").removesuffix("'s") for match in _WORD.finditer(text))
    found = {word[:6] for word in words if word not in _STOP and len(word) > 1 and not word[0].isdigit()}
    return frozenset(found | {f"#{number.value.normalize()}" for number in numbers(text)})


def _weighted(wanted: frozenset[str], have: AbstractSet[str], rarity: dict[str, float]) -> float:
    """Return the share of ``wanted`` that is in ``have``, by rarity."""
    total = sum(rarity.get(term, 1.0) for term in wanted)
    return sum(rarity.get(term, 1.0) for term in wanted & have) / total if total else 0.0
