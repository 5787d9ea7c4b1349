"""The words that all renderings share: headings, dates, places, counts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rag.rendering.characters import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rag.wire import (
        AnswerWire,
        BriefingWire,
        CitationWire,
        ClaimWire,
        ConflictKind,
        ConflictWire,
        Kind,
        ProvenanceWire,
        Reason,
        Role,
        StoryWire,
        Unsaid,
        WithheldWire,
    )

DECLINED = "The articles in this archive do not answer this question."
OVERVIEW = "In brief"
NEAREST = "Nearest sentences (they do not answer it)"
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NAMED = "Sentences that the withheld statements name"
ARTICLES = "The articles"
MARKED = "As they were read. The sentences cited above are marked; each number leads back."
KINDS: dict[Kind, str] = {
    "facts": "What happened",
    "said": "Who says what",
    "agreed": "What several sources agree on",
    "disputed": "Disputed",
    "single_source": "Reported by one source only",
    "timeline": "Day by day",
    "announced": "Announced for later",
    "corrections": "Corrections",
    "left_out": "Left out for length",
}
REASONS: dict[Reason, str] = {
    "pointer": "cites a sentence that does not exist",
    "quote": "a quotation is not word for word in its source",
    "facts": "a number, date or name is not in its source",
    "attribution": "who said it was lost or changed",
    "negation": "a negation was lost or added",
    "unsupported": "the cited sentences do not support it",
    "contradicted": "the cited sentences contradict it",
    "unjudged": "it could not be checked",
    "wording": "it is not worded plainly",
    "one_sided": "what the other side says was withheld",
}
_AS_OF = "as of "
"""In the note of a claim that says of which day it is."""
_UNSAID: dict[Unsaid, str] = {
    "length": "for length",
    "repeated": "repeating what is printed",
    "copied": "copied from another report",
    "answered": "told with an answer only",
    "taken_back": "taken back",
    "dependent": "not clear alone",
    "aside": "no news",
    "withheld": "stopped by the checks",
    "unused": "unused by the model",
}
"""Why sentences are not printed, in plain words."""


def unprinted(story: StoryWire) -> str:
    """Return how many sentences of a story were read and are not printed, and why; empty if all are."""
    found = story.get("unprinted", {})
    parts = [f"{len(found[why])} {said}" for why, said in _UNSAID.items() if found.get(why)]
    return f"Read and not printed: {', '.join(parts)}" if parts else ""


def when(published: str | None) -> str:
    """Return an ISO date in words that nobody misreads: ``3 March 2026, 09:15 UTC``.

    Midnight UTC is what a date without a time is kept as, so it shows the date alone.
    """
    if not published:
        return "date unknown"
    try:
        moment = datetime.fromisoformat(published)
    except ValueError:
        return line(published)
    day = f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    if f"{moment:%H%M%S%z}" in {"000000", "000000+0000"}:
        return day
    zone = f"{moment:%z}"
    return f"{day}, {moment:%H:%M} UTC{f'{zone[:3]}:{zone[3:5]}' if zone.strip('+-0') else ''}"


def silence(topic: str | None) -> str:
    """Return what to say of a briefing without a story."""
    return "The articles within these limits tell no story about this." if topic else "There is nothing to report."


def outlet(citation: CitationWire) -> str:
    """Return the outlet, or say that it is unknown."""
    return line(citation["outlet"] or "") or "outlet unknown"


def place(citation: CitationWire) -> str:
    """Return where the sentence stands: article and characters."""
    return line(f"{citation['article']} · characters {citation['start']}-{citation['end']}")


def count(number: int, noun: str) -> str:
    """Return ``1 outlet``, ``2 outlets``, ``3 stories``."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def sources(story: StoryWire) -> str:
    """Return how many outlets told a story, how many reports they rest on, and their names."""
    names = sorted({line(name) for source in story["sources"] for name in source["outlets"]}, key=str.casefold)
    articles = sum(len(source["articles"]) for source in story["sources"])
    told = count(len(names), "outlet") if names else count(articles, "article")
    listed = f": {', '.join(names)}" if names else ""
    return f"{told}, {count(len(story['sources']), 'origin')}{listed}"


def scope(citations: Iterable[CitationWire], stories: int = 0) -> str:
    """Return what a document rests on: ``2 stories · 9 articles of 6 outlets · 3 March 2026 to 5 March 2026``."""
    cited = list(citations)
    articles = len({citation["article"] for citation in cited})
    outlets = len({name for citation in cited if (name := line(citation["outlet"] or ""))})
    days = [when(moment[:10]) for moment in sorted(c["published"] for c in cited if c["published"])]
    parts = [count(stories, "story")] if stories else []
    if articles:
        among = f" of {count(outlets, 'outlet')}" if outlets else ""
        parts.append(f"{count(articles, 'article')}{among}")
    if days:
        parts.append(days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}")
    return " · ".join(parts)


