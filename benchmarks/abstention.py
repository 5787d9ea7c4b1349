"""Measure declining: whether a question is still answered when what answers it is taken away.

    pip install 'citewire[peers]'
    python benchmarks/abstention.py --work DIR            # indexes and records stay in DIR
    python benchmarks/abstention.py --work DIR --report   # measure nothing, print the tables again

Three sets have questions with their evidence and without. RealTimeQA 2022: 206 questions asked of all articles, and of
those that are left without the gold articles of all of them and every near-copy of one. RGB: 50 questions asked of all
snippets, and of those alone that RGB calls negative. ``seeds/``, test half: questions with an answer, and others that
have none. Other articles may hold the answer still, so that to answer is not always wrong. How often is estimated by
the answer's string in what was printed: it is missed where the answer is worded otherwise, and short ones stand there
by chance. So wrong answers are counted twice: all that cite no gold, and of these only those without the string.

A system is as sure as the likeliest sentence it read, by citewire's writer, which is lent to BM25 and vectors alone
(``rivals``). Its answer counts as given from the shipped threshold on. It is right if it cites gold. The area under the
risk-coverage curve (AURC) ranks all askings, with and without evidence, and calls every answer without evidence wrong.
"Told apart" is the share of pairs, one asking with and one without evidence, in which the former is the surer.

RealTimeQA's "none of the above" has no such pairs: citewire is asked each question as it stands, of all articles, and
what it prints picks the choice that it names. Nothing was tuned on any of this; constants of retrieval were fitted on
the half of RealTimeQA that is called fitted, the threshold on the dev half of ``seeds/``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from reading import Reader
from retrieval import BENCH, REPOSITORY, Case, copies
from rivals import Bm25, Dense

from rag import calibration
from rag.evaluation import loaders
from rag.evaluation.abstention import aurc
from rag.evaluation.gold import load
from rag.evaluation.resampling import interval, means, resampled
from rag.extractive import ExtractiveGenerator
from rag.newsroom import Newsroom
from rag.proposals import Draft, Statement
from rag.protocols import Reranker
from rag.questions import parts
from rag.retrieval import RememberingReranker
from rag.settings import Settings
from rag.sources import Article, Evidence, Query
from rag.verification import check_all, harmless

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

ACCEPT = calibration.threshold(Settings().risk, calibration.shipped().curve)
SYSTEMS = {"ours": "citewire", "bm25": "BM25 alone", "dense": "vectors alone"}
STEPS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)

_WORD = re.compile(r"[\w$€£%.]*[\w%]")


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it would be printed, however unsure."""

    text: str
    """Empty if nothing passed the gates."""
    cited: frozenset[str]
    """Ids of sentences and of their articles."""
    sure: float


@dataclass(frozen=True, slots=True)
class Asking:
    """A question put to articles that hold its evidence, or to others."""

    id: str
    """Of the question: it is drawn with all its askings."""
    part: str
    """The set, and its half if it has two."""
    question: str
    answers: tuple[str, ...]
    gold: frozenset[str]
    """Ids of articles or of sentences; empty where there is no evidence."""


@dataclass(frozen=True, slots=True)
class Row:
    """What came of an asking."""

    id: str
    part: str
    evidence: bool
    sure: float
    said: bool
    right: bool
    """Whether it cites gold."""
    told: bool
    """Whether the answer's string stands in it."""


Ask = Callable[[str], Said]


# -- systems ---------------------------------------------------------------------------------------------------------


def write(reranker: Reranker, question: str, items: Sequence[Evidence]) -> tuple[float, list[Statement]]:
    """Return how sure citewire's writer is, and what it says at the threshold, or at the highest at which it speaks."""
    rank = ExtractiveGenerator(reranker, accept=0)._rank  # noqa: SLF001 - probabilities are no part of its face
    ranked = [rank(part, harmless(items)) for part in parts(question)]
    sure = max((best[0].probability for best in ranked if best), default=0.0)
    writer = ExtractiveGenerator(reranker, accept=min(ACCEPT, sure))
    return sure, [found for found in writer.write(question, items) if isinstance(found, Statement)]


@dataclass
class SureReader(Reader):
    """The same writer lent to a rival; remembers how sure it was."""

    reranker: Reranker | None = None
    sure: float = field(default=0.0)

    def choose(self, question: str, items: Sequence[Evidence]) -> list[Statement]:
        """Return up to two statements for each part of the question."""
        assert self.reranker is not None  # noqa: S101 - a dataclass cannot ask for it
        self.sure, statements = write(self.reranker, question, items)
        return statements


