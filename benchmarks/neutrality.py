"""Measure the wording rules against people, and briefings by them: BABE, AllSides, NeuS.

    python benchmarks/neutrality.py
    python benchmarks/neutrality.py --save       # and write benchmarks/results/neutrality.md
    python benchmarks/neutrality.py --hits 40    # show so many concerns in neutral references, to read
    CITEWIRE_BENCH=elsewhere/bench python benchmarks/neutrality.py

BABE dev is halved by the md5 of a sentence. Nothing is fitted: rules were written by hand, and kept or dropped by the
even half (and by the even halves of the NeuS references and wire reports); the odd half is only scored. The detector's
own error on the odd half stands beside every rate: how many biased sentences it misses, how many others it flags.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

REPOSITORY = Path(__file__).resolve().parent.parent
BENCH = Path(os.environ.get("CITEWIRE_BENCH", REPOSITORY.parent / "shared" / "bench"))
RESULTS = REPOSITORY / "benchmarks" / "results" / "neutrality.md"
sys.path.insert(0, str(REPOSITORY))  # so that the script measures this checkout, installed or not

from rag.answers import BESIDES  # noqa: E402  the path above must come first
from rag.digest import digest  # noqa: E402
from rag.editing import plain_digest  # noqa: E402
from rag.evaluation import loaders  # noqa: E402
from rag.evaluation.loaders import Event, Rated  # noqa: E402
from rag.neutrality import RULES, Wording, concerns  # noqa: E402
from rag.provenance import roots  # noqa: E402
from rag.sentences import split  # noqa: E402
from rag.sources import Article, Evidence, Sentence  # noqa: E402
from rag.stories import Group  # noqa: E402

Labels: TypeAlias = NDArray[np.int64]
Matrix: TypeAlias = NDArray[np.float64]
WIRES = {"Reuters", "Associated Press", "AP Politics & Fact Check", "BBC News"}
ABOUT = """Rules written by hand, nothing fitted. Words were kept or dropped on the even halves; the kept-back data
played no part. A sample of concerns in the references, of both halves, was read, and five false alarms
("admitting privileges") were mended after that: 7.0 concerns in a hundred sentences before. Idioms ("owned
up to it", not "owned up to 40%") came later, from invented sentences; what neutral reports or the even half
of BABE had as often plain was dropped. On the even half they raise macro-F1 from .750 to .754, on the odd
one they flag one sentence more that is not biased. The same rules withhold under --strict, so its row is 0
by construction; what it costs stands under it."""
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
ROUNDS = 1000  # of the bootstrap


@dataclass(frozen=True, slots=True)
class Error:
    """How often the detector is wrong, by annotators."""

    missed: float
    """Share of biased sentences that it does not flag."""
    flagged: float
    """Share of other sentences that it flags."""

    def __str__(self) -> str:
        return f"misses {100 * self.missed:.0f}% of biased, flags {100 * self.flagged:.0f}% of others"


def half(text: str) -> int:
    """0 or 1, by the md5 of a text."""
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(), 16) % 2


def macro_f1(gold: Labels, ours: Labels) -> float:
    """Mean of the F1 of both classes."""
    hits = [(int(np.sum((gold == n) & (ours == n))), int(np.sum(gold == n) + np.sum(ours == n))) for n in (0, 1)]
    return sum(2 * right / max(1, both) for right, both in hits) / 2


def interval(score: Callable[[NDArray[np.int64]], float], size: int) -> tuple[float, float]:
    """95% interval of ``score``, which takes the places of a sample, by bootstrap."""
    generator = np.random.default_rng(0)
    low, high = np.quantile([score(generator.integers(0, size, size)) for _ in range(ROUNDS)], [0.025, 0.975])
    return float(low), float(high)


def tfidf(fitted: Sequence[Rated], scored: Sequence[Rated]) -> Labels:
    """Labels that tf-idf and L2 logistic regression give ``scored``: single words, rows of length 1, Newton steps."""
    counts = [Counter(WORD.findall(row.text.lower())) for row in (*fitted, *scored)]
    seen = Counter(word for count in counts[: len(fitted)] for word in count)
    place = {word: n for n, word in enumerate(seen)}
    table: Matrix = np.zeros((len(counts), len(place)))
    for n, count in enumerate(counts):
        for word in count.keys() & place.keys():
            table[n, place[word]] = count[word] * (math.log((1 + len(fitted)) / (1 + seen[word])) + 1)
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)
    kernel: Matrix = table @ table[: len(fitted)].T
    gold = np.array([int(row.biased) for row in fitted])
    weights: Matrix = np.zeros(len(fitted))
    bias = 0.0
    for _ in range(8):
        score: Matrix = kernel[: len(fitted)] @ weights + bias
        chance: Matrix = 1 / (1 + np.exp(-score))
        spread = np.maximum(chance * (1 - chance), 1e-4)
        wanted = np.stack([score + (gold - chance) / spread, np.ones(len(gold))], 1)
        solved = cast("Matrix", np.linalg.solve(kernel[: len(fitted)] + np.diag(1 / spread), wanted))
        bias = float(solved[:, 0].sum() / solved[:, 1].sum())
        weights = solved[:, 0] - bias * solved[:, 1]
    found: Matrix = kernel[len(fitted) :] @ weights + bias
    return (found > 0).astype(np.int64)


def scores(name: str, gold: Labels, ours: Labels) -> None:
    """Print one row of the table of agreement."""
    low, high = interval(lambda drawn: macro_f1(gold[drawn], ours[drawn]), len(gold))
    right = int(np.sum(gold & ours))
    precision, recall = right / max(1, int(ours.sum())), right / max(1, int(gold.sum()))
    print(
        f"{name:44s} {macro_f1(gold, ours):.3f} [{low:.3f}, {high:.3f}]  {precision:9.3f} {recall:6.3f} {ours.sum():6d}"
    )


def people() -> Error:
    """Print agreement with the annotators of BABE; return the detector's error."""
    rows = loaders.babe(BENCH)
    fitted, scored = ([row for row in rows if half(row.text) == side] for side in (0, 1))
    gold = np.array([int(row.biased) for row in scored])
    found = [{each.rule for each in concerns(row.text)} for row in scored]
    flagged = np.array([int(bool(each)) for each in found])
    print(
        f"BABE dev, odd half: {len(scored)} sentences, {gold.mean():.3f} biased; words chosen on {len(fitted)} others\n"
    )
    print(f"{'':44s} macro-F1 [95%]       precision recall  flags")
    scores("any concern", gold, flagged)
    for rule in RULES:
        scores(f"  {rule}", gold, np.array([int(rule in each) for each in found]))
    scores("tf-idf + logistic regression, same halves", gold, tfidf(fitted, scored))
    print("elsewhere: tf-idf .742 (all dev, scored on the half kept back); BABE paper .804 (cross-validation)\n")
    return Error(1 - float(flagged[gold == 1].mean()), float(flagged[gold == 0].mean()))


def rate(name: str, parts: Sequence[str], error: Error) -> list[tuple[Wording, str]]:
    """Print how many of ``parts`` raise a concern; return each concern with its sentence."""
    hits = [(each, part) for part in parts for each in concerns(part)]
    flags = np.array([bool(concerns(part)) for part in parts])
    low, high = interval(lambda drawn: float(flags[drawn].mean()), len(flags))
    print(
        f"{name:44s} {len(parts):6d} {100 * len(hits) / len(parts):8.1f}   "
        f"{100 * flags.mean():5.1f} [{100 * low:4.1f}, {100 * high:4.1f}]   {error}"
    )
    return hits


def sentences(texts: Sequence[str]) -> list[str]:
    """The sentences of all ``texts``."""
    return [text[start:end] for text in texts for start, end in split(text)]


def briefed(event: Event, *, strict: bool) -> list[str]:
    """The statements of our briefing of one NeuS event, as long as its reference, without the outlets behind them."""
    reports = [
        Article(report.text, report.title, outlet=f"Outlet {n}", url=f"https://neus.example/{n}")
        for n, report in enumerate(event.reports)
        if report.text.strip()
    ]
    descent = roots(reports)
    cut = [
        (Sentence(one.id, one.version, n, start, end, one.text[start:end]), one)
        for one in reports
        for n, (start, end) in enumerate(split(one.text))
    ]
    found = [Evidence(n, sentence, one, None, descent[one.id]) for n, (sentence, one) in enumerate(cut, start=1)]
    story, words = Group(tuple(reports), descent), max(60, len(event.neutral.split()))
    told = plain_digest(story, found, words=words, topic=None)[0] if strict else digest(story, found, words=words)
    account = (section for kind, section in told.sections.items() if kind not in BESIDES)
    return [statement.text for section in account for statement in section]


def news(error: Error, hits: int) -> None:
    """Print how many sentences of slanted, neutral and our own text raise a concern."""
    print(f"{'':44s} sents. conc./100   flagged % [95%]    the detector on BABE")
    articles = [one for event in loaders.allsides(BENCH) for one in event.reports]
    for stance in ("left", "center", "right"):
        rate(f"AllSides {stance}", sentences([one.text for one in articles if one.stance == stance]), error)
    wire = [one.text for one in articles if one.outlet in WIRES and half(one.text)]
    rate("Reuters, AP, BBC: odd half", sentences(wire), error)
    events = loaders.neus(BENCH)
    rate("NeuS, the three sources", sentences([s.text for event in events for s in event.reports]), error)
    found = rate("NeuS, neutral reference", sentences([event.neutral for event in events]), error)
    rate("  of it, odd half", sentences([e.neutral for e in events if half(e.neutral)]), error)
    for name, strict in (("our briefing, no model", False), ("our briefing, no model, --strict", True)):
        told = [briefed(event, strict=strict) for event in events]
        rate(name, sentences([text for statements in told for text in statements]), error)
        length = np.mean([sum(len(text.split()) for text in statements) for statements in told])
        recall = np.mean([overlap(e.neutral, " ".join(t)) for e, t in zip(events, told, strict=True)])
        print(f"{'':44s} {length:6.1f} words on average, {recall:.3f} of the reference's words (single words)")
    for each, part in random.Random(0).sample(found, min(hits, len(found))):
        print(f"  [{each.rule}] {each.words}: ...{part[max(0, each.start - 60) : each.end + 40]!r}")


def overlap(reference: str, ours: str) -> float:
    """Share of the reference's words that are in ours, each as often as it is there."""
    wanted, have = (Counter(WORD.findall(text.lower())) for text in (reference, ours))
    return (wanted & have).total() / max(1, wanted.total())


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hits", type=int, default=0, metavar="N", help="show N concerns in neutral references")
    parser.add_argument("--save", action="store_true", help="write benchmarks/results/neutrality.md")
    options = parser.parse_args()
    page = StringIO()
    with redirect_stdout(page):
        news(people(), options.hits)
    print(page.getvalue(), end="")
    if options.save:
        table = "".join(f"    {line}".rstrip() + "\n" for line in page.getvalue().splitlines())
        opening = f"# Wording: how plain\n\n{datetime.now(UTC):%Y-%m-%d}. {ABOUT}\n"
        RESULTS.write_text(f"{opening}\n    python benchmarks/neutrality.py --save\n\n{table}", encoding="utf-8")


if __name__ == "__main__":
    main()
