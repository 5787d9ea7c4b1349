"""Word documents and drafts of mails: what stands in them, where their links lead, and what never gets in."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answers import Abstention, Answer, Briefing, Section, Story
from rag.claims import Citation, Claim, Conflict, Position, Provenance, Reason, Source, Withheld
from rag.rendering import line
from rag.rendering.document import document
from rag.rendering.letter import letter
from rag.rendering.words import KINDS
from rag.sources import Article, Sentence

if TYPE_CHECKING:
    from rag.wire import AnswerWire, BriefingWire

NOW = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
SENTENCE = "Four people died, the hospital said."
HOSTILE = [
    "<script>alert(1)</script><img src='https://evil.example/x.png'>",
    "x\r\nBcc: victim@evil.example\r\n\r\n<html>",
    "x\nX-Evil: 1",
    "=?utf-8?q?=0D=0ABcc:_a@evil.example?=",
    "]]><w:p/>&amp;{ MACROBUTTON x }",
    "\x1b[31mred\x07 \u202etxet\u2066 \ufffe\uffff \ud800 \x00",
    "https://evil.example/\x00",
    "a" * 3_000,
]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def _citation() -> Citation:
    article = Article(
        f"{SENTENCE} More.",
        headline="Four dead",
        outlet="Free Tide",
        published=datetime(2026, 3, 3, 9, 15, tzinfo=UTC),
        url="https://tide.example/a?b=1&c=2",
    )
    return Citation.of(Sentence(article.id, article.version, 0, 0, len(SENTENCE), SENTENCE), article)


def _answer(hostile: str = "") -> AnswerWire:
    claims = (Claim(SENTENCE, (_citation(),), ("pointer",), note="PLANTED" if hostile else ""),)
    withheld = (Withheld("Five died.", Reason.FACTS, "five is not there", ()),)
    made = Provenance("extractive", "rules", "f", "0.1.0")
    wire = Answer("How many died?", claims, made, ("who steered",), withheld).to_dict()
    if hostile:
        wire["question"] = wire["claims"][0]["text"] = wire["claims"][0]["note"] = hostile
        wire["missing"] = [hostile]
        wire["provenance"]["generator"] = wire["withheld"][0]["text"] = wire["withheld"][0]["detail"] = hostile
        wire["citations"]["1"].update({"text": hostile, "headline": hostile, "outlet": hostile, "article": hostile})
    return wire


def _briefing() -> BriefingWire:
    claim = Claim(SENTENCE, (_citation(),), ("pointer",))
    story = Story("s", "Four dead", tuple(Section(kind, (claim,)) for kind in KINDS), (Source("a", ("Tide",), ("a",)),))
    return Briefing("ferry", (story,), Provenance("extractive", "rules", "f", "0.1.0")).to_dict()


def _changed() -> BriefingWire:
    """A briefing with a toll that changed."""
    text = "Two people died, then four, the hospital said."
    article = Article(text, headline="Four dead", outlet="Echo", published=datetime(2026, 3, 3, tzinfo=UTC))
    cited = Citation.of(Sentence(article.id, article.version, 0, 0, len(text), text), article)
    sides = (Position("Two", "the hospital", cited, "first"), Position("four", "the hospital", cited, "later"))
    claims = (Claim(SENTENCE, (_citation(),), ("pointer",)),)
    conflict = Conflict("update", "people killed", sides)
    story = Story("s", "Four dead", (Section("facts", claims),), (Source("a", ("Tide",), ("a",)),), (conflict,))
    return Briefing("ferry", (story,), Provenance("extractive", "rules", "f", "0.1.0")).to_dict()


def _declined() -> AnswerWire:
    return Abstention(
        "Who won?", Provenance("extractive", "rules", "f", "0"), ("the winner",), (_citation(),)
    ).to_dict()


def _opened(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def _bodies(message: EmailMessage) -> tuple[str, str]:
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain
    assert html
    return plain.get_content(), html.get_content()


def _part(data: bytes, name: str = "word/document.xml") -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return ET.fromstring(archive.read(name))  # noqa: S314 - of our own making


def _text(data: bytes) -> str:
    return "\n".join(
        "".join(node.text or "" for node in paragraph.iter(f"{W}t")) for paragraph in _part(data).iter(f"{W}p")
    )


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


# -- mail


def test_a_mail_is_a_draft_with_text_and_html_that_say_the_same() -> None:
    message = _opened(letter(_briefing(), now=NOW))
    assert message["Subject"] == "Briefing: ferry"
    assert message["Date"] == "Wed, 04 Mar 2026 08:00:00 +0000"
    assert message["X-Unsent"] == "1"
    assert message.get_content_type() == "multipart/alternative"
    plain, html = _bodies(message)
    for text in (plain, _Tags(html).text):
        for part in (*KINDS.values(), SENTENCE, "[1]", "Free Tide", "3 March 2026, 09:15 UTC", "Four dead"):
            assert part in text
    assert max(map(len, plain.splitlines())) <= 90


def test_a_conflict_is_a_block_of_a_mail_and_of_a_document() -> None:
    import docx  # noqa: PLC0415 - the extra

    _, html = _bodies(_opened(letter(_changed(), now=NOW)))
    made: Any = docx.Document(io.BytesIO(document(_changed(), now=NOW)))
    rows = [(part.style.name, part.text) for part in made.paragraphs]
    place = rows.index(("Heading 2", "Figures that changed"))

    assert rows[place + 1 : place + 5] == [
        ("List Bullet", "People killed"),
        ("List Continue", "first: Two (the hospital; Echo, 3 March 2026)[2]"),
        ("List Continue 2", "Two people died, then four, the hospital said."),
        ("List Continue", "later: four (the hospital; Echo, 3 March 2026)[2]"),
    ]
    for text in (text for _, text in rows[place : place + 5]):
        assert text in _Tags(html).text
    assert html.count("<ul") == html.count("</ul>")


def test_a_declined_question_and_what_was_withheld_are_in_a_mail_and_in_a_document() -> None:
    for shown in (_Tags(_bodies(_opened(letter(_declined(), now=NOW)))[1]).text, _text(document(_declined(), now=NOW))):
        for part in ("do not answer this question", "the winner", "they do not answer it", SENTENCE):
            assert part in shown
    for asked in (False, True):
        for shown in (
            _Tags(_bodies(_opened(letter(_answer(), now=NOW, withheld=asked)))[1]).text,
            _text(document(_answer(), now=NOW, withheld=asked)),
        ):
            assert ("Five died." in shown) is asked
            assert ("1 statement withheld" in shown) is not asked
            assert "who steered" in shown


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_becomes_a_header_a_script_a_picture_or_a_tag_of_a_mail(hostile: str) -> None:
    harmless = [tag for tag, _ in _Tags(_bodies(_opened(letter(_answer("x"), now=NOW)))[1]).tags]
    data = letter(_answer(hostile), now=NOW, withheld=False)
    message = _opened(data)
    assert message.keys() == ["Subject", "Date", "X-Unsent", "MIME-Version", "Content-Type"]
    assert not message.defects
    _, html = _bodies(message)
    found = _Tags(html)
    assert [tag for tag, _ in found.tags] == harmless
    assert not re.search("url\\(|@import", " ".join(attributes.get("style") or "" for _, attributes in found.tags))
    assert not [name for _, attributes in found.tags for name in attributes if name.startswith("on") or name == "src"]
    assert line(hostile) in found.text
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)


def test_a_subject_that_looks_encoded_is_shown_and_not_decoded() -> None:
    wire = _answer()
    wire["question"] = "=?utf-8?b?DQpCY2M6IGFAZXZpbC5leGFtcGxl?= =?utf-8?q?=0D=0ABcc:_a@evil.example?="
    data = letter(wire, now=NOW)
    assert _opened(data)["Subject"] == wire["question"].replace("=?", "= ?")
    assert b"\r\nBcc" not in data


@given(st.text(min_size=1, max_size=300).filter(lambda text: bool(line(text))))
def test_any_question_is_one_subject_line(question: str) -> None:
    wire = _answer()
    wire["question"] = question
    message = _opened(letter(wire, now=NOW))
    assert message.keys() == ["Subject", "Date", "X-Unsent", "MIME-Version", "Content-Type"]
    assert len(message["Subject"]) <= 180


# -- Word


def test_a_document_has_headings_sections_and_sources_in_order() -> None:
    import docx  # noqa: PLC0415 - the extra

    made: Any = docx.Document(io.BytesIO(document(_briefing(), now=NOW)))
    heads = [(part.style.name, part.text) for part in made.paragraphs if part.style.name.startswith(("Head", "Title"))]
    kinds = [("Heading 2", text) for text in KINDS.values()]
    assert heads == [("Title", "Briefing: ferry"), ("Heading 1", "Four dead"), *kinds, ("Heading 1", "Sources")]
    items = [part.text for part in made.paragraphs if part.style.name == "List Bullet"]
    assert items == [f"{SENTENCE}[1] (Free Tide)"] * len(KINDS)


def test_each_number_of_a_document_leads_to_its_source_and_the_source_to_its_article() -> None:
    data = document(_briefing(), now=NOW)
    body = _part(data)
    anchors = [link.get(f"{W}anchor") for link in body.iter(f"{W}hyperlink")]
    names = [mark.get(f"{W}name") for mark in body.iter(f"{W}bookmarkStart")]
    assert len(names) == len(set(names)) == 1
    assert [anchor for anchor in anchors if anchor] == names * len(KINDS)
    [place] = [link.get(f"{R}id") for link in body.iter(f"{W}hyperlink") if not link.get(f"{W}anchor")]
    targets = {part.get("Id"): part for part in _part(data, "word/_rels/document.xml.rels")}
    assert targets[place].get("Target") == "https://tide.example/a?b=1&c=2"


def test_a_document_names_its_title_and_language_and_holds_no_macro_and_nothing_to_fetch() -> None:
    data = document(_briefing(), now=NOW)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names, core = archive.namelist(), archive.read("docProps/core.xml").decode()
        styles = archive.read("word/styles.xml").decode()
        links = "".join(archive.read(name).decode() for name in names if name.endswith(".rels"))
    assert "<dc:title>Briefing: ferry</dc:title>" in core
    assert "2026-03-04T08:00:00Z" in core
    assert set(re.findall(r'<w:lang w:val="([^"]+)"', styles)) == {"en-GB"}
    assert not [name for name in names if re.search("vba|macro|activeX|embeddings|attachedTemplate", name)]
    outside = re.findall(r'<Relationship [^>]*TargetMode="External"[^>]*>', links)
    assert outside
    assert all("/hyperlink" in one for one in outside)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_any_text_stays_text_in_a_document(hostile: str) -> None:
    data = document(_answer(hostile), now=NOW, withheld=True)
    shown = re.sub("[\ufffe\uffff]", "\ufffd", line(hostile))
    assert shown in _text(data)
    tags = {node.tag for node in _part(data).iter()}
    assert tags == {node.tag for node in _part(document(_answer("x"), now=NOW, withheld=True)).iter()}


@given(st.text(min_size=1, max_size=60).filter(lambda text: bool(line(text))))
def test_a_document_can_be_made_of_any_text(text: str) -> None:
    wire = _answer()
    wire["question"] = wire["claims"][0]["text"] = wire["citations"]["1"]["text"] = text
    wire["citations"]["1"]["url"] = text
    assert re.sub("[\ufffe\uffff]", "\ufffd", line(text)) in _text(document(wire, now=NOW))
