"""Text to who says it: quotations, speakers, speech verbs.

Rules over surface text, in English. They are made to miss rather than to guess: a speaker that they cannot read is an
empty set of names, and the gates then ask for less, never for something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.verbs import HEARSAY, HEDGING, LOADED, NOUNS, QUOTING, SPEECH, UNSPOKEN, past

_PRONOUNS = frozenset("he she they it who we i".split())
_TITLES = frozenset("mr mrs ms dr sir prof professor president secretary minister chief the a an and of for".split())
_OPENERS = frozenset("the a an one its his her their".split())
_CLOSERS = {"“": "”", '"': '"', "‘": "’"}
_MARKS = frozenset('“”"‘’')
_PLACE = r"[A-Z][\w./’'-]*(?:,? [A-Z][\w./’'-]*){0,4}"
_DATELINE = re.compile(
    r"^(?:[•∎■▪●◦‣►▶➤]\s*)?(?:[A-ZÀ-Þ][A-ZÀ-Þ .’'-]+,[^—–‒―−]{1,60}[—–‒―−]\s+(?=\S)"  # "TARROW HEAD, March 3 (Pellon Wire) — "
    rf"|(?:{_PLACE} ?)?\((?:CNN|AP|AFP|UPI|Reuters)(?: ?[A-Z]\w+)?\)\s*(?:[—–‒―−-]+\s*)?(?=[A-Z“\"‘'])"  # "London (CNN) "
    r"|[A-ZÀ-Þ][A-ZÀ-Þ .’'-]+,[^()—–]{1,40}\([A-Z][\w .]{1,30}\)\s*-+\s+(?=[A-Z“\"‘'])"  # "WASHINGTON, May 5 (Reuters) - "
    r"|[A-ZÀ-Þ][A-ZÀ-Þ .’'-]+, [A-Z][a-z]+(?: [A-Z][a-z]+)* -{1,2} (?=[A-Z“\"‘'])"  # "KELBURY, Marlshire - "
    rf"|{_PLACE} \([A-Z][\w .]{{1,30}}\)\s*[—–‒―−-]+\s+(?=[A-Z“\"‘'])"  # "Oslo (North Wire) - "
    r"|[A-ZÀ-Þ][A-ZÀ-Þ .’'-]{2,30}\s[—–‒―−-]{1,2}\s+(?=[A-Z“\"‘']))?"  # "WASHINGTON - "
)
_MOSTLY = 0.6  # of a sentence in quotation marks makes it speech; less is a phrase that the writer quotes
_WORD = re.compile(r"[^\W\d_](?:[\w’'-]*\w)?", re.UNICODE)
_COLON = re.compile(r"([A-Z][^:.!?“”\"]{2,120}):\s*[“\"]")
_VERB = re.compile(  # in "Mr. Said-Noor" nobody says anything
    r"(?<!\w-)\b(" + "|".join(sorted(SPEECH, key=len, reverse=True)) + r")\b(?!-\w)", re.IGNORECASE
)
_BREAK = re.compile(r"[,;:—–“”\"()]|\b(?:that|but|while|although|because|which|after|before|when|as)\b", re.IGNORECASE)
_NOT_SPEECH_AFTER = re.compile(r"\s+(?:of|from|was|were|is|are|has|had|have)\b", re.IGNORECASE)
_NOT_SPEECH_BEFORE = re.compile(
    r"\b(?:the|a|an|our|my|your|its|his|her|their|this|that|these|those|no|any|latest|initial|first|second|third|last|final|full|written|same|other|previous|earlier|both|two|three|new|to|of|in|police|media|news|united)\s+$|\w[’']s?\s+$",
    re.IGNORECASE,
)
_JUDGES = re.compile(
    r"\b(?:put|puts)(?= (?:(?:the|its|their|that) (?:\w+ ){1,6}?|it |them )at\b)|"
    r"\b(?:called|calls|described|dismissed)(?= (?:\S+ ){1,10}?(?:as )?(?:false|untrue|wrong|baseless|unfounded|nonsense)\b)",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(r"(?:\b(?:an?|the|its|his|her|their|our)|\w[’']s?)\s+$", re.IGNORECASE)
"""Before a participle that tells of what follows: "an estimated 200", "Solmar's promised ferry"."""
_SHOULD = re.compile(r"\b(?:should|must|can|could|may|might) $")
_OWNED = re.compile(r"(?:\b(?:its|his|her|their|our)|\w[’']s?)\s+[\w-]+\s+$", re.IGNORECASE)
"""Before a noun with an adjective: "the president's false claims"."""
_WRITTEN = re.compile(
    r"\b(?:report|statement|law|letter|rules?|policy|act|article|complaint|filing|order|ruling|it|he|she|they|which)\s+$",
    re.IGNORECASE,
)
"""Who states something; in "six states" nobody does."""
_STATED = re.compile(r"\s+that\b|,?:?\s*[“\"]")
_ASIDE = re.compile(r"\b(?:who|which|that)\s+(?:\w+ly\s+|also\s+|has\s+|have\s+|had\s+)*$")
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
_PREDICATE = re.compile(
    rf"(?:^|(?<=\w) )(?:{'|'.join(sorted(SPEECH, key=len, reverse=True))}|[a-z]{{3,}}ed|has|have|had|was|were|is|are|will|would|"
    r"lost|won|took|gave|made|sent|went|came|put|set|held|found|left|saw|got|began|cut|hit|met|paid|ran|sold|shut|stood|kept|wrote|rose|fell|bought)\b"
)
"""Where what somebody did begins, after who it was."""
_RELATIVE = re.compile(  # between a name and its verb, a clause about the name
    r",\s(?:which|whose)\b[^,;:—–“”\"()]+,$|"
    r",\s(?:the|a|an|its|his|her|their)\b[^,;:—–“”\"()]+\b(?:that|which|when|after|before|as)\b[^,;:—–“”\"()]+,$"
)
_OFFICE = re.compile(r"(?:[a-z][\w’'-]* ){1,4}[A-Z][\w’'-]*(?: [A-Z][\w’'-]*)*[.]?$")
"""Behind ``"...," said``: "former postman Wilf Garrity"."""
_BRACKETED = re.compile(r"\s*(?:\([^()]{1,60}\)|\s[–—]\s[^–—]{1,80}\s[–—])$")
"""Between a name and its verb: "Ted Cruz (R-Texas) said"."""
_ADVERBS = re.compile(
    r"(?:\s(?:first|later|now|also|again|then|since|still|once|already|never|even|earlier|had|has|have|soon|twice|"
    r"(?!family|ally|assembly|monopoly|rally|supply|reply|bully)[a-z]{2,}ly))+$"
)
"""Between who speaks and the verb: "Northline first said", "Ruiz has since said"."""
_APPOSED = re.compile(
    r"(?:its|his|her|their|the) [^,]+, (?=(?:(?:Dr|Mrs?|Ms|Prof|Sir)\.? )?[A-Z][\w’'-]+(?: [A-Z][\w’'.-]*){1,3}(?:[,.;]|$))"
    r"(?P<name>[^,;]+)"
)
"""Behind ``"...," said``: "its medical director, Dr. Ines Kovar"."""
_BODY = re.compile(
    r"((?:The|A) (?:[\w’'-]+ )?(?:union|group|agency|association|charity|firm)) (?:that|which) [^,;:—–]+$"
)
_OF_ANOTHER = re.compile(
    r"\b((?:critic|rival|opponent|son|daughter|wife|husband|brother|sister|mother|father|friend|neighbou?r|lawyer|attorney|"
    r"relative|supporter|victim)s?) (?:of|for|to)\b.*"
)
_LONGEST_SUBJECT = 14  # words; a longer one is a misread clause


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch of direct speech."""

    text: str
    """Without its marks."""
    start: int
    """First character inside the marks."""
    end: int


