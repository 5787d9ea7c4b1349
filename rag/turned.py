"""Two texts to what the one says the other way round: from and to, bounds, rates, owners.

Each rule wants the same matter on both sides and its opposite on one only, and says nothing where a negation or a
second use makes that unclear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from rag.attribution import outside_quotations, speeches
from rag.cited import content, coverage
from rag.facts import Number, numbers

Rule = Callable[[str, Sequence[str]], str]
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", re.UNICODE)
_NAME = r"(?:[A-Z][\w’&-]*(?:\s+(?:[A-Z][\w’&-]*|of|and(?=\s[A-Z]))){0,6})"
_HALVES = re.compile(r",? (?:and|but|while|whereas) (?=(?:the |an? )?[A-Za-z])|; ")
CARRIED, LEFT = 0.6, 0.7
"""Share of a statement's words that the half must have which it tells, and that of it which its speaker's half may."""
TIME = r"(?:second|minute|hour|day|night|week|month|quarter|year|season|decade)"
_BOUNDS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(rf"\b(?:{words})\s+(?:(?:the|a|an|another)\s+)?(?:[A-Z]{{0,2}}[$€£¥]\s?)?\Z", re.IGNORECASE)
    for kind, words in {
        "most": (
            r"up to|at (?:the )?most|(?<!no )(?<!not )(?:fewer|less) than|"
            r"(?:no|not) (?:more|later|higher|greater) than|"
            r"within|as many as|"
            r"as much as|maximum of|inside|not exceeding"
        ),
        "least": (
            r"(?<!no )(?<!not )more than|at (?:the very )?least|over|(?:no|not) (?:fewer|less) than|minimum of|"
            r"upwards? of|in excess of|exceed(?:s|ed|ing)?|greater than|higher than|topped|topping|surpass\w*"
        ),
        "near": r"nearly|almost|close to|just under|just below|not quite|approaching|under|below",
        "about": (
            r"about|around|roughly|approximately|some|estimated|an estimated|circa|between|from|or|"
            r"(?<!up )(?<!close )to|above|past|beyond|an average of|averag\w+"
        ),
        "only": r"only|just|merely|a mere|no more than|a total of only",
    }.items()
}
_LASTING = re.compile(r"\b(?:over|within|inside|just)\s+(?:the )?\Z", re.IGNORECASE)
_AFTER = re.compile(
    r"\s*(?:\w+\s+){0,2}?(?:or (?P<least>more|above|so|higher|later)|or (?P<most>less|fewer|under))\b|\+"
)
_AGREE: Mapping[str, frozenset[str]] = {
    "most": frozenset({"most", "near", "about", "only"}),
    "least": frozenset({"least", "about"}),
    "near": frozenset({"near", "most", "about"}),
    "only": frozenset({"only", "most"}),
}
"""For each bound of a statement's number, those of the source that bear it."""
_NAMES_OF_BOUNDS: Mapping[str, str] = {"most": "at most", "least": "at least", "near": "nearly", "only": "only"}
_ROUND = Decimal("0.03")
_ABOUT = re.compile(
    r"\b(?:about|around|roughly|approximately|some|an? estimated)\s+(?:[A-Z]{0,2}[$€£¥]\s?)?\Z", re.IGNORECASE
)
_RATE = re.compile(
    rf"\s*(?:\w+\s+){{0,3}}?(?:(?:an?|per|each|every)\s+(?P<unit>{TIME})\b(?! (?:ago|earlier|later|before|after|old))|"
    r"(?P<ly>hourly|daily|nightly|weekly|monthly|quarterly|yearly|annually|annual)\b)"
)
_LY = {"daily": "day", "annual": "year", "annually": "year", "quarterly": "quarter"}
_RELATIVE = re.compile(rf"\b(last|this|next)\s+({TIME})\b", re.IGNORECASE)
_OWNS = r"(?:owns?|owned|controls?|bought|acquired|operates?|runs?)"
_KIN = r"(?:subsidiary|unit|arm|division|brand)"
_OWNERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<owner>{_NAME}),? (?:which |that |who )?(?:also )?{_OWNS} (?:the )?(?P<owned>{_NAME})",
        rf"(?P<owned>{_NAME}), (?:which|that) (?:the )?(?P<owner>{_NAME}) {_OWNS}\b",
        (
            rf"(?P<owner>{_NAME}),? (?:is |was )?(?:the |a )?(?:parent|owner)(?: company| firm)? "
            rf"of (?:the )?(?P<owned>{_NAME})"
        ),
        (
            rf"(?P<owned>{_NAME}),? (?:which )?(?:is |was )?(?:owned|controlled|operated|run|bought|acquired) "
            rf"by (?:the )?(?P<owner>{_NAME})"
        ),
        rf"(?P<owned>{_NAME}),? (?:which )?(?:is |was )?(?:an? |the )?{_KIN} of (?:the )?(?P<owner>{_NAME})",
        rf"(?P<owned>{_NAME})[’']s (?:parent|owner)(?: company| firm)?,? (?:the )?(?P<owner>{_NAME})",
        rf"(?P<owner>{_NAME})[’']s {_KIN},? (?:the )?(?P<owned>{_NAME})",
    )
)
_FROM_TO = re.compile(
    r"\bfrom\s+(?P<a>[^,;:()]{1,40}?)\s+to\s+(?P<b>[^,;:()]{1,40})|"
    r"\bto\s+(?P<d>[^,;:()]{1,40}?)\s+from\s+(?P<c>[^,;:()]{1,40})"
)
_END = re.compile(
    r"\b(?:in|on|at|by|for|with|after|before|during|when|while|as|and|but|because|since|last|this|to)\b|[.!?]\s"
)


