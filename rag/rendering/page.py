"""Wire documents to a fragment of HTML: complete in itself, no script, nothing remote, every text escaped."""

from __future__ import annotations

import hashlib
import html
import json
from typing import TYPE_CHECKING

from rag.rendering import words
from rag.rendering.characters import line, link

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rag.wire import AnswerWire, BriefingWire, CitationWire, ClaimWire, ConflictWire, Kind, StoryWire

_STYLE = """<style>
.citewire{--cw-ink:#1c1d20;--cw-quiet:#5b5f66;--cw-paper:#fff;--cw-rule:#d9dce1;--cw-link:#0b57a4;max-width:44em;\
padding:1em 1.25em;font:16px/1.55 system-ui,sans-serif;color:var(--cw-ink);background:var(--cw-paper);\
overflow-wrap:break-word}
.citewire h2{font-size:1.25em;line-height:1.3;margin:0 0 .6em}
.citewire h3{font-size:1.05em;line-height:1.35;margin:1.4em 0 .4em}
.citewire h4{font-size:1em;margin:1em 0 .3em}
.citewire p{margin:.5em 0}
.citewire ul{margin:.3em 0;padding-left:1.2em}
.citewire a{color:var(--cw-link)}
.citewire a:focus-visible,.citewire summary:focus-visible{outline:2px solid currentColor;outline-offset:2px}
.citewire a[role=doc-noteref]{display:inline-block;min-width:1.5em;margin-left:.15em;font-size:.8em;line-height:1.5;\
text-align:center;text-decoration:none;border:1px solid var(--cw-rule);border-radius:.6em}
.citewire .cw-sources{list-style:none;padding:0}
.citewire .cw-sources li{margin:.6em 0;padding:.5em .75em;border-left:3px solid var(--cw-rule)}
.citewire .cw-sources li:target{border-left-color:var(--cw-link)}
.citewire blockquote{margin:.25em 0}
.citewire .cw-quiet,.citewire details{color:var(--cw-quiet);font-size:.88em}
@media (prefers-color-scheme:dark){.citewire{--cw-ink:#e8e9eb;--cw-quiet:#a9aeb6;--cw-paper:#17181b;--cw-rule:#3b3f46;\
--cw-link:#8ec1ff}}
</style>"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(fragment: str, title: str) -> str:
    """Return a whole page around a fragment, for a file that a browser opens; its policy forbids all requests."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{_text(title)}</title>\n</head>\n<body>\n<main>\n{fragment}\n</main>\n</body>\n</html>\n"
    )


def answer_html(wire: AnswerWire, *, withheld: bool = False) -> str:
    """Return an answer as a fragment."""
    sheet = _Sheet(wire, withheld=withheld)
    parts = [f'<h2 dir="auto">{_text(wire["question"])}</h2>']
    if wire["status"] == "declined":
        parts.append("<p>The articles in this archive do not answer this question.</p>")
    parts += [f'<p dir="auto">{sheet.claim(claim)}</p>' for claim in wire["claims"]]
    if wire["missing"]:
        items = "".join(f'<li dir="auto">{_text(item)}</li>' for item in wire["missing"])
        parts.append(f"<h3>{'Not answered' if wire['claims'] else 'What is missing'}</h3><ul>{items}</ul>")
    parts += [f'<p dir="auto">Note: {_text(note)}</p>' for note in wire.get("notes", ())]
    parts.append(sheet.sources("Sources", words.cited(wire["claims"])))
    if wire["status"] == "declined":
        parts.append(sheet.sources(words.NEAREST, wire["nearest"]))
    parts.append(sheet.footer(wire["claims"], withheld=withheld))
    return sheet.fragment(parts, "Answer")


def briefing_html(wire: BriefingWire, *, withheld: bool = False) -> str:
    """Return a briefing as a fragment; its sources stand once, at the end."""
    sheet = _Sheet(wire, withheld=withheld)
    topic = _text(wire["topic"] or "")
    parts = [f'<h2 dir="auto">{f"Briefing: {topic}" if topic else "Briefing"}</h2>']
    if not wire["stories"]:
        reason = words.silence(topic)
        parts.append(f"<p>{reason}</p>")
    parts += [sheet.story(story) for story in wire["stories"]]
    told = words.claims(wire)
    parts += [f'<p dir="auto">Note: {_text(note)}</p>' for note in wire.get("notes", ())]
    parts.append(sheet.sources("Sources", words.keys(wire)))
    parts.append(sheet.footer(told, withheld=withheld))
    return sheet.fragment(parts, "Briefing")


def _text(text: str) -> str:
    return html.escape(line(text), quote=True)


