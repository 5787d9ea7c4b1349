"""Sentence to the acts in it that reports give a time or a doer: which act, who or what does it, and to what.

    "The bridge was ordered closed by police" -> order; doer "police"; thing {"bridge", "closed"}

A list of acts, and word order; no grammar. Where a clause is not plain its act has no doer, or is not read at all:
what is compared with these must rather miss.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.attribution import dateline, outside_quotations
from rag.verbs import SPEECH
from rag.vocabulary import PLAIN, stem

ACTS: dict[str, str] = {
    "begin": "began|begun|started|broke out|erupted|got under ?way",
    "end": "ended|finished|concluded|broke up|was over",
    "happen": r"happened|occurred|took place|came(?! (?:off|down|to|from|in|with|under|up|out|back)\b)|struck|hit|"
    r"was heard|were heard|went off|exploded|detonated|blew up",
    "collapse": "collapsed|gave way|caved in|came down|fell down",
    "crash": "crashed|collided|derailed|came off the rails",
    "sink": "sank|capsized|overturned|went down|ran aground",
    "call": "called|alerted|summoned|dispatched|scrambled",
    "arrive": "arrived|reached|got to|landed|docked",
    "leave": "left|departed|set off|set out|set sail|sailed|took off",
    "die": "died|pronounced dead|declared dead",
    "shoot": "shot|opened fire|fired on|fired at|fired the first shot",
    "kill": "killed|stabbed|murdered",
    "find": "found|discovered|spotted",
    "close": "closed|shut|shut down|sealed off|cordoned off",
    "open": "opened|reopened",
    "evacuate": "evacuated|cleared",
    "arrest": "arrested|detained|taken into custody|apprehended",
    "order": "ordered|directed|instructed",
    "sign": "signed",
    "drive": "drove|driving|driven|behind the wheel of|at the wheel of",
    "own": "owns|owned",
    "vanish": "vanished|disappeared|went missing|lost contact",
    "fail": "failed|went out|went dark|cut out",
    "restore": "restored",
    "rescue": "rescued|pulled from|saved",
    "resign": "resigned|stepped down|quit",
    "raise": "raised the alarm|sounded the alarm",
    "attack": "attacked|stormed|raided",
    "vote": "voted",
    "adjourn": "adjourned",
    "cancel": "cancelled|canceled|called off|postponed|suspended|halted",
    "ban": "banned|outlawed",
    "appoint": "appointed|named as",
    "dismiss": "dismissed|sacked|fired",
    "build": "built",
    "design": "designed",
    "buy": "bought|acquired|purchased",
    "write": "wrote|written|drafted",
    "free": "freed|released|set free",
    "launch": "launched",
    "fly": "flying|piloted|flown|flew|captained|steered",
    "steal": "stole|stolen",
    "set": "set fire to|torched|lit",
    "commission": "commissioned",
    "leak": "leaked",
}
"""Verbs that reports use of one act, in the forms in which it is told as done."""
_VERB = re.compile(
    rf"\b(?:{'|'.join(f'(?P<{kind}>{forms})' for kind, forms in ACTS.items())})\b"
    r"(?!(?: of| to(?! (?:the|a|an|[A-Z]\w+)\b))\b)"
)
_CUT = re.compile(
    r"[;:—–()“”\"]|,(?!\d{3})|(?<!\w)(?:but|when|while|whereas|because|although|though|which|who|whose|that|if|whether|"
    r"after|before|since|until|where|as)(?!\w)",
    re.IGNORECASE,
)
_AND = re.compile(r"\band\b", re.IGNORECASE)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|shall|should|do|does|did|said|says|"
    r"\w{2,}ed)\b"
)
_AUXILIARY = re.compile(
    r"(?:\s+(?:is|are|was|were|be|been|being|has|have|had|got|will|(?:due|set|scheduled|expected|planned) to|first|"
    r"later|then|also|(?!rally|family|assembly|supply|reply|ally|italy|july)\w+ly))+\s*$",
    re.IGNORECASE,
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|got)(?:\s+(?:first|later|then|also|\w+ly))*\s*$")
_UNDONE = re.compile(
    r"\b(?:not|never|no|nobody|none|neither|nor|would|could|may|might|should|if|whether|unless|almost|nearly|to|can|"
    r"allegedly|reportedly|wanted|tried|asked|refused|failed)\b|n[’']t\b",
    re.IGNORECASE,
)
_CLEFT = re.compile(r"\bit (?:was|is)\b", re.IGNORECASE)
_AHEAD = re.compile(r"\b(?:will|due to|set to|scheduled to|expected to|planned to)\b", re.IGNORECASE)
_BY = re.compile(r"\bby (?!(?:\w+ing|a\.m|the time)\b)")
_ENDS = re.compile(
    r"[,;:!?()—–“”\"]|\.(?=\s|$)|\b(?:of|in|on|at|by|for|from|to|with|into|onto|over|after|before|during|near|against|under|through|"
    r"around|about|across|along|and|or|but|as|when|while|who|which|that|because|without|within|since|until|following|"
    r"amid|shortly|just|soon|early|late|last|this|yesterday|today|tonight|overnight|\w+day)\b",
    re.IGNORECASE,
)
_SPEAKS = re.compile(
    rf".*(?<!the )(?<!\ba )(?<!an )(?<!its )(?<!his )(?<!her )(?<!their )(?<!this )\b(?:{'|'.join(sorted(SPEECH))})"
    r"(?: (?:on |late |early )?\w+day)?\s+",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"^(?:and|then|also|later|earlier|meanwhile|however|it (?:was|is)|(?:on |late |early )?\w+day)\s+", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", re.UNICODE)
_DETERMINED = re.compile(
    r"^(?:the|a|an|its|his|her|their|this|that|these|those|all|both|several|some|two|three)\s+", re.IGNORECASE
)
_GENERIC = frozenset(
    "man men woman women people person child childr boy girl pair couple one that somebo someon".split()
)
"""Nouns by which nobody can be told from the next."""
_ORDINAL = re.compile(
    r"\b(?:first|second|third|fourth|another|other|last|final|latest|new|next|initial|again)\b", re.IGNORECASE
)
_WHEN = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday shortly just soon about around nearly almost roughly "
    "morning afternoon evening night noon midnight yesterday today tonight pm am gmt local time past half "
    "quarter".split()
)
_SAME = {
    "blaze": "fire", "inferno": "fire", "wildfi": "fire", "explos": "blast", "earthq": "quake", "tremor": "quake",
    "crew": "firefi", "collis": "crash", "shooti": "shot", "gunfir": "shot", "harbor": "harbou", "port": "harbou",
    "closur": "close", "closed": "close", "shut": "close", "ship": "vessel", "boat": "vessel", "ferry": "vessel",
    "lorry": "truck", "car": "vehicl", "corpse": "body", "remain": "body", "legisl": "law", "bill": "law",
}  # fmt: skip
"""Words for one thing, as a story tells of one fire and calls it blaze."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Who does something, or what it is done to."""

    text: str
    """Word for word, without what follows its noun."""
    head: str
    """Its noun, as it is compared."""
    words: frozenset[str]
    """Its telling words, as they are compared."""
    definite: bool
    """It names something, or says "the"."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something done."""

    kind: str
    doer: Phrase | None
    """Who or what does it; None where the sentence does not say so plainly."""
    thing: Phrase | None
    """What it is done to."""
    around: frozenset[str]
    """The other telling words of its clause."""
    ahead: bool
    """It is to come."""
    start: int
    end: int


