"""Two texts to what the one says the other way round: opposites, bounds, rates, quantifiers, from and to, owners.

Each rule wants the same matter on both sides and its opposite on one only, and says nothing where a negation or a
second use makes that unclear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

from rag.attribution import outside_quotations
from rag.cited import content, coverage
from rag.facts import Number, numbers

_Rule = Callable[[str, Sequence[str]], str]
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", re.UNICODE)
_NAME = r"(?:[A-Z][\w’&-]*(?:\s+(?:[A-Z][\w’&-]*|of|and(?=\s[A-Z]))){0,6})"
_CLAUSE = re.compile(
    r"[;:()—–“”\"]|,(?!\d)|\b(?:and|but|while|whereas|as|although|though|which|who|that|because|when|after|before)\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|nobody|nothing|den(?:y|ies|ied)|refus\w+|fail(?:s|ed)? to|"
    r"instead|rather|than|longer|un\w+ed|before)\b|n[’']t\b",
    re.IGNORECASE,
)
_OPPOSITES = (
    ("pass passes passed passing", "fail fails failed failing failure"),
    ("opens opened opening", "closes closed closing shut shuts"),
    ("won wins win winning", "lost loses lose losing"),
    ("raise raises raised raising hoisted", "lower lowers lowered lowering"),
    ("accept accepts accepted", "reject rejects rejected refused refuses declined"),
    ("approve approves approved", "reject rejects rejected refuse refuses refused vetoed"),
    ("granted grants", "refused refuses denied denies"),
    ("allowed allows permitted permits", "banned bans forbade forbids prohibited barred"),
    ("recovered found", "lost"),
    ("arrived arrives arrive", "left departed departs leaves"),
    ("began begins started starts", "ended ends finished stopped"),
    ("hired hires", "fired fires sacked dismissed"),
    ("convicted guilty", "acquitted cleared innocent"),
    ("increase increases increased rose rises", "decrease decreases decreased fell falls dropped"),
    ("supported supports backed backs", "opposed opposes"),
    ("survived survives", "died dies killed"),
    ("strengthened strengthens", "weakened weakens"),
    ("succeeded succeeds", "failed fails"),
    ("suspended", "dismissed fired sacked"),
)
"""What excludes each other."""
_RANKS = (
    ("first", "last second third"), ("last", "first"), ("second", "first"), ("largest biggest", "smallest"),
    ("smallest", "largest biggest"), ("highest", "lowest"), ("lowest", "highest"), ("best", "worst"), ("worst", "best"),
    ("oldest eldest", "youngest"), ("youngest", "oldest eldest"), ("northern", "southern"), ("southern", "northern"),
    ("eastern", "western"), ("western", "eastern"), ("upper", "lower"), ("lower", "upper"), ("public", "private"),
    ("private", "public"), ("former", "current"), ("major", "minor"), ("minor", "major"),
)  # fmt: skip
"""What stands before a thing, and what before the same thing would say the contrary."""
_DONE: Mapping[str, str] = {
    "paid gave given handed received granted": "offered offers offer pledged pledges promised promises proposed",
    "bought acquired purchased": "offered offers bid proposed agreed",
    "approved agreed adopted": "proposed proposes considered considering considers debated",
}
"""What is done, and what is a step before it."""
_TIME = r"(?:second|minute|hour|day|night|week|month|quarter|year|season|decade)"
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
            r"about|around|roughly|approximately|some|estimated|an estimated|circa|between|from|or|to|above|past|"
            r"beyond|an average of|averag\w+"
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
_RATE = re.compile(
    rf"\s*(?:\w+\s+){{0,3}}?(?:(?:an?|per|each|every)\s+(?P<unit>{_TIME})\b(?! (?:ago|earlier|later|before|after|old))|"
    r"(?P<ly>hourly|daily|nightly|weekly|monthly|quarterly|yearly|annually|annual)\b)"
)
_LY = {"daily": "day", "annual": "year", "annually": "year", "quarterly": "quarter"}
_RELATIVE = re.compile(rf"\b(last|this|next)\s+({_TIME})\b", re.IGNORECASE)
_QUANTIFIERS: Mapping[str, re.Pattern[str]] = {
    kind: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for kind, words in {
        "all": r"all(?! but\b)|everyone|everybody|every|each|both|entire(?:ly)?|whole|whoever|anyone",
        "most": r"most of|mostly|(?<!the )(?<!at )most(?= [a-z]+s\b)|majority|largely|"
        r"(?:nearly|almost) (?:all|every\w*)",
        "few": r"(?<!a )few(?! (?:days|weeks|months|years|hours|minutes))|"
        r"(?<!a )little of|hardly any|a minority|only some",
        "some": r"some of(?! (?:the|their|its|his|her) (?:\w+est|most|best|worst)\b)|"
        r"some (?=people|passengers|patients|residents|members)|several of|part of|parts of",
        "none": r"none|nobody|no one|no-one",
    }.items()
}
_APART: Mapping[str, frozenset[str]] = {
    "all": frozenset({"most", "few", "some"}),
    "most": frozenset({"all", "few", "some", "none"}),
    "few": frozenset({"all", "most", "some"}),
    "some": frozenset({"all", "none"}),
    "none": frozenset({"all", "most", "some", "few"}),
}
_WHOLE = re.compile(
    r"^(?:(?:nearly|almost)\s+)?(?:all|most|everyone|everybody)\b"
    r"(?!\s+(?:but|the \w+ )?(?:two|three|four|five|\d))",
    re.IGNORECASE,
)
_ENOUGH = 0.6
"""Share of the content words of a clause that stand in the other one, for them to be about one matter."""
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
    return _first((_moved, _bound, _rate, _relative, _owner), statement, sources)


def opposed(statement: str, sources: Sequence[str]) -> str:
    """Return which word of ``statement`` says the contrary of one in ``sources``; empty if none does."""
    return _first((_opposite, _rank, _done, _quantifier), statement, sources)


def _first(rules: Sequence[_Rule], statement: str, sources: Sequence[str]) -> str:
    ours = outside_quotations(statement)
    theirs = [outside_quotations(text) for text in sources]
    return next((wrong for rule in rules if (wrong := rule(ours, theirs))), "")


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(match.group().lower() for match in _WORD.finditer(text))


@lru_cache(maxsize=4096)
def _clauses(text: str) -> tuple[str, ...]:
    return tuple(part for part in (piece.strip() for piece in _CLAUSE.split(text)) if part)


_PAIRS = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for left, right in _OPPOSITES
    for one, other in ((left, right), (right, left))
)


def _opposite(statement: str, sources: Sequence[str]) -> str:
    """Catch "failed" where the source has "passed" of the same matter, and "failed" of none."""
    said, known = _words(statement), _words(" ".join(sources))
    for ours, theirs in _PAIRS:
        if not said & ours or said & theirs or known & ours or not known & theirs:
            continue
        for clause in _clauses(statement):
            word = next((w for w in _WORD.findall(clause.lower()) if w in ours), "")
            if not word or _NO.search(clause):
                continue
            for text in sources:
                for other in _clauses(text):
                    met = next((w for w in _WORD.findall(other.lower()) if w in theirs), "")
                    if met and not _NO.search(other) and _same_matter(clause, other, word, met):
                        return f"the cited sentences say “{met}”, not “{word}”"
    return ""


def _same_matter(clause: str, other: str, *without: str) -> bool:
    drop = {word[:6] for word in without}
    ours, theirs = set(content(clause)) - drop, set(content(other)) - drop
    if not ours or not theirs:
        return False
    shared = len(ours & theirs)
    return shared >= _ENOUGH * min(len(ours), len(theirs)) and shared >= min(2, len(ours))


def _rank(statement: str, sources: Sequence[str]) -> str:
    """Catch "the last fatal accident" where the source has "the first fatal accident"."""
    known = " ".join(sources)
    for left, right in _RANKS:
        for word in left.split():
            for match in re.finditer(rf"\b{word}\s+((?:[a-z’'-]+\s*){{1,2}})", statement):
                thing = content(match.group(1))
                if not thing or re.search(rf"\b(?:{'|'.join(left.split())})\b", known, re.IGNORECASE):
                    continue
                if re.fullmatch(_TIME, match.group(1).split()[0]):
                    continue
                for other in right.split():
                    for met in re.finditer(rf"\b{other}\s+((?:[a-z’'-]+\s*){{1,2}})", known, re.IGNORECASE):
                        if thing[0] in content(met.group(1))[:1]:
                            return f"the cited sentences say “{other}”, not “{word}”"
    return ""


def _done(statement: str, sources: Sequence[str]) -> str:
    """Catch "paid" where the source has "offered"."""
    said, known = _words(statement), _words(" ".join(sources))
    for done, step in _DONE.items():
        ours, theirs = frozenset(done.split()), frozenset(step.split())
        if not said & ours or said & theirs or known & ours or not known & theirs:
            continue
        for clause in _clauses(statement):
            word = next((w for w in _WORD.findall(clause.lower()) if w in ours), "")
            if not word or re.search(r"\b(?:to be|will|would|if|could|may|might)\b", clause):
                continue
            for text in sources:
                met = next((w for w in _WORD.findall(text.lower()) if w in theirs), "")
                if met and coverage(re.sub(rf"\b{word}\b", "", clause, flags=re.IGNORECASE), text) >= _ENOUGH:
                    return f"the cited sentences say “{met}”, not “{word}”"
    return ""


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


def _bounds(text: str, number: Number) -> frozenset[str]:
    before, after = text[: number.start], text[number.start + len(number.text) :]
    found = {kind for kind, pattern in _BOUNDS.items() if pattern.search(before)}
    if (match := _AFTER.match(after)) is not None:
        found.add("most" if match["most"] else "least")
    return frozenset(found)


def _same_number(number: Number, sources: Sequence[str]) -> Iterator[tuple[str, Number]]:
    for text in sources:
        for other in numbers(text):
            if number.matches(other):
                yield text, other


def _bound(statement: str, sources: Sequence[str]) -> str:
    """Catch "at least 214" where the source has 214."""
    for number in numbers(statement):
        said = _bounds(statement, number) - {"about"}
        after = statement[number.start + len(number.text) :]
        known = [_bounds(text, other) for text, other in _same_number(number, sources)]
        if not said or not known or number.value == Decimal(1):
            continue
        if re.match(rf"\s*-?{_TIME}s?\b", after) and _LASTING.search(statement[: number.start]):
            continue  # "over two days" is how long
        if not any(bound & _AGREE[kind] for kind in said for bound in known):
            kind = min(said)
            return f"the cited sentences do not say “{_NAMES_OF_BOUNDS[kind]}” of {number.text}"
    return ""


def _rates(text: str) -> frozenset[str]:
    found = re.findall(
        rf"\b(?:an?|per|each|every)\s+({_TIME})\b(?! ago)|/({_TIME})\b|\b(\w+ly|annual)\b", text, re.IGNORECASE
    )
    return frozenset(_period(word) for row in found for word in row if word)


def _period(word: str) -> str:
    return _LY.get(word.lower(), word.lower().removesuffix("ly"))


def _rate(statement: str, sources: Sequence[str]) -> str:
    """Catch "1.1 million a month" where the source has 1.1 million."""
    for number in numbers(statement):
        match = _RATE.match(statement, number.start + len(number.text))
        texts = {text for text, _ in _same_number(number, sources)}
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


def _kinds(text: str) -> frozenset[str]:
    found = {kind for kind, pattern in _QUANTIFIERS.items() if pattern.search(text)}
    return frozenset(found - {"all"} if found >= {"all", "most"} and re.search(r"\b(?:nearly|almost)", text) else found)


def _quantifier(statement: str, sources: Sequence[str]) -> str:
    """Catch "some" where the source has "everyone"."""
    everywhere = _kinds(" ".join(sources))
    nearest = max(sources, key=lambda text: coverage(statement, text), default="")
    for clause in _clauses(statement):
        if _NO.search(clause.replace("nobody", "").replace("none", "")):
            continue
        for kind in _kinds(clause) - everywhere:
            for other in _clauses(nearest):
                against = _kinds(other) & _APART[kind]
                if against and coverage(other, clause) >= _ENOUGH and len(content(clause)) > 1:
                    return f"the cited sentences say “{min(against)}”, not “{kind}”"
    figures = numbers(nearest)
    counted = bool(figures) and figures[0].start == 0 and not {"all", "most"} & everywhere
    if counted and _WHOLE.match(statement) and coverage(statement, nearest) >= _ENOUGH:
        return f"the cited sentences say “{figures[0].text}”"
    return ""


@lru_cache(maxsize=4096)
def _owned(text: str) -> frozenset[tuple[frozenset[str], frozenset[str]]]:
    found: set[tuple[frozenset[str], frozenset[str]]] = set()
    for pattern in _OWNERS:
        for match in pattern.finditer(text):
            found.add((_named(match["owner"]), _named(match["owned"])))
    return frozenset(pair for pair in found if pair[0] and pair[1])


def _named(text: str) -> frozenset[str]:
    words = (word.lower().removesuffix("’s").removesuffix("'s") for word in _WORD.findall(text))
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
