"""Evidence to what outlets took back: the sentences that say so, and the figures that must not be told as fact."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations, quotations, speeches
from rag.facts import names, numbers
from rag.figures import figures
from rag.passages import published_before
from rag.vocabulary import telling, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.sources import Article, Evidence

_TAKES_BACK = re.compile(  # of a report: an earlier version of a bill says nothing wrong
    r"^(?:corrections?|clarifications?)\b[^:.!?]{0,30}:|earlier version of (?:this|our|the|an?) "
    r"(?:[\w’'-]+ ){0,2}?(?:article|report|story|headline|post|piece|column|dispatch|caption|graphic|newsletter|"
    r"page)\b|"
    r"(?:article|report|story|headline|post|piece|column|caption|version|we|newspaper|website|agency)\b[^.;:]{0,60}? "
    r"(?:(?:incorrectly|wrongly|mistakenly) (?:said|stated|reported)|misstated|misidentified|misspell?ed|misspelt)",
    re.IGNORECASE,
)
_RETRACTS = re.compile(
    r"^(?P<who>(?:The )?[A-Z][\w’'&.-]*(?: [A-Z][\w’'&.-]*){0,4})(?:, [^,]{1,40},)? (?:has |have |had )?"
    r"(?:later |since |also )?"
    r"(?:took down|taken down|withdrew|withdrawn|retract(?:s|ed)|delet(?:es|ed)|removed|pulled|apologi[sz]ed for) "
    r"(?:its|his|her|their|an?|the) (?:earlier |own )?"
    r"(?:report|story|article|post|claim|statement|allegation|accusation)(?: of \w+day)? that\b"
)
"""Whoever takes back what they reported or stated, as another report tells: "CityWatch took down its report that"."""
_OURS = re.compile(  # in an article that is a correction: what the paper had said
    r"\b(?:we|our (?:\w+ )?(?:report|article|story|piece|account|headline|coverage|blog)|"
    r"the (?:same |original |online )?"
    r"(?:report|article|story|piece|headline))\b[^.]{0,100}?"
    r"\b(?:said|stated|reported|wrote|gave|described|claimed|suggested|called|named)\b(?: that\b)?",
    re.IGNORECASE,
)
_REPORTED = re.compile(  # "CORRECTION: On Friday we said that", "In a story on Tuesday, 9 News reported that"
    r"^(?:[^:.“”\"]{2,40}: )?(?:(?:On|In|Last|Yesterday|Earlier) [^.;“”\"]{0,60}?,? )?"
    r"(?:[Ww]e|[Oo]ur (?:\w+ )?(?:report|story|article)"
    r"(?: on \w+day)?|(?:[Tt]he )?(?P<who>[A-Z0-9][\w ]{1,30}?)) (?:had )?(?:said|reported|stated|wrote|gave)\b"
)
_REGRETS = re.compile(
    r"\b(?:[Tt]hat|[Tt]his|[Ii]t) (?:was|is) (?:wrong|incorrect|untrue|false|mistaken|"
    r"not(?=[,;.]| (?:so|true|correct|accurate|the case)\b))|"
    r"\b[Ww]e (?:regret|apologi[sz]e|are sorry|were wrong|got (?:this|that|it) wrong)\b|"
    r"\b[Ww]e have (?:removed|corrected|withdrawn|deleted|taken)\b"
)
"""What admits, behind it, that it was not so."""
_HEADED = re.compile(r"\A(?:corrections?|clarifications?)\b[^:.!?]{0,30}:", re.IGNORECASE)
"""What the paragraph of a notice opens with: its first sentence need not be the only one that says what was wrong."""
_CONTRAST = re.compile(r",? (?:and )?not (?P<other>(?:an? |the |\w+ )?[^.,;]{1,40})")
_VERSION = re.compile(
    r"\b(?:version|reports?|article|story|post|piece|column|dispatch|caption|graphic|headline|we|it)\b[^.;]{0,60}?"
    r"\b(?:said|stated|reported|gave|described|put|wrote|had)\b"
)
"""Before "45 homes, not 40": what an earlier version said is wrong, and 40 is right."""
_RIGHT = re.compile(
    r"\b(?:updated|corrected|amended|changed|edited|revised) to (?:say|state|reflect|clarify|show|make|read|remove|add|"
    r"include|give)\b|\bshould have (?:said|read|been)\b|\b(?:in fact|actually)\b|;"
)
"""Behind one of these stands what is right."""
_BESIDES = re.compile(
    r"\b(?:mis(?:spelled|spelt|named|identified|attributed|gendered|dated|labell?ed)|"
    r"(?:wrong|incorrect) (?:day|date|name|age|title|location|spelling|photo\w*|picture|image|caption|address))\b|"
    r"^clarification\b",
    re.IGNORECASE,
)
"""What was wrong is no figure: those beside it stand."""
_TITLED = re.compile(
    r"(?:(?<=report )|(?<=story )|(?<=article )|(?<=piece )|(?<=headline ))[“\"‘](?:[^”\"’]|’(?=\w)){3,200}[”\"’]"
)
"""The headline of what is corrected, whose figures need not be wrong: "our report “Three killed in blaze”"."""
NOTICE = 400
"""Characters behind such a sentence in which that stands."""
_STANDS = re.compile(
    r"\b(?:not (?:think|believe) (?:that )?(?:this|it|that)|(?:no|not) need(?:s|ed)? (?:to be )?correct\w*|stand by|"
    r"(?:is|was|remains) (?:correct|accurate|true|right)\b|not affected)",
    re.IGNORECASE,
)
"""After what a report said: it holds."""
_CORRECTS = re.compile(
    r"\b(?:(?:was|were) wrong|we regret|has been (?:corrected|amended)|should have (?:said|read))\b", re.IGNORECASE
)
_SAID = re.compile(r"\b(?:said|stated|reported|gave|had)\b(?: that\b)?", re.IGNORECASE)
TOLD, NAMED = 0.6, 0.4
"""Share of the telling words of what was wrong that a sentence has which says it: in any earlier article of the outlet,
and in the one whose headline the correction quotes."""
OPENING = 4
"""Sentences of a report of which one that was retracted takes the first along: that is the story."""
PERSON = 2
"""Words of a full name."""
_REASON = re.compile(r",|\b(?:after|because|saying|when|which)\b")
"""What ends the clause that was taken back."""
FEWEST = 3
"""Such words that it has at least."""
BARE = 6
"""Words of a sentence that only says that something was wrong."""
PRECISE = 3
"""Digits from which a figure is the same one whatever it counts: 90,000 crowns, and a 90,000-crown fine."""


def corrections(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the sentences in which an outlet takes something back, in order.

    In an article that is marked as a correction the first sentence always is one.
    """
    return tuple(
        item
        for item in evidence
        if _wrong(item) is not None
        or _RETRACTS.match(item.sentence.text)
        or (is_correction(item) and (item.sentence.n == 0 or _CORRECTS.search(outside_quotations(item.sentence.text))))
    )


