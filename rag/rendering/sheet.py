"""The parts of an HTML document: claims with their numbers, stories, cited sentences, whole articles."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rag.rendering import conflicts, reader, scrutiny, stylesheet, words
from rag.rendering.characters import line, link

if TYPE_CHECKING:
    from rag.wire import AnswerWire, ArticleWire, BriefingWire, CitationWire, ClaimWire, Kind, StoryWire

Articles = Mapping[str, "ArticleWire"]
"""Whole articles by ``article@version``."""


def safe(text: str) -> str:
    """Return ``text`` on one line, as text of an element or an attribute."""
    return html.escape(line(text), quote=True)


def origin(citation: CitationWire) -> str:
    """Return outlet and date."""
    return f"{words.outlet(citation)}, {words.when(citation['published'])}"


class Sheet:
    """One rendering. Its ids come from its content, so that two of them can stand in one notebook."""

    def __init__(self, wire: AnswerWire | BriefingWire, *, withheld: bool, articles: Articles | None = None) -> None:
        self._wire = wire
        self._withheld = withheld
        self._articles = articles
        seed = json.dumps([wire, withheld], sort_keys=True)  # ASCII: half a surrogate pair must not stop a page
        self._name = f"cw-{hashlib.sha256(seed.encode('ascii')).hexdigest()[:10]}"
        self._top = 2 if articles is None else 1
        self._numbers = {key: number for number, key in enumerate(wire["citations"], 1)}
        self._shown = {key for key in wire["citations"] if self._article(key)}
        self._linked: set[str] = set()
        self._listed: dict[str, None] = {}

    # -- text ----------------------------------------------------------------------------------------------------

    def fragment(self, parts: Sequence[str], label: str) -> str:
        """Return all parts in their frame."""
        body = "\n".join(part for part in parts if part)
        style = stylesheet.FRAGMENT if self._articles is None else f"{stylesheet.FRAGMENT}\n{stylesheet.PAGE}"
        return f'{style}\n<section class="citewire" id="{self._name}" aria-label="{label}">\n{body}\n</section>'

    def title(self, text: str, kind: str, stories: int = 0) -> list[str]:
        """Return the title; on a page with what it is and what it rests on."""
        text = safe(text)
        if self._articles is None:
            named = f"{kind}: {text}" if text and kind == "Briefing" else text or kind
            return [self._head(0, named, "cw-title")]
        about = words.scope(self._wire["citations"].values(), stories)
        return [
            f'<p class="cw-kicker">{kind}</p>' if text else "",
            self._head(0, text or kind, "cw-title"),
            f'<p class="cw-quiet cw-dateline">{safe(about)}</p>',
        ]

    def contents(self, headlines: Sequence[str]) -> str:
        """Return links to the stories of a page that has several."""
        if self._articles is None or len(headlines) < 2:  # noqa: PLR2004 - one story needs no table of contents
            return ""
        items = "".join(
            f'<li dir="auto"><a href="#{self._name}-story-{number}">{safe(text)}</a></li>'
            for number, text in enumerate(headlines, 1)
        )
        return f'<nav aria-label="Stories"><ol>{items}</ol></nav>'

    def brief(self, claims: Iterable[ClaimWire]) -> str:
        """Return what was written over all stories."""
        items = "".join(f'<li dir="auto">{self.claim(claim)}</li>' for claim in claims)
        return f"{self._head(1, words.OVERVIEW, 'cw-kind')}<ul>{items}</ul>"

    def claim(self, claim: ClaimWire) -> str:
        """Return a claim with its numbers."""
        note = claim.get("note")
        note = f' <span class="cw-quiet">({safe(note)})</span>' if note else ""
        return f"{safe(claim['text'])}{self._marks(claim['citations'])}{note}"

    def kind(self, title: str, items: Iterable[str]) -> str:
        """Return a heading and a list."""
        return f"{self._head(2, title, 'cw-kind')}<ul>{''.join(items)}</ul>"

    def story(self, number: int, story: StoryWire, wire: BriefingWire) -> str:
        """Return a story with its sections."""
        name = "" if self._articles is None else f' id="{self._name}-story-{number}"'
        parts = [
            self._head(1, safe(story["headline"]), "cw-story", f' dir="auto"{name}'),
            f'<p class="cw-quiet">{safe(words.sources(story))}</p>',
        ]
        for section in story["sections"]:
            if section["claims"]:
                items = (self._told(section["kind"], claim) for claim in section["claims"])
                parts.append(self.kind(words.KINDS[section["kind"]], items))
        if words.unprinted(story):
            parts.append(f'<p class="cw-quiet">{safe(words.unprinted(story))}</p>')
        for title, told in conflicts.blocks(story, self._wire["citations"]):
            parts.append(self.kind(title, map(self._conflict, told)))
        parts += map(self._look, scrutiny.looks(story, wire))
        return "\n".join(parts)

    def _look(self, look: scrutiny.Look) -> str:
        about = f'<p class="cw-quiet">{safe(look.about)}</p>' if look.about else ""
        quiet = [f'<div class="cw-quiet">{safe(row.where)}</div>' if row.where else "" for row in look.rows]
        rows = (f'<li dir="auto">{safe(row.said)}{at}</li>' for row, at in zip(look.rows, quiet, strict=True))
        return f"{self._head(2, look.title, 'cw-kind')}{about}<ul>{''.join(rows)}</ul>"

    def _told(self, kind: Kind, claim: ClaimWire) -> str:
        day = f"<b>{safe(words.day(claim))}:</b> " if kind == "timeline" else ""
        behind = safe(words.told(claim, self._wire["citations"]))
        behind = f' <span class="cw-quiet">({behind})</span>' if behind else ""
        return f'<li dir="auto">{day}{safe(claim["text"])}{self._marks(claim["citations"])}{behind}</li>'

    def _conflict(self, conflict: conflicts.Told) -> str:
        about = f'<p class="cw-about">{safe(conflict.about)}</p>' if conflict.about else ""
        return f'<li class="cw-clash" dir="auto">{about}<ul>{"".join(map(self._side, conflict.sides))}</ul></li>'

    def _side(self, side: conflicts.Side) -> str:
        value = f"<b>{safe(side.value)}</b> " if side.value else ""
        who = f"({safe(side.who)})" if side.value else safe(side.who)
        said = f'<p class="cw-said" dir="auto">{safe(side.sentence)}</p>' if side.sentence else ""
        return (
            f'<li dir="auto"><span class="cw-role">{side.part}:</span> {value}'
            f'<span class="cw-who">{who}</span>{self._marks([side.key])}'
            f"{said}</li>"
        )

    # -- sources -------------------------------------------------------------------------------------------------

    def sources(self, title: str, keys: Iterable[str]) -> str:
        """Return cited sentences as a list, each once in a rendering."""
        new = [key for key in keys if key in self._numbers and key not in self._listed]
        self._listed |= dict.fromkeys(new)
        items = "\n".join(self._source(key, self._wire["citations"][key]) for key in new)
        if not new:
            return ""
        body = f'{self._head(1, title, "cw-part")}\n<ul class="cw-sources">\n{items}\n</ul>'
        return body if self._articles is None else f'<section role="doc-endnotes" aria-label="{title}">{body}</section>'

    def articles(self) -> str:
        """Return the articles that were cited, each once and whole, with the cited sentences marked."""
        held: dict[str, list[reader.Mark]] = {}
        for key in self._listed:
            if key in self._shown:
                citation, place = self._wire["citations"][key], self._place(key)
                back = f"{place}-back" if key in self._linked else place
                mark = reader.Mark(safe(key), f"{place}s", back, citation["start"], citation["end"])
                held.setdefault(f"{citation['article']}@{citation['version']}", []).append(mark)
        blocks = "\n".join(
            reader.article(self._articles[key], marks, f"{self._name}-article-{number}")
            for number, (key, marks) in enumerate(held.items(), 1)
            if self._articles
        )
        if not blocks:
            return ""
        head = self._head(1, words.ARTICLES, "cw-part")
        note = f'<p class="cw-quiet">{words.MARKED}</p>'
        return f'<section class="cw-articles" aria-label="{words.ARTICLES}">\n{head}\n{note}\n{blocks}\n</section>'

    def held(self, told: Sequence[ClaimWire]) -> str:
        """Return what was withheld, if that was asked for."""
        if not self._withheld or not self._wire["withheld"]:
            return ""
        items = "".join(
            f'<li dir="auto">{safe(item["text"])}{self._marks(item["citations"])}'
            f'<div class="cw-quiet">{words.REASONS[item["reason"]]}: {safe(item["detail"])}</div></li>'
            for item in self._wire["withheld"]
        )
        named = self.sources(words.NAMED, words.unlisted(self._wire, told))
        return f"{self._head(1, 'Withheld', 'cw-part')}<ul>{items}</ul>\n{named}"

    def footer(self, told: Sequence[ClaimWire]) -> str:
        """Say how much was withheld, which checks ran, and what wrote the document."""
        count = len(self._wire["withheld"])
        note = f"{words.count(count, 'statement')} withheld. " if count and not self._withheld else ""
        return f'<p class="cw-quiet cw-foot">{note}{safe(words.trail(told, self._wire["provenance"]))}</p>'

    def _head(self, depth: int, text: str, name: str, more: str = ' dir="auto"') -> str:
        level = self._top + depth
        return f'<h{level} class="{name}"{more}>{text}</h{level}>'

    def _marks(self, keys: Iterable[str]) -> str:
        return "".join(self._mark(key) for key in keys if key in self._numbers)

    def _mark(self, key: str) -> str:
        citation, place = self._wire["citations"][key], self._place(key)
        anchor = "" if key in self._linked else f' id="{place}-back"'
        self._linked.add(key)
        about = origin(citation)
        if self._articles is None:
            title = safe(f"{about}: {citation['text']}")
            return f'<a role="doc-noteref"{anchor} href="#{place}" title="{title}">{safe(key)}</a>'
        target = f"{place}s" if key in self._shown else place
        label = f'aria-label="{safe(key)}, {safe(about)}" aria-describedby="{place}-text"'
        return (
            f'<span class="cw-cite"><a role="doc-noteref"{anchor} href="#{target}" {label}>{safe(key)}</a>'
            f'<span class="cw-pop" dir="auto" aria-hidden="true">{safe(citation["text"])}<span>{safe(about)}</span>'
            "</span></span>"
        )

    def _source(self, key: str, citation: CitationWire) -> str:
        place = self._place(key)
        back = f' <a role="doc-backlink" href="#{place}-back" aria-label="Back to the claim">↩</a>'
        headline = safe(citation["headline"] or "")
        if url := link(citation["url"]):
            headline = f'<a href="{html.escape(url)}" rel="noopener noreferrer">{headline or "article"}</a>'
        about = f"{safe(origin(citation))}{f', {headline}' if headline else ''}{back if key in self._linked else ''}"
        number, named = safe(key), "" if self._articles is None else f' id="{place}-text"'
        where = f"{words.place(citation)} · version {citation['version'][:12]} · sentence {citation['sentence']}"
        found = f"<details><summary>Place</summary>{safe(where)}</details>"
        if key in self._shown:
            number, found = f'<a href="#{place}s" aria-label="{number}, in the article">{number}</a>', ""
        return (
            f'<li id="{place}"><b>{number}</b><blockquote dir="auto"{named}>{safe(citation["text"])}</blockquote>'
            f'<div class="cw-quiet" dir="auto">{about}</div>{found}</li>'
        )

    def _place(self, key: str) -> str:
        return f"{self._name}-{self._numbers[key]}"

    def _article(self, key: str) -> bool:
        """Tell whether the whole article is at hand and holds the cited sentence where the citation says."""
        citation = self._wire["citations"][key]
        whole = (self._articles or {}).get(f"{citation['article']}@{citation['version']}")
        return whole is not None and whole["text"][citation["start"] : citation["end"]] == citation["text"] != ""
