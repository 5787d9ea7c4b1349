"""What changed between two documents to text, Markdown or HTML: what is new first, what did not change not repeated."""

from __future__ import annotations

import hashlib
import html
from typing import TYPE_CHECKING

from rag.redaction import MASK
from rag.rendering import words
from rag.rendering.characters import line, link
from rag.rendering.lines import BOLD, DIM, WIDTH, Lines
from rag.rendering.markdown import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rag.wire import ChangeKind, ChangesWire, ChangeWire, CitationWire, ClaimWire

    _Of = tuple[ChangeKind, list[ChangeWire]]

TITLES: dict[ChangeKind, str] = {
    "new": "New",
    "superseded": "Overtaken by newer figures",
    "corrected": "Corrected",
    "withdrawn": "Withdrawn",
    "included": "Told now, reported before",
    "left_out": "Not told any more",
    "unchanged": "Unchanged",
}
QUIET: tuple[ChangeKind, ...] = ("left_out", "unchanged")
"""Kinds that are counted and not repeated, unless they are asked for."""
NOTHING = "Nothing has changed."
REMOVED = "(removed with its article)"
_STYLE = """<style>
.citewire-changes{max-width:44em;padding:1em 1.25em;font:16px/1.55 system-ui,sans-serif;overflow-wrap:break-word}
.citewire-changes h2{font-size:1.25em}.citewire-changes h3{font-size:1.05em;margin-bottom:.3em}
.citewire-changes li{margin:.4em 0}.citewire-changes .cw-quiet{font-size:.88em;opacity:.8}
.citewire-changes del{text-decoration:none;opacity:.8}.citewire-changes blockquote{margin:.25em 0}
</style>"""


class _Rows(Lines):
    """Lines of changes and their sources."""

    def change(self, group: Sequence[ChangeWire]) -> None:
        """Write what holds now, and all that was told before it."""
        (first, *rest), why = _lines(group, line), line(_why(group))
        self.put(f"- {first}", hang=2)
        for more in rest:
            self.put(more, indent=2)
        if why:
            self.put(f"({why})", indent=2, style=DIM)

    def source(self, source: Sequence[tuple[str, CitationWire]]) -> None:
        """Write the cited sentences of one article."""
        self.put(_about(source[0][1]), indent=2, hang=2)
        for key, citation in source:
            mark = f"[{line(key)}] "
            self.put(f"{mark}{_shown_text(citation['text'])}", indent=4, hang=len(mark))
            self.put(words.place(citation), indent=4 + len(mark), style=DIM)


def changes_text(
    wire: ChangesWire, *, everything: bool = False, colour: bool = False, width: int | None = WIDTH
) -> str:
    """Return changes as text; with ``everything`` also what is only counted else."""
    rows = _Rows(width, colour)
    rows.put(line(_title(wire)), style=BOLD)
    if wire["since"]:
        rows.put(_since(wire), style=DIM)
    shown = _shown(wire, everything=everything)
    for kind, changes in shown:
        rows.head(TITLES[kind])
        for group in _groups(changes):
            rows.change(group)
    if counted := _counted(wire, shown):
        rows.gap()
        rows.put(counted, style=DIM)
    if cited := _cited(wire, shown):
        rows.head("Sources")
        for source in _by_article(cited):
            rows.source(source)
    return rows.text()


def changes_markdown(wire: ChangesWire, *, everything: bool = False) -> str:
    """Return changes as Markdown."""
    parts = [f"# {escape(_title(wire))}", escape(_since(wire))]
    shown = _shown(wire, everything=everything)
    for kind, changes in shown:
        parts.append(f"## {TITLES[kind]}")
        for group in _groups(changes):
            lines = _lines(group, escape, mark=lambda key: rf"\[{escape(key)}\]")
            why = [f"({escape(_why(group))})"] if _why(group) else []
            parts.append("- " + "  \n  ".join([*lines, *why]))
    if counted := _counted(wire, shown):
        parts.append(escape(counted))
    if cited := _cited(wire, shown):
        parts.append("## Sources")
    for source in _by_article(cited):
        about = escape(_about(source[0][1]))
        if url := link(source[0][1]["url"]):
            about += f", [article](<{url}>)"
        parts.append(about)
        for key, citation in source:
            quoted, place = escape(_shown_text(citation["text"])), escape(words.place(citation))
            parts.append(rf"> **\[{escape(key)}\]** {quoted} ({place})")
    return "\n\n".join(part for part in parts if part)


def changes_html(wire: ChangesWire, *, everything: bool = False, bare: bool = False) -> str:
    """Return changes as a fragment of HTML: no script, nothing remote, every text escaped.

    With ``bare`` there is no style and no link within the page, as readers of feeds want it.
    """
    name = f"cwc-{hashlib.sha256(wire['digest'].encode('utf-8', 'replace')).hexdigest()[:10]}"
    shown = _shown(wire, everything=everything)
    cited = _cited(wire, shown)
    numbers = {key: number for number, (key, _) in enumerate(cited, 1)}

    def mark(key: str) -> str:
        if bare or key not in numbers:
            return f"[{_text(key)}]"
        return f'<a role="doc-noteref" href="#{name}-{numbers[key]}">[{_text(key)}]</a>'

    parts = [
        f'<h2 dir="auto">{_text(_title(wire))}</h2>',
        f'<p class="cw-quiet">{_text(_since(wire))}</p>' * bool(wire["since"]),
    ]
    for kind, changes in shown:
        parts.append(f"<h3>{TITLES[kind]}</h3>\n<ul>")
        for group in _groups(changes):
            lines = "<br>".join(_lines(group, _text, mark=mark))
            why = f'<div class="cw-quiet">{_text(_why(group))}</div>' if _why(group) else ""
            parts.append(f'<li dir="auto">{lines}{why}</li>')
        parts.append("</ul>")
    if counted := _counted(wire, shown):
        parts.append(f'<p class="cw-quiet">{_text(counted)}</p>')
    if cited:
        parts.append("<h3>Sources</h3>\n<ul>")
        anchors = {key: "" if bare else f' id="{name}-{number}"' for key, number in numbers.items()}
        parts += [_source(source, anchors) for source in _by_article(cited)]
        parts.append("</ul>")
    body = "\n".join(part for part in parts if part)
    if bare:
        return f"<div>\n{body}\n</div>"
    return f'{_STYLE}\n<section class="citewire-changes" aria-label="What changed">\n{body}\n</section>'


