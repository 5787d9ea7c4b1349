"""Sentence to the one who speaks in it, named as it names them: "the company", "Dr. Oona Selwick", "two insiders".

Rules over surface text are made to miss: where a sentence has two speakers, or what was read as one is a clause, a
comparison ("earlier than the company claims") or a pronoun, nobody is named.
"""

from __future__ import annotations

import re

from rag.attribution import Speech, judgements, outside_quotations, speeches
from rag.vocabulary import WEEKDAY

NAMED = 9
"""Most words of a speaker's name and office."""
_PRONOUNS = frozenset("he she it they we i you who which that this there one and but or if nobody".split())
_OPENS = frozenset("the a an one two three four five six several some many both his her its their another".split())
"""What a phrase opens with that is no name and names a party all the same: "The postal service"."""
_TITLES = frozenset("mr mrs ms dr sir prof professor the a an his her its their our of and for".split())
_PEOPLE = frozenset(
    "police officials residents witnesses prosecutors lawyers activists workers insiders critics analysts experts "
    "researchers investigators scientists economists campaigners unions organisers doctors lawmakers republicans "
    "democrats aides sources authorities".split()
)
"""Who else may stand without an article."""
_ENDS = frozenset(
    "also and or has have had is was were be been but what when while previously earlier later then again once since "
    "still now on in at to of for by with yesterday today tomorrow monday tuesday wednesday thursday friday saturday "
    "sunday meanwhile however too would will could may might can did does do not it he she they".split()
)
"""Last words that are no part of a name: the phrase goes on, or a day was told."""
_SECOND = re.compile(
    r"\b(?:is among|are among|than|what|that|whom|whose|which|if|whether|said|says|told)\b", re.IGNORECASE
)
"""What makes a phrase a clause, or a comparison with what somebody else says."""
_GOES_ON = re.compile(r"\bto (?!the\b|an?\b)[a-z]+\b|^both [a-z]+[^s]$", re.IGNORECASE)
"""What shows that a clause was read into a name: "Congress to act", or that it is none: "both fault"."""
_ASIDE = re.compile(r",? (?:who|where|which|whose)\b.*|, for (?:example|instance)\b.*")
_VERBAL = re.compile(
    r"(?:^[A-Z][\w.’'-]*(?<!\bThe)(?<!\bTwo)(?<!\bAn)(?<!\bA)|\s\S+) [a-z]+ed\b|"  # "The board worked"
    r"(?<!\bof)(?<!\bto)(?<!\bin)(?<!\bat)(?<!\bfor)(?<!\bby)(?<!\bon)(?<!\bwith)(?<!\bfrom)(?<!\bnear)(?<!\band)(?<!,)"
    r" (?:the|an|a) "
)
"""What shows that a verb was read into a name, and with it what it is about."""
_TITLED = re.compile(r"[a-z]+(?: [a-z]+)? [A-Z]")
"""An office before a name: "researcher T. K. Obando", "prime minister Ruiz"."""
_APPOSED = re.compile(r"[A-Z][\w’'-]+, $")
"""Before "a researcher who said": it is said of somebody who was named."""
_UNNAMED = re.compile(r"\banonym|\bnot to be (?:named|identified)", re.IGNORECASE)
"""What a reader must know of a source stays beside it."""
_ONE_OF = re.compile(r"^(?:One|Two|Some|Both) of (?:them|those|these), (?=\S)")
_BY_DAY = re.compile(rf"^(?:(?:on |late |early )?{WEEKDAY} )?by (?=[A-Zat])")
"""Before who did it, where that was read into the name: "Wednesday by President Ruiz"."""
_LEADING = re.compile(
    r"^(?:Yet|Still|Meanwhile|Separately|However|Also|Last (?:week|month|year|night)|Earlier|Later)\b,? "
)
"""What stands before a name at the opening of a sentence."""
_GLUED = re.compile(r"^[a-z]+ (?=(?:the|a|an) [a-z])")
"""The end of another phrase: "In that reply the company" was cut at "that"."""
_PREPOSITIONS = frozenset("of in on at by for from with to near around during under after before since".split())
_COMPARED = re.compile(r"\b(?:than|what)\s+(?:the |a |its |his |her |their )?(?:[\w’'-]+ ){1,4}?$", re.IGNORECASE)
_NOUNS = frozenset({"states", "state"})
"""Verbs that as a rule are none: "as Southern states assessed"."""
_JOINED = re.compile(r"\b(?:and|but|while|whereas)\s+$")
_BREAKS = re.compile(
    r"[;:—–“”\"()]|,\s|\b(?:that|but|and|while|although|because|after|before|when|as)\b", re.IGNORECASE
)


