"""Sentences to the times of day that they give one act otherwise.

    "The fire began at 5.40 a.m." | "The blaze broke out at 6.15 a.m., police said"

Both must tell the same act of the same thing on a day that can be one. "Shortly after", "around" and a round hour leave
minutes open, and times that can meet do not clash. Of what is to come, the later report's time replaces the earlier.
Within one report, two voices side by side clash where the second says against what it stands: "the first call came at".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from rag.acts import Act, acts, one_thing, ordinals
from rag.attribution import dateline, outside_quotations
from rag.clash import Clash, Kind, Side, between
from rag.clock import Time, clock
from rag.corrections import corrects, is_correction
from rag.passages import published_before, root, same_paragraph, speakers, told_at
from rag.timeline import one_day
from rag.verbs import SPEECH
from rag.vocabulary import telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.sources import Evidence

APART = 5
"""Minutes between two stated times up to which two clocks differ, and not two reports."""
_SUDDEN = frozenset("blast quake crash attack shot strike accide collap derail".split())
"""Of these, beginning and happening are one."""
_PARTS = re.compile(
    r"[;:,—–()“”]|\b(?:and|but|when|while|because|although|which|who|that|if|as|until|since|before|after)\b"
)
_VERBAL = re.compile(
    r"\b(?!(?:build|even|morn|meet|warn|dur|hear|wedd|cross|open|light)n?ing\b)\w{2,}(?:ing|ed)\b|\bto \w+$"
)
_SAYS = re.compile(rf"\b(?:{'|'.join(sorted(SPEECH))})\b", re.IGNORECASE)
_OPENS = re.compile(r"^\W*(?:(?:But|And|Then|Later|On|Early|Late|Shortly|Some time|\w+day)\W+){0,3}$", re.IGNORECASE)
_MOVED = re.compile(
    r"\b(?:revised|later (?:said|put|gave)|now (?:say|says|put|puts|set|due)|moved|brought forward|delayed|postponed|"
    r"pushed back|put back|rescheduled|instead of|rather than)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:the first (?:\w+ )?(?:call|word|warning|report|notice)|not (?:before|until)|no (?:earlier|later) than)\b",
    re.IGNORECASE,
)
"""What tells a time against the one before it."""


@dataclass(frozen=True, slots=True)
class _Timed:
    """An act and the time that its sentence gives it."""

    time: Time
    act: Act
    evidence: Evidence


def hours(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """Yield the pairs of sentences that give one act two times."""
    yield from _beside(evidence)
    wrong = _retracted(evidence)
    by_act: dict[str, list[_Timed]] = {}
    for item in evidence:
        for timed in _timed(item):
            by_act.setdefault("begin" if timed.act.kind == "happen" else timed.act.kind, []).append(timed)
    for members in by_act.values():
        for one, two in combinations(sorted(members, key=lambda timed: told_at(timed.evidence)), 2):
            if _one_act(one, two) and _differ(one.time, two.time):
                first, second = (two, one) if _wrong(two, wrong) and not _wrong(one, wrong) else (one, two)
                kind = Kind.CORRECTION if _wrong(first, wrong) else _kind(first, second, members)
                if kind is not None:
                    yield _clash(kind, first, second)


def _beside(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """Two times of two voices, of which the second is told against the first."""
    for one, two in pairwise(evidence):
        if one.article.id != two.article.id or not _AGAINST.search(outside_quotations(two.sentence.text)):
            continue
        first, second = (clock(outside_quotations(item.sentence.text)) for item in (one, two))
        apart = same_paragraph(one, two) and speakers(one) and speakers(two) and not speakers(one) & speakers(two)
        if apart and len(first) == len(second) == 1 and _differ(first[0], second[0]):
            about = telling(one.sentence.text) & telling(two.sentence.text)
            yield between(Kind.DISPUTE, Side(first[0].text, one), Side(second[0].text, two), sorted(about))


@lru_cache(maxsize=4096)
def _timed(item: Evidence) -> tuple[_Timed, ...]:
    """Return the acts of a sentence that it gives a time, where it is plain which act has which time."""
    text = item.sentence.text
    if not any(mark.isdigit() for mark in text) and not re.search(
        r"noon|midday|midnight|o[’']clock|\b(?:past|to) ", text
    ):
        return ()
    bare = outside_quotations(text)
    first = max(dateline(text), bare.find(";") + 1 if corrects(text) else 0)  # what stands before it was wrong
    times = [time for time in clock(bare) if time.start >= first]
    if len(times) != 1:
        return ()
    act = _act_at(bare, times[0], acts(text, first))
    if act is None:
        return ()
    return (_Timed(times[0], act, item),)


def _act_at(text: str, time: Time, told: Sequence[Act]) -> Act | None:
    """Return the act that a time is of: the last before it in its clause; of a time that opens a sentence the next."""
    start, end = time.span
    before = [act for act in told if act.end <= start]
    if before:
        gap = text[before[-1].end : start]
        return None if _PARTS.search(gap) or _VERBAL.search(gap) or _SAYS.search(gap) else before[-1]
    after = [act for act in told if act.start >= end]
    if not after or not _OPENS.match(text[:start]):
        return None
    return after[0] if len(_PARTS.findall(text[end : after[0].start])) <= 1 else None


def _one_act(one: _Timed, two: _Timed) -> bool:
    """Tell whether two sentences tell one act: done by the same, to the same, and on a day that can be one."""
    a, b = one.act, two.act
    if (
        one.evidence.article.id == two.evidence.article.id
        or a.ahead != b.ahead
        or not one_day(one.evidence, two.evidence)
    ):
        return False
    pairs = [(p, q) for p, q in ((a.doer, b.doer), (a.thing, b.thing)) if p and q]
    if not pairs or not all(one_thing(p, q) for p, q in pairs):
        return False
    if a.kind != b.kind and not any(p.head in _SUDDEN for p, _ in pairs):
        return False
    if ordinals(_text(one)) != ordinals(_text(two)):
        return False
    shared = a.around & b.around
    if a.around and b.around and not shared:
        return False
    return bool(shared) or any(p.definite or q.definite for p, q in pairs)


def _differ(one: Time, two: Time) -> bool:
    return bool(one.apart(two)) and abs(one.minute - two.minute) >= APART


def _kind(first: _Timed, second: _Timed, members: Sequence[_Timed]) -> Kind | None:
    """Return what two times for one act are; None where one is only a copy of an older version."""
    a, b = first.evidence, second.evidence
    newer = published_before(a, b)
    if root(a) == root(b):
        again = any(
            other.time.minute == second.time.minute
            and root(other.evidence) == root(a)
            and not published_before(a, other.evidence)
            for other in members
        )
        return Kind.UPDATE if newer and not again else None
    said = speakers(a) and speakers(a) == speakers(b)
    outlet = a.article.outlet is not None and a.article.outlet == b.article.outlet
    moved = first.act.ahead or _MOVED.search(b.sentence.text)
    return Kind.UPDATE if newer and (said or outlet or moved) else Kind.DISPUTE


def _retracted(evidence: Sequence[Evidence]) -> frozenset[tuple[str, int]]:
    """Return outlet and minute of each time that a correction says an earlier version had."""
    found: set[tuple[str, int]] = set()
    for item in evidence:
        if corrects(item.sentence.text):
            said = item.sentence.text.split(";")[0]
            found |= {(item.article.outlet or "", time.minute) for time in clock(said)}
    return frozenset(found)


def _wrong(timed: _Timed, wrong: frozenset[tuple[str, int]]) -> bool:
    own = (timed.evidence.article.outlet or "", timed.time.minute) in wrong
    return own and not is_correction(timed.evidence) and not corrects(_text(timed))


def _clash(kind: Kind, first: _Timed, second: _Timed) -> Clash:
    a, b = first.act, second.act
    about = sorted({p.head for p in (a.doer, a.thing, b.doer, b.thing) if p} | (a.around & b.around))
    key = frozenset((a.kind, *(f"{timed.time.minute // 60}:{timed.time.minute % 60:02}" for timed in (first, second))))
    return Clash(kind, about=(*about,), key=key, first=_side(first), second=_side(second))


def _side(timed: _Timed) -> Side:
    return Side(timed.time.text, timed.evidence)


def _text(timed: _Timed) -> str:
    return timed.evidence.sentence.text
