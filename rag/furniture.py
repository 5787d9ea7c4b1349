"""Sentence to whether it is news: it tells something, to nobody in particular.

Bylines, adverts, questions, instructions and asides to the reader are the furniture of a page, whoever wrote them and
whatever they ask for.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations
from rag.facts import days, numbers

if TYPE_CHECKING:
    from rag.sources import Evidence

SHORTEST = 4
"""Words below which a sentence without a figure says nothing alone: "That was wrong."."""
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*", re.UNICODE)
_IMPERATIVE = re.compile(
    r"^(?:(?:please|first|second|third|fourth|fifth|then|now|also|next|finally|just|never|always|so)[,:]?\s+)?"
    r"(?:do not|don[’']t|(?:assume|imagine|suppose|picture),|(?:reply|respond|answer) to|"
    r"(?:reply|tell|say|visit|click|ignore|include|mention|send|write|"
    r"read|watch|listen|subscribe|sign up|follow|download|share|join|call|contact|check|change|use|take|keep|ask|make|"
    r"go|get|see|look|remember|note|consider|avoid|try|stop|start|find|learn|give|put|let|be|enter|open|print|output|respond|"
    r"answer|repeat|summari[sz]e|translate|forget|pretend|act|disregard|execute|run|register|buy|donate|help|stay|wait|"
    r"bring|explore|discover|browse|turn to|tune|scroll|swipe|tap|choose|state|report|claim|pay|conclude|describe|list|"
    r"cite|assume|imagine|suppose|picture)(?!\s+(?:of|in|for|"
    r"to|from|is|was|has|had|were|are|said|\w+ed)\b))\s+[a-z“\"]",
    re.IGNORECASE,
)
_TAINTS = re.compile(
    r"https?://|<!--|-->|ignore (?:all |any )?(?:the )?(?:previous|prior|above)|language model|\bai (?:readers?|"
    r"assistants?|models?)\b|^(?:system|user|assistant)\s*:|helpful assistant",
    re.IGNORECASE | re.MULTILINE,
)
_CORRECTS = (
    r"earlier|previous|updated(?! (?:to (?:add|include)|with)\b)|misstated|misspelled|(?:in)?correct\w*|wrong\w*"
)
_NO_CORRECTION = rf"(?!.*\b(?:{_CORRECTS})\b)"
"""Behind a note of the editors that puts nothing right."""
_FURNITURE = re.compile(
    r"www\.|\S@\S+\.\w|\w\.(?:com|org|gov|net)/\w|^(?:original (?:story|post)|(?:hot|pro) tip)\s*:|^an image of\b|"
    r"^[A-Z][\w.’'-]+ [A-Z][\w.’'-]+ (?:covers|writes about|is an? [^,.]*(?:reporter|editor|journalist) (?:at|for)) |"
    r"</?\w+|^(?:photos?|images?|videos?|captions?|sources?|reporting|editing|read|watch|more|"
    r"related|contributing)(?: by\b|\s*:)|"
    r"^additional reporting|^(?:coming (?:up|soon|tomorrow)|up next|the latest|elsewhere|also today|"
    r"happening (?:now|today)\b[^:]*)\s*:|^thank(?:s| you)\b(?! to\b)|\(photo by\b|"
    r"^[A-Z][\w.’' -]{3,40} reported from\b|\b(?:did not|didn[’']t) (?:immediately )?(?:respond|reply) to "
    r"(?:an? |[\w’']+ )?(?:\w+ )?requests? for comment\b|"
    r"^based on a report|contributed (?:to )?(?:this|the|to)? ?(?:report(?:ing)?|article|story)\b|"
    r"\b(?:this|the) (?:story|article) (?:(?:was )?(?:first|originally) (?:appeared|published|ran)|contains)\b|"
    r"^ai-(?:assisted|generated)\b|^[^“”\",]{1,60} explained\.?$|^the following (?:contains|story|article)\b|"
    r"getty images\b|\w/(?:afp|ap|reuters|epa|shutterstock)\b|\bhide caption\b|"
    r"\bin this (?:photo|image|picture)\b|/usa today network\b|\bvia (?:ap|reuters|getty|afp)\b|"
    r"\(from left\)|\bfrom left,|"
    r", (?:center |far )?(?:left|right|cent(?:er|re)),(?! (?:and|or|left|right|cent(?:er|re))\b)|"
    r"work of fiction|all rights reserved|©|our newsletter|"
    r"newsletters?\b.*\bsign up|sign up (?:for|to|here|now)|subscribe (?:to|now|today)|cookies? policy|privacy policy|"
    r"terms of (?:use|service)|read more|click here|just watched|must watch|ad feedback|"
    r"live (?:updates|blog|coverage)\b.*\bhere\b|"
    rf"^editor[’']s note\b{_NO_CORRECTION}|"
    r"^here(?: is| are|[’']s)\b|^(?:ok|okay|well|oh|hey|alas|yes|no|sure|of course)[,:]|"
    r"\bplease (?:read|see|visit|check|refresh)\b|^for (?:more|the latest|live|full) (?:\w+ )?"
    r"(?:news|updates?|information|coverage|details)\b|this paragraph|your answer",
    re.IGNORECASE,
)
PROMOTES = re.compile(
    r"\b(?:series|show|program(?:me)?|episode|film|special|documentary|podcast) (?:airs?|premieres?|streams?|"
    r"returns?)\b|^airs\b|^(?:tune in|up next)\b|^(?:get|shop|buy) (?:the|an?|this|these|your) [^.]*[$€£]\d",
    re.IGNORECASE,
)
"""What advertises a broadcast or goods, and tells no news."""
_SUMMARY = re.compile(r"^ai-(?:assisted|generated) summary\b", re.IGNORECASE | re.MULTILINE)
"""What opens a paragraph that a machine wrote, and those after it."""
SUMMARY = 3
"""Paragraphs of such a summary."""
_ASIDE = re.compile(
    rf"^(?:editor[’']s note|programming note)\b{_NO_CORRECTION}",
    re.IGNORECASE,
)
"""What opens a paragraph that is no news, whichever sentence of it."""
_BYLINE = re.compile(r"(?:By|BY) (?:[A-Z][\w.’'-]*,? ?(?:and )?){1,8}")
_CUT_OFF = re.compile(r"(?:\.\.\.|…)\s*$")
"""The end of what a feed gave a part of: "after Pelosi announced..."."""
_LISTED = re.compile(
    r"^(?:\d{1,2}[.)]|[a-z]\))\s|^[a-z]{2,}\s|^[\w.’' -]{2,40}:[A-Z“]|:$|"
    r"^(?i:happy \w+day|good (?:morning|afternoon|evening))\b|"
    r"^[^,.:=]{1,45}[:=] ?[$€£]?\d[\d,.]*(?: [a-z]+)?(?: \([^)]*\))?\.?$"
)
"""An item of a list, what leads over to one, a link to another article, or an end without its beginning: "12 rolls:
$3.56", "Why it matters:How it began", "now has 40 ferries"."""
_SHOWS = re.compile(  # what a caption tells as going on, of a day that is past
    r"\b(?:attends?|poses?|speaks?|stands?|sits?|walks?|arrives?|looks?|waves?|carr(?:y|ies)|holds?|receives?|reacts?|"
    r"celebrates?|gathers?|performs?|hugs?|embraces?|watch(?:es)?|waits?|rides?|mourns?|kiss(?:es)?|smiles?|cheers?|fl(?:y|ies)|"
    r"lies?|listens?|greets?|sets? up|lines? up|march(?:es)? (?:along|in|through|with)|"
    r"search(?:es)? (?:for|the|through)|takes? part|queues?|evacuates?|digs?|prays?|chants?|inspects?|"
    r"flees?|enters?|delivers?|wades?|helps? (?:in|an?|the|to|with)|returns? (?:from|to)|prepares? (?:to|for)|"
    r"(?:is|are) (?:seen|shown|pictured))\b"
)
_PAST = re.compile(  # before it: somebody tells it, or it is of a day to come
    r"\b(?:was|were|had|has|have|will|would|sa(?:id|ys)|d(?:id|o|oes)|may|might|c(?:ould|an)|must|should|announced|told|"
    r"(?:is|are) (?:expected|due|scheduled|set))\b"
)
_FINITE = re.compile(
    r"\b(?:[a-z]{2,}ed|[a-z]{2,}(?<![su])s|am|is|are|was|were|has|have|had|do|did|will|would|can|could|may|might|must|"
    r"shall|should|need|ought|"
    r"ate|beat|became|befell|began|bent|bled|blew|bore|bought|bound|bred|broke|brought|built|burst|came|caught|chose|clung|cost|"
    r"crept|cut|dealt|died|drank|drew|drove|dug|fell|felt|fled|flew|forbade|forgot|fought|found|froze|gave|got|grew|heard|"
    r"held|hid|hit|hung|hurt|kept|knew|laid|lay|led|left|lent|let|lit|lost|made|meant|met|overcame|oversaw|paid|put|quit|"
    r"ran|rang|read|rode|rose|said|sang|sank|sat|saw|sent|set|shone|shook|shot|shut|slept|slid|sold|sought|spent|split|"
    r"spoke|sprang|spread|stole|stood|struck|stuck|swam|swept|swore|taught|threw|thought|told|took|tore|understood|"
    r"undertook|upheld|went|withdrew|woke|won|wore|wound|wrote|"
    r"account|agree|allow|appear|argue|begin|believe|call|carry|claim|come|continue|cover|depend|expect|face|fear|feel|"
    r"find|get|give|go|help|hold|hope|include|involve|keep|know|lead|leave|live|look|lose|make|mean|offer|oppose|owe|own|"
    r"pay|plan|range|receive|recommend|rely|remain|represent|require|run|say|see|seem|share|show|stand|suggest|support|"
    r"take|tend|think|undergo|use|vary|want|win|work)\b|[a-z]n[’']t\b|[’'](?:ll|re|ve|d|m)\b|"
    r"\b(?:[Ii]t|[Hh]e|[Ss]he|[Tt]hat|[Tt]here|[Ww]hat|[Ww]ho|[Hh]ere)[’']s\b"
)
"""What may be a finite verb; a line without one is a caption, a heading or a name: "July 13: Buck moon". Of 6,546 real
sentences that passed otherwise 365 have none; of 58 of those with a full stop six were sentences all the same."""
ADDED = timedelta(days=1)
"""Time after its date in which an article gets pictures."""
_ON = re.compile(r"\bon (?:\w+day,? )?$")
_WHERE = re.compile(r"(?:,? (?:in|at|near|outside) [A-Z][\w .,’'-]{2,40})?\.?$")
_ENDED = re.compile(r"[.!?…:;,][”\"’')\]]*$|[”\"]$")
_READER = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)


