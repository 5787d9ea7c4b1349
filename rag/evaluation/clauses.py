"""Sentence to its main clause, taken apart so that it can be asked about.

    "The Corrin Star hit the wall at 7:42 a.m., the board said." -> subject "the Corrin Star", verb "hit",
    rest "the wall at 7:42 a.m.", speaker "the board"

Rules over surface text, in English, made to miss rather than to guess: a sentence with two verbs that could be the main
one, a pronoun as its subject, or direct speech in it gives nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.attribution import dateline
from rag.facts import names, numbers
from rag.verbs import NEUTRAL

_REGULAR = (
    "accept accuse add agree allow announce appeal appear approve arrest arrive ask attack attend attract award block "
    "board call cancel carry cause challenge charge clear close collapse collect collide confirm contain continue cover "
    "crash criticise cross damage deliver demand deny deploy destroy die discover discuss dismiss donate double earn "
    "elect encrypt end enter evacuate examine explode face file fine finish follow gain halt happen hire host identify "
    "impose increase injure inspect install interview introduce investigate invite issue join kill land last launch list "
    "lodge move name need notify offer open operate oppose order organise pass pause pay place pledge postpone produce "
    "propose publish pull push raise reach receive recommend record recover reduce reject release remain remove rename "
    "reopen replace represent request require rescue resign resume retire return review sail save schedule search "
    "secure serve settle share sign slide slip soar stage start stay suffer support suspend test total transfer travel "
    "treat turn unveil use visit vote walk warn welcome work"
).split()
_DOUBLED = {
    "ban": "banned",
    "cap": "capped",
    "drop": "dropped",
    "plan": "planned",
    "stop": "stopped",
    "permit": "permitted",
}
_IRREGULAR = {
    "strike": "struck", "hit": "hit", "take": "took", "leave": "left", "fall": "fell", "rise": "rose", "hold": "held",
    "win": "won", "lose": "lost", "meet": "met", "make": "made", "give": "gave", "begin": "began", "break": "broke",
    "bring": "brought", "buy": "bought", "build": "built", "come": "came", "cost": "cost", "cut": "cut", "draw": "drew",
    "drive": "drove", "find": "found", "fly": "flew", "get": "got", "grow": "grew", "keep": "kept", "lead": "led",
    "pay": "paid", "run": "ran", "sell": "sold", "send": "sent", "shut": "shut", "sink": "sank", "spend": "spent",
    "stand": "stood", "steal": "stole", "tell": "told", "go": "went", "write": "wrote", "become": "became", "put": "put",
    "say": "said", "see": "saw", "slide": "slid", "shake": "shook", "speak": "spoke", "throw": "threw",
}  # fmt: skip


def _past(base: str) -> str:
    if base.endswith("e"):
        return f"{base}d"
    return f"{base[:-1]}ied" if base.endswith("y") and base[-2] not in "aeou" else f"{base}ed"


PAST = {_past(base): base for base in _REGULAR} | {past: base for base, past in (_DOUBLED | _IRREGULAR).items()}
"""Past form to base form: "When DID it CLOSE", of "it closed"."""
_PARTICIPLES = (
    PAST.keys() - {"took", "fell", "rose", "gave", "began", "broke", "drew", "drove", "flew", "grew", "went"}
) | set(
    "taken fallen risen given begun broken drawn driven flown grown gone stolen known seen written been expected".split()
)
_AUXILIARIES = frozenset("is are was were has have had will would can could may might should".split())
_MODALS = frozenset("will would can could may might should".split())
_PRONOUNS = frozenset(
    "he she it they this that these those there who which what we you i his her their its our my your nobody everyone "
    "none some many most both all each one another others here".split()
)
_BARRED = frozenset(
    "if when while after before because although though as since until unless but and or so yet on in at by for from with "
    "under over being say says during despite according among about against to not never no nor than like".split()
)
"""Words that no simple subject opens with or, but for some, has in it."""
_INSIDE = frozenset("of the a an in at for and".split()) & _BARRED
_FILLERS = frozenset("also still now already later then first initially reportedly".split())
_QUOTED = re.compile(r"[“”\"‘(;]|:\s|\s[–—]\s")
_CUT = re.compile(
    r",\s|\s(?:as|after|when|while|because|which|who|whose|where|but|although|before|that|citing|saying)\s|\sand\s",
    re.IGNORECASE,
)
_SAID = "|".join(
    sorted(
        {verb for verb in NEUTRAL if verb.endswith(("ed", "said", "told"))}
        - {"told", "asked", "declared", "described", "answered"}
        | {"warned", "estimated"}
    )
)
_TAIL = re.compile(
    rf"^(?P<p>.+), (?P<who>[^,]{{2,60}}?) (?P<v>{_SAID})(?: (?:on|in|at|late|early|in a)\b[^,]{{2,40}})?$"
)
_AFTER = re.compile(rf"^(?P<p>.+), (?:(?P<v>{_SAID})|according to) (?P<who>[^,]{{2,60}}?)(?: on \w+day)?(?:, .*)?$")
_HEAD = re.compile(rf"^(?P<who>[^,]{{2,60}}?) (?P<v>{_SAID})(?: on \w+day)?(?: in a \w+)?(?: that)? (?P<p>.+)$")
_APPOSITION = re.compile(r"^(?P<subject>[^,]{2,60}), [^,]{2,70}, (?P<rest>\w.*)$")
_ORGANISED = re.compile(
    r"\b(?:board|council|company|line|lines|group|bank|union|ministry|court|commission|agency|authority|office|police|"
    r"hospital|committee|government|department|party|service|club|university|chain|regulator|operator)$",
    re.IGNORECASE,
)
LONGEST_SUBJECT = 7
"""Words; a longer one is a misread clause."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a sentence says, and on whose word."""

    content: str
    """Without its closing stop, and without the words of attribution."""
    speaker: str
    """As it stands, with a small first letter where it is no name; empty where nobody is named."""
    verb: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A main clause."""

    subject: str
    """As it stands in the middle of a sentence."""
    helper: str
    """``was``, ``will`` and the like; empty where the verb is a plain past."""
    verb: str
    """What follows the helper, or the base form of the plain past; may be empty after a form of *be*."""
    past: str
    """The plain past as it stands, empty after a helper."""
    rest: str
    """What follows the verb, up to the first comma or subordinate clause."""
    speaker: str

    def ask(self, what: str, rest: str) -> str:
        """Return the question that opens with ``what`` and asks for something that ``rest`` does not have."""
        words = (what, self.helper or "did", self.subject, self.verb, rest)
        return self._closed(" ".join(words))

    def ask_subject(self, what: str) -> str:
        """Return the question for the subject: no words change places."""
        told = (self.past,) if self.past else (self.helper, self.verb)
        return self._closed(" ".join((what, *told, self.rest)))

    def _closed(self, text: str) -> str:
        asked = " ".join(text.split()).rstrip(" ,;")
        asked = asked if asked.endswith("m.") else asked.rstrip(".")
        return f"{asked}, according to {self.speaker}?" if self.speaker else f"{asked}?"


def spoken(sentence: str, article: str) -> Spoken | None:
    """Return what ``sentence`` says and on whose word, None if it has direct speech in it. ``article`` is its text."""
    body = " ".join(sentence[dateline(sentence) :].split())
    if _QUOTED.search(body) or not body.endswith("."):
        return None
    body = body if re.search(r"\b[ap]\.m\.$", body) else body[:-1]
    for pattern in (_TAIL, _AFTER, _HEAD):
        found = pattern.match(body)
        speaker = small(found["who"], article) if found else ""
        if found and speaker and _nominal(speaker):
            content, verb = found["p"], found["v"] or "said"
            pronoun = re.match(r"(?:it|they) (?=\w)", content)
            if pronoun and pattern is _HEAD and _ORGANISED.search(speaker):  # "the board said it would ..."
                return Spoken(f"{speaker} {content[pronoun.end() :]}", "", verb)
            return Spoken(content, speaker, verb)
    return Spoken(body, "", "")


def clause(said: Spoken, article: str) -> Clause | None:
    """Return the main clause of what was said, None if it cannot be read with certainty."""
    text = said.content
    if (apposed := _APPOSITION.match(text)) and _verb_at(apposed["rest"].split()) == 0:
        text = f"{apposed['subject']} {apposed['rest']}"
    words = text.split()
    place = _verb_at(words)
    if not 0 < place <= LONGEST_SUBJECT:
        return None
    subject = small(" ".join(word for word in words[:place] if word not in _FILLERS), article)
    if not subject or not _nominal(subject):
        return None
    verb, after = words[place], words[place + 1 :]
    if PAST.get(verb) in {"say", "tell"}:
        return None
    helper, past = (verb, "") if verb in _AUXILIARIES else ("", verb)
    if helper in {"has", "have", "had"} and not (after and after[0] in _PARTICIPLES):
        if helper != "had":
            return None
        helper, past, main = "", "had", "have"
    elif helper:
        main, after = _main(helper, after)
    else:
        main = PAST[verb]
    rest = " ".join(after)
    if cut := _CUT.search(rest):
        rest = rest[: cut.start()]
    if any(word.strip(",.") in PAST.keys() | _AUXILIARIES for word in rest.split()) or re.search(
        r"\b(?:not|never|it|its|he|she|they|his|her|their)\b", rest
    ):
        return None
    return Clause(subject, helper, main, past, rest, said.speaker)


def small(phrase: str, article: str) -> str:
    """Return a phrase that opened a sentence as it stands inside of one; empty if its first word may be a name or not.

    A word is a name if it has its capital in the middle of a sentence, and none if it stands there without.
    """
    first, _, others = phrase.strip().partition(" ")
    bare = first.strip(".,")
    if not bare[:1].isupper() or not bare.isalpha():
        return phrase.strip()
    if bare.lower() in {"the", "a", "an"} or (numbers(bare) and not names(bare)[0].key.isdigit()):
        return f"{first.lower()} {others}".strip()
    if others[:1].isupper() or any(name.word == bare and not name.opens for name in names(article)):
        return phrase.strip()
    if re.search(rf"\b{re.escape(bare.lower())}\b", article):
        return f"{first.lower()} {others}".strip()
    return ""


def _verb_at(words: list[str]) -> int:
    """Return the place of the first word that can be the main verb, -1 without one."""
    return next((n for n, word in enumerate(words) if word in _AUXILIARIES or word in PAST), -1)


def _main(helper: str, after: list[str]) -> tuple[str, list[str]]:
    """Return the verb behind a helper, and what follows it."""
    after = [word for n, word in enumerate(after) if n or word not in _FILLERS]
    size = 0
    if helper in _MODALS and after:
        size = 2 if after[0] in {"be", "have"} and len(after) > 1 else 1
    elif after and (after[0] in _PARTICIPLES or re.fullmatch(r"[a-z]{3,}(?:ing|ed)", after[0])):
        size = 2 if after[0] == "been" and len(after) > 1 and after[1] in _PARTICIPLES else 1
    return " ".join(after[:size]), after[size:]


def _nominal(phrase: str) -> bool:
    """Tell whether a phrase can stand as a subject or a speaker: no pronoun, no verb, nothing that opens a clause."""
    words = [word.strip(",").lower() for word in phrase.split()]
    if words[-1] in _FILLERS or not re.fullmatch(r"[\w .,'’&$€£%-]+", phrase):
        return False
    plain = not any(word in _PRONOUNS or word in PAST or word in _AUXILIARIES for word in words)
    closed = words[0] not in _BARRED and not any(word in _BARRED - _INSIDE for word in words)
    return plain and closed and "," not in phrase and len(words) <= LONGEST_SUBJECT and " and " not in phrase