def _source(source: Sequence[tuple[str, CitationWire]], anchors: Mapping[str, str]) -> str:
    about = _text(_about(source[0][1]))
    if url := link(source[0][1]["url"]):
        about = f'<a href="{html.escape(url)}" rel="noopener noreferrer">{about}</a>'
    quoted = "".join(
        f'<blockquote{anchors[key]} dir="auto"><b>[{_text(key)}]</b> {_text(_shown_text(citation["text"]))} '
        f'<span class="cw-quiet">{_text(words.place(citation))}</span></blockquote>'
        for key, citation in source
    )
    return f'<li dir="auto">{about}{quoted}</li>'


def _by_article(cited: Sequence[tuple[str, CitationWire]]) -> list[list[tuple[str, CitationWire]]]:
    """Return citations with those of one version of one article together."""
    found: dict[tuple[str, str], list[tuple[str, CitationWire]]] = {}
    for key, citation in cited:
        found.setdefault((citation["article"], citation["version"]), []).append((key, citation))
    return list(found.values())


def _text(text: str) -> str:
    return html.escape(line(text), quote=True)


def _title(wire: ChangesWire) -> str:
    return f"What changed: {wire['topic']}" if wire["topic"] else "What changed"


def _since(wire: ChangesWire) -> str:
    return f"since {words.when(wire['since'])}" if wire["since"] else ""


def _shown(wire: ChangesWire, *, everything: bool) -> list[_Of]:
    """Return the kinds that are printed in full, each with its changes."""
    kinds: list[ChangeKind] = [kind for kind in TITLES if everything or kind not in QUIET]
    by_kind: list[_Of] = [(kind, [change for change in wire["changes"] if change["kind"] == kind]) for kind in kinds]
    return [(kind, changes) for kind, changes in by_kind if changes]


def _groups(changes: Sequence[ChangeWire]) -> list[list[ChangeWire]]:
    """Return changes with those together in whose place the same statement stands."""
    found: dict[str, list[ChangeWire]] = {}
    for place, change in enumerate(changes):
        after = change["after"]
        found.setdefault(after["certificate"] if after and change["before"] else str(place), []).append(change)
    return list(found.values())


def _why(group: Sequence[ChangeWire]) -> str:
    return "; ".join(dict.fromkeys(change["why"] for change in group if change["why"]))


def _lines(
    group: Sequence[ChangeWire], shape: Callable[[str], str], mark: Callable[[str], str] = "[{}]".format
) -> Iterator[str]:
    """Yield changes line by line: alone what has one side, else what holds now and what was told before."""
    after = group[0]["after"]
    told = [c["before"] for c in group if c["before"] is not None and c["kind"] != "unchanged"]
    if after is not None:
        yield ("Now: " if told else "") + _statement(after, shape, mark)
    for before in told:
        yield ("Before: " if after else "") + _statement(before, shape, mark)


def _statement(claim: ClaimWire, shape: Callable[[str], str], mark: Callable[[str], str]) -> str:
    note = claim.get("note")
    marks = "".join(mark(key) for key in claim["citations"])
    return f"{shape(_shown_text(claim['text']))} {marks}" + (f" ({shape(note)})" if note else "")


def _shown_text(text: str) -> str:
    """Return a text as it is shown: one that was removed with its article is named so."""
    return REMOVED if text and not text.strip(MASK) else line(text)


def _counted(wire: ChangesWire, shown: Sequence[_Of]) -> str:
    """Return one line on what was not printed, or on nothing having changed."""
    printed = {kind for kind, _ in shown}
    number = {kind: sum(c["kind"] == kind for c in wire["changes"]) for kind in QUIET if kind not in printed}
    parts = [] if shown else ["Nothing is new." if number.get("left_out") else NOTHING]
    if unchanged := number.get("unchanged"):
        parts.append(f"{words.count(unchanged, 'statement')} unchanged.")
    if left := number.get("left_out"):
        parts.append(
            f"{words.count(left, 'statement')} not told any more; nothing took {'it' if left == 1 else 'them'} back."
        )
    return " ".join(parts)


def _cited(wire: ChangesWire, shown: Sequence[_Of]) -> list[tuple[str, CitationWire]]:
    """Return the citations of what is printed, in the order in which a reader meets them."""
    claims = [claim for _, changes in shown for c in changes for claim in (c["after"], c["before"]) if claim]
    return [(key, wire["citations"][key]) for key in words.cited(claims) if key in wire["citations"]]


def _about(citation: CitationWire) -> str:
    headline = line(citation["headline"] or "")
    return f"{words.outlet(citation)}, {words.when(citation['published'])}" + (f", {headline}" if headline else "")