def trail(claims: Iterable[ClaimWire], provenance: ProvenanceWire) -> str:
    """Return in one line which checks every claim passed, and what wrote and judged them."""
    passed = [claim["checks"] for claim in claims]
    shared = [check for check in passed[0] if all(check in checks for checks in passed)] if passed else []
    parts = [f"Every claim was checked against its sources: {', '.join(shared)}"] if shared else []
    parts.append(f"written by {provenance['generator']}")
    if any(provenance["verifier"] in checks for checks in passed):
        parts.append(f"paraphrases judged by {provenance['verifier']}")
    if provenance["as_of"]:
        parts.append(f"as of {when(provenance['as_of'])}")
    sentence = line("; ".join(parts))
    return f"{sentence[:1].upper()}{sentence[1:]}."


def cited(items: Iterable[ClaimWire | WithheldWire]) -> list[str]:
    """Return the citation keys of claims in reading order, each once."""
    return list(dict.fromkeys(key for item in items for key in item["citations"]))


def claims(wire: BriefingWire) -> list[ClaimWire]:
    """Return the claims of a briefing in reading order."""
    told = (claim for story in wire["stories"] for section in story["sections"] for claim in section["claims"])
    return [*wire.get("overview", ()), *told]


def told(claim: ClaimWire, citations: Mapping[str, CitationWire]) -> str:
    """Return what stands behind a claim of a briefing: the outlets that print it, on which day, and its note.

    "Friday" is another day in each report. The day is left out where all reports are of one, and where the note has it.
    """
    cited = [citations[key] for key in claim["citations"] if key in citations]
    note = line(claim.get("note", ""))
    days = {citation["published"][:10] for citation in citations.values() if citation["published"]}
    dated = len(days) > 1 and _AS_OF not in note
    years = {day[:4] for day in days}
    names = (_source(citation, dated=dated, year=len(years) > 1) for citation in cited)
    return "; ".join(part for part in (*dict.fromkeys(names), note) if part)


def _source(citation: CitationWire, *, dated: bool, year: bool) -> str:
    name, published = line(citation["outlet"] or ""), citation["published"] if dated else None
    day = when(published[:10]) if published else ""
    return ", ".join(part for part in (name, day if year else day.rpartition(" ")[0]) if part)


def day(claim: ClaimWire) -> str:
    """Return the day of what a claim tells, in words."""
    return when(claim["day"]) if "day" in claim else ""


_ROLES: dict[ConflictKind, tuple[Role, Role]] = {
    "dispute": ("one", "other"),
    "speaker": ("one", "other"),
    "actor": ("one", "other"),
    "definition": ("one", "other"),
    "denial": ("stated", "denied"),
    "reply": ("stated", "answered"),
    "update": ("first", "later"),
    "correction": ("one", "other"),
}
"""Parts of the first side and of each other one, in documents that do not say them."""
_DISPUTED = frozenset({"dispute", "denial", "reply", "speaker", "actor"})
"""Conflicts that the claims of a story tell whole where they tell both sides."""


def roles(conflict: ConflictWire) -> list[Role]:
    """Return the part of each side."""
    first, other = _ROLES[conflict["kind"]]
    return [side.get("role", other if place else first) for place, side in enumerate(conflict["positions"])]


def conflicts(story: StoryWire, citations: Mapping[str, CitationWire]) -> list[ConflictWire]:
    """Return the conflicts of which what is printed as disputed does not tell all sides; changes are always listed."""
    shown = {
        citations[key]["text"]
        for section in story["sections"] if section["kind"] == "disputed"
        for claim in section["claims"]
        for key in claim["citations"] if key in citations
    }  # fmt: skip
    return [
        conflict
        for conflict in story.get("conflicts", ())
        if conflict["kind"] not in _DISPUTED or not _told(conflict, shown, citations)
    ]


def _told(conflict: ConflictWire, shown: set[str], citations: Mapping[str, CitationWire]) -> bool:
    """Tell whether every part of a conflict is among the sentences ``shown``, and every figure."""
    parts = roles(conflict)
    there = [citations[side["citation"]]["text"] in shown for side in conflict["positions"]]
    heard = {part for part, is_there in zip(parts, there, strict=True) if is_there}
    figures = all(is_there for part, is_there in zip(parts, there, strict=True) if part in {"one", "other"})
    return figures and heard == {*parts}


def keys(wire: BriefingWire) -> list[str]:
    """Return the citation keys that a briefing shows, in reading order, each once."""
    found = cited(wire.get("overview", ()))
    for story in wire["stories"]:
        found += cited(claim for section in story["sections"] for claim in section["claims"])
        found += [side["citation"] for c in conflicts(story, wire["citations"]) for side in c["positions"]]
    return list(dict.fromkeys(found))


def unlisted(wire: AnswerWire | BriefingWire, shown: Iterable[ClaimWire]) -> list[str]:
    """Return the keys that only withheld statements name."""
    nearest = wire.get("nearest", []) if wire.get("status") == "declined" else []
    listed = {*cited(shown), *nearest, *(keys(wire) if wire["schema"] == "citewire/briefing-1" else ())}
    return [key for key in cited(wire["withheld"]) if key not in listed]
