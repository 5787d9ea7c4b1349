"""Wire documents to Markdown in which article text stays text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.rendering import conflicts, scrutiny, words
from rag.rendering.characters import line, link

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rag.wire import AnswerWire, BriefingWire, CitationWire, ClaimWire, Kind, StoryWire

_MARKUP = re.compile(r"[\\`*_\[\]<>&~|$@^]|(?<=\w):(?=//)|(?<=www)\.|(?<=WWW)\.")
_OPENERS = re.compile(r"\A(?:(?P<list>\d{1,9})(?=[.)])|(?=[#+=:-]))")
"""What makes a heading, a list or a rule of the first characters of a line."""


def escape(text: str) -> str:
    """Return ``text`` on one line, shown as it stands by CommonMark and GitHub: no link, image, tag or formula."""
    return _OPENERS.sub(lambda match: f"{match[0]}\\", _MARKUP.sub(r"\\\g<0>", line(text)))


def answer_markdown(wire: AnswerWire, *, withheld: bool = False) -> str:
    """Return an answer as Markdown."""
    parts = [f"# {escape(wire['question'])}"]
    if wire["status"] == "declined":
        parts.append(words.DECLINED)
    parts += [_claim(claim) for claim in wire["claims"]]
    if wire["missing"]:
        parts.append("## Not answered" if wire["claims"] else "## What is missing")
        parts.append("\n".join(f"- {escape(item)}" for item in wire["missing"]))
    parts += [f"Note: {escape(note)}" for note in wire.get("notes", ())]
    parts += _citations("Sources", words.cited(wire["claims"]), wire["citations"])
    if wire["status"] == "declined":
        parts += _citations(words.NEAREST, wire["nearest"], wire["citations"])
    return "\n\n".join(parts + _footer(wire, wire["claims"], withheld=withheld))


def briefing_markdown(wire: BriefingWire, *, withheld: bool = False) -> str:
    """Return a briefing as Markdown; its sources stand once, at the end."""
    topic = escape(wire["topic"] or "")
    parts = [f"# Briefing: {topic}" if topic else "# Briefing"]
    if not wire["stories"]:
        parts.append(words.silence(topic))
    if overview := wire.get("overview"):
        parts += [f"## {words.OVERVIEW}", "\n".join(f"- {_claim(claim)}" for claim in overview)]
    for number, story in enumerate(wire["stories"], 1):
        parts += _story(number, story, wire)
    told = words.claims(wire)
    parts += [f"Note: {escape(note)}" for note in wire.get("notes", ())]
    parts += _citations("Sources", words.keys(wire), wire["citations"])
    return "\n\n".join(parts + _footer(wire, told, withheld=withheld))


def _marks(keys: Iterable[str]) -> str:
    return "".join(rf"\[{escape(key)}\]" for key in keys)


def _claim(claim: ClaimWire) -> str:
    note = claim.get("note")
    note = f" ({escape(note)})" if note else ""
    return f"{escape(claim['text'])} {_marks(claim['citations'])}{note}"


def _citations(title: str, keys: Sequence[str], citations: Mapping[str, CitationWire]) -> list[str]:
    known = [key for key in keys if key in citations]
    return [f"## {title}", *(_citation(key, citations[key]) for key in known)] if known else []


def _citation(key: str, citation: CitationWire) -> str:
    headline = escape(citation["headline"] or "")
    if url := link(citation["url"]):
        headline = f"[{headline or 'article'}](<{url}>)"
    about = ", ".join(
        part for part in (escape(words.outlet(citation)), escape(words.when(citation["published"])), headline) if part
    )
    return f"**{_marks([key])}** {about}\n\n> {escape(citation['text'])}\n\n{escape(words.place(citation))}"


def _told(kind: Kind, claim: ClaimWire, citations: Mapping[str, CitationWire]) -> str:
    day = f"**{escape(words.day(claim))}:** " if kind == "timeline" else ""
    behind = escape(words.told(claim, citations))
    return f"- {day}{escape(claim['text'])} {_marks(claim['citations'])}{f' ({behind})' if behind else ''}"


def _conflict(conflict: conflicts.Told) -> str:
    sides = [
        [f"{side.part}: {escape(side.said)} {_marks([side.key])}", *([escape(side.sentence)] if side.sentence else [])]
        for side in conflict.sides
    ]
    if conflict.about:
        rows = ["  \n    ".join(rows) for rows in sides]
        return "\n".join([f"- **{escape(conflict.about)}**", *(f"  - {row}" for row in rows)])
    return "- " + "  \n  ".join(row for rows in sides for row in rows)


def _story(number: int, story: StoryWire, wire: BriefingWire) -> list[str]:
    citations = wire["citations"]
    parts = [f"## {number}\\. {escape(story['headline'])}", escape(words.sources(story))]
    for section in story["sections"]:
        if section["claims"]:
            parts.append(f"### {words.KINDS[section['kind']]}")
            parts.append("\n".join(_told(section["kind"], claim, citations) for claim in section["claims"]))
    if words.unprinted(story):
        parts.append(escape(words.unprinted(story)))
    for title, told in conflicts.blocks(story, citations):
        parts += [f"### {title}", "\n".join(map(_conflict, told))]
    for look in scrutiny.looks(story, wire):
        parts += [f"### {look.title}", *([escape(look.about)] if look.about else [])]
        rows = [f"- {escape(row.said)}" + (f"  \n  {escape(row.where)}" if row.where else "") for row in look.rows]
        parts.append("\n".join(rows))
    return parts


def _footer(wire: AnswerWire | BriefingWire, told: Sequence[ClaimWire], *, withheld: bool) -> list[str]:
    held, parts = wire["withheld"], list[str]()
    if held and withheld:
        parts.append("## Withheld")
        parts += [
            f"- {escape(item['text'])} {_marks(item['citations'])}  \n"
            f"  {words.REASONS[item['reason']]}: {escape(item['detail'])}"
            for item in held
        ]
        parts += _citations(words.NAMED, words.unlisted(wire, told), wire["citations"])
    note = f"{words.count(len(held), 'statement')} withheld. " if held and not withheld else ""
    return [*parts, "---", f"{note}{escape(words.trail(told, wire['provenance']))}"]
