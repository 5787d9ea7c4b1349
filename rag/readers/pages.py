"""Saved web pages to articles: what the page says of itself, and the text of its article without the page around it.

What is text is trafilatura's decision (Barbaresi 2021, ACL demos); it comes with the extra ``citewire[web]``. A page is
data: no script in it is run, nothing it names is fetched, and what it hides from its readers is not read.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import dropwhile, islice
from typing import Protocol, TypeVar, cast

from rag.readers.cleaning import clean, decode
from rag.readers.declared import Node, declared, fronts, printed, titles
from rag.readers.fields import fields, reading
from rag.readers.notes import Reading, Unreadable
from rag.readers.prose import credited, headed
from rag.readers.records import Foreign

_T = TypeVar("_T")
KINDS = frozenset({".html", ".htm"})
INSTALL = "python -m pip install 'citewire[web]'"
MISSING = "web pages need trafilatura, which is not installed"
_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,2000}-->\s*)?<(?:!doctype\s+html|html)\b",
    re.IGNORECASE,
)
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*(?P<meta>[\w.:-]{1,40})"
    rb"|<\?xml[^>]{0,99}?encoding=[\"'](?P<xml>[\w.:-]{1,40})",
    re.IGNORECASE,
)
_HEAD = 8192
"""Bytes in which a page says its encoding; browsers look at the first 1,024, and comments may stand before it."""
_ENCODINGS = re.compile(
    r"utf-?8|us-ascii|(?:iso-?8859|latin)-?\d{1,2}|windows-?(?:125\d|874)|cp125\d|koi8-[ru]|macintosh|gb2312|gbk|gb18030"
    r"|big5(?:-hkscs)?|shift[_-]jis|euc-(?:jp|kr)|iso-2022-jp"
)
"""Encodings of text that pages are written in; Python has others that unpack or compute."""
_AS_1252 = re.compile(r"us-ascii|iso-?8859-?1|latin-?1")
"""What calls itself so is Windows-1252 in practice; every browser reads it like that."""
_FEW = 200
"""Of so many characters one may be broken. More means that the page is in another encoding than it says."""
_REPLACEMENT = "\ufffd"
_ARCHIVE = re.compile(rb"(?:From: <Saved by|MIME-Version:)", re.IGNORECASE)
_MOST = 50_000
"""Elements of a page. The largest of the public pages has 1,600; 400,000, made to be slow, take a minute."""
_INLINE = re.compile(r"data:[\w/+.;=-]{0,100};base64,[A-Za-z0-9+/=\s]{1000,}")
"""A picture inside the page: its parser gives up at 10 MB of one."""
_HIDDEN = [
    "//template",
    "//*[@hidden]",
    "//*[contains(translate(@style, ' ', ''), 'visibility:hidden')]",
    "//*[contains(concat(translate(@style, ' ', ''), ';'), 'font-size:0;')]",
    "//*[contains(concat(translate(@style, ' ', ''), ';'), 'font-size:0px;')]",
]
"""What a reader does not see, beside ``display:none``, which trafilatura leaves out itself."""
_ENDED = re.compile(r"[.!?…。！？।][”\"’')\]»]*\Z")
_LEAST = 120
"""Characters of whole sentences that make an article: error pages, logins and lists of links have fewer. The shortest
article of the public pages has 64 words, about 400 (benchmarks/extraction.py)."""
_ROW = re.compile(r"\|(?P<cells>.*)\|\s*")
_NO_TEXT = "it holds no article: error pages, lists of links and pages that a script fills have no text to cite"
_BY_HAND = "copy the article's text into a .txt file and add that"


def installed() -> bool:
    """Whether pages can be read."""
    return find_spec("trafilatura") is not None


def begins(head: bytes) -> bool:
    """Whether these first bytes begin a web page."""
    return bool(_BEGINS.match(head))


def parse(data: bytes) -> Reading:
    """Return the article of a page.

    Raises Unreadable if there is none, or without the package that finds it, Foreign for a page that citewire wrote.
    """
    if not installed():
        raise Unreadable(MISSING, hint=INSTALL)
    text, doubt = _decoded(data)
    tree = _tree(_INLINE.sub("data:", text))
    if tree is None:
        raise Unreadable(_NO_TEXT, hint=_BY_HAND)
    if next(islice(tree.iter(), _MOST, None), None) is not None:
        reason = f"it has more than {_MOST:,} elements, the limit for one page"
        raise Unreadable(reason, hint=_BY_HAND)
    if printed(tree):
        reason = "citewire wrote it, from sources that it cites: add those"
        raise Foreign(reason)
    known = fields(declared(tree, text[:_HEAD])).doubting(doubt)
    if host := fronts(tree):
        known = known.doubting(f"it gives the front page of {host} as its address, which was left out")
    named = titles(tree)  # before the text is taken, which may take the tree apart
    body, doubts = clean(_paragraphs(_extracted(tree)))
    lines = list(dropwhile(lambda line: not line or line in named, body.split("\n"))) or [""]
    known, lines = headed(known.doubting(*doubts), lines)
    known, lines = credited(known, lines)
    if sum(len(line) for line in lines if _ENDED.search(line.rstrip())) < _LEAST:
        raise Unreadable(_NO_TEXT, hint=_BY_HAND)
    return reading(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)), known)


def _decoded(data: bytes) -> tuple[str, str]:
    """The text of a page in the encoding that it says, and what was guessed; as any other file where it says none."""
    if _ARCHIVE.match(data):
        reason = "it is a web archive (MHTML), not a page"
        raise Unreadable(reason, hint="save it as 'web page, HTML only' and add that")
    said = _said(data)
    if not said or data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return decode(data)
    if not data.isascii() and not said.startswith("utf"):
        try:  # saved anew by a program that left the page's own words about its encoding; chance does not make UTF-8
            return data.decode("utf-8"), f"it says {said} and is UTF-8: read as that"
        except UnicodeDecodeError:
            pass
    text = data.decode("cp1252" if _AS_1252.fullmatch(said) else said, "replace")
    broken = text.count(_REPLACEMENT)
    if broken * _FEW > len(text):
        text, doubt = decode(data)
        return text, doubt or f"it says {said} and is not"
    return text, f"{broken} places that are not {said} are shown as {_REPLACEMENT}" if broken else ""


def _said(data: bytes) -> str:
    """The encoding that a page declares, nothing where it is none or none of text."""
    match = _CHARSET.search(data, 0, _HEAD)
    name = (match["meta"] or match["xml"]).decode("ascii").lower() if match else ""
    name = {"utf8": "utf-8", "windows-874": "cp874", "macintosh": "mac-roman"}.get(name, name)
    try:
        b"".decode(name or "?")
    except LookupError:
        return ""
    return name if _ENCODINGS.fullmatch(name) or name in {"cp874", "mac-roman"} else ""


class _Trafilatura(Protocol):
    """What is used of trafilatura."""

    def load_html(self, html: str) -> Node | None: ...

    def extract(self, tree: Node, *, include_comments: bool, prune_xpath: list[str]) -> str | None: ...


@cache
def _trafilatura() -> _Trafilatura:
    for name in ("trafilatura", "htmldate", "justext"):  # what they log is for who asks for it, not for the terminal
        logging.getLogger(name).addHandler(logging.NullHandler())
    return cast("_Trafilatura", import_module("trafilatura"))


def _tree(text: str) -> Node | None:
    return _called(lambda: _trafilatura().load_html(text))


def _extracted(tree: Node) -> str:
    """The lines of the article, readers' comments left out."""
    return _called(lambda: _trafilatura().extract(tree, include_comments=False, prune_xpath=_HIDDEN)) or ""


def _called(call: Callable[[], _T]) -> _T:
    """What the library gives. Raises Unreadable for whatever it raises: a page can be made to break any parser."""
    try:
        return call()
    except Exception as error:
        reason = f"it is broken as a page: {type(error).__name__}"
        raise Unreadable(reason, hint=_BY_HAND) from error


def _paragraphs(text: str) -> str:
    """Extracted lines to paragraphs with an empty line between; a line broken inside a sentence is whole again."""
    paragraphs: list[list[str]] = []
    for line in filter(None, map(_plain, text.split("\n"))):
        if paragraphs and line[0].islower() and not _ENDED.search(paragraphs[-1][-1]):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return "\n\n".join(map(" ".join, paragraphs))


def _plain(line: str) -> str:
    """A line without the marks that the library sets before items and around the cells of a table."""
    if row := _ROW.fullmatch(line):
        cells = [cell.strip() for cell in row["cells"].split("|")]
        return " | ".join(cell for cell in cells if cell.strip("-: "))
    return line.removeprefix("- ").strip()