def corrects(text: str) -> bool:
    """Tell whether a sentence says that an earlier one was wrong."""
    return _TAKES_BACK.search(outside_quotations(text)) is not None


def is_correction(item: Evidence) -> bool:
    """Tell whether the article of ``item`` is a correction: marked so, or by its address or headline."""
    return "correction" in item.article.labels


def may_correct(article: Article) -> bool:
    """Tell whether any sentence of ``article`` can be one in which its outlet takes something back."""
    return "correction" in article.labels or _TAKES_BACK.search(article.text) is not None


def _wrong(item: Evidence) -> tuple[int, int] | None:
    """Return where a sentence has what an earlier report had wrong, maybe nowhere; None where it says no such thing."""
    text = outside_quotations(item.sentence.text)
    noticed = is_correction(item) or _HEADED.match(_paragraph(item)) is not None
    contrast = _CONTRAST.search(text) if any(char.isdigit() for char in text) else None
    found = _TAKES_BACK.search(text) or (noticed and (_OURS.search(text) or contrast)) or _admits(item)
    if not found or _BESIDES.search(text):
        return (0, 0) if found else None
    if contrast is not None and numbers(contrast["other"]):
        version = _VERSION.search(text, 0, contrast.start())
        return (0, contrast.start()) if version and not _RIGHT.search(text) else contrast.span("other")
    right = _RIGHT.search(text)
    return 0, right.start() if right else len(text)


def _untitled(text: str) -> str:
    """Return a sentence without the headlines of reports that it names, at the same length."""
    return _TITLED.sub(lambda titled: " " * len(titled.group()), text)


def _paragraph(item: Evidence) -> str:
    """Return the paragraph of a sentence up to its end."""
    text = item.article.text
    return text[text.rfind("\n", 0, item.sentence.start) + 1 : item.sentence.end]


def _admits(item: Evidence) -> bool:
    """Tell whether a sentence says what its outlet had reported, and the next ones that it was wrong."""
    text, start = item.article.text, item.sentence.end
    reported = _REPORTED.match(item.sentence.text)
    ours = reported is not None and (not reported["who"] or reported["who"] in (item.article.outlet or ""))
    return ours and _REGRETS.search(text, start, start + NOTICE) is not None


def withdrawn(evidence: Sequence[Evidence]) -> frozenset[int]:
    """Return the numbers of the sentences that their own outlet took back later: not to be told as fact.

    A sentence is taken back with its figure, or where it says most of what the correction says was wrong.
    """
    return frozenset(other.number for other, _ in _taken(evidence))


def set_right(evidence: Sequence[Evidence]) -> Iterator[tuple[Evidence, Evidence]]:
    """Yield each sentence that an article which is a correction takes back, and the one that says what is right."""
    place = {(item.article.id, item.sentence.n): item for item in evidence}
    for other, item in _taken(evidence):
        after = [place.get((item.article.id, item.sentence.n + step)) for step in (1, 2, 3)]
        told = [one for one in after if one is not None and len(one.sentence.text.split()) > BARE]
        units = {figure.unit for figure in figures(item)} - {"", "date"}
        counted = [one for one in told if units & {figure.unit for figure in figures(one)}]
        if is_correction(item) and told:
            yield other, (*counted, *told)[0]


