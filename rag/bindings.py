"""Two texts to whether names stay where the sources have them: who won, who holds which title, what is where and when.

Each rule looks for a name that plainly stands in another's place, and says nothing where one of the texts is not clear.
"""

from __future__ import annotations

import re
from calendar import day_name, monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations, dropwhile

from rag.cited import COMMON, content, coverage
from rag.facts import days, numbers
from rag.roles import is_verb
from rag.turned import first_wrong
from rag.vocabulary import WEEKDAY

_NAME = r"(?:(?:[A-Z][\w’&.-]*|No\. \d+)(?:\s+(?:[A-Z][\w’&-]*|Jr\.|of(?= (?:the )?[A-Z])|the(?= [A-Z]))){0,5})"
_BEATS = (
    r"(?:beats?|beaten|beating|defeat(?:s|ed|ing)?|topped|edged(?: out| past)?|downed|routed|upset|thrashed|trounced|ousted|"
    r"eliminated|knocked out|overcame|outlasted|unseated|(?:\w+ ){0,3}ahead of)"
)
_THEN = r"(?:(?:[a-z]+ly|also|has|have|had|then|to|would|will|can|could|at)\s+|just (?:[\d.]+ )?|[\d.%]+ |percentage |points? )*"
_WAS_BEATEN = r"(?:was|were|been) (?:beaten|defeated|ousted|eliminated|routed|unseated) [^;.]{0,40}?\bby"
_SMALL = r"(?:[a-z\d.-]+ ){0,3}"
_ASIDE = r"(?:,[^,;]{1,60},)?"
_FEW = r"(?:[\w.’$%-]+\s+){0,4}?"
_WON = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<won>{_NAME}){_ASIDE} {_THEN}(?<!was )(?<!were )(?<!been ){_BEATS} {_FEW}(?P<lost>{_NAME})",
        rf"(?P<lost>{_NAME}){_ASIDE} {_THEN}(?:lost|loses?|fell) [^;.]{{0,50}}?\bto {_SMALL}(?P<won>{_NAME})",
        rf"(?P<lost>{_NAME}){_ASIDE} {_THEN}{_WAS_BEATEN} {_SMALL}(?P<won>{_NAME})",
        rf"(?P<lost>{_NAME}){_ASIDE} {_THEN}trail(?:s|ed|ing) {_FEW}(?P<won>{_NAME})",
        rf"\b(?:loss|defeat) to {_SMALL}(?P<won>{_NAME})",
        rf"\b(?:win|victory|triumph|lead) (?:over|against) {_SMALL}(?P<lost>{_NAME})",
    )
)
_TITLES = frozenset(
    "president secretary minister chancellor premier senator sen congressman congresswoman rep representative governor gov "
    "mayor judge justice sheriff attorney ambassador commissioner chairman chairwoman speaker leader director ceo chief "
    "captain general colonel professor coach treasurer vice prime former deputy".split()
)
_ROLE = r"(?:advis[eo]r|aide|spokes\w+|challenger|lawyer|analyst|strategist|assistant|donor|wife|husband|son|daughter)"
_RUN = re.compile(r"[A-Z][\w’&-]*\.?(?:\s+(?:[A-Z][\w’&-]*\.?))*")
_LOWER = frozenset("the a an of in on at by for from to with and or but as his her its their that this".split())
_STOP = re.compile(r"[,;:()—–“”\"]|[.!?](?=\s+[A-Z]|\s*$)|\b(?:and|but|while|whereas|although)\b")
_WEEKDAY = re.compile(rf"\b({WEEKDAY})\b")
_NOW = re.compile(r"\b(?:today|tonight|this \w+ing)\b", re.IGNORECASE)
_BESIDE = (
    (re.compile(r"\b(?:yesterday|last night)\b", re.IGNORECASE), -1),
    (re.compile(r"\btomorrow\b", re.IGNORECASE), 1),
)
_PLACE = re.compile(r"\b(?:in|at|near)\s+(?:the\s+)?([A-Z][\w’-]*(?: [A-Z][\w’-]*){0,3})")
_UNITS = re.compile(r"[;:—–]|[.!?](?=\s)|,? \b(?:and|but|while|whereas|although)\b")
_SIMPLE = re.compile(
    r"[,;:()—–“”\"]|\b(?:and|or|but|while|who|which|that|after|before|when|as|than|like|since|if|because)\b"
)
_PART = re.compile(r"[;]|,? (?:and|but|while|whereas|although)\b")
_Frame = tuple[str, ...]
_PREPOSITION = re.compile(r"\b([a-z]+)\s+(?:the\s+)?\Z")
_HELD = 0.7
"""Share of the words of a clause that one sentence has, for that sentence to be its source; another has half of it at most."""


