"""Two texts to whether they give the same numbers to the same things, and the same deeds to the same doers.

Each rule looks for an exchange that both texts show, and says nothing where one of them is not clear: "3 killed and 40
injured" against "40 killed", "A sued B" against "B sued A". A paraphrase in other words shows no exchange.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from rag.attribution import outside_quotations
from rag.facts import Number, days, names, numbers
from rag.verbs import SPEECH

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", re.UNICODE)
_SEGMENT = re.compile(
    r"[;:()—–]|,(?!\d{3})|\b(?:and|but|while|whereas|as|although|though|which|who|whom|plus|with|or|than)\b",
    re.IGNORECASE,
)
_ORDERS = re.compile(r"^[^,.;:]{0,20}?\b(to|instead of|rather than|against|from)\s(?:(?:every|the|a)\s)?$")
_PARTS = re.compile(r"[;:—–]|\b(?:and|but|while|whereas|although)\b")
_CLAUSE = re.compile(
    r"[,;:()—–“”\"]|\b(?:and|but|while|whereas|although|which|who|whom|that|because|if|when)\b", re.IGNORECASE
)
_EMPTY = frozenset(
    "a about above after again all also an another any around at be been before being below between both but by can could "
    "did do does during each few for from had has have he her him his how if in into is it its just last more most much "
    "near next no not of off on once only other others our out over own per same she since so some such than that the "
    "their them then there these they this those through to told too under until up upon us very was we were what when "
    "where which who whom will with would you your one people total least still at".split()
)
_LONGEST = 5_000
"""Characters of a sentence; what is longer is a list or a page without stops."""
_KINDS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(rf"(?:{words})\Z")
    for kind, words in {
        "dead": r"kill\w*|dead|die[sd]?|dying|deaths?|fatal\w*|perish\w*|drown\w*|murder\w*",
        "hurt": r"injur\w*|wound\w*|hurt|maim\w*",
        "missing": r"missing|unaccounted",
        "safe": r"surviv\w*|rescued|unhurt|unharmed",
        "held": r"arrest\w*|detain\w*|jailed|imprisoned",
        "freed": r"releas\w*|freed|acquit\w*",
        "up": r"rose|ris(?:e|es|en|ing)|increas\w*|gr[eo]w\w*|gain\w*|climb\w*|jump\w*|surg\w*|soar\w*|up",
        "down": r"fell|fall(?:s|en|ing)?|drop\w*|declin\w*|shr[aiu]nk\w*|los[et]s?|losing|slump\w*|plung\w*|decreas\w*|down",
    }.items()
}
"""What a number can be of, by the words that stand with it."""
_RIVALS: Mapping[str, frozenset[str]] = {
    kind: frozenset(group) - {kind}
    for group in (("dead", "hurt", "missing", "safe"), ("held", "freed"), ("up", "down"))
    for kind in group
}
"""The kinds that exclude one another."""
_EITHER = frozenset(
    "meet met marr marry merg fight fought play talk debat negotiat agr agree collid fac border divorc join equal match "
    "resembl wed drew draw ti clash discuss shar split kiss hug embrac rival".split()
)
"""Verbs, by their stems, whose two sides may change places."""
_IRREGULAR = frozenset(
    "beat won hit shot paid gave took bought sold struck drove led left lost made sent told built caught fought found "
    "held kept overthrew overtook put ran saw sought shook stole swore taught threw withdrew won wrote hid bit fed rode "
    "sank set cut hurt let bound brought chose forgave knew".split()
)
_SHORTEST = 4
_FORMS = frozenset("is are was were be been being get gets got gotten".split())
_OPENS_NOUN = re.compile(
    r"\s+(?:(?:the|a|an|its|his|her|their|our|former|rival|both|all|two|three)\s+|(?=[A-Z0-9$€£]))"
)
_ENDS_NOUN = re.compile(
    r"[,.;:()—–“”\"!?]|\b(?:of|in|on|at|by|for|from|to|with|into|over|after|before|during|near|against|under|through|"
    r"and|or|but|as|when|while|who|which|that|last|this|yesterday|today|because|about|around|without)\b",
    re.IGNORECASE,
)


def moved_number(statement: str, sources: Sequence[str]) -> str:
    """Return what is wrong where a number of ``statement`` stands with a thing that the sources give another number."""
    theirs = _contexts(sources)
    ours = _contexts([statement])
    wrong: list[Number] = []
    for key, said in ours.items():
        known = theirs.get(key)
        if known is None:
            continue
        for kind in said.kinds - known.kinds:
            if known.kinds & _RIVALS[kind] and not said.kinds & known.kinds:
                return f"the cited sentences say something else of {said.number.text}: “{known.text.strip()}”"
        wrong += [said.number for other in theirs.values() if _traded(said, known, other, ours)]
    if wrong:
        return f"the cited sentences say something else of {wrong[0].text}: “{theirs[_key(wrong[0])].text.strip()}”"
    return ""


def given_away(statement: str, sources: Sequence[str]) -> str:
    """Return what is wrong where a number stands with a party whose own sentence has another one of its kind.

    Of "Hale won 18,204 votes" and "Ruiz won 18,143" that is "Ruiz won 18,204".
    """
    people = {name.key for text in (statement, *sources) for name in names(text) if not name.opens}
    told = [(text, {name.key for name in names(text)} & people, numbers(text)) for text in sources]
    bare = outside_quotations(statement)
    for number in numbers(bare):
        part = _PARTS.split(bare[: number.start])[-1] + _PARTS.split(bare[number.start :])[0]
        ours = {name.key for name in names(part)} & people
        holding = [keys for _, keys, found in told if any(number.matches(other) for other in found)]
        if not ours or not holding or any(ours & keys or not keys for keys in holding):
            continue
        kind = _counted(bare, number)
        rivals = (_counted(text, other) for text, keys, found in told if keys & ours for other in found)
        if kind in rivals:
            return f"the cited sentences give {number.text} to another party"
    return ""


def turned_round(statement: str, sources: Sequence[str]) -> str:
    """Return what is wrong where two figures have changed places: "4 to 7" for "7 to 4"."""
    said = _pairs(statement)
    known = {pair for text in sources for pair in _pairs(text)}
    wrong = [(one, by, two) for one, by, two in said if (two, by, one) in known and (one, by, two) not in known]
    return f"the cited sentences have {wrong[0][2]} {wrong[0][1]} {wrong[0][0]}" if wrong else ""


def _pairs(text: str) -> list[tuple[str, str, str]]:
    """Return each figure, and what stands between it and the next one where that sets them in an order."""
    found = numbers(text)
    between = (text[one.start + len(one.text) : two.start] for one, two in pairwise(found))
    joined = zip(pairwise(found), map(_ORDERS.search, between), strict=True)
    return [(str(one.value), by[1], str(two.value)) for (one, two), by in joined if by is not None]


def _counted(text: str, number: Number) -> tuple[str, str]:
    """Return the unit of a number and the first word of what it counts."""
    after = re.match(r"[\s-]*([a-z]{3,})", text[number.start + len(number.text) :])
    return number.unit, after[1][:5] if after and not number.unit else ""


def exchanged(statement: str, sources: Sequence[str]) -> str:
    """Return what is wrong where two sides of a deed have changed places."""
    deeds = _deeds(outside_quotations(statement))
    known = [deed for text in sources for deed in _deeds(outside_quotations(text))]
    for deed in deeds:
        same = [other for other in known if other.stem == deed.stem]
        if len(same) != 1 or sum(other.stem == deed.stem for other in deeds) > 1:
            continue
        other = same[0]
        straight = deed.doer & other.doer or deed.done_to & other.done_to
        crossed = deed.doer & other.done_to and deed.done_to & other.doer
        if crossed and not straight:
            return f"in the cited sentences it is the other side that {other.verb}"
    return ""


@dataclass(frozen=True, slots=True)
class _Context:
    """The words that a number stands with, within its part of a sentence."""

    number: Number
    words: frozenset[str]
    kinds: frozenset[str]
    """Which of ``_KINDS`` are among them."""
    text: str
    leads: bool
    """It is the first number of its text."""


_Key = tuple[Decimal, str]


def _key(number: Number) -> _Key:
    return number.value, number.unit


def _traded(said: _Context, known: _Context, other: _Context, ours: Mapping[_Key, _Context]) -> bool:
    """Tell whether two numbers of the statement stand each with the words that the sources have beside the other."""
    back = ours.get(_key(other.number))
    if back is None or other.number.unit != known.number.unit or _key(other.number) == _key(known.number):
        return False
    own, foreign = known.words - other.words, other.words - known.words
    if said.leads and known.leads:
        own = own - (said.words & known.words) or own  # what a sentence is about stands with its first number
    there = said.words & foreign and not said.words & own
    return bool(there and back.words & own and not back.words & foreign)


@lru_cache(maxsize=4096)
def _contexts_of(text: str) -> tuple[_Context, ...]:
    found: list[_Context] = []
    if len(text) > _LONGEST:
        return ()
    cuts = [0, *(match.end() for match in _SEGMENT.finditer(text)), len(text)]
    dated = [(day.start, day.start + len(day.text)) for day in days(text)]
    for number in numbers(text):
        first = max(cut for cut in cuts if cut <= number.start)
        last = min((cut for cut in cuts if cut > number.start), default=len(text))
        part = text[first:last]
        bare = [
            match.group().lower()
            for match in _WORD.finditer(text, first, last)
            if not any(start <= match.start() < end for start, end in dated)
        ]
        kinds = frozenset(kind for kind, pattern in _KINDS.items() if any(map(pattern.match, bare)))
        words = frozenset(word[:6] for word in bare if word not in _EMPTY and word not in number.text.lower())
        found.append(_Context(number, words, kinds, part.strip(" ,;:."), not found))
    return tuple(found)


def _contexts(texts: Sequence[str]) -> dict[_Key, _Context]:
    """Return one context for each number: where it stands more than once, its words are put together."""
    found: dict[_Key, _Context] = {}
    for text in texts:
        for context in _contexts_of(text):
            key = _key(context.number)
            if (old := found.get(key)) is not None:
                joined = f"{old.text} … {context.text}"
                found[key] = _Context(
                    old.number,
                    old.words | context.words,
                    old.kinds | context.kinds,
                    joined,
                    old.leads and context.leads,
                )
            else:
                found[key] = context
    return found


@dataclass(frozen=True, slots=True)
class _Deed:
    """A verb with the words of those on both sides of it, whichever way the sentence is turned."""

    stem: str
    verb: str
    doer: frozenset[str]
    done_to: frozenset[str]


@lru_cache(maxsize=4096)
def _deeds(text: str) -> tuple[_Deed, ...]:
    """Return the deeds of which both sides are plain: "X verb-ed the Y", "Y was verb-ed ... by X"."""
    found: list[_Deed] = []
    if len(text) > _LONGEST:
        return ()
    for match in _WORD.finditer(text):
        word = match.group().lower()
        stem = _stem(word)
        if match.group()[0].isupper() or not is_verb(word) or word in SPEECH or stem in _EITHER:
            continue
        before = _CLAUSE.split(text[: match.start()])[-1]
        after = text[match.end() :]
        auxiliary = {w.lower() for w in _WORD.findall(before)[-3:]} & _FORMS
        clause = re.split(r"[,;:()—–“”\".]", after, maxsplit=1)[0]
        by = re.search(r"\bby\s+(?:the\s+|an?\s+)?", clause)
        if by is not None and (auxiliary or not clause[: by.start()].strip()) and not word.endswith("ing"):
            doer, done_to = _noun(clause[by.end() :]), _nouns(before)
        elif (not auxiliary or word.endswith("ing")) and (opening := _OPENS_NOUN.match(after)) is not None:
            doer, done_to = _nouns(before), _noun(after[opening.end() :])
        else:
            continue
        if doer and done_to:
            found.append(_Deed(stem, word, doer, done_to))
    return tuple(found)


def is_verb(word: str) -> bool:
    """Tell whether a word can be a verb; that a noun stands where its object would is asked besides."""
    if len(word) < _SHORTEST:
        return word in _IRREGULAR
    plural = word.endswith("s") and not word.endswith(("ss", "us", "’s", "'s"))
    return word in _IRREGULAR or plural or word.endswith(("ed", "ing"))


def _stem(word: str) -> str:
    """Return a verb without its ending, so that its forms are one."""
    for ending in ("ing", "ied", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 1:
            return word.removesuffix(ending).removesuffix("e")
    return word


def _noun(text: str) -> frozenset[str]:
    """Return the words of the noun phrase that ``text`` opens with."""
    return _nouns(_ENDS_NOUN.split(text, maxsplit=1)[0])


def _nouns(text: str) -> frozenset[str]:
    words = (word.lower().removesuffix("’s").removesuffix("'s") for word in _WORD.findall(text))
    return frozenset(word[:6] for word in words if word not in _EMPTY)