def _taken(evidence: Sequence[Evidence]) -> Iterator[tuple[Evidence, Evidence]]:
    """Yield each sentence that was taken back, and the one that says it was wrong."""
    place = {(item.article.id, item.sentence.n): item for item in evidence}
    notices = [
        (item, wrong)
        for item in evidence
        if (wrong := _wrong(item)) is not None
        and not ((after := place.get((item.article.id, item.sentence.n + 1))) and _STANDS.search(after.sentence.text))
    ]
    for other in evidence if notices else ():
        if not (is_correction(other) or _wrong(other) is not None):
            yield from ((other, item) for item, wrong in notices if _takes(item, wrong, other))
    for item in evidence:
        if (retracts := _RETRACTS.match(item.sentence.text)) is not None:
            taken = [other for other in evidence if _retracted(item, retracts, other)]
            opened = {o.article.id for o in taken if o.sentence.n < OPENING and _outlet(o) == _who(retracts)}
            yield from ((o, item) for o in evidence if o in taken or (o.article.id in opened and not o.sentence.n))


def _retracted(item: Evidence, retracts: re.Match[str], other: Evidence) -> bool:
    """Tell whether ``other`` is what ``item`` says was taken back: in that outlet, or in the words of that speaker."""
    who, outlet = _who(retracts), _outlet(other)
    theirs = who == outlet or any(who <= speech.words | speech.names for speech in speeches(other.sentence.text))
    if not theirs or other.number == item.number or not published_before(other, item):
        return False
    clause = _REASON.split(item.sentence.text[retracts.end() :])[0]
    told, said = telling(clause), telling(other.sentence.text)
    named = telling(" ".join(name.word for name in names(clause)))
    whole = who == outlet and len(named) >= PERSON and named <= said  # whatever it said of the man it had wrong
    return whole or len(told & said) >= max(2, TOLD * len(told))


def _who(retracts: re.Match[str]) -> frozenset[str]:
    return frozenset(words(retracts["who"].removeprefix("The ")))


def _outlet(item: Evidence) -> frozenset[str]:
    return frozenset(words((item.article.outlet or "").removeprefix("The ")))


def _takes(item: Evidence, wrong: tuple[int, int], other: Evidence) -> bool:
    """Tell whether ``other`` says what ``item`` has at ``wrong``, in a report of the same outlet."""
    if item.article.outlet != other.article.outlet or published_before(item, other):
        return False
    said = _untitled(item.sentence.text)
    theirs = [f for f in figures(item) if wrong[0] <= f.start < wrong[1] and f.unit != "date" and said[f.start] != " "]
    counted = telling(_paragraph(item))
    for figure in figures(other):
        for taken in theirs:
            precise = len(Decimal(taken.value).as_tuple().digits) >= PRECISE or Decimal(taken.value) >= 10**PRECISE
            named = not taken.unit and bool(telling(figure.unit) & counted)
            if figure.value == taken.value and (
                figure.unit == taken.unit or named or (precise and is_correction(item))
            ):
                return True
    units = {figure.unit for figure in theirs}
    if not (is_correction(item) or _admits(item)) or any(figure.unit in units for figure in figures(other)):
        return False  # what has another figure for it had not the one that was wrong
    clause = item.sentence.text[slice(*wrong)]
    said = outside_quotations(clause)
    introduced = _OURS.search(said) or _SAID.search(said)
    told = telling(said[introduced.end() :]) if introduced else frozenset[str]()
    shared = told & telling(other.sentence.text)
    quoted = any(quotation.text.strip() == (other.article.headline or "").strip() for quotation in quotations(clause))
    return len(shared) >= max(FEWEST, (NAMED if quoted else TOLD) * len(told))


def takes_back(evidence: Sequence[Evidence], told: Sequence[Evidence]) -> bool:
    """Tell whether sentences of an outlet take back a figure that stands in others of its own, ``told`` before."""
    both = [replace(item, number=number) for number, item in enumerate([*told, *evidence])]
    return any(number < len(told) for number in withdrawn(both))


def repeated(correction: Sequence[Evidence], told: Sequence[Evidence]) -> bool:
    """Tell whether a figure of a correction stands in ``told``, whoever told it."""
    theirs, ours = ({(f.value, f.unit) for item in items for f in figures(item)} for items in (correction, told))
    return any(
        "date" not in {one, other} and value == same and (one == other or "" in {one, other})
        for value, one in theirs
        for same, other in ours
    )


def retracted(evidence: Sequence[Evidence]) -> frozenset[tuple[str, str]]:
    """Return outlet and value of each figure that a correction takes back: those it says an earlier version had."""
    return frozenset(
        (item.article.outlet or "", str(number.value.normalize()))
        for item in evidence
        if (wrong := _wrong(item)) is not None
        for number in numbers(_untitled(item.sentence.text)[slice(*wrong)])
    )
