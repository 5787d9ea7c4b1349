"""Question to its parts, and for each part the kind of thing that would answer it.

"When was it found, and who told the regulator?" has two parts; the first wants a date, the second a person. Knowing
the kind lets the extractive writer decline: a sentence without any number does not say how many.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from rag.attribution import outside_quotations
from rag.errors import UsageError
from rag.facts import Number, days, names, numbers, times
from rag.vocabulary import CALENDAR, CASUALTY

LONGEST_QUESTION = 2_000
"""Characters. A longer text is no question; it would only cost time."""


class Want(Enum):
    """The kind of thing that a question asks for."""

    PERSON = "who"
    NUMBER = "how many"
    MONEY = "what sum"
    SHARE = "what share"
    WHEN = "when"
    DURATION = "how long"
    AGE = "how old"
    PLACE = "where"
    REASON = "why"
    WHETHER = "whether"
    OTHER = "what"


_WANTS = (
    (Want.AGE, r"how old|what age|(?:the )?age of"),
    (Want.SHARE, r"what (?:share|percentage|proportion)|how many per ?cent|by what (?:share|percentage)"),
    (Want.MONEY, (r"how much (?:money|did .* (?:cost|pay|earn|spend|lose|receive)|was .* (?:paid|fined)|will .* (?:cost|pay)|does .* cost|is .* paid)" r"|what (?:price|sum|fine|salary)|for what price|how much each")),
    (Want.DURATION, r"how long|for how (?:many (?:days|weeks|months|years|hours))"),
    (Want.WHEN, r"when\b|what (?:time|date|day|year|month)|(?:on|at|by|in|since|until) (?:what|which) (?:time|date|day|year|month)|by when"),
    (Want.NUMBER, r"how many|how much|how (?:fast|high|far|large|big|deep|tall|wide|heavy)|what (?:number|figure)|what (?:is|was) the (?:[\w-]+ ){0,2}(?:toll|number|count|tally)|by how (?:much|many)"),
    (Want.PERSON, r"who(?:m|se)?\b|which (?:person|man|woman|minister|judge|company|group|candidate)|what (?:is|are|was|were) the names? of"),
    (Want.PLACE, r"where\b|(?:in|at|to|from) (?:what|which) (?:city|town|country|place|state|street|village)|(?:what|which) (?:city|town|country|continent|state)"),
    (Want.REASON, r"why\b|for what reason|what (?:caused|made|led)|how come"),
    (Want.WHETHER, r"^(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)\b"),
)  # fmt: skip
_PATTERNS = tuple((want, re.compile(pattern, re.IGNORECASE)) for want, pattern in _WANTS)
_WH = r"(?:who|whom|whose|what|when|where|why|which|how|by (?:what|when|how)|on (?:what|which)|for what|did|does|do|is|are|was|were|has|have|had|will|can)"
_SPLIT = re.compile(rf"(?:[,;?]\s*|\s+)(?:and|or|but)\s+(?={_WH}\b)|\?\s+(?={_WH}\b)", re.IGNORECASE)
_OPENS_QUESTION = re.compile(rf"^{_WH}\b|\b{_WH}\b", re.IGNORECASE)
_TOKEN = re.compile(r"\w+")
_REPEATED = 4
"""Fewest words of a question that a sentence repeats by more than chance."""
_CREDIT = re.compile(r"\s*\([^()]*\)$")
"""The outlets behind a statement."""
_ENDS = re.compile(r"(?<=[.!?])\s+")
_CLOSING = "\"”’'») "
_DURATION = re.compile(
    r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|nights?|overnight|since|until|from\b.*\bto)\b",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\b\d{1,3}[- ]years?[- ]old\b|\baged? \d|, \d{2},|\bin (?:his|her|their) [a-z]+ties\b", re.IGNORECASE
)
_WHEN = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?-i:January|February|March|April|May|June|July|August|September|"
    r"October|November|December)\b|\b(?:today|yesterday|tomorrow|tonight|noon|midnight|midday|morning|evening|week|month|"
    r"year|spring|summer|autumn|winter)\b|\b(?:19|20)\d\d\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|after|over|amid|following|caused?|causing|blamed?|so that|in order to|reason|"
    r"result|as a result|prompted|forced|led to|citing|concerns?|meant|for failing|died|to avoid|would)\b",
    re.IGNORECASE,
)
_RELATIVE = (
    r"(?:wi(?:fe|ves)|husbands?|spouses?|widow(?:er)?s?|partners?|sons?|daughters?|child(?:ren)?|mothers?|fathers?|"
    r"parents?|brothers?|sisters?|siblings?|cousins?|uncles?|aunts?|nephews?|nieces?|fianc[eé]e?s?|"
    r"grand(?:son|daughter|father|mother|child|parent)\w*)"
)
_KIN = re.compile(rf"\b(?:{_RELATIVE}|married)\b", re.IGNORECASE)
_WHOSE_KIN = re.compile(
    rf"(?:[’']s?|\bhis|\bher|\btheir) (?:[a-z]+ )?{_RELATIVE}\b|\b{_RELATIVE} (?:of|to)\b|\bmarried\b", re.IGNORECASE
)
"""Whose relative is asked for: that is answered by what names a relative."""
_OF_WHOM = re.compile(
    r"\bhow many (?:of the |other )?(?:\w+ )?(children|pupils|students|women|men|soldiers|officers|drivers|passengers|"
    r"firefighters|civilians|journalists|nurses|doctors|tourists|miners|sailors|prisoners)\b",
    re.IGNORECASE,
)
_FOUND_DEAD = re.compile(r"\b(?:bod(?:y|ies)|victims?|drowned|perished)\b", re.IGNORECASE)
"""What else tells of the dead, besides ``CASUALTY``."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_SMALL = re.compile(r"\b[a-z]+")
_WHO = re.compile(r"\bwho(?:m|se)?\b", re.IGNORECASE)
_ROLE = re.compile(r"(?:The|An?|His|Her|Their) ((?:[a-z-]+ )?[a-z-]+) (?:was|were|is|are|has|have|had|will|[a-z]+ed)\b")
"""What opens a sentence with somebody by what he is: "The captain was arrested"."""
_WHERE = re.compile(r"\bwhere\b", re.IGNORECASE)
_BEFORE = r" (?:the )?(?:[A-Z][\w.’'-]* )*$"
_PLACE = re.compile(rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Tt]o|[Oo]ff|[Oo]n|[Oo]utside|[Aa]cross|of){_BEFORE}")
_WITHIN = re.compile(rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ii]nto|[Oo]utside|[Aa]cross|[Tt]hroughout){_BEFORE}")
"""Before a place, and so before nobody who did anything."""
_COUNTED = re.compile(
    r"\b(?:no|none|nobody|all|both|half|one(?! of)|dozens?|scores|hundreds|thousands|millions|several|twice)\b",
    re.IGNORECASE,
)
_NO_COUNT = re.compile(r"[^\W_]#|[^\W_]-#|#-(?:times?|years?-old)\b|#(?:st|nd|rd|th)\b")
"""Around a figure that counts nothing: "Covid-19", "five-time winners"."""
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*", re.UNICODE)
_PRONOUN = re.compile(r"\b(?:it|its|he|his|him|she|her|they|their|them|this|that|these|those)\b", re.IGNORECASE)
_ASKING = frozenset(
    "a about after all an and any are as at be been before by can could did do does for from get give given had has have "
    "he her his how if in into is it its many may might much name names of on one or other our out over said say says she "
    "should so some such than that the their them then there these they this those to under up was were what when where "
    "which who whom whose why will with would you your according first latest exactly according tell me us please".split()
)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked."""

    text: str
    """As it was asked."""
    wants: Want
    terms: frozenset[str]
    """Its content words in lower case, cut to six letters."""
    query: str
    """The part so that it can be understood without the others."""


def parts(question: str) -> tuple[Part, ...]:
    """Return the parts of ``question`` in order; a question that asks one thing has one.

    A part that leans on the one before ("and when?") takes its content words along.
    """
    pieces = [piece.strip(" ?,;") for piece in _SPLIT.split(question.strip())]
    pieces = [piece for piece in pieces if piece]
    whole = question.strip()
    if len(pieces) < 2 or not _OPENS_QUESTION.search(pieces[0]):  # noqa: PLR2004 - one thing asked
        return (Part(whole, _wants(whole), terms(whole), whole),)
    found: list[Part] = []
    for position, piece in enumerate(pieces):
        own = terms(piece)
        lean = found[-1].terms if found and len(own) < 2 else frozenset[str]()  # noqa: PLR2004
        found.append(Part(piece, _wants(piece), own | lean, _leaning(piece, pieces[:position])))
    return tuple(found)


def terms(text: str) -> frozenset[str]:
    """Return the content words of ``text`` in lower case, cut to six letters so that endings fold together."""
    words = (match.group().lower().removesuffix("’s").removesuffix("'s") for match in _WORD.finditer(text))
    return frozenset(word[:6] for word in words if word not in _ASKING and len(word) > 1)


def offers(want: Want, sentence: str, question: str, article: str = "") -> bool:
    """Tell whether ``sentence`` of ``article`` holds something of the kind wanted that ``question`` does not hold already."""
    if want in {Want.NUMBER, Want.MONEY, Want.SHARE}:
        asked = numbers(question)
        new = [n for n in numbers(sentence) if not any(n.matches(other) for other in asked)]
        if want is Want.SHARE:
            return any(n.unit == "%" for n in new) or bool(re.search(r"\b(?:half|third|quarter|in \d+)\b", sentence))
        if want is Want.MONEY:
            return any(n.unit not in {"", "%"} for n in new) or "nothing" in sentence.lower()
        if not _befell(sentence, question):
            return False
        return any(_counts(n, sentence) for n in new) or bool(_COUNTED.search(sentence))
    if want is Want.PERSON:
        if _WHOSE_KIN.search(question) and not _KIN.search(sentence):
            return False
        role = _ROLE.match(sentence)
        if role and not terms(role[1]) & terms(question):
            return True
        who = _WHO.search(question) is not None
        return _named(sentence, question, article, lambda start: not (who and _WITHIN.search(sentence, 0, start)))
    if want is Want.PLACE:
        which = _WHERE.search(question) is None
        return _named(sentence, question, article, lambda start: which or bool(_PLACE.search(sentence, 0, start)))
    if want is Want.WHEN:
        return bool(days(sentence) or times(sentence) or _WHEN.search(sentence))
    patterns = {Want.DURATION: _DURATION, Want.AGE: _AGE, Want.REASON: _REASON}
    return bool(patterns[want].search(sentence)) if want in patterns else True


def _named(sentence: str, question: str, article: str, stands: Callable[[int], bool]) -> bool:
    """Tell whether ``sentence`` names somebody or something that ``question`` does not, where it ``stands`` so.

    A word that opens the sentence is a name where its article has it as one elsewhere.
    """
    asked = CALENDAR | {name.key for name in names(question)}
    new = (name for name in names(sentence) if name.key.rstrip(".") not in asked)
    return any(stands(name.start) for name in new if not name.opens or name.key in _inside(article))


@lru_cache(maxsize=256)
def _inside(article: str) -> frozenset[str]:
    """Return the names that stand inside the sentences of an article, and nowhere in it without their capital."""
    return frozenset(name.key for name in names(article) if not name.opens) - frozenset(_SMALL.findall(article))


def _counts(number: Number, sentence: str) -> bool:
    """Tell whether a number can count something: it is no year, no age, and no part of a name."""
    around = f"{sentence[: number.start]}#{sentence[number.start + len(number.text) :]}"
    return not (_YEAR.fullmatch(number.text) or _NO_COUNT.search(around))


def _befell(sentence: str, question: str) -> bool:
    """Tell whether ``sentence`` has what befell people where that is asked, and to whom: the dead are not the injured."""
    asked = {unit for told, unit in CASUALTY if told.search(question)}
    told = {unit for told, unit in CASUALTY if told.search(sentence)}
    told |= {"dead"} if _FOUND_DEAD.search(sentence) else set()
    who = _OF_WHOM.search(question)
    return not asked or (bool(asked & told) and (who is None or who[1][:4].lower() in sentence.lower()))


def asks(text: str) -> bool:
    """Tell whether a text only asks, and so states nothing: "How do panels work? (CNN)". Direct speech counts for none."""
    bare = _CREDIT.sub("", outside_quotations(text).strip())
    return bool(bare) and all(sentence.rstrip(_CLOSING).endswith("?") for sentence in _ENDS.split(bare) if sentence)


def restates(text: str, question: str) -> bool:
    """Tell whether a text begins by asking the question over, mark or none: "Who won the cup: read on" is no answer.

    "Who won the cup is unknown" goes on as a sentence does, and is one.
    """
    asked = _TOKEN.findall(question.casefold())
    begun = list(_TOKEN.finditer(text.casefold()))[: len(asked)]
    if len(asked) < _REPEATED or not _OPENS_QUESTION.match(question) or [one.group() for one in begun] != asked:
        return False
    return not re.match(r"\s+\w", text[begun[-1].end() :])


def _wants(text: str) -> Want:
    """Return the kind that the question's own word asks for: of the patterns that match, the one that starts first."""
    first = _OPENS_QUESTION.search(text)
    limit = first.start() if first else len(text)
    found = (
        (match.start(), order, want) for order, (want, match) in enumerate(_matches(text)) if match.start() <= limit
    )
    return min(found, default=(0, 0, Want.OTHER), key=lambda item: item[:2])[2]