_ACCOUNT = re.compile(
    r"[’']s? (?:own )?(?:case|account|version|position|story|defen[cs]e|explanation|testimony|evidence) "
    r"(?:was|is|has been|remains)(?= that\b)"
)
_SOURCE = re.compile(
    r"(?:(?!\b(?:said|says|told)\b)[^.;:—–]){0,80}?,? (?=(?:according to|in the words of) )", re.IGNORECASE
)
"""Whose figure it is that stands before: "8,300, according to the ministry, – the premier said"."""


def party(text: str, value: str = "") -> str:
    """Return who alone speaks in ``text``, word for word; empty where nobody is named, or several are.

    Who speaks in a clause that was joined to the one with ``value`` ("43 votes, and the loser said") did not give it.
    """
    end = text.find(value) + len(value) if value else len(text)
    if source := _SOURCE.match(text, end) if value else None:
        sources = [speech for speech in speeches(text) if speech.verb == "according to"]
        near = [name for speech in sources if (name := named(speech, text)) and text.find(name) > source.end()]
        if near:
            return min(near, key=text.find)
    found = [
        name
        for speech in speeches(text) or judgements(text)
        if speech.verb not in _NOUNS
        and (name := named(speech, text))
        and not _JOINED.search(text[end : max(end, text.find(name))])
    ]
    if (through := _through(text)) is not None:
        found = [name for name in found if not through < text.find(name) or _JOINED.search(text[: text.find(name)])]
    inner = {name for name in found if any(name != other and name in other for other in found)}
    different = dict.fromkeys(name for name in found if name not in inner)
    return next(iter(different)) if len(different) == 1 else "" if found else account_of(text)


def _through(text: str) -> int | None:
    """Return where a clause begins that tells what somebody said whom only the sentence before it names.

    In "He said that officials had told the company" it is not officials who speak.
    """
    spoken = speeches(text)
    if not spoken or spoken[0].speaker.lower() not in _PRONOUNS:
        return None
    opened = re.search(rf"\b{re.escape(spoken[0].speaker)} {re.escape(spoken[0].verb)} (?:[a-z]+ )?that\b", text)
    return opened.end() if opened else None


def outer(text: str) -> Speech | None:
    """Return who tells a whole sentence, as its end or its middle says: ", the union alleged.", ", he said,"."""
    bare = outside_quotations(text)
    for speech in speeches(text):
        whose = (
            rf", {re.escape(speech.speaker)} (?:\w+ )?{re.escape(speech.verb)}(?: (?:on |late |early )?\w+)?(?:[.,]|$)"
        )
        if speech.speaker and re.search(whose, bare):
            return speech
    return None


def account_of(text: str) -> str:
    """Return whose account a sentence gives with no verb of speech: "Mr. Ruiz's case was that"."""
    bare = outside_quotations(text)
    match = _ACCOUNT.search(bare)
    name = _clean(_BREAKS.split(bare[: match.start()])[-1].strip()) if match else ""
    return name if name and _stands(name, text) else ""


