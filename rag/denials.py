"""Sentences to the claims among them that somebody denies or answers.

By saying so ("denied that it knew"), by referring to it ("rejected the accusation"), by following it, or by saying the
contrary of the same rare things elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations, speeches
from rag.clash import Clash, Kind, Side
from rag.corrections import is_correction
from rag.facts import names
from rag.figures import Figure
from rag.passages import published_before, root, same_paragraph, silent, speakers
from rag.vocabulary import ABOUT, stem, telling, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rag.sources import Evidence

REACH = 8
"""Sentences between a claim and its denial in one article."""
_RARE = 5  # sentences of a story that a word stands in, at most, to tell one matter in it from another
_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied) (?:that )?(?:it|he|she|they|any|having|paying|\w+ing)\b|reject(?:s|ed) (?:claims?|"
    r"allegations?|reports?|accusations?)|"
    r"dismiss(?:es|ed) (?:claims?|a rumou?r|reports?|allegations?)|(?:was|were|is|are) (?:wrong|false|untrue|"
    r"not true|baseless|unfounded)\b)",
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


def denials(evidence: Sequence[Evidence], figures: Sequence[Figure]) -> Iterator[Clash]:
    """A sentence that denies, with the sentence of somebody else that comes closest to what it denies."""
    for item in evidence:
        denies = _DENIES.search(outside_quotations(item.sentence.text))
        if not denies or is_correction(item):
            continue
        text, backwards = item.sentence.text, denies.group().lower().startswith(("was", "were", "is", "are"))
        said = text[: denies.start()] if backwards else text[denies.end() :]
        values = {f.value for f in figures if f.evidence.number == item.number and f.text in said}
        ranked = [(_denied(item, other, telling(said), values, figures), -other.number, other) for other in evidence]
        score, _, best = max(ranked, key=lambda row: row[:2])
        if score:
            about = tuple(sorted(telling(said) & telling(best.sentence.text)))
            yield _denial(Kind.DENIAL, about, best, item, denies.group())


def _denied(
    item: Evidence, other: Evidence, said: frozenset[str], values: set[str], figures: Sequence[Figure]
) -> float:
    """Return how likely ``other`` states what ``item`` denies; 0 where it does not."""
    own = other.number == item.number or (speakers(other) and speakers(other) <= speakers(item))
    if own or is_correction(other) or _NEGATES.search(other.sentence.text) or published_before(item, other):
        return 0.0
    shared = said & telling(other.sentence.text)
    alleged = bool(_ALLEGED.search(other.sentence.text))
    same = sum(f.value in values for f in figures if f.evidence.number == other.number)
    close = other.article.id == item.article.id and 0 < item.sentence.n - other.sentence.n <= REACH
    enough = (
        len(shared) + 2 * same >= (1 if alleged and close else ABOUT - 1) and (alleged or same) and bool(shared or same)
    )
    return len(shared) / (len(said) + 2) + same + (0.2 if close else 0) if enough else 0.0


def replies(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """An allegation, and what answers it: by referring to it, by following it, or by saying the contrary elsewhere."""
    by_place = {(item.article.id, item.sentence.n): item for item in evidence}
    spread = Counter(term for item in evidence for term in telling(item.sentence.text))
    for item in evidence:
        ours = outside_quotations(item.sentence.text)
        answers = _ANSWERS.search(ours)
        who = speakers(item) or (telling(ours[: answers.start()]) if answers else frozenset[str]())
        near = (by_place.get((item.article.id, item.sentence.n - step)) for step in range(1, REACH if answers else 2))
        before = [other for other in near if other and _said(other) and not who & speakers(other)]
        alleged = [other for other in before if _alleges(other)]
        if not who or is_correction(item):
            continue
        if answers:
            last = [o for o in before if item.sentence.n - o.sentence.n == 1 and not _NEGATES.search(o.sentence.text)]
            yield from (_denial(Kind.DENIAL, (), other, item, answers.group()) for other in (alleged or last)[:1])
        elif alleged and not _party(who, alleged[0]) and same_paragraph(alleged[0], item) and _PLAINLY.match(ours):
            about = telling(alleged[0].sentence.text) & telling(ours)
            yield from (_denial(Kind.REPLY, sorted(about), other, item, "") for other in alleged[:1] if about)
    yield from _contraries(
        evidence, frozenset(term for term, count in spread.items() if count <= max(_RARE, len(evidence) // 12))
    )


def _contraries(evidence: Sequence[Evidence], rare: frozenset[str]) -> Iterator[Clash]:
    """An allegation, and what somebody else says of the same rare things with a "no" where it has none, or without."""
    told = [item for item in evidence if speakers(item)]
    named = {stem(name.word) for item in evidence for name in names(item.sentence.text) if not name.opens}
    for claim in (item for item in told if _alleges(item) and not is_correction(item)):
        for item in told:
            shared = telling(claim.sentence.text) & telling(item.sentence.text) & rare
            plain = {term for term in shared if term not in named}
            contrary = bool(_NEGATES.search(claim.sentence.text)) != bool(_NEGATES.search(item.sentence.text))
            others = root(item) != root(claim) and not _party(speakers(item), claim)
            plainly = len(plain) >= ABOUT and not _ALLEGED.search(item.sentence.text)
            if plainly and contrary and others and not published_before(item, claim):
                yield _denial(Kind.REPLY, sorted(shared), claim, item, "")


def _alleges(item: Evidence) -> bool:
    return bool(_CLAIMS.search(outside_quotations(item.sentence.text)))


def _party(who: frozenset[str], other: Evidence) -> bool:
    """Tell whether those who speak are spoken of in ``other``, too: their own side, not the other one."""
    return bool(who & frozenset(words(other.sentence.text))) if who else False


def _said(item: Evidence) -> bool:
    return bool(speeches(item.sentence.text)) or silent(item)


def _denial(kind: Kind, about: Iterable[str], first: Evidence, second: Evidence, word: str) -> Clash:
    key = frozenset((first.sentence.text, second.sentence.text))
    return Clash(kind, tuple(about), Side("", first), Side(word, second), key)