def ours(room: Newsroom) -> Ask:
    """Return citewire over what ``room`` holds, its gates included."""
    reranker = room.equipment.reranker

    def ask(question: str) -> Said:
        items = room.evidence(Query(question))
        sure, statements = write(reranker, question, items)
        claims, _ = check_all(Draft.of(statements), items)
        return _said(
            " ".join(claim.text for claim in claims), [c.sentence.id for one in claims for c in one.citations], sure
        )

    return ask


def rival(make: type[Bm25 | Dense], articles: Sequence[Article], folder: Path, reranker: Reranker) -> Ask:
    """Return a rival with citewire's writer; it has no gates."""
    reader = SureReader(reranker=reranker)
    system = make(articles, folder, reader)

    def ask(question: str) -> Said:
        found = system.ask(question)
        return _said("" if found.declined else found.text, found.sentences, reader.sure)

    return ask


def _said(text: str, sentences: Sequence[str], sure: float) -> Said:
    return Said(text, frozenset(sentences) | {id_.partition("@")[0] for id_ in sentences}, sure)


class Archives:
    """Systems over named heaps of articles, each built once."""

    def __init__(self, work: Path) -> None:
        """Keep citewire's indexes in ``work``."""
        self._work = work
        self._rooms: dict[str, Newsroom] = {}
        self.reranker = RememberingReranker(self.room("seeds", ()).equipment.reranker, most=2_000_000)

    def room(self, name: str, articles: Sequence[Article]) -> Newsroom:
        """Return a newsroom with ``articles``."""
        if name not in self._rooms:
            place = self._work / name
            place.mkdir(parents=True, exist_ok=True)
            self._rooms[name] = Newsroom(Settings(archive=place, embedder="static"))
            self._rooms[name].add(*articles)
        return self._rooms[name]

    def systems(self, name: str, articles: Sequence[Article]) -> Iterator[tuple[str, Ask]]:
        """Yield each system over ``articles``."""
        yield "ours", ours(self.room(name, articles))
        yield "bm25", rival(Bm25, articles, self._work, self.reranker)
        yield "dense", rival(Dense, articles, self._work, self.reranker)


# -- questions -------------------------------------------------------------------------------------------------------


def flat(text: str) -> str:
    """Return the words of a text, a blank before and behind each."""
    return f" {' '.join(_WORD.findall(text.lower()))} "


def stands(answers: Sequence[str], text: str) -> bool:
    """Tell whether a flat text holds an answer: all that commas part in it, in any order."""
    pieces = [[flat(piece) for piece in answer.split(",") if flat(piece).strip()] for answer in answers]
    return any(wanted and all(piece in text for piece in wanted) for wanted in pieces)


def askings(
    archives: Archives,
) -> Iterator[tuple[str, Sequence[Article], Sequence[Asking]]]:
    """Yield heaps of articles with what is asked of them."""
    yield from _realtimeqa(archives)
    with_, without = (loaders.rgb(BENCH, task=task) for task in ("noise", "rejection"))
    answers = {one.id: one.answers for one in with_.questions}
    known = [Asking(one.id, "RGB", one.text, one.answers, one.articles) for one in with_.questions]
    none = [Asking(one.id, "RGB", one.text, answers[one.id], frozenset()) for one in without.questions]
    yield "rgb", with_.articles, known
    yield "rgb-bare", without.articles, none
    seeds = archives.room("seeds", ())
    seeds.add(REPOSITORY / "seeds")
    tested = [one for one in load(REPOSITORY / "seeds" / "questions.jsonl") if one.split == "test"]
    yield (
        "seeds",
        seeds.articles(),
        [Asking(one.id, "seeds, test half", one.question, (), one.sentences) for one in tested],
    )


def _realtimeqa(archives: Archives) -> Iterator[tuple[str, Sequence[Article], Sequence[Asking]]]:
    """Yield the whole archive, and what is left of it without gold."""
    found = loaders.realtimeqa(BENCH, "2022", task="retrieval")
    cases = {one.id: Case(one.id, one.text, one.articles) for one in found.questions}
    room = archives.room("rtqa", found.articles)
    gold = {id_: frozenset(copies(room, case)) for id_, case in cases.items()}
    taken = {id_ for ids in gold.values() for id_ in ids}
    left = [one for one in found.articles if one.id not in taken]
    print(f"RealTimeQA: {len(found.articles)} articles, {len(left)} left", flush=True)
    known: list[Asking] = []
    none: list[Asking] = []
    for one in found.questions:
        part = f"RealTimeQA, {'fitted' if cases[one.id].even else 'other'} half"
        known.append(Asking(one.id, part, one.text, one.answers, gold[one.id]))
        none.append(Asking(one.id, part, one.text, one.answers, frozenset()))
    yield "rtqa", found.articles, known
    yield "rtqa-bare", left, none