@dataclass(frozen=True, slots=True)
class Speech:
    """One place where a text says that somebody says something."""

    verb: str
    """Lower case, as it stands; ``according to`` for that phrase, ``:`` for a colon before direct speech."""
    speaker: str
    """As it stands, may be empty."""
    names: frozenset[str]
    """Capitalised words of the speaker, in lower case, without titles."""
    words: frozenset[str]
    """All words that tell the speaker from others, in lower case: "police", "the operator"."""
    aside: bool = False
    """Whether it stands in a relative clause: "Senators who argued that it goes too far voted against it"."""

    @property
    def loaded(self) -> str | None:
        """The verb's past form if it is one that only a source may choose, else None."""
        return past(self.verb) if self.verb in LOADED else None


@lru_cache(maxsize=16384)
def quotations(text: str) -> tuple[Quotation, ...]:
    """Return direct speech in ``text``, in order.

    A mark that opens and is not closed runs to the end, one that closes and was not opened from the start: a sentence
    may be cut out of a longer quotation. Single marks count where they are typographic.
    """
    found: list[Quotation] = []
    opened, closer = -1, ""
    for place, mark in enumerate(text):
        if mark not in _MARKS:
            continue
        if opened >= 0 and mark == closer and not (mark == "’" and _letter(text, place + 1)):
            found.append(Quotation(text[opened:place], opened, place))
            opened = -1
        elif opened < 0 and mark in _CLOSERS and not (mark == '"' and _closes(text, place)):
            opened, closer = place + 1, _CLOSERS[mark]
        elif opened < 0 and not found and mark in '”"':
            found.append(Quotation(text[:place], 0, place))
    if opened >= 0 and closer != "’":
        found.append(Quotation(text[opened:], opened, len(text)))
    return tuple(found)


