"""Two texts to the word of the one that says the contrary of a word of the other: opposites, ranks, steps, quantifiers.

Each rule wants the same matter on both sides and its opposite on one only, and says nothing where a negation or a
second use makes that unclear.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from rag.cited import content, coverage
from rag.facts import numbers
from rag.turned import TIME, WORD, first_wrong

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
    ("raise raises raised raising increase increases increased", "cut cuts cutting reduce reduces reduced reducing"),
    ("true correct accurate", "false untrue incorrect"),
    ("legal lawful", "illegal unlawful"),
    ("likely", "unlikely"),
    ("positive", "negative"),
    ("imposed imposes", "lifted lifts"),
    ("above", "below"),
    ("higher", "lower"),
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
_SOME = re.compile(
    r"\bsome (?=(?:[a-z-]+ )?[a-z]+s\b)|\bseveral\b(?! times| hundred| thousand| days| weeks| months| years| hours)|"
    r"\b(?:many|a few) of\b",
    re.IGNORECASE,
)
"""What is not all in a source; in a statement it may stand for "both" or a number."""
_CAUSED = re.compile(r"\b(?:because(?: of)?|due to|as a result of|owing to|caused by)\b", re.IGNORECASE)
_CAUSAL = re.compile(
    r"\b(?:because|due|caus\w*|result\w*|le(?:d|ads?|ading) to|owing|blam\w*|attribut\w*|reason\w*)\b", re.IGNORECASE
)
_AFTER = re.compile(r"\b(?:after|following|in the wake of)\b", re.IGNORECASE)
_ENOUGH = 0.6
"""Share of the content words of a clause that stand in the other one, for them to be about one matter."""


def opposed(statement: str, sources: Sequence[str]) -> str:
    """Return which word of ``statement`` says the contrary of one in ``sources``; empty if none does."""
    return first_wrong((_opposite, _rank, _done, _quantifier, _cause), statement, sources)


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(match.group().lower() for match in WORD.finditer(text))


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
            word = next((w for w in WORD.findall(clause.lower()) if w in ours), "")
            if not word or _NO.search(clause):
                continue
            for text in sources:
                for other in _clauses(text):
                    met = next((w for w in WORD.findall(other.lower()) if w in theirs), "")
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
                if re.fullmatch(TIME, match.group(1).split()[0]):
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
            word = next((w for w in WORD.findall(clause.lower()) if w in ours), "")
            if not word or re.search(r"\b(?:to be|will|would|if|could|may|might)\b", clause):
                continue
            for text in sources:
                met = next((w for w in WORD.findall(text.lower()) if w in theirs), "")
                if met and coverage(re.sub(rf"\b{word}\b", "", clause, flags=re.IGNORECASE), text) >= _ENOUGH:
                    return f"the cited sentences say “{met}”, not “{word}”"
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
                theirs = _kinds(other) | frozenset({"some"} if _SOME.search(other) else ())
                against = theirs & _APART[kind]
                if against and coverage(other, clause) >= _ENOUGH and len(content(clause)) > 1:
                    return f"the cited sentences say “{min(against)}”, not “{kind}”"
    figures = numbers(nearest)
    counted = bool(figures) and figures[0].start == 0 and not {"all", "most"} & everywhere
    if counted and _WHOLE.match(statement) and coverage(statement, nearest) >= _ENOUGH:
        return f"the cited sentences say “{figures[0].text}”"
    return ""


def _cause(statement: str, sources: Sequence[str]) -> str:
    """Catch "because of" where the source has only "after"."""
    known = " ".join(sources)
    for said in () if _CAUSAL.search(known) else _CAUSED.finditer(statement):
        why = {*content(statement[said.end() :])[:3]}
        for then in _AFTER.finditer(known):
            if why & {*content(known[then.end() :])[:3]}:
                return f"the cited sentences say “{then.group()}”, not “{said.group()}”"
    return ""
