"""Sentence to what it can stand as: what happened, what somebody says, or neither; and whether it can stand alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.attribution import dateline, outside_quotations, quotations, speeches
from rag.corrections import is_correction
from rag.facts import names
from rag.passages import silent
from rag.vocabulary import CALENDAR, NUMBER_WORD, stem, words

if TYPE_CHECKING:
    from rag.sources import Evidence

_LEANS = re.compile(
    r"^[“\"‘]?(?:he|she|they|it|this(?! (?:week|month|year|morning|afternoon|evening|spring|summer|autumn|fall|winter|"
    r"season)\b)|that|these|those|his|her|him|their|its|but|and|so|instead|however|both|neither|such|another|"
    r"others?(?! than\b)|either way|one of (?:them|its)|then|nor|or|none|\w+ of (?:them|those)|as a result|in response|"
    r"at the same time|in that|"
    r"(?:now|still|yet|meanwhile),? (?:that|this|these|those)|"
    r"(?:sometimes|often|today|once|again),? (?:they|it|he|she)|afterwards?(?=,)|"
    r"by (?:the )?(?:afternoon|evening|morning|night|noon|then|midday|nightfall)\b|"
    r"(?:shortly|soon|not long) (?:after(?:ward)?s?|thereafter)(?=,)|"
    r"(?:\w+ ){0,2}(?:moments?|minutes?|hours?|days?|weeks?|months?|years?) (?:later|after(?:ward)?s?)(?=,)|"
    r"(?:on|in|at|by|since|after|before|during|as of|earlier|later|last|until|today|now)\b[^,]{0,40}, (?:they|it(?! (?:"
    r"(?:is|was|has been|will be|would be) (?:[a-z]+ed|known|said|\w+ clear|(?:un)?clear|(?:un)?likely|(?:im)?possible|"
    r"time|hard|difficult|important)|became|becomes|seems|seemed|appears|appeared|takes|took|remains)\b))|"
    rf"{NUMBER_WORD} (?:more |others? )?(?:was|were|is|are|has|have|had)|"
    r"the (?:two|three|four|pair|couple|duo|trio)(?= (?:[a-z]+ed|had|have|were|are|met|went|will|also|first)\b)|"
    r"all (?:have|had|are|were)|an? (?:year|month|week|day) (?:prior|earlier|later|before)|"
    r"the (?:\w+ )?ones?|the (?:most|least) \w+ (?:was|were|is|are)|"
    r"the (?:last|latest|first|second|third|other) (?:was|is)|"
    r"(?:\w+ )+like (?:this|these|those)|"
    r"(?:if|when|once|although|while|though|unless|until) [a-z]+ed\b[^,]{0,60}, (?:he|she|they|it))\b",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\b(?:rejected|denied|dismissed|called) (?:the|that|this|these|those) (?:accusation|claim|allegation|remark|"
    r"criticism|charge|suggestion|report)s?\b"
    r"|\b(?:granted|refused|accepted|rejected|turned down) the (?:request|offer|proposal|demand|appeal|idea)[.,]"
    r"|\bput (?:the (?:number|figure)|it|them|that) at\b|\bcalled (?:that|this|it) [“\"]"
    r"|\b(?:for|of|have|had|needs?|about) one[.,]"
    r"|\bdenied (?:this|that|it)[.,]|\bthe remark\b|\b(?:no|any) such\b|\b(?:must|will|would|can|may) then\b"
    r"|\b(?:said|says|insisted|added)\b[^,;:]{0,20}? (?:that )?(?:(?:this|that)|the (?:claim|allegation|accusation)s?)"
    r" (?:was|were|is|are|had|has|did|would)\b"
    r"|^(?:The|That) (?:person|man|woman|boy|girl|child|couple|pair|duo|victim)s?"
    r"(?:, who| was| were| is| had| has| [a-z]+ed| said| told)\b"
    r"|^(?:Many|Some|Most|Several|Few|Others) (?:[a-z]+ed|are|were|have|had)\b"
    r"|\b(?:of|for|by|with|to|between|from) both[.,]"
    r"|^The (?:announcement|news|decision|visit|move|ruling|statement|report|trip) (?:comes|came)\b"
    r"|\bin attendance\b|\b(?:said|told) the (?:official|spokes\w+|source)\b|\banother \d"
    r"|^(?:\w+ ){1,4}\w+ (?:years|months|weeks|days) (?:later|earlier|before)\.$"
    r"|^The former [a-z]+ (?:[a-z]+ed|won|said|told|was|has|had|is)\b|\bthe affected\b|, for example\b"
    r"|^There (?:are|were) (?:at least |about )?[a-z]+ reasons?\b"
    r"|\b(?:confirm|dispute|discuss|explain|comment on|elaborate on) (?:the|these|those) "
    r"(?:numbers?|figures?|claims?|allegations?|details?|decision|matter)\b",
    re.IGNORECASE,
)
_THOSE = re.compile(
    r"\b(?:(?:these|those) (?:[a-z]+ )?(?P<things>[a-z]{3,})s|this (?!week|month|year|morning|afternoon|evening|spring|"
    r"summer|autumn|fall|winter|season|is\b|was\b)(?P<thing>[a-z]{4,}))\b(?! who| that)"
)
"""What is pointed at by name; "those" of a quotation are the speaker's."""
_UNNAMED = re.compile(
    r"^(?:But |And |Still, |Meanwhile, )?[Tt]he (?:film|movie|event|move|measure|bill|plan|proposal|deal|article|book|"
    r"letter|post|list|project|day|show|series|game|match|matchup|transactions?|amendment|request|song|album)(?:[’']s)?\b"
)
"""An opening that says only after another sentence which one is meant, where no name follows: "The move was praised".
"The company" is none: whoever stands against it would be told with less."""
_THING = re.compile(
    r"^(?:But |And |Still, |Meanwhile, )?[Tt]he (?:[a-z]+ )?(?P<noun>building|river|bridge|study|decision|ship|"
    r"vessel|boat|plane|train|park|venue|house|store|hotel|prison|school|plant|crowd|video|photo|memo|"
    r"(?:(?:two|three|four|five) )?(?:nations|countries|sides|teams|players|women|men|students|buildings))\b"
)
"""An opening that says only after another sentence which one is meant, unless the story is about it."""
_DEFINITE = re.compile(r"\bthe (?P<noun>[a-z]{3,})\b")
SHORT = 10
"""Words up to which a sentence tells too little of its own to explain what it takes as known."""
_PERSON = re.compile(r"\b(?:he|she|him|his|her)\b", re.IGNORECASE)
_THEM = re.compile(r"\b(?:them|theirs)\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\b(?!(?:was|has|is|his|this|its|does|says|as|us|thus|yes|always|perhaps|across)\b)[a-z]{2,}s\b|"
    r"\b(?:people|men|women|children|police|and)\b|\d(?![\d,]* of them\b)",
    re.IGNORECASE,
)
_WRITER = re.compile(r"\b(?:I|[Mm]e|[Mm]y|of mine|[Ww]e|us|[Oo]urs?)\b")
_OFFICIAL_LISTED = (
    "police officials official coastguard hospital court judge officer commissioner board ministry council authorities "
    "army department agency inspector inspectors prosecutors prosecutor regulator regulators manifest institute bureau "
    "service services brigade firefighters sheriff deputies medics doctors paramedics investigators courts judges jury "
    "jurors registrar registry tribunal inspectorate observatory survey centre center administration meteorologists "
    "forecasters rescuers surgeons clerk electoral commission organisers organizers"
)
OFFICIAL = frozenset(_OFFICIAL_LISTED.split())
"""Words for those on whose word a fact may stand."""
_UNSURE = re.compile(
    r"^if\b|\b(?:suggests?|appears?|seems?|reportedly|allegedly|alleged|believed?s?|apparently|thinks?)\b",
    re.IGNORECASE,
)

