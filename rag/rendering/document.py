"""Wire document to a Word document, by ``python-docx``: no macro, no picture, nothing to fetch.

Each number is a link to its source at the end, and each source a link to the article.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from rag.errors import ModelMissing
from rag.rendering.outline import Block, CitedSentence, outline, title

if TYPE_CHECKING:
    from rag.wire import AnswerWire, BriefingWire

_LANGUAGE = "en-GB"
_STYLES = {
    "title": "Title",
    "heading": "Heading 1",
    "subheading": "Heading 2",
    "text": "Normal",
    "item": "List Bullet",
    "side": "List Continue",
    "quote": "List Continue 2",
    "quiet": "Normal",
}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INK, _QUIET, _LINK = "16181D", "5A5F69", "0B57A4"
_TITLE = 255
"""Characters of a title that the properties of a file hold."""
_LOOK = {
    "Normal": ("Georgia", 11, False),
    "List Bullet": ("Georgia", 11, False),
    "List Continue": ("Georgia", 11, False),
    "List Continue 2": ("Georgia", 10, False),
    "Title": ("Georgia", 24, True),
    "Heading 1": ("Georgia", 16, True),
    "Heading 2": ("Arial", 10, True),
}
"""Font, points, bold. Fonts are named, not embedded; both are on every desktop or have a metric twin there."""


def ready() -> None:
    """Raise ModelMissing without the package that writes Word documents."""
    if find_spec("docx") is None:
        msg = "Word documents need python-docx, which is not installed"
        raise ModelMissing(msg, hint="python -m pip install 'citewire[docx]'")


def document(wire: AnswerWire | BriefingWire, *, now: datetime, withheld: bool = False) -> bytes:
    """Return the bytes of a Word document. Raises ModelMissing without python-docx."""
    ready()
    made = _part("docx").Document()
    _properties(made, title(wire), now)
    _look(made)
    for number, block in enumerate(outline(wire, withheld=withheld), 1):
        if isinstance(block, Block):
            _block(made, block)
        else:
            _cited(made, block, number)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _properties(made: Any, name: str, now: datetime) -> None:
    known = made.core_properties
    moment = now.astimezone(UTC).replace(tzinfo=None, microsecond=0)  # python-docx takes naive times for UTC
    known.title, known.author, known.last_modified_by = _xml(name)[:_TITLE], "citewire", "citewire"
    known.created = known.modified = moment
    known.language, known.comments, known.keywords = _LANGUAGE, "", ""


def _look(made: Any) -> None:
    qn, shared = _part("docx.oxml.ns").qn, _part("docx.shared")
    for name, (font, points, bold) in _LOOK.items():
        style = made.styles[name]
        style.font.name, style.font.size, style.font.bold = font, shared.Pt(points), bold
        style.font.color.rgb = shared.RGBColor.from_string(_INK)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)  # else the theme's font wins
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), _LANGUAGE)


def _block(made: Any, block: Block) -> None:
    paragraph = made.add_paragraph(style=_STYLES[block.kind])
    run = paragraph.add_run(_xml(block.text))
    if block.kind == "quiet":
        _quiet(run)
    for key in block.keys:
        _link(paragraph, f"[{key}]", anchor=_anchor(key), raised=True)
    if block.note:
        _quiet(paragraph.add_run(_xml(f" ({block.note})")))


def _cited(made: Any, cited: CitedSentence, number: int) -> None:
    paragraph = made.add_paragraph()
    start = _element("w:bookmarkStart", {"w:id": str(number), "w:name": _anchor(cited.key)})
    paragraph._p.append(start)
    paragraph.add_run(f"[{_xml(cited.key)}] ").bold = True
    paragraph._p.append(_element("w:bookmarkEnd", {"w:id": str(number)}))
    paragraph.add_run(_xml(cited.text)).add_break()
    _quiet(paragraph.add_run(_xml(f"{cited.about}, ")))
    if cited.url:
        _link(paragraph, cited.headline or "article", url=cited.url)
    else:
        _quiet(paragraph.add_run(_xml(cited.headline or "article")))
    _quiet(paragraph.add_run(_xml(f" · {cited.place}")))


def _link(paragraph: Any, text: str, *, anchor: str = "", url: str = "", raised: bool = False) -> None:
    """Add a link to a bookmark of this document, or to a page that Word opens only when asked."""
    shared = _part("docx.shared")
    run = paragraph.add_run(_xml(text))
    run.font.color.rgb = shared.RGBColor.from_string(_LINK)
    run.font.superscript = True if raised else None
    if not raised:
        run.font.size, run.font.underline = shared.Pt(9), True
    where = {"w:anchor": anchor} if anchor else {}
    if url:
        kind = _part("docx.opc.constants").RELATIONSHIP_TYPE.HYPERLINK
        where = {"r:id": paragraph.part.relate_to(_xml(url), kind, is_external=True)}
    hyperlink = _element("w:hyperlink", {**where, "w:history": "1"})
    hyperlink.append(run._r)
    paragraph._p.append(hyperlink)


def _quiet(run: Any) -> None:
    shared = _part("docx.shared")
    run.font.size, run.font.color.rgb = shared.Pt(9), shared.RGBColor.from_string(_QUIET)


def _element(name: str, attributes: dict[str, str]) -> Any:
    qn = _part("docx.oxml.ns").qn
    return _part("docx.oxml").OxmlElement(name, attrs={qn(key): value for key, value in attributes.items()})


def _part(name: str) -> Any:
    return import_module(name)


def _anchor(key: str) -> str:
    """Return the name of a bookmark: a letter first, letters, digits and underscores, 40 at most."""
    return f"source_{re.sub('[^0-9A-Za-z]', '_', key)}"[:40]


def _xml(text: str) -> str:
    """Return ``text`` without the two characters that XML has no way to write."""
    return _NO_XML.sub("\ufffd", text)
