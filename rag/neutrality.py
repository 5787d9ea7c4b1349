"""Statement to concerns: wording that a careful editor would question.

    "Clearly, the mayor boasted of her disastrous plan." -> Clearly (booster), boasted (assertive), disastrous (emotive)

Each rule in ``neutrality.json`` has the field's name: factive, assertive, implicative and manner-of-speaking verbs,
epithets, boosters, stance adverbs, hedges, self-mention, emotive words, evaluative adjectives. The lists were written
for this project; no published lexicon was copied. They name words, not meanings: a concern is a question to an editor,
who may well let the word stand, so a word that is as often plain ("massive", "weak", "harsh") is in no list. How often
annotators agree: ``python benchmarks/neutrality.py``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from pydantic import BaseModel, ConfigDict, TypeAdapter

from rag.attribution import outside_quotations, speeches
from rag.fairness import Accuracy

FILE = "neutrality.json"
ACCURACY = Accuracy("BABE dev, odd half", sentences=1254, macro_f1=0.743, missed=0.356, flagged=0.157)
"""How far these rules can be trusted: the row "any concern" of ``python benchmarks/neutrality.py``, on the half that
played no part in making them. Stands beside every list of concerns; a test holds it to ``benchmarks/results``."""
SPEECH = frozenset({"factive", "assertive", "implicative", "manner"})
"""Rules of verbs that report speech: whoever is quoted, the verb is the writer's."""
RULES = (
    *("factive", "assertive", "implicative", "manner"),
    *("epithet", "booster", "stance", "hedge", "self", "loaded", "judgement"),
)
"""Their names; of two lists that hold one word, the first has it."""
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", re.UNICODE)
_END = re.compile(r"[.!?][”\"’)]*\s+(?=[A-Z“\"‘])|\n+")
_SHORTEST_STEM = 3
_HEADLINE = 0.6  # of the words of four letters and more begin with a capital: then a capital says nothing
_LONG = 4
_LONGEST = 12  # words of an idiom
_NEAR = 60  # characters before a verb in which its subject is looked for
_VAGUE = frozenset(
    "critics critic some many most others people person observers experts analysts commentators sources source "
    "insiders opponents supporters detractors skeptics sceptics everyone everybody nobody one reports media press "
    "which that there this these those you we i us our".split()
)
"""Speakers that name nobody: what they are made to say is the writer's wording."""
_CROWD = _VAGUE - frozenset("which that there this these those you we i us our one reports media press".split())
_NUMBERED = re.compile(
    r"(?<=[\w,] )(?!(?:How|Why|When|What|Where|While|That|Then|Than|And|But|The|If|As|Since|After|Until|So|Because|Did|"
    r"Do|Can|Could|Should|Would|Will|Am|Was|Said|Says|Things?|Day|Time|Like)\b)[A-Z][a-z]+ $"
)
"""Before an "I" that is a number: "the new Artemis I", and not "The Day I"."""
_PART = re.compile(r"[,;:—]")
_PEOPLE = frozenset("he she they who it".split())
_NOUNS = frozenset(
    "claim claims boast boasts brag rail rails lament laments blast blasts bash trash mock taunt taunts gripe gripes "
    "lecture hype scoffs lash parrot parrots slam slams barb whine".split()
)
"""Speech verbs that are as often nouns."""
_SIDE = re.compile(
    r"(?<!on )(?<!from )the (?:left|right)"
    r"(?=[’']s\b|[.,;:!?—]|\s+(?:is|are|was|has|have|will|would|wants?|hates?|loves?|who)\b)",
    re.IGNORECASE,
)
"""The two as a party; "the right to vote" and "on the left side" are none."""
_PARTY = (
    r"(?:company|union|mayor|government|city|council|ministry|minister|party|police|army|president|firm|agency|board|"
    r"spokes(?:man|woman|person)|group|campaign|court|state|senator|lawsuit|opposition|military|hospital|bank|lawyers?|"
    r"officials?|prosecutors?|study|governor|chairman|director|lawmakers?|activists?|residents?|workers?)"
)
"""Who speaks in news without a name: "the company claims" must be found as "Ruiz claims" is, or names would matter."""
_AFTER_NAME = re.compile(
    r"(?:\b(?!(?:The|An?|His|Her|Its|Their|Our|My|Your|These|Those|Any|Some|No|New|Such|Both|All|Other|Of|In|For)\s)"
    r"[A-Z](?:[\w.-](?![’']s?\s))*,?|\b(?:he|she|they|who|it|which)|\b" + _PARTY + r"|\w+ly|,|\))\s+$"
)

