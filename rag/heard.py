"""Sentences of a story to whose they are: how many of each outlet and speaker are cited, and how many there are.

A speaker is counted under one name: "Mayor Corwin Hask", "Hask" and "the mayor" are one where only one name of the
story has these words; "she said" is whoever spoke last in that article. Where a name could be two, or a sentence names
nobody, it is nobody's share. Copies count as the report that they descend from; opinion, corrections and what is no
news are not counted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from rag.attribution import judgements, speeches
from rag.clash import Kind
from rag.fairness import Share
from rag.furniture import newsworthy
from rag.parties import called, named
from rag.passages import root

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from rag.clash import Clash
    from rag.sources import Evidence

SIDES = {Kind.DISPUTE, Kind.DENIAL, Kind.REPLY}
"""Clashes in which one stands against another."""
BACK = 3
"""Sentences after which "she said" is no longer read as whoever spoke last."""
_PRONOUNS = frozenset("he she it they".split())
_FOR = frozenset("officials official spokesman spokeswoman spokesperson".split())
"""Who speaks for a body: "Ost officials" are Ost."""
_DOCUMENT = re.compile(
    r"(?:the|a|an|its|his|her|their|this|that) (?:[a-z]+ )?(?:statement|letter|release|document|filing|page|post|tweet|"
    r"message|email|memo|article|story|book|poster|sign|website)",
    re.IGNORECASE,
)
"""What nobody is heard by: it is somebody's."""


def shares(cited: AbstractSet[str], evidence: Sequence[Evidence], clashes: Iterable[Clash]) -> tuple[Share, ...]:
    """Return the share of each outlet, then of each speaker, in the sentences of a story whose ids are ``cited``."""
    return (*_outlets(cited, evidence), *_speakers(cited, evidence, clashes))


def _outlets(cited: AbstractSet[str], evidence: Sequence[Evidence]) -> list[Share]:
    owner = {item.article.id: item.article.outlet for item in evidence}
    there = Counter(outlet for item in evidence if _counts(item) and (outlet := item.article.outlet))
    printed = Counter(
        owner.get(root(item)) or item.article.outlet
        for item in evidence
        if item.sentence.id in cited and not _aside(item)
    )
    drawn, whole = sum(printed[outlet] for outlet in there), there.total()
    return [Share("outlet", outlet, printed[outlet], drawn, there[outlet], whole) for outlet in sorted(there)]


def _speakers(cited: AbstractSet[str], evidence: Sequence[Evidence], clashes: Iterable[Clash]) -> list[Share]:
    spoken = _voices(evidence)
    there = Counter(name for item in evidence if _counts(item) for name in spoken[item.number])
    printed: dict[str, set[str]] = defaultdict(set)
    for item in evidence:
        if item.sentence.id in cited and not _aside(item):
            for name in spoken[item.number] & there.keys():
                printed[name].add(item.sentence.text)  # a sentence and its copy are told once
    drawn = len({text for texts in printed.values() for text in texts})
    whole = sum(1 for item in evidence if _counts(item) and spoken[item.number])
    against = _against(clashes, spoken)
    return [
        Share("speaker", name, len(printed[name]), drawn, there[name], whole, tuple(sorted(against[name])))
        for name in sorted(there, key=lambda name: (-there[name], name))
    ]


def _aside(item: Evidence) -> bool:
    return bool({"opinion", "correction"} & {*item.article.labels})


def _counts(item: Evidence) -> bool:
    return root(item) == item.article.id and not _aside(item) and newsworthy(item)


def _against(clashes: Iterable[Clash], spoken: Mapping[int, frozenset[str]]) -> dict[str, set[str]]:
    """Return for each speaker those who say otherwise; who says both, or takes it back, stands against nobody."""
    found: dict[str, set[str]] = defaultdict(set)
    for clash in clashes:
        if clash.kind in SIDES:
            one, two = (spoken.get(side.evidence.number, frozenset()) for side in (clash.first, clash.second))
            for name in one - two:
                for other in two - one:
                    found[name].add(other)
                    found[other].add(name)
    return found


def _voices(evidence: Sequence[Evidence]) -> dict[int, frozenset[str]]:
    """Return for each sentence, by number, who speaks in it, each under one name throughout the story."""
    read = {item.number: _named(item) for item in evidence}
    one_name = _merged(Counter(name for names in read.values() for name in names if name))
    found: dict[int, frozenset[str]] = {}
    article, last, since = "", "", 0
    for item in evidence:
        if item.article.id != article:
            article, last = item.article.id, ""
        names = [one_name[name] if name else last for name in read[item.number]]
        told = [name for name in names if name]
        last, since = (told[-1], 0) if told else (last, since + 1)
        if since >= BACK:
            last = ""
        found[item.number] = frozenset(told)
    return found


def _named(item: Evidence) -> list[str]:
    """Return the names of those who speak in a sentence; empty for a pronoun."""
    text = item.sentence.text
    found = speeches(text) or judgements(text)
    names = [name for speech in found if (name := named(speech, text)) and not _DOCUMENT.fullmatch(name)]
    if not names and any(speech.speaker.lower() in _PRONOUNS for speech in found):
        return [""]
    return names


def _merged(names: Mapping[str, int]) -> dict[str, str]:
    """Return for each name the one under which its bearer is counted: a fuller one, where only one fits."""
    words = {name: called(name) - _FOR or called(name) for name in names}
    fuller: dict[str, str] = {}
    for name, mine in words.items():
        larger = {other: theirs for other, theirs in words.items() if mine and mine < theirs}
        heads = [other for other, theirs in larger.items() if not any(theirs < more for more in larger.values())]
        same = {words[other] for other in heads}
        if len(same) == 1:
            fuller[name] = heads[0]
    bearer = {name: _end(name, fuller) for name in names}
    alike: dict[frozenset[str], list[str]] = defaultdict(list)
    for name in names:
        alike[words[bearer[name]]].append(name)
    shown = {key: max(group, key=lambda name: (_capitals(name), -len(name), name)) for key, group in alike.items()}
    return {name: shown[words[bearer[name]]] for name in names}


def _end(name: str, fuller: Mapping[str, str]) -> str:
    while name in fuller:
        name = fuller[name]
    return name


def _capitals(name: str) -> int:
    """Return how many words of a name are written large, its first word aside."""
    return sum(word[:1].isupper() for word in name.split()[1:])
