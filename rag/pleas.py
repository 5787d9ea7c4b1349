"""Sentences of a story to what somebody is accused of in one, and the one in which they deny all of it.

"Ruiz has denied any wrongdoing" names no matter, so nothing but the name tells what it answers: an accusation of Ruiz
by somebody else, in whatever article. The accusation that the same article tells is another room's (``rag.denials``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations
from rag.clash import Clash, Kind, Side, between
from rag.corrections import is_correction
from rag.facts import names
from rag.passages import published_before, speakers, told_at
from rag.vocabulary import PLAIN, stem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.sources import Evidence

_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied) (?:any |all )?(?:wrongdoing|misconduct|guilt|(?:the |all |these |those )?(?:charges?|"
    r"allegations?|accusations?))|plead(?:ed|s)? not guilty|pled not guilty|"
    r"maintain(?:s|ed) (?:his|her|their|its) innocence)\b",
    re.IGNORECASE,
)
_ACCUSES = re.compile(
    r"(?<![’'] )(?<![’']s )\b(?:accus(?:es?|ed|ing)|alleg(?:es?|ed|ing)|su(?:es|ed|ing)|"
    r"charg(?:ed(?! with \w+ing\b)|ing)|indicted)\b"
    r"(?! by\b)"
)
_ACCUSED = re.compile(
    r"\b(?:was|were|is|are|been|being|stands?) (?:\w+ly )?(?:accused|charged|indicted|sued|arraigned)\b|"
    r"\b(?:faces?|faced|facing) (?:\w+ ){0,3}(?:charges?|counts?|allegations?|accusations?)\b"
)
_WHOSE = re.compile(r"\b[A-Z][\w-]+[’']s (?=[a-z])")
"""Whose it is of which something is said: "an audit of Ruiz's taxes" accuses the auditor."""
SUBJECT = 6
"""Words before "was accused" that may name who was: a name further off is somebody else's."""
_NOT = re.compile(r"(?:\bnot|n[’']t|\bnever|\bnobody|\bwithout)\s+(?:\w+ ){0,2}$", re.IGNORECASE)
_ALL = re.compile(
    r"\b(?:nobody|no one|not|never|unlikely|dropped|cleared|acquitted|withdrew|withdrawn)\b|n[’']t\b", re.IGNORECASE
)
"""With one of these, a sentence accuses nobody, or nobody any more."""

_NO_NAMES = PLAIN | frozenset(
    "monday tuesday wednesday thursday friday saturday sunday former president senator representative congressman "
    "congresswoman mayor governor minister prime secretary chief judge justice captain inspector police prosecutor "
    "prosecutors state federal house senate supreme court district attorney general republican republicans democrat "
    "democrats".split()
)
"""Words with a capital that name an office or a party, not who holds or is in it."""


def pleas(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """Each sentence in which somebody denies all wrongdoing, with the first that tells of what they are accused."""
    accusations = [(item, found) for item in evidence if (found := _accused(item))]
    for item in evidence:
        denier, words = _denier(item)
        against = [
            other
            for other, found in accusations
            if denier & found and other.article.id != item.article.id and not published_before(item, other)
        ]
        if against:
            first = min(against, key=told_at)
            yield between(Kind.DENIAL, Side("", first), Side(words, item), sorted(denier))


def _denier(item: Evidence) -> tuple[frozenset[str], str]:
    """Return the names of who denies all wrongdoing, and the words that deny it; nothing where nobody named does."""
    text = outside_quotations(item.sentence.text)
    match = None if is_correction(item) else _DENIES.search(text)
    if match is None or _NOT.search(text, 0, match.start()):
        return frozenset(), ""
    subject = re.split(r"[;:]|, (?:and|but|while) ", text[: match.start()])[-1]
    return _named(subject), match.group()


def _accused(item: Evidence) -> frozenset[str]:
    """Return the names of those whom a sentence accuses or tells to be accused, but for who says so."""
    text = outside_quotations(item.sentence.text)
    if is_correction(item) or _ALL.search(text) or _DENIES.search(text):
        return frozenset()
    passive, active = _ACCUSED.search(text), _ACCUSES.search(text)
    if passive is not None:
        return _named(" ".join(text[: passive.start()].split()[-SUBJECT:]))
    if active is None:
        return frozenset()
    accuser = _named(text[: active.start()]) | frozenset(map(stem, speakers(item)))
    return _named(_WHOSE.sub("", text[active.end() :])) - accuser


def _named(text: str) -> frozenset[str]:
    """Return the stems of the names in ``text``."""
    return frozenset(stem(name.word) for name in names(text) if len(name.word) > 2 and name.key not in _NO_NAMES)  # noqa: PLR2004 - no initials
