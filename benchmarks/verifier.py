"""Measure the verifier of ``rag/entailment.py``, and fit it.

    python benchmarks/verifier.py --cache DIR
    python benchmarks/verifier.py --cache DIR --fit

Three public sets, dev halves only: SummEdits-news (edited summaries), FaithBench (summaries by language models;
Consistent and Benign count as supported), WiCE (claims of Wikipedia against their source; only fully supported counts).
Everything printed is out of fold: five folds by document, the model of a fold fitted on the other four of all three
sets together, every row weighted so that each set and each verdict weighs the same. Two thresholds: ``one`` is a single
threshold for all sets, as shipped; ``own`` is chosen for each set on its training folds, as it is for every rule.
Intervals are 95% over 1,000 resamples of documents. ``--fit`` writes ``rag/entailment.json``, fitted on all rows.
The first run asks the models some 11,000 times (5 minutes on two busy cores); ``--cache`` keeps what they said.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import math
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

REPOSITORY = Path(__file__).resolve().parent.parent
BENCH = Path(os.environ.get("CITEWIRE_BENCH", REPOSITORY.parent / "shared" / "bench"))
sys.path.insert(0, str(REPOSITORY))  # so that the script measures this checkout, installed or not

from rag.embedded import BgeSmallEmbedder, MiniLMReranker  # noqa: E402  (the path above must come first)
from rag.entailment import Calibration, EmbeddedVerifier  # noqa: E402
from rag.evaluation.judges import Measurement, area, balanced, store  # noqa: E402
from rag.evaluation.loaders import faithbench, summedits, wice  # noqa: E402
from rag.evaluation.loaders.files import find  # noqa: E402
from rag.questions import terms  # noqa: E402
from rag.support import LOWER_IS_BETTER, MEASUREMENTS, NEAREST, OVERALL, closest, measure, units  # noqa: E402

Floats = NDArray[np.float64]
LOADERS = {"summedits_news": summedits, "faithbench": faithbench, "wice_claim": wice}
SETS = tuple(LOADERS)
RULES = ("coverage", "bigrams", "new_facts")
NAMES = (*MEASUREMENTS, *OVERALL)
FITTED = ("new_facts", "clauses", "negation", "foretold", "together", "within", "joints", "alike")
"""What the model weighs. Five were chosen earlier among some seventy sets and ridges; three were added when about 640
more were looked at, by the figures printed here, out of fold. Part of the lead over the rules is that choice;
``verifier_choice.py`` prints what is left of it when the choice is made anew inside the training folds."""
FOLDS, DEALS, RESAMPLES, RIDGE = 5, 5, 1000, 300.0
CITED, CANDIDATES = 5, 12
TARGET = REPOSITORY / "rag" / "entailment.json"
ERRORS = REPOSITORY / "rag" / "evaluation" / "judges.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One statement, and what it should be supported by."""

    origin: str
    document: str
    statement: str
    sentences: tuple[str, ...]
    supported: bool
    gold: tuple[frozenset[int], ...] = ()
    """Sets of sentences of which each is a right choice; WiCE only."""
    detectors: Mapping[str, float] | None = None