class _Sheet:
    """One rendering. Its ids come from its content, so that two of them can stand in one notebook."""

    def __init__(self, wire: AnswerWire | BriefingWire, *, withheld: bool) -> None:
        self._wire = wire
        seed = json.dumps([wire, withheld], sort_keys=True)  # ASCII: half a surrogate pair must not stop a page
        self._name = f"cw-{hashlib.sha256(seed.encode('ascii')).hexdigest()[:10]}"
        self._numbers = {key: number for number, key in enumerate(wire["citations"], 1)}
        self._linked: set[str] = set()
        self._listed: set[str] = set()

    def fragment(self, parts: Sequence[str], label: str) -> str:
        """Return all parts in their frame."""
        body = "\n".join(part for part in parts if part)
        return f'{_STYLE}\n<section class="citewire" id="{self._name}" aria-label="{label}">\n{body}\n</section>'

    def claim(self, claim: ClaimWire) -> str:
        """Return a claim with its numbers."""
        note = claim.get("note")
        note = f' <span class="cw-quiet">({_text(note)})</span>' if note else ""
        return f"{_text(claim['text'])}{self._marks(claim['citations'])}{note}"

    def story(self, story: StoryWire) -> str:
        """Return a story with its sections."""
        parts = [
            f'<h3 dir="auto">{_text(story["headline"])}</h3>',
            f'<p class="cw-quiet">{_text(words.sources(story))}</p>',
        ]
        for section in story["sections"]:
            if section["claims"]:
                items = "".join(self._told(section["kind"], claim) for claim in section["claims"])
                parts.append(f"<h4>{words.KINDS[section['kind']]}</h4><ul>{items}</ul>")
        for kind, title in words.CONFLICTS.items():
            rows = [self._conflict(conflict) for conflict in words.conflicts(story) if conflict["kind"] == kind]
            parts += [f"<h4>{title}</h4><ul>{''.join(rows)}</ul>"] if rows else []
        for title, concerns in words.concerns(story):
            items = "".join(
                f'<li dir="auto">{_text(said)}: {_text(rule)}<div class="cw-quiet">{_text(where)}</div></li>'
                for said, rule, where in concerns
            )
            parts.append(f"<h4>{title}</h4><ul>{items}</ul>")
        return "\n".join(parts)

    def _told(self, kind: Kind, claim: ClaimWire) -> str:
        day = f"<b>{_text(words.day(claim))}:</b> " if kind == "timeline" else ""
        behind = _text(words.told(claim, self._wire["citations"]))
        behind = f' <span class="cw-quiet">({behind})</span>' if behind else ""
        return f'<li dir="auto">{day}{_text(claim["text"])}{self._marks(claim["citations"])}{behind}</li>'

    def _conflict(self, conflict: ConflictWire) -> str:
        sides = (
            f"{_text(side)}{self._marks([key])}" for side, key in words.positions(conflict, self._wire["citations"])
        )
        about = f"<b>{_text(conflict['about'])}:</b> " if conflict["about"] else ""
        return f'<li dir="auto">{about}{" / ".join(sides)}</li>'

    def sources(self, title: str, keys: Iterable[str]) -> str:
        """Return cited sentences as a list, each once in a rendering."""
        new = [key for key in keys if key in self._numbers and key not in self._listed]
        self._listed.update(new)
        items = "\n".join(self._source(key, self._wire["citations"][key]) for key in new)
        return f'<h3>{title}</h3>\n<ul class="cw-sources">\n{items}\n</ul>' if new else ""

    def footer(self, told: Sequence[ClaimWire], *, withheld: bool) -> str:
        """Say what was withheld, which checks ran, and what wrote the document."""
        held, parts = self._wire["withheld"], list[str]()
        if held and withheld:
            items = "".join(
                f'<li dir="auto">{_text(item["text"])}{self._marks(item["citations"])}'
                f'<div class="cw-quiet">{words.REASONS[item["reason"]]}: {_text(item["detail"])}</div></li>'
                for item in held
            )
            parts += [f"<h3>Withheld</h3><ul>{items}</ul>"]
            parts += [self.sources(words.NAMED, words.unlisted(self._wire, told))]
        note = f"{words.count(len(held), 'statement')} withheld. " if held and not withheld else ""
        parts.append(f'<p class="cw-quiet">{note}{_text(words.trail(told, self._wire["provenance"]))}</p>')
        return "\n".join(part for part in parts if part)

    def _marks(self, keys: Iterable[str]) -> str:
        return "".join(self._mark(key) for key in keys if key in self._numbers)

    def _mark(self, key: str) -> str:
        citation, name = self._wire["citations"][key], f"{self._name}-{self._numbers[key]}"
        title = f"{words.outlet(citation)}, {words.when(citation['published'])}: {citation['text']}"
        anchor = "" if key in self._linked else f' id="{name}-back"'
        self._linked.add(key)
        return f'<a role="doc-noteref"{anchor} href="#{name}" title="{_text(title)}">{_text(key)}</a>'

    def _source(self, key: str, citation: CitationWire) -> str:
        name = f"{self._name}-{self._numbers[key]}"
        back = f' <a role="doc-backlink" href="#{name}-back" aria-label="Back to the claim">↩</a>'
        headline = _text(citation["headline"] or "")
        if url := link(citation["url"]):
            headline = f'<a href="{html.escape(url)}" rel="noopener noreferrer">{headline or "article"}</a>'
        about = f"{_text(words.outlet(citation))}, {_text(words.when(citation['published']))}"
        about += f", {headline}" if headline else ""
        where = f"{words.place(citation)} · version {citation['version'][:12]} · sentence {citation['sentence']}"
        return (
            f'<li id="{name}"><div dir="auto"><b>{_text(key)}</b> {about}{back if key in self._linked else ""}</div>'
            f'<blockquote dir="auto">{_text(citation["text"])}</blockquote>'
            f"<details><summary>Place</summary>{_text(where)}</details></li>"
        )