def turned(statement: str, sources: Sequence[str]) -> str:
    """Return which figure or side ``statement`` has otherwise than ``sources``: from, to, bounds, rates, owners."""
    return first_wrong((_moved, _bound, _rate, _relative, _owner), statement, sources)


def other_half(who: frozenset[str], statement: str, source: str) -> str:
    """Return that what ``statement`` has from ``who`` is what another says in the other half of ``source``, if it is.

    "Ruiz said the bridge was safe, and Hale said it would close" | "Hale said the bridge was safe"
    """
    halves = [
        (frozenset(word for speech in speeches(half) for word in speech.words), coverage(statement, half))
        for half in _HALVES.split(source)
    ]
    halves = [half for half in halves if half[0]]
    mine = next((place for place, (said, _) in enumerate(halves) if who & said), None)
    if mine is None or len(halves) != 2 or halves[0][0] & halves[1][0]:  # noqa: PLR2004 - one for each speaker
        return ""
    ours, theirs = halves[mine][1], halves[1 - mine][1]
    return "in the source it is another who says that" if theirs >= CARRIED and ours < LEFT * theirs else ""


def first_wrong(rules: Sequence[Rule], statement: str, sources: Sequence[str]) -> str:
    """Return what the first rule that fires says, direct speech aside; empty if none does."""
    ours = outside_quotations(statement)
    theirs = [outside_quotations(text) for text in sources]
    return next((wrong for rule in rules if (wrong := rule(ours, theirs))), "")


def _ends(text: str) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    for match in _FROM_TO.finditer(text):
        start, end = (match["a"], match["b"]) if match["a"] else (match["c"], match["d"])
        yield _place(start), _place(end)


def _place(text: str) -> frozenset[str]:
    phrase = _END.split(text, maxsplit=1)[0]
    figures = numbers(phrase)
    if figures:
        return frozenset({str(figures[0].value.normalize())})
    return frozenset(content(phrase))


def _moved(statement: str, sources: Sequence[str]) -> str:
    """Catch "from 41 to 64" where the source has "from 64 to 41"."""
    known = [pair for text in sources for pair in _ends(text)]
    for start, end in _ends(statement):
        if not start or not end or any(start & a and end & b for a, b in known):
            continue
        if any(start & b and end & a and not start & a and not end & b for a, b in known):
            return "the cited sentences have from and to the other way round"
    return ""


def bounds(text: str, number: Number) -> frozenset[str]:
    """Return how ``text`` bounds one of its numbers: "most" of "up to 40", "least", "near", "about", "only"."""
    before, after = text[: number.start], text[number.start + len(number.text) :]
    found = {kind for kind, pattern in _BOUNDS.items() if pattern.search(before)}
    if (match := _AFTER.match(after)) is not None:
        found.add("most" if match["most"] else "least")
    return frozenset(found)


