"""Story and its sentences to a briefing as data, without a model.

    Group + Evidence -> desk (what stands alone, and what it is worth) -> sections -> selection of Statements

Every statement is one or a few neighbouring sentences of one article, word for word. What is chosen is what most
independent reports are about; nothing is chosen for whom it addresses: questions, instructions, adverts and asides to
the reader are not news, whoever wrote them and whatever they ask for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from rag import sections
from rag.brevity import choose
from rag.clash import Clash
from rag.conflicts import clashes
from rag.desk import Desk
from rag.discrepancies import unsure
from rag.facts import amounts
from rag.figures import BODIES, figures
from rag.fullnames import full_names
from rag.pairing import joined
from rag.passages import independent, speakers
from rag.reading import NOTHING, Reading
from rag.selection import Account, Unit, besides
from rag.sources import Evidence
from rag.stories import Group
from rag.unprinted import unprinted
from rag.vocabulary import stem, telling

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rag.proposals import Statement
    from rag.twins import Twins
    from rag.wire import Kind, Unsaid

ORDER: tuple[Kind, ...] = (
    "facts", "agreed", "timeline", "single_source", "said", "disputed", "corrections", "announced", "left_out"
)  # fmt: skip
"""Sections in reading order."""
DISPUTED, EXCLUDED = 0.5, 0.25
"""What stands besides the account, as shares of its length: both sides of disputes, and what was left out for length.
So a page is at most 1.75 times as long as its account."""
NEXT = 10
"""Statements that were nearly chosen, of which those are shown as left out that fit."""
ECHO = 0.5
"""Share of the words of what is shown as left out, by rarity, that no single printed statement may have. With
``selection.REPEATED`` a third of it told again what the account tells, by those who read 36 real pages."""
ROUNDS = 4
"""How often an account is chosen anew without what repeats it; at the last what is left stays."""
BARE = 12
"""Words up to which a statement may tell nothing but the number of the dead or hurt."""
_COUNTED = telling(
    "dead died death dying killed killing lives toll hurt injured wounded missing person persons victims put puts "
    "stood stands rose risen reached brings brought total count confirmed"
)
DAYS = 3
"""Days on which something happened from which what happened is told day by day."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What a briefing tells of one story."""

    sections: Mapping[Kind, tuple[Statement, ...]]
    """In reading order; those without a statement are not there."""
    clashes: tuple[Clash, ...]
    """All that its sentences do not agree on, disputes first, and what later ones changed."""
    unprinted: Mapping[int, Unsaid]
    """By number each sentence of the story that is in no section, and why."""


def digest(  # noqa: PLR0913 - each has a default that fits
    story: Group,
    evidence: Sequence[Evidence],
    *,
    words: int = 250,
    topic: str | None = None,
    without: frozenset[int] = frozenset(),
    reading: Reading = NOTHING,
    twins: Twins | None = None,
) -> Digest:
    """Return what to tell of ``story``: an account of about ``words`` words, and besides it what is disputed.

    ``evidence`` are all sentences of its articles (those of other articles are passed over), with their roots; scores,
    where there are any, say how relevant each is to ``topic``. The same input gives the same output. Sentences whose
    numbers are in ``without`` are not printed, and what is next best takes their place. ``reading`` is what a
    chat model found in the story, ``twins`` tells what repeats the account in other words.
    """
    desk = Desk(_of(story, evidence), topic, words, reading.wanted)
    found = joined(clashes(desk.evidence), reading.paired)
    desk.supersede(found)
    pools = _pools(desk, found, without)
    rarity = desk.coverage.rarity
    pairs = [pair for pair in sections.disputed(desk, found) if _allowed(pair, without)]
    disputed = _disputed(desk, pairs, words)
    beside = [unit for unit in disputed if not desk.opens(unit.lead)]
    account, again = _account(desk, pools, words, beside, twins)
    account = _opened(account, desk)
    told = [*disputed, *(unit for units in account.values() for unit in units)]
    chosen = {**_led(_parted(account, pools["announced"]), desk), "disputed": disputed}
    printed = {item.number for unit in told for item in unit.run}
    rest = sorted((unit for pool in pools.values() for unit in pool), key=lambda unit: -unit.score * unit.novelty)
    fresh = (u for u in rest if not any(item.number in printed for item in u.run) and u.lead.number not in again)
    unsaid = _new([*islice(fresh, NEXT)], told, twins)
    chosen["left_out"] = _flat(besides([[unit] for unit in unsaid], EXCLUDED * words, rarity, told, least=ECHO))
    shown = [*told, *chosen["left_out"]]
    others = unprinted(desk, rest, shown, sections.contested(desk, found), without, again)
    _introduce([unit for kind in ORDER for unit in chosen.get(kind, ())], desk)
    return Digest({k: tuple(unit.statement() for unit in chosen[k]) for k in ORDER if chosen.get(k)}, found, others)