def is_news(text: str, paragraph: str = "") -> bool:
    """Tell whether a sentence can be a statement of news: it tells something, to nobody in particular.

    A paragraph that holds an address, markup or an instruction to a machine is not news, whichever sentence of it.
    """
    bare = outside_quotations(text)
    if _FURNITURE.search(text) or _LISTED.search(text) or _BYLINE.fullmatch(text) or not _FINITE.search(text):
        return False
    if _tainted(text) or _tainted(paragraph) or PROMOTES.search(bare) or _ASIDE.match(paragraph):
        return False
    if text.rstrip(" ”\"’'").endswith("?") or _CUT_OFF.search(text) or _IMPERATIVE.match(bare) or _READER.search(bare):
        return False
    return len(_WORD.findall(text)) >= SHORTEST or bool(numbers(text))


def is_furniture(item: Evidence) -> bool:
    """Tell whether a sentence is a caption, a byline or a link: what stands around a report, and answers nobody."""
    text = item.sentence.text
    return _FURNITURE.search(text) is not None or _BYLINE.fullmatch(text) is not None or _captions(item)


@lru_cache(maxsize=256)
def _tainted(text: str) -> bool:
    """Tell whether a text holds an address, markup or an order; a paragraph is asked for each of its sentences."""
    return _TAINTS.search(text) is not None