def compared(word: str) -> str:
    """Return what a word is compared by: its stem, or that of another word for the same."""
    found = stem(word)
    return _SAME.get(found, found)


def telling(text: str) -> frozenset[str]:
    """Return the telling words of ``text`` as they are compared, without those that say when."""
    return frozenset(
        compared(word) for word in _WORD.findall(text) if word.lower() not in PLAIN | _WHEN and len(word) > 1
    )


@lru_cache(maxsize=4096)
def acts(text: str, start: int = 0) -> tuple[Act, ...]:
    """Return the acts that ``text`` tells from ``start`` on as done, or as to come, in order.

    Not what is denied, supposed or quoted.
    """
    bare = outside_quotations(text)
    first = max(start, dateline(text))
    clauses = _clauses(bare, first)
    found = [_act(bare, match, clauses) for match in _VERB.finditer(bare, first)]
    return tuple(act for act in found if act is not None)


def _clauses(text: str, first: int) -> list[tuple[int, int]]:
    """Return where the clauses of ``text`` stand; "and" parts two only if the one before it has a verb."""
    cuts = [(first, first), *(match.span() for match in _CUT.finditer(text, first)), (len(text), len(text))]
    found: list[tuple[int, int]] = []
    for (_, start), (end, _) in pairwise(cuts):
        begins = start
        for match in _AND.finditer(text, start, end):
            if _FINITE.search(text, begins, match.start()) or _VERB.search(text, begins, match.start()):
                found.append((begins, match.start()))
                begins = match.end()
        found.append((begins, end))
    return found