def row(asking: Asking, said: Said) -> Row:
    """Return what came of an asking."""
    told = bool(asking.answers) and stands(asking.answers, flat(said.text))
    right = bool(asking.gold & said.cited)
    return Row(asking.id, asking.part, bool(asking.gold), said.sure, bool(said.text), right, told)


@dataclass(frozen=True, slots=True)
class Pick:
    """What came of a question with choices."""

    id: str
    offered: bool
    """Whether the right choice was among those offered."""
    given: bool
    named: int
    """How many of the choices what was printed names."""
    right: bool
    """Whether it names the right choice alone."""


def picks(ask: Ask, year: str) -> list[Pick]:
    """Ask each question with choices of RealTimeQA, without them, and see which it names."""
    plain = {one.id: one.text for one in loaders.realtimeqa(BENCH, year).questions}
    made: list[Pick] = []
    for one in loaders.realtimeqa(BENCH, year, task="nota").questions:
        said = ask(plain[one.id])
        given = bool(said.text) and said.sure >= ACCEPT
        text = flat(said.text) if given else ""
        choices = [line.removeprefix("- ") for line in one.text.splitlines() if line.startswith("- ")]
        named = [choice for choice in choices if stands([choice], text)]
        made.append(Pick(one.id, not one.unanswerable, given, len(named), named == [*one.answers]))
    return made


# -- tables ----------------------------------------------------------------------------------------------------------

COLUMNS = (
    "evidence there: answered",
    "wrong of these",
    "evidence gone: answered",
    "without its string",
    "wrong of all answers",
    "without its string",
    "AURC",
    "without its string",
    "told apart",
)


def statistic(rows: Sequence[Row], ids: Mapping[str, int]) -> Callable[[Floats], Floats]:
    """Return weights of questions to a value of each column."""
    there = np.array([one.evidence for one in rows])
    sure = np.array([one.sure if one.said else np.nan for one in rows])
    given = np.nan_to_num(sure, nan=-1.0) >= ACCEPT
    wrong = np.array([not (one.evidence and one.right) for one in rows])
    untold = wrong & np.array([not one.told for one in rows])
    of = np.array([ids[one.id] for one in rows])
    shares = ((given, there), (wrong, given & there), (given, ~there), (given & untold, ~there))
    values = np.column_stack([np.where(w, one, np.nan) for one, w in (*shares, (wrong, given), (untold, given))])
    errors = [np.where(np.isnan(sure), np.nan, one) for one in (wrong, untold)]
    said = np.nan_to_num(sure, nan=0.0)
    above = (said[there][:, None] > said[~there]) + 0.5 * (said[there][:, None] == said[~there])

    def columns(weights: Floats) -> Floats:
        drawn = weights[:, of]
        first, second = drawn[:, there], drawn[:, ~there]
        pairs = first.sum(axis=1) * second.sum(axis=1)
        apart = ((first @ above) * second).sum(axis=1) / np.where(pairs > 0, pairs, np.nan)
        return np.column_stack([means(values, drawn), *(aurc(sure, one, drawn) for one in errors), apart])

    return columns


def table(kept: Mapping[str, Sequence[Row]], part: str) -> Iterator[str]:
    """Yield a row for each system: each column with its interval, and of a rival citewire minus it."""
    yield "| | " + " | ".join(COLUMNS) + " |"
    yield "|---" * (len(COLUMNS) + 1) + "|"
    mine: Floats | None = None
    for name, rows in kept.items():
        there = [one for one in rows if one.part.startswith(part)]
        ids = {id_: place for place, id_ in enumerate(dict.fromkeys(one.id for one in there))}
        compute = statistic(there, ids)
        (score,) = compute(np.ones((1, len(ids))))
        drawn = resampled(compute, len(ids), resamples=5000)
        mine = drawn if mine is None else mine
        bounds = interval(drawn if name == "ours" else mine - drawn).T
        sign = "" if name == "ours" else "+"
        cells = [_cell(value, low, high, sign) for value, (low, high) in zip(score, bounds, strict=True)]
        yield f"| {SYSTEMS[name]} | " + " | ".join(cells) + " |"