def _matches(text: str) -> Iterator[tuple[Want, re.Match[str]]]:
    for want, pattern in _PATTERNS:
        if match := pattern.search(text):
            yield want, match


def _leaning(piece: str, before: list[str]) -> str:
    """Return ``piece`` with the names that it leans on in front: "its U.S. arm" is Lumarra's."""
    if not before or (names(piece) and not _PRONOUN.search(piece)):
        return piece
    words = dict.fromkeys(name.word for name in names(before[0]) if not name.opens)
    return f"{' '.join(words)}: {piece}" if words else piece


def checked(question: str) -> str:
    """Return a question in one line. Raises UsageError if it is empty, too long, or no text that can be written."""
    asked = " ".join(question.split())
    if any("\ud800" <= char <= "\udfff" for char in asked):
        msg = "the question is not valid UTF-8: it holds half of a surrogate pair"
        raise UsageError(msg, hint="decode it as the text that it is")
    if not asked:
        msg = "the question is empty"
        raise UsageError(msg, hint='citewire ask "Who chairs the inquiry?"')
    if len(asked) > LONGEST_QUESTION:
        msg = f"the question has {len(asked):,} characters; the limit is {LONGEST_QUESTION:,}"
        raise UsageError(msg, hint="ask about one thing at a time")
    return asked
