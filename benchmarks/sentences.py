"""Measure the sentence splitter: F1 on gold boundaries, exact golden rules, megabytes a second.

    python benchmarks/sentences.py
    CITEWIRE_BENCH=elsewhere/bench python benchmarks/sentences.py --articles 300 --misses 20

F1 is over the boundaries inside a document, each counted by how many characters that are not white space stand before
it, so that a splitter is neither paid nor punished for what it does with blanks. Rules were fitted on the even-numbered
documents and the golden rules; the odd-numbered documents were only ever scored.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
BENCH = Path(os.environ.get("CITEWIRE_BENCH", REPOSITORY.parent / "shared" / "bench"))
sys.path.insert(0, str(REPOSITORY))  # so that the script measures this checkout, installed or not

from rag.evaluation import loaders  # noqa: E402  (the path above must come first)
from rag.evaluation.loaders import Segmented  # noqa: E402
from rag.sentences import SPLITTER, split  # noqa: E402

Splitter = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Score:
    """Boundaries found and missed."""

    right: int
    proposed: int
    gold: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1.0 when there was nothing to find and nothing was found."""
        total = self.proposed + self.gold
        return 2 * self.right / total if total else 1.0


def boundaries(sentences: Sequence[str]) -> set[int]:
    """How many non-blank characters stand before each inner boundary."""
    seen, places = 0, set[int]()
    for sentence in sentences:
        seen += len("".join(sentence.split()))
        places.add(seen)
    return places - {0, seen}


def score(splitter: Splitter, documents: Sequence[Segmented]) -> Score:
    """Boundary counts over all documents together."""
    right = proposed = gold = 0
    for document in documents:
        ours, theirs = boundaries(splitter(document.text)), boundaries(document.sentences)
        right, proposed, gold = right + len(ours & theirs), proposed + len(ours), gold + len(theirs)
    return Score(right, proposed, gold)


def exact(splitter: Splitter, rules: Sequence[Segmented]) -> int:
    """How many golden rules come out word for word."""
    return sum([piece.strip() for piece in splitter(rule.text)] == [*rule.sentences] for rule in rules)


def speed(splitter: Splitter, texts: Sequence[str]) -> float:
    """UTF-8 megabytes a second, after one text that pays for loading the model."""
    splitter(texts[0])
    began = time.perf_counter()
    for text in texts:
        splitter(text)
    return sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6 / (time.perf_counter() - began)


def ours(text: str) -> list[str]:
    """The splitter under test."""
    return [text[start:end] for start, end in split(text)]


def rivals() -> Iterator[tuple[str, Splitter, int]]:
    """Name, splitter and how many articles it can be timed on, for each that is installed."""
    yield SPLITTER, ours, sys.maxsize  # first, so that nupunkt remembers no word of the timed articles yet
    if importlib.util.find_spec("nupunkt"):
        import nupunkt  # noqa: PLC0415  (optional here)

        def whole(text: str) -> list[str]:
            return [text[start:end] for start, end in nupunkt.sent_spans(text)]

        yield "nupunkt", whole, sys.maxsize
        yield "nupunkt per line", per_line(whole), sys.maxsize
    if importlib.util.find_spec("pysbd"):
        pysbd = importlib.import_module("pysbd")
        segmenter = pysbd.Segmenter(language="en", clean=False)
        yield "pysbd per line", per_line(segmenter.segment), 20  # 0.07 MB/s: twenty are enough


def per_line(splitter: Splitter) -> Splitter:
    """The same splitter, given each line on its own."""
    return lambda text: [piece for line in text.splitlines() if line.strip() for piece in splitter(line)]


def show_misses(documents: Sequence[Segmented], limit: int) -> None:
    """Print where ours and gold part: '-' a boundary we missed, '+' one we invented."""
    for number, document in enumerate(documents):
        packed = "".join(document.text.split())
        found, gold = boundaries(ours(document.text)), boundaries(document.sentences)
        for place in sorted(found ^ gold)[:limit]:
            sign = "+" if place in found else "-"
            left, right = packed[max(0, place - 40) : place], packed[place : place + 40]
            print(f"{number * 2:3d} {document.genre:12s} {sign} {left} | {right}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=300, help="articles to time (default: %(default)s)")
    parser.add_argument("--misses", type=int, default=0, help="also print so many misses a document, even ones only")
    options = parser.parse_args()
    documents, rules = loaders.sentseg(BENCH), loaders.sentseg(BENCH, which="golden")
    news = [document for document in documents if document.genre == "news"]
    texts = [one.text for one in loaders.realtimeqa(BENCH, "2022").articles[: options.articles]]
    print(f"{'':24s}{'all':>7s}{'even':>7s}{'odd':>7s}{'news':>7s}{'golden':>8s}{'MB/s':>7s}")
    for name, splitter, affordable in rivals():
        cells = [score(splitter, part).f1 for part in (documents, documents[::2], documents[1::2], news)]
        rate = speed(splitter, texts[:affordable])
        figures = "".join(f"{cell:7.3f}" for cell in cells)
        print(f"{name:24s}{figures}{exact(splitter, rules):5d}/{len(rules)}{rate:7.2f}")
    if options.misses:
        show_misses(documents[::2], options.misses)


if __name__ == "__main__":
    main()