def _cell(value: float, low: float, high: float, sign: str) -> str:
    if np.isnan(value):
        return "-"
    edges = (f"{edge:{sign}.2f}".replace("0.", ".", 1) for edge in (low, high))
    return f"{value:.3f} [{', '.join(edges)}]".removeprefix("0")


def curve(rows: Sequence[Row]) -> Iterator[str]:
    """Yield coverage and risk of citewire at thresholds, by the part of the data."""
    names = list(dict.fromkeys(one.part for one in rows))
    yield "| threshold | " + " | ".join(names) + " | promised by `make calibrate` |"
    yield "|---" * (len(names) + 2) + "|"
    promised = {point.threshold: point for point in calibration.shipped().curve}
    for step in sorted({*STEPS, ACCEPT}):
        cells: list[str] = []
        for name in names:
            asked = [one for one in rows if one.part == name]
            given = [one for one in asked if one.said and one.sure >= step]
            wrong = sum(not (one.evidence and one.right) for one in given)
            cells.append(f"{len(given) / len(asked):.2f} / {wrong / len(given):.2f}" if given else "0 / -")
        point = promised.get(step)
        yield (
            f"| {step:.2f}{' (shipped)' if step == ACCEPT else ''} | "
            + " | ".join(cells)
            + " | "
            + (f"{point.coverage:.2f} / {point.risk:.2f} |" if point else "- |")
        )


def choices(kept: Mapping[str, Sequence[Pick]]) -> Iterator[str]:
    """Yield what became of the questions with choices."""
    offered = "right one offered: named alone | a wrong one alone | several | none | declined"
    yield f"| | {offered} | right one taken out: a wrong one named | none | declined |"
    yield "|---" * 9 + "|"
    for name, made in kept.items():
        offered, taken = ([one for one in made if one.offered is which] for which in (True, False))
        counts = (
            *(sum(one.right for one in offered), sum(one.named == 1 and not one.right for one in offered)),
            *(sum(one.named > 1 for one in offered), sum(one.given and not one.named for one in offered)),
            sum(not one.given for one in offered),
        )
        lacking = (
            *(sum(one.named > 0 for one in taken), sum(one.given and not one.named for one in taken)),
            sum(not one.given for one in taken),
        )
        cells = [f"{one / len(offered):.3f}" for one in counts] + [f"{one / len(taken):.3f}" for one in lacking]
        yield f"| {SYSTEMS[name]} | " + " | ".join(cell.removeprefix("0") for cell in cells) + " |"


# -- running ---------------------------------------------------------------------------------------------------------


def measure(work: Path) -> None:
    """Ask everything, and keep what came of it."""
    archives = Archives(work)
    rows: dict[str, list[Row]] = {name: [] for name in SYSTEMS}
    picked: dict[str, list[Pick]] = {}
    for heap, articles, asked in askings(archives):
        for name, ask in archives.systems(heap, articles):
            began = time.perf_counter()
            rows[name] += [row(one, ask(one.question)) for one in asked]
            if (heap, name) == ("rtqa", "ours"):  # 708 questions: of the rivals that would take longer than the rest
                picked[name] = picks(ask, "2022")
            print(f"{heap:10s} {name:6s} {time.perf_counter() - began:6.0f} s", flush=True)
    kept = {name: [asdict(one) for one in made] for name, made in rows.items()}
    chosen = {name: [asdict(one) for one in made] for name, made in picked.items()}
    (work / "abstention.json").write_text(json.dumps({"rows": kept, "picks": chosen}))


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder for indexes and records")
    parser.add_argument("--report", action="store_true", help="measure nothing, print the tables again")
    options = parser.parse_args()
    if not options.report:
        measure(options.work)
    kept = json.loads((options.work / "abstention.json").read_text())
    rows = {name: [Row(**one) for one in made] for name, made in kept["rows"].items()}
    for part in ("RealTimeQA", "RealTimeQA, fitted half", "RealTimeQA, other half", "RGB", "seeds, test half"):
        asked = [one for one in rows["ours"] if one.part.startswith(part)]
        there = sum(one.evidence for one in asked)
        print(f"\n## {part}: {there} askings with evidence, {len(asked) - there} without\n")
        print("\n".join(table(rows, part)))
    print("\n## Coverage and risk of citewire\n\n" + "\n".join(curve(rows["ours"])))
    picked = {name: [Pick(**one) for one in made] for name, made in kept["picks"].items() if made}
    number = sum(not one.offered for one in picked["ours"])
    print(f"\n## RealTimeQA 2022, choices: {len(picked['ours'])} questions, of {number} the right one taken out\n")
    print("\n".join(choices(picked)))


if __name__ == "__main__":
    main()
