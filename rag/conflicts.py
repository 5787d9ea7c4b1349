"""Sentences of one story to what they disagree on.

Figures given for one thing, a claim and its denial or the reply to it, and one quotation in two mouths. Each clash is
data: what kind it is, and each side with its sentence. A figure that was overtaken is an update and no dispute; one
that its own outlet took back is a correction. Rules are made to miss rather than to accuse: where a text compares
figures itself ("the true figure", "up from") it is believed, else unit, what is counted and other words must agree.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations, quotations, speakerless, speeches
from rag.facts import Number, days, names, numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rag.sources import Evidence

ABOUT = 3
"""Telling words that two figures must share, besides their unit, to be about one thing."""
ALIKE = 0.5
"""Share of the smaller context's words that two figures must have in common. With two shared words and a third, 779
real events (NeuS and AllSides, dev) gave 64 disputes, by reading mostly false: June and May, one bill and another. With
these, and with no second figure of the unit in a sentence, they give 4, three of them false."""
ROUNDED = 0.06
"""Relative difference up to which "nearly 500" and 484 are one figure."""
APART = 20
"""Ratio from which two figures are not about one thing, whatever words they share."""
QUOTED = 5
"""Words of a quotation below which two people may well have said the same."""
STEPS = 2
"""Sentences back to the figure that a text compares another with."""
SHORTEST = 3
"""Letters of a telling word."""
REACH = 8
"""Sentences between a claim and its denial in one article."""


class Kind(StrEnum):
    """What a clash is."""

    DISPUTE = "dispute"
    """Two figures for one thing, neither withdrawn."""
    DENIAL = "denial"
    """A statement, and somebody who says it is not so."""
    REPLY = "reply"
    """An allegation or argument, and what the other side answered."""
    SPEAKER = "speaker"
    """One quotation, two speakers."""
    UPDATE = "update"
    """A later figure replaces an earlier one."""
    CORRECTION = "correction"
    """The outlet took a figure back."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says, and where."""

    value: str
    """The figure, name or word at issue as it stands in the sentence; may be empty."""
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Clash:
    """Sentences that do not agree."""

    kind: Kind
    about: tuple[str, ...]
    """What shows that both are about one thing: shared words, cut to six letters."""
    first: Side
    """The earlier side; of a denial, what is denied."""
    second: Side
    key: frozenset[str]
    """What is at issue: the same clash told by other sentences has the same key."""