_HOLDS = re.compile(
    r"\b(?:call(?:s|ed)|describe[sd]|dismisse[sd]|denounce[sd]|brand(?:s|ed)|label(?:s|led|ed)|accuse[sd]|sees?|saw|views?|"
    r"viewed|regards?|regarded|considers?|considered|deem(?:s|ed)|saying|arguing|accusing|calling|describing|denouncing|"
    r"acknowledging|warning|alleging|blaming)\b(?P<what>[^,;:—]*)",
    re.IGNORECASE,
)
"""Verbs that hand a verdict to their subject: "what they see as a misguided plan", "..., calling it a disaster"."""


class Rule(BaseModel):
    """One list of words."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    term: str
    """The field's name for what they are."""
    why: str
    """What an editor would say of any of them."""
    words: tuple[str, ...]
    """Lines of words; one that ends in ``*`` stands for all that begin so."""
    phrases: tuple[str, ...] = ()
    fine: tuple[str, ...] = ()
    """Phrases in which a word of this list is no concern."""
    idioms: tuple[str, ...] = ()
    """Expressions for what words alone do not tell: "owned up to it", and not "owned up to 40% of it"."""
    plain: tuple[str, ...] = ()
    """Expressions in which a word of this list is no concern: "admitted 300 visitors"."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that a careful editor would question, and where they stand."""

    rule: str
    """One of ``RULES``."""
    words: str
    """As they stand: ``text[start:end]``."""
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int


@lru_cache(maxsize=8192)
def concerns(text: str, *, quoted_ok: bool = True) -> tuple[Wording, ...]:
    """Return the wordings of ``text`` that an editor would question, in order; none overlaps another.

    With ``quoted_ok`` what stands in quotation marks, or is put in the mouth of somebody who is told by name or office,
    is that speaker's wording and passes. The verb that puts it there is ours.
    """
    bare = outside_quotations(text) if quoted_ok else text
    found = tuple(_listed(text, bare))
    if not found:
        return ()
    theirs = _attributed(text) if quoted_ok else bytes(len(text))
    names = _names(text, _tokens(text))
    return tuple(w for w in found if w.start not in names and (w.rule in SPEECH or not theirs[w.start]))


def _listed(text: str, bare: str) -> Iterator[Wording]:
    """Return the entries of the lists that stand in ``bare``, whosever words they are."""
    tokens = _tokens(bare)
    idioms = {match.start(): match for match in _book().idioms.finditer(bare)}
    place = 0
    while place < len(tokens):
        length, rule = _match(tokens, place, bare)
        if idiom := idioms.get(tokens[place].start):
            length = sum(idiom.start() <= token.start < idiom.end() for token in tokens[place : place + _LONGEST])
            rule = idiom.lastgroup if idiom.lastgroup in RULES else None
        if rule:
            start, end = tokens[place].start, tokens[place + length - 1].end
            yield Wording(rule, text[start:end], start, end, _rules()[rule].why)
        place += length


def _tokens(text: str) -> list[_Token]:
    return [
        _Token(match.group().lower().replace("’", "'").removesuffix("'s"), match.start(), match.end())
        for match in _WORD.finditer(text)
    ]


def _match(tokens: list[_Token], place: int, text: str) -> tuple[int, str | None]:
    """Return how many tokens from ``place`` on are one entry of the lists, and the rule: None for a fine phrase."""
    book = _book()
    for length in book.lengths.get(tokens[place].word, ()):
        run = tokens[place : place + length]
        if len(run) < length or any(text[left.end : right.start].strip() for left, right in pairwise(run)):
            continue  # a comma or a full stop stands between
        phrase = " ".join(token.word for token in run)
        if phrase in book.fine:
            return length, None
        if phrase in book.exact:
            rule = book.exact[phrase]
            return length, rule if rule not in SPEECH or _spoken(run[0], text) else None
    if tokens[place].word == "the" and _SIDE.match(text, tokens[place].start):
        return min(2, len(tokens) - place), "epithet"
    return 1, _stem_of(tokens[place].word)


@lru_cache(maxsize=16384)
def _stem_of(word: str) -> str | None:
    """Return the rule of the longest stem that ``word`` begins with."""
    stems = _book().stems
    return next((stems[word[:cut]] for cut in range(len(word), _SHORTEST_STEM - 1, -1) if word[:cut] in stems), None)


def _spoken(token: _Token, text: str) -> bool:
    """Tell whether a word that may be a noun ("claims") is a verb here: somebody stands before it."""
    return token.word not in _NOUNS or bool(_AFTER_NAME.search(text[max(0, token.start - _NEAR) : token.start]))


