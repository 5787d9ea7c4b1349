"""Sentences in which somebody denies what he is accused of to the accusation, in whatever words and report.

    "Ruiz has been accused of paying farmers for votes, claims he denies." | "... allegations that Ruiz paid for votes"
    "Ruiz told the Echo that the allegations were “completely untrue.”" | "Nine former aides accused Ruiz of bullying."

The accusation is told with a word of accusing, and names whom the denial names. What is denied, where it is said, must
be half told there; where it is not ("denied the accusations"), more of the denial must be, or it must follow closely.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.clash import Clash, Kind, Side, between
from rag.corrections import is_correction
from rag.denials import matter
from rag.passages import named, published_before, speakers
from rag.vocabulary import stem, telling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from rag.sources import Evidence

LONG = 75
"""Words of a sentence from which it is a list or several sentences run together."""
CLOSE = 3
"""Sentences back in its article to what a denial may follow."""
FEW = 3
"""Words of what is denied up to which one in common is half of it."""
_SAID = (
    r"(?:accusations?|allegations?|claims?|charges?|suggestions?|assertions?|rumou?rs?|reports?|characteri[sz]ations?|"
    r"criticisms?)"
)
_DENIES = (
    r"(?:den(?:y|ies|ied|ying)|disput(?:e|es|ed|ing)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|refut(?:e|es|ed|ing)|"
    r"rebuff(?:s|ed)?|debunked|discredited)"
)
_FALSE = (
    r"[“\"‘']?(?:\w+ly )?(?:untrue|false|an? (?:\w+ )?lie|lies|baseless|unfounded|nonsense|ridiculous|absurd|"
    r"groundless|fabricated|not true)\b"
)
_WHOEVER = r"(?:he|she|they|it|[\w.’' ]{2,40}?) (?:has |have |had )?(?:\w+ly )?"
_ONE = r"(?:accusations|allegations|claims|charges|an? (?:accusation|allegation|claim|charge))"
_THOSE = r"(?:(?:all|any|the|those|these|that|his|her|their|its|such|[A-Z][\w.]+[’']s) )*(?:[\w-]+ ){0,3}"
_THAT = r"(?:he|she|it|they|the|any|being|having|ever|\w+ing\b|[A-Z]\w+ (?:was|were|is|had|has))"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<what>[^.;]{{0,140}}), {_ONE} (?:that )?{_WHOEVER}{_DENIES}\b",
        rf"(?P<what>[^.;]{{0,140}}), which {_WHOEVER}den(?:y|ies|ied)\b",
        rf"(?P<what>(?:[\w’'-]+ ){{0,6}}{_SAID})(?: that)? (?:the |an? )?{_WHOEVER}{_DENIES}\b",
        rf"\b{_DENIES} {_THOSE}{_SAID}(?P<what>[^;“”\"]*)",
        rf"\b{_SAID}(?P<what>[^.;]{{0,80}}?) (?:were|was|is|are|as) {_FALSE}",
        rf"(?P<what>(?:[\w’'-]+ ){{0,8}}{_SAID})[^.;]{{0,30}} (?:was|were|been) (?:\w+ly )?{_DENIES} by\b",
        rf"\bden(?:y|ies|ied|ying) (?:that )?(?P<what>{_THAT}[^;“”\"]*)",
        r"\bplead(?:ed|s)? not guilty(?P<what>[^;“”\"]*)",
    )
)
_DOUBLE = re.compile(
    r"(?:(?:\bnot|n[’']t|\bnever|\bneither|\bnor)\s+(?:\w+ )?|\b(?:confirm\w*|admit\w*)(?: to)? (?:or|nor) |"
    r"\b(?:declin\w+|refus\w+|fail\w+|unable) to )$",
    re.IGNORECASE,
)
"""Before the word that denies, it is no denial."""
_NO_ACCUSATION = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?|rebuff(?:s|ed)?) (?:[\w’'.]+ ){0,5}(?:bids?|"
    r"appeals?|requests?|motions?|efforts?|attempts?|offers?|bail|entry|petitions?|lawsuits?|suits?|proposals?|deals?|"
    r"plans?|ballots?|legitimacy|results?|outcome|elections?|science|climate|existence|access|visas?)\b",
    re.IGNORECASE,
)
"""What is refused, or held for untrue by those who are blamed for that."""
_SUES = re.compile(
    r"\b(?:suit|lawsuit|complaint|filing|plaintiffs?) (?:alleg|claim|argu|stat|say|said)\w*", re.IGNORECASE
)
"""Who says that something is false to accuse somebody."""
_KNEW = re.compile(r"\b(?:kn[eo]w\w*|aware)\b", re.IGNORECASE)
_ACCUSES = re.compile(
    r"\b(?:accus\w+|alleg\w+|claims|claimed|claiming|charged with|charges|suggested|credible reports|"
    r"investigat(?:ed|ions?|ing)|suspect(?:ed|s)|suspicion|indict\w*|blam(?:ed|es|ing)|labell?ed|sued|lawsuit|complaint|"
    r"fraud|cheat\w*|abus(?:ed?|ing)|assault(?:ed|ing)?|lied|lying|harass\w*|misconduct|corrupt\w*|espionage|"
    r"conspir\w+(?! theor))\b",
    re.IGNORECASE,
)
_PLAINLY = re.compile(r"\b(?:accus|alleg|charged|indict)", re.IGNORECASE)
"""What accuses even where the denial does not say of what."""
_NEGATES = re.compile(
    r"\b(?:no|not|never|none|denial|denying|without|wrong|untrue|baseless|unfounded|nonsense|innocen\w+|unclear|"
    rf"{_DENIES})\b|n[’']t\b|^(?:If|Whether)\b",
    re.IGNORECASE,
)
"""In a sentence that denies or doubts, and accuses nobody."""
_THEY = re.compile(r"^(?:(?:But|And|Both|However,|Still,) )?(?:He|She|They|His|Her|Their|It|Both)\b")
_FOR = re.compile(r"\b([A-Z]\w+)[’']s? (?:\w+ )?(?:attorneys?|lawyers?|counsel|spokes\w+|legal team|campaign)\b")
"""Who speaks for somebody."""
_WE = re.compile(r"^[“\"]?(?:We|I|Our|My)\b")
_GENERAL = telling(
    "accusation allegation claim charge suggestion report characterization criticism repeatedly strongly vehemently "
    "statement said told denied denies denying disputes disputed dismissed rejected wrongdoing guilty untrue false"
)
"""Stems that say that something is denied, not what."""


@dataclass(frozen=True, slots=True)
class _Denial:
    """What a sentence denies."""

    of: Evidence
    names: frozenset[str]
    """Of whom it may be."""
    what: frozenset[str]
    """Roots of the words for what is denied; empty where it does not say."""
    rest: frozenset[str]
    """Roots of all its words but the names."""
    of_knowing: bool
    """Whether it says that somebody did not know."""


def disavowals(evidence: Sequence[Evidence], known: Collection[int]) -> Iterator[Clash]:
    """Yield each denial with the accusation that is told most alike, but where either is ``known`` by its number.

    Of 39 such pairs in 802 groups of reports (RealTimeQA, dev, without the held stories) 28 are right, by reading; what
    counts as a denial was mended on them.
    """
    by_place = {(item.article.id, item.sentence.n): item for item in evidence}
    accusing = [item for item in evidence if _accuses(item)]
    for item in evidence:
        denial = None if item.number in known else _denied(item, by_place.get((item.article.id, item.sentence.n - 1)))
        if denial is not None:
            ranked = [(score, -other.number, other) for other in accusing if (score := _meets(denial, other))]
            if ranked:
                _, _, best = max(ranked, key=lambda row: row[:2])
                if best.number in known:
                    continue
                about = sorted(telling(item.sentence.text) & telling(best.sentence.text))
                yield between(Kind.DENIAL, Side("", best), Side("", item), about)


def _denied(item: Evidence, before: Evidence | None) -> _Denial | None:
    """Return what a sentence denies; ``before`` names whom it is of where it begins with a pronoun or names nobody."""
    text = item.sentence.text
    if len(text.split()) > LONG or is_correction(item) or _NO_ACCUSATION.search(text) or _SUES.search(text):
        return None
    found = next((match for form in _FORMS if (match := form.search(text))), None)
    if found is None or _DOUBLE.search(text, 0, _verb(found)):
        return None
    ours = named(item)
    theirs = named(before) if before is not None and (not ours or _THEY.match(text)) else frozenset[str]()
    plain, what = ours | _GENERAL, found["what"] or ""
    return _Denial(item, ours | theirs, matter(what) - plain, matter(text) - plain, _KNEW.search(what) is not None)


def _verb(found: re.Match[str]) -> int:
    """Return where the word that denies begins, so that "did not deny" is seen to be none."""
    verbs = [match.start() for match in re.finditer(rf"\b{_DENIES}\b", found.group(), re.IGNORECASE)]
    return found.start() + (verbs[-1] if verbs else 0)


@lru_cache(maxsize=4096)
def _accuses(item: Evidence) -> bool:
    text = item.sentence.text
    return bool(_ACCUSES.search(text)) and not _NEGATES.search(text) and not is_correction(item)


def _meets(denial: _Denial, other: Evidence) -> float:
    """Return how likely ``other`` accuses of what is denied; 0 where it does not, or is by who denies."""
    item = denial.of
    voices = speakers(other)
    if other.number == item.number or published_before(item, other) or (voices and voices <= speakers(item)):
        return 0.0
    ours = bool(denial.names & frozenset(map(stem, _FOR.findall(other.sentence.text))))
    if ours or (voices and _WE.match(item.sentence.text) and other.article.id == item.article.id):
        return 0.0
    if denial.of_knowing and not _KNEW.search(other.sentence.text):
        return 0.0
    told = matter(other.sentence.text)
    who, what, rest = denial.names & named(other), denial.what & told, denial.rest & told
    near = other.article.id == item.article.id and 0 < item.sentence.n - other.sentence.n <= CLOSE
    half = 2 * len(what) >= len(denial.what) and (len(what) > 1 or len(denial.what) <= FEW)
    said = bool(denial.what) and bool(what) and half
    unsaid = not denial.what and bool(rest) and _PLAINLY.search(other.sentence.text) is not None
    follows = near and (len(what) > 1 or len(denial.what) <= FEW)
    if not (who and (said or unsaid or follows)) and not (follows and _THEY.match(item.sentence.text)):
        return 0.0
    return 2 * len(what) + len(rest) + len(who) / 2 + 2 * near