_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", re.UNICODE)
_STOP_LISTED = (
    "the a an and or but of to in on at by for from with without as is are was were be been being it its this "
    "that these "
    "those he she they his her their them him who whom which what when where while will would can could may might has "
    "have had do does did no not nor said says say told added after before over under into about than then there "
    "more most "
    "also we our you your i my so up out all any some other such only just people per cent least nearly almost around "
    "million billion trillion thousand hundred dozen number figure figures according including one two three four "
    "five six seven "
    "eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty ninety first last new january "
    "february march april june july august september october november december day days week weeks month months year "
    "years early late later now still a.m p.m"
)
_STOP = frozenset(_STOP_LISTED.split())
_CASUALTY = (
    (re.compile(r"\b(?:dead|died|dies|deaths?|kill(?:ed|ing|s)|fatalit\w+|lives|toll)\b", re.IGNORECASE), "dead"),
    (re.compile(r"\b(?:injur\w+|hurt|wounded)\b", re.IGNORECASE), "hurt"),
    (re.compile(r"\b(?:missing|unaccounted)\b", re.IGNORECASE), "missing"),
)
_CLAUSE = re.compile(r"[,;:—–()]\s|\s(?:and|but|while|when|after|because|which|who|that)\s", re.IGNORECASE)
_NOUN = re.compile(r"^[\s-]*((?:[a-z][\w’'-]*\s+){0,2}?[a-z][\w’'-]*s|people|men|women|children|(?:[a-z][\w’'-]*))\b")
_PHRASE = 40  # characters: what befell people stands this close to how many they were
_PERSONS_LISTED = "people persons passengers men women were was had have dead injured victims residents others"
_PERSONS = frozenset(_PERSONS_LISTED.split())
_DURATION_LISTED = "second minute hour day week month year time mile metre meter foot inch a.m p.m st nd rd th"
_DURATION = frozenset(_DURATION_LISTED.split())
_YEAR = re.compile(r"(?:19|20)\d\d")
_BOUND = re.compile(r"\b(?:at least|more than|over|no fewer than|upwards? of)\s+$", re.IGNORECASE)
_ROUGHLY = re.compile(r"\b(?:nearly|almost|about|around|roughly|some|approximately|close to)\s+$", re.IGNORECASE)
_DATELINE = re.compile(r"^[A-Z][A-Z .’'-]+,[^—–]{1,60}[—–]\s")
_HEAD = re.compile(
    r"(\w[\w’'-]+)\s+(?:of|at|to|was|were|is|by|reached|totall?ed|stood at|stands at|stand at|came to)\s+(?:about|"
    r"around|nearly|almost|"
    r"at least|more than|only|just|some|over|up to)?\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(r"\b(?:up|down) from (?:the |a )?(?:\w+ ){0,3}$", re.IGNORECASE)
_OVERTAKEN = re.compile(
    r"\b(?:previous|earlier|first|initial|original|old) (?:figure|number|count|toll|estimate) of $", re.IGNORECASE
)
_WAS_TO = re.compile(r"\bwas (?:to|due to)\b.*\bwill now\b", re.IGNORECASE)
_LATER = re.compile(
    r"\b(?:has risen|rose to|risen to|rises to|raised? (?:its|the|their)|revised|updated|now (?:stands?|at|put)|"
    r"replaces?|increased|climbed|"
    r"(?:has )?cut (?:the|its|his|her) (?:lead|majority)|lowered|fallen to|second count|new (?:number|figure|count|"
    r"toll))\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:different (?:number|figure|count|account)|true (?:figure|number)|put (?:the|that) (?:\w+ )?(?:number|"
    r"figure|count|toll|share)|"
    r"(?:were|was|is) (?:closer|nearer) to|far (?:below|above)|at odds with|never \d+|the (?:number|figure|"
    r"count) is)\b",
    re.IGNORECASE,
)
_REAL = re.compile(
    r"\bthe (?:real|true|actual) \w+|\b\w+er than (?:the |its |his |her )?(?:\w+ ){1,3}(?:claims?|says?|said|"
    r"admits?|reported|told)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied) (?:that )?(?:it|he|she|they|any|having|paying|\w+ing)\b|reject(?:s|ed) (?:claims?|"
    r"allegations?|reports?|accusations?)|"
    r"dismiss(?:es|ed) (?:claims?|a rumou?r|reports?|allegations?)|(?:was|were|is|are) (?:wrong|false|untrue|"
    r"not true|baseless|unfounded))",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"\b(?:den(?:y|ies|ied)|reject(?:s|ed)|dismiss(?:es|ed)|disput(?:es|ed)|call(?:s|ed)) (?:the |that |this |his |"
    r"her |their |its |these |those )+"
    r"(?:\w+ )?(?:accusations?|claims?|allegations?|remarks?|criticisms?|charges?|suggestions?|arguments?|"
    r"reports?)\b|\bdenied (?:this|that|it)[.;,]",
    re.IGNORECASE,
)
_NEGATES = re.compile(
    r"\b(?:no|not|never|nobody|none|nothing|denied|denies|without|wrong|false)\b|n[’']t\b", re.IGNORECASE
)
_CLAIMS = re.compile(
    r"\b(?:claimed|alleged|alleges|argued|argues?|insisted|insists|contended|maintained) (?:on \w+day )?(?:that|it|"
    r"he|she|they|the|there|no|its)\b|"
    r"\baccused? (?:\w+ ){1,6}of\b",
    re.IGNORECASE,
)
_PLAINLY = re.compile(
    r"^(?:But )?(?:The|A|An|[A-Z][\w’'-]+)(?: [\w’'-]+){0,5}(?<! had)(?<! previously) (?:said|says|replied|"
    r"responded|countered)\b"
)
_ALLEGED = re.compile(r"\b(?:allegedly|alleged|claimed|claims|argued|argues?|accused)\b", re.IGNORECASE)
_STRONG_CORRECTION = re.compile(
    r"^correction:|earlier version of|(?:incorrectly|wrongly|mistakenly) (?:said|stated|reported)", re.IGNORECASE
)
_CORRECTS = re.compile(
    r"\b(?:(?:was|were) wrong|we regret|has been (?:corrected|amended)|should have (?:said|read))\b", re.IGNORECASE
)
_BODIES = frozenset({"dead", "hurt", "missing"})
_RARE = 5  # sentences of a story that a word stands in, at most, to tell one matter in it from another
_SIGNS = frozenset({"%", "$", "€", "£", "¥", "A$", "C$"})
_TELLING = 100  # a number from here on is rarely given twice in a story for two things


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number or a day in its sentence."""

    value: str
    """Normalised; ``month-day`` for a day."""
    text: str
    start: int
    unit: str
    """``%``, a currency sign, ``date``, what is counted, what befell those counted, or empty."""
    head: str
    """What it is a figure of, where the text says so: "a shortfall of"."""
    context: frozenset[str]
    """Telling words of its clause."""
    evidence: Evidence
    bound: str
    """``least`` where the text says "at least", "more than"; ``about`` for "nearly", "some"; else empty."""
    sole: bool
    """No other figure of its unit is in the sentence."""

    @property
    def size(self) -> float:
        return float(self.value) if self.unit != "date" else 0.0


def corrections(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the sentences in which an outlet takes something back, in order.

    In an article that is marked as a correction, or whose headline says so, the first sentence always is one.
    """
    found: list[Evidence] = []
    for item in evidence:
        ours = outside_quotations(item.sentence.text)
        if _STRONG_CORRECTION.search(ours) or (
            is_correction(item) and (item.sentence.n == 0 or _CORRECTS.search(ours))
        ):
            found.append(item)
    return tuple(found)


def is_correction(item: Evidence) -> bool:
    """Tell whether the article of ``item`` is a correction, by its label or its headline."""
    return "correction" in item.article.labels or (item.article.headline or "").lower().startswith(
        ("correction", "clarification")
    )


def withdrawn(evidence: Sequence[Evidence]) -> frozenset[int]:
    """Return the numbers of the sentences whose figure their own outlet took back later: not to be told as fact."""
    taken = {
        (item.article.outlet, figure.value, figure.unit)
        for item in evidence
        if _STRONG_CORRECTION.search(item.sentence.text)
        for figure in _figures(item)
        if figure.start < (item.sentence.text + ";").index(";") and figure.unit != "date"
    }
    return frozenset(
        item.number
        for item in evidence
        if not is_correction(item) and any((item.article.outlet, f.value, f.unit) in taken for f in _figures(item))
    )


def clashes(evidence: Sequence[Evidence]) -> tuple[Clash, ...]:
    """Return what the sentences of one story disagree on, each disagreement once, disputes first."""
    figures = [figure for item in evidence for figure in _figures(item)]
    retracted = _retracted(evidence)
    found = [
        *_compared(figures, retracted),
        *_figure_clashes(figures, retracted),
        *_denials(evidence, figures),
        *_replies(evidence),
        *_speakers(evidence),
    ]
    unique: dict[object, Clash] = {}
    for clash in found:
        if clash.first.evidence.number != clash.second.evidence.number:
            unique.setdefault(clash.key, clash)
    order = list(Kind)
    return tuple(
        sorted(unique.values(), key=lambda c: (order.index(c.kind), c.first.evidence.number, c.second.evidence.number))
    )


def _figure_clashes(figures: Sequence[_Figure], retracted: frozenset[tuple[str, str]]) -> Iterator[Clash]:
    """Pairs of figures that are about one thing by their own words, those in leading sentences first."""
    by_unit: dict[str, list[_Figure]] = {}
    for figure in figures:
        by_unit.setdefault(figure.unit, []).append(figure)
    pairs = [pair for unit, members in by_unit.items() if unit not in {"", "date"} for pair in combinations(members, 2)]
    for one, two in sorted(pairs, key=_leading):
        first, second = sorted((one, two), key=_when)
        about = _about(first, second) if _differ(first, second) or _grew(first, second) else ()
        kind = _kind(first, second, retracted) if about else None
        if kind is not None:
            yield _clash(kind, about, first, second)


def _leading(pair: tuple[_Figure, _Figure]) -> int:
    return sum(f.evidence.sentence.n - 3 * bool(_LATER.search(f.evidence.sentence.text)) for f in pair)


def _clash(kind: Kind, about: Iterable[str], first: _Figure, second: _Figure) -> Clash:
    key = frozenset((first.value, second.value, second.unit or first.unit))
    return Clash(kind, tuple(about), Side(first.text, first.evidence), Side(second.text, second.evidence), key)


def _when(figure: _Figure) -> tuple[float, int]:
    published = figure.evidence.article.published
    return (published.timestamp() if published else 0.0, figure.evidence.number)


@lru_cache(maxsize=4096)
def _figures(item: Evidence) -> tuple[_Figure, ...]:
    text = item.sentence.text
    dateline = _DATELINE.match(text)
    opening = dateline.end() if dateline else 0
    found = [
        _Figure(f"{day.month}-{day.day}", day.text, day.start, "date", "", _terms(text), item, "", sole=False)
        for day in days(text)
        if day.start >= opening
    ]
    counted = [(number, text.find(number.text, number.start)) for number in numbers(text)]
    counted = [
        (n, s) for n, s in counted if not _YEAR.fullmatch(n.text) and text[s - 1 : s] not in {"-", "–"}
    ]  # COVID-19
    clauses = [_clause(text, start, start + len(number.text)) for number, start in counted]
    units = [_unit(text[s + len(n.text) :], n, clause) for (n, s), clause in zip(counted, clauses, strict=True)]
    for (number, start), clause, unit in zip(counted, clauses, units, strict=True):
        head = _HEAD.search(text, 0, start) if start else None
        named = (
            _stem(head.group(1))
            if head and (head.group(1).islower() or not head.start()) and head.group(1) not in _STOP
            else ""
        )
        bound = "least" if _BOUND.search(text, 0, start) else "about" if _ROUGHLY.search(text, 0, start) else ""
        value = str(number.value.normalize())
        if unit not in _DURATION:
            found.append(
                _Figure(value, number.text, start, unit, named, _terms(clause), item, bound, units.count(unit) == 1)
            )
    return tuple(sorted(found, key=lambda figure: figure.start))


def _clause(text: str, start: int, end: int) -> str:
    first = max((match.end() for match in _CLAUSE.finditer(text, 0, start)), default=0)
    following = _CLAUSE.search(text, end)
    return text[first : following.start() if following else len(text)]


def _unit(after: str, number: Number, clause: str) -> str:
    if number.unit:
        return number.unit
    noun = _NOUN.match(after)
    counted = noun.group(1).split()[-1].lower() if noun else ""
    if _stem(counted) in _DURATION:
        return _stem(counted)
    if not counted or counted in _PERSONS or counted in _STOP:
        reach = len(clause) if re.search(r"\b(?:number|toll|count)\b", clause, re.IGNORECASE) else _PHRASE
        place = clause.find(number.text)
        near = [(abs(match.start() - place), name) for rule, name in _CASUALTY for match in rule.finditer(clause)]
        if near and min(near)[0] < reach:
            return min(near)[1]
    if counted in _PERSONS:
        return "people"
    return "" if counted in _STOP or counted.endswith(("ed", "ing", "ly")) else _stem(counted)


def _about(first: _Figure, second: _Figure) -> tuple[str, ...]:
    """Return the words that show two figures to be about one thing; none if they are not."""
    if first.evidence.sentence.id == second.evidence.sentence.id or not (
        first.unit in _BODIES or (first.sole and second.sole)
    ):
        return ()
    shared = first.context & second.context - {first.unit}
    smaller = min(first.context, second.context, key=len)
    ours = _terms(first.evidence.sentence.text) & _terms(second.evidence.sentence.text)
    if first.unit in _BODIES:
        leads = first.evidence.sentence.n + second.evidence.sentence.n == 0
        return (first.unit, *sorted(shared)) if leads or len(ours) >= ABOUT - 1 else ()
    if first.head and second.head:
        same = first.head == second.head and (shared >= smaller or bool(_REAL.search(second.evidence.sentence.text)))
        if first.head != second.head or same:
            return (first.head, *sorted(shared - {first.head})) if same else ()
    return tuple(sorted(shared)) if len(shared) >= ABOUT and len(shared) >= ALIKE * len(smaller) else ()


def _differ(first: _Figure, second: _Figure) -> bool:
    """Tell whether two figures are neither the same, rounded, nor one the bound of the other."""
    low, high = sorted((first, second), key=lambda figure: figure.size)
    if not (low.size > 0 and high.size / low.size < APART) or low.bound == "least":
        return False
    if "about" in {first.bound, second.bound} and high.size - low.size <= ROUNDED * high.size:
        return False
    digits = min(len(Decimal(figure.value).as_tuple().digits) for figure in (first, second))
    return f"{first.size:.{digits - 1}e}" != f"{second.size:.{digits - 1}e}"


def _grew(first: _Figure, second: _Figure) -> bool:
    """Tell whether a later report has more dead or hurt than an earlier one's "at least"."""
    return first.unit in _BODIES and _later(first, second) and first.size < second.size < APART * first.size


def _later(first: _Figure, second: _Figure) -> bool:
    return _published(first.evidence, second.evidence)


def _published(first: Evidence, second: Evidence) -> bool:
    """Tell whether ``first`` is known to be published before ``second``."""
    a, b = first.article.published, second.article.published
    return a is not None and b is not None and a < b


def _retracted(evidence: Sequence[Evidence]) -> frozenset[tuple[str, str]]:
    """Return outlet and value of each figure that a correction takes back: those it says an earlier version had."""
    found: set[tuple[str, str]] = set()
    for item in evidence:
        if _STRONG_CORRECTION.search(item.sentence.text):
            said = item.sentence.text.split(";")[0]
            found |= {(item.article.outlet or "", str(number.value.normalize())) for number in numbers(said)}
    return frozenset(found)


def _kind(first: _Figure, second: _Figure, retracted: frozenset[tuple[str, str]]) -> Kind | None:
    """Return what kind of clash two figures for one thing are; None where it cannot be told."""
    a, b = first.evidence, second.evidence
    if _taken_back(first, second, retracted):
        return Kind.CORRECTION
    if a.article.id == b.article.id or _root(a) == _root(b) or is_correction(b):
        return None
    newer = _later(first, second)
    if newer and (_LATER.search(b.sentence.text) or (_speaker(a) and _speaker(a) == _speaker(b))):
        return Kind.UPDATE
    if first.unit in _BODIES and newer and second.size >= first.size:
        return Kind.UPDATE
    if first.unit in _BODIES and not (newer or (_speaker(a) and _speaker(b) and _speaker(a) != _speaker(b))):
        return None  # two papers of one morning: who counts the attacker, and who wrote first, is not to be seen
    return Kind.DISPUTE if not _LATER.search(b.sentence.text) else None


def _compared(figures: Sequence[_Figure], retracted: frozenset[tuple[str, str]]) -> Iterator[Clash]:
    """Figures that a text itself sets against each other, each shown by the sentence that says most about it."""
    for place, figure in enumerate(figures):
        text = figure.evidence.sentence.text
        lead = text[: figure.start]
        before = _before(figure, figures[max(0, place - 6) : place])
        if before is None:
            yield from _earlier_than(figure, figures)
        elif before.evidence.number == figure.evidence.number:
            was_to = figure.unit == "date" and _WAS_TO.search(text)
            old, new = (before, figure) if was_to else (figure, before)
            earlier = _fullest(old, figures, new)
            if (was_to or _FROM.search(lead)) and _later(earlier, new):
                yield _clash(Kind.UPDATE, ("was to" if was_to else "from",), earlier, new)
        elif _OVERTAKEN.search(lead):
            yield _clash(Kind.UPDATE, ("previous",), _fullest(figure, figures, before), before)
        elif _AGAINST.search(text) and _speaker(before.evidence) != _speaker(figure.evidence):
            first, second = sorted((_fullest(before, figures, figure), _fullest(figure, figures, before)), key=_when)
            kind = Kind.CORRECTION if _taken_back(first, second, retracted) else Kind.DISPUTE
            yield _clash(kind, ("against",), first, second)


def _before(figure: _Figure, earlier: Sequence[_Figure]) -> _Figure | None:
    """Return the figure that ``figure`` may be compared with: the first of its unit in the nearest sentence before."""
    near = [other for other in earlier if _near(other, figure)]
    return max(
        near, key=lambda other: (other.evidence.number, other.unit == figure.unit != "", -other.start), default=None
    )


def _near(other: _Figure, figure: _Figure) -> bool:
    apart = figure.evidence.sentence.n - other.evidence.sentence.n
    if other.evidence.article.id != figure.evidence.article.id or apart > STEPS or other.value == figure.value:
        return False
    if figure.unit == "date" or other.unit == "date":
        return figure.unit == other.unit
    return _one_unit(other, figure) and _differ(other, figure)


def _one_unit(one: _Figure, two: _Figure) -> bool:
    """Tell whether units agree, or one text left out what it counts."""
    return one.unit == two.unit or ("" in {one.unit, two.unit} and not {one.unit, two.unit} & _SIGNS)


def _earlier_than(figure: _Figure, figures: Sequence[_Figure]) -> Iterator[Clash]:
    """A day that its text calls earlier or later than somebody says, and the day of another report closest to it."""
    if figure.unit == "date" and _REAL.search(figure.evidence.sentence.text):
        root = _root(figure.evidence)
        rivals = [f for f in figures if f.unit == "date" and f.value != figure.value and _root(f.evidence) != root]
        best = max(rivals, key=lambda other: len(other.context & figure.context), default=None)
        if best and best.context & figure.context:
            yield _clash(Kind.DISPUTE, sorted(best.context & figure.context), *sorted((best, figure), key=_when))


def _fullest(figure: _Figure, figures: Sequence[_Figure], rival: _Figure) -> _Figure:
    """Return the same figure where it was first reported: in another report than ``rival``, or else ``figure``."""
    telling = figure.unit in _SIGNS or figure.unit == "date" or figure.size >= _TELLING
    near = _terms(figure.evidence.sentence.text) | rival.context
    same = [
        other for other in figures
        if other.value == figure.value and _one_unit(other, figure) and not is_correction(other.evidence)
        and other.evidence.number != rival.evidence.number and _root(other.evidence) != _root(rival.evidence)
        and ((telling and other.unit != "date") or _terms(other.evidence.sentence.text) & near)
    ]  # fmt: skip
    return min(same, key=lambda other: (other.evidence.sentence.n > 0, _when(other)), default=figure)


def _taken_back(first: _Figure, second: _Figure, retracted: frozenset[tuple[str, str]]) -> bool:
    return any((figure.evidence.article.outlet or "", figure.value) in retracted for figure in (first, second))


def _root(item: Evidence) -> str:
    return item.root or item.article.id


@lru_cache(maxsize=4096)
def _speaker(item: Evidence) -> frozenset[str]:
    return frozenset(word for speech in speeches(item.sentence.text) for word in speech.words)


def _denials(evidence: Sequence[Evidence], figures: Sequence[_Figure]) -> Iterator[Clash]:
    """A sentence that denies, with the sentence of somebody else that comes closest to what it denies."""
    for item in evidence:
        denies = _DENIES.search(outside_quotations(item.sentence.text))
        if not denies or is_correction(item):
            continue
        text, backwards = item.sentence.text, denies.group().lower().startswith(("was", "were", "is", "are"))
        said = text[: denies.start()] if backwards else text[denies.end() :]
        values = {f.value for f in figures if f.evidence.number == item.number and f.text in said}
        ranked = [(_denied(item, other, _terms(said), values, figures), -other.number, other) for other in evidence]
        score, _, best = max(ranked, key=lambda row: row[:2])
        if score:
            about = tuple(sorted(_terms(said) & _terms(best.sentence.text)))
            yield _denial(Kind.DENIAL, about, best, item, denies.group())


def _denied(
    item: Evidence, other: Evidence, said: frozenset[str], values: set[str], figures: Sequence[_Figure]
) -> float:
    """Return how likely ``other`` states what ``item`` denies; 0 where it does not."""
    own = other.number == item.number or (_speaker(other) and _speaker(other) <= _speaker(item))
    if own or is_correction(other) or _NEGATES.search(other.sentence.text) or _published(item, other):
        return 0.0
    shared = said & _terms(other.sentence.text)
    alleged = bool(_ALLEGED.search(other.sentence.text))
    same = sum(f.value in values for f in figures if f.evidence.number == other.number)
    close = other.article.id == item.article.id and 0 < item.sentence.n - other.sentence.n <= REACH
    enough = (
        len(shared) + 2 * same >= (1 if alleged and close else ABOUT - 1) and (alleged or same) and bool(shared or same)
    )
    return len(shared) / (len(said) + 2) + same + (0.2 if close else 0) if enough else 0.0


def _denial(kind: Kind, about: Iterable[str], first: Evidence, second: Evidence, word: str) -> Clash:
    key = frozenset((first.sentence.text, second.sentence.text))
    return Clash(kind, tuple(about), Side("", first), Side(word, second), key)


def _replies(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """An allegation, and what answers it: by referring to it, by following it, or by saying the contrary elsewhere."""
    by_place = {(item.article.id, item.sentence.n): item for item in evidence}
    spread = Counter(term for item in evidence for term in _terms(item.sentence.text))
    for item in evidence:
        ours = outside_quotations(item.sentence.text)
        answers = _ANSWERS.search(ours)
        who = _speaker(item) or (_terms(ours[: answers.start()]) if answers else frozenset[str]())
        near = (by_place.get((item.article.id, item.sentence.n - step)) for step in range(1, REACH if answers else 2))
        before = [other for other in near if other and _said(other) and not who & _speaker(other)]
        alleged = [other for other in before if _alleges(other)]
        if not who or is_correction(item):
            continue
        if answers:
            last = [o for o in before if item.sentence.n - o.sentence.n == 1 and not _NEGATES.search(o.sentence.text)]
            yield from (_denial(Kind.DENIAL, (), other, item, answers.group()) for other in (alleged or last)[:1])
        elif alleged and not _party(who, alleged[0]) and _paragraph(alleged[0], item) and _PLAINLY.match(ours):
            about = _terms(alleged[0].sentence.text) & _terms(ours)
            yield from (_denial(Kind.REPLY, sorted(about), other, item, "") for other in alleged[:1] if about)
    yield from _contraries(
        evidence, frozenset(term for term, count in spread.items() if count <= max(_RARE, len(evidence) // 12))
    )


def _contraries(evidence: Sequence[Evidence], rare: frozenset[str]) -> Iterator[Clash]:
    """An allegation, and what somebody else says of the same rare things with a "no" where it has none, or without."""
    told = [item for item in evidence if _speaker(item)]
    named = {_stem(name.word) for item in evidence for name in names(item.sentence.text) if not name.opens}
    for claim in (item for item in told if _alleges(item) and not is_correction(item)):
        for item in told:
            shared = _terms(claim.sentence.text) & _terms(item.sentence.text) & rare
            plain = {term for term in shared if term not in named}
            contrary = bool(_NEGATES.search(claim.sentence.text)) != bool(_NEGATES.search(item.sentence.text))
            others = _root(item) != _root(claim) and not _party(_speaker(item), claim)
            if len(plain) >= ABOUT - 1 and contrary and others and not _ALLEGED.search(item.sentence.text):
                yield _denial(Kind.REPLY, sorted(shared), claim, item, "")


def _alleges(item: Evidence) -> bool:
    return bool(_CLAIMS.search(outside_quotations(item.sentence.text)))


def _party(who: frozenset[str], other: Evidence) -> bool:
    """Tell whether those who speak are spoken of in ``other``, too: their own side, not the other one."""
    return bool(who & frozenset(word.lower() for word in _WORD.findall(other.sentence.text))) if who else False


def _said(item: Evidence) -> bool:
    return bool(speeches(item.sentence.text)) or speakerless(item.article.text, item.sentence.start, item.sentence.end)


def _paragraph(first: Evidence, second: Evidence) -> bool:
    return "\n" not in first.article.text[first.sentence.end : second.sentence.start]


def _speakers(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """One quotation with two speakers."""
    spoken: dict[str, tuple[frozenset[str], Evidence]] = {}
    for item in evidence:
        for quotation in quotations(item.sentence.text):
            key = " ".join(word.lower() for word in _WORD.findall(quotation.text))
            speaker = next((speech.names for speech in speeches(item.sentence.text) if speech.names), None)
            if len(key.split()) < QUOTED or not speaker:
                continue
            others, earlier = spoken.setdefault(key, (speaker, item))
            if not others & speaker and _root(earlier) != _root(item):
                sides = (Side(" ".join(sorted(others)), earlier), Side(" ".join(sorted(speaker)), item))
                yield Clash(Kind.SPEAKER, tuple(key.split()[:3]), *sides, frozenset((key,)))


@lru_cache(maxsize=8192)
def _terms(text: str) -> frozenset[str]:
    """Return the telling words in lower case, cut to six letters."""
    words = (match.group().lower() for match in _WORD.finditer(text))
    return frozenset(_stem(word) for word in words if word not in _STOP and len(word) >= SHORTEST)


def _stem(word: str) -> str:
    return word.lower().removesuffix("’s").removesuffix("'s").removesuffix("s")[:6]