class Remembered:
    """Reranker and embedder in one, that ask the models once for each text and keep the answers in a file."""

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / "answers.json" if folder else None
        self._reranker, self._embedder = MiniLMReranker(), BgeSmallEmbedder()
        known: dict[str, Any] = json.loads(self._file.read_text()) if self._file and self._file.exists() else {}
        self.logits: dict[str, float] = known.get("logits", {})
        self.vectors: dict[str, str] = known.get("vectors", {})

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one logit for each text."""
        keys = [_key(question, text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self.logits}
        self.logits.update(zip(new, self._reranker.score(question, list(new.values())), strict=True))
        return [self.logits[key] for key in keys]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector for each text."""
        keys = [_key(text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self.vectors}
        for key, vector in zip(new, self._embedder.matrix(list(new.values())), strict=True):
            self.vectors[key] = base64.b64encode(vector.astype(np.float32).tobytes()).decode()
        return [np.frombuffer(base64.b64decode(self.vectors[key]), np.float32).tolist() for key in keys]

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of a text."""
        return self.embed_documents([text])[0]

    def save(self) -> None:
        """Write the file."""
        if self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps({"logits": self.logits, "vectors": self.vectors}))


def _key(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()[:24]


def load(name: str) -> list[Row]:
    """Return the rows of one set."""
    return [
        Row(name, one.document, one.statement, one.sources, one.label, one.gold, one.scores or None)
        for one in LOADERS[name](BENCH)
    ]


# -- a logistic model, without a library -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, means and scales of the columns that stayed, and the bias."""

    columns: tuple[int, ...]
    weights: Floats
    means: Floats
    scales: Floats
    bias: float

    def probability(self, table: Floats) -> Floats:
        """Return one probability for each row."""
        scaled = (table[:, self.columns] - self.means) / self.scales
        return 1 / (1 + np.exp(-(self.bias + scaled @ self.weights)))


def fit(table: Floats, labels: Floats, weights: Floats, signs: Floats, ridge: float = RIDGE) -> Model:
    """Fit by Newton steps, and again without the columns whose weight got the wrong sign, until none has.

    More overlap must never lower a probability: with 986 rows such a weight is noise, and nobody could explain it.
    """
    columns = tuple(range(table.shape[1]))
    while True:
        chosen = table[:, columns]
        means, scales = np.average(chosen, axis=0, weights=weights), chosen.std(axis=0) + 1e-9
        inputs = np.column_stack([np.ones(len(chosen)), (chosen - means) / scales])
        found, penalty = np.zeros(inputs.shape[1]), np.diag([0.0] + [ridge] * len(columns))
        for _ in range(25):
            chance = 1 / (1 + np.exp(-inputs @ found))
            slope = inputs.T @ (weights * (chance - labels)) + penalty @ found
            curve = (inputs * (weights * chance * (1 - chance))[:, None]).T @ inputs + penalty
            found = found - np.linalg.solve(curve, slope)
        right = [column for column, weight in zip(columns, found[1:], strict=True) if weight * signs[column] > 0]
        if len(right) == len(columns):
            return Model(columns, found[1:], means, scales, float(found[0]))
        columns = tuple(right)


def threshold(groups: Sequence[tuple[Floats, Floats]]) -> float:
    """Return the score with the best balanced accuracy, averaged over groups of labels and scores."""
    every = np.unique(np.concatenate([scores for _, scores in groups]))
    middles = np.append(every[0], (every[1:] + every[:-1]) / 2)
    tried = middles if len(middles) <= 200 else np.quantile(middles, np.linspace(0, 1, 200))
    return float(tried[int(np.argmax([np.mean([balanced(y, s >= t) for y, s in groups]) for t in tried]))])


# -- out of fold -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Data:
    """All rows as arrays."""

    rows: tuple[Row, ...]
    table: Floats
    labels: Floats
    origins: NDArray[np.str_]
    folds: NDArray[np.int64]

    def only(self, origin: str) -> NDArray[np.bool_]:
        """Return which rows are of one set."""
        return self.origins == origin


def gather(models: Remembered) -> Data:
    """Read and measure all rows."""
    rows = [row for name in SETS for row in load(name)]
    table: list[list[float]] = []
    for number, row in enumerate(rows):
        measured = measure(row.statement, row.sentences, models, models)
        table.append([measured[name] for name in NAMES])
        if number % 100 == 99:
            models.save()
    models.save()
    labels = np.array([row.supported for row in rows], float)
    return Data(tuple(rows), np.array(table), labels, np.array([row.origin for row in rows]), deal_out(rows))


def deal_out(rows: Sequence[Row], deal: int = 0) -> NDArray[np.int64]:
    """Return a fold for each row; the documents of each set are dealt out in an order that their text decides."""
    found = np.zeros(len(rows), np.int64)
    for name in SETS:
        documents = sorted({row.document for row in rows if row.origin == name}, key=lambda d: _key(str(deal), d))
        fold = {document: place % FOLDS for place, document in enumerate(documents)}
        for place, row in enumerate(rows):
            if row.origin == name:
                found[place] = fold[row.document]
    return found


def row_weights(data: Data, training: NDArray[np.bool_]) -> Floats:
    """Return weights with which each set and each verdict weighs the same."""
    weights = np.zeros(len(data.labels))
    for name in SETS:
        for label in (0, 1):
            part = training & data.only(name) & (data.labels == label)
            weights[part] = training.sum() / 6 / max(1, part.sum())
    return weights


def train(data: Data, training: NDArray[np.bool_], columns: Sequence[str] = FITTED) -> tuple[Model, float]:
    """Return the model fitted on some rows, and its one threshold for all sets."""
    model = fit(
        columns_of(data, columns)[training],
        data.labels[training],
        row_weights(data, training)[training],
        signs_of(columns),
    )
    groups = [
        (data.labels[part], model.probability(columns_of(data, columns)[part]))
        for name in SETS
        for part in [training & data.only(name)]
    ]
    return model, threshold(groups)


def columns_of(data: Data, names: Sequence[str]) -> Floats:
    return data.table[:, [NAMES.index(name) for name in names]]


def signs_of(names: Sequence[str]) -> Floats:
    return np.array([-1.0 if name in LOWER_IS_BETTER else 1.0 for name in names])


@dataclass(frozen=True, slots=True)
class Outcome:
    """Scores out of fold, and what they say with one threshold and with each set's own."""

    scores: Floats
    one: NDArray[np.bool_]
    own: NDArray[np.bool_]


def cross_validate(data: Data, columns: Sequence[str] = FITTED) -> Outcome:
    """Judge every row by a model that has not seen its document."""
    scores, one, own = np.zeros(len(data.labels)), np.zeros(len(data.labels), bool), np.zeros(len(data.labels), bool)
    for fold in range(FOLDS):
        training = data.folds != fold
        model, limit = train(data, training, columns)
        every = model.probability(columns_of(data, columns))
        scores[~training] = every[~training]
        one[~training] = every[~training] >= limit
        for name in SETS:
            part = training & data.only(name)
            tested = ~training & data.only(name)
            own[tested] = every[tested] >= threshold([(data.labels[part], every[part])])
    return Outcome(scores, one, own)


def rule(data: Data, name: str) -> Outcome:
    """Judge every row by one measurement, its threshold from the training folds of its own set."""
    values = data.table[:, NAMES.index(name)] * (-1 if name in LOWER_IS_BETTER else 1)
    said = np.zeros(len(values), bool)
    for fold in range(FOLDS):
        for origin in SETS:
            training, tested = (data.folds != fold) & data.only(origin), (data.folds == fold) & data.only(origin)
            said[tested] = values[tested] >= threshold([(data.labels[training], values[training])])
    return Outcome(values, said, said)


def resampled(data: Data, origin: str, figure: Callable[[NDArray[np.int64]], float]) -> tuple[float, float]:
    """Return the 95% interval of a figure over resampled documents."""
    places = np.flatnonzero(data.only(origin))
    by_document: dict[str, list[int]] = {}
    for place in places:
        by_document.setdefault(data.rows[place].document, []).append(int(place))
    groups = list(by_document.values())
    random = np.random.default_rng(0)
    found = [
        figure(np.array([p for n in random.integers(0, len(groups), len(groups)) for p in groups[int(n)]], np.int64))
        for _ in range(RESAMPLES)
    ]
    low, high = np.nanquantile(found, [0.025, 0.975])
    return float(low), float(high)


# -- which sentences a claim should cite -------------------------------------------------------------------------------


def citations(data: Data, models: Remembered) -> None:
    """Print recall@5 and F1@5 of the sentences that WiCE's annotators chose, ranked in three ways."""
    rows = [(row, int(fold)) for row, fold in zip(data.rows, data.folds, strict=True) if row.gold]
    tables: list[Floats] = []
    places: list[list[int]] = []
    for row, _ in rows:
        near = closest(row.statement, row.sentences)[:CANDIDATES]
        texts = [row.sentences[place] for place in near]
        logits = models.score(row.statement, texts)
        own, *others = np.array(models.embed_documents([row.statement, *texts]))
        shared = np.array(_shared(row, near))
        tables.append(np.column_stack([shared, shared**2, logits, np.array(others) @ own]))
        places.append(near)
    models.save()
    told = [
        np.array([any(p in g for g in row.gold) for p in near], float)
        for (row, _), near in zip(rows, places, strict=True)
    ]
    fold_of = np.array([fold for _, fold in rows])
    ranked: dict[str, list[list[int]]] = {
        "words with idf": places,
        "words with idf squared": [],
        "reranker": [],
        "fitted on other folds": [],
    }
    fitted = {
        f: _ranker([(t, y) for t, y, g in zip(tables, told, fold_of, strict=True) if g != f]) for f in range(FOLDS)
    }
    for table, near, fold in zip(tables, places, fold_of, strict=True):
        ranked["words with idf squared"].append(_by(near, table[:, 0]))
        ranked["reranker"].append(_by(near, table[:, 2]))
        ranked["fitted on other folds"].append(_by(near, fitted[int(fold)].probability(table)))
    print(f"\nWiCE, choice of citations, {len(rows)} claims, {CANDIDATES} candidates  recall@5   F1@5")
    for name, orders in ranked.items():
        recall = [max(_hits(o, g) / len(g) for g in row.gold) for (row, _), o in zip(rows, orders, strict=True)]
        f1 = [max(2 * _hits(o, g) / (5 + len(g)) for g in row.gold) for (row, _), o in zip(rows, orders, strict=True)]
        print(f"  {name:54s}{np.mean(recall):9.3f}{np.mean(f1):8.3f}")


def _shared(row: Row, near: Sequence[int]) -> list[float]:
    """Return how much of the best sentence's overlap each has, a word weighing by the square of its idf."""
    wanted, there = terms(row.statement), [terms(sentence) for sentence in row.sentences]
    held = Counter(word for words in there for word in words)
    weight = {word: math.log(1 + len(there) / held[word]) ** 2 for word in wanted if held[word]}
    found = [math.fsum(weight[word] for word in wanted & there[place]) for place in near]
    return [one / (max(found) or 1.0) for one in found]


def _ranker(parts: Sequence[tuple[Floats, Floats]]) -> Model:
    table, labels = np.concatenate([t for t, _ in parts]), np.concatenate([y for _, y in parts])
    return fit(table, labels, np.ones(len(labels)), np.ones(len(table[0])), ridge=1.0)


def _by(places: Sequence[int], scores: Floats) -> list[int]:
    return [places[n] for n in np.argsort(-scores, kind="stable")]


def _hits(order: Sequence[int], gold: frozenset[int]) -> int:
    return len(set(order[:5]) & gold)


# -- tables ------------------------------------------------------------------------------------------------------------


def table(data: Data) -> None:
    """Print the model beside the rules, and whether it is better than the best of them."""
    combined = cross_validate(data)
    outcomes = {name: rule(data, name) for name in RULES}
    print("Out of fold: balanced accuracy [95%] / area under the curve [95%]")
    for origin in SETS:
        part = data.only(origin)
        documents = len({row.document for row in data.rows if row.origin == origin})
        print(f"\n{origin}: {part.sum()} rows, {int(data.labels[part].sum())} supported, {documents} documents")
        for name, outcome in outcomes.items():
            _line(data, origin, f"rule: {name}", outcome.own, outcome.scores)
        _line(data, origin, "model, one threshold", combined.one, combined.scores)
        _line(data, origin, "model, own threshold", combined.own, combined.scores)
        best_accuracy = max(outcomes.values(), key=lambda o: balanced(data.labels[part], o.own[part]))
        best_area = max(outcomes.values(), key=lambda o: area(data.labels[part], o.scores[part]))

        def accuracy_gain(p: NDArray[np.int64], best: Outcome = best_accuracy) -> float:
            return balanced(data.labels[p], combined.own[p]) - balanced(data.labels[p], best.own[p])

        def area_gain(p: NDArray[np.int64], best: Outcome = best_area) -> float:
            return area(data.labels[p], combined.scores[p]) - area(data.labels[p], best.scores[p])

        where = np.flatnonzero(part)
        for label, gain in (("accuracy, own threshold", accuracy_gain), ("area", area_gain)):
            low, high = resampled(data, origin, gain)
            verdict = "beaten" if low > 0 else "ahead, not surely" if gain(where) > 0 else "NOT beaten"
            print(f"  {label} against the best rule: {gain(where):+.3f} [{low:+.3f} {high:+.3f}] {verdict}")
    _deals(data)
    _detectors(data)


def _deals(data: Data) -> None:
    """Print the same for other deals of documents to folds: one deal moves a figure by two points."""
    figures: dict[str, list[list[float]]] = {}
    for deal in range(DEALS):
        dealt = replace(data, folds=deal_out(data.rows, deal))
        for name in (*RULES, "model"):
            outcome = cross_validate(dealt) if name == "model" else rule(dealt, name)
            parts = [(data.labels[p], outcome.own[p], outcome.one[p], outcome.scores[p]) for p in map(data.only, SETS)]
            figures.setdefault(name, []).append(
                [
                    cell
                    for y, own, one, scores in parts
                    for cell in (balanced(y, own), balanced(y, one), area(y, scores))
                ]
            )
    print(f"\nMean of {DEALS} deals of documents to folds: own threshold / one threshold / area")
    print(" " * 12 + "".join(f"{name:>23s}" for name in SETS))
    for name, cells in figures.items():
        mean = np.mean(cells, axis=0)
        print(f"  {name:10s}" + "".join(f"      {a:.3f}/{b:.3f}/{c:.3f}" for a, b, c in mean.reshape(len(SETS), 3)))


def _line(data: Data, origin: str, name: str, said: NDArray[np.bool_], scores: Floats) -> None:
    part, labels = data.only(origin), data.labels
    first = resampled(data, origin, lambda p: balanced(labels[p], said[p]))
    second = resampled(data, origin, lambda p: area(labels[p], scores[p]))
    print(
        f"  {name:24s}{balanced(labels[part], said[part]):.3f} [{first[0]:.3f} {first[1]:.3f}] / "
        f"{area(labels[part], scores[part]):.3f} [{second[0]:.3f} {second[1]:.3f}]"
    )


def _detectors(data: Data) -> None:
    """Print what the detectors said whose outputs FaithBench stores, on the same rows, and the published figures."""
    rows = [row for row in data.rows if row.detectors is not None]
    print("\nFaithBench, detectors stored with the same rows (the set was picked where they disagree: they look worse)")
    for name in sorted({name for row in rows for name in row.detectors or {}}):
        known = [(row.supported, float((row.detectors or {})[name])) for row in rows if name in (row.detectors or {})]
        if len(known) == len(rows) and all(score >= 0 for _, score in known):
            labels, scores = np.array([y for y, _ in known], float), np.array([s for _, s in known])
            print(f"  {name:24s}{balanced(labels, scores >= 0.5):.3f} / {area(labels, scores):.3f}")
    print(
        "Published, on other rows, so for orientation only:\n"
        "  SummEdits-news, all 819 rows, balanced accuracy: GPT-4 .833, QAFactEval .744, SummaCConv .619, human .900\n"
        "  WiCE, 100 claims with the gold passage given, accuracy: T5-3B tuned on WiCE .880, ANLI .740, GPT-4 .770"
    )


def behaviour(data: Data, models: Remembered) -> None:
    """Print what the one threshold does to single claims against one to five cited sentences."""
    fitted = {fold: train(data, data.folds != fold) for fold in range(FOLDS)}
    said: dict[str, list[bool]] = {}
    for row, fold in zip(data.rows, data.folds, strict=True):
        model, limit = fitted[int(fold)]
        for case, statement, sentences in _cases(row):
            measured = measure(statement, sentences, models, models)
            values = np.array([[measured[name] for name in FITTED]])
            said.setdefault(case, []).append(bool(model.probability(values)[0] >= limit))
    models.save()
    print("\nOne sentence against the sentences it cites, models and thresholds of the other folds")
    for case, answers in said.items():
        print(f"  {case:76s}{np.mean(answers):5.0%} kept of {len(answers)}")


def _cases(row: Row) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Return what a claim in the product looks like, made from a row."""
    if row.origin == "wice_claim" and row.gold:
        chosen = min(row.gold, key=lambda g: (len(g), sorted(g)))
        if len(chosen) <= CITED:
            kind = "true: WiCE supported" if row.supported else "false: WiCE partly supported"
            yield f"{kind}, citing a gold set", row.statement, tuple(row.sentences[p] for p in sorted(chosen))
        if row.supported:
            all_gold = frozenset[int]().union(*row.gold)
            others = tuple(text for place, text in enumerate(row.sentences) if place not in all_gold)
            near = tuple(others[place] for place in closest(row.statement, others)[:3])
            yield "false: WiCE supported, citing the three nearest sentences that are not gold", row.statement, near
    elif row.origin == "summedits_news" and len(units(row.statement)) == 1:
        near = tuple(row.sentences[place] for place in sorted(closest(row.statement, row.sentences)[:NEAREST]))
        kind = "true: SummEdits paraphrase" if row.supported else "false: SummEdits edited so that it is wrong"
        yield f"{kind}, citing the four nearest sentences", row.statement, near


def write(data: Data) -> None:
    """Fit on all rows and write ``rag/entailment.json``."""
    model, limit = train(data, np.ones(len(data.labels), bool))
    columns = [FITTED[column] for column in model.columns]
    features = {
        name: {"weight": round(float(w), 6), "mean": round(float(m), 6), "scale": round(float(s), 6)}
        for name, w, m, s in zip(columns, model.weights, model.means, model.scales, strict=True)
    }
    files = [find(LOADERS[name](BENCH).name, BENCH, f"{name}.jsonl") for name in SETS]
    text = {
        "features": features,
        "bias": round(model.bias, 6),
        "threshold": round(limit, 4),
        "ridge": RIDGE,
        "reranker": MiniLMReranker.name,
        "embedder": BgeSmallEmbedder.name,
        "rows": {name: int(data.only(name).sum()) for name in SETS},
        "data": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
        "command": "python benchmarks/verifier.py --fit",
        "fitted": datetime.now(UTC).date().isoformat(),
    }
    raw = (json.dumps(text, indent=2) + "\n").encode()
    Calibration.parse(raw)  # what cannot be read is not written
    TARGET.write_bytes(raw)
    print(f"\nwrote {TARGET}: " + ", ".join(f"{name} {cast('Any', f)['weight']:+.2f}" for name, f in features.items()))


def keep(data: Data) -> None:
    """Write the error out of fold, with one threshold as shipped, to ``rag/evaluation/judges.json``."""
    combined = cross_validate(data)
    for name in SETS:
        part, labels, known = data.only(name), data.labels, LOADERS[name](BENCH)
        low, high = resampled(data, name, lambda p, labels=labels: balanced(labels[p], combined.one[p]))
        found = Measurement(
            judge=EmbeddedVerifier(MiniLMReranker(), BgeSmallEmbedder()).name,
            data=known.name,
            part=known.part,
            hash=known.hash,
            measured=datetime.now(UTC).date(),
            rows=len(known),
            of=len(known),
            supported=int(labels[part].sum()),
            documents=len({row.document for row in known}),
            unjudged=0.0,
            accuracy=round(balanced(labels[part], combined.one[part]), 4),
            interval=(round(low, 4), round(high, 4)),
            area=round(area(labels[part], combined.scores[part]), 4),
            seen="cross-validated",
        )
        print(f"kept in {store(found, ERRORS)}: {found}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="folder that keeps what the models said")
    parser.add_argument("--fit", action="store_true", help="also write rag/entailment.json")
    parser.add_argument("--keep", action="store_true", help="also write its error to rag/evaluation/judges.json")
    options = parser.parse_args()
    models = Remembered(options.cache)
    data = gather(models)
    table(data)
    behaviour(data, models)
    citations(data, models)
    if options.fit:
        write(data)
    if options.keep:
        keep(data)


if __name__ == "__main__":
    main()
