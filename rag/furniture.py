"""Sentence to whether it is news: it tells something, to nobody in particular.

Bylines, adverts, questions, instructions and asides to the reader are the furniture of a page, whoever wrote them and
whatever they ask for.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations
from rag.facts import numbers

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
    r"bring|choose|state|report|claim|pay|conclude|describe|list|cite|assume|imagine|suppose|picture)(?!\s+(?:of|in|for|"
    r"to|from|is|was|has|had|were|are|said|\w+ed)\b))\s+[a-z“\"]",
    re.IGNORECASE,
)
_TAINTS = re.compile(
    r"https?://|<!--|-->|ignore (?:all |any )?(?:the )?(?:previous|prior|above)|language model|\bai (?:readers?|"
    r"assistants?|models?)\b|^(?:system|user|assistant)\s*:|helpful assistant",
    re.IGNORECASE | re.MULTILINE,
)
_FURNITURE = re.compile(
    r"www\.|\S@\S+\.\w|</?\w+|^(?:photo|image|video|caption|source|reporting|editing)(?: by\b|\s*:)|"
    r"^additional reporting|"
    r"^based on a report|contributed to this (?:report|article)|work of fiction|all rights reserved|©|our newsletter|"
    r"newsletters?\b.*\bsign up|sign up (?:for|to|here|now)|subscribe (?:to|now|today)|cookies? policy|privacy policy|"
    r"terms of (?:use|service)|read more|click here|just watched|must watch|ad feedback|"
    r"live (?:updates|blog|coverage)\b.*\bhere\b|"
    r"^editor[’']s note\b(?!.*\b(?:earlier|previous|updated|misstated|misspelled|(?:in)?correct\w*|wrong\w*)\b)|"
    r"^here(?: is| are|[’']s) (?:what|how|why|where|who|when|some|a (?:look|list|guide)|everything|the latest)\b|"
    r"\bplease (?:read|see|visit|check|refresh)\b|^for (?:more|the latest|live|full) (?:\w+ )?(?:news|updates?|"
    r"information|coverage|details)\b|this paragraph|your answer",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:By|BY) (?:[A-Z][\w.’'-]*,? ?(?:and )?){1,8}")
_CUT_OFF = re.compile(r"(?:\.\.\.|…)\s*$")
"""The end of what a feed gave a part of: "after Pelosi announced..."."""
_ENDED = re.compile(r"[.!?…:;,][”\"’')\]]*$|[”\"]$")
_READER = re.compile(r"\b(?:you|your|yours|yourself)\b", re.IGNORECASE)


def is_news(text: str, paragraph: str = "") -> bool:
    """Tell whether a sentence can be a statement of news: it tells something, to nobody in particular.

    A paragraph that holds an address, markup or an instruction to a machine is not news, whichever sentence of it.
    """
    bare = outside_quotations(text)
    if _FURNITURE.search(text) or _BYLINE.fullmatch(text) or _tainted(text) or _tainted(paragraph):
        return False
    if text.rstrip(" ”\"’'").endswith("?") or _CUT_OFF.search(text) or _IMPERATIVE.match(bare) or _READER.search(bare):
        return False
    return len(_WORD.findall(text)) >= SHORTEST or bool(numbers(text))


@lru_cache(maxsize=256)
def _tainted(text: str) -> bool:
    """Tell whether a text holds an address, markup or an order; a paragraph is asked for each of its sentences."""
    return _TAINTS.search(text) is not None


def newsworthy(item: Evidence) -> bool:
    """Tell whether a sentence is news where it stands, in its paragraph.

    A line without a full stop is a caption, a heading or an item of a list where others of the article have one.
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
    return is_news(sentence.text, text[first : last if last >= 0 else None])


@lru_cache(maxsize=1024)
def _ends(text: str) -> bool:
    """Tell whether at least half of the lines of ``text`` that could be sentences end like one."""
    lines = [line.strip() for line in text.split("\n") if len(line.split()) >= SHORTEST]
    return 2 * sum(bool(_ENDED.search(line)) for line in lines) >= max(1, len(lines))