_UNDER_WAY = re.compile(r"[^,;:]{3,80}? (?:is|are|has been|have been|keeps?) (?:[a-z]+ly |now |still )?[a-z]+ing\b")
_INTRODUCES = re.compile(
    r"\b(?:went|goes|gone) further\.$|^attention (?:\w+ )?(?:turns|turned|turning)\b|"
    r"\b(?:is|was|remains?) (?:also |still |now )?(?:in question|an open question|unclear|a matter of dispute)\.$",
    re.IGNORECASE,
)
"""What only leads over to the next sentence."""


def is_fact(item: Evidence) -> bool:
    """Tell whether a sentence states what happened: on nobody's word or an official's, and as no opinion."""
    text = item.sentence.text
    if (
        "opinion" in item.article.labels
        or is_correction(item)
        or silent(item)
        or _WRITER.search(outside_quotations(text))
    ):
        return False
    if _UNSURE.search(text) or _INTRODUCES.search(text):
        return False
    spoken = [speech for speech in speeches(text) if not speech.aside]
    if not spoken:
        return True
    plain = not quotations(text) and not any(s.loaded for s in spoken)
    return plain and all(s.words & OFFICIAL for s in spoken)


def is_said(item: Evidence) -> bool:
    """Tell whether a sentence tells what somebody says, as no opinion and no correction."""
    return (
        "opinion" not in item.article.labels
        and not is_correction(item)
        and not is_fact(item)
        and (any(not speech.aside for speech in speeches(item.sentence.text)) or silent(item))
    )


