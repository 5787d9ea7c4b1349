"""Sentences of a story to what somebody says and who rejects it by referring to it, with what they say instead.

    "The minister said it had a letter. The company disputes that account. Its lawyer said the letter was routine."

What is referred to is the nearest statement before by somebody else; what denies an accusation answers one. What
rejects a thing and no statement ("rejected the offer"), what a court rejects, and what says itself what it rejects
("the idea that the club knew") are other matters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations
from rag.clash import Clash, Kind, Side, between
from rag.corrections import is_correction
from rag.facts import name_keys
from rag.parties import denier, party
from rag.passages import same_paragraph, silent, speakers
from rag.turns import unclear, voices
from rag.vocabulary import PLAIN, stem, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rag.sources import Evidence
    from rag.turns import Turn

REACH = 4
"""Sentences between a statement and what refers to it."""
TELLS = 6
"""Words after a rejection that say what its side says instead, so that the next sentence need not."""
_ACCUSATION = r"(?:allegations?|accusations?|complaints?|insinuations?|charges)"
_STATEMENT = (
    r"(?:accounts?|versions?(?: of events)?|claims?|suggestions?|notions?|ideas?|theor(?:y|ies)|assertions?|arguments?|"
    r"characteri[sz]ations?|criticisms?|findings?|conclusions?|assessments?|figures?|estimates?|numbers|narrative|"
    r"descriptions?|explanations?|portrayals?|interpretations?|tall(?:y|ies)|count)"
)
_AIMED = (
    r"(?:disput(?:e|es|ed)|reject(?:s|ed)?|den(?:y|ies|ied)|dismiss(?:es|ed)?|contest(?:s|ed)?|contradict(?:s|ed)?|"
    r"challeng(?:e|es|ed)|refut(?:e|es|ed)|rebut(?:s|ted)?|push(?:es|ed) back (?:on|against)|t(?:akes?|ook) issue with|"
    r"disagree(?:s|d)? with|scoff(?:s|ed) at|brush(?:es|ed) (?:off|aside)|cast(?:s)? doubt (?:up)?on)"
)
_THAT = r"(?:the|that|this|those|these|such|his|her|its|their|both)"
_UNTRUE = (
    r"(?:(?:completely|simply|entirely|grossly|wildly|totally|plainly|deeply|flatly|utterly) )?"
    r"(?:misleading|false|wrong|untrue|not true|not so|baseless|groundless|nonsense|inaccurate|incorrect|unfounded|"
    r"absurd|ridiculous|flawed|exaggerated|inflated|fabricated|fiction|speculation|an? (?:\w+ )?(?:lie|"
    r"fabrication|smear|invention|exaggeration|distortion|fiction))\b"
)
_ITSELF = (
    r"(?=\s*(?:[.,;:—–“\"]|$|(?:and|but|as|while|when|after|during|at|with|outright|again|yesterday|on \w+day|in an?|"
    r"through|via|too|say(?:s|ing)|call(?:s|ing)|(?:put forward|offered|given) by)\b))"
)
"""No more is said of what is rejected: it was said before."""
_REJECTS = re.compile(
    rf"\b(?!den|reject\w* (?:the|this|that|his|her|their) ideas?)(?:{_AIMED}) {_THAT} (?:\w+ )?{_STATEMENT}{_ITSELF}|"
    rf"\bden(?:y|ies|ied) {_THAT} (?:\w+ )?(?!claims?\b){_STATEMENT}{_ITSELF}|"
    r"\b(?:do|does|did) ?(?:not|n[’']t) accept that (?:this|that)\b(?= \w)|"
    rf"\b(?:do|does|did) ?(?:not|n[’']t) (?:accept|recogni[sz]e|agree with) {_THAT} {_STATEMENT}{_ITSELF}|"
    rf"\b(?:call(?:s|ed)|describ(?:es|ed)|brand(?:s|ed)|label(?:s|led|ed)|dismiss(?:es|ed)) "
    rf"(?:it|that|this|{_THAT} (?:\w+ )?{_STATEMENT}) (?:as )?{_UNTRUE}|"
    rf"\b(?:says?|said|insist(?:s|ed)|told \w+) (?:that )?(?:that|this|{_THAT} (?:\w+ )?{_STATEMENT}) "
    rf"(?:is|was|are|were) {_UNTRUE}|"
    r"\b(?:(?:disput(?:es|ed)|contest(?:s|ed)) (?:this|that|it)|reject(?:s|ed) (?:this|that))(?=[.,;:]|$)|"
    r"\bt(?:ells?|old) (?:it|the story|that story|this) (?:very |rather |quite )?differently(?=[.,;:]|$)|"
    r"\b(?:begs? to differ|"
    r"sees? (?:it|this|things|the matter) (?:very )?differently|g(?:ives|ave) (?:a|another) (?:very )?(?:different )?"
    r"(?:account|version|explanation))(?=[.,;:]|$)",
    re.IGNORECASE,
)
_DENIES = re.compile(
    rf"\b(?:{_AIMED} {_THAT} (?:\w+ )?{_ACCUSATION}|den(?:y|ies|ied) {_THAT} (?:\w+ )?claims?|"
    rf"den(?:y|ies|ied) (?:any )?(?:negligence|liability|responsibility|fault|blame|bribery|collusion|misconduct|"
    rf"wrongdoing)){_ITSELF}|"
    r"\bden(?:y|ies|ied) (?:this|that|it)(?=[.,;:]|$)",
    re.IGNORECASE,
)
"""What answers an accusation, and no other statement."""
_ACCUSES = re.compile(
    r"\b(?:accus(?:es?|ed|ing)|alleg(?:es?|ed|ing)|su(?:es|ed|ing)|charg(?:ed|ing)|indicted|"
    r"claim(?:s|ed) (?:that|the|he|she|they|it))\b(?! by\b)"
)
_IN_QUOTES = re.compile(
    rf"[“\"](?:(?:No|Well|But|Look), ?)?(?:(?:We|I) (?:do not|don[’']t) (?:accept|recogni[sz]e|agree with) {_THAT} "
    rf"(?:\w+ )?{_STATEMENT}|(?:That|This|It)(?: is|[’']s| was) (?:just |all )?{_UNTRUE})(?=[.,;”\"])",
)
"""What somebody rejects in their own words."""
_NEVER = re.compile(
    r"(?:\bnot|n[’']t|\bnever|\bneither|\bnor|\bno longer|\bto|\bwill|\bwould|\bcan|\bcould|\bmay|\bmight|\bmust|"
    r"\bshould|\bif|\bwhether|\bwho|\bthat)\s+(?:no doubt |of course |\w+ly )?$",
    re.IGNORECASE,
)
"""Before a verb that rejects, nobody does, or not here."""
_RULES = re.compile(
    r"\b(?:judges?|justices?|magistrates?|courts?|jur(?:y|ies|ors)|tribunal|senate|house|parliament|lawmakers|voters?|"
    r"senators|committee|grand)\b",
    re.IGNORECASE,
)
"""Who decides about a claim and is no side of it."""
_HEADS = re.compile(r"(?:Why|How|What)\b")
"""What opens a question or a heading: "Why experts reject that argument"."""
_ENDS = re.compile(r"[.!][”’\"')]*$")
"""What ends a statement, and neither a heading nor a question."""
_PRONOUN = re.compile(r"(?:But )?(?:He|She|They|It|he|she|they|it)\b")
_SAY = r"(?:said|says|told|argue[sd]?|insist(?:s|ed)|maintain(?:s|ed)|contend(?:s|ed)|added|adds|point(?:s|ed) out)"
_THEIR_OWN = re.compile(
    rf"^(?:He|She|They|It)\b(?: \w+)? {_SAY}\b|"
    r"^(?:His|Her|Its|Their) (?:[\w-]+ ){0,3}?(?:spokes\w+|lawyers?|attorneys?|solicitors?|counsel|agents?|director|"
    rf"president|chair\w*|manager|groundsman|head|secretary|chief \w+|leader|representatives?)\b(?:, [^,]+,)? {_SAY}\b"
)
"""How those who rejected something go on: "It said", "Its lawyer, Casimir Dunne, said"."""
_SAYS = re.compile(rf"\b{_SAY}\b")
_BODY = frozenset(
    map(stem, "company firm group club party union campaign team ministry business school hospital".split())
)
"""What a party that was named is called in the next sentence."""


def rebuttals(evidence: Sequence[Evidence], spoken: Mapping[int, Turn]) -> Iterator[Clash]:
    """Yield each statement with the sentence that rejects it by referring to it, and with what that side says then."""
    place = {(item.article.id, item.sentence.n): item for item in evidence}
    for item in evidence:
        refers = _rejection(item, _REJECTS) or _IN_QUOTES.match(item.sentence.text)
        found = refers or _rejection(item, _DENIES)
        who = _denier(item, found.group()) if found else frozenset[str]()
        near = [o for step in range(1, REACH + 1) if (o := place.get((item.article.id, item.sentence.n - step)))]
        if found is None or not near or not (who or (not refers and _PRONOUN.match(item.sentence.text))):
            continue
        stated = _stated(who, near, spoken) if refers else _accusation(item, who, near)
        if stated is None or unclear(stated) or _rejects(stated) or not _ENDS.search(stated.sentence.text):
            continue
        yield between(Kind.DENIAL, Side("", stated), Side(found.group().lstrip('“"'), item))
        after = place.get((item.article.id, item.sentence.n + 1))
        rest = words(item.sentence.text[found.end() :])
        if who and after is not None and len(rest) < TELLS and _goes_on(item, after, who, stated):
            yield between(Kind.REPLY, Side("", stated), Side("", after))


def _stated(who: frozenset[str], near: Sequence[Evidence], spoken: Mapping[int, Turn]) -> Evidence | None:
    """Return the statement that the sentences before a rejection end with: of a turn in one paragraph its first.

    What a paragraph adds to a statement on nobody's word is passed over.
    """
    for other, earlier in zip(near, [*near[1:], None], strict=True):
        turn = spoken.get(other.number)
        if turn is None:
            if earlier is None or not same_paragraph(earlier, other):
                return None
            continue
        lead = turn.lead if same_paragraph(turn.lead, other) else None if silent(other) else other
        return None if who & turn.speakers or (lead and _shortened(who, lead)) else lead
    return None


def _shortened(who: frozenset[str], lead: Evidence) -> bool:
    """Tell whether those who reject are named in full in what they would reject: the BSA and the Boy Scouts."""
    text = lead.sentence.text
    return any(word in name_keys(text) and not re.search(rf"\b{word}\b", text, re.IGNORECASE) for word in who)


def _accusation(item: Evidence, who: frozenset[str], near: Sequence[Evidence]) -> Evidence | None:
    """Return the nearest sentence that accuses those who deny: it names them, or stands before their denial."""
    for other in near:
        text = outside_quotations(other.sentence.text)
        named = bool(who & frozenset(map(stem, words(text))))
        before = item.sentence.n - other.sentence.n == 1 and (not who or same_paragraph(other, item))
        if _ACCUSES.search(text) and (named or before) and not who & voices(other):
            return other
    return None


def _rejects(item: Evidence) -> bool:
    return bool(_rejection(item, _REJECTS) or _rejection(item, _DENIES))


def _rejection(item: Evidence, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """Return the words with which a sentence rejects what was said before it."""
    text = outside_quotations(item.sentence.text)
    match = None if is_correction(item) or _HEADS.match(text) or text.endswith("?") else pattern.search(text)
    return None if match is None or _NEVER.search(text, 0, match.start()) else match


def _denier(item: Evidence, rejects: str) -> frozenset[str]:
    """Return the stems of the words that name who rejects; nothing where it is nobody named, or somebody who rules."""
    if rejects[0] in '“"':
        return frozenset(map(stem, speakers(item))) - PLAIN
    name = denier(item.sentence.text, rejects)
    return frozenset() if _RULES.search(name) else frozenset(map(stem, words(name))) - PLAIN


def _goes_on(item: Evidence, after: Evidence, who: frozenset[str], stated: Evidence) -> bool:
    """Tell whether the sentence after one that rejects a statement is what its side says next."""
    text = after.sentence.text
    if _rejects(after) or _ACCUSES.search(text):
        return False
    named = frozenset(map(stem, words(party(text)))) - PLAIN
    same = named & who or (named and named <= _BODY and not named & voices(stated))
    quoted = silent(after) and (same_paragraph(item, after) or text.startswith(("“", '"')))
    return bool(_THEIR_OWN.match(text)) or quoted or bool(same and _SAYS.search(outside_quotations(text)))
