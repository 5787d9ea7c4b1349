"""Text to how sure it is and whether it has happened: hedges, what is still to come, what is done."""

from __future__ import annotations

import re

from rag.attribution import outside_quotations

HEDGES = frozenset(
    "alleged allegedly reportedly suspected purported purportedly apparently supposedly accused rumoured rumored "
    "unconfirmed believed thought may might could likely unlikely possibly perhaps expected would preliminary "
    "speculation potential potentially probably".split()
)
"""Words that make a statement less than a fact."""

_AHEAD = re.compile(
    r"\b(?:will|would|shall|(?:is|are|was|were) (?:\w+ )?to|going to|(?:plan|intend|expect|aim|hope|want|promise|vow)\w* to|"
    r"(?:is|are) (?:\w+ )?(?:expected|set|due|scheduled|planned) to)\s+(?:(?:not|also|soon|then|now|\w+ly)\s+)*(?:be\s+)?(?P<verb>[a-z]{3,})\b|"
    r"[’']ll\s+(?P<short>[a-z]{3,})\b",
    re.IGNORECASE,
)
_STILL_AHEAD = re.compile(
    r"\b(?:will|would|shall|may|might|could|can|should|to (?:be|have)|going|plan\w*|intend\w*|intention|expect\w*|schedul\w*|due|set|likely|"
    r"forecast\w*|predict\w*|propos\w*|promis\w*|next|tomorrow|upcoming|if)\b|[’']ll\b",
    re.IGNORECASE,
)
_HALF = re.compile(r"[;:]|,\s+(?:and|but)\b|\b(?:but|while|although|though|whereas)\b", re.IGNORECASE)
_PART = re.compile(r"[,;:.]|\b(?:and|but|while|although|though|whereas)\b", re.IGNORECASE)
_PAST = {
    "begin": "began", "break": "broke", "bring": "brought", "build": "built", "buy": "bought", "choose": "chose",
    "come": "came", "cost": "cost", "cut": "cut", "draw": "drew", "fall": "fell", "find": "found", "get": "got",
    "give": "gave", "grow": "grew", "hit": "hit", "hold": "held", "keep": "kept", "lay": "laid", "lead": "led",
    "leave": "left", "lose": "lost", "make": "made", "meet": "met", "pay": "paid", "put": "put", "quit": "quit",
    "rise": "rose", "run": "ran", "sell": "sold", "send": "sent", "set": "set", "shut": "shut", "speak": "spoke",
    "spend": "spent", "stand": "stood", "take": "took", "win": "won", "withdraw": "withdrew", "write": "wrote",
}  # fmt: skip

_WORD = re.compile(r"[^\W\d_](?:[\w’'-]*\w)?", re.UNICODE)


def hedges(text: str) -> frozenset[str]:
    """Return the hedging words of ``text`` outside direct speech, in lower case."""
    return frozenset(word.lower() for word in _WORD.findall(outside_quotations(text))) & HEDGES


def foretold(text: str) -> frozenset[str]:
    """Return the verbs that ``text`` has as still to come, outside direct speech: "reopen" of "will reopen"."""
    found = _AHEAD.finditer(outside_quotations(text))
    return frozenset((match["verb"] or match["short"]).lower() for match in found)


def happened(text: str, verbs: frozenset[str], *, anywhere: bool = False) -> frozenset[str]:
    """Return those of ``verbs`` that a clause of ``text`` has as done and not as to come.

    With ``anywhere`` it is enough that a clause has the word and nothing else of what is to come.
    """
    parts = _PART.split(outside_quotations(text)) if anywhere else _HALF.split(outside_quotations(text))
    words = {word.lower() for part in parts if not _STILL_AHEAD.search(part) for word in _WORD.findall(part)}
    return frozenset(verb for verb in verbs if words & _pasts(verb))


def _pasts(verb: str) -> set[str]:
    regular = (
        f"{verb}d" if verb.endswith("e") else f"{verb.removesuffix('y')}ied" if verb.endswith("y") else f"{verb}ed"
    )
    past = {_PAST.get(verb, regular), f"{verb}{verb[-1]}ed"}
    return past | {verb} if verb.endswith("ed") else past - {verb}  # "will be published"