def denier(text: str, words: str) -> str:
    """Return who denies or answers in ``text`` with ``words``: before them, or whoever alone speaks in it."""
    place = text.find(words) if words else -1
    if place > 0 and not words.lower().startswith(("was ", "were ", "is ", "are ")):
        before = outside_quotations(text)[:place]
        clause = before[max((match.end() for match in _BREAKS.finditer(before)), default=0) :]
        for subject in (before.strip(), clause.strip()):
            if (name := _clean(subject)) and _stands(name, text):
                return name
    return party(text)


def named(speech: Speech, text: str) -> str:
    """Return the speaker of ``speech`` without what was read into it; empty where it is no whole name or office."""
    if not speech.speaker or speech.speaker not in text:
        return ""
    name = _clean(speech.speaker)
    before = text[: text.find(speech.speaker) + speech.speaker.find(name)]
    amount = re.search(rf"{re.escape(name)} add(?:s|ed) (?:an? |another )?[$€£\d]", text)
    compared = _COMPARED.search(f"{before}{name} ")
    if not name or compared or amount or (_APPOSED.search(before) and f"{before}{name} who" in text):
        return ""
    if re.search(r"\b[A-Z]$", name) and f"{name}." in text:
        name += "."  # "the U.N."
    return name if _stands(name, text) else ""


def called(name: str) -> frozenset[str]:
    """Return the words that tell the bearer of ``name`` from others: no titles, and nobody else's name in it.

    "Mr. Ruiz's agent, Clement Dray" is the agent and Dray, and not Ruiz.
    """
    head = re.split(r", one of\b|, who\b| of (?=the\b)", name)[0]
    found: list[str] = re.findall(r"[^\W\d_][\w.-]*(?:[’']\w*)?", head)
    own = [word for word in found if not re.search(r"[’']s?$", word)] or found
    telling = [word.lower().rstrip(".") for word in own]
    return frozenset(word for word in telling if word not in _TITLES and len(word) > 1)


def _clean(phrase: str) -> str:
    """Return ``phrase`` without days, adverbs and asides around the name in it."""
    name = _ONE_OF.sub("", _LEADING.sub("", _BY_DAY.sub("", phrase.strip(" ,;:—–'’"))))
    glued = _GLUED.match(name)
    if glued and glued.group().strip() not in _PREPOSITIONS | _OPENS | _PEOPLE:
        name = name[glued.end() :]
    if not _UNNAMED.search(name):
        name = _ASIDE.sub("", name)
    words = name.split()
    while words and (words[-1].lower().strip(",") in _ENDS or words[-1].endswith("ly")):
        words.pop()
    return name[: _length(name, len(words))].rstrip(" ,")


def _length(name: str, words: int) -> int:
    """Return the characters of the first ``words`` words of ``name``."""
    ends = [match.end() for match in re.finditer(r"\S+", name)]
    return ends[words - 1] if words else 0


def _stands(name: str, text: str) -> bool:
    """Tell whether a reader knows from ``name`` who it is: a name, an office or a group, and nothing else."""
    words = name.split()
    if not words or len(words) > NAMED or _SECOND.search(name) or name not in text:
        return False
    if _GOES_ON.search(name) and not _UNNAMED.search(name):
        return False
    first = words[0].lower()
    if first in _PRONOUNS | _PREPOSITIONS and not (first == "one" and len(words) > 1):
        return False
    several = first in {"a", "an", "one"} and words[-1].lower() in _PEOPLE
    if several or (_VERBAL.search(name) and not _UNNAMED.search(name)):
        return False  # "a pledge critics said" is no phrase
    if first in _OPENS or words[0][0].isupper():
        return first not in _OPENS or len(words) > 1
    if _TITLED.match(name):
        return True
    people = [place for place, word in enumerate(words) if word.lower() in _PEOPLE]
    return bool(people) and people[0] <= 1 and (words[people[0] + 1 :] or ["of"])[0] in _PREPOSITIONS