def _names(text: str, tokens: list[_Token]) -> frozenset[int]:
    """Return where words stand that are part of a name by their capital: "the Radical Party", "Artemis I"."""
    always = {token.start for token in tokens if _never_speaks(text, token)}
    long = [token for token in tokens if token.end - token.start >= _LONG]
    if len(long) >= _LONG and sum(text[token.start].isupper() for token in long) > _HEADLINE * len(long):
        return frozenset() if text.isupper() else frozenset(always)
    starts = {0, *(match.end() for match in _END.finditer(text))}
    return frozenset(always).union(
        token.start
        for token in tokens
        if text[token.start].isupper()
        and (token.word.partition("'")[0] != "i" or text[token.start - 1 : token.start] == "(")
        and not starts & {token.start, token.start - 1}
    )


def _never_speaks(text: str, token: _Token) -> bool:
    """Tell whether a word is a country or a number, whatever capitals the words around it have."""
    word = text[token.start : token.end]
    return word == "US" or (word == "I" and _NUMBERED.search(text, 0, token.start) is not None)


def _attributed(text: str) -> bytes:
    """Return 1 for each character of ``text`` that somebody is named for, 0 for the others."""
    marks = bytearray(len(text))
    edges = [0, *(match.end() for match in _END.finditer(text)), len(text)]
    for start, end in pairwise(edges):
        for first, last in _said(text[start:end]):
            marks[start + first : start + last] = bytes([1]) * max(0, last - first)
    return bytes(marks)


def _said(sentence: str) -> Iterator[tuple[int, int]]:
    bare = outside_quotations(sentence)
    for match in _HOLDS.finditer(bare):
        before = bare[: match.start()]
        if _AFTER_NAME.search(before[-_NEAR:]) and not _CROWD & set(before.lower().split()):
            yield match.span("what")
    for speech in speeches(sentence):
        last_word = speech.speaker.lower().rpartition(" ")[2]
        crowd = last_word in _VAGUE or (speech.words & _CROWD and not speech.names - {_first(speech.speaker)})
        if crowd or not (speech.words - _VAGUE or last_word in _PEOPLE):
            continue
        named = _PART.split(speech.speaker, maxsplit=1)[0]  # "according to the mayor, the plan is late"
        verb = re.search(rf"(?<!\w){re.escape(speech.verb)}(?!\w)", bare, re.IGNORECASE)
        speaker = bare.find(named)
        if not verb or speaker < 0:
            continue
        first, last = min(verb.start(), speaker), max(verb.end(), speaker + len(named))
        if speech.verb == "according to" or not bare[last:].strip(' .,;:!?”"') or speaker > verb.start():
            yield 0, first  # "The plan is a disaster, Ruiz said."
        if speech.verb == "according to" or speaker < verb.start():
            yield last, len(sentence)


def _first(phrase: str) -> str:
    """Return the first word, which has its capital where it opens the sentence: "Two insiders"."""
    return phrase.lower().partition(" ")[0]


@dataclass(frozen=True, slots=True)
class _Book:
    exact: dict[str, str]
    stems: dict[str, str]
    fine: frozenset[str]
    lengths: dict[str, list[int]]
    """By first word: of how many words the entries are, longest first."""
    idioms: re.Pattern[str]
    """All expressions; the group that matched has the name of its rule, or ``fine_`` before it where it is plain."""


@cache
def _rules() -> dict[str, Rule]:
    text = resources.files("rag").joinpath(FILE).read_text(encoding="utf-8")
    lists = TypeAdapter(dict[str, Rule]).validate_json(text)
    return {name: lists[name] for name in RULES}


@cache
def _book() -> _Book:
    exact: dict[str, str] = {}
    stems: dict[str, str] = {}
    fine: set[str] = set()
    for name, rule in _rules().items():
        fine.update(rule.fine)
        for entry in [word for line in rule.words for word in line.split()] + list(rule.phrases):
            kind, key = (stems, entry[:-1]) if entry.endswith("*") else (exact, entry)
            kind.setdefault(key, name)
    lengths: dict[str, set[int]] = defaultdict(set)
    for key in (*exact, *fine):
        lengths[key.split()[0]].add(len(key.split()))
    ordered = {first: sorted(found, reverse=True) for first, found in lengths.items()}
    told = [(f"{mark}{name}", entries) for name, rule in _rules().items() for mark, entries in _expressions(rule)]
    idioms = "|".join(f"(?P<{name}>{'|'.join(entries)})" for name, entries in told if entries)
    return _Book(exact, stems, frozenset(fine), ordered, re.compile(rf"\b(?:{idioms})\b", re.IGNORECASE))


def _expressions(rule: Rule) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return ("fine_", rule.plain), ("", rule.idioms)
