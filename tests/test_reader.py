"""An article on a page: all of its text, each cited sentence marked once, nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from rag import rendering
from rag.answers import Answer
from rag.claims import Citation, Claim, Provenance
from rag.clippings import article_wire, clippings
from rag.errors import UsageError
from rag.rendering.characters import visible
from rag.rendering.reader import Mark, article
from rag.sources import Article, Sentence

if TYPE_CHECKING:
    from rag.wire import AnswerWire, ArticleWire

TEXT = "The wall fell. Nobody was hurt.\n\nA new wall will cost $4 million, the mayor said."
SENTENCES = ("The wall fell.", "A new wall will cost $4 million, the mayor said.")


class _Body(HTMLParser):
    """The text of an article, without the links that lead back; what is marked; the anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.text, self.marked = "", ""
        self.feed(text.partition('<div class="cw-text">')[2].partition("</div>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "a" not in self.open:
            self.text += data
            self.marked += data if "mark" in self.open else ""


def _wire(text: str) -> ArticleWire:
    known = {"headline": None, "outlet": None, "published": None, "url": None, "byline": None}
    return {"article": "a", "version": "v", **known, "labels": [], "text": text, "sentences": []}  # pyright: ignore[reportReturnType]


def _packed(text: str) -> str:
    return "".join(text.split())


@st.composite
def _marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(st.text(alphabet="ab<&\"' \n\té\u202e\u0007", min_size=1, max_size=60))
    cuts = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=5))
    spans = [(min(cut), max(cut)) for cut in cuts if cut[0] != cut[1]]
    return text, [Mark(str(n), f"m{n}", f"b{n}", *span) for n, span in enumerate(spans)]


@given(_marked_texts())
def test_an_article_keeps_its_text_and_marks_what_is_cited_and_no_more(marked: tuple[str, list[Mark]]) -> None:
    text, marks = marked
    body = _Body(article(_wire(text), marks, "name"))
    assert not body.open
    assert _packed(body.text) == _packed(visible(text))
    cited = "".join(char for n, char in enumerate(text) if any(mark.start <= n < mark.end for mark in marks))
    assert _packed(body.marked) == _packed(visible(cited))
    assert sorted(body.ids) == sorted(mark.name for mark in marks)


@given(st.text(min_size=1, max_size=80), st.integers(0, 80))
def test_no_control_or_direction_character_of_an_article_reaches_a_page(text: str, cut: int) -> None:
    page = article(_wire(text), [Mark("1", "m", "b", min(cut, len(text) - 1), len(text))], "name")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)


def _document() -> tuple[AnswerWire, Article, tuple[Sentence, ...]]:
    whole = Article(TEXT, headline="Wall falls", outlet="Free Tide")
    places = [(TEXT.index(text), text) for text in SENTENCES]
    sentences = tuple(
        Sentence(whole.id, whole.version, n, start, start + len(text), text) for n, (start, text) in enumerate(places)
    )
    claims = tuple(Claim(one.text, (Citation.of(one, whole),), ("pointer",)) for one in sentences)
    return Answer("What fell?", claims, Provenance("extractive", "rules", "f", "0")).to_dict(), whole, sentences


def test_an_article_that_two_sentences_come_from_stands_once_on_a_page() -> None:
    wire, whole, sentences = _document()
    articles = clippings(wire, lambda _id, _version: whole, lambda _article: sentences)
    page = rendering.answer_html(wire, articles=articles)
    assert page.count("<article ") == 1
    for text in SENTENCES:
        assert re.search(rf'<mark id="[^"]+" tabindex="-1">{re.escape(text)} <a role="doc-backlink"', page)


def test_an_article_that_was_removed_leaves_its_sentences_in_the_list_of_sources() -> None:
    wire, whole, sentences = _document()

    def gone(name: str, version: str) -> Article:
        raise UsageError(f"there is no {name} {version}")  # noqa: EM102, TRY003 - as the newsroom says it

    assert clippings(wire, gone, lambda _article: sentences) == {}
    page = rendering.answer_html(wire, articles={})
    assert "<article" not in page
    ids = re.findall(r' id="([^"]+)"', page)
    targets = re.findall(r'role="doc-noteref"[^>]* href="#([^"]+)"', page)
    assert len(targets) == 2
    assert set(targets) <= set(ids)
    assert whole.text not in page


def test_a_sentence_that_is_not_where_its_citation_says_is_marked_nowhere() -> None:
    wire, whole, sentences = _document()
    other = article_wire(whole, sentences)
    other["text"] = other["text"].replace("$4 million", "$5 million")
    page = rendering.answer_html(wire, articles={f"{whole.id}@{whole.version}": other})
    assert page.count("<mark ") == 1
    assert "The wall fell. <a" in page