def _introduce(told: Sequence[Unit], desk: Desk) -> None:
    """Note beside a unit who they are whom it names by surname alone, and nobody on the page before it."""
    for unit, found in zip(told, full_names([unit.run for unit in told], desk.headlines), strict=True):
        who = (f"{name} is {full}" for name, full in found.items())
        unit.note = "; ".join(filter(None, (unit.note, *who)))


def _account(
    desk: Desk, pools: Mapping[Kind, list[Unit]], words: int, beside: Sequence[Unit], twins: Twins | None
) -> tuple[dict[Kind, list[Unit]], frozenset[int]]:
    """Return what to print of each section, and the leads of what repeats that in other words."""
    account = _filled(desk, pools, words, beside)
    again: frozenset[int] = frozenset()
    for _ in range(ROUNDS):
        told = [unit for kind, units in account.items() if kind != "corrections" for unit in units]
        repeated = _repeated(told, desk, twins)
        if not repeated:
            break
        again |= {unit.lead.number for unit in repeated}
        pools = {kind: [unit for unit in pool if unit not in repeated] for kind, pool in pools.items()}
        account = _filled(desk, pools, words, beside)
    return account, again


def _filled(desk: Desk, pools: Mapping[Kind, list[Unit]], words: int, beside: Sequence[Unit]) -> dict[Kind, list[Unit]]:
    """Return what to print of each section, as if nothing had been chosen before."""
    for unit in _flat(pools.values()):
        unit.overlap = 0.0
    if desk.long:
        return Account(pools, words, desk.coverage.rarity, beside).fill(shared=("corrections",))
    return choose(pools, words, desk.coverage, beside)


def _repeated(told: Sequence[Unit], desk: Desk, twins: Twins | None) -> list[Unit]:
    """Return those of ``told`` that another tells in other words, and tolls that others tell; what is told first stays.

    What another outlet tells as well is not of a single source.
    """
    found: list[Unit] = []
    first = next((u for u in told if desk.newest(u.lead)), None) or next((u for u in told if desk.opens(u.lead)), None)
    for one, two in twins.pairs([unit.text for unit in told]) if twins else ():
        kept, repeat = told[one], told[two]
        if repeat is first and amounts(kept.text) <= amounts(repeat.text):
            kept, repeat = repeat, kept
        if kept not in found and repeat not in found and repeat is not first:
            found.append(repeat)
            if independent(kept.lead, repeat.lead):
                kept.note = "; ".join(part for part in kept.note.split("; ") if part != sections.SINGLE)
    for unit in told:
        if unit is not first and unit not in found:
            found += [unit] if _bare(unit, [one for one in told if one is not unit and one not in found]) else []
    return found


def _bare(unit: Unit, others: Sequence[Unit]) -> bool:
    """Tell whether a unit says how many are dead, hurt or missing, and nothing that ``others`` who say so do not."""
    tolls = _tolls(unit)
    telling_it = [one for one in others if _tolls(one) & tolls]
    if not tolls or len(unit.text.split()) > BARE or not tolls <= {toll for one in telling_it for toll in _tolls(one)}:
        return False
    said = frozenset(stem(word) for item in unit.run for word in speakers(item))
    return telling(unit.text) <= said.union(_COUNTED, *(telling(one.text) for one in telling_it))


def _tolls(unit: Unit) -> set[tuple[str, str]]:
    """Return how many dead, hurt or missing a unit tells of as a fact."""
    return {(f.unit, f.value) for item in unit.run for f in figures(item) if f.unit in BODIES and not unsure(f)}


def _new(units: Sequence[Unit], told: Sequence[Unit], twins: Twins | None) -> list[Unit]:
    """Return ``units`` without what one of ``told`` tells in other words."""
    texts = [unit.text for unit in (*told, *units)]
    repeats = {two for pair in (twins.pairs(texts) if twins else ()) for two in pair if min(pair) < len(told)}
    return [unit for place, unit in enumerate(units, start=len(told)) if place not in repeats]