def misplaced(statement: str, sources: Sequence[str]) -> str:
    """Return which name of ``statement`` stands where ``sources`` have another; empty if none does."""
    return first_wrong(RULES, statement, sources)


def weekdays_meant(source: str, published: Sequence[date]) -> frozenset[str]:
    """Return the weekdays that a statement may give though ``source`` does not name them, in lower case.

    Those of its dates, of yesterday and tomorrow, and of the day of publication where it names no other.
    """
    found = [day + timedelta(away) for day in published for pattern, away in _BESIDE if pattern.search(source)]
    for one in days(source):
        for day in published:
            years = (one.year,) if one.year else (day.year - 1, day.year, day.year + 1)
            near = [date(year, one.month, one.day) for year in years if one.day <= monthrange(year, one.month)[1]]
            found += sorted(near, key=lambda other: abs(other - day))[:1]
    if _NOW.search(source) or not _WEEKDAY.search(source):
        found += published
    return frozenset(day_name[day.weekday()].lower() for day in found)


def _words(text: str) -> frozenset[str]:
    found = (word.lower().removesuffix("’s").rstrip("’.") for word in re.findall(r"[^\W\d_][\w’-]*", text))
    return frozenset(word for word in found if word not in _LOWER and word not in _TITLES)


@lru_cache(maxsize=4096)
def _results(text: str) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    """Return who won and who lost, as often as ``text`` says it; either may be empty."""
    found: list[tuple[frozenset[str], frozenset[str]]] = []
    for pattern in _WON:
        for match in pattern.finditer(text):
            sides = match.groupdict()
            found.append((_words(sides.get("won") or ""), _words(sides.get("lost") or "")))
    return tuple(found)


def _result(statement: str, sources: Sequence[str]) -> str:
    """Catch "Ruiz beat Hale" where the source has Ruiz's loss to Hale."""
    known = [result for text in sources for result in _results(text)]
    winners = frozenset(word for won, _ in known for word in won)
    losers = frozenset(word for _, lost in known for word in lost)
    for won, lost in _results(statement):
        if won & losers - winners or lost & winners - losers:
            return "in the cited sentences it is the other side that won, or leads"
    return ""


