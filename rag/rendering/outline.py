"""Wire document to a list of blocks: what stands in it and in which order, for forms with headings but no markup.

Every text in a block has passed ``line``: it is one line without control or direction characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rag.rendering import conflicts, scrutiny, words
from rag.rendering.characters import line, link

if TYPE_CHECKING:
    from rag.wire import AnswerWire, BriefingWire, CitationWire, ClaimWire, StoryWire


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, an item of a list, what belongs to an item, or a quiet line between them."""

    kind: Literal["title", "heading", "subheading", "text", "item", "side", "quote", "quiet"]
    text: str
    keys: tuple[str, ...] = ()
    """Numbers of the citations that follow the text; all of them are numbers of sources in the same outline."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A cited sentence and where it is from."""

    key: str
    text: str
    about: str
    headline: str
    url: str | None
    place: str


Outline = list[Block | CitedSentence]


def title(wire: AnswerWire | BriefingWire) -> str:
    """Return the title of a document: the question, or the topic."""
    if wire["schema"] == "citewire/answer-1":
        return line(wire["question"])
    topic = line(wire["topic"] or "")
    return f"Briefing: {topic}" if topic else "Briefing"


def outline(wire: AnswerWire | BriefingWire, *, withheld: bool = False) -> Outline:
    """Return the blocks of a document, its sources once, at the end."""
    parts: Outline = [Block("title", title(wire))]
    parts += _answer(wire) if wire["schema"] == "citewire/answer-1" else _briefing(wire)
    told = wire["claims"] if wire["schema"] == "citewire/answer-1" else words.claims(wire)
    parts += [Block("text", f"Note: {line(note)}") for note in wire.get("notes", ())]
    listed = words.cited(told) if wire["schema"] == "citewire/answer-1" else words.keys(wire)
    parts += _sources("Sources", listed, wire)
    if wire["schema"] == "citewire/answer-1" and wire["status"] == "declined":
        parts += _sources(words.NEAREST, [key for key in wire["nearest"] if key not in listed], wire)
    if withheld and wire["withheld"]:
        parts.append(Block("heading", "Withheld"))
        for item in wire["withheld"]:
            reason = f"{words.REASONS[item['reason']]}: {line(item['detail'])}"
            parts.append(Block("item", line(item["text"]), _known(item["citations"], wire), reason))
        parts += _sources(words.NAMED, words.unlisted(wire, told), wire)
    held = len(wire["withheld"])
    count = f"{words.count(held, 'statement')} withheld. " if held and not withheld else ""
    return [*parts, Block("quiet", f"{count}{words.trail(told, wire['provenance'])}")]


def _answer(wire: AnswerWire) -> Iterator[Block]:
    if wire["status"] == "declined":
        yield Block("text", words.DECLINED)
    for claim in wire["claims"]:
        yield _claim(claim, wire)
    if wire["missing"]:
        yield Block("heading", "Not answered" if wire["claims"] else "What is missing")
    for item in wire["missing"]:
        yield Block("item", line(item))


def _briefing(wire: BriefingWire) -> Iterator[Block]:
    about = words.scope(wire["citations"].values(), len(wire["stories"]))
    if about:
        yield Block("quiet", about)
    if not wire["stories"]:
        yield Block("text", words.silence(wire["topic"]))
    if overview := wire.get("overview"):
        yield Block("heading", words.OVERVIEW)
        for claim in overview:
            yield Block("item", line(claim["text"]), _known(claim["citations"], wire))
    for story in wire["stories"]:
        yield from _story(story, wire)


def _story(story: StoryWire, wire: BriefingWire) -> Iterator[Block]:
    yield Block("heading", line(story["headline"]))
    yield Block("quiet", words.sources(story))
    for section in story["sections"]:
        if section["claims"]:
            yield Block("subheading", words.KINDS[section["kind"]])
        for claim in section["claims"]:
            day = f"{words.day(claim)}: " if section["kind"] == "timeline" and "day" in claim else ""
            behind = words.told(claim, wire["citations"])
            yield Block("item", f"{day}{line(claim['text'])}", _known(claim["citations"], wire), behind)
    if words.unprinted(story):
        yield Block("quiet", words.unprinted(story))
    yield from _conflicts(story, wire)
    for look in scrutiny.looks(story, wire):
        yield Block("subheading", look.title)
        if look.about:
            yield Block("quiet", look.about)
        for row in look.rows:
            yield Block("item", row.said, note=row.where)


def _conflicts(story: StoryWire, wire: BriefingWire) -> Iterator[Block]:
    for heading, told in conflicts.blocks(story, wire["citations"]):
        yield Block("subheading", heading)
        for conflict in told:
            if conflict.about:
                yield Block("item", conflict.about)
            for place, side in enumerate(conflict.sides):
                kind = "side" if place or conflict.about else "item"
                yield Block(kind, f"{side.part}: {side.said}", (side.key,))
                if side.sentence:
                    yield Block("quote", side.sentence)


def _claim(claim: ClaimWire, wire: AnswerWire) -> Block:
    return Block("text", line(claim["text"]), _known(claim["citations"], wire), line(claim.get("note") or ""))


def _known(keys: Iterable[str], wire: AnswerWire | BriefingWire) -> tuple[str, ...]:
    return tuple(key for key in keys if key in wire["citations"])


def _sources(heading: str, keys: Iterable[str], wire: AnswerWire | BriefingWire) -> Outline:
    known = _known(keys, wire)
    return [Block("heading", heading), *(_cited(key, wire["citations"][key]) for key in known)] if known else []


def _cited(key: str, citation: CitationWire) -> CitedSentence:
    return CitedSentence(
        key=line(key),
        text=line(citation["text"]),
        about=f"{words.outlet(citation)}, {words.when(citation['published'])}",
        headline=line(citation["headline"] or ""),
        url=link(citation["url"]),
        place=words.place(citation),
    )
