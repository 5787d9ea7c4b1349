"""Wire documents to HTML: complete in itself, no script, nothing remote, every text escaped.

Without ``articles`` a document becomes a fragment for a notebook, whose numbers lead to a list of cited sentences.
With them it becomes the text of a page: a number shows its sentence when it is hovered or focused, and leads to it
where it stands in the article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.rendering import stylesheet, words
from rag.rendering.sheet import Articles, Sheet, safe

if TYPE_CHECKING:
    from rag.wire import AnswerWire, BriefingWire

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(fragment: str, title: str) -> str:
    """Return a whole page around a fragment, for a file that a browser opens; its policy forbids all requests."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="generator" content="citewire">\n'  # so that what was printed is never read as a source
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{safe(title) or 'citewire'}</title>\n{stylesheet.SHELL}\n</head>\n<body>\n"
        '<a class="cw-skip" href="#text">Skip to the text</a>\n'
        f'<main id="text" tabindex="-1">\n{fragment}\n</main>\n</body>\n</html>\n'
    )


def answer_html(wire: AnswerWire, *, withheld: bool = False, articles: Articles | None = None) -> str:
    """Return an answer as a fragment; with ``articles`` (by ``article@version``), as the text of a page."""
    sheet = Sheet(wire, withheld=withheld, articles=articles)
    parts = [*sheet.title(wire["question"], "Answer")]
    if wire["status"] == "declined":
        parts.append(f"<p>{words.DECLINED}</p>")
    parts += [f'<p dir="auto">{sheet.claim(claim)}</p>' for claim in wire["claims"]]
    if wire["missing"]:
        title = "Not answered" if wire["claims"] else "What is missing"
        parts.append(sheet.kind(title, (f'<li dir="auto">{safe(item)}</li>' for item in wire["missing"])))
    parts += [f'<p dir="auto">Note: {safe(note)}</p>' for note in wire.get("notes", ())]
    parts.append(sheet.sources("Sources", words.cited(wire["claims"])))
    if wire["status"] == "declined":
        parts.append(sheet.sources(words.NEAREST, wire["nearest"]))
    parts.append(sheet.held(wire["claims"]))
    return sheet.fragment([*parts, sheet.articles(), sheet.footer(wire["claims"])], "Answer")


def briefing_html(wire: BriefingWire, *, withheld: bool = False, articles: Articles | None = None) -> str:
    """Return a briefing as a fragment, its sources once, at the end; with ``articles``, as the text of a page."""
    sheet = Sheet(wire, withheld=withheld, articles=articles)
    parts = [*sheet.title(wire["topic"] or "", "Briefing", len(wire["stories"]))]
    if not wire["stories"]:
        parts.append(f"<p>{words.silence(wire['topic'])}</p>")
    if overview := wire.get("overview"):
        parts.append(sheet.brief(overview))
    parts += [sheet.contents([story["headline"] for story in wire["stories"]])]
    parts += [sheet.story(number, story, wire) for number, story in enumerate(wire["stories"], 1)]
    told = words.claims(wire)
    parts += [f'<p dir="auto">Note: {safe(note)}</p>' for note in wire.get("notes", ())]
    parts.append(sheet.sources("Sources", words.keys(wire)))
    parts.append(sheet.held(told))
    return sheet.fragment([*parts, sheet.articles(), sheet.footer(told)], "Briefing")