def same_number(number: Number, sources: Sequence[str]) -> Iterator[tuple[str, Number]]:
    """Yield the numbers of ``sources`` that state the same quantity, each with its text."""
    for text in sources:
        for other in numbers(text):
            if number.matches(other):
                yield text, other


def rounded(text: str, number: Number, known: Iterable[Number]) -> bool:
    """Tell whether a number that ``text`` gives as about, nearly or more than so much rounds one of ``known``."""
    said, about = bounds(text, number), _ABOUT.search(text[: number.start])
    for other in known:
        side = "near" if other.value < number.value else "least"
        units = number.unit == other.unit or not (number.unit and other.unit)
        finer = len(other.value.normalize().as_tuple().digits) > len(number.value.normalize().as_tuple().digits)
        if (about or side in said) and units and finer and abs(number.value - other.value) <= other.value * _ROUND:
            return True
    return False


def _bound(statement: str, sources: Sequence[str]) -> str:
    """Catch "at least 214" where the source has 214."""
    for number in numbers(statement):
        said = bounds(statement, number) - {"about"}
        after = statement[number.start + len(number.text) :]
        known = [bounds(text, other) for text, other in same_number(number, sources)]
        if not said or not known or number.value == Decimal(1):
            continue
        if re.match(rf"\s*-?{TIME}s?\b", after) and _LASTING.search(statement[: number.start]):
            continue  # "over two days" is how long
        if not any(bound & _AGREE[kind] for kind in said for bound in known):
            kind = min(said)
            return f"the cited sentences do not say “{_NAMES_OF_BOUNDS[kind]}” of {number.text}"
    return ""


def _rates(text: str) -> frozenset[str]:
    found = re.findall(
        rf"\b(?:an?|per|each|every)\s+({TIME})\b(?! ago)|/({TIME})\b|\b(\w+ly|annual)\b", text, re.IGNORECASE
    )
    return frozenset(_period(word) for row in found for word in row if word)


def _period(word: str) -> str:
    return _LY.get(word.lower(), word.lower().removesuffix("ly"))


def _rate(statement: str, sources: Sequence[str]) -> str:
    """Catch "1.1 million a month" where the source has 1.1 million."""
    for number in numbers(statement):
        match = _RATE.match(statement, number.start + len(number.text))
        texts = {text for text, _ in same_number(number, sources)}
        if match is None or not texts:
            continue
        period = _period(match["unit"] or match["ly"])
        if number.text.lower() in {"twice", "once"} or period in _rates(" ".join(texts)):
            continue
        return f"the cited sentences do not say per {period} of {number.text}"
    return ""


def _relative(statement: str, sources: Sequence[str]) -> str:
    """Catch "this year" where the source has "last year"."""
    known = {(which.lower(), unit.lower()) for which, unit in _RELATIVE.findall(" ".join(sources))}
    for which, unit in _RELATIVE.findall(statement):
        same = {other for other, thing in known if thing == unit.lower()}
        if same and which.lower() not in same:
            return f"the cited sentences say “{min(same)} {unit}”, not “{which} {unit}”"
    return ""


@lru_cache(maxsize=4096)
def _owned(text: str) -> frozenset[tuple[frozenset[str], frozenset[str]]]:
    found: set[tuple[frozenset[str], frozenset[str]]] = set()
    for pattern in _OWNERS:
        for match in pattern.finditer(text):
            found.add((_named(match["owner"]), _named(match["owned"])))
    return frozenset(pair for pair in found if pair[0] and pair[1])


def _named(text: str) -> frozenset[str]:
    words = (word.lower().removesuffix("’s").removesuffix("'s") for word in WORD.findall(text))
    return frozenset(word for word in words if word not in {"the", "of", "and", "shares", "group", "company"})


def _owner(statement: str, sources: Sequence[str]) -> str:
    """Catch "Brannel Line, which owns Aldwater Group" where it is the other way round."""
    known = {pair for text in sources for pair in _owned(text)}
    for owner, owned in _owned(statement):
        if any(owner & a and owned & b for a, b in known):
            continue
        if any(owner & b and owned & a for a, b in known):
            return "in the cited sentences it is the other that owns or runs it"
    return ""
