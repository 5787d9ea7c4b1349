"""Wire document to a draft in a mail client: plain text and HTML side by side, nothing to fetch, nothing to run."""

from __future__ import annotations

import html
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from rag.rendering.outline import Block, CitedSentence, outline, title
from rag.rendering.terminal import answer_text, briefing_text

if TYPE_CHECKING:
    from rag.wire import AnswerWire, BriefingWire

_SUBJECT = 180
"""Characters of a subject line, so that no client cuts or refuses it."""
_TEXT_WIDTH = 76
_SERIF = "font-family:Charter,Georgia,serif"
_SANS = "font-family:Helvetica,Arial,sans-serif"
_STYLES = {
    "title": f"margin:0 0 12px;{_SERIF};font-size:26px;line-height:1.2",
    "heading": f"margin:32px 0 4px;{_SERIF};font-size:20px;line-height:1.25",
    "subheading": f"margin:20px 0 6px;{_SANS};font-size:13px;line-height:1.4",
    "text": "margin:0 0 10px",
    "item": "margin:0 0 8px",
    "side": "margin:0 0 8px;list-style:none",
    "quote": "margin:-4px 0 10px;padding:0 0 0 16px;list-style:none;font-size:15px;color:#5a5f69",
    "quiet": f"margin:0 0 12px;{_SANS};font-size:13px;line-height:1.5;color:#5a5f69",
}
"""Style attributes: mail clients drop style sheets."""
_TAGS = {
    "title": "h1",
    "heading": "h2",
    "subheading": "h3",
    "text": "p",
    "item": "li",
    "side": "li",
    "quote": "li",
    "quiet": "p",
}


def letter(wire: AnswerWire | BriefingWire, *, now: datetime, withheld: bool = False) -> bytes:
    """Return an RFC 5322 message that a mail client opens as a draft. ``now`` has a time zone."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _subject(title(wire))
    message["Date"] = format_datetime(now)
    message["X-Unsent"] = "1"
    if wire["schema"] == "citewire/answer-1":
        text = answer_text(wire, withheld=withheld, width=_TEXT_WIDTH)
    else:
        text = briefing_text(wire, withheld=withheld, width=_TEXT_WIDTH)
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(letter_html(wire, withheld=withheld), subtype="html", cte="quoted-printable")
    return message.as_bytes()


def _subject(text: str) -> str:
    """Return a subject of one line that no one decodes: ``=?utf-8?q?=0D=0ABcc:...?=`` would become a header."""
    text = text.replace("=?", "= ?")
    return text if len(text) <= _SUBJECT else f"{text[: _SUBJECT - 1]}…"


def letter_html(wire: AnswerWire | BriefingWire, *, withheld: bool = False) -> str:
    """Return a document as HTML of the kind that mail clients show: few tags, every style in its place."""
    parts: list[str] = []
    listing = False
    for block in outline(wire, withheld=withheld):
        item = isinstance(block, Block) and block.kind in {"item", "side", "quote"}
        if item != listing:
            parts.append('<ul style="margin:0;padding:0 0 0 20px">' if item else "</ul>")
            listing = item
        parts.append(_block(block) if isinstance(block, Block) else _cited(block))
    if listing:
        parts.append("</ul>")
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{html.escape(title(wire))}</title>'
        f'</head>\n<body style="margin:0;padding:24px;background:#fff;color:#16181d;{_SERIF};font-size:17px;'
        f'line-height:1.5">\n<div style="max-width:640px">\n{body}\n</div>\n</body>\n</html>\n'
    )


def _block(block: Block) -> str:
    tag = _TAGS[block.kind]
    marks = "".join(
        f'<sup style="line-height:0"><a href="#source-{html.escape(key)}" '
        f'style="color:#0b57a4;text-decoration:none;{_SANS};font-size:11px">[{html.escape(key)}]</a></sup>'
        for key in block.keys
    )
    note = f' <span style="color:#5a5f69">({html.escape(block.note)})</span>' if block.note else ""
    return f'<{tag} dir="auto" style="{_STYLES[block.kind]}">{html.escape(block.text)}{marks}{note}</{tag}>'


def _cited(cited: CitedSentence) -> str:
    name = html.escape(cited.key)
    headline = html.escape(cited.headline or "article")
    if cited.url:
        headline = f'<a href="{html.escape(cited.url)}" style="color:#0b57a4">{headline}</a>'
    return (
        f'<p dir="auto" id="source-{name}" style="margin:0 0 12px;font-size:15px"><b>[{name}]</b> '
        f'{html.escape(cited.text)}<br><span style="{_SANS};font-size:13px;color:#5a5f69">'
        f"{html.escape(cited.about)}, {headline}</span></p>"
    )
