"""Sections of a story to the concerns of a careful editor; strictly, to sections without them.

A concern is about the wording that would be printed. An outlet that corrects itself says "we", and has to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.claims import Claim, Reason, Withheld
from rag.digest import Digest, digest
from rag.fairness import Concern
from rag.matters import alone
from rag.neutrality import Wording, concerns
from rag.reading import NOTHING, Reading
from rag.verification import check

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from rag.answers import Section
    from rag.claims import Conflict
    from rag.clash import Clash
    from rag.proposals import Statement
    from rag.sources import Evidence
    from rag.stories import Group
    from rag.twins import Twins
    from rag.wire import Kind

ROUNDS = 4
"""How often a digest is made anew without what was not plain. One more is enough as a rule: it knows of every sentence
that is not plain alone; two sentences that are not plain only together take another."""
OWN = {"self"}
"""Rules that an outlet's correction of itself may break."""


def wordings(text: str, kind: Kind) -> tuple[Wording, ...]:
    """Return what an editor would question in a statement of a section."""
    return tuple(each for each in concerns(text) if not (kind == "corrections" and each.rule in OWN))


_QUOTED = re.compile(r"(?<!\w)'(?=\w)(?:[^']|(?<=\w)'(?=\w))+'(?!\w)")
"""What a headline quotes, in its one kind of marks: "'This is not my time'"."""


def of_sections(sections: Sequence[Section], headline: str = "") -> tuple[Concern, ...]:
    """Return the concerns of a story's wording in reading order, those of its headline first."""
    quoted = [match.span() for match in _QUOTED.finditer(headline)]
    found = [
        Concern(each.rule, each.words, each.why, headline)
        for each in concerns(headline)
        if not any(start < each.start < end for start, end in quoted)
    ]
    for section in sections:
        for claim in section.claims:
            questioned = wordings(claim.text, section.kind)
            found += [Concern(each.rule, each.words, each.why, claim.text) for each in questioned]
    return tuple(dict.fromkeys(found))


def of_conflicts(conflicts: Iterable[Conflict], told: Collection[str]) -> tuple[Concern, ...]:
    """Return the concerns of what conflicts quote besides the sentences, by id, that claims have ``told``."""
    found: list[Concern] = []
    for conflict in conflicts:
        for side in conflict.positions:
            sentence = side.citation.sentence
            if side.parts is None and sentence.id not in told:
                questioned = wordings(sentence.text, "corrections" if conflict.kind == "correction" else "said")
                found += [Concern(each.rule, each.words, each.why, sentence.text) for each in questioned]
    return tuple(dict.fromkeys(found))


def plain(claims: Iterable[Claim], kind: Kind) -> tuple[list[Claim], list[Withheld]]:
    """Part ``claims`` into those that an editor would print as they are and those withheld for their wording."""
    kept: list[Claim] = []
    withheld: list[Withheld] = []
    for claim in claims:
        found = wordings(claim.text, kind)
        if found:
            withheld.append(Withheld(claim.text, Reason.WORDING, _detail(found), claim.citations))
        else:
            kept.append(claim)
    return kept, withheld


def both_sides(claims: Sequence[Claim], found: Iterable[Clash]) -> tuple[list[Claim], list[Withheld]]:
    """Part disputed ``claims`` into those that are printed with their other side, and those that would stand alone."""
    lone = alone([{citation.sentence.text for citation in claim.citations} for claim in claims], found)
    detail = "what the other side says was withheld, so that this would stand alone"
    withheld = [
        Withheld(claims[place].text, Reason.ONE_SIDED, detail, claims[place].citations) for place in sorted(lone)
    ]
    return [claim for place, claim in enumerate(claims) if place not in lone], withheld


def plain_digest(
    story: Group,
    evidence: Sequence[Evidence],
    *,
    words: int,
    topic: str | None,
    reading: Reading = NOTHING,
    twins: Twins | None = None,
) -> tuple[Digest, list[Withheld]]:
    """Return what ``rag.digest`` returns, of plain statements alone, and those that were withheld on the way.

    The next best statement takes the place of each, so that a section does not lose its length; of a dispute both sides
    go or none.
    """
    withheld: list[Withheld] = []
    without: frozenset[int] = frozenset()
    found = digest(story, evidence, words=words, topic=topic, reading=reading, twins=twins)
    for _ in range(ROUNDS):
        loaded: list[tuple[Kind, Statement]] = [
            (kind, statement)
            for kind, statements in found.sections.items()
            for statement in statements
            if wordings(statement.text, kind)
        ]
        if not loaded:
            break
        for kind, statement in loaded:
            result = check(statement, evidence)
            withheld += [result] if isinstance(result, Withheld) else plain([result], kind)[1]
        without |= _banned([statement for _, statement in loaded], evidence, first=not without)
        found = digest(story, evidence, words=words, topic=topic, without=without, reading=reading, twins=twins)
    kept: dict[Kind, tuple[Statement, ...]] = {}
    texts = {item.number: item.sentence.text for item in evidence}
    for kind, statements in found.sections.items():
        fit = [statement for statement in statements if not wordings(statement.text, kind)]
        cited = [{texts[number] for number in statement.numbers} for statement in fit]
        lone = alone(cited, found.clashes) if kind == "disputed" else frozenset[int]()
        if both := tuple(statement for place, statement in enumerate(fit) if place not in lone):
            kept[kind] = both
    return Digest(kept, found.clashes, found.unprinted), withheld


def _banned(loaded: Sequence[Statement], evidence: Sequence[Evidence], *, first: bool) -> frozenset[int]:
    """Return the numbers that must not be chosen: of sentences that are not plain alone, or all of a statement.

    Corrections may say "we", so sentences with nothing worse are left to them.
    """
    rough = {item.number for item in evidence if any(each.rule not in OWN for each in concerns(item.sentence.text))}
    cited = [set(statement.numbers) for statement in loaded]
    worse = [numbers & rough or numbers for numbers in cited]
    return frozenset((rough if first else set[int]()).union(*worse))


def _detail(found: Sequence[Wording]) -> str:
    return f"{' '.join(f'“{each.words}”: {each.why}.' for each in found)} It is to be said plainly."