def _closes(text: str, place: int) -> bool:
    """Tell whether a straight mark that nothing opened looks like one that closes: glued to what stands before it."""
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return bool(before.strip()) and before not in "([—–-" and not after.isalnum()


def _letter(text: str, place: int) -> bool:
    return text[place : place + 1].isalpha()


def outside_quotations(text: str) -> str:
    """Return ``text`` with direct speech blanked out, at the same length."""
    parts = list(text)
    for quotation in quotations(text):
        parts[quotation.start : quotation.end] = " " * (quotation.end - quotation.start)
    return "".join(parts)


@lru_cache(maxsize=16384)
def speeches(text: str) -> tuple[Speech, ...]:
    """Return who says something in ``text``, in order.

    Verbs inside direct speech belong to the speaker and are passed over.
    """
    bare = outside_quotations(text)
    hearsay = (match for pattern in HEARSAY for match in pattern.finditer(bare))
    found = [(match.start(), _speech("according to", _trim(match["who"]))) for match in hearsay]
    for match in _COLON.finditer(bare) if bare != text else ():
        speaker = _trim(_BREAK.split(match.group(1))[-1])
        if not _VERB.search(match.group(1)):  # "Ivey said: ..." has its verb
            found.append((match.start(), _speech(":", speaker)))
    for match in _VERB.finditer(bare):
        if _is_speech(text, bare, match):
            speech = _speech(match.group(1).lower(), _speaker(bare, match))
            found.append((match.start(), replace(speech, aside=_ASIDE.search(bare, 0, match.start()) is not None)))
    return tuple(speech for _, speech in sorted(found, key=lambda item: item[0]))


@lru_cache(maxsize=16384)
def judgements(text: str) -> tuple[Speech, ...]:
    """Return who gives a figure or calls something false: "put the toll at two", "called the report untrue"."""
    bare = outside_quotations(text)
    found = ((match, _speaker(bare, match)) for match in _JUDGES.finditer(bare))
    return tuple(_speech(match.group().lower(), speaker) for match, speaker in found if speaker)


def dateline(text: str) -> int:
    """Return how many characters of a sentence are place, day and agency: "TARROW HEAD, March 3 (Pellon Wire) — ".

    The dot of a list before it is none of its words either.
    """
    found = _DATELINE.match(text)
    return found.end() if found else 0


def attributed(text: str) -> bool:
    """Tell whether ``text`` says on whose word it stands."""
    return bool(speeches(text))


def joined_speakers(speech: Speech) -> tuple[frozenset[str], ...]:
    """Return the words of each of two people that say one thing, "Ruiz and Hale"; nothing if it is not plainly two."""
    halves = speech.speaker.split(" and ")
    if len(halves) != 2 or re.search(r",|\bof\b", speech.speaker):  # noqa: PLR2004 - two people
        return ()
    people = tuple(_speech(speech.verb, half).words for half in halves)
    return people if all(people) else ()


def speakerless(text: str, start: int = 0, end: int | None = None) -> bool:
    """Tell whether ``text[start:end]`` is direct speech with nobody to say it: it needs its neighbour.

    The marks may stand outside of it: the second of three quoted sentences has none. Its paragraph is read for them.
    """
    end = len(text) if end is None else end
    if any(speech.speaker for speech in speeches(text[start:end])):
        return False
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    paragraph = text[first : last if last >= 0 else len(text)]
    inside = 0
    for quotation in quotations(paragraph):
        overlap = min(quotation.end + first, end) - max(quotation.start + first, start)
        inside += max(0, overlap)
    return inside > _MOSTLY * (end - start)