def _parted(account: Mapping[Kind, list[Unit]], announced: Sequence[Unit]) -> dict[Kind, list[Unit]]:
    """Part what is told: by several roots, by one of several, on which day, and what is announced for a day."""
    parted: dict[Kind, list[Unit]] = {**account, "facts": []}
    to_come = {unit.lead.number: unit for unit in announced if unit.day}
    days = {unit.day for unit in account["facts"] if unit.day}
    for unit in account["facts"]:
        kind: Kind = "facts"
        planned = to_come.get(unit.lead.number) if parted["facts"] else None
        if planned is not None:
            kind = "announced"
            unit.note, unit.day = planned.note, planned.day
        elif parted["facts"] and unit.day and len(days) >= DAYS:
            kind = "timeline"
        elif parted["facts"] and unit.also:
            kind = "agreed"
        elif parted["facts"] and sections.SINGLE in unit.note:
            kind = "single_source"
        parted.setdefault(kind, []).append(unit)
    parted.get("timeline", []).sort(key=lambda unit: str(unit.day))
    parted.get("announced", []).sort(key=lambda unit: unit.day or date.max)
    return parted


def _opened(account: Mapping[Kind, list[Unit]], desk: Desk) -> dict[Kind, list[Unit]]:
    """Put the story's opening first; where it is not printed, what sums the story up, whoever says it."""
    facts = account["facts"]
    first = max(facts, key=lambda unit: (desk.opens(unit.lead), desk.sums_up(unit)), default=None)
    if first is not None and not desk.opens(first.lead):
        first = max((first, *account["said"]), key=desk.sums_up)
    opened: dict[Kind, list[Unit]] = {
        kind: [unit for unit in units if unit is not first] for kind, units in account.items()
    }
    opened["facts"][:0] = [first] if first is not None else []
    return opened


def _led(parted: dict[Kind, list[Unit]], desk: Desk) -> dict[Kind, list[Unit]]:
    """Put before the story's opening what is new, or replaced a figure of it; any other newest toll behind it."""
    successor = next((desk.succession.successor(unit.lead) for unit in parted["facts"] if desk.opens(unit.lead)), None)
    newer = next(
        (one for units in parted.values() for unit in units for one in unit.run if desk.newest(one)), successor
    )
    for kind in ("agreed", "timeline", "single_source", "said", "facts"):
        for unit in parted.get(kind, ()):
            if newer in unit.run:
                parted[kind].remove(unit)
                parted["facts"].insert(0, unit)
                return parted
    for kind in ("agreed", "timeline", "single_source", "said"):
        for unit in parted.get(kind, ()):
            if any(map(desk.succession.toll, unit.run)):
                parted[kind].remove(unit)
                parted["facts"].insert(1, unit)
                return parted
    return parted


def _flat(entries: Iterable[Sequence[Unit]]) -> list[Unit]:
    return [unit for units in entries for unit in units]


def _pools(desk: Desk, found: Sequence[Clash], without: frozenset[int]) -> dict[Kind, list[Unit]]:
    """Return what each section of the account is chosen from: nothing that is told with its answer only."""
    answered = sections.contested(desk, found)
    pools: dict[Kind, list[Unit]] = {
        "facts": sections.facts(desk),
        "announced": sections.announced(desk),
        "corrections": sections.corrected(desk),
        "said": sections.said(desk),
    }
    return {
        kind: [
            unit
            for unit in pool
            if _allowed([unit], without) and (kind == "corrections" or _told(unit, answered, desk))
        ]
        for kind, pool in pools.items()
    }


def _disputed(desk: Desk, pairs: Sequence[list[Unit]], words: int) -> list[Unit]:
    """Return the disputes that fit; one that the story opens with comes first, as its one side is told anyway."""
    opening = [pair for pair in pairs if any(desk.opens(unit.lead) for unit in pair) and _length(pair) <= words][:1]
    others = [pair for pair in pairs if not any(pair is one for one in opening)]
    room = DISPUTED * words - _length(_flat(opening))
    return _flat([*opening, *besides(others, room, desk.coverage.rarity, _flat(opening))])


def _length(units: Iterable[Unit]) -> int:
    return sum(unit.words for unit in units)


def _told(unit: Unit, answered: frozenset[int], desk: Desk) -> bool:
    """Tell whether a unit may be told alone: no part of it is answered, or the story opens with it."""
    return desk.opens(unit.lead) or not any(item.number in answered for item in unit.run)


def _allowed(units: Sequence[Unit], without: frozenset[int]) -> bool:
    return not any(item.number in without for unit in units for item in unit.run)


def _of(story: Group, evidence: Sequence[Evidence]) -> list[Evidence]:
    mine = {article.id for article in story.articles}
    return [item for item in evidence if item.article.id in mine]
