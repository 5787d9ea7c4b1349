"""Desk and the clashes found on it to what each section of a briefing may print, best or soonest first.

A dispute is a list of its sides, which are printed together.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rag.attribution import speeches
from rag.clash import Clash, Kind
from rag.corrections import BARE, corrections
from rag.desk import RETOLD
from rag.discrepancies import recalls
from rag.matters import WORDS, matters
from rag.standing import is_fact, is_said
from rag.timeline import announcements, happened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.desk import Desk
    from rag.selection import Unit
    from rag.sources import Evidence

FIGURES = 1.3
"""What two figures for one thing are worth more than a claim and its denial."""
OPEN = (Kind.DISPUTE, Kind.SPEAKER, Kind.ACTOR)
"""Clashes of which neither side was overtaken or taken back, besides a statement and its denial."""
PARAGRAPH = 60
"""Words of a correction that are printed: with what was wrong, what is right."""
SINGLE = "single source"
"""Note of a statement that one root of several carries."""


def facts(desk: Desk) -> list[Unit]:
    """Return what happened; what only one of several roots has is marked so."""
    found: list[Unit] = []
    for item in desk.coverage.news:
        opening = desk.opens(item) or desk.newest(item)
        stale = item.number == desk.replaced or desk.over(item) or desk.succession.between(item)
        stale = stale or (item.number in desk.succession.superseded and recalls(item))
        told = opening or (is_fact(item) and not stale and not desk.coverage.aside(item))
        unit = desk.standing(item) if told else None
        if unit is not None:
            alone = desk.coverage.several and not opening and not unit.also and not desk.coverage.backed(item)
            unit.note = "; ".join(filter(None, (SINGLE if alone else "", desk.succession.as_of(item))))
            unit.day = happened(item)
            unit.opens = opening
            unit.score *= 2.0 if opening else RETOLD if desk.retells(item) else 1.0 if alone else 1.2
            found.append(unit)
    return found


def said(desk: Desk) -> list[Unit]:
    """Return who says what: at most as much of one speaker or outlet as of the next."""
    told = (item for item in desk.coverage.news if is_said(item) and not desk.coverage.aside(item))
    units = [desk.standing(item) for item in told if not desk.over(item)]
    ranked = sorted((unit for unit in units if unit is not None), key=lambda unit: -unit.score)
    for unit in ranked:
        unit.day = happened(unit.lead)
        unit.note = desk.succession.as_of(unit.lead)
        unit.score *= RETOLD if desk.retells(unit.lead) else 1.0
    outlets: Counter[str] = Counter()
    heard: list[frozenset[str]] = []
    for unit in ranked:
        speaker, outlet = _speaker(unit), unit.lead.article.outlet or unit.lead.article.id
        unit.score /= 1 + 2 * sum(bool(speaker & other) for other in heard) + outlets[outlet]
        heard.append(speaker)
        outlets[outlet] += 1
    return ranked


def disputed(desk: Desk, found: Sequence[Clash]) -> list[list[Unit]]:
    """Return both sides of each dispute, side by side, and after a figure what is said against it.

    Of a statement that several deny, the denial that is worth most is printed; the ledger has the others.
    """
    entries: list[list[Unit]] = []
    for matter in matters([clash for clash in found if clash.kind in OPEN or clash.kind in WORDS]):
        pairs = [(clash, pair) for clash in matter.clashes if (pair := _pair(desk, clash))]
        counted = [pair for clash, pair in pairs if clash.kind not in WORDS]
        against = [pair for clash, pair in pairs if clash.kind in WORDS]
        if counted:
            entries += [_with_denials(pair, against) for pair in counted]
        elif against:
            entries.append(_rejoined(max(against, key=_worth), against))
    return sorted(entries, key=lambda entry: -_worth(entry))


def _pair(desk: Desk, clash: Clash) -> list[Unit]:
    """Return both sides as they can be printed; nothing if one cannot stand, or was taken back.

    Where the second cannot do without the first, they are one: "Her spokesman said" needs whom it is about.
    """
    one, two = (desk.coverage.original(side.evidence) for side in (clash.first, clash.second))
    if {one.number, two.number} & desk.coverage.withdrawn:
        return []  # no dispute any more
    answer = desk.standing(two, one)
    stated = desk.standing(one, answered=clash.kind in WORDS)
    pair = [side for side in (stated, answer) if side is not None]
    for side in pair:
        side.note = _note(clash)
        side.score *= FIGURES if clash.kind is Kind.DISPUTE else 1.0
    if len(pair) == 2 and _holds(pair[1], pair[0]):  # noqa: PLR2004 - both sides
        pair[1].score += pair[0].score
        return pair[1:]
    return pair if len(pair) == 2 else []  # noqa: PLR2004 - both sides


def _holds(whole: Unit, part: Unit) -> bool:
    """Tell whether one unit tells all of another, in whichever copy of the report."""
    return {item.sentence.text for item in part.run} <= {item.sentence.text for item in whole.run}


def _with_denials(pair: Sequence[Unit], against: Iterable[Sequence[Unit]]) -> list[Unit]:
    """Return two figures, each followed by what is said against it."""
    entry: list[Unit] = []
    for side in pair:
        said = [
            both for both in against if any(unit.lead.number == side.lead.number or _holds(unit, side) for unit in both)
        ]
        answer = said[0][-1] if said else side
        entry += [answer] if _holds(answer, side) else [side, answer]
    return entry


def _rejoined(told: list[Unit], against: Iterable[Sequence[Unit]]) -> list[Unit]:
    """Return a statement and its answer, and behind them what is said against the answer in its turn."""
    answer = told[-1]
    numbers = {item.number for item in answer.run}
    last = next((p[-1] for p in against if p[-1] is not answer and len(p) > 1 and p[0].lead.number in numbers), None)
    if last is None or last.lead.number in {item.number for unit in told for item in unit.run}:
        return told
    return [*told[:-1], last] if _holds(last, answer) else [*told, last]


def _worth(entry: Sequence[Unit]) -> float:
    return sum(sorted((unit.score for unit in entry), reverse=True)[:2])


def contested(desk: Desk, found: Iterable[Clash]) -> frozenset[int]:
    """Return the numbers of the sentences that are only told with what is said against them, or what that denies.

    Who did it is most of what such a sentence tells, so it is never told as fact beside the other account.
    """
    apart = (*WORDS, Kind.ACTOR)
    sides = (side for clash in found if clash.kind in apart for side in (clash.first, clash.second))
    return frozenset(desk.coverage.original(side.evidence).number for side in sides)


def announced(desk: Desk) -> list[Unit]:
    """Return what is to come after the latest report, soonest first."""
    found: list[Unit] = []
    for announcement in announcements(item for item in desk.coverage.news if "opinion" not in item.article.labels):
        day = announcement.day
        unit = desk.standing(announcement.evidence)
        overtaken = desk.over(announcement.evidence) or (day is None and desk.older(announcement.evidence))
        if unit is None or overtaken or desk.coverage.aside(announcement.evidence):
            continue
        when = f"for {day.day} {day:%B %Y}" if day else ""
        changed = desk.succession.changed(unit.lead)
        unit.note = "; ".join(filter(None, (when, changed))) or desk.succession.as_of(unit.lead)
        unit.day = day
        unit.score *= 1.5 if day else 1.0
        found.append(unit)
    return found


def corrected(desk: Desk) -> list[Unit]:
    """Return what outlets took back, each with what is right: the rest of its paragraph, or what follows."""
    found: list[Unit] = []
    seen: set[int] = set()
    for item in corrections(desk.evidence):
        if item.number in seen:
            continue
        run = [item]
        while (after := desk.coverage.after(run[-1])) and _length((*run, after)) <= PARAGRAPH:
            run.append(after)
        following = desk.coverage.following(run[-1])
        if following is not None and len(run[-1].sentence.text.split()) <= BARE:
            run.append(following)  # "This was incorrect."
        seen |= {one.number for one in run}
        found.append(desk.unit(tuple(run), item))
    return found


def _length(run: Iterable[Evidence]) -> int:
    return sum(len(item.sentence.text.split()) for item in run)


def _speaker(unit: Unit) -> frozenset[str]:
    """Return the words that name who speaks; none where nobody is named."""
    for item in (unit.lead, *unit.run):
        for speech in speeches(item.sentence.text):
            if speech.words:
                return speech.names or speech.words
    return frozenset()


def _note(clash: Clash) -> str:
    return "; ".join(filter(None, (_why(clash), clash.by and f"paired by {clash.by}")))


def _why(clash: Clash) -> str:
    if clash.kind is Kind.SPEAKER:
        return "disputed: two outlets name different speakers"
    if clash.kind is Kind.ACTOR:
        return f"disputed who did it: {clash.first.quoted} or {clash.second.quoted}"
    if clash.kind is Kind.DENIAL:
        return "disputed: stated and denied"
    if clash.kind is Kind.REPLY:
        return "disputed: stated and answered"
    return f"disputed: {clash.first.quoted} or {clash.second.quoted}"
