"""Measure how well the text of an article is taken from a web page: precision, recall and F1 over runs of four words.

    python benchmarks/extraction.py
    CITEWIRE_BENCH=elsewhere/bench python benchmarks/extraction.py --worst 5

The pages and the texts that people took from them are scrapinghub's article-extraction-benchmark, and so is the metric
(``rag.evaluation.extraction``). Ours is what ``citewire add`` stores. All visible text is the floor, and each library
that is installed (trafilatura; ``pip install readability-lxml``) stands beside it. Nothing was fitted on these pages.
newspaper4k is not measured: it needs data of NLTK that pip does not bring.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
BENCH = Path(os.environ.get("CITEWIRE_BENCH", REPOSITORY.parent / "shared" / "bench"))
sys.path.insert(0, str(REPOSITORY))  # so that the script measures this checkout, installed or not

from rag.evaluation import loaders  # noqa: E402  (the path above must come first)
from rag.evaluation.extraction import Overlap, ahead, overlap, scored  # noqa: E402
from rag.evaluation.loaders import Page  # noqa: E402
from rag.readers import pages  # noqa: E402
from rag.readers.notes import Unreadable  # noqa: E402

Extractor = Callable[[str], str]
OURS = "citewire"


def ours(html: str) -> str:
    """What ``citewire add`` stores as the text, nothing for a page that it refuses."""
    try:
        return pages.parse(html.encode("utf-8", "replace")).article.text
    except Unreadable:
        return ""


def visible(html: str) -> str:
    """All text of a page that is no script and no style."""
    return _text(html)


def extractors() -> Iterator[tuple[str, Extractor]]:
    """Name and function of ours, of the floor, and of each library that is installed."""
    yield OURS, ours
    yield "all visible text", visible
    library = _library("trafilatura")
    yield f"trafilatura {version('trafilatura')}", lambda html: library.extract(html) or ""
    yield "the same, no comments", lambda html: library.extract(html, include_comments=False) or ""
    if find_spec("readability"):
        readability = _library("readability")
        yield (
            f"readability-lxml {version('readability-lxml')}",
            lambda html: _text(readability.Document(html).summary()),
        )


def _text(html: str) -> str:
    """The text of some HTML, a blank between its blocks."""
    tree = _library("trafilatura").load_html(html)
    if tree is None:
        return ""
    for node in list(tree.iter("script", "style", "noscript", "template")):
        node.drop_tree()
    return " ".join(piece for piece in tree.itertext() if piece.strip())


def _library(name: str) -> Any:  # noqa: ANN401 - libraries without types, measured as they come
    logging.getLogger(name).addHandler(logging.NullHandler())
    return import_module(name)


def measured(extract: Extractor, given: Sequence[Page]) -> tuple[list[Overlap], float]:
    """Return the overlap of each page, and pages a second. What breaks on a page has taken nothing from it."""
    began = time.perf_counter()
    taken: list[str] = []
    for page in given:
        try:
            taken.append(extract(page.html))
        except Exception as error:  # noqa: BLE001 - a rival that fails on a page has lost it, not the run
            print(f"{page.url}: {error!r}", file=sys.stderr)
            taken.append("")
    rate = len(given) / (time.perf_counter() - began)
    return [overlap(text, page.body) for text, page in zip(taken, given, strict=True)], rate


def cell(figures: tuple[float, float, float]) -> str:
    """A mean with its interval."""
    return "{:.3f} [{:.3f}, {:.3f}]".format(*figures)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worst", type=int, default=0, help="also list so many pages of which ours is worst")
    options = parser.parse_args()
    if not pages.installed():
        sys.exit(f"{pages.MISSING}: {pages.INSTALL}")
    given = loaders.extraction(BENCH)
    found = {name: measured(extract, given) for name, extract in extractors()}
    print("| extractor | precision | recall | F1 | F1 of citewire minus it | nothing taken | pages a second |")
    print("|---|---|---|---|---|---|---|")
    for name, (each, rate) in found.items():
        score = scored(each)
        figures = " | ".join(cell(one) for one in (score.precision, score.recall, score.f1))
        lead = "-" if name == OURS else "[{:+.3f}, {:+.3f}]".format(*ahead(found[OURS][0], each))
        print(f"| {name} | {figures} | {lead} | {sum(not one.taken for one in each)} | {rate:.0f} |")
    pairs = sorted(
        zip(found[OURS][0], given, strict=True), key=lambda pair: pair[0].shared / max(pair[0].taken + pair[0].true, 1)
    )
    for one, page in pairs[: options.worst]:
        print(f"{one.precision:.3f} {one.recall:.3f} {page.url}")


if __name__ == "__main__":
    main()