def _titles(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each title of ``text`` with the words of the name behind it: "secretary" with "janet", "yellen"."""
    for match in _RUN.finditer(text):
        run = [word.lower().removesuffix("’s").rstrip(".’") for word in match.group().split()]
        places = [place for place, word in enumerate(run) if word in _TITLES]
        if places and places[-1] + 1 < len(run):
            yield run[places[-1]], tuple(run[places[-1] + 1 :])


def _title(statement: str, sources: Sequence[str]) -> str:
    """Catch "Secretary Deese" where the source has Secretary Yellen and the adviser Deese."""
    joined = " ".join(sources)
    known = [found for text in sources for found in _titles(text)]
    for title, name in _titles(statement):
        holders = {word for other, whose in known if other == title for word in whose}
        if not holders or holders & {*name}:
            continue
        other_office = any(other != title and name[-1] in whose for other, whose in known)
        if other_office or re.search(rf"\b{_ROLE} (?:[A-Z][\w’.-]* )?{re.escape(name[-1])}\b", joined, re.IGNORECASE):
            return f"the cited sentences have another {title} than {' '.join(name)}"
    return ""


def _spans(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield start, end, kind and value of each name and number of ``text``; a title before a name is none of it."""
    named: list[tuple[int, int]] = []
    dated = [(day.start, day.start + len(day.text)) for day in days(text)]
    for match in _RUN.finditer(text):
        run = match.group().split()
        name = list(dropwhile(lambda word: word.lower().rstrip(".") in _TITLES, run)) or run
        start, key = match.end() - len(" ".join(name)), name[-1].lower().removesuffix("’s").rstrip(".’")
        named.append((start, match.end()))
        if key not in COMMON and not any(first <= start < last for first, last in dated):
            yield start, match.end(), "name", key
    for number in numbers(text):
        end = number.start + len(number.text)
        if not any(first < end and number.start < last for first, last in named):
            yield number.start, end, number.unit or "number", str(number.value.normalize())


@lru_cache(maxsize=4096)
def _frames(text: str) -> dict[tuple[str, str], tuple[_Frame, _Frame]]:
    """Return the words right before and right behind each name and number of ``text``; nothing where it stands twice.

    Of a name they are a content word and the preposition, or the content word behind; of a number two content words.
    """
    found: dict[tuple[str, str], tuple[_Frame, _Frame]] = {}
    for start, end, kind, key in _spans(text):
        before, after = _STOP.split(text[:start])[-1], _STOP.split(text[end:], maxsplit=1)[0]
        near = 1 if kind == "name" else 2
        left, right = content(before)[-near:], content(after)[:near]
        if kind == "name":
            last = _PREPOSITION.search(before)
            left = (*left, last[1]) if left and last else ()
        found[kind, key] = ((), ()) if (kind, key) in found else (left, right)
    return found


def _traded(statement: str, sources: Sequence[str]) -> str:
    """Catch two names, or two numbers, of which each stands in the words that the sources have around the other."""
    ours = _frames(statement)
    for text in sources:
        known = _frames(text)
        both = [key for key in ours if key in known]
        turned_passive = (" by " in statement) != (" by " in text)
        for one, two in combinations(both, 2):
            for side in (0,) if one[0] == "name" and turned_passive else (0, 1):
                mine, theirs = known[one][side], known[two][side]
                traded = ours[one][side] == theirs and ours[two][side] == mine
                if one[0] == two[0] and mine and theirs and mine != theirs and traded:
                    return f"the cited sentences have {one[1]} and {two[1]} the other way round"
    return ""


def _deeds(text: str, units: re.Pattern[str]) -> Iterator[tuple[str, frozenset[str], frozenset[str]]]:
    """Yield each verb of the clauses of ``text`` with the openings of the names before it, and names and numbers behind it."""
    for unit in units.split(text):
        spans = sorted(_spans(unit))
        named = frozenset(stem for start, end, _, _ in spans for stem in content(unit[start:end]))
        for match in re.finditer(r"\b[a-z]{3,}\b", unit):
            stem = next(iter(content(match.group())), "")
            names = [(start, kind, key) for start, _, kind, key in spans if len(key) > 1 or kind != "name"]
            before = frozenset(key[:4] for start, kind, key in names if start < match.start() and kind == "name")
            after = frozenset(key for start, _, key in names if start > match.start())
            verb = is_verb(match.group()) and not match.group().endswith("s")  # "boxes" may be a noun
            if verb and stem not in named and before and after:
                yield stem, before, after


def _doer(statement: str, sources: Sequence[str]) -> str:
    """Catch "Sull signed Hale" where the source has "Sull signed Ruiz and Tarrow signed Hale"."""
    known = [deed for text in sources for deed in _deeds(text, _UNITS)]
    for stem, doers, things in _deeds(statement, _SIMPLE):
        same = [(before, after) for other, before, after in known if other == stem]
        own = [after for before, after in same if doers & before]
        for thing in things:
            others = [before for before, after in same if thing in after]
            if own and others and not any(thing in after for after in own) and not any(doers & who for who in others):
                return f"in the cited sentences {thing} stands with another that {stem}"
    return ""


def _astray(statement: str, sources: Sequence[str]) -> str:
    """Catch "reopened on Friday" where the cited sentence that has the reopening says Wednesday and another says Friday.

    And "reopened in Tarrow" where it says in Pellon.
    """
    if len(sources) == 1:
        return ""
    for part in _PART.split(statement):
        for pattern in (_WEEKDAY, _PLACE):
            found = {match[1] for match in pattern.finditer(part)}
            bare = pattern.sub(" ", part)
            ranked = sorted(((coverage(bare, text), text) for text in sources), reverse=True)
            (best, text), (other, _) = ranked[:2]
            there = {match[1] for match in pattern.finditer(text)}
            absent = all(name.split()[-1] not in text for name in found)
            if found and there and absent and best >= _HELD and other <= best / 2:
                return f"the cited sentence on that says {min(there)}, not {min(found)}"
    return ""


RULES = (_result, _title, _traded, _doer, _astray)
