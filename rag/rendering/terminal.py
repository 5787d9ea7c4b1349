"""Wire documents to text for a terminal, a pipe or a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.rendering import conflicts, scrutiny, words
from rag.rendering.characters import line, plain
from rag.rendering.lines import BOLD, DIM, WIDTH, Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rag.wire import (
        AnswerWire,
        ArticleRowWire,
        ArticleWire,
        BriefingWire,
        CitationWire,
        ClaimWire,
        StoryWire,
    )


def answer_text(
    wire: AnswerWire, *, withheld: bool = False, colour: bool = False, width: int | None = WIDTH, told: bool = False
) -> str:
    """Return an answer as text. ``width`` None leaves long lines whole, as a pipe wants them.

    With ``told``, question and claims have been printed already, as they came.
    """
    sheet = Lines(width, colour)
    if not told:
        sheet.put(line(wire["question"]), style=BOLD)
        sheet.gap()
    if wire["status"] == "declined":
        sheet.put(words.DECLINED)
    for claim in () if told else wire["claims"]:
        _claim(sheet, claim, indent=2)
    if wire["missing"]:
        sheet.head("Not answered" if wire["claims"] else "What is missing")
        for item in wire["missing"]:
            sheet.put(f"- {line(item)}", indent=2, hang=2)
    _notes(sheet, wire.get("notes", ()))
    _citations(sheet, "Sources", words.cited(wire["claims"]), wire["citations"])
    if wire["status"] == "declined":
        _citations(sheet, words.NEAREST, wire["nearest"], wire["citations"])
    _footer(sheet, wire, wire["claims"], withheld=withheld)
    return sheet.text()


def briefing_text(
    wire: BriefingWire, *, withheld: bool = False, colour: bool = False, width: int | None = WIDTH
) -> str:
    """Return a briefing as text; its sources stand once, at the end."""
    sheet = Lines(width, colour)
    topic = line(wire["topic"] or "")
    sheet.put(f"Briefing: {topic}" if topic else "Briefing", style=BOLD)
    if not wire["stories"]:
        sheet.gap()
        sheet.put(words.silence(topic))
    if overview := wire.get("overview"):
        sheet.head(words.OVERVIEW)
        for claim in overview:
            _claim(sheet, claim, indent=3, bullet="- ")
    for number, story in enumerate(wire["stories"], 1):
        _story(sheet, number, story, wire)
    told = words.claims(wire)
    _notes(sheet, wire.get("notes", ()))
    _citations(sheet, "Sources", words.keys(wire), wire["citations"])
    _footer(sheet, wire, told, withheld=withheld)
    return sheet.text()


def article_text(wire: ArticleWire, *, colour: bool = False, width: int | None = WIDTH) -> str:
    """Return an article as text: what is known about it, then its body as it was read."""
    sheet = Lines(width, colour)
    sheet.put(line(wire["headline"] or "") or "(no headline)", style=BOLD)
    if wire["byline"]:
        sheet.put(f"By {line(wire['byline'])}")
    sheet.put(f"{line(wire['outlet'] or '') or 'outlet unknown'} · {words.when(wire['published'])}")
    for known in (wire["url"] or "", ", ".join(wire["labels"])):
        if known:
            sheet.put(line(known), style=DIM)
    sentences = words.count(len(wire["sentences"]), "sentence")
    sheet.put(line(f"article {wire['article']} · version {wire['version'][:12]} · {sentences}"), style=DIM)
    sheet.gap()
    for paragraph in plain(wire["text"]).split("\n"):
        sheet.put(paragraph)
    return sheet.text()


def articles_text(rows: Iterable[ArticleRowWire], *, width: int | None = WIDTH) -> str:
    """Return one line for each article: id, date, outlet, headline."""
    table = [
        (line(row["article"]), _day(row["published"]), line(row["outlet"] or "-"), line(row["headline"] or "-"))
        for row in rows
    ]
    outlets = min(max((len(row[2]) for row in table), default=0), 24)
    lines: list[str] = []
    for article, day, name, headline in table:
        text = f"{article}  {day}  {_cut(name, outlets):{outlets}}  {headline}"
        lines.append(_cut(text, width) if width else text)
    return "\n".join(lines)


def _day(published: str | None) -> str:
    """``2026-03-03``, in a column of ten."""
    return f"{line(published[:10]) if published else '-':10}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def claim_text(text: str, keys: Sequence[str], note: str = "", *, width: int | None = WIDTH) -> str:
    """Return one claim with the numbers of its citations and its note, as it stands in an answer."""
    sheet = Lines(width, colour=False)
    claim: ClaimWire = {"text": text, "verdict": "supported", "checks": [], "citations": [*keys], "certificate": ""}
    claim["note"] = note
    _claim(sheet, claim, indent=2)
    return sheet.text()


def _claim(sheet: Lines, claim: ClaimWire, *, indent: int, bullet: str = "") -> None:
    note = claim.get("note")
    note = f" ({line(note)})" if note else ""
    marks = "".join(f"[{line(key)}]" for key in claim["citations"])
    sheet.put(f"{bullet}{line(claim['text'])} {marks}{note}", indent=indent, hang=len(bullet))


def _notes(sheet: Lines, notes: Iterable[str]) -> None:
    for note in notes:
        sheet.gap()
        sheet.put(f"Note: {line(note)}")


def _citations(sheet: Lines, title: str, keys: Sequence[str], citations: Mapping[str, CitationWire]) -> None:
    """List cited sentences verbatim, those of one article together."""
    articles: dict[tuple[str, str], list[str]] = {}
    for key in keys:
        if key in citations:
            articles.setdefault((citations[key]["article"], citations[key]["version"]), []).append(key)
    if articles:
        sheet.head(title)
    for keys_of_article in articles.values():
        source = citations[keys_of_article[0]]
        sheet.put(f"{words.outlet(source)}, {words.when(source['published'])}", indent=2)
        if source["headline"]:
            sheet.put(line(source["headline"]), indent=2, style=BOLD)
        if source["url"]:
            sheet.put(line(source["url"]), indent=2, style=DIM)
        for key in keys_of_article:
            mark = f"[{line(key)}] "
            sheet.put(f"{mark}{line(citations[key]['text'])}", indent=4, hang=len(mark))
            sheet.put(words.place(citations[key]), indent=4 + len(mark), style=DIM)
        sheet.gap()


def _story(sheet: Lines, number: int, story: StoryWire, wire: BriefingWire) -> None:
    citations = wire["citations"]
    sheet.head(f"{number}. {line(story['headline'])}")
    sheet.put(words.sources(story), indent=3, style=DIM)
    for section in story["sections"]:
        if section["claims"]:
            sheet.head(words.KINDS[section["kind"]], indent=3)
        for claim in section["claims"]:
            day = f"{words.day(claim)}: " if section["kind"] == "timeline" else ""
            marks = "".join(f"[{line(key)}]" for key in claim["citations"])
            behind = f" ({words.told(claim, citations)})" if words.told(claim, citations) else ""
            sheet.put(f"- {day}{line(claim['text'])} {marks}{behind}", indent=3, hang=2)
    if words.unprinted(story):
        sheet.put(words.unprinted(story), indent=3, style=DIM)
    for title, told in conflicts.blocks(story, citations):
        sheet.head(title, indent=3)
        for conflict in told:
            _conflict(sheet, conflict)
    for look in scrutiny.looks(story, wire):
        _look(sheet, look)


def _look(sheet: Lines, look: scrutiny.Look) -> None:
    sheet.head(look.title, indent=3)
    if look.about:
        sheet.put(look.about, indent=3, style=DIM)
    for row in look.rows:
        sheet.put(f"- {row.said}", indent=3, hang=2)
        if row.where:
            sheet.put(row.where, indent=5, style=DIM)


def _conflict(sheet: Lines, conflict: conflicts.Told) -> None:
    if conflict.about:
        sheet.put(f"- {conflict.about}", indent=3)
    for place, side in enumerate(conflict.sides):
        bullet = "  " if place or conflict.about else "- "
        sheet.put(f"{bullet}{side.part}: {side.said} [{line(side.key)}]", indent=3, hang=4)
        if side.sentence:
            sheet.put(side.sentence, indent=7, style=DIM)


def _footer(sheet: Lines, wire: AnswerWire | BriefingWire, told: Sequence[ClaimWire], *, withheld: bool) -> None:
    """Say what was withheld, which checks ran, and what wrote the document."""
    held = wire["withheld"]
    if held and withheld:
        sheet.head("Withheld")
        for item in held:
            marks = "".join(f"[{line(key)}]" for key in item["citations"])
            sheet.put(f"- {line(item['text'])} {marks}".rstrip(), indent=2, hang=2)
            sheet.put(f"{words.REASONS[item['reason']]}: {line(item['detail'])}", indent=4, style=DIM)
        _citations(sheet, words.NAMED, words.unlisted(wire, told), wire["citations"])
    sheet.gap()
    if held and not withheld:
        verb = "was" if len(held) == 1 else "were"
        sheet.put(f"{words.count(len(held), 'statement')} {verb} withheld (--show-withheld).", style=DIM)
    sheet.put(words.trail(told, wire["provenance"]), style=DIM)