def _act(text: str, match: re.Match[str], clauses: list[tuple[int, int]]) -> Act | None:
    place = next(at for at, (start, end) in enumerate(clauses) if start <= match.start() <= end)
    start, end = clauses[place]
    before, after = text[start : match.start()], text[match.end() : max(end, match.end())]
    ahead = _AHEAD.search(before) is not None
    if _UNDONE.search(_SPEAKS.sub("", before)) and not ahead:
        return None
    passive = _PASSIVE.search(before) is not None and not match.group().endswith("ing")
    subject = _subject(text, place, before, clauses)
    kind = match.lastgroup or ""
    by = _BY.search(after)
    rest = telling(_bare(before)) | telling(after)
    if passive or (by and not subject):
        doer = phrase(after[by.end() :]) if by else None
        thing = _with(subject, after[: by.start()] if by else "")
    else:
        doer, thing = subject, phrase(after)
        if kind == "order" and thing is not None:
            thing = _whole(after)
    known = (doer.words if doer else frozenset[str]()) | (thing.words if thing else frozenset[str]())
    return Act(kind, doer, thing, rest - known, ahead, match.start(), match.end())


def _subject(text: str, place: int, before: str, clauses: list[tuple[int, int]]) -> Phrase | None:
    """Return the phrase before a verb; where its clause opens with it, that of "X, which" or "X, the mayor," before."""
    own = _bare(before)
    if own:
        return phrase(own, whole=True)
    back = [text[start:end] for start, end in clauses[max(0, place - 2) : place]]
    parted = text[clauses[place - 1][1] : clauses[place][0]].lower() if place else ""
    if "who" in parted or "which" in parted:
        known = back[-1] if back[-1].strip() else back[0]
        plain = not _FINITE.search(_CLEFT.sub("", known))
        return phrase(_bare(known), whole=True) if plain else None
    named = parted.strip() == "," and len(back) > 1 and not _FINITE.search(" ".join(back))  # the name, and the office
    return phrase(_bare(back[0]), whole=True) if named else None


def _bare(before: str) -> str:
    """Return what stands before a verb without who says it, when, and its auxiliaries."""
    text = _AUXILIARY.sub("", f" {_SPEAKS.sub('', before)}".rstrip() if before.strip() else "")
    text = text.strip()
    while (led := _LEADS.match(f"{text} ")) is not None and led.end() > 0 and text:
        text = text[led.end() :]
    return text


def phrase(text: str, *, whole: bool = False) -> Phrase | None:
    """Return the noun phrase that ``text`` opens with; with ``whole``, none where more follows it than its places."""
    text = text.strip()
    cut = _ENDS.search(text)
    if whole and cut and cut.group().lower() == "and":
        return None
    told = text[: cut.start()].strip() if cut else text
    bare = _DETERMINED.sub("", told)
    named = [word for word in _WORD.findall(bare) if word.lower() not in PLAIN]
    if not named or len(named) > 7 or (whole and _FINITE.search(told)):  # noqa: PLR2004 - words of a name and an office
        return None
    several = named[-1].endswith("s")  # "Polls closed" opens its sentence
    titled = named[0][0].isupper() and not several
    definite = titled or re.match(r"(?:the|its|his|her|their|this|that)\b", told, re.IGNORECASE) is not None
    further = text[cut.end() :].split(",")[0] if cut and whole and cut.group() == "of" else ""
    words = telling(f"{bare} {further}")
    return Phrase(told, compared(named[-1]), words, definite)


def one_thing(one: Phrase, two: Phrase) -> bool:
    """Tell whether two phrases can name one thing: one noun, and no word that the other's are not among."""
    if one.head != two.head or one.head in _GENERIC:
        return False
    return one.words <= two.words or two.words <= one.words


def ordinals(text: str) -> frozenset[str]:
    """Return the words of ``text`` that tell one of several from the next: the first blast is not the second."""
    return frozenset(word.lower() for word in _ORDINAL.findall(text))


def _whole(after: str) -> Phrase | None:
    """Return all that is ordered: "the bridge closed", "the closure of the bridge", "the bridge to close"."""
    said = re.sub(
        r"\b(?:of|to|be)\b", " ", re.split(r"[,.;:]|\b(?:on|in|at|after|before|by|over|for|because)\b", after)[0]
    )
    return phrase(" ".join(said.split()))


def _with(subject: Phrase | None, after: str) -> Phrase | None:
    """Return what something was done to, with what it was made: "was ordered closed"."""
    more = telling(re.split(r"\b(?:on|in|at|after|before|over|for|because|shortly|just)\b", after)[0])
    if subject is None:
        return None
    return Phrase(subject.text, subject.head, subject.words | more, subject.definite)
