"""Pages in a real browser: what a reader sees and reaches, and what a page never does.

The browser is the Chromium of the system (CITEWIRE_BROWSER names another); without one these tests are skipped, in CI
they fail.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from pypdf import PdfReader

from rag import Newsroom, rendering
from rag.answers import Answer
from rag.claims import Citation, Claim, Provenance
from rag.clippings import article_wire, clippings
from rag.rendering import line, when, words
from rag.sources import Article, Sentence

if TYPE_CHECKING:
    from rag.wire import BriefingWire, CitationWire

DESKTOP, PHONE = (1100, 800), (320, 640)
LINGERS = 400
"""Milliseconds after which a popover that nothing holds open is gone."""
RUNS = "<script>document.title='run'</script><img src='http://127.0.0.1:9/x.png' onerror=\"document.title='run'\">"
LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 6
CITED = f"Four people died, {RUNS} the hospital said."
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

CONTRASTS = """
() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgba = color => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const ground = element => {
    const under = element.parentElement ? ground(element.parentElement) : [255, 255, 255, 1];
    return over(rgba(getComputedStyle(element).backgroundColor), under);
  };
  const light = color => color.slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.tagName === 'STYLE') continue;
    const [ink, paper] = [light(over(rgba(getComputedStyle(element).color), ground(element))), light(ground(element))];
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    found.push([ratio, element.tagName + '.' + element.className + ': ' + walker.currentNode.data.slice(0, 40)]);
  }
  return found;
}
"""
"""The contrast of every text with what it stands on, by the formula of WCAG 2, popovers included."""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = (os.environ.get("CITEWIRE_BROWSER"), "chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    if path is None:
        why = "there is no browser: install Chromium, or name one with CITEWIRE_BROWSER"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)
    sandbox = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium's own does not start for root
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=["--no-sandbox"] if sandbox else [])
        yield running
        running.close()


@pytest.fixture(scope="module")
def briefing(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> tuple[BriefingWire, Path]:
    """A briefing over the seed articles of two events, and its page."""
    folder = tmp_path_factory.mktemp("pages")
    with Newsroom.open(folder / "archive") as room:
        room.add(seeds / "tarrow-ferry", seeds / "lumarra-breach")
        wire = room.brief(words=400).to_dict()
        articles = clippings(wire, room.article, room.sentences)
    path = folder / "briefing.html"
    path.write_text(rendering.page(rendering.briefing_html(wire, articles=articles), "Briefing"), encoding="utf-8")
    assert len(wire["stories"]) > 1
    assert len(wire["citations"]) > 5
    return wire, path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of an answer from an article that would run, fetch, and be wider than any screen."""
    article = Article(
        f"{CITED} {LONG}\n{RUNS}",
        headline=f"</title>{RUNS}{LONG}",
        outlet=RUNS,
        published=datetime(2026, 3, 3, 9, 15, tzinfo=UTC),
        url=f"https://tide.example/{LONG}",
        byline=RUNS,
    )
    sentence = Sentence(article.id, article.version, 0, 0, len(CITED), CITED)
    claim = Claim(f"{CITED} {LONG}", (Citation.of(sentence, article),), ("pointer",), note=RUNS)
    answer = Answer(question=f"{RUNS} {LONG}", claims=(claim,), provenance=Provenance("extractive", "rules", "f", "0"))
    articles = {f"{article.id}@{article.version}": article_wire(article, [sentence])}
    path = tmp_path_factory.mktemp("hostile") / "answer.html"
    page = rendering.page(rendering.answer_html(answer.to_dict(), articles=articles), answer.question)
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens a file; no page may ask for anything, say anything on the console, or change its title."""
    pages: list[tuple[Page, list[str], list[str]]] = []

    def show(path: Path, size: tuple[int, int] = DESKTOP, *, dark: bool = False) -> Page:
        page = browser.new_page(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        requests: list[str] = []
        said: list[str] = []
        page.on("request", lambda request: requests.append(request.url.partition("#")[0]))
        page.on("console", lambda message: said.append(message.text))
        pages.append((page, requests, said))
        page.goto(path.as_uri())
        return page

    yield show
    assert pages
    for page, requests, said in pages:
        address = page.url.partition("#")[0]
        assert page.title() != "run"
        assert set(requests) == {address}
        assert not said
        page.close()


def _marks(page: Page) -> list[Locator]:
    return page.locator("[role=doc-noteref]").all()


def _letters(text: str) -> str:
    """Text without its spaces and ligatures, which a PDF keeps in its own way."""
    return unicodedata.normalize("NFKC", "".join(text.split()))


def _citation(mark: Locator, wire: BriefingWire) -> CitationWire:
    return wire["citations"][mark.inner_text()]


def _shows(page: Page, mark: Locator, citation: CitationWire) -> None:
    """The popover of a number is seen, holds what it must, and is whole within the window."""
    popover = mark.locator("xpath=following-sibling::span")
    expect(popover).to_be_visible()
    text = popover.inner_text()
    for part in (line(citation["text"]), citation["outlet"] or "", when(citation["published"])):
        assert part in " ".join(text.split())
    box, size = popover.bounding_box(), page.viewport_size
    assert box
    assert size
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    expect(page.locator(".cw-pop:visible")).to_have_count(1)


# -- hover, focus, click


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_hovering_a_number_shows_its_sentence_outlet_and_date(
    opened: Open, briefing: tuple[BriefingWire, Path], size: tuple[int, int]
) -> None:
    wire, path = briefing
    page = opened(path, size)
    expect(page.locator(".cw-pop:visible")).to_have_count(0)
    for mark in _marks(page)[:6]:
        mark.hover()
        _shows(page, mark, _citation(mark, wire))
        page.mouse.move(0, 0)
        expect(page.locator(".cw-pop:visible")).to_have_count(0)


@pytest.mark.parametrize("steps", [1, 30], ids=["at once", "across the gap"])
def test_a_popover_can_be_entered_with_the_mouse_and_its_text_marked(
    opened: Open, briefing: tuple[BriefingWire, Path], steps: int
) -> None:
    wire, path = briefing
    page = opened(path)
    mark = _marks(page)[0]
    popover = mark.locator("xpath=following-sibling::span")
    mark.hover()
    expect(popover).to_be_visible()
    box = popover.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=steps)
    page.wait_for_timeout(LINGERS)
    _shows(page, mark, _citation(mark, wire))


def test_a_popover_of_the_keyboard_does_not_take_clicks_from_what_it_covers(
    opened: Open, briefing: tuple[BriefingWire, Path]
) -> None:
    _, path = briefing
    page = opened(path)
    mark = _marks(page)[0]
    mark.focus()
    popover = mark.locator("xpath=following-sibling::span")
    expect(popover).to_be_visible()
    under = "e => {const b = e.getBoundingClientRect();"
    under += " return e.contains(document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2))}"
    assert not popover.evaluate(under)
    mark.hover()
    assert popover.evaluate(under)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_browser_without_anchored_boxes_shows_the_sentence_below_its_paragraph(
    opened: Open, briefing: tuple[BriefingWire, Path], tmp_path: Path, size: tuple[int, int]
) -> None:
    wire, path = briefing
    text = path.read_text(encoding="utf-8")
    assert "@supports (anchor-scope:--a)" in text
    older = tmp_path / "older.html"
    older.write_text(text.replace("@supports (anchor-scope:--a)", "@supports (no-such:thing)"), encoding="utf-8")
    page = opened(older, size)
    for mark in _marks(page)[:6]:
        mark.hover()
        _shows(page, mark, _citation(mark, wire))
        page.mouse.move(0, 0)
        expect(page.locator(".cw-pop:visible")).to_have_count(0)


@pytest.mark.slow
def test_tab_reaches_every_number_and_shows_its_sentence(opened: Open, briefing: tuple[BriefingWire, Path]) -> None:
    wire, path = briefing
    page = opened(path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "cw-skip"
    reached: list[str] = []
    for mark in _marks(page):
        while page.evaluate("document.activeElement.getAttribute('role')") != "doc-noteref" or (
            reached and page.evaluate("document.activeElement.dataset.seen")
        ):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement !== document.body")
        page.evaluate("document.activeElement.dataset.seen = 'yes'")
        reached.append(page.evaluate("document.activeElement.textContent"))
        assert mark.get_attribute("data-seen") == "yes"
        _shows(page, mark, _citation(mark, wire))
    assert reached == [mark.inner_text() for mark in _marks(page)]
    assert set(reached) == set(words.keys(wire))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_click_leads_to_the_sentence_in_the_article_and_back(
    opened: Open, briefing: tuple[BriefingWire, Path], size: tuple[int, int]
) -> None:
    wire, path = briefing
    page = opened(path, size)
    for mark in _marks(page)[:6]:
        citation = _citation(mark, wire)
        mark.click()
        sentence = page.locator("mark:target")
        expect(sentence).to_be_in_viewport()
        assert line(citation["text"]) in " ".join(sentence.inner_text().split())
        article = page.locator("article", has=sentence)
        assert article.locator("h3").inner_text() == line(citation["headline"] or "")
        assert (citation["outlet"] or "") in article.inner_text()
        others = page.locator("mark:not(:target)").first
        glow = "element => getComputedStyle(element).backgroundColor"
        assert sentence.evaluate(glow) != others.evaluate(glow)
        sentence.locator("[role=doc-backlink]").first.click()
        expect(page.locator("[role=doc-noteref]:target")).to_be_in_viewport()
        assert page.locator("[role=doc-noteref]:target").inner_text() == mark.inner_text()


def test_each_cited_article_stands_once_and_every_number_has_its_place(
    opened: Open, briefing: tuple[BriefingWire, Path]
) -> None:
    wire, path = briefing
    page = opened(path)
    told = {wire["citations"][key]["article"] for key in words.keys(wire)}
    assert page.locator("article").count() == len(told)
    for mark in _marks(page):
        anchor = page.locator(f"[id='{(mark.get_attribute('href') or '')[1:]}']")
        assert anchor.count() == 1
        assert anchor.evaluate("element => element.closest('article') !== null")


# -- what a page never does


def test_text_of_an_article_neither_runs_nor_fetches_nor_makes_a_tag(opened: Open, hostile: Path) -> None:
    page = opened(hostile)
    mark = _marks(page)[0]
    mark.hover()
    mark.click()
    expect(page.locator("mark:target")).to_be_in_viewport()
    assert line(CITED) in page.locator("mark:target").inner_text()
    page.pdf()
    assert page.locator("script, img, iframe, object, embed, form, link").count() == 0
    assert page.title().startswith(line(RUNS)[:20])


def test_what_the_last_test_looks_for_is_seen_where_it_happens(browser: Browser) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(RUNS)
    page.wait_for_function("document.title === 'run'")
    assert asked == ["http://127.0.0.1:9/x.png"]
    page.close()


# -- for everyone


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_stands_out_from_its_ground(
    opened: Open, briefing: tuple[BriefingWire, Path], *, dark: bool
) -> None:
    page = opened(briefing[1], dark=dark)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") is not dark
    _marks(page)[0].click()
    expect(page.locator("mark:target")).to_have_count(1)
    found = cast("list[tuple[float, str]]", page.evaluate(CONTRASTS))
    assert len(found) > 100
    assert not [one for one in found if one[0] < 4.5]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_no_barrier(
    opened: Open, briefing: tuple[BriefingWire, Path], hostile: Path, size: tuple[int, int], *, dark: bool
) -> None:
    for path in (briefing[1], hostile):
        page = opened(path, size, dark=dark)
        _marks(page)[0].focus()
        expect(page.locator(".cw-pop:visible")).to_have_count(1)
        page.evaluate(AXE)
        found = page.evaluate("axe.run()")
        assert len(found["passes"]) > 15
        short = [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found["violations"]]
        assert not short, json.dumps(short, indent=1)


def test_headings_go_down_one_step_at_a_time_and_a_number_is_read_with_its_sentence(
    opened: Open, briefing: tuple[BriefingWire, Path]
) -> None:
    wire, path = briefing
    page = opened(path)
    levels = [int(head.evaluate("element => element.tagName[1]")) for head in page.locator("h1,h2,h3,h4").all()]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("main").count() == page.locator("[role=doc-endnotes]").count() == 1
    for mark in _marks(page):
        citation = _citation(mark, wire)
        expect(mark).to_have_accessible_description(line(citation["text"]))
        expect(mark).to_have_accessible_name(
            f"{mark.inner_text()}, {citation['outlet'] or 'outlet unknown'}, {when(citation['published'])}"
        )


def test_a_phone_of_320_pixels_scrolls_in_one_direction_only(
    opened: Open, briefing: tuple[BriefingWire, Path], hostile: Path
) -> None:
    for path in (briefing[1], hostile):
        page = opened(path, PHONE)
        for mark in _marks(page)[:4]:
            mark.focus()
            assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


# -- in print


def test_print_has_claims_sentences_and_addresses_and_no_popover(
    opened: Open, briefing: tuple[BriefingWire, Path]
) -> None:
    wire, path = briefing
    page = opened(path, dark=True)
    _marks(page)[0].focus()
    page.emulate_media(media="print")
    expect(page.locator(".cw-pop:visible")).to_have_count(0)
    claim = page.locator("li:has(.cw-cite)").first
    assert claim.evaluate("element => getComputedStyle(element).breakInside") == "avoid"
    assert page.evaluate("getComputedStyle(document.querySelector('.citewire')).color") == "rgb(0, 0, 0)"
    pages = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    printed = _letters("".join(sheet.extract_text() for sheet in pages))
    told = words.claims(wire)
    for claim_wire in told:
        assert _letters(line(claim_wire["text"])) in printed
    for key in words.keys(wire):
        citation = wire["citations"][key]
        assert _letters(line(citation["text"])) in printed
        assert _letters(citation["url"] or "") in printed
