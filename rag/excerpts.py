"""Sentence that is not worded plainly to the parts of it that are, word for word and in order.

    "Bosses at the stricken chain paid $3m, two insiders have claimed." -> "Bosses at the", "chain paid $3m"

What is left out is what an editor may leave out of a quotation behind an ellipsis: an adjective before its noun, an
adverb that presses or feels, the clause that says who speaks, where that stands beside the parts, and a clause before
the first comma or after the last that adds to the sentence. Nothing is cut out of direct speech, and no denial, doubt
or condition is cut off a claim. Where the rest would not be plain, or the loaded word carries the sentence ("the plan
is a disaster"), there are no parts: the sentence is not printed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations, speeches
from rag.neutrality import SPEECH, concerns
from rag.parties import party
from rag.vocabulary import WEEKDAY

if TYPE_CHECKING:
    from rag.neutrality import Wording

FEWEST = 4
"""Words of the parts together below which a reader would not know what was said."""
_ADJECTIVE = re.compile(r"\w{2,}(?:ed|en|ing|ous|ful|ic|al|ive|able|ible|less|ish|ary|some|ant|ent|ly)", re.IGNORECASE)
_ADVERB = re.compile(r"\w{2,}ly", re.IGNORECASE)
_DOUBTS = frozenset("merely essentially basically invariably hardly barely nearly presumably purportedly".split())
"""Adverbs without which a sentence says more."""
_BEFORE_NOUN = re.compile(
    r"\b(?:the|an?|his|her|its|their|this|that|these|those|some|any|no|of|in|on|at|by|for|with|from|to|under|over|after|"
    r"before|against|\w+(?:[’']s|s[’']))\s+$|^$",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\s+(?!(?:and|or|but|of|in|on|at|by|for|with|from|to|as|than|that|which|who|is|are|was|were|has|have|had|will|would|"
    r"the|an?|it|he|she|they|if|when|because)\b)[^\W\d_]"
)
_VERB = r"(?:(?:has|have|had)\s+)?(?:(?:also|later|again|repeatedly|previously|since)\s+)?"
_DAY = rf"(?:\s+(?:on\s+)?{WEEKDAY})?"
_OF = r"(?:(?:One|Two|Some|Both)\s+of\s+(?:them|those|these),\s+)?"
_KEPT = re.compile(
    r"\b(?:not|never|no|nobody|nothing|none|neither|nor|without|den(?:y|ies|ied)|reject\w*|false\w*|untrue|wrong\w*|if|"
    r"unless|but|although|though|however|except|only|alleged\w*|reported\w*|apparently|perhaps|may|might|could|baseless|"
    r"unfounded|debunked|discredited|preposterous|absurd|fake|fabricated|groundless|bogus)\b|"
    r"n[’']t\b",
    re.IGNORECASE,
)
"""What may not go with what is left out: a denial, a doubt, a condition."""
_TAIL = re.compile(r"[,;:]\s|\s?[—–]\s?")
_HEAD = re.compile(r"(?:In|After|Before|At|On|With|Amid|Despite|Following|During|Under|As)\s[^,]+,\s")
_COMPARED = re.compile(
    r"\b(?:than|what)\s+(?:the\s+|a\s+|its\s+)?\w+(?:\s\w+)?\s+(?:claims?|claimed|admits?|admitted)\b"
)
"""Speech that a figure is measured by: "two weeks earlier than the company claims"."""
_GOES_ON = re.compile(r"\W+(?:has|have|had|is|are|was|were|will|would|can|did|does|\w+ed)\b")
"""What comes after "Ilka Dorn, a night porter": the verb of the sentence."""
Span = tuple[int, int]


def excerpt(text: str, value: str = "", speaker: str = "") -> tuple[str, ...] | None:
    """Return the plain parts of ``text``, none where too little would be left; None where all of it is plain.

    ``value`` must be in one of them, and ``speaker`` is named beside them.
    """
    found = concerns(text)
    if not found:
        return None
    ways = [_cut(each, text, speaker) for each in found]
    besides = [way or _aside(each, text, speaker) for way, each in zip(ways, found, strict=True)]
    cuts = [cut for cut in besides if cut]
    parts = _without(text, cuts) if len(cuts) == len(found) else ()
    joined = " … ".join(parts)
    told = text.replace(speaker, "", 1) if speaker and speaker not in joined else text
    whole = value in joined and len(_KEPT.findall(joined)) == len(_KEPT.findall(told)) and not concerns(joined)
    return parts if whole and len(joined.replace("…", "").split()) >= FEWEST else ()


def _cut(each: Wording, text: str, speaker: str) -> Span | None:
    """Return what may be left out with a wording; None where nothing may."""
    first = re.match(r"\w+", each.words)
    adverb = first and _ADVERB.fullmatch(first[0]) and first[0].lower() not in _DOUBTS
    if adverb and first and each.rule != "hedge" and first[0] != each.words:
        return each.start, each.start + first.end()  # "flatly denied" denies all the same, "secretly paid" is paid
    if each.rule in SPEECH:
        return _clause(each, text, speaker)
    if each.rule == "hedge" or " " in each.words:
        return None
    if adverb:
        return each.start, each.end
    describes = _ADJECTIVE.fullmatch(each.words) and _NOUN.match(text, each.end)
    return (each.start, each.end) if describes and _BEFORE_NOUN.search(text[: each.start]) else None


def _clause(each: Wording, text: str, speaker: str) -> Span | None:
    """Return the clause that says who speaks, and nothing else, around a verb: "…, two insiders have claimed."."""
    if not speaker:
        return None
    who, verb = re.escape(speaker), re.escape(each.words)
    bare = outside_quotations(text)
    last = re.search(rf"[,”\"]\s*{who},?\s+{_VERB}{verb}{_DAY}[.]?$", bare)
    if last and last.start() < each.start:
        return last.start() + (last[0][0] != ","), len(text)
    opening = re.match(rf"{_OF}{who},?\s+{_VERB}{verb}{_DAY}\s+that\s+", bare)
    return (0, opening.end()) if opening and each.start < opening.end() else None


def _aside(each: Wording, text: str, speaker: str) -> Span | None:
    """Return the clause after the last comma, or before the first, that a wording stands in; no other speaker goes."""
    bare = outside_quotations(text)
    head = _HEAD.match(bare)
    if head and each.end < head.end():
        return 0, head.end()
    ends = [match for match in _TAIL.finditer(bare) if match.start() < each.start]
    dashes = [match for match in ends if match[0].strip() in {"—", "–"}]
    if not ends:
        return None
    start = (dashes or ends[-1:])[0].start()
    tail = bare[start:]
    speaks = speeches(tail) and not _COMPARED.search(tail) and party(tail) != (speaker or None)
    return None if speaks or tail != text[start:] or _GOES_ON.match(tail) else (start, len(text))


def _without(text: str, cuts: list[Span]) -> tuple[str, ...]:
    parts: list[str] = []
    place = 0
    for start, end in [*cuts, (len(text), len(text))]:
        parts.append(text[place : max(place, start)].strip().strip(",;").strip())
        place = max(place, end)
    return tuple(part for part in parts if re.search(r"\w", part))
