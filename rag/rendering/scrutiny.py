"""Story to what an editor would look at before printing it: wording, whom it leaves out, whose sentences it cites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.rendering import conflicts
from rag.rendering.characters import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rag.wire import AccuracyWire, BriefingWire, ConcernWire, ShareOf, ShareWire, StoryWire

AROUND = 6
"""Words shown on either side of a wording to look at."""
MOST = 6
"""Outlets, speakers or pairs named with their shares; the document has them all as data."""
LEAST: dict[ShareOf, int] = {"outlet": 1, "speaker": 2}
"""Sentences from which they are named: a person who is heard once is no side."""
ENOUGH = 3
"""Cited sentences from which their shares say anything."""
RULES = {
    "factive": "grants that what was said is true",
    "assertive": "says how sure or sincere the speaker was",
    "implicative": "tells what was not said as a thing that was owed",
    "manner": "says in what temper it was said",
    "epithet": "a label that people would not give themselves",
    "booster": "presses the point",
    "stance": "the writer's feeling about the fact",
    "hedge": "doubts without saying who doubts",
    "self": "the writer speaks, or speaks to the reader",
    "loaded": "a word that carries feeling",
    "judgement": "a verdict that nobody is named for",
    "overweight": "more than its share of the story",
    "underweight": "far less than its share of the story",
    "left_out": "in none of the printed sentences",
    "one_sided": "what the other side says is not printed",
    "heard_less": "cited far less, beside the other side, than in the articles",
}
"""Rules of concerns in plain words."""
FRAMING = frozenset({"overweight", "underweight", "left_out", "one_sided", "heard_less"})
"""Those that ask whom the story leaves out, and not how it is worded."""
_OF: dict[ShareOf, str] = {"outlet": "Outlets", "speaker": "Speakers"}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to look at; every text is one line that is safe to show."""

    said: str
    """Words, a name, or shares, and what about them."""
    where: str
    """Where the words stand, or the figures; empty where there is nothing to add."""


@dataclass(frozen=True, slots=True)
class Look:
    """What to look at under one heading."""

    title: str
    about: str
    """How to read it, in one line; may be empty."""
    rows: tuple[Row, ...]


def looks(story: StoryWire, wire: BriefingWire) -> list[Look]:
    """Return what to look at in a story; how far the rules can be trusted stands where they first found something."""
    first = next((one["id"] for one in wire["stories"] if _wording(one, wire)), "")
    about = trust(wire["wording"]) if "wording" in wire and first == story["id"] else ""
    parts = [
        Look("Wording to look at", about, _concerns(_wording(story, wire))),
        Look("Balance to look at", "", _concerns(each for each in story["concerns"] if not _worded(each))),
        Look(
            "Whose sentences are cited",
            "How many, and their share of all; in brackets, the share that they have of the articles.",
            _shares(story.get("shares", ())),
        ),
    ]
    return [part for part in parts if part.rows]


def _wording(story: StoryWire, wire: BriefingWire) -> list[ConcernWire]:
    hidden = _hidden(story, wire)
    return [each for each in story["concerns"] if _worded(each) and line(each["claim"]) not in hidden]


def _hidden(story: StoryWire, wire: BriefingWire) -> set[str]:
    """Return the sentences of conflicts that are not printed, because the story's claims tell both sides."""
    citations = wire["citations"]
    there = {
        line(citations[side["citation"]]["text"]) for one in story.get("conflicts", ()) for side in one["positions"]
    }
    claims = {line(claim["text"]) for section in story["sections"] for claim in section["claims"]}
    blocks = conflicts.blocks(story, citations)
    return there - claims - {side.sentence for _, told in blocks for one in told for side in one.sides}


def trust(measured: AccuracyWire) -> str:
    """Return in one line how far the rules of wording can be trusted."""
    return line(
        f"Found by rules, which are fallible: of {measured['sentences']:,} sentences that people judged "
        f"({measured['data']}) they miss {measured['missed']:.0%} of the biased ones and flag "
        f"{measured['flagged']:.0%} of the others (macro-F1 {measured['macro_f1']:.2f})."
    )


def _worded(concern: ConcernWire) -> bool:
    return concern["rule"] not in FRAMING


def _concerns(found: Iterable[ConcernWire]) -> tuple[Row, ...]:
    return tuple(
        Row(f"{line(each['words'])}: {line(RULES.get(each['rule'], each['rule']))}", line(_where(each)))
        for each in found
    )


def _where(concern: ConcernWire) -> str:
    """Return the words with those around them; of framing, the figures or the sentence that is not printed."""
    if not _worded(concern):
        return concern.get("why", "")
    before, _, after = concern["claim"].partition(concern["words"])
    left, right = before.split(" "), after.split(" ")
    start = ("… " if len(left) > AROUND else "") + " ".join(left[-AROUND:])
    end = " ".join(right[:AROUND]) + (" …" if len(right) > AROUND else "")
    return f"“{start}{concern['words']}{end}”"


def _shares(shares: Sequence[ShareWire]) -> tuple[Row, ...]:
    """Return a row for outlets, one for speakers, and one for those who stand against each other."""
    rows: list[Row] = []
    for kind, title in _OF.items():
        mine = [one for one in shares if one["of"] == kind and max(one["cited"], one["found"]) >= LEAST[kind]]
        mine.sort(key=lambda one: (-one["cited"], -one["found"], one["name"]))
        if len(mine) > 1 and mine[0]["cited_of"] >= ENOUGH:
            named = "; ".join(map(_share, mine[:MOST]))
            rest = f"; {len(mine) - MOST} more" if len(mine) > MOST else ""
            rows.append(Row(f"{title}, of {mine[0]['cited_of']}: {named}{rest}", ""))
    pairs = list(_pairs(shares))[:MOST]
    return (*rows, *([Row(f"Against each other: {'; '.join(pairs)}", "")] if pairs else ()))


def _share(one: ShareWire) -> str:
    return f"{line(one['name'])} {one['cited']}, {one['cited_share']:.0%} ({one['found_share']:.0%})"


def _pairs(shares: Sequence[ShareWire]) -> Iterator[str]:
    """Yield for each two speakers who stand against each other how often each is cited, and is there."""
    speaking = {one["name"]: one for one in shares if one["of"] == "speaker"}
    for place, (name, one) in enumerate(speaking.items()):
        for other in list(speaking.values())[place + 1 :]:
            if other["name"] in one.get("against", ()):
                sides = f"{line(name)} {one['cited']}, {line(other['name'])} {other['cited']}"
                yield f"{sides} (in the articles {one['found']}, {other['found']})"