def leans(text: str) -> bool:
    """Tell whether a sentence needs the one before it: it points back, or has a "she" before whom it means."""
    bare = outside_quotations(text)
    person, them = _PERSON.search(bare), _THEM.search(bare)
    if _UNNAMED.match(bare) and all(name.opens for name in names(bare)):
        return True
    if them is not None and not _SEVERAL.search(bare, 0, them.start()):
        return True
    if (
        points_back(text)
        or (text[0] == "(" and not dateline(text))
        or _REFERS.search(bare)
        or any(map(_unnamed, _THOSE.finditer(bare)))
    ):
        return True
    return person is not None and not _named(text, bare[: person.start()])


def _unnamed(pointed: re.Match[str]) -> bool:
    """Tell whether what is pointed at was not named before in its sentence: "those voters"."""
    before = pointed.string[: pointed.start()]
    if pointed["thing"] and any(not name.opens for name in names(before)):
        return False  # "Ireland voted on Friday, and this Catholic nation"
    return (pointed["things"] or pointed["thing"]).rstrip("s") not in before.lower()


def unspecified(text: str, headlines: str) -> bool:
    """Tell whether a sentence opens with a thing that nothing tells from others: no name, and no headline."""
    bare = outside_quotations(text)
    thing = _THING.match(bare)
    if thing is None or thing["noun"] in headlines.lower():
        return False
    return all(name.opens or name.key in CALENDAR for name in names(bare))


def closed(text: str) -> bool:
    """Tell whether each quotation that a text opens is closed in it."""
    return text.count("“") <= text.count("”") and not text.count('"') % 2


def recalls(text: str, before: str) -> bool:
    """Tell whether a short sentence takes for known what the one ``before`` it tells of: "agreed to the overtime"."""
    if len(text.split()) > SHORT:
        return False
    told = {stem(word) for word in words(before)}
    return any(stem(match["noun"]) in told for match in _DEFINITE.finditer(outside_quotations(text)))


def _named(text: str, before: str) -> bool:
    """Tell whether ``before`` has a name or says who speaks: "Ruiz said he" needs no more than "Ruiz-Hale said he"."""
    speaks = any(speech.words and before.startswith(speech.speaker) for speech in speeches(text) if speech.speaker)
    return speaks or any(not name.opens for name in names(before))


def under_way(text: str) -> bool:
    """Tell whether a sentence opens with what is going on as it is written: "The clock is ticking"."""
    return _UNDER_WAY.match(outside_quotations(text)) is not None


def points_back(text: str) -> bool:
    """Tell whether a sentence opens by pointing back: "But they ..."."""
    return bool(_LEANS.match(text))