def newsworthy(item: Evidence) -> bool:
    """Tell whether a sentence is news where it stands, in its paragraph.

    A line without a full stop is a caption, a heading or an item of a list where most of the article has them.
    """
    text, sentence = item.article.text, item.sentence
    first = text.rfind("\n", 0, sentence.start) + 1
    last = text.find("\n", sentence.end)
    if (
        not _ENDED.search(sentence.text)
        and not text[sentence.end : last if last >= 0 else None].strip()
        and _ends(text)
    ):
        return False
    if first < _summarized(text) or _captions(item):
        return False
    return is_news(sentence.text, text[first : last if last >= 0 else None])


def _captions(item: Evidence) -> bool:
    """Tell whether a sentence tells in the present what a day shows that was over: "A boy waits on June 22."."""
    text, published = item.sentence.text, item.article.published
    shows = _SHOWS.search(text)
    if published is None or shows is None or _PAST.search(text, 0, shows.start()):
        return False
    until = (published + ADDED).date()
    told = days(text)
    if not told or not _ON.search(text, 0, told[-1].start):
        return False
    day = told[-1]
    over = (day.year or until.year, day.month, day.day) <= (until.year, until.month, until.day)
    return over and _WHERE.match(text, day.start + len(day.text)) is not None


@lru_cache(maxsize=1024)
def _summarized(text: str) -> int:
    """Return where the summary ends that a machine wrote above a report; 0 where there is none."""
    opening = _SUMMARY.search(text)
    if opening is None:
        return 0
    ends = [match.end() for match in re.finditer(r"\n\s*\n?", text[opening.start() :])][:SUMMARY]
    return opening.start() + ends[-1] if len(ends) == SUMMARY else 0


@lru_cache(maxsize=1024)
def _ends(text: str) -> bool:
    """Tell whether half of ``text``, by lines or by length, ends like a sentence, lines of a few words apart."""
    lines = [line.strip() for line in text.split("\n") if len(line.split()) >= SHORTEST]
    ended = [line for line in lines if _ENDED.search(line)]
    return bool(ended) and (2 * len(ended) >= len(lines) or 2 * len("".join(ended)) >= len("".join(lines)))
