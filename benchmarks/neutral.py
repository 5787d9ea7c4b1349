"""Measure briefings against what people wrote: NeuS triplets, and background summaries of long events.

    python benchmarks/neutral.py --lexicon /tmp/NRC-VAD-Lexicon.txt
    CITEWIRE_BENCH=elsewhere/bench python benchmarks/neutral.py --part background

NeuS (dev half): three reports of one event from the left, centre and right, and a neutral text about it. ``ours`` is the
extractive briefing, its sections read as one text; the others are those of ``baselines.py``. All have the same number
of words to spend, whole sentences only: that of the neutral text, and 80. Measured against the neutral text: recall of
ROUGE-1, F1 of ROUGE-1, -2 and -L (``rouge-score``, stemmed), recall of its numbers and names, and arousal as in NeuS:
the sum over all positive and negative words that the neutral text has not. Lower is calmer; a text that says less is calmer
too, hence the words of each, and recall beside it. NRC-VAD is for research and not shipped: ``--lexicon`` takes its
file (word, valence, arousal, dominance by tabs). Constants were fitted on triplets with an even number; read the odd half.

Background (dev half): updates on a long event by day, and three summaries each of what went before; the best of three
counts, at the median of their lengths, and an event counts as the mean of its steps.

Intervals are 95 % over resamples of triplets, of ours minus the other, in pairs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from math import isnan, nan
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Protocol, TypedDict, cast

import numpy as np
from baselines import (
    Sentences,
    centroid,
    ends,
    fit,
    latest,
    lead_each,
    lead_one,
    lexrank,
    mmr,
    oracle,
    rarity,
    tokens,
)
from rouge_score.rouge_scorer import RougeScorer  # pyright: ignore[reportMissingTypeStubs]

REPOSITORY = Path(__file__).resolve().parent.parent
BENCH = Path(os.environ.get("CITEWIRE_BENCH", REPOSITORY.parent / "shared" / "bench"))
sys.path.insert(0, str(REPOSITORY))  # so that the script measures this checkout, installed or not

from rag.digest import digest  # noqa: E402  the path above must come first
from rag.facts import name_keys, names, numbers  # noqa: E402
from rag.provenance import age, roots  # noqa: E402
from rag.sentences import split  # noqa: E402
from rag.sources import Article, Evidence, Sentence  # noqa: E402
from rag.stories import Group  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from baselines import Order

WORDS = 80
RESAMPLES = 2000
CHARGED = 0.15
"""How far from the middle the valence of a positive or negative word is: .65 and .35, as in NeuS."""
MEASURES = ("words", "R1 recall", "R1", "R2", "RL", "facts", "arousal", "concerns")
PLAIN: dict[str, Order] = {
    "lead, each in turn": lead_each,
    "lead, one by one": lead_one,
    "LexRank": lexrank,
    "MMR": mmr,
    "centroid": centroid,
}
OVER_TIME: dict[str, Order] = {"first and last": ends, "latest": latest, **PLAIN}
Lexicon = dict[str, tuple[float, float]]
"""Word to valence and arousal."""


class _Score(Protocol):
    @property
    def recall(self) -> float: ...
    @property
    def fmeasure(self) -> float: ...


class _Scorer(Protocol):
    def score(self, target: str, prediction: str) -> Mapping[str, _Score]: ...


class Triplet(TypedDict):
    """A row of ``neus.jsonl``."""

    sources: list[dict[str, str]]
    neutral_text: str


class Step(TypedDict):
    """What was new on a day, and three summaries of what went before."""

    date: str
    update: str
    backgrounds: list[str]


class Event(TypedDict):
    """A row of ``background_events.jsonl``."""

    event: str
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Judge:
    """Text and reference to the numbers of ``MEASURES``."""

    rouge: _Scorer
    lexicon: Lexicon

    def __call__(self, text: str, reference: str) -> list[float]:
        """Return one number for each measure; nan where it cannot be had."""
        rouge = self.rouge.score(reference, text)
        return [
            len(text.split()),
            rouge["rouge1"].recall,
            *(rouge[name].fmeasure for name in ("rouge1", "rouge2", "rougeL")),
            facts(text, reference),
            self.arousal(text, reference) if self.lexicon else nan,
            concerns(text),
        ]

    def arousal(self, text: str, reference: str) -> float:
        """Return the arousal of the charged words that only ``text`` has."""
        own = {self.base(word) for word in tokens(text)} - {self.base(word) for word in tokens(reference)}
        found = [self.lexicon[word] for word in own if word in self.lexicon]
        return sum(arousal for valence, arousal in found if abs(valence - 0.5) > CHARGED)

    def base(self, word: str) -> str:
        """Return the singular of ``word`` where the lexicon has that and not the plural; NeuS asks WordNet."""
        if word in self.lexicon:
            return word
        ways = ((word[:-3] + "y", "ies"), (word[:-2], "es"), (word[:-1], "s"))
        return next((base for base, ending in ways if word.endswith(ending) and base in self.lexicon), word)


def facts(text: str, reference: str) -> float:
    """Return the share of the numbers and names of ``reference`` that are in ``text``; nan if it has none."""
    values = {number.value for number in numbers(reference)}
    called = {name.key for name in names(reference) if not name.opens}
    if not values and not called:
        return nan
    found = len(values & {number.value for number in numbers(text)}) + len(called & name_keys(text))
    return found / (len(values) + len(called))


def concerns(text: str) -> float:
    """Return concerns of ``rag.neutrality`` per 100 words; nan where this checkout has none, or no text is given."""
    if find_spec("rag.neutrality") is None or not text:
        return nan
    from rag import neutrality  # type: ignore[attr-defined]  # noqa: PLC0415  # pyright: ignore

    return 100 * len(neutrality.concerns(text)) / len(text.split())  # pyright: ignore


def lexicon(path: Path | None) -> Lexicon:
    """Read NRC-VAD; empty without a file."""
    if path is None or not path.exists():
        print("no --lexicon: arousal is left out. Give the file of NRC-VAD (research use only, not shipped).")
        return {}
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if not line.startswith("Word\t"))
    return {row[0]: (float(row[1]), float(row[2])) for row in rows}


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
    sections = digest(Group(tuple(in_order), descent), evidence, words=words)
    return " ".join(statement.text for section in sections.values() for statement in section)


def triplets(rows: Sequence[Triplet], judge: Judge, words: int | None) -> dict[str, np.ndarray]:
    """Return for each way a row of measures by triplet; ``words`` to spend, or those of the reference."""
    weights = rarity(source["text"] for row in rows for source in row["sources"])
    found: dict[str, list[list[float]]] = {name: [] for name in ("ours", *PLAIN, "oracle")}
    for row in rows:
        reference, sources = row["neutral_text"], [source for source in row["sources"] if source["text"].strip()]
        budget = words or len(reference.split())
        articles = [
            Article(source["text"], source["title"], url=f"https://neus.example/{place}")
            for place, source in enumerate(sources)
        ]
        found["ours"].append(judge(ours(articles, budget), reference))
        sentences = Sentences.of([cut(source["text"]) for source in sources], weights)
        for name, order in {**PLAIN, "oracle": oracle(reference)}.items():
            found[name].append(judge(fit(sentences, order(sentences), budget), reference))
    return {name: np.array(numbers) for name, numbers in found.items()}


def background(rows: Sequence[Event], judge: Judge, most: int) -> dict[str, np.ndarray]:
    """Return for each way a row of measures by event: the mean of at most ``most`` steps, evenly spread."""
    weights = rarity(step["update"] for row in rows for step in row["steps"])
    found: dict[str, list[np.ndarray]] = {name: [] for name in ("ours", *OVER_TIME)}
    for row in rows:
        scores: dict[str, list[np.ndarray]] = {name: [] for name in found}
        told = [place for place, step in enumerate(row["steps"]) if place and any(step["backgrounds"])]
        for place in told[:: max(1, -(-len(told) // most))]:
            references = [text for text in row["steps"][place]["backgrounds"] if text.strip()]
            before = [step for step in row["steps"][:place] if step["update"].strip()]
            budget = int(median(len(text.split()) for text in references))
            texts = {"ours": ours([_report(step, row["event"]) for step in before], budget)}
            sentences = Sentences.of([cut(_plain(step["update"])) for step in before], weights)
            texts |= {name: fit(sentences, order(sentences), budget) for name, order in OVER_TIME.items()}
            for name, text in texts.items():
                scores[name].append(_best(np.array([judge(text, reference) for reference in references])))
        for name, steps in scores.items():
            found[name].append(np.nanmean(np.array(steps), axis=0))
    return {name: np.array(numbers) for name, numbers in found.items()}


def _report(step: Step, event: str) -> Article:
    day = datetime.fromisoformat(step["date"][:10]).replace(tzinfo=UTC)
    return Article(_plain(step["update"]), None, url=f"https://{event}.example/{step['date']}", published=day)


def _plain(text: str) -> str:
    return text.replace("\\n", "\n").strip()


def _best(scores: np.ndarray) -> np.ndarray:
    """Return the best of several references, measure by measure; of arousal and concerns the least."""
    least = [MEASURES.index(name) for name in ("arousal", "concerns")]
    best = np.max(scores, axis=0)
    best[least] = np.min(scores[:, least], axis=0)
    return best


def table(title: str, found: Mapping[str, np.ndarray], rows: np.ndarray) -> None:
    """Print the means over ``rows``, and ours minus each other with its interval."""
    shown = [at for at in range(len(MEASURES)) if not all(np.isnan(numbers[:, at]).all() for numbers in found.values())]
    print(f"\n{title}, {len(rows)} rows" + "\n" + " " * 22 + "".join(f"{MEASURES[at]:>11s}" for at in shown))
    for name, numbers in found.items():
        means = np.nanmean(numbers[rows], axis=0)
        print(f"{name:22s}" + "".join(f"{means[at]:11.1f}" if at == 0 else f"{means[at]:11.3f}" for at in shown))
    random = np.random.default_rng(7)
    picks = random.integers(0, len(rows), (RESAMPLES, len(rows)))
    compared = [at for at in shown if MEASURES[at] in {"R1 recall", "R1", "R2", "RL", "facts", "arousal", "concerns"}]
    print("ours minus" + " " * 12 + "".join(f"{MEASURES[at]:>24s}" for at in compared))
    for name in (name for name in found if name not in {"ours", "oracle"}):
        gaps = (found["ours"] - found[name])[rows]
        cells = [_interval(gaps[:, at], picks) for at in compared]
        print(f"  {name:20s}" + "".join(f"{cell:>24s}" for cell in cells))


def _interval(gap: np.ndarray, picks: np.ndarray) -> str:
    low, high = np.nanquantile(np.nanmean(gap[picks], axis=1), (0.025, 0.975))
    mark = "*" if low * high > 0 else " "
    return "-" if isnan(low) else f"{np.nanmean(gap):+.3f} [{low:+.3f} {high:+.3f}]{mark}"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lexicon", type=Path, help="file of NRC-VAD; without it, no arousal")
    parser.add_argument("--part", choices=("neus", "background"), help="only this set")
    parser.add_argument("--steps", type=int, default=12, help="most steps of a background event (default: %(default)s)")
    options = parser.parse_args()
    scorer = cast("_Scorer", RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True))
    judge = Judge(scorer, lexicon(options.lexicon))
    if options.part != "background":
        rows = cast("list[Triplet]", _load("neus"))
        for words in (None, WORDS):
            found = triplets(rows, judge, words)
            for half, first in (("even (fitted)", 0), ("odd", 1)):
                table(f"NeuS, {words or 'as many'} words, {half}", found, np.arange(first, len(rows), 2))
    if options.part != "neus":
        events = cast("list[Event]", _load("background_events"))
        table("background, by event", background(events, judge, options.steps), np.arange(len(events)))


def _load(name: str) -> list[object]:
    path = BENCH / "dev" / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


if __name__ == "__main__":
    main()