def begun(text: str, start: int) -> bool:
    """Tell whether ``start`` lies within direct speech that began earlier in its paragraph."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    paragraph = text[first : last if last >= 0 else len(text)]
    return any(quotation.start + first < start < quotation.end + first for quotation in quotations(paragraph))


def _is_speech(text: str, bare: str, match: re.Match[str]) -> bool:
    verb = match.group(1)
    if verb.lower() in QUOTING and bare == text:
        return False
    before, after = bare[: match.start()], bare[match.end() :]
    if _NOT_SPEECH_BEFORE.search(before) and (verb.lower() in NOUNS or verb[0].isupper()):
        return False
    if verb.lower() in NOUNS and (_NOT_SPEECH_AFTER.match(after) or _OWNED.search(before)):
        return False
    if verb.lower() in {"state", "states"} and not (_WRITTEN.search(before) or _STATED.match(after)):
        return False
    if verb.endswith("ed") and verb not in HEDGING and _ADJECTIVE.search(before):
        return False
    ends = verb.lower() in NOUNS and bare == text and not after.strip(" .")  # "its handling of abuse claims."
    if ends or ((follows := UNSPOKEN.get(verb)) is not None and follows.match(after)):
        return False
    unnamed = _PASSIVE.search(before) or _SHOULD.search(before)  # "is expected", "was reported"
    return not unnamed and not (verb[0].isupper() and before.strip())  # "United States", "Daily Reports"


def _speaker(bare: str, match: re.Match[str]) -> str:
    """Return the noun phrase that the verb belongs to: before it, or after it in ``"...," said NAME``."""
    before = _BRACKETED.sub("", bare[: match.start()].rstrip())
    clauses = [clause.strip() for clause in _BREAK.split(before)]
    if clauses[-1].endswith(" and") and (first := _PREDICATE.search(clauses[-1])):  # "Solmar promised to pay and said"
        if first.start():
            return _trim(clauses[-1][: first.start()])
        before = before[: -len(clauses.pop())].rstrip()
    if (body := _BODY.match(before)) is not None:  # "The union that represents the packers told us"
        return body.group(1)
    if (found := _RELATIVE.search(before)) is not None:  # "Larkmart, which sold most of it, said"
        return _trim(_BREAK.split(before[: found.start()])[-1])
    if clauses[-1] and len(clauses[-1].split()) <= _LONGEST_SUBJECT:
        return _trim(clauses[-1])
    if before.endswith(",") and len(clauses) > 2 and clauses[-3]:  # noqa: PLR2004 - "Mr. Smith, the mayor, said"
        return _trim(f"{clauses[-3]}, {clauses[-2]}")
    if (named := _APPOSED.match(bare[match.end() :].lstrip())) is not None:
        return _trim(named.group())
    after = _BREAK.split(bare[match.end() :], maxsplit=1)[0].strip() if before[-1:] in {*",”’\"'", ""} else ""
    first = after.split(maxsplit=1)[0] if after else ""
    if first and (first[0].isupper() or first.lower() in _OPENERS | _PRONOUNS or _OFFICE.match(after)):
        return _trim(after)
    return ""


def _trim(phrase: str) -> str:
    phrase = re.sub(r"^(?:and|or|then|also|,)\s+", "", phrase.strip(" ,;:—–.'’"), flags=re.IGNORECASE)
    return _ADVERBS.sub("", phrase)


def _speech(verb: str, speaker: str) -> Speech:
    found = _WORD.findall(_OF_ANOTHER.sub(r"\1", speaker))
    own = [word for word in found[:-1] if not word.endswith(("’s", "'s"))] + found[-1:]  # "Ruiz's rival" is not Ruiz
    words = [word.removesuffix("’s").removesuffix("'s") for word in own]
    telling = [word for word in words if word.lower() not in _TITLES | _PRONOUNS and len(word) > 1]
    names = frozenset(word.lower() for word in telling if word[0].isupper())
    return Speech(verb, speaker, names, frozenset(word.lower() for word in telling))
