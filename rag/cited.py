"""A statement's sources: the sentences it cites, what their articles say of themselves, and the words they share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.attribution import dateline
from rag.sources import Article, Evidence

COMMON = frozenset(
    "a about above according after again all also although among an and another any around as at authorities based "
    "because before both but by campaigners city companies company critics crews despite due during each earlier early "
    "eight either eleven emergency even every everyone few five following for four from further government he her his "
    "how however i if in initially inside instead into investigators it its it's later leaders like local many meanwhile "
    "members ministers more most near negotiators neither new nine no nobody none nor not nothing now of officials on "
    "once one only opponents or other others our out over part passengers people police police's prosecutors protesters "
    "reports rescuers researchers residents rising same scientists separately seven several she since six so some "
    "still such supporters talks ten than that the their them then there these they this those though three through "
    "throughout thus to today together tomorrow two twelve twenty under union unions unlike until up upon voters we "
    "what when where whether which while who whose why with within without witnesses workers yesterday yet you".split()
)
_STOP = COMMON | frozenset(
    "is are was were be been being has have had do does did will would can could may might said".split()
)
PLAIN = frozenset(
    word[:6]
    for word in (
        "happen happened happens reason reasons cause date dates day time year number amount sum price cost figure exact "
        "exactly person people place location details detail information answer whether identity name explain list "
        "describe give mean means meant kind sort type way long"
    ).split()
)
"""Words of questions that say nothing of what is asked about, cut to six letters."""
NEGATIONS = re.compile(r"\b(?:not|no|never|none|neither|nor|without|cannot|nobody|nothing)\b|n[’']t\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)?", re.UNICODE)
_MARKS = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " ", "–": "-", "—": "-", "…": "..."})


@dataclass(frozen=True, slots=True)
class Cited:
    """The sentences that a statement cites, and what their articles say about themselves."""

    evidence: tuple[Evidence, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The sentences."""
        return tuple(item.sentence.text for item in self.evidence)

    @property
    def joined(self) -> str:
        """The sentences, those of one article in its order, so that a quotation over two of them is whole."""
        ordered = sorted(self.evidence, key=lambda item: (item.article.id, item.sentence.start))
        return " ".join(item.sentence.text for item in ordered)

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles, each once."""
        return tuple({item.article.id: item.article for item in self.evidence}.values())

    @property
    def about(self) -> str:
        """Headline, outlet and byline of the articles: what a statement may name besides the sentences."""
        parts = (part for a in self.articles for part in (a.headline, a.outlet, a.credit, a.byline) if part)
        return ". ".join(parts)


def verbatim(statement: str, cited: Cited) -> bool:
    """Tell whether the statement is whole cited sentences word for word, but for their outlets in brackets at its end.

    A sentence is whole without its dateline, too. A fragment does not count: "the bridge was unsafe" is in "the mayor denied that the bridge was unsafe".
    """
    body = plain(statement)
    tail = re.search(r"\s*\(([^()]*)\)$", body)
    outlets = {plain(article.credit) for article in cited.articles if article.credit}
    if tail and set(tail.group(1).split("; ")) <= outlets:
        body = body[: tail.start()]
    ordered = sorted(cited.evidence, key=lambda item: (item.article.id, item.sentence.start))
    whole = [plain(item.sentence.text) for item in ordered]
    bare = [plain(item.sentence.text[dateline(item.sentence.text) :]) for item in ordered]
    return any(
        body == " ".join(texts[first:last])
        for texts in ((whole,) if whole == bare else (whole, bare))
        for first in range(len(texts))
        for last in range(first + 1, len(texts) + 1)
    )


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return text with straight marks and single spaces, to compare letter by letter."""
    return " ".join(text.translate(_MARKS).split())


@lru_cache(maxsize=8192)
def content(text: str) -> tuple[str, ...]:
    """Return the content words in lower case, cut to six letters: enough to fold English endings together."""
    return tuple(w[:6] for w in (m.group().lower() for m in _WORD.finditer(text)) if w not in _STOP and len(w) > 1)


def coverage(statement: str, source: str) -> float:
    """Return the share of the statement's content words that are in ``source``."""
    wanted = content(statement)
    have = set(content(source))
    return sum(word in have for word in wanted) / len(wanted) if wanted else 1.0
