"""Bytes to clean text: decoded, NFC, one line break, one blank, nothing invisible; what was guessed is said."""

from __future__ import annotations

import codecs
import re
import unicodedata

from rag.readers.notes import Unreadable
from rag.rendering import visible

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"{\\rtf", "an RTF file"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SURROGATE, _TAG = re.compile("[\ud800-\udfff]"), re.compile("[\U000e0000-\U000e007f]")
_SHARED = re.compile(r"[\s\x21-\x7e\u2010-\u2027\u3000-\u303f\uff01-\uff5e]")
_BLANK = re.compile("[\u00a0\u2000-\u200a\u202f\u205f]")
"""Blanks of other widths, and those that keep a line together: a space to every reader, and to no rule of words."""
_UNWRITTEN = frozenset({"Cn", "Co"})
"""Categories of characters that no script has: unassigned, and for private use."""
_HEAD = 10_000
"""Characters that are looked at for that."""
_BINARY_SHARE = 0.05
"""More control characters than this are no text. Terminal recordings with colour stay below 0.02; compressed data has
0.12 and more."""
_FOREIGN_SHARE = 0.3
"""Windows-1252 is guessed only for text that is mostly ASCII; Cyrillic or Japanese bytes would become nonsense."""
_ASCII = range(0x80)
_REPLACEMENT = "\ufffd"
_UTF8 = "save it as UTF-8 and add it again"


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of a file, and what was guessed about its encoding (or nothing).

    Raises Unreadable if it is empty, binary, or in an encoding that is not recognised.
    """
    for magic, kind in _KINDS:
        if data.startswith(magic):
            reason = f"it is {kind}, not text"
            raise Unreadable(reason)
    text, doubt = _marked(data) or _unmarked(data)
    if len(_CONTROL.findall(text)) > _BINARY_SHARE * len(text):
        reason = "it looks binary"
        raise Unreadable(reason, hint=_UTF8)
    return text, doubt


def _marked(data: bytes) -> tuple[str, str] | None:
    """The text of bytes whose first ones say how they are written, None if they say nothing.

    Two bytes are easily met by chance: a wide text must have something that every script shares (a blank, a line break,
    a stop), and no more characters than chance allows that nobody writes.
    """
    mark, name = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", ""))
    if not mark:
        return None
    try:
        text = data[len(mark) :].decode("utf-8") if name == "utf-8" else data.decode(name)
    except UnicodeDecodeError as error:
        reason = f"its first bytes say {name.upper()}, but byte {error.start:,} is not"
        raise Unreadable(reason, hint=_UTF8) from error
    head = text[:_HEAD]
    strange = sum(unicodedata.category(char) in _UNWRITTEN for char in head)
    if head and name != "utf-8" and (not _SHARED.search(head) or strange > _BINARY_SHARE * len(head)):
        reason = f"its first bytes say {name.upper()}, but the rest looks binary"
        raise Unreadable(reason, hint=_UTF8)
    return text, ""


def _unmarked(data: bytes) -> tuple[str, str]:
    if b"\0" in data:
        reason = "it looks binary (or is UTF-16 without a byte order mark)"
        raise Unreadable(reason, hint=_UTF8)
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        return _guess(data, error)


def _guess(data: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    """The text of bytes that are not UTF-8: damaged UTF-8, or Windows-1252."""
    mended = data.decode("utf-8", "replace")
    broken = mended.count(_REPLACEMENT)
    if broken * 10 < sum(not char.isascii() for char in mended):
        return mended, f"damaged UTF-8: {broken} unreadable places are shown as {_REPLACEMENT}"
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    if not text or _CONTROL.search(text) or sum(byte not in _ASCII for byte in data) > _FOREIGN_SHARE * len(data):
        reason = f"its encoding is not recognised: byte {error.start:,} is not UTF-8"
        raise Unreadable(reason, hint=_UTF8) from error
    return text, "not UTF-8: read as Windows-1252, check its accents and quotation marks"


def clean(text: str) -> tuple[str, tuple[str, ...]]:
    """Return text as it is kept, and what a reader of it should know.

    The same text always gives the same result, and cleaning twice changes nothing.
    """
    doubts: list[str] = []
    if broken := len(_SURROGATE.findall(text)):
        doubts.append(f"{broken} broken characters (half of a surrogate pair) are shown as {_REPLACEMENT}")
    if hidden := len(_TAG.findall(text)):
        doubts.append(f"{hidden} invisible tag characters were removed: they can carry hidden instructions")
    return _composed(visible(_composed(_BLANK.sub(" ", text)))), tuple(doubts)


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def field(value: str) -> str:
    """Return a field on one line."""
    return " ".join(clean(value)[0].split())
